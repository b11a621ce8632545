//! The fine-tune job as the window follows it, and the recipe for the next one.

use crate::jobs::{FineTuneProgress, WorkDone};
use crate::training::{Loss, Progress, Recipe};

/// Fewer images than this are not worth learning from.
pub const MIN_IMAGES: usize = 10;

/// The recipe as the form holds it.
#[derive(Debug, Clone, PartialEq)]
pub struct RecipeForm {
    pub focal: bool,
    pub gamma: f64,
    pub epochs: usize,
    /// Share of the images kept back, in percent.
    pub validation_percent: u32,
    pub seed: u64,
}

impl Default for RecipeForm {
    fn default() -> Self {
        Self { focal: true, gamma: 2.0, epochs: 40, validation_percent: 15, seed: 8 }
    }
}

impl RecipeForm {
    pub fn recipe(&self) -> Recipe {
        Recipe {
            loss: if self.focal { Loss::focal(self.gamma) } else { Loss::Binary },
            epochs: self.epochs,
            seed: self.seed,
            validation: f64::from(self.validation_percent) / 100.0,
            ..Recipe::default()
        }
    }
}

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
    pub form: RecipeForm,
    /// Of the job that runs.
    pub running: Option<Running>,
    /// Of the last or the running job, epoch by epoch.
    pub curve: Vec<Point>,
    /// How the last job ended, in one line.
    pub result: Option<(bool, String)>,
}

#[derive(Debug, Clone, Default)]
pub struct Running {
    pub n_images: usize,
    pub stage: Stage,
    pub stopping: bool,
}

#[derive(Debug, Clone, Default)]
pub enum Stage {
    #[default]
    Starting,
    Embedding(WorkDone),
    Training(Progress),
}

impl Learning {
    pub fn start(&mut self, n_images: usize) {
        self.running = Some(Running { n_images, ..Running::default() });
        self.curve.clear();
        self.result = None;
    }

    pub fn progressed(&mut self, progress: FineTuneProgress) {
        let Some(running) = &mut self.running else {
            return; // Of a job that ended already.
        };
        running.stage = match progress {
            FineTuneProgress::Embedding(work) => Stage::Embedding(work),
            FineTuneProgress::Training(progress) => {
                if progress.validation_loss.is_some() || progress.f2_micro.is_some() {
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
            threshold: None,
            seconds: 0.1,
        })
    }

    #[test]
    fn the_curve_has_one_point_for_each_epoch() {
        let mut learning = Learning::default();
        learning.progressed(epoch(1, Some(0.3)));
        assert!(learning.curve.is_empty(), "no job runs");
        learning.start(30);
        for (n, loss) in [(1, None), (1, Some(0.3)), (1, Some(0.3)), (2, None), (2, Some(0.2))] {
            learning.progressed(epoch(n, loss));
        }
        let epochs: Vec<_> = learning.curve.iter().map(|point| point.epoch).collect();
        assert_eq!(epochs, [1, 2]);
        assert!((learning.running.as_ref().unwrap().share() - 0.5).abs() < 1e-6);
    }
}
