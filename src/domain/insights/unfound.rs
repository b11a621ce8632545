//! How many images have a label that nobody has found yet, as far as the model's proposals let us know.
//!
//! Of the proposals that somebody has answered, each tenth of probability has a share that was right. The open proposals
//! of images that nobody has reviewed are counted by that share. What lies below the threshold is answered too seldom,
//! and only where a curator happened to look, to be judged: the estimate is of what is proposed, and so of the least that
//! is there. It holds as far as the images to come are like those that were reviewed.

use std::collections::BTreeMap;

use crate::domain::AttributeId;
use crate::domain::interval::wilson;

/// A proposal of the model in use that somebody has answered; the probability is the one shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Answer {
    pub probability: f32,
    pub accepted: bool,
}

/// A proposal above the threshold that nobody has answered, of an image that nobody has reviewed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Open {
    pub image: u32,
    pub attribute: AttributeId,
    pub probability: f32,
}

/// Fewer answers than this say nothing about the model.
pub const LEAST_ANSWERS: usize = 50;
/// Fewer answers than this say nothing about a tenth; its proposals are not counted.
pub const LEAST_IN_A_TENTH: u64 = 10;

#[derive(Debug, Clone, PartialEq)]
pub struct Unfound {
    pub attribute: AttributeId,
    pub n: f64,
    /// The ends that the 95 % intervals of the tenths allow together.
    pub low: f64,
    pub high: f64,
    /// Those that are counted, ascending.
    pub images: Vec<u32>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// Most first.
    pub labels: Vec<Unfound>,
    pub n_answers: usize,
    /// Open proposals in tenths with too few answers.
    pub n_left_out: usize,
}

/// `Err`: how many answers there are, too few.
pub fn estimate(answers: &[Answer], open: &[Open], threshold: f32) -> Result<Estimate, usize> {
    let mut tenths = [(0_u64, 0_u64); 10];
    let mut n_answers = 0;
    for answer in answers.iter().filter(|answer| answer.probability >= threshold) {
        let (right, n) = &mut tenths[tenth(answer.probability)];
        *right += u64::from(answer.accepted);
        *n += 1;
        n_answers += 1;
    }
    if n_answers < LEAST_ANSWERS {
        return Err(n_answers);
    }
    let shares = tenths.map(|(right, n)| {
        let [low, high] = wilson(right, n).filter(|_| n >= LEAST_IN_A_TENTH)?;
        Some((right as f64 / n as f64, low, high))
    });
    let mut labels: BTreeMap<AttributeId, Unfound> = BTreeMap::new();
    let mut n_left_out = 0;
    for proposal in open.iter().filter(|proposal| proposal.probability >= threshold) {
        let Some((share, low, high)) = shares[tenth(proposal.probability)] else {
            n_left_out += 1;
            continue;
        };
        let attribute = proposal.attribute;
        let found = labels.entry(attribute).or_insert_with(|| Unfound {
            attribute,
            n: 0.0,
            low: 0.0,
            high: 0.0,
            images: Vec::new(),
        });
        found.n += share;
        found.low += low;
        found.high += high;
        found.images.push(proposal.image);
    }
    let mut labels: Vec<Unfound> = labels.into_values().collect();
    labels.sort_by(|a, b| b.n.total_cmp(&a.n).then(a.attribute.cmp(&b.attribute)));
    labels.iter_mut().for_each(|label| label.images.sort_unstable());
    Ok(Estimate { labels, n_answers, n_left_out })
}

fn tenth(probability: f32) -> usize {
    ((probability * 10.0) as usize).min(9)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(probability: f32, n: usize, n_right: usize) -> impl Iterator<Item = Answer> {
        (0..n).map(move |at| Answer { probability, accepted: at < n_right })
    }

    fn open(image: u32, id: u32, probability: f32) -> Open {
        Open { image, attribute: AttributeId(id), probability }
    }

    #[test]
    fn open_proposals_count_by_what_was_right_at_their_probability() {
        // Of the tenth from 0.9 on 36 of 40 were right, from 0.5 on 5 of 10; from 0.7 on too few were answered.
        let answered: Vec<Answer> =
            answers(0.95, 40, 36).chain(answers(0.55, 10, 5)).chain(answers(0.75, 3, 3)).collect();
        let proposals =
            [open(4, 1, 0.99), open(2, 1, 0.91), open(3, 1, 0.52), open(3, 2, 0.55), open(5, 2, 0.75), open(6, 2, 0.3)];
        let found = estimate(&answered, &proposals, 0.5).unwrap();
        assert_eq!((found.n_answers, found.n_left_out), (53, 1));
        let [first, second] = &found.labels[..] else { panic!("{found:?}") };
        assert_eq!((first.attribute.0, first.images.as_slice()), (1, &[2, 3, 4][..]));
        assert!((first.n - (0.9 + 0.9 + 0.5)).abs() < 1e-9);
        assert_eq!((second.attribute.0, second.n, second.images.as_slice()), (2, 0.5, &[3][..]));
        // SciPy's Wilson interval of 5 of 10.
        assert!((second.low - 0.236_593_091).abs() < 1e-9 && (second.high - 0.763_406_909).abs() < 1e-9);
    }

    #[test]
    fn too_few_answers_give_no_estimate() {
        let answered: Vec<Answer> = answers(0.95, 49, 40).chain(answers(0.2, 100, 9)).collect();
        assert_eq!(estimate(&answered, &[open(1, 1, 0.9)], 0.5), Err(49));
    }
}
