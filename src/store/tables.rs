//! Writing `train.csv`: only what decisions changed, atomically, over the file as it is on disk now.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::record::{OUTSIDE, now_millis};
use super::{Location, Record, RecordError, Written, written};
use crate::base::{Hint, fs::write_atomic, hint};
use crate::domain::tables::TrainTable;
use crate::domain::{Annotation, ImageId, LabelSet, Step, Vocabulary};

#[derive(Debug, thiserror::Error)]
pub enum TablesError {
    #[error("{source}\nFile: {}", .path.display())]
    Io { source: std::io::Error, path: PathBuf },
    #[error("the first line is not the one Docent knows, so the file is left alone; decisions are safe in the record\nFile: {}", .path.display())]
    NotUnderstood { path: PathBuf },
    #[error(transparent)]
    Record(#[from] RecordError),
}

impl Hint for TablesError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::Io { source, .. } => hint::for_io(source),
            Self::NotUnderstood { path } => {
                let labels = path.file_name().is_some_and(|name| name == "labels.csv");
                let columns = if labels { "attribute_id,attribute_name" } else { "id,attribute_ids" };
                Some(format!("make the first line {columns}, or move the file away and Docent writes a new one"))
            }
            Self::Record(error) => error.hint(),
        }
    }
}

/// Brings `train.csv` up to what holds now. Whether it had to be written.
///
/// The bytes on disk are read again first. What somebody changed there since Docent last wrote or read it is taken up: it
/// becomes a step of the record, and part of `annotations`. A file that is gone is written anew.
///
/// Errors: the disk, the record, a header that is not understood; the file then has its old bytes.
pub fn write_train(
    record: &mut Record,
    location: &Location,
    vocabulary: &Vocabulary,
    annotations: &mut HashMap<ImageId, Annotation>,
) -> Result<bool, TablesError> {
    let path = location.train_csv();
    let table = TrainTable::parse(current(&path, &location.root().join("train.csv"))?, vocabulary);
    if !table.is_readable() {
        return Err(TablesError::NotUnderstood { path });
    }
    let written = record.written()?;
    let changed = annotations.iter().filter(|(_, annotation)| annotation.has_changes());
    let images: BTreeSet<ImageId> = changed.map(|(image, _)| image).chain(written.keys()).cloned().collect();
    take_up_outside(record, &table, &written, &images, annotations)?;
    let mut rows = BTreeMap::new();
    let mut changes = BTreeMap::new();
    for image in images {
        let Some(annotation) = annotations.get(&image) else {
            continue;
        };
        let known = known(&written, &image, annotation);
        let on_disk = written::row(&table, &image, known);
        let mut tags = wanted(annotation);
        let says_nothing = tags.as_ref().is_some_and(LabelSet::is_empty) && !annotation.is_marked();
        if on_disk.is_none() && says_nothing && !table.is_blank() {
            tags = None; // Somebody took the row away; an empty one would bring it back.
        }
        let row = Written { base: annotation.base().cloned(), tags: tags.clone() };
        if written.get(&image) != Some(&row) && (written.contains_key(&image) || on_disk != tags) {
            rows.insert(image.clone(), row);
        }
        changes.insert(image, tags);
    }
    let Some(bytes) = table.render(&changes) else {
        return Err(TablesError::NotUnderstood { path });
    };
    if !rows.is_empty() {
        record.set_written(&rows)?;
    }
    let differs = bytes != table.bytes();
    if differs {
        write_atomic(&path, &bytes).map_err(|source| TablesError::Io { source, path })?;
    }
    if differs || !rows.is_empty() {
        record.confirm_written()?;
    }
    Ok(differs)
}

/// What the file should hold for an image if nobody but Docent touched it.
fn known<'a>(
    written: &'a BTreeMap<ImageId, Written>,
    image: &ImageId,
    annotation: &'a Annotation,
) -> Option<&'a LabelSet> {
    match written.get(image) {
        Some(row) => row.tags.as_ref(),
        None => annotation.base(),
    }
}

/// Makes a step of what somebody changed in the file, so that it holds like any other decision and can be undone.
///
/// A tag is there or not: where the file differs from what Docent last wrote, either the curator has not touched the tag
/// since, or both did the same. So the file is always right about what it changed.
fn take_up_outside(
    record: &mut Record,
    table: &TrainTable,
    written: &BTreeMap<ImageId, Written>,
    images: &BTreeSet<ImageId>,
    annotations: &mut HashMap<ImageId, Annotation>,
) -> Result<(), TablesError> {
    if table.is_blank() {
        return Ok(());
    }
    let unconfirmed = record.unconfirmed()?;
    let mut outside = Step::default();
    for image in images {
        let Some(annotation) = annotations.get_mut(image) else {
            continue;
        };
        let known = known(written, image, annotation).cloned();
        let on_disk = written::row(table, image, known.as_ref());
        // After a replacement that failed, the file rightly has an earlier row.
        let is_ours = unconfirmed.get(image).is_some_and(|earlier| earlier.contains(&on_disk));
        if known != on_disk && !is_ours {
            let changes = written::outside_changes(image, &known, &on_disk, annotation);
            changes.iter().for_each(|change| annotation.apply(change));
            outside.changes.extend(changes);
        }
    }
    if !outside.changes.is_empty() {
        record.append(&outside, OUTSIDE, now_millis())?;
    }
    Ok(())
}

/// The file's bytes now; where it is not there yet, those of `original`; where neither is, none.
pub(super) fn current(path: &Path, original: &Path) -> Result<Vec<u8>, TablesError> {
    for path in [path, original] {
        match fs::read(path) {
            Ok(bytes) => return Ok(bytes),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(source) => return Err(TablesError::Io { source, path: path.to_path_buf() }),
        }
    }
    Ok(Vec::new())
}

/// The row an image should have: none where nothing says that it has a tag or was looked at.
fn wanted(annotation: &Annotation) -> Option<LabelSet> {
    let tags = annotation.tags();
    (annotation.is_reviewed() || !tags.is_empty()).then_some(tags)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{AttributeId, Change, Decision, Label, Mark, Verdict};

    struct Desk {
        _folder: tempfile::TempDir,
        location: Location,
        record: Record,
        vocabulary: Vocabulary,
        annotations: HashMap<ImageId, Annotation>,
    }

    impl Desk {
        fn new(train: &str) -> Self {
            let folder = tempfile::tempdir().unwrap();
            if !train.is_empty() {
                write_atomic(&folder.path().join("train.csv"), train.as_bytes()).unwrap();
            }
            let vocabulary = Vocabulary::new((0..10).map(|id| Label::new(id, format!("tag::{id}"))));
            let location = Location::of(folder.path()).unwrap();
            let record = Record::open(&location).unwrap();
            let mut desk = Self { _folder: folder, location, record, vocabulary, annotations: HashMap::new() };
            desk.reopen();
            desk
        }

        fn reopen(&mut self) {
            let table = TrainTable::parse(self.text().into_bytes(), &self.vocabulary);
            let mut annotations = self.record.annotations(&table, 1).unwrap();
            for (id, tags) in table.rows() {
                annotations.entry(id.clone()).or_insert_with(|| Annotation::new(Some(tags.clone())));
            }
            self.annotations = annotations;
        }

        fn decide(&mut self, image: &str, attribute: u32, verdict: Verdict) -> super::super::StepId {
            let image = ImageId::from(image);
            let annotation = self.annotations.entry(image.clone()).or_default();
            let attribute = AttributeId(attribute);
            let before = annotation.verdict(attribute);
            let change = Change::Decide(Decision { image, attribute, verdict, before, proposed: None });
            annotation.apply(&change);
            self.record.append(&Step::of(vec![change]), "me", 1).unwrap()
        }

        fn write(&mut self) -> String {
            write_train(&mut self.record, &self.location, &self.vocabulary, &mut self.annotations).unwrap();
            self.text()
        }

        fn text(&self) -> String {
            fs::read_to_string(self.location.train_csv()).unwrap_or_default()
        }
    }

    #[test]
    fn decisions_become_rows_and_all_other_lines_stay() {
        let mut desk = Desk::new("id,attribute_ids\r\nb,2 1\r\nodd\r\na,5\r\n");
        desk.decide("a", 5, Verdict::Reject);
        desk.decide("c", 3, Verdict::Accept);
        desk.decide("d", 3, Verdict::Reject);
        assert_eq!(desk.write(), "id,attribute_ids\r\nb,2 1\r\nodd\r\na,\r\nc,3\r\n");
        assert_eq!(desk.write(), desk.text());
    }

    #[test]
    fn undoing_everything_gives_the_first_bytes_back() {
        let text = "id,attribute_ids\na,5 1\n";
        let mut desk = Desk::new(text);
        let steps = [desk.decide("a", 1, Verdict::Reject), desk.decide("new", 2, Verdict::Accept)];
        assert_eq!(desk.write(), "id,attribute_ids\na,5\nnew,2\n");
        for step in steps {
            desk.record.undo(step, "me", 2).unwrap();
        }
        desk.reopen();
        // Only the order within the touched row may differ: it is Docent's now.
        assert_eq!(desk.write(), "id,attribute_ids\na,1 5\n");
    }

    #[test]
    fn a_reviewed_image_without_tags_is_an_empty_row() {
        let mut desk = Desk::new("");
        let mark = Change::Mark(Mark { image: ImageId::from("a"), reviewed: true, before: false });
        desk.annotations.entry(ImageId::from("a")).or_default().apply(&mark);
        desk.record.append(&Step::of(vec![mark]), "me", 1).unwrap();
        assert_eq!(desk.write(), "id,attribute_ids\na,\n");
        desk.reopen();
        assert!(desk.annotations[&ImageId::from("a")].is_marked());
        assert_eq!(desk.annotations[&ImageId::from("a")].base(), None);
    }

    #[test]
    fn what_somebody_writes_meanwhile_is_kept() {
        let mut desk = Desk::new("id,attribute_ids\na,1\nb,2\n");
        desk.decide("a", 4, Verdict::Accept);
        desk.write();
        // Somebody adds 7 to a's row and a row of their own while the window is open.
        write_atomic(&desk.location.train_csv(), b"id,attribute_ids\na,1 4 7\nb,2\nz,9\n").unwrap();
        desk.decide("a", 5, Verdict::Accept);
        for _ in 0..2 {
            assert_eq!(desk.write(), "id,attribute_ids\na,1 4 5 7\nb,2\nz,9\n");
        }
        // They take away a tag that was accepted here, and a whole row that Docent has changed.
        desk.decide("b", 3, Verdict::Accept);
        desk.write();
        write_atomic(&desk.location.train_csv(), b"id,attribute_ids\na,1 5 7\nz,9\n").unwrap();
        desk.decide("a", 6, Verdict::Accept);
        for _ in 0..2 {
            assert_eq!(desk.write(), "id,attribute_ids\na,1 5 6 7\nz,9\n");
        }
        desk.reopen();
        assert_eq!(desk.write(), "id,attribute_ids\na,1 5 6 7\nz,9\n");
        assert_eq!(desk.annotations[&ImageId::from("a")].tags(), LabelSet::from([1, 5, 6, 7]));
    }

    #[test]
    fn a_table_that_is_gone_is_written_anew_with_all_that_was_decided() {
        let mut desk = Desk::new("id,attribute_ids\na,1\nb,2\n");
        desk.decide("a", 4, Verdict::Accept);
        desk.write();
        fs::remove_file(desk.location.train_csv()).unwrap();
        assert_eq!(desk.write(), "id,attribute_ids\na,1 4\n");
        fs::remove_file(desk.location.train_csv()).unwrap();
        desk.reopen();
        assert_eq!(desk.write(), "id,attribute_ids\na,1 4\n");
        assert_eq!(desk.record.history().unwrap().len(), 1);
    }

    #[test]
    fn an_undo_after_a_write_that_failed_reaches_the_file() {
        let mut desk = Desk::new("id,attribute_ids\na,1\n");
        let step = desk.decide("a", 4, Verdict::Accept);
        assert_eq!(desk.write(), "id,attribute_ids\na,1 4\n");
        desk.record.undo(step, "me", 2).unwrap();
        let annotation = desk.annotations.get_mut("a").unwrap();
        *annotation = Annotation::new(annotation.base().cloned());
        // As far as a write gets on a full disk: the record is told, the file is not replaced.
        let row = Written { base: Some(LabelSet::from([1])), tags: Some(LabelSet::from([1])) };
        desk.record.set_written(&BTreeMap::from([(ImageId::from("a"), row)])).unwrap();
        assert_eq!(desk.write(), "id,attribute_ids\na,1\n");
        assert_eq!(desk.record.history().unwrap().len(), 1);
    }

    #[test]
    fn a_table_of_another_kind_is_never_rewritten() {
        let mut desk = Desk::new("file;tags\na;1\n");
        desk.decide("a", 4, Verdict::Accept);
        let error = write_train(&mut desk.record, &desk.location, &desk.vocabulary, &mut desk.annotations).unwrap_err();
        assert!(matches!(error, TablesError::NotUnderstood { .. }) && error.hint().is_some());
        assert_eq!(desk.text(), "file;tags\na;1\n");
    }
}
