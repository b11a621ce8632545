//! Which proposals the review lists: all above the threshold, and a few below, most likely first.

use crate::domain::Proposal;

/// How many proposals below the threshold are listed.
const BELOW: usize = 5;
/// A threshold of zero must not fill the panel with a thousand rows.
const AT_MOST: usize = 100;

/// The proposals to list, and how many of them are above the threshold: those come first.
///
/// `proposals`: most likely first, as `domain::proposal::kept` gives them.
pub fn listed(proposals: &[Proposal], threshold: f32) -> (&[Proposal], usize) {
    let n_above = proposals.partition_point(|proposal| proposal.probability >= threshold);
    (&proposals[..(n_above + BELOW).min(AT_MOST).min(proposals.len())], n_above.min(AT_MOST))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::AttributeId;
    use crate::domain::proposal::kept;

    #[test]
    fn a_few_below_the_threshold_are_listed_and_what_nothing_is_known_of_is_not() {
        let ids: Vec<AttributeId> = (0..12).map(AttributeId).collect();
        let probabilities = [0.9, 0.0, 0.3, 0.8, 0.2, 0.1, 0.15, 0.05, 0.01, 0.02];
        // (threshold, listed, of them above), by hand.
        for (threshold, expected, n_above) in [
            (0.5, vec![0, 3, 2, 4, 6, 5, 7], 2),
            (0.95, vec![0, 3, 2, 4, 6], 0),
            (0.0, vec![0, 3, 2, 4, 6, 5, 7, 9, 8], 9),
        ] {
            let kept = kept(&ids, &probabilities);
            let (found, above) = listed(&kept, threshold);
            let found: Vec<_> = found.iter().map(|proposal| proposal.attribute.0).collect();
            assert_eq!((found, above), (expected, n_above), "{threshold}");
        }
    }
}
