//! The words after `docent train`, and the recipe they come to.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::{fraction, number, validation};
use crate::imaging::Preprocess;
use crate::model::device::Choice;
use crate::training::{Augment, Depth, Loss, Recipe, Schedule};

#[derive(Debug, Args)]
pub struct Train {
    pub folder: PathBuf,
    /// Where to start: a checkpoint by name, a checkpoint folder, a fetched model of the Hub such as
    /// timm/mobilenetv2_100.ra_in1k, `starter`, or the name of an architecture for random weights [default: the model in use]
    #[arg(long, value_name = "M")]
    pub model: Option<String>,
    /// A recipe file, or the name of a recipe (see `docent recipes`); the options below change it
    #[arg(long, value_name = "FILE.toml|NAME")]
    pub recipe: Option<String>,
    #[command(flatten)]
    pub changes: Changes,
    /// Side of the input in pixels, for random weights
    #[arg(long, value_name = "PIXELS", default_value_t = 128, value_parser = clap::value_parser!(u32).range(32..=1024))]
    pub size: u32,
    /// Name of the checkpoint, or a folder to write it to [default: the next free name]
    #[arg(long, value_name = "NAME")]
    pub out: Option<String>,
    /// Go on with the run that was interrupted in this collection, as if it had never stopped
    #[arg(long, conflicts_with_all = ["model", "recipe", "size", "out", "depth", "attention", "loss", "gamma", "alpha",
        "epochs", "batch", "rate", "backbone_rate", "schedule", "patience", "augment", "preprocess", "implied",
        "oversample_below", "moving_statistics", "seed", "valid", "time_budget"])]
    pub resume: bool,
    /// How often the run is kept on disk, so that it can be resumed
    #[arg(long, value_name = "TIME", default_value = "2min", value_parser = seconds)]
    pub save_every: f64,
    /// Where to compute: auto, cpu, cuda, cuda:N or metal
    #[arg(long, value_name = "DEVICE", default_value_t)]
    pub device: Choice,
    /// One JSON object instead of a table
    #[arg(long)]
    pub json: bool,
}

/// What is different from the recipe.
#[derive(Debug, Clone, Default, Args)]
pub struct Changes {
    /// What is trained [default: head, for random weights all]
    #[arg(long, value_enum)]
    pub depth: Option<DepthArgument>,
    /// Put the report's residual attention tail on the network; with --depth last or all
    #[arg(long)]
    pub attention: bool,
    /// [default: focal]
    #[arg(long, value_enum)]
    pub loss: Option<LossArgument>,
    /// Focusing parameter of the focal loss, or of absent tags in the asymmetric one [default: 2, asymmetric 4]
    #[arg(long, value_name = "G", value_parser = gamma)]
    pub gamma: Option<f64>,
    /// What a present tag weighs in the focal loss; an absent one weighs 1 - A [default: both weigh 1]
    #[arg(long, value_name = "A", value_parser = fraction)]
    pub alpha: Option<f64>,
    /// Passes over the images [default: by depth]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=100_000))]
    pub epochs: Option<u64>,
    /// Images per step [default: by depth]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=65_536))]
    pub batch: Option<u64>,
    /// Learning rate of the head [default: by depth]
    #[arg(long, value_name = "R", value_parser = rate)]
    pub rate: Option<f64>,
    /// Rate of the layers below the head, as a share of the head's [default: 0.1, for random weights 1]
    #[arg(long, value_name = "SHARE", value_parser = fraction)]
    pub backbone_rate: Option<f64>,
    /// How the rate moves over the run [default: cosine]
    #[arg(long, value_enum)]
    pub schedule: Option<ScheduleArgument>,
    /// End the run after so many epochs without a better one
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=100_000))]
    pub patience: Option<u64>,
    /// How pictures are varied; not for the head alone [default: light]
    #[arg(long, value_enum)]
    pub augment: Option<AugmentArgument>,
    /// What the network is shown: padded, stretched, crop, contour, background or cutout [default: as the model was made for]
    #[arg(long, value_name = "HOW", value_parser = preprocess)]
    pub preprocess: Option<Preprocess>,
    /// How strongly a tag that nobody named on a reviewed image counts as absent, 0 to 1 [default: 1]
    #[arg(long, value_name = "SHARE", value_parser = fraction)]
    pub implied: Option<f64>,
    /// Show images with a tag rarer than this share of the images more often [default: 0, all alike]
    #[arg(long, value_name = "SHARE", value_parser = fraction)]
    pub oversample_below: Option<f64>,
    /// Let batch norm's statistics follow the pictures; always so for random weights
    #[arg(long)]
    pub moving_statistics: bool,
    /// Decides the validation part and the order of the images [default: 8]
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Part of the annotated images kept for validation [default: 0.15]
    #[arg(long, value_name = "FRACTION", value_parser = validation)]
    pub valid: Option<f64>,
    /// Stop after this time and keep the best epoch, for example 90s, 20min or 9h
    #[arg(long, value_name = "TIME", value_parser = seconds)]
    pub time_budget: Option<f64>,
}

#[derive(Debug, Args)]
pub struct Compare {
    pub folder: PathBuf,
    /// A TOML file of [[recipe]] tables, each with a name, perhaps a model, and what is different from the usual
    /// recipe; model, seed and validation at its top are everybody's
    #[arg(long, value_name = "FILE.toml")]
    pub recipes: PathBuf,
    /// Where recipes start that name no model [default: the model in use]
    #[arg(long, value_name = "M")]
    pub model: Option<String>,
    /// For all of them together, for example 90s, 20min or 9h
    #[arg(long, value_name = "TIME", value_parser = seconds)]
    pub time_budget: Option<f64>,
    /// Write comparison.md, comparison.csv and comparison.png into this folder
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Side of the input in pixels, for random weights
    #[arg(long, value_name = "PIXELS", default_value_t = 128, value_parser = clap::value_parser!(u32).range(32..=1024))]
    pub size: u32,
    /// Where to compute: auto, cpu, cuda, cuda:N or metal
    #[arg(long, value_name = "DEVICE", default_value_t)]
    pub device: Choice,
}

#[derive(Debug, Args)]
pub struct Recipes {
    #[command(subcommand)]
    pub what: Option<RecipesVerb>,
}

#[derive(Debug, Subcommand)]
pub enum RecipesVerb {
    /// Every recipe that comes with the program
    List,
    /// One of them as a TOML file, with all its fields
    Show { name: String },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DepthArgument {
    /// The linear head on frozen features: seconds
    Head,
    /// The head and the last stage of the network
    Last,
    /// Everything
    All,
}

impl From<DepthArgument> for Depth {
    fn from(argument: DepthArgument) -> Self {
        match argument {
            DepthArgument::Head => Self::Head,
            DepthArgument::Last => Self::Last,
            DepthArgument::All => Self::All,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LossArgument {
    /// Hard tags count more
    Focal,
    /// All tags alike
    Binary,
    /// The few present tags count more than the many absent ones
    Asymmetric,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ScheduleArgument {
    Constant,
    /// Up over a twentieth of the steps, then down a half cosine
    Cosine,
    OneCycle,
    /// Halved after four epochs without a lower validation loss
    Plateau,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AugmentArgument {
    None,
    Light,
    Report,
    Crop,
}

impl Changes {
    /// `base` with these changes.
    pub fn apply(&self, base: Recipe) -> Recipe {
        let base = if self.attention { base.with_attention() } else { base };
        let schedule = self.schedule.map(|schedule| match schedule {
            ScheduleArgument::Constant => Schedule::Constant,
            ScheduleArgument::Cosine => Schedule::Cosine { warm_up: 0.05 },
            ScheduleArgument::OneCycle => Schedule::OneCycle,
            ScheduleArgument::Plateau => Schedule::Plateau { patience: 4, factor: 0.5 },
        });
        let augment = self.augment.map(|augment| match augment {
            AugmentArgument::None => Augment::None,
            AugmentArgument::Light => Augment::Light,
            AugmentArgument::Report => Augment::Report,
            AugmentArgument::Crop => Augment::Crop,
        });
        Recipe {
            depth: self.depth.map_or(base.depth, Depth::from),
            loss: self.loss(base.loss),
            epochs: self.epochs.map_or(base.epochs, |epochs| epochs as usize),
            batch: self.batch.map_or(base.batch, |batch| batch as usize),
            learning_rate: self.rate.unwrap_or(base.learning_rate),
            backbone_rate: self.backbone_rate.unwrap_or(base.backbone_rate),
            schedule: schedule.unwrap_or(base.schedule),
            patience: self.patience.map(|patience| patience as usize).or(base.patience),
            augment: augment.unwrap_or(base.augment),
            preprocess: self.preprocess.or(base.preprocess),
            implied: self.implied.unwrap_or(base.implied),
            oversample_below: self.oversample_below.unwrap_or(base.oversample_below),
            moving_statistics: self.moving_statistics || base.moving_statistics,
            seed: self.seed.unwrap_or(base.seed),
            validation: self.valid.unwrap_or(base.validation),
            time_budget: self.time_budget.or(base.time_budget),
            ..base
        }
    }

    fn loss(&self, base: Loss) -> Loss {
        let loss = match (self.loss, base) {
            (None, base) => base,
            (Some(LossArgument::Focal), Loss::Focal { .. }) => base,
            (Some(LossArgument::Focal), _) => Loss::focal(2.0),
            (Some(LossArgument::Binary), _) => Loss::Binary,
            (Some(LossArgument::Asymmetric), _) => Loss::asymmetric(),
        };
        match loss {
            Loss::Focal { gamma, alpha } => {
                Loss::Focal { gamma: self.gamma.unwrap_or(gamma), alpha: self.alpha.or(alpha) }
            }
            Loss::Asymmetric { gamma_present, gamma_absent, clip } => {
                Loss::Asymmetric { gamma_present, gamma_absent: self.gamma.unwrap_or(gamma_absent), clip }
            }
            Loss::Binary => Loss::Binary,
        }
    }
}

fn gamma(text: &str) -> Result<f64, String> {
    number(text, |value| (0.0..=10.0).contains(&value), "a number from 0 to 10")
}

fn rate(text: &str) -> Result<f64, String> {
    number(text, |value| 0.0 < value && value <= 1.0, "a number above 0, at most 1")
}

fn preprocess(text: &str) -> Result<Preprocess, String> {
    let names = || Preprocess::ALL.map(Preprocess::name).join(", ");
    Preprocess::ALL.into_iter().find(|how| how.name() == text).ok_or_else(|| format!("expected one of {}", names()))
}

/// `90`, `90s`, `20min`, `1.5h` in seconds.
fn seconds(text: &str) -> Result<f64, String> {
    let at = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
    let unit = match &text[at..] {
        "" | "s" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3600.0,
        _ => return Err("expected a time such as 90s, 20min or 9h".to_owned()),
    };
    number(&text[..at], |value| value > 0.0 && value.is_finite(), "a time such as 90s, 20min or 9h").map(|v| v * unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_with_their_unit() {
        for (text, expected) in
            [("90", Some(90.0)), ("20min", Some(1200.0)), ("9h", Some(32400.0)), ("1.5h", Some(5400.0))]
        {
            assert_eq!(seconds(text).ok(), expected, "{text}");
        }
        for text in ["", "-3s", "9 days", "h", "nan"] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }

    #[test]
    fn options_change_only_what_they_name() {
        let base = Recipe::report();
        assert_eq!(Changes::default().apply(base.clone()), base);
        let changes = Changes { gamma: Some(1.0), seed: Some(3), ..Changes::default() };
        assert_eq!(changes.apply(base.clone()), Recipe { loss: Loss::focal(1.0), seed: 3, ..base.clone() });
        let binary = Changes { loss: Some(LossArgument::Binary), gamma: Some(1.0), ..Changes::default() };
        assert_eq!(binary.apply(base).loss, Loss::Binary);
    }
}
