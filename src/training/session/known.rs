//! The model a run begins with: as it looks at pictures, what it knows of the labels, and how it would have done.

use super::{Session, SessionError, Subjects, Watcher, prepare, subjects};
use crate::collection::ImageFile;
use crate::domain::AttributeId;
use crate::model::{Columns, Tagger, TaggerError};
use crate::training::compared::ComparedModels;
use crate::training::epochs;
use crate::training::fine_tune::Outcome;
use crate::training::models;
use crate::training::recipe::Recipe;
use crate::training::standardise::LinearHead;
use crate::training::unfinished::Work;

/// The model a run begins with, as it looks at pictures.
pub(super) struct Known {
    pub(super) tagger: Tagger,
    columns: Columns,
    pub(super) has_tail: bool,
}

impl Known {
    pub(super) fn load(session: &Session<'_>, work: &Work) -> Result<Self, SessionError> {
        let (_, mut checkpoint) = models::load(&work.from, Some(session.location), None, session.device)?;
        let columns = Columns::of(&checkpoint.config, session.vocabulary);
        let has_tail = checkpoint.network.config().attention;
        prepare(&mut checkpoint.config, &work.recipe);
        Ok(Self { tagger: Tagger::new(checkpoint).map_err(TaggerError::from)?, columns, has_tail })
    }

    /// Its head, a row for each attribute; labels it does not know are rows of zeros. `None`: it knows none.
    pub(super) fn head(&self, attributes: &[AttributeId]) -> Option<LinearHead> {
        if self.columns.is_empty() {
            return None;
        }
        let (weight, bias) = self.tagger.head();
        let n_features = self.tagger.num_features();
        let mut start = LinearHead::zeros(attributes.len(), n_features);
        for (row, attribute) in attributes.iter().enumerate() {
            let Some(at) = self.columns.attribute_ids.iter().position(|id| id == attribute) else {
                continue;
            };
            let column = self.columns.of_head[at];
            start.weight[row * n_features..(row + 1) * n_features]
                .copy_from_slice(&weight[column * n_features..(column + 1) * n_features]);
            start.bias[row] = bias[column];
        }
        Some(start)
    }
}

/// The model a run began with beside what came of it, on the images held back. `None`: it began with nothing, or none of
/// the images could be had.
pub(super) fn compare(
    session: &Session<'_>,
    work: &Work,
    subjects: &Subjects<'_>,
    outcome: &Outcome,
    watcher: &mut dyn Watcher,
) -> Result<Option<ComparedModels>, SessionError> {
    if work.side.is_some() {
        return Ok(None);
    }
    // As it is, not as the recipe prepares pictures.
    let (_, checkpoint) = models::load(&work.from, Some(session.location), None, session.device)?;
    let columns = Columns::of(&checkpoint.config, session.vocabulary);
    let recipe = checkpoint.config.docent.as_ref().map(|docent| docent.recipe.clone()).unwrap_or_default();
    let made_by = serde_json::from_value::<Recipe>(recipe).ok();
    let tagger = Tagger::new(checkpoint).map_err(TaggerError::from)?;
    let n_labels = subjects.attributes.len();
    let place = |id: &AttributeId| subjects.attributes.iter().position(|known| known == id);
    let places: Vec<Option<usize>> = columns.attribute_ids.iter().map(place).collect();
    let mut before = vec![0.0; outcome.images.len() * n_labels];
    let files: Vec<Option<&ImageFile>> = outcome.images.iter().map(|&image| subjects.files[image]).collect();
    subjects::look(session, &tagger, &files, watcher, |at, embedding| {
        let all = tagger.probabilities_of(&embedding)?;
        for (&column, place) in columns.of_head.iter().zip(&places) {
            if let (Some(place), Some(&probability)) = (place, all.get(column)) {
                before[at * n_labels + place] = probability;
            }
        }
        Ok(())
    })?;
    let truth = epochs::rows(&subjects.truth, n_labels, &outcome.images);
    let both = (&before[..], &outcome.probabilities[..]);
    let knows = places.iter().any(Option::is_some);
    Ok(ComparedModels::new(&work.from, n_labels, &truth, both, knows, (&work.recipe, made_by.as_ref())))
}
