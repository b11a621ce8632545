//! A fine-tune from a collection to a checkpoint folder: what the window's button and `docent train` both run.
//!
//! Gathers what people have judged, looks at pictures that nobody has looked at, learns, writes. Starts no thread.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use candle_core::Device;
use serde_json::json;

use super::batches::Input;
use super::duplicates;
use super::embed::{self, BATCH, Embedded, Embedder};
use super::error::TrainError;
use super::fine_tune::{self, Learned, Material, Outcome, Report, Spec};
use super::models::{self, ModelsError};
use super::observer::Progress;
use super::recipe::{Depth, Recipe};
use super::standardise::{Features, LinearHead};
use crate::base::Hint;
use crate::collection::{Collection, ImageFile};
use crate::domain::f_beta::Truth;
use crate::domain::{Annotation, AttributeId, ImageId, Vocabulary};
use crate::hub::HubId;
use crate::imaging;
use crate::model::{
    Architecture, Checkpoint, CheckpointError, Columns, Config, Network, NetworkConfig, Tagger, TaggerError,
};
use crate::store::{Cache, Location};

/// Where the weights come from.
#[derive(Debug, Clone, PartialEq)]
pub enum Start {
    /// A model by name.
    Model(String),
    /// Random weights for pictures of this side.
    Fresh { architecture: Architecture, side: u32 },
}

/// All a fine-tune needs.
pub struct Session<'a> {
    pub recipe: Recipe,
    pub start: Start,
    /// Name or folder of the checkpoint; `None`: the next free name.
    pub out: Option<&'a str>,
    pub collection: &'a Collection,
    pub vocabulary: &'a Vocabulary,
    pub annotations: &'a HashMap<ImageId, Annotation>,
    pub location: &'a Location,
    pub cache: &'a Cache,
    pub device: &'a Device,
}

/// Hears how it goes and may stop it.
pub trait Watcher {
    /// Pictures looked at, of how many.
    fn looking(&mut self, done: usize, total: usize) -> ControlFlow<()>;
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
            Self::NothingAnnotated { .. } => {
                Some("accept and reject tags on about 20 pictures first, or add rows to train.csv".to_owned())
            }
        }
    }
}

/// Runs it. Same data, seed and device: the same weights.
///
/// Errors: see [`SessionError`]; when stopped, nothing is written.
pub fn run(session: &Session<'_>, watcher: &mut dyn Watcher) -> Result<Finished, SessionError> {
    let attributes: Vec<AttributeId> = session.vocabulary.labels().iter().map(|label| label.id).collect();
    if attributes.is_empty() {
        return Err(TrainError::NoLabels.into());
    }
    let described: Vec<&ImageFile> = session
        .collection
        .images
        .iter()
        .filter(|file| session.annotations.get(&file.id).is_some_and(Annotation::is_touched))
        .collect();
    if described.len() < 2 {
        return Err(SessionError::NothingAnnotated { n_annotated: described.len(), n_unusable: 0 });
    }
    match (&session.start, session.recipe.depth) {
        (Start::Model(name), Depth::Head) => head(session, name, &attributes, described, watcher),
        _ => deep(session, &attributes, &described, watcher),
    }
}

/// What people said of these images, `[images, attributes]`, row by row.
fn truth(session: &Session<'_>, attributes: &[AttributeId], images: &[&ImageFile]) -> Vec<Truth> {
    let row = |file: &&ImageFile| {
        let annotation = session.annotations.get(&file.id);
        let target = move |attribute: &AttributeId| annotation.and_then(|known| known.state(*attribute).target());
        attributes.iter().map(move |attribute| Truth::from(target(attribute)))
    };
    images.iter().flat_map(row).collect()
}

fn head(
    session: &Session<'_>,
    name: &str,
    attributes: &[AttributeId],
    described: Vec<&ImageFile>,
    watcher: &mut dyn Watcher,
) -> Result<Finished, SessionError> {
    let (_, checkpoint) = models::load(name, Some(session.location), None, session.device)?;
    let mut config = checkpoint.config.clone();
    let start_columns = Columns::of(&config, session.vocabulary);
    let tagger = Tagger::new(checkpoint).map_err(TaggerError::from)?;
    let started = Instant::now();
    let (images, values) = features(session, &tagger, described, watcher)?;
    let seconds_embed = started.elapsed().as_secs_f64();
    let truth = truth(session, attributes, &images);
    let ids: Vec<&str> = images.iter().map(|file| file.id.as_str()).collect();
    let Some(features) = Features::new(tagger.num_features(), &values) else {
        return Err(TrainError::NoLabels.into());
    };
    let start = known_head(&tagger, &start_columns, attributes);
    let material = Material::Features { features, start: start.as_ref(), device: &Device::Cpu };
    let groups = groups(session, &images, watcher)?;
    let spec = Spec { recipe: &session.recipe, ids: &ids, groups: &groups, attributes, truth: &truth, material };
    let mut observer = |progress: &Progress| watcher.training(progress);
    let Outcome { learned, report, .. } = fine_tune::run(spec, &mut observer)?;
    let Learned::Head(head) = learned else {
        return Err(TrainError::NoLabels.into());
    };
    // The plain weights again, not the ones folded for inference: a checkpoint stays what timm knows.
    let (_, checkpoint) = models::load(name, Some(session.location), Some(attributes.len()), session.device)?;
    fine_tune::set_classifier(&checkpoint.network, &head)?;
    config = describe(config, session, attributes, &report, Some(plain_name(name)));
    write(session, &config, &checkpoint.network, report, seconds_embed)
}

/// The head so far, a column for each attribute; labels it does not know are rows of zeros. `None`: it knows none.
fn known_head(tagger: &Tagger, columns: &Columns, attributes: &[AttributeId]) -> Option<LinearHead> {
    if columns.is_empty() {
        return None;
    }
    let (weight, bias) = tagger.head();
    let n_features = tagger.num_features();
    let mut start = LinearHead::zeros(attributes.len(), n_features);
    for (row, attribute) in attributes.iter().enumerate() {
        let Some(at) = columns.attribute_ids.iter().position(|id| id == attribute) else {
            continue;
        };
        let column = columns.of_head[at];
        start.weight[row * n_features..(row + 1) * n_features]
            .copy_from_slice(&weight[column * n_features..(column + 1) * n_features]);
        start.bias[row] = bias[column];
    }
    Some(start)
}

/// Embeddings of the images that can be decoded, from the cache where possible.
fn features<'a>(
    session: &Session<'a>,
    tagger: &Tagger,
    described: Vec<&'a ImageFile>,
    watcher: &mut dyn Watcher,
) -> Result<(Vec<&'a ImageFile>, Vec<f32>), SessionError> {
    let embedder = Embedder { tagger, collection: session.collection, cache: session.cache };
    let total = described.len();
    let mut rows = embedder.cached(&described);
    let missing: Vec<usize> = (0..total).filter(|&at| rows[at].is_none()).collect();
    let mut done = total - missing.len();
    for part in missing.chunks(BATCH) {
        if watcher.looking(done, total).is_break() {
            return Err(TrainError::Cancelled.into());
        }
        let files: Vec<_> = part.iter().map(|&at| described[at]).collect();
        for (&at, (_, embedded)) in part.iter().zip(embedder.look(&files)?) {
            match embedded {
                Embedded::Row(row) => rows[at] = Some(row),
                Embedded::Failed(why) => watcher.unusable(described[at], &why),
            }
        }
        done += part.len();
    }
    if watcher.looking(total, total).is_break() {
        return Err(TrainError::Cancelled.into());
    }
    let mut images = Vec::with_capacity(total);
    let mut values = Vec::with_capacity(total * tagger.num_features());
    for (file, row) in described.into_iter().zip(rows) {
        if let Some(row) = row {
            images.push(file);
            values.extend(row);
        }
    }
    if images.len() < 2 {
        return Err(SessionError::NothingAnnotated { n_annotated: total, n_unusable: total - images.len() });
    }
    Ok((images, values))
}

fn deep(
    session: &Session<'_>,
    attributes: &[AttributeId],
    described: &[&ImageFile],
    watcher: &mut dyn Watcher,
) -> Result<Finished, SessionError> {
    let n_labels = attributes.len();
    let (mut config, network, parent) = match &session.start {
        Start::Model(name) => {
            let (_, known) = models::load(name, Some(session.location), None, session.device)?;
            let columns = Columns::of(&known.config, session.vocabulary);
            let has_tail = known.network.config().attention;
            let tagger = Tagger::new(known).map_err(TaggerError::from)?;
            let (_, mut checkpoint) = models::load(name, Some(session.location), Some(n_labels), session.device)?;
            let known = known_head(&tagger, &columns, attributes).filter(|_| has_tail || !session.recipe.attention);
            if session.recipe.attention {
                checkpoint = checkpoint.with_attention(session.recipe.seed).map_err(TrainError::from)?;
            }
            let n_features = checkpoint.network.num_features();
            let head = known.unwrap_or_else(|| LinearHead::zeros(n_labels, n_features));
            fine_tune::set_classifier(&checkpoint.network, &head)?;
            (checkpoint.config, checkpoint.network, Some(plain_name(name)))
        }
        Start::Fresh { architecture, side } => {
            let wanted = NetworkConfig::new(*architecture, n_labels).with_attention(session.recipe.attention);
            let network = Network::fresh(&wanted, session.recipe.seed, session.device).map_err(TrainError::from)?;
            (Config::fresh(&wanted, *side as usize), network, None)
        }
    };
    let fit = embed::fit_of(&config);
    let input = Input { side: fit.width as usize, mean: config.pretrained_cfg.mean, std: config.pretrained_cfg.std };
    let truth = truth(session, attributes, described);
    let ids: Vec<&str> = described.iter().map(|file| file.id.as_str()).collect();
    let pixels = |index: usize| {
        let path = session.collection.path_of(described[index]);
        let picture = imaging::decode(&path).map_err(|error| TrainError::Pixels { message: error.to_string() })?;
        Ok(fit.apply(&picture))
    };
    let material = Material::Pixels { network, pixels: &pixels, input };
    let groups = groups(session, described, watcher)?;
    let spec = Spec { recipe: &session.recipe, ids: &ids, groups: &groups, attributes, truth: &truth, material };
    let mut observer = |progress: &Progress| watcher.training(progress);
    let Outcome { learned, report, .. } = fine_tune::run(spec, &mut observer)?;
    let Learned::Network(network) = learned else {
        return Err(TrainError::NoLabels.into());
    };
    config = describe(config, session, attributes, &report, parent);
    write(session, &config, &network, report, 0.0)
}

/// Which of these images are copies of one another: they must not be on both sides of the fold.
fn groups(session: &Session<'_>, images: &[&ImageFile], watcher: &mut dyn Watcher) -> Result<Vec<usize>, SessionError> {
    let watch = &mut |done, total| watcher.looking(done, total);
    let groups = duplicates::groups(session.collection, session.cache, images, watch);
    groups.ok_or_else(|| TrainError::Cancelled.into())
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
fn describe(
    config: Config,
    session: &Session<'_>,
    attributes: &[AttributeId],
    report: &Report,
    parent: Option<String>,
) -> Config {
    let mut config = config.with_num_classes(attributes.len());
    let docent = config.docent_mut();
    docent.attribute_ids = attributes.iter().map(|id| id.0).collect();
    docent.label_names = session.vocabulary.labels().iter().map(|label| label.name.clone()).collect();
    docent.vocabulary_fingerprint = Some(format!("{:016x}", session.vocabulary.fingerprint()));
    docent.thresholds = report.metrics.thresholds();
    docent.recipe = json!(session.recipe);
    docent.metrics = json!(report);
    docent.parent = parent;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    docent.created_millis = Some(now.as_millis() as u64);
    config
}

fn write(
    session: &Session<'_>,
    config: &Config,
    network: &Network,
    report: Report,
    seconds_embed: f64,
) -> Result<Finished, SessionError> {
    let depth = match session.recipe.depth {
        Depth::Head => "head",
        Depth::Last => "last",
        Depth::All => "all",
    };
    let (name, folder) = models::place(session.out, depth, session.location);
    let config = Checkpoint::write(&folder, config, network.params())?;
    Ok(Finished { name, folder, config, report, seconds_embed })
}
