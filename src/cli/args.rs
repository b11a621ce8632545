//! What was typed: verbs and flags, nothing of what they do.

use std::path::PathBuf;

pub mod simulate;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::model::Precision;
use crate::model::device::Choice;

/// Describe picture collections at keyboard speed, with proposals from a model that learns from you.
#[derive(Debug, Parser)]
#[command(name = "docent", version, args_conflicts_with_subcommands = true)]
pub struct Arguments {
    /// Folder of pictures to open in the window
    pub folder: Option<PathBuf>,
    /// Where to compute: auto, cpu, cuda, cuda:N or metal [default: as chosen in the window]
    #[arg(long, value_name = "DEVICE")]
    pub device: Option<Choice>,
    #[command(subcommand)]
    pub verb: Option<Verb>,
}

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Draw the demo collection; without --out open it in the window
    Demo(Demo),
    /// Say what is in a folder, every problem with file and line; exit code 1 if there is any
    Check(Check),
    /// Count images, sizes, tags per image and per namespace
    Stats(Stats),
    /// Propose tags for every image, as rows of train.csv
    Suggest(Suggest),
    /// Fine-tune on the annotated images and write a checkpoint
    Train(Train),
    /// Measure a model against the tags in train.csv
    Evaluate(Evaluate),
    /// Measure how many keys a curator is saved by proposals that learn, with train.csv as the truth
    Simulate(simulate::Simulate),
    /// List models, fetch pretrained ones from the Hugging Face Hub, choose one for a collection
    Models(Models),
}

#[derive(Debug, Args)]
pub struct Demo {
    /// Folder to draw into; it must be empty or missing
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// How many pictures [default: 300, in the window 150]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub images: Option<u32>,
    /// The same seed draws the same pictures
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
    /// Which part of them gets a row in train.csv
    #[arg(long, value_name = "FRACTION", default_value_t = 0.5, value_parser = fraction)]
    pub annotated: f64,
}

#[derive(Debug, Args)]
pub struct Check {
    pub folder: PathBuf,
}

#[derive(Debug, Args)]
pub struct Stats {
    pub folder: PathBuf,
    /// One JSON object instead of a table
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Suggest {
    pub folder: PathBuf,
    /// A checkpoint of the collection by name, a checkpoint folder, a fetched model of the Hub such as
    /// timm/mobilenetv2_100.ra_in1k, or `starter` [default: the one in use]
    #[arg(long, value_name = "M")]
    pub model: Option<String>,
    /// Propose tags at least this likely [default: the model's own threshold]
    #[arg(long, value_name = "T", value_parser = fraction)]
    pub threshold: Option<f64>,
    /// Only the images named in the first column of this file, such as sample_submission.csv
    #[arg(long, value_name = "FILE.csv")]
    pub ids: Option<PathBuf>,
    /// Write `id,attribute_ids` here instead of to standard output
    #[arg(long, value_name = "FILE.csv")]
    pub out: Option<PathBuf>,
    /// Write `id,attribute_id,probability` of every label of every image here
    #[arg(long, value_name = "FILE.csv")]
    pub scores: Option<PathBuf>,
    #[command(flatten)]
    pub looking: Looking,
}

#[derive(Debug, Args)]
pub struct Train {
    pub folder: PathBuf,
    /// Where to start: a checkpoint by name, a checkpoint folder, a fetched model of the Hub such as
    /// timm/mobilenetv2_100.ra_in1k, `starter`, or the name of an architecture for random weights [default: the model in use]
    #[arg(long, value_name = "M")]
    pub model: Option<String>,
    /// What is trained
    #[arg(long, value_enum, default_value_t = DepthArgument::Head)]
    pub depth: DepthArgument,
    /// Put the report's residual attention tail on the network; with --depth last or all
    #[arg(long)]
    pub attention: bool,
    #[arg(long, value_enum, default_value_t = LossArgument::Focal)]
    pub loss: LossArgument,
    /// Focusing parameter of the focal loss
    #[arg(long, value_name = "G", default_value_t = 2.0, value_parser = gamma)]
    pub gamma: f64,
    /// Passes over the images [default: by depth]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=100_000))]
    pub epochs: Option<u64>,
    /// Learning rate of the head [default: by depth]
    #[arg(long, value_name = "R", value_parser = rate)]
    pub rate: Option<f64>,
    /// Rate of the layers below the head, as a share of the head's [default: 0.1, for random weights 1]
    #[arg(long, value_name = "SHARE", value_parser = fraction)]
    pub backbone_rate: Option<f64>,
    /// Let batch norm's statistics follow the pictures; always so for random weights
    #[arg(long)]
    pub moving_statistics: bool,
    /// Decides the validation part and the order of the images
    #[arg(long, value_name = "N", default_value_t = 8)]
    pub seed: u64,
    /// Part of the annotated images kept for validation
    #[arg(long, value_name = "FRACTION", default_value_t = 0.15, value_parser = validation)]
    pub valid: f64,
    /// Stop after this time and keep the best epoch, for example 90s, 20min or 9h
    #[arg(long, value_name = "TIME", value_parser = seconds)]
    pub time_budget: Option<f64>,
    /// Side of the input in pixels, for random weights
    #[arg(long, value_name = "PIXELS", default_value_t = 128, value_parser = clap::value_parser!(u32).range(32..=1024))]
    pub size: u32,
    /// Name of the checkpoint, or a folder to write it to [default: the next free name]
    #[arg(long, value_name = "NAME")]
    pub out: Option<String>,
    /// Where to compute: auto, cpu, cuda, cuda:N or metal
    #[arg(long, value_name = "DEVICE", default_value_t)]
    pub device: Choice,
    /// One JSON object instead of a table
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Evaluate {
    pub folder: PathBuf,
    /// A checkpoint of the collection by name, a checkpoint folder, a fetched model of the Hub, or `starter`
    #[arg(long, value_name = "M")]
    pub model: String,
    /// Compare with this table instead of the collection's train.csv
    #[arg(long, value_name = "FILE.csv")]
    pub truth: Option<PathBuf>,
    #[command(flatten)]
    pub looking: Looking,
    /// One JSON object instead of a table
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Models {
    #[command(subcommand)]
    pub what: Option<ModelsVerb>,
    #[command(flatten)]
    pub list: ListModels,
}

#[derive(Debug, Subcommand)]
pub enum ModelsVerb {
    /// The starter, what was fetched, a collection's checkpoints, and what can be fetched
    List(ListModels),
    /// Everything about one model
    Show(ShowModel),
    /// Fetch a model from the Hugging Face Hub: the only verb that goes to the network
    Get(GetModel),
    /// Let a collection use this model from now on
    Use(UseModel),
}

#[derive(Debug, Args)]
pub struct ListModels {
    /// Also the checkpoints of this collection
    #[arg(long, value_name = "FOLDER")]
    pub folder: Option<PathBuf>,
    /// One JSON object instead of a table
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct ShowModel {
    /// As --model of the other verbs
    pub name: String,
    /// The collection it may be a checkpoint of
    #[arg(long, value_name = "FOLDER")]
    pub folder: Option<PathBuf>,
    /// One JSON object instead of a table
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct GetModel {
    /// OWNER/NAME, with @REVISION where it is not main
    #[arg(value_name = "HUB_ID")]
    pub id: String,
}

#[derive(Debug, Args)]
pub struct UseModel {
    /// As --model of the other verbs
    pub name: String,
    /// The collection
    #[arg(long, value_name = "FOLDER")]
    pub folder: PathBuf,
}

/// How pictures are looked at.
#[derive(Debug, Clone, Copy, Args)]
pub struct Looking {
    /// What computes: auto, cpu, cuda, cuda:N or metal
    #[arg(long, value_name = "DEVICE", default_value_t = Choice::Auto)]
    pub device: Choice,
    /// f32, or on a graphics card f16 or bf16: faster, and a little different
    #[arg(long, value_name = "P", default_value = "f32")]
    pub precision: Precision,
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

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LossArgument {
    Focal,
    Binary,
}

fn number(text: &str, within: impl Fn(f64) -> bool, expected: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if within(value) => Ok(value),
        _ => Err(format!("expected {expected}")),
    }
}

fn fraction(text: &str) -> Result<f64, String> {
    number(text, |value| (0.0..=1.0).contains(&value), "a number from 0 to 1")
}

fn validation(text: &str) -> Result<f64, String> {
    number(text, |value| (0.01..=0.9).contains(&value), "a number from 0.01 to 0.9")
}

fn gamma(text: &str) -> Result<f64, String> {
    number(text, |value| (0.0..=10.0).contains(&value), "a number from 0 to 10")
}

fn rate(text: &str) -> Result<f64, String> {
    number(text, |value| 0.0 < value && value <= 1.0, "a number above 0, at most 1")
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
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_folder_opens_the_window_and_a_verb_does_not() {
        let parsed = Arguments::try_parse_from(["docent", "pictures"]).unwrap();
        assert!(parsed.verb.is_none() && parsed.folder == Some(PathBuf::from("pictures")));
        let parsed = Arguments::try_parse_from(["docent", "--device", "cuda:1", "pictures"]).unwrap();
        assert_eq!(parsed.device, Some(Choice::Cuda(1)));
        let parsed = Arguments::try_parse_from(["docent", "stats", "pictures", "--json"]).unwrap();
        assert!(matches!(parsed.verb, Some(Verb::Stats(Stats { json: true, .. }))));
    }

    #[test]
    fn models_alone_lists_them() {
        let list = |words: &[&str]| match Arguments::try_parse_from(words).unwrap().verb {
            Some(Verb::Models(Models { what: None, list })) => (list.folder, list.json),
            Some(Verb::Models(Models { what: Some(ModelsVerb::List(list)), .. })) => (list.folder, list.json),
            other => panic!("{other:?}"),
        };
        assert_eq!(list(&["docent", "models"]), (None, false));
        for words in [
            &["docent", "models", "--json", "--folder", "x"][..],
            &["docent", "models", "list", "--json", "--folder", "x"],
        ] {
            assert_eq!(list(words), (Some(PathBuf::from("x")), true));
        }
        assert!(Arguments::try_parse_from(["docent", "models", "use", "starter"]).is_err(), "of which collection?");
    }

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
}
