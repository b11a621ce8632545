//! Which images are shown: a state, tags that must or must not be there, and the query line.

use super::asked::Subject;
use super::item::Item;
use crate::app::texts::say;
use crate::domain::query::{self, Compiled as Query, Known};
use crate::domain::{AttributeId, Vocabulary};
use crate::review::completion::with_key;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Looked {
    #[default]
    All,
    /// Not reviewed yet, and the model proposes something above the threshold.
    HasProposals,
    /// A person has looked at the whole image.
    Reviewed,
    /// No person has said anything about it.
    Never,
    /// Put aside, to come back to it.
    Flagged,
    /// Its file cannot be shown.
    Problems,
}

impl Looked {
    pub const ALL: [Self; 6] =
        [Self::All, Self::HasProposals, Self::Reviewed, Self::Never, Self::Flagged, Self::Problems];

    pub fn name(self) -> String {
        match self {
            Self::All => say!("looked-all"),
            Self::HasProposals => say!("looked-proposals"),
            Self::Reviewed => say!("looked-reviewed"),
            Self::Never => say!("looked-never"),
            Self::Flagged => say!("looked-flagged"),
            Self::Problems => say!("looked-problems"),
        }
    }

    pub fn help(self) -> String {
        match self {
            Self::All => say!("looked-all-help"),
            Self::HasProposals => say!("looked-proposals-help"),
            Self::Reviewed => say!("looked-reviewed-help"),
            Self::Never => say!("looked-never-help"),
            Self::Flagged => say!("looked-flagged-help"),
            Self::Problems => say!("looked-problems-help"),
        }
    }

    pub fn admits(self, item: &Item, threshold: f32) -> bool {
        match self {
            Self::All => true,
            Self::HasProposals => item.has_proposals(threshold),
            Self::Reviewed => item.annotation.is_reviewed(),
            Self::Never => !item.annotation.is_touched(),
            Self::Flagged => item.annotation.is_flagged(),
            Self::Problems => item.problem.is_some(),
        }
    }
}

/// How many images are in each state; see [`Looked`].
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Counts {
    /// From which probability on a picture has proposals.
    pub threshold: f32,
    pub all: usize,
    pub has_proposals: usize,
    pub reviewed: usize,
    pub never: usize,
    pub flagged: usize,
    pub problems: usize,
}

impl Counts {
    /// One image more.
    pub fn add(&mut self, item: &Item) {
        self.each(item, |count| *count += 1);
    }

    /// One image less: before it changes.
    pub fn remove(&mut self, item: &Item) {
        self.each(item, |count| *count -= 1);
    }

    fn each(&mut self, item: &Item, change: impl Fn(&mut usize)) {
        let states = [
            (&mut self.all, true),
            (&mut self.has_proposals, item.has_proposals(self.threshold)),
            (&mut self.reviewed, item.annotation.is_reviewed()),
            (&mut self.never, !item.annotation.is_touched()),
            (&mut self.flagged, item.annotation.is_flagged()),
            (&mut self.problems, item.problem.is_some()),
        ];
        states.into_iter().filter(|(_, holds)| *holds).for_each(|(count, _)| change(count));
    }

    pub fn of(self, looked: Looked) -> usize {
        match looked {
            Looked::All => self.all,
            Looked::HasProposals => self.has_proposals,
            Looked::Reviewed => self.reviewed,
            Looked::Never => self.never,
            Looked::Flagged => self.flagged,
            Looked::Problems => self.problems,
        }
    }

    /// Images that somebody has said something about: what there is to learn from.
    pub fn touched(self) -> usize {
        self.all - self.never
    }
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filter {
    pub looked: Looked,
    /// With whether the tag must be there (`true`) or must not.
    pub tags: Vec<(AttributeId, bool)>,
    /// A query: see `domain::query`.
    pub text: String,
}

impl Filter {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The tag must be there; once more: it does not matter.
    pub fn toggle_tag(&mut self, attribute: AttributeId, wanted: bool, keep_others: bool) {
        let was = self.tags.contains(&(attribute, wanted));
        if keep_others {
            self.tags.retain(|(tag, _)| *tag != attribute);
        } else {
            self.tags.clear();
        }
        if !was {
            self.tags.push((attribute, wanted));
        }
    }

    /// Prepared for one pass over all images: the vocabulary is searched once, not once per image.
    pub fn compile(&self, known: &impl Known) -> Compiled<'_> {
        let query = query::compile(&query::parse(&self.text), known);
        Compiled { filter: self, threshold: known.threshold(), query }
    }

    /// The whole filter as one query, state and tags included.
    pub fn as_query(&self, vocabulary: &Vocabulary) -> String {
        let state = match self.looked {
            Looked::All => None,
            Looked::HasProposals => Some("proposals:yes"),
            Looked::Reviewed => Some("reviewed:yes"),
            Looked::Never => Some("touched:no"),
            Looked::Flagged => Some("flagged:yes"),
            Looked::Problems => Some("problem:yes"),
        };
        let tags = self.tags.iter().filter_map(|&(tag, wanted)| {
            let label = vocabulary.get(tag)?;
            Some(format!("{}{}", if wanted { "" } else { "-" }, with_key(label)))
        });
        let text = self.text.trim();
        let mut parts: Vec<String> = state.map(str::to_owned).into_iter().chain(tags).collect();
        // What stands side by side binds more than OR.
        let is_either = matches!(query::parse(text).expr, Some(query::Expr::Or(_)));
        let typed = if is_either && !parts.is_empty() { format!("({text})") } else { text.to_owned() };
        parts.extend((!typed.is_empty()).then_some(typed));
        parts.join(" ")
    }
}

#[derive(Debug)]
pub struct Compiled<'a> {
    filter: &'a Filter,
    threshold: f32,
    pub query: Query,
}

impl Compiled<'_> {
    pub fn admits(&self, subject: &Subject<'_>) -> bool {
        let item = subject.item;
        self.filter.looked.admits(item, self.threshold)
            && self.filter.tags.iter().all(|&(tag, wanted)| item.tags.contains(tag) == wanted)
            && self.query.admits(subject)
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{desk, under_review};
    use super::*;
    use crate::domain::{Annotation, LabelSet};

    fn item(name: &str, tags: Option<LabelSet>, best: f32) -> Item {
        let mut item = Item::new(name, Annotation::new(tags));
        item.best = best;
        item
    }

    #[test]
    fn state_tags_and_query_all_have_to_pass_and_can_be_one_query() {
        let mut state = under_review();
        let vocabulary = desk(&state).vocabulary.clone();
        let (ten, eleven) = (AttributeId(10), AttributeId(11));
        for (looked, tags, text, shown, as_query) in [
            (Looked::All, vec![], "", vec![0, 1, 2, 3, 4], ""),
            (Looked::All, vec![], " b OR d ", vec![1, 3], "b OR d"),
            (Looked::HasProposals, vec![], "b OR e", vec![1], "proposals:yes (b OR e)"),
            (Looked::Reviewed, vec![(ten, true)], "", vec![4], "reviewed:yes tag:t10"),
            (
                Looked::Never,
                vec![(ten, false), (eleven, false)],
                "-a",
                vec![1, 2, 3],
                "touched:no -tag:t10 -tag:t11 -a",
            ),
            (Looked::Problems, vec![], "", vec![], "problem:yes"),
        ] {
            let desk = state.desk.as_mut().unwrap();
            desk.filter = Filter { looked, tags, text: text.to_owned() };
            desk.refresh(0.0);
            assert_eq!(desk.shown, shown, "{looked:?} {text}");
            assert_eq!(desk.filter.as_query(&vocabulary), as_query);
            desk.filter = Filter { text: as_query.to_owned(), ..Filter::default() };
            desk.refresh(0.0);
            assert_eq!((&desk.shown, &desk.line.faults), (&shown, &Vec::new()), "{as_query}");
        }
    }

    #[test]
    fn states_tell_reviewed_from_proposed_from_never_looked_at() {
        let items =
            [item("reviewed", Some(LabelSet::new()), 0.9), item("proposed", None, 0.9), item("quiet", None, 0.1)];
        for (looked, expected) in [
            (Looked::All, [true, true, true]),
            (Looked::HasProposals, [false, true, false]),
            (Looked::Reviewed, [true, false, false]),
            (Looked::Never, [false, true, true]),
            (Looked::Flagged, [false, false, false]),
            (Looked::Problems, [false, false, false]),
        ] {
            assert_eq!(items.each_ref().map(|item| looked.admits(item, 0.5)), expected, "{looked:?}");
        }
    }

    #[test]
    fn a_tag_can_be_asked_for_excluded_and_let_go() {
        let mut filter = Filter::default();
        let (a, b) = (AttributeId(1), AttributeId(2));
        filter.toggle_tag(a, true, false);
        filter.toggle_tag(b, false, true);
        assert_eq!(filter.tags, [(a, true), (b, false)]);
        filter.toggle_tag(a, false, true);
        assert_eq!(filter.tags, [(b, false), (a, false)]);
        filter.toggle_tag(a, true, false);
        assert_eq!(filter.tags, [(a, true)]);
        filter.toggle_tag(a, true, false);
        assert!(filter.is_empty());
    }
}
