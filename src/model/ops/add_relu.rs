//! A sum and the activation after it as one step of the tape: the end of a residual block.
//!
//! One pass forwards and one backwards where Candle's own operations take eleven. Floor 3.

use candle_core::{Result, Tensor, bail};
use rayon::prelude::*;

use super::lanes::zeros;
use super::precomputed::{Precomputed, with_floats};
use super::{fused, is_fused, is_native};

/// Floats that one core handles at a time.
const PART: usize = 1 << 15;

/// `x + y`; both of the same shape.
pub(crate) fn add(x: &Tensor, y: &Tensor) -> Result<Tensor> {
    if is_fused(x) && !y.track_op() { fused::pixelwise::add(x, y, f32::NEG_INFINITY) } else { x + y }
}

/// `relu(x)`.
pub(crate) fn relu(x: &Tensor) -> Result<Tensor> {
    if is_fused(x) { fused::pixelwise::relu(x) } else { x.relu() }
}

/// `relu(x + y)`; both of the same shape.
pub(crate) fn add_relu(x: &Tensor, y: &Tensor) -> Result<Tensor> {
    if !is_native(x) {
        return (x + y)?.relu();
    }
    if is_fused(x) && !y.track_op() {
        return fused::pixelwise::add(x, y, 0.0);
    }
    if x.dims() != y.dims() {
        bail!("a sum of maps {:?} and {:?}", x.dims(), y.dims())
    }
    let answer = with_floats(x, |x| {
        with_floats(y, |y| {
            let mut answer = zeros(x.len());
            let parts = answer.par_chunks_mut(PART).zip(x.par_chunks(PART)).zip(y.par_chunks(PART));
            parts.for_each(|((answer, x), y)| {
                answer.iter_mut().zip(x).zip(y).for_each(|((answer, x), y)| *answer = (x + y).max(0.0));
            });
            Ok(answer)
        })
    })?;
    if !(x.track_op() || y.track_op()) {
        return Tensor::from_vec(answer, x.dims(), x.device());
    }
    let operation = Precomputed::<2>::new("add-relu", answer, x.shape().clone(), |[x, y], answer, gradient| {
        let for_both = with_floats(answer, |answer| {
            with_floats(gradient, |gradient| {
                let mut for_both = zeros(answer.len());
                let parts = for_both.par_chunks_mut(PART).zip(answer.par_chunks(PART)).zip(gradient.par_chunks(PART));
                parts.for_each(|((target, answer), gradient)| {
                    for ((target, answer), gradient) in target.iter_mut().zip(answer).zip(gradient) {
                        // A mask, not `if`: see `norm::backward`.
                        let open = u32::from(*answer > 0.0).wrapping_neg();
                        *target = f32::from_bits(gradient.to_bits() & open);
                    }
                });
                Ok(for_both)
            })
        })?;
        let for_both = Tensor::from_vec(for_both, answer.dims(), answer.device())?;
        Ok([x, y].map(|argument| argument.track_op().then(|| for_both.clone())))
    });
    x.apply_op2(y, operation)
}
