//! Average pooling with any kernel, stride and padding; padding counts as zeros or not at all.
//!
//! Works on the last two dimensions, so in either layout. Floor 3.
//! Source: PyTorch's `AvgPool2d`, `count_include_pad`.

use candle_core::{Result, Tensor, bail};
use rayon::prelude::*;

use super::precomputed::{Precomputed, with_floats};
use super::taps::taps;
use super::window::{Frame, Window};
use super::{fused, is_fused, is_native};

/// What a window that reaches over the edge divides by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Divisor {
    /// The pixels of the map that it holds.
    Inside,
    /// Its own size, padding included.
    #[cfg_attr(not(test), expect(dead_code, reason = "PyTorch's default, which none of the networks uses"))]
    Window,
}

/// `x` `[.., .., h, w]` to `[.., .., oh, ow]`.
pub(crate) fn avg_pool(x: &Tensor, window: &Window, divisor: Divisor) -> Result<Tensor> {
    let (first, second, h, w) = x.dims4()?;
    let frame = window.over(h, w)?;
    if !is_native(x) {
        return composed(x, &frame, divisor);
    }
    let shares = shares(&frame, divisor);
    if is_fused(x) {
        return fused::pool::pool(x, &frame, fused::pool::Kind::Sum(&shares));
    }
    let (n_in, n_out) = (h * w, shares.len());
    let answer = with_floats(x, |x| {
        let mut answer = vec![0.0; x.len() / n_in * n_out];
        answer.par_chunks_mut(n_out).zip(x.par_chunks(n_in)).for_each(|(answer, x)| {
            frame.each_pair(|out, source| answer[out] += x[source]);
            answer.iter_mut().zip(&shares).for_each(|(sum, share)| *sum *= share);
        });
        Ok(answer)
    })?;
    let shape = (first, second, frame.output.0, frame.output.1);
    if !x.track_op() {
        return Tensor::from_vec(answer, shape, x.device());
    }
    x.apply_op1(Precomputed::<1>::new("avg-pool", answer, shape, move |[x], _answer, gradient| {
        let mut for_x = vec![0.0; x.elem_count()];
        with_floats(gradient, |gradient| {
            let planes = for_x.par_chunks_mut(n_in).zip(gradient.par_chunks(n_out));
            planes.for_each(|(for_x, gradient)| {
                frame.each_pair(|out, source| for_x[source] += gradient[out] * shares[out]);
            });
            Ok(())
        })?;
        Ok([Some(Tensor::from_vec(for_x, x.dims(), x.device())?)])
    }))
}

/// One over the divisor of every output pixel.
fn shares(frame: &Frame, divisor: Divisor) -> Vec<f32> {
    let mut counts = vec![0_usize; frame.output.0 * frame.output.1];
    frame.each_pair(|out, _source| counts[out] += 1);
    let whole = frame.kernel.0 * frame.kernel.1;
    let of = |count: usize| if divisor == Divisor::Inside { count.max(1) } else { whole };
    counts.into_iter().map(|count| 1.0 / of(count) as f32).collect()
}

/// The mean of shifted views, for devices without our loops.
pub(crate) fn composed(x: &Tensor, frame: &Frame, divisor: Divisor) -> Result<Tensor> {
    let mut taps = taps(x, frame, 0.0)?.into_iter();
    let Some(first) = taps.next() else { bail!("avg-pool: the kernel is empty") };
    let sum = taps.try_fold(first, |sum, tap| sum + tap)?;
    let shares = Tensor::from_vec(shares(frame, divisor), frame.output, x.device())?.to_dtype(x.dtype())?;
    sum.broadcast_mul(&shares)
}
