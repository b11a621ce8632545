//! Flips: what a new model proposes that the old one did not, and the other way round.
//!
//! Only these need a look after a fine-tune, and first of all those that contradict what a person has said. A flip
//! changes no tag. Floor 1.

use std::cmp::Ordering;

use super::f_beta::{Cells, Truth, is_proposed};
use super::thresholds::{Answers, logit};

/// In the order in which they should be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Standing {
    /// The new model contradicts the curator, the old one did not.
    Contradicts,
    /// Nobody has judged the tag.
    Open,
    /// The new model has come round to what the curator said.
    Agrees,
}

/// One proposal that came or went.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Flip {
    /// Row and column.
    pub image: usize,
    pub label: usize,
    pub standing: Standing,
    /// Whether it is proposed now.
    pub appeared: bool,
    /// Probabilities, old and new.
    pub old: f32,
    pub new: f32,
}

impl Flip {
    /// Which of two should be looked at first: by standing, then by how far the model has moved in logits.
    pub fn order(&self, other: &Self) -> Ordering {
        let moved = |flip: &Self| (logit(flip.new) - logit(flip.old)).abs();
        self.standing.cmp(&other.standing).then(moved(other).total_cmp(&moved(self)))
    }
}

/// All flips, in [`Flip::order`].
///
/// `truth`: `[n_images, n_labels]`. `None` where sizes do not fit.
pub fn flips(n_labels: usize, truth: &[Truth], old: Answers<'_>, new: Answers<'_>) -> Option<Vec<Flip>> {
    let before = Cells::new(n_labels, old.probabilities, truth)?;
    Cells::new(n_labels, new.probabilities, truth)?;
    let mut flips = Vec::new();
    for (image, ((was, known), is)) in before.rows().zip(new.probabilities.chunks_exact(n_labels)).enumerate() {
        for label in 0..n_labels {
            let appeared = is_proposed(is[label], new.thresholds.of(label));
            if appeared == is_proposed(was[label], old.thresholds.of(label)) {
                continue;
            }
            let standing = match known[label] {
                Truth::Unjudged => Standing::Open,
                truth if appeared == (truth == Truth::Present) => Standing::Agrees,
                _ => Standing::Contradicts,
            };
            flips.push(Flip { image, label, standing, appeared, old: was[label], new: is[label] });
        }
    }
    flips.sort_by(Flip::order);
    Some(flips)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Thresholds;
    use Truth::{Absent as A, Present as P, Unjudged as U};

    #[test]
    fn what_contradicts_the_curator_comes_first_and_what_did_not_change_not_at_all() {
        let (old_at, new_at) = (Thresholds::one(0.5), Thresholds::new(0.5, vec![None, None, None, Some(0.9)]));
        let old = [0.4, 0.6, 0.6, 0.8, 0.9, 0.6, 0.1, 0.1];
        let new = [0.6, 0.4, 0.4, 0.8, 0.8, 0.1, 0.9, 0.2];
        let truth = [P, U, P, A, A, U, A, P];
        let answers = |probabilities, thresholds| Answers { probabilities, thresholds };
        let found = flips(4, &truth, answers(&old, &old_at), answers(&new, &new_at)).unwrap();
        let seen: Vec<_> = found.iter().map(|flip| (flip.image, flip.label, flip.standing, flip.appeared)).collect();
        assert_eq!(
            seen,
            [
                (1, 2, Standing::Contradicts, true),
                (0, 2, Standing::Contradicts, false),
                (1, 1, Standing::Open, false),
                (0, 1, Standing::Open, false),
                (0, 0, Standing::Agrees, true),
                // The probability is the same; the label's threshold is not.
                (0, 3, Standing::Agrees, false),
            ]
        );
        assert_eq!(flips(3, &truth, answers(&old, &old_at), answers(&new, &new_at)), None);
    }
}
