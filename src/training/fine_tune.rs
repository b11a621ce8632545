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
    /// The epoch that was kept; 0: what the run began with.
    #[serde(default)]
    pub epoch: usize,
    /// Its loss on the images held back.
    #[serde(default)]
    pub loss: f64,
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
        epoch: validation.epoch,
        loss: validation.loss,
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
mod tests {
    use std::ops::ControlFlow;
    use std::time::Duration;

    use candle_core::Tensor;

    use super::super::augment::Augment;
    use super::super::observer::{Progress, Silent};
    use super::super::recipe::{Depth, Keep};
    use super::super::schedule::Schedule;
    use super::super::unfinished::Work;
    use super::*;
    use crate::model::{Architecture, NetworkConfig};
    use crate::store::Location;

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
        run(
            Spec { recipe, ids: &ids(n), groups: &[], attributes: &attributes, truth: &truth, material },
            None,
            &mut Silent,
        )
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
        for depth in [Depth::Last, Depth::All] {
            let network =
                Network::fresh(&NetworkConfig::new(Architecture::MobileNetV2035, 3), 8, &Device::Cpu).unwrap();
            let before = classifier(&network).unwrap();
            let recipe = Recipe { epochs: 2, validation: 0.3, ..Recipe::for_depth(depth) };
            let input = Input { side: 32, mean: [0.5; 3], std: [0.5; 3] };
            let n_features = network.num_features();
            let values: Vec<f32> =
                (0..n * n_features).map(|i| if i % 3 == i / n_features % 3 { 1.0 } else { 0.0 }).collect();
            let features = Features::new(n_features, &values);
            let material = Material::Pixels { network, pixels: &picture, input, features };
            let spec =
                Spec { recipe: &recipe, ids: &ids(n), groups: &[], attributes: &attributes, truth: &truth, material };
            let found = run(spec, None, &mut Silent).unwrap();
            let Learned::Network(network) = found.learned else { panic!("no network") };
            assert_ne!(classifier(&network).unwrap(), before, "{depth:?}");
        }
    }

    /// Runs with a keeper that saves at every step, stopped after `calls` reports, gone on with from disk, and so on
    /// until it ends.
    fn in_pieces(
        calls: usize,
        location: &Location,
        mut run_once: impl FnMut(&mut Keeper, &mut dyn Observer) -> Result<Outcome, TrainError>,
    ) -> (Outcome, usize) {
        let work = Work {
            recipe: Recipe::default(),
            from: "here".to_owned(),
            side: None,
            out: None,
            attributes: vec![],
            described: vec![],
            train: vec![],
            validation: vec![],
        };
        let mut keeper = Keeper::new(location, work, Duration::ZERO);
        for pieces in 1.. {
            let mut n = 0;
            let mut stop = |_: &Progress| {
                n += 1;
                if n == calls { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            };
            match run_once(&mut keeper, &mut stop) {
                Ok(outcome) => return (outcome, pieces),
                Err(TrainError::Cancelled) => {
                    drop(keeper); // It holds the place.
                    keeper = Keeper::resuming(location, Duration::ZERO).unwrap();
                }
                Err(error) => panic!("{error}"),
            }
        }
        unreachable!()
    }

    #[test]
    fn a_head_interrupted_again_and_again_ends_as_if_it_had_never_stopped() {
        let folder = tempfile::tempdir().unwrap();
        let location = Location::of(folder.path()).unwrap();
        let (values, truth) = samples(120);
        let recipe = Recipe { epochs: 5, batch: 32, learning_rate: 0.05, ..Recipe::default() };
        let attributes = [AttributeId(4), AttributeId(9)];
        let ids = ids(120);
        let once = |keeper: Option<&mut Keeper>, observer: &mut dyn Observer| {
            let features = Features::new(2, &values).unwrap();
            let material = Material::Features { features, start: None, device: &Device::Cpu };
            run(
                Spec { recipe: &recipe, ids: &ids, groups: &[], attributes: &attributes, truth: &truth, material },
                keeper,
                observer,
            )
        };
        let whole = once(None, &mut Silent).unwrap();
        for calls in [3, 7] {
            let (pieces, n) = in_pieces(calls, &location, |keeper, observer| once(Some(keeper), observer));
            assert!(2 < n, "{n} pieces");
            let (Learned::Head(a), Learned::Head(b)) = (&whole.learned, &pieces.learned) else { panic!("no heads") };
            assert_eq!(a, b);
            assert_eq!((&whole.probabilities, whole.report.epoch), (&pieces.probabilities, pieces.report.epoch));
        }
    }

    #[test]
    fn a_network_interrupted_again_and_again_ends_as_if_it_had_never_stopped() {
        let folder = tempfile::tempdir().unwrap();
        let location = Location::of(folder.path()).unwrap();
        let n = 14;
        let picture = |index: usize| match index {
            5 => Err(TrainError::Pixels { message: "is damaged".to_owned() }),
            _ => Ok((0..3 * 32 * 32).map(|i| if i % 3 == index % 3 { 220 } else { (i * index % 80) as u8 }).collect()),
        };
        let truth: Vec<Truth> = (0..3 * n).map(|cell| Truth::from(Some(cell / 3 % 3 == cell % 3))).collect();
        let attributes = [1, 2, 3].map(AttributeId);
        let ids = ids(n);
        let usual = Recipe { epochs: 3, batch: 4, validation: 0.3, ..Recipe::for_depth(Depth::All) };
        let plateau = Schedule::Plateau { patience: 1, factor: 0.5 };
        for recipe in [
            Recipe { augment: Augment::Report, schedule: plateau, oversample_below: 0.5, ..usual.clone() },
            Recipe { moving_statistics: true, keep: Keep::Loss, ..usual },
        ] {
            let once = |keeper: Option<&mut Keeper>, observer: &mut dyn Observer| {
                let config = NetworkConfig::new(Architecture::MobileNetV2035, 3);
                let network = Network::fresh(&config, 8, &Device::Cpu).unwrap();
                let input = Input { side: 32, mean: [0.5; 3], std: [0.5; 3] };
                let material = Material::Pixels { network, pixels: &picture, input, features: None };
                run(
                    Spec { recipe: &recipe, ids: &ids, groups: &[], attributes: &attributes, truth: &truth, material },
                    keeper,
                    observer,
                )
            };
            let whole = once(None, &mut Silent).unwrap();
            let (pieces, n) = in_pieces(4, &location, |keeper, observer| once(Some(keeper), observer));
            assert!(2 < n, "{n} pieces");
            let (Learned::Network(a), Learned::Network(b)) = (&whole.learned, &pieces.learned) else {
                panic!("no networks")
            };
            for ((name, a), (_, b)) in a.params().named_tensors().zip(b.params().named_tensors()) {
                let bits = |tensor: &Tensor| tensor.flatten_all().unwrap().to_vec1::<f32>().unwrap();
                assert_eq!(bits(&a), bits(&b), "{name}");
            }
            assert_eq!((&whole.probabilities, &whole.images), (&pieces.probabilities, &pieces.images));
        }
    }
}
