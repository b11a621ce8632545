//! What the workers have to say. Closed, in the past tense, each naming what it answers.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::command::{ChartFormat, ModelName, QuestKind, Ticket, WriteNumber};
use super::problem::Problem;
use crate::base::Finding;
use crate::collection::Collection;
use crate::domain::insights::{Chart, Measure, Topic};
use crate::domain::{Annotation, AttributeId, ImageId, Proposal, Questions, Step};
use crate::hub;
use crate::imaging::{Detail, Pixels};
use crate::model::{Columns, Config};
use crate::store::origins::Origin;
use crate::store::{Conflict, Deeds, Location};
use crate::training::fine_tune::Report;
use crate::training::{Agreement, Metrics, Progress, Recipe, Unfinished};

#[derive(Debug, Clone)]
pub enum Event {
    /// `None`: the dialog was closed without a choice.
    FolderChosen {
        folder: Option<PathBuf>,
    },
    /// A list of names was chosen; `None`: the dialog was closed without a choice.
    FileChosen {
        file: Option<ChosenFile>,
    },
    /// The demo collection is in this folder now; it is opened next.
    DemoDrawn {
        folder: PathBuf,
    },
    /// Files found so far while opening a folder, or pictures drawn so far for the demo.
    Opening {
        folder: PathBuf,
        work: WorkDone,
    },
    Opened(Box<Opened>),
    OpenFailed {
        folder: PathBuf,
        problem: Problem,
    },

    ThumbnailMade {
        image: ImageId,
        thumbnail: Pixels,
    },
    /// The picture cannot be decoded; also sent when a thumbnail or a proposal met it.
    PictureFailed {
        image: ImageId,
        problem: Problem,
    },
    /// `full_size` is the picture's own width and height; `picture` may be a reduced copy of a very large one.
    PictureLoaded {
        image: ImageId,
        picture: Pixels,
        full_size: (u32, u32),
        /// What its EXIF says.
        details: Vec<Detail>,
    },

    /// What proposes from now on, such as "CPU, 2 threads"; a notice where it is not what was asked for.
    DeviceOpened {
        name: String,
        notice: Option<String>,
        /// Whether it can compute in bf16.
        has_bf16: bool,
    },
    ModelLoaded(Arc<ModelDetails>),
    ModelFailed {
        model: ModelName,
        problem: Problem,
    },
    /// Most likely first; as many as `domain::proposal::kept` keeps.
    Proposed {
        image: ImageId,
        by: ModelName,
        proposals: Arc<[Proposal]>,
    },
    /// From the decisions so far; proposals follow, those in view first.
    Learned {
        n_images: usize,
        /// Best for F2 over the images that were proposed for before they were learned from.
        threshold: f32,
    },
    /// The described images most like this one that have the tag and that have not, with their likeness, -1 to 1.
    Explained {
        image: ImageId,
        attribute: AttributeId,
        with: Option<(ImageId, f32)>,
        without: Option<(ImageId, f32)>,
    },
    /// The last word on each tag of an image, newest first.
    OriginsFound {
        image: ImageId,
        origins: Vec<Origin>,
    },
    /// How many pictures were looked at both in f32 and in the precision asked for.
    Agreeing {
        model: ModelName,
        work: WorkDone,
    },
    /// Whether the model proposes the same in the precision asked for. Where that is enough, it looks in it from now on, and
    /// what it has learned from the decisions is learned anew; else, and where it could not be measured, in f32.
    AgreementMeasured {
        model: ModelName,
        agreement: Result<Agreement, Problem>,
    },
    /// How much of the collection the model in use has looked at.
    Embedding(WorkDone),
    /// The images most alike to one, itself among them, the most alike first.
    NearestFound {
        image: ImageId,
        nearest: Vec<ImageId>,
    },

    /// Durable: survives a power cut.
    Recorded {
        number: WriteNumber,
    },
    /// `train.csv` holds everything up to this number.
    TableWritten {
        up_to: WriteNumber,
    },
    /// A table is behind: decisions are safe in the record, and the table is tried again.
    TableFailed {
        problem: Problem,
    },
    /// Not in the record. What was sent stays queued in its worker and is tried again.
    WriteFailed {
        problem: Problem,
    },

    FineTune(FineTuneProgress),
    FineTuneEnded(FineTuneOutcome),
    /// How far the scout is.
    Scouting(WorkDone),
    /// In the order in which they should be looked at.
    Scouted {
        quest: QuestKind,
        found: Vec<Questions<ImageId>>,
        /// Images that could not be considered: not looked at yet, or beyond what is compared at once.
        n_left_out: usize,
    },
    /// Images that are copies of one another, each group in the order of the collection.
    CopiesFound {
        groups: Vec<Vec<ImageId>>,
    },
    /// Without an answer: withdrawn, or for this reason.
    ScoutEnded {
        quest: QuestKind,
        problem: Option<Problem>,
    },
    /// In the order of `Topic::ALL`.
    Charted {
        charts: Arc<Vec<Chart>>,
    },
    DeedsRead {
        deeds: Result<Arc<Deeds>, Problem>,
    },
    /// How many headers were read.
    Measuring(WorkDone),
    /// By image; all of them, or those until it was stopped.
    Measured {
        sizes: Arc<[Measure]>,
        n_done: usize,
    },
    /// `None`: the dialog was closed without a choice.
    ChartFileChosen {
        topic: Topic,
        format: ChartFormat,
        path: Option<PathBuf>,
    },
    ChartWritten {
        path: PathBuf,
        /// Why not.
        problem: Option<Problem>,
    },
    RecipeSaved {
        name: String,
        recipe: Recipe,
        /// Why not.
        problem: Option<Problem>,
    },

    /// Every model from the Hub that is on this computer and can be used; replaces what was said before.
    FetchedModelsFound {
        models: Vec<FetchedModel>,
    },
    FetchProgressed {
        id: String,
        progress: hub::Progress,
    },
    FetchEnded {
        id: String,
        outcome: FetchOutcome,
    },
}

/// A file and what is in it, or why it cannot be read.
#[derive(Debug, Clone)]
pub struct ChosenFile {
    pub path: PathBuf,
    pub bytes: Result<Arc<[u8]>, Problem>,
}

/// A model from the Hub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchedModel {
    /// `owner/name`; use it by this name.
    pub name: ModelName,
    pub architecture: String,
    pub n_bytes: u64,
}

#[derive(Debug, Clone)]
pub enum FetchOutcome {
    Finished {
        /// `None`: the Hub does not say.
        licence: Option<hub::Licence>,
        notice: Option<String>,
        /// Why this Docent cannot compute it, if so.
        unusable: Option<Problem>,
    },
    /// What has arrived is kept.
    Cancelled,
    Failed {
        problem: Problem,
    },
}

#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct WorkDone {
    pub done: usize,
    /// 0 while it is not known.
    pub total: usize,
    pub per_second: f32,
}

/// A collection as it is on disk.
#[derive(Debug, Clone)]
pub struct Opened {
    pub collection: Arc<Collection>,
    /// Images with a row in `train.csv` or a decision; all others are untouched.
    pub annotations: HashMap<ImageId, Annotation>,
    /// Steps of earlier sessions, oldest first, with whether they are undone.
    pub history: Vec<(Ticket, Step, bool)>,
    /// Decisions in the record that are not undone.
    pub n_decisions: usize,
    /// With other curators, settled ones too: their steps are the tickets of `history`.
    pub conflicts: Vec<Conflict>,
    pub findings: Vec<Finding>,
    /// Where the record is kept: in the folder, or in the user's own data where the folder cannot be written.
    pub location: Location,
    /// Checkpoints of this collection and the starter, oldest first.
    pub models: Vec<Arc<ModelDetails>>,
    /// The one to use.
    pub model: ModelName,
    /// The one used before.
    pub previous_model: Option<ModelName>,
    /// Recipes saved here, by name.
    pub recipes: Vec<(String, Recipe)>,
    /// A fine-tune that was interrupted.
    pub unfinished: Option<Unfinished>,
    /// Whether this is the demo collection.
    pub demo: bool,
}

/// A model, as the screens show it.
#[derive(Debug, Clone)]
pub struct ModelDetails {
    pub name: ModelName,
    pub architecture: String,
    /// Column order of its probabilities; only labels that the collection has. Empty: it knows none of them yet.
    pub attribute_ids: Vec<AttributeId>,
    /// Best for F2 on its validation images.
    pub threshold: f32,
    pub metrics: Option<Metrics>,
    /// Of the run that made it.
    pub report: Option<Report>,
    pub recipe: Option<Recipe>,
    /// The model it was fine-tuned from.
    pub parent: Option<String>,
    pub folder: PathBuf,
    /// Milliseconds since 1970; 0 where unknown.
    pub created_millis: u64,
}

impl ModelDetails {
    pub fn new(name: ModelName, folder: PathBuf, config: &Config, columns: &Columns) -> Self {
        let docent = config.docent.as_ref();
        let threshold = docent.and_then(|docent| docent.thresholds.global).unwrap_or(0.5);
        let metrics = docent.and_then(|docent| serde_json::from_value(docent.metrics.clone()).ok());
        let report = docent.and_then(|docent| serde_json::from_value(docent.metrics.clone()).ok());
        let recipe = docent.and_then(|docent| serde_json::from_value(docent.recipe.clone()).ok());
        let parent = docent.and_then(|docent| docent.parent.clone());
        let created_millis = docent.and_then(|docent| docent.created_millis).unwrap_or(0);
        let attribute_ids = columns.attribute_ids.clone();
        let architecture = config.architecture.clone();
        let threshold = threshold as f32;
        Self { name, architecture, attribute_ids, threshold, metrics, report, recipe, parent, folder, created_millis }
    }
}

#[derive(Debug, Clone)]
pub enum FineTuneProgress {
    /// Pictures are looked at once; later runs find this in the cache.
    Embedding(WorkDone),
    Training(Progress),
}

#[derive(Debug, Clone)]
pub enum FineTuneOutcome {
    /// Written as a checkpoint folder; use it by name.
    Finished {
        model: Arc<ModelDetails>,
        seconds: f32,
    },
    Cancelled,
    Failed {
        problem: Problem,
    },
}
