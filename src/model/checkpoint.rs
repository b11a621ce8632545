//! Checkpoint: a folder of `config.json` and `model.safetensors`, the only form in which weights leave a thread.
//!
//! Written whole or not at all; never overwritten. Floor 3.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use candle_core::Device;

use super::config::Config;
use super::networks::{Network, NetworkConfig, PadType, Params, UnknownArchitecture};
use super::weights::{self, WeightsError};
use super::weights_file::{self, Stored};
use crate::base::fs::sync_folder;
use crate::base::{Hint, hash, hint};

pub const CONFIG_FILE: &str = "config.json";
pub use super::weights_file::WEIGHTS_FILE;

#[derive(Debug, thiserror::Error)]
pub enum CheckpointError {
    #[error("cannot read the checkpoint: {source}\nFile: {}", .path.display())]
    Read { source: io::Error, path: PathBuf },
    #[error("cannot write the checkpoint: {source}\nFile: {}", .path.display())]
    Write { source: io::Error, path: PathBuf },
    #[error("there is something here already\nFile: {}", .path.display())]
    Exists { path: PathBuf },
    #[error("the configuration cannot be understood: {source}\nFile: {}", .path.display())]
    Config { source: serde_json::Error, path: PathBuf },
    #[error("the configuration asks for {what}, which cannot be computed\nFile: {}", .path.display())]
    Unsupported { what: String, path: PathBuf },
    #[error("{source}\nFile: {}", .path.display())]
    Architecture { source: UnknownArchitecture, path: PathBuf },
    #[error("{reason}\nFile: {}", .path.display())]
    Unreadable { reason: String, path: PathBuf },
    #[error("{reason}\nFile: {}", .path.display())]
    Misfit { reason: String, path: PathBuf },
    #[error("the tensors could not be used: {source}\nFile: {}", .path.display())]
    Tensor { source: candle_core::Error, path: PathBuf },
}

impl Hint for CheckpointError {
    fn hint(&self) -> Option<String> {
        let text = match self {
            Self::Read { source, path } if source.kind() == io::ErrorKind::NotFound && !path.ends_with(CONFIG_FILE) => {
                "the folder is not complete: copy or fetch the checkpoint again"
            }
            Self::Read { source, .. } if source.kind() == io::ErrorKind::NotFound => {
                "a checkpoint is a folder with config.json and model.safetensors"
            }
            Self::Read { source, .. } | Self::Write { source, .. } => return hint::for_io(source),
            Self::Exists { .. } => "choose another name; checkpoints are never overwritten",
            Self::Config { .. } => "compare it with the config.json of a checkpoint that works",
            Self::Unsupported { .. } => "use a checkpoint with three colour channels and average pooling",
            Self::Architecture { source, .. } => return source.hint(),
            Self::Unreadable { path, .. } if !path.ends_with(WEIGHTS_FILE) => {
                "if PyTorch can open it, save it again there with a version of 2020 or later"
            }
            Self::Unreadable { .. } => "the file is damaged or incomplete: copy or fetch the checkpoint again",
            Self::Misfit { .. } => "check `architecture` in config.json: these weights seem to be another network's",
            Self::Tensor { .. } => return None,
        };
        Some(text.to_owned())
    }
}

/// A checkpoint in memory.
#[derive(Debug)]
pub struct Checkpoint {
    pub config: Config,
    pub network: Network,
    /// What the user should know though it loaded, one sentence each.
    pub notices: Vec<String>,
}

impl Checkpoint {
    /// Only `config.json` of a checkpoint folder, checked for what this version can compute.
    pub fn read(folder: &Path) -> Result<Config, CheckpointError> {
        Self::config_of(&read_file(&folder.join(CONFIG_FILE))?, folder)
    }

    /// As [`Self::read`], from bytes; `folder` only names them in errors.
    pub fn config_of(json: &[u8], folder: &Path) -> Result<Config, CheckpointError> {
        let path = folder.join(CONFIG_FILE);
        let config: Config =
            serde_json::from_slice(json).map_err(|source| CheckpointError::Config { source, path: path.clone() })?;
        network_config(&config, &path)?;
        Ok(config)
    }

    /// The whole checkpoint. With `n_labels` its classifier is replaced by a fresh one if it has another size.
    ///
    /// Errors: a file is missing or damaged, or the tensors are not this network's.
    pub fn load(folder: &Path, n_labels: Option<usize>, device: &Device) -> Result<Self, CheckpointError> {
        let json = read_file(&folder.join(CONFIG_FILE))?;
        // The configuration first: its errors say more than those of weights that do not fit it.
        let config = Self::config_of(&json, folder)?;
        let path = weights_file::find(folder);
        if !path.ends_with(WEIGHTS_FILE) {
            let stored = Stored::from_pytorch(&path)
                .map_err(|reason| CheckpointError::Unreadable { reason, path: path.clone() })?;
            return Self::fit(config, stored, &path, n_labels, device);
        }
        Self::from_bytes(&json, &read_file(&path)?, folder, n_labels, device)
    }

    /// As [`Self::load`], from bytes; `folder` only names them in errors.
    pub fn from_bytes(
        json: &[u8],
        bytes: &[u8],
        folder: &Path,
        n_labels: Option<usize>,
        device: &Device,
    ) -> Result<Self, CheckpointError> {
        let config = Self::config_of(json, folder)?;
        let path = folder.join(WEIGHTS_FILE);
        let stored = Stored::from_safetensors(bytes)
            .map_err(|reason| CheckpointError::Unreadable { reason, path: path.clone() })?;
        let noted = config.docent.as_ref().and_then(|docent| docent.content_hash.clone());
        let mut checkpoint = Self::fit(config, stored, &path, n_labels, device)?;
        if noted.is_some_and(|noted| noted != hash::content(bytes)) {
            checkpoint.notices.push(format!("{WEIGHTS_FILE} was changed after {CONFIG_FILE} was written"));
        }
        Ok(checkpoint)
    }

    fn fit(
        mut config: Config,
        stored: Stored,
        path: &Path,
        n_labels: Option<usize>,
        device: &Device,
    ) -> Result<Self, CheckpointError> {
        if let Some(n_labels) = n_labels {
            config = config.with_num_classes(n_labels);
        }
        let wanted = network_config(&config, path)?;
        let fitted = weights::fit(stored, &wanted, device).map_err(|error| misfit(error, path))?;
        config.num_features = wanted.num_features();
        let tensor = |source| CheckpointError::Tensor { source, path: path.to_path_buf() };
        let network = Network::new(&wanted, fitted.params).map_err(tensor)?;
        Ok(Self { network, config, notices: fitted.notices })
    }

    /// The same backbone under the report's residual attention tail, which has learned nothing yet, as has the
    /// classifier above it. One that has a tail already is left as it is.
    pub fn with_attention(mut self, seed: u64) -> candle_core::Result<Self> {
        let wanted = self.network.config().clone().with_attention(true);
        if self.network.config().attention {
            return Ok(self);
        }
        self.network = self.network.grown(&wanted, seed)?;
        self.config.architecture = wanted.name();
        self.config.num_features = wanted.num_features();
        Ok(self)
    }

    /// Writes a new checkpoint folder: beside its place first, then renamed into it, so that no half of one is seen.
    ///
    /// Fills in `num_features` and the content hash; answers the configuration as written.
    /// Errors: something is at `folder` already, or the disk refuses; nothing is left behind then.
    pub fn write(folder: &Path, config: &Config, params: &Params) -> Result<Config, CheckpointError> {
        let at = |path: &Path| {
            let path = path.to_path_buf();
            move |source| CheckpointError::Write { source, path }
        };
        let occupied = fs::read_dir(folder).map_or(folder.exists(), |mut entries| entries.next().is_some());
        if occupied {
            return Err(CheckpointError::Exists { path: folder.to_path_buf() });
        }
        let wanted = network_config(config, &folder.join(CONFIG_FILE))?;
        let weights = weights::write(params).map_err(|error| misfit(error, &folder.join(WEIGHTS_FILE)))?;
        let mut config = config.clone();
        config.num_features = wanted.num_features();
        config.docent_mut().content_hash = Some(hash::content(&weights));
        let json = serde_json::to_vec_pretty(&config)
            .map_err(|source| CheckpointError::Config { source, path: folder.join(CONFIG_FILE) })?;
        let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty());
        let parent = parent.unwrap_or(Path::new("."));
        fs::create_dir_all(parent).map_err(at(parent))?;
        let mut builder = tempfile::Builder::new();
        let temporary = builder.prefix(".docent-").suffix(".tmp").tempdir_in(parent).map_err(at(parent))?;
        for (name, bytes) in [(WEIGHTS_FILE, &weights), (CONFIG_FILE, &json)] {
            let path = temporary.path().join(name);
            let write = || {
                let mut file = File::create(&path)?;
                file.write_all(bytes)?;
                file.sync_all()
            };
            write().map_err(at(&folder.join(name)))?;
        }
        let place = || {
            open_to_readers(temporary.path())?;
            sync_folder(temporary.path())?;
            if folder.is_dir() {
                fs::remove_dir(folder)?; // Empty: `occupied` looked.
            }
            fs::rename(temporary.path(), folder)?;
            sync_folder(parent)
        };
        place().map_err(at(folder))?;
        Ok(config)
    }
}

fn read_file(path: &Path) -> Result<Vec<u8>, CheckpointError> {
    fs::read(path).map_err(|source| CheckpointError::Read { source, path: path.to_path_buf() })
}

/// Temporary folders are private to the user; a checkpoint should be as readable as others are.
#[cfg(unix)]
fn open_to_readers(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn open_to_readers(_folder: &Path) -> io::Result<()> {
    Ok(())
}

/// The network a configuration describes; `path` is for messages.
fn network_config(config: &Config, path: &Path) -> Result<NetworkConfig, CheckpointError> {
    let unsupported = |what: String| CheckpointError::Unsupported { what, path: path.to_path_buf() };
    let wanted = NetworkConfig::from_name(&config.architecture, config.num_classes)
        .map_err(|source| CheckpointError::Architecture { source, path: path.to_path_buf() })?;
    if let Some(pool) = config.global_pool.as_ref().filter(|pool| *pool != "avg") {
        return Err(unsupported(format!("global_pool {pool:?}")));
    }
    let [channels, height, width] = config.pretrained_cfg.input_size;
    if channels != 3 || !(1..=4096).contains(&height) || !(1..=4096).contains(&width) {
        return Err(unsupported(format!("input_size {:?}", config.pretrained_cfg.input_size)));
    }
    if config.pretrained_cfg.std.iter().any(|std| !(0.0 < *std && std.is_finite())) {
        return Err(unsupported(format!("std {:?}", config.pretrained_cfg.std)));
    }
    if config.num_classes == 0 {
        return Err(unsupported("num_classes 0".to_owned()));
    }
    let pad = match config.model_args.pad_type.as_deref() {
        None | Some("") => PadType::Symmetric,
        Some("same") => PadType::Same,
        Some(other) => return Err(unsupported(format!("pad_type {other:?}"))),
    };
    let mut wanted = wanted.with_pad(pad);
    if let Some(eps) = config.model_args.bn_eps {
        wanted.norm_eps = eps;
    }
    Ok(wanted)
}

fn misfit(error: WeightsError, path: &Path) -> CheckpointError {
    let path = path.to_path_buf();
    match error {
        WeightsError::NotFinite { .. } | WeightsError::Unwritable(_) => {
            CheckpointError::Unreadable { reason: error.to_string(), path }
        }
        WeightsError::Misfit { .. } => CheckpointError::Misfit { reason: error.to_string(), path },
        WeightsError::Tensor(source) => CheckpointError::Tensor { source, path },
    }
}

#[cfg(test)]
mod formats;
#[cfg(test)]
mod tests;
