//! What the model in use has learned from the decisions so far, and how the image under review is spared its unrest.

use super::Desk;
use super::review;
use crate::domain::AttributeId;
use crate::jobs::ModelDetails;

/// What the last update led to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Learned {
    pub n_images: usize,
    pub threshold: f32,
}

/// The proposals of the image under review as they were listed when it came into view. While they are pinned only bars
/// and numbers move: `Enter` accepts what was seen, not what was learned a moment ago.
#[derive(Debug, Clone, PartialEq)]
pub struct Pin {
    pub image: u32,
    pub threshold: f32,
    /// In order, with whether each was above the threshold. One that joins goes to the end, and is not above it.
    pub rows: Vec<(AttributeId, bool)>,
}

/// Labels that may be proposed: the model's own, then the others in the order of the vocabulary, once they are learned.
pub fn proposable(model: &ModelDetails, vocabulary: &crate::domain::Vocabulary) -> Vec<AttributeId> {
    let own = &model.attribute_ids;
    let others = vocabulary.labels().iter().map(|label| label.id).filter(|id| !own.contains(id));
    own.iter().copied().chain(others).collect()
}

impl Desk {
    /// The threshold where the user has chosen none: what was learned, else the model's own.
    pub fn own_threshold(&self) -> Option<f32> {
        let model = self.model.as_ref()?;
        Some(self.learned.map_or(model.threshold, |learned| learned.threshold))
    }

    /// Keeps the list of an image as it is shown now. `None` pins nothing.
    pub fn pin(&mut self, image: Option<u32>) {
        let Some(image) = image.filter(|&image| self.item(image).proposals.is_some()) else {
            return;
        };
        if self.pin.as_ref().is_none_or(|pin| pin.image != image) {
            let rows = review::rows(self, image).iter().map(|row| (row.attribute, row.above)).collect();
            self.pin = Some(Pin { image, threshold: self.threshold, rows });
        }
    }

    /// Lets what has come above the threshold since join at the end of the pinned list.
    pub fn extend_pin(&mut self) {
        let Some(mut pin) = self.pin.take() else {
            return;
        };
        for row in review::rows(self, pin.image) {
            if row.above && !pin.rows.iter().any(|(known, _)| *known == row.attribute) {
                pin.rows.push((row.attribute, false));
            }
        }
        self.pin = Some(pin);
    }

    /// The threshold that divides the list of an image.
    pub fn threshold_of(&self, image: u32) -> f32 {
        self.pin.as_ref().filter(|pin| pin.image == image).map_or(self.threshold, |pin| pin.threshold)
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::inbox::receive;
    use super::super::super::testing::{desk, propose, sent, under_review};
    use super::super::super::{Action, Verb, actions::perform};
    use super::super::{State, review};
    use crate::domain::AttributeId;
    use crate::domain::proposal::kept;
    use crate::jobs::{Command, Event};

    fn listed(state: &State) -> Vec<(u32, bool)> {
        let desk = desk(state);
        review::rows(desk, desk.cursor.unwrap()).iter().map(|row| (row.attribute.0, row.above)).collect()
    }

    fn learned(state: &mut State, threshold: f32) {
        assert!(receive(state, Event::Learned { n_images: 3, threshold }).is_empty());
    }

    #[test]
    fn the_list_under_review_keeps_still_while_it_learns_and_the_next_is_fresh() {
        let mut state = under_review();
        let before = listed(&state);
        assert_eq!(before, [(10, true), (11, true), (12, false), (13, false)]);
        for image in ["a", "b"] {
            propose(&mut state, image, "m", [0.2, 0.7, 0.95, 0.1]);
        }
        assert_eq!(listed(&state), before);
        assert_eq!(desk(&state).probability(0, AttributeId(12)), Some(0.95), "bars and numbers move");
        let commands = perform(&mut state, Action::Do(Verb::AcceptShown));
        assert_eq!(sent(&commands), ["accept a 10, accept a 11, mark a"], "what was seen is accepted");
        assert_eq!(listed(&state), [(12, true), (11, true), (10, false), (13, false)]);
    }

    #[test]
    fn a_tag_that_becomes_likely_joins_at_the_end() {
        let mut state = under_review();
        let label = perform(&mut state, Action::CreateTag("tag::new".to_owned()));
        assert_eq!(label.len(), 3);
        let _ = perform(&mut state, Action::Do(Verb::Next));
        let row = |probabilities: &[f32]| Event::Proposed {
            image: crate::domain::ImageId::from("b"),
            by: crate::jobs::ModelName("m".to_owned()),
            proposals: kept(&[10, 11, 12, 13, 14].map(AttributeId), probabilities).into(),
        };
        let _ = receive(&mut state, row(&[0.9, 0.7, 0.3, 0.1, 0.0]));
        assert_eq!(listed(&state).len(), 4, "nothing is known of the new one");
        let _ = receive(&mut state, row(&[0.1, 0.7, 0.3, 0.1, 0.99]));
        assert_eq!(listed(&state), [(10, true), (11, true), (12, false), (13, false), (14, false)]);
    }

    #[test]
    fn the_threshold_follows_what_is_learned_until_the_user_moves_it() {
        let mut state = under_review();
        learned(&mut state, 0.2);
        assert!((desk(&state).threshold - 0.2).abs() < 1e-6);
        assert_eq!(listed(&state)[2], (12, false), "not in the list under review");
        let _ = perform(&mut state, Action::Threshold(Some(0.8)));
        assert_eq!(listed(&state), [(10, true), (11, false), (12, false), (13, false)], "the user's own is at once");
        learned(&mut state, 0.3);
        assert!((desk(&state).threshold - 0.8).abs() < 1e-6);
        let _ = perform(&mut state, Action::Threshold(None));
        assert!((desk(&state).threshold - 0.3).abs() < 1e-6);
    }

    #[test]
    fn every_step_is_learned_from_and_unlearned_with_undo() {
        let mut state = under_review();
        let learns = |commands: &[Command]| {
            let changed = commands.iter().find_map(|command| match command {
                Command::Learn { changed } => Some(changed),
                _ => None,
            });
            let changed = changed.unwrap();
            assert_eq!((changed.len(), changed[0].0.as_str()), (1, "a"));
            changed[0].1.is_reviewed()
        };
        assert!(learns(&perform(&mut state, Action::Do(Verb::AcceptShown))));
        assert!(!learns(&perform(&mut state, Action::Do(Verb::Undo))));
        assert!(learns(&perform(&mut state, Action::Do(Verb::Redo))));
    }

    #[test]
    fn learning_is_paused_and_resumed_by_one_key_and_remembered() {
        let mut state = under_review();
        for expected in [true, false] {
            let commands = perform(&mut state, Action::Do(Verb::PauseLearning));
            assert!(matches!(commands[..], [Command::PauseLearning(paused)] if paused == expected));
            assert_eq!(state.settings.learning_paused, expected);
        }
    }
}
