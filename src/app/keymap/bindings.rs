//! The table of keys. Names and help are texts: `key-VERB` and `key-VERB-help`, the verb as it is written in settings.

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
    ($($scope:ident: $verb:expr, [$($chord:expr),+], $shown:literal, $repeats:literal;)+) => {
        &[$(Binding {
            verb: $verb,
            chords: &[$($chord),+],
            shown: $shown,
            scope: Scope::$scope,
            repeats: $repeats,
        }),+]
    };
}

/// All of them; the order is that of the help window.
pub const BINDINGS: &[Binding] = bindings![
    Review: Verb::Accept, [plain(Key::A)], "A", false;
    Review: Verb::Reject, [plain(Key::X)], "X", false;
    Review: Verb::Toggle(1), [plain(Key::Num1)], "1", false;
    Review: Verb::Toggle(2), [plain(Key::Num2)], "2", false;
    Review: Verb::Toggle(3), [plain(Key::Num3)], "3", false;
    Review: Verb::Toggle(4), [plain(Key::Num4)], "4", false;
    Review: Verb::Toggle(5), [plain(Key::Num5)], "5", false;
    Review: Verb::Toggle(6), [plain(Key::Num6)], "6", false;
    Review: Verb::Toggle(7), [plain(Key::Num7)], "7", false;
    Review: Verb::Toggle(8), [plain(Key::Num8)], "8", false;
    Review: Verb::Toggle(9), [plain(Key::Num9)], "9", false;
    Review: Verb::AcceptShown, [plain(Key::Enter)], "Enter", false;
    Review: Verb::Skip, [plain(Key::Space)], "Space", false;
    Review: Verb::FocusUp, [plain(Key::ArrowUp)], "↑", true;
    Review: Verb::FocusDown, [plain(Key::ArrowDown)], "↓", true;
    Review: Verb::Previous, [plain(Key::ArrowLeft)], "←", true;
    Review: Verb::Next, [plain(Key::ArrowRight)], "→", true;
    Review: Verb::CopyTags, [plain(Key::C)], "C", false;
    Review: Verb::Why, [plain(Key::W)], "W", false;
    Review: Verb::ZoomIn, [any_shift(Key::Plus), any_shift(Key::Equals)], "+", true;
    Review: Verb::ZoomOut, [any_shift(Key::Minus)], "-", true;
    Review: Verb::ZoomActual, [plain(Key::Num0)], "0", false;
    Review: Verb::ZoomFit, [plain(Key::F)], "F", false;
    Sweep: Verb::SweepMark, [plain(Key::X)], "X", false;
    Sweep: Verb::SweepFinish, [plain(Key::Enter)], "Enter", false;
    Sweep: Verb::SweepCloser, [plain(Key::V)], "V", false;
    Sweep: Verb::SweepLeft, [plain(Key::ArrowLeft)], "←", true;
    Sweep: Verb::SweepRight, [plain(Key::ArrowRight)], "→", true;
    Sweep: Verb::SweepUp, [plain(Key::ArrowUp)], "↑", true;
    Sweep: Verb::SweepDown, [plain(Key::ArrowDown)], "↓", true;
    Sweep: Verb::CutLower, [any_shift(Key::OpenBracket)], "[", true;
    Sweep: Verb::CutHigher, [any_shift(Key::CloseBracket)], "]", true;
    Library: Verb::OpenInReview, [plain(Key::Enter)], "Enter", false;
    Library: Verb::MoveLeft, [plain(Key::ArrowLeft)], "←", true;
    Library: Verb::MoveRight, [plain(Key::ArrowRight)], "→", true;
    Library: Verb::MoveUp, [plain(Key::ArrowUp)], "↑", true;
    Library: Verb::MoveDown, [plain(Key::ArrowDown)], "↓", true;
    Library: Verb::ExtendLeft, [shift(Key::ArrowLeft)], "Shift ←", true;
    Library: Verb::ExtendRight, [shift(Key::ArrowRight)], "Shift →", true;
    Library: Verb::ExtendUp, [shift(Key::ArrowUp)], "Shift ↑", true;
    Library: Verb::ExtendDown, [shift(Key::ArrowDown)], "Shift ↓", true;
    Library: Verb::SelectAll, [ctrl(Key::A)], "Ctrl A", false;
    Library: Verb::ThumbnailsLarger, [Chord { key: Key::Plus, command: true, shift: None }, Chord { key: Key::Equals, command: true, shift: None }], "Ctrl +", true;
    Library: Verb::ThumbnailsSmaller, [Chord { key: Key::Minus, command: true, shift: None }], "Ctrl -", true;
    Vocabulary: Verb::LabelAbove, [plain(Key::ArrowUp)], "↑", true;
    Vocabulary: Verb::LabelBelow, [plain(Key::ArrowDown)], "↓", true;
    Vocabulary: Verb::LabelImages, [plain(Key::Enter)], "Enter", false;
    Vocabulary: Verb::RenameLabel, [plain(Key::E)], "E", false;
    Vocabulary: Verb::MergeLabel, [plain(Key::M)], "M", false;
    Vocabulary: Verb::SplitLabel, [plain(Key::P)], "P", false;
    Vocabulary: Verb::RetireLabel, [plain(Key::X)], "X", false;
    Vocabulary: Verb::AliasLabel, [plain(Key::A)], "A", false;
    Vocabulary: Verb::ImportLabels, [plain(Key::N)], "N", false;
    Collection: Verb::AddTag, [any_shift(Key::Slash)], "/", false;
    Collection: Verb::Undo, [plain(Key::Backspace), ctrl(Key::Z)], "⌫", false;
    Collection: Verb::PauseLearning, [ctrl(Key::L)], "Ctrl L", false;
    Collection: Verb::FineTune, [ctrl(Key::T)], "Ctrl T", false;
    Collection: Verb::PauseFineTune, [ctrl_shift(Key::P)], "Ctrl ⇧ P", false;
    Collection: Verb::RollBack, [ctrl(Key::B)], "Ctrl B", false;
    Collection: Verb::StopFineTune, [ctrl_shift(Key::T)], "Ctrl ⇧ T", false;
    Collection: Verb::Redo, [ctrl(Key::Y), ctrl_shift(Key::Z)], "Ctrl Y", false;
    Collection: Verb::ShowLibrary, [plain(Key::G)], "G", false;
    Collection: Verb::ShowReview, [plain(Key::R)], "R", false;
    Collection: Verb::ShowSweep, [plain(Key::S)], "S", false;
    Collection: Verb::ShowTrain, [plain(Key::T)], "T", false;
    Collection: Verb::ShowInsights, [plain(Key::I)], "I", false;
    Collection: Verb::ShowVocabulary, [plain(Key::L)], "L", false;
    Collection: Verb::FocusFilter, [ctrl(Key::F)], "Ctrl F", false;
    Collection: Verb::SaveQuery, [ctrl(Key::S)], "Ctrl S", false;
    Collection: Verb::Flag, [plain(Key::Q)], "Q", false;
    Collection: Verb::ShowSimilar, [plain(Key::D)], "D", false;
    Collection: Verb::GroupByFolder, [ctrl(Key::G)], "Ctrl G", false;
    Collection: Verb::Order, [plain(Key::O)], "O", false;
    Collection: Verb::LeftPanel, [plain(Key::F9)], "F9", false;
    Collection: Verb::RightPanel, [plain(Key::F10)], "F10", false;
    Everywhere: Verb::OpenFolder, [ctrl(Key::O)], "Ctrl O", false;
    Everywhere: Verb::Palette, [ctrl(Key::K)], "Ctrl K", false;
    Everywhere: Verb::Help, [any_shift(Key::Questionmark), plain(Key::F1)], "?", false;
    Everywhere: Verb::ChangeKeys, [ctrl_shift(Key::K)], "Ctrl ⇧ K", false;
    Everywhere: Verb::Messages, [plain(Key::F8)], "F8", false;
    Everywhere: Verb::Back, [plain(Key::Escape)], "Esc", false;
];
