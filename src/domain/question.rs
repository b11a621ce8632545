//! A tag of an image that is worth another look, and why. Only a question: what holds is for the curator to say.

use super::AttributeId;

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Question {
    pub attribute: AttributeId,
    pub why: Why,
}

/// Probabilities, 0 to 1, are the model's for the tag.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Why {
    /// The image was described without the tag and seems to show it.
    Missing { probability: f32 },
    /// The image has the tag and does not seem to show it.
    Wrong { probability: f32 },
    /// Proposed by the model in use, not by the one before.
    Appeared { before: f32, now: f32 },
    /// Proposed by the model before, not by the one in use.
    Vanished { before: f32, now: f32 },
    /// Another curator said the opposite; open until somebody answers by name here.
    Contested { is_open: bool },
}

impl Why {
    /// What the model in use says; 0 where it is not asked.
    pub fn probability(self) -> f32 {
        match self {
            Self::Missing { probability } | Self::Wrong { probability } => probability,
            Self::Appeared { now, .. } | Self::Vanished { now, .. } => now,
            Self::Contested { .. } => 0.0,
        }
    }
}

/// The questions about one image, the most pressing first.
#[derive(Debug, Clone, PartialEq)]
pub struct Questions<I> {
    pub image: I,
    pub questions: Vec<Question>,
}

/// Gathers questions by image; images in the order of their first question.
pub fn gather<I: Copy + Eq + std::hash::Hash>(asked: impl IntoIterator<Item = (I, Question)>) -> Vec<Questions<I>> {
    let mut gathered: Vec<Questions<I>> = Vec::new();
    let mut place_of = std::collections::HashMap::new();
    for (image, question) in asked {
        let place = *place_of.entry(image).or_insert(gathered.len());
        match gathered.get_mut(place) {
            Some(known) => known.questions.push(question),
            None => gathered.push(Questions { image, questions: vec![question] }),
        }
    }
    gathered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_about_one_image_come_together_where_the_first_of_them_stood() {
        let question =
            |id| Question { attribute: AttributeId(id), why: Why::Missing { probability: 0.25 * id as f32 } };
        let found = gather([(7, question(1)), (3, question(2)), (7, question(3))]);
        let seen: Vec<_> = found
            .iter()
            .map(|one| (one.image, one.questions.iter().map(|question| question.attribute.0).collect::<Vec<_>>()))
            .collect();
        assert_eq!(seen, [(7, vec![1, 3]), (3, vec![2])]);
    }
}
