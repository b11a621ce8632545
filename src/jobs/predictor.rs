//! The predictor: looks at every picture once, images in view first, and proposes with the model in use.
//!
//! Embeddings go to the cache, so that a new head over the same backbone proposes for a whole collection at once.

use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::Instant;

use super::outlet::{Gone, Outlet};
use super::queue::{Next, next};
use super::{Desk, Event, ModelDetails, ModelName, Problem, WorkDone};
use crate::collection::ImageFile;
use crate::domain::{ImageId, Vocabulary};
use crate::model::device::{self, Choice, Device};
use crate::model::{Columns, Tagger};
use crate::store::Cache;
use crate::training::embed::{BATCH, Embedded, Embedder};
use crate::training::models;

/// Images asked of the cache at once.
const CACHED_AT_ONCE: usize = 64;
/// The images in view come in small helpings, so that the first proposals appear soon.
const IN_VIEW_AT_ONCE: usize = 4;

pub(super) enum PredictorOrder {
    Desk(Option<Desk>),
    Use(ModelName),
    Device(Choice),
    Wanted(Vec<ImageId>),
    /// The vocabulary has one label more.
    Created(String),
}

/// A model at work.
struct Seat {
    name: ModelName,
    tagger: Tagger,
    columns: Columns,
}

struct Predictor<'a> {
    outlet: &'a Outlet,
    device: Device,
    desk: Option<Desk>,
    /// Of the collection, with the labels created since it was opened.
    vocabulary: Vocabulary,
    cache: Option<Cache>,
    seat: Option<Seat>,
    wanted: Vec<ImageId>,
    /// Positions in the collection that have been proposed for, by the model in the seat.
    done: Vec<bool>,
    /// Everything before it is done.
    first_open: usize,
    n_done: usize,
    per_second: f32,
}

pub(super) fn run(orders: &Receiver<PredictorOrder>, outlet: &Outlet, choice: Choice) {
    let mut predictor = Predictor {
        outlet,
        device: Device::Cpu,
        desk: None,
        vocabulary: Vocabulary::default(),
        cache: None,
        seat: None,
        wanted: Vec::new(),
        done: Vec::new(),
        first_open: 0,
        n_done: 0,
        per_second: 0.0,
    };
    if predictor.open_device(choice) == Err(Gone) {
        return;
    }
    loop {
        let result = match next(orders, predictor.is_idle()) {
            Next::Order(order) => predictor.take(order),
            Next::None => predictor.work(),
            Next::HungUp => return,
        };
        if result == Err(Gone) {
            return;
        }
    }
}

impl Predictor<'_> {
    fn is_idle(&self) -> bool {
        self.desk.is_none() || self.seat.is_none() || self.n_done == self.done.len()
    }

    fn take(&mut self, order: PredictorOrder) -> Result<(), Gone> {
        match order {
            PredictorOrder::Desk(desk) => {
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
                self.open_device(choice)?;
                seated.map_or(Ok(()), |model| self.seat(model))
            }
            PredictorOrder::Wanted(wanted) => {
                self.wanted = wanted;
                Ok(())
            }
            PredictorOrder::Created(name) => {
                self.vocabulary.create(&name);
                Ok(())
            }
        }
    }

    fn open_device(&mut self, choice: Choice) -> Result<(), Gone> {
        let opened = device::open(choice);
        self.device = opened.device;
        self.outlet.send(Event::DeviceOpened { name: opened.name, notice: opened.notice })
    }

    /// All images are open again.
    fn begin(&mut self) {
        let n_images = self.desk.as_ref().map_or(0, |desk| desk.collection.images.len());
        self.done = vec![false; n_images];
        (self.first_open, self.n_done, self.per_second) = (0, 0, 0.0);
    }

    fn seat(&mut self, name: ModelName) -> Result<(), Gone> {
        let Some(desk) = &self.desk else {
            return Ok(());
        };
        let loaded = models::load(&name.0, Some(&desk.location), None, &self.device)
            .map_err(|error| Problem::of(&error))
            .and_then(|(folder, checkpoint)| {
                let tagger =
                    Tagger::new(checkpoint).map_err(|error| Problem { message: error.to_string(), hint: None });
                Ok((folder, tagger?))
            });
        match loaded {
            Ok((folder, tagger)) => {
                let columns = Columns::of(tagger.config(), &self.vocabulary);
                let details = ModelDetails::new(name.clone(), folder, tagger.config(), &columns);
                self.seat = Some(Seat { name, tagger, columns });
                self.begin();
                self.outlet.send(Event::ModelLoaded(Arc::new(details)))
            }
            Err(problem) => self.outlet.send(Event::ModelFailed { model: name, problem }),
        }
    }

    /// One small piece of work: what the cache knows of the next images, else a look at a few of them.
    fn work(&mut self) -> Result<(), Gone> {
        let (next, at_once) = self.next();
        let (Some(desk), Some(cache), Some(seat)) = (&self.desk, &self.cache, &self.seat) else {
            return Ok(());
        };
        let collection = &desk.collection;
        let embedder = Embedder { tagger: &seat.tagger, collection, cache };
        let files: Vec<&ImageFile> = next.iter().map(|&position| &collection.images[position]).collect();
        let cached = embedder.cached(&files);
        let mut seen: Vec<_> =
            next.iter().zip(cached).filter_map(|(&position, row)| Some((position, Embedded::Row(row?)))).collect();
        if seen.is_empty() {
            let n = files.len().min(at_once);
            let started = Instant::now();
            match embedder.look(&files[..n]) {
                Ok(looked) => seen = next.into_iter().zip(looked.into_iter().map(|(_, embedded)| embedded)).collect(),
                Err(error) => {
                    let problem = Problem { message: error.to_string(), hint: None };
                    let model = seat.name.clone();
                    self.seat = None;
                    return self.outlet.send(Event::ModelFailed { model, problem });
                }
            }
            let speed = n as f32 / started.elapsed().as_secs_f32().max(1e-3);
            self.per_second = if self.per_second == 0.0 { speed } else { 0.8 * self.per_second + 0.2 * speed };
        }
        self.propose(seen)
    }

    /// Positions to see next, and how many of them to decode at once.
    fn next(&mut self) -> (Vec<usize>, usize) {
        let Some(desk) = &self.desk else {
            return (Vec::new(), 0);
        };
        let open = |position: &usize| !self.done[*position];
        let wanted: Vec<_> = self
            .wanted
            .iter()
            .filter_map(|id| desk.collection.position(id))
            .filter(open)
            .take(CACHED_AT_ONCE)
            .collect();
        if !wanted.is_empty() {
            return (wanted, IN_VIEW_AT_ONCE);
        }
        let rest: Vec<_> = (self.first_open..self.done.len()).filter(open).take(CACHED_AT_ONCE).collect();
        self.first_open = rest.first().copied().unwrap_or(self.done.len());
        (rest, BATCH)
    }

    /// Probabilities of these images, as events.
    fn propose(&mut self, seen: Vec<(usize, Embedded)>) -> Result<(), Gone> {
        let (Some(desk), Some(seat)) = (&self.desk, &self.seat) else {
            return Ok(());
        };
        for (position, embedded) in seen {
            if !std::mem::replace(&mut self.done[position], true) {
                self.n_done += 1;
            }
            let image = desk.collection.images[position].id.clone();
            let event = match embedded {
                Embedded::Failed(error) => Event::PictureFailed { image, problem: Problem::of(&error) },
                Embedded::Row(row) => match seat.tagger.probabilities_of(&row) {
                    Ok(all) => {
                        let probabilities = seat.columns.of_head.iter().map(|&column| all[column]).collect();
                        Event::Proposed { image, by: seat.name.clone(), probabilities }
                    }
                    Err(error) => {
                        Event::PictureFailed { image, problem: Problem { message: error.to_string(), hint: None } }
                    }
                },
            };
            self.outlet.send(event)?;
        }
        let work = WorkDone { done: self.n_done, total: self.done.len(), per_second: self.per_second };
        self.outlet.send(Event::Embedding(work))
    }
}
