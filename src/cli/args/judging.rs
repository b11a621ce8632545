//! What was typed for the verbs that say where a curator's look is worth most.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::Looking;

#[derive(Debug, Args)]
pub struct Next {
    pub folder: PathBuf,
    /// What makes an image worth a look
    #[arg(long, value_enum, default_value_t = OrderArgument::Uncertain)]
    pub order: OrderArgument,
    /// At most so many images
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub limit: usize,
    /// As --model of `suggest`; not asked where the order is by name or time
    #[arg(long, value_name = "M")]
    pub model: Option<String>,
    /// Write the rows here instead of to standard output
    #[arg(long, value_name = "FILE.csv")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub looking: Looking,
}

#[derive(Debug, Args)]
pub struct Doubts {
    pub folder: PathBuf,
    /// Whose features are used, as --model of `suggest`
    #[arg(long, value_name = "M")]
    pub model: Option<String>,
    /// Write the rows here instead of to standard output
    #[arg(long, value_name = "FILE.csv")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub looking: Looking,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OrderArgument {
    /// The model is least sure
    Uncertain,
    /// A tag with few examples is likely
    Rare,
    /// The model contradicts what people said of similar pictures
    Disagreeing,
    /// Each as unlike the others, and unlike all described ones, as can be had
    Diverse,
    /// By name
    Name,
    /// By the time of the file, oldest first
    Time,
}
