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
precision-bf16 = Look in bf16
precision-help = With fewer bits: usually faster. Only where the proposals stay the same, which is measured first, at the model's own threshold, on pictures of each collection you open.
precision-cannot = This processor has no instructions for bf16: it computes in f32.
precision-soon = Compared with f32 in a moment, as soon as the model is ready.
precision-no-model = No model is loaded, so there is nothing to compare.
precision-measuring = Comparing { $precision } with f32 on pictures of this collection: { $done } of { $total }.
precision-failed = The comparison with f32 failed: { $problem }. f32 is used.
precision-no-pictures = No picture of this collection could be looked at, so nothing was compared: f32 is used.
precision-no-labels = The model knows no label of this collection yet, so there is nothing to compare: f32 is used. Fine-tune it on your decisions first.
precision-found =
    { $precision } on { $n ->
        [one] { $n } picture
       *[other] { $n } pictures
    }: { $percent } % of labels as in f32, { $same } of { $proposed } proposals the same, { $times } times as fast
precision-used = { $found }. It is used from now on.
precision-slow = { $found }. That gains no time, so f32 is used.
precision-not-used = { $found }. Less than { $enough } %, so f32 is used.
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
status-agreeing = Comparing { $precision } with f32
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

## Keys: what each does, and its help

key-accept = Accept
key-accept-help = The picture has the tag in focus
key-reject = Reject
key-reject-help = The picture does not have it; it is not proposed again
key-toggle-1 = Toggle the 1st proposal
key-toggle-1-help = Accept it, or take that back
key-toggle-2 = Toggle the 2nd proposal
key-toggle-2-help = Accept it, or take that back
key-toggle-3 = Toggle the 3rd proposal
key-toggle-3-help = Accept it, or take that back
key-toggle-4 = Toggle the 4th proposal
key-toggle-4-help = Accept it, or take that back
key-toggle-5 = Toggle the 5th proposal
key-toggle-5-help = Accept it, or take that back
key-toggle-6 = Toggle the 6th proposal
key-toggle-6-help = Accept it, or take that back
key-toggle-7 = Toggle the 7th proposal
key-toggle-7-help = Accept it, or take that back
key-toggle-8 = Toggle the 8th proposal
key-toggle-8-help = Accept it, or take that back
key-toggle-9 = Toggle the 9th proposal
key-toggle-9-help = Accept it, or take that back
key-accept-shown = Accept shown, next
key-accept-shown-help = Accept what is above the threshold and not rejected, mark the picture as reviewed, go on
key-skip = Skip
key-skip-help = Go on without saying anything
key-focus-up = Proposal above
key-focus-up-help = Move the focus up
key-focus-down = Proposal below
key-focus-down-help = Move the focus down
key-previous = Previous picture
key-previous-help = Without saying anything
key-next = Next picture
key-next-help = Without saying anything
key-copy-tags = Copy tags
key-copy-tags-help = Those of the picture that was under review before
key-why = Why
key-why-help = Show the most similar described pictures with the tag in focus and without it, or not any more
key-zoom-in = Zoom in
key-zoom-in-help = Closer
key-zoom-out = Zoom out
key-zoom-out-help = Further away
key-zoom-actual = Actual size
key-zoom-actual-help = One pixel of the picture for one of the screen
key-zoom-fit = Fit
key-zoom-fit-help = The whole picture
key-sweep-mark = Not this
key-sweep-mark-help = The picture in focus does not have the tag; once more: it does
key-sweep-finish = Accept the others, next page
key-sweep-finish-help = Reject what is marked, accept everything else on the page, turn it
key-sweep-closer = Look closer
key-sweep-closer-help = The picture in focus, in the Review
key-sweep-left = Left
key-sweep-left-help = To the picture on the left
key-sweep-right = Right
key-sweep-right-help = To the picture on the right
key-sweep-up = Up
key-sweep-up-help = To the picture above
key-sweep-down = Down
key-sweep-down-help = To the picture below
key-cut-lower = Lower the cut
key-cut-lower-help = Ask about less likely pictures too
key-cut-higher = Raise the cut
key-cut-higher-help = Ask about likelier pictures only
key-open-in-review = Review from here
key-open-in-review-help = Open the review at this picture
key-move-left = Left
key-move-left-help = Select the picture to the left
key-move-right = Right
key-move-right-help = Select the picture to the right
key-move-up = Up
key-move-up-help = Select the picture above
key-move-down = Down
key-move-down-help = Select the picture below
key-extend-left = Extend left
key-extend-left-help = Select up to the picture to the left
key-extend-right = Extend right
key-extend-right-help = Select up to the picture to the right
key-extend-up = Extend up
key-extend-up-help = Select up to the picture above
key-extend-down = Extend down
key-extend-down-help = Select up to the picture below
key-select-all = Select all
key-select-all-help = Every picture that is shown
key-thumbnails-larger = Larger thumbnails
key-thumbnails-larger-help = Fewer and larger
key-thumbnails-smaller = Smaller thumbnails
key-thumbnails-smaller-help = More and smaller
key-label-above = Label above
key-label-above-help = Move the focus up
key-label-below = Label below
key-label-below-help = Move the focus down
key-label-images = Show its pictures
key-label-images-help = In the library, those that have the label
key-rename-label = Rename
key-rename-label-help = The label gets another name; the old one still finds it
key-merge-label = Merge
key-merge-label-help = Its pictures get another label instead, and it is retired
key-split-label = Split
key-split-label-help = The selected pictures that have it get a new label instead
key-retire-label = Retire
key-retire-label-help = It is not proposed or listed any more; once more brings it back
key-alias-label = Other names
key-alias-label-help = Words under which it is found too
key-import-labels = Import labels
key-import-labels-help = From a list of names or a labels.csv
key-add-tag = Add a tag
key-add-tag-help = Type a few letters; Enter adds, Ctrl Enter makes a new tag
key-undo = Undo
key-undo-help = Take the last step back
key-pause-learning = Pause learning
key-pause-learning-help = Learn nothing from decisions for now, or go on; nothing is lost
key-fine-tune = Fine-tune
key-fine-tune-help = Learn from what was decided, with the recipe of the Train page
key-pause-fine-tune = Pause fine-tuning
key-pause-fine-tune-help = Hold it, or let it go on
key-roll-back = Back to the model before
key-roll-back-help = The same key returns
key-stop-fine-tune = Stop fine-tuning
key-stop-fine-tune-help = Nothing is written then
key-redo = Redo
key-redo-help = Do it again
key-show-library = Library
key-show-library-help = All pictures
key-show-review = Review
key-show-review-help = One picture and its proposals
key-show-sweep = Sweep
key-show-sweep-help = One tag, many pictures
key-show-train = Train
key-show-train-help = Learn from what was decided
key-show-insights = Insights
key-show-insights-help = Charts of the collection, each leading to the pictures behind it
key-show-vocabulary = Vocabulary
key-show-vocabulary-help = Rename, merge, split, retire and import labels
key-focus-filter = Filter
key-focus-filter-help = By name, tag or a query such as tag:chairs reviewed:no
key-save-query = Save the query
key-save-query-help = Give what the Library shows now a name; it is listed on the left
key-flag = Flag
key-flag-help = Put the picture or the selection aside, to come back to it; once more takes it up again
key-show-similar = Similar pictures
key-show-similar-help = In the library, those that look most like this one, nearest first
key-group-by-folder = Group by folder
key-group-by-folder-help = The library in parts, one for each folder, or not
key-order = Order and queues
key-order-help = What to look at next: orders, likely errors, changed proposals
key-left-panel = Left panel
key-left-panel-help = Hide what is on the left, or show it again
key-right-panel = Right panel
key-right-panel-help = Hide what is on the right, or show it again
key-open-folder = Open a folder
key-open-folder-help = Another collection
key-palette = All commands
key-palette-help = Find a command by its name
key-help = Keys
key-help-help = This list
key-change-keys = Change keys
key-change-keys-help = Give a command another key, or its own again
key-messages = Messages
key-messages-help = Everything that was said since the window opened
key-back = Back
key-back-help = Close what is in front, or go back to the library

## Keys: places, lists and questions

scope-everywhere = Everywhere
scope-collection = In a collection
unfit-escape = Esc always leads back
unfit-tab = Tab always moves from control to control
unfit-alt = Alt belongs to the system
unfit-clipboard = Ctrl C, X and V belong to the clipboard
keys-none = no key
keys-or = { " " }or{ " " }
keys-command = the command “{ $name }”
keys-now = { $name } is { $key } now
keys-again = { $name } is { $key } again
keys-other = ; { $name } is { $key }
keys-note = Choose a command and press Enter, then its new key. Esc cancels.
close = Close
keys-reset-all = Reset all keys
keys-change = Change { $name }, { $place }: { $keys }
keys-reset = Reset
keys-reset-one = Reset { $name }, { $place }
keys-back-to = Back to { $key }
keys-of = The key of { $name }
keys-press = Press the new key
keys-now-it-is = { $unfit }Now it is { $keys }. Esc cancels.
keys-named = “{ $name }” ({ $place })
keys-and = { " " }and{ " " }
keys-means = { $key } already means { $names }.
cancel = Cancel
keys-swap =
    { $n ->
        [one] Swap: It gets { $key }
       *[other] Swap: They get { $key }
    }
keys-take =
    { $n ->
        [one] Take it: It loses it
       *[other] Take it: They lose it
    }
palette-orders = What do you want to look at?
palette-verbs = What do you want to do?
palette-command = Command
palette-none = No such command
palette-queue = Queue: { $name }
palette-order = Order: { $name }
palette-saved = saved query
vocabulary-bring-back = Bring back
keys-delivered = All keys are as they were delivered
keys-unknown = there is no command { $name }
keys-not-understood = the key of { $name } is not understood: { $value }
keys-taken = the key of { $name } already means { $other }
keys-not-used = Some keys of the settings file are not used: { $problems }
sides-none-left = There is no panel on the left here
sides-none-right = There is no panel on the right here
keys-change-them = Change the keys
overlay-keys = Keys
overlay-toggle = Toggle the n-th proposal
overlay-all-saved = Everything is on disk
overlay-can-close = You can close the window now.
overlay-close-window = Close the window
overlay-not-saved = Not everything is on disk
overlay-lost =
    { $n ->
        [one] { $n } change
       *[other] { $n } changes
    } cannot be written and would be lost. Free some space on the disk; it is tried again every two seconds.
overlay-lose = Close and lose them
overlay-keep-open = Keep the window open
overlay-no-messages = None so far.
overlay-ago = { $hint }{ $time } ago

## Orders, queues, and the state of pictures

order-nearest = Nearest first
order-name = By name
order-time = By time
order-uncertain = Least certain first
order-rare = Rare tags first
order-disagreeing = Against their like first
order-diverse = A varied batch first
order-doubts = Likely errors
order-changes = Changed proposals
order-copies = Duplicates
order-conflicts = Conflicts
order-name-help = In the order of their file names
order-time-help = By the time of the file, oldest first
order-uncertain-help = Undescribed pictures that the model is least sure of
order-rare-help = Undescribed pictures that promise examples of tags with few
order-disagreeing-help = Undescribed pictures whose proposals contradict what was said of similar ones
order-diverse-help = Two hundred undescribed pictures, each as unlike the others and the described ones as can be had
order-doubts-help = Tags that were probably forgotten or set by mistake. “Accept shown” keeps what is in question as it is
order-changes-help = Pictures that this model proposes otherwise for than the one before, contradictions of yours first
order-copies-help = Pictures that are there more than once, also smaller or saved anew, side by side
order-conflicts-help = Tags on which another curator, whose record was merged, said the opposite. Enter keeps what holds here
looked-all = All
looked-proposals = Has proposals
looked-reviewed = Reviewed
looked-never = Never looked at
looked-flagged = Flagged
looked-problems = Problems
looked-all-help = Every image of the folder
looked-proposals-help = Not reviewed yet, with at least one proposal above the threshold
looked-reviewed-help = Described in train.csv, or marked as reviewed here
looked-never-help = Nobody has said anything about them, here or in train.csv
looked-flagged-help = Put aside to come back to them
looked-problems-help = Files that cannot be shown

## Library

filters-state = State
filters-tags = Tags
filters-no-vocabulary = No vocabulary yet. Select a picture and press { $key } to make the first tag; it is written to labels.csv.
filters-fold = Fold or unfold
filters-not = not { $name }
filters-click = Click: only pictures with it. Ctrl: as well. Alt: only pictures without it
filters-either = with or without it
filters-with = only with it
filters-without = only without it
filters-name = Filter { $name }: { $state }
filters-help = { $state }. Click: with it, without it, either
order = Order
order-queue =
    { $name }: { $n ->
        [one] { $n } picture
       *[other] { $n } pictures
    }
order-chosen = Order: { $name }
order-by-folder = Group by folder
order-looking = Looking for: { $name }
order-stop = Stop
order-stop-name = Stop ordering
sections-copies =
    { $n ->
        [one] { $n } copy
       *[other] { $n } copies
    }
sections-folder =
    { $name }: { $n ->
        [one] { $n } image
       *[other] { $n } images
    }
sections-root = The folder itself
grid-nothing = Nothing matches
grid-nothing-help = No picture passes the filter as it is.
grid-clear = Clear the filter
grid-empty = { $folder } holds no JPEG, PNG, WebP, TIFF, GIF or BMP file, and neither do its sub-folders.
grid-no-pictures = No pictures found
grid-open-another = Open another folder…
grid-remove-filter = Remove the filter { $name }
grid-quoted = “{ $text }”
grid-shown =
    { $n } of { $all ->
        [one] { $all } image
       *[other] { $all } images
    }
grid-images =
    { $n ->
        [one] { $n } image
       *[other] { $n } images
    }
grid-selected = · { $n } selected
grid-left-out = { $part } is left out: { $why }
grid-flagged = , flagged
grid-cannot-be-shown = cannot be shown
grid-and-not-shown = , cannot be shown
grid-and-reviewed = , reviewed
grid-and-proposals = , has proposals
inspector-selected =
    { $n ->
        [one] { $n } image
       *[other] { $n } images
    } selected
inspector-tags-of = Tags of the selection
inspector-no-tags = None of them has a tag yet.
inspector-count = { $name }: { $count } of { $n }
inspector-all-have = { $name }. Click: take it away from all
inspector-some-have = { $name }. Click: take it away. Shift click: give it to the others too
inspector-all = All of them
inspector-add-all = Add a tag to all
inspector-review-first = Review from the first
inspector-nothing = Nothing selected
inspector-click = Click a picture, or move with the arrow keys. Shift and Ctrl select more. { $key } opens the review.
inspector-no-proposals = No proposals yet
inspector-picture = Picture
inspector-proposals = Proposals
inspector-remove = Tag { $name }, remove
inspector-remove-help = Click to take it away
inspector-rejected = Rejected { $name }, reconsider
inspector-rejected-help = Rejected. Click to leave it open again
inspector-root = in the folder itself
inspector-reviewed = reviewed here
inspector-described = described in train.csv
inspector-begun = begun, not reviewed
inspector-never = never looked at
inspector-flagged = flagged
inspector-camera = From the camera or scanner
inspector-who = Who said so
inspector-accepted = accepted
inspector-rejected-word = rejected
inspector-said = { $name }: { $verdict } by { $who }, { $time }
inspector-unasked = unasked
saved = Saved
saved-forget-help = Forget this query
saved-hint = Its name, then Enter
saved-name = Name of the query
saved-save = Save this query…
query-name = Filter by name, tag or query
query-hint = Words, or tag:… reviewed:no   { $key }
query-insert = Insert { $name }

## Review

review-in-question = In question
review-looking = Looking for similar pictures…
review-with-it = with it
review-without-it = without it
review-no-picture = no picture { $what } yet
review-most-similar = Most similar { $what }: { $image }
review-alike = { $what } · { $share } alike
review-go-there = { $name }. Click to go there
review-not-loaded = The model could not be loaded: { $problem }{ "\u000A" }{ $hint }{ "\u000A" }You can tag with { $key } all the same.
review-loading = The model is being loaded…
review-no-vocabulary = No vocabulary yet. Press { $key } to make the first tag; it is written to labels.csv.
review-cannot-look = The model cannot look at a picture that cannot be shown.
review-not-looked = The model has not looked at this picture yet…
review-tag-a-few = Tag a few pictures with { $key }: what looks like them is proposed from then on.
review-fine-tune =
    Fine-tune on the { $n ->
        [one] { $n } described picture
       *[other] { $n } described pictures
    } with { $key }.
review-untaught = No model has learned these tags yet. { $next }
review-nothing-above = nothing above the threshold of { $at }; the next best
review-below = below the threshold of { $at }
review-said-given = , given in train.csv
review-said-accepted = , accepted
review-said-rejected = , rejected
review-said-absent = , left out
review-missing = seems to be there
review-wrong = does not seem to be there
review-before = { $share } before
review-conflict = in conflict
review-settled = settled
review-forgotten = forgotten?
review-by-mistake = ✓ given by mistake?
review-yes-conflict = ✓ in conflict
review-no-conflict = × in conflict
review-given = ✓ given
review-accepted = ✓ accepted
review-rejected = rejected
review-left-out = left out
add-to-one = Add a tag to { $image }
add-to-many =
    Add a tag to { $n ->
        [one] { $n } image
       *[other] { $n } images
    }
add-hint = Type a few letters
add-field = Tag to add
add-did-you-mean = Did you mean
add-no-vocabulary = No vocabulary yet: type a word, Ctrl Enter makes it the first tag.
add-add = add
add-new = make a new tag
add-close = close
add-create = Create { $name }
add-no-namespace = no namespace
add-namespace = Namespace of the new tag
add-also-called = , also called { $alias }
add-one = Add { $name }{ $alias }
add-has-it = ✓ has it
picture-none = No picture to review
picture-none-help = This collection holds none.
picture-name = Picture { $image }
picture-loading = Loading…
picture-not-shown = This picture cannot be shown{ "\u000A" }{ "\u000A" }{ $problem }{ "\u000A" }{ $hint }
strip-go = Go to { $image }
strip-at = { $at } of { $n }
strip-not-in-list = not in this list of { $n }
strip-pace = { " " }· { $n } images a minute
strip-done = done, next
strip-accept = accept { $n } shown, next
strip-key-accept = accept
strip-key-reject = reject
strip-key-toggle = toggle
strip-key-skip = skip
strip-key-add = add a tag
strip-key-undo = undo
strip-key-help = all keys

## Sweep

sweep-tag = Tag to sweep
sweep-no-tag = No tag is proposed for a picture that nobody has judged for it.
sweep-probability = Probability
sweep-nothing-why = A sweep asks about pictures that nobody has described. None of those that the model has looked at so far has a proposal above the threshold.
sweep-nothing = Nothing to sweep
sweep-choose = Choose a tag on the left. Every page shows pictures that seem to have it, the likeliest first: mark the few that do not, and accept the rest with one key.
sweep-one-tag = One tag, many pictures
sweep-is-this = Is this
sweep-question = { $name }?
sweep-and-not-this = , not this
sweep-not-this = not this
sweep-look-again = look again
sweep-accept = accept the other { $n }, next page
sweep-move = move
sweep-undo = undo the page
sweep-move-cut = move the cut
sweep-closer = look closer
sweep-second-look = A second look at some of those accepted. Mark the ones that are not
sweep-last-page = Mark the ones that are not. Page { $page }, the last
sweep-page =
    Mark the ones that are not. Page { $page }, { $n ->
        [one] { $n } picture
       *[other] { $n } pictures
    } after it
sweep-nothing-about = Nothing to ask about { $name }
sweep-none-above = No picture that nobody has judged for it is above the cut. Lower the cut on the left to ask about less likely ones.
sweep-done = { $name } is done
sweep-done-help = Every picture above the cut has an answer. Lower the cut on the left to look for more, or take another tag.
sweep-to-library = Back to the Library
sweep-histogram = Pictures that nobody has judged for this tag, by probability (square roots of their numbers)
sweep-cut = Cut
sweep-cut-help = Pictures from here on are asked about ([ and ])
sweep-progress = Progress
sweep-with-tag = pictures with the tag
sweep-above = above the cut, not judged
sweep-below = below the cut, not judged
sweep-audit = Audit
sweep-audit-none = Some pictures accepted unmarked will be asked about again on later pages.
sweep-audit-so-far = { $agreed } of { $asked } hidden re-asks agreed: precision { $share } ({ $low }–{ $high })

## Vocabulary

vocabulary-find = Find a label
vocabulary-labels =
    { $n ->
        [one] { $n } label
       *[other] { $n } labels
    }
vocabulary-import-list = Import a list, or select a picture and press { $key } to make the first tag.
vocabulary-none = No vocabulary yet
vocabulary-no-such = No such label
vocabulary-label = Label
vocabulary-id =
    Id { $id }. On { $n ->
        [one] { $n } picture
       *[other] { $n } pictures
    }
vocabulary-elsewhere =
    { " " }here and { $n ->
        [one] { $n } row
       *[other] { $n } rows
    } of train.csv without a picture
vocabulary-retired = Retired: not proposed, listed or learned
vocabulary-also = Also called { $names }
vocabulary-this = This label
vocabulary-note = Everything here is written to labels.csv and train.csv, and taken back by the same undo as a decision.
vocabulary-example = Example { $image }
vocabulary-and-retired = , retired
vocabulary-row =
    { $name }{ $state }, { $n ->
        [one] { $n } picture
       *[other] { $n } pictures
    }
vocabulary-retired-count = retired  { $n }
label-rename = Rename { $name }
label-new-name = New name
label-name-hint = namespace::name
label-renames =
    One line of labels.csv changes; { $n ->
        [one] { $n } picture keeps
       *[other] { $n } pictures keep
    } the label under its new name.
label-still-finds = { $name } still finds it.
label-merge-into = Merge into { $name }
label-merge = Merge { $name } into
label-merge-field = Label to merge into
label-also-called = { $name }, also called { $alias }
label-no-such = No such label.
label-split = Split { $name }
label-split-field = Name of the new label
label-split-none = None of the selected pictures has it. { $key } in the list shows its pictures in the library: select some of them, then come back.
label-splits =
    { $n } of { $all ->
        [one] { $all } selected picture
       *[other] { $all } selected pictures
    } have { $name } and get the new label instead; { $stays ->
        [one] { $stays } picture keeps
       *[other] { $stays } pictures keep
    } it.
label-names-of = Other names of { $name }
label-names-note = Typing one of them finds the label, and no other label can be made of them.
label-another = Another name
label-another-hint = A word, or namespace::name
label-add-name = Add this name
label-remove = Remove
label-remove-name = Remove the name { $alias }
label-type-names = Type names instead
label-import-hint = One name a line, such as tag::chairs
label-import-field = Names, one a line
label-choose-list = Choose a list or a labels.csv…
label-problem = Line { $line }: { $problem } ({ $hint })
label-more = and { $n } more
label-import =
    Import { $n ->
        [one] { $n } label
       *[other] { $n } labels
    }
label-imports =
    { $new } new, { $known } there already, { $odd ->
        [one] { $odd } odd line
       *[other] { $odd } odd lines
    }
label-merges =
    { $n ->
        [one] { $n } picture
       *[other] { $n } pictures
    } change: { $gain } get { $into }, { $had } had it already.
label-overruled = For { $n } of them it was rejected by name; they get it all the same.
label-merged-from = { $from } is retired, and is another name of { $into } from now on.
label-retire = Retire { $name }
label-retire-note = It is not proposed, listed or learned any more. Its line in labels.csv and its id stay its own.
label-retire-keep =
    Retire it, keep it on { $n ->
        [one] { $n } picture
       *[other] { $n } pictures
    }
label-retire-lose =
    Retire it, take it off { $n ->
        [one] { $n } picture
       *[other] { $n } pictures
    }

## Train

train-recipe = Recipe
train-start =
    Fine-tune on { $n ->
        [one] { $n } image
       *[other] { $n } images
    }
train-again = Fine-tune again afterwards
train-too-little =
    There is too little to learn from: { $n ->
        [one] { $n } picture is
       *[other] { $n } pictures are
    } described so far. Tag about 20 pictures (at least { $least }) in the review, with { $key } for tags that are not proposed, then come back.
train-promote = Use it at once if it is clearly better
train-promote-help = Otherwise you are asked
train-made-here =
    { $decisions ->
        [one] { $decisions } decision
       *[other] { $decisions } decisions
    } made here, { $n ->
        [one] { $n } image
       *[other] { $n } images
    } reviewed. Tags that nobody has judged are left out.
train-meanwhile = You can go on reviewing meanwhile. { $about }
train-learn = Learn from what was decided
train-paused = Paused
train-running = Fine-tuning
stopping = Stopping…
train-stop-help = Nothing is changed
train-go-on = Go on
train-offer = { $name }: { $words }
train-use-now = Use { $name } now
train-keep = Keep { $name }
train-before-first = before its first epoch
train-in-epoch = in epoch { $at } of { $all }
train-interrupted =
    A fine-tune on { $n ->
        [one] { $n } image
       *[other] { $n } images
    } from { $model } was interrupted { $epoch }
train-forget = Forget it
train-resume-help = Ends with the same model as if it had never stopped
train-resume = Go on with it
train-starting = starting…
train-looking = looking at pictures
train-warming = warming up: what is new learns first
train-measuring = measuring the model as it is…
train-epoch = epoch { $at } of { $all }{ $left }
train-checkpoints = Checkpoints
train-none-yet = None yet.
column-name = name
column-from = from
column-network = network
column-f2-micro = F2 micro
column-f2-image = F2 per image
column-map = mAP
column-threshold = threshold
column-made = made
train-learned =
    learned from { $n ->
        [one] { $n } image
       *[other] { $n } images
    }, judged on { $valid }; { $decisions ->
        [one] { $decisions } decision
       *[other] { $decisions } decisions
    } made here among them
train-learned-from = which and what was known of each: learned_from.csv in its folder
train-kept = , epoch { $epoch } kept
train-how = { $depth }, { $loss }, { $epochs } epochs{ $kept }, seed { $seed }
train-beside = beside { $model }: { $words }
train-in-use = in use
train-loading = loading…
train-use = Use
train-use-name = Use { $name }
train-use-help = Let this one propose from now on
recipe-more = More
recipe-save-hint = save as…
recipe-name = Name of the recipe
recipe-save = Save
recipe-save-help = Keep this recipe in the collection
recipe-save-name = Save the recipe
recipe-saved-here = saved here
recipe-changed = changed
recipe-help = What comes with the program, and what was saved here
recipe-head = head
recipe-last = last stage
recipe-everything = everything
recipe-learns = Learns
recipe-learns-help = How much of the network: the head takes seconds, the rest hours
recipe-attention-help = The report's residual attention tail on the network; it has to be learned from nothing
recipe-attention = Attention
recipe-focal = focal
recipe-binary = binary
recipe-asymmetric = asymmetric
recipe-loss-help = Focal turns to the tags that are hard, binary treats all alike, asymmetric favours the few that are there
recipe-loss = Loss
recipe-gamma = Focus γ
recipe-gamma-help = How much more a hard tag counts; 2 is usual, 0 is none
recipe-present = Focus, present
recipe-present-help = For tags that are there; 0 is usual
recipe-absent = Focus, absent
recipe-absent-help = For tags that are not there; 4 is usual
recipe-clip = Clip
recipe-clip-help = Absent tags less likely than this count nothing; 0.05 is usual
recipe-epochs = Epochs
recipe-epochs-help = How often every image is seen; the best epoch is kept
recipe-rate = Rate
recipe-rate-help = Learning rate of the head, at its highest
recipe-time = Time budget
recipe-time-help = The run ends then with its best epoch; 0 is no limit
recipe-constant = constant
recipe-cosine = cosine
recipe-one-cycle = one cycle
recipe-plateau = plateau
recipe-schedule = Schedule
recipe-schedule-help = How the rate moves over the run
recipe-augmentation = Augmentation
recipe-augmentation-help = How pictures are varied each time they are seen
recipe-batch = Images per step
recipe-batch-help = More is steadier and needs more memory
recipe-as-model = as the model
recipe-pictures = Pictures
recipe-pictures-help = What the network is shown of a picture
recipe-validation = Validation
recipe-validation-help = Share of the images kept back to judge by
recipe-unnamed-help = How strongly a tag that nobody named on a reviewed image counts as absent; rejected ones always count
recipe-unnamed = Unnamed tags
recipe-rare-help = Images with a tag rarer than this are shown more often; 0 shows all alike
recipe-rare = Rare below
recipe-patience = Patience
recipe-patience-help = Ends after so many epochs without a better one; 0 never does
recipe-best-f2 = best F2
recipe-lowest-loss = lowest loss
recipe-keeps = Keeps
recipe-keeps-help = Which epoch the run ends with, by the images kept back
recipe-seed = Seed
recipe-seed-help = The same data, seed and device give the same model
recipe-about-head = The backbone stays as it is; a new head learns on it.
recipe-about-last =
    The head learns first, then the last stage with it, for at most { $n ->
        [one] { $n } epoch
       *[other] { $n } epochs
    }.
recipe-about-all =
    The head learns first, then the whole network with it, for at most { $n ->
        [one] { $n } epoch
       *[other] { $n } epochs
    }.
recipe-the-head = the head
recipe-the-last = head and last stage
recipe-the-network = the whole network
models-begin = Models to begin with
models-note = Networks that have seen a million photographs. Use one, then fine-tune: its head is made for your tags. Fetching is the only thing in Docent that goes to the network: it asks the Hugging Face Hub for these files and sends nothing but the request.
models-here = On this computer.
models-another-hint = another one: owner/name on the Hub
models-another = Another model: owner/name on the Hub
models-fetch = Fetch
models-fetch-named = Fetch the model named here
models-names = Names look like timm/resnet50.a1_in1k
models-use-help = Let this one look at the pictures from now on
models-by-hand = By hand…
models-copy-how = Copy how to get { $id }
models-copy-help = { $how }{ "\u000A" }Click to copy this
models-fetch-id = Fetch { $id }, { $about }
models-fetch-help = From the Hugging Face Hub, onto this computer
models-stop = Stop fetching
models-asking = asking the Hub…
models-waiting = waiting…
models-bytes = { $done } of { $total }
models-checking = checking…
plot-training = training
plot-validation = validation
plot-micro = micro
plot-per-image = per image
plot-in-use = in use, micro
plot-f2 = F2, validation

## Messages

scout-loading = The model is still being loaded. Try again in a moment
scout-no-other = No other model has proposed since this folder was opened: fine-tune first
scout-left-out =
    { "." } { $n ->
        [one] { $n } picture
       *[other] { $n } pictures
    } could not be considered yet
scout-no-copies = No picture is there twice
scout-copies =
    { $n ->
        [one] { $n } picture is
       *[other] { $n } pictures are
    } there more than once: { $files } files
scout-no-doubts = No tag is in doubt
scout-doubts =
    Tags of { $n ->
        [one] { $n } picture
       *[other] { $n } pictures
    } are in doubt. R to look at them
scout-no-changes = The two models propose the same
scout-changes =
    Proposals of { $n ->
        [one] { $n } picture
       *[other] { $n } pictures
    } have changed. R to look at them
scout-no-conflicts = No other curator contradicts: docent merge brings another's record here
scout-conflicts =
    Curators contradict each other on { $n ->
        [one] { $n } picture
       *[other] { $n } pictures
    }. R to look at them
scout-all-described = Every picture that the model has looked at is described
scout-varied =
    A varied batch of { $n ->
        [one] { $n } picture
       *[other] { $n } pictures
    } comes first
scout-ordered =
    { $n ->
        [one] { $n } picture
       *[other] { $n } pictures
    } in this order, described ones after them
said-not-on-disk = this collection has decisions that are not on disk yet
said-free-space = free some space on its disk, then open the other one
said-select-first = Select a picture first, then add a tag to it
said-last-picture = That was the last picture of this list
said-tag = tag { $id }
said-everything-shown = Everything is shown: type a query first, then save it
said-were-hidden = The proposals were hidden. Press again to decide
sides-hidden = Hidden: the { $what }. { $key } shows it again
side-filters = filters
side-inspector = selection
side-proposals = proposals
side-sweep = list of tags
side-recipe = recipe
side-charts = list of charts
side-label = label in focus
said-signed = Decisions are signed { $name } from now on
said-first-model = This is the first model of the collection
said-rolled-back = Back to { $before }; the same key returns to { $now }
said-quality = : F2 micro { $micro }, per image { $image }
said-learned =
    Learned from { $n ->
        [one] { $n } image
       *[other] { $n } images
    } in { $time }{ $quality }
said-stopped = Stopped. Nothing was changed
said-not-used-yet = { $name } is not used yet: { $words }
said-recipe-kept = The recipe is kept as { $name }
said-swept-all =
    { $n ->
        [one] { $n } picture
       *[other] { $n } pictures
    } accepted
said-swept =
    { $n ->
        [one] { $n } picture
       *[other] { $n } pictures
    } accepted, { $rejected } rejected
said-nothing-to-undo = There is nothing to undo
said-nothing-to-redo = There is nothing to redo
said-vocabulary-changed = The vocabulary has changed since: this cannot be done again
said-undone = Undone
said-redone = Done again
said-what = { $what }: { $words }
said-merge = { $what }: the merge of another record
said-accepted = accepted
said-rejected = rejected
said-left-open = left open
said-marked = marked as reviewed
said-flagged = flagged
said-more = { " " }and { $n } more
said-step = { $what }: { $words }{ $more }, { $image }
said-has-already = The picture has { $name } already
said-all-have = All of them have { $name } already
said-added =
    { $name } added to { $n ->
        [one] { $n } picture
       *[other] { $n } pictures
    }
said-none-before = No other picture was under review before this one
said-nothing-lacking = { $image } has no tag that this picture lacks
said-copied =
    { $n ->
        [one] { $n } tag
       *[other] { $n } tags
    } copied from { $image }
said-taken-away =
    { $name } taken away from { $n ->
        [one] { $n } picture
       *[other] { $n } pictures
    }
said-put-aside =
    { $n ->
        [one] { $n } picture
       *[other] { $n } pictures
    } flagged, to come back to
said-taken-up =
    { $n ->
        [one] { $n } picture
       *[other] { $n } pictures
    } flagged no more
said-interrupted =
    A fine-tune on { $n ->
        [one] { $n } image
       *[other] { $n } images
    } was interrupted. The Train page can go on with it
said-kept-elsewhere = This folder cannot be written. Your decisions are kept in { $place }
said-findings =
    { $n ->
        [one] { $n } problem
       *[other] { $n } problems
    } in labels.csv or train.csv; everything else is loaded
said-contested =
    Curators contradict each other on { $n ->
        [one] { $n } tag
       *[other] { $n } tags
    }. O, then Conflicts, to settle them
said-not-usable = { $id } was fetched, but cannot be used here. { $problem }
said-here-now = { $id } is on this computer now
said-licence = , licence { $licence }. { $warning }
said-fetch-stopped = Stopped. The next fetch of { $id } goes on where this one was
said-and-pictures =
    , { $n ->
        [one] { $n } picture
       *[other] { $n } pictures
    }
said-renamed = { $before } renamed { $name }
said-imported = { $n } labels imported
said-split-off = { $name } split off{ $pictures }
said-label-added = { $name } added to the vocabulary
said-brought-back = { $name } brought back
said-merged = { $from } merged into { $into }{ $pictures }
said-retired = { $name } retired{ $pictures }
said-another-name = { $alias } is another name of { $name }
said-no-name = { $alias } is no name any more
name-title = Your name
name-signs = Signs every decision from now on. Empty: { $account }, the name of the account.
name-of-file = This is the name of a file, by which edits outside Docent are signed.
name-sign = Sign with this name
toast-dismiss = Dismiss this message
drop-here = Drop to open this folder

## Insights

insights-behind =
    { $n ->
        [one] { $n } picture
       *[other] { $n } pictures
    }: { $name }. { $key } leads back to the charts, × beside the name shows all pictures
insights-saved = Saved as { $path }
insights-charts = Charts
insights-click = Click a bar or a mark to see the pictures behind it in the Library. { $key } leads back here.
insights-unread = The record could not be read: { $problem }
insights-counting = The collection is being counted.
insights-csv = Save as CSV…
insights-png = Save as PNG…
insights-save = Save { $topic } as { $format }
insights-reading = Reading sizes: { $done } of { $n }
insights-stop = Stop reading sizes
insights-go-on = Go on reading sizes
insights-by = { $title }, by { $axis }
insights-in-all = { $n } in all
insights-height = height
insights-width = width
insights-elongated = , elongated
