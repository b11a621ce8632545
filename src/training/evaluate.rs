//! Evaluation: the figures of a set of probabilities beside what is known.
//!
//! The same figures for a run's own validation part, for `evaluate` on the command line and for the checkpoint's
//! description. Floor 4; the counting itself is `domain`'s.

use serde::{Deserialize, Serialize};

use super::watch::plain;
use crate::domain::f_beta::{self, Cells, Counts, Truth};
use crate::domain::interval::wilson;
use crate::domain::own_thresholds::{self, Compared};
use crate::domain::threshold::Search;
use crate::domain::{AttributeId, Thresholds, average_precision, threshold};
use crate::model;

/// Figures of a whole set with one threshold for all labels. F2 macro is at `threshold`; a label's figures are at its own
/// threshold where it has one, else there too.
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
    /// What labels' own thresholds do to F2; `None` where there are none and none were tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own_thresholds: Option<OwnThresholds>,
    pub per_label: Vec<LabelMetrics>,
}

/// F2 with one threshold beside F2 with labels' own ones. Of a fine-tune both are cross-validated: each image is judged with
/// thresholds found on others, which is why they differ a little from the figures above.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OwnThresholds {
    /// Labels that have their own; 0 where the comparison spoke against them.
    pub n_labels: usize,
    pub f2_micro_global: f64,
    pub f2_micro_own: f64,
    pub f2_per_image_global: f64,
    pub f2_per_image_own: f64,
}

impl OwnThresholds {
    fn new(n_labels: usize, compared: Compared) -> Self {
        let Compared { f2_micro_global, f2_micro_own, f2_per_image_global, f2_per_image_own } = compared;
        Self { n_labels, f2_micro_global, f2_micro_own, f2_per_image_global, f2_per_image_own }
    }
}

/// Figures of one label. The fields with a default are missing in checkpoints of before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LabelMetrics {
    pub attribute_id: u32,
    /// Its own; `None`: the one of all labels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<f64>,
    pub n_positive: usize,
    /// Images on which somebody has judged it.
    #[serde(default)]
    pub n_judged: usize,
    #[serde(default)]
    pub tp: usize,
    #[serde(default)]
    pub fp: usize,
    #[serde(default, rename = "fn")]
    pub fn_: usize,
    pub precision: f64,
    /// 95 %; `None` where nothing is proposed.
    #[serde(default)]
    pub precision_interval: Option<[f64; 2]>,
    pub recall: f64,
    /// 95 %; `None` where nothing is present.
    #[serde(default)]
    pub recall_interval: Option<[f64; 2]>,
    pub f2: f64,
    /// `None` without a positive.
    pub ap: Option<f64>,
}

impl LabelMetrics {
    fn new(attribute: AttributeId, own: Option<f32>, counts: Counts, n_judged: u64, ap: Option<f64>) -> Self {
        let Counts { tp, fp, fn_ } = counts;
        Self {
            attribute_id: attribute.0,
            threshold: own.map(plain),
            n_positive: (tp + fn_) as usize,
            n_judged: n_judged as usize,
            tp: tp as usize,
            fp: fp as usize,
            fn_: fn_ as usize,
            precision: counts.precision(),
            precision_interval: wilson(tp, tp + fp),
            recall: counts.recall(),
            recall_interval: wilson(tp, tp + fn_),
            f2: counts.f_beta(2.0),
            ap,
        }
    }
}

impl Metrics {
    /// Searches the best thresholds in `cells` itself, one for all labels and labels' own, and measures at them.
    ///
    /// `attributes`: one per column, in column order; columns beyond its end get no figures of their own.
    pub fn at_best(cells: &Cells<'_>, attributes: &[AttributeId]) -> Self {
        let Search { per_image, .. } = threshold::search(cells);
        let found = own_thresholds::find(cells);
        let mut metrics = Self::at(cells, attributes, &found.thresholds, per_image.threshold);
        metrics.own_thresholds = found.compared.map(|compared| OwnThresholds::new(found.thresholds.n_own(), compared));
        metrics
    }

    /// Measures at given thresholds: what an existing checkpoint would have proposed.
    pub fn measure(cells: &Cells<'_>, attributes: &[AttributeId], thresholds: &Thresholds) -> Self {
        let mut metrics = Self::at(cells, attributes, thresholds, thresholds.global());
        if thresholds.n_own() > 0 {
            let (f2_micro_global, f2_per_image_global) = (metrics.f2_micro, metrics.f2_per_image);
            let (f2_micro_own, f2_per_image_own) = own_thresholds::figures(cells, thresholds);
            let compared = Compared { f2_micro_global, f2_micro_own, f2_per_image_global, f2_per_image_own };
            metrics.own_thresholds = Some(OwnThresholds::new(thresholds.n_own(), compared));
        }
        metrics
    }

    /// For `config.json`: the global threshold and those of labels that have their own.
    pub fn thresholds(&self) -> model::Thresholds {
        let own = self.per_label.iter().filter_map(|label| Some((label.attribute_id, label.threshold?)));
        model::Thresholds { global: Some(self.threshold), by_attribute: own.collect(), ..Default::default() }
    }

    fn at(cells: &Cells<'_>, attributes: &[AttributeId], thresholds: &Thresholds, threshold_per_image: f32) -> Self {
        let threshold = thresholds.global();
        let ap = average_precision::per_label(cells);
        let map = average_precision::mean(&ap).unwrap_or(0.0);
        let columns = f_beta::per_label(cells, thresholds).into_iter().zip(f_beta::n_judged(cells)).zip(ap);
        let per_label = attributes.iter().zip(columns).enumerate().map(|(column, (&attribute, ((counts, n), ap)))| {
            LabelMetrics::new(attribute, thresholds.own(column), counts, n, ap)
        });
        Self {
            f2_micro: f_beta::f2_micro(cells, threshold),
            f2_per_image: f_beta::f2_per_image(cells, threshold_per_image),
            f2_macro: f_beta::f2_macro(cells, threshold),
            map,
            threshold: plain(threshold),
            threshold_per_image: plain(threshold_per_image),
            n_images: cells.rows().filter(|(_, truth)| truth.iter().any(|&known| known != Truth::Unjudged)).count(),
            own_thresholds: None,
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

    #[test]
    fn a_label_says_how_sure_its_precision_and_recall_are() {
        // At 0.2, label 24: scikit-learn's counts, SciPy's Wilson intervals.
        let (probabilities, truth) = (reference::probabilities(), reference::truth());
        let cells = Cells::new(reference::N_LABELS, &probabilities, &truth).unwrap();
        let attributes: Vec<AttributeId> = (100..130).map(AttributeId).collect();
        let label = &Metrics::measure(&cells, &attributes, &Thresholds::one(0.2)).per_label[24];
        assert_eq!((label.tp, label.fp, label.fn_, label.n_positive, label.n_judged), (16, 68, 1, 17, 200));
        for (found, expected) in [
            (label.precision_interval, [0.120_787_0, 0.287_237_4]),
            (label.recall_interval, [0.730_179_7, 0.989_539_6]),
        ] {
            let found = found.unwrap();
            assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-7), "{found:?}");
        }
        assert!(serde_json::to_value(label).unwrap()["fn"].is_number());
    }

    #[test]
    fn figures_written_before_counts_and_intervals_still_open() {
        let old = r#"{"f2_micro":0.5,"f2_per_image":0.5,"f2_macro":0.5,"map":0.5,"threshold":0.3,"threshold_per_image":0.3,
            "n_images":4,"per_label":[{"attribute_id":7,"n_positive":2,"precision":0.5,"recall":1.0,"f2":0.8,"ap":null}]}"#;
        let metrics: Metrics = serde_json::from_str(old).unwrap();
        assert_eq!((metrics.per_label[0].n_judged, metrics.per_label[0].recall_interval), (0, None));
        assert_eq!((metrics.own_thresholds.clone(), metrics.thresholds().by_attribute.len()), (None, 0));
    }

    #[test]
    fn a_label_with_its_own_threshold_is_measured_there_and_named_for_the_checkpoint() {
        let (probabilities, truth) = (reference::probabilities(), reference::truth());
        let cells = Cells::new(reference::N_LABELS, &probabilities, &truth).unwrap();
        let attributes: Vec<AttributeId> = (100..130).map(AttributeId).collect();
        let own = |label: usize| if label == 24 { Some(0.2) } else { None };
        let metrics = Metrics::measure(&cells, &attributes, &Thresholds::new(0.05, (0..30).map(own).collect()));
        assert_eq!((metrics.per_label[24].tp, metrics.per_label[24].threshold), (16, Some(0.2)));
        let thresholds = metrics.thresholds();
        assert_eq!((thresholds.global, thresholds.by_attribute), (Some(0.05), [(124, 0.2)].into()));
        // One threshold for all is not touched by it.
        assert!((metrics.f2_micro - 0.438_910_5).abs() < 1e-6);
        let compared = metrics.own_thresholds.clone().unwrap();
        assert!(compared.n_labels == 1 && compared.f2_micro_own != compared.f2_micro_global);
        let back = serde_json::from_value::<Metrics>(serde_json::to_value(&metrics).unwrap()).unwrap();
        assert_eq!(back, metrics);
    }
}
