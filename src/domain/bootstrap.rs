//! Whether a new model is better than the old one on the same images, or only luckier.
//!
//! Paired bootstrap: images are drawn with replacement as often as there are images, both models are judged on the same
//! draw, and this is done thousands of times; how the difference varies says how far it can be trusted. What an image
//! adds to the figures is worked out once, so that a draw only adds numbers.
//!
//! Floor 1. Source: Efron and Tibshirani 1993, percentile interval; Koehn 2004 for pairing. Same cells and seed, same answer.

use super::Thresholds;
use super::f_beta::{Cells, Counts, Truth, is_proposed};
use super::thresholds::Answers;
use crate::base::hash::mix64;

/// Draws that are usual.
pub const N_DRAWS: usize = 10_000;
/// With fewer images no verdict is given but that it is unclear.
pub const MIN_IMAGES: usize = 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// F2 per image has risen for certain, F2 micro has not certainly fallen.
    Better,
    /// F2 per image has fallen for certain, or F2 micro has and F2 per image has not certainly risen.
    Worse,
    Unclear,
}

/// One figure of both models.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    pub old: f64,
    pub new: f64,
    /// Of `new - old`, 95 %.
    pub interval: [f64; 2],
    /// Share of the draws in which the new model is better; draws where both are equal count half.
    pub better: f64,
}

impl Difference {
    pub fn is_gain(&self) -> bool {
        0.0 < self.interval[0]
    }

    pub fn is_loss(&self) -> bool {
        self.interval[1] < 0.0
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    pub f2_per_image: Difference,
    pub f2_micro: Difference,
    /// Images of which anything is judged.
    pub n_images: usize,
    pub outcome: Outcome,
}

/// Compares two models, each at its own thresholds.
///
/// `truth`: `[n_images, n_labels]`. `None` where the sizes do not fit, no image is judged, or `n_draws` is 0.
pub fn compare(
    n_labels: usize,
    truth: &[Truth],
    old: Answers<'_>,
    new: Answers<'_>,
    n_draws: usize,
    seed: u64,
) -> Option<Comparison> {
    let terms = terms(n_labels, truth, old, new)?;
    if terms.is_empty() || n_draws == 0 {
        return None;
    }
    let n = terms.len() as f64;
    let whole = terms.iter().fold(Sums::default(), Sums::with);
    let (mut per_image, mut micro) = (Vec::with_capacity(n_draws), Vec::with_capacity(n_draws));
    let mut state = mix64(seed);
    for _ in 0..n_draws {
        let mut sums = Sums::default();
        for _ in 0..terms.len() {
            state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mixed = (state ^ (state >> 32)).wrapping_mul(0xD6E8_FEB8_6659_FD93);
            // The upper half as a share of the images: no division, no branch.
            let drawn = ((mixed >> 32) * terms.len() as u64) >> 32;
            sums = sums.with(&terms[drawn as usize]);
        }
        per_image.push((sums.f2[1] - sums.f2[0]) / n);
        micro.push(sums.micro(1) - sums.micro(0));
    }
    let f2_per_image = difference([whole.f2[0] / n, whole.f2[1] / n], per_image);
    let f2_micro = difference([whole.micro(0), whole.micro(1)], micro);
    let outcome = if terms.len() < MIN_IMAGES {
        Outcome::Unclear
    } else if f2_per_image.is_gain() && !f2_micro.is_loss() {
        Outcome::Better
    } else if f2_per_image.is_loss() || f2_micro.is_loss() && !f2_per_image.is_gain() {
        Outcome::Worse
    } else {
        Outcome::Unclear
    };
    Some(Comparison { f2_per_image, f2_micro, n_images: terms.len(), outcome })
}

fn difference([old, new]: [f64; 2], mut drawn: Vec<f64>) -> Difference {
    let n = drawn.len();
    let n_better = drawn.iter().filter(|&&difference| 0.0 < difference).count();
    let n_equal = drawn.iter().filter(|&&difference| difference == 0.0).count();
    drawn.sort_unstable_by(f64::total_cmp);
    let at = |share: f64| drawn[((share * n as f64) as usize).min(n - 1)];
    let better = (n_better as f64 + 0.5 * n_equal as f64) / n as f64;
    Difference { old, new, interval: [at(0.025), at(0.975)], better }
}

/// What one image adds, for the old and the new model: its F2, and the counts of F2 micro.
#[derive(Debug, Clone, Copy)]
struct Term {
    f2: [f32; 2],
    tp: [u32; 2],
    n_proposed: [u32; 2],
    n_present: u32,
}

/// One image's probabilities and truth.
type Row<'a> = (&'a [f32], &'a [Truth]);

fn terms(n_labels: usize, truth: &[Truth], old: Answers<'_>, new: Answers<'_>) -> Option<Vec<Term>> {
    let [before, after] =
        [Cells::new(n_labels, old.probabilities, truth)?, Cells::new(n_labels, new.probabilities, truth)?];
    let count = |probabilities: &[f32], truth: &[Truth], thresholds: &Thresholds| {
        let mut counts = Counts::default();
        for (column, (&probability, &known)) in probabilities.iter().zip(truth).enumerate() {
            counts.add(is_proposed(probability, thresholds.of(column)), known);
        }
        counts
    };
    let judged = |(_, truth): &(&[f32], &[Truth])| truth.iter().any(|&known| known != Truth::Unjudged);
    let rows = before.rows().zip(after.rows()).filter(|(row, _)| judged(row));
    let term = |((before, truth), (after, _)): (Row<'_>, Row<'_>)| {
        let counts = [count(before, truth, old.thresholds), count(after, truth, new.thresholds)];
        Term {
            f2: counts.map(|counts| counts.f_beta(2.0) as f32),
            tp: counts.map(|counts| counts.tp as u32),
            n_proposed: counts.map(|counts| (counts.tp + counts.fp) as u32),
            n_present: (counts[0].tp + counts[0].fn_) as u32,
        }
    };
    Some(rows.map(term).collect())
}

#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    f2: [f64; 2],
    tp: [u64; 2],
    n_proposed: [u64; 2],
    n_present: u64,
}

impl Sums {
    fn with(mut self, term: &Term) -> Self {
        for side in 0..2 {
            self.f2[side] += f64::from(term.f2[side]);
            self.tp[side] += u64::from(term.tp[side]);
            self.n_proposed[side] += u64::from(term.n_proposed[side]);
        }
        self.n_present += u64::from(term.n_present);
        self
    }

    fn micro(&self, side: usize) -> f64 {
        let tp = self.tp[side];
        Counts { tp, fp: self.n_proposed[side] - tp, fn_: self.n_present - tp }.f_beta(2.0)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::domain::f_beta::{f2_micro, f2_per_image, reference};

    /// The reference's probabilities with `share` of the positives' raised above every threshold.
    fn improved(share: f64) -> Vec<f32> {
        let truth = reference::truth();
        let lucky = |cell: usize| (mix64(cell as u64) >> 11) as f64 / (1_u64 << 53) as f64 <= share;
        let raised = |(cell, p): (usize, f32)| if truth[cell] == Truth::Present && lucky(cell) { 0.99 } else { p };
        reference::probabilities().into_iter().enumerate().map(raised).collect()
    }

    fn compared(old: &[f32], new: &[f32], n_images: usize) -> Comparison {
        let (thresholds, cells) = (Thresholds::one(0.3), n_images * reference::N_LABELS);
        let answers = |all| Answers { probabilities: all, thresholds: &thresholds };
        let truth = &reference::truth()[..cells];
        compare(reference::N_LABELS, truth, answers(&old[..cells]), answers(&new[..cells]), 2000, 5).unwrap()
    }

    #[test]
    fn the_figures_are_those_of_each_model_alone() {
        let (old, new, truth) = (reference::probabilities(), improved(0.3), reference::truth());
        let found = compared(&old, &new, reference::N_IMAGES);
        for (probabilities, per_image, micro) in
            [(&old, found.f2_per_image.old, found.f2_micro.old), (&new, found.f2_per_image.new, found.f2_micro.new)]
        {
            let cells = Cells::new(reference::N_LABELS, probabilities, &truth).unwrap();
            assert!((per_image - f2_per_image(&cells, 0.3)).abs() < 1e-6);
            assert!((micro - f2_micro(&cells, 0.3)).abs() < 1e-12);
        }
    }

    #[test]
    fn a_clear_gain_is_better_a_clear_loss_worse_and_luck_unclear() {
        let (old, new) = (reference::probabilities(), improved(0.3));
        let gain = compared(&old, &new, 200);
        assert!(gain.outcome == Outcome::Better && gain.f2_per_image.better == 1.0, "{gain:?}");
        let loss = compared(&new, &old, 200);
        assert!(loss.outcome == Outcome::Worse && loss.f2_micro.better == 0.0, "{loss:?}");
        let same = compared(&old, &old, 200);
        assert_eq!((same.outcome, same.f2_per_image.interval, same.f2_micro.better), (Outcome::Unclear, [0.0; 2], 0.5));
        // One positive in a hundred and twenty: too little to tell.
        let luck = compared(&old, &improved(0.003), 200);
        assert_eq!(luck.outcome, Outcome::Unclear, "{luck:?}");
        assert_eq!(compared(&old, &new, MIN_IMAGES - 1).outcome, Outcome::Unclear);
    }

    #[test]
    fn the_interval_is_as_wide_as_the_standard_error_of_the_mean_says() {
        let (old, new, truth) = (reference::probabilities(), improved(0.3), reference::truth());
        let found = compared(&old, &new, 200).f2_per_image;
        let thresholds = Thresholds::one(0.3);
        let answers = |probabilities| Answers { probabilities, thresholds: &thresholds };
        let terms = terms(reference::N_LABELS, &truth, answers(&old), answers(&new)).unwrap();
        let gains: Vec<f64> = terms.iter().map(|term| f64::from(term.f2[1] - term.f2[0])).collect();
        let mean = gains.iter().sum::<f64>() / 200.0;
        let variance = gains.iter().map(|gain| (gain - mean).powi(2)).sum::<f64>() / 199.0;
        let expected = 2.0 * 1.96 * (variance / 200.0).sqrt();
        let width = found.interval[1] - found.interval[0];
        assert!((width / expected - 1.0).abs() < 0.08, "{width} instead of {expected}");
    }

    #[test]
    fn the_same_seed_draws_the_same_images() {
        let (old, new) = (reference::probabilities(), improved(0.02));
        assert_eq!(compared(&old, &new, 200), compared(&old, &new, 200));
    }

    #[test]
    fn sizes_that_do_not_fit_and_images_that_nobody_judged_give_no_comparison() {
        let thresholds = Thresholds::one(0.5);
        let answers = |probabilities| Answers { probabilities, thresholds: &thresholds };
        for (truth, old) in [(&[Truth::Present; 3][..], &[0.5; 2][..]), (&[Truth::Unjudged; 2], &[0.5; 2]), (&[], &[])]
        {
            assert_eq!(compare(1, truth, answers(old), answers(&[0.5; 2]), 10, 1), None);
        }
    }

    #[test]
    #[ignore = "a measurement: cargo test --release bootstrap -- --ignored --nocapture"]
    fn ten_thousand_draws_of_three_thousand_images() {
        let n = 3000;
        let truth: Vec<Truth> = (0..n).map(|image| Truth::from(Some(image % 3 == 0))).collect();
        let probabilities: Vec<f32> = (0..n).map(|image| (mix64(image) >> 40) as f32 / (1 << 24) as f32).collect();
        let thresholds = Thresholds::one(0.5);
        let answers = Answers { probabilities: &probabilities, thresholds: &thresholds };
        let started = Instant::now();
        compare(1, &truth, answers, answers, N_DRAWS, 1).unwrap();
        eprintln!("{N_DRAWS} draws of {n} images in {:?}", started.elapsed());
    }
}
