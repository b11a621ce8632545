//! Tags that somebody probably forgot or set by mistake, found by what a model makes of all the others.
//!
//! Confident learning: for each label, the mean probability of the images that have it says from when on the model is
//! sure of it, the mean of those that have not, from when on it is sure of its absence. An image is in doubt where the
//! model is sure of the other answer than the one given. Each label is its own two-class problem.
//! A tag counts as missing only where it is also at least as likely as not: of a label with few examples "surer than usual"
//! can be one in ten.
//!
//! The probabilities must come from models that have not learned from the image (`training::out_of_fold`), or errors that
//! were learned by heart are not found. Floor 1. Source: Northcutt, Jiang, Chuang 2021, arXiv 1911.00068.

use super::f_beta::{Cells, Truth};

/// Labels with fewer images on either side have no threshold worth the name.
pub const MIN_IMAGES: usize = 5;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// The image seems to have the tag and was described without it.
    Missing,
    /// The image has the tag and does not seem to show it.
    Wrong,
}

/// One tag of one image in doubt.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Doubt {
    /// Row and column of the cells.
    pub image: usize,
    pub label: usize,
    pub kind: Kind,
    /// Of the tag, as the model says.
    pub probability: f32,
    /// How little the model believes what is given, 0 to 1: the probability of the opposite.
    pub doubt: f32,
}

/// All doubts, the greatest first; equal ones in the order of images and labels. Unjudged cells are in no doubt.
pub fn doubts(cells: &Cells<'_>) -> Vec<Doubt> {
    let sure = sure_from(cells);
    let mut doubts = Vec::new();
    for (image, (probabilities, truth)) in cells.rows().enumerate() {
        for (label, (&probability, &known)) in probabilities.iter().zip(truth).enumerate() {
            let Some([present, absent]) = sure[label].filter(|_| known != Truth::Unjudged) else {
                continue;
            };
            // By how much the model is surer than it usually is where the answer is right.
            let (above, below) = (probability - present, (1.0 - probability) - absent);
            let kind = match known {
                Truth::Present if 0.0 <= below && above < below => Kind::Wrong,
                Truth::Present => continue,
                _ if 0.0 <= above && below < above && 0.5 <= probability => Kind::Missing,
                _ => continue,
            };
            let doubt = if kind == Kind::Missing { probability } else { 1.0 - probability };
            doubts.push(Doubt { image, label, kind, probability, doubt });
        }
    }
    doubts.sort_by(|a, b| b.doubt.total_cmp(&a.doubt));
    doubts
}

/// For each label from which probability on the model is sure of its presence, and of its absence.
fn sure_from(cells: &Cells<'_>) -> Vec<Option<[f32; 2]>> {
    let mut sums = vec![[(0.0_f64, 0_usize); 2]; cells.n_labels()];
    for (probabilities, truth) in cells.rows() {
        for ((sums, &probability), &known) in sums.iter_mut().zip(probabilities).zip(truth) {
            let (side, value) = match known {
                Truth::Unjudged => continue,
                Truth::Present => (0, probability),
                _ => (1, 1.0 - probability),
            };
            sums[side].0 += f64::from(value);
            sums[side].1 += 1;
        }
    }
    let mean = |[(present, n_present), (absent, n_absent)]: [(f64, usize); 2]| {
        let enough = MIN_IMAGES <= n_present && MIN_IMAGES <= n_absent;
        enough.then(|| [(present / n_present as f64) as f32, (absent / n_absent as f64) as f32])
    };
    sums.into_iter().map(mean).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::hash::mix64;

    fn uniform(i: usize) -> f32 {
        (mix64(i as u64) >> 40) as f32 / (1 << 24) as f32
    }

    #[test]
    fn planted_errors_are_found_first() {
        // 400 images, 3 labels; the model is right and fairly sure; one answer in twenty was written down wrongly.
        let n_cells = 400 * 3;
        let is_present = |cell: usize| uniform(4 * cell) < 0.3;
        let is_error = |cell: usize| uniform(4 * cell + 1) < 0.05;
        let probabilities: Vec<f32> = (0..n_cells)
            .map(|cell| if is_present(cell) { 0.95 - 0.4 * uniform(4 * cell + 2) } else { 0.4 * uniform(4 * cell + 2) })
            .collect();
        let truth: Vec<Truth> =
            (0..n_cells).map(|cell| Truth::from(Some(is_present(cell) != is_error(cell)))).collect();
        let found = doubts(&Cells::new(3, &probabilities, &truth).unwrap());
        let n_errors = (0..n_cells).filter(|&cell| is_error(cell)).count();
        let right = |doubt: &&Doubt| is_error(doubt.image * 3 + doubt.label);
        assert_eq!(found.iter().filter(right).count(), found.len(), "only errors are in doubt");
        assert!(found.len() * 2 > n_errors, "{} of {n_errors}", found.len());
        for doubt in &found {
            let missing = is_present(doubt.image * 3 + doubt.label);
            assert_eq!(doubt.kind, if missing { Kind::Missing } else { Kind::Wrong });
        }
        assert!(found.is_sorted_by(|a, b| a.doubt >= b.doubt));
    }

    #[test]
    fn each_label_is_judged_by_its_own_probabilities() {
        // Label 0: those who have it get 0.9. Label 1 is hard: 0.4. A 0.5 is a doubt for label 1 only.
        let mut probabilities = Vec::new();
        let mut truth = Vec::new();
        for image in 0..20 {
            let present = image % 2 == 0;
            probabilities.extend(if present { [0.9, 0.4] } else { [0.1, 0.1] });
            truth.extend([Truth::from(Some(present)); 2]);
        }
        probabilities.extend([0.5, 0.5]);
        truth.extend([Truth::Absent; 2]);
        let found = doubts(&Cells::new(2, &probabilities, &truth).unwrap());
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].image, found[0].label, found[0].kind), (20, 1, Kind::Missing));
    }

    #[test]
    fn labels_with_few_images_and_unjudged_cells_are_in_no_doubt() {
        let probabilities = [0.9, 0.1, 0.1, 0.1, 0.1, 0.1, 0.99, 0.99];
        let mut truth = [Truth::Absent; 8];
        truth[0] = Truth::Present;
        assert!(doubts(&Cells::new(1, &probabilities, &truth).unwrap()).is_empty());
        let truth = [Truth::Unjudged; 8];
        assert!(doubts(&Cells::new(1, &probabilities, &truth).unwrap()).is_empty());
    }
}
