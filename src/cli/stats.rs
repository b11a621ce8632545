//! `docent stats FOLDER`: numbers about images, sizes and tags.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rayon::prelude::*;
use serde_json::{Value, json};

use super::args::Stats;
use super::collection::Desk;
use super::terminal::{Failure, print};
use crate::collection::Collection;
use crate::imaging::{self, fit};

struct Numbers {
    images: usize,
    /// Width and height of the pictures whose header could be read.
    sizes: Vec<(u32, u32)>,
    labels: usize,
    rows: usize,
    /// Rows with n tags, by n.
    tags_per_image: BTreeMap<usize, usize>,
    /// Labels of the vocabulary and tags in rows, by namespace.
    namespaces: BTreeMap<String, (usize, usize)>,
    problems: usize,
}

pub(super) fn run(arguments: &Stats) -> Result<(), Failure> {
    let desk = Desk::open(&arguments.folder)?;
    let numbers = count(&desk.collection);
    if arguments.json { print(as_json(&numbers)) } else { print(as_text(&numbers)) }
}

fn count(collection: &Collection) -> Numbers {
    let sizes = collection.images.par_iter().filter_map(|file| imaging::dimensions(&collection.path_of(file)).ok());
    let mut namespaces: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut slot_of = Vec::new();
    for label in collection.vocabulary.labels() {
        let name = label.namespace().unwrap_or("").to_owned();
        let is_offered = collection.vocabulary.is_offered(label.id);
        namespaces.entry(name.clone()).or_default().0 += usize::from(is_offered);
        slot_of.push(name);
    }
    let mut per_label = vec![0; collection.vocabulary.len()];
    let mut tags_per_image = BTreeMap::new();
    for (_, tags) in collection.train.rows() {
        *tags_per_image.entry(tags.len()).or_default() += 1;
        for position in tags.iter().filter_map(|id| collection.vocabulary.position(id)) {
            per_label[position] += 1;
        }
    }
    for (name, n_tags) in slot_of.iter().zip(per_label) {
        if let Some((_, tags)) = namespaces.get_mut(name) {
            *tags += n_tags;
        }
    }
    Numbers {
        images: collection.images.len(),
        sizes: sizes.collect(),
        labels: collection.vocabulary.offered().count(),
        rows: collection.train.n_rows(),
        tags_per_image,
        namespaces,
        problems: collection.findings.len(),
    }
}

impl Numbers {
    fn elongated(&self) -> usize {
        self.sizes.iter().filter(|&&(width, height)| fit::is_elongated(width, height)).count()
    }

    fn mean_tags(&self) -> f64 {
        let n_tags: usize = self.tags_per_image.iter().map(|(n_tags, n_rows)| n_tags * n_rows).sum();
        if self.rows == 0 { 0.0 } else { n_tags as f64 / self.rows as f64 }
    }

    /// Shortest and longest side of all pictures.
    fn sides(&self) -> Option<(u32, u32)> {
        let sides = || self.sizes.iter().flat_map(|&(width, height)| [width, height]);
        Some((sides().min()?, sides().max()?))
    }
}

fn as_json(numbers: &Numbers) -> Value {
    let tags_per_image: BTreeMap<String, usize> =
        numbers.tags_per_image.iter().map(|(n, rows)| (n.to_string(), *rows)).collect();
    let namespaces: BTreeMap<&str, Value> = numbers
        .namespaces
        .iter()
        .map(|(name, (labels, tags))| (name.as_str(), json!({ "labels": labels, "tags": tags })))
        .collect();
    json!({
        "images": numbers.images,
        "rows": numbers.rows,
        "labels": numbers.labels,
        "problems": numbers.problems,
        "unreadable": numbers.images - numbers.sizes.len(),
        "elongated": numbers.elongated(),
        "side_min": numbers.sides().map(|(least, _)| least),
        "side_max": numbers.sides().map(|(_, most)| most),
        "tags_per_image_mean": numbers.mean_tags(),
        "tags_per_image": tags_per_image,
        "namespaces": namespaces,
    })
}

fn as_text(numbers: &Numbers) -> String {
    let mut text = format!("images          {}\n", numbers.images);
    if let Some((least, most)) = numbers.sides() {
        let _ = writeln!(text, "sides           {least} to {most} pixels"); // Into a String: cannot fail.
        let _ = writeln!(text, "elongated       {}", numbers.elongated());
    }
    let _ = writeln!(text, "labels          {}", numbers.labels);
    let _ = writeln!(text, "rows            {}", numbers.rows);
    let _ = writeln!(text, "tags per image  {:.2}", numbers.mean_tags());
    for (n_tags, n_rows) in &numbers.tags_per_image {
        let _ = writeln!(text, "  {n_tags:>3} tags       {n_rows}");
    }
    for (name, (labels, tags)) in &numbers.namespaces {
        let name = if name.is_empty() { "no namespace" } else { name };
        let _ = writeln!(text, "{name}: {labels} labels, {tags} tags");
    }
    let _ = write!(text, "problems        {} (docent check names them)", numbers.problems);
    text
}
