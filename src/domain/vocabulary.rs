//! Vocabulary: the ordered labels a collection may use.
//!
//! Its order is that of `labels.csv`; new labels go to the end. A checkpoint keeps its own column order as
//! attribute ids, so a vocabulary may grow without making older checkpoints useless.

use std::collections::HashMap;

use super::{AttributeId, Label};
use crate::base::hash;

#[derive(Debug, Clone, Default)]
pub struct Vocabulary {
    labels: Vec<Label>,
    position_of: HashMap<AttributeId, usize>,
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
        let position = self.labels.len();
        if self.position_of.contains_key(&label.id) {
            return false;
        }
        self.position_of.insert(label.id, position);
        self.labels.push(label);
        true
    }

    /// Appends a label with the next free id, and returns it. A name that is there already keeps its id.
    pub fn create(&mut self, name: &str) -> AttributeId {
        if let Some(label) = self.by_name(name) {
            return label.id;
        }
        let id = self.labels.iter().map(|label| label.id.0 + 1).max().unwrap_or(0);
        self.push(Label::new(id, name));
        AttributeId(id)
    }

    pub fn labels(&self) -> &[Label] {
        &self.labels
    }

    pub fn len(&self) -> usize {
        self.labels.len()
    }

    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    pub fn get(&self, id: AttributeId) -> Option<&Label> {
        self.position_of.get(&id).map(|&position| &self.labels[position])
    }

    /// Position of a label in the order of `labels.csv`.
    pub fn position(&self, id: AttributeId) -> Option<usize> {
        self.position_of.get(&id).copied()
    }

    pub fn contains(&self, id: AttributeId) -> bool {
        self.position_of.contains_key(&id)
    }

    pub fn by_name(&self, name: &str) -> Option<&Label> {
        self.labels.iter().find(|label| label.name == name)
    }

    /// Changes with any id, name or the order.
    pub fn fingerprint(&self) -> u64 {
        let text: String = self.labels.iter().map(|label| format!("{}\t{}\n", label.id, label.name)).collect();
        hash::fnv1a64(text.as_bytes())
    }
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
}
