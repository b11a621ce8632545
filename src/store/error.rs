//! Why a record cannot be opened, read or written.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use crate::base::{Hint, hint};

#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    #[error("another Docent has this collection open\nFile: {}", .path.display())]
    InUse { path: PathBuf },
    #[error("the record has version {found}, this Docent knows versions up to {known}\nFile: {}", .path.display())]
    Newer { found: i64, known: i64, path: PathBuf },
    #[error("the record is damaged ({reason}); it was left as it is\nFile: {}", .path.display())]
    Damaged { reason: String, path: PathBuf },
    #[error("the record has no step {step}\nFile: {}", .path.display())]
    NoSuchStep { step: i64, path: PathBuf },
    #[error("the record cannot be used: {source}\nFile: {}", .path.display())]
    Database {
        #[source]
        source: rusqlite::Error,
        path: PathBuf,
    },
    #[error("{source}\nFile: {}", .path.display())]
    Io {
        #[source]
        source: io::Error,
        path: PathBuf,
    },
}

impl RecordError {
    pub(super) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self + '_ {
        |source| Self::Io { source, path: path.to_path_buf() }
    }

    /// Tells a damaged file from every other trouble with the database.
    pub(super) fn database(path: &Path) -> impl Fn(rusqlite::Error) -> Self + '_ {
        |source| {
            let path = path.to_path_buf();
            if is_damage(&source) {
                let reason = source.to_string();
                Self::Damaged { reason, path }
            } else {
                Self::Database { source, path }
            }
        }
    }
}

pub(super) fn is_damage(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt))
}

impl Hint for RecordError {
    fn hint(&self) -> Option<String> {
        let text = match self {
            Self::InUse { .. } => "close the other window, or wait until it has ended",
            Self::Newer { .. } => "open the collection with the newer Docent that wrote it",
            Self::Damaged { .. } => {
                "put back docent.db from a backup, or move it away to start a new record; train.csv keeps what was written"
            }
            Self::NoSuchStep { .. } => return None,
            Self::Io { source, .. } => return hint::for_io(source),
            Self::Database { source, .. } => match source.sqlite_error_code()? {
                ErrorCode::DiskFull => "free some space on this disk, then try again",
                ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen => {
                    "check the permissions of the file and of its folder"
                }
                ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => {
                    "close the program that has the file open, then try again"
                }
                ErrorCode::SystemIoFailure => "check that the disk is connected and has free space",
                _ => return None,
            },
        };
        Some(text.to_owned())
    }
}
