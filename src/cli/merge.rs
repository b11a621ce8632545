//! `docent merge [FOLDER] OTHER`: folds another curator's record into this collection's, as one step.
//!
//! The other record is only read. Where the two contradict, what holds here stays, and the window has a queue for it.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use super::agreement;
use super::args::Merge;
use super::collection::Desk;
use super::terminal::{Failure, print, say};
use super::writing::Writing;
use crate::base::numbers::counted;
use crate::domain::merging::{self, Plan, Side, Words};
use crate::domain::tables::{LabelsTable, TrainTable};
use crate::domain::{Annotation, ImageId, Label, Vocabulary};
use crate::store::{Other, Record};

type Annotations = HashMap<ImageId, Annotation>;

/// What the other record says.
struct There {
    vocabulary: Vocabulary,
    annotations: Annotations,
    words: Words,
}

pub(super) fn run(arguments: &Merge, who: &str) -> Result<(), Failure> {
    let folder = arguments.folder.as_deref().unwrap_or(Path::new("."));
    let desk = Desk::open(folder)?;
    let other = Other::open(&arguments.other, &desk.location).map_err(Failure::usage)?;
    if arguments.dry.dry_run {
        let words = Record::read_words(&desk.location).map_err(Failure::data)?;
        let annotations = desk.annotations()?;
        let there = there(&other, &desk, &annotations)?;
        let plan = planned(&desk, &annotations, &words, &there);
        report(&desk, &plan, &words, &there.words)?;
        say("nothing was changed: --dry-run");
        return Ok(());
    }
    let mut writing = Writing::open(folder)?;
    let words = writing.record.words().map_err(Failure::data)?;
    let there = there(&other, &writing.desk, &writing.annotations)?;
    let plan = planned(&writing.desk, &writing.annotations, &words, &there);
    writing.record.merge(&plan, who, writing.now_millis).map_err(Failure::data)?;
    writing.write(&plan.step)?;
    report(&writing.desk, &plan, &words, &there.words)?;
    drop(writing);
    agreement::of(&Desk::open(folder)?)
}

fn planned(desk: &Desk, annotations: &Annotations, words: &Words, there: &There) -> Plan {
    let here = Side { vocabulary: &desk.collection.vocabulary, annotations, words };
    let there = Side { vocabulary: &there.vocabulary, annotations: &there.annotations, words: &there.words };
    merging::plan(here, there, |image| desk.collection.image(image).is_some())
}

/// Reads the other record over its own tables, or where it was sent alone, over those of this collection.
fn there(other: &Other, desk: &Desk, annotations: &Annotations) -> Result<There, Failure> {
    let labels = beside(other.path(), "labels.csv").map(|bytes| LabelsTable::parse(bytes).vocabulary().clone());
    let labels = labels.unwrap_or_else(|| desk.collection.labels.vocabulary().clone());
    let vocabulary = other.vocabulary(&labels).map_err(Failure::data)?;
    let train = beside(other.path(), "train.csv").map(|bytes| TrainTable::parse(bytes, &vocabulary));
    let base = |image: &ImageId| match &train {
        Some(train) => train.tags_of(image.as_str()).cloned(),
        None => annotations.get(image).and_then(Annotation::base).cloned(),
    };
    let annotations = other.annotations(base).map_err(Failure::data)?;
    Ok(There { annotations, words: other.words().map_err(Failure::data)?, vocabulary })
}

/// A table of the collection that a record belongs to, if it is where it should be.
fn beside(record: &Path, name: &str) -> Option<Vec<u8>> {
    let full = fs::canonicalize(record).ok()?;
    let folder = full.parent()?;
    let is_inside = folder.file_name().is_some_and(|folder| folder == ".docent");
    let places: [Option<PathBuf>; 2] =
        [Some(folder.join(name)), folder.parent().filter(|_| is_inside).map(|folder| folder.join(name))];
    places.into_iter().flatten().find_map(|path| fs::read(path).ok())
}

fn report(desk: &Desk, plan: &Plan, here: &Words, there: &Words) -> Result<(), Failure> {
    let name = |image: &ImageId, id| {
        let is_it = |label: &&Label| label.id == id;
        let labels = desk.collection.vocabulary.labels().iter().chain(&plan.made);
        format!("{image}\t{}", labels.into_iter().find(is_it).map_or("", |label| &label.name))
    };
    for label in &plan.made {
        print(format!("label\t{}\t{}", label.id, label.name))?;
    }
    for heard in &plan.heard {
        if let (merging::Came::Contradicts(held), (image, Some(id))) = (&heard.came, &heard.spot) {
            let yes = |is_present: bool| if is_present { "yes" } else { "no" };
            let said = heard.said.verdict == crate::domain::Verdict::Accept;
            print(format!(
                "conflict\t{}\there {} by {}\tthere {} by {}",
                name(image, *id),
                yes(held.is_present),
                held.who,
                yes(said),
                heard.said.who
            ))?;
        }
    }
    print(said(plan))?;
    if 0 < plan.n_elsewhere {
        let n = counted(plan.n_elsewhere, "picture", "pictures");
        say(format!("{n} of the other record are not in this folder: left out until they are, then merge again"));
    }
    if 0 < plan.n_retired {
        say(format!("{} on labels that are retired here: left out", counted(plan.n_retired, "decision", "decisions")));
    }
    if 0 < plan.n_conflicts {
        say("what holds here stays; the queue Conflicts of the window (O) settles them");
    }
    let names = |words: &Words| words.last.values().map(|said| said.who.clone()).collect::<BTreeSet<String>>();
    let theirs = names(there);
    if !theirs.is_empty() && theirs == names(here) && plan.n_known == 0 {
        let who: Vec<String> = theirs.into_iter().collect();
        say(format!(
            "both records are signed {}: for figures of agreement choose names of your own in the window's menu",
            who.join(", ")
        ));
    }
    Ok(())
}

/// What was folded in, in one line.
fn said(plan: &Plan) -> String {
    if plan.heard.is_empty() {
        return format!("nothing new: {} there were known here", counted(plan.n_known, "word", "words"));
    }
    format!(
        "{} and {} taken, {} the same here, {}, {} known before",
        counted(plan.n_decisions, "decision", "decisions"),
        counted(plan.n_marks, "review mark", "review marks"),
        plan.n_agreeing,
        counted(plan.n_conflicts, "conflict", "conflicts"),
        plan.n_known
    )
}
