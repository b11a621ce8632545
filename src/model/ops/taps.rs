//! Taps: a map as one shifted view for each kernel position, made of Candle's own operations.
//!
//! With it pooling and grouped convolution need no kernel of ours on a graphics card, and get their gradients from
//! Candle's tape. Maps are `[B, C, h, w]`. Floor 3.

use candle_core::{Result, Tensor};

use super::window::Frame;

/// For each kernel position, row by row, the pixels it meets: `[B, C, oh, ow]`. Outside the map everything is `outside`.
pub(crate) fn taps(x: &Tensor, frame: &Frame, outside: f64) -> Result<Vec<Tensor>> {
    let padded = padded(x, frame, outside)?;
    let (b, c, _h, _w) = padded.dims4()?;
    let (s, (oh, ow)) = (frame.stride, frame.output);
    (0..frame.kernel.0 * frame.kernel.1)
        .map(|tap| {
            let view = padded.narrow(2, tap / frame.kernel.1, oh * s)?;
            let view = view.narrow(3, tap % frame.kernel.1, ow * s)?.contiguous()?; // [B, C, oh * s, ow * s]
            if s == 1 {
                return Ok(view);
            }
            // Every s-th row and column: the first of each part.
            let view = view.reshape((b * c, oh, s, ow * s))?.narrow(2, 0, 1)?.contiguous()?;
            let view = view.reshape((b * c, oh, ow, s))?.narrow(3, 0, 1)?.contiguous()?;
            view.reshape((b, c, oh, ow))
        })
        .collect()
}

/// The map with its margins, as far as the last kernel position and stride reach.
fn padded(x: &Tensor, frame: &Frame, outside: f64) -> Result<Tensor> {
    let reach = |n_out: usize, kernel: usize| (n_out - 1) * frame.stride + kernel + frame.stride;
    let (height, width) = (reach(frame.output.0, frame.kernel.0), reach(frame.output.1, frame.kernel.1));
    let below = height.saturating_sub(frame.input.0 + frame.top);
    let right = width.saturating_sub(frame.input.1 + frame.left);
    let pad = |x: &Tensor| x.pad_with_zeros(2, frame.top, below)?.pad_with_zeros(3, frame.left, right);
    let padded = pad(x)?;
    if outside == 0.0 {
        return Ok(padded);
    }
    let (_b, _c, h, w) = x.dims4()?;
    let inside = Tensor::ones((1, 1, h, w), x.dtype(), x.device())?;
    padded.broadcast_add(&pad(&inside)?.affine(-outside, outside)?) // 0 inside the map
}
