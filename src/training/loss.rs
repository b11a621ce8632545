//! Losses for many labels from logits, and their gradients in closed form.
//!
//! All are sums over cells of f(x_t), x_t = x where the label is present and -x where it is absent, with
//! ce = log(1 + exp(-x_t)) and q = 1 - p_t = sigmoid(-x_t):
//! focal f = q^g · ce, f' = -q^g · (g · p_t · ce + q); binary f = ce, f' = -q. Written with log(1 + exp(-|x|)), value
//! and gradient are finite for every finite logit and exact at 0, where a fresh head starts. Asymmetric is focal with a
//! gamma for either side, and absent cells less likely than `clip` count nothing.
//!
//! Floor 4. Source: focal loss, Lin et al. 2017, arXiv 1708.02002, eq. 5, summed over labels as the report does;
//! binary loss: Keras' binary cross-entropy (mean over labels); asymmetric loss: Ridnik et al. 2021, arXiv 2009.14119,
//! eq. 7, summed over labels. All are means over the batch.

use std::sync::Arc;

use candle_core::{CpuStorage, CustomOp1, Device, Layout, Result, Shape, Tensor, bail};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::domain::f_beta::Truth;

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "lowercase")]
pub enum Loss {
    /// Cells the network is sure of weigh little.
    Focal {
        /// ≥ 0; 0 is the sum of cross-entropies.
        gamma: f64,
        /// What a present label weighs, 0 to 1; an absent one weighs 1 - alpha. `None`: both weigh 1.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        alpha: Option<f64>,
    },
    Binary,
    /// The many absent labels weigh less than the few present ones.
    Asymmetric {
        #[serde(default = "gamma_present")]
        gamma_present: f64,
        #[serde(default = "gamma_absent")]
        gamma_absent: f64,
        /// Taken off the probability of an absent label, 0 to below 1.
        #[serde(default = "clip")]
        clip: f64,
    },
}

// The paper's.
fn gamma_present() -> f64 {
    0.0
}

fn gamma_absent() -> f64 {
    4.0
}

fn clip() -> f64 {
    0.05
}

/// A loss and what it makes of cells that nobody has judged by name.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Objective {
    pub loss: Loss,
    /// What an implied absence counts, 0 (nothing) to 1 (as much as a rejection).
    pub implied: f32,
}

impl From<Loss> for Objective {
    fn from(loss: Loss) -> Self {
        Self { loss, implied: 1.0 }
    }
}

impl Loss {
    /// Focal loss without alpha.
    pub fn focal(gamma: f64) -> Self {
        Self::Focal { gamma, alpha: None }
    }

    /// With the paper's gammas and clip.
    pub fn asymmetric() -> Self {
        Self::Asymmetric { gamma_present: gamma_present(), gamma_absent: gamma_absent(), clip: clip() }
    }

    /// As [`Objective::of`], implied absences counting in full.
    pub fn of(self, logits: &[f32], truth: &[Truth], n_labels: usize) -> (f64, Vec<f32>) {
        Objective::from(self).of(logits, truth, n_labels)
    }

    /// What one cell's value is multiplied with.
    fn weight(self, n_cells: usize, n_labels: usize) -> f64 {
        let n_rows = (n_cells / n_labels.max(1)).max(1);
        match self {
            Self::Focal { .. } | Self::Asymmetric { .. } => 1.0 / n_rows as f64,
            Self::Binary => 1.0 / (n_rows * n_labels.max(1)) as f64,
        }
    }

    /// Value and slope of one cell.
    fn cell(self, logit: f32, is_present: bool) -> (f32, f32) {
        let side = if is_present { 1.0 } else { -1.0 };
        let x = side * logit;
        let focal = |gamma: f64| {
            let (value, slope) = focal(x, gamma as f32);
            (value, side * slope)
        };
        match self {
            Self::Binary => focal(0.0),
            Self::Focal { gamma, alpha: None } => focal(gamma),
            Self::Focal { gamma, alpha: Some(alpha) } => {
                let weight = if is_present { alpha } else { 1.0 - alpha } as f32;
                let (value, slope) = focal(gamma);
                (weight * value, weight * slope)
            }
            Self::Asymmetric { gamma_present, .. } if is_present => focal(gamma_present),
            Self::Asymmetric { gamma_absent, clip, .. } if clip <= 0.0 => focal(gamma_absent),
            Self::Asymmetric { gamma_absent, clip, .. } => clipped(logit, gamma_absent as f32, clip as f32),
        }
    }
}

/// Value and slope of focal loss at `x`, the logit of being right.
fn focal(x: f32, gamma: f32) -> (f32, f32) {
    let rest = (-x.abs()).exp();
    let log = rest.ln_1p();
    let ce = (-x).max(0.0) + log;
    let (high, low) = (1.0 / (1.0 + rest), rest / (1.0 + rest));
    let (p, q) = if x < 0.0 { (low, high) } else { (high, low) };
    let factor = match gamma {
        0.0 => 1.0,
        2.0 => q * q,
        gamma => (-gamma * (x.max(0.0) + log)).exp(),
    };
    (factor * ce, -factor * (gamma * p * ce + q))
}

/// Value and slope at the logit of an absent label: r^g · -log(1 - r), where r = max(p - clip, 0) and 0 < clip.
fn clipped(logit: f32, gamma: f32, clip: f32) -> (f32, f32) {
    let p = sigmoid(logit);
    let r = p - clip;
    if r <= 0.0 {
        return (0.0, 0.0);
    }
    let ce = -(-r).ln_1p();
    let factor = r.powf(gamma);
    (factor * ce, p * (1.0 - p) * factor * (gamma * ce / r + 1.0 / (1.0 - r)))
}

impl Objective {
    /// The loss of a batch and its gradient by the logits.
    ///
    /// `logits` and `truth`: `[B, n_labels]` row by row. Unjudged cells add nothing and have gradient 0.
    pub fn of(self, logits: &[f32], truth: &[Truth], n_labels: usize) -> (f64, Vec<f32>) {
        let mut gradient = vec![0.0; logits.len()];
        let weight = self.loss.weight(logits.len(), n_labels);
        let n_labels = n_labels.max(1);
        let row = |((logits, truth), gradient): ((&[f32], &[Truth]), &mut [f32])| {
            let mut sum = 0.0;
            for ((&logit, &known), gradient) in logits.iter().zip(truth).zip(gradient) {
                let (value, slope) = self.cell(logit, known);
                *gradient = slope * weight as f32;
                sum += f64::from(value);
            }
            sum
        };
        let rows = logits.par_chunks(n_labels).zip(truth.par_chunks(n_labels));
        let sums: Vec<f64> =
            rows.zip(gradient.par_chunks_mut(n_labels)).with_min_len(1 + 4096 / n_labels).map(row).collect();
        (sums.iter().sum::<f64>() * weight, gradient)
    }

    fn cell(self, logit: f32, known: Truth) -> (f32, f32) {
        match known {
            Truth::Unjudged => (0.0, 0.0),
            Truth::Present => self.loss.cell(logit, true),
            Truth::Absent => self.loss.cell(logit, false),
            Truth::Implied => {
                let (value, slope) = self.loss.cell(logit, false);
                (self.implied * value, self.implied * slope)
            }
        }
    }

    /// The loss of a batch as a scalar that can be followed backwards to `logits`, f32 `[B, L]`, on any device.
    ///
    /// `truth`: `B * L` cells. Errors: another number of cells, or not two dimensions.
    pub fn scalar(self, logits: &Tensor, truth: Vec<Truth>) -> Result<Tensor> {
        let (b, l) = logits.dims2()?;
        if truth.len() != b * l {
            bail!("{} cells of truth for logits {b} x {l}", truth.len())
        }
        let op = LossOp { objective: self, truth: Arc::new(truth), n_labels: l };
        logits.to_device(&Device::Cpu)?.contiguous()?.apply_op1(op)
    }
}

struct LossOp {
    objective: Objective,
    truth: Arc<Vec<Truth>>,
    n_labels: usize,
}

impl CustomOp1 for LossOp {
    fn name(&self) -> &'static str {
        "loss"
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let Some((start, end)) = layout.contiguous_offsets() else { bail!("the loss needs contiguous logits") };
        let logits = &storage.as_slice::<f32>()?[start..end];
        let (value, _) = self.objective.of(logits, &self.truth, self.n_labels);
        Ok((CpuStorage::F32(vec![value as f32]), Shape::from(())))
    }

    fn bwd(&self, logits: &Tensor, _value: &Tensor, above: &Tensor) -> Result<Option<Tensor>> {
        let values = logits.flatten_all()?.to_vec1::<f32>()?;
        let (_, gradient) = self.objective.of(&values, &self.truth, self.n_labels);
        Ok(Some(Tensor::from_vec(gradient, logits.dims(), &Device::Cpu)?.broadcast_mul(above)?))
    }
}

/// 1 / (1 + exp(-x)), without overflow.
pub fn sigmoid(logit: f32) -> f32 {
    let rest = (-logit.abs()).exp();
    if logit < 0.0 { rest / (1.0 + rest) } else { 1.0 / (1.0 + rest) }
}

#[cfg(test)]
mod tests {
    use candle_core::Var;

    use super::*;
    use crate::domain::f_beta::reference;
    use crate::model::backward;

    const FOCAL: Loss = Loss::Focal { gamma: 2.0, alpha: None };

    #[test]
    fn the_losses_are_those_of_the_reference() {
        // NumPy on the reference matrix: sum over labels of the first five images, and the mean over the batch.
        let (logits, truth) = (reference::logits(), reference::truth());
        let n_labels = reference::N_LABELS;
        let gamma_1 = [5.865_511_2, 10.839_161_3, 5.782_028_0, 3.164_727_1, 3.429_215_5];
        let gamma_2 = [3.722_506_4, 7.822_124_1, 3.924_901_9, 1.656_716_0, 1.857_437_5];
        for (gamma, expected) in [(1.0, gamma_1), (2.0, gamma_2)] {
            for (image, expected) in expected.into_iter().enumerate() {
                let row = image * n_labels..(image + 1) * n_labels;
                let (found, _) = Loss::focal(gamma).of(&logits[row.clone()], &truth[row], n_labels);
                assert!((found - expected).abs() < 1e-5, "gamma {gamma}, image {image}: {found}");
            }
        }
        let (focal, _) = FOCAL.of(&logits, &truth, n_labels);
        assert!((focal - 4.101_679_6).abs() < 1e-5, "{focal}");
        let (binary, _) = Loss::Binary.of(&logits, &truth, n_labels);
        assert!((binary - 11.227_733_4 / 30.0).abs() < 1e-6, "{binary}");
    }

    #[test]
    fn the_gradients_are_the_slopes_of_the_losses() {
        let losses = [0.0, 0.5, 1.0, 2.0, 5.0].map(Loss::focal);
        let others = [Loss::Binary, Loss::asymmetric(), Loss::Focal { gamma: 2.0, alpha: Some(0.25) }];
        for loss in losses.into_iter().chain(others) {
            for known in [false, true] {
                for logit in [-8.0_f32, -3.0, -0.5, 0.0, 0.25, 2.0, 6.0] {
                    let step = 0.01;
                    let rise = loss.cell(logit + step, known).0 - loss.cell(logit - step, known).0;
                    let (expected, found) = (rise / (2.0 * step), loss.cell(logit, known).1);
                    let near = (found - expected).abs() < 1e-3 * (1.0 + expected.abs());
                    assert!(near, "{loss:?} {known:?} {logit}: {found} instead of {expected}");
                }
            }
        }
        // By hand at 0: binary -1/2; focal -(1/2)^2 · (2 · 1/2 · ln 2 + 1/2).
        assert_eq!(Loss::Binary.cell(0.0, true).1, -0.5);
        assert!((FOCAL.cell(0.0, false).1 - 0.298_286_8).abs() < 1e-6);
    }

    #[test]
    fn value_and_gradient_stay_finite_for_huge_logits() {
        for loss in [FOCAL, Loss::focal(0.0), Loss::focal(0.3), Loss::Binary, Loss::asymmetric()] {
            for logit in [-1e4, -100.0, -17.0, 17.0, 100.0, 1e4] {
                for known in [false, true] {
                    let (value, slope) = loss.cell(logit, known);
                    assert!(value.is_finite() && slope.is_finite() && value >= 0.0, "{loss:?} {logit} {known:?}");
                }
            }
        }
        assert_eq!(Loss::Binary.cell(-1e4, true), (1e4, -1.0));
    }

    #[test]
    fn the_asymmetric_loss_is_the_papers() {
        // PyTorch 2.15 in f64 on the first image of the reference matrix, by the paper's equations:
        // gammas 0 and 4, clip 0.05; gammas 1 and 2, no clip.
        let (logits, truth) = (reference::logits(), reference::truth());
        let (logits, truth) = (&logits[..reference::N_LABELS], &truth[..reference::N_LABELS]);
        let plain = Loss::Asymmetric { gamma_present: 1.0, gamma_absent: 2.0, clip: 0.0 };
        for (loss, expected) in [(Loss::asymmetric(), 3.009_622_6), (plain, 4.119_127_1)] {
            let (found, _) = loss.of(logits, truth, reference::N_LABELS);
            assert!((found - expected).abs() < 1e-5, "{loss:?}: {found}");
        }
    }

    #[test]
    fn alpha_weighs_present_against_absent_and_an_implied_absence_counts_its_share() {
        let weighed = Loss::Focal { gamma: 2.0, alpha: Some(0.25) };
        assert_eq!(weighed.cell(0.5, true).0, 0.25 * FOCAL.cell(0.5, true).0);
        assert_eq!(weighed.cell(0.5, false).1, 0.75 * FOCAL.cell(0.5, false).1);
        let half = Objective { loss: FOCAL, implied: 0.5 };
        let (rejected, slope) = half.of(&[0.7], &[Truth::Absent], 1);
        let (implied, half_slope) = half.of(&[0.7], &[Truth::Implied], 1);
        assert_eq!((implied, half_slope[0]), (0.5 * rejected, 0.5 * slope[0]));
    }

    #[test]
    fn unjudged_cells_add_nothing_and_move_nothing() {
        use Truth::{Absent as A, Present as P, Unjudged as U};
        let (masked, gradient) = FOCAL.of(&[0.5, 9.0, -1.0, 0.2], &[P, U, A, U], 2);
        let (judged, _) = FOCAL.of(&[0.5, -1.0], &[P, A], 1);
        assert_eq!(masked, judged);
        assert!(gradient[1] == 0.0 && gradient[3] == 0.0 && gradient[0] < 0.0 && gradient[2] > 0.0);
    }

    #[test]
    fn the_gradient_reaches_what_made_the_logits() {
        let logits = Var::new(&[[0.5_f32, -2.0], [0.0, 3.0]], &Device::Cpu).unwrap();
        let truth = vec![Truth::Present, Truth::Absent, Truth::Unjudged, Truth::Absent];
        let doubled = logits.affine(2.0, 0.0).unwrap();
        let loss = Objective::from(FOCAL).scalar(&doubled, truth.clone()).unwrap();
        let found = backward(&loss).unwrap().get(&logits).unwrap().flatten_all().unwrap().to_vec1::<f32>().unwrap();
        let (value, by_logit) = FOCAL.of(&[1.0, -4.0, 0.0, 6.0], &truth, 2);
        assert!((f64::from(loss.to_scalar::<f32>().unwrap()) - value).abs() < 1e-6);
        assert!(found.iter().zip(by_logit).all(|(found, slope)| (found - 2.0 * slope).abs() < 1e-6));
        assert!(Objective::from(FOCAL).scalar(&doubled, vec![Truth::Absent; 3]).is_err());
    }
}
