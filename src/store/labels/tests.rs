//! What `labels.csv` holds after edits, undo, restarts, crashes and edits by others.

use std::collections::HashMap;
use std::fs;

use super::*;
use crate::base::Hint as _;
use crate::domain::editing::{self, Refusal};
use crate::domain::import::Import;
use crate::domain::tables::TrainTable;
use crate::domain::{Annotation, Change, ImageId, Label, LabelSet, Step};
use crate::store::StepId;
use crate::store::tables::write_train;

const LABELS: &str =
    "attribute_id,attribute_name,note\r\n1,\"tag::swords\",old\r\nodd\r\n2,tag::blades,\r\n7, tag::bows ,";
const TRAIN: &str = "id,attribute_ids\na,1\nb,1 2\nc,2 7\nodd\nd,\n";

/// A collection with the window's part played: a stack of steps done and a stack of steps undone.
struct Desk {
    folder: tempfile::TempDir,
    location: Location,
    record: Option<Record>,
    vocabulary: Vocabulary,
    annotations: HashMap<ImageId, Annotation>,
    done: Vec<(StepId, Step)>,
    undone: Vec<(StepId, Step)>,
}

impl Desk {
    fn new(labels: &str, train: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in [("labels.csv", labels), ("train.csv", train)] {
            write_atomic(&folder.path().join(name), text.as_bytes()).unwrap();
        }
        let location = Location::of(folder.path()).unwrap();
        let mut desk = Self {
            folder,
            location,
            record: None,
            vocabulary: Vocabulary::default(),
            annotations: HashMap::new(),
            done: Vec::new(),
            undone: Vec::new(),
        };
        desk.reopen();
        desk
    }

    /// As after the end of the program: nothing is known but what is on the disk.
    fn reopen(&mut self) {
        self.record = None;
        let mut record = Record::open(&self.location).unwrap();
        let table = LabelsTable::parse(self.labels().into_bytes());
        self.vocabulary = record.vocabulary(&table, 1).unwrap();
        let table = TrainTable::parse(self.train().into_bytes(), &self.vocabulary);
        self.annotations = record.annotations(&table, 1).unwrap();
        for (id, tags) in table.rows() {
            self.annotations.entry(id.clone()).or_insert_with(|| Annotation::new(Some(tags.clone())));
        }
        (self.done, self.undone) = (Vec::new(), Vec::new());
        for (id, step, undone) in record.history().unwrap() {
            if undone {
                self.undone.insert(0, (id, step));
            } else {
                self.undone.clear();
                self.done.push((id, step));
            }
        }
        self.record = Some(record);
    }

    fn record(&mut self) -> &mut Record {
        self.record.as_mut().unwrap()
    }

    fn take(&mut self, step: &Step, back: bool) {
        step.edit(&mut self.vocabulary, back);
        let changes: Vec<Change> = match back {
            false => step.changes.clone(),
            true => step.changes.iter().rev().map(Change::inverse).collect(),
        };
        for change in changes {
            self.annotations.entry(change.image().clone()).or_default().apply(&change);
        }
    }

    fn do_it(&mut self, step: Result<Step, Refusal>) {
        let step = step.unwrap();
        let id = self.record().append(&step, "me", 1).unwrap();
        self.take(&step, false);
        self.undone.clear();
        self.done.push((id, step));
    }

    fn undo(&mut self) -> bool {
        let Some((id, step)) = self.done.pop() else {
            return false;
        };
        self.record().undo(id, "me", 2).unwrap();
        self.take(&step, true);
        self.undone.push((id, step));
        true
    }

    fn redo(&mut self) -> bool {
        let Some((id, step)) = self.undone.pop() else {
            return false;
        };
        self.record().redo(id, "me", 3).unwrap();
        self.take(&step, false);
        self.done.push((id, step));
        true
    }

    fn write(&mut self) -> String {
        let used: LabelSet =
            self.annotations.values().flat_map(|annotation| annotation.tags().iter().collect::<Vec<_>>()).collect();
        let record = self.record.as_mut().unwrap();
        write_labels(record, &self.location, &mut self.vocabulary, &|id| used.contains(id)).unwrap();
        write_train(record, &self.location, &self.vocabulary, &mut self.annotations).unwrap();
        self.labels()
    }

    fn labels(&self) -> String {
        fs::read_to_string(self.folder.path().join("labels.csv")).unwrap()
    }

    fn train(&self) -> String {
        fs::read_to_string(self.folder.path().join("train.csv")).unwrap()
    }

    fn set_labels(&self, text: &str) {
        write_atomic(&self.folder.path().join("labels.csv"), text.as_bytes()).unwrap();
    }

    fn id(&self, name: &str) -> AttributeId {
        self.vocabulary.by_name(name).unwrap().id
    }

    fn rename(&mut self, from: &str, to: &str) {
        let step = editing::rename(&self.vocabulary, self.id(from), to);
        self.do_it(step);
    }

    fn merge(&mut self, from: &str, into: &str) {
        let step = editing::merge(&self.vocabulary, self.id(from), self.id(into), self.annotations.iter());
        self.do_it(step);
    }

    fn import(&mut self, text: &str) {
        let step = Import::read(text.as_bytes(), &self.vocabulary).step();
        self.do_it(Ok(step));
    }
}

#[test]
fn a_rename_changes_one_field_and_undo_after_a_restart_gives_its_bytes_back() {
    let mut desk = Desk::new(LABELS, TRAIN);
    desk.rename("tag::swords", "tag::sabres, curved");
    desk.rename("tag::bows", "tag::longbows");
    let after = LABELS.replace("\"tag::swords\"", "\"tag::sabres, curved\"").replace(" tag::bows ", "tag::longbows");
    assert_eq!(desk.write(), after);
    for _ in 0..2 {
        desk.reopen();
        assert_eq!(desk.vocabulary.get(AttributeId(1)).unwrap().name, "tag::sabres, curved");
        assert_eq!(desk.vocabulary.aliases_of(AttributeId(1)).collect::<Vec<_>>(), ["tag::swords"]);
        assert_eq!(desk.write(), after);
    }
    assert!(desk.undo() && desk.undo());
    assert_eq!(desk.write(), LABELS);
    desk.reopen();
    assert_eq!(desk.vocabulary.get(AttributeId(1)).unwrap().name, "tag::swords");
    assert!(desk.redo() && desk.redo());
    assert_eq!(desk.write(), after);
}

#[test]
fn a_merge_moves_the_tags_and_leaves_labels_csv_alone() {
    let mut desk = Desk::new(LABELS, TRAIN);
    desk.merge("tag::swords", "tag::blades");
    assert_eq!(desk.write(), LABELS);
    assert_eq!(desk.train(), "id,attribute_ids\na,2\nb,2\nc,2 7\nodd\nd,\n");
    desk.reopen();
    assert_eq!(desk.vocabulary.standing(AttributeId(1)), Standing::Retired);
    assert!(desk.undo());
    desk.write();
    assert_eq!(desk.train(), TRAIN);
    desk.reopen();
    assert!(desk.vocabulary.is_offered(AttributeId(1)) && desk.vocabulary.aliases().next().is_none());
}

#[test]
fn an_import_is_taken_back_line_by_line_and_its_ids_are_never_given_again() {
    let mut desk = Desk::new(LABELS, TRAIN);
    desk.import("# new\ntag::masks\ntag::blades\ntag::sea, calm\n");
    assert_eq!(desk.write(), format!("{LABELS}\r\n8,tag::masks,\r\n9,\"tag::sea, calm\","));
    assert!(desk.undo());
    assert_eq!(desk.write(), LABELS);
    desk.reopen();
    desk.import("tag::masks\n");
    assert_eq!(desk.write(), format!("{LABELS}\r\n10,tag::masks,"));
}

#[test]
fn a_label_that_somebody_uses_or_wrote_a_note_for_keeps_its_line() {
    for (name, labels, train) in [
        ("used", format!("{LABELS}\r\n8,tag::masks,"), TRAIN.replace("\nd,", "\nd,8")),
        ("noted", format!("{LABELS}\r\n8,tag::masks,mine"), TRAIN.to_owned()),
    ] {
        let mut desk = Desk::new(LABELS, TRAIN);
        desk.import("tag::masks\n");
        desk.write();
        desk.set_labels(&labels);
        write_atomic(&desk.folder.path().join("train.csv"), train.as_bytes()).unwrap();
        desk.reopen();
        assert!(desk.undo());
        assert_eq!(desk.write(), labels, "{name}");
        assert!(!desk.vocabulary.is_offered(AttributeId(8)));
        desk.reopen();
        assert_eq!(desk.write(), labels, "{name}");
    }
}

#[test]
fn a_name_that_somebody_changes_outside_wins_and_can_be_undone() {
    for meanwhile in [false, true] {
        let mut desk = Desk::new(LABELS, TRAIN);
        desk.rename("tag::blades", "tag::edges");
        desk.write();
        desk.set_labels(&desk.labels().replace("tag::edges", "tag::steel"));
        if meanwhile {
            desk.import("tag::masks\n");
            assert!(desk.write().contains("tag::steel") && desk.labels().contains("8,tag::masks"));
        }
        desk.reopen();
        assert_eq!(desk.vocabulary.get(AttributeId(2)).unwrap().name, "tag::steel");
        desk.reopen();
        let n_steps = desk.done.len();
        assert_eq!(n_steps, 2 + usize::from(meanwhile));
        assert!(desk.undo());
        assert!(desk.write().contains("2,tag::edges,"));
    }
}

#[test]
fn a_crash_before_the_file_was_replaced_loses_no_name() {
    let mut desk = Desk::new(LABELS, TRAIN);
    desk.rename("tag::blades", "tag::edges");
    let after = desk.write();
    desk.rename("tag::edges", "tag::steel");
    let row = NameWritten {
        base: Some((b"tag::blades".to_vec(), "tag::blades".to_owned())),
        name: Some("tag::steel".to_owned()),
    };
    // As far as a write gets: the record is told, the file is not replaced.
    desk.record().set_names_written(&BTreeMap::from([(AttributeId(2), row)])).unwrap();
    for _ in 0..2 {
        desk.reopen();
        assert_eq!(desk.labels(), after);
        assert_eq!(desk.vocabulary.get(AttributeId(2)).unwrap().name, "tag::steel");
        assert_eq!(desk.done.len(), 2);
    }
    assert!(desk.write().contains("2,tag::steel,"));
}

#[test]
fn a_new_label_whose_id_somebody_used_meanwhile_has_their_name() {
    let mut desk = Desk::new(LABELS, TRAIN);
    desk.import("tag::masks\n");
    let theirs = format!("{LABELS}\r\n8,tag::helmets,");
    desk.set_labels(&theirs);
    assert_eq!(desk.write(), theirs);
    assert_eq!(desk.vocabulary.get(AttributeId(8)).unwrap().name, "tag::helmets");
    desk.reopen();
    assert_eq!(desk.vocabulary.get(AttributeId(8)).unwrap().name, "tag::helmets");
}

#[test]
fn a_table_that_is_not_understood_is_left_alone_and_one_that_is_gone_comes_back_with_what_the_record_knows() {
    let mut desk = Desk::new(LABELS, TRAIN);
    desk.record().create_label(AttributeId(8), "tag::typed").unwrap();
    desk.reopen();
    desk.rename("tag::blades", "tag::edges");
    desk.set_labels("number;name\n1;x\n");
    let record = desk.record.as_mut().unwrap();
    let error = write_labels(record, &desk.location, &mut desk.vocabulary, &|_| false).unwrap_err();
    assert!(matches!(error, TablesError::NotUnderstood { .. }) && error.hint().is_some());
    assert_eq!(desk.labels(), "number;name\n1;x\n");
    fs::remove_file(desk.folder.path().join("labels.csv")).unwrap();
    assert_eq!(desk.write(), "attribute_id,attribute_name\n2,tag::edges\n8,tag::typed\n");
}

/// Knuth's generator, MMIX: enough to choose what is done next.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n.max(1)
    }
}

fn anything(desk: &mut Desk, dice: &mut Dice, number: usize) {
    let labels: Vec<Label> = desk.vocabulary.labels().to_vec();
    let pick = |dice: &mut Dice| labels[dice.below(labels.len())].id;
    let (a, b) = (pick(dice), pick(dice));
    let vocabulary = &desk.vocabulary;
    let mut images: Vec<_> = desk.annotations.iter().collect();
    images.sort_by(|a, b| a.0.as_str().cmp(b.0.as_str())); // A hash map has an order of its own in every run.
    images.retain(|_| dice.below(2) == 0);
    let images = || images.iter().copied();
    let aliases: Vec<&str> = vocabulary.aliases().map(|(alias, _)| alias).collect();
    let step = match dice.below(9) {
        0 => editing::rename(vocabulary, a, &format!("tag::renamed {number}")),
        1 => editing::rename(vocabulary, a, aliases.get(dice.below(aliases.len())).unwrap_or(&"tag::x")),
        2 => editing::merge(vocabulary, a, b, desk.annotations.iter()),
        3 => editing::split(vocabulary, a, &format!("tag::split, {number}"), images()).map(|(_, step)| step),
        4 => editing::retire(vocabulary, a, images()),
        5 => editing::bring_back(vocabulary, a),
        6 => editing::add_alias(vocabulary, a, &format!("other {number}")),
        7 => editing::remove_alias(vocabulary, aliases.get(dice.below(aliases.len())).unwrap_or(&"")),
        _ => Ok(Import::read(format!("tag::first {number}\ntag::second {number}\n").as_bytes(), vocabulary).step()),
    };
    if let Ok(step) = step {
        desk.do_it(Ok(step));
    }
}

#[test]
fn whatever_is_done_and_undone_over_restarts_ends_in_the_bytes_it_began_with() {
    for seed in 0..12 {
        let mut dice = Dice(seed);
        let mut desk = Desk::new(LABELS, TRAIN);
        for number in 0..40 {
            match dice.below(8) {
                0 => {
                    desk.undo();
                }
                1 => {
                    desk.redo();
                }
                2 => {
                    desk.write();
                }
                3 => desk.reopen(),
                _ => anything(&mut desk, &mut dice, number),
            }
            let mut ids: Vec<_> = desk.vocabulary.labels().iter().map(|label| label.id).collect();
            ids.sort_unstable();
            assert!(ids.windows(2).all(|pair| pair[0] < pair[1]), "seed {seed}: {ids:?}");
        }
        let there = (desk.write(), desk.train());
        let n_done = desk.done.len();
        desk.reopen();
        assert_eq!(desk.done.len(), n_done, "nothing of ours is taken for somebody's edit");
        while desk.undo() {}
        assert_eq!((desk.write(), desk.train()), (LABELS.to_owned(), TRAIN.to_owned()), "seed {seed}");
        for _ in 0..n_done {
            assert!(desk.redo());
        }
        // Lines that were undone and done again between two writes stood after others; now each stands in its turn.
        let lines = |table: &str| {
            let mut lines: Vec<String> = table.split("\r\n").map(str::to_owned).collect();
            lines.sort_unstable();
            lines
        };
        let (labels, train) = (desk.write(), desk.train());
        assert_eq!((lines(&labels), train), (lines(&there.0), there.1), "seed {seed}");
        while desk.undo() {}
        desk.reopen();
        assert_eq!((desk.write(), desk.train()), (LABELS.to_owned(), TRAIN.to_owned()), "seed {seed}");
    }
}
