//! An unfinished run on disk: what it learns, from what, and how far it is, so that a power cut costs minutes.
//!
//! One safetensors file, replaced whole: tensors of the weights, of the best epoch and of the optimizer, and everything
//! else as JSON in the file's metadata. Its data are the annotations as they were when the run began, so that a run
//! continued learns what it would have learned. Floor 4.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File, TryLockError};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use candle_core::{Device, Tensor};
use serde::{Deserialize, Serialize};

use super::epochs::{Best, Judged, Standing, Tensors};
use super::observer::Validation;
use super::optimizer;
use super::recipe::Recipe;
use crate::base::fs::replace_atomic;
use crate::base::{Hint, hint};
use crate::domain::AttributeId;
use crate::domain::f_beta::Truth;
use crate::domain::fold::Fold;
use crate::store::Location;

/// Between two savings, usually.
pub const EVERY: Duration = Duration::from_secs(120);
/// Names the JSON in the file's metadata.
const ABOUT: &str = "docent";
/// Raised when the file's meaning changes: a run of another version is not continued.
const VERSION: u32 = 1;
/// Longer headers are no headers.
const MOST_HEADER: u64 = 1 << 30;

/// What a run learns, and from what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Work {
    pub recipe: Recipe,
    /// The model it began with, by name; an architecture where it began with random weights.
    pub from: String,
    /// Side of the input of random weights.
    pub side: Option<u32>,
    /// The name asked for the checkpoint.
    pub out: Option<String>,
    /// Columns, in order.
    pub attributes: Vec<u32>,
    pub described: Vec<Described>,
    /// Made in this program, on these images.
    #[serde(default)]
    pub n_decisions: usize,
    /// Positions among the described images, ascending.
    pub train: Vec<usize>,
    pub validation: Vec<usize>,
}

/// What was known of one image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Described {
    pub id: String,
    /// Positions among the attributes.
    pub present: Vec<u32>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub absent: Vec<u32>,
    /// All others count as absent.
    pub reviewed: bool,
}

impl Described {
    pub(crate) fn new(id: &str, row: &[Truth]) -> Self {
        let positions = |wanted: Truth| {
            let hits = row.iter().enumerate().filter(move |(_, known)| **known == wanted);
            hits.map(|(position, _)| position as u32).collect()
        };
        Self {
            id: id.to_owned(),
            present: positions(Truth::Present),
            absent: positions(Truth::Absent),
            reviewed: row.contains(&Truth::Implied),
        }
    }

    /// `n_labels` cells.
    pub(crate) fn row(&self, n_labels: usize) -> Vec<Truth> {
        let mut row = vec![if self.reviewed { Truth::Implied } else { Truth::Unjudged }; n_labels];
        for (positions, known) in [(&self.present, Truth::Present), (&self.absent, Truth::Absent)] {
            for &position in positions {
                if let Some(cell) = row.get_mut(position as usize) {
                    *cell = known;
                }
            }
        }
        row
    }
}

impl Work {
    pub fn attribute_ids(&self) -> Vec<AttributeId> {
        self.attributes.iter().copied().map(AttributeId).collect()
    }
}

/// How far a run is.
#[derive(Debug, Default)]
pub(crate) struct Saved {
    pub(crate) standing: Standing,
    pub(crate) weights: Tensors,
    pub(crate) optimizer: optimizer::State,
    pub(crate) best: Option<Best>,
}

#[derive(Debug, thiserror::Error)]
pub enum UnfinishedError {
    #[error("the unfinished run cannot be read: {source}\nFile: {}", .path.display())]
    Read { source: io::Error, path: PathBuf },
    #[error("the unfinished run cannot be understood: {reason}\nFile: {}", .path.display())]
    Damaged { reason: String, path: PathBuf },
    #[error("no run was interrupted here")]
    None,
    #[error("another Docent is training on this collection")]
    Busy,
}

impl Hint for UnfinishedError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::Read { source, .. } => hint::for_io(source),
            Self::Damaged { .. } => Some("start the fine-tune anew; it replaces the file".to_owned()),
            Self::None => Some("leave out --resume to start a fine-tune".to_owned()),
            Self::Busy => Some("wait until it has ended, or stop it".to_owned()),
        }
    }
}

/// Everything but the tensors.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct About {
    version: u32,
    work: Work,
    standing: Standing,
    optimizer_steps: u64,
    best: Option<Validation>,
    best_loss: f64,
    best_images: Vec<usize>,
}

/// In one look, for the screen.
#[derive(Debug, Clone, PartialEq)]
pub struct Unfinished {
    pub recipe: Recipe,
    /// The model it began with.
    pub from: String,
    /// The name asked for its checkpoint.
    pub out: Option<String>,
    pub n_images: usize,
    /// At work when it ended, from 1; 0: before the first.
    pub epoch: usize,
    /// Computed so far.
    pub seconds: f64,
}

/// Where a collection's unfinished run is kept.
pub fn path(location: &Location) -> PathBuf {
    location.folder().join("unfinished.safetensors")
}

/// The run that was interrupted here, if there is one that this version can go on with.
pub fn find(location: &Location) -> Result<Unfinished, UnfinishedError> {
    let path = path(location);
    if path.exists() {
        lock(location)?;
    }
    let about = read_about(&path)?;
    Ok(Unfinished {
        n_images: about.work.described.len(),
        recipe: about.work.recipe,
        from: about.work.from,
        out: about.work.out,
        epoch: about.standing.epoch,
        seconds: about.standing.seconds,
    })
}

/// Holds the place of a collection's run as long as the file is open.
///
/// Errors: another program, or another run, holds it.
fn lock(location: &Location) -> Result<Option<File>, UnfinishedError> {
    let path = location.folder().join("training.lock");
    match File::options().create(true).append(true).open(&path) {
        Ok(file) => match file.try_lock() {
            Err(TryLockError::WouldBlock) => Err(UnfinishedError::Busy),
            // A file system without locks has room for one careful user.
            Ok(()) | Err(TryLockError::Error(_)) => Ok(Some(file)),
        },
        Err(_) => Ok(None), // The run's own file will say why it cannot be written.
    }
}

/// Forgets it, unless it goes on just now. A file that cannot be removed is replaced by the next run.
pub fn discard(location: &Location) {
    if lock(location).is_ok() {
        remove(&path(location));
    }
}

fn remove(path: &Path) {
    if let Err(error) = fs::remove_file(path)
        && error.kind() != io::ErrorKind::NotFound
    {
        tracing::warn!("the unfinished run stays: {error}");
    }
}

fn read_about(path: &Path) -> Result<About, UnfinishedError> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(UnfinishedError::None),
        Err(source) => return Err(UnfinishedError::Read { source, path: path.to_path_buf() }),
    };
    let mut header = || {
        let mut length = [0; 8];
        file.read_exact(&mut length)?;
        let mut header = Vec::new();
        file.by_ref().take(u64::from_le_bytes(length).min(MOST_HEADER)).read_to_end(&mut header)?;
        Ok(header)
    };
    let header = header().map_err(|source| UnfinishedError::Read { source, path: path.to_path_buf() })?;
    about_of(&header).map_err(|reason| UnfinishedError::Damaged { reason, path: path.to_path_buf() })
}

fn about_of(header: &[u8]) -> Result<About, String> {
    #[derive(Deserialize)]
    struct Header {
        #[serde(rename = "__metadata__")]
        metadata: HashMap<String, String>,
    }
    let header: Header = serde_json::from_slice(header).map_err(|error| error.to_string())?;
    let about = header.metadata.get(ABOUT).ok_or("it says nothing of a run")?;
    let about: About = serde_json::from_str(about).map_err(|error| error.to_string())?;
    if about.version != VERSION {
        return Err(format!("it is of version {}, this program writes {VERSION}", about.version));
    }
    Ok(about)
}

/// The only one of a collection.
#[derive(Debug)]
struct Place {
    _lock: Option<File>,
}

/// Keeps one run on disk while it goes on.
#[derive(Debug)]
pub struct Keeper {
    path: PathBuf,
    /// `None`: another run has the place, and this one is not kept.
    place: Option<Place>,
    every: Duration,
    last: Instant,
    work: Work,
    saved: Option<Saved>,
}

impl Keeper {
    /// Of a run that begins. The folds of `work` are still empty.
    pub fn new(location: &Location, work: Work, every: Duration) -> Self {
        let place = lock(location).map_or_else(
            |busy| {
                tracing::warn!("{busy}: this run cannot be resumed if it is interrupted");
                None
            },
            |lock| Some(Place { _lock: lock }),
        );
        Self { path: path(location), place, every, last: Instant::now(), work, saved: None }
    }

    /// Of the run that was interrupted.
    pub fn resuming(location: &Location, every: Duration) -> Result<Self, UnfinishedError> {
        let path = path(location);
        let place = Some(Place { _lock: lock(location)? });
        let about = read_about(&path)?;
        let damaged = |reason: String| UnfinishedError::Damaged { reason, path: path.clone() };
        let all = candle_core::safetensors::load(&path, &Device::Cpu).map_err(|error| damaged(error.to_string()))?;
        let part = |prefix: &str| -> BTreeMap<String, Tensor> {
            let named =
                all.iter().filter_map(|(name, tensor)| Some((name.strip_prefix(prefix)?.to_owned(), tensor.clone())));
            named.collect()
        };
        let best = match about.best {
            None => None,
            Some(validation) => {
                let probabilities = all.get("judged").map(Tensor::to_vec1::<f32>).transpose();
                let probabilities = probabilities.map_err(|error| damaged(error.to_string()))?;
                let judged = Judged {
                    loss: about.best_loss,
                    images: about.best_images.clone(),
                    probabilities: probabilities.unwrap_or_default(),
                };
                Some(Best { validation, judged, weights: part("best/") })
            }
        };
        let optimizer = optimizer::State { steps: about.optimizer_steps, moments: part("moments/") };
        let weights = part("weights/");
        // Interrupted before the first saving: only the work is known.
        let saved = (!weights.is_empty()).then(|| Saved { standing: about.standing, weights, optimizer, best });
        Ok(Self { path, place, every, last: Instant::now(), work: about.work, saved })
    }

    /// What the run is about.
    pub fn work(&self) -> &Work {
        &self.work
    }

    /// The split of the run that was interrupted.
    pub(crate) fn fold(&self) -> Option<Fold> {
        let Work { train, validation, .. } = &self.work;
        (!train.is_empty()).then(|| Fold { train: train.clone(), validation: validation.clone() })
    }

    /// Notes the split, and keeps what the run is about at once.
    pub(crate) fn begin(&mut self, fold: &Fold) {
        (self.work.train, self.work.validation) = (fold.train.clone(), fold.validation.clone());
        self.note();
    }

    /// Keeps what the run is about: nothing is learned yet.
    pub(crate) fn note(&mut self) {
        self.keep(&Standing::default(), &Tensors::new(), &optimizer::State::default(), None);
    }

    /// Whether there are weights to go on with.
    pub(crate) fn has_weights(&self) -> bool {
        self.saved.is_some()
    }

    /// The run is over.
    pub(crate) fn discard(&self) {
        if self.place.is_some() {
            remove(&self.path);
        }
    }

    pub(crate) fn take_saved(&mut self) -> Option<Saved> {
        self.saved.take()
    }

    pub(crate) fn is_due(&self) -> bool {
        self.every <= self.last.elapsed()
    }

    /// Replaces the file. A disk that refuses does not end the run: it only cannot be continued then.
    pub(crate) fn keep(
        &mut self,
        standing: &Standing,
        weights: &Tensors,
        optimizer: &optimizer::State,
        best: Option<&Best>,
    ) {
        self.last = Instant::now();
        if self.place.is_none() {
            return;
        }
        let about = About {
            version: VERSION,
            work: self.work.clone(),
            standing: standing.clone(),
            optimizer_steps: optimizer.steps,
            best: best.map(|best| best.validation),
            best_loss: best.map_or(0.0, |best| best.judged.loss),
            best_images: best.map(|best| best.judged.images.clone()).unwrap_or_default(),
        };
        if let Err(reason) = self.write(&about, weights, &optimizer.moments, best) {
            tracing::warn!("the run cannot be kept: {reason}\nFile: {}", self.path.display());
        }
    }

    fn write(&self, about: &About, weights: &Tensors, moments: &Tensors, best: Option<&Best>) -> Result<(), String> {
        let words = |error: &dyn std::fmt::Display| error.to_string();
        let about = serde_json::to_string(about).map_err(|error| words(&error))?;
        let mut all: BTreeMap<String, Tensor> = BTreeMap::new();
        let mut put = |prefix: &str, tensors: &Tensors| {
            all.extend(tensors.iter().map(|(name, tensor)| (format!("{prefix}{name}"), tensor.clone())));
        };
        put("weights/", weights);
        put("moments/", moments);
        if let Some(best) = best {
            put("best/", &best.weights);
            let probabilities = best.judged.probabilities.clone();
            let n = probabilities.len();
            let judged = Tensor::from_vec(probabilities, n, &Device::Cpu).map_err(|error| words(&error))?;
            all.insert("judged".to_owned(), judged);
        }
        let metadata = HashMap::from([(ABOUT.to_owned(), about)]);
        replace_atomic(&self.path, |temporary| {
            safetensors::serialize_to_file(&all, Some(metadata), temporary).map_err(io::Error::other)
        })
        .map_err(|error| words(&error))
    }
}
