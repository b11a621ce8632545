//! Where a look is worth most: the undescribed images of a collection in order, and described tags that are in doubt.
//!
//! Floor 4: brings the measures of `domain::next` and `domain::label_errors` together with embeddings. Whoever asks has
//! the probabilities already; nothing is decoded here.

use super::alike;
use super::error::TrainError;
use super::observer::Observer;
use super::out_of_fold::{self, Described};
use super::standardise::Features;
use crate::domain::f_beta::Cells;
use crate::domain::label_errors::{self, Doubt};
use crate::domain::{Thresholds, next};

/// Neighbours that are asked.
const N_NEIGHBOURS: usize = 10;

/// What makes an image worth a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Worth {
    /// The model is least sure.
    Uncertain,
    /// A tag with few examples is likely.
    Rare,
    /// The model contradicts what people said of similar images.
    Disagreeing,
    /// Each as unlike the others, and unlike all described ones, as can be had.
    Diverse,
}

impl Worth {
    /// Whether it is found by comparing embeddings.
    pub fn needs_features(self) -> bool {
        matches!(self, Self::Disagreeing | Self::Diverse)
    }
}

/// What is known of the images, row by row.
#[derive(Debug, Clone, Copy)]
pub struct Survey<'a> {
    pub cells: Cells<'a>,
    pub thresholds: &'a Thresholds,
    /// Whether somebody has looked at the whole image: only the others are put in order.
    pub is_described: &'a [bool],
    /// A row for each image; without any, orders that need them are empty.
    pub features: Option<Features<'a>>,
}

/// Rows of images that nobody has described, most valuable first, with what each is worth; of [`Worth::Diverse`] at most
/// `limit`.
pub fn order(survey: &Survey<'_>, worth: Worth, limit: usize) -> Result<Vec<(usize, f32)>, TrainError> {
    let Survey { cells, thresholds, is_described, features } = *survey;
    if is_described.len() != cells.n_images() {
        let (found, expected) = (is_described.len(), cells.n_images());
        return Err(TrainError::Shape { what: "described", found, expected });
    }
    let (known, open): (Vec<usize>, Vec<usize>) = (0..cells.n_images()).partition(|&row| is_described[row]);
    let features = features.filter(|features| features.n_images() == cells.n_images());
    if worth.needs_features() && features.is_none() {
        return Ok(Vec::new());
    }
    let values = match (worth, features) {
        (Worth::Rare, _) => {
            let n_examples = |label| cells.column(label).filter(|(_, is_present)| *is_present).count() as u32;
            next::rarity(&cells, &(0..cells.n_labels()).map(n_examples).collect::<Vec<_>>())
        }
        (Worth::Disagreeing, Some(features)) => {
            let of_open = alike::neighbours(features, &open, &known, N_NEIGHBOURS)?;
            let mut neighbours = vec![Vec::new(); cells.n_images()];
            open.iter().zip(of_open).for_each(|(&row, near)| neighbours[row] = near);
            next::disagreement(&cells, thresholds, &neighbours)
        }
        _ => next::uncertainty(&cells, thresholds),
    };
    let mut order = next::ranked(&values);
    order.retain(|&row| !is_described[row]);
    if let (Worth::Diverse, Some(features)) = (worth, features) {
        order = next::spread::spread(features.values(), features.n_features(), &order, &known, limit);
    }
    Ok(order.into_iter().map(|row| (row, values[row])).collect())
}

/// Tags that somebody probably forgot or set by mistake, the likeliest first.
///
/// `may_be_doubted(row, column)`: tags accepted or rejected by name are usually not. Errors: as of a fine-tune.
pub fn doubts<S: AsRef<str>>(
    described: &Described<'_, S>,
    may_be_doubted: impl Fn(usize, usize) -> bool,
    observer: &mut dyn Observer,
) -> Result<Vec<Doubt>, TrainError> {
    let probabilities = out_of_fold::probabilities(described, observer)?;
    let cells = Cells::new(described.attributes.len(), &probabilities, described.truth).ok_or(TrainError::NoLabels)?;
    let mut doubts = label_errors::doubts(&cells);
    doubts.retain(|doubt| may_be_doubted(doubt.image, doubt.label));
    Ok(doubts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::f_beta::Truth::{self, Absent as A, Present as P, Unjudged as U};

    #[test]
    fn only_undescribed_images_are_put_in_order_and_each_order_has_its_own_first() {
        // Image 0 is described with the tag, 1 without; 2 is in question, 3 a likely one unlike any, 4 contradicts its like.
        let probabilities = [0.9, 0.1, 0.5, 0.9, 0.05];
        let truth: [Truth; 5] = [P, A, U, U, U];
        let values = [1.0, 0.0, 0.0, 1.0, 0.1, 1.0, -1.0, -1.0, 1.0, 0.1];
        let thresholds = Thresholds::one(0.5);
        let survey = Survey {
            cells: Cells::new(1, &probabilities, &truth).unwrap(),
            thresholds: &thresholds,
            is_described: &[true, true, false, false, false],
            features: Features::new(2, &values),
        };
        for (worth, first, n) in
            [(Worth::Uncertain, 2, 3), (Worth::Rare, 3, 3), (Worth::Disagreeing, 4, 3), (Worth::Diverse, 3, 2)]
        {
            let found = order(&survey, worth, 2).unwrap();
            assert_eq!((found[0].0, found.len()), (first, n), "{worth:?} {found:?}");
            assert!(found.iter().all(|(row, _)| 2 <= *row));
        }
        let without = Survey { features: None, ..survey };
        assert!(order(&without, Worth::Diverse, 2).unwrap().is_empty());
        assert!(order(&Survey { is_described: &[], ..survey }, Worth::Rare, 2).is_err());
    }
}
