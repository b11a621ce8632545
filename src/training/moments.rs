//! Mean and variance of features that come in one image after the other: what the instant head standardises by.
//!
//! All pictures of a collection count, not only the described ones: ten images say little about two thousand features.
//! Floor 4.

use super::standardise::Scaling;

/// More pictures than this change nothing worth a rescaling.
const ENOUGH: usize = 4096;

#[derive(Debug, Clone, Default)]
pub(super) struct Moments {
    n: usize,
    sum: Vec<f64>,
    sum_of_squares: Vec<f64>,
    /// How many there were at the last scaling.
    scaled_at: usize,
}

impl Moments {
    pub(super) fn new(n_features: usize) -> Self {
        Self { sum: vec![0.0; n_features], sum_of_squares: vec![0.0; n_features], ..Self::default() }
    }

    pub(super) fn see(&mut self, row: &[f32]) {
        self.n += 1;
        for ((sum, squares), &value) in self.sum.iter_mut().zip(&mut self.sum_of_squares).zip(row) {
            *sum += f64::from(value);
            *squares += f64::from(value) * f64::from(value);
        }
    }

    /// A scaling, where there are four times as many images as at the last one, or where these were `all` and new ones
    /// have come since.
    pub(super) fn rescaled(&mut self, all: bool) -> Option<Scaling> {
        let due = self.n >= 4 * self.scaled_at || (all && self.n > self.scaled_at);
        if self.n == 0 || !due || self.scaled_at >= ENOUGH {
            return None;
        }
        self.scaled_at = self.n;
        let n = self.n as f64;
        let mean: Vec<f64> = self.sum.iter().map(|sum| sum / n).collect();
        let spread = |(squares, mean): (&f64, &f64)| (squares / n - mean * mean).max(0.0);
        let variance: Vec<f64> = self.sum_of_squares.iter().zip(&mean).map(spread).collect();
        Some(Scaling::of(&mean, &variance))
    }
}

#[cfg(test)]
mod tests {
    use super::super::standardise::Features;
    use super::*;

    #[test]
    fn seen_one_by_one_or_together_the_scaling_is_the_same() {
        let values: Vec<f32> = (0..40).map(|i| ((i * 37) % 11) as f32 * if i % 2 == 0 { 1.0 } else { 30.0 }).collect();
        let mut moments = Moments::new(2);
        values.chunks(2).for_each(|row| moments.see(row));
        let whole = Scaling::fit(&Features::new(2, &values).unwrap(), &(0..20).collect::<Vec<_>>());
        let scaled = |scaling: &Scaling| scaling.apply(&values[6..8]).collect::<Vec<f32>>();
        let (found, expected) = (scaled(&moments.rescaled(false).unwrap()), scaled(&whole));
        assert!(found.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-4), "{found:?} {expected:?}");
    }

    #[test]
    fn a_scaling_is_due_at_four_times_as_many_and_at_the_end() {
        let mut moments = Moments::new(1);
        assert!(moments.rescaled(true).is_none(), "nothing was seen");
        let mut due = Vec::new();
        for n in 1..=100_u8 {
            moments.see(&[f32::from(n)]);
            if moments.rescaled(n == 70).is_some() {
                due.push(n);
            }
        }
        assert_eq!(due, [1, 4, 16, 64, 70]);
    }
}
