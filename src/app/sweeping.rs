//! What is done on the Sweep page: choosing a tag, marking, and finishing a page as one step.

use super::actions;
use super::decide::{commit, decision};
use super::state::sweep::waiting;
use super::state::{State, Tone, View};
use super::texts::say;
use crate::domain::{AttributeId, Change, TagState, Verdict};
use crate::jobs::Command;

pub(super) fn choose(state: &mut State, attribute: AttributeId) {
    if let Some(desk) = &state.desk {
        state.sweep.choose(attribute, desk);
    }
}

/// Where none was swept yet, or it is done: the tag of which most pictures wait.
pub(super) fn show(state: &mut State) {
    let Some(desk) = &state.desk else {
        return;
    };
    if state.sweep.attribute.is_none_or(|attribute| !desk.vocabulary.contains(attribute)) {
        let most = waiting(desk, state.sweep.cut(desk)).into_iter().next();
        if let Some((attribute, _)) = most {
            choose(state, attribute);
        }
    } else if state.sweep.marked.is_empty() {
        state.sweep.turn(desk);
    }
}

pub(super) fn cut(state: &mut State, cut: f32) {
    if let Some(desk) = &state.desk {
        state.sweep.cut = Some(cut.clamp(0.01, 0.99));
        state.sweep.turn(desk);
    }
}

pub(super) fn move_cut(state: &mut State, by: f32) {
    if let Some(desk) = &state.desk {
        let now = state.sweep.cut(desk);
        cut(state, ((now + by) * 100.0).round() / 100.0);
    }
}

/// Marks a picture and goes to it.
pub(super) fn mark(state: &mut State, image: u32) {
    let sweep = &mut state.sweep;
    sweep.toggle(image);
    if let Some(at) = sweep.page.iter().position(|place| place.image == image) {
        sweep.at = at;
    }
}

pub(super) fn mark_here(state: &mut State) {
    if let Some(place) = state.sweep.under() {
        state.sweep.toggle(place.image);
    }
}

pub(super) fn step(state: &mut State, right: isize, down: isize) {
    let columns = state.desk.as_ref().map_or(1, |desk| desk.columns.max(1)) as isize;
    let sweep = &mut state.sweep;
    if let Some(at) = sweep.at.checked_add_signed(right + down * columns).filter(|&at| at < sweep.page.len()) {
        sweep.at = at;
    }
}

/// A closer look at the picture in focus, in the Review.
pub(super) fn closer(state: &mut State) -> Vec<Command> {
    match state.sweep.under() {
        Some(place) => actions::perform(state, super::Action::OpenInReview(place.image)),
        None => Vec::new(),
    }
}

/// `Enter`: what is marked is rejected, everything else on the page accepted, and the page is turned.
pub(super) fn finish(state: &mut State) -> Vec<Command> {
    let (Some(desk), Some(attribute)) = (&state.desk, state.sweep.attribute) else {
        return Vec::new();
    };
    let sweep = &state.sweep;
    let (mut changes, mut n_rejected) = (Vec::new(), 0);
    for place in &sweep.page {
        let is_marked = sweep.marked.contains(&place.image);
        let verdict = match (is_marked, place.again) {
            (true, _) => Verdict::Reject,
            (false, false) => Verdict::Accept,
            (false, true) => continue, // It has the tag already.
        };
        let known = desk.item(place.image).annotation.state(attribute);
        if verdict == Verdict::Accept && known != TagState::Unseen {
            continue; // Somebody judged it meanwhile, in another view.
        }
        n_rejected += usize::from(is_marked);
        changes.push(decision(desk, place.image, attribute, verdict, Some(place.probability)));
    }
    let n_accepted = changes.iter().filter(|change| is_accept(change)).count();
    if !changes.is_empty() {
        let words = match n_rejected {
            0 => say!("said-swept-all", n = n_accepted),
            n => say!("said-swept", n = n_accepted, rejected = n),
        };
        state.messages.say(state.now, Tone::Note, words);
    }
    state.sweep.finish();
    let commands = commit(state, changes);
    if let Some(desk) = &state.desk {
        state.sweep.turn(desk);
    }
    commands
}

fn is_accept(change: &Change) -> bool {
    matches!(change, Change::Decide(decision) if decision.verdict == Verdict::Accept)
}

/// After undo or redo: what has no answer any more is asked about first, and counts in no estimate.
pub(super) fn undone(state: &mut State) {
    if let Some(desk) = state.desk.as_ref().filter(|_| state.view == View::Sweep) {
        if let Some(attribute) = state.sweep.attribute {
            let said = |image: u32| desk.item(image).annotation.verdict(attribute);
            let holds = |image, agreed| said(image) == if agreed { Verdict::Accept } else { Verdict::Reject };
            state.sweep.audit.keep_only(holds);
        }
        state.sweep.turn(desk);
    }
}

/// The page has room for so many pictures. One that the curator has not touched is laid out anew.
pub(super) fn fit(state: &mut State, room: usize) {
    let Some(desk) = state.desk.as_ref().filter(|_| state.view == View::Sweep && room > 0) else {
        return;
    };
    let sweep = &mut state.sweep;
    let is_new = sweep.page_size != room || (sweep.page.is_empty() && sweep.seen != desk.version);
    sweep.seen = desk.version;
    if is_new && sweep.marked.is_empty() {
        sweep.page_size = room;
        sweep.turn(desk);
    }
}

#[cfg(test)]
mod tests {
    use super::super::Action;
    use super::super::actions::perform;
    use super::super::keymap::Verb;
    use super::super::testing::{desk, press, propose, under_review};
    use super::*;

    /// Five pictures, of which tag 11 is likely: a 90 %, b 80 %, c 70 %, d 20 %; `e` has been described without it.
    fn sweeping(room: usize) -> State {
        let mut state = under_review();
        for (image, probability) in [("a", 0.9), ("b", 0.8), ("c", 0.7), ("d", 0.2), ("e", 0.95)] {
            propose(&mut state, image, "m", [0.1, probability, 0.1, 0.1]);
        }
        let _ = perform(&mut state, Action::Show(View::Sweep));
        fit(&mut state, room);
        state
    }

    fn images(state: &State) -> Vec<u32> {
        state.sweep.page.iter().map(|place| place.image).collect()
    }

    #[test]
    fn a_page_is_accepted_but_for_what_is_marked_as_one_step() {
        let mut state = sweeping(2);
        assert_eq!((state.sweep.attribute, images(&state)), (Some(AttributeId(11)), vec![0, 1]));
        let _ = press(&mut state, Verb::SweepRight);
        let _ = press(&mut state, Verb::SweepMark);
        assert_eq!(press(&mut state, Verb::SweepFinish), ["accept a 11, reject b 11"]);
        assert_eq!(images(&state), [2], "the next page");
        assert!(!desk(&state).item(0).annotation.is_reviewed(), "only one tag was judged");
        assert_eq!(press(&mut state, Verb::Undo), ["undo 1"]);
        assert_eq!(images(&state), [0, 1]);
    }

    #[test]
    fn the_cut_decides_what_is_asked_about() {
        let mut state = sweeping(10);
        assert_eq!((images(&state), state.sweep.n_open), (vec![0, 1, 2], 3));
        let _ = perform(&mut state, Action::SweepCut(0.1));
        assert_eq!(images(&state), [0, 1, 2, 3]);
        assert_eq!(state.sweep.bars.iter().sum::<usize>(), 4);
        let _ = perform(&mut state, Action::SweepCut(0.75));
        assert_eq!(images(&state), [0, 1]);
        let _ = press(&mut state, Verb::CutLower);
        assert_eq!(images(&state), [0, 1, 2], "0.70 is in");
    }

    #[test]
    fn what_was_accepted_in_passing_is_asked_about_again_and_estimates_the_precision() {
        let mut state = sweeping(10);
        let _ = press(&mut state, Verb::SweepFinish);
        // Nothing waits any more: a second look at what was accepted.
        assert_eq!((images(&state), state.sweep.n_open), (vec![0, 1, 2], 0));
        assert!(state.sweep.page.iter().all(|place| place.again));
        let _ = perform(&mut state, Action::SweepMark(1));
        assert_eq!(press(&mut state, Verb::SweepFinish), ["reject b 11"]);
        let (precision, [low, high]) = state.sweep.audit.precision().unwrap();
        assert!((precision - 2.0 / 3.0).abs() < 1e-9 && low < precision && precision < high);
        assert!(images(&state).is_empty(), "nobody is asked a third time");
        assert_eq!(press(&mut state, Verb::SweepFinish), [""; 0]);
        // Undone, the rejection counts no more; then the whole page, and nothing was ever asked.
        let _ = press(&mut state, Verb::Undo);
        assert_eq!((state.sweep.audit.n_agreed(), state.sweep.audit.n_asked()), (2, 2));
        let _ = press(&mut state, Verb::Undo);
        assert_eq!(state.sweep.audit.precision(), None);
        assert_eq!(images(&state), [0, 1, 2]);
    }

    #[test]
    fn a_page_stands_still_while_proposals_come_in() {
        let mut state = sweeping(2);
        let _ = perform(&mut state, Action::SweepMark(0));
        propose(&mut state, "c", "m", [0.1, 0.99, 0.1, 0.1]);
        fit(&mut state, 2);
        fit(&mut state, 3);
        assert_eq!(images(&state), [0, 1], "also when the window grows: something is marked on it");
        let _ = press(&mut state, Verb::SweepFinish);
        assert_eq!(images(&state), [2]);
    }
}
