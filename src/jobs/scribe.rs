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
use crate::domain::{Annotation, AttributeId, Change, ImageId, Label, Step, Vocabulary};
use crate::model::Columns;
use crate::store::labels::write_labels;
use crate::store::tables::write_train;
use crate::store::{Location, Record, StepId};
use crate::training::{Recipe, models, recipes, unfinished};

/// A pause in deciding this long, and `train.csv` is written …
const QUIET: Duration = Duration::from_millis(300);
/// … but after the first decision it never waits longer than this.
const LATEST: Duration = Duration::from_millis(800);
/// Between attempts to write what could not be written.
const RETRY: Duration = Duration::from_secs(2);

pub(super) enum ScribeOrder {
    Open {
        folder: std::path::PathBuf,
        demo: bool,
    },
    Record {
        number: WriteNumber,
        change: RecordChange,
    },
    RememberModel(ModelName),
    ReadDeeds,
    FindOrigins(ImageId),
    SaveRecipe {
        name: String,
        recipe: Recipe,
    },
    /// From now on.
    SignAs(String),
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
    /// When what waits for the record is tried again; the record never waits for a table.
    retry_at: Option<Instant>,
    table_retry_at: Option<Instant>,
}

pub(super) fn run(orders: &Receiver<ScribeOrder>, outlet: &Outlet, mut who: String) {
    let mut desk: Option<Desk> = None;
    loop {
        let due = desk.as_ref().and_then(Desk::due);
        let order = match due {
            None => orders.recv().map_err(|_closed| RecvTimeoutError::Disconnected),
            Some(due) => orders.recv_timeout(due.saturating_duration_since(Instant::now())),
        };
        let result = match order {
            Ok(ScribeOrder::Open { folder, demo }) => {
                finish(desk.take(), outlet, &who);
                open(&folder, demo, outlet).map(|opened| desk = opened)
            }
            Ok(ScribeOrder::SignAs(name)) => {
                who = name;
                Ok(())
            }
            Ok(ScribeOrder::Close) => {
                finish(desk.take(), outlet, &who);
                Ok(())
            }
            Ok(ScribeOrder::Record { number, change }) => desk.as_mut().map_or(Ok(()), |desk| {
                desk.waiting.push_back((number, change));
                if desk.retry_at.is_none() { desk.write_waiting(outlet, &who) } else { Ok(()) }
            }),
            Ok(ScribeOrder::RememberModel(model)) => {
                if let Some(Err(error)) = desk.as_mut().map(|desk| models::remember(&mut desk.record, &model.0)) {
                    // The next opening takes the newest model instead.
                    tracing::warn!("the model in use was not noted: {error}");
                }
                Ok(())
            }
            Ok(ScribeOrder::ReadDeeds) => desk.as_ref().map_or(Ok(()), |desk| {
                let deeds = desk.record.deeds().map(Arc::new).map_err(|error| Problem::of(&error));
                outlet.send(Event::DeedsRead { deeds })
            }),
            Ok(ScribeOrder::FindOrigins(image)) => desk.as_ref().map_or(Ok(()), |desk| {
                let origins = desk.record.origins(&image).unwrap_or_else(|error| {
                    tracing::warn!("the record could not be asked: {error}");
                    Vec::new()
                });
                outlet.send(Event::OriginsFound { image, origins })
            }),
            Ok(ScribeOrder::SaveRecipe { name, recipe }) => desk.as_ref().map_or(Ok(()), |desk| {
                let saved = recipes::save(&desk.location, &name, &recipe);
                let problem = saved.err().map(|error| Problem::of(&error));
                outlet.send(Event::RecipeSaved { name, recipe, problem })
            }),
            Err(RecvTimeoutError::Timeout) => Ok(()),
            Err(RecvTimeoutError::Disconnected) => {
                finish(desk.take(), outlet, &who);
                return;
            }
        };
        // After every order, so that a stream of them cannot keep the tables waiting.
        let result = result.and_then(|()| desk.as_mut().map_or(Ok(()), |desk| desk.catch_up(outlet, &who)));
        if result == Err(Gone) {
            // The window went without saying goodbye: what was handed over is still written.
            while let Ok(order) = orders.try_recv() {
                if let (ScribeOrder::Record { number, change }, Some(desk)) = (order, desk.as_mut()) {
                    desk.waiting.push_back((number, change));
                }
            }
            finish(desk.take(), outlet, &who);
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
    let _ = desk.write_tables(outlet);
    if !desk.waiting.is_empty() {
        tracing::error!("{} changes could not be written", desk.waiting.len());
    }
}

impl Desk {
    /// When there is something to do though no order comes.
    fn due(&self) -> Option<Instant> {
        self.retry_at.into_iter().chain(self.table_due()).min()
    }

    fn table_due(&self) -> Option<Instant> {
        let (since, quiet_since) = self.dirty?;
        let due = (quiet_since + QUIET).min(since + LATEST);
        Some(self.table_retry_at.map_or(due, |retry| retry.max(due)))
    }

    fn catch_up(&mut self, outlet: &Outlet, who: &str) -> Result<(), Gone> {
        if self.retry_at.is_some_and(|due| due <= Instant::now()) {
            self.write_waiting(outlet, who)?;
        }
        if self.table_due().is_some_and(|due| due <= Instant::now()) {
            self.write_tables(outlet)?;
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
                step.edit(&mut self.vocabulary, false);
                self.apply(step.changes.iter().cloned());
            }
            RecordChange::Undo { ticket } | RecordChange::Redo { ticket } => {
                let Some((id, step)) = self.steps.get(ticket).cloned() else {
                    // Trying again would not find it either, and would keep everything after it waiting.
                    tracing::error!("step {} was to be taken back or redone, but is not in the record", ticket.0);
                    return Ok(());
                };
                if matches!(change, RecordChange::Undo { .. }) {
                    self.record.undo(id, who, now).map_err(|error| Problem::of(&error))?;
                    self.apply(step.changes.iter().rev().map(Change::inverse));
                    step.edit(&mut self.vocabulary, true);
                } else {
                    self.record.redo(id, who, now).map_err(|error| Problem::of(&error))?;
                    step.edit(&mut self.vocabulary, false);
                    self.apply(step.changes.into_iter());
                }
            }
            RecordChange::CreateLabel { id, name } => {
                self.record.create_label(*id, name).map_err(|error| Problem::of(&error))?;
                self.vocabulary.push(Label { id: *id, name: name.clone() });
            }
        }
        Ok(())
    }

    fn apply(&mut self, changes: impl Iterator<Item = Change>) {
        for change in changes {
            self.annotations.entry(change.image().clone()).or_default().apply(&change);
        }
    }

    /// `labels.csv` first: `train.csv` refers to it.
    fn write_tables(&mut self, outlet: &Outlet) -> Result<(), Gone> {
        if self.dirty.is_none() {
            return Ok(());
        }
        let annotations = &self.annotations;
        let is_used = |id: AttributeId| annotations.values().any(|annotation| annotation.state(id).is_present());
        let written = write_labels(&mut self.record, &self.location, &mut self.vocabulary, &is_used)
            .and_then(|_| write_train(&mut self.record, &self.location, &self.vocabulary, &mut self.annotations));
        match written {
            Ok(_) => {
                (self.dirty, self.table_retry_at) = (None, None);
                outlet.send(Event::TableWritten { up_to: self.last })
            }
            Err(error) => {
                self.table_retry_at = Some(Instant::now() + RETRY);
                outlet.send(Event::TableFailed { problem: Problem::of(&error) })
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
    collection.take_vocabulary(record.vocabulary(&collection.labels, now_millis()).map_err(problem)?);
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
    let remembered = models::remembered(&record).map_err(problem)?;
    let previous_model = models::previous(&record).map_err(problem)?.map(ModelName);
    let model = ModelName(models::choose(remembered, &location));
    let opened = Opened {
        annotations: annotations.clone(),
        history: history.into_iter().map(|(id, step, undone)| (Ticket(id.0 as u64), step, undone)).collect(),
        n_decisions: record.n_decisions().map_err(problem)?,
        conflicts: record.conflicts().map_err(problem)?,
        findings: collection.findings.clone(),
        location: location.clone(),
        models,
        model,
        previous_model,
        recipes: recipes::list(&location),
        unfinished: unfinished::find(&location).ok(),
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
        table_retry_at: None,
    };
    Ok((desk, opened))
}

fn now_millis() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis() as u64
}
