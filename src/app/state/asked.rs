//! What the query line asks of the open collection and of each of its images.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::desk::Desk;
use super::item::Item;
use crate::collection::{Collection, ImageFile};
use crate::domain::query::{Facts, Fault, Known, Nearest};
use crate::domain::{Annotation, ImageId, LabelSet, Proposal, Vocabulary};

/// What the query line came to.
#[derive(Debug, Clone, Default)]
pub struct Line {
    /// What of it was not understood, in the order of the text.
    pub faults: Vec<Fault>,
    /// Images whose nearest it asks for.
    pub similar_to: Vec<String>,
    /// The answers so far, of the model in use.
    pub similar: Vec<Similar>,
}

/// The images nearest to one, itself among them.
#[derive(Debug, Clone)]
pub struct Similar {
    pub id: ImageId,
    pub images: Vec<u32>,
    /// All pictures had been looked at when it was asked for.
    pub of_all: bool,
}

impl Desk {
    /// The image whose nearest the workers have to find next: asked for, and not answered, or answered while pictures
    /// were still being looked at.
    pub fn lacks_nearest(&self) -> Option<&ImageId> {
        self.line.similar_to.iter().find_map(|id| {
            let image = self.index(&ImageId::from(id.as_str()))?;
            let answer = self.line.similar.iter().find(|similar| similar.id.as_str() == id);
            answer.is_none_or(|similar| self.all_looked() && !similar.of_all).then(|| self.id(image))
        })
    }

    pub fn all_looked(&self) -> bool {
        self.embedding.total > 0 && self.embedding.done >= self.embedding.total
    }

    pub fn nearest_found(&mut self, id: ImageId, nearest: &[ImageId], of_all: bool) {
        let images = nearest.iter().filter_map(|id| self.index(id)).collect();
        self.line.similar.retain(|similar| similar.id != id);
        self.line.similar.push(Similar { id, images, of_all });
        self.touch();
    }
}

/// One image, with its file.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    pub number: u32,
    pub item: &'a Item,
    pub file: &'a ImageFile,
}

impl Facts for Subject<'_> {
    fn number(&self) -> u32 {
        self.number
    }

    fn name_lower(&self) -> &str {
        &self.item.name_lower
    }

    fn path(&self) -> Cow<'_, str> {
        self.file.slashed()
    }

    fn annotation(&self) -> &Annotation {
        &self.item.annotation
    }

    fn tags(&self) -> &LabelSet {
        &self.item.tags
    }

    fn proposals(&self) -> Option<&[Proposal]> {
        self.item.proposals.as_deref()
    }

    fn awaits_review(&self, threshold: f32) -> bool {
        self.item.has_proposals(threshold)
    }

    fn has_problem(&self) -> bool {
        self.item.problem.is_some()
    }
}

impl Known for Desk {
    fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    fn threshold(&self) -> f32 {
        self.threshold
    }

    fn nearest(&self, id: &str) -> Nearest {
        match self.line.similar.iter().find(|similar| similar.id.as_str() == id) {
            Some(similar) => Nearest::Of(similar.images.clone()),
            None if self.index(&ImageId::from(id)).is_some() => Nearest::NotYet,
            None => Nearest::NoSuchImage,
        }
    }
}

/// Every folder with pictures in it or below, and how many, in the order of their names.
pub fn folders(collection: &Collection) -> Vec<(String, usize)> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut count = |folder: &str, n: usize| {
        for (end, _) in folder.match_indices('/').chain([(folder.len(), "")]).filter(|(end, _)| *end > 0) {
            match counts.get_mut(&folder[..end]) {
                Some(count) => *count += n,
                None => drop(counts.insert(folder[..end].to_owned(), n)),
            }
        }
    };
    // Files of one folder stand together: count them first.
    let (mut last, mut n) = (String::new(), 0);
    for file in &collection.images {
        let path = file.slashed();
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        if folder != last {
            count(&last, std::mem::take(&mut n));
            last = folder.to_owned();
        }
        n += 1;
    }
    count(&last, n);
    counts.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_counts_what_lies_in_it_and_below() {
        let file = |path: &str| ImageFile { id: ImageId::from(path), path: path.into(), bytes: 1, modified_millis: 0 };
        let paths = ["a/1.jpg", "a/2.jpg", "a/b/3.jpg", "a/b/4.jpg", "c/d/5.jpg", "a/6.jpg", "7.jpg"];
        let collection = Collection::in_memory("/x".into(), paths.map(file).into(), Vocabulary::default());
        let found = folders(&collection);
        let found: Vec<_> = found.iter().map(|(name, n)| (name.as_str(), *n)).collect();
        assert_eq!(found, [("a", 5), ("a/b", 2), ("c", 1), ("c/d", 1)]);
    }
}
