//! Model: the networks that look at pictures, their weights, and what they say. Candle lives here.
//!
//! Pixels come in as bytes, already resized; embeddings and probabilities go out as floats. No files of the
//! collection, no screens, no threads. Floor 3.

pub mod checkpoint;
pub mod columns;
pub mod config;
pub mod device;
pub mod inference;
#[doc(hidden)]
pub mod measure;
pub mod networks;
mod ops;
mod precision;
#[cfg(test)]
mod reference;
pub mod starter;
mod weights;
mod weights_file;

pub use checkpoint::{Checkpoint, CheckpointError};
pub use columns::Columns;
pub use config::{Config, DocentSection, ModelArgs, PretrainedCfg, Thresholds};
pub use inference::{Tagger, TaggerError};
pub use networks::{
    Architecture, Depth, Mode, Network, NetworkConfig, PadType, Params, Stage, UnknownArchitecture, backward,
};
pub use precision::Precision;
