//! Insights: what a collection, its description and a model's figures look like, as charts ready to be drawn.
//!
//! A chart is computed from snapshots and knows nothing of pixels: bars and marks with names, lengths and the images
//! behind them, and the same numbers as CSV. The window and `plot` draw it, each in its own way.
//!
//! Floor 1: pure.

pub mod chart;
pub mod collected;
pub mod coverage;
pub mod day;
pub mod judged;
pub mod labels;
pub mod progress;
pub mod sizes;
pub mod tags;
pub mod together;
pub mod unfound;

pub use chart::{Bar, Behind, Chart, Form, Mark, Part, Scale, Topic};
pub use collected::Collected;
pub use judged::Judged;
pub use progress::Deed;
pub use sizes::Measure;
pub use unfound::{Answer, Open};

use super::Vocabulary;

/// All that charts are computed from. What is not known is `None`; its chart then says what to do about it.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    pub vocabulary: &'a Vocabulary,
    pub collected: &'a Collected,
    /// By image, with the id that tables name it by.
    pub sizes: Option<&'a [(&'a str, Measure)]>,
    pub deeds: Option<&'a [Deed]>,
    /// Of the model in use; `None` where there is none or it was never measured.
    pub judged: Option<&'a [Judged]>,
    /// What was answered of the model's proposals, which are open, and from which probability on they are proposed.
    pub proposals: Option<(&'a [Answer], &'a [Open], f32)>,
}

/// Every chart, in the order of [`Topic::ALL`].
pub fn charts(known: Known<'_>) -> Vec<Chart> {
    let images_of = known.collected.images_of(known.vocabulary);
    vec![
        tags::chart(known.collected),
        labels::chart(known.vocabulary, &images_of),
        sizes::chart(known.sizes),
        together::chart(known.vocabulary, known.collected, &images_of),
        progress::chart(known.deeds, known.collected.n_reviewed()),
        judged::chart(known.judged, known.vocabulary, &images_of),
        coverage::chart(known, &images_of),
    ]
}

#[cfg(test)]
mod testing;
