//! `docent models show NAME`: everything about one model.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value, json};

use super::{location, megabytes};
use crate::cli::args::ShowModel;
use crate::cli::terminal::{Failure, print};
use crate::hub::known::{self, Known, Place};
use crate::hub::{HubId, Licence};
use crate::model::Config;
use crate::store::Location;
use crate::training::Metrics;
use crate::training::models::{self, ModelsError};

/// A lineage longer than this is a circle.
const LONGEST: usize = 64;

pub(super) fn run(arguments: &ShowModel) -> Result<(), Failure> {
    let location = location(arguments.folder.as_deref())?;
    match models::read(&arguments.name, location.as_ref()) {
        Ok((folder, config)) => {
            let lineage = lineage(&arguments.name, &config, location.as_ref());
            let licence = licence(&lineage, &config);
            let shown = Shown { name: &arguments.name, folder: &folder, config: &config, lineage, licence };
            print(if arguments.json { shown.as_json().to_string() } else { shown.table() })
        }
        Err(ModelsError::NotFetched { id }) => match known::find(&id.to_string()) {
            Some(known) => print(if arguments.json { known_json(known).to_string() } else { known_table(known, &id) }),
            None => Err(Failure::usage(ModelsError::NotFetched { id })),
        },
        Err(error) => Err(Failure::usage(error)),
    }
}

/// The model, what it was fine-tuned from, and so on, as far as that is still at hand.
fn lineage(name: &str, config: &Config, location: Option<&Location>) -> Vec<String> {
    let parent_of = |config: &Config| config.docent.as_ref().and_then(|docent| docent.parent.clone());
    let (mut names, mut next) = (vec![name.to_owned()], parent_of(config));
    while let Some(parent) = next.filter(|parent| names.len() < LONGEST && !names.contains(parent)) {
        next = models::read(&parent, location).ok().and_then(|(_, config)| parent_of(&config));
        names.push(parent);
    }
    names
}

/// What the checkpoint says itself, else what is known of its nearest ancestor that anything is known of.
fn licence(lineage: &[String], config: &Config) -> Option<Licence> {
    let said = config.pretrained_cfg.other.get("license").and_then(Value::as_str);
    let known = |name: &String| match name.as_str() {
        models::STARTER => Some("mit"),
        name => known::find(name).map(|known| known.licence),
    };
    said.or_else(|| lineage.iter().find_map(known)).map(|name| Licence(name.to_owned()))
}

struct Shown<'a> {
    name: &'a str,
    folder: &'a Path,
    config: &'a Config,
    lineage: Vec<String>,
    licence: Option<Licence>,
}

impl Shown<'_> {
    fn metrics(&self) -> Option<Metrics> {
        let docent = self.config.docent.as_ref()?;
        serde_json::from_value(docent.metrics.clone()).ok()
    }

    fn as_json(&self) -> Value {
        let config = self.config;
        let docent = config.docent.as_ref();
        json!({
            "name": self.name,
            "folder": self.folder.display().to_string(),
            "architecture": config.architecture,
            "labels": config.num_classes,
            "label_names": docent.map(|docent| &docent.label_names),
            "input_size": config.pretrained_cfg.input_size,
            "mean": config.pretrained_cfg.mean,
            "std": config.pretrained_cfg.std,
            "preprocess": config.preprocess(),
            "licence": self.licence.as_ref().map(|licence| &licence.0),
            "non_commercial": self.licence.as_ref().is_some_and(Licence::is_non_commercial),
            "threshold": docent.and_then(|docent| docent.thresholds.global),
            "metrics": docent.map(|docent| &docent.metrics),
            "recipe": docent.map(|docent| &docent.recipe),
            "lineage": self.lineage,
            "bytes": models::n_bytes(self.folder),
        })
    }

    fn table(&self) -> String {
        let config = self.config;
        let [_, height, width] = config.pretrained_cfg.input_size;
        let labels = match &config.docent {
            Some(docent) if !docent.label_names.is_empty() => {
                let first: Vec<_> = docent.label_names.iter().take(4).map(String::as_str).collect();
                let more = if docent.label_names.len() > first.len() { ", …" } else { "" };
                format!("{}: {}{more}", config.num_classes, first.join(", "))
            }
            Some(_) => config.num_classes.to_string(),
            None => format!("{}, not a collection's: it is there to be fine-tuned", config.num_classes),
        };
        let licence = self.licence.as_ref().map_or("not stated".to_owned(), Licence::to_string);
        let mut text = format!(
            "model            {}\nnetwork          {}\nlabels           {labels}\ninput            {width} x {height} pixels\n\
             licence          {licence}\n",
            self.name, config.architecture,
        );
        // Writing into a String cannot fail.
        if let Some(warning) = self.licence.as_ref().and_then(Licence::warning) {
            let _ = writeln!(text, "                 {warning}");
        }
        if let Some(metrics) = self.metrics() {
            let _ = writeln!(
                text,
                "F2 micro         {:.3} at threshold {:.2}\nF2 per image     {:.3}\nmAP              {:.3}",
                metrics.f2_micro, metrics.threshold, metrics.f2_per_image, metrics.map
            );
        }
        let _ = writeln!(text, "lineage          {}", self.lineage.join(" from "));
        let _ = write!(
            text,
            "size             {}\nfolder           {}",
            megabytes(models::n_bytes(self.folder)),
            self.folder.display()
        );
        text
    }
}

/// One that is not here yet.
fn known_json(known: &Known) -> Value {
    json!({
        "name": known.id,
        "folder": null,
        "architecture": known.architecture,
        "input_size": [3, known.input_side, known.input_side],
        "licence": known.licence,
        "megabytes": known.megabytes,
        "choose": known.choose,
    })
}

fn known_table(known: &Known, id: &HubId) -> String {
    let Known { architecture, licence, input_side, megabytes, choose, .. } = known;
    let how = match known.place {
        Place::Hub => format!("not here yet: docent models get {id}"),
        Place::ByHand(how) => how.to_owned(),
    };
    format!(
        "model            {id}\nnetwork          {architecture}\ninput            {input_side} x {input_side} pixels\n\
         licence          {licence}\nsize             {megabytes:.1} MB\nchoose           {choose}\nfolder           {how}"
    )
}
