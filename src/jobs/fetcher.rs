//! The fetcher: says which models from the Hub are on this computer, and fetches others when asked to.
//!
//! Touches no collection: it goes on while collections open and close. Apart from this worker and `docent models get`
//! nothing in Docent goes to the network.

use std::ops::ControlFlow;
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::outlet::{Gone, Outlet};
use super::trainer::Stop;
use super::{Event, FetchOutcome, FetchedModel, ModelName, Problem};
use crate::hub::{self, Environment, HubError, HubId, Progress, Watch};
use crate::model::Checkpoint;
use crate::training::models;

/// Between two reports of bytes to the screen.
const REPORT: Duration = Duration::from_millis(100);

pub(super) enum FetchOrder {
    /// With the number of stops requested when it was ordered: a later stop is meant for it.
    Fetch { id: String, at: u64 },
}

pub(super) fn run(orders: &Receiver<FetchOrder>, outlet: &Outlet, environment: &Environment, stop: &Stop) {
    if look(outlet, environment) == Err(Gone) {
        return;
    }
    for FetchOrder::Fetch { id, at } in orders {
        let outcome = fetch(&id, environment, watch(&id, at, outlet, stop));
        let changed = matches!(outcome, FetchOutcome::Finished { .. });
        let told = outlet.send(Event::FetchEnded { id, outcome });
        let told = told.and_then(|()| if changed { look(outlet, environment) } else { Ok(()) });
        if told == Err(Gone) {
            return;
        }
    }
}

/// What is here and can be computed.
fn look(outlet: &Outlet, environment: &Environment) -> Result<(), Gone> {
    let fetched = models::fetched(&environment.cache()).into_iter();
    let fetched = fetched.map(|(id, folder, config)| FetchedModel {
        name: ModelName(id.to_string()),
        architecture: config.architecture,
        n_bytes: models::n_bytes(&folder),
    });
    outlet.send(Event::FetchedModelsFound { models: fetched.collect() })
}

fn fetch(id: &str, environment: &Environment, watch: Watch) -> FetchOutcome {
    let id = match HubId::parse(id) {
        Ok(id) => id,
        Err(error) => return FetchOutcome::Failed { problem: Problem::of(&error) },
    };
    match hub::fetch(&id, environment, &watch) {
        Ok(fetched) => FetchOutcome::Finished {
            licence: fetched.licence,
            notice: fetched.notice,
            unusable: Checkpoint::read(&fetched.folder).err().map(|error| Problem::of(&error)),
        },
        Err(HubError::Stopped) => FetchOutcome::Cancelled,
        Err(error) => FetchOutcome::Failed { problem: Problem::of(&error) },
    }
}

/// What was last said to the screen, and what it has not heard yet.
#[derive(Default)]
struct Said {
    at: Option<Instant>,
    waiting: Option<Progress>,
}

/// Passes progress on to the screen, not too often, and hears when to stop.
fn watch(id: &str, at: u64, outlet: &Outlet, stop: &Stop) -> Watch {
    let (id, outlet, stop) = (id.to_owned(), outlet.another(), stop.clone());
    let said: Mutex<Said> = Mutex::default();
    Arc::new(move |progress: &Progress| {
        if stop.count() > at {
            return ControlFlow::Break(());
        }
        // Nobody else holds it: the watcher is asked from one thread.
        let Ok(mut said) = said.lock() else {
            return ControlFlow::Continue(());
        };
        if *progress != Progress::Still {
            said.waiting = Some(progress.clone());
        }
        // The last bytes before a silence are told during it.
        let is_bytes = matches!(said.waiting, Some(Progress::Fetching { .. }));
        if is_bytes && said.at.is_some_and(|at| at.elapsed() < REPORT) {
            return ControlFlow::Continue(());
        }
        let Some(progress) = said.waiting.take() else {
            return ControlFlow::Continue(());
        };
        said.at = Some(Instant::now());
        match outlet.send(Event::FetchProgressed { id: id.clone(), progress }) {
            Ok(()) => ControlFlow::Continue(()),
            Err(Gone) => ControlFlow::Break(()),
        }
    })
}
