//! What the screens can ask of the workers. Closed, in the imperative.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::ModelDetails;
use crate::collection::Collection;
use crate::domain::insights::{Chart, Collected, Measure, Open, Topic};
use crate::domain::{Annotation, AttributeId, ImageId, Proposal, Step, Vocabulary};
use crate::model::Precision;
use crate::model::device::Choice;
use crate::store::Deeds;
use crate::training::Recipe;
use crate::training::survey::Worth;

/// Names a step of this session and of the record: undo and redo refer to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ticket(pub u64);

/// Counts what was handed to the record, from 1, so that the screen can say how much of it is on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WriteNumber(pub u64);

/// The name of a checkpoint of the collection, `starter`, a folder, or `owner/name` of a fetched model.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ModelName(pub String);

#[derive(Debug, Clone)]
pub enum Command {
    /// Show the system's folder dialog; answered by `Event::FolderChosen`.
    AskFolder,
    /// Show the system's dialog for a file and read it; answered by `Event::FileChosen`.
    AskFile,
    /// Close what is open and open this folder.
    Open {
        folder: PathBuf,
    },
    /// Draw the demo collection where it is not there yet, and open it.
    OpenDemo,
    /// Close what is open; everything sent to the record before is written first.
    Close,
    /// Thumbnails for the images in view, nearest first. The new list replaces the old.
    ShowThumbnails {
        wanted: Vec<ImageId>,
    },
    /// The whole picture of an image, and those to have ready next.
    ShowPicture {
        image: ImageId,
        ahead: Vec<ImageId>,
    },
    /// Proposals for these images first, then for all others. The new list replaces the old.
    Propose {
        wanted: Vec<ImageId>,
    },
    /// Compare an image with all others by what the model in use sees in them; answered by `Event::NearestFound`, unless
    /// nobody has looked at it yet. A new one replaces the old.
    FindNearest {
        image: ImageId,
    },
    /// Let this model propose from now on.
    UseModel {
        model: ModelName,
    },
    /// Compute on this device from now on; answered by `Event::DeviceOpened`. A fine-tune that runs stays where it is.
    UseDevice {
        device: Choice,
    },
    /// Look at pictures in this precision from now on where the device has it and the proposals of the model in use stay the
    /// same, which is measured first for every model and collection; answered by `Event::AgreementMeasured`. A fine-tune
    /// looks in f32.
    UsePrecision {
        precision: Precision,
    },
    /// Sign what is recorded with this name from now on.
    SignAs {
        who: String,
    },
    /// Put something into the record; answered by `Event::Recorded` with the same number.
    Record {
        number: WriteNumber,
        change: RecordChange,
    },
    /// What holds for these images now, to be learned from at once; answered by `Event::Learned` and new proposals.
    Learn {
        changed: Vec<(ImageId, Annotation)>,
    },
    /// Which described images are most like this one, with the tag and without; answered by `Event::Explained` where the
    /// model has looked at it.
    Explain {
        image: ImageId,
        attribute: AttributeId,
    },
    /// The vocabulary was edited: labels that are not offered any more are neither proposed nor learned.
    UseVocabulary {
        vocabulary: Arc<Vocabulary>,
    },
    /// Learn nothing from decisions until told to go on; what was decided meanwhile is learned then.
    PauseLearning(bool),
    /// One runs and the newest waits; answered by `Event::FineTuneEnded`.
    FineTune(Box<FineTuneSpec>),
    /// Go on with the run that was interrupted in the open collection; answered in the same way.
    ResumeFineTune,
    /// Hold the run at hand, or let it go on.
    PauseFineTune(bool),
    /// End and forget the run at hand and the one that waits.
    StopFineTune,
    /// Forget the run that was interrupted.
    DiscardUnfinished,
    /// Keep a recipe under a name; answered by `Event::RecipeSaved`.
    SaveRecipe {
        name: String,
        recipe: Recipe,
    },
    /// Look through the collection for what is worth a look; answered by `Event::Scouted` or `Event::ScoutEnded`. A new
    /// wish replaces the one at hand.
    Scout(Box<ScoutSpec>),
    StopScout,
    /// Compute the charts; answered by `Event::Charted`.
    Chart(Box<ChartSpec>),
    /// Say what was decided when; answered by `Event::DeedsRead`.
    ReadDeeds,
    /// Say who said what of an image's tags, and when; answered by `Event::OriginsFound`.
    FindOrigins {
        image: ImageId,
    },
    /// Read the sizes of pictures from their headers, or go on with it; answered by `Event::Measured`.
    Measure,
    /// Answered by `Event::Measured` too, with what was read so far.
    StopMeasuring,
    /// Show the system's dialog for a file to write; answered by `Event::ChartFileChosen`.
    AskChartFile {
        topic: Topic,
        format: ChartFormat,
    },
    /// Answered by `Event::ChartWritten`.
    WriteChart {
        charts: Arc<Vec<Chart>>,
        topic: Topic,
        format: ChartFormat,
        path: PathBuf,
    },
    /// Bring a model from the Hub onto this computer; answered by `Event::FetchEnded`. Nothing else goes to the network.
    FetchModel {
        /// `owner/name`.
        id: String,
    },
    /// The fetch at hand and those waiting.
    StopFetch,
}

/// What goes into the record, in the order sent.
#[derive(Debug, Clone)]
pub enum RecordChange {
    Do {
        ticket: Ticket,
        step: Step,
    },
    Undo {
        ticket: Ticket,
    },
    Redo {
        ticket: Ticket,
    },
    /// Append a label to `labels.csv`. Sent before the first decision that uses it.
    CreateLabel {
        id: AttributeId,
        name: String,
    },
}

/// What the scout looks for, with snapshots of all it needs.
#[derive(Debug, Clone)]
pub struct ScoutSpec {
    pub quest: Quest,
    /// Whose embeddings are compared.
    pub model: ModelName,
    /// In which it looks.
    pub precision: Precision,
    /// Labels that can be proposed.
    pub attributes: Vec<AttributeId>,
    pub threshold: f32,
    pub images: Vec<Surveyed>,
}

#[derive(Debug, Clone)]
pub enum Quest {
    /// Undescribed images in this order.
    Order(Worth),
    /// Described images whose tags are in doubt.
    Doubts,
    /// Images that the model in use proposes otherwise for than the one before, with that one's labels and threshold.
    Changes { before: Vec<AttributeId>, threshold: f32 },
    /// Images that are copies of one another; no model is needed.
    Copies,
}

/// A [`Quest`] without what is needed for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum QuestKind {
    Order(Worth),
    Doubts,
    Changes,
    Copies,
}

impl Quest {
    pub fn kind(&self) -> QuestKind {
        match self {
            Self::Order(worth) => QuestKind::Order(*worth),
            Self::Doubts => QuestKind::Doubts,
            Self::Changes { .. } => QuestKind::Changes,
            Self::Copies => QuestKind::Copies,
        }
    }
}

/// One image, as the window knows it.
#[derive(Debug, Clone)]
pub struct Surveyed {
    pub id: ImageId,
    pub annotation: Annotation,
    /// `None` where the model has not looked yet.
    pub proposals: Option<Arc<[Proposal]>>,
    /// Of the model before.
    pub before: Option<Arc<[Proposal]>>,
}

/// What charts are computed from: snapshots of all that is known.
#[derive(Debug, Clone)]
pub struct ChartSpec {
    pub collection: Arc<Collection>,
    pub vocabulary: Arc<Vocabulary>,
    pub collected: Collected,
    pub sizes: Option<Arc<[Measure]>>,
    pub deeds: Option<Arc<Deeds>>,
    /// The model in use.
    pub model: Option<Arc<ModelDetails>>,
    /// Its open proposals; `None` where it proposes nothing.
    pub open: Option<Vec<Open>>,
    pub threshold: f32,
}

/// How a chart is saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChartFormat {
    Png,
    Csv,
}

impl ChartFormat {
    pub fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Csv => "csv",
        }
    }
}

/// A fine-tune job with snapshots of all it needs.
#[derive(Debug, Clone)]
pub struct FineTuneSpec {
    pub recipe: Recipe,
    /// The model whose backbone is kept.
    pub from: ModelName,
    pub vocabulary: Arc<Vocabulary>,
    /// Every image that somebody has said something about.
    pub annotations: Arc<HashMap<ImageId, Annotation>>,
}
