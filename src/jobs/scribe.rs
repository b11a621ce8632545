//! The scribe: opens collections, writes every decision before anybody says so, keeps `train.csv` up to date.
//!
//! Architecture Invariant: `Event::Recorded` follows the fsync. What cannot be written stays queued, in order, and is
//! tried again; `train.csv` is rewritten within a second of the last decision, and before the worker ends.

use std::collections::{HashMap, VecDeque};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::outlet::{Gone, Outlet};
use super::{Event, ModelDetails, ModelName, Opened, Problem, RecordChange, Ticket, WriteNumber};
use crate::base::Hint;
use crate::collection::Collection;
use crate::domain::{Annotation, Change, ImageId, Step, Vocabulary};
use crate::model::Columns;
use crate::store::tables::{append_label, write_train};
use crate::store::{Location, Record, StepId};
use crate::training::models;

/// A pause in deciding this long, and `train.csv` is written …
const QUIET: Duration = Duration::from_millis(300);
/// … but after the first decision it never waits longer than this.
const LATEST: Duration = Duration::from_millis(800);
/// Between attempts to write what could not be written.
const RETRY: Duration = Duration::from_secs(2);
const MODEL_SETTING: &str = "model";

pub(super) enum ScribeOrder {
    Open { folder: std::path::PathBuf, demo: bool },
    Record { number: WriteNumber, change: RecordChange },
    RememberModel(ModelName),
    Close,
}

/// The open collection, as far as writing is concerned.
struct Desk {
    location: Location,
    record: Record,
    vocabulary: Vocabulary,
    annotations: HashMap<ImageId, Annotation>,
    steps: HashMap<Ticket, (StepId, Step)>,
    waiting: VecDeque<(WriteNumber, RecordChange)>,
    /// Decisions that `train.csv` lacks: since when, and since when it has been quiet.
    dirty: Option<(Instant, Instant)>,
    last: WriteNumber,
    retry_at: Option<Instant>,
}

pub(super) fn run(orders: &Receiver<ScribeOrder>, outlet: &Outlet, who: &str) {
    let mut desk: Option<Desk> = None;
    loop {
        let due = desk.as_ref().and_then(Desk::due);
        let order = match due {
            None => orders.recv().map_err(|_closed| RecvTimeoutError::Disconnected),
            Some(due) => orders.recv_timeout(due.saturating_duration_since(Instant::now())),
        };
        let result = match order {
            Ok(ScribeOrder::Open { folder, demo }) => {
                finish(desk.take(), outlet, who);
                open(&folder, demo, outlet).map(|opened| desk = opened)
            }
            Ok(ScribeOrder::Close) => {
                finish(desk.take(), outlet, who);
                Ok(())
            }
            Ok(ScribeOrder::Record { number, change }) => desk.as_mut().map_or(Ok(()), |desk| {
                desk.waiting.push_back((number, change));
                if desk.retry_at.is_none() { desk.write_waiting(outlet, who) } else { Ok(()) }
            }),
            Ok(ScribeOrder::RememberModel(model)) => {
                desk.as_mut().map_or(Ok(()), |desk| match desk.record.set_setting(MODEL_SETTING, &model.0) {
                    Ok(()) => Ok(()),
                    Err(error) => outlet.send(Event::WriteFailed { problem: Problem::of(&error) }),
                })
            }
            Err(RecvTimeoutError::Timeout) => desk.as_mut().map_or(Ok(()), |desk| desk.catch_up(outlet, who)),
            Err(RecvTimeoutError::Disconnected) => {
                finish(desk.take(), outlet, who);
                return;
            }
        };
        if result == Err(Gone) {
            // The window went without saying goodbye: what was handed over is still written.
            while let Ok(order) = orders.try_recv() {
                if let (ScribeOrder::Record { number, change }, Some(desk)) = (order, desk.as_mut()) {
                    desk.waiting.push_back((number, change));
                }
            }
            finish(desk.take(), outlet, who);
            return;
        }
    }
}

/// Writes all that is left. Nobody may be listening any more; what cannot be written is said on standard error.
fn finish(desk: Option<Desk>, outlet: &Outlet, who: &str) {
    let Some(mut desk) = desk else {
        return;
    };
    let _ = desk.write_waiting(outlet, who);
    let _ = desk.write_table(outlet);
    if !desk.waiting.is_empty() {
        tracing::error!("{} changes could not be written", desk.waiting.len());
    }
}

impl Desk {
    /// When there is something to do though no order comes.
    fn due(&self) -> Option<Instant> {
        let table = self.dirty.map(|(since, quiet_since)| (quiet_since + QUIET).min(since + LATEST));
        match self.retry_at {
            Some(retry) => Some(retry),
            None => table,
        }
    }

    fn catch_up(&mut self, outlet: &Outlet, who: &str) -> Result<(), Gone> {
        self.write_waiting(outlet, who)?;
        if self.due().is_some_and(|due| due <= Instant::now()) && self.retry_at.is_none() {
            self.write_table(outlet)?;
        }
        Ok(())
    }

    /// Writes what was handed over, in order, each durable before it is acknowledged.
    fn write_waiting(&mut self, outlet: &Outlet, who: &str) -> Result<(), Gone> {
        self.retry_at = None;
        while let Some((number, change)) = self.waiting.front().cloned() {
            match self.write(&change, who) {
                Ok(()) => {
                    self.waiting.pop_front();
                    self.last = number;
                    let now = Instant::now();
                    self.dirty = Some((self.dirty.map_or(now, |(since, _)| since), now));
                    outlet.send(Event::Recorded { number })?;
                }
                Err(problem) => {
                    self.retry_at = Some(Instant::now() + RETRY);
                    return outlet.send(Event::WriteFailed { problem });
                }
            }
        }
        Ok(())
    }

    fn write(&mut self, change: &RecordChange, who: &str) -> Result<(), Problem> {
        let now = now_millis();
        match change {
            RecordChange::Do { ticket, step } => {
                let id = self.record.append(step, who, now).map_err(|error| Problem::of(&error))?;
                self.steps.insert(*ticket, (id, step.clone()));
                self.apply(step.changes.iter().cloned());
            }
            RecordChange::Undo { ticket } | RecordChange::Redo { ticket } => {
                let Some((id, step)) = self.steps.get(ticket).cloned() else {
                    let message = format!("step {} is not in the record", ticket.0);
                    return Err(Problem::new(message, "close and open the collection again"));
                };
                if matches!(change, RecordChange::Undo { .. }) {
                    self.record.undo(id, who, now).map_err(|error| Problem::of(&error))?;
                    self.apply(step.changes.iter().rev().map(Change::inverse));
                } else {
                    self.record.redo(id, who, now).map_err(|error| Problem::of(&error))?;
                    self.apply(step.changes.into_iter());
                }
            }
            RecordChange::CreateLabel { id, name } => {
                append_label(&self.location, *id, name).map_err(|error| Problem::of(&error))?;
                self.vocabulary.create(name);
            }
        }
        Ok(())
    }

    fn apply(&mut self, changes: impl Iterator<Item = Change>) {
        for change in changes {
            self.annotations.entry(change.image().clone()).or_default().apply(&change);
        }
    }

    fn write_table(&mut self, outlet: &Outlet) -> Result<(), Gone> {
        if self.dirty.is_none() {
            return Ok(());
        }
        match write_train(&mut self.record, &self.location, &self.vocabulary, &mut self.annotations) {
            Ok(_) => {
                self.dirty = None;
                outlet.send(Event::TableWritten { up_to: self.last })
            }
            Err(error) => {
                self.retry_at = Some(Instant::now() + RETRY);
                outlet.send(Event::WriteFailed { problem: Problem::of(&error) })
            }
        }
    }
}

fn open(folder: &Path, demo: bool, outlet: &Outlet) -> Result<Option<Desk>, Gone> {
    // A picture dropped on the window stands for the folder it lies in.
    let parent = folder.parent().filter(|_| folder.is_file());
    let folder = parent.unwrap_or(folder);
    let working = Event::Opening { folder: folder.to_path_buf(), work: super::WorkDone::default() };
    outlet.send(working)?;
    match read(folder, demo) {
        Ok((desk, opened)) => {
            outlet.send(Event::Opened(Box::new(opened)))?;
            let mut desk = desk;
            // An earlier session may have ended between the record and the table.
            desk.dirty = Some((Instant::now(), Instant::now()));
            Ok(Some(desk))
        }
        Err(problem) => {
            outlet.send(Event::OpenFailed { folder: folder.to_path_buf(), problem })?;
            Ok(None)
        }
    }
}

fn read(folder: &Path, demo: bool) -> Result<(Desk, Opened), Problem> {
    fn problem(error: impl std::error::Error + Hint) -> Problem {
        Problem::of(&error)
    }
    // The pictures first: a folder that is not there must not get a record.
    let reading = Location::for_reading(folder);
    let mut collection = Collection::open(folder, reading.tables()).map_err(problem)?;
    let location = Location::of(folder).map_err(problem)?;
    let mut record = Record::open(&location).map_err(problem)?;
    if location.tables() != reading.tables() {
        collection = Collection::open(folder, location.tables()).map_err(problem)?;
    }
    let mut annotations = record.annotations(&collection.train, now_millis()).map_err(problem)?;
    for (id, tags) in collection.train.rows() {
        if !annotations.contains_key(id) {
            annotations.insert(id.clone(), Annotation::new(Some(tags.clone())));
        }
    }
    let history = record.history().map_err(problem)?;
    let steps = history.iter().map(|(id, step, _)| (Ticket(id.0 as u64), (*id, step.clone()))).collect();
    let models: Vec<_> = models::list(&location)
        .into_iter()
        .map(|(name, folder, config)| {
            let columns = Columns::of(&config, &collection.vocabulary);
            Arc::new(ModelDetails::new(ModelName(name), folder, &config, &columns))
        })
        .collect();
    let remembered = record.setting(MODEL_SETTING).map_err(problem)?.map(ModelName);
    let known = |name: &ModelName| models.iter().any(|model| model.name == *name) || Path::new(&name.0).is_dir();
    let newest = || models.last().map(|model| model.name.clone());
    let model = remembered.filter(known).or_else(newest).unwrap_or_else(|| ModelName(models::STARTER.to_owned()));
    let opened = Opened {
        annotations: annotations.clone(),
        history: history.into_iter().map(|(id, step, undone)| (Ticket(id.0 as u64), step, undone)).collect(),
        n_decisions: record.n_decisions().map_err(problem)?,
        findings: collection.findings.clone(),
        location: location.clone(),
        models,
        model,
        demo,
        collection: Arc::new(collection),
    };
    let desk = Desk {
        vocabulary: opened.collection.vocabulary.clone(),
        location,
        record,
        annotations,
        steps,
        waiting: VecDeque::new(),
        dirty: None,
        last: WriteNumber(0),
        retry_at: None,
    };
    Ok((desk, opened))
}

fn now_millis() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis() as u64
}
