//! Vocabulary: the ordered labels a collection may use, those it has used, and other names for them.
//!
//! Its order is that of `labels.csv`; new labels go to the end. A checkpoint keeps its own column order as
//! attribute ids, so a vocabulary may grow without making older checkpoints useless. A label that was retired, or whose
//! making was taken back, keeps its place and its id: only [`Vocabulary::offered`] leaves it out, and whoever proposes,
//! learns or lists goes by that.

use std::collections::{BTreeMap, HashMap};

use super::{AttributeId, Edit, Label, Standing};
use crate::base::hash;

#[derive(Debug, Clone, Default)]
pub struct Vocabulary {
    labels: Vec<Label>,
    /// As long as `labels`.
    standings: Vec<Standing>,
    position_of: HashMap<AttributeId, usize>,
    /// Other names, as they were written, and the label each stands for.
    aliases: BTreeMap<String, AttributeId>,
}

/// What a name belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder<'a> {
    /// It is the label's own name.
    Label(&'a Label),
    /// It is the name of a label that is not offered any more.
    Retired(&'a Label),
    /// It is another name for the label.
    Alias(&'a Label),
}

impl Vocabulary {
    /// Labels in the order given; of labels with the same id the first one holds.
    pub fn new(labels: impl IntoIterator<Item = Label>) -> Self {
        let mut vocabulary = Self::default();
        for label in labels {
            vocabulary.push(label);
        }
        vocabulary
    }

    /// Appends a label with an id of its own. Whether it was new: an id that is taken keeps its label.
    pub fn push(&mut self, label: Label) -> bool {
        self.put(label, Standing::Offered)
    }

    fn put(&mut self, label: Label, standing: Standing) -> bool {
        if self.position_of.contains_key(&label.id) {
            return false;
        }
        self.position_of.insert(label.id, self.labels.len());
        self.labels.push(label);
        self.standings.push(standing);
        true
    }

    /// Appends a label with the next free id, and returns it. A name that is there already keeps its id.
    pub fn create(&mut self, name: &str) -> AttributeId {
        if let Some(label) = self.by_name(name) {
            return label.id;
        }
        let id = self.next_id();
        self.push(Label { id, name: name.to_owned() });
        id
    }

    /// Above every id that any label ever had here.
    pub fn next_id(&self) -> AttributeId {
        AttributeId(self.labels.iter().map(|label| label.id.0 + 1).max().unwrap_or(0))
    }

    /// All of them, also those that are not offered: the place of a label in it never changes.
    pub fn labels(&self) -> &[Label] {
        &self.labels
    }

    /// The labels that may be proposed, listed, learned and given to images, in order.
    pub fn offered(&self) -> impl Iterator<Item = &Label> {
        self.labels.iter().zip(&self.standings).filter(|(_, standing)| **standing == Standing::Offered).map(|(l, _)| l)
    }

    pub fn is_offered(&self, id: AttributeId) -> bool {
        self.standing(id) == Standing::Offered
    }

    /// Whether it has been a label here and is none that is offered now: not to be proposed, and not to be learned.
    pub fn is_withheld(&self, id: AttributeId) -> bool {
        self.contains(id) && !self.is_offered(id)
    }

    /// `Absent` for an id that no label ever had.
    pub fn standing(&self, id: AttributeId) -> Standing {
        self.position(id).map_or(Standing::Absent, |position| self.standings[position])
    }

    /// How many places it has: see [`Self::labels`].
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether no label is offered.
    pub fn is_empty(&self) -> bool {
        self.offered().next().is_none()
    }

    pub fn get(&self, id: AttributeId) -> Option<&Label> {
        self.position_of.get(&id).map(|&position| &self.labels[position])
    }

    /// Position of a label in the order of `labels.csv`.
    pub fn position(&self, id: AttributeId) -> Option<usize> {
        // Ids mostly count from 0: a guess saves millions of lookups where every proposal of a collection is asked about.
        let guess = id.0 as usize;
        let is_there = self.labels.get(guess).is_some_and(|label| label.id == id);
        if is_there { Some(guess) } else { self.position_of.get(&id).copied() }
    }

    pub fn contains(&self, id: AttributeId) -> bool {
        self.position(id).is_some()
    }

    /// One that is offered before one that is retired.
    pub fn by_name(&self, name: &str) -> Option<&Label> {
        let named = |standing: Standing| {
            let mut all = self.labels.iter().zip(&self.standings);
            all.find(|(label, held)| **held == standing && label.name == name).map(|(label, _)| label)
        };
        named(Standing::Offered).or_else(|| named(Standing::Retired))
    }

    /// Other names in their order, with the label each stands for.
    pub fn aliases(&self) -> impl Iterator<Item = (&str, AttributeId)> {
        self.aliases.iter().map(|(alias, &of)| (alias.as_str(), of))
    }

    pub fn aliases_of(&self, id: AttributeId) -> impl Iterator<Item = &str> {
        self.aliases().filter(move |(_, of)| *of == id).map(|(alias, _)| alias)
    }

    /// The label that another name, spelled exactly so, stands for.
    pub fn alias(&self, alias: &str) -> Option<AttributeId> {
        self.aliases.get(alias).copied()
    }

    /// What a name belongs to, case, `_` and `-` aside. An alias without a namespace stands for its word in all of them.
    pub fn holder(&self, name: &str) -> Option<Holder<'_>> {
        let wanted = folded(name);
        let short = folded(name.split_once("::").map_or(name, |(_, short)| short));
        let find = |standing: Standing| {
            let mut all = self.labels.iter().zip(&self.standings);
            all.find(|(label, held)| **held == standing && folded(&label.name) == wanted).map(|(label, _)| label)
        };
        let alias = || {
            let is_it = |alias: &str| {
                let alias = folded(alias);
                alias == wanted || (!alias.contains("::") && alias == short)
            };
            self.aliases().find(|(alias, _)| is_it(alias)).and_then(|(_, of)| self.get(of))
        };
        find(Standing::Offered)
            .map(Holder::Label)
            .or_else(|| alias().map(Holder::Alias))
            .or_else(|| find(Standing::Retired).map(Holder::Retired))
    }

    /// Whether an edit finds what it was made for, and gives no label a name that another has.
    pub fn admits(&self, edit: &Edit) -> bool {
        let is_free = |name: &str, id| {
            let other = self.by_name(name).filter(|other| other.id != id);
            other.is_none_or(|other| !self.is_offered(other.id))
        };
        match edit {
            Edit::Stand { label, standing, before } => {
                let name = self.get(label.id).map_or(&label.name, |label| &label.name);
                self.standing(label.id) == *before && (*standing != Standing::Offered || is_free(name, label.id))
            }
            Edit::Rename { attribute, name, before } => {
                self.get(*attribute).is_some_and(|label| label.name == *before) && is_free(name, *attribute)
            }
            Edit::Alias { alias, before, .. } => self.alias(alias) == *before,
        }
    }

    pub fn apply(&mut self, edit: &Edit) {
        match edit {
            Edit::Stand { label, standing, .. } => {
                self.put(label.clone(), *standing);
                if let Some(position) = self.position(label.id) {
                    self.standings[position] = *standing;
                }
            }
            Edit::Rename { attribute, name, .. } => {
                if let Some(position) = self.position(*attribute) {
                    self.labels[position].name.clone_from(name);
                }
            }
            Edit::Alias { alias, of: Some(of), .. } => {
                self.aliases.insert(alias.clone(), *of);
            }
            Edit::Alias { alias, of: None, .. } => {
                self.aliases.remove(alias);
            }
        }
    }

    /// Changes with any id, name or the order.
    pub fn fingerprint(&self) -> u64 {
        let text: String = self.labels.iter().map(|label| format!("{}\t{}\n", label.id, label.name)).collect();
        hash::fnv1a64(text.as_bytes())
    }
}

/// A name as it is compared: in lower case, `_` and `-` are spaces.
pub fn folded(text: &str) -> String {
    text.trim().to_lowercase().replace(['_', '-'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_created_label_gets_the_next_free_id_and_a_known_name_keeps_its_own() {
        let mut vocabulary =
            Vocabulary::new([Label::new(4, "tag::a"), Label::new(2, "tag::b"), Label::new(4, "tag::twice")]);
        assert_eq!(vocabulary.len(), 2);
        let before = vocabulary.fingerprint();
        assert_eq!(vocabulary.create("tag::b"), AttributeId(2));
        assert_eq!(vocabulary.fingerprint(), before);
        assert_eq!(vocabulary.create("tag::c"), AttributeId(5));
        assert_eq!(vocabulary.position(AttributeId(5)), Some(2));
        assert_ne!(vocabulary.fingerprint(), before);
        assert_eq!(Vocabulary::default().create("x"), AttributeId(0));
    }

    #[test]
    fn an_id_whose_label_was_taken_back_is_never_given_again() {
        let mut vocabulary = Vocabulary::new([Label::new(1, "tag::a")]);
        let made = Edit::create(Label::new(2, "tag::b"));
        vocabulary.apply(&made);
        vocabulary.apply(&made.inverse());
        assert!(!vocabulary.is_offered(AttributeId(2)) && vocabulary.by_name("tag::b").is_none());
        assert_eq!(vocabulary.create("tag::b"), AttributeId(3));
        vocabulary.apply(&made);
        assert_eq!(vocabulary.offered().count(), 3);
    }

    #[test]
    fn an_edit_that_finds_something_else_than_it_was_made_for_is_not_admitted() {
        let vocabulary = Vocabulary::new([Label::new(1, "tag::a"), Label::new(2, "tag::b")]);
        let rename = |name: &str, before: &str| Edit::Rename {
            attribute: AttributeId(1),
            name: name.to_owned(),
            before: before.to_owned(),
        };
        for (edit, expected) in [
            (rename("tag::c", "tag::a"), true),
            (rename("tag::c", "tag::x"), false),
            (rename("tag::b", "tag::a"), false),
            (Edit::create(Label::new(3, "tag::c")), true),
            (Edit::create(Label::new(3, "tag::b")), false),
            (Edit::create(Label::new(2, "tag::c")), false),
            (Edit::Alias { alias: "c".to_owned(), of: None, before: Some(AttributeId(1)) }, false),
            (Edit::Alias { alias: "c".to_owned(), of: Some(AttributeId(1)), before: None }, true),
        ] {
            assert_eq!(vocabulary.admits(&edit), expected, "{edit:?}");
        }
    }

    #[test]
    fn a_name_belongs_to_a_label_or_stands_for_one_or_is_retired() {
        let [a, b, c] = [Label::new(1, "tag::Long-swords"), Label::new(2, "tag::bows"), Label::new(3, "tag::pikes")];
        let mut vocabulary = Vocabulary::new([a.clone(), b.clone(), c.clone()]);
        let alias = |alias: &str, of| Edit::Alias { alias: alias.to_owned(), of: Some(of), before: None };
        vocabulary.apply(&alias("katana", a.id));
        vocabulary.apply(&alias("tag::Longbows", b.id));
        vocabulary.apply(&Edit::Stand { label: c.clone(), standing: Standing::Retired, before: Standing::Offered });
        for (name, expected) in [
            ("TAG::long_swords", Some(Holder::Label(&a))),
            ("katana", Some(Holder::Alias(&a))),
            ("tag::Katana", Some(Holder::Alias(&a))),
            ("tag::longbows", Some(Holder::Alias(&b))),
            ("longbows", None),
            ("tag::pikes", Some(Holder::Retired(&c))),
            ("pikes", None),
        ] {
            assert_eq!(vocabulary.holder(name), expected, "{name}");
        }
    }
}
