//! Max pooling with any kernel, stride and padding, and a gradient for each of them.
//!
//! Outside the map counts as minus infinity. Works on the last two dimensions, so in either layout. Floor 3.

use std::hint::select_unpredictable;
use std::ops::Range;

use candle_core::{Result, Tensor, bail};
use rayon::prelude::*;

use super::precomputed::{Precomputed, with_floats};
use super::taps::taps;
use super::window::{Frame, Window};
use super::{fused, is_fused, is_native};

/// `x` `[.., .., h, w]` to `[.., .., oh, ow]`. Where several pixels share the maximum the first one gets the gradient.
pub(crate) fn max_pool(x: &Tensor, window: &Window) -> Result<Tensor> {
    let (first, second, h, w) = x.dims4()?;
    let frame = window.over(h, w)?;
    if !is_native(x) {
        return composed(x, &frame);
    }
    if is_fused(x) {
        return fused::pool::pool(x, &frame, fused::pool::Kind::Max);
    }
    let (answer, winners) = with_floats(x, |x| Ok(pool(x, &frame)))?;
    let shape = (first, second, frame.output.0, frame.output.1);
    if !x.track_op() {
        return Tensor::from_vec(answer, shape, x.device());
    }
    x.apply_op1(Precomputed::<1>::new("max-pool", answer, shape, move |[x], _answer, gradient| {
        let (n_in, n_out) = (h * w, frame.output.0 * frame.output.1);
        let mut for_x = vec![0.0; x.elem_count()];
        with_floats(gradient, |gradient| {
            let planes = for_x.par_chunks_mut(n_in).zip(gradient.par_chunks(n_out));
            planes.zip(winners.par_chunks(n_out)).for_each(|((for_x, gradient), winners)| {
                for (gradient, winner) in gradient.iter().zip(winners) {
                    for_x[*winner as usize] += gradient;
                }
            });
            Ok(())
        })?;
        Ok([Some(Tensor::from_vec(for_x, x.dims(), x.device())?)])
    }))
}

/// The maxima, and where in its plane each was found.
fn pool(x: &[f32], frame: &Frame) -> (Vec<f32>, Vec<u32>) {
    let (n_in, n_out) = (frame.input.0 * frame.input.1, frame.output.0 * frame.output.1);
    let n = x.len() / n_in * n_out;
    let (mut answer, mut winners) = (vec![0.0; n], vec![0_u32; n]);
    let planes = answer.par_chunks_mut(n_out).zip(winners.par_chunks_mut(n_out));
    planes.zip(x.par_chunks(n_in)).for_each(|((answer, winners), x)| {
        let ow = frame.output.1;
        for (at, (answer, winner)) in answer.iter_mut().zip(winners).enumerate() {
            let columns = seen(at % ow, frame.stride, frame.left, frame.kernel.1, frame.input.1);
            let (mut greatest, mut place) = (f32::NEG_INFINITY, 0);
            for y in seen(at / ow, frame.stride, frame.top, frame.kernel.0, frame.input.0) {
                let start = y * frame.input.1 + columns.start;
                for (source, value) in (start..).zip(&x[start..][..columns.len()]) {
                    // Which pixel is the greatest cannot be foretold; a branch costs three times the rest.
                    let greater = *value > greatest;
                    place = select_unpredictable(greater, source as u32, place);
                    greatest = select_unpredictable(greater, *value, greatest);
                }
            }
            (*answer, *winner) = (greatest, place);
        }
    });
    (answer, winners)
}

/// Positions within `0..size` under a window.
fn seen(output: usize, stride: usize, before: usize, kernel: usize, size: usize) -> Range<usize> {
    let end = (output * stride + kernel).saturating_sub(before).min(size);
    (output * stride).saturating_sub(before).min(end)..end
}

/// The maximum of shifted views, for devices without our loops. Ties share the gradient there.
pub(crate) fn composed(x: &Tensor, frame: &Frame) -> Result<Tensor> {
    // Far below any activation, yet finite: an infinity times a zero gradient would be NaN. Fits f16.
    const OUTSIDE: f64 = -6e4;
    let mut taps = taps(x, frame, OUTSIDE)?.into_iter();
    let Some(first) = taps.next() else { bail!("max-pool: the kernel is empty") };
    taps.try_fold(first, |answer, tap| answer.maximum(&tap))
}
