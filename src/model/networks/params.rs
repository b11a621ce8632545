//! Parameters: every tensor of a network under timm's name, in name order.
//!
//! Weights may be trained, buffers (running statistics) only move with the batches, frozen weights do neither.
//! The order is the names' order, so that two runs visit the same tensors in the same sequence.
//!
//! Not a file format (`weights`), not an optimizer. Floor 3.
//! Source of the names: timm 1.0's state dictionaries.

use std::collections::BTreeMap;

use candle_core::{DType, Device, Result, Tensor, Var, bail};

use super::outline::{Declared, Kind};

/// The tensors of one network. Cloning shares the storage: a clone sees every later update.
#[derive(Debug, Clone)]
pub struct Params {
    entries: BTreeMap<String, Entry>,
    device: Device,
}

#[derive(Debug, Clone)]
struct Entry {
    var: Var,
    kind: Kind,
    frozen: bool,
}

impl Params {
    /// Fresh weights, a function of `seed` and of each tensor's name alone.
    pub(crate) fn fresh(outline: &[Declared], seed: u64, device: &Device) -> Result<Self> {
        let tensors = outline
            .iter()
            .map(|declared| {
                let values = declared.draw(seed);
                let tensor = Tensor::from_vec(values, declared.shape.as_slice(), device)?;
                Ok((declared.name.clone(), tensor))
            })
            .collect::<Result<BTreeMap<_, _>>>()?;
        Self::from_tensors(outline, tensors, device)
    }

    /// Takes exactly the tensors of `outline` out of `tensors`, converted to f32.
    ///
    /// Errors: one is missing or has another shape. (For files, `weights` says so first and better.)
    pub(crate) fn from_tensors(
        outline: &[Declared],
        mut tensors: BTreeMap<String, Tensor>,
        device: &Device,
    ) -> Result<Self> {
        let mut entries = BTreeMap::new();
        for declared in outline {
            let Some(tensor) = tensors.remove(&declared.name) else { bail!("parameter {} is missing", declared.name) };
            if tensor.dims() != declared.shape {
                bail!("parameter {} is {:?}, not {:?}", declared.name, tensor.dims(), declared.shape)
            }
            let tensor = tensor.to_dtype(DType::F32)?.to_device(device)?.contiguous()?;
            let entry = Entry { var: Var::from_tensor(&tensor)?, kind: declared.kind, frozen: false };
            entries.insert(declared.name.clone(), entry);
        }
        Ok(Self { entries, device: device.clone() })
    }

    pub fn device(&self) -> &Device {
        &self.device
    }

    /// The trainable variables: weights that are not frozen, in name order.
    pub fn named_vars(&self) -> impl Iterator<Item = (&str, &Var)> {
        let trainable = |entry: &&Entry| entry.kind == Kind::Weight && !entry.frozen;
        self.entries.iter().filter(move |(_, entry)| trainable(entry)).map(|(name, entry)| (name.as_str(), &entry.var))
    }

    /// Every tensor, buffers and frozen weights included, in name order. Shares storage.
    pub fn named_tensors(&self) -> impl Iterator<Item = (&str, Tensor)> {
        self.entries.iter().map(|(name, entry)| (name.as_str(), entry.var.as_detached_tensor()))
    }

    /// One tensor by name, without gradient. Shares storage.
    pub fn get(&self, name: &str) -> Option<Tensor> {
        self.entries.get(name).map(|entry| entry.var.as_detached_tensor())
    }

    /// Overwrites one tensor in place; every clone and every network made of these sees it.
    ///
    /// Errors: no such name, or another shape.
    pub fn set(&self, name: &str, value: &Tensor) -> Result<()> {
        let Some(entry) = self.entries.get(name) else { bail!("no parameter {name}") };
        entry.var.set(&value.to_dtype(DType::F32)?.to_device(&self.device)?.contiguous()?)
    }

    /// Copies of every tensor as they are now: what a trainer keeps of its best epoch.
    pub fn snapshot(&self) -> Result<BTreeMap<String, Tensor>> {
        self.entries.iter().map(|(name, entry)| Ok((name.clone(), entry.var.as_tensor().copy()?.detach()))).collect()
    }

    /// Puts a `snapshot` back, in place.
    pub fn restore(&self, snapshot: &BTreeMap<String, Tensor>) -> Result<()> {
        snapshot.iter().try_for_each(|(name, value)| self.set(name, value))
    }

    /// Freezes every weight for which `trainable` is false.
    pub(crate) fn freeze_unless(&mut self, trainable: impl Fn(&str) -> bool) {
        for (name, entry) in &mut self.entries {
            entry.frozen = !trainable(name);
        }
    }

    /// The tensor a layer computes with: the variable itself where a gradient is wanted, else detached.
    pub(crate) fn tensor(&self, name: &str) -> Result<Tensor> {
        match self.entries.get(name) {
            None => bail!("parameter {name} is missing"),
            Some(entry) if entry.frozen || entry.kind == Kind::Buffer => Ok(entry.var.as_detached_tensor()),
            Some(entry) => Ok(entry.var.as_tensor().clone()),
        }
    }

    /// The variable of a buffer, to be moved by batch norm.
    pub(crate) fn buffer(&self, name: &str) -> Result<Var> {
        match self.entries.get(name) {
            None => bail!("buffer {name} is missing"),
            Some(entry) => Ok(entry.var.clone()),
        }
    }
}
