//! `docent simulate FOLDER`: how much work proposals that learn save, measured with a curator who knows the truth.
//!
//! The curator reviews the described images one by one with the keys of the Review page, from nothing, and the model
//! learns after each as the window's does. Beside it the same curator types every tag with the same autocomplete.
//! Not a fine-tune: the backbone stays as it is. Changes nothing in the collection but its cache.

mod curator;

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value, json};

use super::args::simulate::{Order, Simulate};
use super::collection::Desk;
use super::terminal::{Failure, bar, print, say};
use crate::base::fs::write_atomic;
use crate::collection::ImageFile;
use crate::jobs::Problem;
use crate::plot::{self, Series};
use crate::training::random::Random;
use crate::training::{Learner, TrainError};
use curator::{Outcome, Point, Subject, Work};

pub(super) fn run(arguments: &Simulate) -> Result<(), Failure> {
    let desk = Desk::open(&arguments.folder)?;
    let name = desk.model_name(arguments.model.as_deref());
    let (tagger, columns) = desk.tagger(&name, arguments.looking)?;
    let truth: HashMap<_, _> = desk.annotations()?.into_iter().filter(|(_, said)| said.is_reviewed()).collect();
    let vocabulary = &desk.collection.vocabulary;
    let mut learner = Learner::over(&tagger, &columns, vocabulary).map_err(Failure::data)?;
    let images: Vec<&ImageFile> = desk.collection.images.iter().collect();
    let mut subjects = Vec::new();
    let mut n_seen = 0;
    desk.embed(&tagger, arguments.looking.decode, &images, |file, embedding| {
        n_seen += 1;
        learner.see(embedding, n_seen == images.len()).map_err(Failure::data)?;
        if let Some(said) = truth.get(&file.id) {
            subjects.push(Subject { image: file.id.clone(), embedding: embedding.to_vec(), truth: said.tags() });
        }
        Ok(())
    })?;
    let (held_out, mut reviewed) = parted(subjects, arguments.held_out, arguments.seed);
    if arguments.order == Order::Random {
        Random::new(arguments.seed, 1).shuffle(&mut reviewed);
    }
    reviewed.truncate(arguments.limit.map_or(usize::MAX, |limit| limit as usize));
    if reviewed.is_empty() || held_out.is_empty() {
        return Err(Failure::data(TrainError::TooFewImages { n_images: reviewed.len() + held_out.len() }));
    }
    let bar = bar("reviewing", reviewed.len());
    let work = Work { reviewed: &reviewed, held_out: &held_out, vocabulary };
    let outcome = work.run(&mut learner, |_| bar.inc(1)).map_err(Failure::data)?;
    bar.finish_and_clear();
    report(arguments, &name, &outcome)
}

/// A part that is held out, whichever images come first, and the rest in the order given.
fn parted(subjects: Vec<Subject>, share: f64, seed: u64) -> (Vec<Subject>, Vec<Subject>) {
    let n_held = (subjects.len() as f64 * share).round() as usize;
    let mut order: Vec<usize> = (0..subjects.len()).collect();
    Random::new(seed, 0).shuffle(&mut order);
    let mut is_held = vec![false; subjects.len()];
    order.into_iter().take(n_held).for_each(|at| is_held[at] = true);
    let (held, rest): (Vec<_>, Vec<_>) = subjects.into_iter().zip(is_held).partition(|(_, held)| *held);
    let plain = |part: Vec<(Subject, bool)>| part.into_iter().map(|(subject, _)| subject).collect();
    (plain(held), plain(rest))
}

fn report(arguments: &Simulate, model: &str, outcome: &Outcome) -> Result<(), Failure> {
    if let Some(folder) = &arguments.out {
        let wrong = |error: &std::io::Error, path: &Path| Failure::Data(Problem::of_io(error, path));
        std::fs::create_dir_all(folder).map_err(|error| wrong(&error, folder))?;
        let table = folder.join("simulate.csv");
        write_atomic(&table, (csv(outcome) + "\n").as_bytes()).map_err(|error| wrong(&error, &table))?;
        draw(&folder.join("simulate.png"), outcome)?;
    }
    match arguments.json {
        true => print(as_json(model, outcome))?,
        false => print(csv(outcome))?,
    }
    let n = outcome.n_reviewed();
    say(format!(
        "{n} images reviewed over {model}: {} keys, {:.2} an image; typing every tag: {} keys, {:.2} an image; {:.0} % fewer",
        outcome.keys,
        outcome.keys as f64 / n as f64,
        outcome.typing_keys,
        outcome.typing_keys as f64 / n as f64,
        100.0 * outcome.saved(),
    ));
    Ok(())
}

const COLUMNS: &str = "reviewed,keys_per_image,typing_keys_per_image,saved,f2_next,f2_held_out,f2_per_image_held_out,map_held_out,threshold";

fn csv(outcome: &Outcome) -> String {
    let mut text = COLUMNS.to_owned();
    for point in &outcome.points {
        let Point { n_reviewed, f2_next, f2_held_out, f2_per_image_held_out, map_held_out, threshold, .. } = point;
        // Into a String: cannot fail.
        let _ = write!(
            text,
            "\n{n_reviewed},{:.3},{:.3},{:.3},{f2_next:.4},{f2_held_out:.4},{f2_per_image_held_out:.4},{map_held_out:.4},{threshold:.3}",
            point.keys_per_image(),
            point.typing_keys_per_image(),
            point.saved(),
        );
    }
    text
}

fn as_json(model: &str, outcome: &Outcome) -> Value {
    let points = outcome.points.iter().map(|point| {
        json!({
            "reviewed": point.n_reviewed,
            "keys_per_image": point.keys_per_image(),
            "typing_keys_per_image": point.typing_keys_per_image(),
            "saved": point.saved(),
            "f2_next": point.f2_next,
            "f2_held_out": point.f2_held_out,
            "f2_per_image_held_out": point.f2_per_image_held_out,
            "map_held_out": point.map_held_out,
            "threshold": point.threshold,
        })
    });
    json!({
        "model": model,
        "reviewed": outcome.n_reviewed(),
        "keys": outcome.keys,
        "typing_keys": outcome.typing_keys,
        "saved": outcome.saved(),
        "points": points.collect::<Vec<_>>(),
    })
}

fn draw(path: &Path, outcome: &Outcome) -> Result<(), Failure> {
    let series = |name: &str, of: &dyn Fn(&Point) -> f64| Series {
        name: name.to_owned(),
        points: outcome.points.iter().map(|point| (point.n_reviewed as f64, of(point))).collect(),
    };
    let series = [
        series("F2 of images that are never reviewed", &|point| point.f2_held_out),
        series("F2 of the next images", &|point| point.f2_next),
        series("keys, as a share of typing", &|point| 1.0 - point.saved()),
    ];
    plot::lines(path, ("images reviewed", "F2 of the proposals, share of the keys"), &series).map_err(Failure::data)
}
