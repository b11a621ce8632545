//! A new model beside the one it began with, on the same images held back: what decides whether it is used.
//!
//! Each model at the threshold that suits it best there, so that neither profits from a well-chosen one.
//! Floor 4; the bootstrap is `domain`'s.

use serde::{Deserialize, Serialize};

use super::recipe::Recipe;
use crate::domain::Thresholds;
use crate::domain::bootstrap::{self, Difference, Outcome};
use crate::domain::f_beta::{Cells, Truth};
use crate::domain::threshold;
use crate::domain::thresholds::Answers;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Judgement {
    /// The gain is larger than luck.
    Better,
    Worse,
    Unclear,
    /// The other model knew none of the collection's tags.
    First,
}

/// One figure of both.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    pub before: f64,
    pub after: f64,
    /// Of after - before, 95 %.
    pub interval: [f64; 2],
}

impl From<Difference> for Figure {
    fn from(difference: Difference) -> Self {
        Self { before: difference.old, after: difference.new, interval: difference.interval }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ComparedModels {
    /// The model it began with, by name.
    pub with: String,
    pub n_images: usize,
    pub f2_per_image: Figure,
    pub f2_micro: Figure,
    pub judgement: Judgement,
    /// The other model may have learned from some of these images: it was made with another split.
    #[serde(default)]
    pub other_may_have_seen_them: bool,
}

impl ComparedModels {
    /// Both models' probabilities `[n_images, n_labels]` beside `truth`. `knows`: whether the old one knows any label.
    /// `made_by`: its recipe, where it has one.
    pub(crate) fn new(
        with: &str,
        n_labels: usize,
        truth: &[Truth],
        (before, after): (&[f32], &[f32]),
        knows: bool,
        (recipe, made_by): (&Recipe, Option<&Recipe>),
    ) -> Option<Self> {
        let best = |probabilities: &[f32]| {
            let cells = Cells::new(n_labels, probabilities, truth)?;
            Some(Thresholds::one(threshold::search(&cells).micro.threshold))
        };
        let thresholds = (best(before)?, best(after)?);
        let old = Answers { probabilities: before, thresholds: &thresholds.0 };
        let new = Answers { probabilities: after, thresholds: &thresholds.1 };
        let found = bootstrap::compare(n_labels, truth, old, new, bootstrap::N_DRAWS, recipe.seed)?;
        let judgement = match found.outcome {
            _ if !knows => Judgement::First,
            Outcome::Better => Judgement::Better,
            Outcome::Worse => Judgement::Worse,
            Outcome::Unclear => Judgement::Unclear,
        };
        let split = |recipe: &Recipe| (recipe.seed, recipe.validation.to_bits());
        Some(Self {
            with: with.to_owned(),
            n_images: found.n_images,
            f2_per_image: found.f2_per_image.into(),
            f2_micro: found.f2_micro.into(),
            judgement,
            other_may_have_seen_them: made_by.is_some_and(|made_by| split(made_by) != split(recipe)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::f_beta::reference;

    fn compared(before: &[f32], after: &[f32], knows: bool, made_by: Option<&Recipe>) -> ComparedModels {
        let truth = reference::truth();
        let recipe = Recipe::default();
        ComparedModels::new("old", reference::N_LABELS, &truth, (before, after), knows, (&recipe, made_by)).unwrap()
    }

    #[test]
    fn a_model_is_better_than_guessing_and_the_other_way_round_worse() {
        let good = reference::probabilities();
        let guess = vec![0.5; good.len()];
        assert_eq!(compared(&guess, &good, true, None).judgement, Judgement::Better);
        assert_eq!(compared(&good, &guess, true, None).judgement, Judgement::Worse);
        let same = compared(&good, &good, true, None);
        assert_eq!((same.judgement, same.f2_micro.interval), (Judgement::Unclear, [0.0, 0.0]));
        assert_eq!(compared(&guess, &good, false, None).judgement, Judgement::First);
    }

    #[test]
    fn another_split_is_said() {
        let good = reference::probabilities();
        let said = |made_by: &Recipe| compared(&good, &good, true, Some(made_by)).other_may_have_seen_them;
        assert!(!said(&Recipe { epochs: 3, ..Recipe::default() }));
        assert!(said(&Recipe { seed: 9, ..Recipe::default() }));
    }

    #[test]
    fn a_comparison_reads_back_as_it_was_written() {
        let good = reference::probabilities();
        let found = compared(&good, &good, true, None);
        let text = serde_json::to_string(&found).unwrap();
        assert!(text.contains("\"judgement\":\"unclear\""), "{text}");
        let back: ComparedModels = serde_json::from_str(&text).unwrap();
        assert_eq!((back.judgement, back.n_images, &back.with), (found.judgement, found.n_images, &found.with));
        assert!((back.f2_micro.after - found.f2_micro.after).abs() < 1e-12);
    }
}
