//! Fine-tuning: from what a curator has decided to a better network and the figures that say how much better.
//!
//! Splits the described images, fits the head and, where the recipe goes deeper, the network under it, and measures
//! on the images held back. Floor 4: the caller brings features or pixels, and writes the checkpoint.

use std::time::Instant;

mod deepening;

use candle_core::Device;
use serde::{Deserialize, Serialize};

use self::deepening::Deepening;
use super::batches::{Input, PixelSource};
use super::compared::ComparedModels;
use super::epochs;
use super::error::TrainError;
use super::evaluate::Metrics;
use super::head::{self, HeadTask};
use super::observer::{Observer, Validation};
use super::recipe::Recipe;
use super::standardise::{Features, LinearHead};
use super::unfinished::Keeper;
use crate::domain::AttributeId;
use crate::domain::f_beta::{Cells, Truth};
use crate::domain::fold::Fold;
use crate::model::Network;

/// A run: what to learn, from what, how.
pub struct Spec<'a, S> {
    pub recipe: &'a Recipe,
    /// One per image; the fold follows from them.
    pub ids: &'a [S],
    /// One per image; equal numbers are copies of one picture, never on both sides of the fold. Empty: there are none.
    pub groups: &'a [usize],
    /// One per label, in column order.
    pub attributes: &'a [AttributeId],
    /// `[ids, attributes]`, row by row. Images of which nothing is judged are left out.
    pub truth: &'a [Truth],
    pub material: Material<'a>,
}

/// What is learned from.
pub enum Material<'a> {
    /// Ready features, for a head alone.
    Features {
        features: Features<'a>,
        /// A head over the same labels to go on from; a row of zeros with bias 0 is a label it does not know.
        start: Option<&'a LinearHead>,
        device: &'a Device,
    },
    /// Pictures, for any depth. The network has one column per attribute; its classifier is gone on from in the
    /// same way, and it is trained in place.
    Pixels {
        network: Network,
        pixels: &'a dyn PixelSource,
        input: Input,
        /// What the network sees in them now, for its head to learn on before the rest moves. `None`: all learns
        /// at once, or after the recipe's warm-up of what is new.
        features: Option<Features<'a>>,
    },
}

/// What came of a run.
#[derive(Debug)]
pub struct Outcome {
    pub learned: Learned,
    pub report: Report,
    /// Held back and had: positions among the images.
    pub images: Vec<usize>,
    /// What was learned says of them, `[images, attributes]`.
    pub probabilities: Vec<f32>,
}

#[derive(Debug)]
pub enum Learned {
    /// Over the features that were given.
    Head(LinearHead),
    /// The network that was given, with new weights.
    Network(Network),
}

/// Figures of a run, as the command line prints them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    #[serde(flatten)]
    pub metrics: Metrics,
    pub n_train: usize,
    pub n_valid: usize,
    /// Decisions made in this program that it learned from or was judged by.
    #[serde(default)]
    pub n_decisions: usize,
    /// The epoch that was kept; 0: what the run began with.
    #[serde(default)]
    pub epoch: usize,
    /// Its loss on the images held back.
    #[serde(default)]
    pub loss: f64,
    /// Beside the model it began with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compared: Option<ComparedModels>,
    pub seconds_train: f64,
}

/// Runs it. Same spec, same device: same bits (unless a time budget cuts it short). `keeper` keeps the run on disk; one
/// that has an interrupted run goes on with it, over the same images in the same order.
///
/// Errors: [`TrainError`]; a network given may then be half trained.
pub fn run<S: AsRef<str>>(
    spec: Spec<'_, S>,
    mut keeper: Option<&mut Keeper>,
    observer: &mut dyn Observer,
) -> Result<Outcome, TrainError> {
    let started = Instant::now();
    let n_labels = spec.attributes.len();
    let expected = spec.ids.len() * n_labels;
    if spec.truth.len() != expected {
        return Err(TrainError::Shape { what: "targets", found: spec.truth.len(), expected });
    }
    if !spec.groups.is_empty() && spec.groups.len() != spec.ids.len() {
        return Err(TrainError::Shape { what: "groups", found: spec.groups.len(), expected: spec.ids.len() });
    }
    let fold = match keeper.as_ref().and_then(|keeper| keeper.fold()) {
        Some(fold) => fold,
        None => {
            let fold = fold(&spec)?;
            if let Some(keeper) = &mut keeper {
                keeper.begin(&fold);
            }
            fold
        }
    };
    let (recipe, truth, fold) = (spec.recipe, spec.truth, judged(fold, spec.truth, n_labels));
    let Fitted { learned, validation, images, probabilities } = match spec.material {
        Material::Features { features, start, device } => {
            let task = HeadTask { recipe, features, truth, n_labels, fold: &fold, start, device };
            let fit = head::fit(&task, keeper, observer)?;
            Fitted {
                learned: Learned::Head(fit.head),
                validation: fit.validation,
                images: fit.images,
                probabilities: fit.probabilities,
            }
        }
        Material::Pixels { network, pixels, input, features } => {
            if network.num_labels() != n_labels {
                return Err(TrainError::Shape {
                    what: "labels of the network",
                    found: network.num_labels(),
                    expected: n_labels,
                });
            }
            let task = Deepening { recipe, pixels, input, truth, fold: &fold };
            task.run(network, features, keeper, observer)?
        }
    };
    let known = epochs::rows(truth, n_labels, &images);
    let Some(cells) = Cells::new(n_labels, &probabilities, &known) else {
        return Err(TrainError::NoLabels);
    };
    let report = Report {
        metrics: Metrics::at_best(&cells, spec.attributes),
        n_train: fold.train.len(),
        n_valid: images.len(),
        n_decisions: 0,
        epoch: validation.epoch,
        loss: validation.loss,
        compared: None,
        seconds_train: started.elapsed().as_secs_f64(),
    };
    Ok(Outcome { learned, report, images, probabilities })
}

struct Fitted {
    learned: Learned,
    validation: Validation,
    images: Vec<usize>,
    probabilities: Vec<f32>,
}

/// Without images of which nothing is judged (any more: a picture may have gone since the run began).
fn judged(mut fold: Fold, truth: &[Truth], n_labels: usize) -> Fold {
    let is_judged = |&image: &usize| {
        let row = &truth[image * n_labels..(image + 1) * n_labels];
        row.iter().any(|&known| known != Truth::Unjudged)
    };
    fold.train.retain(is_judged);
    fold.validation.retain(is_judged);
    fold
}

/// Splits the images of which anything is judged.
fn fold<S: AsRef<str>>(spec: &Spec<'_, S>) -> Result<Fold, TrainError> {
    if spec.attributes.is_empty() {
        return Err(TrainError::NoLabels);
    }
    let judged = |row: &[Truth]| row.iter().any(|&known| known != Truth::Unjudged);
    let rows = spec.truth.chunks_exact(spec.attributes.len()).enumerate();
    let described: Vec<usize> = rows.filter(|(_, row)| judged(row)).map(|(image, _)| image).collect();
    if described.len() < 2 {
        return Err(TrainError::TooFewImages { n_images: described.len() });
    }
    let ids: Vec<&str> = described.iter().map(|&image| spec.ids[image].as_ref()).collect();
    let (seed, validation) = (spec.recipe.seed, spec.recipe.validation);
    let mut fold = if spec.groups.is_empty() {
        Fold::split(&ids, seed, validation)
    } else {
        let groups: Vec<usize> = described.iter().map(|&image| spec.groups[image]).collect();
        Fold::of_groups(&ids, &groups, seed, validation)
    };
    fold.train.iter_mut().chain(&mut fold.validation).for_each(|index| *index = described[*index]);
    Ok(fold)
}

/// The linear head of a network.
pub fn classifier(network: &Network) -> Result<LinearHead, TrainError> {
    let (weight, bias) = network.classifier()?;
    Ok(LinearHead { n_features: network.num_features(), weight, bias })
}

/// Puts a head into a network, in place.
///
/// Errors: another number of labels or features.
pub fn set_classifier(network: &Network, head: &LinearHead) -> Result<(), TrainError> {
    Ok(network.set_classifier(&head.weight, &head.bias)?)
}

#[cfg(test)]
mod tests;
