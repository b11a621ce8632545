//! `docent next FOLDER`: the images that nobody has reviewed, those worth a look first.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::args::{Next, OrderArgument};
use super::collection::Desk;
use super::terminal::{Failure, print, save, say};
use crate::collection::ImageFile;
use crate::domain::f_beta::{Cells, Truth};
use crate::domain::tables::field;
use crate::domain::{Annotation, ImageId};
use crate::jobs::Problem;
use crate::training::TrainError;
use crate::training::standardise::Features;
use crate::training::survey::{self, Survey, Worth};

pub(super) fn run(arguments: &Next) -> Result<(), Failure> {
    let desk = Desk::open(&arguments.folder)?;
    let annotations = desk.annotations()?;
    let is_open = |file: &&ImageFile| !annotations.get(&file.id).is_some_and(Annotation::is_reviewed);
    let mut n_unusable = 0;
    let mut by_worth = |worth| {
        let (seen, unusable) = Seen::look(&desk, arguments, worth, &annotations)?;
        n_unusable = unusable;
        seen.ordered(arguments, worth, &annotations)
    };
    let ordered: Vec<(&ImageFile, f64)> = match arguments.order {
        OrderArgument::Name => {
            desk.collection.images.iter().filter(is_open).zip(0..).map(|(f, n)| (f, n.into())).collect()
        }
        OrderArgument::Time => {
            let mut files: Vec<&ImageFile> = desk.collection.images.iter().filter(is_open).collect();
            files.sort_by_key(|file| file.modified_millis);
            files.into_iter().map(|file| (file, file.modified_millis as f64)).collect()
        }
        OrderArgument::Uncertain => by_worth(Worth::Uncertain)?,
        OrderArgument::Rare => by_worth(Worth::Rare)?,
        OrderArgument::Disagreeing => by_worth(Worth::Disagreeing)?,
        OrderArgument::Diverse => by_worth(Worth::Diverse)?,
    };
    let mut rows = "id,worth\n".to_owned();
    for (file, worth) in ordered.iter().take(arguments.limit) {
        let _ = writeln!(rows, "{},{}", field(file.id.as_str()), (worth * 1e6).round() / 1e6); // Into a String.
    }
    match &arguments.out {
        Some(path) => save(path, &rows)?,
        None => print(rows.trim_end())?,
    }
    if n_unusable > 0 { Err(Failure::Problems) } else { Ok(()) }
}

/// What a model says of a whole collection.
struct Seen<'a> {
    files: Vec<&'a ImageFile>,
    n_labels: usize,
    n_features: usize,
    thresholds: crate::domain::Thresholds,
    /// `[files, labels]`.
    probabilities: Vec<f32>,
    truth: Vec<Truth>,
    /// `[files, F]`; empty where the order needs none.
    embeddings: Vec<f32>,
}

impl<'a> Seen<'a> {
    fn look(
        desk: &'a Desk,
        arguments: &Next,
        worth: Worth,
        annotations: &HashMap<ImageId, Annotation>,
    ) -> Result<(Self, usize), Failure> {
        let name = desk.model_name(arguments.model.as_deref());
        let (tagger, columns) = desk.tagger(&name, arguments.looking)?;
        if columns.is_empty() {
            let message = format!("{name} has learned none of this collection's labels");
            let hint = "fine-tune it first: docent train FOLDER --model MODEL; or give another --model or --order name";
            return Err(Failure::Usage(Problem::new(message, hint)));
        }
        let of_head = tagger.config().thresholds();
        let own = columns.of_head.iter().map(|&column| of_head.own(column));
        let mut seen = Self {
            files: Vec::new(),
            n_labels: columns.len(),
            n_features: tagger.num_features(),
            thresholds: crate::domain::Thresholds::new(of_head.global(), own.collect()),
            probabilities: Vec::new(),
            truth: Vec::new(),
            embeddings: Vec::new(),
        };
        let all: Vec<&ImageFile> = desk.collection.images.iter().collect();
        let n_unusable = desk.embed(&tagger, arguments.looking.decode, &all, |file, embedding| {
            let probabilities = tagger
                .probabilities_of(embedding)
                .map_err(|error| Failure::data(TrainError::Pixels { message: error.to_string() }))?;
            seen.probabilities.extend(columns.of_head.iter().map(|&column| probabilities[column]));
            let annotation = annotations.get(&file.id);
            let known = |&id| annotation.map_or(Truth::Unjudged, |annotation| Truth::from(annotation.state(id)));
            seen.truth.extend(columns.attribute_ids.iter().map(known));
            seen.embeddings.extend(if worth.needs_features() { embedding } else { &[] });
            seen.files.extend(desk.collection.image(&file.id));
            Ok(())
        })?;
        Ok((seen, n_unusable))
    }

    /// The images that nobody has described, with what each is worth.
    fn ordered(
        &self,
        arguments: &Next,
        worth: Worth,
        annotations: &HashMap<ImageId, Annotation>,
    ) -> Result<Vec<(&'a ImageFile, f64)>, Failure> {
        let Some(cells) = Cells::new(self.n_labels, &self.probabilities, &self.truth) else {
            return Ok(Vec::new());
        };
        let is_described = |file: &&ImageFile| annotations.get(&file.id).is_some_and(Annotation::is_reviewed);
        let is_described: Vec<bool> = self.files.iter().map(is_described).collect();
        if worth == Worth::Disagreeing && !is_described.contains(&true) {
            say("nobody has described a picture of this folder yet: there is nothing to disagree with");
        }
        let survey = Survey {
            cells,
            thresholds: &self.thresholds,
            is_described: &is_described,
            features: Features::new(self.n_features, &self.embeddings),
        };
        let order = survey::order(&survey, worth, arguments.limit).map_err(Failure::data)?;
        Ok(order.into_iter().map(|(at, worth)| (self.files[at], worth.into())).collect())
    }
}
