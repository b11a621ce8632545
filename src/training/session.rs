//! A fine-tune from a collection to a checkpoint folder: what the window's button and `docent train` both run.
//!
//! Gathers what people have judged, looks at pictures that nobody has looked at, learns, writes. Starts no thread.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use candle_core::Device;
use serde_json::json;

mod known;
mod provenance;
mod subjects;

use self::known::Known;
use self::subjects::Subjects;
use super::batches::Input;
use super::embed::{self, LookError, OpenSource};
use super::error::TrainError;
use super::fine_tune::{self, Learned, Material, Outcome, Report, Spec};
use super::models::{self, ModelsError};
use super::observer::Progress;
use super::recipe::{Depth, Recipe};
use super::standardise::{Features, LinearHead};
use super::unfinished::{Keeper, UnfinishedError, Work};
use crate::base::Hint;
use crate::collection::{Collection, ImageFile};
use crate::domain::{Annotation, AttributeId, ImageId, Vocabulary};
use crate::hub::HubId;
use crate::imaging::{self, Decoding, decode, reduced};
use crate::model::{Architecture, Checkpoint, CheckpointError, Config, Network, NetworkConfig, TaggerError};
use crate::store::{Cache, Location};

/// Where the weights come from.
#[derive(Debug, Clone, PartialEq)]
pub enum Start {
    /// A model by name.
    Model(String),
    /// Random weights for pictures of this side.
    Fresh { architecture: Architecture, side: u32 },
}

/// What to run.
pub enum Job<'a> {
    New {
        recipe: Box<Recipe>,
        start: Start,
        /// Name or folder of the checkpoint; `None`: the next free name.
        out: Option<String>,
        annotations: &'a HashMap<ImageId, Annotation>,
    },
    /// The run that was interrupted in this collection, from where it stood, over the annotations it began with.
    Resume,
}

/// All a fine-tune needs.
pub struct Session<'a> {
    pub job: Job<'a>,
    pub collection: &'a Collection,
    pub vocabulary: &'a Vocabulary,
    pub location: &'a Location,
    pub cache: &'a Cache,
    pub device: &'a Device,
    /// Where pictures come from that have to be looked at.
    pub open: OpenSource,
    /// How often the run is kept on disk while it goes on.
    pub save_every: Duration,
}

/// Hears how it goes and may stop it.
pub trait Watcher {
    /// Pictures looked at, of how many; `n_kept` of those `done` came out of the cache.
    fn looking(&mut self, done: usize, total: usize, n_kept: usize) -> ControlFlow<()>;
    fn training(&mut self, progress: &Progress) -> ControlFlow<()>;
    /// A picture that cannot be used; training goes on without it.
    fn unusable(&mut self, file: &ImageFile, why: &imaging::DecodeError);
}

/// A checkpoint was written.
#[derive(Debug)]
pub struct Finished {
    pub name: String,
    pub folder: PathBuf,
    pub config: Config,
    pub report: Report,
    pub seconds_embed: f64,
}

#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    #[error(transparent)]
    Train(#[from] TrainError),
    #[error(transparent)]
    Models(#[from] ModelsError),
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    #[error(transparent)]
    Tagger(#[from] TaggerError),
    #[error(transparent)]
    Look(#[from] LookError),
    #[error(transparent)]
    Unfinished(#[from] UnfinishedError),
    #[error(
        "no annotated picture of this collection can be learned from: {n_annotated} annotated, {n_unusable} of them unusable"
    )]
    NothingAnnotated { n_annotated: usize, n_unusable: usize },
}

impl SessionError {
    pub fn is_cancel(&self) -> bool {
        matches!(self, Self::Train(TrainError::Cancelled))
    }
}

impl Hint for SessionError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::Train(error) => error.hint(),
            Self::Models(error) => error.hint(),
            Self::Checkpoint(error) => error.hint(),
            Self::Tagger(_) => None,
            Self::Look(error) => error.hint(),
            Self::Unfinished(error) => error.hint(),
            Self::NothingAnnotated { .. } => {
                Some("accept and reject tags on about 20 pictures first, or add rows to train.csv".to_owned())
            }
        }
    }
}

/// Runs it. Same data, seed and device: the same weights, whether or not it was interrupted.
///
/// Errors: see [`SessionError`]; when stopped, no checkpoint is written, and the run can be resumed until it is
/// discarded ([`unfinished::discard`]) or another begins.
pub fn run(session: &Session<'_>, watcher: &mut dyn Watcher) -> Result<Finished, SessionError> {
    let mut keeper = match &session.job {
        Job::Resume => Keeper::resuming(session.location, session.save_every)?,
        Job::New { recipe, start, out, annotations } => {
            let work = work(session, recipe, start, out.as_deref(), annotations)?;
            let mut keeper = Keeper::new(session.location, work, session.save_every);
            keeper.note();
            keeper
        }
    };
    let work = keeper.work().clone();
    let subjects = Subjects::of(session, &work);
    let result = match (work.side, work.recipe.depth) {
        (None, Depth::Head) => head(session, &work, subjects, &mut keeper, watcher),
        _ => deep(session, &work, subjects, &mut keeper, watcher),
    };
    match &result {
        // What the device or the curator ended can be gone on with.
        Err(SessionError::Train(TrainError::Cancelled | TrainError::Compute(_))) => {}
        _ => keeper.discard(),
    }
    result
}

fn work(
    session: &Session<'_>,
    recipe: &Recipe,
    start: &Start,
    out: Option<&str>,
    annotations: &HashMap<ImageId, Annotation>,
) -> Result<Work, SessionError> {
    let attributes: Vec<AttributeId> = session.vocabulary.offered().map(|label| label.id).collect();
    if attributes.is_empty() {
        return Err(TrainError::NoLabels.into());
    }
    let described = subjects::described(session, annotations, &attributes);
    if described.len() < 2 {
        return Err(SessionError::NothingAnnotated { n_annotated: described.len(), n_unusable: 0 });
    }
    if out.is_some() {
        // Before hours of work, not after.
        let (_, folder) = models::place(out, "", session.location);
        if folder.read_dir().map_or(folder.exists(), |mut entries| entries.next().is_some()) {
            return Err(CheckpointError::Exists { path: folder }.into());
        }
    }
    let (from, side) = match start {
        Start::Model(name) => (name.clone(), None),
        Start::Fresh { architecture, side } => (architecture.name().to_owned(), Some(*side)),
    };
    Ok(Work {
        recipe: recipe.clone(),
        from,
        side,
        out: out.map(str::to_owned),
        attributes: attributes.into_iter().map(|id| id.0).collect(),
        n_decisions: described
            .iter()
            .filter_map(|image| annotations.get(&ImageId::from(image.id.as_str())))
            .map(Annotation::n_verdicts)
            .sum(),
        described,
        train: Vec::new(),
        validation: Vec::new(),
    })
}

fn head(
    session: &Session<'_>,
    work: &Work,
    mut subjects: Subjects<'_>,
    keeper: &mut Keeper,
    watcher: &mut dyn Watcher,
) -> Result<Finished, SessionError> {
    let known = Known::load(session, work)?;
    let started = Instant::now();
    let values = subjects.look(session, &known.tagger, watcher)?;
    let seconds_embed = started.elapsed().as_secs_f64();
    let Some(features) = Features::new(known.tagger.num_features(), &values) else {
        return Err(TrainError::NoLabels.into());
    };
    let start = known.head(&subjects.attributes);
    let material = Material::Features { features, start: start.as_ref(), device: &Device::Cpu };
    let groups = subjects.groups(session, watcher)?;
    let Subjects { attributes, ids, truth, .. } = &subjects;
    let spec = Spec { recipe: &work.recipe, ids, groups: &groups, attributes, truth, material };
    let mut observer = |progress: &Progress| watcher.training(progress);
    let mut outcome = fine_tune::run(spec, Some(keeper), &mut observer)?;
    outcome.report.compared = known::compare(session, work, &subjects, &outcome, watcher)?;
    outcome.report.n_decisions = work.n_decisions;
    let Outcome { learned, report, .. } = outcome;
    let Learned::Head(head) = learned else {
        return Err(TrainError::NoLabels.into());
    };
    // The plain weights again, not the ones folded for inference: a checkpoint stays what timm knows.
    let checkpoint = load(session, work, Some(subjects.attributes.len()))?;
    fine_tune::set_classifier(&checkpoint.network, &head)?;
    let config = describe(checkpoint.config, session, work, &report);
    write(session, keeper, &config, &checkpoint.network, report, seconds_embed)
}

fn deep(
    session: &Session<'_>,
    work: &Work,
    mut subjects: Subjects<'_>,
    keeper: &mut Keeper,
    watcher: &mut dyn Watcher,
) -> Result<Finished, SessionError> {
    let (recipe, n_labels) = (&work.recipe, subjects.attributes.len());
    let started = Instant::now();
    let (config, network, values) = match work.side {
        None => {
            let known = Known::load(session, work)?;
            let values = subjects.look(session, &known.tagger, watcher)?;
            let mut checkpoint = load(session, work, Some(n_labels))?;
            let keeps_head = known.has_tail || !recipe.attention;
            if recipe.attention {
                checkpoint = checkpoint.with_attention(recipe.seed).map_err(TrainError::from)?;
            }
            let n_features = checkpoint.network.num_features();
            let head = known.head(&subjects.attributes).filter(|_| keeps_head);
            fine_tune::set_classifier(
                &checkpoint.network,
                &head.unwrap_or_else(|| LinearHead::zeros(n_labels, n_features)),
            )?;
            (checkpoint.config, checkpoint.network, (keeps_head && !recipe.moving_statistics).then_some(values))
        }
        Some(side) => {
            let architecture = Architecture::from_name(&work.from).map_err(|source| CheckpointError::Architecture {
                source,
                path: session.location.folder().to_path_buf(),
            })?;
            let wanted = NetworkConfig::new(architecture, n_labels).with_attention(recipe.attention);
            let network = Network::fresh(&wanted, recipe.seed, session.device).map_err(TrainError::from)?;
            let mut config = Config::fresh(&wanted, side as usize);
            prepare(&mut config, recipe);
            (config, network, None)
        }
    };
    let seconds_embed = started.elapsed().as_secs_f64();
    let fit = embed::fit_of(&config);
    let input = Input { side: fit.width as usize, mean: config.pretrained_cfg.mean, std: config.pretrained_cfg.std };
    let lost = Mutex::new(Vec::new());
    let groups = subjects.groups(session, watcher)?;
    let Subjects { attributes, ids, files, truth } = &subjects;
    let pixels = |index: usize| {
        let gone = || TrainError::Pixels { message: ids[index].clone() };
        let file = files[index].ok_or_else(gone)?;
        let path = session.collection.path_of(file);
        let fitted = decode::read(&path).and_then(|bytes| reduced::fitted(&bytes, &fit, Decoding::default(), &path));
        fitted.map_err(|error| {
            let message = error.to_string();
            lost.lock().unwrap_or_else(PoisonError::into_inner).push((file, error));
            TrainError::Pixels { message }
        })
    };
    let features = values.as_ref().and_then(|values| Features::new(network.num_features(), values));
    let material = Material::Pixels { network, pixels: &pixels, input, features };
    let spec = Spec { recipe, ids, groups: &groups, attributes, truth, material };
    let mut observer = |progress: &Progress| {
        for (file, why) in std::mem::take(&mut *lost.lock().unwrap_or_else(PoisonError::into_inner)) {
            watcher.unusable(file, &why);
        }
        watcher.training(progress)
    };
    let mut outcome = fine_tune::run(spec, Some(keeper), &mut observer)?;
    outcome.report.compared = known::compare(session, work, &subjects, &outcome, watcher)?;
    outcome.report.n_decisions = work.n_decisions;
    let Outcome { learned, report, .. } = outcome;
    let Learned::Network(network) = learned else {
        return Err(TrainError::NoLabels.into());
    };
    let config = describe(config, session, work, &report);
    write(session, keeper, &config, &network, report, seconds_embed)
}

/// The checkpoint a run begins with, for learning.
fn load(session: &Session<'_>, work: &Work, n_labels: Option<usize>) -> Result<Checkpoint, SessionError> {
    let (_, mut checkpoint) = models::load(&work.from, Some(session.location), n_labels, session.device)?;
    prepare(&mut checkpoint.config, &work.recipe);
    Ok(checkpoint)
}

/// Pictures are prepared as the recipe says, where it says so.
fn prepare(config: &mut Config, recipe: &Recipe) {
    if let Some(preprocess) = recipe.preprocess
        && config.preprocess() != preprocess
    {
        config.docent_mut().preprocess = preprocess;
    }
}

/// A model's name without the folders it lies in: other people's machines have others. On the Hub all have the same.
fn plain_name(name: &str) -> String {
    if HubId::parse(name).is_ok() && !Path::new(name).is_dir() {
        return name.to_owned();
    }
    let last = Path::new(name).file_name();
    last.map_or_else(|| name.to_owned(), |last| last.to_string_lossy().into_owned())
}

/// The configuration of the new checkpoint: columns, threshold, and how it came about.
fn describe(config: Config, session: &Session<'_>, work: &Work, report: &Report) -> Config {
    let mut config = config.with_num_classes(work.attributes.len());
    let docent = config.docent_mut();
    docent.attribute_ids = work.attributes.clone();
    let name = |&id: &u32| session.vocabulary.get(AttributeId(id)).map_or_else(String::new, |label| label.name.clone());
    docent.label_names = work.attributes.iter().map(name).collect();
    docent.vocabulary_fingerprint = Some(format!("{:016x}", session.vocabulary.fingerprint()));
    docent.thresholds = report.metrics.thresholds();
    docent.recipe = json!(work.recipe);
    docent.metrics = json!(report);
    docent.parent = work.side.is_none().then(|| plain_name(&work.from));
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    docent.created_millis = Some(now.as_millis() as u64);
    config
}

fn write(
    session: &Session<'_>,
    keeper: &Keeper,
    config: &Config,
    network: &Network,
    report: Report,
    seconds_embed: f64,
) -> Result<Finished, SessionError> {
    let work = keeper.work();
    let depth = match work.recipe.depth {
        Depth::Head => "head",
        Depth::Last => "last",
        Depth::All => "all",
    };
    let (name, folder) = models::place(work.out.as_deref(), depth, session.location);
    let config = Checkpoint::write(&folder, config, network.params())?;
    provenance::write(&folder, work)
        .map_err(|source| CheckpointError::Write { source, path: folder.join(provenance::FILE) })?;
    Ok(Finished { name, folder, config, report, seconds_embed })
}
