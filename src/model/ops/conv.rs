//! Convolution of channel-major maps, off the tape: the three ways to compute one, forwards and backwards.
//!
//! Pointwise is one matrix product, depthwise its own loops, everything else unfold and one product.
//! CPU only; who wants a gradient goes through `conv_norm_act`. Floor 3.

use candle_core::{Result, Tensor, bail};
use rayon::prelude::*;

use super::depthwise::Depthwise;
use super::precomputed::with_floats;
use super::unfold::{fold, unfold};
use super::window::{Frame, Window};

/// Depthwise, or every output sees every input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Groups {
    One,
    Depthwise,
}

/// The frame of `window` over a channel-major map.
pub(crate) fn frame(x: &Tensor, window: &Window) -> Result<Frame> {
    let (_c, _b, h, w) = x.dims4()?;
    window.over(h, w)
}

/// `x` `[C, B, h, w]`, `weight` `[O, C or 1, kh, kw]`; answers `[O, B, oh, ow]`.
pub(crate) fn forward(x: &Tensor, weight: &Tensor, groups: Groups, frame: &Frame) -> Result<Tensor> {
    let (c, b, _h, _w) = x.dims4()?;
    let (o, per_group, _kh, _kw) = weight.dims4()?;
    let shape = (o, b, frame.output.0, frame.output.1);
    match groups {
        Groups::Depthwise => {
            if o != c || per_group != 1 {
                bail!("depthwise weights {:?} do not fit {c} channels", weight.dims())
            }
            let answer =
                with_floats(x, |x| with_floats(weight, |weight| Ok(Depthwise::new(*frame).forward(x, weight, b))))?;
            Tensor::from_vec(answer, shape, x.device())
        }
        Groups::One => {
            if per_group != c {
                bail!("weights {:?} do not fit {c} channels", weight.dims())
            }
            let weight = weight.flatten_from(1)?; // [O, C * kh * kw]
            weight.matmul(&columns(x, frame)?)?.reshape(shape)
        }
    }
}

/// Gradients of the input and of the weights; each only where wanted.
pub(crate) fn backward(
    x: &Tensor,
    weight: &Tensor,
    gradient: &Tensor,
    groups: Groups,
    frame: &Frame,
    (wants_input, wants_weight): (bool, bool),
) -> Result<(Option<Tensor>, Option<Tensor>)> {
    if !wants_input && !wants_weight {
        return Ok((None, None));
    }
    let (_c, b, _h, _w) = x.dims4()?;
    if groups == Groups::Depthwise {
        let (for_input, for_weight) = with_floats(x, |x| {
            with_floats(weight, |weight| {
                with_floats(gradient, |gradient| {
                    Ok(Depthwise::new(*frame).backward(x, weight, gradient, b, wants_input))
                })
            })
        })?;
        let for_input = wants_input.then(|| Tensor::from_vec(for_input, x.dims(), x.device()));
        let for_weight = Tensor::from_vec(for_weight, weight.dims(), x.device())?;
        return Ok((for_input.transpose()?, Some(for_weight)));
    }
    let gradient = gradient.flatten_from(1)?; // [O, B * oh * ow]
    let for_weight = if wants_weight {
        let product = long_product(&gradient, &columns(x, frame)?)?; // [O, C * kh * kw]
        Some(product.reshape(weight.dims())?)
    } else {
        None
    };
    let for_input = if wants_input {
        let columns = weight.flatten_from(1)?.t()?.matmul(&gradient)?; // [C * kh * kw, B * oh * ow]
        if frame.is_pointwise() {
            Some(columns.reshape(x.dims())?)
        } else {
            let folded = with_floats(&columns, |columns| Ok(fold(columns, frame, b)))?;
            Some(Tensor::from_vec(folded, x.dims(), x.device())?)
        }
    } else {
        None
    };
    Ok((for_input, for_weight))
}

/// The map as a matrix `[C * kh * kw, B * oh * ow]`.
fn columns(x: &Tensor, frame: &Frame) -> Result<Tensor> {
    let (c, b, h, w) = x.dims4()?;
    if frame.is_pointwise() {
        return x.reshape((c, b * h * w));
    }
    let n_rows = c * frame.kernel.0 * frame.kernel.1;
    let columns = with_floats(x, |x| Ok(unfold(x, frame, b)))?;
    Tensor::from_vec(columns, (n_rows, b * frame.output.0 * frame.output.1), x.device())
}

/// `left` `[M, N]` times `right` transposed `[N, K]`, where N is by far the longest: summed over stretches of N.
/// A matrix product shares out M and K among the cores, which here are too small to share.
fn long_product(left: &Tensor, right: &Tensor) -> Result<Tensor> {
    const STRETCHES: usize = 8;
    let (m, n) = left.dims2()?;
    let (k, _n) = right.dims2()?;
    let stretch = n.div_ceil(STRETCHES);
    if m * k > 128 * 128 || stretch < 512 {
        return left.matmul(&right.t()?);
    }
    let parts = (0..n.div_ceil(stretch))
        .into_par_iter()
        .map(|i| {
            let length = stretch.min(n - i * stretch);
            let left = left.narrow(1, i * stretch, length)?;
            left.matmul(&right.narrow(1, i * stretch, length)?.t()?)
        })
        .collect::<Result<Vec<_>>>()?;
    let mut parts = parts.into_iter();
    let Some(first) = parts.next() else {
        return left.matmul(&right.t()?);
    };
    parts.try_fold(first, |sum, part| sum.add(&part))
}
