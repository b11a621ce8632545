//! Which label of this vocabulary a label of another one is.
//!
//! By id where the names agree, or the one has the other's name as another name since a rename; else by name, or another
//! name; else it is made here under the next free id. A label keeps its name here.

use std::collections::BTreeMap;

use crate::domain::vocabulary::{Holder, folded};
use crate::domain::{AttributeId, Label, Standing, Vocabulary};

pub(super) struct Matching<'a> {
    there: &'a Vocabulary,
    /// Of this vocabulary, by the other's id.
    forth: BTreeMap<AttributeId, AttributeId>,
    back: BTreeMap<AttributeId, AttributeId>,
    made: Vec<Label>,
    next: AttributeId,
}

impl<'a> Matching<'a> {
    pub(super) fn new(here: &Vocabulary, there: &'a Vocabulary) -> Self {
        let forth: BTreeMap<AttributeId, AttributeId> =
            there.labels().iter().filter_map(|label| Some((label.id, matched(here, there, label)?))).collect();
        let mut back = BTreeMap::new();
        for (&there, &here) in &forth {
            let first = back.entry(here).or_insert(there);
            *first = if here == there { there } else { *first }; // Two labels of one name: the one with the id.
        }
        Self { there, forth, back, made: Vec::new(), next: here.next_id() }
    }

    pub(super) fn find(&self, there: AttributeId) -> Option<AttributeId> {
        self.forth.get(&there).copied()
    }

    /// The other's label, if it has it.
    pub(super) fn back(&self, here: AttributeId) -> Option<AttributeId> {
        self.back.get(&here).copied()
    }

    /// A label that is missing here, under the next free id.
    pub(super) fn make(&mut self, there: AttributeId) -> AttributeId {
        let id = self.next;
        self.next = AttributeId(id.0 + 1);
        // An id without a line, in a table that was edited by hand, has its number for a name.
        let name = self.there.get(there).map_or_else(|| format!("label {there}"), |label| label.name.clone());
        self.made.push(Label { id, name });
        self.forth.insert(there, id);
        self.back.insert(id, there);
        id
    }

    pub(super) fn made(self) -> Vec<Label> {
        self.made
    }
}

fn matched(here: &Vocabulary, there: &Vocabulary, label: &Label) -> Option<AttributeId> {
    if let Some(own) = here.get(label.id).filter(|own| here.standing(own.id) != Standing::Absent) {
        let is_other_name = |vocabulary: &Vocabulary, name: &str| {
            let mut names = vocabulary.aliases_of(label.id);
            names.any(|alias| folded(alias) == folded(name))
        };
        if folded(&own.name) == folded(&label.name)
            || is_other_name(there, &own.name)
            || is_other_name(here, &label.name)
        {
            return Some(own.id);
        }
    }
    let named = here.by_name(&label.name).map(Holder::Label).or_else(|| here.holder(&label.name));
    named.map(|(Holder::Label(label) | Holder::Retired(label) | Holder::Alias(label))| label.id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::editing;

    #[test]
    fn a_label_is_matched_by_id_and_name_then_by_name_and_is_made_where_it_is_missing() {
        let base = [Label::new(0, "tag::a"), Label::new(1, "tag::b"), Label::new(2, "tag::c")];
        let (mut here, mut there) = (Vocabulary::new(base.clone()), Vocabulary::new(base));
        editing::rename(&here, AttributeId(0), "tag::ours").unwrap().edit(&mut here, false);
        editing::rename(&there, AttributeId(1), "tag::theirs").unwrap().edit(&mut there, false);
        here.push(Label::new(3, "tag::d"));
        there.push(Label::new(3, "tag::e"));
        there.push(Label::new(4, "tag::D"));
        there.push(Label::new(9, "tag::c"));
        let mut matching = Matching::new(&here, &there);
        // (there, here), by hand: renamed here, renamed there, the same, another label, by its name, twice by one name.
        for (id, expected) in [(0, Some(0)), (1, Some(1)), (2, Some(2)), (3, None), (4, Some(3)), (9, Some(2))] {
            assert_eq!(matching.find(AttributeId(id)), expected.map(AttributeId), "{id}");
        }
        assert_eq!(matching.make(AttributeId(3)), AttributeId(4));
        assert_eq!(matching.find(AttributeId(3)), Some(AttributeId(4)));
        assert_eq!(matching.back(AttributeId(4)), Some(AttributeId(3)));
        assert_eq!(matching.made(), [Label::new(4, "tag::e")]);
    }
}
