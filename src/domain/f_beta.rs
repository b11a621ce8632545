//! F-beta: how well proposals agree with the annotations, with recall weighing beta² times precision.
//!
//! Three averages of the same counts: micro (one count over the whole matrix: the report's own figure), per image
//! (the competition's metric) and macro (mean over labels). A cell nobody has judged is in none of them.
//! Not the search for a threshold (`threshold`) and not a ranking measure (`average_precision`).
//!
//! Floor 1: slices only. Source: scikit-learn's `fbeta_score`, whose numbers the tests hold.

use super::{TagState, Thresholds};

/// What is known of one label of one image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
#[repr(u8)]
pub enum Truth {
    /// Nobody has looked: neither a positive nor a negative.
    #[default]
    Unjudged,
    /// Absent because somebody has looked at the image and did not name it. Figures count it as [`Self::Absent`];
    /// training may trust it less.
    Implied,
    /// Rejected by name.
    Absent,
    Present,
}

impl From<TagState> for Truth {
    fn from(state: TagState) -> Self {
        match state {
            TagState::Given | TagState::Accepted => Self::Present,
            TagState::Rejected => Self::Absent,
            TagState::Absent => Self::Implied,
            TagState::Unseen => Self::Unjudged,
        }
    }
}

impl From<Option<bool>> for Truth {
    /// As `TagState::target` says it.
    fn from(target: Option<bool>) -> Self {
        match target {
            None => Self::Unjudged,
            Some(false) => Self::Absent,
            Some(true) => Self::Present,
        }
    }
}

/// Probabilities beside what is known of them, row by row: image `i`, label `j` is cell `i * n_labels + j`.
#[derive(Debug, Clone, Copy)]
pub struct Cells<'a> {
    n_labels: usize,
    probabilities: &'a [f32],
    truth: &'a [Truth],
}

impl<'a> Cells<'a> {
    /// `None` unless both slices hold `n * n_labels` cells for the same `n`, and `n_labels` is not 0.
    pub fn new(n_labels: usize, probabilities: &'a [f32], truth: &'a [Truth]) -> Option<Self> {
        let fits = n_labels != 0 && probabilities.len() == truth.len() && truth.len().is_multiple_of(n_labels);
        fits.then_some(Self { n_labels, probabilities, truth })
    }

    pub fn n_labels(&self) -> usize {
        self.n_labels
    }

    pub fn n_images(&self) -> usize {
        self.truth.len() / self.n_labels
    }

    /// Image by image: its probabilities and its truth, `n_labels` each.
    pub fn rows(&self) -> impl Iterator<Item = (&'a [f32], &'a [Truth])> + use<'a> {
        self.probabilities.chunks_exact(self.n_labels).zip(self.truth.chunks_exact(self.n_labels))
    }

    /// The judged cells of one label: probability and whether it is present.
    pub fn column(&self, label: usize) -> impl Iterator<Item = (f32, bool)> + use<'a> {
        let (probabilities, truth) = (self.probabilities, self.truth);
        (label..truth.len()).step_by(self.n_labels).filter_map(move |cell| match truth[cell] {
            Truth::Unjudged => None,
            known => Some((probabilities[cell], known == Truth::Present)),
        })
    }
}

/// True positives, false positives, false negatives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    pub tp: u64,
    pub fp: u64,
    pub fn_: u64,
}

impl Counts {
    /// Counts one cell. An unjudged cell counts as nothing.
    pub fn add(&mut self, proposed: bool, truth: Truth) {
        match (proposed, truth) {
            (true, Truth::Present) => self.tp += 1,
            (true, Truth::Absent | Truth::Implied) => self.fp += 1,
            (false, Truth::Present) => self.fn_ += 1,
            (false, Truth::Absent | Truth::Implied) | (_, Truth::Unjudged) => {}
        }
    }

    /// (1 + b²)·tp / ((1 + b²)·tp + b²·fn + fp), in [0, 1]; 0 where nothing is present and nothing proposed
    /// (scikit-learn's default for the undefined case: such images never flatter the figure).
    pub fn f_beta(&self, beta: f64) -> f64 {
        let squared = beta * beta;
        let weighed = (1.0 + squared) * self.tp as f64;
        ratio(weighed, weighed + squared * self.fn_ as f64 + self.fp as f64)
    }

    /// tp / (tp + fp); 0 where nothing is proposed.
    pub fn precision(&self) -> f64 {
        ratio(self.tp as f64, (self.tp + self.fp) as f64)
    }

    /// tp / (tp + fn); 0 where nothing is present.
    pub fn recall(&self) -> f64 {
        ratio(self.tp as f64, (self.tp + self.fn_) as f64)
    }
}

fn ratio(part: f64, whole: f64) -> f64 {
    if whole == 0.0 { 0.0 } else { part / whole }
}

/// A label is proposed from this probability on (not only above it).
pub fn is_proposed(probability: f32, threshold: f32) -> bool {
    probability >= threshold
}

/// F2 over one count of the whole matrix.
pub fn f2_micro(cells: &Cells<'_>, threshold: f32) -> f64 {
    let mut counts = Counts::default();
    for (probabilities, truth) in cells.rows() {
        count_row(&mut counts, probabilities, truth, threshold);
    }
    counts.f_beta(2.0)
}

/// Mean of each image's own F2. Images of which no cell is judged are left out; 0 if there are no others.
pub fn f2_per_image(cells: &Cells<'_>, threshold: f32) -> f64 {
    let (mut sum, mut n_images) = (0.0, 0_u64);
    for (probabilities, truth) in cells.rows() {
        if truth.iter().any(|&known| known != Truth::Unjudged) {
            let mut counts = Counts::default();
            count_row(&mut counts, probabilities, truth, threshold);
            sum += counts.f_beta(2.0);
            n_images += 1;
        }
    }
    ratio(sum, n_images as f64)
}

/// Mean of each label's own F2, as scikit-learn's `average="macro"`. Labels of which no cell is judged are left out.
pub fn f2_macro(cells: &Cells<'_>, threshold: f32) -> f64 {
    let judged = n_judged(cells);
    let counts = per_label(cells, &Thresholds::one(threshold));
    let sum: f64 = counts.iter().zip(&judged).filter(|(_, n)| **n > 0).map(|(counts, _)| counts.f_beta(2.0)).sum();
    ratio(sum, judged.iter().filter(|n| **n > 0).count() as f64)
}

/// The counts of every label, each at its own threshold.
pub fn per_label(cells: &Cells<'_>, thresholds: &Thresholds) -> Vec<Counts> {
    let mut counts = vec![Counts::default(); cells.n_labels];
    let at: Vec<f32> = (0..cells.n_labels).map(|label| thresholds.of(label)).collect();
    for (probabilities, truth) in cells.rows() {
        for (((counts, &probability), &known), &threshold) in counts.iter_mut().zip(probabilities).zip(truth).zip(&at) {
            counts.add(is_proposed(probability, threshold), known);
        }
    }
    counts
}

/// How many images each label is judged on.
pub fn n_judged(cells: &Cells<'_>) -> Vec<u64> {
    let mut judged = vec![0; cells.n_labels];
    for (_, truth) in cells.rows() {
        judged.iter_mut().zip(truth).for_each(|(n, &known)| *n += u64::from(known != Truth::Unjudged));
    }
    judged
}

fn count_row(counts: &mut Counts, probabilities: &[f32], truth: &[Truth], threshold: f32) {
    for (&probability, &known) in probabilities.iter().zip(truth) {
        counts.add(is_proposed(probability, threshold), known);
    }
}

/// The 200 x 30 matrix whose figures scikit-learn and NumPy were asked for, for the tests of this floor and above.
#[cfg(test)]
pub(crate) mod reference {
    use super::Truth;
    use crate::base::hash::fnv1a64;

    pub(crate) const N_IMAGES: usize = 200;
    pub(crate) const N_LABELS: usize = 30;

    /// splitmix64 over the name's FNV hash, mapped to [-1, 1).
    pub(crate) fn det(name: &str, n: usize) -> Vec<f64> {
        let start = fnv1a64(name.as_bytes());
        let value = |i: u64| {
            let mut z = start.wrapping_add((i + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            z ^= z >> 31;
            2.0 * (z >> 40) as f64 / f64::from(1_u32 << 24) - 1.0
        };
        (0..n as u64).map(value).collect()
    }

    /// y = det("y") > 0.8 with row 3 all absent.
    pub(crate) fn truth() -> Vec<Truth> {
        let y = det("y", N_IMAGES * N_LABELS);
        let known = |(cell, &v): (usize, &f64)| {
            if v > 0.8 && cell / N_LABELS != 3 { Truth::Present } else { Truth::Absent }
        };
        y.iter().enumerate().map(known).collect()
    }

    /// z = 3 det("z") + (2y - 1) - 1.
    pub(crate) fn logits() -> Vec<f32> {
        let z = det("z", N_IMAGES * N_LABELS);
        let shift = |known: &Truth| if *known == Truth::Present { 0.0 } else { -2.0 };
        z.iter().zip(&truth()).map(|(z, known)| (3.0 * z + shift(known)) as f32).collect()
    }

    pub(crate) fn probabilities() -> Vec<f32> {
        logits().iter().map(|&z| (1.0 / (1.0 + (-f64::from(z)).exp())) as f32).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f2_weighs_recall_four_times_precision() {
        // (tp, fp, fn, F2), by hand from 5·tp / (5·tp + 4·fn + fp).
        for (tp, fp, fn_, expected) in [(8, 2, 0, 0.9524), (8, 0, 2, 0.8333), (0, 5, 5, 0.0), (0, 0, 0, 0.0)] {
            let found = Counts { tp, fp, fn_ }.f_beta(2.0);
            assert!((found - expected).abs() < 1e-4, "tp {tp} fp {fp} fn {fn_}: {found}");
        }
    }

    #[test]
    fn the_three_averages_are_those_of_scikit_learn() {
        // (threshold, micro, samples, macro): fbeta_score(beta=2) of scikit-learn on the reference matrix.
        let expected = [
            (0.00, 0.343_765_1, 0.322_950_5, 0.342_065_1),
            (0.05, 0.438_910_5, 0.409_118_8, 0.436_846_5),
            (0.20, 0.414_629_2, 0.385_798_5, 0.410_810_3),
            (0.35, 0.399_562_8, 0.377_275_6, 0.395_954_0),
            (0.49, 0.400_056_5, 0.378_465_7, 0.393_706_8),
        ];
        let (probabilities, truth) = (reference::probabilities(), reference::truth());
        let cells = Cells::new(reference::N_LABELS, &probabilities, &truth).unwrap();
        for (threshold, micro, samples, macro_) in expected {
            let found = [f2_micro(&cells, threshold), f2_per_image(&cells, threshold), f2_macro(&cells, threshold)];
            for (found, expected) in found.into_iter().zip([micro, samples, macro_]) {
                assert!((found - expected).abs() < 1e-6, "at {threshold}: {found} instead of {expected}");
            }
        }
    }

    #[test]
    fn unjudged_cells_change_no_figure() {
        use Truth::{Absent as A, Present as P, Unjudged as U};
        let judged = Cells::new(2, &[0.9, 0.1, 0.8, 0.7], &[P, A, A, P]).unwrap();
        let (probabilities, truth) = ([0.9, 0.1, 0.9, 0.8, 0.7, 0.1, 0.5, 0.5, 0.9], [P, A, U, A, P, U, U, U, U]);
        let masked = Cells::new(3, &probabilities, &truth).unwrap();
        for figure in [f2_micro, f2_per_image, f2_macro] {
            assert_eq!(figure(&judged, 0.5), figure(&masked, 0.5));
        }
    }

    #[test]
    fn cells_refuse_slices_that_do_not_fit() {
        let truth = [Truth::Absent; 6];
        assert!(Cells::new(3, &[0.0; 6], &truth).is_some());
        for (n_labels, n_probabilities) in [(0, 6), (4, 6), (3, 5)] {
            assert!(Cells::new(n_labels, &vec![0.0; n_probabilities], &truth).is_none());
        }
        assert!(Cells::new(3, &[], &[]).is_some_and(|cells| f2_per_image(&cells, 0.5) == 0.0));
    }
}
