//! Undo and redo: whole steps, across sessions, each with the picture it was about.

use super::actions::go_to;
use super::decide::{decisions, learn, name_of};
use super::state::{State, Tone};
use super::texts::say;
use crate::domain::{Change, Step, Verdict};
use crate::jobs::{Command, RecordChange};

pub fn undo(state: &mut State) -> Vec<Command> {
    let Some((ticket, step)) = state.desk.as_mut().and_then(|desk| desk.history.undo()) else {
        state.messages.say(state.now, Tone::Note, say!("said-nothing-to-undo"));
        return Vec::new();
    };
    let mut edited = None;
    if let Some(desk) = &mut state.desk {
        for change in step.changes.iter().rev() {
            desk.apply(&change.inverse());
        }
        desk.n_decisions = desk.n_decisions.saturating_sub(decisions(&step));
        for image in step.changes.iter().filter_map(|change| desk.index(change.image())).collect::<Vec<_>>() {
            desk.lineup.reopen(image);
        }
        desk.turned(ticket, &step, false);
        edited = desk.edit(&step, true);
    }
    let learn = state.desk.as_ref().and_then(|desk| learn(desk, &step));
    tell(state, &say!("said-undone"), &step);
    edited.into_iter().chain([state.record.send(RecordChange::Undo { ticket })]).chain(learn).collect()
}

pub fn redo(state: &mut State) -> Vec<Command> {
    let Some((ticket, step)) = state.desk.as_mut().and_then(|desk| desk.history.redo()) else {
        state.messages.say(state.now, Tone::Note, say!("said-nothing-to-redo"));
        return Vec::new();
    };
    if let Some(desk) = state.desk.as_mut().filter(|desk| !step.fits(&desk.vocabulary)) {
        let _ = desk.history.undo(); // It stays undone.
        state.messages.say(state.now, Tone::Note, say!("said-vocabulary-changed"));
        return Vec::new();
    }
    let mut edited = None;
    if let Some(desk) = &mut state.desk {
        edited = desk.edit(&step, false);
        step.changes.iter().for_each(|change| desk.apply(change));
        desk.n_decisions += decisions(&step);
        desk.turned(ticket, &step, true);
    }
    let learn = state.desk.as_ref().and_then(|desk| learn(desk, &step));
    tell(state, &say!("said-redone"), &step);
    edited.into_iter().chain([state.record.send(RecordChange::Redo { ticket })]).chain(learn).collect()
}

/// Goes to the image a step was about, and says what it was.
fn tell(state: &mut State, what: &str, step: &Step) {
    if let Some(words) = super::vocabulary::said(state, step) {
        state.messages.say(state.now, Tone::Note, say!("said-what", what = what, words = words));
        return;
    }
    let Some(first) = step.changes.first() else {
        state.messages.say(state.now, Tone::Note, say!("said-merge", what = what));
        return;
    };
    let n_more = decisions(step).saturating_sub(1);
    let words = match first {
        Change::Decide(decision) => {
            let verb = match decision.verdict {
                Verdict::Accept => say!("said-accepted"),
                Verdict::Reject => say!("said-rejected"),
                Verdict::Clear => say!("said-left-open"),
            };
            format!("{} {verb}", name_of(state, decision.attribute))
        }
        Change::Mark(_) => say!("said-marked"),
        Change::Flag(_) => say!("said-flagged"),
    };
    let more = if n_more > 0 { say!("said-more", n = n_more) } else { String::new() };
    state.messages.say(
        state.now,
        Tone::Note,
        say!("said-step", what = what, words = words, more = more, image = first.image()),
    );
    let image = state.desk.as_ref().and_then(|desk| desk.index(first.image()));
    if let Some(image) = image {
        go_to(state, image);
    }
}
