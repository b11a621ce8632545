//! Writing `labels.csv`: only the names that the record has a say on, atomically, over the file as it is on disk now.
//!
//! The counterpart of `tables::write_train`. A label that is retired keeps its line: its id is its own for ever, and
//! rows of images that kept the tag refer to it. A line goes only where the making of its label was taken back, nobody
//! else has written into it, and no image has the tag.

use std::collections::{BTreeMap, BTreeSet};

use super::names::{NameWritten, take_up};
use super::record::{LABELS_OUTSIDE, now_millis};
use super::tables::{TablesError, current};
use super::{Location, Record};
use crate::base::fs::write_atomic;
use crate::domain::tables::{LabelRow, LabelsTable};
use crate::domain::{AttributeId, Standing, Vocabulary};

/// Brings `labels.csv` up to the vocabulary. Whether it had to be written.
///
/// The bytes on disk are read again first: a name that somebody has changed there since becomes a step of the record,
/// and part of `vocabulary`. `is_used`: whether any image has the tag.
///
/// Errors: the disk, the record, a header that is not understood; the file then has its old bytes.
pub fn write_labels(
    record: &mut Record,
    location: &Location,
    vocabulary: &mut Vocabulary,
    is_used: &dyn Fn(AttributeId) -> bool,
) -> Result<bool, TablesError> {
    let (created, renamed) = record.own_labels()?;
    if created.is_empty() && renamed.is_empty() {
        return Ok(false);
    }
    let mut written = record.names_written()?;
    let path = location.labels_csv();
    let table = LabelsTable::parse(current(&path, &location.root().join("labels.csv"))?);
    if !table.is_readable() {
        return Err(TablesError::NotUnderstood { path });
    }
    // Somebody has used the id of a new label meanwhile: theirs is the name that other rows of theirs mean.
    let names = |id: &AttributeId| (table.vocabulary().get(*id), vocabulary.get(*id));
    let clash = |id: &&AttributeId| matches!(names(id), (Some(there), Some(here)) if there.name != here.name);
    let clashing: Vec<_> = created.iter().filter(|id| !written.contains_key(id)).filter(clash).copied().collect();
    written.extend(clashing.into_iter().map(|id| (id, NameWritten::default())));
    let (outside, news) = take_up(&table, &mut written, &record.names_unconfirmed()?, vocabulary);
    if !outside.is_empty() {
        record.append(&outside, LABELS_OUTSIDE, now_millis())?;
    }
    let mut rows = if news { written.clone() } else { BTreeMap::new() };
    let mut changes = BTreeMap::new();
    let ids: BTreeSet<_> = written.keys().copied().chain(created).chain(renamed).collect();
    for id in ids {
        let (Some(label), on_disk) = (vocabulary.get(id), table.vocabulary().get(id)) else {
            continue;
        };
        let captured = || {
            let base = table.field_of(id).map(<[u8]>::to_vec).zip(on_disk.map(|label| label.name.clone()));
            NameWritten { base, name: on_disk.map(|label| label.name.clone()) }
        };
        let known = written.get(&id).cloned().unwrap_or_else(captured);
        let goes = vocabulary.standing(id) == Standing::Absent && known.base.is_none() && !is_used(id);
        let row = match (&known.base, goes, on_disk) {
            (None, true, None) => continue,
            (None, true, Some(on_disk)) => LabelRow::Gone(on_disk.name.clone()),
            _ if on_disk.is_some_and(|on_disk| on_disk.name == label.name) => continue,
            (Some((field, name)), ..) if *name == label.name => LabelRow::Field(field.clone()),
            _ => LabelRow::Named(label.name.clone()),
        };
        rows.insert(id, known);
        changes.insert(id, row);
    }
    let Some(bytes) = table.render(&changes) else {
        return Err(TablesError::NotUnderstood { path });
    };
    let after = LabelsTable::parse(bytes);
    for (id, row) in &mut rows {
        row.name = after.vocabulary().get(*id).map(|label| label.name.clone());
    }
    if !rows.is_empty() {
        record.set_names_written(&rows)?;
    }
    let differs = after.bytes() != table.bytes();
    if differs {
        write_atomic(&path, after.bytes()).map_err(|source| TablesError::Io { source, path })?;
    }
    if differs || !rows.is_empty() {
        record.confirm_names_written()?;
    }
    Ok(differs)
}

#[cfg(test)]
mod tests;
