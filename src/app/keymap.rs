//! Every verb the keyboard knows: one table feeds the shortcuts, the help window, the palette and the tooltips, so a
//! verb cannot exist without a key, a name and a help text. Which keys hold now is in `held`.

mod bindings;
mod chord;
mod held;

use eframe::egui;
use egui::Key;

pub use bindings::BINDINGS;
pub use chord::{Chord, Unfit};
pub use held::{Clash, Keymap, Rebind, Written, held, publish};

use super::state::View;
use super::texts::{self, say};

/// What a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verb {
    ShowLibrary,
    ShowReview,
    ShowSweep,
    ShowTrain,
    ShowVocabulary,
    ShowInsights,
    OpenFolder,
    FocusFilter,
    Order,
    SaveQuery,
    Flag,
    ShowSimilar,
    GroupByFolder,
    Palette,
    Help,
    ChangeKeys,
    Messages,
    LeftPanel,
    RightPanel,
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

    LabelAbove,
    LabelBelow,
    LabelImages,
    RenameLabel,
    MergeLabel,
    SplitLabel,
    RetireLabel,
    AliasLabel,
    ImportLabels,
}

impl Verb {
    /// In the settings file: `accept-shown`, `toggle-3`. It follows the name above, which therefore stays.
    pub fn written(self) -> String {
        let mut name = String::new();
        for letter in format!("{self:?}").chars() {
            match letter {
                'A'..='Z' if !name.is_empty() => name.extend(['-', letter.to_ascii_lowercase()]),
                '(' => name.push('-'),
                ')' => {}
                _ => name.push(letter.to_ascii_lowercase()),
            }
        }
        name
    }
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
    Vocabulary,
}

impl Scope {
    pub const ALL: [Self; 6] =
        [Self::Review, Self::Sweep, Self::Library, Self::Vocabulary, Self::Collection, Self::Everywhere];

    pub fn name(self) -> String {
        match self {
            Self::Everywhere => say!("scope-everywhere"),
            Self::Collection => say!("scope-collection"),
            Self::Library => say!("key-show-library"),
            Self::Review => say!("key-show-review"),
            Self::Sweep => say!("key-show-sweep"),
            Self::Vocabulary => say!("key-show-vocabulary"),
        }
    }

    /// Whether there is a place where both work.
    fn meets(self, other: Self) -> bool {
        self == other || [self, other].iter().any(|scope| matches!(scope, Self::Everywhere | Self::Collection))
    }

    pub fn holds(self, view: Option<View>) -> bool {
        match self {
            Self::Everywhere => true,
            Self::Collection => view.is_some(),
            Self::Library => view == Some(View::Library),
            Self::Review => view == Some(View::Review),
            Self::Sweep => view == Some(View::Sweep),
            Self::Vocabulary => view == Some(View::Vocabulary),
        }
    }
}

#[derive(Debug, Clone, Copy)]
pub struct Binding {
    pub verb: Verb,
    /// As delivered; the first is the one that is shown.
    pub chords: &'static [Chord],
    /// The first, as drawn on the key.
    pub shown: &'static str,
    pub scope: Scope,
    /// Whether holding the key repeats it: never for decisions.
    pub repeats: bool,
}

impl Binding {
    pub fn name(&self) -> String {
        texts::text(&format!("key-{}", self.verb.written()), &[])
    }

    /// What it does, in a sentence without a full stop.
    pub fn help(&self) -> String {
        texts::text(&format!("key-{}-help", self.verb.written()), &[])
    }
}

pub fn binding(verb: Verb) -> &'static Binding {
    BINDINGS.iter().find(|binding| binding.verb == verb).unwrap_or(&BINDINGS[0]) // A test makes sure that every verb has one.
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

impl Busy {
    /// Whether the key belongs to what the keyboard is busy with rather than to a verb.
    fn keeps(self, key: Key, modifiers: egui::Modifiers, leads_back: bool) -> bool {
        let closes = leads_back && (key == Key::Escape || !self.typing);
        if self.covered {
            return !closes;
        }
        let own_of_text = match modifiers.command {
            true => matches!(key, Key::A | Key::Z | Key::Y | Key::Backspace),
            false => !is_function_key(key),
        };
        let own_of_control =
            matches!(key, Key::Enter | Key::Space | Key::ArrowLeft | Key::ArrowRight | Key::ArrowUp | Key::ArrowDown)
                && !modifiers.any();
        (self.typing && own_of_text) || (self.on_control && (own_of_control || key == Key::Escape))
    }
}

/// Of no use to a text field.
fn is_function_key(key: Key) -> bool {
    let name = key.name();
    name.len() > 1 && name.starts_with('F') && name[1..].chars().all(|digit| digit.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::Modifiers;

    fn verb(key: Key, modifiers: Modifiers, repeat: bool, view: Option<View>, busy: Busy) -> Option<Verb> {
        Keymap::default().verb(key, modifiers, repeat, view, busy)
    }

    fn pressed(key: Key, modifiers: Modifiers, view: View) -> Option<Verb> {
        verb(key, modifiers, false, Some(view), Busy::default())
    }

    #[test]
    fn no_key_means_two_things_in_one_place() {
        for (position, a) in BINDINGS.iter().enumerate() {
            for b in &BINDINGS[position + 1..] {
                assert_ne!(a.verb, b.verb, "{:?} is bound twice", a.verb);
                for x in a.chords {
                    for y in b.chords {
                        let clash = a.scope.meets(b.scope) && x.clashes(*y);
                        assert!(!clash, "{:?} and {:?} share {:?}", a.verb, b.verb, x.key);
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
            (Key::F9, Modifiers::NONE, Some(Verb::LeftPanel)),
            (Key::F, Modifiers::NONE, None),
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
