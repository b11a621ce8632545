//! Why a training run ended without a result.
//!
//! Floor 4.

use crate::base::Hint;
use crate::model::device::AsComputing;

#[derive(Debug, thiserror::Error)]
pub enum TrainError {
    #[error("training was stopped")]
    Cancelled,
    #[error("there is nothing to learn from: {n_images} described images, at least 2 are needed")]
    TooFewImages { n_images: usize },
    #[error("there is nothing to learn from: no described image has a tag of the vocabulary")]
    NoTags,
    #[error("the vocabulary is empty")]
    NoLabels,
    #[error("{what}: {found} values instead of {expected}")]
    Shape { what: &'static str, found: usize, expected: usize },
    #[error("the loss is no longer a number (epoch {epoch}, step {step})")]
    Diverged { epoch: usize, step: usize },
    /// A picture could not be had; the message names its file.
    #[error("{message}")]
    Pixels { message: String },
    #[error("computing failed: {0}")]
    Compute(#[from] candle_core::Error),
}

impl AsComputing for TrainError {
    fn as_computing(&self) -> Option<&candle_core::Error> {
        match self {
            Self::Compute(error) => Some(error),
            _ => None,
        }
    }
}

impl Hint for TrainError {
    fn hint(&self) -> Option<String> {
        let text = match self {
            Self::TooFewImages { .. } | Self::NoTags => "describe a few more images first",
            Self::NoLabels => "add a tag to the vocabulary first",
            Self::Diverged { .. } => "try a lower learning rate",
            Self::Pixels { .. } => "open the picture in another program to see whether it is damaged",
            Self::Cancelled | Self::Shape { .. } | Self::Compute(_) => return None,
        };
        Some(text.to_owned())
    }
}
