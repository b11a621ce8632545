//! What a training run tells while it runs, and how it is stopped.
//!
//! Floor 4: the command line prints it, the trainer's thread sends it on, tests ignore it.

use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Progress {
    /// What is new learns alone, before the run that counts.
    pub warm_up: bool,
    /// The epoch at work, from 1; 0 before the first.
    pub epoch: usize,
    pub epochs: usize,
    /// Steps done, over all epochs.
    pub step: usize,
    /// Steps of the whole run, if nothing ends it early.
    pub steps: usize,
    /// Mean over the steps of this epoch (of the last one while this has none).
    pub train_loss: f64,
    /// Of the last validation, as are the next three; `None` before the first.
    pub validation_loss: Option<f64>,
    pub f2_micro: Option<f64>,
    pub f2_per_image: Option<f64>,
    /// The best one for F2 micro.
    pub threshold: Option<f64>,
    /// Since the run began.
    pub seconds: f64,
}

/// What the images held back say of one epoch.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Validation {
    /// 0: the network as it came.
    pub epoch: usize,
    pub loss: f64,
    pub f2_micro: f64,
    pub f2_per_image: f64,
    /// The best one for F2 micro.
    pub threshold: f32,
}

/// Someone who watches a run.
pub trait Observer {
    /// Called after every step and every part of a validation: with the usual settings every tenth of a second or
    /// so. `Break` ends the run with [`super::TrainError::Cancelled`].
    fn progress(&mut self, progress: &Progress) -> ControlFlow<()>;
}

/// Watches nothing, stops nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Observer for Silent {
    fn progress(&mut self, _progress: &Progress) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

impl<F: FnMut(&Progress) -> ControlFlow<()>> Observer for F {
    fn progress(&mut self, progress: &Progress) -> ControlFlow<()> {
        self(progress)
    }
}
