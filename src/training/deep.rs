//! The training of a network's own weights, all of them or the last stage, from pictures.
//!
//! Batch norm keeps its statistics unless the recipe says otherwise (fresh weights); the epoch with the best figures
//! is kept. Where statistics stand still a large step is made of parts, so that a stop is heard between them.
//! Floor 4; which weights move is the network's matter. Source: the report trains all layers after a warm-up.

use std::sync::atomic::AtomicUsize;

use candle_core::Tensor;
use candle_core::backprop::GradStore;

use super::batches::{Batches, Input, PixelSource};
use super::error::TrainError;
use super::loss::sigmoid;
use super::observer::{Observer, Validation};
use super::optimizer::{AdamW, Parameter};
use super::random::Random;
use super::recipe::Recipe;
use super::watch::{Watch, is_better};
use crate::domain::f_beta::{Cells, Truth};
use crate::domain::fold::Fold;
use crate::domain::threshold;
use crate::model::device::halving_from;
use crate::model::{Mode, Network};

/// Multiply-adds of a part of a step that two cores do in a third of a second.
const PART_COST: f64 = 2.5e9;

/// What a network is trained on. Its trainable variables move; the rest stays.
pub struct DeepTask<'a> {
    pub recipe: &'a Recipe,
    pub network: &'a Network,
    pub pixels: &'a dyn PixelSource,
    pub input: Input,
    /// `[n_images, n_labels]`, row by row.
    pub truth: &'a [Truth],
    pub fold: &'a Fold,
}

/// The best epoch. The network itself then has that epoch's weights.
#[derive(Debug, Clone, PartialEq)]
pub struct DeepFit {
    pub validation: Validation,
    /// Of the images held back, in the fold's order, `[n_validation, n_labels]`.
    pub probabilities: Vec<f32>,
}

/// Trains `task.network` in place and leaves it with the weights of its best epoch.
///
/// A network with a past (statistics standing still) counts as epoch 0 and is kept if no epoch is better. With a time
/// budget the rate falls with the time that is used up, so that a run cut short has come to rest too.
///
/// Errors: as [`super::head::fit`]; a picture that cannot be had. The weights are then somewhere on their way.
pub fn fit(task: &DeepTask<'_>, observer: &mut dyn Observer) -> Result<DeepFit, TrainError> {
    let (recipe, fold) = (task.recipe, task.fold);
    let n_images = super::head::check_fold(fold, task.truth, task.network.num_labels())?;
    let run = Run::new(task, n_images)?;
    let mut optimizer = AdamW::new(parameters(task.network, recipe));
    let plan = |epoch| steps_of_epoch(recipe, &fold.train, epoch);
    let steps = plan(1).len() * recipe.epochs;
    let mut watch = Watch::start(observer, recipe.budget(), recipe.epochs, steps);
    let mut best = None;
    if !recipe.moving_statistics || recipe.epochs == 0 {
        let (validation, probabilities) = run.validate(0, &mut watch)?;
        best = Some((DeepFit { validation, probabilities }, task.network.params().snapshot()?));
    }
    for epoch in 1..=recipe.epochs {
        watch.begin_epoch(epoch);
        let variation = recipe.augment.then(|| Random::new(recipe.seed, epoch as u64).below(usize::MAX) as u64);
        let order = plan(epoch);
        let mut values = run.batches.values(order.first().map_or(&[][..], Vec::as_slice), variation);
        for (at, images) in order.iter().enumerate() {
            let rate = recipe.learning_rate * recipe.schedule.factor(watch.annealing_step(), steps);
            let next = order.get(at + 1).map_or(&[][..], Vec::as_slice);
            let now = std::mem::replace(&mut values, Ok(Vec::new()))?;
            let loss = run.step(images, now, rate, &mut optimizer, &mut watch, || {
                values = run.batches.values(next, variation);
            })?;
            watch.step_done(loss)?;
            if watch.is_out_of_time() {
                break;
            }
        }
        let (validation, probabilities) = run.validate(epoch, &mut watch)?;
        if is_better(&validation, best.as_ref().map(|(fit, _): &(DeepFit, _)| &fit.validation)) {
            best = Some((DeepFit { validation, probabilities }, task.network.params().snapshot()?));
        }
        if watch.is_out_of_time() {
            break;
        }
    }
    let Some((fit, weights)) = best else {
        return Err(TrainError::TooFewImages { n_images });
    };
    task.network.params().restore(&weights)?;
    Ok(fit)
}

/// The trainable variables: the classifier and a tail that came new with the recipe with the full rate, the others with
/// the recipe's share of it.
fn parameters(network: &Network, recipe: &Recipe) -> Vec<Parameter> {
    let config = network.config();
    let is_new = |name: &str| config.is_head(name) || (recipe.attention && config.is_tail(name));
    let rate = |name: &str| if is_new(name) { 1.0 } else { recipe.backbone_rate };
    let vars = network.params().named_vars();
    vars.map(|(name, var)| Parameter::new(name, var, rate(name), recipe.weight_decay)).collect()
}

/// The shuffled batches of one epoch. With moving statistics a short last batch is left out: it would disturb them.
fn steps_of_epoch(recipe: &Recipe, train: &[usize], epoch: usize) -> Vec<Vec<usize>> {
    let mut order = train.to_vec();
    Random::new(recipe.seed, epoch as u64).shuffle(&mut order);
    let batch = recipe.batch.max(1);
    let mut steps: Vec<Vec<usize>> = order.chunks(batch).map(<[usize]>::to_vec).collect();
    if recipe.moving_statistics && 1 < steps.len() && steps.last().is_some_and(|last| last.len() < batch) {
        steps.pop();
    }
    steps
}

struct Run<'a> {
    task: &'a DeepTask<'a>,
    batches: Batches<'a>,
    mode: Mode,
    /// Images per part of a step; halved where a card's memory is too small for it.
    part: AtomicUsize,
}

impl<'a> Run<'a> {
    fn new(task: &'a DeepTask<'a>, n_images: usize) -> Result<Self, TrainError> {
        let mode =
            if task.recipe.moving_statistics { Mode::Training { update_statistics: true } } else { Mode::Inference };
        let part = if task.recipe.moving_statistics || !task.network.params().device().is_cpu() {
            usize::MAX // Statistics are the whole batch's; a fast device is through with it at once.
        } else {
            part_size(task.network, task.input.side)
        };
        let batches = Batches::new(task.pixels, task.input, n_images);
        Ok(Self { task, batches, mode, part: AtomicUsize::new(part) })
    }

    /// One move of the weights; `meanwhile` runs beside the first part.
    fn step(
        &self,
        images: &[usize],
        values: Vec<f32>,
        rate: f64,
        optimizer: &mut AdamW,
        watch: &mut Watch<'_>,
        meanwhile: impl FnOnce() + Send,
    ) -> Result<f64, TrainError> {
        let n_values = values.len() / images.len().max(1);
        let mut meanwhile = Some(meanwhile);
        let mut gradients: Vec<Option<Tensor>> = vec![None; optimizer.parameters().len()];
        let mut loss = 0.0;
        // Statistics are the whole batch's: it cannot be halved then.
        let least = if self.task.recipe.moving_statistics { images.len() } else { 1 };
        halving_from(&self.part, images.len(), least, |part| {
            let values = &values[part.start * n_values..part.end * n_values];
            let is_whole = part.len() == images.len();
            let part = &images[part];
            let share = part.len() as f64 / images.len() as f64;
            let work = || self.backward(part, values, share);
            let (found, ()) = rayon::join(work, || {
                if let Some(meanwhile) = meanwhile.take() {
                    meanwhile()
                }
            });
            let (part_loss, store) = found?;
            loss += part_loss;
            for (sum, parameter) in gradients.iter_mut().zip(optimizer.parameters()) {
                let Some(gradient) = store.get(&parameter.var) else {
                    continue;
                };
                *sum = Some(match sum.take() {
                    Some(sum) => (sum + gradient)?.detach(),
                    None => gradient.clone(),
                });
            }
            if is_whole { Ok(()) } else { watch.report() }
        })?;
        optimizer.step(rate, |index, _| gradients.get(index).cloned().flatten())?;
        Ok(loss)
    }

    fn backward(&self, images: &[usize], values: &[f32], share: f64) -> Result<(f64, GradStore), TrainError> {
        let network = self.task.network;
        let images_in = self.batches.tensor(values.to_vec(), network.params().device())?; // [B, 3, S, S]
        let logits = network.forward(&images_in, self.mode)?; // [B, L]
        let loss = (self.task.recipe.loss.scalar(&logits, self.truth_of(images))? * share)?;
        let store = loss.backward()?;
        Ok((f64::from(loss.to_scalar::<f32>()?), store))
    }

    fn truth_of(&self, images: &[usize]) -> Vec<Truth> {
        let n_labels = self.task.network.num_labels();
        let row = |&image: &usize| &self.task.truth[image * n_labels..(image + 1) * n_labels];
        images.iter().flat_map(row).copied().collect()
    }

    fn validate(&self, epoch: usize, watch: &mut Watch<'_>) -> Result<(Validation, Vec<f32>), TrainError> {
        let (n_labels, held_back) = (self.task.network.num_labels(), &self.task.fold.validation);
        let mut probabilities = Vec::with_capacity(held_back.len() * n_labels);
        let frozen = self.task.network.folded()?;
        let mut loss = 0.0;
        let part = AtomicUsize::new(part_size(&frozen, self.task.input.side).clamp(1, 64));
        halving_from(&part, held_back.len(), 1, |part| {
            let images = &held_back[part];
            let values = self.batches.values(images, None)?;
            let images_in = self.batches.tensor(values, frozen.params().device())?;
            let logits = frozen.forward(&images_in, Mode::Inference)?.flatten_all()?.to_vec1::<f32>()?;
            let (part_loss, _) = self.task.recipe.loss.of(&logits, &self.truth_of(images), n_labels);
            loss += part_loss * images.len() as f64 / held_back.len() as f64;
            probabilities.extend(logits.into_iter().map(sigmoid));
            watch.report()
        })?;
        let truth = self.truth_of(held_back);
        let Some(cells) = Cells::new(n_labels, &probabilities, &truth) else {
            return Err(TrainError::NoLabels);
        };
        let found = threshold::search(&cells);
        let validation = Validation {
            epoch,
            loss,
            f2_micro: found.micro.f2,
            f2_per_image: found.per_image.f2,
            threshold: found.micro.threshold,
        };
        watch.validated(validation)?;
        Ok((validation, probabilities))
    }
}

/// Images whose step takes about a third of a second: a network does some hundred multiply-adds per weight and
/// 224 x 224 picture (MobileNetV2 90, ResNet-50 160, VGG-19 140). Not measured, so that every run sums alike.
pub(crate) fn part_size(network: &Network, side: usize) -> usize {
    let n_weights: usize = network.params().named_tensors().map(|(_, tensor)| tensor.elem_count()).sum();
    let cost = 120.0 * n_weights as f64 * (side as f64 / 224.0).powi(2);
    ((PART_COST / cost.max(1.0)) as usize).max(1)
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use candle_core::Device;

    use super::super::observer::{Progress, Silent};
    use super::super::recipe::Depth as RecipeDepth;
    use super::*;
    use crate::model::{Architecture, Depth, NetworkConfig};

    const INPUT: Input = Input { side: 32, mean: [0.5; 3], std: [0.5; 3] };
    const N_IMAGES: usize = 16;

    /// One red, green or blue picture after the other, with a grain of its own.
    fn picture(index: usize) -> Result<Vec<u8>, TrainError> {
        let colour = |i: usize| if i % 3 == index % 3 { 200 } else { 40 };
        Ok((0..3 * 32 * 32).map(|i| colour(i) + ((i / 3 * (index + 3)) % 37) as u8).collect())
    }

    fn truth() -> Vec<Truth> {
        (0..3 * N_IMAGES).map(|cell| Truth::from(Some(cell / 3 % 3 == cell % 3))).collect()
    }

    fn network() -> Network {
        Network::fresh(&NetworkConfig::new(Architecture::MobileNetV2035, 3), 8, &Device::Cpu).unwrap()
    }

    fn run(recipe: &Recipe, network: &Network, observer: &mut dyn Observer) -> Result<DeepFit, TrainError> {
        let fold = Fold { train: (0..12).collect(), validation: (12..N_IMAGES).collect() };
        let truth = truth();
        fit(&DeepTask { recipe, network, pixels: &picture, input: INPUT, truth: &truth, fold: &fold }, observer)
    }

    #[test]
    fn every_trainable_variable_receives_a_gradient() {
        let recipe = Recipe::for_depth(RecipeDepth::All);
        let fold = Fold { train: (0..12).collect(), validation: (12..N_IMAGES).collect() };
        let truth = truth();
        for (depth, moving) in
            [(Depth::All, true), (Depth::All, false), (Depth::LastStage, false), (Depth::Head, false)]
        {
            let recipe = Recipe { moving_statistics: moving, ..recipe.clone() };
            let network = network().trainable(depth).unwrap();
            let task = DeepTask {
                recipe: &recipe,
                network: &network,
                pixels: &picture,
                input: INPUT,
                truth: &truth,
                fold: &fold,
            };
            let run = Run::new(&task, N_IMAGES).unwrap();
            let images = [0, 1, 2, 3];
            let values = run.batches.values(&images, Some(1)).unwrap();
            let (loss, store) = run.backward(&images, &values, 1.0).unwrap();
            assert!(loss > 0.0);
            for (name, var) in network.params().named_vars() {
                assert!(store.get(var).is_some(), "{depth:?}: {name}");
            }
        }
    }

    #[test]
    fn fresh_weights_learn_and_the_best_epoch_is_what_is_left() {
        let network = network();
        let recipe = Recipe { epochs: 6, batch: 12, learning_rate: 2e-3, augment: false, ..Recipe::from_scratch() };
        let mut losses = Vec::new();
        let mut watch = |progress: &Progress| {
            losses.push(progress.train_loss);
            ControlFlow::Continue(())
        };
        let found = run(&recipe, &network, &mut watch).unwrap();
        let first = losses.iter().find(|&&loss| loss > 0.0).copied().unwrap();
        let last = losses.last().copied().unwrap();
        assert!(last < 0.8 * first, "{first} to {last}");
        let zero = Recipe { epochs: 0, ..recipe };
        let again = run(&zero, &network, &mut Silent).unwrap();
        assert_eq!(again.probabilities, found.probabilities);
    }

    #[test]
    fn a_step_made_of_parts_is_the_step_in_one() {
        let gradients = |part| {
            let recipe = Recipe { augment: false, ..Recipe::for_depth(RecipeDepth::All) };
            let (network, truth) = (network(), truth());
            let fold = Fold { train: (0..12).collect(), validation: (12..N_IMAGES).collect() };
            let task = DeepTask {
                recipe: &recipe,
                network: &network,
                pixels: &picture,
                input: INPUT,
                truth: &truth,
                fold: &fold,
            };
            let run = Run { part: AtomicUsize::new(part), ..Run::new(&task, N_IMAGES).unwrap() };
            let images = [0, 1, 2, 3, 4];
            let values = run.batches.values(&images, None).unwrap();
            let mut silent = Silent;
            let mut watch = Watch::start(&mut silent, None, 1, 1);
            let mut optimizer = AdamW::new(parameters(&network, &recipe));
            let loss = run.step(&images, values, 1e-3, &mut optimizer, &mut watch, || ()).unwrap();
            let state = optimizer.state().unwrap();
            (loss, state.moments["classifier.weight.first"].flatten_all().unwrap().to_vec1::<f32>().unwrap())
        };
        let ((whole_loss, whole), (parts_loss, parts)) = (gradients(5), gradients(2));
        assert!((whole_loss - parts_loss).abs() < 1e-5);
        let largest = whole.iter().fold(0.0_f32, |a, b| a.max(b.abs()));
        assert!(whole.iter().zip(&parts).all(|(a, b)| (a - b).abs() < 1e-3 * largest), "{largest}");
    }

    #[test]
    fn a_network_with_a_past_is_not_left_worse_and_stops_when_told() {
        let network = network();
        let spoiling = Recipe { epochs: 1, batch: 8, learning_rate: 10.0, ..Recipe::for_depth(RecipeDepth::All) };
        let before = network.params().snapshot().unwrap();
        let found = run(&spoiling, &network, &mut Silent).unwrap();
        if found.validation.epoch == 0 {
            for (name, tensor) in network.params().named_tensors() {
                let values = |tensor: &Tensor| tensor.flatten_all().unwrap().to_vec1::<f32>().unwrap();
                assert_eq!(values(&tensor), values(&before[name]), "{name}");
            }
        }
        let mut stop = |_: &Progress| ControlFlow::Break(());
        assert!(matches!(run(&spoiling, &network, &mut stop), Err(TrainError::Cancelled)));
    }
}
