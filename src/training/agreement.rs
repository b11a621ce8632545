//! Agreement: how far proposals in another precision are those in f32 of pictures decoded in full, measured on pictures of
//! the collection at hand.
//!
//! Only what agrees is offered: see [`Agreement::is_enough`]. Floor 4.

use std::fmt;
use std::time::{Duration, Instant};

use rayon::prelude::*;

use super::TrainError;
use super::embed::fit_of;
use crate::collection::{Collection, ImageFile};
use crate::domain::Thresholds;
use crate::domain::f_beta::is_proposed;
use crate::imaging::{Decoding, decode, reduced};
use crate::model::{Columns, Precision, Tagger};

/// Labels of pictures that are compared: enough to tell 99.5 % from 99 %.
const LABELS: usize = 4_000;
/// Pictures that they come from, at least and at most.
const PICTURES: (usize, usize) = (64, 512);
/// Pictures that are looked at in turn, so that what else the machine does slows both.
const TURN: usize = 8;

/// Of two taggers with one head, over a sample of pictures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Agreement {
    pub precision: Precision,
    pub n_pictures: usize,
    /// Labels of all pictures, proposed or not.
    pub n_labels: usize,
    /// Of them, those that are proposed by both or by neither.
    pub n_same: usize,
    /// Labels that at least one of the two proposes.
    pub n_proposed: usize,
    /// Of them, those that both propose.
    pub n_both: usize,
    /// Time of the networks in f32 divided by the other's.
    pub speedup: f64,
}

impl Agreement {
    /// Of labels that have to be the same.
    pub const ENOUGH: f64 = 0.995;

    /// Share of labels that are proposed by both or by neither, 0..=1.
    pub fn share(&self) -> f64 {
        self.n_same as f64 / self.n_labels.max(1) as f64
    }

    /// Whether proposals in this precision may stand for those in f32. Not without any picture.
    pub fn is_enough(&self) -> bool {
        0 < self.n_labels && Self::ENOUGH <= self.share()
    }
}

impl fmt::Display for Agreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { precision, n_pictures, n_proposed, n_both, speedup, .. } = *self;
        write!(
            f,
            "{} on {n_pictures} pictures: {:.2} % of labels as in f32, {n_both} of {n_proposed} proposals the same, \
             {speedup:.1} times as fast",
            precision.name(),
            100.0 * self.share(),
        )
    }
}

/// Looks at 64 to 512 pictures, the more the fewer labels there are, spread over `images`, with both taggers, with the second one at pictures decoded as it will
/// get them; pictures that cannot be used are left out.
///
/// Errors: a tagger cannot compute.
pub fn measure(
    whole: &Tagger,
    (half, decoding): (&Tagger, Decoding),
    (columns, thresholds): (&Columns, &Thresholds),
    collection: &Collection,
    images: &[&ImageFile],
) -> Result<Agreement, TrainError> {
    let fit = fit_of(whole.config());
    let wanted = (LABELS / columns.len().max(1)).clamp(PICTURES.0, PICTURES.1);
    let step = images.len().div_ceil(wanted).max(1);
    let sample: Vec<&ImageFile> = images.iter().copied().step_by(step).collect();
    let fitted = |file: &&ImageFile| {
        let path = collection.path_of(file);
        let bytes = decode::read(&path).ok()?;
        let fitted = |decoding| Some(reduced::fitted_with_fingerprint(&bytes, &fit, decoding, &path).ok()?.0);
        Some([fitted(Decoding::Full)?, fitted(decoding)?])
    };
    let pictures: Vec<[Vec<u8>; 2]> = sample.par_iter().filter_map(fitted).collect();
    let mut agreement = Agreement {
        precision: half.precision(),
        n_pictures: pictures.len(),
        n_labels: 0,
        n_same: 0,
        n_proposed: 0,
        n_both: 0,
        speedup: 1.0,
    };
    let mut spent = [Duration::ZERO; 2];
    if let Some([first, _]) = pictures.first() {
        for tagger in [whole, half] {
            probabilities(tagger, first)?; // Weights are brought in order at the first picture.
        }
    }
    for turn in pictures.chunks(TURN) {
        let mut of = |which: usize, tagger: &Tagger| {
            let pixels: Vec<u8> = turn.iter().flat_map(|ways| ways[which].iter().copied()).collect();
            let started = Instant::now();
            let found = probabilities(tagger, &pixels);
            spent[which] += started.elapsed();
            found
        };
        let (exact, other) = (of(0, whole)?, of(1, half)?);
        agreement.count((&exact, &other), whole.num_labels(), (columns, thresholds));
    }
    if !spent[1].is_zero() {
        agreement.speedup = spent[0].as_secs_f64() / spent[1].as_secs_f64();
    }
    Ok(agreement)
}

fn probabilities(tagger: &Tagger, pixels: &[u8]) -> Result<Vec<f32>, TrainError> {
    let found = tagger.embed(pixels).and_then(|rows| tagger.probabilities_of(&rows));
    found.map_err(|error| TrainError::Pixels { message: error.to_string() })
}

impl Agreement {
    fn count(
        &mut self,
        (exact, other): (&[f32], &[f32]),
        n_labels: usize,
        (columns, thresholds): (&Columns, &Thresholds),
    ) {
        for (exact, other) in exact.chunks_exact(n_labels).zip(other.chunks_exact(n_labels)) {
            for &column in &columns.of_head {
                let [a, b] = [exact, other].map(|row| is_proposed(row[column], thresholds.of(column)));
                self.n_labels += 1;
                self.n_same += usize::from(a == b);
                self.n_proposed += usize::from(a || b);
                self.n_both += usize::from(a && b);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(exact: &[f32], other: &[f32]) -> Agreement {
        let mut agreement = Agreement {
            precision: Precision::Bf16,
            n_pictures: 2,
            n_labels: 0,
            n_same: 0,
            n_proposed: 0,
            n_both: 0,
            speedup: 2.04,
        };
        let columns: Columns =
            [(0, 7), (2, 9)].map(|(column, id)| (column, crate::domain::AttributeId(id))).into_iter().collect();
        let thresholds = Thresholds::new(0.5, vec![None, None, Some(0.2)]);
        agreement.count((exact, other), 3, (&columns, &thresholds));
        agreement
    }

    #[test]
    fn labels_of_the_collection_are_counted_at_their_own_thresholds() {
        // Two pictures, three columns; the middle one is no label of this collection.
        let found = counted(&[0.6, 0.9, 0.1, 0.4, 0.0, 0.3], &[0.51, 0.0, 0.25, 0.49, 1.0, 0.21]);
        assert_eq!((found.n_labels, found.n_same, found.n_proposed, found.n_both), (4, 3, 3, 2));
        assert!(!found.is_enough());
        let expected = "bf16 on 2 pictures: 75.00 % of labels as in f32, 2 of 3 proposals the same, 2.0 times as fast";
        assert_eq!(found.to_string(), expected);
    }

    #[test]
    fn nothing_is_offered_without_a_picture_to_measure_it_on() {
        assert!(!counted(&[], &[]).is_enough());
        assert!(counted(&[0.6, 0.9, 0.1], &[0.7, 0.9, 0.1]).is_enough());
    }
}
