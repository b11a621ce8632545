
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
menu-compute = Rechnen auf
menu-fastest = Dem schnellsten
menu-cpu = CPU
menu-nvidia = NVIDIA-Karte
menu-metal = Apple Metal
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
status-writing = { $n } werden geschrieben…
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
status-warming-up = Feinabstimmung läuft warm
status-epoch = Feinabstimmung, Epoche { $at } von { $all }
status-stopping-fetch = Das Laden wird beendet…
status-fetching = { $id } wird geladen: { $progress }
status-looking = Bilder werden betrachtet
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
