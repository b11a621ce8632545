//! Subjects: the images a fine-tune learns from, what is known of them, and what a model sees in them.

use std::collections::HashMap;

use super::{Session, SessionError, Watcher};
use crate::collection::ImageFile;
use crate::domain::f_beta::Truth;
use crate::domain::{Annotation, AttributeId, ImageId};
use crate::imaging::Decoding;
use crate::model::Tagger;
use crate::training::duplicates;
use crate::training::embed::{BATCH, Embedded, Embedder};
use crate::training::error::TrainError;
use crate::training::unfinished::{Described, Work};

/// Images in the order of the run's [`Work`].
pub(super) struct Subjects<'a> {
    pub(super) attributes: Vec<AttributeId>,
    pub(super) ids: Vec<String>,
    /// `None`: it has left the collection since the run began.
    pub(super) files: Vec<Option<&'a ImageFile>>,
    /// `[images, attributes]`, row by row; of images that cannot be had nothing is judged.
    pub(super) truth: Vec<Truth>,
}

/// What people have said of the collection's images, for a new run.
pub(super) fn described(
    session: &Session<'_>,
    annotations: &HashMap<ImageId, Annotation>,
    attributes: &[AttributeId],
) -> Vec<Described> {
    let of = |file: &ImageFile| {
        let annotation = annotations.get(&file.id).filter(|annotation| annotation.is_touched())?;
        let row: Vec<Truth> = attributes.iter().map(|&id| Truth::from(annotation.state(id))).collect();
        Some(Described::new(file.id.as_str(), &row))
    };
    session.collection.images.iter().filter_map(of).collect()
}

impl<'a> Subjects<'a> {
    pub(super) fn of(session: &Session<'a>, work: &Work) -> Self {
        let attributes = work.attribute_ids();
        let mut subjects = Self {
            ids: work.described.iter().map(|described| described.id.clone()).collect(),
            files: Vec::with_capacity(work.described.len()),
            truth: Vec::with_capacity(work.described.len() * attributes.len()),
            attributes,
        };
        for described in &work.described {
            let file = session.collection.image(&ImageId::from(described.id.as_str()));
            let row = described.row(subjects.attributes.len());
            let is_here = file.is_some();
            subjects.files.push(file);
            subjects.truth.extend(row.into_iter().map(|known| if is_here { known } else { Truth::Unjudged }));
        }
        subjects
    }

    /// Which of them are copies of one picture: those must not be on both sides of the fold.
    pub(super) fn groups(&self, session: &Session<'_>, watcher: &mut dyn Watcher) -> Result<Vec<usize>, SessionError> {
        let watch = &mut |done, total| watcher.looking(done, total);
        let groups = duplicates::groups(session.collection, session.cache, &self.files, watch);
        groups.ok_or_else(|| TrainError::Cancelled.into())
    }

    /// What the model sees in them, `[images, F]`, out of the cache where possible. Images that cannot be had get a row
    /// of zeros, and nothing of them is judged any more.
    pub(super) fn look(
        &mut self,
        session: &Session<'_>,
        tagger: &Tagger,
        watcher: &mut dyn Watcher,
    ) -> Result<Vec<f32>, SessionError> {
        let embedder =
            Embedder { tagger, collection: session.collection, cache: session.cache, decoding: Decoding::default() };
        let here: Vec<(usize, &ImageFile)> =
            self.files.iter().enumerate().filter_map(|(at, file)| Some((at, (*file)?))).collect();
        let files: Vec<&ImageFile> = here.iter().map(|(_, file)| *file).collect();
        let mut rows = embedder.cached(&files);
        let missing: Vec<usize> = (0..files.len()).filter(|&at| rows[at].is_none()).collect();
        let (total, mut done) = (files.len(), files.len() - missing.len());
        for part in missing.chunks(BATCH) {
            if watcher.looking(done, total).is_break() {
                return Err(TrainError::Cancelled.into());
            }
            let asked: Vec<_> = part.iter().map(|&at| files[at]).collect();
            for (&at, (_, embedded)) in part.iter().zip(embedder.look(&asked)?) {
                match embedded {
                    Embedded::Row(row) => rows[at] = Some(row),
                    Embedded::Failed(why) => watcher.unusable(files[at], &why),
                }
            }
            done += part.len();
        }
        if watcher.looking(total, total).is_break() {
            return Err(TrainError::Cancelled.into());
        }
        let (n_features, n_labels) = (tagger.num_features(), self.attributes.len());
        let mut values = vec![0.0; self.files.len() * n_features];
        let mut n_unusable = self.files.len() - total;
        for ((at, _), row) in here.into_iter().zip(rows) {
            match row {
                Some(row) => values[at * n_features..(at + 1) * n_features].copy_from_slice(&row),
                None => {
                    n_unusable += 1;
                    self.truth[at * n_labels..(at + 1) * n_labels].fill(Truth::Unjudged);
                }
            }
        }
        let n_annotated = self.files.len();
        if n_annotated - n_unusable < 2 {
            return Err(SessionError::NothingAnnotated { n_annotated, n_unusable });
        }
        Ok(values)
    }
}
