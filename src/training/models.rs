//! The models a collection can use: its own checkpoints, the starter, any folder, and what was fetched from the Hub.
//!
//! A model is named by its folder's name below `.docent/models`, by a path, by `owner/name` on the Hub, or `starter`.
//! Not fetching: a Hub name leads to the snapshot on this computer, or to an error that says how to get it.

use std::fs;
use std::path::{Path, PathBuf};

use candle_core::Device;

use crate::base::Hint;
use crate::hub::{self, CONFIG_FILE, Environment, HubId, WEIGHTS_FILES};
use crate::model::{Architecture, Checkpoint, CheckpointError, Config, starter};
use crate::store::{Location, Record, RecordError};

/// The model that comes with the program.
pub const STARTER: &str = "starter";
/// In the record: the model of the collection, and the one before it.
const SETTING: &str = "model";
const PREVIOUS: &str = "previous model";

#[derive(Debug, thiserror::Error)]
pub enum ModelsError {
    #[error("there is no model named {name}")]
    Unknown { name: String, known: Vec<String> },
    #[error("{id} is a model on the Hub that is not on this computer, or a folder that is not there")]
    NotFetched { id: HubId },
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
}

impl Hint for ModelsError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::Unknown { known, .. } => {
                Some(format!("known here: {}; or give a checkpoint folder", known.join(", ")))
            }
            Self::NotFetched { id } => Some(format!("fetch it once: docent models get {id}")),
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

/// Every model from the Hub that is on this computer and can be computed, by name.
pub fn fetched(cache: &hub::Cache) -> Vec<(HubId, PathBuf, Config)> {
    let here = cache.list().into_iter();
    here.filter_map(|(id, folder)| match Checkpoint::read(&folder) {
        Ok(config) => Some((id, folder, config)),
        Err(error) => {
            tracing::info!("{error}");
            None
        }
    })
    .collect()
}

/// Only the configuration of a model by name, and where it lies.
pub fn read(name: &str, location: Option<&Location>) -> Result<(PathBuf, Config), ModelsError> {
    if name == STARTER {
        return Ok((PathBuf::from(STARTER), starter::config()?));
    }
    let path = find(name, location)?;
    let config = Checkpoint::read(&path)?;
    Ok((path, config))
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
    let path = find(name, location)?;
    let checkpoint = Checkpoint::load(&path, n_labels, device)?;
    Ok((path, checkpoint))
}

/// The folder of a model other than the starter: the collection's own first, then a path, then a name on the Hub.
fn find(name: &str, location: Option<&Location>) -> Result<PathBuf, ModelsError> {
    let own = location.map(|location| folder(location).join(name)).filter(|own| own.is_dir());
    let path = own.unwrap_or_else(|| PathBuf::from(name));
    if path.is_dir() {
        return Ok(path);
    }
    if let Ok(id) = HubId::parse(name) {
        return Environment::of_process().cache().find(&id).ok_or(ModelsError::NotFetched { id });
    }
    let mut known: Vec<_> = location.map(list).unwrap_or_default().into_iter().map(|(name, ..)| name).collect();
    known.extend(Architecture::ALL.iter().map(|architecture| architecture.name().to_owned()));
    Err(ModelsError::Unknown { name: name.to_owned(), known })
}

/// Bytes of a checkpoint folder's own files; for the starter, of its weights in the program.
pub fn n_bytes(folder: &Path) -> u64 {
    if folder == Path::new(STARTER) {
        return starter::N_BYTES;
    }
    let files = WEIGHTS_FILES.iter().chain([&CONFIG_FILE]);
    files.filter_map(|file| fs::metadata(folder.join(file)).ok()).map(|found| found.len()).sum()
}

/// Notes the model of a collection; the one before it can be gone back to.
pub fn remember(record: &mut Record, name: &str) -> Result<(), RecordError> {
    if let Some(before) = record.setting(SETTING)?.filter(|before| before != name) {
        record.set_setting(PREVIOUS, &before)?;
    }
    record.set_setting(SETTING, name)
}

/// The model that was used before the one of now.
pub fn previous(record: &Record) -> Result<Option<String>, RecordError> {
    record.setting(PREVIOUS)
}

/// The model that was last noted, as far as the record knows.
pub fn remembered(record: &Record) -> Result<Option<String>, RecordError> {
    record.setting(SETTING)
}

/// As [`remembered`], while another Docent may have the collection open.
pub fn remembered_at(location: &Location) -> Result<Option<String>, RecordError> {
    Record::read_setting(location, SETTING)
}

/// The model a collection uses: the one that was noted if it is still there, else its newest, else the starter.
pub fn choose(remembered: Option<String>, location: &Location) -> String {
    let there = |name: &String| name == STARTER || find(name, Some(location)).is_ok();
    let newest = || list(location).pop().map(|(name, ..)| name);
    remembered.filter(there).or_else(newest).unwrap_or_else(|| STARTER.to_owned())
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
