//! Folds: which images a model learns from and which it is judged by.
//!
//! An image's side depends on its own id and the seed, on nothing else: images added later move no other image
//! across, so figures before and after stay comparable and a model is never judged by what it has learned.
//!
//! Copies of one picture must not be on both sides, and a copy may come later, even one that shows two groups to be one.
//! So a group never pulls an image across. It has a side too, that of its *founder* (the member whose id comes first in
//! a fixed shuffled order), and members whose own side is the other one are *set aside*: neither learned from nor
//! judged by. A newcomer can change who is set aside; it can never move an image from validation into training or back.
//! Of 100 groups 15 are held back, however large they are.
//!
//! Floor 1: ids only. The report holds back 15 % with seed 8.

use std::collections::HashMap;

use crate::base::hash::{fnv1a64, mix64};

/// Whether this image is held back for validation. `fraction` of all ids are, 0 to 1.
pub fn is_validation(image_id: &str, seed: u64, fraction: f64) -> bool {
    place(image_id, seed) < fraction
}

/// Where an id falls, in [0, 1).
fn place(image_id: &str, seed: u64) -> f64 {
    const FULL: f64 = (1_u64 << 53) as f64;
    (mix64(fnv1a64(image_id.as_bytes()) ^ mix64(seed)) >> 11) as f64 / FULL
}

/// Indices of the two sides, each ascending; what is in neither was set aside.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fold {
    pub train: Vec<usize>,
    pub validation: Vec<usize>,
}

impl Fold {
    /// Splits `ids` by [`is_validation`], each image for itself.
    pub fn split<S: AsRef<str>>(ids: &[S], seed: u64, fraction: f64) -> Self {
        let alone: Vec<usize> = (0..ids.len()).collect();
        Self::of_groups(ids, &alone, seed, fraction)
    }

    /// Splits `ids` so that no group is on both sides. `groups`: as long; equal numbers are copies of one picture.
    ///
    /// From two groups on neither side is empty: where the hash would leave one so, the group nearest to the border
    /// crosses it. Where all images are copies of one, they are split as if they were not. A single image is trained on.
    pub fn of_groups<S: AsRef<str>>(ids: &[S], groups: &[usize], seed: u64, fraction: f64) -> Self {
        let founders = founders(ids, groups);
        let place_of = |index: usize| place(ids[index].as_ref(), seed);
        let mut fold = Self::default();
        for (index, &founder) in founders.iter().enumerate() {
            match (place_of(index) < fraction, place_of(founder) < fraction) {
                (true, true) => fold.validation.push(index),
                (false, false) => fold.train.push(index),
                _ => {}
            }
        }
        let founder_nearest = |side: &[usize], last: bool| {
            let near = |a: &usize, b: &usize| place_of(*a).total_cmp(&place_of(*b));
            let own = side.iter().map(|&index| founders[index]);
            if last { own.max_by(near) } else { own.min_by(near) }
        };
        if fold.validation.is_empty() && fold.train.len() > 1 {
            let crossing = founder_nearest(&fold.train, false);
            fold.validation = fold.train.extract_if(.., |index| Some(founders[*index]) == crossing).collect();
        } else if fold.train.is_empty() && !fold.validation.is_empty() {
            let crossing = founder_nearest(&fold.validation, true);
            fold.train = fold.validation.extract_if(.., |index| Some(founders[*index]) == crossing).collect();
        }
        let is_one_group = founders.iter().all(|founder| *founder == founders[0]);
        if ids.len() > 1 && is_one_group { Self::split(ids, seed, fraction) } else { fold }
    }
}

/// For every image one of `n_parts` parts of about the same size, the same for all copies of a picture: what a model
/// has learned without a part can be held against it.
pub fn parts<S: AsRef<str>>(ids: &[S], groups: &[usize], n_parts: usize) -> Vec<usize> {
    let founders = founders(ids, groups);
    let part = |founder: usize| (place(ids[founder].as_ref(), u64::MAX) * n_parts as f64) as usize;
    founders.into_iter().map(part).collect()
}

/// For every image the founder of its group, the same whatever the order of the images and the seed.
fn founders<S: AsRef<str>>(ids: &[S], groups: &[usize]) -> Vec<usize> {
    let rank = |index: usize| (mix64(!fnv1a64(ids[index].as_ref().as_bytes())), ids[index].as_ref());
    let mut founder_of: HashMap<usize, usize> = HashMap::with_capacity(ids.len());
    for (index, group) in groups.iter().enumerate() {
        let founder = founder_of.entry(*group).or_insert(index);
        if rank(index) < rank(*founder) {
            *founder = index;
        }
    }
    groups.iter().map(|group| founder_of[group]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(n: usize) -> Vec<String> {
        (0..n).map(|i| format!("{i:016x}")).collect()
    }

    #[test]
    fn the_asked_fraction_is_held_back_and_another_seed_holds_back_others() {
        let ids = ids(20_000);
        for fraction in [0.0, 0.15, 0.5, 1.0] {
            let n = ids.iter().filter(|id| is_validation(id, 8, fraction)).count();
            assert!((n as f64 / 20_000.0 - fraction).abs() < 0.01, "{fraction}: {n}");
        }
        let both = ids.iter().filter(|id| is_validation(id, 8, 0.5) && is_validation(id, 9, 0.5)).count();
        assert!((both as f64 / 20_000.0 - 0.25).abs() < 0.01, "{both}");
    }

    #[test]
    fn images_added_later_move_no_other_image_across() {
        let (few, many) = (Fold::split(&ids(500), 8, 0.15), Fold::split(&ids(900), 8, 0.15));
        assert!(few.validation.iter().eq(many.validation.iter().filter(|&&index| index < 500)));
        assert!(few.train.iter().eq(many.train.iter().filter(|&&index| index < 500)));
    }

    #[test]
    fn the_side_of_an_id_is_the_same_for_ever() {
        // Written down once from this code: checkpoints already trained rely on it.
        let sides: String = ids(40).iter().map(|id| if is_validation(id, 8, 0.15) { 'v' } else { '.' }).collect();
        assert_eq!(sides, "......v..........v..v....vv....v........");
    }

    #[test]
    fn from_two_images_on_neither_side_is_empty() {
        for n in 2..12 {
            for seed in 0..20 {
                for fraction in [0.0, 0.15, 1.0] {
                    let fold = Fold::split(&ids(n), seed, fraction);
                    assert!(!fold.train.is_empty() && !fold.validation.is_empty(), "{n} {seed} {fraction}");
                    assert_eq!(fold.train.len() + fold.validation.len(), n);
                }
            }
        }
        assert_eq!(Fold::split(&ids(1), 8, 1.0), Fold { train: vec![0], validation: vec![] });
        assert_eq!(Fold::split(&ids(0), 8, 0.5), Fold::default());
    }

    #[test]
    fn no_group_is_on_both_sides_and_the_fraction_of_groups_is_held_back() {
        let ids = ids(12_000);
        for size in [1, 2, 3, 10, 100] {
            let groups: Vec<usize> = (0..ids.len()).map(|index| index / size).collect();
            let fold = Fold::of_groups(&ids, &groups, 8, 0.15);
            let held_back: std::collections::BTreeSet<usize> =
                fold.validation.iter().map(|&index| index / size).collect();
            assert!(fold.train.iter().all(|&index| !held_back.contains(&(index / size))), "{size}");
            let share = held_back.len() as f64 / (12_000 / size) as f64;
            assert!((share - 0.15).abs() < 0.07, "{size}: {share}");
            // About 0.85 · 0.85 of all are learned from, of few groups a little less or more.
            assert!(fold.train.len() as f64 > 0.65 * ids.len() as f64, "{size}: {}", fold.train.len());
        }
    }

    #[test]
    fn newcomers_that_join_or_bridge_groups_move_no_image_across() {
        let ids = ids(3000);
        let groups_of = |n: usize, size: usize| -> Vec<usize> { (0..n).map(|index| index % 1000 / size).collect() };
        // 1000 images in pairs; 1000 copies of them come; then each pair turns out to be its neighbour's.
        let runs = [(1000, 2), (2000, 2), (3000, 2), (3000, 4), (3000, 1000)];
        let folds = runs.map(|(n, size)| Fold::of_groups(&ids[..n], &groups_of(n, size), 8, 0.15));
        for (number, fold) in folds.iter().enumerate() {
            for other in &folds {
                let crossed = fold.validation.iter().filter(|index| other.train.contains(index)).count();
                assert_eq!(crossed, 0, "run {number}");
            }
        }
    }

    #[test]
    fn the_order_of_images_and_the_numbers_of_groups_do_not_matter() {
        let ids = ids(600);
        let groups: Vec<usize> = (0..600).map(|index| index / 3).collect();
        let fold = Fold::of_groups(&ids, &groups, 8, 0.15);
        let turned: Vec<String> = ids.iter().rev().cloned().collect();
        let renamed: Vec<usize> = groups.iter().rev().map(|group| 7 * group + 1).collect();
        let back = Fold::of_groups(&turned, &renamed, 8, 0.15);
        assert!(
            fold.validation.iter().eq(back.validation.iter().rev().map(|index| 599 - index).collect::<Vec<_>>().iter())
        );
        assert_eq!(fold.train.len(), back.train.len());
    }

    #[test]
    fn of_few_groups_a_whole_one_crosses_the_border() {
        for seed in 0..40 {
            let fold = Fold::of_groups(&ids(6), &[0, 0, 0, 1, 1, 1], seed, 0.15);
            assert!(!fold.train.is_empty() && !fold.validation.is_empty(), "{seed}");
            assert!(
                fold.train.iter().all(|&index| !fold.validation.iter().any(|&other| other / 3 == index / 3)),
                "{seed}"
            );
            let copies = Fold::of_groups(&ids(4), &[5; 4], seed, 0.15);
            assert!(!copies.train.is_empty() && !copies.validation.is_empty(), "{seed}");
        }
    }

    #[test]
    fn parts_are_of_one_size_and_keep_copies_together() {
        let ids = ids(5000);
        let groups: Vec<usize> = (0..5000).map(|index| index / 2).collect();
        let parts = parts(&ids, &groups, 5);
        assert!(parts.chunks(2).all(|copies| copies[0] == copies[1]));
        for part in 0..5 {
            let n = parts.iter().filter(|&&own| own == part).count();
            assert!((850..1150).contains(&n), "{part}: {n}");
        }
    }
}
