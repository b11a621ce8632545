//! Weights file: the tensors of `model.safetensors`, or of a PyTorch file where a folder has no other.
//!
//! A safetensors file is read into memory, not mapped: it may be replaced while we run. A PyTorch file is a zip of a
//! pickle, which Candle reads without running anything of it. Floor 3.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use candle_core::pickle::PthTensors;
use candle_core::safetensors::Load as _;
use candle_core::{DType, Device, Tensor};
use safetensors::SafeTensors;
use safetensors::tensor::Dtype;

pub const WEIGHTS_FILE: &str = "model.safetensors";

/// Names of PyTorch files, the Hub's first.
const PYTORCH_FILE: &str = "pytorch_model.bin";
const PYTORCH_EXTENSIONS: [&str; 3] = ["pth", "bin", "pt"];

/// Under which a training program keeps the weights beside other things, the best first.
const KEYS: [Option<&str>; 4] = [None, Some("state_dict_ema"), Some("state_dict"), Some("model")];
/// Put before every name by a training program for several cards.
const PARALLEL: &str = "module.";

/// The file with the weights of a checkpoint folder; where there is none, the one that should be there.
pub(crate) fn find(folder: &Path) -> PathBuf {
    let usual = [WEIGHTS_FILE, PYTORCH_FILE].map(|name| folder.join(name));
    if let Some(found) = usual.iter().find(|path| path.is_file()) {
        return found.clone();
    }
    let is_pytorch = |path: &PathBuf| {
        path.extension().is_some_and(|extension| PYTORCH_EXTENSIONS.iter().any(|known| extension == *known))
    };
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut others: Vec<_> = entries.map(|entry| entry.path()).filter(is_pytorch).collect();
    others.sort();
    others.into_iter().next().unwrap_or_else(|| folder.join(WEIGHTS_FILE))
}

/// Tensors by name, each to be taken once.
#[derive(Debug, Default)]
pub(crate) struct Stored {
    floats: BTreeMap<String, Tensor>,
    /// Shape and type of what holds no floating point numbers.
    odd: BTreeMap<String, (Vec<usize>, String)>,
}

impl Stored {
    /// Errors, in words: the bytes are no safetensors file.
    pub(crate) fn from_safetensors(bytes: &[u8]) -> Result<Self, String> {
        let unreadable = |error: &dyn std::fmt::Display| format!("not a readable safetensors file: {error}");
        let file = SafeTensors::deserialize(bytes).map_err(|error| unreadable(&error))?;
        let mut stored = Self::default();
        for (name, view) in file.iter() {
            if matches!(view.dtype(), Dtype::F16 | Dtype::BF16 | Dtype::F32 | Dtype::F64) {
                let tensor = view.load(&Device::Cpu).map_err(|error| unreadable(&error))?;
                stored.floats.insert(name.to_owned(), tensor);
            } else {
                stored.odd.insert(name.to_owned(), (view.shape().to_vec(), format!("{:?}", view.dtype())));
            }
        }
        Ok(stored)
    }

    /// Errors, in words: no PyTorch file, or one of before PyTorch 1.6.
    pub(crate) fn from_pytorch(path: &Path) -> Result<Self, String> {
        let unreadable = |error: candle_core::Error| {
            let reason = error.to_string();
            format!("not a readable PyTorch file: {}", reason.lines().next().unwrap_or_default())
        };
        for key in KEYS {
            let file = match PthTensors::new(path, key) {
                Ok(file) => file,
                Err(_) if key.is_some() => continue, // There is nothing under this key.
                Err(error) => return Err(unreadable(error)),
            };
            let mut stored = Self::default();
            for (name, about) in file.tensor_infos().iter().collect::<BTreeMap<_, _>>() {
                let plain = name.strip_prefix(PARALLEL).unwrap_or(name).to_owned();
                if !matches!(about.dtype, DType::F16 | DType::BF16 | DType::F32 | DType::F64) {
                    stored.odd.insert(plain, (about.layout.dims().to_vec(), format!("{:?}", about.dtype)));
                } else if let Some(tensor) = file.get(name).map_err(unreadable)? {
                    stored.floats.insert(plain, tensor);
                }
            }
            if !stored.floats.is_empty() {
                return Ok(stored);
            }
        }
        Err("not a readable PyTorch file: there are no tensors in it".to_owned())
    }

    pub(crate) fn shape(&self, name: &str) -> Option<Vec<usize>> {
        let floats = self.floats.get(name).map(|tensor| tensor.dims().to_vec());
        floats.or_else(|| self.odd.get(name).map(|(shape, _)| shape.clone()))
    }

    /// The type of a tensor that does not hold floating point numbers.
    pub(crate) fn odd_type(&self, name: &str) -> Option<&str> {
        self.odd.get(name).map(|(_, kind)| kind.as_str())
    }

    pub(crate) fn take(&mut self, name: &str) -> Option<Tensor> {
        self.floats.remove(name)
    }

    pub(crate) fn forget(&mut self, name: &str) {
        self.floats.remove(name);
        self.odd.remove(name);
    }

    pub(crate) fn insert(&mut self, name: &str, tensor: Tensor) {
        self.floats.insert(name.to_owned(), tensor);
    }

    pub(crate) fn retain(&mut self, keep: impl Fn(&str) -> bool) {
        self.floats.retain(|name, _| keep(name));
        self.odd.retain(|name, _| keep(name));
    }

    pub(crate) fn into_names(self) -> Vec<String> {
        self.floats.into_keys().chain(self.odd.into_keys()).collect()
    }
}
