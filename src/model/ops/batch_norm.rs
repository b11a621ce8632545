//! Batch norm on its own, before an activation (networks that normalise before they convolve), and what it shares
//! with the step that has a convolution in front.
//!
//! Floor 3. Source: Ioffe and Szegedy 2015; PyTorch's momentum and its unbiased variance to remember.

use candle_core::{CpuStorage, InplaceOp1, Layout, Result, Tensor, Var, bail};

use super::norm::{self, Activation, Channel};
use super::precomputed::{Precomputed, with_floats};
use super::{composed, fused, is_fused, is_native};

/// PyTorch's share of the newest batch in the running statistics.
const MOMENTUM: f64 = 0.1;

/// Batch norm's tensors, each `[C]`.
#[derive(Debug, Clone)]
pub(crate) struct Norm {
    pub(crate) gamma: Tensor,
    pub(crate) beta: Tensor,
    pub(crate) mean: Var,
    pub(crate) variance: Var,
    pub(crate) eps: f64,
}

/// Which statistics batch norm divides by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// The stored ones, as constants. Right for predicting and for fine-tuning; gradients flow to every weight.
    #[default]
    Inference,
    /// This batch's own, for training from scratch; the stored ones follow them if `update_statistics`.
    Training { update_statistics: bool },
}

impl Norm {
    /// What `mode` comes to here: a norm that is not trained keeps its statistics, whatever the others do.
    pub(super) fn mode(&self, mode: Mode) -> Mode {
        if self.gamma.track_op() { mode } else { Mode::Inference }
    }

    /// The scale and shift `[C]` that it comes to with its stored statistics; detached.
    pub(crate) fn scale_and_shift(&self) -> Result<(Tensor, Tensor)> {
        let deviation = (self.variance.as_detached_tensor() + self.eps)?.sqrt()?;
        let scale = self.gamma.detach().div(&deviation)?;
        let shift = self.beta.detach().sub(&self.mean.as_detached_tensor().mul(&scale)?)?;
        Ok((scale, shift))
    }

    /// Moves the stored statistics towards this batch's; `variance` is the biased one over `n` values.
    pub(super) fn remember(&self, mean: &Tensor, variance: &Tensor, n: usize) -> Result<()> {
        let unbiased = n as f64 / n.saturating_sub(1).max(1) as f64;
        let moved = |old: &Var, new: &Tensor, share: f64| {
            let moved = ((old.as_detached_tensor() * (1.0 - MOMENTUM))? + (new.detach() * share)?)?;
            old.set(&moved)
        };
        moved(&self.mean, mean, MOMENTUM)?;
        moved(&self.variance, variance, MOMENTUM * unbiased)
    }
}

/// `x` in its layout (see `ops`); answers in the same.
pub(crate) fn norm_act(x: &Tensor, norm: &Norm, activation: Activation, mode: Mode) -> Result<Tensor> {
    if !is_native(x) {
        return composed::norm_act(x, norm, activation, mode);
    }
    let mode = norm.mode(mode);
    if is_fused(x) && mode == Mode::Inference && !norm.gamma.track_op() && !norm.beta.track_op() {
        let (scale, shift) = norm.scale_and_shift()?;
        return fused::pixelwise::scale_shift(x, &scale.to_vec1()?, &shift.to_vec1()?, activation.limits());
    }
    let x = x.contiguous()?; // [C, B, h, w]
    let z = x.detach();
    let channels = channels(&z, norm, mode)?;
    let answer = with_floats(&z, |z| Ok(norm::apply(z, &channels, activation)))?;
    let affine = Tensor::stack(&[&norm.gamma, &norm.beta], 0)?; // [2, C]
    if !(x.track_op() || affine.track_op()) {
        return Tensor::from_vec(answer, z.dims(), z.device());
    }
    let frozen = mode == Mode::Inference;
    let operation =
        Precomputed::<2>::new("norm-act", answer, z.shape().clone(), move |[x, affine], _answer, gradient| {
            let (for_x, sums) = with_floats(x, |x| {
                with_floats(gradient, |gradient| Ok(norm::backward(x, gradient, &channels, activation, frozen)))
            })?;
            let for_x = x.track_op().then(|| Tensor::from_vec(for_x, x.dims(), x.device())).transpose()?;
            let sums = affine.track_op().then(|| Tensor::from_vec(sums, affine.dims(), affine.device())).transpose()?;
            Ok([for_x, sums])
        });
    x.apply_op2(&affine, operation)
}

/// Every channel's normalisation of `z` `[C, B, h, w]`; in training also moves the stored statistics.
pub(super) fn channels(z: &Tensor, norm: &Norm, mode: Mode) -> Result<Vec<Channel>> {
    let (c, b, h, w) = z.dims4()?;
    let (means, variances) = match mode {
        Mode::Inference => (norm.mean.to_vec1::<f32>()?, norm.variance.to_vec1::<f32>()?),
        Mode::Training { update_statistics } => {
            let statistics = with_floats(z, |z| Ok(norm::statistics(z, c)))?;
            let (means, variances): (Vec<_>, Vec<_>) = statistics.into_iter().unzip();
            if update_statistics {
                let mean = Tensor::from_slice(&means, c, z.device())?;
                let variance = Tensor::from_slice(&variances, c, z.device())?;
                norm.remember(&mean, &variance, b * h * w)?;
            }
            (means, variances)
        }
    };
    let (gammas, betas) = (norm.gamma.to_vec1::<f32>()?, norm.beta.to_vec1::<f32>()?);
    if [gammas.len(), betas.len(), means.len(), variances.len()] != [c; 4] {
        bail!("batch norm of {} channels over a map of {c}", gammas.len())
    }
    Ok((0..c)
        .map(|i| Channel {
            gamma: gammas[i],
            beta: betas[i],
            mean: means[i],
            inverse: (1.0 / (f64::from(variances[i]) + norm.eps).sqrt()) as f32,
        })
        .collect())
}

/// Channels that leave everything as it is.
pub(super) fn identity(n: usize) -> Vec<Channel> {
    vec![Channel { gamma: 1.0, beta: 0.0, mean: 0.0, inverse: 1.0 }; n]
}

/// Adds `shift` `[C]` to `z` `[C, B, h, w]` in place and activates. For tensors nobody else sees yet.
pub(super) fn shift_in_place(z: &Tensor, shift: &Tensor, activation: Activation) -> Result<()> {
    z.inplace_op1(&ShiftAct { shifts: shift.to_vec1()?, activation })
}

struct ShiftAct {
    shifts: Vec<f32>,
    activation: Activation,
}

impl InplaceOp1 for ShiftAct {
    fn name(&self) -> &'static str {
        "shift-act"
    }

    fn cpu_fwd(&self, storage: &mut CpuStorage, layout: &Layout) -> Result<()> {
        match (storage, layout.contiguous_offsets()) {
            (CpuStorage::F32(floats), Some((start, end))) => {
                norm::shift_in_place(&mut floats[start..end], &self.shifts, self.activation);
                Ok(())
            }
            _ => bail!("shift-act: contiguous f32 expected"),
        }
    }
}
