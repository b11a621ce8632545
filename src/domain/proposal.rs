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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_likely_proposal_comes_first() {
        let ids = [AttributeId(5), AttributeId(3), AttributeId(9)];
        let order: Vec<_> = ranked(&ids, &[0.2, 0.2, 0.9]).iter().map(|proposal| proposal.attribute.0).collect();
        assert_eq!(order, [9, 3, 5]);
    }
}
