//! Average precision: how well a label's probabilities rank the images that have it before those that have not.
//!
//! Needs no threshold. Floor 1: slices only.
//! Source: scikit-learn's `average_precision_score`: the sum over distinct probabilities, highest first, of
//! (recall gained) · (precision there), without interpolation; equal probabilities enter together.

use super::f_beta::Cells;

/// Average precision of each label over its judged cells, in [0, 1]; `None` for a label with no positive.
pub fn per_label(cells: &Cells<'_>) -> Vec<Option<f64>> {
    let mut ranked = Vec::with_capacity(cells.n_images());
    let one = |label| {
        ranked.clear();
        ranked.extend(cells.column(label).map(|(probability, present)| key(probability, present)));
        if ranked.iter().all(|key| key & 1 == 0) {
            return None;
        }
        ranked.sort_unstable();
        Some(of_ranked(&ranked))
    };
    (0..cells.n_labels()).map(one).collect()
}

/// Mean over the labels that have at least one positive; `None` if none has.
pub fn mean(per_label: &[Option<f64>]) -> Option<f64> {
    let known: Vec<f64> = per_label.iter().flatten().copied().collect();
    (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64)
}

/// A number that sorts as the probability does, with the truth in the lowest bit: whole numbers sort fastest.
fn key(probability: f32, present: bool) -> u64 {
    let bits = (probability + 0.0).to_bits(); // -0 becomes 0
    let ordered = if bits >> 31 == 1 { !bits } else { bits | 1 << 31 };
    u64::from(ordered) << 1 | u64::from(present)
}

/// `ranked` ascending, with at least one positive.
fn of_ranked(ranked: &[u64]) -> f64 {
    let (mut seen, mut hits, mut sum) = (0_u64, 0_u64, 0.0);
    for equal in ranked.chunk_by(|a, b| a >> 1 == b >> 1).rev() {
        let gained: u64 = equal.iter().map(|key| key & 1).sum();
        seen += equal.len() as u64;
        hits += gained;
        sum += gained as f64 * hits as f64 / seen as f64;
    }
    sum / hits as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::f_beta::{Truth, reference};

    #[test]
    fn every_label_and_the_mean_are_those_of_scikit_learn() {
        // average_precision_score on the reference matrix: labels 0 to 4, 24 and 29, and the macro mean.
        let expected = [
            (0, 0.590_522_997_1),
            (1, 0.520_768_795_2),
            (2, 0.414_983_697_3),
            (3, 0.660_746_179_8),
            (4, 0.304_362_277_5),
            (24, 0.723_661_931_3),
            (29, 0.478_150_194_4),
        ];
        let (probabilities, truth) = (reference::probabilities(), reference::truth());
        let found = per_label(&Cells::new(reference::N_LABELS, &probabilities, &truth).unwrap());
        for (label, expected) in expected {
            let found = found[label].unwrap();
            assert!((found - expected).abs() < 1e-9, "label {label}: {found}");
        }
        assert!((mean(&found).unwrap() - 0.478_492_028_0).abs() < 1e-9);
    }

    #[test]
    fn equal_probabilities_enter_together_and_unjudged_cells_not_at_all() {
        use Truth::{Absent as A, Present as P, Unjudged as U};
        // By hand: (precision · recall gained) summed.
        for (probabilities, truth, expected) in [
            ([0.9, 0.5, 0.1, 0.95], [P, A, P, U], Some((1.0 + 2.0 / 3.0) / 2.0)),
            ([0.5, 0.5, 0.5, 0.5], [P, A, A, A], Some(0.25)),
            ([0.0, -0.0, 0.1, 0.2], [P, A, U, U], Some(0.5)),
            ([0.9, 0.5, 0.1, 0.2], [A, A, U, A], None),
        ] {
            let found = per_label(&Cells::new(1, &probabilities, &truth).unwrap());
            assert_eq!(found, [expected], "{truth:?}");
        }
        assert_eq!(mean(&[None, Some(0.5), Some(1.0)]), Some(0.75));
        assert_eq!(mean(&[None]), None);
    }
}
