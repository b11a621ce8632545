//! A key with its modifiers: how it is drawn, how it stands in the settings file, and when two are the same.

use eframe::egui::{self, Key};

use crate::app::texts::say;

/// A key with the modifiers that matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Chord {
    pub key: Key,
    /// Ctrl, or Cmd on a Mac.
    pub command: bool,
    /// `None`: it does not matter, as with `?`, which some keyboards have under shift.
    pub shift: Option<bool>,
}

/// Why a key cannot be given to a verb.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// `Esc` always leads back.
    Escape,
    /// `Tab` always moves from control to control.
    Tab,
    /// `Alt` belongs to the system's menus and to letters of some keyboards.
    Alt,
    /// Copy, cut and paste.
    Clipboard,
}

impl Unfit {
    pub fn why(self) -> String {
        match self {
            Self::Escape => say!("unfit-escape"),
            Self::Tab => say!("unfit-tab"),
            Self::Alt => say!("unfit-alt"),
            Self::Clipboard => say!("unfit-clipboard"),
        }
    }
}

impl Chord {
    /// What was pressed, as a chord that a verb may have.
    pub fn pressed(key: Key, modifiers: egui::Modifiers) -> Result<Self, Unfit> {
        let clipboard = matches!(key, Key::Copy | Key::Cut | Key::Paste)
            || (modifiers.command && !modifiers.shift && matches!(key, Key::C | Key::X | Key::V));
        match key {
            Key::Escape => Err(Unfit::Escape),
            Key::Tab => Err(Unfit::Tab),
            _ if modifiers.alt => Err(Unfit::Alt),
            _ if clipboard => Err(Unfit::Clipboard),
            _ => Ok(Self::new(key, modifiers.command, modifiers.shift)),
        }
    }

    fn new(key: Key, command: bool, shift: bool) -> Self {
        Self { key, command, shift: (!is_sign(key)).then_some(shift) }
    }

    pub fn is_pressed(self, key: Key, modifiers: egui::Modifiers) -> bool {
        self.key == key && self.command == modifiers.command && self.shift.is_none_or(|shift| shift == modifiers.shift)
    }

    /// Whether one press means both.
    pub fn clashes(self, other: Self) -> bool {
        self.key == other.key
            && self.command == other.command
            && (self.shift.is_none() || other.shift.is_none() || self.shift == other.shift)
    }

    /// As drawn on the key: `Ctrl ⇧ P`, `Shift ←`, `?`.
    pub fn shown(self) -> String {
        let name = match self.key {
            Key::ArrowLeft => "←",
            Key::ArrowRight => "→",
            Key::ArrowUp => "↑",
            Key::ArrowDown => "↓",
            Key::Backspace => "⌫",
            Key::Escape => "Esc",
            Key::Minus => "-",
            Key::Quote => "'",
            Key::PageUp => "Page ↑",
            Key::PageDown => "Page ↓",
            key => key.symbol_or_name(),
        };
        match (self.command, self.shift == Some(true)) {
            (true, true) => format!("Ctrl ⇧ {name}"),
            (true, false) => format!("Ctrl {name}"),
            (false, true) => format!("Shift {name}"),
            (false, false) => name.to_owned(),
        }
    }

    /// As it stands in the settings file: `Ctrl+Shift+P`.
    pub fn written(self) -> String {
        let command = if self.command { "Ctrl+" } else { "" };
        let shift = if self.shift == Some(true) { "Shift+" } else { "" };
        format!("{command}{shift}{}", self.key.name())
    }

    /// `None`: there is no such key.
    pub fn read(written: &str) -> Option<Self> {
        let (command, rest) = written.strip_prefix("Ctrl+").map_or((false, written), |rest| (true, rest));
        let (shift, name) = rest.strip_prefix("Shift+").map_or((false, rest), |name| (true, name));
        Some(Self::new(Key::from_name(name)?, command, shift))
    }
}

/// Printed signs: whether shift is needed for them depends on the keyboard.
fn is_sign(key: Key) -> bool {
    matches!(
        key,
        Key::Colon
            | Key::Comma
            | Key::Minus
            | Key::Period
            | Key::Plus
            | Key::Equals
            | Key::Semicolon
            | Key::Backslash
            | Key::Slash
            | Key::Pipe
            | Key::Questionmark
            | Key::Exclamationmark
            | Key::OpenBracket
            | Key::CloseBracket
            | Key::OpenCurlyBracket
            | Key::CloseCurlyBracket
            | Key::Backtick
            | Key::Quote
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::Modifiers;

    #[test]
    fn a_key_is_drawn_and_written_and_read_back() {
        let (none, command, shift) = (Modifiers::NONE, Modifiers::COMMAND, Modifiers::SHIFT);
        for (key, modifiers, shown, written) in [
            (Key::A, none, "A", "A"),
            (Key::ArrowLeft, shift, "Shift ←", "Shift+Left"),
            (Key::P, command | shift, "Ctrl ⇧ P", "Ctrl+Shift+P"),
            (Key::Questionmark, shift, "?", "Questionmark"),
            (Key::Minus, command, "Ctrl -", "Ctrl+Minus"),
            (Key::Num0, none, "0", "0"),
            (Key::F9, none, "F9", "F9"),
            (Key::Space, none, "Space", "Space"),
        ] {
            let chord = Chord::pressed(key, modifiers).unwrap();
            assert_eq!((chord.shown().as_str(), chord.written().as_str()), (shown, written));
            assert_eq!(Chord::read(written), Some(chord), "{written}");
            assert!(chord.is_pressed(key, modifiers));
        }
        for written in ["", "Ctrl+", "Meta+A", "Abacus"] {
            assert_eq!(Chord::read(written), None, "{written}");
        }
    }

    #[test]
    fn some_keys_stay_what_they_are() {
        let none = Modifiers::NONE;
        for (key, modifiers, unfit) in [
            (Key::Escape, none, Unfit::Escape),
            (Key::Tab, Modifiers::SHIFT, Unfit::Tab),
            (Key::A, Modifiers::ALT, Unfit::Alt),
            (Key::C, Modifiers::COMMAND, Unfit::Clipboard),
        ] {
            assert_eq!(Chord::pressed(key, modifiers), Err(unfit), "{key:?}");
        }
    }
}
