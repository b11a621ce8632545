//! `docent evaluate FOLDER --model M`: a model against the tags that people gave.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;

use serde_json::json;

use super::args::Evaluate;
use super::collection::Desk;
use super::terminal::{Failure, print, say};
use crate::collection::ImageFile;
use crate::domain::f_beta::{Cells, Truth};
use crate::domain::fold::Fold;
use crate::domain::tables::TrainTable;
use crate::domain::{Annotation, AttributeId, ImageId, Thresholds};
use crate::jobs::Problem;
use crate::model::Config;
use crate::training::evaluate::LabelMetrics;
use crate::training::{Metrics, TrainError};

pub(super) fn run(arguments: &Evaluate) -> Result<(), Failure> {
    let desk = Desk::open(&arguments.folder)?;
    let annotations = truth(&desk, arguments)?;
    let (tagger, columns) = desk.tagger(&arguments.model, arguments.looking)?;
    let described: Vec<&ImageFile> = desk
        .collection
        .images
        .iter()
        .filter(|file| annotations.get(&file.id).is_some_and(Annotation::is_touched))
        .collect();
    // Every label of the collection counts: one that the model has not learned is never proposed.
    let attributes: Vec<AttributeId> = desk.collection.vocabulary.offered().map(|label| label.id).collect();
    let column_of: Vec<Option<usize>> = attributes
        .iter()
        .map(|id| columns.attribute_ids.iter().position(|known| known == id).map(|at| columns.of_head[at]))
        .collect();
    if described.is_empty() || columns.is_empty() {
        let message = if columns.is_empty() {
            format!("{} has learned none of this collection's labels", arguments.model)
        } else {
            "no picture of this folder is annotated".to_owned()
        };
        return Err(Failure::Data(Problem::new(
            message,
            "give another --model, or a --truth that names these pictures",
        )));
    }
    let (mut files, mut probabilities, mut cells) = (Vec::new(), Vec::new(), Vec::new());
    desk.embed(&tagger, arguments.looking.decode, &described, |file, embedding| {
        files.extend(desk.collection.image(&file.id));
        let all = tagger
            .probabilities_of(embedding)
            .map_err(|error| Failure::data(TrainError::Pixels { message: error.to_string() }))?;
        probabilities.extend(column_of.iter().map(|column| column.map_or(0.0, |column| all[column])));
        let annotation = annotations.get(&file.id);
        let known = |&id| annotation.map_or(Truth::Unjudged, |annotation| Truth::from(annotation.state(id)));
        cells.extend(attributes.iter().map(known));
        Ok(())
    })?;
    match split(tagger.config()) {
        Some((seed, fraction)) if arguments.held_back => {
            let ids: Vec<&str> = files.iter().map(|file| file.id.as_str()).collect();
            let held_back = Fold::of_groups(&ids, &desk.copies(&files), seed, fraction).validation;
            probabilities = rows(&probabilities, attributes.len(), &held_back);
            cells = rows(&cells, attributes.len(), &held_back);
        }
        Some(_) => say("it may have learned from some of these pictures: --held-back leaves those out"),
        None if arguments.held_back => {
            let message = format!("{} does not say which pictures were held back", arguments.model);
            return Err(Failure::Usage(Problem::new(message, "give a model that was fine-tuned here")));
        }
        None => {}
    }
    let Some(cells) = Cells::new(attributes.len(), &probabilities, &cells) else {
        return Err(Failure::data(TrainError::NoLabels));
    };
    let config = tagger.config();
    let metrics = if config.docent.as_ref().is_some_and(|docent| docent.thresholds.global.is_some()) {
        let of_head = config.thresholds();
        let own = column_of.iter().map(|column| column.and_then(|column| of_head.own(column)));
        Metrics::measure(&cells, &attributes, &Thresholds::new(of_head.global(), own.collect()))
    } else {
        Metrics::at_best(&cells, &attributes)
    };
    if arguments.json { print(json!(metrics)) } else { print(table(&desk, &metrics)) }
}

/// Seed and fraction by which a fine-tune held pictures back.
fn split(config: &Config) -> Option<(u64, f64)> {
    let recipe = &config.docent.as_ref()?.recipe;
    Some((recipe.get("seed")?.as_u64()?, recipe.get("validation")?.as_f64()?))
}

fn rows<T: Copy>(cells: &[T], n_labels: usize, images: &[usize]) -> Vec<T> {
    images.iter().flat_map(|&image| &cells[image * n_labels..(image + 1) * n_labels]).copied().collect()
}

/// Annotations of the collection, or the rows of another table.
fn truth(desk: &Desk, arguments: &Evaluate) -> Result<HashMap<ImageId, Annotation>, Failure> {
    let Some(path) = &arguments.truth else {
        return desk.annotations();
    };
    let bytes = fs::read(path).map_err(|error| Failure::Usage(Problem::of_io(&error, path)))?;
    let table = TrainTable::parse(bytes, &desk.collection.vocabulary);
    if !table.is_readable() {
        let message = format!("this table has no columns id and attribute_ids\nFile: {}", path.display());
        return Err(Failure::Usage(Problem::new(message, "give a table such as train.csv")));
    }
    Ok(table.rows().map(|(id, tags)| (id.clone(), Annotation::new(Some(tags.clone())))).collect())
}

fn table(desk: &Desk, metrics: &Metrics) -> String {
    let own = metrics.own_thresholds.as_ref().map_or(String::new(), |own| {
        format!(
            "own thresholds   of {} labels: F2 micro {:.3} instead of {:.3}, per image {:.3} instead of {:.3}\n",
            own.n_labels, own.f2_micro_own, own.f2_micro_global, own.f2_per_image_own, own.f2_per_image_global
        )
    });
    let mut text = format!(
        "images           {}\n\
         F2 micro         {:.3} at threshold {:.2}\n\
         F2 per image     {:.3} at threshold {:.2}\n\
         F2 macro         {:.3}\n\
         mAP              {:.3}\n\
         {own}\n\
         {:<32} {:>6} {:>6} {:>6}  {:<18} {:<18} {:>5} {:>6}",
        metrics.n_images,
        metrics.f2_micro,
        metrics.threshold,
        metrics.f2_per_image,
        metrics.threshold_per_image,
        metrics.f2_macro,
        metrics.map,
        "label",
        "tags",
        "found",
        "wrong",
        "precision, 95 %",
        "recall, 95 %",
        "F2",
        "AP",
    );
    let is_empty = |label: &&LabelMetrics| label.n_positive + label.fp == 0;
    for label in metrics.per_label.iter().filter(|label| !is_empty(label)) {
        let name = desk.collection.vocabulary.get(AttributeId(label.attribute_id)).map_or("", |label| &label.name);
        let ap = label.ap.map_or("-".to_owned(), |ap| format!("{ap:.3}"));
        let precision = share(label.precision, label.precision_interval);
        let recall = share(label.recall, label.recall_interval);
        // Into a String: cannot fail.
        let _ = write!(
            text,
            "\n{name:<32} {:>6} {:>6} {:>6}  {precision:<18} {recall:<18} {:>5.3} {ap:>6}",
            label.n_positive, label.tp, label.fp, label.f2
        );
    }
    let n_empty = metrics.per_label.iter().filter(is_empty).count();
    if n_empty > 0 {
        let _ = write!(text, "\n{n_empty} more labels are neither present nor proposed");
    }
    text
}

/// `0.812 (0.75-0.86)`, or a dash where there is nothing to take a share of.
fn share(value: f64, interval: Option<[f64; 2]>) -> String {
    interval.map_or("-".to_owned(), |[low, high]| format!("{value:.3} ({low:.2}-{high:.2})"))
}
