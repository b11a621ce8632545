//! Orders and queues: asking the scout for one, and taking what it found.

use super::decide;
use super::state::{Desk, Order, State, Tone};
use super::texts::say;
use crate::domain::{ImageId, Question, Questions};
use crate::jobs::{Command, Problem, Quest, QuestKind, ScoutSpec, Surveyed, WorkDone};
use crate::training::survey::Worth;

pub(super) fn order(state: &mut State, order: Order) -> Vec<Command> {
    let now = state.now;
    let Some(desk) = &mut state.desk else {
        return Vec::new();
    };
    let was_asked = desk.lineup.asked.take().is_some();
    if order == Order::Conflicts {
        let images = desk.contested();
        let n_images = desk.items.len();
        let words = said(order, images.len());
        if !images.is_empty() {
            desk.lineup.set(order, images, n_images);
            arrived(desk, now);
        }
        state.messages.say(now, Tone::Note, words);
        return if was_asked { vec![Command::StopScout] } else { Vec::new() };
    }
    match order.quest() {
        None => {
            let times = desk.collection.images.iter().map(|file| file.modified_millis);
            let mut images: Vec<(i64, u32)> = times.zip(0..).collect();
            images.sort_unstable();
            let n = desk.items.len();
            desk.lineup.set(order, images.into_iter().map(|(_, image)| (image, Vec::new())), n);
            arrived(desk, now);
            if was_asked { vec![Command::StopScout] } else { Vec::new() }
        }
        Some(kind) => match spec(desk, kind) {
            Ok(spec) => {
                desk.lineup.asked = Some((order, WorkDone::default()));
                vec![Command::Scout(Box::new(spec))]
            }
            Err(words) => {
                state.messages.say(now, Tone::Note, words);
                Vec::new()
            }
        },
    }
}

fn spec(desk: &Desk, kind: QuestKind) -> Result<ScoutSpec, String> {
    if kind == QuestKind::Copies {
        return Ok(ScoutSpec {
            quest: Quest::Copies,
            model: desk.wanted_model.clone(),
            precision: desk.agreeing.precision(),
            attributes: Vec::new(),
            threshold: 0.0,
            images: Vec::new(),
        });
    }
    let Some(model) = &desk.model else {
        return Err(say!("scout-loading"));
    };
    let before = desk.before.as_ref();
    let quest = match kind {
        QuestKind::Order(worth) => Quest::Order(worth),
        QuestKind::Doubts => Quest::Doubts,
        QuestKind::Changes => {
            let before = before.ok_or_else(|| say!("scout-no-other"))?;
            Quest::Changes { before: before.attributes.clone(), threshold: before.threshold }
        }
        QuestKind::Copies => Quest::Copies,
    };
    let is_changes = kind == QuestKind::Changes;
    let of = |(image, (file, item)): (usize, (&crate::collection::ImageFile, &super::state::Item))| Surveyed {
        id: file.id.clone(),
        annotation: item.annotation.clone(),
        proposals: item.proposals.clone(),
        before: before.filter(|_| is_changes).and_then(|before| before.proposals.get(image).cloned().flatten()),
    };
    Ok(ScoutSpec {
        quest,
        model: model.name.clone(),
        precision: desk.agreeing.precision(),
        attributes: desk.proposable.clone(),
        threshold: desk.threshold,
        images: desk.collection.images.iter().zip(&desk.items).enumerate().map(of).collect(),
    })
}

pub(super) fn stop(state: &mut State) -> Vec<Command> {
    let asked = state.desk.as_mut().and_then(|desk| desk.lineup.asked.take());
    if asked.is_some() { vec![Command::StopScout] } else { Vec::new() }
}

pub(super) fn progressed(state: &mut State, work: WorkDone) {
    if let Some((_, done)) = state.desk.as_mut().and_then(|desk| desk.lineup.asked.as_mut()) {
        *done = work;
    }
}

/// Takes what was found, unless the wish was withdrawn meanwhile.
pub(super) fn found(state: &mut State, kind: QuestKind, found: Vec<Questions<ImageId>>, n_left_out: usize) {
    let now = state.now;
    let Some(desk) = &mut state.desk else {
        return;
    };
    let Some((order, _)) = desk.lineup.asked.take_if(|(order, _)| order.quest() == Some(kind)) else {
        return;
    };
    let images: Vec<(u32, Vec<Question>)> = found
        .into_iter()
        .filter_map(|found| {
            let n_asked = found.questions.len();
            let mut questions = found.questions;
            questions.retain(|question| desk.vocabulary.is_offered(question.attribute)); // Not of retired labels.
            let is_left = n_asked == 0 || !questions.is_empty();
            desk.index(&found.image).filter(|_| is_left).map(|image| (image, questions))
        })
        .collect();
    let mut words = said(order, images.len());
    if 0 < n_left_out {
        words += &say!("scout-left-out", n = n_left_out);
    }
    if !images.is_empty() {
        let n = desk.items.len();
        desk.lineup.set(order, images, n);
        arrived(desk, now);
    }
    state.messages.say(now, Tone::Note, words);
}

/// Takes the groups of copies, unless the wish was withdrawn meanwhile.
pub(super) fn copies_found(state: &mut State, groups: &[Vec<ImageId>]) {
    let now = state.now;
    let Some(desk) = &mut state.desk else {
        return;
    };
    if desk.lineup.asked.take_if(|(order, _)| *order == Order::Copies).is_none() {
        return;
    }
    let n_images = desk.items.len();
    let mut group_of = vec![u32::MAX; n_images];
    let mut members = Vec::new();
    for (number, group) in (0..).zip(groups) {
        for image in group.iter().filter_map(|id| desk.index(id)) {
            group_of[image as usize] = number;
            members.push((image, Vec::new()));
        }
    }
    let words = match members.len() {
        0 => say!("scout-no-copies"),
        n => {
            say!("scout-copies", n = groups.len(), files = n)
        }
    };
    if !members.is_empty() {
        desk.lineup.set(Order::Copies, members, n_images);
        desk.lineup.set_groups(Some(group_of.into()));
        arrived(desk, now);
    }
    state.messages.say(now, Tone::Note, words);
}

fn said(order: Order, n: usize) -> String {
    match (order, n) {
        (Order::Doubts, 0) => say!("scout-no-doubts"),
        (Order::Doubts, _) => say!("scout-doubts", n = n),
        (Order::Changes, 0) => say!("scout-no-changes"),
        (Order::Changes, _) => say!("scout-changes", n = n),
        (Order::Conflicts, 0) => say!("scout-no-conflicts"),
        (Order::Conflicts, _) => say!("scout-conflicts", n = n),
        (_, 0) => say!("scout-all-described"),
        (Order::Worth(Worth::Diverse), _) => say!("scout-varied", n = n),
        _ => say!("scout-ordered", n = n),
    }
}

pub(super) fn ended(state: &mut State, kind: QuestKind, problem: Option<Problem>) {
    let asked = state.desk.as_mut().map(|desk| &mut desk.lineup.asked);
    if let Some(asked) = asked
        && asked.take_if(|(order, _)| order.quest() == Some(kind)).is_some()
        && let Some(problem) = problem
    {
        state.messages.trouble(state.now, &problem);
    }
}

/// The list is made anew and begins at its beginning.
fn arrived(desk: &mut Desk, now: f64) {
    desk.refresh(now);
    if let Some(&first) = desk.shown.first() {
        desk.selection.select(first, super::state::Select::Only, &desk.shown);
        desk.cursor = Some(first);
        desk.zoom = super::state::Zoom::default();
    }
    decide::reset_focus(desk);
}

#[cfg(test)]
mod tests {
    use super::super::action::Action;
    use super::super::actions::perform;
    use super::super::inbox::receive;
    use super::super::keymap::Verb;
    use super::super::state::{View, review};
    use super::super::testing::{desk, model, propose, sent, under_review};
    use super::*;
    use crate::domain::{AttributeId, Proposal, TagState, Why};
    use crate::jobs::Event;

    fn doubts(state: &mut State) {
        let commands = perform(state, Action::Order(Order::Doubts));
        assert!(matches!(&commands[..], [Command::Scout(spec)] if spec.images.len() == 5));
        let ask = |id, why| Question { attribute: AttributeId(id), why };
        let found = vec![
            Questions {
                image: ImageId::from("e"),
                questions: vec![ask(12, Why::Missing { probability: 0.9 }), ask(10, Why::Wrong { probability: 0.1 })],
            },
            Questions { image: ImageId::from("b"), questions: vec![ask(13, Why::Missing { probability: 0.8 })] },
        ];
        let _ = receive(state, Event::Scouted { quest: QuestKind::Doubts, found, n_left_out: 0 });
    }

    #[test]
    fn a_queue_of_doubts_is_answered_by_name_and_undone_by_one_key() {
        let mut state = under_review();
        doubts(&mut state);
        assert_eq!((desk(&state).shown.as_slice(), desk(&state).cursor), (&[4, 1][..], Some(4)));
        let rows: Vec<_> =
            review::rows(desk(&state), 4).iter().map(|row| (row.attribute.0, row.question.is_some())).collect();
        assert_eq!(rows, [(12, true), (10, true), (11, false), (13, false)]);
        assert_eq!(desk(&state).focus, 0);
        // The one is true, the other is kept as it is; what was left out is not added by the same key.
        assert_eq!(sent(&perform(&mut state, Action::Do(Verb::Accept))), ["accept e 12"]);
        assert_eq!(desk(&state).focus, 1);
        let enter = sent(&perform(&mut state, Action::Do(Verb::AcceptShown)));
        assert_eq!(enter, ["accept e 10, mark e"]);
        assert_eq!(desk(&state).item(4).annotation.state(AttributeId(11)), TagState::Absent);
        assert_eq!((desk(&state).cursor, desk(&state).lineup.n_open()), (Some(1), 1));
        let _ = perform(&mut state, Action::Do(Verb::Undo));
        assert_eq!(desk(&state).lineup.n_open(), 2);
    }

    #[test]
    fn copies_stand_side_by_side_each_group_under_its_heading() {
        let mut state = under_review();
        let asked = perform(&mut state, Action::Order(Order::Copies));
        assert!(matches!(&asked[..], [Command::Scout(spec)] if spec.images.is_empty()), "no model is needed");
        let ids = |ids: &[&str]| ids.iter().copied().map(ImageId::from).collect::<Vec<_>>();
        let _ = receive(&mut state, Event::CopiesFound { groups: vec![ids(&["a", "e"]), ids(&["b", "d"])] });
        assert_eq!(desk(&state).shown, [0, 4, 1, 3]);
        let names: Vec<_> = desk(&state).sections.iter().map(|section| section.name.clone()).collect();
        assert_eq!(names, ["2 copies", "2 copies"]);
        let said = &state.messages.log().last().unwrap().text;
        assert_eq!(said, "2 pictures are there more than once: 4 files");
        // Nothing is asked about them: what is reviewed stays beside its copies.
        let _ = perform(&mut state, Action::Do(Verb::AcceptShown));
        state.desk.as_mut().unwrap().refresh(0.0);
        assert_eq!(desk(&state).shown, [0, 4, 1, 3]);
        let _ = perform(&mut state, Action::Order(Order::Copies));
        let _ = receive(&mut state, Event::CopiesFound { groups: Vec::new() });
        assert_eq!(state.messages.log().last().unwrap().text, "No picture is there twice");
    }

    #[test]
    fn an_order_that_was_withdrawn_changes_nothing() {
        let mut state = under_review();
        let least_certain = Order::Worth(Worth::Uncertain);
        assert_eq!(perform(&mut state, Action::Order(least_certain)).len(), 1);
        let _ = receive(&mut state, Event::Scouting(WorkDone { done: 1, total: 2, per_second: 0.0 }));
        assert_eq!(desk(&state).lineup.asked.unwrap().1.done, 1);
        assert!(matches!(perform(&mut state, Action::StopOrder)[..], [Command::StopScout]));
        let found = vec![Questions { image: ImageId::from("d"), questions: Vec::new() }];
        let quest = QuestKind::Order(Worth::Uncertain);
        let _ = receive(&mut state, Event::Scouted { quest, found: found.clone(), n_left_out: 0 });
        assert_eq!(desk(&state).shown, [0, 1, 2, 3, 4]);
        let _ = perform(&mut state, Action::Order(least_certain));
        let _ = receive(&mut state, Event::Scouted { quest, found, n_left_out: 0 });
        assert_eq!(desk(&state).shown, [3, 0, 1, 2, 4]);
        let _ = perform(&mut state, Action::Order(Order::Name));
        assert_eq!(desk(&state).shown, [0, 1, 2, 3, 4]);
    }

    #[test]
    fn changes_are_those_from_the_model_before() {
        let mut state = under_review();
        assert!(perform(&mut state, Action::Order(Order::Changes)).is_empty());
        assert!(state.messages.log()[0].text.starts_with("No other model"));
        let _ = perform(&mut state, Action::UseModel(crate::jobs::ModelName("new".to_owned())));
        let _ = receive(&mut state, Event::ModelLoaded(model("new", 0.4)));
        propose(&mut state, "a", "new", [0.1, 0.7, 0.3, 0.1]);
        let commands = perform(&mut state, Action::Order(Order::Changes));
        let [Command::Scout(spec)] = &commands[..] else { panic!("{commands:?}") };
        assert!(matches!(&spec.quest, Quest::Changes { before, threshold } if before.len() == 4 && *threshold == 0.5));
        let first = |proposals: &Option<std::sync::Arc<[Proposal]>>| proposals.as_ref().unwrap()[0].attribute.0;
        assert_eq!((first(&spec.images[0].before), first(&spec.images[0].proposals)), (10, 11));
        let _ = perform(&mut state, Action::Show(View::Library));
    }
}
