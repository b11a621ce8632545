//! The models a collection can use: its own checkpoints, the starter, and any folder.
//!
//! A model is named by its folder's name below `.docent/models`, by a path, or `starter`.

use std::fs;
use std::path::{Path, PathBuf};

use candle_core::Device;

use crate::base::Hint;
use crate::model::{Architecture, Checkpoint, CheckpointError, Config, starter};
use crate::store::Location;

/// The model that comes with the program.
pub const STARTER: &str = "starter";

#[derive(Debug, thiserror::Error)]
pub enum ModelsError {
    #[error("there is no model named {name}")]
    Unknown { name: String, known: Vec<String> },
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
}

impl Hint for ModelsError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::Unknown { known, .. } => {
                Some(format!("known here: {}; or give a checkpoint folder", known.join(", ")))
            }
            Self::Checkpoint(error) => error.hint(),
        }
    }
}

/// Where the checkpoints of a collection are.
pub fn folder(location: &Location) -> PathBuf {
    location.folder().join("models")
}

/// Names and configurations of all models at hand, oldest first, the starter before all others.
///
/// A folder that is no checkpoint is left out with a warning.
pub fn list(location: &Location) -> Vec<(String, PathBuf, Config)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder(location)).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') || !entry.path().is_dir() {
            continue;
        }
        match Checkpoint::read(&entry.path()) {
            Ok(config) => found.push((name, entry.path(), config)),
            Err(error) => tracing::warn!("{error}"),
        }
    }
    found.sort_by_key(|(name, _, config)| (created_millis(config), name.clone()));
    if let Ok(config) = starter::config() {
        found.insert(0, (STARTER.to_owned(), PathBuf::from(STARTER), config));
    }
    found
}

/// When a checkpoint was made, in milliseconds since 1970; 0 where it does not say.
pub fn created_millis(config: &Config) -> u64 {
    config.docent.as_ref().and_then(|docent| docent.created_millis).unwrap_or(0)
}

/// Loads a model by name. With `n_labels` a head of another size is replaced by a fresh one.
pub fn load(
    name: &str,
    location: Option<&Location>,
    n_labels: Option<usize>,
    device: &Device,
) -> Result<(PathBuf, Checkpoint), ModelsError> {
    if name == STARTER {
        return Ok((PathBuf::from(STARTER), starter::load(n_labels, device)?));
    }
    let own = location.map(|location| folder(location).join(name)).filter(|own| own.is_dir());
    let path = own.unwrap_or_else(|| PathBuf::from(name));
    if !path.is_dir() {
        let mut known: Vec<_> = location.map(list).unwrap_or_default().into_iter().map(|(name, ..)| name).collect();
        known.extend(Architecture::ALL.iter().map(|architecture| architecture.name().to_owned()));
        return Err(ModelsError::Unknown { name: name.to_owned(), known });
    }
    let checkpoint = Checkpoint::load(&path, n_labels, device)?;
    Ok((path, checkpoint))
}

/// Where a new checkpoint goes: the name or folder asked for, else `head-1`, `head-2` … the next that is free.
pub fn place(asked: Option<&str>, depth: &str, location: &Location) -> (String, PathBuf) {
    let own = folder(location);
    match asked {
        Some(asked) if Path::new(asked).components().count() > 1 || Path::new(asked).is_absolute() => {
            (asked.to_owned(), PathBuf::from(asked))
        }
        Some(asked) => (asked.to_owned(), own.join(asked)),
        None => {
            let number = (1..).find(|number| !own.join(format!("{depth}-{number}")).exists()).unwrap_or(1);
            let name = format!("{depth}-{number}");
            (name.clone(), own.join(name))
        }
    }
}
