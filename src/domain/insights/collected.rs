//! What holds for every image, laid out flat: cheap to copy out of a window that must go on drawing.

use crate::domain::{AttributeId, Vocabulary};

/// Images in the order of the collection.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Collected {
    /// Where each image's tags end in `tags`.
    ends: Vec<usize>,
    tags: Vec<AttributeId>,
    is_reviewed: Vec<bool>,
}

impl Collected {
    /// The next image.
    pub fn push(&mut self, tags: impl Iterator<Item = AttributeId>, is_reviewed: bool) {
        self.tags.extend(tags);
        self.ends.push(self.tags.len());
        self.is_reviewed.push(is_reviewed);
    }

    /// How many images.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Each image with its tags and whether a person has looked at the whole of it.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &[AttributeId], bool)> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let ranges = starts.zip(self.ends.iter().copied());
        (0..)
            .zip(ranges)
            .zip(&self.is_reviewed)
            .map(|((image, (from, to)), &reviewed)| (image, &self.tags[from..to], reviewed))
    }

    pub fn n_reviewed(&self) -> usize {
        self.is_reviewed.iter().filter(|reviewed| **reviewed).count()
    }

    /// By position in the vocabulary, the images that have the label, ascending.
    pub fn images_of(&self, vocabulary: &Vocabulary) -> Vec<Vec<u32>> {
        let mut images_of = vec![Vec::new(); vocabulary.len()];
        for (image, tags, _) in self.iter() {
            for position in tags.iter().filter_map(|&tag| vocabulary.position(tag)) {
                images_of[position].push(image);
            }
        }
        images_of
    }
}
