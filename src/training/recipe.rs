//! Recipe: everything that decides how a run goes, apart from the data. Written into the checkpoint it makes.
//!
//! Floor 4. Source: the report trains with focal loss (gamma 2), 15 % held back with seed 8.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::loss::Loss;
use super::schedule::Schedule;

/// How much of the network learns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Depth {
    /// The linear head over ready features: seconds.
    Head,
    /// The head and the network's last stage.
    Last,
    /// Everything.
    All,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Recipe {
    pub depth: Depth,
    pub loss: Loss,
    pub epochs: usize,
    /// Images per step.
    pub batch: usize,
    /// The highest rate of the schedule, for the head.
    pub learning_rate: f64,
    /// The rate of all other layers, as a fraction of the head's.
    pub backbone_rate: f64,
    /// Pull of every weight towards 0 (of a head that continues another: towards that one). Not on biases and norms.
    pub weight_decay: f64,
    pub schedule: Schedule,
    pub seed: u64,
    /// Of the described images, held back to judge by, 0 to 1.
    pub validation: f64,
    /// Seconds after which the run ends with the best epoch so far.
    pub time_budget: Option<f64>,
    /// Show each picture a little different every time. Not for the head alone: its features are ready.
    pub augment: bool,
    /// Batch norm counts with each batch and moves its statistics: for networks without a past.
    pub moving_statistics: bool,
    /// Put the report's residual attention tail on the backbone, where it is not there yet.
    pub attention: bool,
}

impl Default for Recipe {
    fn default() -> Self {
        Self::for_depth(Depth::Head)
    }
}

impl Recipe {
    /// What works for a network that already knows pictures.
    pub fn for_depth(depth: Depth) -> Self {
        let head = Self {
            depth,
            loss: Loss::Focal { gamma: 2.0 },
            epochs: 40,
            batch: 128,
            learning_rate: 1e-3,
            backbone_rate: 0.1,
            weight_decay: 1e-2,
            schedule: Schedule::Cosine { warm_up: 0.05 },
            seed: 8,
            validation: 0.15,
            time_budget: None,
            augment: false,
            moving_statistics: false,
            attention: false,
        };
        match depth {
            Depth::Head => head,
            Depth::Last => Self { epochs: 8, batch: 32, augment: true, ..head },
            Depth::All => Self { epochs: 10, batch: 32, augment: true, ..head },
        }
    }

    /// What works for fresh weights.
    pub fn from_scratch() -> Self {
        Self {
            epochs: 20,
            batch: 64,
            learning_rate: 4e-3,
            backbone_rate: 1.0,
            weight_decay: 2e-2,
            moving_statistics: true,
            ..Self::for_depth(Depth::All)
        }
    }

    /// What works for a tail that has learned nothing on a network that has: batch norm's statistics move with the
    /// batches wherever weights do, which with [`Depth::Last`] is in the tail alone.
    #[must_use]
    pub fn with_attention(self) -> Self {
        Self { attention: true, moving_statistics: true, ..self }
    }

    /// The time budget; `None` also for what is no length of time.
    pub fn budget(&self) -> Option<Duration> {
        self.time_budget.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recipe_reads_back_as_it_was_written_and_missing_fields_get_their_defaults() {
        for recipe in [Recipe::default(), Recipe::for_depth(Depth::Last), Recipe::from_scratch()] {
            let text = serde_json::to_string(&recipe).unwrap();
            assert_eq!(serde_json::from_str::<Recipe>(&text).unwrap(), recipe);
        }
        let short: Recipe = serde_json::from_str(r#"{"depth":"all","loss":{"name":"binary"},"seed":3}"#).unwrap();
        assert_eq!(short, Recipe { depth: Depth::All, loss: Loss::Binary, seed: 3, ..Recipe::default() });
    }

    #[test]
    fn a_budget_that_is_no_length_of_time_is_none() {
        for (seconds, expected) in [(Some(1.5), Some(Duration::from_millis(1500))), (Some(-1.0), None), (None, None)] {
            assert_eq!(Recipe { time_budget: seconds, ..Recipe::default() }.budget(), expected);
        }
    }
}
