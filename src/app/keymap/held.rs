//! The keys that hold now: those of the table, with what the user changed laid over them.
//!
//! In no place does one key mean two things: a change that would make it so says whom it would take the key from.

use std::collections::BTreeMap;
use std::sync::Arc;

use eframe::egui;
use egui::Key;

use super::{BINDINGS, Busy, Chord, Verb, binding};
use crate::app::state::View;
use crate::app::texts::say;

/// As in the settings file: `"accept-shown": ["Ctrl+Enter"]`. Only what was changed is in it.
pub type Written = BTreeMap<String, serde_json::Value>;

/// What becomes of a key that means something already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clash {
    /// The other gets the key that is given up.
    Swap,
    /// The other loses it.
    Take,
}

/// A wish about the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rebind {
    Set { verb: Verb, chord: Chord, clash: Clash },
    Reset(Verb),
    ResetAll,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keymap {
    changed: BTreeMap<Verb, Own>,
}

/// The keys of a verb that was changed, the first of them as it is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Own {
    chords: Vec<Chord>,
    shown: String,
}

impl Own {
    fn new(chords: Vec<Chord>) -> Self {
        let shown = chords.first().map(|chord| chord.shown()).unwrap_or_default();
        Self { chords, shown }
    }
}

impl Keymap {
    /// From the settings file, and what was not understood in it: such entries change nothing.
    pub fn read(written: &Written) -> (Self, Vec<String>) {
        let mut keys = Self::default();
        let mut problems = Vec::new();
        for (name, value) in written {
            let Some(binding) = BINDINGS.iter().find(|binding| binding.verb.written() == *name) else {
                problems.push(say!("keys-unknown", name = name));
                continue;
            };
            let texts = value.as_array().map(|list| list.iter().map(|text| text.as_str().unwrap_or_default()));
            let chords: Option<Vec<_>> = texts.and_then(|texts| texts.map(Chord::read).collect());
            match chords {
                Some(chords) => keys.give(binding.verb, chords),
                None => problems.push(say!("keys-not-understood", name = name, value = value.to_string())),
            }
        }
        while let Some((verb, other)) = keys.conflict() {
            keys.changed.remove(&verb);
            problems.push(say!("keys-taken", name = verb.written(), other = other.written()));
        }
        (keys, problems)
    }

    /// Lays what was changed over what is written; what was not understood stays.
    pub fn write(&self, written: &mut Written) {
        for binding in BINDINGS {
            let name = binding.verb.written();
            match self.changed.get(&binding.verb) {
                Some(own) => {
                    let chords = own.chords.iter().map(|chord| chord.written().into()).collect();
                    written.insert(name, serde_json::Value::Array(chords));
                }
                None => {
                    written.remove(&name);
                }
            }
        }
    }

    /// The first is the one that is shown; none where another verb took the only one.
    pub fn chords(&self, verb: Verb) -> &[Chord] {
        self.changed.get(&verb).map_or(binding(verb).chords, |own| &own.chords)
    }

    /// As drawn on the key; empty without one.
    pub fn shown(&self, verb: Verb) -> &str {
        self.changed.get(&verb).map_or(binding(verb).shown, |own| &own.shown)
    }

    /// All of them: `⌫ or Ctrl Z`, or `no key`.
    pub fn all_shown(&self, verb: Verb) -> String {
        let chords: Vec<_> = self.chords(verb).iter().map(|chord| chord.shown()).collect();
        if chords.is_empty() { say!("keys-none") } else { chords.join(&say!("keys-or")) }
    }

    /// Of the nine toggles: `1–9`, or the first and the last where they were changed.
    pub fn toggles(&self) -> String {
        format!("{}–{}", self.shown(Verb::Toggle(1)), self.shown(Verb::Toggle(9)))
    }

    /// `Accept the tag (A)`.
    pub fn tooltip(&self, verb: Verb) -> String {
        let help = binding(verb).help();
        match self.shown(verb) {
            "" => help,
            shown => format!("{help} ({shown})"),
        }
    }

    /// `A` in a sentence; without a key, the name by which the palette finds it.
    pub fn in_words(&self, verb: Verb) -> String {
        match self.shown(verb) {
            "" => say!("keys-command", name = binding(verb).name()),
            shown => shown.to_owned(),
        }
    }

    pub fn is_changed(&self, verb: Verb) -> bool {
        self.changed.contains_key(&verb)
    }

    pub fn is_as_delivered(&self) -> bool {
        self.changed.is_empty()
    }

    /// Who else would hear this key where the verb works.
    pub fn rivals(&self, verb: Verb, chord: Chord) -> Vec<Verb> {
        let scope = binding(verb).scope;
        let others = BINDINGS.iter().filter(|other| other.verb != verb && other.scope.meets(scope));
        let rivals = others.filter(|other| self.chords(other.verb).iter().any(|own| own.clashes(chord)));
        rivals.map(|other| other.verb).collect()
    }

    /// Whether those who have this key can have the verb's instead, without a clash of their own.
    pub fn can_swap(&self, verb: Verb, chord: Chord) -> bool {
        let Some(&given_up) = self.chords(verb).first() else {
            return false;
        };
        let free = |rival: &Verb| self.rivals(*rival, given_up).iter().all(|other| *other == verb);
        given_up.key != Key::Escape && self.rivals(verb, chord).iter().all(free)
    }

    /// Returns the verbs whose keys changed with it.
    pub fn apply(&mut self, wish: Rebind) -> Vec<Verb> {
        match wish {
            Rebind::Set { verb, chord, clash } => self.set(verb, chord, clash),
            Rebind::Reset(verb) => self.reset(verb),
            Rebind::ResetAll => {
                self.changed.clear();
                Vec::new()
            }
        }
    }

    fn set(&mut self, verb: Verb, chord: Chord, clash: Clash) -> Vec<Verb> {
        let rivals = self.rivals(verb, chord);
        let swaps = clash == Clash::Swap && self.can_swap(verb, chord);
        let given_up = self.chords(verb).first().copied().filter(|_| swaps);
        for &rival in &rivals {
            let rest = self.chords(rival).iter().copied().filter(|own| !own.clashes(chord));
            let chords = given_up.into_iter().chain(rest).collect();
            self.give(rival, chords);
        }
        let others = self.chords(verb).iter().skip(1).copied().filter(|own| !own.clashes(chord));
        let chords = std::iter::once(chord).chain(others).collect();
        self.give(verb, chords);
        rivals
    }

    /// As delivered; who has its keys by now is as delivered again too.
    fn reset(&mut self, verb: Verb) -> Vec<Verb> {
        self.changed.remove(&verb);
        let mut others = Vec::new();
        while let Some((clashing, _)) = self.conflict() {
            self.changed.remove(&clashing);
            others.push(clashing);
        }
        others
    }

    fn give(&mut self, verb: Verb, mut chords: Vec<Chord>) {
        let escape = |chord: &Chord| chord.key == Key::Escape;
        match verb {
            Verb::Back if !chords.iter().any(escape) => chords.extend(binding(verb).chords),
            Verb::Back => {}
            _ => chords.retain(|chord| !escape(chord) && chord.key != Key::Tab),
        }
        match chords == binding(verb).chords {
            true => self.changed.remove(&verb),
            false => self.changed.insert(verb, Own::new(chords)),
        };
    }

    /// A changed verb that shares a key with another.
    fn conflict(&self) -> Option<(Verb, Verb)> {
        self.changed.iter().find_map(|(&verb, own)| {
            let rival = own.chords.iter().find_map(|&chord| self.rivals(verb, chord).first().copied())?;
            Some((verb, rival))
        })
    }

    /// The verb of a key press. `view`: `None` where no collection is open.
    pub fn verb(
        &self,
        key: Key,
        modifiers: egui::Modifiers,
        repeat: bool,
        view: Option<View>,
        busy: Busy,
    ) -> Option<Verb> {
        if modifiers.alt {
            return None;
        }
        let binding = BINDINGS.iter().find(|binding| {
            binding.scope.holds(view) && self.chords(binding.verb).iter().any(|chord| chord.is_pressed(key, modifiers))
        })?;
        if repeat && !binding.repeats {
            return None;
        }
        (!busy.keeps(key, modifiers, binding.verb == Verb::Back)).then_some(binding.verb)
    }
}

fn place() -> egui::Id {
    egui::Id::unique("the keys that hold now")
}

/// Makes them known to whatever draws a key.
pub fn publish(ctx: &egui::Context, keys: &Arc<Keymap>) {
    ctx.data_mut(|data| data.insert_temp(place(), keys.clone()));
}

/// The keys that hold now, for whatever draws one.
pub fn held(ui: &egui::Ui) -> Arc<Keymap> {
    ui.data(|data| data.get_temp(place())).unwrap_or_default()
}

#[cfg(test)]
mod tests;
