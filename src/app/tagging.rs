//! Tags that are added and taken away by name, and flags: of one image or of all that are selected, as one step.

use super::decide::{commit, decision, given_before, name_of, under_review};
use super::state::review::toggled;
use super::state::{State, Tone};
use super::texts::say;
use crate::domain::{AttributeId, Change, Flag, Verdict};
use crate::jobs::{Command, RecordChange};
use crate::review::keys::remember;

/// To the image under review, or to all that are selected, as one step.
pub fn add_tag(state: &mut State, attribute: AttributeId) -> Vec<Command> {
    let targets = state.targets();
    let Some(desk) = &mut state.desk else {
        return Vec::new();
    };
    let lacking = |image: &&u32| !desk.item(**image).tags.contains(attribute);
    let changes: Vec<_> =
        targets.iter().filter(lacking).map(|&image| decision(desk, image, attribute, Verdict::Accept, None)).collect();
    remember(&mut desk.recent_tags, attribute);
    state.overlay = None;
    let name = name_of(state, attribute);
    let text = match (targets.len(), changes.len()) {
        (1, 0) => say!("said-has-already", name = name),
        (_, 0) => say!("said-all-have", name = name),
        (1, _) => String::new(),
        (_, n) => say!("said-added", name = name, n = n),
    };
    if !text.is_empty() {
        state.messages.say(state.now, Tone::Note, text);
    }
    commit(state, changes)
}

/// The tags of the picture that was under review before, as far as this one lacks them.
pub fn copy_tags(state: &mut State) -> Vec<Command> {
    let Some((desk, _)) = under_review(state) else {
        return Vec::new();
    };
    let (Some(image), Some(before)) = (desk.cursor, desk.before_cursor) else {
        state.messages.say(state.now, Tone::Note, say!("said-none-before"));
        return Vec::new();
    };
    let lacking = desk.item(before).tags.iter().filter(|tag| !desk.item(image).tags.contains(*tag));
    let changes: Vec<Change> =
        lacking.map(|tag| decision(desk, image, tag, Verdict::Accept, desk.probability(image, tag))).collect();
    let words = match changes.len() {
        0 => say!("said-nothing-lacking", image = desk.id(before)),
        n => say!("said-copied", n = n, image = desk.id(before)),
    };
    state.messages.say(state.now, Tone::Note, words);
    commit(state, changes)
}

/// A tag that was not there, appended to the vocabulary, and added.
pub fn create_tag(state: &mut State, name: &str) -> Vec<Command> {
    let Some(desk) = state.desk.as_mut() else {
        return Vec::new();
    };
    let known = desk.vocabulary.by_name(name).map(|label| label.id);
    let mut commands = Vec::new();
    let id = known.unwrap_or_else(|| {
        let id = desk.create_label(name);
        commands.push(state.record.send(RecordChange::CreateLabel { id, name: name.to_owned() }));
        id
    });
    commands.extend(add_tag(state, id));
    commands
}

/// From the image under review, or from all that are selected, as one step.
pub fn remove_tag(state: &mut State, attribute: AttributeId) -> Vec<Command> {
    let targets = state.targets();
    let Some(desk) = &state.desk else {
        return Vec::new();
    };
    let having = targets.iter().filter(|&&image| desk.item(image).tags.contains(attribute));
    let changes: Vec<_> = having
        .map(|&image| {
            let verdict = toggled(desk.item(image).annotation.state(attribute), given_before(desk, image, attribute));
            decision(desk, image, attribute, verdict, desk.probability(image, attribute))
        })
        .collect();
    let (name, n) = (name_of(state, attribute), changes.len());
    state.messages.say(state.now, Tone::Note, say!("said-taken-away", name = name, n = n));
    commit(state, changes)
}

/// Puts the image under review or the selection aside; where all of them are, takes them up again.
pub fn flag(state: &mut State) -> Vec<Command> {
    let targets = state.targets();
    let Some(desk) = &state.desk else {
        return Vec::new();
    };
    let is_flagged = |image: u32| desk.item(image).annotation.is_flagged();
    let flagged = !targets.iter().all(|&image| is_flagged(image));
    let others = targets.iter().filter(|&&image| is_flagged(image) != flagged);
    let changes: Vec<_> =
        others.map(|&image| Change::Flag(Flag { image: desk.id(image).clone(), flagged, before: !flagged })).collect();
    let n = changes.len();
    match changes.is_empty() {
        true => {}
        false if flagged => state.messages.say(state.now, Tone::Note, say!("said-put-aside", n = n)),
        false => state.messages.say(state.now, Tone::Note, say!("said-taken-up", n = n)),
    }
    commit(state, changes)
}

#[cfg(test)]
mod tests {
    use super::super::Action;
    use super::super::actions::perform;
    use super::super::keymap::Verb;
    use super::super::state::View;
    use super::super::testing::{desk, press, sent, under_review};
    use super::*;

    #[test]
    fn tags_are_copied_from_the_picture_before() {
        let mut state = under_review();
        assert_eq!(press(&mut state, Verb::CopyTags), [""; 0], "there is none before");
        let _ = perform(&mut state, Action::OpenInReview(4));
        let _ = perform(&mut state, Action::OpenInReview(1));
        assert_eq!(press(&mut state, Verb::CopyTags), ["accept b 10"]);
        assert_eq!(press(&mut state, Verb::CopyTags), [""; 0], "it has them now");
    }

    #[test]
    fn a_new_tag_is_created_before_it_is_used() {
        let mut state = under_review();
        let commands = perform(&mut state, Action::CreateTag("tag::new".to_owned()));
        assert_eq!(sent(&commands), ["create 14 tag::new", "accept a 14 unasked"]);
        assert_eq!(desk(&state).tag_count(AttributeId(14)), 1);
        let again = perform(&mut state, Action::CreateTag("tag::new".to_owned()));
        assert!(again.is_empty(), "the picture has it");
    }

    #[test]
    fn a_tag_for_the_whole_selection_is_one_step() {
        let mut state = under_review();
        let _ = perform(&mut state, Action::Show(View::Library));
        let _ = press(&mut state, Verb::SelectAll);
        let commands = perform(&mut state, Action::AddTag(AttributeId(10)));
        assert_eq!(
            sent(&commands),
            ["accept a 10 unasked, accept b 10 unasked, accept c 10 unasked, accept d 10 unasked"]
        );
        assert_eq!(desk(&state).tag_count(AttributeId(10)), 5);
        let _ = press(&mut state, Verb::Undo);
        assert_eq!(desk(&state).tag_count(AttributeId(10)), 1);
    }

    #[test]
    fn a_flag_is_set_on_all_taken_off_all_and_undone_and_says_nothing_about_tags() {
        let mut state = under_review();
        assert_eq!(press(&mut state, Verb::Flag), ["flag a"]);
        let annotation = &desk(&state).item(0).annotation;
        assert!(annotation.is_flagged() && !annotation.is_touched() && !annotation.has_changes());
        let _ = perform(&mut state, Action::Show(View::Library));
        let _ = press(&mut state, Verb::SelectAll);
        assert_eq!(press(&mut state, Verb::Flag), ["flag b, flag c, flag d, flag e"]);
        let shown = |state: &mut State, query: &str| {
            let _ = perform(state, Action::FilterText(query.to_owned()));
            desk(state).shown.len()
        };
        assert_eq!(shown(&mut state, "flagged:yes"), 5);
        assert_eq!(press(&mut state, Verb::Flag), ["unflag a, unflag b, unflag c, unflag d, unflag e"]);
        assert_eq!(shown(&mut state, "flagged:yes"), 0);
        let _ = press(&mut state, Verb::Undo);
        assert_eq!(shown(&mut state, "flagged:yes"), 5);
        let _ = press(&mut state, Verb::Undo);
        assert_eq!(shown(&mut state, "flagged:yes"), 1);
    }

    #[test]
    fn a_tag_is_taken_from_the_whole_selection_in_one_step() {
        let mut state = under_review();
        let _ = perform(&mut state, Action::AddTag(AttributeId(10)));
        let _ = perform(&mut state, Action::Show(View::Library));
        let _ = press(&mut state, Verb::SelectAll);
        let commands = perform(&mut state, Action::RemoveTag(AttributeId(10)));
        // What was accepted here is undecided again; what train.csv says can only be rejected.
        assert_eq!(sent(&commands), ["clear a 10, reject e 10"]);
        assert_eq!(state.messages.log().last().unwrap().text, "t10 taken away from 2 pictures");
        assert_eq!(desk(&state).tag_count(AttributeId(10)), 0);
        let _ = press(&mut state, Verb::Undo);
        assert_eq!(desk(&state).tag_count(AttributeId(10)), 2);
    }
}
