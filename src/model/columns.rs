//! Which column of a head means which label of the collection at hand.
//!
//! A checkpoint of this very collection knows its labels by id. One from elsewhere may use the same ids for other
//! things, so it is matched by the names it carries; and one that carries no names, by size alone.

use super::Config;
use crate::domain::{AttributeId, Label, Vocabulary};

/// Columns of a head that the collection has labels for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Columns {
    /// Position in a row of the head's logits.
    pub of_head: Vec<usize>,
    /// What it means; as long as `of_head`.
    pub attribute_ids: Vec<AttributeId>,
}

impl Columns {
    pub fn of(config: &Config, vocabulary: &Vocabulary) -> Self {
        let Some(docent) = &config.docent else {
            // timm's: a head of the vocabulary's size is in the order of labels.csv, any other means something else.
            let labels = if config.num_classes == vocabulary.len() { vocabulary.labels() } else { &[] };
            let offered = labels.iter().enumerate().filter(|(_, label)| vocabulary.is_offered(label.id));
            return offered.map(|(column, label)| (column, label.id)).collect();
        };
        let ids = docent.attribute_ids.iter().map(|&id| AttributeId(id));
        if docent.label_names.len() == docent.attribute_ids.len() {
            let named = ids.zip(&docent.label_names).enumerate();
            named
                .filter_map(|(column, (id, name))| {
                    // A label that was renamed since has the old name as an alias.
                    let is_it = |label: &&Label| label.name == *name || vocabulary.alias(name) == Some(id);
                    let label = vocabulary.get(id).filter(is_it).or_else(|| vocabulary.by_name(name))?;
                    vocabulary.is_offered(label.id).then_some((column, label.id))
                })
                .collect()
        } else {
            ids.enumerate().filter(|(_, id)| vocabulary.is_offered(*id)).collect()
        }
    }

    pub fn len(&self) -> usize {
        self.of_head.len()
    }

    pub fn is_empty(&self) -> bool {
        self.of_head.is_empty()
    }
}

impl FromIterator<(usize, AttributeId)> for Columns {
    fn from_iter<I: IntoIterator<Item = (usize, AttributeId)>>(pairs: I) -> Self {
        let (of_head, attribute_ids) = pairs.into_iter().unzip();
        Self { of_head, attribute_ids }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Architecture, DocentSection, NetworkConfig};
    use super::*;
    use crate::domain::Label;

    fn columns(ids: &[u32], names: &[&str], num_classes: usize) -> Vec<(usize, u32)> {
        let vocabulary = Vocabulary::new([Label::new(5, "tag::a"), Label::new(2, "tag::b"), Label::new(9, "tag::c")]);
        let docent = (!ids.is_empty()).then(|| DocentSection {
            attribute_ids: ids.to_vec(),
            label_names: names.iter().map(|name| (*name).to_owned()).collect(),
            ..DocentSection::default()
        });
        let config = Config { docent, ..Config::fresh(&NetworkConfig::new(Architecture::ResNet18, num_classes), 64) };
        let found = Columns::of(&config, &vocabulary);
        found.of_head.into_iter().zip(found.attribute_ids.into_iter().map(|id| id.0)).collect()
    }

    #[test]
    fn a_head_means_the_labels_it_was_trained_for() {
        // (ids, names, classes, expected (column, id))
        type Case<'a> = (&'a [u32], &'a [&'a str], usize, &'a [(usize, u32)]);
        let cases: [Case<'_>; 5] = [
            (&[9, 5], &["tag::c", "tag::a"], 2, &[(0, 9), (1, 5)]),
            (&[0, 5, 1], &["tag::b", "tag::other", "tag::c"], 3, &[(0, 2), (2, 9)]),
            (&[9, 77], &[], 2, &[(0, 9)]),
            (&[], &[], 3, &[(0, 5), (1, 2), (2, 9)]),
            (&[], &[], 1000, &[]),
        ];
        for (ids, names, num_classes, expected) in cases {
            assert_eq!(columns(ids, names, num_classes), expected, "{ids:?} {names:?}");
        }
    }
}
