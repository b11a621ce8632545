//! A collection open for writing: what holds, the record, and both tables brought up to a step that it took.

use std::collections::HashMap;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use super::collection::Desk;
use super::terminal::Failure;
use crate::domain::{Annotation, Change, ImageId, Step, Vocabulary};
use crate::store::labels::write_labels;
use crate::store::tables::write_train;
use crate::store::{Location, Record};

pub(super) struct Writing {
    pub(super) desk: Desk,
    /// Locked as long as this is there.
    pub(super) record: Record,
    pub(super) vocabulary: Vocabulary,
    /// Of every image that somebody has said something about.
    pub(super) annotations: HashMap<ImageId, Annotation>,
    /// When it was opened, since 1970.
    pub(super) now_millis: u64,
    location: Location,
}

impl Writing {
    /// Errors: no collection, or its record is in use or damaged.
    pub(super) fn open(folder: &Path) -> Result<Self, Failure> {
        let mut desk = Desk::open(folder)?;
        let location = Location::of(folder).map_err(Failure::usage)?;
        let mut record = Record::open(&location).map_err(Failure::data)?;
        if location.tables() != desk.location.tables() {
            desk = Desk::open(folder)?;
        }
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let now_millis = since.as_millis() as u64;
        let collection = &mut desk.collection;
        let vocabulary = record.vocabulary(&collection.labels, now_millis).map_err(Failure::data)?;
        collection.take_vocabulary(vocabulary.clone());
        let mut annotations = record.annotations(&collection.train, now_millis).map_err(Failure::data)?;
        for (id, tags) in collection.train.rows() {
            annotations.entry(id.clone()).or_insert_with(|| Annotation::new(Some(tags.clone())));
        }
        Ok(Self { desk, record, vocabulary, annotations, now_millis, location })
    }

    /// Writes what a step changed, which the record has, into `labels.csv` and `train.csv`.
    pub(super) fn write(&mut self, step: &Step) -> Result<(), Failure> {
        let Self { record, vocabulary, annotations, location, .. } = self;
        step.edit(vocabulary, false);
        let touch = |change: &Change| annotations.entry(change.image().clone()).or_default().apply(change);
        step.changes.iter().for_each(touch);
        let is_used = |id| annotations.values().any(|annotation| annotation.state(id).is_present());
        write_labels(record, location, vocabulary, &is_used).map_err(Failure::data)?;
        write_train(record, location, vocabulary, annotations).map_err(Failure::data)?;
        Ok(())
    }
}
