//! The training of a network's own weights, all of them or the last stage, from pictures.
//!
//! Batch norm keeps its statistics unless the recipe says otherwise (fresh weights); the epoch with the best figures
//! is kept. Where statistics stand still a large step is made of parts, so that a stop is heard between them.
//! Floor 4; which weights move is the network's matter. Source: the report trains all layers after a warm-up.

use std::sync::atomic::AtomicUsize;

use candle_core::Tensor;
use candle_core::backprop::GradStore;

use super::augment::Augment;
use super::batches::{Batch, Batches, Input, PixelSource, Variation};
use super::epochs::{self, Best, Judged, Learner, Step, Tensors};
use super::error::TrainError;
use super::loss::sigmoid;
use super::observer::{Observer, Validation};
use super::optimizer::{AdamW, Parameter};
use super::plan::Plan;
use super::random::Random;
use super::recipe::Recipe;
use super::unfinished::Keeper;
use super::watch::Watch;
use crate::domain::f_beta::Truth;
use crate::domain::fold::Fold;
use crate::model::device::halving_from;
use crate::model::{Mode, Network, backward};

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
    /// Those held back that could be had, in the fold's order.
    pub images: Vec<usize>,
    /// `[images, n_labels]`.
    pub probabilities: Vec<f32>,
}

/// Trains `task.network` in place and leaves it with the weights of its best epoch. `keeper` keeps the run on disk, and
/// may have its beginning.
///
/// A network with a past (statistics standing still) counts as epoch 0 and is kept if no epoch is better. With a time
/// budget the rate falls with the time that is used up, so that a run cut short has come to rest too.
///
/// Errors: as [`super::head::fit`]. The weights are then somewhere on their way.
pub fn fit(
    task: &DeepTask<'_>,
    keeper: Option<&mut Keeper>,
    observer: &mut dyn Observer,
) -> Result<DeepFit, TrainError> {
    let (recipe, fold, truth) = (task.recipe, task.fold, task.truth);
    let n_labels = task.network.num_labels();
    let n_images = super::head::check_fold(fold, truth, n_labels)?;
    let plan = Plan::new(recipe, fold, truth, n_labels);
    let steps = (1..=recipe.epochs).map(|epoch| plan.n_steps(epoch)).sum();
    let mut watch = Watch::start(observer, recipe.budget(), recipe.epochs, steps);
    let mut run = Run::new(task, n_images)?;
    let fit = epochs::Task { recipe, plan, truth, n_labels, has_past: !recipe.moving_statistics };
    let Best { validation, judged, .. } = epochs::fit(&fit, &mut run, keeper, &mut watch)?;
    Ok(DeepFit { validation, images: judged.images, probabilities: judged.probabilities })
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

struct Run<'a> {
    task: &'a DeepTask<'a>,
    batches: Batches<'a>,
    mode: Mode,
    /// Images per part of a step; halved where a card's memory is too small for it.
    part: AtomicUsize,
    optimizer: AdamW,
    /// Of the step that comes next: its epoch, its images as planned, its batch.
    ready: Option<(usize, Vec<usize>, Batch)>,
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
        let optimizer = AdamW::new(parameters(task.network, task.recipe));
        Ok(Self { task, batches, mode, part: AtomicUsize::new(part), optimizer, ready: None })
    }

    fn variation(&self, epoch: usize) -> Option<Variation> {
        let Recipe { augment, seed, .. } = *self.task.recipe;
        let seed = Random::new(seed, epoch as u64).below(usize::MAX) as u64;
        (augment != Augment::None).then_some(Variation { augment, seed })
    }

    /// Loss and gradients of a batch, in the optimizer's order; `meanwhile` runs beside the first part.
    fn gradients(
        &self,
        batch: &Batch,
        watch: &mut Watch<'_>,
        meanwhile: impl FnOnce() + Send,
    ) -> Result<(f64, Vec<Option<Tensor>>), TrainError> {
        let Batch { images, values } = batch;
        let n_values = values.len() / images.len().max(1);
        let mut meanwhile = Some(meanwhile);
        let mut gradients: Vec<Option<Tensor>> = vec![None; self.optimizer.parameters().len()];
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
            for (sum, parameter) in gradients.iter_mut().zip(self.optimizer.parameters()) {
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
        Ok((loss, gradients))
    }

    fn backward(&self, images: &[usize], values: &[f32], share: f64) -> Result<(f64, GradStore), TrainError> {
        let network = self.task.network;
        let images_in = self.batches.tensor(values.to_vec(), network.params().device())?; // [B, 3, S, S]
        let logits = network.forward(&images_in, self.mode)?; // [B, L]
        let loss = (self.task.recipe.objective().scalar(&logits, self.truth_of(images))? * share)?;
        let store = backward(&loss)?;
        Ok((f64::from(loss.to_scalar::<f32>()?), store))
    }

    fn truth_of(&self, images: &[usize]) -> Vec<Truth> {
        epochs::rows(self.task.truth, self.task.network.num_labels(), images)
    }
}

impl Learner for Run<'_> {
    fn step(&mut self, step: Step<'_>, watch: &mut Watch<'_>) -> Result<Option<f64>, TrainError> {
        let variation = self.variation(step.epoch);
        let batch = match self.ready.take() {
            Some((epoch, images, batch)) if epoch == step.epoch && images == step.images => batch,
            _ => self.batches.batch(step.images, variation)?,
        };
        if batch.images.is_empty() {
            return Ok(None);
        }
        let mut next = Ok(Batch::default());
        let (loss, gradients) = self.gradients(&batch, watch, || next = self.batches.batch(step.next, variation))?;
        self.optimizer.step(step.rate, |index, _| gradients.get(index).cloned().flatten())?;
        self.ready = Some((step.epoch, step.next.to_vec(), next?));
        Ok(Some(loss))
    }

    fn judge(&mut self, watch: &mut Watch<'_>) -> Result<Judged, TrainError> {
        let (n_labels, held_back) = (self.task.network.num_labels(), &self.task.fold.validation);
        let mut judged = Judged { loss: 0.0, images: Vec::new(), probabilities: Vec::new() };
        let frozen = self.task.network.folded()?;
        let part = AtomicUsize::new(part_size(&frozen, self.task.input.side).clamp(1, 64));
        halving_from(&part, held_back.len(), 1, |part| {
            let Batch { images, values } = self.batches.batch(&held_back[part], None)?;
            if !images.is_empty() {
                let images_in = self.batches.tensor(values, frozen.params().device())?;
                let logits = frozen.forward(&images_in, Mode::Inference)?.flatten_all()?.to_vec1::<f32>()?;
                let (loss, _) = self.task.recipe.objective().of(&logits, &self.truth_of(&images), n_labels);
                judged.loss += loss * images.len() as f64;
                judged.probabilities.extend(logits.into_iter().map(sigmoid));
                judged.images.extend(images);
            }
            watch.report()
        })?;
        judged.loss /= judged.images.len().max(1) as f64;
        Ok(judged)
    }

    fn weights(&self) -> Result<Tensors, TrainError> {
        Ok(self.task.network.params().snapshot()?)
    }

    fn set_weights(&mut self, weights: &Tensors) -> Result<(), TrainError> {
        Ok(self.task.network.params().restore(weights)?)
    }

    fn optimizer(&mut self) -> &mut AdamW {
        &mut self.optimizer
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
        fit(&DeepTask { recipe, network, pixels: &picture, input: INPUT, truth: &truth, fold: &fold }, None, observer)
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
            let batch = run.batches.batch(&images, run.variation(1)).unwrap();
            let (loss, store) = run.backward(&images, &batch.values, 1.0).unwrap();
            assert!(loss > 0.0);
            for (name, var) in network.params().named_vars() {
                assert!(store.get(var).is_some(), "{depth:?}: {name}");
            }
        }
    }

    #[test]
    fn fresh_weights_learn_and_the_best_epoch_is_what_is_left() {
        let network = network();
        let recipe =
            Recipe { epochs: 6, batch: 12, learning_rate: 2e-3, augment: Augment::None, ..Recipe::from_scratch() };
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
            let recipe = Recipe { augment: Augment::None, ..Recipe::for_depth(RecipeDepth::All) };
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
            let mut run = Run { part: AtomicUsize::new(part), ..Run::new(&task, N_IMAGES).unwrap() };
            let mut silent = Silent;
            let mut watch = Watch::start(&mut silent, None, 1, 1);
            let step = Step { images: &[0, 1, 2, 3, 4], next: &[], rate: 1e-3, epoch: 1 };
            let loss = run.step(step, &mut watch).unwrap().unwrap();
            let state = run.optimizer.state().unwrap();
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
