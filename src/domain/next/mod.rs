//! What to look at next: what each image is worth to a curator who wants the next proposals to be better.
//!
//! Every order is a number per image, higher first, so that a screen can show it and mix them; [`ranked`] makes an order
//! of numbers. By name needs none: a collection is in natural order of its names already. Tags that somebody has judged
//! count for nothing, so that an image that was looked at as a whole is worth 0.
//!
//! Floor 1: slices only. Not the search for errors in what was judged (`label_errors`), nor what a fine-tune changed (`flips`).

pub mod spread;

use super::Thresholds;
use super::f_beta::{Cells, Truth};

/// Labels of an image that count: with a thousand labels the hopeless ones would outvote those in question.
const N_FIRST: usize = 5;

/// Positions, most valuable first; equal ones keep their order.
pub fn ranked(worth: &[f32]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..worth.len()).collect();
    order.sort_by(|&a, &b| worth[b].total_cmp(&worth[a]));
    order
}

/// How unsure the model is of an image, 0 to 1: the mean over its five least certain labels, each 1 at its threshold and
/// 0 far from it.
pub fn uncertainty(cells: &Cells<'_>, thresholds: &Thresholds) -> Vec<f32> {
    of_first(cells, |_, label, probability| {
        let centred = thresholds.centred(label, probability);
        Some(2.0 * centred.min(1.0 - centred))
    })
}

/// What an image promises for tags with few examples, 0 or more: over all labels, how much likelier the tag is here than
/// on the average image, by how much one more example adds to those there are.
///
/// `n_examples`: images known to have each label.
pub fn rarity(cells: &Cells<'_>, n_examples: &[u32]) -> Vec<f32> {
    let n_labels = cells.n_labels();
    let mut mean = vec![0.0_f64; n_labels];
    for (probabilities, _) in cells.rows() {
        mean.iter_mut().zip(probabilities).for_each(|(sum, &probability)| *sum += f64::from(probability));
    }
    let n_images = cells.n_images().max(1) as f64;
    let one = |(probabilities, truth): (&[f32], &[Truth])| {
        let open = (0..n_labels).filter(|&label| truth[label] == Truth::Unjudged);
        let gain = open.map(|label| {
            let lift = (probabilities[label] - (mean[label] / n_images) as f32).max(0.0);
            lift / (1 + n_examples.get(label).copied().unwrap_or(0)) as f32
        });
        gain.sum()
    };
    cells.rows().map(one).collect()
}

/// How much the model contradicts what people said of the most similar images, 0 to 1: the mean over the five labels where
/// the two are furthest apart.
///
/// `neighbours`: for each image the positions of similar ones in the same cells, and weights above 0. Those that nobody
/// has judged say nothing.
pub fn disagreement(cells: &Cells<'_>, thresholds: &Thresholds, neighbours: &[Vec<(usize, f32)>]) -> Vec<f32> {
    let truth: Vec<&[Truth]> = cells.rows().map(|(_, truth)| truth).collect();
    of_first(cells, |image, label, probability| {
        let (mut present, mut whole) = (0.0, 0.0);
        for &(neighbour, weight) in neighbours.get(image)? {
            let known = *truth.get(neighbour)?.get(label)?;
            if known != Truth::Unjudged {
                whole += weight;
                present += if known == Truth::Present { weight } else { 0.0 };
            }
        }
        (0.0 < whole).then(|| (thresholds.centred(label, probability) - present / whole).abs())
    })
}

/// Mean of the [`N_FIRST`] highest values of an image's unjudged labels; labels without a value and missing ones are 0.
fn of_first(cells: &Cells<'_>, value: impl Fn(usize, usize, f32) -> Option<f32>) -> Vec<f32> {
    let mut values = Vec::with_capacity(cells.n_labels());
    let n_first = N_FIRST.min(cells.n_labels());
    let one = |(image, (probabilities, truth)): (usize, (&[f32], &[Truth]))| {
        values.clear();
        for (label, (&probability, &known)) in probabilities.iter().zip(truth).enumerate() {
            if known == Truth::Unjudged {
                values.extend(value(image, label, probability));
            }
        }
        if n_first < values.len() {
            values.select_nth_unstable_by(n_first - 1, |a, b| b.total_cmp(a));
            values.truncate(n_first);
        }
        // The same values in another order must give the same sum.
        values.sort_unstable_by(|a, b| b.total_cmp(a));
        values.iter().sum::<f32>() / n_first as f32
    };
    cells.rows().enumerate().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use Truth::{Absent as A, Present as P, Unjudged as U};

    #[test]
    fn equal_images_keep_their_order() {
        assert_eq!(ranked(&[0.5, 0.9, 0.5, 0.0, 0.9]), [1, 4, 0, 2, 3]);
    }

    #[test]
    fn the_nearer_to_the_threshold_the_less_certain_and_what_was_judged_is_certain() {
        let probabilities = [0.3, 0.9, 0.29, 0.95, 0.01, 0.99, 0.3, 0.8];
        let cells = Cells::new(2, &probabilities, &[U, U, U, U, U, U, P, A]).unwrap();
        let worth = uncertainty(&cells, &Thresholds::new(0.3, vec![None, Some(0.9)]));
        assert!((worth[0] - 1.0).abs() < 1e-6 && worth[3] == 0.0, "{worth:?}");
        assert_eq!(ranked(&worth), [0, 1, 2, 3]);
    }

    #[test]
    fn a_thousand_hopeless_labels_do_not_outvote_one_in_question() {
        let mut probabilities = vec![0.08; 2000];
        probabilities[..1000].fill(0.02);
        probabilities[3] = 0.5;
        let truth = vec![U; 2000];
        let worth = uncertainty(&Cells::new(1000, &probabilities, &truth).unwrap(), &Thresholds::one(0.5));
        assert!(worth[1] < worth[0], "{worth:?}");
    }

    #[test]
    fn a_likely_rare_tag_is_worth_more_than_a_likely_common_one() {
        let probabilities = [0.1, 0.8, 0.8, 0.1, 0.1, 0.1, 0.8, 0.1];
        let cells = Cells::new(2, &probabilities, &[U, U, U, U, U, U, P, U]).unwrap();
        // By hand: label 0 has 1 example and a mean of 0.45, label 1 has 99 and 0.275.
        let worth = rarity(&cells, &[1, 99]);
        for (found, expected) in worth.iter().zip([0.525 / 100.0, 0.35 / 2.0, 0.0, 0.0]) {
            assert!((found - expected).abs() < 1e-6, "{worth:?}");
        }
    }

    #[test]
    fn images_that_contradict_their_neighbours_come_first() {
        let probabilities = [0.9, 0.1, 0.9, 0.5, 0.5];
        let cells = Cells::new(1, &probabilities, &[U, U, U, P, A]).unwrap();
        let neighbours = [vec![(4, 1.0)], vec![(3, 3.0), (4, 1.0)], vec![(3, 1.0), (0, 5.0)], vec![], vec![]];
        let worth = disagreement(&cells, &Thresholds::one(0.5), &neighbours);
        // By hand: |0.9 - 0|, |0.1 - 0.75|, |0.9 - 1|: a neighbour that nobody has judged says nothing.
        for (found, expected) in worth.iter().zip([0.9, 0.65, 0.1, 0.0, 0.0]) {
            assert!((found - expected).abs() < 1e-6, "{worth:?}");
        }
        assert_eq!(disagreement(&cells, &Thresholds::one(0.5), &[]), [0.0; 5]);
    }
}
