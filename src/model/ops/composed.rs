//! The same blocks composed of Candle's own operations, for devices and precisions without loops of ours.
//!
//! Maps are `[B, C, h, w]`; gradients come from Candle's tape. The tests hold them against our loops. Floor 3.

use candle_core::{Result, Tensor, bail};

use super::batch_norm::{Mode, Norm};
use super::conv::{self, Groups};
use super::conv_norm_act::{After, Shape};
use super::norm::Activation;
use super::taps::taps;

pub(super) fn conv_norm_act(
    x: &Tensor,
    weight: &Tensor,
    after: After<'_>,
    shape: &Shape,
    mode: Mode,
) -> Result<Tensor> {
    let z = convolve(x, weight, shape)?;
    let z = match after.bias {
        Some(bias) => z.broadcast_add(&wide(bias)?)?,
        None => z,
    };
    let Some(onto) = after.onto else {
        return match after.norm {
            Some(norm) => norm_act(&z, norm, shape.activation, mode),
            None => activate(&z, shape.activation),
        };
    };
    let z = match after.norm {
        Some(norm) => norm_act(&z, norm, Activation::None, mode)?,
        None => z,
    };
    activate(&(z + onto.values())?, shape.activation)
}

pub(super) fn norm_act(z: &Tensor, norm: &Norm, activation: Activation, mode: Mode) -> Result<Tensor> {
    let (b, _c, h, w) = z.dims4()?;
    let (mean, variance) = match norm.mode(mode) {
        Mode::Inference => (norm.mean.as_detached_tensor(), norm.variance.as_detached_tensor()),
        Mode::Training { update_statistics } => {
            let mean = z.mean((0, 2, 3))?;
            let variance = z.broadcast_sub(&wide(&mean)?)?.sqr()?.mean((0, 2, 3))?;
            if update_statistics {
                norm.remember(&mean, &variance, b * h * w)?;
            }
            (mean, variance)
        }
    };
    let scale = norm.gamma.div(&(variance + norm.eps)?.sqrt()?)?; // [C]
    let shift = norm.beta.sub(&mean.mul(&scale)?)?; // [C]
    activate(&z.broadcast_mul(&wide(&scale)?)?.broadcast_add(&wide(&shift)?)?, activation)
}

/// `[C]` to `[1, C, 1, 1]`.
fn wide(tensor: &Tensor) -> Result<Tensor> {
    tensor.reshape((1, (), 1, 1))
}

fn convolve(x: &Tensor, weight: &Tensor, shape: &Shape) -> Result<Tensor> {
    let (_b, c, h, w) = x.dims4()?;
    conv::check(c, weight, shape.groups)?;
    if shape.groups != Groups::One {
        return by_taps(x, weight, shape);
    }
    let frame = shape.window.over(h, w)?;
    let (height, width) = frame.used();
    let padded = (h + frame.top + frame.bottom, w + frame.left + frame.right);
    if [frame.bottom, frame.left, frame.right] == [frame.top; 3] && padded == (height, width) {
        return x.conv2d(weight, frame.top, frame.stride, 1, 1);
    }
    // Cut to what the kernel reaches: Candle's backward pass loses track of rows and columns left over.
    let fitted = |x: &Tensor, dim: usize, before: usize, after: usize, used: usize| {
        x.pad_with_zeros(dim, before, after)?.narrow(dim, 0, used)
    };
    let x = fitted(x, 2, frame.top, frame.bottom, height)?;
    let x = fitted(&x, 3, frame.left, frame.right, width)?;
    x.contiguous()?.conv2d(weight, 0, frame.stride, 1, 1)
}

/// Grouped convolution as a sum over kernel positions: every group at once, however many there are.
/// (Candle's own is one convolution after the other for each group.)
fn by_taps(x: &Tensor, weight: &Tensor, shape: &Shape) -> Result<Tensor> {
    let (b, c, h, w) = x.dims4()?;
    let (o, per_group, kh, kw) = weight.dims4()?;
    let frame = shape.window.over(h, w)?;
    let (oh, ow) = frame.output;
    let n = shape.groups.count(c);
    let weight = weight.reshape((o, per_group, kh * kw))?;
    let mut sum: Option<Tensor> = None;
    for (position, tap) in taps(x, &frame, 0.0)?.into_iter().enumerate() {
        let weight = weight.narrow(2, position, 1)?.contiguous()?; // [O, C / n, 1]
        let part = if per_group == 1 && o == c {
            tap.broadcast_mul(&weight.reshape((1, c, 1, 1))?)?
        } else {
            let tap = tap.reshape((b, n, per_group, oh * ow))?;
            let weight = weight.reshape((1, n, o / n, per_group))?;
            weight.broadcast_matmul(&tap)?.reshape((b, o, oh, ow))?
        };
        sum = Some(match sum {
            None => part,
            Some(sum) => (sum + part)?,
        });
    }
    match sum {
        Some(sum) => Ok(sum),
        None => bail!("convolution: the kernel is empty"),
    }
}

fn activate(x: &Tensor, activation: Activation) -> Result<Tensor> {
    match activation {
        Activation::None => Ok(x.clone()),
        Activation::Relu => x.relu(),
        // 6 - relu(6 - relu(x)): no gradient at either end, unlike `clamp`.
        Activation::Relu6 => x.relu()?.affine(-1.0, 6.0)?.relu()?.affine(-1.0, 6.0),
    }
}
