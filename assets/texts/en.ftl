
### The window's texts. Arguments are numbers or words; what floors below say comes as it is.


## Top bar and menu

menu-name = Collection menu: { $name }
menu-collection = Collection
menu-open = Open a folder…
menu-demo = Try the demo collection
menu-recent = Recent
menu-missing = { $name } (not found)
menu-this = This collection
menu-copy-path = Copy the path
menu-close = Close the collection
menu-signed = Your decisions are signed
menu-change-name = Change…
menu-your-name = Your name: { $name }. Change it
menu-name-help = Every decision says who made it, so that several curators can work together
menu-language = Language
menu-theme = Theme
menu-dark = Dark
menu-light = Light
menu-system = As the system
menu-contrast = High contrast
menu-scale = Size of the window's text
menu-commands = All commands
menu-keys = Keys
menu-change-keys = Change keys
menu-messages = Messages
menu-compute = Compute on
menu-fastest = The fastest
menu-cpu = CPU
menu-nvidia = NVIDIA card
menu-metal = Apple Metal
threshold-at = Threshold { $at }
threshold-help = How sure the model has to be before it proposes
threshold = Threshold
threshold-note = A tag is proposed where the model is at least this sure. Moving it costs nothing: the pictures are not looked at again.
threshold-above =
    { $n ->
        [one] { $n } picture not reviewed yet
       *[other] { $n } pictures not reviewed yet
    } with proposals above it.
threshold-learned = Follow what is learned, { $at }
threshold-own = Use the model's own, { $at }

## Status bar

status-kept = kept in { $place }
status-kept-help = The folder cannot be written, so decisions are kept in your own data folder
status-resume = Resume
status-resume-learning = Resume learning
status-pause = Pause
status-pause-learning = Pause learning
status-learns-help = Every decision changes what is proposed next
status-learns = Learns from every decision
status-learning-paused = Learning is paused
status-learned-paused =
    Learned from { $n ->
        [one] { $n } image
       *[other] { $n } images
    }, paused
status-learned =
    Learned from { $n ->
        [one] { $n } image
       *[other] { $n } images
    }
status-nothing-lost = Nothing is lost: it is tried again. Click for all messages
status-not-saved = Not saved: { $problem }{ $hint }
status-table-behind = Decisions are on disk; the table is behind: { $problem }{ $hint }
status-tried-again = It is tried again. Click for all messages
status-writing = Writing { $n }…
status-on-its-way = On its way to the disk
status-all-on-disk = Everything is on disk
status-decisions =
    { $n ->
        [one] { $n } decision on disk
       *[other] All { $n } decisions on disk
    }
status-table-current = train.csv is up to date
status-table-follows = train.csv follows in a moment
status-safe = Written so that a power cut cannot take it; { $table }. Click for all messages
status-stopping = Stopping the fine-tune…
status-paused = Fine-tune paused
status-starting = Fine-tune starting…
status-tune-looking = Fine-tune: looking at pictures
status-warming-up = Fine-tune warming up
status-epoch = Fine-tuning, epoch { $at } of { $all }
status-stopping-fetch = Stopping the fetch…
status-fetching = Fetching { $id }: { $progress }
status-looking = Looking at pictures
status-loading-model = Loading the model…
status-work = { $what } { $done } of { $total }
status-left = { $time } left
status-no-model = No model
status-proposer-help =
    Proposals come from this model; it knows { $n ->
        [one] { $n } tag
       *[other] { $n } tags
    } of this collection
status-loading = Loading

## Welcome

welcome-what = Describe a picture collection at keyboard speed, with proposals from a model that learns from you. Nothing leaves this computer.
welcome-not-opened = { $folder } could not be opened
welcome-waiting = Waiting for the folder dialog…
welcome-demo-help = 300 drawn museum objects with a vocabulary and a model that knows it
welcome-drop = or drop a folder of pictures onto this window
welcome-gone = { $name }, not found
welcome-open = Open { $name }
welcome-gone-from = not found: { $place }
welcome-forget = Forget { $name }
welcome-forget-help = Take it off this list; the folder stays
welcome-opening = Opening { $folder }
welcome-preparing = Preparing the demo collection
welcome-looking = Looking for pictures…
welcome-so-far =
    { $n ->
        [one] { $n } picture
       *[other] { $n } pictures
    } so far
welcome-found =
    { $done } of { $n ->
        [one] { $n } picture
       *[other] { $n } pictures
    }

## Numbers and times

time-just-now = just now
time-minutes-ago = { $n } min ago
time-hours-ago = { $n } h ago
time-yesterday = yesterday
time-days-ago = { $n } days ago
time-date = { $day } { $month } { $year }
time-month-1 = January
time-month-2 = February
time-month-3 = March
time-month-4 = April
time-month-5 = May
time-month-6 = June
time-month-7 = July
time-month-8 = August
time-month-9 = September
time-month-10 = October
time-month-11 = November
time-month-12 = December
said-colon = :
said-you = you
said-yes = yes
said-no = no
said-by-review = { " " }by reviewing the picture
size-bytes = { $n } B
size-kilobytes = { $n } KB
size-megabytes = { $n } MB
compared-better = clearly better
compared-worse = clearly worse
compared-unclear = perhaps only luck
compared-first = there was nothing to compare it with
compared-seen = ; { $model } may have learned from some of these images
compared-rises =
    F2 per image rises from { $before } to { $after } on { $n ->
        [one] { $n } image
       *[other] { $n } images
    } ({ $low } to { $high }), { $words }{ $seen }
compared-falls =
    F2 per image falls from { $before } to { $after } on { $n ->
        [one] { $n } image
       *[other] { $n } images
    } ({ $low } to { $high }), { $words }{ $seen }
