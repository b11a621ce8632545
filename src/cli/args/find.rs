//! What `docent find` takes.

use std::path::PathBuf;

use clap::Args;

use super::Looking;

#[derive(Debug, Args)]
pub struct Find {
    pub folder: PathBuf,
    /// As in the window's filter field, such as 'tag:chairs -tag:ships reviewed:no tags:>3 name:*.png'
    #[arg(value_name = "QUERY", allow_hyphen_values = true)]
    pub query: String,
    /// Whose proposals `proposed:` and `proposals:` mean: a checkpoint of the collection by name, a checkpoint folder, a
    /// fetched model of the Hub, or `starter`
    #[arg(long, value_name = "M")]
    pub model: Option<String>,
    #[command(flatten)]
    pub looking: Looking,
}
