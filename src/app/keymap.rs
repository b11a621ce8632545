//! Every verb the keyboard knows: one table feeds the shortcuts, the help window, the palette and the tooltips, so a
//! verb cannot exist without a key, a name and a help text.

use eframe::egui;
use egui::Key;

use super::state::View;

/// What a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verb {
    ShowLibrary,
    ShowReview,
    ShowSweep,
    ShowTrain,
    ShowInsights,
    OpenFolder,
    FocusFilter,
    Order,
    Palette,
    Help,
    Back,
    Undo,
    Redo,
    AddTag,
    PauseLearning,
    FineTune,
    PauseFineTune,
    RollBack,
    StopFineTune,

    MoveLeft,
    MoveRight,
    MoveUp,
    MoveDown,
    ExtendLeft,
    ExtendRight,
    ExtendUp,
    ExtendDown,
    SelectAll,
    OpenInReview,
    ThumbnailsLarger,
    ThumbnailsSmaller,

    SweepMark,
    SweepFinish,
    SweepCloser,
    SweepLeft,
    SweepRight,
    SweepUp,
    SweepDown,
    CutLower,
    CutHigher,

    Accept,
    Reject,
    /// The n-th proposal, from 1.
    Toggle(u8),
    AcceptShown,
    Skip,
    Previous,
    Next,
    FocusUp,
    FocusDown,
    CopyTags,
    Why,
    ZoomIn,
    ZoomOut,
    ZoomActual,
    ZoomFit,
}

/// Where a verb works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    Everywhere,
    /// Wherever a collection is open.
    Collection,
    Library,
    Review,
    Sweep,
}

impl Scope {
    pub const ALL: [Self; 5] = [Self::Review, Self::Sweep, Self::Library, Self::Collection, Self::Everywhere];

    pub fn name(self) -> &'static str {
        match self {
            Self::Everywhere => "Everywhere",
            Self::Collection => "In a collection",
            Self::Library => "Library",
            Self::Review => "Review",
            Self::Sweep => "Sweep",
        }
    }

    fn holds(self, view: Option<View>) -> bool {
        match self {
            Self::Everywhere => true,
            Self::Collection => view.is_some(),
            Self::Library => view == Some(View::Library),
            Self::Review => view == Some(View::Review),
            Self::Sweep => view == Some(View::Sweep),
        }
    }
}

/// A key with the modifiers that matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Chord {
    pub key: Key,
    /// Ctrl, or Cmd on a Mac.
    pub command: bool,
    /// `None`: it does not matter, as with `?`, which some keyboards have under shift.
    pub shift: Option<bool>,
}

#[derive(Debug, Clone, Copy)]
pub struct Binding {
    pub verb: Verb,
    pub chords: &'static [Chord],
    /// As drawn on the key.
    pub shown: &'static str,
    pub name: &'static str,
    pub help: &'static str,
    pub scope: Scope,
    /// Whether holding the key repeats it: never for decisions.
    pub repeats: bool,
}

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
    Collection: Verb::AddTag, [any_shift(Key::Slash)], "/", "Add a tag", "Type a few letters; Enter adds, Ctrl Enter makes a new tag", false;
    Collection: Verb::Undo, [plain(Key::Backspace), ctrl(Key::Z)], "⌫", "Undo", "Take the last step back; also Ctrl Z", false;
    Collection: Verb::PauseLearning, [ctrl(Key::L)], "Ctrl L", "Pause learning", "Learn nothing from decisions for now, or go on; nothing is lost", false;
    Collection: Verb::FineTune, [ctrl(Key::T)], "Ctrl T", "Fine-tune", "Learn from what was decided, with the recipe of the Train page", false;
    Collection: Verb::PauseFineTune, [ctrl_shift(Key::P)], "Ctrl ⇧ P", "Pause fine-tuning", "Hold it, or let it go on", false;
    Collection: Verb::RollBack, [ctrl(Key::B)], "Ctrl B", "Back to the model before", "The same key returns", false;
    Collection: Verb::StopFineTune, [ctrl_shift(Key::T)], "Ctrl ⇧ T", "Stop fine-tuning", "Nothing is written then", false;
    Collection: Verb::Redo, [ctrl_shift(Key::Z), ctrl(Key::Y)], "Ctrl Y", "Redo", "Do it again; also Ctrl Shift Z", false;
    Collection: Verb::ShowLibrary, [plain(Key::G)], "G", "Library", "All pictures", false;
    Collection: Verb::ShowReview, [plain(Key::R)], "R", "Review", "One picture and its proposals", false;
    Collection: Verb::ShowSweep, [plain(Key::S)], "S", "Sweep", "One tag, many pictures", false;
    Collection: Verb::ShowTrain, [plain(Key::T)], "T", "Train", "Learn from what was decided", false;
    Collection: Verb::ShowInsights, [plain(Key::I)], "I", "Insights", "Charts of the collection, each leading to the pictures behind it", false;
    Collection: Verb::FocusFilter, [ctrl(Key::F)], "Ctrl F", "Filter", "By file name and tag", false;
    Collection: Verb::Order, [plain(Key::O)], "O", "Order and queues", "What to look at next: orders, likely errors, changed proposals", false;
    Everywhere: Verb::OpenFolder, [ctrl(Key::O)], "Ctrl O", "Open a folder", "Another collection", false;
    Everywhere: Verb::Palette, [ctrl(Key::K)], "Ctrl K", "All commands", "Find a command by its name", false;
    Everywhere: Verb::Help, [any_shift(Key::Questionmark), plain(Key::F1)], "?", "Keys", "This list", false;
    Everywhere: Verb::Back, [plain(Key::Escape)], "Esc", "Back", "Close what is in front, or go back to the library", false;
];

pub fn binding(verb: Verb) -> &'static Binding {
    BINDINGS.iter().find(|binding| binding.verb == verb).unwrap_or(&BINDINGS[0]) // A test makes sure that every verb has one.
}

/// `Accept the tag (A)`, for tooltips.
pub fn tooltip(verb: Verb) -> String {
    let binding = binding(verb);
    format!("{} ({})", binding.help, binding.shown)
}

/// What the keyboard is busy with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Busy {
    /// A text field has the keyboard: letters are letters.
    pub typing: bool,
    /// Some control was reached with Tab: Enter, Space and arrows are its own.
    pub on_control: bool,
    /// A window lies over the view: only it can be closed.
    pub covered: bool,
}

/// The verb of a key press. `view`: `None` where no collection is open.
pub fn verb(key: Key, modifiers: egui::Modifiers, repeat: bool, view: Option<View>, busy: Busy) -> Option<Verb> {
    if modifiers.alt {
        return None;
    }
    let binding = BINDINGS.iter().find(|binding| {
        binding.scope.holds(view)
            && binding.chords.iter().any(|chord| {
                chord.key == key
                    && chord.command == modifiers.command
                    && chord.shift.is_none_or(|shift| shift == modifiers.shift)
            })
    })?;
    if repeat && !binding.repeats {
        return None;
    }
    let escape = binding.verb == Verb::Back;
    let own_of_text = !modifiers.command || matches!(key, Key::A | Key::Z | Key::Y | Key::Backspace);
    let own_of_control =
        matches!(key, Key::Enter | Key::Space | Key::ArrowLeft | Key::ArrowRight | Key::ArrowUp | Key::ArrowDown)
            && !modifiers.any();
    let taken = if busy.typing {
        own_of_text && !(escape && busy.covered)
    } else {
        (busy.covered && !escape) || (busy.on_control && (own_of_control || (escape && !busy.covered)))
    };
    (!taken && (!busy.covered || escape)).then_some(binding.verb)
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::Modifiers;

    fn pressed(key: Key, modifiers: Modifiers, view: View) -> Option<Verb> {
        verb(key, modifiers, false, Some(view), Busy::default())
    }

    #[test]
    fn no_key_means_two_things_in_one_place() {
        for (position, a) in BINDINGS.iter().enumerate() {
            for b in &BINDINGS[position + 1..] {
                assert_ne!(a.verb, b.verb, "{} is bound twice", a.name);
                let together = a.scope == b.scope
                    || [a.scope, b.scope].iter().any(|scope| matches!(scope, Scope::Everywhere | Scope::Collection));
                for x in a.chords {
                    for y in b.chords {
                        let clash = x.key == y.key
                            && x.command == y.command
                            && (x.shift.is_none() || y.shift.is_none() || x.shift == y.shift);
                        assert!(!(together && clash), "{} and {} share {:?}", a.name, b.name, x.key);
                    }
                }
            }
        }
    }

    #[test]
    fn keys_mean_what_the_design_says() {
        let (none, command) = (Modifiers::NONE, Modifiers::COMMAND);
        for (key, modifiers, view, expected) in [
            (Key::A, none, View::Review, Some(Verb::Accept)),
            (Key::A, none, View::Library, None),
            (Key::A, command, View::Library, Some(Verb::SelectAll)),
            (Key::X, none, View::Review, Some(Verb::Reject)),
            (Key::Num3, none, View::Review, Some(Verb::Toggle(3))),
            (Key::Enter, none, View::Review, Some(Verb::AcceptShown)),
            (Key::Enter, none, View::Library, Some(Verb::OpenInReview)),
            (Key::Space, none, View::Review, Some(Verb::Skip)),
            (Key::Backspace, none, View::Review, Some(Verb::Undo)),
            (Key::Z, command, View::Train, Some(Verb::Undo)),
            (Key::Z, command | Modifiers::SHIFT, View::Train, Some(Verb::Redo)),
            (Key::Slash, none, View::Review, Some(Verb::AddTag)),
            (Key::Slash, Modifiers::SHIFT, View::Review, Some(Verb::AddTag)),
            (Key::Questionmark, Modifiers::SHIFT, View::Review, Some(Verb::Help)),
            (Key::G, none, View::Review, Some(Verb::ShowLibrary)),
            (Key::Num0, none, View::Review, Some(Verb::ZoomActual)),
            (Key::Plus, none, View::Review, Some(Verb::ZoomIn)),
            (Key::Plus, command, View::Library, Some(Verb::ThumbnailsLarger)),
            (Key::A, Modifiers::ALT, View::Review, None),
        ] {
            assert_eq!(pressed(key, modifiers, view), expected, "{key:?} {modifiers:?} {view:?}");
        }
        assert_eq!(verb(Key::G, none, false, None, Busy::default()), None, "no collection is open");
    }

    #[test]
    fn a_text_field_keeps_letters_and_its_own_undo() {
        let typing = Busy { typing: true, ..Busy::default() };
        for (key, modifiers, expected) in [
            (Key::A, Modifiers::NONE, None),
            (Key::Enter, Modifiers::NONE, None),
            (Key::Z, Modifiers::COMMAND, None),
            (Key::Escape, Modifiers::NONE, None),
            (Key::K, Modifiers::COMMAND, Some(Verb::Palette)),
        ] {
            assert_eq!(verb(key, modifiers, false, Some(View::Review), typing), expected, "{key:?}");
        }
    }

    #[test]
    fn what_lies_in_front_leaves_only_escape() {
        for typing in [false, true] {
            let covered = Busy { covered: true, typing, ..Busy::default() };
            for (key, expected) in [(Key::A, None), (Key::Enter, None), (Key::Escape, Some(Verb::Back))] {
                assert_eq!(verb(key, Modifiers::NONE, false, Some(View::Review), covered), expected, "{key:?}");
            }
        }
    }

    #[test]
    fn a_control_reached_with_tab_keeps_enter_space_and_arrows() {
        let on_control = Busy { on_control: true, ..Busy::default() };
        for (key, expected) in
            [(Key::Enter, None), (Key::Space, None), (Key::ArrowUp, None), (Key::A, Some(Verb::Accept))]
        {
            assert_eq!(verb(key, Modifiers::NONE, false, Some(View::Review), on_control), expected, "{key:?}");
        }
    }

    #[test]
    fn holding_a_key_moves_but_never_decides() {
        for (key, expected) in [(Key::A, None), (Key::Enter, None), (Key::ArrowRight, Some(Verb::Next))] {
            assert_eq!(verb(key, Modifiers::NONE, true, Some(View::Review), Busy::default()), expected);
        }
    }
}
