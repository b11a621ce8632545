//! The trainer: one fine-tune at a time, from snapshots to a checkpoint folder.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use super::outlet::{Gone, Outlet};
use super::{Desk, Event, FineTuneOutcome, FineTuneProgress, FineTuneSpec, ModelDetails, ModelName, Problem, WorkDone};
use crate::collection::ImageFile;
use crate::imaging::DecodeError;
use crate::model::Columns;
use crate::model::device::{self, Choice};
use crate::store::Cache;
use crate::training::session::{self, Job, Session, Start, Watcher};
use crate::training::{Progress, unfinished};

/// Between two reports to the screen: smooth to the eye, cheap to draw.
const REPORT: Duration = Duration::from_millis(50);

pub(super) enum TrainerOrder {
    Desk(Option<Desk>),
    /// For the jobs ordered after it.
    Device(Choice),
    /// With the number of stops requested when it was ordered: a later stop is meant for it.
    FineTune(Box<FineTuneSpec>, u64),
}

/// Counts requests to stop; a job stops when there are more than at its start.
#[derive(Debug, Clone, Default)]
pub(super) struct Stop(Arc<AtomicU64>);

impl Stop {
    pub(super) fn request(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

pub(super) fn run(orders: &Receiver<TrainerOrder>, outlet: &Outlet, mut choice: Choice, stop: &Stop) {
    let mut desk: Option<Desk> = None;
    for order in orders {
        match order {
            TrainerOrder::Desk(new) => desk = new,
            TrainerOrder::Device(new) => choice = new,
            TrainerOrder::FineTune(spec, at) => {
                let Some(desk) = &desk else {
                    continue;
                };
                let started = Instant::now();
                let mut reporter = Reporter {
                    outlet,
                    stop,
                    at,
                    last: None,
                    begun: Instant::now(),
                    looked_at_start: None,
                    measured: None,
                };
                let outcome = fine_tune(&spec, desk, choice, &mut reporter, started);
                if outlet.send(Event::FineTuneEnded(outcome)) == Err(Gone) {
                    return;
                }
            }
        }
    }
}

fn fine_tune(
    spec: &FineTuneSpec,
    desk: &Desk,
    choice: Choice,
    reporter: &mut Reporter<'_>,
    started: Instant,
) -> FineTuneOutcome {
    let session = Session {
        job: Job::New {
            recipe: spec.recipe.clone(),
            start: Start::Model(spec.from.0.clone()),
            out: None,
            annotations: &spec.annotations,
        },
        collection: &desk.collection,
        vocabulary: &spec.vocabulary,
        location: &desk.location,
        cache: &Cache::open(&desk.location),
        device: &device::open(choice).device,
        save_every: unfinished::EVERY,
    };
    match session::run(&session, reporter) {
        Ok(finished) => {
            let columns = Columns::of(&finished.config, &spec.vocabulary);
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
    begun: Instant,
    /// Pictures that came out of the cache do not count for the speed.
    looked_at_start: Option<usize>,
    /// Validation loss of the last report.
    measured: Option<f64>,
}

impl Reporter<'_> {
    fn report(&mut self, progress: FineTuneProgress, always: bool) -> ControlFlow<()> {
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
    fn looking(&mut self, done: usize, total: usize) -> ControlFlow<()> {
        let first = *self.looked_at_start.get_or_insert(done);
        let per_second = (done - first) as f32 / self.begun.elapsed().as_secs_f32().max(1e-3);
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
