//! `docent suggest FOLDER`: proposals as rows of `train.csv`; decides nothing.

use std::collections::HashSet;
use std::fmt::{self, Write as _};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::Path;

use super::args::Suggest;
use super::collection::Desk;
use super::interrupt::Interrupt;
use super::terminal::{Failure, print, save, say};
use crate::base::fs::replace_atomic;
use crate::collection::ImageFile;
use crate::domain::f_beta::is_proposed;
use crate::domain::tables::{TrainTable, field, train_csv::joined};
use crate::domain::{AttributeId, LabelSet, Thresholds, Vocabulary};
use crate::jobs::Problem;
use crate::training::TrainError;

pub(super) fn run(arguments: &Suggest) -> Result<(), Failure> {
    let desk = Desk::open(&arguments.folder)?;
    let name = desk.model_name(arguments.model.as_deref());
    let (tagger, columns) = desk.tagger_at(&name, arguments.looking, arguments.threshold)?;
    if columns.is_empty() {
        let message = format!("{name} has learned none of this collection's labels");
        let hint = "fine-tune it first: docent train FOLDER --model MODEL; or give another --model";
        return Err(Failure::Usage(Problem::new(message, hint)));
    }
    // A threshold that was asked for holds for every label.
    let thresholds = match arguments.threshold {
        Some(asked) => Thresholds::one(asked as f32),
        None => tagger.config().thresholds(),
    };
    let images = wanted(&desk, arguments.ids.as_deref())?;
    let mut rows = "id,attribute_ids\n".to_owned();
    let interrupt = arguments.scores.as_ref().map(|_| Interrupt::listen());
    let mut look = |scores: Option<&mut Scores<'_>>| {
        let mut scores = scores;
        desk.embed(&tagger, arguments.looking.decode, &images, |file, embedding| {
            if interrupt.as_ref().is_some_and(Interrupt::is_pressed) {
                return Err(Failure::Cancelled("stopped; nothing was written".to_owned()));
            }
            let all = tagger
                .probabilities_of(embedding)
                .map_err(|error| Failure::data(TrainError::Pixels { message: error.to_string() }))?;
            let of_label = columns.of_head.iter().zip(&columns.attribute_ids).map(|(&column, &id)| (id, all[column]));
            let is_likely = |(column, _): &(&usize, &AttributeId)| is_proposed(all[**column], thresholds.of(**column));
            let likely = columns.of_head.iter().zip(&columns.attribute_ids).filter(is_likely);
            let proposed: LabelSet = likely.map(|(_, &id)| id).collect();
            let id = field(file.id.as_str());
            let _ = writeln!(rows, "{id},{}", joined(&proposed)); // Into a String: cannot fail.
            if let Some(scores) = &mut scores {
                for (attribute, probability) in of_label {
                    scores.write(format_args!("{id},{attribute},{probability:.6}\n"))?;
                }
            }
            Ok(())
        })
    };
    let n_unusable = match &arguments.scores {
        Some(path) => Scores::save(path, |scores| look(Some(scores)))?,
        None => look(None)?,
    };
    match &arguments.out {
        Some(path) => save(path, &rows)?,
        None => print(rows.trim_end())?,
    }
    let of_own = match thresholds.n_own() {
        0 => String::new(),
        n => format!(", {n} labels at thresholds of their own,"),
    };
    say(format!("{name} proposed at {:.2}{of_own} for {} pictures", thresholds.global(), images.len() - n_unusable));
    if n_unusable > 0 { Err(Failure::Problems) } else { Ok(()) }
}

/// A file that is written line by line: for a large collection and many labels it is longer than memory.
struct Scores<'a> {
    file: BufWriter<File>,
    path: &'a Path,
}

impl<'a> Scores<'a> {
    /// Leaves nothing behind where `work` fails.
    fn save<T>(path: &'a Path, work: impl FnOnce(&mut Self) -> Result<T, Failure>) -> Result<T, Failure> {
        let mut done = None;
        let written = replace_atomic(path, |temporary| {
            let mut scores = Self { file: BufWriter::new(File::create(temporary)?), path };
            let found = scores.write(format_args!("id,attribute_id,probability\n")).and_then(|()| work(&mut scores));
            let is_done = found.is_ok();
            done = Some(found);
            if is_done { scores.file.flush() } else { Err(io::ErrorKind::Interrupted.into()) }
        });
        match (done, written) {
            (Some(Err(failure)), _) => Err(failure),
            (_, Err(error)) => Err(Failure::Data(Problem::of_io(&error, path))),
            (Some(Ok(found)), Ok(())) => Ok(found),
            (None, Ok(())) => Err(Failure::Problems), // Cannot be: what is written was asked for.
        }
    }

    fn write(&mut self, text: fmt::Arguments<'_>) -> Result<(), Failure> {
        self.file.write_fmt(text).map_err(|error| Failure::Data(Problem::of_io(&error, self.path)))
    }
}

/// All images, or those a table names in its column `id`.
fn wanted<'a>(desk: &'a Desk, ids: Option<&Path>) -> Result<Vec<&'a ImageFile>, Failure> {
    let Some(path) = ids else {
        return Ok(desk.collection.images.iter().collect());
    };
    let bytes = fs::read(path).map_err(|error| Failure::Usage(Problem::of_io(&error, path)))?;
    let table = TrainTable::parse(bytes, &Vocabulary::default());
    if !table.is_readable() {
        let message = format!("this table has no columns id and attribute_ids\nFile: {}", path.display());
        return Err(Failure::Usage(Problem::new(message, "give a file such as sample_submission.csv")));
    }
    let mut seen = HashSet::new();
    let mut images = Vec::new();
    for (id, _) in table.rows() {
        match desk.collection.image(id) {
            Some(file) if seen.insert(id.clone()) => images.push(file),
            Some(_) => {}
            None => say(format!("{id} has no picture in this folder; it is left out")),
        }
    }
    Ok(images)
}
