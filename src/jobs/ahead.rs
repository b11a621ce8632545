//! Ahead: files are read, decoded and fitted while a network looks at the pictures before them.
//!
//! A few threads of its own read, because a file on a share keeps a thread waiting while the processor has nothing to do;
//! rayon's threads decode, so that decoding and the network share the cores. Memory is bounded by bytes, not by pictures:
//! one can have a hundred times the pixels of another. What comes first is decided by who fetches.
//!
//! Floor 5.

use std::collections::{HashMap, VecDeque};
use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use crate::imaging::{DecodeError, Decoding, Fit, decode, reduced};
use crate::training::embed::Fitted;

/// Files that are read at once: enough for a share that answers late, few enough for a disk that turns.
const READERS: usize = 4;
/// A few batches of fitted pictures.
const FILES: usize = 64;
/// Files and pixels that are decoded or about to be, in bytes.
const BYTES: u64 = 320 << 20;
/// Decodings that wait for a core, for each core: what the network does next comes right after them.
const QUEUED: usize = 2;

type Result<T> = std::result::Result<T, DecodeError>;

/// Readers at work, for as long as it lives.
pub struct Ahead {
    shared: Arc<Shared>,
}

struct Shared {
    fit: Fit,
    decoding: Decoding,
    limits: Limits,
    work: Mutex<Work>,
    /// Something has changed in `work`.
    changed: Condvar,
}

struct Limits {
    /// In work or fitted, of those that are wanted.
    files: usize,
    /// Of what is decoded or about to be; a picture that needs more is decoded alone.
    bytes: u64,
}

#[derive(Default)]
struct Work {
    /// In the order in which they will be fetched.
    wanted: VecDeque<PathBuf>,
    places: HashMap<PathBuf, Place>,
    /// Read and not fitted yet, and the bytes they need.
    n_open: usize,
    n_bytes: u64,
    /// Decodings that rayon was asked for, and those of them that have not begun.
    n_asked: usize,
    n_queued: usize,
    is_closed: bool,
}

enum Place {
    Reading,
    Read { bytes: Vec<u8>, needed: u64 },
    Decoding,
    Fitted(Box<Result<Fitted>>),
}

impl Ahead {
    /// Errors: the system gives no more threads.
    pub fn start(fit: Fit, decoding: Decoding) -> io::Result<Self> {
        Self::within(fit, decoding, Limits { files: FILES, bytes: BYTES })
    }

    fn within(fit: Fit, decoding: Decoding, limits: Limits) -> io::Result<Self> {
        let shared = Shared { fit, decoding, limits, work: Mutex::default(), changed: Condvar::new() };
        let ahead = Self { shared: Arc::new(shared) };
        for reader in 0..READERS {
            let shared = Arc::clone(&ahead.shared);
            thread::Builder::new().name(format!("docent-read-{reader}")).spawn(move || read(&shared))?;
        }
        Ok(ahead)
    }

    pub fn decoding(&self) -> Decoding {
        self.shared.decoding
    }

    /// The first of these files, fitted: `at_most` of them, or fewer where the rest waits for the disk; at least one.
    ///
    /// `files`: in the order in which they will be fetched, so that work on the others can begin. A new order replaces
    /// the one before, but what is fitted is not lost by it at once: who looks elsewhere comes back.
    pub fn fetch(&self, files: impl IntoIterator<Item = PathBuf>, at_most: usize) -> Vec<Result<Fitted>> {
        let limit = self.shared.limits.files;
        let mut work = self.shared.lock();
        work.want(files.into_iter().take(limit.max(at_most)), limit);
        self.shared.changed.notify_all();
        let asked = at_most.min(work.wanted.len());
        loop {
            let is_fitted = |path: &&PathBuf| matches!(work.places.get(*path), Some(Place::Fitted(_)));
            let n = work.wanted.iter().take(asked).take_while(is_fitted).count();
            if n == asked || n > 0 && work.n_open == 0 {
                return work.take(n);
            }
            ask(&self.shared, &mut work);
            work = self.shared.wait(work);
        }
    }
}

impl Drop for Ahead {
    fn drop(&mut self) {
        self.shared.lock().is_closed = true;
        self.shared.changed.notify_all();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Work> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, work: MutexGuard<'a, Work>) -> MutexGuard<'a, Work> {
        self.changed.wait(work).unwrap_or_else(PoisonError::into_inner)
    }

    fn fit(&self, bytes: &[u8], path: &Path) -> Result<Fitted> {
        let fitted = AssertUnwindSafe(|| Fitted::of(bytes, &self.fit, self.decoding, path));
        let gave_up = || DecodeError::Damaged { reason: "its decoder gave up".to_owned(), path: path.to_path_buf() };
        panic::catch_unwind(fitted).unwrap_or_else(|_| Err(gave_up()))
    }
}

impl Work {
    fn want(&mut self, files: impl Iterator<Item = PathBuf>, n_spare: usize) {
        self.wanted = files.collect();
        let n_places = self.places.len();
        let Self { wanted, places, n_open, n_bytes, .. } = self;
        places.retain(|path, place| {
            let stays = wanted.contains(path)
                || n_places <= wanted.len() + n_spare && !matches!(place, Place::Reading | Place::Read { .. });
            if let (false, Place::Read { needed, .. }) = (stays, place) {
                *n_open -= 1;
                *n_bytes -= *needed;
            }
            stays
        });
    }

    fn take(&mut self, n: usize) -> Vec<Result<Fitted>> {
        let fitted = |path: PathBuf| match self.places.remove(&path) {
            Some(Place::Fitted(fitted)) => Some(*fitted),
            _ => None,
        };
        self.wanted.drain(..n).filter_map(fitted).collect()
    }

    /// What came of a file, unless nobody waits for it any more, or it was read anew.
    fn put(&mut self, path: &Path, fitted: Result<Fitted>) {
        if let Some(place @ (Place::Reading | Place::Decoding)) = self.places.get_mut(path) {
            *place = Place::Fitted(Box::new(fitted));
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

    /// What to decode next; whoever gets it must say when it is done.
    fn take_read(&mut self) -> Option<(PathBuf, Vec<u8>, u64)> {
        for path in &self.wanted {
            if let Some(place @ Place::Read { .. }) = self.places.get_mut(path)
                && let Place::Read { bytes, needed } = std::mem::replace(place, Place::Decoding)
            {
                return Some((path.clone(), bytes, needed));
            }
        }
        None
    }
}

/// Asks rayon to decode what has been read. Not from its own threads, which would go on with that before anything else.
fn ask(shared: &Arc<Shared>, work: &mut Work) {
    let n_read = work.n_read();
    while work.n_queued < n_read && work.n_asked < QUEUED * rayon::current_num_threads() {
        work.n_queued += 1;
        work.n_asked += 1;
        let shared = Arc::clone(shared);
        rayon::spawn_fifo(move || decode_one(&shared));
    }
}

/// What a reader does until nobody fetches any more.
fn read(shared: &Arc<Shared>) {
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
        let pixels = bytes.as_ref().map_or(0, |bytes| reduced::n_bytes(bytes, &shared.fit, shared.decoding));
        work = shared.lock();
        match bytes {
            Ok(bytes) => {
                let needed = pixels + bytes.len() as u64;
                let is_much = |work: &Work| work.n_open > 0 && work.n_bytes + needed > shared.limits.bytes;
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

fn decode_one(shared: &Shared) {
    let mut work = shared.lock();
    work.n_queued -= 1;
    let next = if work.is_closed { None } else { work.take_read() };
    drop(work);
    let done = next.map(|(path, bytes, needed)| {
        let fitted = shared.fit(&bytes, &path);
        (path, fitted, needed)
    });
    let mut work = shared.lock();
    work.n_asked -= 1;
    if let Some((path, fitted, needed)) = done {
        work.n_open -= 1;
        work.n_bytes -= needed;
        work.put(&path, fitted);
    }
    shared.changed.notify_all();
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::imaging::{Interpolation, Preprocess};

    const FIT: Fit = Fit {
        width: 32,
        height: 32,
        preprocess: Preprocess::Padded,
        interpolation: Interpolation::Bicubic,
        crop_pct: 0.875,
    };

    /// Of colours by number, and after every fourth something that is no picture.
    fn files(folder: &Path) -> Vec<PathBuf> {
        (0..40_u8)
            .map(|n| {
                let path = folder.join(format!("{n}.png"));
                if n % 4 == 3 {
                    fs::File::create(&path).unwrap();
                } else {
                    image::RgbImage::from_pixel(50, 40, image::Rgb([n, 0, 255 - n])).save(&path).unwrap();
                }
                path
            })
            .collect()
    }

    #[test]
    fn pictures_come_in_the_order_asked_for_and_what_is_none_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let files = files(folder.path());
        // Whatever the limits: also where every picture needs more memory than there may be.
        for limits in [Limits { files: FILES, bytes: BYTES }, Limits { files: 3, bytes: 1 }] {
            let ahead = Ahead::within(FIT, Decoding::Scaled, limits).unwrap();
            let mut at = 0;
            while at < files.len() {
                let fetched = ahead.fetch(files[at..].iter().cloned(), 7);
                assert!((1..=7).contains(&fetched.len()));
                for (path, fitted) in files[at..].iter().zip(&fetched) {
                    let expected = Fitted::of(&decode::read(path).unwrap(), &FIT, Decoding::Scaled, path);
                    assert_eq!(format!("{fitted:?}"), format!("{expected:?}"));
                }
                at += fetched.len();
            }
            assert!(ahead.fetch([], 7).is_empty());
        }
    }

    #[test]
    fn another_order_replaces_the_one_before() {
        let folder = tempfile::tempdir().unwrap();
        let files = files(folder.path());
        let ahead = Ahead::within(FIT, Decoding::Scaled, Limits { files: 4, bytes: BYTES }).unwrap();
        for first in [0, 20, 10, 0, 36] {
            let fetched = ahead.fetch(files[first..].iter().cloned(), 4);
            let expected = Fitted::of(&decode::read(&files[first]).unwrap(), &FIT, Decoding::Scaled, &files[first]);
            assert_eq!(format!("{:?}", fetched[0]), format!("{expected:?}"), "{first}");
        }
        assert!(ahead.shared.lock().places.len() <= 4 + 4 + READERS, "what nobody wants is not kept for ever");
    }
}
