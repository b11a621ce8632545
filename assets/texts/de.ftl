### The window's texts. Arguments are numbers or words; what floors below say comes as it is.

## Top bar and menu

menu-name = Sammlungsmenü: { $name }
menu-collection = Sammlung
menu-open = Ordner öffnen…
menu-demo = Demosammlung ausprobieren
menu-recent = Zuletzt geöffnet
menu-missing = { $name } (nicht gefunden)
menu-this = Diese Sammlung
menu-copy-path = Pfad kopieren
menu-close = Sammlung schließen
menu-signed = Ihre Entscheidungen sind gezeichnet mit
menu-change-name = Ändern…
menu-your-name = Ihr Name: { $name }. Ändern
menu-name-help = Jede Entscheidung nennt, wer sie getroffen hat; so können mehrere zusammen an einer Sammlung arbeiten
menu-language = Sprache
menu-theme = Darstellung
menu-dark = Dunkel
menu-light = Hell
menu-system = Wie das System
menu-contrast = Hoher Kontrast
menu-scale = Schriftgröße des Fensters
menu-commands = Alle Befehle
menu-keys = Tasten
menu-change-keys = Tasten ändern
menu-messages = Meldungen
menu-compute = Rechnen mit
menu-fastest = Schnellstes Gerät
menu-cpu = CPU
menu-nvidia = NVIDIA-Karte
menu-metal = Apple Metal
precision-bf16 = In bf16 betrachten
precision-help = Mit weniger Bits: meist schneller. Nur wo die Vorschläge gleich bleiben; das wird zuerst gemessen, bei der eigenen Schwelle des Modells, an Bildern jeder Sammlung, die Sie öffnen.
precision-cannot = Dieser Prozessor hat keine Befehle für bf16: Er rechnet in f32.
precision-soon = Der Vergleich mit f32 beginnt gleich, sobald das Modell bereit ist.
precision-no-model = Es ist kein Modell geladen, also gibt es nichts zu vergleichen.
precision-measuring = { $precision } wird an Bildern dieser Sammlung mit f32 verglichen: { $done } von { $total }.
precision-failed = Der Vergleich mit f32 ist fehlgeschlagen: { $problem }. Es bleibt bei f32.
precision-no-pictures = Kein Bild dieser Sammlung konnte betrachtet werden, also wurde nichts verglichen: Es bleibt bei f32.
precision-no-labels = Das Modell kennt noch kein Schlagwort dieser Sammlung, also gibt es nichts zu vergleichen: Es bleibt bei f32. Stimmen Sie es zuerst auf Ihre Entscheidungen ab.
precision-found =
    { $precision } an { $n ->
        [one] { $n } Bild
       *[other] { $n } Bildern
    }: { $percent } % der Schlagwörter wie in f32, { $same } von { $proposed } Vorschlägen gleich, { $times }-mal so schnell
precision-used = { $found }. Es wird von jetzt an verwendet.
precision-slow = { $found }. Das spart keine Zeit, also wird f32 verwendet.
precision-not-used = { $found }. Weniger als { $enough } %, also bleibt es bei f32.
threshold-at = Schwelle { $at }
threshold-help = Wie sicher das Modell sein muss, bevor es vorschlägt
threshold = Schwelle
threshold-note = Ein Schlagwort wird vorgeschlagen, wo sich das Modell mindestens so sicher ist. Verschieben kostet nichts: Die Bilder werden nicht noch einmal betrachtet.
threshold-above =
    { $n ->
        [one] { $n } ungeprüftes Bild
       *[other] { $n } ungeprüfte Bilder
    } mit Vorschlägen darüber.
threshold-learned = Dem Gelernten folgen, { $at }
threshold-own = Die des Modells verwenden, { $at }

## Status bar

status-kept = abgelegt in { $place }
status-kept-help = In den Ordner kann nicht geschrieben werden; die Entscheidungen liegen deshalb in Ihrem Datenordner
status-resume = Fortsetzen
status-resume-learning = Lernen fortsetzen
status-pause = Anhalten
status-pause-learning = Lernen anhalten
status-learns-help = Jede Entscheidung ändert, was als Nächstes vorgeschlagen wird
status-learns = Lernt aus jeder Entscheidung
status-learning-paused = Das Lernen ist angehalten
status-learned-paused =
    Aus { $n ->
        [one] { $n } Bild
       *[other] { $n } Bildern
    } gelernt, angehalten
status-learned =
    Aus { $n ->
        [one] { $n } Bild
       *[other] { $n } Bildern
    } gelernt
status-nothing-lost = Nichts ist verloren: Es wird erneut versucht. Klicken zeigt alle Meldungen
status-not-saved = Nicht gespeichert: { $problem }{ $hint }
status-table-behind = Die Entscheidungen sind gespeichert; die Tabelle hängt nach: { $problem }{ $hint }
status-tried-again = Es wird erneut versucht. Klicken zeigt alle Meldungen
status-writing = Schreiben von { $n }…
status-on-its-way = Auf dem Weg zur Festplatte
status-all-on-disk = Alles ist gespeichert
status-decisions =
    { $n ->
        [one] { $n } Entscheidung gespeichert
       *[other] Alle { $n } Entscheidungen gespeichert
    }
status-table-current = train.csv ist aktuell
status-table-follows = train.csv folgt gleich
status-safe = So geschrieben, dass kein Stromausfall etwas kosten kann; { $table }. Klicken zeigt alle Meldungen
status-stopping = Die Feinabstimmung wird beendet…
status-paused = Feinabstimmung angehalten
status-starting = Feinabstimmung beginnt…
status-tune-looking = Feinabstimmung: Bilder werden betrachtet
status-warming-up = Feinabstimmung: Aufwärmphase
status-epoch = Feinabstimmung, Epoche { $at } von { $all }
status-stopping-fetch = Das Laden wird beendet…
status-fetching = { $id } wird geladen: { $progress }
status-looking = Bilder werden betrachtet
status-agreeing = { $precision } wird mit f32 verglichen
status-loading-model = Das Modell wird geladen…
status-work = { $what } { $done } von { $total }
status-left = noch { $time }
status-no-model = Kein Modell
status-proposer-help =
    Die Vorschläge kommen von diesem Modell; es kennt { $n ->
        [one] { $n } Schlagwort
       *[other] { $n } Schlagwörter
    } dieser Sammlung
status-loading = Wird geladen

## Welcome

welcome-what = Beschreiben Sie eine Bildersammlung im Tempo der Tastatur, mit Vorschlägen eines Modells, das von Ihnen lernt. Nichts verlässt diesen Rechner.
welcome-not-opened = { $folder } konnte nicht geöffnet werden
welcome-waiting = Warten auf den Ordnerdialog…
welcome-demo-help = 300 gezeichnete Museumsobjekte mit einem Vokabular und einem Modell, das es kennt
welcome-drop = oder einen Bilderordner auf dieses Fenster ziehen
welcome-gone = { $name }, nicht gefunden
welcome-open = { $name } öffnen
welcome-gone-from = nicht gefunden: { $place }
welcome-forget = { $name } vergessen
welcome-forget-help = Aus dieser Liste nehmen; der Ordner bleibt
welcome-opening = { $folder } wird geöffnet
welcome-preparing = Die Demosammlung wird vorbereitet
welcome-looking = Bilder werden gesucht…
welcome-so-far =
    { $n ->
        [one] { $n } Bild
       *[other] { $n } Bilder
    } bisher
welcome-found =
    { $done } von { $n ->
        [one] { $n } Bild
       *[other] { $n } Bildern
    }

## Numbers and times

time-just-now = gerade eben
time-minutes-ago = vor { $n } min
time-hours-ago = vor { $n } h
time-yesterday = gestern
time-days-ago = vor { $n } Tagen
time-date = { $day }. { $month } { $year }
time-month-1 = Januar
time-month-2 = Februar
time-month-3 = März
time-month-4 = April
time-month-5 = Mai
time-month-6 = Juni
time-month-7 = Juli
time-month-8 = August
time-month-9 = September
time-month-10 = Oktober
time-month-11 = November
time-month-12 = Dezember
said-colon = :
said-you = Sie
said-yes = ja
said-no = nein
said-by-review = { " " }beim Prüfen des Bildes
size-bytes = { $n } B
size-kilobytes = { $n } KB
size-megabytes = { $n } MB
compared-better = deutlich besser
compared-worse = deutlich schlechter
compared-unclear = vielleicht nur Zufall
compared-first = ein Vergleich fehlte
compared-seen = ; { $model } kann aus einigen dieser Bilder gelernt haben
compared-rises =
    F2 je Bild steigt von { $before } auf { $after }, gemessen an { $n ->
        [one] { $n } Bild
       *[other] { $n } Bildern
    } ({ $low } bis { $high }), { $words }{ $seen }
compared-falls =
    F2 je Bild fällt von { $before } auf { $after }, gemessen an { $n ->
        [one] { $n } Bild
       *[other] { $n } Bildern
    } ({ $low } bis { $high }), { $words }{ $seen }

## Keys: what each does, and its help

key-accept = Annehmen
key-accept-help = Das Bild hat das Schlagwort im Fokus
key-reject = Ablehnen
key-reject-help = Das Bild hat es nicht; es wird nicht mehr vorgeschlagen
key-toggle-1 = 1. Vorschlag umschalten
key-toggle-1-help = Annehmen oder das zurücknehmen
key-toggle-2 = 2. Vorschlag umschalten
key-toggle-2-help = Annehmen oder das zurücknehmen
key-toggle-3 = 3. Vorschlag umschalten
key-toggle-3-help = Annehmen oder das zurücknehmen
key-toggle-4 = 4. Vorschlag umschalten
key-toggle-4-help = Annehmen oder das zurücknehmen
key-toggle-5 = 5. Vorschlag umschalten
key-toggle-5-help = Annehmen oder das zurücknehmen
key-toggle-6 = 6. Vorschlag umschalten
key-toggle-6-help = Annehmen oder das zurücknehmen
key-toggle-7 = 7. Vorschlag umschalten
key-toggle-7-help = Annehmen oder das zurücknehmen
key-toggle-8 = 8. Vorschlag umschalten
key-toggle-8-help = Annehmen oder das zurücknehmen
key-toggle-9 = 9. Vorschlag umschalten
key-toggle-9-help = Annehmen oder das zurücknehmen
key-accept-shown = Gezeigte annehmen, weiter
key-accept-shown-help = Annehmen, was über der Schwelle liegt und nicht abgelehnt ist, das Bild als geprüft vermerken, weitergehen
key-skip = Überspringen
key-skip-help = Weitergehen, ohne etwas zu sagen
key-focus-up = Vorschlag darüber
key-focus-up-help = Den Fokus nach oben bewegen
key-focus-down = Vorschlag darunter
key-focus-down-help = Den Fokus nach unten bewegen
key-previous = Voriges Bild
key-previous-help = Ohne etwas zu sagen
key-next = Nächstes Bild
key-next-help = Ohne etwas zu sagen
key-copy-tags = Schlagwörter übernehmen
key-copy-tags-help = Die des zuvor geprüften Bildes
key-why = Warum
key-why-help = Die ähnlichsten beschriebenen Bilder mit dem Schlagwort im Fokus und ohne es zeigen, oder nicht mehr
key-zoom-in = Vergrößern
key-zoom-in-help = Näher heran
key-zoom-out = Verkleinern
key-zoom-out-help = Weiter weg
key-zoom-actual = Originalgröße
key-zoom-actual-help = Ein Bildpunkt des Bildes für einen des Bildschirms
key-zoom-fit = Einpassen
key-zoom-fit-help = Das ganze Bild
key-sweep-mark = Dieses nicht
key-sweep-mark-help = Das Bild im Fokus hat das Schlagwort nicht; noch einmal: doch
key-sweep-finish = Rest annehmen, weiter
key-sweep-finish-help = Das Markierte ablehnen, alles andere auf der Seite annehmen, umblättern
key-sweep-closer = Genauer ansehen
key-sweep-closer-help = Das Bild im Fokus, in der Prüfung
key-sweep-left = Links
key-sweep-left-help = Zum Bild links
key-sweep-right = Rechts
key-sweep-right-help = Zum Bild rechts
key-sweep-up = Oben
key-sweep-up-help = Zum Bild darüber
key-sweep-down = Unten
key-sweep-down-help = Zum Bild darunter
key-cut-lower = Grenze senken
key-cut-lower-help = Auch nach weniger wahrscheinlichen Bildern fragen
key-cut-higher = Grenze anheben
key-cut-higher-help = Nur nach wahrscheinlicheren Bildern fragen
key-open-in-review = Ab hier prüfen
key-open-in-review-help = Die Prüfung bei diesem Bild öffnen
key-move-left = Links
key-move-left-help = Das Bild links auswählen
key-move-right = Rechts
key-move-right-help = Das Bild rechts auswählen
key-move-up = Oben
key-move-up-help = Das Bild darüber auswählen
key-move-down = Unten
key-move-down-help = Das Bild darunter auswählen
key-extend-left = Nach links erweitern
key-extend-left-help = Bis zum Bild links auswählen
key-extend-right = Nach rechts erweitern
key-extend-right-help = Bis zum Bild rechts auswählen
key-extend-up = Nach oben erweitern
key-extend-up-help = Bis zum Bild darüber auswählen
key-extend-down = Nach unten erweitern
key-extend-down-help = Bis zum Bild darunter auswählen
key-select-all = Alles auswählen
key-select-all-help = Jedes Bild, das gezeigt wird
key-thumbnails-larger = Größere Vorschaubilder
key-thumbnails-larger-help = Weniger und größere
key-thumbnails-smaller = Kleinere Vorschaubilder
key-thumbnails-smaller-help = Mehr und kleinere
key-label-above = Schlagwort darüber
key-label-above-help = Den Fokus nach oben bewegen
key-label-below = Schlagwort darunter
key-label-below-help = Den Fokus nach unten bewegen
key-label-images = Seine Bilder zeigen
key-label-images-help = In der Bibliothek die Bilder mit dem Schlagwort
key-rename-label = Umbenennen
key-rename-label-help = Das Schlagwort erhält einen anderen Namen; der alte findet es weiterhin
key-merge-label = Zusammenführen
key-merge-label-help = Seine Bilder erhalten stattdessen ein anderes Schlagwort, und es wird stillgelegt
key-split-label = Aufteilen
key-split-label-help = Die ausgewählten Bilder, die es haben, erhalten stattdessen ein neues Schlagwort
key-retire-label = Stilllegen
key-retire-label-help = Es wird nicht mehr vorgeschlagen oder aufgeführt; noch einmal bringt es zurück
key-alias-label = Andere Namen
key-alias-label-help = Wörter, unter denen es ebenfalls gefunden wird
key-import-labels = Schlagwörter importieren
key-import-labels-help = Aus einer Namensliste oder einer labels.csv
key-add-tag = Schlagwort hinzufügen
key-add-tag-help = Ein paar Buchstaben tippen; Enter fügt hinzu, Ctrl Enter legt ein neues Schlagwort an
key-undo = Rückgängig
key-undo-help = Den letzten Schritt zurücknehmen
key-pause-learning = Lernen anhalten
key-pause-learning-help = Vorerst nichts aus Entscheidungen lernen, oder fortfahren; nichts geht verloren
key-fine-tune = Feinabstimmung
key-fine-tune-help = Aus den Entscheidungen lernen, mit dem Rezept der Trainingsseite
key-pause-fine-tune = Feinabstimmung anhalten
key-pause-fine-tune-help = Anhalten oder weiterlaufen lassen
key-roll-back = Zurück zum vorigen Modell
key-roll-back-help = Dieselbe Taste führt wieder her
key-stop-fine-tune = Feinabstimmung beenden
key-stop-fine-tune-help = Dann wird nichts geschrieben
key-redo = Wiederholen
key-redo-help = Den Schritt noch einmal tun
key-show-library = Bibliothek
key-show-library-help = Alle Bilder
key-show-review = Prüfen
key-show-review-help = Ein Bild und seine Vorschläge
key-show-sweep = Serie
key-show-sweep-help = Ein Schlagwort, viele Bilder
key-show-train = Training
key-show-train-help = Aus den Entscheidungen lernen
key-show-insights = Auswertung
key-show-insights-help = Diagramme der Sammlung; jedes führt zu den Bildern dahinter
key-show-vocabulary = Vokabular
key-show-vocabulary-help = Schlagwörter umbenennen, zusammenführen, aufteilen, stilllegen und importieren
key-focus-filter = Filtern
key-focus-filter-help = Nach Name, Schlagwort oder einer Abfrage wie tag:chairs reviewed:no
key-save-query = Abfrage speichern
key-save-query-help = Dem, was die Bibliothek jetzt zeigt, einen Namen geben; er steht dann links
key-flag = Vormerken
key-flag-help = Das Bild oder die Auswahl beiseitelegen, um darauf zurückzukommen; noch einmal hebt es auf
key-show-similar = Ähnliche Bilder
key-show-similar-help = In der Bibliothek die Bilder, die diesem am ähnlichsten sehen, die nächsten zuerst
key-group-by-folder = Nach Ordner gruppieren
key-group-by-folder-help = Die Bibliothek in Teilen, einer je Ordner, oder nicht
key-order = Reihenfolge und Listen
key-order-help = Was als Nächstes anzusehen ist: Reihenfolgen, wahrscheinliche Fehler, geänderte Vorschläge
key-left-panel = Linke Leiste
key-left-panel-help = Ausblenden, was links steht, oder wieder zeigen
key-right-panel = Rechte Leiste
key-right-panel-help = Ausblenden, was rechts steht, oder wieder zeigen
key-open-folder = Ordner öffnen
key-open-folder-help = Eine andere Sammlung
key-palette = Alle Befehle
key-palette-help = Einen Befehl über seinen Namen finden
key-help = Tasten
key-help-help = Diese Liste
key-change-keys = Tasten ändern
key-change-keys-help = Einem Befehl eine andere Taste geben, oder wieder seine eigene
key-messages = Meldungen
key-messages-help = Alles, was gesagt wurde, seit das Fenster offen ist
key-back = Zurück
key-back-help = Schließen, was davor liegt, oder zurück zur Bibliothek

## Keys: places, lists and questions

scope-everywhere = Überall
scope-collection = In einer Sammlung
unfit-escape = Esc führt immer zurück
unfit-tab = Tab wechselt immer zum nächsten Bedienelement
unfit-alt = Alt gehört dem System
unfit-clipboard = Ctrl C, X und V gehören der Zwischenablage
keys-none = keine Taste
keys-or = { " " }oder{ " " }
keys-command = der Befehl „{ $name }“
keys-now = { $name }: jetzt { $key }
keys-again = { $name }: wieder { $key }
keys-other = ; { $name }: { $key }
keys-note = Einen Befehl wählen und Enter drücken, dann seine neue Taste. Esc bricht ab.
close = Schließen
keys-reset-all = Alle Tasten zurücksetzen
keys-change = { $name } ändern, { $place }: { $keys }
keys-reset = Zurücksetzen
keys-reset-one = { $name } zurücksetzen, { $place }
keys-back-to = Zurück zu { $key }
keys-of = Die Taste von { $name }
keys-press = Die neue Taste drücken
keys-now-it-is = { $unfit }Jetzt ist es { $keys }. Esc bricht ab.
keys-named = „{ $name }“ ({ $place })
keys-and = { " " }und{ " " }
keys-means = { $key } bedeutet bereits { $names }.
cancel = Abbrechen
keys-swap =
    { $n ->
        [one] Tauschen: Der andere Befehl erhält { $key }
       *[other] Tauschen: Die anderen Befehle erhalten { $key }
    }
keys-take =
    { $n ->
        [one] Übernehmen: Der andere Befehl verliert sie
       *[other] Übernehmen: Die anderen Befehle verlieren sie
    }
palette-orders = Was möchten Sie ansehen?
palette-verbs = Was möchten Sie tun?
palette-command = Befehl
palette-none = Kein solcher Befehl
palette-queue = Liste: { $name }
palette-order = Reihenfolge: { $name }
palette-saved = gespeicherte Abfrage
vocabulary-bring-back = Zurückholen
keys-delivered = Alle Tasten sind wie ausgeliefert
keys-unknown = es gibt keinen Befehl { $name }
keys-not-understood = die Taste von { $name } ist nicht verständlich: { $value }
keys-taken = die Taste von { $name } bedeutet bereits { $other }
keys-not-used = Einige Tasten der Einstellungsdatei werden nicht verwendet: { $problems }
sides-none-left = Hier gibt es links keine Leiste
sides-none-right = Hier gibt es rechts keine Leiste
keys-change-them = Die Tasten ändern
overlay-keys = Tasten
overlay-toggle = n-ten Vorschlag umschalten
overlay-all-saved = Alles ist gespeichert
overlay-can-close = Sie können das Fenster jetzt schließen.
overlay-close-window = Fenster schließen
overlay-not-saved = Noch ist nicht alles gespeichert
overlay-lost =
    { $n ->
        [one] { $n } Änderung kann nicht geschrieben werden und ginge verloren
       *[other] { $n } Änderungen können nicht geschrieben werden und gingen verloren
    }. Schaffen Sie Platz auf der Festplatte; alle zwei Sekunden wird es erneut versucht.
overlay-lose = Schließen und verwerfen
overlay-keep-open = Fenster offen lassen
overlay-no-messages = Bisher keine.
overlay-ago = { $hint }vor { $time }

## Orders, queues, and the state of pictures

order-nearest = Ähnlichste zuerst
order-name = Nach Name
order-time = Nach Zeit
order-uncertain = Unsicherste zuerst
order-rare = Seltene Schlagwörter zuerst
order-disagreeing = Abweichende zuerst
order-diverse = Bunte Auswahl zuerst
order-doubts = Wahrscheinliche Fehler
order-changes = Geänderte Vorschläge
order-copies = Dubletten
order-conflicts = Widersprüche
order-name-help = In der Reihenfolge der Dateinamen
order-time-help = Nach dem Datum der Datei, älteste zuerst
order-uncertain-help = Unbeschriebene Bilder, bei denen sich das Modell am wenigsten sicher ist
order-rare-help = Unbeschriebene Bilder, die Beispiele für Schlagwörter mit wenigen versprechen
order-disagreeing-help = Unbeschriebene Bilder, deren Vorschläge dem widersprechen, was von ähnlichen gesagt wurde
order-diverse-help = Zweihundert unbeschriebene Bilder, jedes den anderen und den beschriebenen so unähnlich wie möglich
order-doubts-help = Schlagwörter, die wahrscheinlich vergessen oder irrtümlich vergeben wurden. „Gezeigte annehmen“ lässt das Fragliche, wie es ist
order-changes-help = Bilder, für die dieses Modell anderes vorschlägt als das vorige; was Ihnen widerspricht, zuerst
order-copies-help = Bilder, die mehrfach vorhanden sind, auch kleiner oder neu gespeichert, nebeneinander
order-conflicts-help = Schlagwörter, zu denen jemand, dessen Aufzeichnungen übernommen wurden, das Gegenteil gesagt hat. Enter behält, was hier gilt
looked-all = Alle
looked-proposals = Mit Vorschlägen
looked-reviewed = Geprüft
looked-never = Nie angesehen
looked-flagged = Vorgemerkt
looked-problems = Probleme
looked-all-help = Jedes Bild des Ordners
looked-proposals-help = Noch nicht geprüft, mit mindestens einem Vorschlag über der Schwelle
looked-reviewed-help = In train.csv beschrieben oder hier als geprüft vermerkt
looked-never-help = Niemand hat etwas über sie gesagt, weder hier noch in train.csv
looked-flagged-help = Beiseitegelegt, um darauf zurückzukommen
looked-problems-help = Dateien, die nicht gezeigt werden können

## Library

filters-state = Zustand
filters-tags = Schlagwörter
filters-no-vocabulary = Noch kein Vokabular. Wählen Sie ein Bild aus und drücken Sie { $key }, um das erste Schlagwort anzulegen; es wird in labels.csv geschrieben.
filters-fold = Ein- oder ausklappen
filters-not = ohne { $name }
filters-click = Klick: nur Bilder damit. Ctrl: zusätzlich. Alt: nur Bilder ohne
filters-either = mit oder ohne
filters-with = nur mit
filters-without = nur ohne
filters-name = Filter { $name }: { $state }
filters-help = { $state }. Klick: mit, ohne, beides
order = Reihenfolge
order-queue =
    { $name }: { $n ->
        [one] { $n } Bild
       *[other] { $n } Bilder
    }
order-chosen = Reihenfolge: { $name }
order-by-folder = Nach Ordner gruppieren
order-looking = Gesucht wird: { $name }
order-stop = Beenden
order-stop-name = Ordnen beenden
sections-copies =
    { $n ->
        [one] { $n } Exemplar
       *[other] { $n } Exemplare
    }
sections-folder =
    { $name }: { $n ->
        [one] { $n } Bild
       *[other] { $n } Bilder
    }
sections-root = Der Ordner selbst
grid-nothing = Nichts passt
grid-nothing-help = Kein Bild passt zum jetzigen Filter.
grid-clear = Filter aufheben
grid-empty = { $folder } enthält keine JPEG-, PNG-, WebP-, TIFF-, GIF- oder BMP-Datei, auch nicht in den Unterordnern.
grid-no-pictures = Keine Bilder gefunden
grid-open-another = Anderen Ordner öffnen…
grid-remove-filter = Filter { $name } entfernen
grid-quoted = „{ $text }“
grid-shown =
    { $n } von { $all ->
        [one] { $all } Bild
       *[other] { $all } Bildern
    }
grid-images =
    { $n ->
        [one] { $n } Bild
       *[other] { $n } Bilder
    }
grid-selected = · { $n } ausgewählt
grid-left-out = { $part } bleibt unberücksichtigt: { $why }
grid-flagged = , vorgemerkt
grid-cannot-be-shown = nicht darstellbar
grid-and-not-shown = , nicht darstellbar
grid-and-reviewed = , geprüft
grid-and-proposals = , mit Vorschlägen
inspector-selected =
    { $n ->
        [one] { $n } Bild
       *[other] { $n } Bilder
    } ausgewählt
inspector-tags-of = Schlagwörter der Auswahl
inspector-no-tags = Keines davon hat schon ein Schlagwort.
inspector-count = { $name }: { $count } von { $n }
inspector-all-have = { $name }. Klick: allen wegnehmen
inspector-some-have = { $name }. Klick: wegnehmen. Umschalt-Klick: auch den anderen geben
inspector-all = Alle zusammen
inspector-add-all = Allen ein Schlagwort geben
inspector-review-first = Ab dem ersten prüfen
inspector-nothing = Nichts ausgewählt
inspector-click = Klicken Sie ein Bild an oder gehen Sie mit den Pfeiltasten. Umschalt und Ctrl wählen weitere aus. { $key } öffnet die Prüfung.
inspector-no-proposals = Noch keine Vorschläge
inspector-picture = Bild
inspector-proposals = Vorschläge
inspector-remove = Schlagwort { $name }, entfernen
inspector-remove-help = Klicken nimmt es weg
inspector-rejected = { $name } abgelehnt, neu erwägen
inspector-rejected-help = Abgelehnt. Klicken lässt es wieder offen
inspector-root = im Ordner selbst
inspector-reviewed = hier geprüft
inspector-described = in train.csv beschrieben
inspector-begun = begonnen, nicht geprüft
inspector-never = nie angesehen
inspector-flagged = vorgemerkt
inspector-camera = Von Kamera oder Scanner
inspector-who = Wer das gesagt hat
inspector-accepted = angenommen
inspector-rejected-word = abgelehnt
inspector-said = { $name }: { $verdict } von { $who }, { $time }
inspector-unasked = ungefragt
saved = Gespeichert
saved-forget-help = Diese Abfrage vergessen
saved-hint = Ihr Name, dann Enter
saved-name = Name der Abfrage
saved-save = Diese Abfrage speichern…
query-name = Nach Name, Schlagwort oder Abfrage filtern
query-hint = Wörter, oder tag:… reviewed:no   { $key }
query-insert = { $name } einfügen

## Review

review-in-question = In Frage
review-looking = Ähnliche Bilder werden gesucht…
review-with-it = mit Schlagwort
review-without-it = ohne Schlagwort
review-no-picture = noch kein Bild { $what }
review-most-similar = Ähnlichstes Bild { $what }: { $image }
review-alike = { $what } · zu { $share } ähnlich
review-go-there = { $name }. Klicken führt hin
review-not-loaded = Das Modell konnte nicht geladen werden: { $problem }{ "\u000A" }{ $hint }{ "\u000A" }Mit { $key } können Sie trotzdem Schlagwörter vergeben.
review-loading = Das Modell wird geladen…
review-no-vocabulary = Noch kein Vokabular. Drücken Sie { $key }, um das erste Schlagwort anzulegen; es wird in labels.csv geschrieben.
review-cannot-look = Das Modell kann kein Bild betrachten, das nicht dargestellt werden kann.
review-not-looked = Das Modell hat dieses Bild noch nicht betrachtet…
review-tag-a-few = Vergeben Sie mit { $key } für einige Bilder Schlagwörter: Was ihnen ähnlich sieht, wird von da an vorgeschlagen.
review-fine-tune =
    Starten Sie mit { $key } die Feinabstimmung auf { $n ->
        [one] { $n } beschriebenes Bild
       *[other] { $n } beschriebene Bilder
    }.
review-untaught = Noch hat kein Modell diese Schlagwörter gelernt. { $next }
review-nothing-above = nichts über der Schwelle von { $at }; die nächstbesten
review-below = unter der Schwelle von { $at }
review-said-given = , in train.csv vergeben
review-said-accepted = , angenommen
review-said-rejected = , abgelehnt
review-said-absent = , ausgelassen
review-missing = scheint da zu sein
review-wrong = scheint nicht da zu sein
review-before = zuvor { $share }
review-conflict = im Widerspruch
review-settled = entschieden
review-forgotten = vergessen?
review-by-mistake = ✓ irrtümlich vergeben?
review-yes-conflict = ✓ im Widerspruch
review-no-conflict = × im Widerspruch
review-given = ✓ vergeben
review-accepted = ✓ angenommen
review-rejected = abgelehnt
review-left-out = ausgelassen
add-to-one = Schlagwort für { $image }
add-to-many =
    Schlagwort für { $n ->
        [one] { $n } Bild
       *[other] { $n } Bilder
    }
add-hint = Ein paar Buchstaben tippen
add-field = Hinzuzufügendes Schlagwort
add-did-you-mean = Meinten Sie
add-no-vocabulary = Noch kein Vokabular: Tippen Sie ein Wort, Ctrl Enter macht es zum ersten Schlagwort.
add-add = hinzufügen
add-new = neues Schlagwort anlegen
add-close = schließen
add-create = { $name } anlegen
add-no-namespace = ohne Namensraum
add-namespace = Namensraum des neuen Schlagworts
add-also-called = , auch { $alias } genannt
add-one = { $name }{ $alias } hinzufügen
add-has-it = ✓ vorhanden
picture-none = Kein Bild zu prüfen
picture-none-help = Diese Sammlung enthält keine.
picture-name = Bild { $image }
picture-loading = Wird geladen…
picture-not-shown = Dieses Bild kann nicht gezeigt werden{ "\u000A" }{ "\u000A" }{ $problem }{ "\u000A" }{ $hint }
strip-go = Zu { $image } gehen
strip-at = { $at } von { $n }
strip-not-in-list = nicht in dieser Liste von { $n }
strip-pace = { " " }· { $n } Bilder pro Minute
strip-done = fertig, weiter
strip-accept = { $n } gezeigte annehmen, weiter
strip-key-accept = annehmen
strip-key-reject = ablehnen
strip-key-toggle = umschalten
strip-key-skip = überspringen
strip-key-add = Schlagwort hinzufügen
strip-key-undo = rückgängig
strip-key-help = alle Tasten

## Sweep

sweep-tag = Schlagwort der Serie
sweep-no-tag = Kein Schlagwort wird für ein Bild vorgeschlagen, das noch niemand darauf beurteilt hat.
sweep-probability = Wahrscheinlichkeit
sweep-nothing-why = Eine Serie fragt nach Bildern, die niemand beschrieben hat. Von denen, die das Modell bisher betrachtet hat, hat keines einen Vorschlag über der Schwelle.
sweep-nothing = Keine Serie möglich
sweep-choose = Wählen Sie links ein Schlagwort. Jede Seite zeigt Bilder, die es zu haben scheinen, die wahrscheinlichsten zuerst: Markieren Sie die wenigen, die es nicht haben, und nehmen Sie die übrigen mit einer Taste an.
sweep-one-tag = Ein Schlagwort, viele Bilder
sweep-is-this = Ist das
sweep-question = { $name }?
sweep-and-not-this = , dieses nicht
sweep-not-this = dieses nicht
sweep-look-again = noch einmal nachsehen
sweep-accept = die übrigen { $n } annehmen, nächste Seite
sweep-move = bewegen
sweep-undo = Seite rückgängig
sweep-move-cut = Grenze verschieben
sweep-closer = genauer ansehen
sweep-second-look = Ein zweiter Blick auf einige der angenommenen. Markieren Sie die falschen
sweep-last-page = Markieren Sie die falschen. Seite { $page }, die letzte
sweep-page =
    Markieren Sie die falschen. Seite { $page }, danach noch { $n ->
        [one] { $n } Bild
       *[other] { $n } Bilder
    }
sweep-nothing-about = Keine Fragen zu { $name }
sweep-none-above = Kein unbeurteiltes Bild liegt über der Grenze. Senken Sie links die Grenze, um nach weniger wahrscheinlichen zu fragen.
sweep-done = { $name } ist erledigt
sweep-done-help = Jedes Bild über der Grenze hat eine Antwort. Senken Sie links die Grenze, um weiterzusuchen, oder nehmen Sie ein anderes Schlagwort.
sweep-to-library = Zurück zur Bibliothek
sweep-histogram = Bilder, die niemand auf dieses Schlagwort beurteilt hat, nach Wahrscheinlichkeit (Quadratwurzeln ihrer Anzahl)
sweep-cut = Grenze
sweep-cut-help = Nach Bildern ab hier wird gefragt ([ und ])
sweep-progress = Fortschritt
sweep-with-tag = Bilder mit dem Schlagwort
sweep-above = über der Grenze, offen
sweep-below = unter der Grenze, offen
sweep-audit = Gegenprobe
sweep-audit-none = Nach einigen unmarkiert angenommenen Bildern wird auf späteren Seiten noch einmal gefragt.
sweep-audit-so-far = { $agreed } von { $asked } verdeckten Nachfragen stimmten überein: Genauigkeit { $share } ({ $low }–{ $high })

## Vocabulary

vocabulary-find = Schlagwort suchen
vocabulary-labels =
    { $n ->
        [one] { $n } Schlagwort
       *[other] { $n } Schlagwörter
    }
vocabulary-import-list = Importieren Sie eine Liste, oder wählen Sie ein Bild aus und drücken Sie { $key }, um das erste Schlagwort anzulegen.
vocabulary-none = Noch kein Vokabular
vocabulary-no-such = Kein solches Schlagwort
vocabulary-label = Schlagwort
vocabulary-id =
    Id { $id }. An { $n ->
        [one] { $n } Bild
       *[other] { $n } Bildern
    }
vocabulary-elsewhere =
    { " " }hier und { $n ->
        [one] { $n } Zeile
       *[other] { $n } Zeilen
    } von train.csv ohne Bild
vocabulary-retired = Stillgelegt: weder vorgeschlagen noch aufgeführt noch gelernt
vocabulary-also = Auch genannt: { $names }
vocabulary-this = Dieses Schlagwort
vocabulary-note = Alles hier wird in labels.csv und train.csv geschrieben und lässt sich rückgängig machen wie eine Entscheidung.
vocabulary-example = Beispiel { $image }
vocabulary-and-retired = , stillgelegt
vocabulary-row =
    { $name }{ $state }, { $n ->
        [one] { $n } Bild
       *[other] { $n } Bilder
    }
vocabulary-retired-count = stillgelegt  { $n }
label-rename = { $name } umbenennen
label-new-name = Neuer Name
label-name-hint = Namensraum::Name
label-renames =
    Eine Zeile von labels.csv ändert sich; { $n ->
        [one] { $n } Bild behält
       *[other] { $n } Bilder behalten
    } das Schlagwort unter dem neuen Namen.
label-still-finds = { $name } findet es weiterhin.
label-merge-into = Mit { $name } zusammenführen
label-merge = { $name } zusammenführen mit
label-merge-field = Schlagwort, mit dem zusammengeführt wird
label-also-called = { $name }, auch { $alias } genannt
label-no-such = Kein solches Schlagwort.
label-split = { $name } aufteilen
label-split-field = Name des neuen Schlagworts
label-split-none = Keines der ausgewählten Bilder hat es. { $key } in der Liste zeigt seine Bilder in der Bibliothek: Wählen Sie einige aus und kommen Sie zurück.
label-splits =
    { $n } von { $all ->
        [one] { $all } ausgewählten Bild
       *[other] { $all } ausgewählten Bildern
    } haben { $name } und erhalten stattdessen das neue Schlagwort; { $stays ->
        [one] { $stays } Bild behält
       *[other] { $stays } Bilder behalten
    } es.
label-names-of = Andere Namen von { $name }
label-names-note = Wer einen davon tippt, findet das Schlagwort; kein anderes kann daraus werden.
label-another = Weiterer Name
label-another-hint = Ein Wort, oder Namensraum::Name
label-add-name = Diesen Namen hinzufügen
label-remove = Entfernen
label-remove-name = Den Namen { $alias } entfernen
label-type-names = Stattdessen Namen tippen
label-import-hint = Ein Name je Zeile, etwa tag::chairs
label-import-field = Namen, einer je Zeile
label-choose-list = Eine Liste oder eine labels.csv wählen…
label-problem = Zeile { $line }: { $problem } ({ $hint })
label-more = und { $n } weitere
label-import =
    { $n ->
        [one] { $n } Schlagwort
       *[other] { $n } Schlagwörter
    } importieren
label-imports =
    { $new } neu, { $known } schon vorhanden, { $odd ->
        [one] { $odd } unklare Zeile
       *[other] { $odd } unklare Zeilen
    }
label-merges =
    { $n ->
        [one] { $n } Bild ändert sich
       *[other] { $n } Bilder ändern sich
    }: { $gain } erhalten { $into }, { $had } hatten es schon.
label-overruled = Für { $n } davon war es ausdrücklich abgelehnt; sie erhalten es trotzdem.
label-merged-from = { $from } wird stillgelegt und ist von nun an ein anderer Name von { $into }.
label-retire = { $name } stilllegen
label-retire-note = Es wird nicht mehr vorgeschlagen, aufgeführt oder gelernt. Seine Zeile in labels.csv und seine Id bleiben ihm.
label-retire-keep =
    Stilllegen, an { $n ->
        [one] { $n } Bild
       *[other] { $n } Bildern
    } belassen
label-retire-lose =
    Stilllegen, von { $n ->
        [one] { $n } Bild
       *[other] { $n } Bildern
    } nehmen

## Train

train-recipe = Rezept
train-start =
    Feinabstimmung mit { $n ->
        [one] { $n } Bild
       *[other] { $n } Bildern
    }
train-again = Danach erneut abstimmen
train-too-little =
    Es gibt zu wenig, woraus zu lernen wäre: { $n ->
        [one] { $n } Bild ist
       *[other] { $n } Bilder sind
    } bisher beschrieben. Verschlagworten Sie in der Prüfung etwa 20 Bilder (mindestens { $least }), mit { $key } für Schlagwörter, die nicht vorgeschlagen werden, und kommen Sie dann zurück.
train-promote = Sofort verwenden, wenn es deutlich besser ist
train-promote-help = Sonst werden Sie gefragt
train-made-here =
    { $decisions ->
        [one] { $decisions } Entscheidung
       *[other] { $decisions } Entscheidungen
    } hier getroffen, { $n ->
        [one] { $n } Bild
       *[other] { $n } Bilder
    } geprüft. Schlagwörter, die niemand beurteilt hat, bleiben außen vor.
train-meanwhile = Sie können inzwischen weiter prüfen. { $about }
train-learn = Aus den Entscheidungen lernen
train-paused = Angehalten
train-running = Feinabstimmung läuft
stopping = Wird beendet…
train-stop-help = Nichts wird geändert
train-go-on = Weiter
train-offer = { $name }: { $words }
train-use-now = { $name } jetzt verwenden
train-keep = { $name } behalten
train-before-first = vor ihrer ersten Epoche
train-in-epoch = in Epoche { $at } von { $all }
train-interrupted =
    Eine Feinabstimmung mit { $n ->
        [one] { $n } Bild
       *[other] { $n } Bildern
    } von { $model } aus wurde { $epoch } unterbrochen
train-forget = Verwerfen
train-resume-help = Endet mit demselben Modell, als wäre nie unterbrochen worden
train-resume = Fortsetzen
train-starting = beginnt…
train-looking = Bilder werden betrachtet
train-warming = Aufwärmphase: das Neue lernt zuerst
train-measuring = das jetzige Modell wird gemessen…
train-epoch = Epoche { $at } von { $all }{ $left }
train-checkpoints = Modellstände
train-none-yet = Noch keine.
column-name = Name
column-from = aus
column-network = Netz
column-f2-micro = F2 mikro
column-f2-image = F2 je Bild
column-map = mAP
column-threshold = Schwelle
column-made = erstellt
train-learned =
    aus { $n ->
        [one] { $n } Bild
       *[other] { $n } Bildern
    } gelernt, an { $valid } gemessen; darunter { $decisions ->
        [one] { $decisions } hier getroffene Entscheidung
       *[other] { $decisions } hier getroffene Entscheidungen
    }
train-learned-from = welche, und was von jedem bekannt war: learned_from.csv in seinem Ordner
train-kept = , Epoche { $epoch } behalten
train-how = { $depth }, { $loss }, { $epochs } Epochen{ $kept }, Startwert { $seed }
train-beside = neben { $model }: { $words }
train-in-use = in Gebrauch
train-loading = wird geladen…
train-use = Verwenden
train-use-name = { $name } verwenden
train-use-help = Von nun an dieses vorschlagen lassen
recipe-more = Mehr
recipe-save-hint = speichern als…
recipe-name = Name des Rezepts
recipe-save = Speichern
recipe-save-help = Dieses Rezept in der Sammlung behalten
recipe-save-name = Das Rezept speichern
recipe-saved-here = hier gespeichert
recipe-changed = geändert
recipe-help = Was das Programm mitbringt und was hier gespeichert wurde
recipe-head = Kopf
recipe-last = letzte Stufe
recipe-everything = alles
recipe-learns = Es lernt
recipe-learns-help = Wie viel vom Netz: der Kopf braucht Sekunden, der Rest Stunden
recipe-attention-help = Der residuale Aufmerksamkeitsteil des Berichts am Ende des Netzes; er muss von null an gelernt werden
recipe-attention = Aufmerksamkeit
recipe-focal = fokal
recipe-binary = binär
recipe-asymmetric = asymmetrisch
recipe-loss-help = Fokal wendet sich den schwierigen Schlagwörtern zu, binär behandelt alle gleich, asymmetrisch bevorzugt die wenigen vorhandenen
recipe-loss = Verlust
recipe-gamma = Fokus γ
recipe-gamma-help = Wie viel mehr ein schwieriges Schlagwort zählt; üblich ist 2, bei 0 gar nicht
recipe-present = Fokus, vorhandene
recipe-present-help = Für vorhandene Schlagwörter; üblich ist 0
recipe-absent = Fokus, fehlende
recipe-absent-help = Für fehlende Schlagwörter; üblich ist 4
recipe-clip = Abschneiden
recipe-clip-help = Fehlende Schlagwörter, die unwahrscheinlicher sind, zählen nicht; üblich ist 0,05
recipe-epochs = Epochen
recipe-epochs-help = Wie oft jedes Bild gesehen wird; die beste Epoche bleibt
recipe-rate = Lernrate
recipe-rate-help = Höchste Lernrate des Kopfes
recipe-time = Zeitrahmen
recipe-time-help = Dann endet der Lauf mit seiner besten Epoche; 0 heißt ohne Grenze
recipe-constant = gleichbleibend
recipe-cosine = Kosinus
recipe-one-cycle = ein Zyklus
recipe-plateau = Plateau
recipe-schedule = Verlauf
recipe-schedule-help = Wie sich die Lernrate im Lauf ändert
recipe-augmentation = Variation
recipe-augmentation-help = Wie Bilder bei jedem Sehen verändert werden
recipe-batch = Bilder je Schritt
recipe-batch-help = Mehr ist stetiger und braucht mehr Speicher
recipe-as-model = wie das Modell
recipe-pictures = Bilder
recipe-pictures-help = Was das Netz von einem Bild zu sehen bekommt
recipe-validation = Validierung
recipe-validation-help = Anteil der Bilder, die zum Beurteilen zurückgehalten werden
recipe-unnamed-help = Wie stark ein Schlagwort, das bei einem geprüften Bild niemand genannt hat, als fehlend zählt; abgelehnte zählen immer
recipe-unnamed = Ungenannte
recipe-rare-help = Bilder mit einem selteneren Schlagwort werden öfter gezeigt; 0 zeigt alle gleich oft
recipe-rare = Selten unter
recipe-patience = Geduld
recipe-patience-help = Endet nach so vielen Epochen ohne bessere; bei 0 nie
recipe-best-f2 = bestes F2
recipe-lowest-loss = geringster Verlust
recipe-keeps = Behält
recipe-keeps-help = Mit welcher Epoche der Lauf endet, nach den zurückgehaltenen Bildern
recipe-seed = Startwert
recipe-seed-help = Dieselben Daten, derselbe Startwert und dasselbe Gerät geben dasselbe Modell
recipe-about-head = Der Rumpf bleibt, wie er ist; ein neuer Kopf lernt darauf.
recipe-about-last =
    Zuerst lernt der Kopf, dann mit ihm die letzte Stufe, höchstens { $n ->
        [one] { $n } Epoche
       *[other] { $n } Epochen
    } lang.
recipe-about-all =
    Zuerst lernt der Kopf, dann mit ihm das ganze Netz, höchstens { $n ->
        [one] { $n } Epoche
       *[other] { $n } Epochen
    } lang.
recipe-the-head = der Kopf
recipe-the-last = Kopf und letzte Stufe
recipe-the-network = das ganze Netz
models-begin = Modelle für den Anfang
models-note = Netze, die eine Million Fotografien gesehen haben. Verwenden Sie eines und stimmen Sie es dann ab: Sein Kopf entsteht für Ihre Schlagwörter. Nur das Laden geht in Docent ins Netz: Es fragt den Hugging Face Hub nach diesen Dateien und sendet nichts als die Anfrage.
models-here = Auf diesem Rechner.
models-another-hint = ein anderes: owner/name auf dem Hub
models-another = Ein anderes Modell: owner/name auf dem Hub
models-fetch = Laden
models-fetch-named = Das hier genannte Modell laden
models-names = Namen sehen aus wie timm/resnet50.a1_in1k
models-use-help = Von nun an dieses die Bilder betrachten lassen
models-by-hand = Von Hand…
models-copy-how = Kopieren, wie { $id } zu bekommen ist
models-copy-help = { $how }{ "\u000A" }Klicken kopiert dies
models-fetch-id = { $id } laden, { $about }
models-fetch-help = Vom Hugging Face Hub auf diesen Rechner
models-stop = Laden beenden
models-asking = der Hub wird gefragt…
models-waiting = wartet…
models-bytes = { $done } von { $total }
models-checking = wird geprüft…
plot-training = Training
plot-validation = Validierung
plot-micro = mikro
plot-per-image = je Bild
plot-in-use = in Gebrauch, mikro
plot-f2 = F2, Validierung

## Messages

scout-loading = Das Modell wird noch geladen. Versuchen Sie es gleich noch einmal
scout-no-other = Seit dieser Ordner geöffnet wurde, hat kein anderes Modell vorgeschlagen: zuerst abstimmen
scout-left-out =
    { "." } { $n ->
        [one] { $n } Bild konnte
       *[other] { $n } Bilder konnten
    } noch nicht berücksichtigt werden
scout-no-copies = Kein Bild ist doppelt vorhanden
scout-copies =
    { $n ->
        [one] { $n } Bild ist
       *[other] { $n } Bilder sind
    } mehrfach vorhanden: { $files } Dateien
scout-no-doubts = Kein Schlagwort ist zweifelhaft
scout-doubts =
    Schlagwörter von { $n ->
        [one] { $n } Bild
       *[other] { $n } Bildern
    } sind zweifelhaft. R, um sie anzusehen
scout-no-changes = Beide Modelle schlagen dasselbe vor
scout-changes =
    Die Vorschläge von { $n ->
        [one] { $n } Bild
       *[other] { $n } Bildern
    } haben sich geändert. R, um sie anzusehen
scout-no-conflicts = Niemand sonst widerspricht: docent merge holt die Aufzeichnungen anderer hierher
scout-conflicts =
    Bei { $n ->
        [one] { $n } Bild
       *[other] { $n } Bildern
    } widersprechen sich die Bearbeitenden. R, um sie anzusehen
scout-all-described = Jedes Bild, das das Modell betrachtet hat, ist beschrieben
scout-varied =
    Eine bunte Auswahl von { $n ->
        [one] { $n } Bild
       *[other] { $n } Bildern
    } kommt zuerst
scout-ordered =
    { $n ->
        [one] { $n } Bild
       *[other] { $n } Bilder
    } in dieser Reihenfolge, danach die beschriebenen
said-not-on-disk = diese Sammlung hat Entscheidungen, die noch nicht gespeichert sind
said-free-space = schaffen Sie Platz auf ihrer Festplatte und öffnen Sie dann die andere
said-select-first = Wählen Sie zuerst ein Bild aus und fügen Sie dann ein Schlagwort hinzu
said-last-picture = Das war das letzte Bild dieser Liste
said-tag = Schlagwort { $id }
said-everything-shown = Alles wird gezeigt: Tippen Sie zuerst eine Abfrage und speichern Sie sie dann
said-were-hidden = Die Vorschläge waren ausgeblendet. Noch einmal drücken, um zu entscheiden
sides-hidden = Ausgeblendet: { $what }. { $key } blendet wieder ein
side-filters = die Filter
side-inspector = die Auswahl
side-proposals = die Vorschläge
side-sweep = die Liste der Schlagwörter
side-recipe = das Rezept
side-charts = die Liste der Diagramme
side-label = das Schlagwort im Fokus
said-signed = Entscheidungen werden von nun an mit { $name } gezeichnet
said-first-model = Das ist das erste Modell der Sammlung
said-rolled-back = Zurück zu { $before }; dieselbe Taste führt wieder zu { $now }
said-quality = : F2 mikro { $micro }, je Bild { $image }
said-learned =
    Aus { $n ->
        [one] { $n } Bild
       *[other] { $n } Bildern
    } gelernt, in { $time }{ $quality }
said-stopped = Beendet. Nichts wurde geändert
said-not-used-yet = { $name } wird noch nicht verwendet: { $words }
said-recipe-kept = Das Rezept ist als { $name } gespeichert
said-swept-all =
    { $n ->
        [one] { $n } Bild
       *[other] { $n } Bilder
    } angenommen
said-swept =
    { $n ->
        [one] { $n } Bild
       *[other] { $n } Bilder
    } angenommen, { $rejected } abgelehnt
said-nothing-to-undo = Es gibt nichts rückgängig zu machen
said-nothing-to-redo = Es gibt nichts zu wiederholen
said-vocabulary-changed = Das Vokabular hat sich seither geändert: Das lässt sich nicht wiederholen
said-undone = Rückgängig gemacht
said-redone = Wiederholt
said-what = { $what }: { $words }
said-merge = { $what }: die Übernahme anderer Aufzeichnungen
said-accepted = angenommen
said-rejected = abgelehnt
said-left-open = offen gelassen
said-marked = als geprüft vermerkt
said-flagged = vorgemerkt
said-more = { " " }und { $n } weitere
said-step = { $what }: { $words }{ $more }, { $image }
said-has-already = Das Bild hat { $name } schon
said-all-have = Alle haben { $name } schon
said-added =
    { $name } zu { $n ->
        [one] { $n } Bild
       *[other] { $n } Bildern
    } hinzugefügt
said-none-before = Vor diesem wurde kein anderes Bild geprüft
said-nothing-lacking = { $image } hat kein Schlagwort, das diesem Bild fehlt
said-copied =
    { $n ->
        [one] { $n } Schlagwort
       *[other] { $n } Schlagwörter
    } von { $image } übernommen
said-taken-away =
    { $name } von { $n ->
        [one] { $n } Bild
       *[other] { $n } Bildern
    } genommen
said-put-aside =
    { $n ->
        [one] { $n } Bild
       *[other] { $n } Bilder
    } vorgemerkt, um darauf zurückzukommen
said-taken-up =
    { $n ->
        [one] { $n } Bild ist
       *[other] { $n } Bilder sind
    } nicht mehr vorgemerkt
said-interrupted =
    Eine Feinabstimmung mit { $n ->
        [one] { $n } Bild
       *[other] { $n } Bildern
    } wurde unterbrochen. Die Trainingsseite kann sie fortsetzen
said-kept-elsewhere = In diesen Ordner kann nicht geschrieben werden. Ihre Entscheidungen liegen in { $place }
said-findings =
    { $n ->
        [one] { $n } Problem
       *[other] { $n } Probleme
    } in labels.csv oder train.csv; alles andere ist geladen
said-contested =
    Bei { $n ->
        [one] { $n } Schlagwort
       *[other] { $n } Schlagwörtern
    } widersprechen sich die Bearbeitenden. O, dann Widersprüche, um zu entscheiden
said-not-usable = { $id } wurde geladen, kann hier aber nicht verwendet werden. { $problem }
said-here-now = { $id } ist jetzt auf diesem Rechner
said-licence = , Lizenz { $licence }. { $warning }
said-fetch-stopped = Beendet. Das nächste Laden von { $id } macht dort weiter
said-and-pictures =
    , { $n ->
        [one] { $n } Bild
       *[other] { $n } Bilder
    }
said-renamed = { $before } in { $name } umbenannt
said-imported = { $n } Schlagwörter importiert
said-split-off = { $name } abgespalten{ $pictures }
said-label-added = { $name } zum Vokabular hinzugefügt
said-brought-back = { $name } zurückgeholt
said-merged = { $from } mit { $into } zusammengeführt{ $pictures }
said-retired = { $name } stillgelegt{ $pictures }
said-another-name = { $alias } ist ein anderer Name von { $name }
said-no-name = { $alias } ist kein Name mehr
name-title = Ihr Name
name-signs = Zeichnet von nun an jede Entscheidung. Leer: { $account }, der Name des Kontos.
name-of-file = So heißt eine Datei, mit deren Namen Änderungen außerhalb von Docent gezeichnet werden.
name-sign = Mit diesem Namen zeichnen
toast-dismiss = Diese Meldung schließen
drop-here = Loslassen, um diesen Ordner zu öffnen

## Insights

insights-behind =
    { $n ->
        [one] { $n } Bild
       *[other] { $n } Bilder
    }: { $name }. { $key } führt zurück zu den Diagrammen, × neben dem Namen zeigt alle Bilder
insights-saved = Gespeichert als { $path }
insights-charts = Diagramme
insights-click = Ein Klick auf einen Balken oder Punkt zeigt die Bilder dahinter in der Bibliothek. { $key } führt hierher zurück.
insights-unread = Die Aufzeichnungen konnten nicht gelesen werden: { $problem }
insights-counting = Die Sammlung wird gezählt.
insights-csv = Als CSV speichern…
insights-png = Als PNG speichern…
insights-save = { $topic } als { $format } speichern
insights-reading = Größen werden gelesen: { $done } von { $n }
insights-stop = Lesen der Größen beenden
insights-go-on = Größen weiterlesen
insights-by = { $title }, nach { $axis }
insights-in-all = { $n } insgesamt
insights-height = Höhe
insights-width = Breite
insights-elongated = , langgestreckt
