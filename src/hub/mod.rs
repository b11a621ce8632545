//! Hub: brings pretrained weights from the Hugging Face Hub onto this computer, and finds those that are there.
//!
//! The only code in Docent that speaks to the network, and only when somebody asked for a model by name. It sends the
//! request and nothing else. Files go into the cache that Python's `huggingface_hub` uses, so both share them.
//! Knows nothing of networks and tensors: whether a checkpoint can be computed is for `model` to say. Floor 2.
//!
//! Source: the HTTP paths and headers of the Hub and the cache layout of `huggingface_hub` 1.x (`file_download.py`).

mod api;
mod cache;
mod digest;
mod environment;
mod error;
mod fetch;
mod http;
mod id;
pub mod known;
mod licence;
mod part;
mod patient;
mod proxy;

use std::ops::ControlFlow;
use std::sync::Arc;

pub use cache::{CONFIG_FILE, Cache, WEIGHTS_FILES};
pub use environment::{Environment, Patience, Token};
pub use error::HubError;
pub use fetch::{Fetched, fetch};
pub use id::{BadId, HubId};
pub use licence::Licence;

/// How a fetch goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// The Hub is asked what the model consists of.
    Asking,
    /// Another program is fetching this file, or the connection dropped and is tried again in a moment.
    Waiting { file: String },
    /// Bytes of a file that are here, of how many; those of an earlier run count.
    Fetching { file: String, done: u64, total: Option<u64> },
    /// Every byte is here; their hash is compared with the Hub's.
    Checking { file: String },
    /// Nothing new: a chance to stop, at least twice a second.
    Still,
}

/// Hears how a fetch goes and may stop it; asked from the thread that fetches.
pub type Watch = Arc<dyn Fn(&Progress) -> ControlFlow<()> + Send + Sync>;
