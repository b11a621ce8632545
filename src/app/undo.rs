//! Undo and redo: whole steps, across sessions, each with the picture it was about.

use super::actions::go_to;
use super::decide::{decisions, learn, name_of};
use super::state::{State, Tone};
use crate::domain::{Change, Step, Verdict};
use crate::jobs::{Command, RecordChange};

pub fn undo(state: &mut State) -> Vec<Command> {
    let Some((ticket, step)) = state.desk.as_mut().and_then(|desk| desk.history.undo()) else {
        state.messages.say(state.now, Tone::Note, "There is nothing to undo");
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
    tell(state, "Undone", &step);
    edited.into_iter().chain([state.record.send(RecordChange::Undo { ticket })]).chain(learn).collect()
}

pub fn redo(state: &mut State) -> Vec<Command> {
    let Some((ticket, step)) = state.desk.as_mut().and_then(|desk| desk.history.redo()) else {
        state.messages.say(state.now, Tone::Note, "There is nothing to redo");
        return Vec::new();
    };
    if let Some(desk) = state.desk.as_mut().filter(|desk| !step.fits(&desk.vocabulary)) {
        let _ = desk.history.undo(); // It stays undone.
        state.messages.say(state.now, Tone::Note, "The vocabulary has changed since: this cannot be done again");
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
    tell(state, "Done again", &step);
    edited.into_iter().chain([state.record.send(RecordChange::Redo { ticket })]).chain(learn).collect()
}

/// Goes to the image a step was about, and says what it was.
fn tell(state: &mut State, what: &str, step: &Step) {
    if let Some(words) = super::vocabulary::said(state, step) {
        state.messages.say(state.now, Tone::Note, format!("{what}: {words}"));
        return;
    }
    let Some(first) = step.changes.first() else {
        state.messages.say(state.now, Tone::Note, format!("{what}: the merge of another record"));
        return;
    };
    let n_more = decisions(step).saturating_sub(1);
    let words = match first {
        Change::Decide(decision) => {
            let verb = match decision.verdict {
                Verdict::Accept => "accepted",
                Verdict::Reject => "rejected",
                Verdict::Clear => "left open",
            };
            format!("{} {verb}", name_of(state, decision.attribute))
        }
        Change::Mark(_) => "marked as reviewed".to_owned(),
        Change::Flag(_) => "flagged".to_owned(),
    };
    let more = if n_more > 0 { format!(" and {n_more} more") } else { String::new() };
    state.messages.say(state.now, Tone::Note, format!("{what}: {words}{more}, {}", first.image()));
    let image = state.desk.as_ref().and_then(|desk| desk.index(first.image()));
    if let Some(image) = image {
        go_to(state, image);
    }
}
