//! Folds: which images a model learns from and which it is judged by.
//!
//! An image's side depends on its own id and the seed, on nothing else: images added later move no other image
//! across, so figures before and after stay comparable and a model is never judged by what it has learned.
//!
//! Floor 1: ids only. The report holds back 15 % with seed 8.

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

/// Indices of the two sides, each ascending.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fold {
    pub train: Vec<usize>,
    pub validation: Vec<usize>,
}

impl Fold {
    /// Splits `ids` by [`is_validation`]. From two images on neither side is empty: where the hash would leave one
    /// so, the image nearest to the border crosses it. A single image is trained on.
    pub fn split<S: AsRef<str>>(ids: &[S], seed: u64, fraction: f64) -> Self {
        let places: Vec<f64> = ids.iter().map(|id| place(id.as_ref(), seed)).collect();
        let mut fold = Self::default();
        for (index, &place) in places.iter().enumerate() {
            if place < fraction { fold.validation.push(index) } else { fold.train.push(index) }
        }
        let nearest = |(_, a): &(usize, &usize), (_, b): &(usize, &usize)| places[**a].total_cmp(&places[**b]);
        if fold.validation.is_empty() && fold.train.len() > 1 {
            if let Some((at, _)) = fold.train.iter().enumerate().min_by(nearest) {
                fold.validation.push(fold.train.remove(at));
            }
        } else if fold.train.is_empty()
            && let Some((at, _)) = fold.validation.iter().enumerate().max_by(nearest)
        {
            fold.train.push(fold.validation.remove(at));
        }
        fold
    }
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
}
