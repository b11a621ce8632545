//! Average pooling with any kernel, stride and padding; padding counts as zeros or not at all.
//!
//! Floor 3.
//! Source: PyTorch's `AvgPool2d`, `count_include_pad`.

use candle_core::{Result, Tensor, bail};

use super::fused::map::Size;
use super::fused::pool::{Kind, pool};
use super::fused::pool_gradient::of_sums;
use super::tape::Map;
use super::taps::taps;
use super::window::{Frame, Window};

/// What a window that reaches over the edge divides by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Divisor {
    /// The pixels of the map that it holds.
    Inside,
    /// Its own size, padding included.
    #[cfg_attr(not(test), expect(dead_code, reason = "PyTorch's default, which none of the networks uses"))]
    Window,
}

/// `x` in its layout.
pub(crate) fn avg_pool(x: &Map, window: &Window, divisor: Divisor) -> Result<Map> {
    let (h, w) = x.size()?;
    let frame = window.over(h, w)?;
    if !x.is_native() {
        return Ok(composed(x.values(), &frame, divisor)?.into());
    }
    let (size, shares) = (Size::of(x.values())?, shares(&frame, divisor));
    let answer = pool(x.values(), &frame, Kind::Sum(&shares))?;
    let (x, learns) = (x.clone(), x.learns());
    Ok(Map::new(answer, learns, move |gradient, gradients| {
        gradients.add(&x, of_sums(&shares, size, &frame, &gradient));
        Ok(())
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
