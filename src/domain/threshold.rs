//! The search for the threshold from which on a label is proposed.
//!
//! Every cell is put into one of 100 bins once; the counts at all thresholds then follow from running sums, so
//! 16,000 images of 1,103 labels take a few hundredths of a second.
//!
//! Floor 1: slices only. Source: the report searches 0.00 … 0.49 for micro F2; here 0.00 … 0.99.

use super::f_beta::{Cells, Counts, Truth};

/// Thresholds tried: 0.00, 0.01 … 0.99.
pub const N_THRESHOLDS: usize = 100;

/// A threshold and the F2 it reaches.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Best {
    pub threshold: f32,
    pub f2: f64,
}

/// The best threshold for each of the two averages, and the whole curves (index k is threshold k / 100).
#[derive(Debug, Clone, PartialEq)]
pub struct Search {
    pub micro: Best,
    pub per_image: Best,
    pub micro_curve: Vec<f64>,
    pub per_image_curve: Vec<f64>,
}

/// Threshold `k` of the search.
pub fn at(k: usize) -> f32 {
    k as f32 / N_THRESHOLDS as f32
}

/// Finds the best thresholds for F2 micro and F2 per image.
///
/// Where several thresholds are equally good, the middle (rounded down) of the first unbroken run of them is taken:
/// it is the one farthest from where the figure falls. With nothing to find (no positive at all) that is 0.49.
pub fn search(cells: &Cells<'_>) -> Search {
    let mut whole = [Counts::default(); N_THRESHOLDS];
    let mut sums = vec![0.0; N_THRESHOLDS];
    let mut n_images = 0_u64;
    let (mut present, mut absent) = ([0_u32; N_THRESHOLDS], [0_u32; N_THRESHOLDS]);
    for (probabilities, truth) in cells.rows() {
        present.fill(0);
        absent.fill(0);
        let (mut n_present, mut n_judged) = (0_u32, 0_u32);
        for (&probability, &known) in probabilities.iter().zip(truth) {
            match known {
                Truth::Unjudged => continue,
                Truth::Present => {
                    n_present += 1;
                    present[bin(probability)] += 1;
                }
                Truth::Absent | Truth::Implied => absent[bin(probability)] += 1,
            }
            n_judged += 1;
        }
        if n_judged == 0 {
            continue;
        }
        n_images += 1;
        let (mut tp, mut fp) = (0_u32, 0_u32);
        for k in (0..N_THRESHOLDS).rev() {
            tp += present[k];
            fp += absent[k];
            let counts = Counts { tp: tp.into(), fp: fp.into(), fn_: (n_present - tp).into() };
            sums[k] += counts.f_beta(2.0);
            whole[k].tp += counts.tp;
            whole[k].fp += counts.fp;
            whole[k].fn_ += counts.fn_;
        }
    }
    let micro_curve: Vec<f64> = whole.iter().map(|counts| counts.f_beta(2.0)).collect();
    let per_image_curve: Vec<f64> = sums.iter().map(|sum| sum / n_images.max(1) as f64).collect();
    Search { micro: best_of(&micro_curve), per_image: best_of(&per_image_curve), micro_curve, per_image_curve }
}

/// The last threshold that still proposes this probability. Not a number counts as 0.
pub(super) fn bin(probability: f32) -> usize {
    let near = ((probability * N_THRESHOLDS as f32) as usize).min(N_THRESHOLDS - 1);
    if probability < at(near) {
        near.saturating_sub(1)
    } else if near + 1 < N_THRESHOLDS && at(near + 1) <= probability {
        near + 1
    } else {
        near
    }
}

pub(super) fn best_of(curve: &[f64]) -> Best {
    const SAME: f64 = 1e-12; // Sums of the same numbers in another order.
    let best = curve.iter().copied().fold(0.0, f64::max);
    let first = curve.iter().position(|&f2| best - f2 <= SAME).unwrap_or(0);
    let run = curve[first..].iter().take_while(|&&f2| best - f2 <= SAME).count();
    Best { threshold: at(first + run.saturating_sub(1) / 2), f2: best }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::f_beta::{f2_micro, f2_per_image, reference};

    #[test]
    fn the_best_thresholds_are_those_of_scikit_learn() {
        // scikit-learn on the reference matrix: best_micro and best_samples are both at 0.05.
        let (probabilities, truth) = (reference::probabilities(), reference::truth());
        let found = search(&Cells::new(reference::N_LABELS, &probabilities, &truth).unwrap());
        for (found, f2) in [(found.micro, 0.438_910_505_8), (found.per_image, 0.409_118_750_8)] {
            assert_eq!(found.threshold, 0.05);
            assert!((found.f2 - f2).abs() < 1e-9, "{found:?}");
        }
    }

    #[test]
    fn the_curves_are_what_counting_at_each_threshold_gives() {
        let (probabilities, mut truth) = (reference::probabilities(), reference::truth());
        truth.iter_mut().step_by(7).for_each(|known| *known = Truth::Unjudged);
        truth[60..90].fill(Truth::Unjudged);
        let cells = Cells::new(reference::N_LABELS, &probabilities, &truth).unwrap();
        let found = search(&cells);
        for k in 0..N_THRESHOLDS {
            assert!((found.micro_curve[k] - f2_micro(&cells, at(k))).abs() < 1e-12);
            assert!((found.per_image_curve[k] - f2_per_image(&cells, at(k))).abs() < 1e-12);
        }
    }

    #[test]
    fn a_probability_equal_to_a_threshold_is_proposed_at_it() {
        for k in 0..N_THRESHOLDS {
            assert_eq!(bin(at(k)), k);
            assert_eq!(bin(at(k).next_up()), k);
            assert_eq!(bin(at(k).next_down()), k.saturating_sub(1));
        }
        for (probability, expected) in [(1.0, 99), (2.0, 99), (-1.0, 0), (f32::NAN, 0)] {
            assert_eq!(bin(probability), expected);
        }
    }

    #[test]
    fn among_equally_good_thresholds_the_middle_one_is_taken() {
        use Truth::{Absent as A, Present as P};
        // (probabilities, truth, threshold): by hand. Between 0.21 and 0.80 every threshold is perfect.
        for (probabilities, truth, expected) in
            [([0.2, 0.8], [A, P], 0.5), ([0.2, 0.8], [A, A], 0.49), ([0.999, 0.999], [P, P], 0.49)]
        {
            let found = search(&Cells::new(2, &probabilities, &truth).unwrap());
            assert_eq!(found.micro.threshold, expected, "{truth:?}");
            assert_eq!(found.per_image.threshold, expected, "{truth:?}");
        }
    }
}
