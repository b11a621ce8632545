//! Progressive validation: every image is predicted before it is learned from, so a learner that never stops still has
//! honest figures, and a threshold, without keeping images back.
//!
//! Not the search itself (`domain::threshold`). Floor 4. Source: Blum, Kalai and Langford 1999.

use std::collections::VecDeque;

use crate::domain::f_beta::{self, Cells, Truth};
use crate::domain::threshold;

/// What a learner said long ago says little about it now.
const KEPT: usize = 300;
/// So many images weigh as much as the default.
const DEFAULT_WEIGHS: f32 = 40.0;
/// F2 of a few hundred images is not known more exactly; thresholds that differ by less are equally good.
const SAME: f64 = 0.01;

/// Predictions beside what turned out to be true, oldest first.
#[derive(Debug, Clone, Default)]
pub struct Progressive {
    rows: VecDeque<(Vec<f32>, Vec<Truth>)>,
}

impl Progressive {
    /// Takes in an image that has not been learned from. Rows may grow longer over time, not shorter.
    pub fn push(&mut self, probabilities: Vec<f32>, truth: Vec<Truth>) {
        if truth.contains(&Truth::Unjudged) {
            return; // An image that is half judged would count its judged half only: mostly tags that were proposed.
        }
        self.rows.push_back((probabilities, truth));
        if self.rows.len() > KEPT {
            self.rows.pop_front();
        }
    }

    pub fn n_images(&self) -> usize {
        self.rows.len()
    }

    /// The threshold that was best for F2 micro, as far from `default` as the number of images allows. Of those that are
    /// as good as the best it is the highest: fewer wrong proposals to reject.
    pub fn threshold(&self, default: f32) -> f32 {
        let n = self.rows.len() as f32;
        let Some(search) = self.cells(threshold::search).filter(|search| search.micro.f2 > 0.0) else {
            return default;
        };
        let highest = search.micro_curve.iter().rposition(|f2| search.micro.f2 - f2 <= SAME).unwrap_or(0);
        (n * threshold::at(highest) + DEFAULT_WEIGHS * default) / (n + DEFAULT_WEIGHS)
    }

    /// F2 micro of the predictions at a threshold; `None` before the first.
    pub fn f2_micro(&self, threshold: f32) -> Option<f64> {
        self.cells(|cells| f_beta::f2_micro(cells, threshold))
    }

    fn cells<T>(&self, of: impl FnOnce(&Cells<'_>) -> T) -> Option<T> {
        let n_labels = self.rows.back()?.1.len();
        let (mut probabilities, mut truth) = (Vec::new(), Vec::new());
        for row in &self.rows {
            probabilities.extend_from_slice(&row.0);
            probabilities.resize(probabilities.len() + n_labels - row.0.len(), 0.0);
            truth.extend_from_slice(&row.1);
            truth.resize(truth.len() + n_labels - row.1.len(), Truth::Unjudged);
        }
        Cells::new(n_labels, &probabilities, &truth).map(|cells| of(&cells))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Truth::{Absent as A, Present as P, Unjudged as U};

    #[test]
    fn the_threshold_leaves_its_default_as_images_come() {
        let mut progressive = Progressive::default();
        assert_eq!(progressive.threshold(0.3), 0.3);
        // Between 0.11 and 0.20 every threshold is perfect, the highest is taken: 40 images move it half way.
        let mut found = Vec::new();
        for n in 1..=400 {
            progressive.push(vec![0.2, 0.1], vec![P, A]);
            if [1, 40, 400].contains(&n) {
                found.push(progressive.threshold(0.3));
            }
        }
        let expected = [0.3 - 0.1 / 41.0, 0.25, 0.3 - 0.1 * 300.0 / 340.0];
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-5), "{found:?}");
        assert_eq!(progressive.n_images(), KEPT);
        assert_eq!(progressive.f2_micro(0.15), Some(1.0));
    }

    #[test]
    fn half_judged_images_are_no_validation_and_later_labels_were_not_judged_before() {
        let mut progressive = Progressive::default();
        progressive.push(vec![0.9, 0.9], vec![P, U]);
        assert_eq!(progressive.n_images(), 0);
        progressive.push(vec![0.9], vec![P]);
        progressive.push(vec![0.9, 0.8], vec![P, A]);
        // By hand: two right, one wrong: 10 / 11.
        assert!((progressive.f2_micro(0.5).unwrap() - 10.0 / 11.0).abs() < 1e-9);
    }

    #[test]
    fn images_without_any_tag_leave_the_threshold_alone() {
        let mut progressive = Progressive::default();
        (0..100).for_each(|_| progressive.push(vec![0.4], vec![A]));
        assert_eq!(progressive.threshold(0.3), 0.3);
    }
}
