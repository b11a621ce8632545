//! Schedule: the learning rate at each step, as a fraction of the recipe's.
//!
//! A function of the step and of the validation losses so far, so that a run continued needs to remember nothing else.
//!
//! Floor 4. Source: cosine annealing with a linear warm-up (Loshchilov and Hutter 2016, arXiv 1608.03983); one cycle as
//! the report's notebooks had it (30 % up from 1/25, cosine down to 1/250,000); halving on a plateau as the report.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "snake_case")]
pub enum Schedule {
    Constant,
    /// Up in a straight line over the first `warm_up` (0 to 1) of the steps, then down a half cosine to 0.
    Cosine {
        warm_up: f64,
    },
    /// Up in a straight line from 1/25 over the first three tenths of the steps, then down a half cosine to 1/250,000.
    OneCycle,
    /// Multiplied by `factor` whenever `patience` epochs in a row had no better validation loss.
    Plateau {
        patience: usize,
        factor: f64,
    },
}

impl Schedule {
    /// The factor of step `step` (from 0) of `steps`, in (0, 1]. `losses`: of every validation so far.
    pub fn factor(self, step: usize, steps: usize, losses: &[f64]) -> f64 {
        match self {
            Self::Constant => 1.0,
            Self::OneCycle => {
                let (done, rise) = (step as f64, (0.3 * steps.max(1) as f64).max(1.0));
                if done < rise {
                    0.04 + 0.96 * done / rise
                } else {
                    let down = ((done - rise) / (steps as f64 - rise).max(1.0)).min(1.0);
                    4e-6 + (1.0 - 4e-6) * 0.5 * (1.0 + (std::f64::consts::PI * down).cos())
                }
            }
            Self::Plateau { patience, factor } => {
                factor.clamp(0.01, 1.0).powi(n_plateaus(losses, patience.max(1)) as i32).max(1e-6)
            }
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

/// How often `patience` losses in a row were no better than the best before them; the count starts anew each time.
fn n_plateaus(losses: &[f64], patience: usize) -> usize {
    let (mut best, mut flat, mut n) = (f64::INFINITY, 0, 0);
    for &loss in losses {
        if loss < best {
            (best, flat) = (loss, 0);
        } else {
            flat += 1;
            if flat == patience {
                (flat, n) = (0, n + 1);
            }
        }
    }
    n
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_rises_to_the_recipes_and_falls_to_nearly_nothing() {
        let cosine = Schedule::Cosine { warm_up: 0.1 };
        // (step, factor) of 100 steps, by hand: 10 up, then cos over 91.
        for (step, expected) in [(0, 0.1), (4, 0.5), (9, 1.0), (54, 0.508_63), (99, 0.000_298)] {
            let found = cosine.factor(step, 100, &[]);
            assert!((found - expected).abs() < 1e-4, "step {step}: {found}");
        }
        assert!((0..99).all(|step| (step < 9) == (cosine.factor(step, 100, &[]) < cosine.factor(step + 1, 100, &[]))));
        assert_eq!(Schedule::Constant.factor(99, 100, &[]), 1.0);
    }

    #[test]
    fn no_number_of_steps_makes_it_leave_its_range() {
        for (warm_up, step, steps) in [(0.0, 0, 0), (1.0, 0, 1), (0.5, 7, 3), (2.0, 1, 2), (0.0, 0, 1)] {
            for schedule in [Schedule::Cosine { warm_up }, Schedule::OneCycle] {
                let factor = schedule.factor(step, steps, &[]);
                assert!(0.0 < factor && factor <= 1.0, "{schedule:?} {step} {steps}: {factor}");
            }
        }
    }

    #[test]
    fn one_cycle_rises_from_a_twentyfifth_and_falls_to_nearly_nothing() {
        // (step, factor) of 100 steps, by hand.
        for (step, expected) in [(0, 0.04), (15, 0.52), (30, 1.0), (65, 0.5), (99, 0.000_507)] {
            let found = Schedule::OneCycle.factor(step, 100, &[]);
            assert!((found - expected).abs() < 1e-5, "step {step}: {found}");
        }
    }

    #[test]
    fn a_flat_stretch_halves_the_rate_and_a_better_loss_starts_the_count_anew() {
        let halving = Schedule::Plateau { patience: 2, factor: 0.5 };
        for (losses, expected) in [
            (&[][..], 1.0),
            (&[3.0, 2.0, 2.0], 1.0),
            (&[3.0, 3.0, 3.0], 0.5),
            (&[3.0, 4.0, 2.0, 4.0], 1.0),
            (&[3.0, 4.0, 4.0, 4.0, 4.0], 0.25),
        ] {
            assert_eq!(halving.factor(7, 10, losses), expected, "{losses:?}");
        }
    }
}
