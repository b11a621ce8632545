//! `docent models list`: what can be used at once, and what can be fetched.

use std::fmt::Write as _;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::{location, megabytes};
use crate::cli::args::ListModels;
use crate::cli::collection::in_use;
use crate::cli::terminal::{Failure, print};
use crate::hub::Environment;
use crate::hub::known::{KNOWN, Known, Place};
use crate::model::Config;
use crate::training::models;

/// A model that can be used at once.
struct Row {
    name: String,
    /// `starter`, `hub` or `collection`.
    kind: &'static str,
    folder: PathBuf,
    config: Config,
}

pub(super) fn run(arguments: &ListModels) -> Result<(), Failure> {
    let location = location(arguments.folder.as_deref())?;
    let environment = Environment::of_process();
    let fetched = models::fetched(&environment.cache());
    let mut rows = Vec::new();
    let (_, config) = models::read(models::STARTER, None).map_err(Failure::data)?;
    let folder = PathBuf::from(models::STARTER);
    rows.push(Row { name: models::STARTER.to_owned(), kind: "starter", folder, config });
    rows.extend(fetched.into_iter().map(|(id, folder, config)| Row {
        name: id.to_string(),
        kind: "hub",
        folder,
        config,
    }));
    if let Some(location) = &location {
        let own = models::list(location).into_iter().filter(|(name, ..)| name != models::STARTER);
        rows.extend(own.map(|(name, folder, config)| Row { name, kind: "collection", folder, config }));
    }
    let in_use = location.as_ref().map(in_use);
    if arguments.json {
        return print(as_json(&rows, in_use.as_deref()));
    }
    print(table(&rows, in_use.as_deref(), &environment))
}

fn is_fetched(rows: &[Row], known: &Known) -> bool {
    rows.iter().any(|row| row.kind == "hub" && row.name == known.id)
}

fn as_json(rows: &[Row], in_use: Option<&str>) -> Value {
    let at_hand = rows.iter().map(|row| {
        json!({
            "name": row.name,
            "kind": row.kind,
            "architecture": row.config.architecture,
            "labels": row.config.num_classes,
            "bytes": models::n_bytes(&row.folder),
            "folder": row.folder.display().to_string(),
            "in_use": in_use == Some(row.name.as_str()),
        })
    });
    let known = KNOWN.iter().map(|known| {
        let by_hand = match known.place {
            Place::Hub => None,
            Place::ByHand(how) => Some(how),
        };
        json!({
            "id": known.id,
            "architecture": known.architecture,
            "licence": known.licence,
            "input_side": known.input_side,
            "megabytes": known.megabytes,
            "choose": known.choose,
            "fetched": is_fetched(rows, known),
            "by_hand": by_hand,
        })
    });
    json!({ "at_hand": at_hand.collect::<Vec<_>>(), "known": known.collect::<Vec<_>>(), "in_use": in_use })
}

fn table(rows: &[Row], in_use: Option<&str>, environment: &Environment) -> String {
    // Writing into a String cannot fail.
    let mut text = "at hand                           network               labels      size  \n".to_owned();
    for row in rows {
        let Config { architecture, num_classes, .. } = &row.config;
        let used = if in_use == Some(row.name.as_str()) { "in use" } else { "" };
        let size = megabytes(models::n_bytes(&row.folder));
        let line = format!("{:<33} {architecture:<20} {num_classes:>7} {size:>9}  {used}", row.name);
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text.push_str("\nknown to work                     licence       pixels      size  \n");
    for known in &KNOWN {
        let state = match (is_fetched(rows, known), known.place) {
            (true, _) => "fetched",
            (false, Place::Hub) => "",
            (false, Place::ByHand(_)) => "by hand: docent models show tells how",
        };
        let size = format!("{:.1} MB", known.megabytes);
        let line = format!("{:<33} {:<13} {:>6} {size:>9}  {state}", known.id, known.licence, known.input_side);
        let _ = writeln!(text, "{}\n    {}", line.trim_end(), known.choose);
    }
    let _ = write!(text, "\ndocent models get HUB_ID fetches one into {}", environment.cache.display());
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}
