//! In which order the images come, and for a queue, which of them and what is asked about each.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::app::texts::say;
use crate::domain::Question;
use crate::jobs::{QuestKind, WorkDone};
use crate::training::survey::Worth;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Order {
    #[default]
    Name,
    Time,
    Worth(Worth),
    /// Only images whose tags are in doubt.
    Doubts,
    /// Only images that the model in use proposes otherwise for than the one before.
    Changes,
    /// Only images that have copies, each beside its copies.
    Copies,
    /// Only images with tags on which another curator said the opposite.
    Conflicts,
}

impl Order {
    pub const ALL: [Self; 10] = [
        Self::Name,
        Self::Time,
        Self::Worth(Worth::Uncertain),
        Self::Worth(Worth::Rare),
        Self::Worth(Worth::Disagreeing),
        Self::Worth(Worth::Diverse),
        Self::Doubts,
        Self::Changes,
        Self::Copies,
        Self::Conflicts,
    ];

    pub fn name(self) -> String {
        match self {
            Self::Name => say!("order-name"),
            Self::Time => say!("order-time"),
            Self::Worth(Worth::Uncertain) => say!("order-uncertain"),
            Self::Worth(Worth::Rare) => say!("order-rare"),
            Self::Worth(Worth::Disagreeing) => say!("order-disagreeing"),
            Self::Worth(Worth::Diverse) => say!("order-diverse"),
            Self::Doubts => say!("order-doubts"),
            Self::Changes => say!("order-changes"),
            Self::Copies => say!("order-copies"),
            Self::Conflicts => say!("order-conflicts"),
        }
    }

    pub fn help(self) -> String {
        match self {
            Self::Name => say!("order-name-help"),
            Self::Time => say!("order-time-help"),
            Self::Worth(Worth::Uncertain) => say!("order-uncertain-help"),
            Self::Worth(Worth::Rare) => say!("order-rare-help"),
            Self::Worth(Worth::Disagreeing) => {
                say!("order-disagreeing-help")
            }
            Self::Worth(Worth::Diverse) => {
                say!("order-diverse-help")
            }
            Self::Doubts => {
                say!("order-doubts-help")
            }
            Self::Changes => {
                say!("order-changes-help")
            }
            Self::Copies => say!("order-copies-help"),
            Self::Conflicts => {
                say!("order-conflicts-help")
            }
        }
    }

    /// Whether only some images are in it.
    pub fn is_queue(self) -> bool {
        matches!(self, Self::Doubts | Self::Changes | Self::Copies | Self::Conflicts)
    }

    /// What the scout has to look for, if anything.
    pub fn quest(self) -> Option<QuestKind> {
        match self {
            Self::Name | Self::Time | Self::Conflicts => None,
            Self::Worth(worth) => Some(QuestKind::Order(worth)),
            Self::Doubts => Some(QuestKind::Doubts),
            Self::Changes => Some(QuestKind::Changes),
            Self::Copies => Some(QuestKind::Copies),
        }
    }
}

#[derive(Debug, Default)]
pub struct Lineup {
    order: Order,
    /// By image; the smaller, the earlier. `None`: as they are numbered.
    rank: Option<Vec<u32>>,
    /// By image; the smaller, the earlier, before any rank. `None`: the images are in no parts.
    group: Option<Arc<[u32]>>,
    n_members: usize,
    questions: HashMap<u32, Vec<Question>>,
    /// Finished since the queue was made.
    settled: HashSet<u32>,
    /// What is being looked for, and how far that is.
    pub asked: Option<(Order, WorkDone)>,
}

/// Of images that an order says nothing about.
const LAST: u32 = u32::MAX;

impl Lineup {
    pub fn order(&self) -> Order {
        self.order
    }

    /// Takes an order: `images` come first, as they are listed.
    pub fn set(&mut self, order: Order, images: impl IntoIterator<Item = (u32, Vec<Question>)>, n_images: usize) {
        let mut rank = vec![LAST; n_images];
        self.questions.clear();
        self.settled.clear();
        self.n_members = 0;
        for (place, (image, questions)) in (0..).zip(images) {
            if let Some(rank) = rank.get_mut(image as usize) {
                *rank = place;
                self.n_members += 1;
            }
            if !questions.is_empty() {
                self.questions.insert(image, questions);
            }
        }
        self.rank = (order != Order::Name).then_some(rank);
        self.group = None;
        self.order = order;
    }

    /// In the order of the names: these first, as they are listed.
    pub fn nearest_first(&mut self, images: Option<&[u32]>, n_images: usize) {
        if self.order == Order::Name {
            self.rank = images.map(|images| {
                let mut rank = vec![LAST; n_images];
                for (place, &image) in (0..).zip(images) {
                    if let Some(rank) = rank.get_mut(image as usize) {
                        *rank = place;
                    }
                }
                rank
            });
        }
    }

    /// Whether the order of the names gives way to what is nearest.
    pub fn is_nearest_first(&self) -> bool {
        self.order == Order::Name && self.rank.is_some()
    }

    /// Puts the images into parts, by image; the smaller the number, the earlier.
    pub fn set_groups(&mut self, group: Option<Arc<[u32]>>) {
        self.group = group;
    }

    /// `None`: there are no parts.
    pub fn group(&self, image: u32) -> Option<u32> {
        let group = self.group.as_ref()?;
        Some(group.get(image as usize).copied().unwrap_or(LAST))
    }

    /// Whether images come in another order than they are numbered in.
    pub fn is_sorted(&self) -> bool {
        self.rank.is_some() || self.group.is_some()
    }

    /// What orders the images: compare these.
    pub fn key(&self, image: u32) -> (u32, u32, u32) {
        (self.group(image).unwrap_or(LAST), self.rank_of(image), image)
    }

    fn rank_of(&self, image: u32) -> u32 {
        let rank = self.rank.as_ref().and_then(|rank| rank.get(image as usize));
        rank.copied().unwrap_or(LAST)
    }

    /// Whether the image is in it.
    pub fn admits(&self, image: u32) -> bool {
        !self.order.is_queue() || self.rank_of(image) != LAST && !self.settled.contains(&image)
    }

    pub fn questions(&self, image: u32) -> &[Question] {
        self.questions.get(&image).map_or(&[], Vec::as_slice)
    }

    /// Images that are still in it.
    pub fn n_open(&self) -> usize {
        self.n_members.saturating_sub(self.settled.len())
    }

    /// The curator has finished an image; it leaves the queue.
    pub fn settle(&mut self, image: u32) {
        if self.questions.contains_key(&image) {
            self.settled.insert(image);
        }
    }

    /// What was decided on an image was taken back.
    pub fn reopen(&mut self, image: u32) {
        self.settled.remove(&image);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{AttributeId, Why};

    #[test]
    fn an_order_puts_its_images_first_and_a_queue_holds_no_others() {
        let mut lineup = Lineup::default();
        let sorted = |lineup: &Lineup| {
            let mut images: Vec<u32> = (0..5).filter(|&image| lineup.admits(image)).collect();
            images.sort_by_key(|&image| lineup.key(image));
            images
        };
        assert_eq!(sorted(&lineup), [0, 1, 2, 3, 4]);
        lineup.set(Order::Worth(Worth::Rare), [(3, vec![]), (1, vec![])], 5);
        assert_eq!(sorted(&lineup), [3, 1, 0, 2, 4]);
        let question = Question { attribute: AttributeId(1), why: Why::Missing { probability: 0.9 } };
        lineup.set(Order::Doubts, [(4, vec![question]), (2, vec![question])], 5);
        assert_eq!(sorted(&lineup), [4, 2]);
        lineup.settle(4);
        lineup.settle(0);
        assert_eq!((sorted(&lineup), lineup.n_open()), (vec![2], 1));
        lineup.reopen(4);
        assert_eq!(sorted(&lineup), [4, 2]);
        lineup.set(Order::Copies, [(4, vec![]), (1, vec![]), (0, vec![])], 5);
        lineup.set_groups(Some([2, 1, 9, 9, 1].into()));
        lineup.settle(1); // Nothing is asked about it.
        assert_eq!((sorted(&lineup), lineup.n_open()), (vec![4, 1, 0], 3));
        lineup.set(Order::Name, [], 5);
        assert_eq!(sorted(&lineup), [0, 1, 2, 3, 4]);
        lineup.nearest_first(Some(&[3, 0]), 5);
        assert_eq!(sorted(&lineup), [3, 0, 1, 2, 4]);
        assert!(lineup.is_nearest_first());
        lineup.set_groups(Some([1, 0, 1, 1, 0].into()));
        assert_eq!(sorted(&lineup), [1, 4, 3, 0, 2]);
        lineup.nearest_first(None, 5);
        assert_eq!(sorted(&lineup), [1, 4, 0, 2, 3]);
    }
}
