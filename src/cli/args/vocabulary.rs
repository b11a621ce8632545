//! What was typed after `docent vocabulary`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Signature;

#[derive(Debug, Args)]
pub struct Vocabulary {
    #[command(subcommand)]
    pub what: VocabularyVerb,
}

impl Vocabulary {
    /// Who signs; nobody has to where nothing is recorded.
    pub fn signature(&self) -> &Signature {
        const NOBODY: &Signature = &Signature { signed: None };
        match &self.what {
            VocabularyVerb::List(_) => NOBODY,
            VocabularyVerb::Rename(RenameLabel { signature, .. })
            | VocabularyVerb::Merge(MergeLabel { signature, .. })
            | VocabularyVerb::Retire(RetireLabel { signature, .. })
            | VocabularyVerb::Alias(AliasLabel { signature, .. })
            | VocabularyVerb::Import(ImportLabels { signature, .. }) => signature,
        }
    }
}

#[derive(Debug, Subcommand)]
pub enum VocabularyVerb {
    /// Every label with its id, how many images have it, whether it is retired, and its other names, as CSV
    List(ListLabels),
    /// Give a label another name; the old one still finds it
    Rename(RenameLabel),
    /// Give every image with a label another one instead, and retire it
    Merge(MergeLabel),
    /// Do not propose, list or learn a label any more
    Retire(RetireLabel),
    /// Add another name under which a label is found, or take one away
    Alias(AliasLabel),
    /// Add the labels of a plain list, one name a line, or of a labels.csv
    Import(ImportLabels),
}

#[derive(Debug, Args)]
pub struct ListLabels {
    pub folder: PathBuf,
}

#[derive(Debug, Args)]
pub struct RenameLabel {
    pub folder: PathBuf,
    /// The label, by its name or another name of it
    pub label: String,
    /// Its new name, with its namespace: tag::chairs
    pub name: String,
    #[command(flatten)]
    pub dry: Dry,
    #[command(flatten)]
    pub signature: Signature,
}

#[derive(Debug, Args)]
pub struct MergeLabel {
    pub folder: PathBuf,
    /// The label that goes
    pub from: String,
    /// The label that its images get
    pub into: String,
    #[command(flatten)]
    pub dry: Dry,
    #[command(flatten)]
    pub signature: Signature,
}

#[derive(Debug, Args)]
pub struct RetireLabel {
    pub folder: PathBuf,
    pub label: String,
    /// Take it off the images that have it
    #[arg(long)]
    pub lose: bool,
    /// Offer a retired label again
    #[arg(long, conflicts_with = "lose")]
    pub back: bool,
    #[command(flatten)]
    pub dry: Dry,
    #[command(flatten)]
    pub signature: Signature,
}

#[derive(Debug, Args)]
pub struct AliasLabel {
    pub folder: PathBuf,
    pub label: String,
    /// The other name: a word, or with a namespace
    pub alias: String,
    /// Take it away
    #[arg(long)]
    pub remove: bool,
    #[command(flatten)]
    pub dry: Dry,
    #[command(flatten)]
    pub signature: Signature,
}

#[derive(Debug, Args)]
pub struct ImportLabels {
    pub folder: PathBuf,
    pub file: PathBuf,
    #[command(flatten)]
    pub dry: Dry,
    #[command(flatten)]
    pub signature: Signature,
}

#[derive(Debug, Clone, Copy, Args)]
pub struct Dry {
    /// Say what would change, and change nothing
    #[arg(long)]
    pub dry_run: bool,
}
