//! `docent models`: which there are, what is known of one, fetching one, choosing one for a collection.

mod get;
mod list;
mod show;

use std::path::Path;

use super::args::{Models, ModelsVerb, RollBack, UseModel};
use super::collection::Desk;
use super::terminal::{Failure, say};
use crate::jobs::Problem;
use crate::model::Columns;
use crate::store::{Location, Record};
use crate::training::models;

pub(super) fn run(arguments: &Models) -> Result<(), Failure> {
    match &arguments.what {
        None => list::run(&arguments.list),
        Some(ModelsVerb::List(list)) => list::run(list),
        Some(ModelsVerb::Show(show)) => show::run(show),
        Some(ModelsVerb::Get(get)) => get::run(get),
        Some(ModelsVerb::Use(choice)) => choose(choice),
        Some(ModelsVerb::Rollback(back)) => roll_back(back),
    }
}

/// `docent models use`: notes the model in the record, as the window does.
fn choose(arguments: &UseModel) -> Result<(), Failure> {
    let desk = Desk::open(&arguments.folder)?;
    let location = Location::of(&arguments.folder).map_err(Failure::usage)?;
    let (_, config) = models::read(&arguments.name, Some(&location)).map_err(Failure::usage)?;
    let mut record = Record::open(&location).map_err(Failure::data)?;
    models::remember(&mut record, &arguments.name).map_err(Failure::data)?;
    say(format!("{} uses {} from now on", arguments.folder.display(), arguments.name));
    if Columns::of(&config, &desk.collection.vocabulary).is_empty() {
        say("it knows none of this collection's labels yet: fine-tune first, then it proposes");
    }
    Ok(())
}

/// `docent models rollback`: the model before, or where nothing is noted of one, the one this was fine-tuned from.
fn roll_back(arguments: &RollBack) -> Result<(), Failure> {
    let location = Location::of(&arguments.folder).map_err(Failure::usage)?;
    let mut record = Record::open(&location).map_err(Failure::data)?;
    let remembered = models::remembered(&record).map_err(Failure::data)?;
    let now = models::choose(remembered, &location);
    let noted = models::previous(&record).map_err(Failure::data)?.filter(|name| *name != now);
    let parent = || models::read(&now, Some(&location)).ok().and_then(|(_, config)| config.docent?.parent);
    let Some(before) = noted.or_else(parent) else {
        let message = format!("{now} is the first model of {}", arguments.folder.display());
        return Err(Failure::Usage(Problem::new(message, "choose another: docent models list --folder FOLDER")));
    };
    models::read(&before, Some(&location)).map_err(Failure::usage)?;
    models::remember(&mut record, &now).map_err(Failure::data)?;
    models::remember(&mut record, &before).map_err(Failure::data)?;
    say(format!("{} uses {before} again, instead of {now}", arguments.folder.display()));
    Ok(())
}

/// Where a collection's own checkpoints are. Errors: there is no such folder.
fn location(folder: Option<&Path>) -> Result<Option<Location>, Failure> {
    let Some(folder) = folder else {
        return Ok(None);
    };
    match std::fs::metadata(folder) {
        Ok(_) => Ok(Some(Location::for_reading(folder))),
        Err(error) => Err(Failure::Usage(Problem::of_io(&error, folder))),
    }
}

/// `7.9 MB`.
fn megabytes(n_bytes: u64) -> String {
    format!("{:.1} MB", n_bytes as f64 / 1e6)
}
