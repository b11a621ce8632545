//! The learner: what one model and the curator's decisions so far say together, ready after every decision.
//!
//! Brings scaling, instant head, neighbours and progressive validation together; the window's predictor and
//! `docent simulate` both drive it. Embeddings come in, probabilities and a threshold go out. Not a fine-tune: nothing
//! is written, and another model starts it anew. Floor 4: no threads, no files, no clock.
//!
//! Columns are those of the model that the collection has labels for, then the collection's other labels in the order of
//! the vocabulary; a label created later goes to the end, so a row of probabilities only ever grows longer.

use std::collections::HashMap;

use candle_core::{Device, Tensor};

use super::error::TrainError;
use super::instant::Instant;
use super::loss::sigmoid;
use super::moments::Moments;
use super::neighbours::{Nearest, Neighbours};
use super::progressive::Progressive;
use super::standardise::{LinearHead, Scaling};
use crate::domain::f_beta::Truth;
use crate::domain::{Annotation, AttributeId, ImageId, Vocabulary};
use crate::model::{Columns, Tagger};

#[cfg(test)]
mod tests;

/// Examples that a label needs before a head speaks for it.
const HAND_OVER: usize = 5;
/// Of the described images, those that vote besides the ones that have a label with few examples.
const VOTING: usize = 1000;
/// Half judged images that are remembered until they are reviewed: memory.
const HALF_JUDGED: usize = 300;
/// Where a model has no threshold of its own. For probabilities that are right on average F2 is best at F2 / 5 (Lipton
/// et al. 2014, arXiv 1402.1892), so below 0.2; from 5 to 100 images this costs 0.01 to 0.03 of it, and the curator meets
/// half as many wrong proposals.
const THRESHOLD: f32 = 0.25;

#[derive(Debug)]
pub struct Learner {
    attribute_ids: Vec<AttributeId>,
    /// Columns of labels that are not offered any more: said to be at 0, and learned as if no image had them.
    withheld: Vec<bool>,
    n_features: usize,
    /// Of the model, over plain features, for the first columns: `[K, F]`, and `[K]`.
    base_weight: Option<Tensor>,
    base_bias: Vec<f32>,
    default_threshold: f32,
    moments: Moments,
    scaling: Option<Scaling>,
    head: Instant,
    row_of: HashMap<ImageId, usize>,
    images: Vec<ImageId>,
    /// Length of each standardised row before it was made 1.
    lengths: Vec<f32>,
    n_images: usize,
    progressive: Progressive,
    /// What was said of images that are half judged, before anything was learned from them.
    said_first: HashMap<ImageId, Vec<f32>>,
}

impl Learner {
    /// Over a model, of whose labels the collection has `columns`.
    pub fn over(tagger: &Tagger, columns: &Columns, vocabulary: &Vocabulary) -> Result<Self, TrainError> {
        let (n_features, (weight, bias)) = (tagger.num_features(), tagger.head());
        let mut base = LinearHead { n_features, weight: Vec::new(), bias: Vec::new() };
        for &column in &columns.of_head {
            base.weight.extend_from_slice(&weight[column * n_features..(column + 1) * n_features]);
            base.bias.push(bias[column]);
        }
        let own = tagger.config().docent.as_ref().and_then(|docent| docent.thresholds.global);
        Self::new(base, &columns.attribute_ids, vocabulary, own.map(|own| own as f32))
    }

    /// `base`: a head over plain features whose rows mean `known`. `threshold`: the model's own.
    pub fn new(
        base: LinearHead,
        known: &[AttributeId],
        vocabulary: &Vocabulary,
        threshold: Option<f32>,
    ) -> Result<Self, TrainError> {
        let mut attribute_ids = known.to_vec();
        attribute_ids.extend(vocabulary.labels().iter().map(|label| label.id).filter(|id| !known.contains(id)));
        let knows = (0..attribute_ids.len()).map(|column| column < known.len()).collect();
        let LinearHead { n_features, weight, bias } = base;
        let base_weight = match bias.len() {
            0 => None,
            n_known => Some(Tensor::from_vec(weight, (n_known, n_features), &Device::Cpu)?),
        };
        Ok(Self {
            head: Instant::new(knows, n_features)?,
            moments: Moments::new(n_features),
            withheld: attribute_ids.iter().map(|&id| vocabulary.is_withheld(id)).collect(),
            default_threshold: threshold.filter(|_| !known.is_empty()).unwrap_or(THRESHOLD),
            attribute_ids,
            n_features,
            base_weight,
            base_bias: bias,
            scaling: None,
            row_of: HashMap::new(),
            images: Vec::new(),
            lengths: Vec::new(),
            n_images: 0,
            progressive: Progressive::default(),
            said_first: HashMap::new(),
        })
    }

    /// What each column of the probabilities means.
    pub fn attribute_ids(&self) -> &[AttributeId] {
        &self.attribute_ids
    }

    /// Images it learns from.
    pub fn n_images(&self) -> usize {
        self.n_images
    }

    /// Memory taken for the images that it learns from.
    pub fn n_bytes(&self) -> usize {
        self.head.n_bytes()
    }

    /// Images that were predicted before they were learned from, the last few hundred.
    pub fn n_validated(&self) -> usize {
        self.progressive.n_images()
    }

    /// Best for F2 over the images that were predicted before they were learned from.
    pub fn threshold(&self) -> f32 {
        self.progressive.threshold(self.default_threshold)
    }

    /// Whether the model itself knows any label of the collection.
    pub fn has_base(&self) -> bool {
        self.base_weight.is_some()
    }

    /// The vocabulary has one label more.
    pub fn create(&mut self, attribute: AttributeId) -> Result<(), TrainError> {
        if !self.attribute_ids.contains(&attribute) {
            self.attribute_ids.push(attribute);
            self.withheld.push(false);
            self.head.grow()?;
        }
        Ok(())
    }

    /// The vocabulary was edited: what it withholds is not proposed from now on. See [`Self::judge_again`].
    pub fn offer(&mut self, vocabulary: &Vocabulary) {
        self.withheld = self.attribute_ids.iter().map(|&id| vocabulary.is_withheld(id)).collect();
    }

    /// What an annotation says of each column.
    fn truth(&self, annotation: &Annotation) -> Vec<Truth> {
        let target = |(&id, &withheld): (&AttributeId, &bool)| {
            let target = annotation.state(id).target();
            Truth::from(if withheld { target.map(|_| false) } else { target })
        };
        self.attribute_ids.iter().zip(&self.withheld).map(target).collect()
    }

    /// An image it learns from is judged anew, such as after another label is offered; any other image is passed over.
    pub fn judge_again(&mut self, image: &ImageId, annotation: &Annotation) -> Result<(), TrainError> {
        match self.row_of.contains_key(image) {
            true => self.put(image, &[], annotation, false),
            false => Ok(()),
        }
    }

    /// Takes note of how the collection's pictures look, described or not: each once. `all`: this was the last one.
    pub fn see(&mut self, embedding: &[f32], all: bool) -> Result<(), TrainError> {
        self.moments.see(embedding);
        let Some(scaling) = self.moments.rescaled(all) else {
            return Ok(());
        };
        let (mut units, mut lengths) = (Vec::new(), Vec::new());
        for (row, length) in self.lengths.iter().enumerate() {
            let scaled: Vec<f32> = self.head.unit(row).iter().map(|value| value * length).collect();
            let plain: Vec<f32> = self.scaling.as_ref().map_or(scaled.clone(), |old| old.undo(&scaled).collect());
            lengths.push(append_unit(&scaling, &plain, &mut units));
        }
        self.lengths = lengths;
        self.scaling = Some(scaling);
        self.head.rescale(units)
    }

    /// What holds for an image now; what held before is unlearned. An image that nobody has said anything about is
    /// withdrawn. `unheard`: neither this learner nor its model has learned from the image, so it is a validation.
    pub fn put(
        &mut self,
        image: &ImageId,
        embedding: &[f32],
        annotation: &Annotation,
        unheard: bool,
    ) -> Result<(), TrainError> {
        let truth = self.truth(annotation);
        let judged = |truth: &[Truth]| truth.iter().any(|&known| known != Truth::Unjudged);
        if let Some(&row) = self.row_of.get(image) {
            let before = self.head.truth(row);
            if before != truth {
                self.n_images = self.n_images + usize::from(judged(&truth)) - usize::from(judged(before));
                self.head.replace(row, &truth)?;
            }
            if !truth.contains(&Truth::Unjudged)
                && let Some(said) = self.said_first.remove(image)
            {
                self.progressive.push(said, truth);
            }
            return Ok(());
        }
        if !judged(&truth) {
            return Ok(());
        }
        if unheard {
            let said = self.probabilities(embedding)?;
            if !truth.contains(&Truth::Unjudged) {
                self.progressive.push(said, truth.clone());
            } else if self.said_first.len() < HALF_JUDGED {
                self.said_first.insert(image.clone(), said);
            }
        }
        let mut unit = Vec::with_capacity(embedding.len());
        let length = append_unit(self.scaling(), embedding, &mut unit);
        let base = self.base_logits(embedding)?;
        let row = self.head.put(&unit, &base, &truth)?;
        self.row_of.insert(image.clone(), row);
        self.images.push(image.clone());
        self.lengths.push(length);
        self.n_images += 1;
        Ok(())
    }

    /// Before the first picture was seen, features are taken as they are.
    fn scaling(&mut self) -> &Scaling {
        let n_features = self.n_features;
        self.scaling.get_or_insert_with(|| Scaling::of(&vec![0.0; n_features], &vec![1.0; n_features]))
    }

    /// Images that have come, changed or gone since the last update.
    pub fn n_news(&self) -> usize {
        self.head.n_fresh()
    }

    /// Begins an update.
    pub fn begin(&mut self) {
        self.head.begin();
    }

    /// One slice of the update, some hundredths of a second. Whether there is more to do.
    pub fn step(&mut self) -> Result<bool, TrainError> {
        self.head.step()
    }

    /// A whole update at once.
    pub fn update(&mut self) -> Result<(), TrainError> {
        self.begin();
        while self.step()? {}
        Ok(())
    }

    /// Probabilities of pictures, `[n, columns]` row by row. `embeddings`: `[n, F]`. A label that neither the model nor
    /// any example knows is at 0, as is one that the vocabulary withholds.
    pub fn probabilities(&self, embeddings: &[f32]) -> Result<Vec<f32>, TrainError> {
        let mut probabilities = self.all_probabilities(embeddings)?;
        for row in probabilities.chunks_exact_mut(self.withheld.len().max(1)) {
            row.iter_mut().zip(&self.withheld).filter(|(_, withheld)| **withheld).for_each(|(p, _)| *p = 0.0);
        }
        Ok(probabilities)
    }

    fn all_probabilities(&self, embeddings: &[f32]) -> Result<Vec<f32>, TrainError> {
        let n_labels = self.attribute_ids.len();
        let base = self.base_logits(embeddings)?;
        let n_known = self.base_bias.len();
        let (Some(scaling), true) = (&self.scaling, self.n_images > 0) else {
            let unlearned = |(cell, &logit): (usize, &f32)| {
                if cell % n_labels < n_known { sigmoid(logit) } else { 0.0 }
            };
            return Ok(base.iter().enumerate().map(unlearned).collect());
        };
        let mut units = Vec::with_capacity(embeddings.len());
        for embedding in embeddings.chunks_exact(self.n_features) {
            append_unit(scaling, embedding, &mut units);
        }
        let logits = self.head.logits(&units, &base)?;
        let mut probabilities: Vec<f32> = logits.into_iter().map(sigmoid).collect();
        let mut few = Vec::new();
        for label in n_known..n_labels {
            let tally = self.head.tally(label);
            match tally.n_present {
                0 => probabilities[label..].iter_mut().step_by(n_labels).for_each(|p| *p = 0.0),
                1..HAND_OVER => {
                    let n_judged = (tally.n_present + tally.n_absent) as f32;
                    few.push((label, (tally.n_present as f32 + 0.5) / (n_judged + 1.5)));
                }
                _ => {}
            }
        }
        if !few.is_empty() {
            let votes = self.voters(&few).votes(&units, &few)?;
            for (row, votes) in probabilities.chunks_exact_mut(n_labels).zip(votes.chunks_exact(few.len())) {
                few.iter().zip(votes).for_each(|(&(label, _), &vote)| row[label] = vote);
            }
        }
        Ok(probabilities)
    }

    /// The newest images, and every older one that has one of these labels.
    fn voters(&self, few: &[(usize, f32)]) -> Neighbours<'_> {
        let n_rows = self.head.n_rows();
        let has = |row: usize| few.iter().any(|&(label, _)| self.head.truth(row)[label] == Truth::Present);
        let voting = (0..n_rows).filter(|&row| n_rows - VOTING.min(n_rows) <= row || has(row));
        Neighbours::new(voting.map(|row| (self.head.unit(row), self.head.truth(row))))
    }

    /// The images most like a picture that have a label and that have not, with their likeness, -1 to 1. `but`: the picture
    /// itself is not like itself.
    pub fn nearest(
        &self,
        embedding: &[f32],
        attribute: AttributeId,
        but: &ImageId,
    ) -> Result<[Option<(&ImageId, f32)>; 2], TrainError> {
        let column = self.attribute_ids.iter().position(|&id| id == attribute);
        let (Some(column), Some(scaling)) = (column, &self.scaling) else {
            return Ok([None; 2]);
        };
        let mut unit = Vec::with_capacity(embedding.len());
        append_unit(scaling, embedding, &mut unit);
        let others: Vec<usize> = (0..self.head.n_rows()).filter(|&row| self.images[row] != *but).collect();
        let rows = others.iter().map(|&row| (self.head.unit(row), self.head.truth(row)));
        let Nearest { accepted, rejected } = Neighbours::new(rows).nearest(&unit, column)?;
        Ok([accepted, rejected].map(|found| found.map(|(at, likeness)| (&self.images[others[at]], likeness))))
    }

    /// `[n, columns]`; 0 where the model does not know the label.
    fn base_logits(&self, embeddings: &[f32]) -> Result<Vec<f32>, TrainError> {
        let n = embeddings.len() / self.n_features.max(1);
        let n_labels = self.attribute_ids.len();
        let mut all = vec![0.0; n * n_labels];
        if let Some(weight) = self.base_weight.as_ref().filter(|_| n > 0) {
            let rows = Tensor::from_slice(embeddings, (n, self.n_features), &Device::Cpu)?; // [n, F]
            let logits = rows.matmul(&weight.t()?)?.flatten_all()?.to_vec1::<f32>()?; // [n, K]
            for (all, logits) in all.chunks_exact_mut(n_labels).zip(logits.chunks_exact(self.base_bias.len())) {
                let logits = logits.iter().zip(&self.base_bias);
                all.iter_mut().zip(logits).for_each(|(all, (logit, bias))| *all = logit + bias);
            }
        }
        Ok(all)
    }
}

/// Appends a plain row, standardised and made of length 1; answers the length it had.
fn append_unit(scaling: &Scaling, plain: &[f32], units: &mut Vec<f32>) -> f32 {
    let start = units.len();
    units.extend(scaling.apply(plain));
    let length = units[start..].iter().map(|value| value * value).sum::<f32>().sqrt();
    units[start..].iter_mut().for_each(|value| *value /= length.max(1e-6));
    length
}
