//! The table of keys.

use eframe::egui::Key;

use super::{Binding, Chord, Scope, Verb};

const fn plain(key: Key) -> Chord {
    Chord { key, command: false, shift: Some(false) }
}

const fn any_shift(key: Key) -> Chord {
    Chord { key, command: false, shift: None }
}

const fn shift(key: Key) -> Chord {
    Chord { key, command: false, shift: Some(true) }
}

const fn ctrl(key: Key) -> Chord {
    Chord { key, command: true, shift: Some(false) }
}

const fn ctrl_shift(key: Key) -> Chord {
    Chord { key, command: true, shift: Some(true) }
}

macro_rules! bindings {
    ($($scope:ident: $verb:expr, [$($chord:expr),+], $shown:literal, $name:literal, $help:literal, $repeats:literal;)+) => {
        &[$(Binding {
            verb: $verb,
            chords: &[$($chord),+],
            shown: $shown,
            name: $name,
            help: $help,
            scope: Scope::$scope,
            repeats: $repeats,
        }),+]
    };
}

/// All of them; the order is that of the help window.
pub const BINDINGS: &[Binding] = bindings![
    Review: Verb::Accept, [plain(Key::A)], "A", "Accept", "The picture has the tag in focus", false;
    Review: Verb::Reject, [plain(Key::X)], "X", "Reject", "The picture does not have it; it is not proposed again", false;
    Review: Verb::Toggle(1), [plain(Key::Num1)], "1", "Toggle the 1st proposal", "Accept it, or take that back", false;
    Review: Verb::Toggle(2), [plain(Key::Num2)], "2", "Toggle the 2nd proposal", "Accept it, or take that back", false;
    Review: Verb::Toggle(3), [plain(Key::Num3)], "3", "Toggle the 3rd proposal", "Accept it, or take that back", false;
    Review: Verb::Toggle(4), [plain(Key::Num4)], "4", "Toggle the 4th proposal", "Accept it, or take that back", false;
    Review: Verb::Toggle(5), [plain(Key::Num5)], "5", "Toggle the 5th proposal", "Accept it, or take that back", false;
    Review: Verb::Toggle(6), [plain(Key::Num6)], "6", "Toggle the 6th proposal", "Accept it, or take that back", false;
    Review: Verb::Toggle(7), [plain(Key::Num7)], "7", "Toggle the 7th proposal", "Accept it, or take that back", false;
    Review: Verb::Toggle(8), [plain(Key::Num8)], "8", "Toggle the 8th proposal", "Accept it, or take that back", false;
    Review: Verb::Toggle(9), [plain(Key::Num9)], "9", "Toggle the 9th proposal", "Accept it, or take that back", false;
    Review: Verb::AcceptShown, [plain(Key::Enter)], "Enter", "Accept shown, next", "Accept what is above the threshold and not rejected, mark the picture as reviewed, go on", false;
    Review: Verb::Skip, [plain(Key::Space)], "Space", "Skip", "Go on without saying anything", false;
    Review: Verb::FocusUp, [plain(Key::ArrowUp)], "↑", "Proposal above", "Move the focus up", true;
    Review: Verb::FocusDown, [plain(Key::ArrowDown)], "↓", "Proposal below", "Move the focus down", true;
    Review: Verb::Previous, [plain(Key::ArrowLeft)], "←", "Previous picture", "Without saying anything", true;
    Review: Verb::Next, [plain(Key::ArrowRight)], "→", "Next picture", "Without saying anything", true;
    Review: Verb::CopyTags, [plain(Key::C)], "C", "Copy tags", "Those of the picture that was under review before", false;
    Review: Verb::Why, [plain(Key::W)], "W", "Why", "Show the most similar described pictures with the tag in focus and without it, or not any more", false;
    Review: Verb::ZoomIn, [any_shift(Key::Plus), any_shift(Key::Equals)], "+", "Zoom in", "Closer", true;
    Review: Verb::ZoomOut, [any_shift(Key::Minus)], "-", "Zoom out", "Further away", true;
    Review: Verb::ZoomActual, [plain(Key::Num0)], "0", "Actual size", "One pixel of the picture for one of the screen", false;
    Review: Verb::ZoomFit, [plain(Key::F)], "F", "Fit", "The whole picture", false;
    Sweep: Verb::SweepMark, [plain(Key::X)], "X", "Not this", "The picture in focus does not have the tag; once more: it does", false;
    Sweep: Verb::SweepFinish, [plain(Key::Enter)], "Enter", "Accept the others, next page", "Reject what is marked, accept everything else on the page, turn it", false;
    Sweep: Verb::SweepCloser, [plain(Key::V)], "V", "Look closer", "The picture in focus, in the Review", false;
    Sweep: Verb::SweepLeft, [plain(Key::ArrowLeft)], "←", "Left", "To the picture on the left", true;
    Sweep: Verb::SweepRight, [plain(Key::ArrowRight)], "→", "Right", "To the picture on the right", true;
    Sweep: Verb::SweepUp, [plain(Key::ArrowUp)], "↑", "Up", "To the picture above", true;
    Sweep: Verb::SweepDown, [plain(Key::ArrowDown)], "↓", "Down", "To the picture below", true;
    Sweep: Verb::CutLower, [any_shift(Key::OpenBracket)], "[", "Lower the cut", "Ask about less likely pictures too", true;
    Sweep: Verb::CutHigher, [any_shift(Key::CloseBracket)], "]", "Raise the cut", "Ask about likelier pictures only", true;
    Library: Verb::OpenInReview, [plain(Key::Enter)], "Enter", "Review from here", "Open the review at this picture", false;
    Library: Verb::MoveLeft, [plain(Key::ArrowLeft)], "←", "Left", "Select the picture to the left", true;
    Library: Verb::MoveRight, [plain(Key::ArrowRight)], "→", "Right", "Select the picture to the right", true;
    Library: Verb::MoveUp, [plain(Key::ArrowUp)], "↑", "Up", "Select the picture above", true;
    Library: Verb::MoveDown, [plain(Key::ArrowDown)], "↓", "Down", "Select the picture below", true;
    Library: Verb::ExtendLeft, [shift(Key::ArrowLeft)], "Shift ←", "Extend left", "Select up to the picture to the left", true;
    Library: Verb::ExtendRight, [shift(Key::ArrowRight)], "Shift →", "Extend right", "Select up to the picture to the right", true;
    Library: Verb::ExtendUp, [shift(Key::ArrowUp)], "Shift ↑", "Extend up", "Select up to the picture above", true;
    Library: Verb::ExtendDown, [shift(Key::ArrowDown)], "Shift ↓", "Extend down", "Select up to the picture below", true;
    Library: Verb::SelectAll, [ctrl(Key::A)], "Ctrl A", "Select all", "Every picture that is shown", false;
    Library: Verb::ThumbnailsLarger, [Chord { key: Key::Plus, command: true, shift: None }, Chord { key: Key::Equals, command: true, shift: None }], "Ctrl +", "Larger thumbnails", "Fewer and larger", true;
    Library: Verb::ThumbnailsSmaller, [Chord { key: Key::Minus, command: true, shift: None }], "Ctrl -", "Smaller thumbnails", "More and smaller", true;
    Vocabulary: Verb::LabelAbove, [plain(Key::ArrowUp)], "↑", "Label above", "Move the focus up", true;
    Vocabulary: Verb::LabelBelow, [plain(Key::ArrowDown)], "↓", "Label below", "Move the focus down", true;
    Vocabulary: Verb::LabelImages, [plain(Key::Enter)], "Enter", "Show its pictures", "In the library, those that have the label", false;
    Vocabulary: Verb::RenameLabel, [plain(Key::E)], "E", "Rename", "The label gets another name; the old one still finds it", false;
    Vocabulary: Verb::MergeLabel, [plain(Key::M)], "M", "Merge", "Its pictures get another label instead, and it is retired", false;
    Vocabulary: Verb::SplitLabel, [plain(Key::P)], "P", "Split", "The selected pictures that have it get a new label instead", false;
    Vocabulary: Verb::RetireLabel, [plain(Key::X)], "X", "Retire", "It is not proposed or listed any more; once more brings it back", false;
    Vocabulary: Verb::AliasLabel, [plain(Key::A)], "A", "Other names", "Words under which it is found too", false;
    Vocabulary: Verb::ImportLabels, [plain(Key::N)], "N", "Import labels", "From a list of names or a labels.csv", false;
    Collection: Verb::AddTag, [any_shift(Key::Slash)], "/", "Add a tag", "Type a few letters; Enter adds, Ctrl Enter makes a new tag", false;
    Collection: Verb::Undo, [plain(Key::Backspace), ctrl(Key::Z)], "⌫", "Undo", "Take the last step back", false;
    Collection: Verb::PauseLearning, [ctrl(Key::L)], "Ctrl L", "Pause learning", "Learn nothing from decisions for now, or go on; nothing is lost", false;
    Collection: Verb::FineTune, [ctrl(Key::T)], "Ctrl T", "Fine-tune", "Learn from what was decided, with the recipe of the Train page", false;
    Collection: Verb::PauseFineTune, [ctrl_shift(Key::P)], "Ctrl ⇧ P", "Pause fine-tuning", "Hold it, or let it go on", false;
    Collection: Verb::RollBack, [ctrl(Key::B)], "Ctrl B", "Back to the model before", "The same key returns", false;
    Collection: Verb::StopFineTune, [ctrl_shift(Key::T)], "Ctrl ⇧ T", "Stop fine-tuning", "Nothing is written then", false;
    Collection: Verb::Redo, [ctrl(Key::Y), ctrl_shift(Key::Z)], "Ctrl Y", "Redo", "Do it again", false;
    Collection: Verb::ShowLibrary, [plain(Key::G)], "G", "Library", "All pictures", false;
    Collection: Verb::ShowReview, [plain(Key::R)], "R", "Review", "One picture and its proposals", false;
    Collection: Verb::ShowSweep, [plain(Key::S)], "S", "Sweep", "One tag, many pictures", false;
    Collection: Verb::ShowTrain, [plain(Key::T)], "T", "Train", "Learn from what was decided", false;
    Collection: Verb::ShowInsights, [plain(Key::I)], "I", "Insights", "Charts of the collection, each leading to the pictures behind it", false;
    Collection: Verb::ShowVocabulary, [plain(Key::L)], "L", "Vocabulary", "Rename, merge, split, retire and import labels", false;
    Collection: Verb::FocusFilter, [ctrl(Key::F)], "Ctrl F", "Filter", "By name, tag or a query such as tag:chairs reviewed:no", false;
    Collection: Verb::SaveQuery, [ctrl(Key::S)], "Ctrl S", "Save the query", "Give what the Library shows now a name; it is listed on the left", false;
    Collection: Verb::Flag, [plain(Key::Q)], "Q", "Flag", "Put the picture or the selection aside, to come back to it; once more takes it up again", false;
    Collection: Verb::ShowSimilar, [plain(Key::D)], "D", "Similar pictures", "In the library, those that look most like this one, nearest first", false;
    Collection: Verb::GroupByFolder, [ctrl(Key::G)], "Ctrl G", "Group by folder", "The library in parts, one for each folder, or not", false;
    Collection: Verb::Order, [plain(Key::O)], "O", "Order and queues", "What to look at next: orders, likely errors, changed proposals", false;
    Collection: Verb::LeftPanel, [plain(Key::F9)], "F9", "Left panel", "Hide what is on the left, or show it again", false;
    Collection: Verb::RightPanel, [plain(Key::F10)], "F10", "Right panel", "Hide what is on the right, or show it again", false;
    Everywhere: Verb::OpenFolder, [ctrl(Key::O)], "Ctrl O", "Open a folder", "Another collection", false;
    Everywhere: Verb::Palette, [ctrl(Key::K)], "Ctrl K", "All commands", "Find a command by its name", false;
    Everywhere: Verb::Help, [any_shift(Key::Questionmark), plain(Key::F1)], "?", "Keys", "This list", false;
    Everywhere: Verb::ChangeKeys, [ctrl_shift(Key::K)], "Ctrl ⇧ K", "Change keys", "Give a command another key, or its own again", false;
    Everywhere: Verb::Messages, [plain(Key::F8)], "F8", "Messages", "Everything that was said since the window opened", false;
    Everywhere: Verb::Back, [plain(Key::Escape)], "Esc", "Back", "Close what is in front, or go back to the library", false;
];
