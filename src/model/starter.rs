//! The starter: a small network that comes inside the program, trained on drawings of the demo collection.
//!
//! `assets/starter/README.md` tells the command that makes it again.

use std::path::Path;

use candle_core::Device;

use super::{Checkpoint, CheckpointError, Config};

const CONFIG: &[u8] = include_bytes!("../../assets/starter/config.json");
const WEIGHTS: &[u8] = include_bytes!("../../assets/starter/model.safetensors");

/// Of its weights.
pub const N_BYTES: u64 = WEIGHTS.len() as u64;

fn origin() -> &'static Path {
    Path::new("starter")
}

pub fn config() -> Result<Config, CheckpointError> {
    Checkpoint::config_of(CONFIG, origin())
}

/// As [`Checkpoint::load`], out of the program itself.
pub fn load(n_labels: Option<usize>, device: &Device) -> Result<Checkpoint, CheckpointError> {
    Checkpoint::from_bytes(CONFIG, WEIGHTS, origin(), n_labels, device)
}
