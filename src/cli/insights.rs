//! `docent insights FOLDER --out DIR`: the charts of the Insights page as PNG and CSV, without a display.
//!
//! Only what needs no look at the pictures but at their headers; the model's figures are those its checkpoint carries.

use std::fs;
use std::sync::Arc;

use super::args::Insights;
use super::collection::{Desk, in_use};
use super::terminal::{Failure, bar, print, say};
use crate::collection::Collection;
use crate::domain::insights::{Collected, Measure};
use crate::jobs::{ChartFormat, ChartSpec, HELPING, ModelDetails, ModelName, Problem, charts, measure, write_chart};
use crate::model::Columns;
use crate::store::{Location, Record};
use crate::training::models;

pub(super) fn run(arguments: &Insights) -> Result<(), Failure> {
    let out = &arguments.out;
    fs::create_dir_all(out).map_err(|error| Failure::Usage(Problem::of_io(&error, out)))?;
    let desk = Desk::open(&arguments.folder)?;
    let annotations = desk.annotations()?;
    let deeds = Record::read_deeds(&desk.location).map_err(Failure::data)?;
    let Desk { location, collection } = desk;
    let mut collected = Collected::default();
    for file in &collection.images {
        match annotations.get(&file.id) {
            Some(annotation) => collected.push(annotation.tags().iter(), annotation.is_reviewed()),
            None => collected.push(std::iter::empty(), false),
        }
    }
    let sizes = sizes(&collection);
    let n_failed = sizes.iter().filter(|size| **size == Measure::Failed).count();
    let model = details(&location, &collection);
    let vocabulary = Arc::new(collection.vocabulary.clone());
    let spec = ChartSpec {
        collection: Arc::new(collection),
        vocabulary,
        collected,
        sizes: Some(sizes.into()),
        deeds: Some(Arc::new(deeds)),
        threshold: model.as_ref().map_or(0.5, |model| model.threshold),
        model,
        open: None,
    };
    for chart in charts(&spec) {
        if chart.parts.is_empty() {
            say(format!("left out: {}: {}", chart.topic.name(), chart.note));
            continue;
        }
        for format in [ChartFormat::Csv, ChartFormat::Png] {
            let path = out.join(chart.topic.file_name()).with_extension(format.extension());
            write_chart(&chart, format, &path).map_err(Failure::Data)?;
            print(path.display())?;
        }
    }
    if n_failed == 0 {
        return Ok(());
    }
    say(format!("{n_failed} pictures have no header that can be read; docent check names them"));
    Err(Failure::Problems)
}

fn sizes(collection: &Collection) -> Vec<Measure> {
    let bar = bar("reading sizes", collection.images.len());
    let mut sizes = Vec::with_capacity(collection.images.len());
    for files in collection.images.chunks(HELPING) {
        sizes.extend(measure(collection, files));
        bar.inc(files.len() as u64);
    }
    bar.finish_and_clear();
    sizes
}

/// The model in use, as far as its folder tells without loading it.
fn details(location: &Location, collection: &Collection) -> Option<Arc<ModelDetails>> {
    let name = in_use(location);
    match models::read(&name, Some(location)) {
        Ok((folder, config)) => {
            let columns = Columns::of(&config, &collection.vocabulary);
            Some(Arc::new(ModelDetails::new(ModelName(name), folder, &config, &columns)))
        }
        Err(error) => {
            say(format!("the model in use cannot be read: {error}"));
            None
        }
    }
}
