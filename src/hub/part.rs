//! Part: one file on its way from the Hub to its blob. What has arrived survives an interruption, also of the program.
//!
//! The bytes gather in `ETAG.incomplete`, under a lock that Python's tools respect as well; only a file whose hash is
//! right gets its name. A part that cannot become right is deleted.

use std::fs::{self, File, TryLockError};
use std::io::{Read, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::api::{self, Entry};
use super::http::{Http, Tries, Trouble};
use super::patient::Stopped;
use super::{Cache, HubError, HubId, Progress, digest};
use crate::base::fs::sync_folder;

/// While another program writes the same file.
const LOOK_AGAIN: Duration = Duration::from_millis(250);

impl From<Stopped> for HubError {
    fn from(_: Stopped) -> Self {
        Self::Stopped
    }
}

/// A file of a model at one commit.
pub(super) struct Part<'a> {
    pub(super) http: &'a Http<'a>,
    pub(super) cache: &'a Cache,
    pub(super) id: &'a HubId,
    pub(super) commit: &'a str,
    pub(super) file: &'a str,
}

impl Part<'_> {
    /// Brings the file into the snapshot; answers its length and how many bytes came over the network.
    pub(super) fn bring(&self) -> Result<(u64, u64), HubError> {
        let entry = api::entry(self.http, self.id, self.commit, self.file)?;
        let blob = self.cache.blob(self.id, &entry.etag);
        let mut arrived = 0;
        if !is_whole(&blob, &entry) {
            let _lock = self.lock(&entry)?;
            // Another program may have brought it meanwhile.
            if !is_whole(&blob, &entry) {
                arrived = self.write(&entry, &blob)?;
            }
        }
        self.cache.link(self.id, self.commit, self.file, &entry.etag)?;
        let n_bytes = fs::metadata(&blob).map_err(HubError::disk(&blob))?.len();
        Ok((n_bytes, arrived))
    }

    fn lock(&self, entry: &Entry) -> Result<File, HubError> {
        let path = self.cache.lock(self.id, &entry.etag);
        create_parent(&path)?;
        let file = File::options().create(true).truncate(false).write(true).open(&path);
        let file = file.map_err(HubError::disk(&path))?;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::WouldBlock) => {
                    self.http.ear.tell(&Progress::Waiting { file: self.file.to_owned() })?;
                    self.http.ear.wait(LOOK_AGAIN)?;
                }
                Err(TryLockError::Error(error)) => {
                    tracing::warn!("this disk knows no locks: {error}\nFile: {}", path.display());
                    return Ok(file);
                }
            }
        }
    }

    fn write(&self, entry: &Entry, blob: &Path) -> Result<u64, HubError> {
        let path = blob.with_file_name(format!("{}.incomplete", entry.etag));
        create_parent(&path)?;
        let file = File::options().create(true).append(true).open(&path).map_err(HubError::disk(&path))?;
        let mut gathering = Gathering { part: self, entry, done: length(&file, &path)?, arrived: 0, file, path };
        gathering.all()?;
        gathering.check()?;
        let Gathering { path, arrived, .. } = gathering;
        let settle = || {
            fs::rename(&path, blob)?;
            blob.parent().map_or(Ok(()), sync_folder)
        };
        settle().map_err(HubError::disk(blob))?;
        Ok(arrived)
    }
}

/// The incomplete file and what is in it.
struct Gathering<'a> {
    part: &'a Part<'a>,
    entry: &'a Entry,
    file: File,
    path: PathBuf,
    /// Bytes in the file.
    done: u64,
    /// Of these, how many came over the network now.
    arrived: u64,
}

impl Gathering<'_> {
    /// Every byte, over as many connections as it takes.
    fn all(&mut self) -> Result<(), HubError> {
        let http = self.part.http;
        let mut tries = Tries::new(http);
        if self.entry.n_bytes.is_some_and(|total| self.done > total) {
            self.start_afresh()?; // Of another file, or spoilt.
        }
        loop {
            self.report()?;
            if self.entry.n_bytes == Some(self.done) {
                return Ok(());
            }
            let before = self.arrived;
            let trouble = match self.one_connection()? {
                Ok(()) if self.entry.n_bytes.is_none_or(|total| total == self.done) => return Ok(()),
                Ok(()) => Trouble::Dropped("it ended early".to_owned()),
                Err(trouble) => trouble,
            };
            if self.arrived > before {
                tries.reset();
            }
            tries.after(trouble, self.part.file).map_err(|trouble| self.explain(trouble))?;
        }
    }

    /// As much as one answer gives. The outer error is final, the inner may pass.
    fn one_connection(&mut self) -> Result<Result<(), Trouble>, HubError> {
        let Part { http, id, commit, file, .. } = *self.part;
        let answer = match http.get(&api::address_of(http, id, commit, file), self.done) {
            Ok(answer) => answer,
            Err(trouble) => return Ok(Err(trouble)),
        };
        let continues =
            answer.status == 206 && answer.header("content-range").is_some_and(|range| begins_at(range, self.done));
        if self.done > 0 && !continues {
            self.start_afresh()?;
            if answer.status != 200 {
                return Ok(Err(Trouble::Dropped("the server cannot go on in the middle".to_owned())));
            }
        }
        self.read(&mut answer.into_reader())
    }

    fn read(&mut self, reader: &mut impl Read) -> Result<Result<(), Trouble>, HubError> {
        let mut buffer = vec![0; 1 << 16];
        loop {
            let n = match reader.read(&mut buffer) {
                Ok(0) => return Ok(Ok(())),
                Ok(n) => n,
                Err(error) => return Ok(Err(self.part.http.trouble_reading(&error))),
            };
            self.file.write_all(&buffer[..n]).map_err(HubError::disk(&self.path))?;
            self.done += n as u64;
            self.arrived += n as u64;
            if let Some(expected) = self.entry.n_bytes.filter(|&total| self.done > total) {
                self.delete()?;
                return Err(HubError::TooLong { file: self.part.file.to_owned(), expected });
            }
            self.report()?;
        }
    }

    /// Compares the hash of what is on disk, whoever wrote it.
    fn check(&mut self) -> Result<(), HubError> {
        let Part { http, file, .. } = *self.part;
        self.file.sync_all().map_err(HubError::disk(&self.path))?;
        http.ear.tell(&Progress::Checking { file: file.to_owned() })?;
        let found = digest::of_file(&self.entry.etag, &self.path, &mut || http.ear.ask());
        let found = found.map_err(HubError::disk(&self.path))?;
        http.ear.tell(&Progress::Still)?;
        match found {
            Some(found) if found != self.entry.etag.to_lowercase() => {
                self.delete()?;
                Err(HubError::WrongHash { file: file.to_owned(), expected: self.entry.etag.clone(), found })
            }
            _ => Ok(()),
        }
    }

    fn start_afresh(&mut self) -> Result<(), HubError> {
        self.done = 0;
        self.file.set_len(0).map_err(HubError::disk(&self.path))
    }

    fn delete(&self) -> Result<(), HubError> {
        fs::remove_file(&self.path).map_err(HubError::disk(&self.path))
    }

    fn report(&self) -> Result<(), Stopped> {
        let (file, total) = (self.part.file.to_owned(), self.entry.n_bytes);
        self.part.http.ear.tell(&Progress::Fetching { file, done: self.done, total })
    }

    fn explain(&self, trouble: Trouble) -> HubError {
        let (file, done, total) = (self.part.file.to_owned(), self.done, self.entry.n_bytes);
        match trouble {
            Trouble::Dropped(reason) => HubError::Interrupted { file, done, total, reason },
            other => api::explain(other, self.part.http, self.part.id, self.part.file),
        }
    }
}

fn is_whole(blob: &Path, entry: &Entry) -> bool {
    fs::metadata(blob).is_ok_and(|found| found.is_file() && entry.n_bytes.is_none_or(|total| total == found.len()))
}

fn length(file: &File, path: &Path) -> Result<u64, HubError> {
    file.metadata().map(|found| found.len()).map_err(HubError::disk(path))
}

fn create_parent(path: &Path) -> Result<(), HubError> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).map_err(HubError::disk(folder))
}

/// `bytes 100-199/200` begins at 100.
fn begins_at(content_range: &str, at: u64) -> bool {
    let first = content_range.strip_prefix("bytes ").and_then(|range| range.split('-').next());
    first.and_then(|first| first.trim().parse().ok()) == Some(at)
}
