//! `docent find FOLDER QUERY`: the ids of the images that pass a query of the window's filter field.
//!
//! Strict, where the window forgives: a query that is not understood finds nothing, and says what is wrong with it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write as _;

use super::args::Find;
use super::collection::Desk;
use super::terminal::{Failure, print, say};
use crate::base::Hint as _;
use crate::collection::ImageFile;
use crate::domain::proposal::kept;
use crate::domain::query::keys::Key;
use crate::domain::query::{Facts, Known, Nearest, compile, parse};
use crate::domain::{Annotation, ImageId, LabelSet, Proposal, TagState, Vocabulary};
use crate::jobs::Problem;
use crate::training::TrainError;

const WITHOUT_MODEL: &str = "say whose proposals are meant: --model MODEL";
const IN_THE_WINDOW: &str = "ask it in the window";

pub(super) fn run(arguments: &Find) -> Result<(), Failure> {
    let desk = Desk::open(&arguments.folder)?;
    let mut annotations = desk.annotations()?;
    let mut whole = Whole { vocabulary: &desk.collection.vocabulary, threshold: None };
    let query = parse(&arguments.query);
    let mut seen = Seen::default();
    if let Some(model) = &arguments.model {
        let (tagger, columns) = desk.tagger(model, arguments.looking)?;
        whole.threshold = Some(tagger.config().thresholds().global());
        if compile(&query, &whole).asks_model() {
            let all: Vec<&ImageFile> = desk.collection.images.iter().collect();
            seen.n_unusable = desk.embed(&tagger, arguments.looking.decode, &all, |file, embedding| {
                let probabilities = tagger
                    .probabilities_of(embedding)
                    .map_err(|error| Failure::data(TrainError::Pixels { message: error.to_string() }))?;
                let known: Vec<f32> = columns.of_head.iter().map(|&column| probabilities[column]).collect();
                seen.proposals.insert(file.id.clone(), kept(&columns.attribute_ids, &known));
                Ok(())
            })?;
        }
    }
    let compiled = compile(&query, &whole);
    if let Some(fault) = compiled.faults.first() {
        let part = arguments.query.get(fault.span.clone()).unwrap_or_default();
        let message = format!("{}\nAt: {part}", fault.error);
        return Err(Failure::Usage(Problem { message, hint: fault.error.hint() }));
    }
    let mut found = String::new();
    let mut n_found = 0;
    for (number, file) in (0..).zip(&desk.collection.images) {
        let annotation = annotations.remove(&file.id).unwrap_or_default();
        let subject = Subject {
            number,
            file,
            name_lower: file.id.as_str().to_lowercase(),
            tags: annotation.tags(),
            annotation,
            proposals: seen.proposals.remove(&file.id),
        };
        if compiled.admits(&subject) {
            let _ = writeln!(found, "{}", file.id); // Into a String: cannot fail.
            n_found += 1;
        }
    }
    if n_found > 0 {
        print(found.trim_end())?;
    }
    say(format!("{n_found} of {} pictures", desk.collection.images.len()));
    if seen.n_unusable > 0 { Err(Failure::Problems) } else { Ok(()) }
}

/// What a model says of the images it could look at.
#[derive(Default)]
struct Seen {
    proposals: HashMap<ImageId, Vec<Proposal>>,
    n_unusable: usize,
}

struct Whole<'a> {
    vocabulary: &'a Vocabulary,
    /// `None` without a model.
    threshold: Option<f32>,
}

impl Known for Whole<'_> {
    fn vocabulary(&self) -> &Vocabulary {
        self.vocabulary
    }

    fn threshold(&self) -> f32 {
        self.threshold.unwrap_or(1.0)
    }

    fn nearest(&self, _id: &str) -> Nearest {
        Nearest::NotHere(IN_THE_WINDOW)
    }

    fn obstacle(&self, key: Key) -> Option<&'static str> {
        match key {
            Key::Proposed | Key::Proposals if self.threshold.is_none() => Some(WITHOUT_MODEL),
            Key::Problem => Some("docent check FOLDER names every file that cannot be shown"),
            _ => None,
        }
    }
}

struct Subject<'a> {
    number: u32,
    file: &'a ImageFile,
    name_lower: String,
    annotation: Annotation,
    tags: LabelSet,
    proposals: Option<Vec<Proposal>>,
}

impl Facts for Subject<'_> {
    fn number(&self) -> u32 {
        self.number
    }

    fn name_lower(&self) -> &str {
        &self.name_lower
    }

    fn path(&self) -> Cow<'_, str> {
        self.file.slashed()
    }

    fn annotation(&self) -> &Annotation {
        &self.annotation
    }

    fn tags(&self) -> &LabelSet {
        &self.tags
    }

    fn proposals(&self) -> Option<&[Proposal]> {
        self.proposals.as_deref()
    }

    fn awaits_review(&self, threshold: f32) -> bool {
        let is_open = |proposal: &Proposal| self.annotation.state(proposal.attribute) == TagState::Unseen;
        let likely = self.proposals.iter().flatten().take_while(|proposal| threshold <= proposal.probability);
        !self.annotation.is_reviewed() && likely.into_iter().any(is_open)
    }

    fn has_problem(&self) -> bool {
        false // `Whole` says that this is not known here.
    }
}
