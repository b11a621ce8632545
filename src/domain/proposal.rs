//! A proposal: a tag that a model thinks likely for an image. Never a tag by itself: a person decides.

use super::AttributeId;

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Proposal {
    pub attribute: AttributeId,
    /// After the sigmoid, 0..=1.
    pub probability: f32,
}

/// All labels as proposals, most likely first; equal ones in the order of their ids.
///
/// `probabilities[j]` belongs to `attribute_ids[j]`.
pub fn ranked(attribute_ids: &[AttributeId], probabilities: &[f32]) -> Vec<Proposal> {
    let mut proposals: Vec<_> = attribute_ids
        .iter()
        .zip(probabilities)
        .map(|(&attribute, &probability)| Proposal { attribute, probability })
        .collect();
    proposals.sort_by(|a, b| b.probability.total_cmp(&a.probability).then(a.attribute.cmp(&b.attribute)));
    proposals
}

/// How many proposals are kept of an image: with a thousand labels over a hundred thousand images all of them would fill
/// half a gigabyte, and nobody looks at the hundredth.
pub const N_KEPT: usize = 64;

/// The most likely labels, at most [`N_KEPT`], without those of which nothing is known (0).
pub fn kept(attribute_ids: &[AttributeId], probabilities: &[f32]) -> Vec<Proposal> {
    let mut proposals = ranked(attribute_ids, probabilities);
    proposals.truncate(N_KEPT.min(proposals.partition_point(|proposal| proposal.probability > 0.0)));
    proposals
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_likely_proposal_comes_first() {
        let ids = [AttributeId(5), AttributeId(3), AttributeId(9)];
        let order: Vec<_> = ranked(&ids, &[0.2, 0.2, 0.9]).iter().map(|proposal| proposal.attribute.0).collect();
        assert_eq!(order, [9, 3, 5]);
    }

    #[test]
    fn the_hundredth_and_what_nothing_is_known_of_are_not_kept() {
        let ids: Vec<_> = (0..100).map(AttributeId).collect();
        let rising: Vec<f32> = (0..100).map(|label| label as f32 / 100.0).collect();
        let found = kept(&ids, &rising);
        assert_eq!((found.len(), found[0].attribute.0, found[63].attribute.0), (N_KEPT, 99, 36));
        assert!(kept(&ids[..2], &[0.0, 0.0]).is_empty());
    }
}
