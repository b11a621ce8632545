//! `docent doubts FOLDER`: tags that somebody probably forgot or set by mistake, the likeliest first; changes nothing.
//!
//! Only what `train.csv` says or leaves out is doubted, not what was accepted or rejected by name here.

use std::fmt::Write as _;
use std::ops::ControlFlow;

use super::args::Doubts;
use super::collection::Desk;
use super::terminal::{Failure, bar, print, save, say};
use crate::collection::ImageFile;
use crate::domain::f_beta::Truth;
use crate::domain::label_errors::{Doubt, Kind};
use crate::domain::tables::field;
use crate::domain::{Annotation, AttributeId, TagState};
use crate::jobs::Problem;
use crate::training::out_of_fold::{self, Described};
use crate::training::standardise::Features;
use crate::training::survey;
use crate::training::{Progress, TrainError};

pub(super) fn run(arguments: &Doubts) -> Result<(), Failure> {
    let desk = Desk::open(&arguments.folder)?;
    let annotations = desk.annotations()?;
    let is_described = |file: &&ImageFile| annotations.get(&file.id).is_some_and(Annotation::is_touched);
    let described: Vec<&ImageFile> = desk.collection.images.iter().filter(is_described).collect();
    if described.is_empty() {
        let message = "no picture of this folder is annotated";
        return Err(Failure::Data(Problem::new(message, "describe some pictures first")));
    }
    let (tagger, _) = desk.tagger(&desk.model_name(arguments.model.as_deref()), arguments.looking)?;
    let attributes: Vec<AttributeId> = desk.collection.vocabulary.offered().map(|label| label.id).collect();
    let state = |file: &ImageFile, id| annotations.get(&file.id).map_or(TagState::Unseen, |known| known.state(id));
    let (mut files, mut values, mut truth) = (Vec::new(), Vec::new(), Vec::new());
    let n_unusable = desk.embed(&tagger, arguments.looking.decode, &described, |file, embedding| {
        files.extend(desk.collection.image(&file.id));
        values.extend_from_slice(embedding);
        truth.extend(attributes.iter().map(|&id| Truth::from(state(file, id))));
        Ok(())
    })?;
    let no_labels = || Failure::data(TrainError::NoLabels);
    let features = Features::new(tagger.num_features(), &values).ok_or_else(no_labels)?;
    let ids: Vec<&str> = files.iter().map(|file| file.id.as_str()).collect();
    let groups = desk.copies(&files);
    let known = Described { ids: &ids, groups: &groups, attributes: &attributes, truth: &truth, features };
    let bar = bar("learning from the others", 100 * out_of_fold::N_PARTS);
    let (mut part, mut last) = (0, 0);
    let mut observer = |progress: &Progress| {
        part += usize::from(progress.step < last);
        last = progress.step;
        bar.set_position((100 * part + 100 * last / progress.steps.max(1)) as u64);
        ControlFlow::Continue(())
    };
    let is_unnamed = |image: usize, label: usize| {
        matches!(state(files[image], attributes[label]), TagState::Given | TagState::Absent)
    };
    let doubts = survey::doubts(&known, is_unnamed, &mut observer).map_err(Failure::data)?;
    bar.finish_and_clear();
    let mut rows = "id,attribute_id,attribute_name,kind,probability\n".to_owned();
    for &Doubt { image, label, kind, probability, .. } in &doubts {
        let (file, id) = (files[image], attributes[label]);
        let name = desk.collection.vocabulary.get(id).map_or("", |label| &label.name);
        let kind = if kind == Kind::Missing { "missing" } else { "wrong" };
        // Into a String: cannot fail.
        let _ = writeln!(rows, "{},{id},{},{kind},{probability:.6}", field(file.id.as_str()), field(name));
    }
    match &arguments.out {
        Some(path) => save(path, &rows)?,
        None => print(rows.trim_end())?,
    }
    say(format!("{} tags of {} pictures are in doubt", doubts.len(), files.len()));
    if n_unusable > 0 { Err(Failure::Problems) } else { Ok(()) }
}
