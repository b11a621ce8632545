//! Why a model could not be brought from the Hub, and what to do then.

use std::io;
use std::path::{Path, PathBuf};

use super::HubId;
use super::known::{self, Place};
use crate::base::{Hint, hint};

/// What always works.
const BY_HAND: &str =
    "the weights can be copied by hand: put config.json and model.safetensors into a folder and give it as --model";

#[derive(Debug, thiserror::Error)]
pub enum HubError {
    #[error("stopped; what has arrived is kept, and the next fetch goes on from there")]
    Stopped,
    #[error("HF_HUB_OFFLINE is set: {id} is not fetched")]
    OfflineMode { id: HubId },
    #[error("there is no way to {endpoint}: {reason}")]
    NoWay { endpoint: String, reason: String },
    #[error("the proxy does not let us through: {reason}")]
    Proxy { reason: String },
    #[error("the certificate of {endpoint} is not accepted: {reason}")]
    Certificate { endpoint: String, reason: String },
    #[error("there is no model {id} on {endpoint}, or it is private")]
    NotFound { id: HubId, endpoint: String },
    #[error("{id} has no revision of this name")]
    NoRevision { id: HubId },
    #[error("{id} has no {missing}")]
    NoFile { id: HubId, missing: String },
    #[error("{id} is given out only to those who accept its terms ({status})")]
    Gated { id: HubId, status: u16, endpoint: String },
    #[error("{endpoint} does not accept the token ({status})")]
    Denied { status: u16, endpoint: String },
    #[error("{endpoint} answers {status} when asked for {what}")]
    Refused { status: u16, what: String, endpoint: String },
    #[error("{endpoint} does not speak as the Hub does: {what}")]
    NotTheHub { what: String, endpoint: String },
    #[error("the connection was interrupted at {done} of {} bytes of {file}: {reason}", .total.map_or("unknown".to_owned(), |total| total.to_string()))]
    Interrupted { file: String, done: u64, total: Option<u64>, reason: String },
    #[error("{file} arrived damaged and was deleted: its hash is {found}, the Hub says {expected}")]
    WrongHash { file: String, expected: String, found: String },
    #[error("{file} is longer than the {expected} bytes that the Hub announced; it was deleted")]
    TooLong { file: String, expected: u64 },
    #[error("{source}\nFile: {}", .path.display())]
    Disk {
        #[source]
        source: io::Error,
        path: PathBuf,
    },
}

impl HubError {
    pub(super) fn disk(path: &Path) -> impl FnOnce(io::Error) -> Self + '_ {
        |source| Self::Disk { source, path: path.to_path_buf() }
    }

    /// Whether somebody asked for it.
    pub fn is_cancel(&self) -> bool {
        matches!(self, Self::Stopped)
    }

    /// Whether the network is missing, and not the model.
    pub(super) fn is_offline(&self) -> bool {
        matches!(self, Self::OfflineMode { .. } | Self::NoWay { .. } | Self::Proxy { .. })
    }
}

impl Hint for HubError {
    fn hint(&self) -> Option<String> {
        let text = match self {
            Self::Stopped => return None,
            Self::OfflineMode { .. } => format!("unset HF_HUB_OFFLINE; or {BY_HAND}"),
            Self::NoWay { .. } => format!("check the connection, and HTTPS_PROXY where there is a proxy; or {BY_HAND}"),
            Self::Proxy { .. } => format!("check HTTPS_PROXY, ALL_PROXY and NO_PROXY; or {BY_HAND}"),
            Self::Certificate { .. } => format!(
                "where the house inspects traffic, its certificate must be among the system's (or in SSL_CERT_FILE); or {BY_HAND}"
            ),
            Self::NotFound { id, .. } => match known::find(&id.to_string()).map(|known| known.place) {
                Some(Place::ByHand(how)) => how.to_owned(),
                _ => "check the spelling; docent models list names those that work; a private one needs HF_TOKEN"
                    .to_owned(),
            },
            Self::NoRevision { id } => format!("leave the part after @ away: {}", id.repository()),
            Self::NoFile { .. } => {
                "choose a model that has config.json and model.safetensors, as timm's have".to_owned()
            }
            Self::Gated { id, endpoint, .. } => format!(
                "accept the terms on {endpoint}/{}, make a token there and put it into HF_TOKEN",
                id.repository()
            ),
            Self::Denied { .. } => "make a new token, or unset HF_TOKEN for models that need none".to_owned(),
            Self::Refused { .. } => "try again later".to_owned(),
            Self::NotTheHub { .. } => {
                "check HF_ENDPOINT; a network that asks for a log-in page must be logged in to first".to_owned()
            }
            Self::Interrupted { .. } => "fetch it again: it goes on where it stopped".to_owned(),
            Self::WrongHash { .. } | Self::TooLong { .. } => {
                format!("fetch it again; if that happens twice, something changes files on their way, and {BY_HAND}")
            }
            Self::Disk { source, .. } => return hint::for_io(source),
        };
        Some(text)
    }
}
