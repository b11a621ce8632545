//! What `docent simulate` can be told.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{Looking, validation};

#[derive(Debug, Args)]
pub struct Simulate {
    /// A collection whose train.csv says the truth; nothing in it is changed
    pub folder: PathBuf,
    /// The model to start from, as --model of the other verbs [default: the one in use]
    #[arg(long, value_name = "M")]
    pub model: Option<String>,
    /// Which image comes next
    #[arg(long, value_enum, default_value_t = Order::Random)]
    pub order: Order,
    /// Review no more images than this
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub limit: Option<u64>,
    /// Part of the described images that is never reviewed, to measure on
    #[arg(long, value_name = "FRACTION", default_value_t = 0.2, value_parser = validation)]
    pub held_out: f64,
    /// Decides which images are held out, and the random order
    #[arg(long, value_name = "S", default_value_t = 8)]
    pub seed: u64,
    /// Write simulate.csv and simulate.png into this folder
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub looking: Looking,
    /// One JSON object instead of CSV
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Order {
    /// As the library shows them
    Name,
    /// As nobody sorted them
    Random,
}
