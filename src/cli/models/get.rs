//! `docent models get HUB_ID`: the only verb that goes to the network.

use std::ops::ControlFlow;
use std::sync::Arc;

use crate::base::Hint as _;
use crate::cli::args::GetModel;
use crate::cli::interrupt::Interrupt;
use crate::cli::terminal::{Failure, bytes_bar, print, say};
use crate::hub::{self, Environment, HubError, HubId, Progress, Watch};
use crate::model::Checkpoint;

pub(super) fn run(arguments: &GetModel) -> Result<(), Failure> {
    let id = HubId::parse(&arguments.id).map_err(Failure::usage)?;
    let environment = Environment::of_process();
    let interrupt = Interrupt::listen();
    let bar = bytes_bar("asking the Hub");
    let watch: Watch = {
        let bar = bar.clone();
        Arc::new(move |progress: &Progress| {
            match progress {
                Progress::Asking => bar.set_message("asking the Hub"),
                Progress::Waiting { file } => bar.set_message(format!("waiting for {file}")),
                Progress::Fetching { file, done, total } => {
                    bar.set_message(file.clone());
                    bar.set_length(total.unwrap_or(*done));
                    bar.set_position(*done);
                }
                Progress::Checking { file } => bar.set_message(format!("checking {file}")),
                Progress::Still => {}
            }
            if interrupt.is_pressed() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
    };
    let fetched = hub::fetch(&id, &environment, &watch);
    bar.finish_and_clear();
    let fetched = fetched.map_err(failure)?;
    if let Some(notice) = &fetched.notice {
        say(notice);
    }
    match fetched.n_arrived {
        0 => say(format!("{id} is here already")),
        _ => say(format!("{id}: {}", super::megabytes(fetched.n_bytes))),
    }
    let licence = fetched.licence.as_ref();
    say(format!(
        "licence: {}",
        licence.map_or("the Hub does not say; ask before you rely on it", |licence| &licence.0)
    ));
    if let Some(warning) = licence.and_then(hub::Licence::warning) {
        say(warning);
    }
    // Fetched it is; whether this version can compute it is another question.
    if let Err(error) = Checkpoint::read(&fetched.folder) {
        let hint = error.hint().map_or_else(String::new, |hint| format!("\nHint: {hint}"));
        say(format!("this Docent cannot use it: {error}{hint}"));
    }
    print(fetched.folder.display())
}

fn failure(error: HubError) -> Failure {
    match error {
        HubError::Stopped => Failure::Cancelled(error.to_string()),
        HubError::NotFound { .. } | HubError::NoRevision { .. } | HubError::NoFile { .. } => Failure::usage(error),
        error => Failure::data(error),
    }
}
