//! Decisions: what `A`, `X`, `1`-`9`, `Enter` and a new tag do to the state and the record.
//!
//! One key press is one step: it is written as one and undone as one.

use std::collections::HashSet;

use super::actions::step as go_on;
use super::state::review::{Row, rows, toggled};
use super::state::{Desk, State, View};
use super::texts::say;
use crate::domain::{AttributeId, Change, Decision, ImageId, Mark, Step, TagState, Verdict};
use crate::jobs::{Command, RecordChange};

/// The row that is looked at first: the first one that waits for an answer.
pub fn reset_focus(desk: &mut Desk) {
    desk.pin = None; // It is looked at afresh.
    let rows = desk.cursor.map(|image| rows(desk, image)).unwrap_or_default();
    desk.focus = rows.iter().position(Row::waits).unwrap_or(0);
}

pub fn move_focus(state: &mut State, steps: isize) {
    if let Some((desk, rows)) = under_review(state) {
        let last = rows.len().saturating_sub(1);
        desk.focus = desk.focus.min(last).saturating_add_signed(steps).min(last);
    }
}

pub(super) fn under_review(state: &mut State) -> Option<(&mut Desk, Vec<Row>)> {
    let desk = state.desk.as_mut().filter(|_| state.view == View::Review)?;
    let rows = rows(desk, desk.cursor?);
    Some((desk, rows))
}

pub fn accept_focused(state: &mut State) -> Vec<Command> {
    let row = state.desk.as_ref().map_or(0, |desk| desk.focus);
    accept_row(state, row)
}

pub fn reject_focused(state: &mut State) -> Vec<Command> {
    let row = state.desk.as_ref().map_or(0, |desk| desk.focus);
    reject_row(state, row)
}

pub fn accept_row(state: &mut State, row: usize) -> Vec<Command> {
    decide_row(state, row, |row, _| match row.state {
        _ if row.is_contested() => Some(Verdict::Accept),
        TagState::Given | TagState::Accepted => None,
        TagState::Rejected | TagState::Absent | TagState::Unseen => Some(Verdict::Accept),
    })
}

/// Once more takes the rejection back.
pub fn reject_row(state: &mut State, row: usize) -> Vec<Command> {
    decide_row(state, row, |row, _| match row.state {
        TagState::Rejected if !row.is_contested() => Some(Verdict::Clear),
        _ => Some(Verdict::Reject),
    })
}

pub fn toggle_row(state: &mut State, row: usize) -> Vec<Command> {
    decide_row(state, row, |row, given| match row.is_contested() {
        true if row.state.is_present() => Some(Verdict::Reject),
        true => Some(Verdict::Accept),
        false => Some(toggled(row.state, given)),
    })
}

/// Decides on a row, and moves the focus to the next one that waits.
fn decide_row(state: &mut State, row: usize, verdict: impl FnOnce(&Row, bool) -> Option<Verdict>) -> Vec<Command> {
    let Some((desk, rows)) = under_review(state) else {
        return Vec::new();
    };
    let (Some(image), Some(chosen)) = (desk.cursor, rows.get(row)) else {
        return Vec::new();
    };
    let given = given_before(desk, image, chosen.attribute);
    let verdict = verdict(chosen, given);
    let waits = |(_, row): &(usize, &Row)| row.waits();
    let after = rows.iter().enumerate().skip(row + 1).find(waits);
    let next = after.or_else(|| rows.iter().enumerate().take(row).find(waits));
    desk.focus = next.map_or(row, |(position, _)| position);
    let Some(verdict) = verdict else {
        return Vec::new();
    };
    let proposed = Some(chosen.probability).filter(|_| !chosen.is_contested());
    let change = decision(desk, image, chosen.attribute, verdict, proposed);
    commit(state, vec![change])
}

/// Whether `train.csv` had the tag before.
pub(super) fn given_before(desk: &Desk, image: u32, attribute: AttributeId) -> bool {
    let base = desk.item(image).annotation.base();
    base.is_some_and(|base| base.contains(attribute))
}

pub(super) fn decision(
    desk: &Desk,
    image: u32,
    attribute: AttributeId,
    verdict: Verdict,
    probability: Option<f32>,
) -> Change {
    let proposed = desk.model.as_ref().zip(probability).map(|(model, probability)| (model.name.0.clone(), probability));
    Change::Decide(Decision {
        image: desk.id(image).clone(),
        attribute,
        verdict,
        before: desk.item(image).annotation.verdict(attribute),
        proposed,
    })
}

pub(super) fn commit(state: &mut State, changes: Vec<Change>) -> Vec<Command> {
    commit_step(state, Step::of(changes))
}

/// Applies, remembers and records one step.
pub fn commit_step(state: &mut State, step: Step) -> Vec<Command> {
    let Some(desk) = state.desk.as_mut().filter(|_| !step.is_empty()) else {
        return Vec::new();
    };
    let edited = desk.edit(&step, false);
    step.changes.iter().for_each(|change| desk.apply(change));
    desk.n_decisions += decisions(&step);
    let ticket = desk.history.push(step.clone());
    desk.turned(ticket, &step, true);
    let learn = learn(desk, &step);
    let record = state.record.send(RecordChange::Do { ticket, step });
    edited.into_iter().chain([record]).chain(learn).collect()
}

/// What holds now for the images of a step, to be learned from.
pub fn learn(desk: &Desk, step: &Step) -> Option<Command> {
    if step.changes.is_empty() {
        return None;
    }
    let mut seen = HashSet::new();
    let of_tags = step.changes.iter().filter(|change| !matches!(change, Change::Flag(_)));
    let images = of_tags.map(Change::image).filter(|image| seen.insert(*image));
    let now = |image: &ImageId| Some((image.clone(), desk.item(desk.index(image)?).annotation.clone()));
    Some(Command::Learn { changed: images.filter_map(now).collect() })
}

pub fn decisions(step: &Step) -> usize {
    let is_decision = |change: &&Change| matches!(change, Change::Decide(_));
    step.changes.iter().filter(is_decision).count()
}

/// A chip was clicked: the tag goes, or comes back.
pub fn toggle_tag(state: &mut State, image: u32, attribute: AttributeId) -> Vec<Command> {
    let Some(desk) = &state.desk else {
        return Vec::new();
    };
    let verdict = match desk.item(image).annotation.state(attribute) {
        // Out of a row of struck tags it goes back to undecided.
        TagState::Rejected => Verdict::Clear,
        other => toggled(other, given_before(desk, image, attribute)),
    };
    let shown = rows(desk, image).iter().find(|row| row.attribute == attribute).copied();
    let change = decision(desk, image, attribute, verdict, shown.map(|row| row.probability));
    commit(state, vec![change])
}

/// `Enter`: accepts what is offered, marks the image as reviewed, and goes on.
///
/// On an image that was reviewed before, tags that were left out stay left out: the model does not outvote a person. What
/// is in question and was not answered stays as it is, from now on by name, so that it is not asked about again.
pub fn accept_shown(state: &mut State) -> Vec<Command> {
    let now = state.now;
    let Some((desk, rows)) = under_review(state) else {
        return Vec::new();
    };
    let Some(image) = desk.cursor else {
        return Vec::new();
    };
    let mut changes: Vec<_> = rows
        .iter()
        .filter(|row| row.is_offered())
        .map(|row| decision(desk, image, row.attribute, Verdict::Accept, Some(row.probability)))
        .collect();
    let in_question = rows.iter().filter(|row| row.is_in_question()).map(|row| {
        let verdict = if row.state.is_present() { Verdict::Accept } else { Verdict::Reject };
        decision(desk, image, row.attribute, verdict, Some(row.probability))
    });
    changes.extend(in_question);
    if !desk.item(image).annotation.is_marked() {
        changes.push(Change::Mark(Mark { image: desk.id(image).clone(), reviewed: true, before: false }));
    }
    desk.lineup.settle(image);
    desk.finished_at.push(now);
    if desk.finished_at.len() > 200 {
        desk.finished_at.drain(..100);
    }
    let commands = commit(state, changes);
    go_on(state, 1);
    commands
}

pub fn name_of(state: &State, attribute: AttributeId) -> String {
    let label = state.desk.as_ref().and_then(|desk| desk.vocabulary.get(attribute));
    label.map_or_else(|| say!("said-tag", id = attribute), |label| label.short_name().to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::Action;
    use super::super::actions::perform;
    use super::super::keymap::Verb;
    use super::super::state::Safety;
    use super::super::testing::{desk, press, sent, under_review};
    use super::*;

    #[test]
    fn accept_and_reject_act_on_the_focus_and_move_it_on() {
        let mut state = under_review();
        assert_eq!(press(&mut state, Verb::Accept), ["accept a 10"]);
        assert_eq!(desk(&state).focus, 1);
        assert_eq!(press(&mut state, Verb::Reject), ["reject a 11"]);
        assert!(press(&mut state, Verb::Accept).is_empty() || desk(&state).focus == 1);
        assert_eq!(desk(&state).n_decisions, 3, "the second A turns the rejected one round");
        assert_eq!(state.record.safety(), Safety::Writing(3));
    }

    #[test]
    fn accepting_what_is_accepted_writes_nothing() {
        let mut state = under_review();
        let _ = press(&mut state, Verb::Toggle(1));
        let _ = perform(&mut state, Action::FocusRow(0));
        assert!(press(&mut state, Verb::Accept).is_empty());
    }

    #[test]
    fn a_number_toggles_its_row() {
        let mut state = under_review();
        assert_eq!(press(&mut state, Verb::Toggle(3)), ["accept a 12"]);
        assert_eq!(press(&mut state, Verb::Toggle(3)), ["clear a 12"]);
        assert!(press(&mut state, Verb::Toggle(9)).is_empty(), "there is no ninth row");
        assert!(!desk(&state).item(0).annotation.is_touched());
    }

    #[test]
    fn enter_accepts_what_is_above_the_threshold_and_not_rejected_and_goes_on() {
        let mut state = under_review();
        let _ = perform(&mut state, Action::RejectRow(0));
        assert_eq!(press(&mut state, Verb::AcceptShown), ["accept a 11, mark a"]);
        let desk = desk(&state);
        assert_eq!(desk.cursor, Some(1));
        assert_eq!(desk.n_decisions, 2);
        assert_eq!(desk.item(0).annotation.state(AttributeId(12)), TagState::Absent);
        assert_eq!(desk.item(0).annotation.state(AttributeId(10)), TagState::Rejected);
    }

    #[test]
    fn enter_does_not_add_what_a_person_left_out_before() {
        let mut state = under_review();
        let _ = perform(&mut state, Action::OpenInReview(4));
        assert_eq!(press(&mut state, Verb::AcceptShown), ["mark e"]);
        assert!(!desk(&state).item(4).tags.contains(AttributeId(11)));
        assert_eq!(press(&mut state, Verb::AcceptShown), Vec::<String>::new(), "marked already");
    }

    #[test]
    fn a_given_tag_goes_by_rejection_and_comes_back_by_clearing() {
        let mut state = under_review();
        let _ = perform(&mut state, Action::OpenInReview(4));
        let tag = Action::ToggleTag { image: 4, attribute: AttributeId(10) };
        assert_eq!(sent(&perform(&mut state, tag.clone())), ["reject e 10"]);
        assert_eq!(sent(&perform(&mut state, tag)), ["clear e 10"]);
        assert!(desk(&state).item(4).tags.contains(AttributeId(10)));
    }

    #[test]
    fn undo_takes_a_whole_step_back_and_returns_to_its_picture() {
        let mut state = under_review();
        let _ = press(&mut state, Verb::AcceptShown);
        let _ = press(&mut state, Verb::Skip);
        assert_eq!(desk(&state).cursor, Some(2));
        assert_eq!(press(&mut state, Verb::Undo), ["undo 1"]);
        assert_eq!(desk(&state).cursor, Some(0));
        assert!(!desk(&state).item(0).annotation.is_touched());
        assert_eq!(desk(&state).n_decisions, 0);
        assert_eq!(press(&mut state, Verb::Redo), ["redo 1"]);
        assert!(desk(&state).item(0).annotation.is_reviewed());
        assert_eq!(press(&mut state, Verb::Redo), Vec::<String>::new());
    }

    #[test]
    fn nothing_is_decided_outside_the_review() {
        let mut state = under_review();
        let _ = perform(&mut state, Action::Show(View::Library));
        for verb in [Verb::Accept, Verb::Reject, Verb::Toggle(1), Verb::AcceptShown] {
            assert!(press(&mut state, verb).is_empty(), "{verb:?}");
        }
    }
}
