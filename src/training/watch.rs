//! Watch: one run's clock, its budget, and the observer it reports to.
//!
//! Floor 4; shared by the fits of a head and of a whole network.

use std::time::{Duration, Instant};

use super::error::TrainError;
use super::observer::{Observer, Progress, Validation};

pub(crate) struct Watch<'a> {
    observer: &'a mut dyn Observer,
    started: Instant,
    budget: Option<Duration>,
    pub(crate) progress: Progress,
    loss_sum: f64,
    loss_count: usize,
}

impl<'a> Watch<'a> {
    pub(crate) fn start(observer: &'a mut dyn Observer, budget: Option<Duration>, epochs: usize, steps: usize) -> Self {
        let progress = Progress { epochs, steps, ..Progress::default() };
        Self { observer, started: Instant::now(), budget, progress, loss_sum: 0.0, loss_count: 0 }
    }

    /// Tells the observer where the run is. Errors: it wants the run to end.
    pub(crate) fn report(&mut self) -> Result<(), TrainError> {
        self.progress.seconds = self.started.elapsed().as_secs_f64();
        if self.observer.progress(&self.progress).is_break() { Err(TrainError::Cancelled) } else { Ok(()) }
    }

    pub(crate) fn begin_epoch(&mut self, epoch: usize) {
        self.progress.epoch = epoch;
        (self.loss_sum, self.loss_count) = (0.0, 0);
    }

    /// Counts a step done. Errors: the loss is not a number, or the observer wants the run to end.
    pub(crate) fn step_done(&mut self, loss: f64) -> Result<(), TrainError> {
        if !loss.is_finite() {
            return Err(TrainError::Diverged { epoch: self.progress.epoch, step: self.progress.step });
        }
        self.loss_sum += loss;
        self.loss_count += 1;
        self.progress.step += 1;
        self.progress.train_loss = self.loss_sum / self.loss_count as f64;
        self.report()
    }

    pub(crate) fn validated(&mut self, validation: Validation) -> Result<(), TrainError> {
        self.progress.validation_loss = Some(validation.loss);
        self.progress.f2_micro = Some(validation.f2_micro);
        self.progress.f2_per_image = Some(validation.f2_per_image);
        self.progress.threshold = Some(plain(validation.threshold));
        self.report()
    }

    pub(crate) fn is_out_of_time(&self) -> bool {
        self.budget.is_some_and(|budget| budget <= self.started.elapsed())
    }

    /// The step the schedule is at: further than the steps done where the budget will not last for all of them.
    pub(crate) fn annealing_step(&self) -> usize {
        let used = match self.budget {
            Some(budget) if !budget.is_zero() => self.started.elapsed().as_secs_f64() / budget.as_secs_f64(),
            _ => 0.0,
        };
        let by_time = (used * self.progress.steps as f64) as usize;
        self.progress.step.max(by_time).min(self.progress.steps.saturating_sub(1))
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }
}

/// Whether `new` is the epoch to keep. The mean of the two F2 figures decides: they are what the curator is shown,
/// and focal loss goes on falling long after they do not. Equal figures (small sets): the lower loss.
pub(crate) fn is_better(new: &Validation, best: Option<&Validation>) -> bool {
    let quality = |v: &Validation| v.f2_micro + v.f2_per_image;
    best.is_none_or(|best| match quality(new).total_cmp(&quality(best)) {
        std::cmp::Ordering::Equal => new.loss < best.loss,
        order => order.is_gt(),
    })
}

/// A threshold as people write it: 0.33, not 0.33000001.
pub(crate) fn plain(threshold: f32) -> f64 {
    (f64::from(threshold) * 1e6).round() / 1e6
}
