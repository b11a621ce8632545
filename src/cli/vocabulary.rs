//! `docent vocabulary`: the labels of a collection, and editing them without a display.
//!
//! An edit is one step of the record, signed and durable before anything is said, then written into the tables; the
//! window's undo takes it back. With `--dry-run` only its preview is printed, also while a window has the collection
//! open.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use super::args::vocabulary::{
    AliasLabel, Dry, ImportLabels, ListLabels, MergeLabel, RenameLabel, RetireLabel, Vocabulary as Arguments,
    VocabularyVerb,
};
use super::collection::Desk;
use super::terminal::{Failure, print, say};
use super::writing::Writing;
use crate::base::Finding;
use crate::domain::editing::{self, Reach, Refusal};
use crate::domain::import::Import;
use crate::domain::tables::field;
use crate::domain::vocabulary::Holder;
use crate::domain::{Annotation, AttributeId, ImageId, Label, Standing, Step, Vocabulary};
use crate::jobs::Problem;

type Annotations = HashMap<ImageId, Annotation>;

pub(super) fn run(arguments: &Arguments, who: &str) -> Result<(), Failure> {
    match &arguments.what {
        VocabularyVerb::List(list) => print_labels(list),
        VocabularyVerb::Rename(verb) => rename(verb, who),
        VocabularyVerb::Merge(verb) => merge(verb, who),
        VocabularyVerb::Retire(verb) => retire(verb, who),
        VocabularyVerb::Alias(verb) => alias(verb, who),
        VocabularyVerb::Import(verb) => import(verb, who),
    }
}

fn print_labels(arguments: &ListLabels) -> Result<(), Failure> {
    let desk = Desk::open(&arguments.folder)?;
    let vocabulary = &desk.collection.vocabulary;
    let mut counts: HashMap<AttributeId, usize> = HashMap::new();
    let annotations = desk.annotations()?;
    let tags = annotations.values().flat_map(|annotation| annotation.tags().iter().collect::<Vec<_>>());
    tags.for_each(|tag| *counts.entry(tag).or_default() += 1);
    let mut table = "attribute_id,attribute_name,images,standing,other_names".to_owned();
    for label in vocabulary.labels() {
        let standing = match vocabulary.standing(label.id) {
            Standing::Offered => "offered",
            Standing::Retired => "retired",
            Standing::Absent => continue,
        };
        let others: Vec<&str> = vocabulary.aliases_of(label.id).collect();
        let count = counts.get(&label.id).copied().unwrap_or(0);
        let (name, others) = (field(&label.name), others.join("; "));
        table += &format!("\n{},{name},{count},{standing},{}", label.id, field(&others));
    }
    print(table)
}

fn rename(arguments: &RenameLabel, who: &str) -> Result<(), Failure> {
    edit(&arguments.folder, arguments.dry, who, |vocabulary, annotations| {
        let label = find(vocabulary, &arguments.label)?;
        let step = editing::rename(vocabulary, label.id, &arguments.name).map_err(Failure::usage)?;
        let kept = images(having(annotations, label.id).count());
        Ok((step, format!("{} becomes {}, on {kept}; the old name still finds it", label.name, arguments.name)))
    })
}

fn merge(arguments: &MergeLabel, who: &str) -> Result<(), Failure> {
    edit(&arguments.folder, arguments.dry, who, |vocabulary, annotations| {
        let (from, into) = (find(vocabulary, &arguments.from)?, find(vocabulary, &arguments.into)?);
        let step = editing::merge(vocabulary, from.id, into.id, annotations.iter()).map_err(Failure::usage)?;
        let reach = Reach::of(from.id, into.id, annotations.values());
        let mut words = format!(
            "{} change: {} get {}, {} had it already",
            images(reach.n_images),
            reach.n_gain,
            into.name,
            reach.n_images - reach.n_gain
        );
        if reach.n_overruled > 0 {
            words += &format!("; for {} it was rejected by name", images(reach.n_overruled));
        }
        Ok((step, format!("{words}. {} is retired, and is another name of {}", from.name, into.name)))
    })
}

fn retire(arguments: &RetireLabel, who: &str) -> Result<(), Failure> {
    edit(&arguments.folder, arguments.dry, who, |vocabulary, annotations| {
        let label = find(vocabulary, &arguments.label)?;
        let on = images(having(annotations, label.id).count());
        if arguments.back {
            let step = editing::bring_back(vocabulary, label.id).map_err(Failure::usage)?;
            return Ok((step, format!("{} is offered again, on {on}", label.name)));
        }
        let losing = annotations.iter().filter(|_| arguments.lose);
        let step = editing::retire(vocabulary, label.id, losing).map_err(Failure::usage)?;
        let what = if arguments.lose { "taken off" } else { "kept on" };
        Ok((step, format!("{} is retired and {what} {on}", label.name)))
    })
}

fn alias(arguments: &AliasLabel, who: &str) -> Result<(), Failure> {
    edit(&arguments.folder, arguments.dry, who, |vocabulary, _| {
        let label = find(vocabulary, &arguments.label)?;
        let alias = &arguments.alias;
        if !arguments.remove {
            let step = editing::add_alias(vocabulary, label.id, alias).map_err(Failure::usage)?;
            return Ok((step, format!("{alias} is another name of {}", label.name)));
        }
        if vocabulary.alias(alias) != Some(label.id) {
            return Err(Failure::usage(Refusal::Unknown { name: alias.clone() }));
        }
        let step = editing::remove_alias(vocabulary, alias).map_err(Failure::usage)?;
        Ok((step, format!("{alias} is no other name of {} any more", label.name)))
    })
}

fn import(arguments: &ImportLabels, who: &str) -> Result<(), Failure> {
    let bytes = fs::read(&arguments.file).map_err(|error| Failure::Usage(Problem::of_io(&error, &arguments.file)))?;
    edit(&arguments.folder, arguments.dry, who, |vocabulary, _| {
        let import = Import::read(&bytes, vocabulary);
        for problem in &import.problems {
            let finding = Finding::new(&arguments.file, problem.message.clone()).at_line(problem.line);
            say(finding.with_hint(problem.hint));
        }
        let (n_new, n_known, n_odd) = (import.new.len(), import.n_known, import.problems.len());
        let odd = if n_odd == 1 { "odd line" } else { "odd lines" };
        Ok((import.step(), format!("{n_new} new, {n_known} there already, {n_odd} {odd}")))
    })
}

/// The label that is offered, retired, or found by another name.
fn find<'a>(vocabulary: &'a Vocabulary, name: &str) -> Result<&'a Label, Failure> {
    match vocabulary.by_name(name).map(Holder::Label).or_else(|| vocabulary.holder(name)) {
        Some(Holder::Label(label) | Holder::Retired(label) | Holder::Alias(label)) => Ok(label),
        None => Err(Failure::usage(Refusal::Unknown { name: name.to_owned() })),
    }
}

fn having(annotations: &Annotations, id: AttributeId) -> impl Iterator<Item = &Annotation> {
    annotations.values().filter(move |annotation| annotation.state(id).is_present())
}

/// `1 image`, `20 images`.
fn images(n: usize) -> String {
    format!("{n} {}", if n == 1 { "image" } else { "images" })
}

/// Plans an edit, does it unless it is a rehearsal, and prints what it comes to.
fn edit(
    folder: &Path,
    dry: Dry,
    who: &str,
    plan: impl FnOnce(&Vocabulary, &Annotations) -> Result<(Step, String), Failure>,
) -> Result<(), Failure> {
    if dry.dry_run {
        let desk = Desk::open(folder)?;
        let (_, words) = plan(&desk.collection.vocabulary, &desk.annotations()?)?;
        print(words)?;
        say("nothing was changed: --dry-run");
        return Ok(());
    }
    let mut writing = Writing::open(folder)?;
    let (step, words) = plan(&writing.vocabulary, &writing.annotations)?;
    if !step.is_empty() {
        writing.record.append(&step, who, writing.now_millis).map_err(Failure::data)?;
        writing.write(&step)?;
    }
    print(words)
}
