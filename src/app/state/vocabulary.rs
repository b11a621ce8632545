//! The vocabulary as the window edits it: the list of labels, which of them has the focus, and what an edit does to the
//! open collection.

use std::path::PathBuf;
use std::sync::Arc;

use super::Desk;
use crate::domain::vocabulary::folded;
use crate::domain::{Annotation, AttributeId, ImageId, Step};
use crate::jobs::Command;

/// The Vocabulary view.
#[derive(Debug, Clone, Default)]
pub struct VocabularyView {
    /// The label that the verbs are about.
    pub focus: Option<AttributeId>,
    /// Only labels with this in their name or another name of theirs.
    pub typed: String,
    /// The list to import, where a file was chosen.
    pub file: Option<(PathBuf, Arc<[u8]>)>,
}

/// What is asked about a label before it is edited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialog {
    Rename,
    Merge,
    Split,
    Retire,
    Alias,
    /// About no label.
    Import,
}

/// The labels that are listed, by name; those that are retired come last.
pub fn listed(desk: &Desk, typed: &str) -> Vec<AttributeId> {
    let typed = folded(typed);
    let vocabulary = &desk.vocabulary;
    let matches = |id: AttributeId, name: &str| {
        folded(name).contains(&typed) || vocabulary.aliases_of(id).any(|alias| folded(alias).contains(&typed))
    };
    let is_there = |id| vocabulary.standing(id) != crate::domain::Standing::Absent;
    let mut found: Vec<_> = vocabulary
        .labels()
        .iter()
        .filter(|label| is_there(label.id) && (typed.is_empty() || matches(label.id, &label.name)))
        .map(|label| (!vocabulary.is_offered(label.id), label.namespace(), label.short_name().to_lowercase(), label.id))
        .collect();
    found.sort();
    found.into_iter().map(|(.., id)| id).collect()
}

impl Desk {
    /// Every image that has the tag, also those that are not in this folder.
    pub fn having(&self, attribute: AttributeId) -> impl Iterator<Item = (&ImageId, &Annotation)> {
        let files = self.collection.images.iter().zip(&self.items);
        let here = files.filter(move |(_, item)| item.tags.contains(attribute));
        let elsewhere = self.elsewhere.iter().filter(move |(_, held)| held.state(attribute).is_present());
        here.map(|(file, item)| (&file.id, &item.annotation)).chain(elsewhere)
    }

    /// Those that are selected in the library.
    pub fn selected(&self) -> impl Iterator<Item = (&ImageId, &Annotation)> {
        self.selection.images().iter().map(|&image| (self.id(image), &self.item(image).annotation))
    }

    /// Does what a step did to the vocabulary, or takes it back; the workers hear of it by the command.
    ///
    /// What is not offered any more is not listed from now on. Which images have proposals is told anew by the predictor,
    /// whom the same edit makes propose again.
    pub fn edit(&mut self, step: &Step, back: bool) -> Option<Command> {
        if step.edits.is_empty() {
            return None;
        }
        let mut vocabulary = (*self.vocabulary).clone();
        step.edit(&mut vocabulary, back);
        let made = vocabulary.labels().iter().map(|label| label.id).filter(|id| !self.vocabulary.contains(*id));
        if self.model.is_some() {
            self.proposable.extend(made);
        }
        self.tag_counts.resize(vocabulary.len(), 0);
        self.vocabulary = Arc::new(vocabulary);
        self.recent_tags.retain(|&tag| self.vocabulary.is_offered(tag));
        self.pin = None;
        self.touch();
        Some(Command::UseVocabulary { vocabulary: self.vocabulary.clone() })
    }
}
