
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
status-warming-up = Mise en train de l’affinage
status-epoch = Affinage, époque { $at } sur { $all }
status-stopping-fetch = Arrêt du téléchargement…
status-fetching = Téléchargement de { $id } : { $progress }
status-looking = Examen des images
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
