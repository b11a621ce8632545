//! The predictor: looks at every picture once, images in view first, and proposes with the model in use.
//!
//! Embeddings go to the cache, so that a new head over the same backbone proposes for a whole collection at once.
//! Between orders it learns from the curator's decisions (`pupil`); what it has learned makes all proposals stale, and
//! those in view are renewed first.

mod explain;
mod precision;
mod seat;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use self::seat::Seat;
use super::likeness::Likeness;
use super::outlet::{Gone, Outlet};
use super::pupil::{Learned, Pupil};
use super::queue::{Leisure, Next, next_within};
use super::{Desk, Event, ModelDetails, ModelName, Problem, WorkDone};
use crate::collection::ImageFile;
use crate::domain::proposal::kept;
use crate::domain::{Annotation, AttributeId, ImageId, Vocabulary};
use crate::model::Precision;
use crate::model::device::{self, Choice, Device};
use crate::store::Cache;
use crate::training::embed::Embedded;

/// Images asked of the cache at once.
const CACHED_AT_ONCE: usize = 64;
/// The images in view come in small helpings, so that the first proposals appear soon.
const IN_VIEW_AT_ONCE: usize = 4;
/// Proposals out of view are renewed when nothing was asked for this long, in a small collection at once.
const SWEEP_AFTER: Duration = Duration::from_secs(1);
const SMALL: usize = 1000;
/// Of a picture that cannot be looked at: never stale.
const NEVER_STALE: u32 = u32::MAX;

pub(super) enum PredictorOrder {
    /// With what holds for every image that somebody has said something about.
    Desk(Option<(Desk, HashMap<ImageId, Annotation>)>),
    Use(ModelName),
    Device(Choice),
    Precision(Precision),
    Wanted(Vec<ImageId>),
    /// What looks like this image.
    Nearest(ImageId),
    /// The vocabulary has one label more.
    Created(String),
    /// Labels were made, renamed, retired or brought back.
    Edited(Arc<Vocabulary>),
    /// What holds for these images now.
    Learn(Vec<(ImageId, Annotation)>),
    PauseLearning(bool),
    Explain(ImageId, AttributeId),
    FineTuneBegins,
    /// The fine-tune that began last has made this model.
    Taught(ModelName),
}

struct Predictor<'a> {
    outlet: &'a Outlet,
    device: Device,
    /// Asked for; what the model in the seat looks in is its own.
    precision: Precision,
    desk: Option<Desk>,
    /// Of the collection, with the labels created since it was opened.
    vocabulary: Vocabulary,
    cache: Option<Cache>,
    seat: Option<Seat>,
    wanted: Vec<ImageId>,
    likeness: Option<Likeness>,
    pupil: Pupil,
    /// Positions in the collection that the model in the seat has looked at.
    looked: Vec<bool>,
    /// Everything before it is looked at.
    first_open: usize,
    n_looked: usize,
    /// Grows with every update; what each position was last proposed for with, 0: never.
    learned: u32,
    proposed: Vec<u32>,
    last_order: Instant,
    per_second: f32,
}

pub(super) fn run(orders: &Receiver<PredictorOrder>, outlet: &Outlet, choice: Choice) {
    let mut predictor = Predictor {
        outlet,
        device: Device::Cpu,
        precision: Precision::F32,
        desk: None,
        vocabulary: Vocabulary::default(),
        cache: None,
        seat: None,
        wanted: Vec::new(),
        likeness: None,
        pupil: Pupil::default(),
        looked: Vec::new(),
        first_open: 0,
        n_looked: 0,
        learned: 1,
        proposed: Vec::new(),
        last_order: Instant::now(),
        per_second: 0.0,
    };
    if predictor.open_device(choice) == Err(Gone) {
        return;
    }
    loop {
        let result = match next_within(orders, predictor.leisure()) {
            Next::Order(order) => {
                predictor.last_order = Instant::now();
                predictor.take(order)
            }
            Next::None => predictor.work(),
            Next::HungUp => return,
        };
        if result == Err(Gone) {
            return;
        }
    }
}

impl Predictor<'_> {
    fn all_looked(&self) -> bool {
        self.n_looked == self.looked.len()
    }

    fn leisure(&self) -> Leisure {
        if self.desk.is_none() || self.seat.is_none() {
            return Leisure::UntilAsked;
        }
        if !self.all_looked()
            || self.likeness.is_some()
            || self.is_measuring()
            || self.pupil.is_due(true)
            || self.stale_in_view().next().is_some()
        {
            return Leisure::None;
        }
        let has_stale = self.proposed.iter().any(|&learned| learned < self.learned);
        let sweep = has_stale.then(|| self.sweep_in());
        let next = sweep.into_iter().chain(self.pupil.patience()).min();
        next.map_or(Leisure::UntilAsked, Leisure::For)
    }

    /// How long until proposals out of view may be renewed.
    fn sweep_in(&self) -> Duration {
        let after = if self.proposed.len() <= SMALL { Duration::ZERO } else { SWEEP_AFTER };
        after.saturating_sub(self.last_order.elapsed())
    }

    /// Positions in view whose proposals are missing or older than what was learned since.
    fn stale_in_view(&self) -> impl Iterator<Item = usize> {
        let positions = self.wanted.iter().filter_map(|id| self.desk.as_ref()?.collection.position(id));
        positions.filter(|&position| self.proposed[position] < self.learned)
    }

    fn take(&mut self, order: PredictorOrder) -> Result<(), Gone> {
        match order {
            PredictorOrder::Desk(opened) => {
                let (desk, annotations) = opened.unzip();
                self.pupil.open(annotations.unwrap_or_default());
                self.cache = desk.as_ref().map(|desk| Cache::open(&desk.location));
                self.vocabulary = desk.as_ref().map(|desk| desk.collection.vocabulary.clone()).unwrap_or_default();
                self.outlet.speak_of(desk.as_ref().map(|desk| desk.opening));
                self.desk = desk;
                self.seat = None;
                self.wanted.clear();
                self.begin();
                Ok(())
            }
            PredictorOrder::Use(model) => self.seat(model),
            PredictorOrder::Device(choice) => {
                // Its memory is free before the new one is filled.
                let seated = self.seat.take().map(|seat| seat.name);
                self.pupil.leave_seat();
                self.open_device(choice)?;
                seated.map_or(Ok(()), |model| self.seat(model))
            }
            PredictorOrder::Precision(precision) => self.use_precision(precision),
            PredictorOrder::Wanted(wanted) => {
                self.wanted = wanted;
                Ok(())
            }
            PredictorOrder::Nearest(image) => {
                self.likeness = Some(Likeness::new(image));
                Ok(())
            }
            PredictorOrder::Created(name) => {
                let attribute = self.vocabulary.create(&name);
                self.pupil.created(attribute);
                Ok(())
            }
            PredictorOrder::Edited(vocabulary) => {
                let made = vocabulary.labels().iter().filter(|label| !self.vocabulary.contains(label.id));
                made.for_each(|label| self.pupil.created(label.id));
                self.vocabulary = Arc::unwrap_or_clone(vocabulary);
                self.pupil.offer(&self.vocabulary);
                self.learned += 1; // What was proposed may not be offered any more.
                Ok(())
            }
            PredictorOrder::Learn(changed) => {
                self.pupil.hear(changed);
                Ok(())
            }
            PredictorOrder::PauseLearning(paused) => {
                self.pupil.pause(paused);
                Ok(())
            }
            PredictorOrder::Explain(image, attribute) => self.explain(image, attribute),
            PredictorOrder::FineTuneBegins => {
                self.pupil.fine_tune_begins();
                Ok(())
            }
            PredictorOrder::Taught(model) => {
                self.pupil.taught(model);
                Ok(())
            }
        }
    }

    fn open_device(&mut self, choice: Choice) -> Result<(), Gone> {
        let opened = device::open(choice);
        self.device = opened.device;
        let (name, notice) = (opened.name, opened.notice);
        let has_bf16 = Precision::Bf16.on(&self.device).0 == Precision::Bf16;
        self.outlet.send(Event::DeviceOpened { name, notice, has_bf16 })
    }

    /// All images are open again.
    fn begin(&mut self) {
        let n_images = self.desk.as_ref().map_or(0, |desk| desk.collection.images.len());
        (self.looked, self.proposed) = (vec![false; n_images], vec![0; n_images]);
        (self.first_open, self.n_looked, self.learned, self.per_second) = (0, 0, 1, 0.0);
        self.likeness = None;
    }

    fn seat(&mut self, name: ModelName) -> Result<(), Gone> {
        let Some(desk) = &self.desk else {
            return Ok(());
        };
        match Seat::load(name.clone(), &desk.location, &self.vocabulary, &self.device) {
            Ok((seat, folder)) => {
                let details = ModelDetails::new(name.clone(), folder, seat.tagger.config(), &seat.columns);
                self.pupil.seat(&name, &seat.tagger, &seat.columns, &self.vocabulary);
                self.seat = Some(seat);
                self.begin();
                self.outlet.send(Event::ModelLoaded(Arc::new(details)))?;
                self.begin_trial()
            }
            Err(problem) => self.outlet.send(Event::ModelFailed { model: name, problem }),
        }
    }

    /// One small piece of work: what the cache knows of the next images, else a look at a few of them; or some learning.
    fn work(&mut self) -> Result<(), Gone> {
        let all_looked = self.all_looked();
        let (next, in_view) = self.next();
        let (Some(desk), Some(cache), Some(seat)) = (&self.desk, &self.cache, &self.seat) else {
            return Ok(());
        };
        let collection = &desk.collection;
        let embedder = seat.embedder(collection, cache);
        if let Some(likeness) = self.likeness.as_mut().filter(|_| !in_view) {
            if likeness.work(&embedder, self.outlet)? {
                self.likeness = None;
            }
            return Ok(());
        }
        if !in_view && self.pupil.is_due(all_looked) {
            let learned = self.pupil.work(&embedder);
            return learned.map_or(Ok(()), |learned| self.learned(learned));
        }
        if !in_view && self.is_measuring() {
            return self.measure();
        }
        if next.is_empty() {
            return Ok(());
        }
        let files: Vec<&ImageFile> = next.iter().map(|&position| &collection.images[position]).collect();
        let cached = embedder.cached(&files);
        let mut seen: Vec<_> =
            next.iter().zip(cached).filter_map(|(&position, row)| Some((position, Embedded::Kept(row?)))).collect();
        if seen.is_empty() {
            let at_most = if in_view { IN_VIEW_AT_ONCE } else { seat.tagger.at_once() };
            let started = Instant::now();
            let fitted = seat.ahead.fetch(&mut files.iter().map(|file| collection.path_of(file)), at_most);
            let n = fitted.len();
            match embedder.look_at(&files[..n], fitted) {
                Ok(looked) => seen = next.into_iter().zip(looked).collect(),
                Err(error) => {
                    let problem = Problem { message: error.to_string(), hint: None };
                    let model = seat.name.clone();
                    if seat.trial.is_some() {
                        self.measured_nothing(problem.message.clone())?;
                    }
                    self.seat = None;
                    self.pupil.leave_seat();
                    return self.outlet.send(Event::ModelFailed { model, problem });
                }
            }
            let speed = n as f32 / started.elapsed().as_secs_f32().max(1e-3);
            self.per_second = if self.per_second == 0.0 { speed } else { 0.8 * self.per_second + 0.2 * speed };
        }
        self.propose(seen)
    }

    fn learned(&mut self, Learned { n_images, threshold }: Learned) -> Result<(), Gone> {
        self.learned += 1;
        self.outlet.send(Event::Learned { n_images, threshold })
    }

    /// Positions to see next, and whether they are in view.
    fn next(&mut self) -> (Vec<usize>, bool) {
        let in_view: Vec<_> = self.stale_in_view().take(CACHED_AT_ONCE).collect();
        if !in_view.is_empty() {
            return (in_view, true);
        }
        let open = |position: &usize| !self.looked[*position];
        let rest: Vec<_> = (self.first_open..self.looked.len()).filter(open).take(CACHED_AT_ONCE).collect();
        self.first_open = rest.first().copied().unwrap_or(self.looked.len());
        if !rest.is_empty() || !self.sweep_in().is_zero() {
            return (rest, false);
        }
        let stale = |position: &usize| self.proposed[*position] < self.learned;
        ((0..self.proposed.len()).filter(stale).take(CACHED_AT_ONCE).collect(), false)
    }

    /// Probabilities of these images, as events.
    fn propose(&mut self, seen: Vec<(usize, Embedded)>) -> Result<(), Gone> {
        let n_looked = self.n_looked;
        let (mut positions, mut rows) = (Vec::new(), Vec::new());
        for (position, embedded) in seen {
            let first_time = !std::mem::replace(&mut self.looked[position], true);
            self.n_looked += usize::from(first_time);
            let all = self.all_looked();
            let Some(desk) = &self.desk else {
                return Ok(());
            };
            let image = &desk.collection.images[position].id;
            match embedded {
                Embedded::Failed(error) => {
                    self.proposed[position] = NEVER_STALE;
                    let event = Event::PictureFailed { image: image.clone(), problem: Problem::of(&error) };
                    self.outlet.send(event)?;
                }
                Embedded::Kept(row) | Embedded::Row(row) => {
                    if first_time {
                        self.pupil.see(image, &row, all);
                    }
                    positions.push(position);
                    rows.extend(row);
                }
            }
        }
        self.say_proposals(&positions, &rows)?;
        if self.n_looked == n_looked {
            return Ok(()); // Renewed ones are no progress in looking at pictures.
        }
        let work = WorkDone { done: self.n_looked, total: self.looked.len(), per_second: self.per_second };
        self.outlet.send(Event::Embedding(work))
    }

    /// `rows`: the embeddings of these positions, one after the other.
    fn say_proposals(&mut self, positions: &[usize], rows: &[f32]) -> Result<(), Gone> {
        let (Some(desk), Some(seat)) = (&self.desk, &self.seat) else {
            return Ok(());
        };
        let found = match self.pupil.learner() {
            Some(learner) => {
                let found = learner.probabilities(rows).map_err(|error| error.to_string());
                found.map(|found| (learner.attribute_ids(), found))
            }
            None => seat.probabilities(rows, &self.vocabulary).map(|found| (&*seat.columns.attribute_ids, found)),
        };
        let n = positions.len().max(1);
        for (at, &position) in positions.iter().enumerate() {
            let image = desk.collection.images[position].id.clone();
            self.proposed[position] = self.learned;
            self.outlet.send(match &found {
                Ok((attribute_ids, all)) => {
                    let width = all.len() / n;
                    let proposals = kept(attribute_ids, &all[at * width..(at + 1) * width]).into();
                    Event::Proposed { image, by: seat.name.clone(), proposals }
                }
                Err(message) => {
                    Event::PictureFailed { image, problem: Problem { message: message.clone(), hint: None } }
                }
            })?;
        }
        Ok(())
    }
}
