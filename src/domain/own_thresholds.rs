//! A label's own threshold, where its counts allow one, drawn towards the one that all labels share.
//!
//! The rule. With F the best F2 micro of one threshold, a label at a threshold is worth `(5 - F)·tp - F·fp`: the sum of
//! that over labels rises exactly when F2 micro does, so labels can be judged one by one. To the worth of a label that of
//! `strength` further positives is added which behave as the labels do on average (empirical Bayes: the prior is the
//! pooled curve, whose best threshold is the global one). The strength is the one of [`STRENGTHS`] that does best in
//! cross-validation. A label gets its own threshold only if it gains by it on images that the threshold was not found
//! on, and has at least [`MIN_POSITIVES`] positives. All of it is then tried as a whole on images that had no part in it;
//! if F2 micro or F2 per image loses there, every label stays with the global threshold.
//!
//! Floor 1. Source of the worth: Dinkelbach 1967 for ratios; Ye et al. 2012 for F measures, arXiv 1206.4625.

use super::f_beta::{Cells, Counts, Truth};
use super::threshold::{self, N_THRESHOLDS};
use super::thresholds::Thresholds;
use crate::base::hash::mix64;

/// Labels with fewer positives, or as few negatives, stay with the global threshold.
pub const MIN_POSITIVES: u32 = 10;
/// Positives that the average label lends to each, tried in this order.
pub const STRENGTHS: [f64; 4] = [10.0, 30.0, 100.0, 300.0];
/// Parts of the cross-validation.
const N_PARTS: usize = 5;

/// Figures of both ways of proposing, each on images that its thresholds were not found on.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Compared {
    pub f2_micro_global: f64,
    pub f2_micro_own: f64,
    pub f2_per_image_global: f64,
    pub f2_per_image_own: f64,
}

impl Compared {
    /// Own thresholds lose by neither figure.
    pub fn own_holds(&self) -> bool {
        self.f2_micro_global <= self.f2_micro_own && self.f2_per_image_global <= self.f2_per_image_own
    }
}

/// Thresholds to propose with, and what was found out about them.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    pub thresholds: Thresholds,
    /// `None`: too few images or positives to try.
    pub compared: Option<Compared>,
}

/// Finds the global threshold (best F2 micro) and the labels' own ones. Same cells, same answer.
pub fn find(cells: &Cells<'_>) -> Found {
    let global = threshold::search(cells).micro.threshold;
    let curves = Curves::of(cells);
    let all = [true; N_PARTS];
    let chosen = curves.choose(&all);
    if chosen.iter().all(Option::is_none) {
        return Found { thresholds: Thresholds::one(global), compared: None };
    }
    let compared = compare(cells, &curves);
    let own = chosen.into_iter().map(|k| k.map(threshold::at)).collect();
    let thresholds = if compared.own_holds() { Thresholds::new(global, own) } else { Thresholds::one(global) };
    Found { thresholds, compared: Some(compared) }
}

/// F2 micro and F2 per image at the given thresholds.
pub fn figures(cells: &Cells<'_>, thresholds: &Thresholds) -> (f64, f64) {
    let mut tally = Tally::default();
    cells.rows().for_each(|(probabilities, truth)| tally.add(probabilities, truth, thresholds));
    (tally.whole.f_beta(2.0), tally.per_image())
}

/// Every part is proposed for with the thresholds that the others chose.
fn compare(cells: &Cells<'_>, curves: &Curves) -> Compared {
    let pairs: Vec<(Thresholds, Thresholds)> = (0..N_PARTS)
        .map(|part| {
            let others = without(part);
            let global = threshold::at(curves.pooled(&others).best);
            let own = curves.choose(&others).into_iter().map(|k| k.map(threshold::at)).collect();
            (Thresholds::one(global), Thresholds::new(global, own))
        })
        .collect();
    let (mut global, mut own) = (Tally::default(), Tally::default());
    for (image, (probabilities, truth)) in cells.rows().enumerate() {
        let (with_global, with_own) = &pairs[part_of(image)];
        global.add(probabilities, truth, with_global);
        own.add(probabilities, truth, with_own);
    }
    Compared {
        f2_micro_global: global.whole.f_beta(2.0),
        f2_micro_own: own.whole.f_beta(2.0),
        f2_per_image_global: global.per_image(),
        f2_per_image_own: own.per_image(),
    }
}

fn part_of(image: usize) -> usize {
    (mix64(image as u64) % N_PARTS as u64) as usize
}

fn without(part: usize) -> [bool; N_PARTS] {
    let mut parts = [true; N_PARTS];
    parts[part] = false;
    parts
}

#[derive(Debug, Default)]
struct Tally {
    whole: Counts,
    sum: f64,
    n_images: u64,
}

impl Tally {
    fn add(&mut self, probabilities: &[f32], truth: &[Truth], thresholds: &Thresholds) {
        let mut counts = Counts::default();
        let mut is_judged = false;
        for (column, (&probability, &known)) in probabilities.iter().zip(truth).enumerate() {
            is_judged |= known != Truth::Unjudged;
            counts.add(super::f_beta::is_proposed(probability, thresholds.of(column)), known);
        }
        self.whole.tp += counts.tp;
        self.whole.fp += counts.fp;
        self.whole.fn_ += counts.fn_;
        self.sum += if is_judged { counts.f_beta(2.0) } else { 0.0 };
        self.n_images += u64::from(is_judged);
    }

    fn per_image(&self) -> f64 {
        self.sum / self.n_images.max(1) as f64
    }
}

/// How many positives and negatives of each label lie at or above each threshold, part by part.
struct Curves {
    n_labels: usize,
    /// `[part][label][threshold]`: true and false positives.
    at: Vec<[u32; 2]>,
}

/// What all labels together say of each threshold.
struct Pooled {
    /// The best F2 micro, and at which threshold it is.
    f2: f64,
    best: usize,
    /// Worth of each threshold for one average positive.
    worth: Vec<f64>,
}

impl Curves {
    fn of(cells: &Cells<'_>) -> Self {
        let n_labels = cells.n_labels();
        let mut at = vec![[0; 2]; N_PARTS * n_labels * N_THRESHOLDS];
        for (image, (probabilities, truth)) in cells.rows().enumerate() {
            let first = part_of(image) * n_labels;
            for (label, (&probability, &known)) in probabilities.iter().zip(truth).enumerate() {
                if known != Truth::Unjudged {
                    let bin = (first + label) * N_THRESHOLDS + threshold::bin(probability);
                    at[bin][usize::from(known != Truth::Present)] += 1;
                }
            }
        }
        for curve in at.chunks_exact_mut(N_THRESHOLDS) {
            for k in (1..N_THRESHOLDS).rev() {
                let [tp, fp] = curve[k];
                curve[k - 1][0] += tp;
                curve[k - 1][1] += fp;
            }
        }
        Self { n_labels, at }
    }

    fn curve(&self, part: usize, label: usize) -> &[[u32; 2]] {
        let first = (part * self.n_labels + label) * N_THRESHOLDS;
        &self.at[first..first + N_THRESHOLDS]
    }

    /// One label over some of the parts.
    fn sum(&self, label: usize, parts: &[bool; N_PARTS]) -> [[u32; 2]; N_THRESHOLDS] {
        let mut sum = [[0; 2]; N_THRESHOLDS];
        for part in (0..N_PARTS).filter(|&part| parts[part]) {
            for (sum, [tp, fp]) in sum.iter_mut().zip(self.curve(part, label)) {
                sum[0] += tp;
                sum[1] += fp;
            }
        }
        sum
    }

    fn pooled(&self, parts: &[bool; N_PARTS]) -> Pooled {
        let mut sum = [[0_u64; 2]; N_THRESHOLDS];
        for label in 0..self.n_labels {
            for (sum, [tp, fp]) in sum.iter_mut().zip(self.sum(label, parts)) {
                sum[0] += u64::from(tp);
                sum[1] += u64::from(fp);
            }
        }
        let n_positive = sum[0][0]; // At threshold 0 everything is proposed.
        let f2_at = |[tp, fp]: [u64; 2]| Counts { tp, fp, fn_: n_positive - tp }.f_beta(2.0);
        let threshold::Best { threshold, f2 } = threshold::best_of(&sum.map(f2_at));
        let worth = sum.iter().map(|&[tp, fp]| worth(f2, tp as f64, fp as f64) / n_positive.max(1) as f64).collect();
        Pooled { f2, best: threshold::bin(threshold), worth }
    }

    /// For every label the index of its own threshold, chosen and tried within `parts` alone.
    fn choose(&self, parts: &[bool; N_PARTS]) -> Vec<Option<usize>> {
        let candidates: Vec<usize> = (0..self.n_labels).filter(|&label| self.has_enough(label, parts)).collect();
        let mut best: Option<(f64, f64, Vec<f64>)> = None;
        let whole = self.pooled(parts);
        for strength in STRENGTHS {
            let gains = self.gains(&candidates, parts, whole.f2, strength);
            let sum: f64 = gains.iter().sum();
            if best.as_ref().is_none_or(|(most, ..)| *most < sum) {
                best = Some((sum, strength, gains));
            }
        }
        let mut own = vec![None; self.n_labels];
        if let Some((_, strength, gains)) = best {
            for (&label, gain) in candidates.iter().zip(gains) {
                if 0.0 < gain {
                    let k = shrunk_best(&self.sum(label, parts), &whole, strength);
                    own[label] = Some(k).filter(|&k| k != whole.best);
                }
            }
        }
        own
    }

    fn has_enough(&self, label: usize, parts: &[bool; N_PARTS]) -> bool {
        let [n_positive, n_negative] = self.sum(label, parts)[0];
        MIN_POSITIVES <= n_positive && MIN_POSITIVES <= n_negative
    }

    /// What each candidate's own threshold is worth more than the global one, both found without the part tried on.
    fn gains(&self, candidates: &[usize], parts: &[bool; N_PARTS], f2: f64, strength: f64) -> Vec<f64> {
        let mut gains = vec![0.0; candidates.len()];
        for part in (0..N_PARTS).filter(|&part| parts[part]) {
            let mut others = *parts;
            others[part] = false;
            let pooled = self.pooled(&others);
            for (gain, &label) in gains.iter_mut().zip(candidates) {
                let k = shrunk_best(&self.sum(label, &others), &pooled, strength);
                let tried = self.curve(part, label);
                let worth_at = |k: usize| worth(f2, f64::from(tried[k][0]), f64::from(tried[k][1]));
                *gain += worth_at(k) - worth_at(pooled.best);
            }
        }
        gains
    }
}

fn worth(f2: f64, tp: f64, fp: f64) -> f64 {
    (5.0 - f2) * tp - f2 * fp
}

/// The best threshold of a label to which the average one has lent positives; of equal ones that nearest the global one.
fn shrunk_best(curve: &[[u32; 2]; N_THRESHOLDS], pooled: &Pooled, strength: f64) -> usize {
    let shrunk =
        |k: usize| worth(pooled.f2, f64::from(curve[k][0]), f64::from(curve[k][1])) + strength * pooled.worth[k];
    // From 0.01 on: a label that is always proposed is no proposal.
    let better = |&a: &usize, &b: &usize| {
        shrunk(a).total_cmp(&shrunk(b)).then(b.abs_diff(pooled.best).cmp(&a.abs_diff(pooled.best)))
    };
    (1..N_THRESHOLDS).max_by(better).unwrap_or(pooled.best)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::f_beta::{f2_micro, f2_per_image, reference};

    /// 600 images; of `n` labels each is as likely as `share` says and its probabilities lie around `centre`:
    /// positives above it, negatives below, one in ten on the wrong side.
    fn drawn(labels: &[(f64, f64)]) -> (Vec<f32>, Vec<Truth>) {
        let uniform = |i: usize| (mix64(i as u64) >> 11) as f64 / (1_u64 << 53) as f64;
        let mut cells = (Vec::new(), Vec::new());
        for cell in 0..600 * labels.len() {
            let (share, centre) = labels[cell % labels.len()];
            let is_present = uniform(3 * cell) < share;
            let above = is_present != (uniform(3 * cell + 1) < 0.1);
            let spread = 0.2 * uniform(3 * cell + 2) * centre.min(1.0 - centre) * 5.0;
            cells.0.push((if above { centre + spread } else { centre - spread }) as f32);
            cells.1.push(Truth::from(Some(is_present)));
        }
        cells
    }

    #[test]
    fn labels_that_are_surer_or_shyer_than_the_rest_get_thresholds_of_their_own() {
        let (probabilities, truth) = drawn(&[(0.3, 0.5), (0.3, 0.5), (0.3, 0.8), (0.3, 0.15)]);
        let cells = Cells::new(4, &probabilities, &truth).unwrap();
        let found = find(&cells);
        let compared = found.compared.unwrap();
        assert!(compared.f2_micro_global + 0.03 < compared.f2_micro_own, "{compared:?}");
        assert!(compared.f2_per_image_global < compared.f2_per_image_own, "{compared:?}");
        for (label, centre) in [0.5, 0.5, 0.8, 0.15].into_iter().enumerate() {
            assert!((found.thresholds.of(label) - centre).abs() < 0.05, "{label}: {found:?}");
        }
    }

    #[test]
    fn labels_alike_and_labels_with_few_positives_stay_with_the_global_threshold() {
        let (probabilities, truth) = drawn(&[(0.3, 0.5), (0.3, 0.5), (0.01, 0.9)]);
        let cells = Cells::new(3, &probabilities, &truth).unwrap();
        assert!(cells.column(2).filter(|(_, present)| *present).count() < MIN_POSITIVES as usize);
        let found = find(&cells);
        assert_eq!(found.thresholds.own(2), None);
        let (probabilities, truth) = (reference::probabilities(), reference::truth());
        let noise = find(&Cells::new(reference::N_LABELS, &probabilities, &truth).unwrap());
        // Thirty labels drawn alike: whatever seems to differ is noise, and it is found out.
        assert_eq!(noise.thresholds, Thresholds::one(0.05));
        assert!(noise.compared.is_none_or(|compared| !compared.own_holds()), "{noise:?}");
    }

    #[test]
    fn the_worth_of_thresholds_rises_exactly_when_f2_micro_does() {
        let (probabilities, truth) = (reference::probabilities(), reference::truth());
        let cells = Cells::new(reference::N_LABELS, &probabilities, &truth).unwrap();
        let pooled = Curves::of(&cells).pooled(&[true; N_PARTS]);
        let best = threshold::search(&cells).micro;
        assert_eq!((threshold::at(pooled.best), pooled.f2), (best.threshold, best.f2));
        let n_positive = truth.iter().filter(|known| **known == Truth::Present).count() as f64;
        let most = pooled.worth.iter().copied().fold(f64::MIN, f64::max);
        // At the best threshold the worth is F · 4 · positives, by the definition of F2.
        assert!((pooled.worth[pooled.best] - most).abs() < 1e-12);
        assert!((most * n_positive - best.f2 * 4.0 * n_positive).abs() < 1e-9);
    }

    #[test]
    fn figures_with_one_threshold_are_those_of_counting() {
        let (probabilities, mut truth) = (reference::probabilities(), reference::truth());
        truth[60..90].fill(Truth::Unjudged);
        let cells = Cells::new(reference::N_LABELS, &probabilities, &truth).unwrap();
        let (micro, per_image) = figures(&cells, &Thresholds::one(0.2));
        assert_eq!(micro, f2_micro(&cells, 0.2));
        assert!((per_image - f2_per_image(&cells, 0.2)).abs() < 1e-12);
    }

    #[test]
    fn no_image_gives_no_threshold_of_its_own() {
        let cells = Cells::new(3, &[], &[]).unwrap();
        assert_eq!(find(&cells), Found { thresholds: Thresholds::one(0.49), compared: None });
    }
}
