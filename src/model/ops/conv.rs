//! Convolution of channel-major maps, off the tape: the ways to compute one, forwards and backwards.
//!
//! Pointwise is one matrix product, depthwise its own loops, everything else unfold and one product for all groups
//! together. CPU only; who wants a gradient goes through `conv_norm_act`. Floor 3.

use candle_core::{Result, Tensor, bail};
use rayon::prelude::*;

use super::depthwise::Depthwise;
use super::precomputed::with_floats;
use super::unfold::{fold, unfold};
use super::window::{Frame, Window};

/// Which inputs an output sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Groups {
    /// All of them.
    One,
    /// Its own channel.
    Depthwise,
    /// Those of its own part, of so many equal parts.
    #[cfg_attr(not(test), expect(dead_code, reason = "none of the networks so far is grouped; ResNeXt will be"))]
    Many(usize),
}

impl Groups {
    /// How many parts `n_channels` input channels fall into.
    pub(crate) fn count(self, n_channels: usize) -> usize {
        match self {
            Self::One => 1,
            Self::Depthwise => n_channels,
            Self::Many(n) => n,
        }
    }
}

/// The frame of `window` over a channel-major map.
pub(crate) fn frame(x: &Tensor, window: &Window) -> Result<Frame> {
    let (_c, _b, h, w) = x.dims4()?;
    window.over(h, w)
}

/// Errors: `weight` `[O, C / groups, kh, kw]` does not fit `n_channels` inputs.
pub(crate) fn check(n_channels: usize, weight: &Tensor, groups: Groups) -> Result<()> {
    let (o, per_group, _kh, _kw) = weight.dims4()?;
    let n = groups.count(n_channels);
    let depthwise_fits = groups != Groups::Depthwise || o == n_channels;
    if n == 0 || n * per_group != n_channels || !o.is_multiple_of(n) || !depthwise_fits {
        bail!("convolution weights {:?} do not fit {n_channels} channels in {n} groups", weight.dims())
    }
    Ok(())
}

/// `x` `[C, B, h, w]`, `weight` `[O, C / groups, kh, kw]`; answers `[O, B, oh, ow]`.
pub(crate) fn forward(x: &Tensor, weight: &Tensor, groups: Groups, frame: &Frame) -> Result<Tensor> {
    let (c, b, _h, _w) = x.dims4()?;
    let (o, _per_group, _kh, _kw) = weight.dims4()?;
    check(c, weight, groups)?;
    let shape = (o, b, frame.output.0, frame.output.1);
    if groups == Groups::Depthwise {
        let answer =
            with_floats(x, |x| with_floats(weight, |weight| Ok(Depthwise::new(*frame).forward(x, weight, b))))?;
        return Tensor::from_vec(answer, shape, x.device());
    }
    let n = groups.count(c);
    by_group(weight, n)?.matmul(&by_group(&columns(x, frame)?, n)?)?.reshape(shape)
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
    let (c, b, _h, _w) = x.dims4()?;
    if groups == Groups::Depthwise {
        return depthwise_backward(x, weight, gradient, frame, wants_input);
    }
    let n = groups.count(c);
    let gradient = by_group(&gradient.flatten_from(1)?, n)?; // [.., O, B * oh * ow]
    let for_weight = if wants_weight {
        let columns = by_group(&columns(x, frame)?, n)?; // [.., C * kh * kw, B * oh * ow]
        let product =
            if n == 1 { long_product(&gradient, &columns)? } else { gradient.matmul(&columns.transpose(1, 2)?)? };
        Some(product.reshape(weight.dims())?) // from [.., O, C * kh * kw]
    } else {
        None
    };
    let for_input = if wants_input {
        let weight = by_group(weight, n)?;
        let transposed = weight.transpose(weight.rank() - 2, weight.rank() - 1)?;
        let columns = transposed.matmul(&gradient)?; // [.., C * kh * kw, B * oh * ow]
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

fn depthwise_backward(
    x: &Tensor,
    weight: &Tensor,
    gradient: &Tensor,
    frame: &Frame,
    wants_input: bool,
) -> Result<(Option<Tensor>, Option<Tensor>)> {
    let (_c, b, _h, _w) = x.dims4()?;
    let (for_input, for_weight) = with_floats(x, |x| {
        with_floats(weight, |weight| {
            with_floats(gradient, |gradient| Ok(Depthwise::new(*frame).backward(x, weight, gradient, b, wants_input)))
        })
    })?;
    let for_input = wants_input.then(|| Tensor::from_vec(for_input, x.dims(), x.device()));
    Ok((for_input.transpose()?, Some(Tensor::from_vec(for_weight, weight.dims(), x.device())?)))
}

/// The first dimension in `n` parts, the rest flattened: `[n, rows / n, ..]`, or `[rows, ..]` for one part.
fn by_group(tensor: &Tensor, n: usize) -> Result<Tensor> {
    let flat = tensor.flatten_from(1)?;
    let (rows, columns) = flat.dims2()?;
    if n == 1 { Ok(flat) } else { flat.reshape((n, rows / n, columns)) }
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
