//! The scout: looks through the whole collection for what is worth the curator's attention, one wish at a time.
//!
//! Works on snapshots of what the window knows and on embeddings out of the cache; decodes nothing. Of a very large
//! collection it takes a sample, always the same one.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;
use std::sync::mpsc::Receiver;

use super::command::{Quest, ScoutSpec, Surveyed};
use super::outlet::{Gone, Outlet};
use super::trainer::Stop;
use super::{Desk, Event, Problem, WorkDone};
use crate::base::hash::{fnv1a64, mix64};
use crate::collection::ImageFile;
use crate::domain::f_beta::{Cells, Truth};
use crate::domain::flips::{Flip, Standing, flips};
use crate::domain::label_errors::Kind;
use crate::domain::question::gather;
use crate::domain::thresholds::Answers;
use crate::domain::{AttributeId, ImageId, Proposal, Question, Questions, TagState, Thresholds, Why};
use crate::imaging::Decoding;
use crate::model::Tagger;
use crate::model::device::Device;
use crate::store::Cache;
use crate::training::embed::Embedder;
use crate::training::out_of_fold::{Described, N_PARTS};
use crate::training::standardise::Features;
use crate::training::survey::{self, Survey, Worth};
use crate::training::{Progress, duplicates, models};

/// Images that are compared with one another at most: with 2,048 features 160 MB.
const N_MOST: usize = 20_000;
/// Images of a batch that is spread over the collection.
const N_SPREAD: usize = 200;

pub(super) enum ScoutOrder {
    Desk(Option<Desk>),
    Look {
        spec: Box<ScoutSpec>,
        /// The number of stops requested when it was ordered: a later stop is meant for it.
        at: u64,
    },
}

/// Why there is no answer.
enum Ended {
    Stopped,
    Failed(Problem),
}

impl From<Problem> for Ended {
    fn from(problem: Problem) -> Self {
        Self::Failed(problem)
    }
}

pub(super) fn run(orders: &Receiver<ScoutOrder>, outlet: &Outlet, stop: &Stop) {
    let mut desk: Option<Desk> = None;
    while let Ok(order) = orders.recv() {
        let (spec, at) = match order {
            ScoutOrder::Desk(new) => {
                outlet.speak_of(new.as_ref().map(|desk| desk.opening));
                desk = new;
                continue;
            }
            ScoutOrder::Look { spec, at } => (spec, at),
        };
        let Some(desk) = &desk else {
            continue;
        };
        let quest = spec.quest.kind();
        let scout = Scout { outlet, stop, at, desk };
        let result = match spec.quest {
            Quest::Copies => scout.copies().map(|groups| Event::CopiesFound { groups }),
            _ => scout.look(*spec).map(|(found, n_left_out)| Event::Scouted { quest, found, n_left_out }),
        };
        let event = match result {
            Ok(event) => event,
            Err(Ended::Stopped) => Event::ScoutEnded { quest, problem: None },
            Err(Ended::Failed(problem)) => Event::ScoutEnded { quest, problem: Some(problem) },
        };
        if outlet.send(event) == Err(Gone) {
            return;
        }
    }
}

struct Scout<'a> {
    outlet: &'a Outlet,
    stop: &'a Stop,
    at: u64,
    desk: &'a Desk,
}

type Found = Vec<Questions<ImageId>>;

impl Scout<'_> {
    /// What was found, in order, and how many images could not be considered.
    fn look(&self, mut spec: ScoutSpec) -> Result<(Found, usize), Ended> {
        let n_images = spec.images.len();
        let is_doubts = matches!(spec.quest, Quest::Doubts);
        spec.images.retain(|image| image.proposals.is_some() && (!is_doubts || image.annotation.is_touched()));
        let n_unseen = if is_doubts { 0 } else { n_images - spec.images.len() };
        let is_changes = matches!(spec.quest, Quest::Changes { .. });
        let n_beyond = spec.images.len().saturating_sub(if is_changes { usize::MAX } else { N_MOST });
        if 0 < n_beyond {
            spec.images.sort_by_cached_key(|image| mix64(fnv1a64(image.id.as_str().as_bytes())));
            spec.images.truncate(N_MOST);
        }
        let found = match &spec.quest {
            Quest::Order(worth) => self.order(&spec, *worth)?,
            Quest::Doubts => self.doubts(&spec)?,
            Quest::Changes { before, threshold } => changes(&spec, before, *threshold),
            Quest::Copies => Vec::new(), // Not a matter of what is proposed: see `copies`.
        };
        Ok((found, n_unseen + n_beyond))
    }

    /// How far the wish at hand is; breaks where another one came or it was withdrawn.
    fn progress(&self, done: usize, total: usize) -> Result<(), Ended> {
        let work = WorkDone { done, total, per_second: 0.0 };
        let is_over = self.stop.count() > self.at || self.outlet.send(Event::Scouting(work)) == Err(Gone);
        if is_over { Err(Ended::Stopped) } else { Ok(()) }
    }

    fn order(&self, spec: &ScoutSpec, worth: Worth) -> Result<Found, Ended> {
        let embeddings = if worth.needs_features() { Some(self.embeddings(spec)?) } else { None };
        let rows: Vec<usize> = match &embeddings {
            Some(embeddings) => embeddings.rows.clone(),
            None => (0..spec.images.len()).collect(),
        };
        let images: Vec<&Surveyed> = rows.iter().map(|&row| &spec.images[row]).collect();
        let (probabilities, truth) = cells_of(&images, &spec.attributes);
        let Some(cells) = Cells::new(spec.attributes.len(), &probabilities, &truth) else {
            return Ok(Vec::new());
        };
        let is_described: Vec<bool> = images.iter().map(|image| image.annotation.is_reviewed()).collect();
        let survey = Survey {
            cells,
            thresholds: &Thresholds::one(spec.threshold),
            is_described: &is_described,
            features: embeddings.as_ref().and_then(|found| Features::new(found.n_features, &found.values)),
        };
        let order = survey::order(&survey, worth, N_SPREAD).map_err(|error| Problem::of(&error))?;
        Ok(order.into_iter().map(|(row, _)| Questions { image: images[row].id.clone(), questions: vec![] }).collect())
    }

    fn doubts(&self, spec: &ScoutSpec) -> Result<Found, Ended> {
        let embeddings = self.embeddings(spec)?;
        let images: Vec<&Surveyed> = embeddings.rows.iter().map(|&row| &spec.images[row]).collect();
        let (_, truth) = cells_of(&images, &spec.attributes);
        let files: Vec<Option<&ImageFile>> = images.iter().map(|image| self.desk.collection.image(&image.id)).collect();
        let mut watch = |_: usize, _: usize| match self.stop.count() > self.at {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        };
        let cache = Cache::open(&self.desk.location);
        let groups = duplicates::groups(&self.desk.collection, &cache, &files, &mut watch).ok_or(Ended::Stopped)?;
        let ids: Vec<&str> = images.iter().map(|image| image.id.as_str()).collect();
        let features = Features::new(embeddings.n_features, &embeddings.values).ok_or_else(|| {
            Problem::new("no described picture has been looked at yet", "wait for the model to see some")
        })?;
        let described = Described { ids: &ids, groups: &groups, attributes: &spec.attributes, truth: &truth, features };
        let is_unnamed = |row: usize, column: usize| {
            let state = images[row].annotation.state(spec.attributes[column]);
            matches!(state, TagState::Given | TagState::Absent)
        };
        let (mut part, mut last) = (0, 0);
        let mut observer = |progress: &Progress| {
            part += usize::from(progress.step < last);
            last = progress.step;
            let done = 100 * part + 100 * last / progress.steps.max(1);
            match self.progress(done, 100 * N_PARTS) {
                Ok(()) => ControlFlow::Continue(()),
                Err(_stopped) => ControlFlow::Break(()),
            }
        };
        let doubts = survey::doubts(&described, is_unnamed, &mut observer);
        let doubts = match doubts {
            Err(_) if self.stop.count() > self.at => return Err(Ended::Stopped),
            other => other.map_err(|error| Problem::of(&error))?,
        };
        Ok(named(
            &images,
            doubts.into_iter().map(|doubt| {
                let probability = doubt.probability;
                let why = match doubt.kind {
                    Kind::Missing => Why::Missing { probability },
                    Kind::Wrong => Why::Wrong { probability },
                };
                (doubt.image, Question { attribute: spec.attributes[doubt.label], why })
            }),
        ))
    }

    /// By content and by fingerprint; pictures that nobody has looked at yet are decoded for it.
    fn copies(&self) -> Result<Vec<Vec<ImageId>>, Ended> {
        let collection = &self.desk.collection;
        let files: Vec<Option<&ImageFile>> = collection.images.iter().map(Some).collect();
        let mut watch = |done: usize, total: usize| match self.progress(done, total) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_stopped) => ControlFlow::Break(()),
        };
        let cache = Cache::open(&self.desk.location);
        let groups = duplicates::groups(collection, &cache, &files, &mut watch).ok_or(Ended::Stopped)?;
        let mut members: Vec<Vec<ImageId>> = vec![Vec::new(); groups.len()];
        for (file, group) in collection.images.iter().zip(groups) {
            members[group].push(file.id.clone());
        }
        members.retain(|group| 1 < group.len());
        Ok(members)
    }

    /// Of the images whose embedding is in the cache.
    fn embeddings(&self, spec: &ScoutSpec) -> Result<Embeddings, Ended> {
        let device = Device::Cpu; // Nothing is computed with it: it tells which embeddings are meant.
        let loaded = models::load(&spec.model.0, Some(&self.desk.location), None, &device);
        let (_, checkpoint) = loaded.map_err(|error| Problem::of(&error))?;
        let tagger = Tagger::new(checkpoint).and_then(|tagger| tagger.asking_for(spec.precision));
        let tagger = tagger.map_err(|error| Problem { message: error.to_string(), hint: None })?;
        let cache = Cache::open(&self.desk.location);
        let decoding = Decoding::default();
        let embedder = Embedder { tagger: &tagger, collection: &self.desk.collection, cache: &cache, decoding };
        let n_features = tagger.num_features();
        let mut found = Embeddings { rows: Vec::new(), values: Vec::new(), n_features };
        for (part, images) in spec.images.chunks(256).enumerate() {
            self.progress(part * 256, spec.images.len())?;
            let places = images.iter().enumerate();
            let files: Vec<(usize, &ImageFile)> = places
                .filter_map(|(at, image)| Some((part * 256 + at, self.desk.collection.image(&image.id)?)))
                .collect();
            let only_files: Vec<&ImageFile> = files.iter().map(|(_, file)| *file).collect();
            for ((row, _), values) in files.iter().zip(embedder.cached(&only_files)) {
                if let Some(values) = values {
                    found.rows.push(*row);
                    found.values.extend(values);
                }
            }
        }
        Ok(found)
    }
}

struct Embeddings {
    /// Which images have one.
    rows: Vec<usize>,
    /// `[rows, n_features]`.
    values: Vec<f32>,
    n_features: usize,
}

/// Probabilities and what is known, both `[images, attributes]`.
fn cells_of(images: &[&Surveyed], attributes: &[AttributeId]) -> (Vec<f32>, Vec<Truth>) {
    let columns = Columns::of(attributes);
    let mut probabilities = Vec::with_capacity(images.len() * attributes.len());
    let mut truth = Vec::with_capacity(images.len() * attributes.len());
    for image in images {
        columns.add_row(image.proposals.as_deref(), &mut probabilities);
        truth.extend(attributes.iter().map(|&attribute| Truth::from(image.annotation.state(attribute))));
    }
    (probabilities, truth)
}

/// Where each label's column is.
struct Columns(HashMap<AttributeId, usize>);

impl Columns {
    fn of(attributes: &[AttributeId]) -> Self {
        Self(attributes.iter().enumerate().map(|(column, &attribute)| (attribute, column)).collect())
    }

    /// What is not among the proposals is hardly likely: 0.
    fn add_row(&self, proposals: Option<&[Proposal]>, rows: &mut Vec<f32>) {
        let start = rows.len();
        rows.resize(start + self.0.len(), 0.0);
        for proposal in proposals.unwrap_or_default() {
            if let Some(column) = self.0.get(&proposal.attribute) {
                rows[start + column] = proposal.probability;
            }
        }
    }
}

/// Proposals that came or went between two models, part by part: there may be very many images.
fn changes(spec: &ScoutSpec, attributes_before: &[AttributeId], threshold: f32) -> Found {
    let was_known: HashSet<AttributeId> = attributes_before.iter().copied().collect();
    let attributes: Vec<AttributeId> = spec.attributes.iter().copied().filter(|id| was_known.contains(id)).collect();
    let columns = Columns::of(&attributes);
    let (old_at, new_at) = (Thresholds::one(threshold), Thresholds::one(spec.threshold));
    let images: Vec<&Surveyed> = spec.images.iter().filter(|image| image.before.is_some()).collect();
    let mut all: Vec<Flip> = Vec::new();
    for (part, images) in images.chunks(1000).enumerate() {
        let (mut old, mut new, mut truth) = (Vec::new(), Vec::new(), Vec::new());
        for image in images {
            columns.add_row(image.proposals.as_deref(), &mut new);
            columns.add_row(image.before.as_deref(), &mut old);
            truth.extend(attributes.iter().map(|&attribute| Truth::from(image.annotation.state(attribute))));
        }
        let answers = |probabilities, thresholds| Answers { probabilities, thresholds };
        let found = flips(attributes.len(), &truth, answers(&old, &old_at), answers(&new, &new_at));
        let moved = |flip: Flip| Flip { image: part * 1000 + flip.image, ..flip };
        let found = found.unwrap_or_default().into_iter().filter(|flip| flip.standing != Standing::Agrees);
        all.extend(found.map(moved));
    }
    all.sort_by(Flip::order);
    named(
        &images,
        all.into_iter().map(|flip| {
            let (before, now) = (flip.old, flip.new);
            let why = if flip.appeared { Why::Appeared { before, now } } else { Why::Vanished { before, now } };
            (flip.image, Question { attribute: attributes[flip.label], why })
        }),
    )
}

fn named(images: &[&Surveyed], asked: impl Iterator<Item = (usize, Question)>) -> Found {
    let by_row = gather(asked).into_iter();
    by_row.map(|found| Questions { image: images[found.image].id.clone(), questions: found.questions }).collect()
}
