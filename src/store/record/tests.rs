//! What the record promises, seen from outside: durability, undo, edits of the file by others.

use std::fs;

use super::*;
use crate::base::Hint as _;
use crate::domain::tables::train_csv::joined;
use crate::domain::{AttributeId, Change, Decision, Label, Mark, TagState, Verdict, Vocabulary};

fn folder() -> (tempfile::TempDir, Location) {
    let root = tempfile::tempdir().unwrap();
    let location = Location::of(root.path()).unwrap();
    (root, location)
}

fn decide(image: &str, attribute: u32, verdict: Verdict) -> Change {
    Change::Decide(Decision {
        image: ImageId::from(image),
        attribute: AttributeId(attribute),
        verdict,
        before: Verdict::Clear,
        proposed: None,
    })
}

fn accept(image: &str, attribute: u32) -> Step {
    let changes = vec![decide(image, attribute, Verdict::Accept)];
    Step::of(changes)
}

fn tags<const N: usize>(ids: [u32; N]) -> Option<LabelSet> {
    Some(LabelSet::from(ids))
}

fn table_of_a(row: Option<LabelSet>) -> TrainTable {
    let row = row.map(|tags| format!("a,{}\n", joined(&tags))).unwrap_or_default();
    let vocabulary = Vocabulary::new((0..10).map(|id| Label::new(id, "x")));
    TrainTable::parse(format!("id,attribute_ids\n{row}").into_bytes(), &vocabulary)
}

/// What the record says about image `a` when `train.csv` has `row` for it.
fn annotation_of_a(record: &mut Record, row: Option<LabelSet>) -> Annotation {
    let mut all = record.annotations(&table_of_a(row), 99).unwrap();
    all.remove("a").unwrap()
}

fn set_written(record: &mut Record, base: Option<LabelSet>, tags: Option<LabelSet>) {
    let row = Written { base, tags };
    record.set_written(&BTreeMap::from([(ImageId::from("a"), row)])).unwrap();
}

#[test]
fn a_decision_survives_a_process_that_never_closed_the_record() {
    let (_root, location) = folder();
    let mut record = Record::open(&location).unwrap();
    let step = accept("a", 7);
    let id = record.append(&step, "ada", 1).unwrap();
    // What a crash leaves: the files as they are while the record is open.
    let (_copy, after_crash) = folder();
    for name in ["docent.db", "docent.db-wal"] {
        fs::copy(location.folder().join(name), after_crash.folder().join(name)).unwrap();
    }
    let found = Record::open(&after_crash).unwrap().history().unwrap();
    assert_eq!(found, [(id, step, false)]);
}

#[test]
fn history_keeps_steps_and_changes_in_their_order_and_whole() {
    let (_root, location) = folder();
    let proposed = Change::Decide(Decision {
        image: ImageId::from("b/ü"),
        attribute: AttributeId(u32::MAX),
        verdict: Verdict::Reject,
        before: Verdict::Accept,
        proposed: Some(("net".to_owned(), 0.1)),
    });
    let mark = Change::Mark(Mark { image: ImageId::from("a"), reviewed: true, before: false });
    let steps = [
        vec![proposed.clone(), mark.clone(), decide("a", 1, Verdict::Clear)],
        vec![],
        vec![mark, decide("a", 2, Verdict::Accept), proposed],
    ];
    let mut expected = Vec::new();
    for changes in steps {
        let mut record = Record::open(&location).unwrap();
        let step = Step::of(changes);
        let id = record.append(&step, "ada", 1).unwrap();
        expected.push((id, step, false));
        assert_eq!(record.history().unwrap(), expected);
    }
}

#[test]
fn undo_takes_a_step_out_of_the_fold_and_redo_puts_it_back() {
    let (_root, location) = folder();
    let mut record = Record::open(&location).unwrap();
    let first = record.append(&accept("a", 1), "ada", 1).unwrap();
    record.append(&accept("a", 2), "ada", 2).unwrap();
    record.undo(first, "bob", 3).unwrap();
    record.undo(first, "bob", 4).unwrap();
    assert_eq!(annotation_of_a(&mut record, None).tags(), LabelSet::from([2]));
    assert_eq!(record.n_decisions().unwrap(), 1);
    assert!(record.history().unwrap()[0].2);
    record.redo(first, "bob", 5).unwrap();
    assert_eq!(annotation_of_a(&mut record, None).tags(), LabelSet::from([1, 2]));
    assert_eq!(record.n_decisions().unwrap(), 2);
    // Who took what back is kept; the second undo did nothing.
    let sql = "SELECT group_concat(who || at_millis || redo, ' ') FROM undo";
    let events: String = record.connection.query_row(sql, [], |row| row.get(0)).unwrap();
    assert_eq!(events, "bob30 bob51");
    let error = record.undo(StepId(77), "bob", 6).unwrap_err();
    assert!(matches!(error, RecordError::NoSuchStep { step: 77, .. }));
}

#[test]
fn an_image_that_was_never_written_has_the_row_of_the_file_below_its_verdicts() {
    let (_root, location) = folder();
    let mut record = Record::open(&location).unwrap();
    record.append(&accept("a", 2), "ada", 1).unwrap();
    let annotation = annotation_of_a(&mut record, tags([1]));
    assert_eq!(annotation.base(), Some(&LabelSet::from([1])));
    assert_eq!(annotation.tags(), LabelSet::from([1, 2]));
}

#[test]
fn the_row_that_docent_wrote_is_no_news() {
    let (_root, location) = folder();
    let mut record = Record::open(&location).unwrap();
    record.append(&accept("a", 2), "ada", 1).unwrap();
    set_written(&mut record, tags([1]), tags([1, 2]));
    record.confirm_written().unwrap();
    let annotation = annotation_of_a(&mut record, tags([1, 2]));
    assert_eq!(annotation.base(), Some(&LabelSet::from([1])));
    assert_eq!(annotation.state(AttributeId(2)), TagState::Accepted);
    assert_eq!(record.history().unwrap().len(), 1);
}

#[test]
fn a_crash_before_the_file_was_replaced_loses_no_verdict() {
    // The states written before the crash; the file still holds the one before the last, or the base.
    for (writes, row) in [
        (vec![tags([1, 2])], tags([1])),
        (vec![tags([1, 2]), tags([1, 2, 3])], tags([1, 2])),
        (vec![tags([1, 2]), tags([1, 2, 3])], tags([1])),
    ] {
        let (_root, location) = folder();
        let mut record = Record::open(&location).unwrap();
        record.append(&accept("a", 2), "ada", 1).unwrap();
        record.append(&accept("a", 3), "ada", 2).unwrap();
        for tags_written in &writes {
            set_written(&mut record, tags([1]), tags_written.clone());
        }
        for _ in 0..2 {
            let annotation = annotation_of_a(&mut record, row.clone());
            assert_eq!(annotation.tags(), LabelSet::from([1, 2, 3]), "{writes:?} {row:?}");
            assert_eq!(record.history().unwrap().len(), 2);
            let known = record.written().unwrap();
            assert_eq!((&known["a"].base, &known["a"].tags), (&tags([1]), &row));
        }
    }
}

#[test]
fn an_edit_outside_becomes_a_step_that_wins_and_can_be_undone() {
    // (row after the edit, tags that follow); Docent wrote 1 and 2 over 1; 5 was decided and not written yet.
    for (row, expected) in [
        (tags([1, 9]), LabelSet::from([1, 5, 9])),
        (tags([2]), LabelSet::from([2, 5])),
        (tags([1]), LabelSet::from([1, 5])),
        (None, LabelSet::from([5])),
    ] {
        let (_root, location) = folder();
        let mut record = Record::open(&location).unwrap();
        record.append(&accept("a", 2), "ada", 1).unwrap();
        set_written(&mut record, tags([1]), tags([1, 2]));
        record.confirm_written().unwrap();
        record.append(&accept("a", 5), "ada", 2).unwrap();
        for _ in 0..2 {
            let annotation = annotation_of_a(&mut record, row.clone());
            assert_eq!(annotation.tags(), expected, "{row:?}");
            assert_eq!(annotation.base(), Some(&LabelSet::from([1])));
            assert_eq!(record.history().unwrap().len(), 3);
        }
        assert_eq!(record.written().unwrap()["a"].tags, row);
        let sql = "SELECT who FROM step ORDER BY id DESC LIMIT 1";
        let who: String = record.connection.query_row(sql, [], |row| row.get(0)).unwrap();
        assert_eq!(who, "train.csv");
        let last = record.history().unwrap()[2].0;
        record.undo(last, "ada", 3).unwrap();
        let annotation = annotation_of_a(&mut record, row.clone());
        assert_eq!(annotation.tags(), LabelSet::from([1, 2, 5]), "{row:?}");
    }
}

#[test]
fn a_row_removed_outside_takes_the_mark_with_it_and_a_new_one_brings_it() {
    let (_root, location) = folder();
    let mut record = Record::open(&location).unwrap();
    let mark = Change::Mark(Mark { image: ImageId::from("a"), reviewed: true, before: false });
    record.append(&Step::of(vec![mark]), "ada", 1).unwrap();
    set_written(&mut record, None, tags([]));
    record.confirm_written().unwrap();
    assert!(!annotation_of_a(&mut record, None).is_reviewed());
    assert!(annotation_of_a(&mut record, tags([])).is_reviewed());
}

#[test]
fn a_table_that_says_nothing_takes_no_tag_away() {
    let (_root, location) = folder();
    let mut record = Record::open(&location).unwrap();
    record.append(&accept("a", 2), "ada", 1).unwrap();
    set_written(&mut record, tags([1]), tags([1, 2]));
    record.confirm_written().unwrap();
    let known = Vocabulary::new((0..10).map(|id| Label::new(id, "x")));
    // Missing or empty; saved with semicolons; whole, but without its labels.csv.
    for (bytes, vocabulary) in [
        (&b""[..], &known),
        (b"\xEF\xBB\xBF", &known),
        (b"id;attribute_ids\na;1 2\n", &known),
        (b"id,attribute_ids\na,1 2\n", &Vocabulary::default()),
    ] {
        let table = TrainTable::parse(bytes.to_vec(), vocabulary);
        let all = record.annotations(&table, 99).unwrap();
        assert_eq!(all["a"].tags(), LabelSet::from([1, 2]), "{:?}", String::from_utf8_lossy(bytes));
        assert_eq!(record.history().unwrap().len(), 1);
        assert_eq!(record.written().unwrap()["a"].tags, tags([1, 2]));
    }
}

#[test]
fn a_second_docent_is_refused_while_the_first_is_open() {
    let (_root, location) = folder();
    let first = Record::open(&location).unwrap();
    let error = Record::open(&location).err().unwrap();
    assert!(matches!(error, RecordError::InUse { .. }), "{error}");
    assert!(error.hint().is_some());
    drop(first);
    Record::open(&location).unwrap();
}

#[test]
fn a_damaged_record_is_refused_and_left_as_it_is() {
    let (_root, location) = folder();
    let path = location.folder().join("docent.db");
    {
        let mut record = Record::open(&location).unwrap();
        for i in 0..200 {
            record.append(&accept("a", i), "ada", 1).unwrap();
        }
    }
    let whole = fs::read(&path).unwrap();
    let (mut torn, mut head) = (whole.clone(), whole.clone());
    torn.truncate(whole.len() / 2);
    head[..16].fill(b'?');
    let mut middle = whole;
    let from = middle.len() / 3;
    middle[from..2 * from].fill(0xA5);
    for bytes in [vec![b'x'; 5000], torn, head, middle] {
        crate::base::fs::write_atomic(&path, &bytes).unwrap();
        let error = Record::open(&location).err().unwrap();
        assert!(matches!(error, RecordError::Damaged { .. }), "{error}");
        assert!(error.hint().is_some());
        assert!(fs::read(&path).unwrap() == bytes, "{error}");
    }
}

#[test]
fn a_record_of_a_newer_docent_and_a_foreign_database_are_refused() {
    let (_root, location) = folder();
    let path = location.folder().join("docent.db");
    let change = |sql: &str| Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    drop(Record::open(&location).unwrap());
    change("PRAGMA user_version = 42");
    let error = Record::open(&location).err().unwrap();
    assert!(matches!(error, RecordError::Newer { found: 42, .. }), "{error}");
    change("PRAGMA user_version = 0");
    let error = Record::open(&location).err().unwrap();
    assert!(matches!(error, RecordError::Damaged { .. }), "{error}");
}

#[test]
fn a_record_of_an_earlier_version_is_brought_up_to_date_and_keeps_what_it_had() {
    let (_root, location) = folder();
    let path = location.folder().join("docent.db");
    Record::open(&location).unwrap().set_setting("keys", "kept").unwrap();
    // Version 1 had no table of labels.
    Connection::open(&path)
        .unwrap()
        .execute_batch(
            "DROP TABLE flag; DROP TABLE heard; ALTER TABLE step DROP COLUMN key; DROP TABLE label; DROP TABLE edit;
            DROP TABLE label_unconfirmed; DROP TABLE label_written;
            PRAGMA user_version = 1",
        )
        .unwrap();
    // It can be read before it is brought up to date.
    assert_eq!(Record::read_vocabulary(&location, &LabelsTable::parse(Vec::new())).unwrap().len(), 0);
    assert!(Record::read_annotations(&location, &table_of_a(None)).unwrap().is_empty());
    let mut record = Record::open(&location).unwrap();
    record.create_label(AttributeId(7), "tag::x").unwrap();
    let vocabulary = record.vocabulary(&LabelsTable::parse(Vec::new()), 1).unwrap();
    assert_eq!(vocabulary.labels(), [Label::new(7, "tag::x")]);
    assert_eq!(record.setting("keys").unwrap().as_deref(), Some("kept"));
}

#[test]
fn settings_are_kept_and_replaced() {
    let (_root, location) = folder();
    for value in ["a", "b"] {
        let mut record = Record::open(&location).unwrap();
        record.set_setting("keys", value).unwrap();
        assert_eq!(record.setting("keys").unwrap().as_deref(), Some(value));
        assert_eq!(record.setting("other").unwrap(), None);
    }
}
