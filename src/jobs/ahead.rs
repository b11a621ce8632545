//! Ahead: files are read, decoded and made ready while somebody is at work on those before them: a network that looks at
//! pictures, or the window that gets thumbnails.
//!
//! A few threads of its own read, because a file on a share keeps a thread waiting while the processor has nothing to do;
//! rayon's threads decode, so that decoding and the network share the cores. Memory is bounded by bytes, not by pictures:
//! one can have a hundred times the pixels of another. What comes first is decided by who fetches.
//!
//! Floor 5.

use std::collections::{HashMap, HashSet, VecDeque};
use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use rayon::ThreadPool;

use crate::imaging::{DecodeError, decode, reduced};
use crate::training::embed::{Fitted, FittedSource, Fitting};

/// Files that are read at once: enough for a share that answers late, few enough for a disk that turns.
const READERS: usize = 4;
/// A few batches of fitted pictures.
const FILES: usize = 64;
/// Files and pixels that are decoded or about to be, in bytes.
const BYTES: u64 = 320 << 20;
/// Decodings that wait for a core, for each core: what the network does next comes right after them.
const QUEUED: usize = 2;

type Result<T> = std::result::Result<T, DecodeError>;

/// What files are made into.
pub trait Make: Send + Sync + 'static {
    type Made: Send;

    /// About how many bytes that takes beside those of the file.
    fn n_bytes(&self, bytes: &[u8]) -> u64;

    /// `path` only names the file in errors.
    fn make(&self, bytes: &[u8], path: &Path) -> Result<Self::Made>;
}

/// Readers at work, for as long as it lives.
pub(super) struct Ahead<M: Make> {
    shared: Arc<Shared<M>>,
}

struct Shared<M: Make> {
    make: M,
    /// Where it is made; `None`: on rayon's threads.
    pool: Option<Arc<ThreadPool>>,
    limits: Limits,
    work: Mutex<Work<M::Made>>,
    /// Something has changed in `work`.
    changed: Condvar,
}

struct Limits {
    /// In work or made, of those that are wanted.
    files: usize,
    /// Of what is decoded or about to be; a picture that needs more is decoded alone.
    bytes: u64,
}

struct Work<T> {
    /// In the order in which they will be fetched.
    wanted: VecDeque<PathBuf>,
    places: HashMap<PathBuf, Place<T>>,
    /// Read and not made yet, and the bytes they need.
    n_open: usize,
    n_bytes: u64,
    /// Tasks that rayon was asked for, and those of them that have not begun.
    n_asked: usize,
    n_queued: usize,
    is_closed: bool,
}

enum Place<T> {
    Reading,
    Read { bytes: Vec<u8>, needed: u64 },
    Making,
    Made(Box<Result<T>>),
}

/// Pictures for a network, on rayon's threads.
///
/// Errors: the system gives no more threads.
pub fn open(fitting: Fitting) -> io::Result<Box<dyn FittedSource>> {
    Ok(Box::new(Ahead::start(fitting, FILES, None)?))
}

impl Make for Fitting {
    type Made = Fitted;

    fn n_bytes(&self, bytes: &[u8]) -> u64 {
        reduced::n_bytes(bytes, &self.fit, self.decoding)
    }

    fn make(&self, bytes: &[u8], path: &Path) -> Result<Fitted> {
        self.apply(bytes, path)
    }
}

impl FittedSource for Ahead<Fitting> {
    fn fetch(&self, files: &mut dyn Iterator<Item = PathBuf>, at_most: usize) -> Vec<Result<Fitted>> {
        Self::fetch(self, files, at_most)
    }
}

impl<M: Make> Ahead<M> {
    /// `n_files`: so far ahead. `pool`: where it is made; `None`: on rayon's threads.
    ///
    /// Errors: the system gives no more threads.
    pub(super) fn start(make: M, n_files: usize, pool: Option<Arc<ThreadPool>>) -> io::Result<Self> {
        Self::within(Limits { files: n_files, bytes: BYTES }, make, pool)
    }

    fn within(limits: Limits, make: M, pool: Option<Arc<ThreadPool>>) -> io::Result<Self> {
        let shared = Shared { make, pool, limits, work: Mutex::default(), changed: Condvar::new() };
        let ahead = Self { shared: Arc::new(shared) };
        for reader in 0..READERS {
            let shared = Arc::clone(&ahead.shared);
            thread::Builder::new().name(format!("docent-read-{reader}")).spawn(move || read(&shared))?;
        }
        Ok(ahead)
    }

    /// Work on these files begins, in the order in which they will be fetched. A new order replaces the one before, but
    /// what is made is not lost by it at once: who looks elsewhere comes back.
    pub(super) fn want(&self, files: impl IntoIterator<Item = PathBuf>) {
        let limit = self.shared.limits.files;
        self.shared.lock().want(files.into_iter().take(limit), limit);
        self.shared.changed.notify_all();
    }

    /// What the first of these files are made into: `at_most` of them, or fewer where the rest waits for the disk, or where
    /// a file comes a second time; at least one. The others are wanted next.
    pub(super) fn fetch(&self, files: impl IntoIterator<Item = PathBuf>, at_most: usize) -> Vec<Result<M::Made>> {
        let limit = self.shared.limits.files;
        let mut work = self.shared.lock();
        work.want(files.into_iter().take(limit.max(at_most)), limit);
        self.shared.changed.notify_all();
        let mut seen = HashSet::new();
        let asked = work.wanted.iter().take(at_most).take_while(|path| seen.insert(*path)).count();
        loop {
            let is_made = |path: &&PathBuf| matches!(work.places.get(*path), Some(Place::Made(_)));
            let n = work.wanted.iter().take(asked).take_while(is_made).count();
            if n == asked || n > 0 && work.n_open == 0 {
                return work.take(n);
            }
            ask(&self.shared, &mut work);
            work = self.shared.wait(work);
        }
    }
}

impl<M: Make> Drop for Ahead<M> {
    fn drop(&mut self) {
        self.shared.lock().is_closed = true;
        self.shared.changed.notify_all();
    }
}

impl<M: Make> Shared<M> {
    fn lock(&self) -> MutexGuard<'_, Work<M::Made>> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, work: MutexGuard<'a, Work<M::Made>>) -> MutexGuard<'a, Work<M::Made>> {
        self.changed.wait(work).unwrap_or_else(PoisonError::into_inner)
    }

    fn make(&self, bytes: &[u8], path: &Path) -> Result<M::Made> {
        let made = AssertUnwindSafe(|| self.make.make(bytes, path));
        let gave_up = || DecodeError::Damaged { reason: "its decoder gave up".to_owned(), path: path.to_path_buf() };
        panic::catch_unwind(made).unwrap_or_else(|_| Err(gave_up()))
    }

    fn n_threads(&self) -> usize {
        self.pool.as_ref().map_or_else(rayon::current_num_threads, |pool| pool.current_num_threads())
    }

    fn spawn(&self, task: impl FnOnce() + Send + 'static) {
        match &self.pool {
            Some(pool) => pool.spawn_fifo(task),
            None => rayon::spawn_fifo(task),
        }
    }
}

impl<T> Default for Work<T> {
    fn default() -> Self {
        Self {
            wanted: VecDeque::new(),
            places: HashMap::new(),
            n_open: 0,
            n_bytes: 0,
            n_asked: 0,
            n_queued: 0,
            is_closed: false,
        }
    }
}

impl<T> Work<T> {
    fn want(&mut self, files: impl Iterator<Item = PathBuf>, n_spare: usize) {
        self.wanted = files.collect();
        let n_places = self.places.len();
        let Self { wanted, places, n_open, n_bytes, .. } = self;
        let is_wanted: HashSet<&PathBuf> = wanted.iter().collect();
        places.retain(|path, place| {
            let stays = is_wanted.contains(path)
                || n_places <= wanted.len() + n_spare && !matches!(place, Place::Reading | Place::Read { .. });
            if let (false, Place::Read { needed, .. }) = (stays, place) {
                *n_open -= 1;
                *n_bytes -= *needed;
            }
            stays
        });
    }

    fn take(&mut self, n: usize) -> Vec<Result<T>> {
        let made = |path: PathBuf| match self.places.remove(&path) {
            Some(Place::Made(made)) => Some(*made),
            _ => None,
        };
        self.wanted.drain(..n).filter_map(made).collect()
    }

    /// What came of a file, unless nobody waits for it any more, or it was read anew.
    fn put(&mut self, path: &Path, made: Result<T>) {
        if let Some(place @ (Place::Reading | Place::Making)) = self.places.get_mut(path) {
            *place = Place::Made(Box::new(made));
        }
    }

    /// Whether somebody waits for the bytes of a file, and nobody else has read it.
    fn awaits(&self, path: &Path) -> bool {
        matches!(self.places.get(path), Some(Place::Reading))
    }

    /// What to read next.
    fn to_read(&self) -> Option<PathBuf> {
        self.wanted.iter().find(|path| !self.places.contains_key(*path)).cloned()
    }

    fn n_read(&self) -> usize {
        let is_read = |path: &&PathBuf| matches!(self.places.get(*path), Some(Place::Read { .. }));
        self.wanted.iter().filter(is_read).count()
    }

    /// What to make next; whoever gets it must say when it is done.
    fn take_read(&mut self) -> Option<(PathBuf, Vec<u8>, u64)> {
        for path in &self.wanted {
            if let Some(place @ Place::Read { .. }) = self.places.get_mut(path)
                && let Place::Read { bytes, needed } = std::mem::replace(place, Place::Making)
            {
                return Some((path.clone(), bytes, needed));
            }
        }
        None
    }
}

/// Asks rayon to make something of what has been read. Not from its own threads, which would go on with that before anything else.
fn ask<M: Make>(shared: &Arc<Shared<M>>, work: &mut Work<M::Made>) {
    let n_read = work.n_read();
    while work.n_queued < n_read && work.n_asked < QUEUED * shared.n_threads() {
        work.n_queued += 1;
        work.n_asked += 1;
        let task = Arc::clone(shared);
        shared.spawn(move || make_one(&task));
    }
}

/// What a reader does until nobody fetches any more.
fn read<M: Make>(shared: &Arc<Shared<M>>) {
    let mut work = shared.lock();
    while !work.is_closed {
        ask(shared, &mut work);
        let Some(path) = work.to_read() else {
            work = shared.wait(work);
            continue;
        };
        work.places.insert(path.clone(), Place::Reading);
        drop(work);
        let bytes = decode::read(&path);
        let pixels = bytes.as_ref().map_or(0, |bytes| shared.make.n_bytes(bytes));
        work = shared.lock();
        match bytes {
            Ok(bytes) => {
                let needed = pixels + bytes.len() as u64;
                let is_much = |work: &Work<M::Made>| work.n_open > 0 && work.n_bytes + needed > shared.limits.bytes;
                while !work.is_closed && work.awaits(&path) && is_much(&work) {
                    ask(shared, &mut work);
                    work = shared.wait(work);
                }
                if work.awaits(&path) {
                    work.n_open += 1;
                    work.n_bytes += needed;
                    work.places.insert(path, Place::Read { bytes, needed });
                }
            }
            Err(error) => {
                work.put(&path, Err(error));
                shared.changed.notify_all();
            }
        }
    }
}

fn make_one<M: Make>(shared: &Shared<M>) {
    let mut work = shared.lock();
    work.n_queued -= 1;
    let next = if work.is_closed { None } else { work.take_read() };
    drop(work);
    let done = next.map(|(path, bytes, needed)| {
        let made = shared.make(&bytes, &path);
        (path, made, needed)
    });
    let mut work = shared.lock();
    work.n_asked -= 1;
    if let Some((path, made, needed)) = done {
        work.n_open -= 1;
        work.n_bytes -= needed;
        work.put(&path, made);
    }
    shared.changed.notify_all();
}

#[cfg(test)]
mod tests;
