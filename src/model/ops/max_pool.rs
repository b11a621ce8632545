//! Max pooling with any kernel, stride and padding, and a gradient for each of them.
//!
//! Outside the map counts as minus infinity. Floor 3.

use candle_core::{Result, Tensor, bail};

use super::fused::map::{Size, map_of, with_pixels};
use super::fused::pool::{Kind, pool};
use super::fused::pool_gradient::{maxima, of_maxima};
use super::tape::Map;
use super::taps::taps;
use super::window::{Frame, Window};

/// `x` in its layout; where several pixels share the maximum the first one gets the gradient.
pub(crate) fn max_pool(x: &Map, window: &Window) -> Result<Map> {
    let (h, w) = x.size()?;
    let frame = window.over(h, w)?;
    if !x.is_native() {
        return Ok(composed(x.values(), &frame)?.into());
    }
    if !x.learns() {
        return Ok(pool(x.values(), &frame, Kind::Max)?.into());
    }
    let size = Size::of(x.values())?;
    let (values, winners) = with_pixels(x.values(), |x| Ok(maxima(x, size, &frame)))?;
    let answer = map_of(values, Size { height: frame.output.0, width: frame.output.1, ..size })?;
    let x = x.clone();
    Ok(Map::new(answer, true, move |gradient, gradients| {
        gradients.add(&x, of_maxima(&winners, size, &frame, &gradient));
        Ok(())
    }))
}

/// The maximum of shifted views, for devices without our loops. Ties share the gradient there.
pub(crate) fn composed(x: &Tensor, frame: &Frame) -> Result<Tensor> {
    // Far below any activation, yet finite: an infinity times a zero gradient would be NaN. Fits f16.
    const OUTSIDE: f64 = -6e4;
    let mut taps = taps(x, frame, OUTSIDE)?.into_iter();
    let Some(first) = taps.next() else { bail!("max-pool: the kernel is empty") };
    taps.try_fold(first, |answer, tap| answer.maximum(&tap))
}
