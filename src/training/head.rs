//! The fit of a linear head over ready features: what a curator's click on "fine-tune" starts.
//!
//! The gradient is written out (features and loss need no graph), so a step costs two matrix products. A head that
//! continues another learns what to add to it, and decay pulls the addition, not the head, towards 0. Floor 4.

use candle_core::{Device, Tensor, Var};

use super::epochs::{self, Best, Judged, Learner, Step, Tensors};
use super::error::TrainError;
use super::loss::{Objective, sigmoid};
use super::observer::{Observer, Validation};
use super::optimizer::{AdamW, Parameter};
use super::plan::Plan;
use super::recipe::Recipe;
use super::standardise::{Features, LinearHead, Scaling};
use super::unfinished::Keeper;
use super::watch::Watch;
use crate::domain::f_beta::Truth;
use crate::domain::fold::Fold;

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
    /// Those held back, in the fold's order.
    pub images: Vec<usize>,
    /// `[images, n_labels]`.
    pub probabilities: Vec<f32>,
}

/// Fits a head. Same task, same device: the same bits. `keeper` keeps the run on disk, and may have its beginning.
///
/// Errors: a size that does not fit, nothing to learn from, stopped by the observer, diverged.
pub fn fit(
    task: &HeadTask<'_>,
    keeper: Option<&mut Keeper>,
    observer: &mut dyn Observer,
) -> Result<HeadFit, TrainError> {
    check(task)?;
    let HeadTask { recipe, fold, truth, n_labels, .. } = *task;
    let plan = Plan::new(recipe, fold, truth, n_labels);
    let steps = (1..=recipe.epochs).map(|epoch| plan.n_steps(epoch)).sum();
    let mut watch = Watch::start(observer, recipe.budget(), recipe.epochs, steps);
    let mut fitting = Fitting::new(task)?;
    let fit = epochs::Task { recipe, plan, truth, n_labels, has_past: task.start.is_some() };
    let Best { validation, judged, .. } = epochs::fit(&fit, &mut fitting, keeper, &mut watch)?;
    tracing::debug!(epoch = validation.epoch, n_labels, elapsed = ?watch.elapsed(), "head fitted");
    let head = fitting.scaling.fold_in(&fitting.head()?);
    Ok(HeadFit { head, validation, images: judged.images, probabilities: judged.probabilities })
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
    objective: Objective,
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
        let objective = task.recipe.objective();
        Ok(Self { task, objective, scaling, base, base_head, weight, bias, optimizer, rows: vec![], truth: vec![] })
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

    /// The head as it is now, over standardised features.
    fn head(&self) -> Result<LinearHead, TrainError> {
        let mut head = self.base_head.clone();
        let added = self.weight.flatten_all()?.to_vec1::<f32>()?;
        head.weight.iter_mut().zip(added).for_each(|(weight, added)| *weight += added);
        head.bias = self.bias.as_tensor().to_vec1()?;
        Ok(head)
    }
}

impl Learner for Fitting<'_> {
    fn step(&mut self, step: Step<'_>, _watch: &mut Watch<'_>) -> Result<Option<f64>, TrainError> {
        let (n_labels, images) = (self.task.n_labels, step.images);
        let (features, logits) = self.forward(images)?;
        let (loss, slopes) = self.objective.of(&logits, &self.truth, n_labels);
        let slopes = Tensor::from_vec(slopes, (images.len(), n_labels), self.task.device)?; // [B, L]
        let by_weight = slopes.t()?.matmul(&features)?; // [L, F]
        let by_bias = slopes.sum(0)?; // [L]
        let gradients = [by_weight, by_bias];
        self.optimizer.step(step.rate, |index, _| gradients.get(index).cloned())?;
        Ok(Some(loss))
    }

    fn judge(&mut self, watch: &mut Watch<'_>) -> Result<Judged, TrainError> {
        let (held_back, n_labels) = (&self.task.fold.validation, self.task.n_labels);
        let mut probabilities = Vec::with_capacity(held_back.len() * n_labels);
        let mut loss = 0.0;
        for images in held_back.chunks(PART) {
            let (_, logits) = self.forward(images)?;
            loss += self.objective.of(&logits, &self.truth, n_labels).0 * images.len() as f64;
            probabilities.extend(logits.iter().map(|&logit| sigmoid(logit)));
            watch.report()?;
        }
        Ok(Judged { loss: loss / held_back.len() as f64, images: held_back.clone(), probabilities })
    }

    fn weights(&self) -> Result<Tensors, TrainError> {
        let copied = |var: &Var| Ok::<_, TrainError>(var.as_tensor().copy()?.detach());
        Ok(Tensors::from([("weight".to_owned(), copied(&self.weight)?), ("bias".to_owned(), copied(&self.bias)?)]))
    }

    fn set_weights(&mut self, weights: &Tensors) -> Result<(), TrainError> {
        for (name, var) in [("weight", &self.weight), ("bias", &self.bias)] {
            if let Some(values) = weights.get(name) {
                var.set(&values.to_device(self.task.device)?)?;
            }
        }
        Ok(())
    }

    fn optimizer(&mut self) -> &mut AdamW {
        &mut self.optimizer
    }
}

/// The logit of how often a label is present among the judged images of the training part.
fn prior(task: &HeadTask<'_>, label: usize) -> f32 {
    let (mut n_present, mut n_judged) = (0.5, 1.0);
    for &image in &task.fold.train {
        match task.truth[image * task.n_labels + label] {
            Truth::Unjudged => continue,
            Truth::Present => n_present += 1.0,
            Truth::Absent | Truth::Implied => {}
        }
        n_judged += 1.0;
    }
    let share: f32 = n_present / n_judged;
    (share / (1.0 - share)).ln()
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use super::super::loss::Loss;
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
        fit(&task, None, observer)
    }

    fn recipe() -> Recipe {
        Recipe { epochs: 30, batch: 32, learning_rate: 0.02, ..Recipe::default() }
    }

    #[test]
    fn a_head_learns_what_features_show_whatever_their_size() {
        for loss in [Loss::focal(2.0), Loss::Binary, Loss::asymmetric()] {
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
            fit(&task, None, &mut Silent).map(|_| ()).unwrap_err()
        };
        assert!(matches!(run(&some, 0, &fold), TrainError::NoLabels));
        assert!(matches!(run(&some, 2, &fold), TrainError::Shape { .. }));
        assert!(matches!(run(&some, 1, &beyond), TrainError::Shape { .. }));
        assert!(matches!(run(&some, 1, &alone), TrainError::TooFewImages { n_images: 2 }));
        assert!(matches!(run(&none, 1, &fold), TrainError::NoTags));
    }
}
