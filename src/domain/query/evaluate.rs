//! Whether an image passes a query.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::fault::Fault;
use super::glob::Glob;
use super::within::Within;
use crate::domain::{Annotation, AttributeId, LabelSet, Proposal, Verdict};

/// What can be asked of one image.
pub trait Facts {
    /// Its number in the collection.
    fn number(&self) -> u32;
    /// Its id in lower case.
    fn name_lower(&self) -> &str;
    /// Of its file below the collection's folder, with `/` between folders.
    fn path(&self) -> Cow<'_, str>;
    fn annotation(&self) -> &Annotation;
    /// `annotation().tags()`.
    fn tags(&self) -> &LabelSet;
    /// Most likely first; what is not among them is as good as 0. `None`: no model has looked at the image.
    fn proposals(&self) -> Option<&[Proposal]>;
    /// Not reviewed, and a tag that nobody has judged is proposed.
    fn awaits_review(&self, threshold: f32) -> bool;
    fn has_problem(&self) -> bool;
}

/// A query prepared for one pass over all images.
#[derive(Debug, Clone)]
pub struct Compiled {
    /// `None`: everything passes.
    pub(super) root: Option<Node>,
    /// What was not understood and is left out, in the order of the text.
    pub faults: Vec<Fault>,
    /// Images whose nearest it asks for.
    pub similar_to: Vec<String>,
}

impl Compiled {
    pub fn admits(&self, facts: &impl Facts) -> bool {
        self.root.as_ref().is_none_or(|root| root.admits(facts))
    }

    /// Whether it asks what a model says.
    pub fn asks_model(&self) -> bool {
        self.root
            .as_ref()
            .is_some_and(|root| root.any_test(&|test| matches!(test, Test::Likely { .. } | Test::Awaits { .. })))
    }
}

#[derive(Debug, Clone)]
pub(super) enum Node {
    All(Vec<Node>),
    Any(Vec<Node>),
    Not(Box<Node>),
    Test(Test),
}

/// One question. Lists of labels are ascending.
#[derive(Debug, Clone)]
pub(super) enum Test {
    Word {
        word: String,
        glob: Option<Glob>,
        labels: Vec<AttributeId>,
    },
    HasTag(Vec<AttributeId>),
    Likely {
        labels: Vec<AttributeId>,
        within: Within,
    },
    Awaits {
        wanted: bool,
        threshold: f32,
    },
    Judged {
        labels: Vec<AttributeId>,
        verdict: Verdict,
    },
    Reviewed(bool),
    Touched(bool),
    Problem(bool),
    Flagged(bool),
    NTags(Within),
    Named {
        part: String,
        glob: Option<Glob>,
    },
    /// In lower case; of a whole folder or of one at its beginning.
    InFolder {
        folder: String,
        glob: Option<Glob>,
    },
    /// Ascending.
    Among(Vec<u32>),
}

impl Node {
    fn admits(&self, facts: &impl Facts) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.admits(facts)),
            Self::Any(parts) => parts.iter().any(|part| part.admits(facts)),
            Self::Not(part) => !part.admits(facts),
            Self::Test(test) => test.admits(facts),
        }
    }

    fn any_test(&self, asked: &impl Fn(&Test) -> bool) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().any(|part| part.any_test(asked)),
            Self::Not(part) => part.any_test(asked),
            Self::Test(test) => asked(test),
        }
    }
}

impl Test {
    fn admits(&self, facts: &impl Facts) -> bool {
        match self {
            Self::Word { word, glob, labels } => {
                let named = match glob {
                    Some(glob) => is_named(glob, facts),
                    None => facts.name_lower().contains(word.as_str()),
                };
                named || meet(facts.tags(), labels)
            }
            Self::HasTag(labels) => meet(facts.tags(), labels),
            Self::Likely { labels, within } => likely(facts, labels, *within),
            Self::Awaits { wanted, threshold } => facts.awaits_review(*threshold) == *wanted,
            Self::Judged { labels, verdict } => {
                let mut judged = facts.annotation().verdicts();
                judged.any(|(label, judged)| judged == *verdict && labels.binary_search(&label).is_ok())
            }
            Self::Reviewed(wanted) => facts.annotation().is_reviewed() == *wanted,
            Self::Touched(wanted) => facts.annotation().is_touched() == *wanted,
            Self::Problem(wanted) => facts.has_problem() == *wanted,
            Self::Flagged(wanted) => facts.annotation().is_flagged() == *wanted,
            Self::NTags(within) => within.admits(facts.tags().len() as f64),
            Self::Named { part, glob } => match glob {
                Some(glob) => is_named(glob, facts),
                None => facts.name_lower().contains(part.as_str()),
            },
            Self::InFolder { folder, glob } => {
                let path = facts.path();
                let of_file = path.rsplit_once('/').map_or("", |(folder, _)| folder);
                match glob {
                    Some(glob) => glob.matches(of_file),
                    None => lies_in(of_file, folder),
                }
            }
            Self::Among(images) => images.binary_search(&facts.number()).is_ok(),
        }
    }
}

/// A pattern is compared with the id and with the file's name, which has an extension.
fn is_named(glob: &Glob, facts: &impl Facts) -> bool {
    if glob.matches(facts.name_lower()) {
        return true;
    }
    let path = facts.path();
    glob.matches(path.rsplit('/').next().unwrap_or(&path))
}

/// Whether a tag is among these labels: the fewer are looked up among the more.
fn meet(tags: &LabelSet, labels: &[AttributeId]) -> bool {
    match labels {
        [one] => tags.contains(*one),
        _ => tags.iter().any(|tag| labels.binary_search(&tag).is_ok()),
    }
}

/// Whether one of these labels is as likely as this.
fn likely(facts: &impl Facts, labels: &[AttributeId], within: Within) -> bool {
    let Some(proposals) = facts.proposals() else {
        return false;
    };
    let mut n_met = 0;
    for proposal in proposals {
        let fits = within.admits(f64::from(proposal.probability));
        if !fits && within.is_open_above() {
            return false; // Nor is any after it: they are less likely.
        }
        if labels.binary_search(&proposal.attribute).is_ok() {
            if fits {
                return true;
            }
            n_met += 1;
        }
    }
    n_met < labels.len() && within.admits(0.0)
}

/// `folder` in lower case; `path` as on disk, which may have other capitals.
fn lies_in(path: &str, folder: &str) -> bool {
    if folder.is_ascii() {
        let (path, folder) = (path.as_bytes(), folder.as_bytes());
        let begins = path.get(..folder.len()).is_some_and(|start| start.eq_ignore_ascii_case(folder));
        return begins && path.get(folder.len()).is_none_or(|&next| next == b'/');
    }
    let (mut path, mut folder) = (path.chars().flat_map(char::to_lowercase), folder.chars());
    loop {
        match (path.next(), folder.next()) {
            (end, None) => return end.is_none_or(|letter| letter == '/'),
            (Some(a), Some(b)) if a.cmp(&b) == Ordering::Equal => {}
            _ => return false,
        }
    }
}
