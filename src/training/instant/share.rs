//! One cell of the instant head: what is judged, and the share of the weights that is best for it.

use crate::domain::f_beta::Truth;
use crate::training::loss::sigmoid;

/// Steps of Newton's method; from where a cell stood before, two or three are the rule.
const STEPS: usize = 24;
const NEAR: f32 = 1e-3;

/// What is judged of one label.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    pub n_present: usize,
    pub n_absent: usize,
}

impl Tally {
    /// The logit of how often a label is there, before any picture is looked at.
    pub(super) fn prior(self) -> f32 {
        ((self.n_present as f32 + 0.5) / (self.n_absent as f32 + 1.5)).ln()
    }

    /// So many cells more, or fewer.
    pub(super) fn count(&mut self, known: Truth, times: isize) {
        let count = match target(known) {
            None => return,
            Some(present) if present > 0.5 => &mut self.n_present,
            Some(_) => &mut self.n_absent,
        };
        *count = count.saturating_add_signed(times);
    }
}

/// 1, 0, or `None` where nobody has judged.
pub fn target(known: Truth) -> Option<f32> {
    match known {
        Truth::Unjudged => None,
        Truth::Present => Some(1.0),
        _ => Some(0.0),
    }
}

/// The share of a cell that minimises the loss while all others stand still: target - sigmoid(logit), where the
/// logit is `without` the cell's own share plus `own` times it.
///
/// `own` > 0; `near`: the logit to start from. Newton's method inside a bracket that always holds the answer.
pub(super) fn best_share(without: f32, own: f32, target: f32, near: f32) -> f32 {
    let (mut low, mut high) = (without - own * (1.0 - target), without + own * target);
    let mut logit = near.clamp(low, high);
    for _ in 0..STEPS {
        let p = sigmoid(logit);
        let excess = logit - without - own * (target - p);
        if excess > 0.0 {
            high = logit
        } else {
            low = logit
        }
        let mut next = logit - excess / (1.0 + own * p * (1.0 - p));
        if !(low < next && next < high) {
            next = 0.5 * (low + high);
        }
        let moved = (next - logit).abs();
        logit = next;
        if moved < NEAR {
            break;
        }
    }
    target - sigmoid(logit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_what_the_logit_it_leads_to_lacks() {
        for target in [0.0, 1.0] {
            for without in [-30.0, -4.0, -0.5, 0.0, 1.0, 6.0, 40.0] {
                for own in [0.1, 5.0, 60.0] {
                    for near in [-50.0, 0.0, 50.0] {
                        let share = best_share(without, own, target, near);
                        let p = sigmoid(without + own * share);
                        let found = format!("{target} {without} {own} from {near}: {share}, {}", target - p);
                        let close = (share - (target - p)).abs() < 2e-3 * (1.0 + own * p * (1.0 - p));
                        assert!(close && (0.0..=1.0).contains(&share.abs()), "{found}");
                    }
                }
            }
        }
    }

    #[test]
    fn cells_that_nobody_has_judged_are_not_counted() {
        let mut tally = Tally::default();
        for (known, times) in [(Truth::Present, 1), (Truth::Absent, 1), (Truth::Unjudged, 1), (Truth::Absent, 1)] {
            tally.count(known, times);
        }
        tally.count(Truth::Absent, -1);
        assert_eq!(tally, Tally { n_present: 1, n_absent: 1 });
    }
}
