//! A collection small enough to be counted by hand.

use super::{Bar, Chart, Collected, Form};
use crate::domain::{AttributeId, Label, Vocabulary};

/// Five labels: two of `culture`, two of `tag`, one without a namespace that no image has.
pub(super) fn vocabulary() -> Vocabulary {
    Vocabulary::new([
        Label::new(0, "culture::greek"),
        Label::new(1, "culture::roman"),
        Label::new(2, "tag::cup"),
        Label::new(3, "tag::horse"),
        Label::new(4, "unused"),
    ])
}

/// | image | tags | reviewed |
/// |---|---|---|
/// | 0 | greek cup | yes |
/// | 1 | greek cup horse | yes |
/// | 2 | | yes |
/// | 3 | roman | yes |
/// | 4 | greek | no |
/// | 5 | | no |
pub(super) fn collected() -> Collected {
    let mut collected = Collected::default();
    for (tags, is_reviewed) in
        [(&[0, 2][..], true), (&[0, 2, 3], true), (&[], true), (&[1], true), (&[0], false), (&[], false)]
    {
        collected.push(tags.iter().copied().map(AttributeId), is_reviewed);
    }
    collected
}

pub(super) fn bars(chart: &Chart, part: usize) -> &[Bar] {
    match &chart.parts[part].form {
        Form::Upright { bars, .. } | Form::Lying { bars, .. } => bars,
        Form::Marks(_) => panic!("marks"),
    }
}

/// Names, values and images.
pub(super) fn rows(chart: &Chart, part: usize) -> Vec<(&str, f64, &[u32])> {
    bars(chart, part).iter().map(|bar| (bar.name.as_str(), bar.value, &bar.behind.images[..])).collect()
}
