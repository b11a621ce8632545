//! A curator who knows the truth, reviews image after image, and presses no key in vain.
//!
//! Every image is shown with what was learned up to the one before the last: while a picture is looked at its list is kept
//! still, and the decisions on the last one are still being learned. Keys are counted by `review::keys`.

use crate::domain::f_beta::{Cells, Counts, Truth, f2_micro, f2_per_image, is_proposed};
use crate::domain::proposal::kept;
use crate::domain::{
    Annotation, AttributeId, Change, Decision, ImageId, LabelSet, Mark, Verdict, Vocabulary, average_precision,
};
use crate::review::beside::beside;
use crate::review::keys::{self, Typing, remember};
use crate::review::listing::listed;
use crate::training::{Learner, TrainError};

/// An image as the simulation knows it.
pub(super) struct Subject {
    pub(super) image: ImageId,
    pub(super) embedding: Vec<f32>,
    pub(super) truth: LabelSet,
}

pub(super) struct Work<'a> {
    /// In the order of the review.
    pub(super) reviewed: &'a [Subject],
    pub(super) held_out: &'a [Subject],
    pub(super) vocabulary: &'a Vocabulary,
}

/// Where things stand after so many images. Figures of keys and of the next images are since the point before.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Point {
    pub(super) n_reviewed: usize,
    pub(super) n_since: usize,
    pub(super) keys_since: usize,
    pub(super) typing_since: usize,
    /// Micro, of the proposals as the curator met them.
    pub(super) f2_next: f64,
    pub(super) f2_held_out: f64,
    pub(super) f2_per_image_held_out: f64,
    pub(super) map_held_out: f64,
    pub(super) threshold: f32,
}

impl Point {
    pub(super) fn keys_per_image(&self) -> f64 {
        self.keys_since as f64 / self.n_since.max(1) as f64
    }

    pub(super) fn typing_keys_per_image(&self) -> f64 {
        self.typing_since as f64 / self.n_since.max(1) as f64
    }

    pub(super) fn saved(&self) -> f64 {
        1.0 - self.keys_since as f64 / self.typing_since.max(1) as f64
    }
}

#[derive(Debug, Clone, Default)]
pub(super) struct Outcome {
    pub(super) points: Vec<Point>,
    pub(super) keys: usize,
    /// Of the same work without proposals.
    pub(super) typing_keys: usize,
}

impl Outcome {
    pub(super) fn n_reviewed(&self) -> usize {
        self.points.last().map_or(0, |point| point.n_reviewed)
    }

    pub(super) fn saved(&self) -> f64 {
        1.0 - self.keys as f64 / self.typing_keys.max(1) as f64
    }
}

/// What was described before an image.
#[derive(Clone, Copy)]
struct Before<'a> {
    described: &'a [Subject],
    /// How many of them have each label, by position in the vocabulary.
    uses: &'a [usize],
}

/// What the type-ahead remembers of one way of working.
#[derive(Default)]
struct Habit {
    recent: Vec<AttributeId>,
}

impl Work<'_> {
    /// Reviews everything; `after_each` hears how many images are done.
    ///
    /// Errors: computing failed.
    pub(super) fn run(&self, learner: &mut Learner, mut after_each: impl FnMut(usize)) -> Result<Outcome, TrainError> {
        let mut outcome = Outcome::default();
        let (mut proposing, mut typing) = (Habit::default(), Habit::default());
        let mut uses = vec![0; self.vocabulary.len()];
        let mut since = Point::default();
        let mut met = Counts::default();
        let Some(first) = self.reviewed.first() else {
            return Ok(outcome);
        };
        let mut shown = (learner.probabilities(&first.embedding)?, learner.threshold());
        for (at, subject) in self.reviewed.iter().enumerate() {
            let (probabilities, threshold) = shown;
            shown = match self.reviewed.get(at + 1) {
                Some(next) => (learner.probabilities(&next.embedding)?, learner.threshold()),
                None => Default::default(),
            };
            let ids = learner.attribute_ids();
            for (&id, &probability) in ids.iter().zip(&probabilities) {
                let truth = Truth::from(Some(subject.truth.contains(id)));
                met.add(probability > 0.0 && is_proposed(probability, threshold), truth);
            }
            let before = Before { described: &self.reviewed[..at], uses: &uses };
            let by_proposals = self.press(&mut proposing, ids, &probabilities, threshold, subject, before);
            let by_typing = self.press(&mut typing, &[], &[], 1.0, subject, before);
            since.keys_since += by_proposals;
            since.typing_since += by_typing;
            since.n_since += 1;
            for position in subject.truth.iter().filter_map(|id| self.vocabulary.position(id)) {
                uses[position] += 1;
            }
            learner.put(&subject.image, &subject.embedding, &annotated(subject), true)?;
            learner.update()?;
            if is_point(at + 1) || at + 1 == self.reviewed.len() {
                outcome.keys += since.keys_since;
                outcome.typing_keys += since.typing_since;
                let point = Point { n_reviewed: at + 1, f2_next: met.f_beta(2.0), ..since };
                outcome.points.push(self.measured(learner, point)?);
                (since, met) = (Point::default(), Counts::default());
            }
            after_each(at + 1);
        }
        Ok(outcome)
    }

    /// How many keys an image takes.
    fn press(
        &self,
        habit: &mut Habit,
        ids: &[AttributeId],
        probabilities: &[f32],
        threshold: f32,
        subject: &Subject,
        before: Before<'_>,
    ) -> usize {
        let beside = |has: &LabelSet| {
            let described = before.described.iter().map(|subject| &subject.truth);
            beside(has, described.chain([has]), self.vocabulary)
        };
        let typing = Typing { vocabulary: self.vocabulary, recent: &habit.recent, uses: before.uses, beside: &beside };
        let proposals = kept(ids, probabilities);
        let (proposals, n_above) = listed(&proposals, threshold);
        let rows: Vec<AttributeId> = proposals.iter().map(|proposal| proposal.attribute).collect();
        let pressed = keys::review(&rows, n_above, &subject.truth, &typing);
        pressed.typed.iter().for_each(|&typed| remember(&mut habit.recent, typed));
        pressed.presses.len()
    }

    /// With the figures of the part that is never reviewed.
    fn measured(&self, learner: &Learner, point: Point) -> Result<Point, TrainError> {
        let (ids, threshold) = (learner.attribute_ids(), learner.threshold());
        let (mut probabilities, mut truth) = (Vec::new(), Vec::new());
        for subject in self.held_out {
            probabilities.extend(learner.probabilities(&subject.embedding)?);
            truth.extend(ids.iter().map(|&id| Truth::from(Some(subject.truth.contains(id)))));
        }
        let Some(cells) = Cells::new(ids.len(), &probabilities, &truth) else {
            return Err(TrainError::NoLabels);
        };
        Ok(Point {
            f2_held_out: f2_micro(&cells, threshold),
            f2_per_image_held_out: f2_per_image(&cells, threshold),
            map_held_out: average_precision::mean(&average_precision::per_label(&cells)).unwrap_or(0.0),
            threshold,
            ..point
        })
    }
}

/// What the window would hold after the review of an image.
fn annotated(subject: &Subject) -> Annotation {
    let mut annotation = Annotation::default();
    for attribute in subject.truth.iter() {
        let (image, verdict, before) = (subject.image.clone(), Verdict::Accept, Verdict::Clear);
        annotation.apply(&Change::Decide(Decision { image, attribute, verdict, before, proposed: None }));
    }
    annotation.apply(&Change::Mark(Mark { image: subject.image.clone(), reviewed: true, before: false }));
    annotation
}

/// 10, 20, 50, 100, 200, 500 …
fn is_point(n: usize) -> bool {
    let mut unit = 10;
    while unit <= n {
        if [unit, 2 * unit, 5 * unit].contains(&n) {
            return true;
        }
        unit *= 10;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Label;
    use crate::training::standardise::LinearHead;

    /// Pictures of four kinds that cannot be mixed up.
    fn subjects(range: std::ops::Range<u32>) -> Vec<Subject> {
        let subject = |number: u32| Subject {
            image: ImageId::from(format!("{number}")),
            embedding: (0..8)
                .map(|f| if f % 4 == number % 4 { 2.0 } else { 0.1 * ((number * f) % 7) as f32 })
                .collect(),
            truth: LabelSet::from([number % 4]),
        };
        range.map(subject).collect()
    }

    #[test]
    fn a_curator_presses_enter_alone_once_the_kinds_are_learned() {
        let names = ["tag::amphora", "tag::amulet", "tag::anchor", "tag::anvil"];
        let vocabulary = Vocabulary::new((0..).zip(names).map(|(id, name)| Label::new(id, name)));
        let nothing = LinearHead { n_features: 8, weight: Vec::new(), bias: Vec::new() };
        let mut learner = Learner::new(nothing, &[], &vocabulary, None).unwrap();
        let (reviewed, held_out) = (subjects(0..60), subjects(60..100));
        for (at, subject) in reviewed.iter().chain(&held_out).enumerate() {
            learner.see(&subject.embedding, at == 99).unwrap();
        }
        let work = Work { reviewed: &reviewed, held_out: &held_out, vocabulary: &vocabulary };
        let mut n_done = 0;
        let outcome = work.run(&mut learner, |n| n_done = n).unwrap();
        assert_eq!(n_done, 60);
        let at: Vec<usize> = outcome.points.iter().map(|point| point.n_reviewed).collect();
        assert_eq!(at, [10, 20, 50, 60]);
        let last = outcome.points.last().unwrap();
        assert!(last.keys_per_image() < 1.3 && last.f2_held_out > 0.95, "{last:?}");
        assert!(outcome.saved() > 0.4, "{outcome:?}");
    }

    #[test]
    fn points_are_at_round_numbers() {
        let found: Vec<usize> = (1..=1000).filter(|&n| is_point(n)).collect();
        assert_eq!(found, [10, 20, 50, 100, 200, 500, 1000]);
    }
}
