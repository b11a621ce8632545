//! Schedule: the learning rate at each step, as a fraction of the recipe's.
//!
//! Floor 4. Source: cosine annealing with a linear warm-up (Loshchilov and Hutter 2016, arXiv 1608.03983).

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "snake_case")]
pub enum Schedule {
    Constant,
    /// Up in a straight line over the first `warm_up` (0 to 1) of the steps, then down a half cosine to 0.
    Cosine {
        warm_up: f64,
    },
}

impl Schedule {
    /// The factor of step `step` (from 0) of `steps`, in (0, 1].
    pub fn factor(self, step: usize, steps: usize) -> f64 {
        match self {
            Self::Constant => 1.0,
            Self::Cosine { warm_up } => {
                let steps = steps.max(1) as f64;
                let (done, rise) = (step as f64 + 1.0, (warm_up.clamp(0.0, 1.0) * steps).round());
                if done <= rise {
                    done / rise
                } else {
                    let down = ((done - rise) / (steps - rise + 1.0)).min(1.0);
                    (0.5 * (1.0 + (std::f64::consts::PI * down).cos())).max(1e-4)
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_rises_to_the_recipes_and_falls_to_nearly_nothing() {
        let cosine = Schedule::Cosine { warm_up: 0.1 };
        // (step, factor) of 100 steps, by hand: 10 up, then cos over 91.
        for (step, expected) in [(0, 0.1), (4, 0.5), (9, 1.0), (54, 0.508_63), (99, 0.000_298)] {
            let found = cosine.factor(step, 100);
            assert!((found - expected).abs() < 1e-4, "step {step}: {found}");
        }
        assert!((0..99).all(|step| (step < 9) == (cosine.factor(step, 100) < cosine.factor(step + 1, 100))));
        assert_eq!(Schedule::Constant.factor(99, 100), 1.0);
    }

    #[test]
    fn no_number_of_steps_makes_it_leave_its_range() {
        for (warm_up, step, steps) in [(0.0, 0, 0), (1.0, 0, 1), (0.5, 7, 3), (2.0, 1, 2), (0.0, 0, 1)] {
            let factor = Schedule::Cosine { warm_up }.factor(step, steps);
            assert!(0.0 < factor && factor <= 1.0, "{warm_up} {step} {steps}: {factor}");
        }
    }
}
