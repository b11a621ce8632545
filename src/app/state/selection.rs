//! Which images are selected in the library, and where the selection started.

use std::collections::{BTreeSet, HashSet};

#[derive(Debug, Clone, Default)]
pub struct Selection {
    images: BTreeSet<u32>,
    /// Where a range starts.
    anchor: Option<u32>,
}

/// How a click or an arrow changes the selection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Select {
    /// This one alone.
    Only,
    /// This one too, or no more.
    Toggle,
    /// Everything from the anchor to this one.
    To,
}

impl Selection {
    pub fn images(&self) -> &BTreeSet<u32> {
        &self.images
    }

    pub fn contains(&self, image: u32) -> bool {
        self.images.contains(&image)
    }

    /// `shown`: images in the order they are shown.
    pub fn select(&mut self, image: u32, how: Select, shown: &[u32]) {
        match how {
            Select::Only => {
                self.images.clear();
                self.images.insert(image);
                self.anchor = Some(image);
            }
            Select::Toggle => {
                if !self.images.remove(&image) {
                    self.images.insert(image);
                }
                self.anchor = Some(image);
            }
            Select::To => {
                let anchor = *self.anchor.get_or_insert(image);
                let position = |image: u32| shown.iter().position(|&other| other == image);
                let to = position(image);
                let from = position(anchor).or(to); // What is no longer shown is no beginning.
                if let (Some(from), Some(to)) = (from, to) {
                    self.images = shown[from.min(to)..=from.max(to)].iter().copied().collect();
                }
            }
        }
    }

    pub fn select_all(&mut self, shown: &[u32]) {
        self.images = shown.iter().copied().collect();
        self.anchor = shown.first().copied();
    }

    /// Images that are no longer shown are no longer selected: nothing invisible may be changed by one key.
    pub fn keep_only(&mut self, shown: &[u32]) {
        if !self.images.is_empty() {
            let shown: HashSet<u32> = shown.iter().copied().collect();
            self.images.retain(|image| shown.contains(image));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_follow_what_is_shown() {
        let shown = [2, 5, 7, 11, 13];
        let mut selection = Selection::default();
        selection.select(7, Select::Only, &shown);
        selection.select(13, Select::To, &shown);
        assert!(selection.images().iter().eq(&[7, 11, 13]));
        selection.select(2, Select::To, &shown);
        assert!(selection.images().iter().eq(&[2, 5, 7]));
        selection.select(5, Select::Toggle, &shown);
        selection.select(13, Select::Toggle, &shown);
        assert!(selection.images().iter().eq(&[2, 7, 13]));
        selection.keep_only(&[7, 11]);
        assert!(selection.images().iter().eq(&[7]));
        selection.select_all(&shown);
        assert_eq!(selection.images().len(), 5);
        let by_worth = [13, 2, 11, 5];
        selection.select(2, Select::Only, &by_worth);
        selection.select(5, Select::To, &by_worth);
        assert!(selection.images().iter().eq(&[2, 5, 11]));
    }
}
