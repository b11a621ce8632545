//! What is done to the keys and to the panels at the sides: the state changes, and the user is told what became of it.

use super::keymap::{Keymap, Rebind, Verb, binding};
use super::sides::{Edge, PROPOSALS, Side};
use super::state::{State, Tone, View};
use super::texts::say;

/// Lays the settings' keys over the delivered ones, and says what was not understood.
pub(super) fn read(state: &mut State) {
    let (keys, problems) = Keymap::read(&state.settings.keys);
    state.keys = keys.into();
    if !problems.is_empty() {
        let words = say!("keys-not-used", problems = problems.join("; "));
        state.messages.say(state.now, Tone::Trouble, words);
    }
}

pub(super) fn rebind(state: &mut State, wish: Rebind) {
    let mut keys = (*state.keys).clone();
    let others = keys.apply(wish);
    keys.write(&mut state.settings.keys);
    let mut words = match wish {
        Rebind::Set { verb, .. } => say!("keys-now", name = binding(verb).name(), key = keys.shown(verb)),
        Rebind::Reset(verb) => say!("keys-again", name = binding(verb).name(), key = keys.all_shown(verb)),
        Rebind::ResetAll => say!("keys-delivered"),
    };
    for other in others {
        words += &say!("keys-other", name = binding(other).name(), key = keys.all_shown(other));
    }
    state.keys = keys.into();
    state.messages.say(state.now, Tone::Note, words);
}

/// Hides the panel on this side of the view, or shows it again.
pub(super) fn toggle_side(state: &mut State, verb: Verb) {
    let edge = if verb == Verb::LeftPanel { Edge::Left } else { Edge::Right };
    let Some(side) = Side::of(state.view, edge) else {
        let words = match edge {
            Edge::Left => say!("sides-none-left"),
            Edge::Right => say!("sides-none-right"),
        };
        state.messages.say(state.now, Tone::Note, words);
        return;
    };
    if side.toggle(&mut state.settings) {
        let words = say!("sides-hidden", what = side.holds(), key = state.keys.in_words(verb));
        state.messages.say(state.now, Tone::Note, words);
    }
}

/// Proposals that are hidden come back instead of being decided about unseen.
pub(super) fn answers_unseen(state: &mut State, verb: Verb) -> bool {
    let decides = matches!(verb, Verb::Accept | Verb::Reject | Verb::Toggle(_) | Verb::AcceptShown);
    let unseen = decides && state.view == View::Review && PROPOSALS.is_hidden(&state.settings);
    if unseen {
        PROPOSALS.toggle(&mut state.settings);
        state.messages.say(state.now, Tone::Note, say!("said-were-hidden"));
    }
    unseen
}
