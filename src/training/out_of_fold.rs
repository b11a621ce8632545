//! What a head says of images that it has not learned from, for every image that anybody has described.
//!
//! The images fall into five parts, copies of a picture into the same; a head learned on four of them speaks about the
//! fifth. Floor 4. For the search for errors in what was judged: `domain::label_errors`.

use candle_core::Device;
use rayon::prelude::*;

use super::error::TrainError;
use super::fine_tune::{self, Learned, Material, Spec};
use super::loss::sigmoid;
use super::observer::Observer;
use super::recipe::{Depth, Recipe};
use super::standardise::{Features, LinearHead};
use crate::domain::AttributeId;
use crate::domain::f_beta::Truth;
use crate::domain::fold;

/// Parts, and heads that are learned.
pub const N_PARTS: usize = 5;

/// What is known of the images, row by row.
#[derive(Debug, Clone, Copy)]
pub struct Described<'a, S> {
    pub ids: &'a [S],
    /// As long; equal numbers are copies of one picture.
    pub groups: &'a [usize],
    pub attributes: &'a [AttributeId],
    /// `[ids, attributes]`.
    pub truth: &'a [Truth],
    /// A row for each id.
    pub features: Features<'a>,
}

/// Probabilities `[ids, attributes]`, each of a head that has not seen the image or a copy of it. Same input, same answer.
///
/// Errors: as of a fine-tune; with few images a part may leave too little to learn from.
pub fn probabilities<S: AsRef<str>>(
    described: &Described<'_, S>,
    observer: &mut dyn Observer,
) -> Result<Vec<f32>, TrainError> {
    let Described { ids, groups, attributes, truth, features } = *described;
    let n_labels = attributes.len();
    for (what, found, expected) in [
        ("groups", groups.len(), ids.len()),
        ("targets", truth.len(), ids.len() * n_labels),
        ("features", features.n_images(), ids.len()),
    ] {
        if found != expected {
            return Err(TrainError::Shape { what, found, expected });
        }
    }
    let parts = fold::parts(ids, groups, N_PARTS);
    let mut probabilities = vec![0.0; truth.len()];
    for part in 0..N_PARTS {
        let (held_back, rest): (Vec<usize>, Vec<usize>) = (0..ids.len()).partition(|&image| parts[image] == part);
        if held_back.is_empty() {
            continue;
        }
        let head = learn(described, &rest, observer)?;
        let rows: Vec<Vec<f32>> = held_back.par_iter().map(|&image| answer(&head, features.row(image))).collect();
        for (image, row) in held_back.into_iter().zip(rows) {
            probabilities[image * n_labels..(image + 1) * n_labels].copy_from_slice(&row);
        }
    }
    Ok(probabilities)
}

/// A head over these images alone, by the usual recipe.
fn learn<S: AsRef<str>>(
    described: &Described<'_, S>,
    images: &[usize],
    observer: &mut dyn Observer,
) -> Result<LinearHead, TrainError> {
    let Described { ids, groups, attributes, truth, features } = *described;
    let n_labels = attributes.len();
    let some_ids: Vec<&str> = images.iter().map(|&image| ids[image].as_ref()).collect();
    let some_groups: Vec<usize> = images.iter().map(|&image| groups[image]).collect();
    let row = |&image: &usize| &truth[image * n_labels..(image + 1) * n_labels];
    let some_truth: Vec<Truth> = images.iter().flat_map(row).copied().collect();
    let values: Vec<f32> = images.iter().flat_map(|&image| features.row(image)).copied().collect();
    let Some(some_features) = Features::new(features.n_features(), &values) else {
        return Err(TrainError::NoLabels);
    };
    let spec = Spec {
        recipe: &Recipe::for_depth(Depth::Head),
        ids: &some_ids,
        groups: &some_groups,
        attributes,
        truth: &some_truth,
        material: Material::Features { features: some_features, start: None, device: &Device::Cpu },
    };
    match fine_tune::run(spec, None, observer)?.learned {
        Learned::Head(head) => Ok(head),
        Learned::Network(_) => Err(TrainError::NoLabels), // Features make a head.
    }
}

fn answer(head: &LinearHead, features: &[f32]) -> Vec<f32> {
    let rows = head.weight.chunks_exact(head.n_features).zip(&head.bias);
    rows.map(|(weight, bias)| sigmoid(weight.iter().zip(features).map(|(w, f)| w * f).sum::<f32>() + bias)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::observer::Silent;
    use super::*;
    use crate::domain::f_beta::Cells;
    use crate::domain::label_errors::{Kind, doubts};

    #[test]
    fn answers_that_were_written_down_wrongly_are_in_doubt_though_they_could_be_learned_by_heart() {
        // 300 images of 400 features, more than enough to learn every answer by heart; every fourth says something of the tag.
        let n = 300;
        let number = |i: usize| (crate::base::hash::mix64(i as u64) >> 40) as f32 / (1 << 23) as f32 - 1.0;
        let has_tag = |image: usize| 0.0 < number(1_000_000 + image);
        let value = |i: usize| number(i) + if i.is_multiple_of(4) { number(1_000_000 + i / 400).signum() } else { 0.0 };
        let values: Vec<f32> = (0..n * 400).map(value).collect();
        let wrong = [10, 77, 140, 203, 260];
        let truth: Vec<Truth> =
            (0..n).map(|image| Truth::from(Some(has_tag(image) != wrong.contains(&image)))).collect();
        let ids: Vec<String> = (0..n).map(|i| format!("{i:04}")).collect();
        let groups: Vec<usize> = (0..n).collect();
        let described = Described {
            ids: &ids,
            groups: &groups,
            attributes: &[AttributeId(3)],
            truth: &truth,
            features: Features::new(400, &values).unwrap(),
        };
        let found = probabilities(&described, &mut Silent).unwrap();
        assert_eq!(found, probabilities(&described, &mut Silent).unwrap());
        let doubts = doubts(&Cells::new(1, &found, &truth).unwrap());
        // Not all of them are beyond doubt, but whatever is in doubt was written down wrongly.
        assert!(3 <= doubts.len() && doubts.iter().all(|doubt| wrong.contains(&doubt.image)), "{doubts:?}");
        assert!(doubts.iter().all(|doubt| (doubt.kind == Kind::Missing) == has_tag(doubt.image)));
        assert!(probabilities(&Described { groups: &[], ..described }, &mut Silent).is_err());
    }
}
