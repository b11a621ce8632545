### The window's texts. Arguments are numbers or words; what floors below say comes as it is.

## Top bar and menu

menu-name = Menu de la collection : { $name }
menu-collection = Collection
menu-open = Ouvrir un dossier…
menu-demo = Essayer la collection de démonstration
menu-recent = Récents
menu-missing = { $name } (introuvable)
menu-this = Cette collection
menu-copy-path = Copier le chemin
menu-close = Fermer la collection
menu-signed = Vos décisions sont signées
menu-change-name = Modifier…
menu-your-name = Votre nom : { $name }. Le modifier
menu-name-help = Chaque décision indique son auteur, pour que l’on puisse travailler à plusieurs
menu-language = Langue
menu-theme = Apparence
menu-dark = Sombre
menu-light = Clair
menu-system = Comme le système
menu-contrast = Contraste élevé
menu-scale = Taille du texte de la fenêtre
menu-commands = Toutes les commandes
menu-keys = Raccourcis
menu-change-keys = Modifier les raccourcis
menu-messages = Messages
menu-compute = Calculer sur
menu-fastest = Le plus rapide
menu-cpu = CPU
menu-nvidia = Carte NVIDIA
menu-metal = Apple Metal
precision-bf16 = Examiner en bf16
precision-help = Avec moins de bits : en général plus rapide. Seulement là où les propositions restent les mêmes, ce qui est d’abord mesuré, au seuil propre du modèle, sur des images de chaque collection que vous ouvrez.
precision-cannot = Ce processeur n’a pas d’instructions pour bf16 : il calcule en f32.
precision-soon = La comparaison avec f32 commence dans un instant, dès que le modèle est prêt.
precision-no-model = Aucun modèle n’est chargé, il n’y a donc rien à comparer.
precision-measuring = Comparaison de { $precision } avec f32 sur des images de cette collection : { $done } sur { $total }.
precision-failed = La comparaison avec f32 a échoué : { $problem }. f32 est conservé.
precision-no-pictures = Aucune image de cette collection n’a pu être examinée, rien n’a donc été comparé : f32 est conservé.
precision-no-labels = Le modèle ne connaît encore aucun mot-clé de cette collection, il n’y a donc rien à comparer : f32 est conservé. Affinez-le d’abord sur vos décisions.
precision-found =
    { $precision } sur { $n ->
        [one] { $n } image
       *[other] { $n } images
    } : { $percent } % des mots-clés comme en f32, { $same } des { $proposed } propositions identiques, { $times } fois plus rapide
precision-used = { $found }. Utilisé dès maintenant.
precision-slow = { $found }. Cela ne fait pas gagner de temps : f32 est utilisé.
precision-not-used = { $found }. Moins de { $enough } %, f32 est donc conservé.
threshold-at = Seuil { $at }
threshold-help = Degré de certitude à partir duquel le modèle propose
threshold = Seuil
threshold-note = Un mot-clé est proposé dès que le modèle atteint ce degré de certitude. Le déplacer ne coûte rien : les images ne sont pas réexaminées.
threshold-above =
    { $n ->
        [one] { $n } image non encore révisée
       *[other] { $n } images non encore révisées
    } avec des propositions au-dessus.
threshold-learned = Suivre l’apprentissage, { $at }
threshold-own = Utiliser celui du modèle, { $at }

## Status bar

status-kept = conservé dans { $place }
status-kept-help = Le dossier n’est pas accessible en écriture ; les décisions sont donc conservées dans votre dossier de données
status-resume = Reprendre
status-resume-learning = Reprendre l’apprentissage
status-pause = Suspendre
status-pause-learning = Suspendre l’apprentissage
status-learns-help = Chaque décision influe sur les propositions suivantes
status-learns = Apprend de chaque décision
status-learning-paused = L’apprentissage est suspendu
status-learned-paused =
    A appris de { $n ->
        [one] { $n } image
       *[other] { $n } images
    }, suspendu
status-learned =
    A appris de { $n ->
        [one] { $n } image
       *[other] { $n } images
    }
status-nothing-lost = Rien n’est perdu : une nouvelle tentative suit. Cliquer pour voir tous les messages
status-not-saved = Non enregistré : { $problem }{ $hint }
status-table-behind = Les décisions sont sur le disque ; le tableau est en retard : { $problem }{ $hint }
status-tried-again = Une nouvelle tentative suit. Cliquer pour voir tous les messages
status-writing = Écriture de { $n }…
status-on-its-way = En route vers le disque
status-all-on-disk = Tout est sur le disque
status-decisions =
    { $n ->
        [one] { $n } décision sur le disque
       *[other] Les { $n } décisions sont sur le disque
    }
status-table-current = train.csv est à jour
status-table-follows = train.csv suit dans un instant
status-safe = Écrit à l’abri d’une coupure de courant ; { $table }. Cliquer pour voir tous les messages
status-stopping = Arrêt de l’affinage…
status-paused = Affinage suspendu
status-starting = Démarrage de l’affinage…
status-tune-looking = Affinage : examen des images
status-warming-up = Affinage : échauffement
status-epoch = Affinage, époque { $at } sur { $all }
status-stopping-fetch = Arrêt du téléchargement…
status-fetching = Téléchargement de { $id } : { $progress }
status-looking = Examen des images
status-agreeing = Comparaison de { $precision } avec f32
status-loading-model = Chargement du modèle…
status-work = { $what } { $done } sur { $total }
status-left = encore { $time }
status-no-model = Aucun modèle
status-proposer-help =
    Les propositions viennent de ce modèle ; il connaît { $n ->
        [one] { $n } mot-clé
       *[other] { $n } mots-clés
    } de cette collection
status-loading = Chargement

## Welcome

welcome-what = Décrivez une collection d’images à la vitesse du clavier, avec les propositions d’un modèle qui apprend de vous. Rien ne quitte cet ordinateur.
welcome-not-opened = Impossible d’ouvrir { $folder }
welcome-waiting = En attente du choix du dossier…
welcome-demo-help = 300 objets de musée dessinés, avec un vocabulaire et un modèle qui le connaît
welcome-drop = ou déposez un dossier d’images sur cette fenêtre
welcome-gone = { $name }, introuvable
welcome-open = Ouvrir { $name }
welcome-gone-from = introuvable : { $place }
welcome-forget = Oublier { $name }
welcome-forget-help = Retirer de cette liste ; le dossier reste
welcome-opening = Ouverture de { $folder }
welcome-preparing = Préparation de la collection de démonstration
welcome-looking = Recherche des images…
welcome-so-far =
    { $n ->
        [one] { $n } image trouvée
       *[other] { $n } images trouvées
    }
welcome-found =
    { $done } sur { $n ->
        [one] { $n } image
       *[other] { $n } images
    }

## Numbers and times

time-just-now = à l’instant
time-minutes-ago = il y a { $n } min
time-hours-ago = il y a { $n } h
time-yesterday = hier
time-days-ago = il y a { $n } jours
time-date = { $day } { $month } { $year }
time-month-1 = janvier
time-month-2 = février
time-month-3 = mars
time-month-4 = avril
time-month-5 = mai
time-month-6 = juin
time-month-7 = juillet
time-month-8 = août
time-month-9 = septembre
time-month-10 = octobre
time-month-11 = novembre
time-month-12 = décembre
said-colon =  :
said-you = vous
said-yes = oui
said-no = non
said-by-review = { " " }en révisant l’image
size-bytes = { $n } o
size-kilobytes = { $n } Ko
size-megabytes = { $n } Mo
compared-better = nettement meilleur
compared-worse = nettement moins bon
compared-unclear = peut-être le fruit du hasard
compared-first = sans élément de comparaison
compared-seen = ; { $model } a pu apprendre de certaines de ces images
compared-rises =
    Le F2 par image monte de { $before } à { $after } sur { $n ->
        [one] { $n } image
       *[other] { $n } images
    } ({ $low } à { $high }), { $words }{ $seen }
compared-falls =
    Le F2 par image baisse de { $before } à { $after } sur { $n ->
        [one] { $n } image
       *[other] { $n } images
    } ({ $low } à { $high }), { $words }{ $seen }

## Keys: what each does, and its help

key-accept = Accepter
key-accept-help = L’image porte le mot-clé actif
key-reject = Rejeter
key-reject-help = L’image ne le porte pas ; il n’est plus proposé
key-toggle-1 = Basculer la 1re proposition
key-toggle-1-help = L’accepter, ou revenir dessus
key-toggle-2 = Basculer la 2e proposition
key-toggle-2-help = L’accepter, ou revenir dessus
key-toggle-3 = Basculer la 3e proposition
key-toggle-3-help = L’accepter, ou revenir dessus
key-toggle-4 = Basculer la 4e proposition
key-toggle-4-help = L’accepter, ou revenir dessus
key-toggle-5 = Basculer la 5e proposition
key-toggle-5-help = L’accepter, ou revenir dessus
key-toggle-6 = Basculer la 6e proposition
key-toggle-6-help = L’accepter, ou revenir dessus
key-toggle-7 = Basculer la 7e proposition
key-toggle-7-help = L’accepter, ou revenir dessus
key-toggle-8 = Basculer la 8e proposition
key-toggle-8-help = L’accepter, ou revenir dessus
key-toggle-9 = Basculer la 9e proposition
key-toggle-9-help = L’accepter, ou revenir dessus
key-accept-shown = Accepter ce qui est affiché, suivante
key-accept-shown-help = Accepter ce qui dépasse le seuil et n’est pas rejeté, marquer l’image comme révisée, continuer
key-skip = Passer
key-skip-help = Continuer sans se prononcer
key-focus-up = Proposition au-dessus
key-focus-up-help = Monter d’une proposition
key-focus-down = Proposition au-dessous
key-focus-down-help = Descendre d’une proposition
key-previous = Image précédente
key-previous-help = Sans se prononcer
key-next = Image suivante
key-next-help = Sans se prononcer
key-copy-tags = Reprendre les mots-clés
key-copy-tags-help = Ceux de l’image révisée juste avant
key-why = Pourquoi
key-why-help = Afficher ou masquer les images décrites les plus semblables, avec et sans le mot-clé actif
key-zoom-in = Zoom avant
key-zoom-in-help = De plus près
key-zoom-out = Zoom arrière
key-zoom-out-help = De plus loin
key-zoom-actual = Taille réelle
key-zoom-actual-help = Un pixel de l’image pour un pixel de l’écran
key-zoom-fit = Ajuster
key-zoom-fit-help = L’image entière
key-sweep-mark = Pas celle-ci
key-sweep-mark-help = L’image active ne porte pas le mot-clé ; une fois de plus : si
key-sweep-finish = Accepter les autres, page suivante
key-sweep-finish-help = Rejeter ce qui est marqué, accepter tout le reste de la page, la tourner
key-sweep-closer = Voir de plus près
key-sweep-closer-help = L’image active, dans la révision
key-sweep-left = Gauche
key-sweep-left-help = Vers l’image de gauche
key-sweep-right = Droite
key-sweep-right-help = Vers l’image de droite
key-sweep-up = Haut
key-sweep-up-help = Vers l’image du dessus
key-sweep-down = Bas
key-sweep-down-help = Vers l’image du dessous
key-cut-lower = Abaisser la limite
key-cut-lower-help = Interroger aussi sur des images moins probables
key-cut-higher = Relever la limite
key-cut-higher-help = N’interroger que sur des images plus probables
key-open-in-review = Réviser à partir d’ici
key-open-in-review-help = Ouvrir la révision à cette image
key-move-left = Gauche
key-move-left-help = Sélectionner l’image de gauche
key-move-right = Droite
key-move-right-help = Sélectionner l’image de droite
key-move-up = Haut
key-move-up-help = Sélectionner l’image du dessus
key-move-down = Bas
key-move-down-help = Sélectionner l’image du dessous
key-extend-left = Étendre à gauche
key-extend-left-help = Sélectionner jusqu’à l’image de gauche
key-extend-right = Étendre à droite
key-extend-right-help = Sélectionner jusqu’à l’image de droite
key-extend-up = Étendre vers le haut
key-extend-up-help = Sélectionner jusqu’à l’image du dessus
key-extend-down = Étendre vers le bas
key-extend-down-help = Sélectionner jusqu’à l’image du dessous
key-select-all = Tout sélectionner
key-select-all-help = Toutes les images affichées
key-thumbnails-larger = Vignettes plus grandes
key-thumbnails-larger-help = Moins nombreuses et plus grandes
key-thumbnails-smaller = Vignettes plus petites
key-thumbnails-smaller-help = Plus nombreuses et plus petites
key-label-above = Mot-clé au-dessus
key-label-above-help = Monter d’un mot-clé
key-label-below = Mot-clé au-dessous
key-label-below-help = Descendre d’un mot-clé
key-label-images = Afficher ses images
key-label-images-help = Dans la bibliothèque, celles qui portent le mot-clé
key-rename-label = Renommer
key-rename-label-help = Le mot-clé reçoit un autre nom ; l’ancien permet toujours de le trouver
key-merge-label = Fusionner
key-merge-label-help = Ses images reçoivent un autre mot-clé à la place, et il est retiré
key-split-label = Scinder
key-split-label-help = Les images sélectionnées qui le portent reçoivent un nouveau mot-clé à la place
key-retire-label = Retirer
key-retire-label-help = Il n’est plus proposé ni affiché ; une fois de plus le rétablit
key-alias-label = Autres noms
key-alias-label-help = Mots qui permettent aussi de le trouver
key-import-labels = Importer des mots-clés
key-import-labels-help = Depuis une liste de noms ou un fichier labels.csv
key-add-tag = Ajouter un mot-clé
key-add-tag-help = Taper quelques lettres ; Enter ajoute, Ctrl Enter crée un mot-clé
key-undo = Annuler
key-undo-help = Revenir sur la dernière étape
key-pause-learning = Suspendre l’apprentissage
key-pause-learning-help = Ne rien apprendre des décisions pour l’instant, ou reprendre ; rien n’est perdu
key-fine-tune = Affiner
key-fine-tune-help = Apprendre de ce qui a été décidé, selon la recette de la page Entraînement
key-pause-fine-tune = Suspendre l’affinage
key-pause-fine-tune-help = Le suspendre ou le laisser reprendre
key-roll-back = Revenir au modèle précédent
key-roll-back-help = La même touche ramène ici
key-stop-fine-tune = Arrêter l’affinage
key-stop-fine-tune-help = Rien n’est alors écrit
key-redo = Rétablir
key-redo-help = Refaire l’étape
key-show-library = Bibliothèque
key-show-library-help = Toutes les images
key-show-review = Révision
key-show-review-help = Une image et ses propositions
key-show-sweep = Série
key-show-sweep-help = Un mot-clé, de nombreuses images
key-show-train = Entraînement
key-show-train-help = Apprendre de ce qui a été décidé
key-show-insights = Analyses
key-show-insights-help = Des graphiques de la collection, chacun menant aux images correspondantes
key-show-vocabulary = Vocabulaire
key-show-vocabulary-help = Renommer, fusionner, scinder, retirer et importer des mots-clés
key-focus-filter = Filtrer
key-focus-filter-help = Par nom, mot-clé ou requête telle que tag:chairs reviewed:no
key-save-query = Enregistrer la requête
key-save-query-help = Donner un nom à ce que la bibliothèque affiche ; il figure ensuite à gauche
key-flag = Mettre de côté
key-flag-help = Mettre l’image ou la sélection de côté, pour y revenir ; une fois de plus l’en retire
key-show-similar = Images semblables
key-show-similar-help = Dans la bibliothèque, celles qui ressemblent le plus à celle-ci, les plus proches d’abord
key-group-by-folder = Grouper par dossier
key-group-by-folder-help = La bibliothèque par parties, une par dossier, ou non
key-order = Ordre et listes
key-order-help = Que regarder ensuite : ordres, erreurs probables, propositions modifiées
key-left-panel = Panneau de gauche
key-left-panel-help = Masquer ce qui est à gauche, ou l’afficher de nouveau
key-right-panel = Panneau de droite
key-right-panel-help = Masquer ce qui est à droite, ou l’afficher de nouveau
key-open-folder = Ouvrir un dossier
key-open-folder-help = Une autre collection
key-palette = Toutes les commandes
key-palette-help = Trouver une commande par son nom
key-help = Raccourcis
key-help-help = Cette liste
key-change-keys = Modifier les raccourcis
key-change-keys-help = Donner une autre touche à une commande, ou lui rendre la sienne
key-messages = Messages
key-messages-help = Tout ce qui a été dit depuis l’ouverture de la fenêtre
key-back = Retour
key-back-help = Fermer ce qui est devant, ou revenir à la bibliothèque

## Keys: places, lists and questions

scope-everywhere = Partout
scope-collection = Dans une collection
unfit-escape = Esc ramène toujours en arrière
unfit-tab = Tab passe toujours d’un élément à l’autre
unfit-alt = Alt appartient au système
unfit-clipboard = Ctrl C, X et V appartiennent au presse-papiers
keys-none = aucune touche
keys-or = { " " }ou{ " " }
keys-command = la commande « { $name } »
keys-now = { $name } : désormais { $key }
keys-again = { $name } : de nouveau { $key }
keys-other = ; { $name } : { $key }
keys-note = Choisir une commande et appuyer sur Enter, puis sur sa nouvelle touche. Esc annule.
close = Fermer
keys-reset-all = Réinitialiser tous les raccourcis
keys-change = Modifier { $name }, { $place } : { $keys }
keys-reset = Réinitialiser
keys-reset-one = Réinitialiser { $name }, { $place }
keys-back-to = Revenir à { $key }
keys-of = La touche de { $name }
keys-press = Appuyez sur la nouvelle touche
keys-now-it-is = { $unfit }Actuellement : { $keys }. Esc annule.
keys-named = « { $name } » ({ $place })
keys-and = { " " }et{ " " }
keys-means = { $key } signifie déjà { $names }.
cancel = Annuler
keys-swap =
    { $n ->
        [one] Échanger : l’autre commande reçoit { $key }
       *[other] Échanger : les autres commandes reçoivent { $key }
    }
keys-take =
    { $n ->
        [one] La prendre : l’autre commande la perd
       *[other] La prendre : les autres commandes la perdent
    }
palette-orders = Que souhaitez-vous regarder ?
palette-verbs = Que souhaitez-vous faire ?
palette-command = Commande
palette-none = Aucune commande de ce nom
palette-queue = Liste : { $name }
palette-order = Ordre : { $name }
palette-saved = requête enregistrée
vocabulary-bring-back = Rétablir
keys-delivered = Tous les raccourcis sont ceux d’origine
keys-unknown = il n’existe pas de commande { $name }
keys-not-understood = la touche de { $name } n’est pas comprise : { $value }
keys-taken = la touche de { $name } signifie déjà { $other }
keys-not-used = Certains raccourcis du fichier de réglages ne sont pas utilisés : { $problems }
sides-none-left = Il n’y a pas de panneau à gauche ici
sides-none-right = Il n’y a pas de panneau à droite ici
keys-change-them = Modifier les raccourcis clavier
overlay-keys = Raccourcis
overlay-toggle = Basculer la n-ième proposition
overlay-all-saved = Tout est sur le disque
overlay-can-close = Vous pouvez maintenant fermer la fenêtre.
overlay-close-window = Fermer la fenêtre
overlay-not-saved = Tout n’est pas sur le disque
overlay-lost =
    { $n ->
        [one] { $n } modification ne peut pas être écrite et serait perdue
       *[other] { $n } modifications ne peuvent pas être écrites et seraient perdues
    }. Libérez de l’espace sur le disque ; une nouvelle tentative a lieu toutes les deux secondes.
overlay-lose = Fermer et les perdre
overlay-keep-open = Garder la fenêtre ouverte
overlay-no-messages = Aucun pour l’instant.
overlay-ago = { $hint }il y a { $time }

## Orders, queues, and the state of pictures

order-nearest = Les plus proches d’abord
order-name = Par nom
order-time = Par date
order-uncertain = Les moins sûres d’abord
order-rare = Mots-clés rares d’abord
order-disagreeing = Discordantes d’abord
order-diverse = Un lot varié d’abord
order-doubts = Erreurs probables
order-changes = Propositions modifiées
order-copies = Doublons
order-conflicts = Conflits
order-name-help = Dans l’ordre des noms de fichier
order-time-help = Selon la date du fichier, les plus anciennes d’abord
order-uncertain-help = Images non décrites dont le modèle est le moins sûr
order-rare-help = Images non décrites qui promettent des exemples de mots-clés peu représentés
order-disagreeing-help = Images non décrites dont les propositions contredisent ce qui a été dit d’images semblables
order-diverse-help = Deux cents images non décrites, chacune aussi différente que possible des autres et des images décrites
order-doubts-help = Mots-clés probablement oubliés ou attribués par erreur. « Accepter ce qui est affiché » laisse en l’état ce qui est en question
order-changes-help = Images pour lesquelles ce modèle propose autre chose que le précédent, ce qui vous contredit d’abord
order-copies-help = Images présentes plusieurs fois, même réduites ou réenregistrées, côte à côte
order-conflicts-help = Mots-clés pour lesquels une autre personne, dont le registre a été fusionné, a dit le contraire. Enter garde ce qui vaut ici
looked-all = Toutes
looked-proposals = Avec propositions
looked-reviewed = Révisées
looked-never = Jamais examinées
looked-flagged = Mises de côté
looked-problems = Problèmes
looked-all-help = Toutes les images du dossier
looked-proposals-help = Pas encore révisées, avec au moins une proposition au-dessus du seuil
looked-reviewed-help = Décrites dans train.csv, ou marquées ici comme révisées
looked-never-help = Personne n’en a rien dit, ni ici ni dans train.csv
looked-flagged-help = Mises de côté pour y revenir
looked-problems-help = Fichiers qui ne peuvent pas être affichés

## Library

filters-state = État
filters-tags = Mots-clés
filters-no-vocabulary = Pas encore de vocabulaire. Sélectionnez une image et appuyez sur { $key } pour créer le premier mot-clé ; il est écrit dans labels.csv.
filters-fold = Replier ou déplier
filters-not = sans { $name }
filters-click = Clic : seulement les images qui le portent. Ctrl : en plus. Alt : seulement les images sans
filters-either = avec ou sans
filters-with = avec seulement
filters-without = sans seulement
filters-name = Filtre { $name } : { $state }
filters-help = { $state }. Clic : avec, sans, les deux
order = Ordre
order-queue =
    { $name } : { $n ->
        [one] { $n } image
       *[other] { $n } images
    }
order-chosen = Ordre : { $name }
order-by-folder = Grouper par dossier
order-looking = Recherche : { $name }
order-stop = Arrêter
order-stop-name = Arrêter le tri
sections-copies =
    { $n ->
        [one] { $n } exemplaire
       *[other] { $n } exemplaires
    }
sections-folder =
    { $name } : { $n ->
        [one] { $n } image
       *[other] { $n } images
    }
sections-root = Le dossier lui-même
grid-nothing = Aucun résultat
grid-nothing-help = Aucune image ne passe le filtre actuel.
grid-clear = Effacer le filtre
grid-empty = { $folder } ne contient aucun fichier JPEG, PNG, WebP, TIFF, GIF ou BMP, pas plus que ses sous-dossiers.
grid-no-pictures = Aucune image trouvée
grid-open-another = Ouvrir un autre dossier…
grid-remove-filter = Retirer le filtre { $name }
grid-quoted = « { $text } »
grid-shown =
    { $n } sur { $all ->
        [one] { $all } image
       *[other] { $all } images
    }
grid-images =
    { $n ->
        [one] { $n } image
       *[other] { $n } images
    }
grid-selected =
    · { $n ->
        [one] { $n } sélectionnée
       *[other] { $n } sélectionnées
    }
grid-left-out = { $part } n’est pas pris en compte : { $why }
grid-flagged = , mise de côté
grid-cannot-be-shown = impossible à afficher
grid-and-not-shown = , impossible à afficher
grid-and-reviewed = , révisée
grid-and-proposals = , avec propositions
inspector-selected =
    { $n ->
        [one] { $n } image sélectionnée
       *[other] { $n } images sélectionnées
    }
inspector-tags-of = Mots-clés de la sélection
inspector-no-tags = Aucune n’a encore de mot-clé.
inspector-count = { $name } : { $count } sur { $n }
inspector-all-have = { $name }. Clic : le retirer à toutes
inspector-some-have = { $name }. Clic : le retirer. Maj clic : le donner aussi aux autres
inspector-all = Toutes ensemble
inspector-add-all = Ajouter un mot-clé à toutes
inspector-review-first = Réviser à partir de la première
inspector-nothing = Rien de sélectionné
inspector-click = Cliquez sur une image, ou déplacez-vous avec les flèches. Maj et Ctrl en sélectionnent d’autres. { $key } ouvre la révision.
inspector-no-proposals = Pas encore de propositions
inspector-picture = Image
inspector-proposals = Propositions
inspector-remove = Mot-clé { $name }, retirer
inspector-remove-help = Cliquer pour le retirer
inspector-rejected = { $name } rejeté, reconsidérer
inspector-rejected-help = Rejeté. Cliquer pour laisser de nouveau ouvert
inspector-root = dans le dossier lui-même
inspector-reviewed = révisée ici
inspector-described = décrite dans train.csv
inspector-begun = commencée, non révisée
inspector-never = jamais examinée
inspector-flagged = mise de côté
inspector-camera = De l’appareil photo ou du scanner
inspector-who = Qui l’a dit
inspector-accepted = accepté
inspector-rejected-word = rejeté
inspector-said = { $name } : { $verdict } par { $who }, { $time }
inspector-unasked = spontanément
saved = Enregistrées
saved-forget-help = Oublier cette requête
saved-hint = Son nom, puis Enter
saved-name = Nom de la requête
saved-save = Enregistrer cette requête…
query-name = Filtrer par nom, mot-clé ou requête
query-hint = Mots, ou tag:… reviewed:no   { $key }
query-insert = Insérer { $name }

## Review

review-in-question = En question
review-looking = Recherche d’images semblables…
review-with-it = avec le mot-clé
review-without-it = sans le mot-clé
review-no-picture = pas encore d’image { $what }
review-most-similar = La plus semblable { $what } : { $image }
review-alike = { $what } · semblable à { $share }
review-go-there = { $name }. Cliquer pour y aller
review-not-loaded = Le modèle n’a pas pu être chargé : { $problem }{ "\u000A" }{ $hint }{ "\u000A" }Vous pouvez malgré tout attribuer des mots-clés avec { $key }.
review-loading = Le modèle est en cours de chargement…
review-no-vocabulary = Pas encore de vocabulaire. Appuyez sur { $key } pour créer le premier mot-clé ; il est écrit dans labels.csv.
review-cannot-look = Le modèle ne peut pas examiner une image impossible à afficher.
review-not-looked = Le modèle n’a pas encore examiné cette image…
review-tag-a-few = Attribuez des mots-clés à quelques images avec { $key } : ce qui leur ressemble sera désormais proposé.
review-fine-tune =
    Lancez avec { $key } l’affinage sur { $n ->
        [one] { $n } image décrite
       *[other] { $n } images décrites
    }.
review-untaught = Aucun modèle n’a encore appris ces mots-clés. { $next }
review-nothing-above = rien au-dessus du seuil de { $at } ; les meilleures suivantes
review-below = sous le seuil de { $at }
review-said-given = , attribué dans train.csv
review-said-accepted = , accepté
review-said-rejected = , rejeté
review-said-absent = , omis
review-missing = semble présent
review-wrong = semble absent
review-before = { $share } auparavant
review-conflict = en conflit
review-settled = réglé
review-forgotten = oublié ?
review-by-mistake = ✓ attribué par erreur ?
review-yes-conflict = ✓ en conflit
review-no-conflict = × en conflit
review-given = ✓ attribué
review-accepted = ✓ accepté
review-rejected = rejeté
review-left-out = omis
add-to-one = Ajouter un mot-clé à { $image }
add-to-many =
    Ajouter un mot-clé à { $n ->
        [one] { $n } image
       *[other] { $n } images
    }
add-hint = Taper quelques lettres
add-field = Mot-clé à ajouter
add-did-you-mean = Vouliez-vous dire
add-no-vocabulary = Pas encore de vocabulaire : tapez un mot, Ctrl Enter en fait le premier mot-clé.
add-add = ajouter
add-new = créer un mot-clé
add-close = fermer
add-create = Créer { $name }
add-no-namespace = sans espace de noms
add-namespace = Espace de noms du nouveau mot-clé
add-also-called = , aussi appelé { $alias }
add-one = Ajouter { $name }{ $alias }
add-has-it = ✓ attribué
picture-none = Aucune image à réviser
picture-none-help = Cette collection n’en contient aucune.
picture-name = Image { $image }
picture-loading = Chargement…
picture-not-shown = Cette image ne peut pas être affichée{ "\u000A" }{ "\u000A" }{ $problem }{ "\u000A" }{ $hint }
strip-go = Aller à { $image }
strip-at = { $at } sur { $n }
strip-not-in-list = absente de cette liste de { $n }
strip-pace = { " " }· { $n } images par minute
strip-done = terminé, suivante
strip-accept = en accepter { $n }, suivante
strip-key-accept = accepter
strip-key-reject = rejeter
strip-key-toggle = basculer
strip-key-skip = passer
strip-key-add = ajouter un mot-clé
strip-key-undo = annuler
strip-key-help = tous les raccourcis

## Sweep

sweep-tag = Mot-clé de la série
sweep-no-tag = Aucun mot-clé n’est proposé pour une image que personne n’a encore jugée.
sweep-probability = Probabilité
sweep-nothing-why = Une série interroge sur des images que personne n’a décrites. Parmi celles que le modèle a examinées jusqu’ici, aucune n’a de proposition au-dessus du seuil.
sweep-nothing = Aucune série possible
sweep-choose = Choisissez un mot-clé à gauche. Chaque page montre des images qui semblent le porter, les plus probables d’abord : marquez les quelques exceptions et acceptez le reste d’une seule touche.
sweep-one-tag = Un mot-clé, de nombreuses images
sweep-is-this = Est-ce
sweep-question = { $name } ?
sweep-and-not-this = , pas celle-ci
sweep-not-this = pas celle-ci
sweep-look-again = regarder à nouveau
sweep-accept = accepter les { $n } autres, page suivante
sweep-move = se déplacer
sweep-undo = annuler la page
sweep-move-cut = déplacer la limite
sweep-closer = voir de plus près
sweep-second-look = Un second regard sur quelques images acceptées. Marquez celles qui n’en sont pas
sweep-last-page = Marquez celles qui n’en sont pas. Page { $page }, la dernière
sweep-page =
    Marquez celles qui n’en sont pas. Page { $page }, encore { $n ->
        [one] { $n } image
       *[other] { $n } images
    } ensuite
sweep-nothing-about = Rien à demander sur { $name }
sweep-none-above = Aucune image non jugée ne dépasse la limite. Abaissez la limite à gauche pour interroger sur des images moins probables.
sweep-done = { $name } : terminé
sweep-done-help = Chaque image au-dessus de la limite a sa réponse. Abaissez la limite à gauche pour en chercher d’autres, ou prenez un autre mot-clé.
sweep-to-library = Retour à la bibliothèque
sweep-histogram = Images que personne n’a jugées pour ce mot-clé, par probabilité (racines carrées de leur nombre)
sweep-cut = Limite
sweep-cut-help = On interroge sur les images à partir d’ici ([ et ])
sweep-progress = Progression
sweep-with-tag = images avec le mot-clé
sweep-above = au-dessus de la limite, non jugées
sweep-below = sous la limite, non jugées
sweep-audit = Contrôle
sweep-audit-none = Quelques images acceptées sans marque seront soumises à nouveau sur des pages ultérieures.
sweep-audit-so-far = { $agreed } nouvelles demandes cachées sur { $asked } concordent : précision { $share } ({ $low }–{ $high })

## Vocabulary

vocabulary-find = Chercher un mot-clé
vocabulary-labels =
    { $n ->
        [one] { $n } mot-clé
       *[other] { $n } mots-clés
    }
vocabulary-import-list = Importez une liste, ou sélectionnez une image et appuyez sur { $key } pour créer le premier mot-clé.
vocabulary-none = Pas encore de vocabulaire
vocabulary-no-such = Aucun mot-clé de ce nom
vocabulary-label = Mot-clé
vocabulary-id =
    Id { $id }. Sur { $n ->
        [one] { $n } image
       *[other] { $n } images
    }
vocabulary-elsewhere =
    { " " }ici et { $n ->
        [one] { $n } ligne
       *[other] { $n } lignes
    } de train.csv sans image
vocabulary-retired = Retiré : ni proposé, ni affiché, ni appris
vocabulary-also = Aussi appelé { $names }
vocabulary-this = Ce mot-clé
vocabulary-note = Tout ce qui est fait ici est écrit dans labels.csv et train.csv, et s’annule comme une décision.
vocabulary-example = Exemple { $image }
vocabulary-and-retired = , retiré
vocabulary-row =
    { $name }{ $state }, { $n ->
        [one] { $n } image
       *[other] { $n } images
    }
vocabulary-retired-count = retiré  { $n }
label-rename = Renommer { $name }
label-new-name = Nouveau nom
label-name-hint = espace::nom
label-renames =
    Une ligne de labels.csv change ; { $n ->
        [one] { $n } image garde
       *[other] { $n } images gardent
    } le mot-clé sous son nouveau nom.
label-still-finds = { $name } permet toujours de le trouver.
label-merge-into = Fusionner avec { $name }
label-merge = Fusionner { $name } avec
label-merge-field = Mot-clé avec lequel fusionner
label-also-called = { $name }, aussi appelé { $alias }
label-no-such = Aucun mot-clé de ce nom.
label-split = Scinder { $name }
label-split-field = Nom du nouveau mot-clé
label-split-none = Aucune des images sélectionnées ne le porte. { $key } dans la liste affiche ses images dans la bibliothèque : sélectionnez-en quelques-unes, puis revenez.
label-splits =
    { $n } sur { $all ->
        [one] { $all } image sélectionnée
       *[other] { $all } images sélectionnées
    } portent { $name } et reçoivent à la place le nouveau mot-clé ; { $stays ->
        [one] { $stays } image le garde
       *[other] { $stays } images le gardent
    }.
label-names-of = Autres noms de { $name }
label-names-note = Taper l’un d’eux trouve le mot-clé, et aucun autre ne peut porter ce nom.
label-another = Autre nom
label-another-hint = Un mot, ou espace::nom
label-add-name = Ajouter ce nom
label-remove = Retirer
label-remove-name = Retirer le nom { $alias }
label-type-names = Taper plutôt des noms
label-import-hint = Un nom par ligne, comme tag::chairs
label-import-field = Noms, un par ligne
label-choose-list = Choisir une liste ou un fichier labels.csv…
label-problem = Ligne { $line } : { $problem } ({ $hint })
label-more = et { $n } de plus
label-import =
    Importer { $n ->
        [one] { $n } mot-clé
       *[other] { $n } mots-clés
    }
label-imports =
    { $new ->
        [one] { $new } nouveau
       *[other] { $new } nouveaux
    }, { $known } déjà là, { $odd ->
        [one] { $odd } ligne étrange
       *[other] { $odd } lignes étranges
    }
label-merges =
    { $n ->
        [one] { $n } image change
       *[other] { $n } images changent
    } : { $gain } reçoivent { $into }, { $had } le portaient déjà.
label-overruled = Pour { $n } d’entre elles il avait été rejeté nommément ; elles le reçoivent quand même.
label-merged-from = { $from } est retiré et devient un autre nom de { $into }.
label-retire = Retirer { $name }
label-retire-note = Il n’est plus proposé, affiché ni appris. Sa ligne dans labels.csv et son identifiant lui restent.
label-retire-keep =
    Le retirer, le laisser sur { $n ->
        [one] { $n } image
       *[other] { $n } images
    }
label-retire-lose =
    Le retirer, l’ôter de { $n ->
        [one] { $n } image
       *[other] { $n } images
    }

## Train

train-recipe = Recette
train-start =
    Affiner sur { $n ->
        [one] { $n } image
       *[other] { $n } images
    }
train-again = Affiner de nouveau ensuite
train-too-little =
    Il y a trop peu à apprendre : { $n ->
        [one] { $n } image est décrite
       *[other] { $n } images sont décrites
    } jusqu’ici. Attribuez des mots-clés à une vingtaine d’images (au moins { $least }) dans la révision, avec { $key } pour ceux qui ne sont pas proposés, puis revenez.
train-promote = L’utiliser aussitôt s’il est nettement meilleur
train-promote-help = Sinon, la question vous est posée
train-made-here =
    { $decisions ->
        [one] { $decisions } décision prise
       *[other] { $decisions } décisions prises
    } ici, { $n ->
        [one] { $n } image révisée
       *[other] { $n } images révisées
    }. Les mots-clés que personne n’a jugés sont laissés de côté.
train-meanwhile = Vous pouvez continuer à réviser pendant ce temps. { $about }
train-learn = Apprendre de ce qui a été décidé
train-paused = Suspendu
train-running = Affinage en cours
stopping = Arrêt…
train-stop-help = Rien n’est modifié
train-go-on = Reprendre
train-offer = { $name } : { $words }
train-use-now = Utiliser { $name } maintenant
train-keep = Garder { $name }
train-before-first = avant sa première époque
train-in-epoch = à l’époque { $at } sur { $all }
train-interrupted =
    Un affinage sur { $n ->
        [one] { $n } image
       *[other] { $n } images
    } à partir de { $model } a été interrompu { $epoch }
train-forget = L’oublier
train-resume-help = Aboutit au même modèle que s’il ne s’était jamais arrêté
train-resume = Le reprendre
train-starting = démarrage…
train-looking = examen des images
train-warming = échauffement : ce qui est nouveau apprend d’abord
train-measuring = mesure du modèle tel qu’il est…
train-epoch = époque { $at } sur { $all }{ $left }
train-checkpoints = Versions du modèle
train-none-yet = Aucune pour l’instant.
column-name = nom
column-from = à partir de
column-network = réseau
column-f2-micro = F2 micro
column-f2-image = F2 par image
column-map = mAP
column-threshold = seuil
column-made = créé
train-learned =
    appris de { $n ->
        [one] { $n } image
       *[other] { $n } images
    }, évalué sur { $valid } ; dont { $decisions ->
        [one] { $decisions } décision prise ici
       *[other] { $decisions } décisions prises ici
    }
train-learned-from = lesquelles, et ce que l’on savait de chacune : learned_from.csv dans son dossier
train-kept = , époque { $epoch } gardée
train-how = { $depth }, { $loss }, { $epochs } époques{ $kept }, graine { $seed }
train-beside = à côté de { $model } : { $words }
train-in-use = utilisé
train-loading = chargement…
train-use = Utiliser
train-use-name = Utiliser { $name }
train-use-help = Laisser celui-ci proposer désormais
recipe-more = Plus
recipe-save-hint = enregistrer sous…
recipe-name = Nom de la recette
recipe-save = Enregistrer
recipe-save-help = Garder cette recette dans la collection
recipe-save-name = Enregistrer la recette
recipe-saved-here = enregistrée ici
recipe-changed = modifiée
recipe-help = Ce que le programme fournit, et ce qui a été enregistré ici
recipe-head = tête
recipe-last = dernier étage
recipe-everything = tout
recipe-learns = Apprend
recipe-learns-help = Quelle part du réseau : la tête prend des secondes, le reste des heures
recipe-attention-help = La terminaison d’attention résiduelle du rapport sur le réseau ; elle s’apprend à partir de rien
recipe-attention = Attention
recipe-focal = focale
recipe-binary = binaire
recipe-asymmetric = asymétrique
recipe-loss-help = La focale se tourne vers les mots-clés difficiles, la binaire les traite tous de même, l’asymétrique favorise les rares présents
recipe-loss = Perte
recipe-gamma = Focalisation γ
recipe-gamma-help = Combien un mot-clé difficile compte en plus ; 2 est usuel, 0 l’annule
recipe-present = Focalisation, présents
recipe-present-help = Pour les mots-clés présents ; 0 est usuel
recipe-absent = Focalisation, absents
recipe-absent-help = Pour les mots-clés absents ; 4 est usuel
recipe-clip = Écrêtage
recipe-clip-help = Les mots-clés absents moins probables que cela ne comptent pas ; 0,05 est usuel
recipe-epochs = Époques
recipe-epochs-help = Combien de fois chaque image est vue ; la meilleure époque est gardée
recipe-rate = Taux
recipe-rate-help = Taux d’apprentissage maximal de la tête
recipe-time = Durée maximale
recipe-time-help = L’exécution se termine alors avec sa meilleure époque ; 0 signifie sans limite
recipe-constant = constant
recipe-cosine = cosinus
recipe-one-cycle = un cycle
recipe-plateau = plateau
recipe-schedule = Évolution
recipe-schedule-help = Comment le taux évolue au fil de l’exécution
recipe-augmentation = Variation
recipe-augmentation-help = Comment les images varient à chaque passage
recipe-batch = Images par pas
recipe-batch-help = Davantage est plus régulier et demande plus de mémoire
recipe-as-model = comme le modèle
recipe-pictures = Images
recipe-pictures-help = Ce que le réseau voit d’une image
recipe-validation = Validation
recipe-validation-help = Part des images réservée à l’évaluation
recipe-unnamed-help = Combien un mot-clé que personne n’a nommé sur une image révisée compte comme absent ; les rejetés comptent toujours
recipe-unnamed = Non nommés
recipe-rare-help = Les images portant un mot-clé plus rare sont montrées plus souvent ; 0 les montre toutes également
recipe-rare = Rare en dessous de
recipe-patience = Patience
recipe-patience-help = S’arrête après autant d’époques sans amélioration ; jamais avec 0
recipe-best-f2 = meilleur F2
recipe-lowest-loss = perte minimale
recipe-keeps = Garde
recipe-keeps-help = L’époque sur laquelle l’exécution s’achève, selon les images réservées
recipe-seed = Graine
recipe-seed-help = Mêmes données, même graine et même appareil donnent le même modèle
recipe-about-head = Le tronc reste tel quel ; une nouvelle tête apprend dessus.
recipe-about-last =
    La tête apprend d’abord, puis le dernier étage avec elle, pendant { $n ->
        [one] { $n } époque
       *[other] { $n } époques
    } au plus.
recipe-about-all =
    La tête apprend d’abord, puis le réseau entier avec elle, pendant { $n ->
        [one] { $n } époque
       *[other] { $n } époques
    } au plus.
recipe-the-head = la tête
recipe-the-last = tête et dernier étage
recipe-the-network = le réseau entier
models-begin = Modèles pour commencer
models-note = Des réseaux qui ont vu un million de photographies. Utilisez-en un, puis affinez-le : sa tête est faite pour vos mots-clés. Télécharger est la seule chose dans Docent qui passe par Internet : ces fichiers sont demandés au Hugging Face Hub, et rien d’autre que la demande n’est envoyé.
models-here = Sur cet ordinateur.
models-another-hint = un autre : owner/name sur le Hub
models-another = Un autre modèle : owner/name sur le Hub
models-fetch = Télécharger
models-fetch-named = Télécharger le modèle nommé ici
models-names = Les noms ressemblent à timm/resnet50.a1_in1k
models-use-help = Laisser celui-ci examiner les images désormais
models-by-hand = À la main…
models-copy-how = Copier la façon d’obtenir { $id }
models-copy-help = { $how }{ "\u000A" }Cliquer pour copier ceci
models-fetch-id = Télécharger { $id }, { $about }
models-fetch-help = Du Hugging Face Hub vers cet ordinateur
models-stop = Arrêter le téléchargement
models-asking = interrogation du Hub…
models-waiting = en attente…
models-bytes = { $done } sur { $total }
models-checking = vérification…
plot-training = entraînement
plot-validation = validation
plot-micro = micro
plot-per-image = par image
plot-in-use = utilisé, micro
plot-f2 = F2, validation

## Messages

scout-loading = Le modèle est encore en cours de chargement. Réessayez dans un instant
scout-no-other = Aucun autre modèle n’a proposé depuis l’ouverture de ce dossier : affinez d’abord
scout-left-out =
    { "." } { $n ->
        [one] { $n } image n’a pas encore pu être prise en compte
       *[other] { $n } images n’ont pas encore pu être prises en compte
    }
scout-no-copies = Aucune image n’est en double
scout-copies =
    { $n ->
        [one] { $n } image est présente
       *[other] { $n } images sont présentes
    } plusieurs fois : { $files } fichiers
scout-no-doubts = Aucun mot-clé n’est douteux
scout-doubts =
    Des mots-clés de { $n ->
        [one] { $n } image
       *[other] { $n } images
    } sont douteux. R pour les regarder
scout-no-changes = Les deux modèles proposent la même chose
scout-changes =
    Les propositions de { $n ->
        [one] { $n } image
       *[other] { $n } images
    } ont changé. R pour les regarder
scout-no-conflicts = Personne d’autre ne contredit : docent merge amène ici le registre d’une autre personne
scout-conflicts =
    Les avis divergent sur { $n ->
        [one] { $n } image
       *[other] { $n } images
    }. R pour les regarder
scout-all-described = Toutes les images examinées par le modèle sont décrites
scout-varied =
    Un lot varié de { $n ->
        [one] { $n } image
       *[other] { $n } images
    } vient d’abord
scout-ordered =
    { $n ->
        [one] { $n } image
       *[other] { $n } images
    } dans cet ordre, les images décrites ensuite
said-not-on-disk = cette collection a des décisions qui ne sont pas encore sur le disque
said-free-space = libérez de l’espace sur son disque, puis ouvrez l’autre
said-select-first = Sélectionnez d’abord une image, puis ajoutez-lui un mot-clé
said-last-picture = C’était la dernière image de cette liste
said-tag = mot-clé { $id }
said-everything-shown = Tout est affiché : tapez d’abord une requête, puis enregistrez-la
said-were-hidden = Les propositions étaient masquées. Appuyez de nouveau pour décider
sides-hidden = Masqué : { $what }. { $key } rétablit l’affichage
side-filters = les filtres
side-inspector = la sélection
side-proposals = les propositions
side-sweep = la liste des mots-clés
side-recipe = la recette
side-charts = la liste des graphiques
side-label = le mot-clé actif
said-signed = Les décisions sont désormais signées { $name }
said-first-model = C’est le premier modèle de la collection
said-rolled-back = Retour à { $before } ; la même touche ramène à { $now }
said-quality = : F2 micro { $micro }, par image { $image }
said-learned =
    A appris de { $n ->
        [one] { $n } image
       *[other] { $n } images
    } en { $time }{ $quality }
said-stopped = Arrêté. Rien n’a été modifié
said-not-used-yet = { $name } n’est pas encore utilisé : { $words }
said-recipe-kept = La recette est gardée sous le nom { $name }
said-swept-all =
    { $n ->
        [one] { $n } image acceptée
       *[other] { $n } images acceptées
    }
said-swept =
    { $n ->
        [one] { $n } image acceptée
       *[other] { $n } images acceptées
    }, { $rejected ->
        [one] { $rejected } rejetée
       *[other] { $rejected } rejetées
    }
said-nothing-to-undo = Il n’y a rien à annuler
said-nothing-to-redo = Il n’y a rien à rétablir
said-vocabulary-changed = Le vocabulaire a changé depuis : cela ne peut pas être refait
said-undone = Annulé
said-redone = Rétabli
said-what = { $what } : { $words }
said-merge = { $what } : la fusion d’un autre registre
said-accepted = accepté
said-rejected = rejeté
said-left-open = laissé ouvert
said-marked = marquée comme révisée
said-flagged = mise de côté
said-more = { " " }et { $n } de plus
said-step = { $what } : { $words }{ $more }, { $image }
said-has-already = L’image porte déjà { $name }
said-all-have = Toutes portent déjà { $name }
said-added =
    { $name } ajouté à { $n ->
        [one] { $n } image
       *[other] { $n } images
    }
said-none-before = Aucune autre image n’était en révision avant celle-ci
said-nothing-lacking = { $image } n’a aucun mot-clé qui manque à cette image
said-copied =
    { $n ->
        [one] { $n } mot-clé repris
       *[other] { $n } mots-clés repris
    } de { $image }
said-taken-away =
    { $name } retiré de { $n ->
        [one] { $n } image
       *[other] { $n } images
    }
said-put-aside =
    { $n ->
        [one] { $n } image mise
       *[other] { $n } images mises
    } de côté, pour y revenir
said-taken-up =
    { $n ->
        [one] { $n } image n’est plus mise
       *[other] { $n } images ne sont plus mises
    } de côté
said-interrupted =
    Un affinage sur { $n ->
        [one] { $n } image
       *[other] { $n } images
    } a été interrompu. La page Entraînement peut le reprendre
said-kept-elsewhere = Ce dossier n’est pas accessible en écriture. Vos décisions sont conservées dans { $place }
said-findings =
    { $n ->
        [one] { $n } problème
       *[other] { $n } problèmes
    } dans labels.csv ou train.csv ; tout le reste est chargé
said-contested =
    Les avis divergent sur { $n ->
        [one] { $n } mot-clé
       *[other] { $n } mots-clés
    }. O, puis Conflits, pour les régler
said-not-usable = { $id } a été téléchargé, mais ne peut pas être utilisé ici. { $problem }
said-here-now = { $id } est maintenant sur cet ordinateur
said-licence = , licence { $licence }. { $warning }
said-fetch-stopped = Arrêté. Le prochain téléchargement de { $id } reprendra là où celui-ci en était
said-and-pictures =
    , { $n ->
        [one] { $n } image
       *[other] { $n } images
    }
said-renamed = { $before } renommé en { $name }
said-imported = { $n } mots-clés importés
said-split-off = { $name } scindé{ $pictures }
said-label-added = { $name } ajouté au vocabulaire
said-brought-back = { $name } rétabli
said-merged = { $from } fusionné avec { $into }{ $pictures }
said-retired = { $name } retiré{ $pictures }
said-another-name = { $alias } est un autre nom de { $name }
said-no-name = { $alias } n’est plus un nom
name-title = Votre nom
name-signs = Signe désormais chaque décision. Vide : { $account }, le nom du compte.
name-of-file = C’est le nom d’un fichier, dont sont signées les modifications faites hors de Docent.
name-sign = Signer de ce nom
toast-dismiss = Fermer ce message
drop-here = Déposer pour ouvrir ce dossier

## Insights

insights-behind =
    { $n ->
        [one] { $n } image
       *[other] { $n } images
    } : { $name }. { $key } ramène aux graphiques, × à côté du nom affiche toutes les images
insights-saved = Enregistré sous { $path }
insights-charts = Graphiques
insights-click = Cliquez sur une barre ou un point pour voir les images correspondantes dans la bibliothèque. { $key } ramène ici.
insights-unread = Le registre n’a pas pu être lu : { $problem }
insights-counting = La collection est en cours de comptage.
insights-csv = Enregistrer en CSV…
insights-png = Enregistrer en PNG…
insights-save = Enregistrer { $topic } en { $format }
insights-reading = Lecture des dimensions : { $done } sur { $n }
insights-stop = Arrêter la lecture des dimensions
insights-go-on = Reprendre la lecture des dimensions
insights-by = { $title }, par { $axis }
insights-in-all = { $n } au total
insights-height = hauteur
insights-width = largeur
insights-elongated = , allongée
