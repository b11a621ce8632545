//! The fit of a linear head over ready features: what a curator's click on "fine-tune" starts.
//!
//! The gradient is written out (features and loss need no graph), so a step costs two matrix products. A head that
//! continues another learns what to add to it, and decay pulls the addition, not the head, towards 0. Floor 4.

use candle_core::{Device, Tensor, Var};

use super::error::TrainError;
use super::loss::{Loss, sigmoid};
use super::observer::{Observer, Validation};
use super::optimizer::{AdamW, Parameter};
use super::random::Random;
use super::recipe::Recipe;
use super::standardise::{Features, LinearHead, Scaling};
use super::watch::{Watch, is_better};
use crate::domain::f_beta::{Cells, Truth};
use crate::domain::fold::Fold;
use crate::domain::threshold;

/// Rows per matrix product where nothing is learned: a few hundredths of a second each.
const PART: usize = 512;

/// What a head is fitted to.
#[derive(Debug, Clone, Copy)]
pub struct HeadTask<'a> {
    pub recipe: &'a Recipe,
    pub features: Features<'a>,
    /// `[n_images, n_labels]`, row by row.
    pub truth: &'a [Truth],
    pub n_labels: usize,
    pub fold: &'a Fold,
    /// A head over the same features and labels to go on from. A row of zeros with bias 0 is a label it does not know.
    pub start: Option<&'a LinearHead>,
    pub device: &'a Device,
}

/// The head of the best epoch.
#[derive(Debug, Clone, PartialEq)]
pub struct HeadFit {
    /// Over plain features: goes into a checkpoint as it is.
    pub head: LinearHead,
    pub validation: Validation,
    /// Of the images held back, in the fold's order, `[n_validation, n_labels]`.
    pub probabilities: Vec<f32>,
}

/// Fits a head. Same task, same device: the same bits.
///
/// Errors: a size that does not fit, nothing to learn from, stopped by the observer, diverged.
pub fn fit(task: &HeadTask<'_>, observer: &mut dyn Observer) -> Result<HeadFit, TrainError> {
    check(task)?;
    let HeadTask { recipe, fold, n_labels, .. } = *task;
    let batch = recipe.batch.max(1);
    let steps_per_epoch = fold.train.len().div_ceil(batch);
    let steps = steps_per_epoch * recipe.epochs;
    let mut watch = Watch::start(observer, recipe.budget(), recipe.epochs, steps);
    let mut fitting = Fitting::new(task)?;
    let mut best: Option<(Validation, Vec<f32>, LinearHead)> = None;
    if task.start.is_some() || recipe.epochs == 0 {
        let (validation, probabilities) = fitting.validate(0, &mut watch)?;
        best = Some((validation, probabilities, fitting.head()?));
    }
    let mut order = fold.train.clone();
    for epoch in 1..=recipe.epochs {
        watch.begin_epoch(epoch);
        order.copy_from_slice(&fold.train);
        Random::new(recipe.seed, epoch as u64).shuffle(&mut order);
        for images in order.chunks(batch) {
            let rate = recipe.learning_rate * recipe.schedule.factor(watch.progress.step, steps);
            let loss = fitting.step(images, rate)?;
            watch.step_done(loss)?;
            if watch.is_out_of_time() {
                break;
            }
        }
        let (validation, probabilities) = fitting.validate(epoch, &mut watch)?;
        if is_better(&validation, best.as_ref().map(|(validation, ..)| validation)) {
            best = Some((validation, probabilities, fitting.head()?));
        }
        if watch.is_out_of_time() {
            break;
        }
    }
    let Some((validation, probabilities, head)) = best else {
        return Err(TrainError::TooFewImages { n_images: task.features.n_images() });
    };
    tracing::debug!(epoch = validation.epoch, n_labels, elapsed = ?watch.elapsed(), "head fitted");
    Ok(HeadFit { head: fitting.scaling.fold_in(&head), validation, probabilities })
}

fn check(task: &HeadTask<'_>) -> Result<(), TrainError> {
    let (n_images, n_labels) = (task.features.n_images(), task.n_labels);
    if n_labels == 0 {
        return Err(TrainError::NoLabels);
    }
    let same = |what, found, expected| {
        if found == expected { Ok(()) } else { Err(TrainError::Shape { what, found, expected }) }
    };
    same("targets", task.truth.len(), n_images * n_labels)?;
    if let Some(start) = task.start {
        same("weights of the head to continue", start.weight.len(), n_labels * task.features.n_features())?;
        same("biases of the head to continue", start.bias.len(), n_labels)?;
    }
    check_fold(task.fold, task.truth, n_labels).map(|_| ())
}

/// Whether there is something to learn and something to judge by. Answers the number of images.
pub(crate) fn check_fold(fold: &Fold, truth: &[Truth], n_labels: usize) -> Result<usize, TrainError> {
    if n_labels == 0 {
        return Err(TrainError::NoLabels);
    }
    let n_images = truth.len() / n_labels;
    if fold.train.is_empty() || fold.validation.is_empty() {
        return Err(TrainError::TooFewImages { n_images });
    }
    let last = fold.train.iter().chain(&fold.validation).max().copied().unwrap_or(0);
    if n_images <= last {
        return Err(TrainError::Shape { what: "images", found: n_images, expected: last + 1 });
    }
    if !truth.contains(&Truth::Present) {
        return Err(TrainError::NoTags);
    }
    Ok(n_images)
}

struct Fitting<'a> {
    task: &'a HeadTask<'a>,
    loss: Loss,
    scaling: Scaling,
    /// What is continued, over standardised features; does not move.
    base: Option<Tensor>,
    base_head: LinearHead,
    weight: Var,
    bias: Var,
    optimizer: AdamW,
    rows: Vec<f32>,
    truth: Vec<Truth>,
}

impl<'a> Fitting<'a> {
    fn new(task: &'a HeadTask<'a>) -> Result<Self, TrainError> {
        let (n_labels, n_features) = (task.n_labels, task.features.n_features());
        let scaling = Scaling::fit(&task.features, &task.fold.train);
        let mut base_head = match task.start {
            Some(start) => scaling.fold_out(&LinearHead { n_features, ..start.clone() }),
            None => LinearHead::zeros(n_labels, n_features),
        };
        for (label, row) in base_head.weight.chunks_exact(n_features).enumerate() {
            if base_head.bias[label] == 0.0 && row.iter().all(|&weight| weight == 0.0) {
                base_head.bias[label] = prior(task, label);
            }
        }
        let base = match task.start {
            Some(_) => Some(Tensor::from_slice(&base_head.weight, (n_labels, n_features), task.device)?),
            None => None,
        };
        let weight = Var::zeros((n_labels, n_features), candle_core::DType::F32, task.device)?;
        let bias = Var::from_slice(&base_head.bias, n_labels, task.device)?;
        let decay = task.recipe.weight_decay;
        let parameters = vec![Parameter::new("weight", &weight, 1.0, decay), Parameter::new("bias", &bias, 1.0, decay)];
        let optimizer = AdamW::new(parameters);
        let loss = task.recipe.loss;
        Ok(Self { task, loss, scaling, base, base_head, weight, bias, optimizer, rows: vec![], truth: vec![] })
    }

    /// Standardised features `[B, F]` and their logits `[B, L]` row by row; leaves the truth in `self.truth`.
    fn forward(&mut self, images: &[usize]) -> Result<(Tensor, Vec<f32>), TrainError> {
        let (n_labels, n_features) = (self.task.n_labels, self.task.features.n_features());
        self.rows.clear();
        self.scaling.gather(&self.task.features, images, &mut self.rows);
        self.truth.clear();
        for &image in images {
            self.truth.extend_from_slice(&self.task.truth[image * n_labels..(image + 1) * n_labels]);
        }
        let features = Tensor::from_slice(&self.rows, (images.len(), n_features), self.task.device)?; // [B, F]
        let mut logits = features.matmul(&self.weight.t()?)?; // [B, L]
        if let Some(base) = &self.base {
            logits = (logits + features.matmul(&base.t()?)?)?;
        }
        let logits = logits.broadcast_add(&self.bias)?.detach();
        let logits = logits.flatten_all()?.to_vec1()?;
        Ok((features, logits))
    }

    fn step(&mut self, images: &[usize], rate: f64) -> Result<f64, TrainError> {
        let n_labels = self.task.n_labels;
        let (features, logits) = self.forward(images)?;
        let (loss, slopes) = self.loss.of(&logits, &self.truth, n_labels);
        let slopes = Tensor::from_vec(slopes, (images.len(), n_labels), self.task.device)?; // [B, L]
        let by_weight = slopes.t()?.matmul(&features)?; // [L, F]
        let by_bias = slopes.sum(0)?; // [L]
        let gradients = [by_weight, by_bias];
        self.optimizer.step(rate, |index, _| gradients.get(index).cloned())?;
        Ok(loss)
    }

    fn validate(&mut self, epoch: usize, watch: &mut Watch<'_>) -> Result<(Validation, Vec<f32>), TrainError> {
        let (task, n_labels) = (self.task, self.task.n_labels);
        let n_cells = task.fold.validation.len() * n_labels;
        let (mut probabilities, mut truth) = (Vec::with_capacity(n_cells), Vec::with_capacity(n_cells));
        let mut loss = 0.0;
        for images in task.fold.validation.chunks(PART) {
            let (_, logits) = self.forward(images)?;
            loss += self.loss.of(&logits, &self.truth, n_labels).0 * images.len() as f64;
            probabilities.extend(logits.iter().map(|&logit| sigmoid(logit)));
            truth.extend_from_slice(&self.truth);
            watch.report()?;
        }
        let Some(cells) = Cells::new(n_labels, &probabilities, &truth) else {
            return Err(TrainError::NoLabels);
        };
        let found = threshold::search(&cells);
        let validation = Validation {
            epoch,
            loss: loss / task.fold.validation.len() as f64,
            f2_micro: found.micro.f2,
            f2_per_image: found.per_image.f2,
            threshold: found.micro.threshold,
        };
        watch.validated(validation)?;
        Ok((validation, probabilities))
    }

    /// The head as it is now, over standardised features.
    fn head(&self) -> Result<LinearHead, TrainError> {
        let mut head = self.base_head.clone();
        let added = self.weight.flatten_all()?.to_vec1::<f32>()?;
        head.weight.iter_mut().zip(added).for_each(|(weight, added)| *weight += added);
        head.bias = self.bias.as_tensor().to_vec1()?;
        Ok(head)
    }
}

/// The logit of how often a label is present among the judged images of the training part.
fn prior(task: &HeadTask<'_>, label: usize) -> f32 {
    let (mut n_present, mut n_judged) = (0.5, 1.0);
    for &image in &task.fold.train {
        match task.truth[image * task.n_labels + label] {
            Truth::Unjudged => continue,
            Truth::Present => n_present += 1.0,
            Truth::Absent => {}
        }
        n_judged += 1.0;
    }
    let share: f32 = n_present / n_judged;
    (share / (1.0 - share)).ln()
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use super::super::observer::{Progress, Silent};
    use super::*;
    use crate::domain::f_beta::reference::det;

    const N_FEATURES: usize = 24;
    const N_LABELS: usize = 6;

    /// Images whose label j is present where feature j is high, features of different sizes, some cells unjudged.
    fn samples(n: usize) -> (Vec<f32>, Vec<Truth>) {
        let drawn = det("samples", n * N_FEATURES);
        let size = |feature: usize| [0.3, 1.0, 3.0][feature % 3];
        let features = drawn.iter().enumerate().map(|(i, v)| (v * size(i % N_FEATURES)) as f32 + 1.0).collect();
        let truth = (0..n * N_LABELS).map(|cell| match cell % 11 {
            0 => Truth::Unjudged,
            _ if drawn[cell / N_LABELS * N_FEATURES + cell % N_LABELS] > 0.5 => Truth::Present,
            _ => Truth::Absent,
        });
        (features, truth.collect())
    }

    fn fit_samples(
        recipe: &Recipe,
        start: Option<&LinearHead>,
        observer: &mut dyn Observer,
    ) -> Result<HeadFit, TrainError> {
        let (values, truth) = samples(300);
        let ids: Vec<String> = (0..300).map(|i| format!("{i}")).collect();
        let fold = Fold::split(&ids, recipe.seed, recipe.validation);
        let features = Features::new(N_FEATURES, &values).unwrap();
        let task =
            HeadTask { recipe, features, truth: &truth, n_labels: N_LABELS, fold: &fold, start, device: &Device::Cpu };
        fit(&task, observer)
    }

    fn recipe() -> Recipe {
        Recipe { epochs: 30, batch: 32, learning_rate: 0.02, ..Recipe::default() }
    }

    #[test]
    fn a_head_learns_what_features_show_whatever_their_size() {
        for loss in [Loss::Focal { gamma: 2.0 }, Loss::Binary] {
            let found = fit_samples(&Recipe { loss, ..recipe() }, None, &mut Silent).unwrap();
            assert!(found.validation.f2_micro > 0.85, "{loss:?}: {:?}", found.validation);
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_bits_and_another_seed_does_not() {
        let (one, two) = (fit_samples(&recipe(), None, &mut Silent), fit_samples(&recipe(), None, &mut Silent));
        let one = one.unwrap();
        assert_eq!(one, two.unwrap());
        assert_ne!(one, fit_samples(&Recipe { seed: 9, ..recipe() }, None, &mut Silent).unwrap());
    }

    #[test]
    fn a_head_continued_starts_where_the_other_ended_and_is_never_worse() {
        let first = fit_samples(&recipe(), None, &mut Silent).unwrap();
        let zero = Recipe { epochs: 0, ..recipe() };
        let same = fit_samples(&zero, Some(&first.head), &mut Silent).unwrap();
        let near = |(a, b): (&f32, &f32)| (a - b).abs() < 1e-4;
        assert!(same.probabilities.iter().zip(&first.probabilities).all(near));
        let spoiling = Recipe { epochs: 1, learning_rate: 10.0, ..recipe() };
        let kept = fit_samples(&spoiling, Some(&first.head), &mut Silent).unwrap();
        assert_eq!(kept.validation.epoch, 0);
        assert!(kept.head.weight.iter().zip(&first.head.weight).all(|(a, b)| (a - b).abs() < 1e-3 * (1.0 + b.abs())));
    }

    #[test]
    fn a_run_ends_at_once_when_the_observer_says_so() {
        let mut calls = 0;
        let mut stop_at_third = |_: &Progress| {
            calls += 1;
            if calls == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        assert!(matches!(fit_samples(&recipe(), None, &mut stop_at_third), Err(TrainError::Cancelled)));
        assert_eq!(calls, 3);
    }

    #[test]
    fn a_budget_of_nothing_still_gives_a_head() {
        let found = fit_samples(&Recipe { time_budget: Some(0.0), ..recipe() }, None, &mut Silent).unwrap();
        assert_eq!(found.validation.epoch, 1);
    }

    #[test]
    fn what_cannot_be_learned_from_is_said_and_not_computed() {
        let recipe = recipe();
        let values = [1.0; 6];
        let features = Features::new(3, &values).unwrap();
        let fold = Fold { train: vec![0], validation: vec![1] };
        let alone = Fold { train: vec![0], validation: vec![] };
        let beyond = Fold { train: vec![0], validation: vec![2] };
        let (some, none) = ([Truth::Present; 2], [Truth::Absent; 2]);
        let run = |truth: &[Truth], n_labels, fold| {
            let task = HeadTask { recipe: &recipe, features, truth, n_labels, fold, start: None, device: &Device::Cpu };
            fit(&task, &mut Silent).map(|_| ()).unwrap_err()
        };
        assert!(matches!(run(&some, 0, &fold), TrainError::NoLabels));
        assert!(matches!(run(&some, 2, &fold), TrainError::Shape { .. }));
        assert!(matches!(run(&some, 1, &beyond), TrainError::Shape { .. }));
        assert!(matches!(run(&some, 1, &alone), TrainError::TooFewImages { n_images: 2 }));
        assert!(matches!(run(&none, 1, &fold), TrainError::NoTags));
    }
}
