//! What was typed: verbs and flags, nothing of what they do.

use std::path::PathBuf;

pub mod curators;
pub mod find;
pub mod judging;
pub mod simulate;
pub mod train;
pub mod vocabulary;

use clap::{Args, Parser, Subcommand};

pub use self::curators::{Agreement, Merge, Signature};
pub use self::find::Find;
pub use self::judging::{Doubts, Next, OrderArgument};
pub use self::train::{Changes, Compare, Recipes, RecipesVerb, Train};
use crate::imaging::Decoding;
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
    /// Print the ids of the images that a query finds
    Find(Find),
    /// Charts of the collection as PNG and CSV: tags, labels, sizes, labels together, progress, coverage
    Insights(Insights),
    /// Propose tags for every image, as rows of train.csv
    Suggest(Suggest),
    /// Fine-tune on the annotated images and write a checkpoint
    Train(Train),
    /// Train several recipes on the same images and print a table of what came of them
    Compare(Compare),
    /// Recipes for `train` and `compare`: list them, or print one to change
    Recipes(Recipes),
    /// Measure a model against the tags in train.csv
    Evaluate(Evaluate),
    /// The pictures nobody has reviewed, those worth a look first
    Next(Next),
    /// Tags that somebody probably forgot or set by mistake, the likeliest first
    Doubts(Doubts),
    /// Measure how many keys a curator is saved by proposals that learn, with train.csv as the truth
    Simulate(simulate::Simulate),
    /// List, rename, merge, retire and import labels
    Vocabulary(vocabulary::Vocabulary),
    /// Fold another curator's record into a collection's; what contradicts is kept for the queue Conflicts
    Merge(Merge),
    /// How far the curators of a collection agree on each label: Cohen's kappa
    Agreement(Agreement),
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
pub struct Insights {
    pub folder: PathBuf,
    /// Folder for the files; made where it is missing. Files of the same name are replaced
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
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
pub struct Evaluate {
    pub folder: PathBuf,
    /// A checkpoint of the collection by name, a checkpoint folder, a fetched model of the Hub, or `starter`
    #[arg(long, value_name = "M")]
    pub model: String,
    /// Compare with this table instead of the collection's train.csv
    #[arg(long, value_name = "FILE.csv")]
    pub truth: Option<PathBuf>,
    /// Only the pictures that were held back when the model was fine-tuned: it has not learned from them
    #[arg(long)]
    pub held_back: bool,
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
    /// Let a collection use the model it used before; twice is as before
    Rollback(RollBack),
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

#[derive(Debug, Args)]
pub struct RollBack {
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
    /// f32; or faster and a little different, where proposals stay the same: f16 on a graphics card, bf16 there or on a
    /// processor that has it
    #[arg(long, value_name = "P", default_value = "f32")]
    pub precision: Precision,
    /// How finely large JPEGs are decoded: scaled, to twice the network's input or more, or full
    #[arg(long, value_name = "HOW", default_value = "scaled")]
    pub decode: Decoding,
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
    fn a_query_may_begin_with_a_minus() {
        let parsed = Arguments::try_parse_from(["docent", "find", "pictures", "-tag:ships", "--model", "m"]).unwrap();
        let Some(Verb::Find(find)) = parsed.verb else { panic!() };
        assert_eq!((find.query.as_str(), find.model.as_deref()), ("-tag:ships", Some("m")));
        let parsed = Arguments::try_parse_from(["docent", "find", "pictures", "--model", "m", "x"]).unwrap();
        let Some(Verb::Find(find)) = parsed.verb else { panic!() };
        assert_eq!((find.query.as_str(), find.model.as_deref()), ("x", Some("m")));
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
}
