//! What is done to the keys and to the panels at the sides: the state changes, and the user is told what became of it.

use super::keymap::{Keymap, Rebind, Verb, binding};
use super::sides::{Edge, PROPOSALS, Side};
use super::state::{State, Tone, View};

/// Lays the settings' keys over the delivered ones, and says what was not understood.
pub(super) fn read(state: &mut State) {
    let (keys, problems) = Keymap::read(&state.settings.keys);
    state.keys = keys.into();
    if !problems.is_empty() {
        let words = format!("Some keys of the settings file are not used: {}", problems.join("; "));
        state.messages.say(state.now, Tone::Trouble, words);
    }
}

pub(super) fn rebind(state: &mut State, wish: Rebind) {
    let mut keys = (*state.keys).clone();
    let others = keys.apply(wish);
    keys.write(&mut state.settings.keys);
    let mut words = match wish {
        Rebind::Set { verb, .. } => format!("{} is {} now", binding(verb).name, keys.shown(verb)),
        Rebind::Reset(verb) => format!("{} is {} again", binding(verb).name, keys.all_shown(verb)),
        Rebind::ResetAll => "All keys are as they were delivered".to_owned(),
    };
    for other in others {
        words += &format!("; {} is {}", binding(other).name, keys.all_shown(other));
    }
    state.keys = keys.into();
    state.messages.say(state.now, Tone::Note, words);
}

/// Hides the panel on this side of the view, or shows it again.
pub(super) fn toggle_side(state: &mut State, verb: Verb) {
    let edge = if verb == Verb::LeftPanel { Edge::Left } else { Edge::Right };
    let Some(side) = Side::of(state.view, edge) else {
        let words = match edge {
            Edge::Left => "There is no panel on the left here",
            Edge::Right => "There is no panel on the right here",
        };
        state.messages.say(state.now, Tone::Note, words);
        return;
    };
    if side.toggle(&mut state.settings) {
        let words = format!("Hidden: the {}. {} shows it again", side.holds, state.keys.in_words(verb));
        state.messages.say(state.now, Tone::Note, words);
    }
}

/// Proposals that are hidden come back instead of being decided about unseen.
pub(super) fn answers_unseen(state: &mut State, verb: Verb) -> bool {
    let decides = matches!(verb, Verb::Accept | Verb::Reject | Verb::Toggle(_) | Verb::AcceptShown);
    let unseen = decides && state.view == View::Review && PROPOSALS.is_hidden(&state.settings);
    if unseen {
        PROPOSALS.toggle(&mut state.settings);
        state.messages.say(state.now, Tone::Note, "The proposals were hidden. Press again to decide");
    }
    unseen
}
