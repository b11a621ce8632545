//! A small open collection for the unit tests of this floor.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::action::Action;
use super::actions::perform;
use super::inbox::receive;
use super::keymap::Verb;
use super::state::{Desk, State, View};
use crate::collection::{Collection, ImageFile};
use crate::domain::proposal::kept;
use crate::domain::{Annotation, AttributeId, ImageId, Label, LabelSet, Vocabulary};
use crate::jobs::{Command, Event, ModelDetails, ModelName, Opened, RecordChange};
use crate::store::Location;

pub(super) fn model(name: &str, threshold: f32) -> Arc<ModelDetails> {
    Arc::new(ModelDetails {
        name: ModelName(name.to_owned()),
        architecture: "net".to_owned(),
        attribute_ids: [10, 11, 12, 13].map(AttributeId).into(),
        threshold,
        metrics: None,
        report: None,
        recipe: None,
        parent: None,
        folder: PathBuf::new(),
        created_millis: 0,
    })
}

/// Images `a` to `e`; `e` has tag 10 in `train.csv`. Four tags, 10 to 13.
pub(super) fn opened() -> Opened {
    let root = PathBuf::from("/pictures");
    let file = |name: &str| ImageFile { id: ImageId::from(name), path: name.into(), bytes: 1, modified_millis: 0 };
    let images = ["a", "b", "c", "d", "e"].map(file).into();
    let vocabulary = Vocabulary::new([10, 11, 12, 13].map(|id| Label::new(id, format!("tag::t{id}"))));
    Opened {
        collection: Arc::new(Collection::in_memory(root.clone(), images, vocabulary)),
        annotations: HashMap::from([(ImageId::from("e"), Annotation::new(Some(LabelSet::from([10]))))]),
        history: Vec::new(),
        n_decisions: 0,
        conflicts: Vec::new(),
        findings: Vec::new(),
        location: Location::for_reading(&root),
        models: vec![model("m", 0.5)],
        model: ModelName("m".to_owned()),
        previous_model: None,
        recipes: Vec::new(),
        unfinished: None,
        demo: false,
    }
}

pub(super) fn propose(state: &mut State, image: &str, by: &str, probabilities: [f32; 4]) {
    let event = Event::Proposed {
        image: ImageId::from(image),
        by: ModelName(by.to_owned()),
        proposals: kept(&[10, 11, 12, 13].map(AttributeId), &probabilities).into(),
    };
    assert!(receive(state, event).is_empty());
}

/// Under review at `a`; on every image tags 10 and 11 are above the threshold of 0.5, 12 and 13 below.
pub(super) fn under_review() -> State {
    let mut state = State::default();
    let _ = receive(&mut state, Event::Opened(Box::new(opened())));
    let _ = receive(&mut state, Event::ModelLoaded(model("m", 0.5)));
    for image in ["a", "b", "c", "d", "e"] {
        propose(&mut state, image, "m", [0.9, 0.7, 0.3, 0.1]);
    }
    let _ = perform(&mut state, Action::Show(View::Review));
    state
}

pub(super) fn desk(state: &State) -> &Desk {
    state.desk.as_ref().unwrap()
}

/// Presses a key, and says what is sent to the record.
pub(super) fn press(state: &mut State, verb: Verb) -> Vec<String> {
    sent(&perform(state, Action::Do(verb)))
}

/// The changes sent to the record, as `accept a 10`, `mark a`, `undo 1`, …
pub(super) fn sent(commands: &[Command]) -> Vec<String> {
    use crate::domain::{Change, Edit, Verdict};
    let change = |change: &Change| match change {
        Change::Decide(decision) => {
            let verb = match decision.verdict {
                Verdict::Accept => "accept",
                Verdict::Reject => "reject",
                Verdict::Clear => "clear",
            };
            let by = if decision.proposed.is_some() { "" } else { " unasked" };
            format!("{verb} {} {}{by}", decision.image, decision.attribute)
        }
        Change::Mark(mark) => format!("mark {}", mark.image),
        Change::Flag(flag) => format!("{} {}", if flag.flagged { "flag" } else { "unflag" }, flag.image),
    };
    let edit = |edit: &Edit| match edit {
        Edit::Stand { label, standing, .. } => format!("{} {standing:?}", label.id),
        Edit::Rename { attribute, name, .. } => format!("{attribute} is {name}"),
        Edit::Alias { alias, of: Some(of), .. } => format!("{alias} means {of}"),
        Edit::Alias { alias, of: None, .. } => format!("{alias} means nothing"),
    };
    let mut lines = Vec::new();
    for command in commands {
        match command {
            Command::Record { change: record, .. } => match record {
                RecordChange::Do { step, .. } => lines.push(
                    step.edits.iter().map(edit).chain(step.changes.iter().map(change)).collect::<Vec<_>>().join(", "),
                ),
                RecordChange::Undo { ticket } => lines.push(format!("undo {}", ticket.0)),
                RecordChange::Redo { ticket } => lines.push(format!("redo {}", ticket.0)),
                RecordChange::CreateLabel { id, name } => lines.push(format!("create {id} {name}")),
            },
            Command::UseVocabulary { .. } => {} // It goes with every edit.
            Command::Learn { .. } => {}         // It follows every change of the record.
            other => lines.push(format!("{other:?}")),
        }
    }
    lines
}
