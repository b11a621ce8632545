//! Epochs: the one loop that fits heads and networks alike.
//!
//! Steps, validations, the epoch to keep, when to stop; and at any time the whole standing of the run, so that it can be
//! kept on disk and gone on with as if it had never stopped. What learns is behind [`Learner`]. Floor 4.

use std::collections::BTreeMap;

use candle_core::Tensor;
use serde::{Deserialize, Serialize};

use super::error::TrainError;
use super::observer::Validation;
use super::optimizer::AdamW;
use super::plan::Plan;
use super::recipe::{Keep, Recipe};
use super::unfinished::Keeper;
use super::watch::Watch;
use crate::domain::f_beta::{Cells, Truth};
use crate::domain::threshold;

/// Tensors by name.
pub(crate) type Tensors = BTreeMap<String, Tensor>;

/// Images of one step, and what comes after.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step<'a> {
    pub(crate) images: &'a [usize],
    /// Of the step that follows in this epoch, to be got ready meanwhile; empty for the last.
    pub(crate) next: &'a [usize],
    pub(crate) rate: f64,
    /// From 1.
    pub(crate) epoch: usize,
}

/// What learns.
pub(crate) trait Learner {
    /// Moves the weights once and answers the loss; `None` if none of the images could be had. When stopped by the
    /// observer the weights are still those of before.
    fn step(&mut self, step: Step<'_>, watch: &mut Watch<'_>) -> Result<Option<f64>, TrainError>;

    /// Looks at the images held back.
    fn judge(&mut self, watch: &mut Watch<'_>) -> Result<Judged, TrainError>;

    /// Copies of the weights as they are.
    fn weights(&self) -> Result<Tensors, TrainError>;

    fn set_weights(&mut self, weights: &Tensors) -> Result<(), TrainError>;

    fn optimizer(&mut self) -> &mut AdamW;
}

/// What a learner says of the images held back.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Judged {
    pub(crate) loss: f64,
    /// Those that could be had, in the fold's order.
    pub(crate) images: Vec<usize>,
    /// `[images, n_labels]`.
    pub(crate) probabilities: Vec<f32>,
}

/// The epoch to keep.
#[derive(Debug, Clone)]
pub(crate) struct Best {
    pub(crate) validation: Validation,
    pub(crate) judged: Judged,
    pub(crate) weights: Tensors,
}

/// Where a run stands between two steps, apart from weights and moments.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Standing {
    /// At work, from 1; 0: nothing was done yet.
    pub(crate) epoch: usize,
    /// Steps of it that are done.
    pub(crate) at: usize,
    /// Over the steps of this epoch.
    pub(crate) loss_sum: f64,
    pub(crate) loss_count: usize,
    /// Spent so far.
    pub(crate) seconds: f64,
    /// Every validation so far.
    pub(crate) history: Vec<Validation>,
}

/// What is fitted to what.
pub(crate) struct Task<'a> {
    pub(crate) recipe: &'a Recipe,
    pub(crate) plan: Plan<'a>,
    /// `[n_images, n_labels]`.
    pub(crate) truth: &'a [Truth],
    pub(crate) n_labels: usize,
    /// The learner as it came counts as epoch 0, and is kept if no epoch is better.
    pub(crate) has_past: bool,
}

/// Runs all epochs and leaves the learner with the weights of the best one.
///
/// Errors: stopped by the observer, diverged, pictures or the device failed. When stopped, `keeper` has the run as it
/// stands, if there is one.
pub(crate) fn fit(
    task: &Task<'_>,
    learner: &mut dyn Learner,
    keeper: Option<&mut Keeper>,
    watch: &mut Watch<'_>,
) -> Result<Best, TrainError> {
    let mut run = Run { task, learner, standing: Standing::default(), best: None, keeper };
    let result = run.resume(watch).and_then(|()| run.epochs(watch));
    if matches!(result, Err(TrainError::Cancelled)) {
        run.keep(watch)?;
    }
    result?;
    let Some(best) = run.best else {
        return Err(TrainError::TooFewImages { n_images: task.truth.len() / task.n_labels.max(1) });
    };
    learner.set_weights(&best.weights)?;
    Ok(best)
}

struct Run<'a> {
    task: &'a Task<'a>,
    learner: &'a mut dyn Learner,
    standing: Standing,
    best: Option<Best>,
    keeper: Option<&'a mut Keeper>,
}

impl Run<'_> {
    fn resume(&mut self, watch: &mut Watch<'_>) -> Result<(), TrainError> {
        let Some(saved) = self.keeper.as_mut().and_then(|keeper| keeper.take_saved()) else {
            return Ok(());
        };
        self.learner.set_weights(&saved.weights)?;
        self.learner.optimizer().restore(&saved.optimizer)?;
        self.best = saved.best;
        self.standing = saved.standing;
        let done_before: usize = (1..self.standing.epoch).map(|epoch| self.task.plan.n_steps(epoch)).sum();
        watch.resume(&self.standing, done_before + self.standing.at);
        Ok(())
    }

    fn epochs(&mut self, watch: &mut Watch<'_>) -> Result<(), TrainError> {
        let recipe = self.task.recipe;
        if self.standing.epoch == 0 {
            if self.task.has_past || recipe.epochs == 0 {
                self.judge(0, watch)?;
            }
            self.standing.epoch = 1;
        }
        while self.standing.epoch <= recipe.epochs && !self.has_waited_enough() {
            self.epoch(watch)?;
            if watch.is_out_of_time() {
                break;
            }
        }
        Ok(())
    }

    /// The rest of the epoch at work, and its validation.
    fn epoch(&mut self, watch: &mut Watch<'_>) -> Result<(), TrainError> {
        let (task, recipe, epoch) = (self.task, self.task.recipe, self.standing.epoch);
        watch.begin_epoch(&self.standing);
        let steps = task.plan.epoch(epoch);
        let losses: Vec<f64> = self.standing.history.iter().map(|validation| validation.loss).collect();
        while self.standing.at < steps.len() {
            let at = self.standing.at;
            let next = steps.get(at + 1).map_or(&[][..], Vec::as_slice);
            let factor = recipe.schedule.factor(watch.annealing_step(), watch.progress.steps, &losses);
            let step = Step { images: &steps[at], next, rate: recipe.learning_rate * factor, epoch };
            let loss = self.learner.step(step, watch)?;
            self.standing.at += 1;
            if let Some(loss) = loss {
                self.standing.loss_sum += loss;
                self.standing.loss_count += 1;
            }
            watch.step_done(&self.standing)?;
            if self.keeper.as_ref().is_some_and(|keeper| keeper.is_due()) {
                self.keep(watch)?;
            }
            if watch.is_out_of_time() {
                break;
            }
        }
        self.judge(epoch, watch)?;
        self.standing =
            Standing { epoch: epoch + 1, history: std::mem::take(&mut self.standing.history), ..Standing::default() };
        Ok(())
    }

    fn judge(&mut self, epoch: usize, watch: &mut Watch<'_>) -> Result<(), TrainError> {
        let (truth, n_labels) = (self.task.truth, self.task.n_labels);
        let judged = self.learner.judge(watch)?;
        let known: Vec<Truth> = rows(truth, n_labels, &judged.images);
        let Some(cells) = Cells::new(n_labels, &judged.probabilities, &known) else {
            return Err(TrainError::NoLabels);
        };
        let found = threshold::search(&cells);
        let validation = Validation {
            epoch,
            loss: judged.loss,
            f2_micro: found.micro.f2,
            f2_per_image: found.per_image.f2,
            threshold: found.micro.threshold,
        };
        if is_better(&validation, self.best.as_ref().map(|best| &best.validation), self.task.recipe.keep) {
            self.best = Some(Best { validation, judged, weights: self.learner.weights()? });
        }
        self.standing.history.push(validation);
        watch.validated(validation)
    }

    /// Whether so many epochs in a row were no better that the recipe wants no more.
    fn has_waited_enough(&self) -> bool {
        let (Some(patience), Some(best)) = (self.task.recipe.patience, &self.best) else {
            return false;
        };
        patience < self.standing.epoch.saturating_sub(best.validation.epoch)
    }

    fn keep(&mut self, watch: &Watch<'_>) -> Result<(), TrainError> {
        let Some(keeper) = &mut self.keeper else {
            return Ok(());
        };
        self.standing.seconds = watch.elapsed().as_secs_f64();
        let weights = self.learner.weights()?;
        let moments = self.learner.optimizer().state()?;
        keeper.keep(&self.standing, &weights, &moments, self.best.as_ref());
        Ok(())
    }
}

/// The rows of these images, one after the other.
pub(crate) fn rows(truth: &[Truth], n_labels: usize, images: &[usize]) -> Vec<Truth> {
    images.iter().flat_map(|&image| &truth[image * n_labels..(image + 1) * n_labels]).copied().collect()
}

/// Whether `new` is the epoch to keep. With [`Keep::F2`] the mean of the two F2 figures decides: focal loss goes on
/// falling long after they do not. Equal figures (small sets): the lower loss.
pub(crate) fn is_better(new: &Validation, best: Option<&Validation>, keep: Keep) -> bool {
    let quality = |v: &Validation| match keep {
        Keep::F2 => v.f2_micro + v.f2_per_image,
        Keep::Loss => -v.loss,
    };
    best.is_none_or(|best| match quality(new).total_cmp(&quality(best)) {
        std::cmp::Ordering::Equal => new.loss < best.loss,
        order => order.is_gt(),
    })
}
