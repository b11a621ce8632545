//! Recipe: everything that decides how a run goes, apart from the data. Written into the checkpoint it makes.
//!
//! Read from and written to TOML files, so that a recipe that worked can be kept, changed and compared.
//! Floor 4. Source of the report's preset: binary warm-up of the head at 1e-3, then everything at 1e-4 with focal loss,
//! batch 64, the rate halved after 4 flat epochs, stopped after 9, the epoch of the lowest validation loss kept.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::augment::Augment;
use super::loss::{Loss, Objective};
use super::schedule::Schedule;
use crate::imaging::Preprocess;

/// How much of the network learns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Depth {
    /// The linear head over ready features: seconds.
    Head,
    /// The head and the network's last stage.
    Last,
    /// Everything.
    All,
}

/// Which epoch's weights a run ends with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Keep {
    /// The one with the best mean of F2 micro and F2 per image: what the curator is shown.
    #[default]
    F2,
    /// The one with the lowest validation loss.
    Loss,
}

/// New layers alone, before those under them move.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WarmUp {
    pub epochs: usize,
    pub learning_rate: f64,
    pub loss: Loss,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
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
    /// Of a run deeper than the head. `None`: the head learns first by its own usual recipe.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warm_up: Option<WarmUp>,
    pub keep: Keep,
    /// Ends the run after so many epochs without a better one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patience: Option<usize>,
    pub seed: u64,
    /// Of the described images, held back to judge by, 0 to 1.
    pub validation: f64,
    /// Seconds after which the run ends with the best epoch so far.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_budget: Option<f64>,
    /// How pictures are varied each time they are shown. Not for the head alone: its features are ready.
    pub augment: Augment,
    /// What the network is shown of a picture. `None`: what the model was made for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preprocess: Option<Preprocess>,
    /// How strongly a tag that nobody named on a reviewed image counts as absent, 0 to 1. A rejected one always counts.
    pub implied: f64,
    /// Images with a tag rarer than this share of the images are shown more often, 0 to 1; 0: all are shown alike.
    pub oversample_below: f64,
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

/// A recipe to begin with.
#[derive(Debug, Clone, Copy)]
pub struct Preset {
    pub name: &'static str,
    /// What it is good for, in half a sentence.
    pub about: &'static str,
    recipe: fn() -> Recipe,
}

/// Every preset, the usual one first.
pub const PRESETS: [Preset; 6] = [
    Preset { name: "head", about: "a new head on the model as it is: seconds", recipe: Recipe::default },
    Preset {
        name: "last",
        about: "the head and the last stage under it: minutes to hours",
        recipe: || Recipe::for_depth(Depth::Last),
    },
    Preset {
        name: "all",
        about: "the whole network, gently: hours without a graphics card",
        recipe: || Recipe::for_depth(Depth::All),
    },
    Preset {
        name: "one-cycle",
        about: "the whole network in one rise and fall of the rate",
        recipe: Recipe::one_cycle,
    },
    Preset { name: "report", about: "as the iMet 2019 report trained", recipe: Recipe::report },
    Preset { name: "scratch", about: "random weights: needs thousands of pictures", recipe: Recipe::from_scratch },
];

impl Preset {
    pub fn recipe(&self) -> Recipe {
        (self.recipe)()
    }
}

impl Recipe {
    /// What works for a network that already knows pictures.
    pub fn for_depth(depth: Depth) -> Self {
        let head = Self {
            depth,
            loss: Loss::focal(2.0),
            epochs: 40,
            batch: 128,
            learning_rate: 1e-3,
            backbone_rate: 0.1,
            weight_decay: 1e-2,
            schedule: Schedule::Cosine { warm_up: 0.05 },
            warm_up: None,
            keep: Keep::F2,
            patience: None,
            seed: 8,
            validation: 0.15,
            time_budget: None,
            augment: Augment::None,
            preprocess: None,
            implied: 1.0,
            oversample_below: 0.0,
            moving_statistics: false,
            attention: false,
        };
        match depth {
            Depth::Head => head,
            Depth::Last => Self { epochs: 8, batch: 32, augment: Augment::Light, ..head },
            Depth::All => Self { epochs: 10, batch: 32, augment: Augment::Light, ..head },
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

    /// The report's final recipe; its Adam is AdamW without decay. Its runs lasted as long as nine hours allowed.
    pub fn report() -> Self {
        Self {
            epochs: 100,
            batch: 64,
            learning_rate: 1e-4,
            backbone_rate: 1.0,
            weight_decay: 0.0,
            schedule: Schedule::Plateau { patience: 4, factor: 0.5 },
            warm_up: Some(WarmUp { epochs: 2, learning_rate: 1e-3, loss: Loss::Binary }),
            keep: Keep::Loss,
            patience: Some(9),
            time_budget: Some(9.0 * 3600.0),
            augment: Augment::Report,
            preprocess: Some(Preprocess::Padded),
            ..Self::for_depth(Depth::All)
        }
    }

    pub fn one_cycle() -> Self {
        Self { schedule: Schedule::OneCycle, augment: Augment::Crop, ..Self::for_depth(Depth::All) }
    }

    /// A preset by name.
    pub fn preset(name: &str) -> Option<Self> {
        PRESETS.iter().find(|preset| preset.name == name).map(Preset::recipe)
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

    pub fn objective(&self) -> Objective {
        Objective { loss: self.loss, implied: self.implied as f32 }
    }

    /// From a TOML file's text; missing fields are those of the usual recipe for its depth.
    ///
    /// Errors: no TOML, a field or value that does not exist, a number out of its range; the message says which and where.
    pub fn parse(text: &str) -> Result<Self, RecipeError> {
        let table: toml::Table = toml::from_str(text).map_err(|error| RecipeError::Syntax(error.to_string()))?;
        Self::from_table(table)
    }

    /// As [`Self::parse`], from a part of a larger file. `preset = "NAME"` may say what the missing fields are.
    pub fn from_table(mut table: toml::Table) -> Result<Self, RecipeError> {
        let syntax = |error: toml::de::Error| RecipeError::Syntax(error.to_string());
        let base = match (table.remove("preset"), table.get("depth")) {
            (Some(name), _) => {
                let name = name.as_str().map_or_else(|| name.to_string(), str::to_owned);
                Self::preset(&name).ok_or(RecipeError::NoSuchPreset { name })?
            }
            (None, Some(depth)) => Self::for_depth(depth.clone().try_into().map_err(syntax)?),
            (None, None) => Self::default(),
        };
        let mut whole = toml::Table::try_from(&base).map_err(|error| RecipeError::Syntax(error.to_string()))?;
        whole.extend(table);
        let recipe: Self = whole.try_into().map_err(syntax)?;
        recipe.checked()
    }

    /// As a TOML file.
    pub fn to_toml(&self) -> String {
        // A recipe is a flat table of numbers and names: nothing in it cannot be written.
        toml::to_string(self).unwrap_or_default()
    }

    /// Errors: a number out of its range.
    pub fn checked(self) -> Result<Self, RecipeError> {
        let share = |value: f64| (0.0..=1.0).contains(&value);
        let rate = |value: f64| value.is_finite() && 0.0 < value;
        let gamma = |value: f64| (0.0..=20.0).contains(&value);
        let loss_fits = |loss: Loss| match loss {
            Loss::Binary => true,
            Loss::Focal { gamma: g, alpha } => gamma(g) && alpha.is_none_or(share),
            Loss::Asymmetric { gamma_present, gamma_absent, clip } => {
                gamma(gamma_present) && gamma(gamma_absent) && (0.0..1.0).contains(&clip)
            }
        };
        for (fits, field, range) in [
            (loss_fits(self.loss), "loss", "gammas from 0 to 20, alpha from 0 to 1, clip from 0 to below 1"),
            ((1..=100_000).contains(&self.epochs), "epochs", "1 to 100000"),
            ((1..=65_536).contains(&self.batch), "batch", "1 to 65536"),
            (rate(self.learning_rate), "learning_rate", "above 0"),
            (share(self.backbone_rate), "backbone_rate", "0 to 1"),
            (self.weight_decay.is_finite() && 0.0 <= self.weight_decay, "weight_decay", "0 or more"),
            (self.warm_up.is_none_or(|w| rate(w.learning_rate) && loss_fits(w.loss)), "warm_up", "a rate above 0"),
            (self.patience != Some(0), "patience", "1 or more"),
            (0.0 < self.validation && self.validation < 1.0, "validation", "between 0 and 1"),
            (self.time_budget.is_none() || self.budget().is_some(), "time_budget", "seconds, 0 or more"),
            (share(self.implied), "implied", "0 to 1"),
            (share(self.oversample_below), "oversample_below", "0 to 1"),
            (!self.attention || self.depth != Depth::Head, "attention", "true only with depth last or all"),
        ] {
            if !fits {
                return Err(RecipeError::OutOfRange { field, range });
            }
        }
        Ok(self)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecipeError {
    /// As the TOML reader says it, with line and column.
    #[error("the recipe cannot be read: {0}")]
    Syntax(String),
    #[error("there is no preset {name:?}")]
    NoSuchPreset { name: String },
    #[error("{field} is out of its range: {range}")]
    OutOfRange { field: &'static str, range: &'static str },
}

impl crate::base::Hint for RecipeError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::Syntax(_) => Some("`docent recipes show head` prints a recipe with all its fields".to_owned()),
            Self::NoSuchPreset { .. } => Some(format!("there are {}", PRESETS.map(|preset| preset.name).join(", "))),
            Self::OutOfRange { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recipe_reads_back_as_it_was_written_in_both_formats() {
        let presets = PRESETS.map(|preset| preset.recipe());
        for recipe in presets.into_iter().chain([Recipe::for_depth(Depth::Last).with_attention()]) {
            let text = serde_json::to_string(&recipe).unwrap();
            assert_eq!(serde_json::from_str::<Recipe>(&text).unwrap(), recipe);
            assert_eq!(Recipe::parse(&recipe.to_toml()), Ok(recipe.clone()), "{}", recipe.to_toml());
        }
    }

    #[test]
    fn missing_fields_are_those_of_the_depth_or_of_the_preset_named() {
        let short = Recipe::parse("depth = \"all\"\nloss = { name = \"binary\" }\nseed = 3").unwrap();
        assert_eq!(short, Recipe { loss: Loss::Binary, seed: 3, ..Recipe::for_depth(Depth::All) });
        let named = Recipe::parse("preset = \"report\"\nattention = true").unwrap();
        assert_eq!(named, Recipe { attention: true, ..Recipe::report() });
        assert_eq!(Recipe::parse(""), Ok(Recipe::default()));
        let asymmetric = Recipe::parse("loss = { name = \"asymmetric\" }").unwrap();
        assert_eq!(asymmetric.loss, Loss::asymmetric());
    }

    #[test]
    fn what_no_recipe_can_be_is_refused_by_name() {
        for (text, named) in [
            ("depht = \"all\"", "depht"),
            ("depth = \"deep\"", "deep"),
            ("epochs = -1", "-1"),
            ("epochs = ", "line 1"),
            ("preset = \"best\"", "best"),
            ("validation = 1.0", "validation"),
            ("learning_rate = nan", "learning_rate"),
            ("implied = 1.5", "implied"),
            ("loss = { name = \"focal\", gamma = -1.0 }", "loss"),
            ("loss = { name = \"hinge\" }", "hinge"),
            ("attention = true", "attention"),
        ] {
            let message = Recipe::parse(text).unwrap_err().to_string();
            assert!(message.contains(named), "{text}: {message}");
        }
    }

    #[test]
    fn a_budget_that_is_no_length_of_time_is_none() {
        for (seconds, expected) in [(Some(1.5), Some(Duration::from_millis(1500))), (Some(-1.0), None), (None, None)] {
            assert_eq!(Recipe { time_budget: seconds, ..Recipe::default() }.budget(), expected);
        }
    }
}
