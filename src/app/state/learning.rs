//! The fine-tune job as the window follows it, and the recipe for the next one.

use crate::jobs::{FineTuneProgress, ModelName, WorkDone};
use crate::training::{Progress, Recipe, Unfinished};

/// Fewer images than this are not worth learning from.
pub const MIN_IMAGES: usize = 10;

/// One epoch's end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    pub epoch: usize,
    pub train_loss: f64,
    pub validation_loss: Option<f64>,
    pub f2_micro: Option<f64>,
    pub f2_per_image: Option<f64>,
}

#[derive(Debug, Clone, Default)]
pub struct Learning {
    /// For the next job.
    pub recipe: Recipe,
    /// Saved in this collection, by name.
    pub recipes: Vec<(String, Recipe)>,
    /// Of the job that runs.
    pub running: Option<Running>,
    /// Images of the job that begins when this one has ended.
    pub waiting: Option<usize>,
    /// A run that was interrupted and can be gone on with.
    pub unfinished: Option<Unfinished>,
    /// Of the last or the running job, epoch by epoch.
    pub curve: Vec<Point>,
    /// A new model that is not clearly better, and why it is offered.
    pub offer: Option<(ModelName, String)>,
    /// How the last job ended, in one line.
    pub result: Option<(bool, String)>,
}

#[derive(Debug, Clone, Default)]
pub struct Running {
    pub n_images: usize,
    pub stage: Stage,
    pub stopping: bool,
    pub paused: bool,
}

#[derive(Debug, Clone, Default)]
pub enum Stage {
    #[default]
    Starting,
    Embedding(WorkDone),
    Training(Progress),
}

impl Learning {
    /// A job over so many images was ordered: it runs, or waits in the place of another that waited.
    pub fn order(&mut self, n_images: usize) {
        if self.running.is_some() {
            self.waiting = Some(n_images);
        } else {
            self.start(n_images);
        }
    }

    /// The job ended; answers of how many images it was. The one that waited begins.
    pub fn ended(&mut self) -> usize {
        let n_images = self.running.take().map_or(0, |running| running.n_images);
        if let Some(waiting) = self.waiting.take() {
            self.start(waiting);
        }
        n_images
    }

    fn start(&mut self, n_images: usize) {
        self.running = Some(Running { n_images, ..Running::default() });
        self.curve.clear();
        (self.result, self.offer) = (None, None);
        self.unfinished = None; // Another run takes its place on disk.
    }

    pub fn progressed(&mut self, progress: FineTuneProgress) {
        let Some(running) = &mut self.running else {
            return; // Of a job that ended already.
        };
        running.stage = match progress {
            FineTuneProgress::Embedding(work) => Stage::Embedding(work),
            FineTuneProgress::Training(progress) => {
                if !progress.warm_up && progress.validation_loss.is_some() {
                    self.curve.retain(|point| point.epoch < progress.epoch);
                    self.curve.push(Point {
                        epoch: progress.epoch,
                        train_loss: progress.train_loss,
                        validation_loss: progress.validation_loss,
                        f2_micro: progress.f2_micro,
                        f2_per_image: progress.f2_per_image,
                    });
                }
                Stage::Training(progress)
            }
        };
    }
}

impl Running {
    /// Share done of the stage, 0..=1.
    pub fn share(&self) -> f32 {
        match &self.stage {
            Stage::Starting => 0.0,
            Stage::Embedding(work) => work.done as f32 / work.total.max(1) as f32,
            Stage::Training(progress) => (progress.step as f32 / progress.steps.max(1) as f32).clamp(0.0, 1.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn epoch(epoch: usize, validation_loss: Option<f64>) -> FineTuneProgress {
        FineTuneProgress::Training(Progress {
            epoch,
            epochs: 4,
            step: 10 * epoch,
            steps: 40,
            train_loss: 1.0,
            validation_loss,
            f2_micro: validation_loss.map(|_| 0.5),
            f2_per_image: None,
            seconds: 0.1,
            ..Progress::default()
        })
    }

    #[test]
    fn the_curve_has_one_point_for_each_epoch() {
        let mut learning = Learning::default();
        learning.progressed(epoch(1, Some(0.3)));
        assert!(learning.curve.is_empty(), "no job runs");
        learning.order(30);
        for (n, loss) in [(1, None), (1, Some(0.3)), (1, Some(0.3)), (2, None), (2, Some(0.2))] {
            learning.progressed(epoch(n, loss));
        }
        let epochs: Vec<_> = learning.curve.iter().map(|point| point.epoch).collect();
        assert_eq!(epochs, [1, 2]);
        assert!((learning.running.as_ref().unwrap().share() - 0.5).abs() < 1e-6);
    }

    #[test]
    fn one_job_runs_and_the_newest_waits() {
        let mut learning = Learning::default();
        learning.order(10);
        learning.order(20);
        learning.order(30);
        assert_eq!((learning.running.as_ref().unwrap().n_images, learning.waiting), (10, Some(30)));
        assert_eq!(learning.ended(), 10);
        assert_eq!((learning.running.as_ref().unwrap().n_images, learning.waiting), (30, None));
        assert_eq!(learning.ended(), 30);
        assert!(learning.running.is_none());
    }
}
