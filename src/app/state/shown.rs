//! The images shown: in which order and parts, and which is beside which.

use std::collections::HashMap;
use std::sync::Arc;

use super::desk::Desk;
use super::lineup::Order;
use super::sections::Sections;
use crate::app::texts::say;
use crate::collection::Collection;

/// The folder of every image.
#[derive(Debug, Clone)]
pub struct Folders {
    /// By image: a position in `names`.
    of: Arc<[u32]>,
    /// In the order of the images; empty is the collection's own.
    names: Vec<String>,
}

impl Folders {
    pub fn of(collection: &Collection) -> Self {
        let mut numbers: HashMap<String, u32> = HashMap::new();
        let mut names = Vec::new();
        let of = collection.images.iter().map(|file| {
            let path = file.slashed();
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            numbers.get(folder).copied().unwrap_or_else(|| {
                let number = names.len() as u32;
                names.push(folder.to_owned());
                numbers.insert(folder.to_owned(), number);
                number
            })
        });
        Self { of: of.collect(), names }
    }

    fn name(&self, number: u32) -> String {
        let name = self.names.get(number as usize).filter(|name| !name.is_empty());
        name.cloned().unwrap_or_else(|| say!("sections-root"))
    }
}

impl Desk {
    /// In parts by folder, or not any more.
    pub fn group_by_folder(&mut self, on: bool) {
        self.folders = on.then(|| Folders::of(&self.collection));
        self.touch();
    }

    /// Brings those that pass the filter into order, and into parts.
    pub(super) fn sort(&mut self) {
        let near = match self.line.similar_to.as_slice() {
            [one] => self.line.similar.iter().find(|similar| similar.id.as_str() == one),
            _ => None,
        };
        self.lineup.nearest_first(near.map(|near| near.images.as_slice()), self.items.len());
        let order = self.lineup.order();
        if order != Order::Copies {
            let folders = self.folders.as_ref().filter(|_| !order.is_queue() && near.is_none());
            self.lineup.set_groups(folders.map(|folders| folders.of.clone()));
        }
        if self.lineup.is_sorted() {
            self.shown.sort_unstable_by_key(|&image| self.lineup.key(image));
        }
        let groups = || self.shown.iter().filter_map(|&image| self.lineup.group(image));
        self.sections = match &self.folders {
            _ if groups().next().is_none() => Sections::whole(self.shown.len()),
            _ if order == Order::Copies => Sections::of(groups(), |_, n| say!("sections-copies", n = n)),
            Some(folders) => {
                Sections::of(groups(), |group, n| say!("sections-folder", name = folders.name(group), n = n))
            }
            None => Sections::whole(self.shown.len()),
        };
    }

    /// Where an image stands among those shown; where it is not shown, the position it would have.
    pub fn position(&self, image: u32) -> Result<usize, usize> {
        self.shown.binary_search_by_key(&self.lineup.key(image), |&other| self.lineup.key(other))
    }

    /// The image `steps` after the cursor among those shown, `None` beyond the ends.
    pub fn neighbour(&self, steps: isize) -> Option<u32> {
        let cursor = self.cursor?;
        let target = match self.position(cursor) {
            Ok(position) => position.checked_add_signed(steps)?,
            // The cursor's image is no longer shown: the gap counts as its place.
            Err(gap) if steps > 0 => gap.checked_add_signed(steps - 1)?,
            Err(gap) => gap.checked_add_signed(steps)?,
        };
        self.shown.get(target).copied()
    }

    /// The image below the cursor in the library, or above it; `None` beyond the ends.
    pub fn vertical_neighbour(&self, down: bool) -> Option<u32> {
        let position = self.position(self.cursor?).unwrap_or_else(|gap| gap.min(self.shown.len().saturating_sub(1)));
        let target = self.sections.vertical(position, down, self.columns)?;
        self.shown.get(target).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::action::Action;
    use super::super::super::actions::perform;
    use super::super::super::testing::{desk, under_review};
    use super::*;

    #[test]
    fn folders_are_parts_and_what_is_similar_comes_nearest_first() {
        let mut state = under_review();
        let collection = &desk(&state).collection;
        let mut files = collection.images.clone();
        for (file, folder) in files.iter_mut().zip(["", "x", "x/y", "x", ""]) {
            file.path = std::path::Path::new(folder).join(&file.path);
        }
        let changed = Collection::in_memory(collection.root.clone(), files, collection.vocabulary.clone());
        state.desk.as_mut().unwrap().collection = changed.into();
        let _ = perform(&mut state, Action::GroupByFolder(true));
        assert_eq!(desk(&state).shown, [0, 4, 1, 3, 2]);
        let names: Vec<_> = desk(&state).sections.iter().map(|section| section.name.as_str()).collect();
        assert_eq!(names, ["The folder itself: 2 images", "x: 2 images", "x/y: 1 image"]);
        let _ = perform(&mut state, Action::FilterText("similar:c".to_owned()));
        let ids = ["c", "e", "a"].map(crate::domain::ImageId::from);
        state.desk.as_mut().unwrap().nearest_found(ids[0].clone(), &ids, true);
        state.desk.as_mut().unwrap().refresh(0.0);
        assert_eq!((&desk(&state).shown[..], desk(&state).sections.iter().count()), (&[2, 4, 0][..], 1));
        let _ = perform(&mut state, Action::ClearFilter);
        assert_eq!(desk(&state).shown, [0, 4, 1, 3, 2]);
        let _ = perform(&mut state, Action::GroupByFolder(false));
        assert_eq!(desk(&state).shown, [0, 1, 2, 3, 4]);
    }
}
