//! Which images are shown: a state, tags that must or must not be there, and words.

use super::item::Item;
use crate::domain::{AttributeId, Vocabulary};

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
    /// Its file cannot be shown.
    Problems,
}

impl Looked {
    pub const ALL: [Self; 5] = [Self::All, Self::HasProposals, Self::Reviewed, Self::Never, Self::Problems];

    pub fn name(self) -> &'static str {
        match self {
            Self::All => "All",
            Self::HasProposals => "Has proposals",
            Self::Reviewed => "Reviewed",
            Self::Never => "Never looked at",
            Self::Problems => "Problems",
        }
    }

    pub fn help(self) -> &'static str {
        match self {
            Self::All => "Every image of the folder",
            Self::HasProposals => "Not reviewed yet, with at least one proposal above the threshold",
            Self::Reviewed => "Described in train.csv, or marked as reviewed here",
            Self::Never => "Nobody has said anything about them, here or in train.csv",
            Self::Problems => "Files that cannot be shown",
        }
    }

    pub fn admits(self, item: &Item, threshold: f32) -> bool {
        match self {
            Self::All => true,
            Self::HasProposals => item.has_proposals(threshold),
            Self::Reviewed => item.annotation.is_reviewed(),
            Self::Never => !item.annotation.is_touched(),
            Self::Problems => item.problem.is_some(),
        }
    }
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filter {
    pub looked: Looked,
    /// With whether the tag must be there (`true`) or must not.
    pub tags: Vec<(AttributeId, bool)>,
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
    pub fn compile(&self, vocabulary: &Vocabulary, threshold: f32) -> Compiled<'_> {
        let words = self
            .text
            .split_whitespace()
            .map(|word| {
                let word = word.to_lowercase();
                let mut tags: Vec<_> = vocabulary
                    .labels()
                    .iter()
                    .filter(|label| label.name.to_lowercase().contains(&word))
                    .map(|label| label.id)
                    .collect();
                tags.sort_unstable();
                (word, tags)
            })
            .collect();
        Compiled { filter: self, threshold, words }
    }
}

#[derive(Debug)]
pub struct Compiled<'a> {
    filter: &'a Filter,
    threshold: f32,
    /// Each word in lower case with the tags that contain it, ascending.
    words: Vec<(String, Vec<AttributeId>)>,
}

impl Compiled<'_> {
    pub fn admits(&self, item: &Item) -> bool {
        self.filter.looked.admits(item, self.threshold)
            && self.filter.tags.iter().all(|&(tag, wanted)| item.tags.contains(tag) == wanted)
            && self.words.iter().all(|(word, tags)| {
                item.name_lower.contains(word.as_str()) || item.tags.iter().any(|tag| tags.binary_search(&tag).is_ok())
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Annotation, Label, LabelSet};

    fn item(name: &str, tags: Option<LabelSet>, best: f32) -> Item {
        let mut item = Item::new(name, Annotation::new(tags));
        item.best = best;
        item
    }

    #[test]
    fn words_match_names_and_tags_and_all_have_to() {
        let vocabulary = Vocabulary::new([Label::new(1, "scene::sea"), Label::new(2, "scene::Sunset")]);
        let items = [
            item("beach/A1", Some(LabelSet::from([1])), 0.0),
            item("beach/B2", Some(LabelSet::from([1, 2])), 0.0),
            item("Hills/C3", None, 0.0),
        ];
        for (text, expected) in [
            ("", vec![0, 1, 2]),
            ("sea", vec![0, 1]),
            ("SUNS beach", vec![1]),
            ("hills", vec![2]),
            ("beach 3", vec![]),
            ("scene", vec![0, 1]),
        ] {
            let filter = Filter { text: text.to_owned(), ..Filter::default() };
            let compiled = filter.compile(&vocabulary, 0.5);
            let found: Vec<_> = (0..items.len()).filter(|&i| compiled.admits(&items[i])).collect();
            assert_eq!(found, expected, "{text:?}");
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
