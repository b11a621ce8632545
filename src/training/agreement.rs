//! Agreement: how far proposals in another precision are those in f32 of pictures decoded in full, measured on pictures of
//! the collection at hand.
//!
//! Only what agrees is offered: see [`Agreement::is_enough`]. Floor 4.

use std::fmt::{self, Write as _};
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::time::Instant;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::TrainError;
use super::embed::fit_of;
use crate::base::hash;
use crate::collection::Collection;
use crate::domain::Thresholds;
use crate::domain::f_beta::is_proposed;
use crate::imaging::{Decoding, decode, reduced};
use crate::model::{Columns, Precision, Tagger};
use crate::store::Cache;

/// Labels of pictures that are compared: enough to tell 99.5 % from 99 %.
const LABELS: usize = 4_000;
/// Pictures that they come from, at least and at most.
const PICTURES: (usize, usize) = (64, 512);
/// Bytes that pictures may need when they are decoded beside others.
const SMALL: u64 = 40 << 20;
/// Pictures that are looked at in turn, so that what else the machine does slows both.
const TURN: usize = 8;

/// Of two taggers with one head, over a sample of pictures.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
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
    /// Times as fast as in f32, at least: what can be felt.
    pub const FASTER: f64 = 1.05;

    /// Share of labels that are proposed by both or by neither, 0..=1.
    pub fn share(&self) -> f64 {
        self.n_same as f64 / self.n_labels.max(1) as f64
    }

    /// The same in percent, with two digits and never more than it is: 99.499 % is not 99.50 %.
    pub fn percent(&self) -> f64 {
        (10_000 * self.n_same / self.n_labels.max(1)) as f64 / 100.0
    }

    /// Whether it is worth to look in this precision: proposals agree, and it saves time.
    pub fn is_worth_it(&self) -> bool {
        self.is_enough() && Self::FASTER <= self.speedup
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
            self.percent(),
        )
    }
}

/// A measurement under way, in pieces of a moment each, so that whoever measures can turn to something else between them.
pub struct Trial {
    half: Tagger,
    /// How the pictures are decoded that it will get.
    decoding: Decoding,
    columns: Columns,
    thresholds: Thresholds,
    /// Positions in the collection, and how many of them were begun with.
    sample: Vec<usize>,
    begun: usize,
    turn: Option<Turn>,
    agreement: Agreement,
    /// Seconds that a picture took, in the fastest turn of each: what else the machine does slows the others.
    least: [f64; 2],
}

/// Pictures that both look at next.
struct Turn {
    /// Decoded in full, and as the second one will get them.
    pixels: [Vec<u8>; 2],
    /// What the first one said, once it has looked.
    exact: Option<Vec<f32>>,
}

impl Trial {
    /// Of a tagger in another precision: 64 to 512 pictures, the more the fewer labels there are, spread over the collection.
    /// None, where it knows no label of it.
    pub fn new(half: Tagger, decoding: Decoding, columns: &Columns, collection: &Collection) -> Self {
        let wanted = (LABELS / columns.len().max(1)).clamp(PICTURES.0, PICTURES.1);
        let n_images = if columns.is_empty() { 0 } else { collection.images.len() };
        let agreement = Agreement {
            precision: half.precision(),
            n_pictures: 0,
            n_labels: 0,
            n_same: 0,
            n_proposed: 0,
            n_both: 0,
            speedup: 1.0,
        };
        Self {
            thresholds: half.config().thresholds(),
            half,
            decoding,
            columns: columns.clone(),
            sample: (0..n_images).step_by(n_images.div_ceil(wanted).max(1)).collect(),
            begun: 0,
            turn: None,
            agreement,
            least: [f64::INFINITY; 2],
        }
    }

    /// Of proposals at these thresholds instead of the model's own.
    pub fn at(self, thresholds: Thresholds) -> Self {
        Self { thresholds, ..self }
    }

    /// The next piece, beside the same tagger in f32: a few pictures are decoded, or looked at by one of the two. Whether
    /// there is more to do. Pictures that cannot be used are left out.
    ///
    /// Errors: a tagger cannot compute.
    pub fn step(&mut self, whole: &Tagger, collection: &Collection) -> Result<bool, TrainError> {
        match self.turn.take() {
            None => self.turn = self.decode(whole, collection),
            Some(Turn { pixels, exact: None }) => {
                let exact = timed(whole, &pixels[0], &mut self.least[0])?;
                self.turn = Some(Turn { pixels, exact: Some(exact) });
            }
            Some(Turn { pixels, exact: Some(exact) }) => {
                let other = timed(&self.half, &pixels[1], &mut self.least[1])?;
                self.agreement.count((&exact, &other), whole.num_labels(), (&self.columns, &self.thresholds));
            }
        }
        Ok(self.turn.is_some() || self.begun < self.sample.len())
    }

    /// Pictures of the sample that are dealt with, and all of them.
    pub fn progress(&self) -> (usize, usize) {
        let done = if self.turn.is_some() { (self.begun - 1) / TURN * TURN } else { self.begun };
        (done, self.sample.len())
    }

    /// What was found so far.
    pub fn agreement(&self) -> Agreement {
        let [whole, half] = self.least;
        let speedup = if whole.is_finite() && half.is_finite() && half > 0.0 { whole / half } else { 1.0 };
        Agreement { speedup, ..self.agreement }
    }

    /// What was found when exactly this was measured before: this tagger, these labels and thresholds, these pictures.
    pub fn remembered(&self, collection: &Collection, cache: &Cache) -> Option<Agreement> {
        serde_json::from_str(&cache.agreement(&self.key(collection))?).ok()
    }

    /// So that it need not be measured again, unless more than a tenth of the pictures could not be compared: they may be
    /// another time.
    pub fn remember(&self, collection: &Collection, cache: &Cache) {
        if self.agreement.n_labels == 0 || 10 * self.agreement.n_pictures < 9 * self.sample.len() {
            return;
        }
        match serde_json::to_string(&self.agreement()) {
            Ok(json) => cache.put_agreement(&self.key(collection), &json),
            Err(error) => tracing::warn!("the agreement is not remembered: {error}"),
        }
    }

    fn key(&self, collection: &Collection) -> String {
        let (weights, biases) = self.half.head();
        let head: Vec<u8> = weights.iter().chain(biases).flat_map(|value| value.to_le_bytes()).collect();
        let mut about = format!("agreement 1\n{}\n{}\n", self.half.backbone_key(), hash::content(&head));
        let device = self.half.device().location();
        // Into a String: cannot fail.
        let _ = writeln!(about, "{device:?} {:?} {:?} {:?}", self.decoding, self.columns, self.thresholds);
        for file in self.sample.iter().map(|&position| &collection.images[position]) {
            let _ = writeln!(about, "{} {} {}", file.id, file.bytes, file.modified_millis);
        }
        hash::content(about.as_bytes())
    }

    /// The tagger that was measured.
    pub fn into_tagger(self) -> Tagger {
        self.half
    }

    fn decode(&mut self, whole: &Tagger, collection: &Collection) -> Option<Turn> {
        let fit = fit_of(whole.config());
        let end = (self.begun + TURN).min(self.sample.len());
        let turn = &self.sample[self.begun..end];
        self.begun = end;
        let fitted = |bytes: &[u8], path: &Path| {
            let fitted = |decoding| Some(reduced::fitted_with_fingerprint(bytes, &fit, decoding, path).ok()?.0);
            let both = || Some([fitted(Decoding::Full)?, fitted(self.decoding)?]);
            // A decoder that gives up is a picture that cannot be used.
            panic::catch_unwind(AssertUnwindSafe(both)).ok().flatten()
        };
        // Large pictures one after the other, or a few of them would fill the memory.
        let (mut pictures, mut small) = (Vec::new(), Vec::new());
        for &position in turn {
            let path = collection.path_of(&collection.images[position]);
            match decode::read(&path) {
                Ok(bytes) if reduced::n_bytes(&bytes, &fit, Decoding::Full) <= SMALL => small.push((bytes, path)),
                Ok(bytes) => pictures.extend(fitted(&bytes, &path)),
                Err(_) => {}
            }
        }
        let of_small: Vec<[Vec<u8>; 2]> = small.par_iter().filter_map(|(bytes, path)| fitted(bytes, path)).collect();
        pictures.extend(of_small);
        let pixels = |which: usize| pictures.iter().flat_map(|ways| ways[which].iter().copied()).collect();
        (!pictures.is_empty()).then(|| Turn { pixels: [pixels(0), pixels(1)], exact: None })
    }
}

/// What a tagger says of these pictures; `least`: seconds a picture, if it never took less.
fn timed(tagger: &Tagger, pixels: &[u8], least: &mut f64) -> Result<Vec<f32>, TrainError> {
    let (width, height) = tagger.input_size();
    let n_bytes = 3 * width * height;
    if least.is_infinite() {
        probabilities(tagger, &pixels[..n_bytes])?; // Weights are brought in order at the first picture.
    }
    let started = Instant::now();
    let found = probabilities(tagger, pixels);
    *least = least.min(started.elapsed().as_secs_f64() * n_bytes as f64 / pixels.len() as f64);
    found
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
            self.n_pictures += 1;
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
            n_pictures: 0,
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
    fn a_measurement_in_pieces_comes_to_all_pictures_and_is_remembered_for_just_these() {
        let folder = tempfile::tempdir().unwrap();
        let plan = crate::demo::Plan { images: 20, seed: 3, annotated: 0.0 };
        crate::demo::write(folder.path(), &plan, &|_, _| std::ops::ControlFlow::Continue(())).unwrap();
        let open = || Collection::open(folder.path(), folder.path()).unwrap();
        let (collection, cache) = (open(), Cache::in_memory());
        let tagger =
            Tagger::new(crate::model::starter::load(None, &crate::model::device::Device::Cpu).unwrap()).unwrap();
        let columns = Columns::of(tagger.config(), &collection.vocabulary);
        let trial = |columns: &Columns, collection: &Collection| {
            Trial::new(tagger.clone(), Decoding::Full, columns, collection)
        };
        let mut at_hand = trial(&columns, &collection);
        let mut seen = vec![at_hand.progress()];
        while at_hand.step(&tagger, &collection).unwrap() {
            seen.push(at_hand.progress());
        }
        // Three turns of decoding and two looks.
        let steps = [0, 0, 0, 8, 8, 8, 16, 16, 16].map(|done| (done, 20));
        assert_eq!(seen, steps);
        let found = at_hand.agreement();
        assert_eq!((found.n_pictures, found.n_labels, found.n_same), (20, 20 * columns.len(), 20 * columns.len()));
        assert!(0 < found.n_proposed && found.n_both == found.n_proposed && found.speedup > 0.0);

        at_hand.remember(&collection, &cache);
        assert_eq!(trial(&columns, &collection).remembered(&collection, &cache), Some(found));
        let fewer = Columns { of_head: vec![0], attribute_ids: vec![columns.attribute_ids[0]] };
        assert_eq!(trial(&fewer, &collection).remembered(&collection, &cache), None, "other labels");
        let lower = trial(&columns, &collection).at(Thresholds::one(0.01));
        assert_eq!(lower.remembered(&collection, &cache), None, "another threshold");
        std::fs::remove_file(collection.path_of(&collection.images[4])).unwrap();
        let other = open();
        assert_eq!(trial(&columns, &other).remembered(&other, &cache), None, "other pictures");

        let mut nothing = trial(&Columns::default(), &collection);
        assert!(!nothing.step(&tagger, &collection).unwrap());
        assert_eq!((nothing.agreement().n_labels, nothing.progress()), (0, (0, 0)));
    }

    #[test]
    fn what_is_less_than_enough_is_not_said_to_be_enough() {
        let found = Agreement { n_labels: 100_000, n_same: 99_499, ..counted(&[], &[]) };
        assert!(!found.is_enough() && found.to_string().contains("99.49 % of labels"), "{found}");
    }

    #[test]
    fn nothing_is_offered_without_a_picture_to_measure_it_on() {
        assert!(!counted(&[], &[]).is_enough());
        let same = counted(&[0.6, 0.9, 0.1], &[0.7, 0.9, 0.1]);
        assert!(same.is_enough() && same.is_worth_it());
        assert!(!Agreement { speedup: 1.0, ..same }.is_worth_it(), "nothing is gained by it");
    }
}
