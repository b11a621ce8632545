//! The trainer: one fine-tune at a time, from snapshots to a checkpoint folder.

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use super::outlet::{Gone, Outlet};
use super::{
    Desk, Event, FineTuneOutcome, FineTuneProgress, FineTuneSpec, ModelDetails, ModelName, Problem, WorkDone, ahead,
};
use crate::collection::ImageFile;
use crate::imaging::DecodeError;
use crate::model::Columns;
use crate::model::device::{self, Choice};
use crate::store::Cache;
use crate::training::session::{self, Session, Start, Watcher};
use crate::training::{Progress, unfinished};

/// Between two reports to the screen: smooth to the eye, cheap to draw.
const REPORT: Duration = Duration::from_millis(50);

pub(super) enum TrainerOrder {
    Desk(Option<Desk>),
    /// For the jobs ordered after it.
    Device(Choice),
    FineTune(Job),
    /// Forget the run that was interrupted.
    Discard,
}

pub(super) struct Job {
    /// `None`: the run that was interrupted.
    pub(super) what: Option<Box<FineTuneSpec>>,
    /// The number of stops requested when it was ordered: a later stop is meant for it.
    pub(super) at: u64,
}

/// Counts requests to stop; a job stops when there are more than at its start. And whether it should hold.
#[derive(Debug, Clone, Default)]
pub(super) struct Stop(Arc<(AtomicU64, AtomicBool)>);

impl Stop {
    pub(super) fn request(&self) {
        self.0.0.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn count(&self) -> u64 {
        self.0.0.load(Ordering::Relaxed)
    }

    pub(super) fn pause(&self, paused: bool) {
        self.0.1.store(paused, Ordering::Relaxed);
    }

    fn is_paused(&self) -> bool {
        self.0.1.load(Ordering::Relaxed)
    }
}

pub(super) fn run(orders: &Receiver<TrainerOrder>, outlet: &Outlet, mut choice: Choice, stop: &Stop) {
    let mut desk: Option<Desk> = None;
    let mut waiting = VecDeque::new();
    loop {
        let order = match waiting.pop_front() {
            Some(order) => order,
            None => match orders.recv() {
                Ok(order) => order,
                Err(_closed) => return,
            },
        };
        match order {
            TrainerOrder::Desk(new) => desk = new,
            TrainerOrder::Device(new) => choice = new,
            TrainerOrder::Discard => {
                if let Some(desk) = &desk {
                    unfinished::discard(&desk.location);
                }
            }
            TrainerOrder::FineTune(job) => {
                // Of several that waited the newest is meant.
                waiting.extend(orders.try_iter());
                let newer = |order: &TrainerOrder| matches!(order, TrainerOrder::FineTune(_));
                let Some(desk) = desk.as_ref().filter(|_| !waiting.iter().any(newer)) else {
                    continue;
                };
                let started = Instant::now();
                stop.pause(false);
                let mut reporter =
                    Reporter { outlet, stop, at: job.at, last: None, looking_since: None, measured: None };
                let outcome = fine_tune(job.what, desk, choice, &mut reporter, started);
                if outlet.send(Event::FineTuneEnded(outcome)) == Err(Gone) {
                    return;
                }
            }
        }
    }
}

fn fine_tune(
    what: Option<Box<FineTuneSpec>>,
    desk: &Desk,
    choice: Choice,
    reporter: &mut Reporter<'_>,
    started: Instant,
) -> FineTuneOutcome {
    let (job, vocabulary) = match &what {
        None => (session::Job::Resume, &desk.collection.vocabulary),
        Some(spec) => {
            let FineTuneSpec { recipe, from, vocabulary, annotations } = &**spec;
            let start = Start::Model(from.0.clone());
            (session::Job::New { recipe: Box::new(recipe.clone()), start, out: None, annotations }, &**vocabulary)
        }
    };
    let session = Session {
        job,
        collection: &desk.collection,
        vocabulary,
        location: &desk.location,
        cache: &Cache::open(&desk.location),
        device: &device::open(choice).device,
        open: ahead::open,
        save_every: unfinished::EVERY,
    };
    match session::run(&session, reporter) {
        Ok(finished) => {
            let columns = Columns::of(&finished.config, vocabulary);
            let model = ModelDetails::new(ModelName(finished.name), finished.folder, &finished.config, &columns);
            FineTuneOutcome::Finished { model: Arc::new(model), seconds: started.elapsed().as_secs_f32() }
        }
        Err(error) if error.is_cancel() => FineTuneOutcome::Cancelled,
        Err(error) => FineTuneOutcome::Failed { problem: Problem::of(&error) },
    }
}

/// Passes progress on to the screen, not too often, and hears when to stop.
struct Reporter<'a> {
    outlet: &'a Outlet,
    stop: &'a Stop,
    at: u64,
    last: Option<Instant>,
    looking_since: Option<Instant>,
    /// Validation loss of the last report.
    measured: Option<f64>,
}

impl Reporter<'_> {
    fn report(&mut self, progress: FineTuneProgress, always: bool) -> ControlFlow<()> {
        while self.stop.is_paused() && self.stop.count() <= self.at {
            std::thread::park_timeout(REPORT);
        }
        if self.stop.count() > self.at {
            return ControlFlow::Break(());
        }
        if !always && self.last.is_some_and(|last| last.elapsed() < REPORT) {
            return ControlFlow::Continue(());
        }
        self.last = Some(Instant::now());
        match self.outlet.send(Event::FineTune(progress)) {
            Ok(()) => ControlFlow::Continue(()),
            Err(Gone) => ControlFlow::Break(()),
        }
    }
}

impl Watcher for Reporter<'_> {
    fn looking(&mut self, done: usize, total: usize, n_kept: usize) -> ControlFlow<()> {
        // Pictures that came out of the cache do not count for the speed.
        let n_looked = done - n_kept;
        let since = match self.looking_since {
            Some(since) if n_looked > 0 => since,
            _ => *self.looking_since.insert(Instant::now()),
        };
        let per_second = n_looked as f32 / since.elapsed().as_secs_f32().max(1e-3);
        self.report(FineTuneProgress::Embedding(WorkDone { done, total, per_second }), done == total)
    }

    fn training(&mut self, progress: &Progress) -> ControlFlow<()> {
        // The figures of an epoch are drawn as a point: none may be missed.
        let measured = progress.validation_loss != self.measured;
        self.measured = progress.validation_loss;
        self.report(FineTuneProgress::Training(*progress), measured)
    }

    fn unusable(&mut self, file: &ImageFile, why: &DecodeError) {
        let problem = Problem::of(why);
        // If the screen has gone, the next report ends the job.
        let _ = self.outlet.send(Event::PictureFailed { image: file.id.clone(), problem });
    }
}
