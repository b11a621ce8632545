//! Convolution of channel-major maps, off the tape: the ways to compute one, forwards and backwards.
//!
//! Pointwise is one matrix product, depthwise its own loops, 3x3 with stride 1 Winograd's way where that pays, everything
//! else goes by strips. CPU only; who wants a gradient goes through `conv_norm_act`. Floor 3.

use candle_core::{Result, Tensor, bail};
use rayon::prelude::*;

use super::depthwise::Depthwise;
use super::precomputed::with_floats;
use super::strips::Strips;
use super::window::{Frame, Window};
use super::winograd::Winograd;

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
    if groups == Groups::One && frame.is_pointwise() {
        return weight.flatten_from(1)?.matmul(&x.flatten_from(1)?)?.reshape(shape);
    }
    if let Some(winograd) = winograd(x, weight, groups, frame)? {
        let answer = with_floats(x, |x| with_floats(weight, |weight| Ok(winograd.forward(x, weight))))?;
        return Tensor::from_vec(answer, shape, x.device());
    }
    let strips = strips(x, weight, groups, frame)?;
    let answer = with_floats(x, |x| with_floats(weight, |weight| Ok(strips.forward(x, weight))))?;
    Tensor::from_vec(answer, shape, x.device())
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
    if groups == Groups::Depthwise {
        return depthwise_backward(x, weight, gradient, frame, wants_input);
    }
    if groups == Groups::One && frame.is_pointwise() {
        return pointwise_backward(x, weight, gradient, (wants_input, wants_weight));
    }
    let (winograd, strips) = (winograd(x, weight, groups, frame)?, strips(x, weight, groups, frame)?);
    let (mut for_input, mut for_weight) = (None, None);
    if wants_weight {
        let sums = with_floats(x, |x| {
            with_floats(gradient, |gradient| {
                Ok(match winograd {
                    Some(winograd) => winograd.for_weight(x, gradient),
                    None => strips.for_weight(x, gradient),
                })
            })
        })?;
        for_weight = Some(Tensor::from_vec(sums, weight.dims(), x.device())?);
    }
    if wants_input {
        let sums = with_floats(weight, |weight| {
            with_floats(gradient, |gradient| {
                Ok(match winograd {
                    Some(winograd) => winograd.for_input(weight, gradient),
                    None => strips.for_input(weight, gradient),
                })
            })
        })?;
        for_input = Some(Tensor::from_vec(sums, x.dims(), x.device())?);
    }
    Ok((for_input, for_weight))
}

fn winograd(x: &Tensor, weight: &Tensor, groups: Groups, frame: &Frame) -> Result<Option<Winograd>> {
    let (n_in, n_batch, _h, _w) = x.dims4()?;
    let suitable = Winograd::suitable(frame, n_batch, n_in, weight.dim(0)?);
    Ok(suitable.filter(|_| groups == Groups::One))
}

fn strips(x: &Tensor, weight: &Tensor, groups: Groups, frame: &Frame) -> Result<Strips> {
    let (n_in, n_batch, _h, _w) = x.dims4()?;
    Ok(Strips { frame: *frame, n_batch, n_in, n_out: weight.dim(0)?, n_groups: groups.count(n_in) })
}

fn pointwise_backward(
    x: &Tensor,
    weight: &Tensor,
    gradient: &Tensor,
    (wants_input, wants_weight): (bool, bool),
) -> Result<(Option<Tensor>, Option<Tensor>)> {
    let gradient = gradient.flatten_from(1)?; // [O, B * h * w]
    let (mut for_input, mut for_weight) = (None, None);
    if wants_weight {
        let product = long_product(&gradient, &x.flatten_from(1)?)?; // [O, C]
        for_weight = Some(product.reshape(weight.dims())?);
    }
    if wants_input {
        let product = weight.flatten_from(1)?.t()?.matmul(&gradient)?; // [C, B * h * w]
        for_input = Some(product.reshape(x.dims())?);
    }
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
