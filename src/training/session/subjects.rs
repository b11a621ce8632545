//! Subjects: the images a fine-tune learns from, what is known of them, and what a model sees in them.

use std::collections::HashMap;
use std::ops::ControlFlow;

use super::{Session, SessionError, Watcher};
use crate::collection::ImageFile;
use crate::domain::f_beta::Truth;
use crate::domain::{Annotation, AttributeId, ImageId};
use crate::imaging::Decoding;
use crate::model::Tagger;
use crate::training::duplicates;
use crate::training::embed::{Embedded, Embedder};
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
        let mut n_kept = None;
        let watch = &mut |done, total| watcher.looking(done, total, *n_kept.get_or_insert(done));
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
        let (n_features, n_labels) = (tagger.num_features(), self.attributes.len());
        let mut values = vec![0.0; self.files.len() * n_features];
        let mut is_seen = vec![false; self.files.len()];
        look(session, tagger, &self.files, watcher, |at, row| {
            values[at * n_features..(at + 1) * n_features].copy_from_slice(&row);
            is_seen[at] = true;
            Ok(())
        })?;
        for at in (0..is_seen.len()).filter(|&at| !is_seen[at]) {
            self.truth[at * n_labels..(at + 1) * n_labels].fill(Truth::Unjudged);
        }
        let n_unusable = is_seen.iter().filter(|seen| !**seen).count();
        let n_annotated = self.files.len();
        if n_annotated - n_unusable < 2 {
            return Err(SessionError::NothingAnnotated { n_annotated, n_unusable });
        }
        Ok(values)
    }
}

/// Hands on what a model sees in these images, by their places; those that are not there or cannot be used are left out.
pub(super) fn look(
    session: &Session<'_>,
    tagger: &Tagger,
    images: &[Option<&ImageFile>],
    watcher: &mut dyn Watcher,
    mut each: impl FnMut(usize, Vec<f32>) -> Result<(), SessionError>,
) -> Result<(), SessionError> {
    let decoding = Decoding::default();
    let embedder = Embedder { tagger, collection: session.collection, cache: session.cache, decoding };
    let (places, files): (Vec<usize>, Vec<&ImageFile>) =
        images.iter().enumerate().filter_map(|(at, file)| Some((at, (*file)?))).unzip();
    let (mut done, mut n_kept) = (0, 0);
    let tell = |done, n_kept, watcher: &mut dyn Watcher| match watcher.looking(done, places.len(), n_kept) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(TrainError::Cancelled),
    };
    tell(done, n_kept, watcher)?;
    for part in embedder.look(files, session.open) {
        for (file, embedded) in part? {
            n_kept += usize::from(matches!(embedded, Embedded::Kept(_)));
            match embedded {
                Embedded::Kept(row) | Embedded::Row(row) => each(places[done], row)?,
                Embedded::Failed(why) => watcher.unusable(file, &why),
            }
            done += 1;
        }
        tell(done, n_kept, watcher)?;
    }
    Ok(())
}
