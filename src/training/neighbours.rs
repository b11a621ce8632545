//! Nearest neighbours: what the described images most like a picture say about a label.
//!
//! For labels with too few examples for a head, and for the question which accepted and which rejected image a picture is
//! most like. Votes are weighted by likeness, with a prior; a cell that nobody has judged does not vote. Floor 4.
//! Source: Nadaraya and Watson 1964 for the weighting.

use candle_core::{Device, Tensor};

use super::error::TrainError;
use super::instant::target;
use crate::domain::f_beta::Truth;

/// Images that vote. Of kernels 0.1 to 0.3 wide and priors of 0.1 and 0.3 votes this width and prior gave the best F2 at
/// a threshold of 0.2 for labels with one to four examples, after 5 to 50 photographs or drawn finds.
const VOTERS: usize = 16;
/// Of the kernel exp((likeness - 1) / WIDTH).
const WIDTH: f32 = 0.1;
/// A prior weighs as much as a voter of this likeness does times `PRIOR_VOTES`.
const PRIOR_LIKENESS: f32 = 0.3;
const PRIOR_VOTES: f32 = 0.1;

/// Described images in a space where the product of two rows is their likeness, -1 to 1.
#[derive(Debug, Default)]
pub struct Neighbours<'a> {
    units: Vec<f32>,
    truths: Vec<&'a [Truth]>,
}

/// The described images most like a picture, by their position, with their likeness.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Nearest {
    pub accepted: Option<(usize, f32)>,
    pub rejected: Option<(usize, f32)>,
}

impl<'a> Neighbours<'a> {
    /// Rows of length 1 with what is known of them.
    pub fn new(rows: impl IntoIterator<Item = (&'a [f32], &'a [Truth])>) -> Self {
        let mut neighbours = Self::default();
        for (unit, truth) in rows {
            neighbours.units.extend_from_slice(unit);
            neighbours.truths.push(truth);
        }
        neighbours
    }

    /// Likeness of each of `n` pictures, `units` `[n, F]`, to every described image.
    fn likeness(&self, units: &[f32]) -> Result<Vec<Vec<f32>>, TrainError> {
        let n_rows = self.truths.len();
        if n_rows == 0 || units.is_empty() {
            return Ok(Vec::new());
        }
        let n_features = self.units.len() / n_rows;
        let pictures = Tensor::from_slice(units, (units.len() / n_features.max(1), n_features), &Device::Cpu)?; // [n, F]
        let rows = Tensor::from_slice(&self.units, (n_rows, n_features), &Device::Cpu)?; // [N, F]
        Ok(pictures.matmul(&rows.t()?)?.to_vec2()?) // [n, N]
    }

    /// Probabilities of some labels for pictures `units` `[n, F]`; `[n, labels.len()]`, row by row.
    ///
    /// `labels`: columns of the truth, with what each is worth without any neighbour. Errors: computing failed.
    pub fn votes(&self, units: &[f32], labels: &[(usize, f32)]) -> Result<Vec<f32>, TrainError> {
        let mut probabilities = Vec::new();
        for likeness in self.likeness(units)? {
            let mut order: Vec<usize> = (0..likeness.len()).collect();
            order.sort_by(|&a, &b| likeness[b].total_cmp(&likeness[a]).then(a.cmp(&b)));
            for &(label, prior) in labels {
                let (mut yes, mut all) = (prior * PRIOR_VOTES, PRIOR_VOTES);
                let judged = order.iter().filter_map(|&row| Some((row, target(self.truths[row][label])?)));
                for (row, target) in judged.take(VOTERS) {
                    let weight = ((likeness[row] - PRIOR_LIKENESS) / WIDTH).exp();
                    yes += weight * target;
                    all += weight;
                }
                probabilities.push(yes / all);
            }
        }
        Ok(probabilities)
    }

    /// The nearest image that has a label and the nearest that has not, for one picture.
    ///
    /// Errors: computing failed.
    pub fn nearest(&self, unit: &[f32], label: usize) -> Result<Nearest, TrainError> {
        let mut nearest = Nearest::default();
        for (row, likeness) in self.likeness(unit)?.into_iter().flatten().enumerate() {
            let place = match target(self.truths[row][label]) {
                None => continue,
                Some(present) if present > 0.5 => &mut nearest.accepted,
                Some(_) => &mut nearest.rejected,
            };
            if place.is_none_or(|(_, best)| best < likeness) {
                *place = Some((row, likeness));
            }
        }
        Ok(nearest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Truth::{Absent as A, Present as P, Unjudged as U};

    const EAST: [f32; 2] = [1.0, 0.0];
    const NORTH: [f32; 2] = [0.0, 1.0];
    const NORTH_EAST: [f32; 2] = [0.8, 0.6];

    fn neighbours() -> Neighbours<'static> {
        Neighbours::new([(&EAST[..], &[P, U][..]), (&NORTH, &[A, P]), (&NORTH_EAST, &[A, A])])
    }

    #[test]
    fn the_nearest_say_most_and_the_unjudged_nothing() {
        let priors = [(0, 0.1), (1, 0.1)];
        let found = neighbours().votes(&[EAST, NORTH].concat(), &priors).unwrap();
        // By hand, in units of exp(0.1 · likeness): to the east 1, 0 and 0.8; exp(7), exp(-3), exp(5).
        let (one, eight, nothing) = (7.0_f32.exp(), 5.0_f32.exp(), (-3.0_f32).exp());
        let of_first = (one + 0.01) / (one + eight + nothing + 0.1);
        let of_second = (nothing + 0.01) / (nothing + eight + 0.1);
        assert!((found[0] - of_first).abs() < 1e-4, "{found:?} {of_first}");
        assert!((found[1] - of_second).abs() < 1e-4, "{found:?} {of_second}");
        assert!(found[2] < 0.01 && found[3] > 0.9);
    }

    #[test]
    fn without_a_neighbour_there_is_no_probability_and_far_from_all_the_prior_holds() {
        assert!(Neighbours::default().votes(&EAST, &[(0, 0.3)]).unwrap().is_empty());
        let far = neighbours().votes(&[-1.0, 0.0], &[(0, 0.3)]).unwrap();
        assert!((far[0] - 0.3 * PRIOR_VOTES / (PRIOR_VOTES + (-3.0_f32).exp())).abs() < 1e-3, "{far:?}");
    }

    #[test]
    fn the_nearest_accepted_and_the_nearest_rejected_are_found() {
        let found = neighbours().nearest(&EAST, 0).unwrap();
        assert_eq!((found.accepted, found.rejected.map(|(row, _)| row)), (Some((0, 1.0)), Some(2)));
        let found = neighbours().nearest(&EAST, 1).unwrap();
        assert_eq!(found.accepted, Some((1, 0.0)));
        assert!((found.rejected.unwrap().1 - 0.8).abs() < 1e-6);
    }
}
