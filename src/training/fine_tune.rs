//! Fine-tuning: from what a curator has decided to a better network and the figures that say how much better.
//!
//! Splits the described images, fits the head and, where the recipe goes deeper, the network under it, and measures
//! on the images held back. Floor 4: the caller brings features or pixels, and writes the checkpoint.

use std::time::Instant;

use candle_core::Device;
use serde::{Deserialize, Serialize};

use super::batches::{Batches, Input, PixelSource};
use super::deep::{self, DeepTask};
use super::error::TrainError;
use super::evaluate::Metrics;
use super::head::{self, HeadTask};
use super::observer::Observer;
use super::recipe::{Depth, Recipe};
use super::standardise::{Features, LinearHead};
use super::watch::Watch;
use crate::domain::AttributeId;
use crate::domain::f_beta::{Cells, Truth};
use crate::domain::fold::Fold;
use crate::model::{self, Mode, Network};

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
    /// Ready features, for [`Depth::Head`].
    Features {
        features: Features<'a>,
        /// A head over the same labels to go on from; a row of zeros with bias 0 is a label it does not know.
        start: Option<&'a LinearHead>,
        device: &'a Device,
    },
    /// Pictures, for any depth. The network has one column per attribute; its classifier is gone on from in the
    /// same way, and it is trained in place.
    Pixels { network: Network, pixels: &'a dyn PixelSource, input: Input },
}

/// What came of a run.
#[derive(Debug)]
pub struct Outcome {
    pub learned: Learned,
    pub report: Report,
    /// The epoch that was kept; 0: what the run began with.
    pub epoch: usize,
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
    pub seconds_train: f64,
}

/// Runs it. With features: same spec, same device, same bits (unless a time budget cuts it short).
///
/// Errors: [`TrainError`]; a network given may then be half trained.
pub fn run<S: AsRef<str>>(spec: Spec<'_, S>, observer: &mut dyn Observer) -> Result<Outcome, TrainError> {
    let started = Instant::now();
    let n_labels = spec.attributes.len();
    let expected = spec.ids.len() * n_labels;
    if spec.truth.len() != expected {
        return Err(TrainError::Shape { what: "targets", found: spec.truth.len(), expected });
    }
    if !spec.groups.is_empty() && spec.groups.len() != spec.ids.len() {
        return Err(TrainError::Shape { what: "groups", found: spec.groups.len(), expected: spec.ids.len() });
    }
    let fold = fold(&spec)?;
    let (recipe, truth) = (spec.recipe, spec.truth);
    let (learned, probabilities, epoch) = match spec.material {
        Material::Features { features, start, device } => {
            let fit = head::fit(&HeadTask { recipe, features, truth, n_labels, fold: &fold, start, device }, observer)?;
            (Learned::Head(fit.head), fit.probabilities, fit.validation.epoch)
        }
        Material::Pixels { network, pixels, input } => {
            if network.num_labels() != n_labels {
                return Err(TrainError::Shape {
                    what: "labels of the network",
                    found: network.num_labels(),
                    expected: n_labels,
                });
            }
            deepen(recipe, network, pixels, input, truth, &fold, observer)?
        }
    };
    let held_back = rows(truth, n_labels, &fold.validation);
    let Some(cells) = Cells::new(n_labels, &probabilities, &held_back) else {
        return Err(TrainError::NoLabels);
    };
    let report = Report {
        metrics: Metrics::at_best(&cells, spec.attributes),
        n_train: fold.train.len(),
        n_valid: fold.validation.len(),
        seconds_train: started.elapsed().as_secs_f64(),
    };
    Ok(Outcome { learned, report, epoch })
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

/// Head first, over the network as it is, then what lies under it. Fresh weights have no features worth a head.
fn deepen(
    recipe: &Recipe,
    network: Network,
    pixels: &dyn PixelSource,
    input: Input,
    truth: &[Truth],
    fold: &Fold,
    observer: &mut dyn Observer,
) -> Result<(Learned, Vec<f32>, usize), TrainError> {
    let n_labels = network.num_labels();
    if !recipe.moving_statistics {
        let n_images = truth.len() / n_labels;
        let values = embed(recipe, &network, pixels, input, fold, n_images, observer)?;
        let Some(features) = Features::new(network.num_features(), &values) else {
            return Err(TrainError::NoLabels);
        };
        let start = classifier(&network)?;
        let device = network.params().device().clone();
        let head_recipe = match recipe.depth {
            Depth::Head => recipe.clone(),
            Depth::Last | Depth::All => Recipe {
                loss: recipe.loss,
                seed: recipe.seed,
                time_budget: recipe.time_budget,
                ..Recipe::for_depth(Depth::Head)
            },
        };
        let task =
            HeadTask { recipe: &head_recipe, features, truth, n_labels, fold, start: Some(&start), device: &device };
        let fit = head::fit(&task, observer)?;
        set_classifier(&network, &fit.head)?;
        if recipe.depth == Depth::Head {
            return Ok((Learned::Network(network), fit.probabilities, fit.validation.epoch));
        }
    }
    let network = network.trainable(match recipe.depth {
        Depth::Head => model::Depth::Head,
        Depth::Last => model::Depth::LastStage,
        Depth::All => model::Depth::All,
    })?;
    let fit = deep::fit(&DeepTask { recipe, network: &network, pixels, input, truth, fold }, observer)?;
    Ok((Learned::Network(network), fit.probabilities, fit.validation.epoch))
}

/// Features of the images of the fold, `[n_images, F]`; rows of other images stay 0.
fn embed(
    recipe: &Recipe,
    network: &Network,
    pixels: &dyn PixelSource,
    input: Input,
    fold: &Fold,
    n_images: usize,
    observer: &mut dyn Observer,
) -> Result<Vec<f32>, TrainError> {
    let images: Vec<usize> = fold.train.iter().chain(&fold.validation).copied().collect();
    let n_features = network.num_features();
    let (folded, batches) = (network.folded()?, Batches::new(pixels, input, 0));
    let part = deep::part_size(network, input.side).clamp(1, 64);
    let mut watch = Watch::start(observer, recipe.budget(), recipe.epochs, images.len().div_ceil(part));
    let mut values = vec![0.0; n_images * n_features];
    for images in images.chunks(part) {
        let tensor = batches.tensor(batches.values(images, None)?, network.params().device())?; // [B, 3, S, S]
        let pooled = folded.pooled(&tensor, Mode::Inference)?.detach().flatten_all()?.to_vec1::<f32>()?;
        for (&image, row) in images.iter().zip(pooled.chunks_exact(n_features)) {
            values[image * n_features..(image + 1) * n_features].copy_from_slice(row);
        }
        watch.report()?;
    }
    Ok(values)
}

fn rows(truth: &[Truth], n_labels: usize, images: &[usize]) -> Vec<Truth> {
    images.iter().flat_map(|&image| &truth[image * n_labels..(image + 1) * n_labels]).copied().collect()
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
mod tests {
    use super::super::observer::Silent;
    use super::*;
    use crate::model::{Architecture, NetworkConfig};

    fn ids(n: usize) -> Vec<String> {
        (0..n).map(|i| format!("{i:04}")).collect()
    }

    /// Two features; label 0 is the first one's sign, label 1 the second one's; image 0 is judged by nobody.
    fn samples(n: usize) -> (Vec<f32>, Vec<Truth>) {
        let features: Vec<f32> = (0..2 * n).map(|i| ((i * 7919) % 200) as f32 / 100.0 - 1.0).collect();
        let mut truth: Vec<Truth> = features.iter().map(|&v| Truth::from(Some(v > 0.0))).collect();
        truth[..2].fill(Truth::Unjudged);
        (features, truth)
    }

    fn from_features(recipe: &Recipe, n: usize) -> Result<Outcome, TrainError> {
        let (values, truth) = samples(n);
        let material =
            Material::Features { features: Features::new(2, &values).unwrap(), start: None, device: &Device::Cpu };
        let attributes = [AttributeId(4), AttributeId(9)];
        run(Spec { recipe, ids: &ids(n), groups: &[], attributes: &attributes, truth: &truth, material }, &mut Silent)
    }

    #[test]
    fn a_head_is_fitted_to_the_described_images_and_its_figures_carry_their_names() {
        let recipe = Recipe { learning_rate: 0.05, ..Recipe::default() };
        let found = from_features(&recipe, 120).unwrap();
        assert_eq!(found.report.n_train + found.report.n_valid, 119);
        assert!(found.report.metrics.f2_micro > 0.9, "{:?}", found.report);
        let json = serde_json::to_value(&found.report).unwrap();
        let names = ["f2_micro", "f2_per_image", "f2_macro", "map", "threshold", "n_train", "n_valid", "seconds_train"];
        assert!(names.iter().all(|name| json[name].is_number()), "{json}");
        assert_eq!(json["per_label"][1]["attribute_id"], 9);
        assert!(matches!(found.learned, Learned::Head(head) if head.n_labels() == 2));
    }

    #[test]
    fn one_described_image_is_too_few() {
        assert!(matches!(from_features(&Recipe::default(), 2), Err(TrainError::TooFewImages { n_images: 1 })));
    }

    #[test]
    fn a_network_gets_a_head_before_what_lies_under_it_moves() {
        let n = 12;
        let picture = |index: usize| Ok((0..3 * 32 * 32).map(|i| if i % 3 == index % 3 { 220 } else { 30 }).collect());
        let truth: Vec<Truth> = (0..3 * n).map(|cell| Truth::from(Some(cell / 3 % 3 == cell % 3))).collect();
        let attributes = [1, 2, 3].map(AttributeId);
        for depth in [Depth::Head, Depth::Last] {
            let network =
                Network::fresh(&NetworkConfig::new(Architecture::MobileNetV2035, 3), 8, &Device::Cpu).unwrap();
            let before = classifier(&network).unwrap();
            let recipe = Recipe { epochs: 2, validation: 0.3, ..Recipe::for_depth(depth) };
            let input = Input { side: 32, mean: [0.5; 3], std: [0.5; 3] };
            let material = Material::Pixels { network, pixels: &picture, input };
            let spec =
                Spec { recipe: &recipe, ids: &ids(n), groups: &[], attributes: &attributes, truth: &truth, material };
            let found = run(spec, &mut Silent).unwrap();
            let Learned::Network(network) = found.learned else { panic!("no network") };
            assert_ne!(classifier(&network).unwrap(), before, "{depth:?}");
        }
    }
}
