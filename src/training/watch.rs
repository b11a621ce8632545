//! Watch: one run's clock, its budget, and the observer it reports to.
//!
//! Floor 4; shared by the fits of a head and of a whole network.

use std::time::{Duration, Instant};

use super::epochs::Standing;
use super::error::TrainError;
use super::observer::{Observer, Progress, Validation};

pub(crate) struct Watch<'a> {
    observer: &'a mut dyn Observer,
    started: Instant,
    /// Spent before the run was interrupted.
    before: Duration,
    budget: Option<Duration>,
    pub(crate) progress: Progress,
}

impl<'a> Watch<'a> {
    pub(crate) fn start(observer: &'a mut dyn Observer, budget: Option<Duration>, epochs: usize, steps: usize) -> Self {
        let progress = Progress { epochs, steps, ..Progress::default() };
        Self { observer, started: Instant::now(), before: Duration::ZERO, budget, progress }
    }

    /// Goes on where an interrupted run stood, `step` steps done.
    pub(crate) fn resume(&mut self, standing: &Standing, step: usize) {
        self.before = Duration::try_from_secs_f64(standing.seconds).unwrap_or_default();
        self.progress.step = step;
        if let Some(last) = standing.history.last() {
            self.note(*last);
        }
    }

    /// Tells the observer where the run is. Errors: it wants the run to end.
    pub(crate) fn report(&mut self) -> Result<(), TrainError> {
        self.progress.seconds = self.elapsed().as_secs_f64();
        let asked = Instant::now();
        let answer = self.observer.progress(&self.progress);
        self.started += asked.elapsed(); // An observer that holds the run must not use up its budget.
        if answer.is_break() { Err(TrainError::Cancelled) } else { Ok(()) }
    }

    pub(crate) fn begin_epoch(&mut self, standing: &Standing) {
        self.progress.epoch = standing.epoch;
    }

    /// Counts a step done. Errors: the loss is not a number, or the observer wants the run to end.
    pub(crate) fn step_done(&mut self, standing: &Standing) -> Result<(), TrainError> {
        if !standing.loss_sum.is_finite() {
            return Err(TrainError::Diverged { epoch: self.progress.epoch, step: self.progress.step });
        }
        self.progress.step += 1;
        if standing.loss_count > 0 {
            self.progress.train_loss = standing.loss_sum / standing.loss_count as f64;
        }
        self.report()
    }

    pub(crate) fn validated(&mut self, validation: Validation) -> Result<(), TrainError> {
        self.note(validation);
        self.report()
    }

    fn note(&mut self, validation: Validation) {
        self.progress.validation_loss = Some(validation.loss);
        self.progress.f2_micro = Some(validation.f2_micro);
        self.progress.f2_per_image = Some(validation.f2_per_image);
        self.progress.threshold = Some(plain(validation.threshold));
    }

    pub(crate) fn is_out_of_time(&self) -> bool {
        self.budget.is_some_and(|budget| budget <= self.elapsed())
    }

    /// The step the schedule is at: further than the steps done where the budget will not last for all of them.
    pub(crate) fn annealing_step(&self) -> usize {
        let used = match self.budget {
            Some(budget) if !budget.is_zero() => self.elapsed().as_secs_f64() / budget.as_secs_f64(),
            _ => 0.0,
        };
        let by_time = (used * self.progress.steps as f64) as usize;
        self.progress.step.max(by_time).min(self.progress.steps.saturating_sub(1))
    }

    /// Since the run began, interruptions and pauses left out.
    pub(crate) fn elapsed(&self) -> Duration {
        self.before + self.started.elapsed()
    }
}

/// A threshold as people write it: 0.33, not 0.33000001.
pub(crate) fn plain(threshold: f32) -> f64 {
    (f64::from(threshold) * 1e6).round() / 1e6
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use super::*;

    #[test]
    fn a_pause_uses_up_no_time_of_the_budget() {
        let pause = Duration::from_millis(50);
        let mut observer = |_: &Progress| {
            std::thread::park_timeout(pause);
            ControlFlow::Continue(())
        };
        let begun = Instant::now();
        let mut watch = Watch::start(&mut observer, Some(Duration::from_secs(3600)), 1, 10);
        (0..4).for_each(|_| watch.report().unwrap());
        let (whole, own) = (begun.elapsed(), watch.elapsed());
        assert!(own + 4 * pause <= whole + Duration::from_millis(1), "{own:?} of {whole:?}");
    }
}
