//! Which labels usually come with those that an image has: what the type-ahead offers first.

use crate::domain::{LabelSet, Vocabulary};

/// For every label, by position in the vocabulary: the sum, over the tags in `has`, of the share of the images with that
/// tag that have the label too. 0 without any tag.
///
/// `described`: the tags of every image that counts, a pass over all of them.
pub fn beside<'a>(has: &LabelSet, described: impl Iterator<Item = &'a LabelSet>, vocabulary: &Vocabulary) -> Vec<f32> {
    let tags: Vec<_> = has.iter().collect();
    let mut sums = vec![0.0; vocabulary.len()];
    if tags.is_empty() {
        return sums;
    }
    // By tag in `has`: how many images have it, and by label how many of these have the label.
    let mut counts = vec![(0u32, vec![0u32; vocabulary.len()]); tags.len()];
    for labels in described {
        for (&tag, (n, with)) in tags.iter().zip(&mut counts) {
            if labels.contains(tag) {
                *n += 1;
                labels.iter().filter_map(|label| vocabulary.position(label)).for_each(|label| with[label] += 1);
            }
        }
    }
    for (n, with) in counts.iter().filter(|(n, _)| *n > 0) {
        for (sum, with) in sums.iter_mut().zip(with) {
            *sum += *with as f32 / *n as f32;
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{AttributeId, Label};

    #[test]
    fn what_often_comes_with_the_tags_of_an_image_weighs_most() {
        let set = |ids: &[u32]| ids.iter().copied().map(AttributeId).collect::<LabelSet>();
        let vocabulary = Vocabulary::new((0..4).map(|id| Label::new(id, format!("tag::{id}"))));
        let described = [set(&[0, 1]), set(&[0, 1, 2]), set(&[0]), set(&[3, 2]), set(&[])];
        for (has, expected) in [
            (&[][..], [0.0, 0.0, 0.0, 0.0]),
            (&[0], [1.0, 2.0 / 3.0, 1.0 / 3.0, 0.0]),
            (&[0, 3], [1.0, 2.0 / 3.0, 4.0 / 3.0, 1.0]),
            (&[9], [0.0; 4]), // A tag outside the vocabulary, of no image.
        ] {
            assert_eq!(beside(&set(has), described.iter(), &vocabulary), expected, "{has:?}");
        }
    }
}
