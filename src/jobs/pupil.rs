//! The pupil: learning from every decision, inside the predictor's thread and in slices between its orders.
//!
//! Keeps what holds for each image, waits for a pause in the decisions, and hands its learner what changed. Not the
//! learner (`training::learner`) and not the fine-tune (`trainer`). Floor 5; starts no thread, sends no event.

use std::collections::{BTreeSet, HashMap};
use std::time::{Duration, Instant};

use super::ModelName;
use crate::collection::ImageFile;
use crate::domain::{Annotation, AttributeId, ImageId, Vocabulary};
use crate::model::{Columns, Tagger};
use crate::training::embed::Embedder;
use crate::training::{Learner, TrainError};

/// Decisions closer together than this are learned from together.
const DEBOUNCE: Duration = Duration::from_millis(300);
/// Images taken in at once.
const AT_ONCE: usize = 64;
/// A long update is told of on its way, once in about a second.
const SLICES_UNTOLD: usize = 40;
/// When so much memory is taken, images that nobody has decided about here are left to the model, which has seen many like
/// them. With 1,103 labels and 1,280 features it holds 8,900 images.
const MAX_BYTES: usize = 128 << 20;

/// What an update led to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Learned {
    pub(super) n_images: usize,
    pub(super) threshold: f32,
}

#[derive(Default)]
pub(super) struct Pupil {
    /// `None` without a model, or where computing failed.
    learner: Option<Learner>,
    annotations: HashMap<ImageId, Annotation>,
    /// Counts what was heard; when each image was last spoken of.
    heard: u64,
    heard_at: HashMap<ImageId, u64>,
    /// How much was heard when the last fine-tune began, and when those began that made a model.
    fine_tune_at: u64,
    taught_at: HashMap<ModelName, u64>,
    /// The model at hand was made from everything heard up to here: `None`, where it was not made of this collection.
    known_up_to: Option<u64>,
    /// To be taken in.
    waiting: BTreeSet<ImageId>,
    last_heard: Option<Instant>,
    paused: bool,
    /// In the middle of an update, so many slices from its beginning.
    busy: bool,
    n_slices: usize,
}

impl Pupil {
    /// Another collection, with all that is said about it.
    pub(super) fn open(&mut self, annotations: HashMap<ImageId, Annotation>) {
        *self = Self { annotations, paused: self.paused, ..Self::default() };
    }

    /// Starts anew over this model.
    pub(super) fn seat(&mut self, name: &ModelName, tagger: &Tagger, columns: &Columns, vocabulary: &Vocabulary) {
        self.known_up_to = self.taught_at.get(name).copied();
        self.waiting.clear();
        self.busy = false;
        self.learner = None;
        let learner = Learner::over(tagger, columns, vocabulary);
        self.learner = self.or_give_up(learner);
    }

    pub(super) fn leave_seat(&mut self) {
        (self.learner, self.busy) = (None, false);
    }

    pub(super) fn learner(&self) -> Option<&Learner> {
        self.learner.as_ref()
    }

    /// Computing that fails is no reason to propose nothing: the model goes on alone.
    fn or_give_up<T>(&mut self, result: Result<T, TrainError>) -> Option<T> {
        result
            .inspect_err(|error| {
                tracing::error!("instant learning has stopped: {error}");
                (self.learner, self.busy) = (None, false);
            })
            .ok()
    }

    pub(super) fn fine_tune_begins(&mut self) {
        self.fine_tune_at = self.heard;
    }

    /// The fine-tune that began last has made this model.
    pub(super) fn taught(&mut self, model: ModelName) {
        self.taught_at.insert(model, self.fine_tune_at);
    }

    pub(super) fn created(&mut self, attribute: AttributeId) {
        if let Some(learner) = &mut self.learner {
            let created = learner.create(attribute);
            let _ = self.or_give_up(created);
        }
    }

    /// Labels of the vocabulary that are not offered are neither proposed nor learned from now on.
    pub(super) fn offer(&mut self, vocabulary: &Vocabulary) {
        if let Some(learner) = &mut self.learner {
            learner.offer(vocabulary);
            let again =
                self.annotations.iter().try_for_each(|(image, annotation)| learner.judge_again(image, annotation));
            let _ = self.or_give_up(again);
        }
    }

    /// What holds for some images now.
    pub(super) fn hear(&mut self, changed: Vec<(ImageId, Annotation)>) {
        self.heard += 1;
        for (image, annotation) in changed {
            self.heard_at.insert(image.clone(), self.heard);
            self.annotations.insert(image.clone(), annotation);
            self.waiting.insert(image);
        }
        self.last_heard = Some(Instant::now());
    }

    /// What was heard meanwhile is learned when it goes on.
    pub(super) fn pause(&mut self, paused: bool) {
        self.paused = paused;
        self.last_heard = None;
    }

    /// A picture was looked at, for the first time with this model. `all`: it was the last one.
    pub(super) fn see(&mut self, image: &ImageId, embedding: &[f32], all: bool) {
        let Some(learner) = &mut self.learner else {
            return;
        };
        let seen = learner.see(embedding, all);
        if self.or_give_up(seen).is_none() {
            return;
        }
        let Some(annotation) = self.annotations.get(image).filter(|_| self.is_news(image)) else {
            return;
        };
        if self.paused {
            self.waiting.insert(image.clone());
        } else if let Some(learner) = &mut self.learner
            && (learner.n_bytes() < MAX_BYTES || annotation.has_changes())
        {
            let unheard = !learner.has_base();
            let put = learner.put(image, embedding, annotation, unheard);
            let _ = self.or_give_up(put);
        }
    }

    /// Whether the model at hand was not made from what holds for the image.
    fn is_news(&self, image: &ImageId) -> bool {
        self.known_up_to.is_none_or(|known| self.heard_at.get(image).is_some_and(|&at| at > known))
    }

    /// How long to wait for more decisions before learning; `None`: there is nothing to wait for.
    pub(super) fn patience(&self) -> Option<Duration> {
        let waits = !self.paused && self.learner.is_some() && !self.waiting.is_empty();
        let since = self.last_heard.map_or(DEBOUNCE, |at| at.elapsed());
        waits.then(|| DEBOUNCE.saturating_sub(since))
    }

    /// Whether there is something to do now. `all_seen`: no picture is left to be looked at.
    pub(super) fn is_due(&self, all_seen: bool) -> bool {
        self.busy || self.patience() == Some(Duration::ZERO) || self.has_enough(all_seen)
    }

    /// Images came in with the pictures: learn when they are a fair part of all.
    fn has_enough(&self, all_seen: bool) -> bool {
        let Some(learner) = self.learner.as_ref().filter(|_| !self.paused) else {
            return false;
        };
        let n_news = learner.n_news();
        n_news > 0 && (all_seen || n_news > learner.n_images() / 4)
    }

    /// One slice of what is due. Says what came of it at the end of an update, and on the way of a long one.
    pub(super) fn work(&mut self, embedder: &Embedder<'_>) -> Option<Learned> {
        // First, so that a long update at the opening of a large collection does not hold up what is decided meanwhile.
        if self.patience() == Some(Duration::ZERO) {
            self.take_in(embedder);
        } else if self.busy {
            let more = self.learner.as_mut().map(Learner::step)?;
            self.busy = self.or_give_up(more)?;
            self.n_slices += 1;
            let tell = !self.busy || self.n_slices.is_multiple_of(SLICES_UNTOLD);
            return tell.then(|| self.learned()).flatten();
        }
        if let Some(learner) = &mut self.learner
            && self.waiting.is_empty()
            && learner.n_news() > 0
        {
            learner.begin();
            (self.busy, self.n_slices) = (true, 0);
        }
        None
    }

    fn learned(&self) -> Option<Learned> {
        let learner = self.learner.as_ref()?;
        Some(Learned { n_images: learner.n_images(), threshold: learner.threshold() })
    }

    /// Hands the learner some of the images that wait. One without an embedding comes when it is looked at.
    fn take_in(&mut self, embedder: &Embedder<'_>) {
        let images: Vec<ImageId> = (0..AT_ONCE).map_while(|_| self.waiting.pop_first()).collect();
        let known: Vec<&ImageFile> = images.iter().filter_map(|image| embedder.collection.image(image)).collect();
        let rows = embedder.cached(&known);
        for (file, row) in known.iter().zip(rows) {
            if let (Some(learner), Some(row), Some(annotation)) =
                (&mut self.learner, row, self.annotations.get(&file.id))
            {
                let unheard = self.heard_at.contains_key(&file.id) || !learner.has_base();
                let put = learner.put(&file.id, &row, annotation, unheard);
                let _ = self.or_give_up(put);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::device::Device;
    use crate::model::starter;

    #[test]
    fn over_a_new_checkpoint_only_what_it_has_not_seen_is_news() {
        let tagger = Tagger::new(starter::load(None, &Device::Cpu).unwrap()).unwrap();
        let vocabulary = Vocabulary::default();
        let columns = Columns::of(tagger.config(), &vocabulary);
        let [seen, later] = ["seen", "later"].map(ImageId::from);
        let mut pupil = Pupil::default();
        pupil.hear(vec![(seen.clone(), Annotation::default())]);
        pupil.fine_tune_begins();
        pupil.hear(vec![(later.clone(), Annotation::default())]);
        pupil.taught(ModelName("head-1".to_owned()));
        for (model, expected) in [("head-1", [false, true]), ("starter", [true, true])] {
            pupil.seat(&ModelName(model.to_owned()), &tagger, &columns, &vocabulary);
            assert_eq!([pupil.is_news(&seen), pupil.is_news(&later)], expected, "{model}");
        }
    }

    #[test]
    fn nothing_is_due_while_it_is_paused() {
        let tagger = Tagger::new(starter::load(None, &Device::Cpu).unwrap()).unwrap();
        let mut pupil = Pupil::default();
        pupil.seat(&ModelName("starter".to_owned()), &tagger, &Columns::default(), &Vocabulary::default());
        pupil.hear(vec![(ImageId::from("a"), Annotation::default())]);
        assert!(pupil.patience().is_some_and(|patience| patience <= DEBOUNCE));
        pupil.pause(true);
        assert!(pupil.patience().is_none() && !pupil.is_due(true));
        pupil.pause(false);
        assert_eq!(pupil.patience(), Some(Duration::ZERO), "it goes on at once");
    }
}
