//! Seat: a model at work, with the readers that fetch its pictures.

use std::path::PathBuf;

use crate::collection::Collection;
use crate::domain::Vocabulary;
use crate::imaging::Decoding;
use crate::jobs::ahead;
use crate::jobs::{ModelName, Problem};
use crate::model::device::Device;
use crate::model::{Columns, Tagger};
use crate::store::{Cache, Location};
use crate::training::agreement::Trial;
use crate::training::embed::{Embedder, FittedSource, Fitting, fit_of};
use crate::training::models;

pub(super) struct Seat {
    pub(super) name: ModelName,
    pub(super) tagger: Tagger,
    pub(super) columns: Columns,
    pub(super) ahead: Box<dyn FittedSource>,
    /// Whether it may look in another precision than f32, while that is measured.
    pub(super) trial: Option<Trial>,
}

impl Seat {
    /// With the folder the model lies in.
    pub(super) fn load(
        name: ModelName,
        location: &Location,
        vocabulary: &Vocabulary,
        device: &Device,
    ) -> Result<(Self, PathBuf), Problem> {
        let (folder, checkpoint) =
            models::load(&name.0, Some(location), None, device).map_err(|error| Problem::of(&error))?;
        let plain = |message: String| Problem { message, hint: None };
        let tagger = Tagger::new(checkpoint).map_err(|error| plain(error.to_string()))?;
        let columns = Columns::of(tagger.config(), vocabulary);
        let fitting = Fitting { fit: fit_of(tagger.config()), decoding: Decoding::default() };
        let ahead = ahead::open(fitting).map_err(|error| plain(error.to_string()))?;
        Ok((Self { name, tagger, columns, ahead, trial: None }, folder))
    }

    pub(super) fn embedder<'a>(&'a self, collection: &'a Collection, cache: &'a Cache) -> Embedder<'a> {
        Embedder { tagger: &self.tagger, collection, cache, decoding: Decoding::default() }
    }

    /// What the model alone says of embeddings, for the labels that the collection has; 0 for those it withholds.
    pub(super) fn probabilities(&self, rows: &[f32], vocabulary: &Vocabulary) -> Result<Vec<f32>, String> {
        let all = self.tagger.probabilities_of(rows).map_err(|error| error.to_string())?;
        let columns = || self.columns.of_head.iter().zip(&self.columns.attribute_ids);
        let value = |row: &[f32], column: usize, id| if vocabulary.is_withheld(id) { 0.0 } else { row[column] };
        let of_row = |row: &[f32]| columns().map(|(&column, &id)| value(row, column, id)).collect::<Vec<_>>();
        Ok(all.chunks_exact(self.tagger.num_labels().max(1)).flat_map(of_row).collect())
    }
}
