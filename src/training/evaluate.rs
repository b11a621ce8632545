//! Evaluation: the figures of a set of probabilities beside what is known.
//!
//! The same figures for a run's own validation part, for `evaluate` on the command line and for the checkpoint's
//! description. Floor 4; the counting itself is `domain`'s.

use serde::{Deserialize, Serialize};

use super::watch::plain;
use crate::domain::f_beta::{self, Cells, Counts, Truth};
use crate::domain::threshold::Search;
use crate::domain::{AttributeId, average_precision, threshold};

/// Figures of a whole set. F2 macro and the labels' figures are at `threshold`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Metrics {
    pub f2_micro: f64,
    /// At `threshold_per_image`.
    pub f2_per_image: f64,
    pub f2_macro: f64,
    /// Mean average precision over the labels with a positive; 0 if there is none.
    pub map: f64,
    /// The best one for F2 micro.
    pub threshold: f64,
    /// The best one for F2 per image.
    pub threshold_per_image: f64,
    /// Images of which anything is judged.
    pub n_images: usize,
    pub per_label: Vec<LabelMetrics>,
}

/// Figures of one label.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LabelMetrics {
    pub attribute_id: u32,
    pub n_positive: usize,
    pub precision: f64,
    pub recall: f64,
    pub f2: f64,
    /// `None` without a positive.
    pub ap: Option<f64>,
}

impl Metrics {
    /// Searches the best thresholds in `cells` itself and measures at them.
    ///
    /// `attributes`: one per column, in column order; columns beyond its end get no figures of their own.
    pub fn at_best(cells: &Cells<'_>, attributes: &[AttributeId]) -> Self {
        let Search { micro, per_image, .. } = threshold::search(cells);
        Self::measure(cells, attributes, micro.threshold, per_image.threshold)
    }

    /// Measures at given thresholds: what an existing checkpoint would have proposed.
    pub fn measure(cells: &Cells<'_>, attributes: &[AttributeId], threshold: f32, threshold_per_image: f32) -> Self {
        let counts = f_beta::per_label(cells, threshold);
        let mut whole = Counts::default();
        for counts in &counts {
            whole.tp += counts.tp;
            whole.fp += counts.fp;
            whole.fn_ += counts.fn_;
        }
        let ap = average_precision::per_label(cells);
        let map = average_precision::mean(&ap).unwrap_or(0.0);
        let per_label = attributes.iter().zip(counts).zip(ap).map(|((attribute, counts), ap)| LabelMetrics {
            attribute_id: attribute.0,
            n_positive: (counts.tp + counts.fn_) as usize,
            precision: counts.precision(),
            recall: counts.recall(),
            f2: counts.f_beta(2.0),
            ap,
        });
        Self {
            f2_micro: whole.f_beta(2.0),
            f2_per_image: f_beta::f2_per_image(cells, threshold_per_image),
            f2_macro: f_beta::f2_macro(cells, threshold),
            map,
            threshold: plain(threshold),
            threshold_per_image: plain(threshold_per_image),
            n_images: cells.rows().filter(|(_, truth)| truth.iter().any(|&known| known != Truth::Unjudged)).count(),
            per_label: per_label.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::f_beta::reference;

    #[test]
    fn the_figures_of_the_reference_are_gathered_under_their_names() {
        // scikit-learn on the reference matrix, best threshold 0.05 for both averages.
        let (probabilities, truth) = (reference::probabilities(), reference::truth());
        let cells = Cells::new(reference::N_LABELS, &probabilities, &truth).unwrap();
        let attributes: Vec<AttributeId> = (100..130).map(AttributeId).collect();
        let metrics = Metrics::at_best(&cells, &attributes);
        for (found, expected) in [
            (metrics.f2_micro, 0.438_910_5),
            (metrics.f2_per_image, 0.409_118_8),
            (metrics.f2_macro, 0.436_846_5),
            (metrics.map, 0.478_492_0),
        ] {
            assert!((found - expected).abs() < 1e-6, "{found} instead of {expected}");
        }
        assert_eq!((metrics.threshold, metrics.threshold_per_image, metrics.n_images), (0.05, 0.05, 200));
        assert_eq!((metrics.per_label.len(), metrics.per_label[3].attribute_id), (30, 103));
        let json = serde_json::to_value(&metrics).unwrap();
        assert!(["f2_micro", "f2_per_image", "f2_macro", "map", "threshold"].iter().all(|name| json[name].is_number()));
    }
}
