//! Convolution, batch norm and activation as one step of the tape.
//!
//! One step, because each one costs Candle's backward pass three more walks over the map; and because so only the
//! convolution's raw answer has to be kept. Floor 3.

use candle_core::{CpuStorage, InplaceOp1, Layout, Result, Tensor, Var, bail};

use super::conv::{self, Groups};
use super::norm::{self, Activation, Channel};
use super::precomputed::{Precomputed, with_floats};
use super::window::{Frame, Window};

/// PyTorch's share of the newest batch in the running statistics.
const MOMENTUM: f64 = 0.1;

/// The convolution's geometry and what follows it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape {
    pub(crate) window: Window,
    pub(crate) groups: Groups,
    pub(crate) activation: Activation,
}

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

/// `x` in the device's layout (see `ops`), `weight` `[O, C or 1, kh, kw]`; answers in the device's layout.
pub(crate) fn conv_norm_act(x: &Tensor, weight: &Tensor, norm: &Norm, shape: &Shape, mode: Mode) -> Result<Tensor> {
    if !x.device().is_cpu() {
        return composed(x, weight, norm, shape, mode);
    }
    let frame = conv::frame(x, &shape.window)?;
    let z = conv::forward(&x.detach(), &weight.detach(), shape.groups, &frame)?; // [O, B, oh, ow]
    let channels = channels(&z, norm, mode)?;
    let answer = with_floats(&z, |z| Ok(norm::apply(z, &channels, shape.activation)))?;
    let affine = Tensor::stack(&[&norm.gamma, &norm.beta], 0)?; // [2, O]
    if !(x.track_op() || weight.track_op() || affine.track_op()) {
        return Tensor::from_vec(answer, z.dims(), z.device());
    }
    let shape = *shape;
    let operation = Precomputed::<3>::new("conv-norm-act", answer, z.shape().clone(), {
        let z = z.clone();
        move |[x, weight, affine], gradient| {
            backward(&z, &channels, &shape, &frame, mode == Mode::Inference, [x, weight, affine], gradient)
        }
    });
    x.apply_op3(weight, &affine, operation)
}

fn backward(
    z: &Tensor,
    channels: &[Channel],
    shape: &Shape,
    frame: &Frame,
    frozen: bool,
    [x, weight, affine]: [&Tensor; 3],
    gradient: &Tensor,
) -> Result<[Option<Tensor>; 3]> {
    let (for_z, for_affine) = with_floats(z, |z| {
        with_floats(gradient, |gradient| Ok(norm::backward(z, gradient, channels, shape.activation, frozen)))
    })?;
    let for_z = Tensor::from_vec(for_z, z.dims(), z.device())?;
    let wanted = (x.track_op(), weight.track_op());
    let (for_x, for_weight) = conv::backward(&x.detach(), &weight.detach(), &for_z, shape.groups, frame, wanted)?;
    let for_affine = Tensor::from_vec(for_affine, affine.dims(), affine.device())?;
    Ok([for_x.filter(|_| wanted.0), for_weight.filter(|_| wanted.1), affine.track_op().then_some(for_affine)])
}

/// Every channel's normalisation; in training also moves the stored statistics.
fn channels(z: &Tensor, norm: &Norm, mode: Mode) -> Result<Vec<Channel>> {
    let (o, b, h, w) = z.dims4()?;
    let (means, variances) = match mode {
        Mode::Inference => (norm.mean.to_vec1::<f32>()?, norm.variance.to_vec1::<f32>()?),
        Mode::Training { update_statistics } => {
            let statistics = with_floats(z, |z| Ok(norm::statistics(z, o)))?;
            let (means, variances): (Vec<_>, Vec<_>) = statistics.into_iter().unzip();
            if update_statistics {
                let mean = Tensor::from_slice(&means, o, z.device())?;
                let variance = Tensor::from_slice(&variances, o, z.device())?;
                remember(norm, &mean, &variance, b * h * w)?;
            }
            (means, variances)
        }
    };
    let (gammas, betas) = (norm.gamma.to_vec1::<f32>()?, norm.beta.to_vec1::<f32>()?);
    if [gammas.len(), betas.len(), means.len(), variances.len()] != [o; 4] {
        bail!("batch norm of {} channels after a convolution of {o}", gammas.len())
    }
    Ok((0..o)
        .map(|i| Channel {
            gamma: gammas[i],
            beta: betas[i],
            mean: means[i],
            inverse: (1.0 / (f64::from(variances[i]) + norm.eps).sqrt()) as f32,
        })
        .collect())
}

/// Moves the stored statistics towards this batch's; `variance` is the biased one over `n` values.
fn remember(norm: &Norm, mean: &Tensor, variance: &Tensor, n: usize) -> Result<()> {
    let unbiased = n as f64 / n.saturating_sub(1).max(1) as f64;
    let moved = |old: &Var, new: &Tensor, share: f64| {
        let moved = ((old.as_detached_tensor() * (1.0 - MOMENTUM))? + (new.detach() * share)?)?;
        old.set(&moved)
    };
    moved(&norm.mean, mean, MOMENTUM)?;
    moved(&norm.variance, variance, MOMENTUM * unbiased)
}

/// Convolution with batch norm folded in: `weight` already scaled, `shift` `[O]`. For inference, no gradient.
pub(crate) fn conv_shift_act(x: &Tensor, weight: &Tensor, shift: &Tensor, shape: &Shape) -> Result<Tensor> {
    if !x.device().is_cpu() {
        let z = composed_conv(x, weight, shape)?;
        return activate(&z.broadcast_add(&shift.reshape((1, (), 1, 1))?)?, shape.activation);
    }
    let frame = conv::frame(x, &shape.window)?;
    let z = conv::forward(x, weight, shape.groups, &frame)?;
    z.inplace_op1(&ShiftAct { shifts: shift.to_vec1()?, activation: shape.activation })?;
    Ok(z)
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

/// The same answer and gradients from Candle's own operations, on `[B, C, h, w]`.
pub(crate) fn composed(x: &Tensor, weight: &Tensor, norm: &Norm, shape: &Shape, mode: Mode) -> Result<Tensor> {
    let z = composed_conv(x, weight, shape)?;
    let (b, _o, h, w) = z.dims4()?;
    let wide = |tensor: &Tensor| tensor.reshape((1, (), 1, 1));
    let (mean, variance) = match mode {
        Mode::Inference => (norm.mean.as_detached_tensor(), norm.variance.as_detached_tensor()),
        Mode::Training { update_statistics } => {
            let mean = z.mean((0, 2, 3))?;
            let variance = z.broadcast_sub(&wide(&mean)?)?.sqr()?.mean((0, 2, 3))?;
            if update_statistics {
                remember(norm, &mean, &variance, b * h * w)?;
            }
            (mean, variance)
        }
    };
    let scale = norm.gamma.div(&(variance + norm.eps)?.sqrt()?)?; // [O]
    let shift = norm.beta.sub(&mean.mul(&scale)?)?; // [O]
    activate(&z.broadcast_mul(&wide(&scale)?)?.broadcast_add(&wide(&shift)?)?, shape.activation)
}

fn composed_conv(x: &Tensor, weight: &Tensor, shape: &Shape) -> Result<Tensor> {
    let (_b, c, h, w) = x.dims4()?;
    let frame = shape.window.over(h, w)?;
    let groups = if shape.groups == Groups::Depthwise { c } else { 1 };
    let (height, width) = frame.used();
    let padded = (h + frame.top + frame.bottom, w + frame.left + frame.right);
    if [frame.bottom, frame.left, frame.right] == [frame.top; 3] && padded == (height, width) {
        return x.conv2d(weight, frame.top, frame.stride, 1, groups);
    }
    // Cut to what the kernel reaches: Candle's backward pass loses track of rows and columns left over.
    let x = x.pad_with_zeros(2, frame.top, frame.bottom)?.narrow(2, 0, height)?;
    let x = x.pad_with_zeros(3, frame.left, frame.right)?.narrow(3, 0, width)?;
    x.contiguous()?.conv2d(weight, 0, frame.stride, 1, groups)
}

fn activate(x: &Tensor, activation: Activation) -> Result<Tensor> {
    match activation {
        Activation::None => Ok(x.clone()),
        Activation::Relu => x.relu(),
        // 6 - relu(6 - relu(x)): no gradient at either end, unlike `clamp`.
        Activation::Relu6 => x.relu()?.affine(-1.0, 6.0)?.relu()?.affine(-1.0, 6.0),
    }
}
