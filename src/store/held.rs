//! What holds now for each image that the record knows: its decisions over what `train.csv` said before.
//!
//! Reads only. An edit of the file outside Docent comes out as a step that the record should take up.

use std::collections::{BTreeMap, HashMap};

use rusqlite::Connection;

use super::journal;
use super::written::{self, Written};
use crate::domain::tables::TrainTable;
use crate::domain::{Annotation, ImageId, LabelSet, Step};

pub(super) struct Held {
    pub(super) annotations: HashMap<ImageId, Annotation>,
    pub(super) written: BTreeMap<ImageId, Written>,
    /// What somebody changed in the file outside Docent; already in `annotations`.
    pub(super) outside: Step,
    /// Whether `written` and `outside` are news to the record.
    pub(super) differs: bool,
}

/// `table` is what `train.csv` says. One that is missing, empty or not understood says nothing: no row counts as
/// removed.
pub(super) fn read(connection: &Connection, table: &TrainTable) -> rusqlite::Result<Held> {
    let mut written = written::read(connection)?;
    let unconfirmed = written::read_unconfirmed(connection)?;
    let mut annotations = decided(connection, &written, |image| table.tags_of(image.as_str()).cloned())?;
    let mut outside = Step::default();
    if table.is_blank() || !table.is_readable() {
        return Ok(Held { annotations, written, outside, differs: false });
    }
    let mut differs = !unconfirmed.is_empty();
    for (image, known) in &mut written {
        let row = written::row(table, image, known.tags.as_ref());
        if row == known.tags {
            continue;
        }
        differs = true;
        let is_ours = unconfirmed.get(image).is_some_and(|earlier| earlier.contains(&row));
        if let Some(annotation) = annotations.get_mut(image).filter(|_| !is_ours) {
            let changes = written::outside_changes(image, &known.tags, &row, annotation);
            changes.iter().for_each(|change| annotation.apply(change));
            outside.changes.extend(changes);
        }
        known.tags = row;
    }
    Ok(Held { annotations, written, outside, differs })
}

/// What the record makes of the rows of a table, those aside that it has written.
pub(super) fn decided(
    connection: &Connection,
    written: &BTreeMap<ImageId, Written>,
    base: impl Fn(&ImageId) -> Option<LabelSet>,
) -> rusqlite::Result<HashMap<ImageId, Annotation>> {
    let mut annotations: HashMap<ImageId, Annotation> =
        written.iter().map(|(image, row)| (image.clone(), Annotation::new(row.base.clone()))).collect();
    for (_, step, undone) in journal::steps(connection)? {
        for change in step.changes.iter().filter(|_| !undone) {
            let image = change.image();
            if !annotations.contains_key(image) {
                annotations.insert(image.clone(), Annotation::new(base(image)));
            }
            if let Some(annotation) = annotations.get_mut(image) {
                annotation.apply(change);
            }
        }
    }
    Ok(annotations)
}
