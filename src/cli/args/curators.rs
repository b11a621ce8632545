//! What was typed after `docent merge` and `docent agreement`.

use std::path::PathBuf;

use clap::Args;

use super::vocabulary::Dry;

#[derive(Debug, Args)]
#[command(allow_missing_positional = true)]
pub struct Merge {
    /// The collection that gets the other's decisions [default: the current folder]
    pub folder: Option<PathBuf>,
    /// The other curator's docent.db, or the folder of pictures it belongs to
    pub other: PathBuf,
    #[command(flatten)]
    pub dry: Dry,
    #[command(flatten)]
    pub signature: Signature,
}

#[derive(Debug, Args)]
pub struct Agreement {
    /// The collection [default: the current folder]
    pub folder: Option<PathBuf>,
    /// Every label of every two curators as CSV, with counts
    #[arg(long)]
    pub csv: bool,
}

/// Who signs what is recorded.
#[derive(Debug, Clone, Default, Args)]
pub struct Signature {
    /// Sign with this name [default: the one chosen in the window, else that of the account]
    #[arg(long = "as", value_name = "NAME", value_parser = name)]
    pub signed: Option<String>,
}

fn name(typed: &str) -> Result<String, String> {
    crate::domain::curator::name(typed).ok_or_else(|| "expected a name of a person".to_owned())
}
