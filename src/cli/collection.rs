//! Opening a collection for a verb: reading only, with the record's decisions where there is one.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::Path;

use super::args::Looking;
use super::terminal::{Failure, bar, say};
use crate::collection::{Collection, ImageFile};
use crate::domain::{Annotation, ImageId, Thresholds};
use crate::imaging::{DecodeError, Decoding};
use crate::jobs::ahead;
use crate::model::device::{self, Choice, Device};
use crate::model::{Columns, Precision, Tagger};
use crate::store::{Cache, Location, Record};
use crate::training::agreement::{Agreement, Trial};
use crate::training::embed::{Embedded, Embedder};
use crate::training::{TrainError, duplicates, models};

pub(super) struct Desk {
    pub(super) location: Location,
    pub(super) collection: Collection,
}

impl Desk {
    pub(super) fn open(folder: &Path) -> Result<Self, Failure> {
        let location = Location::for_reading(folder);
        let mut collection = Collection::open(folder, location.tables()).map_err(Failure::usage)?;
        let vocabulary = Record::read_vocabulary(&location, &collection.labels).map_err(Failure::data)?;
        collection.take_vocabulary(vocabulary);
        Ok(Self { location, collection })
    }

    /// What holds now for every image that somebody has said something about.
    pub(super) fn annotations(&self) -> Result<HashMap<ImageId, Annotation>, Failure> {
        let table = &self.collection.train;
        let mut annotations = Record::read_annotations(&self.location, table).map_err(Failure::data)?;
        for (id, tags) in self.collection.train.rows() {
            if !annotations.contains_key(id) {
                annotations.insert(id.clone(), Annotation::new(Some(tags.clone())));
            }
        }
        Ok(annotations)
    }

    /// The model asked for, or the one the collection uses.
    pub(super) fn model_name(&self, asked: Option<&str>) -> String {
        asked.map_or_else(|| in_use(&self.location), str::to_owned)
    }

    /// Loads a model onto a device and says what the user should know about both.
    pub(super) fn tagger(&self, name: &str, looking: Looking) -> Result<(Tagger, Columns), Failure> {
        self.tagger_at(name, looking, None)
    }

    /// The same, for proposals at this threshold instead of the model's own.
    pub(super) fn tagger_at(
        &self,
        name: &str,
        looking: Looking,
        threshold: Option<f64>,
    ) -> Result<(Tagger, Columns), Failure> {
        let device = device(looking.device);
        let (_, checkpoint) = models::load(name, Some(&self.location), None, &device).map_err(Failure::usage)?;
        let columns = Columns::of(&checkpoint.config, &self.collection.vocabulary);
        let failed = |error| Failure::data(TrainError::from(error));
        let tagger = Tagger::new(checkpoint).map_err(failed)?;
        tagger.notices().iter().for_each(say);
        let (precision, notice) = looking.precision.on(&device);
        notice.iter().for_each(say);
        if precision == Precision::F32 {
            return Ok((tagger, columns));
        }
        let half = tagger.looking_in(precision).map_err(failed)?;
        let mut trial = Trial::new(half, looking.decode, &columns, &self.collection);
        if let Some(threshold) = threshold {
            trial = trial.at(Thresholds::one(threshold as f32));
        }
        let agreement = self.agreement(&mut trial, &tagger)?;
        if agreement.is_worth_it() {
            say(agreement);
            return Ok((trial.into_tagger(), columns));
        }
        say(match agreement.is_enough() {
            true => format!("{agreement}; that gains no time, so f32 is used"),
            false => format!("{agreement}; less than {} %, so f32 is used", 100.0 * Agreement::ENOUGH),
        });
        Ok((tagger, columns))
    }

    /// Out of the cache, where just this was measured before.
    fn agreement(&self, trial: &mut Trial, tagger: &Tagger) -> Result<Agreement, Failure> {
        let cache = self.cache();
        if let Some(agreement) = trial.remembered(&self.collection, &cache) {
            return Ok(agreement);
        }
        let bar = bar("comparing with f32", trial.progress().1);
        while trial.step(tagger, &self.collection).map_err(Failure::data)? {
            bar.set_position(trial.progress().0 as u64);
        }
        bar.finish_and_clear();
        trial.remember(&self.collection, &cache);
        Ok(trial.agreement())
    }

    /// Which of these images are copies of one another, as `Fold::of_groups` takes it.
    pub(super) fn copies(&self, images: &[&ImageFile]) -> Vec<usize> {
        let images: Vec<Option<&ImageFile>> = images.iter().copied().map(Some).collect();
        let bar = bar("looking for copies", images.len());
        let mut watch = |done: usize, _: usize| {
            bar.set_position(done as u64);
            ControlFlow::Continue(())
        };
        let groups = duplicates::groups(&self.collection, &self.cache(), &images, &mut watch);
        bar.finish_and_clear();
        groups.unwrap_or_default() // Nothing breaks it.
    }

    fn cache(&self) -> Cache {
        let location = Location::of(&self.collection.root);
        location.map_or_else(|_| Cache::in_memory(), |location| Cache::open(&location))
    }

    /// Hands every image's embedding to `each`, in the order given; pictures that cannot be used are named and left out.
    pub(super) fn embed(
        &self,
        tagger: &Tagger,
        decoding: Decoding,
        images: &[&ImageFile],
        mut each: impl FnMut(&ImageFile, &[f32]) -> Result<(), Failure>,
    ) -> Result<usize, Failure> {
        let cache = self.cache();
        let embedder = Embedder { tagger, collection: &self.collection, cache: &cache, decoding };
        let bar = bar("looking at pictures", images.len());
        let mut n_unusable = 0;
        for part in embedder.look(images.to_vec(), ahead::open) {
            let part = part.map_err(Failure::data)?;
            bar.inc(part.len() as u64);
            for (file, embedded) in part {
                match embedded {
                    Embedded::Kept(row) | Embedded::Row(row) => each(file, &row)?,
                    Embedded::Failed(why) => {
                        bar.suspend(|| unusable(&why));
                        n_unusable += 1;
                    }
                }
            }
        }
        bar.finish_and_clear();
        Ok(n_unusable)
    }
}

/// The model a collection uses; a record that cannot be read remembers none.
pub(super) fn in_use(location: &Location) -> String {
    let remembered = models::remembered_at(location).unwrap_or_else(|error| {
        tracing::warn!("{error}");
        None
    });
    models::choose(remembered, location)
}

/// Names a picture that is left out.
pub(super) fn unusable(why: &DecodeError) {
    say(format!("left out: {why}"));
}

/// The device asked for, or the CPU with a word about why.
pub(super) fn device(choice: Choice) -> Device {
    let opened = device::open(choice);
    if let Some(notice) = opened.notice {
        say(notice);
    }
    opened.device
}
