//! Single operations for the benchmarks, which see only what is public. Not for use.

use candle_core::{Result, Tensor};

use super::ops::conv::Groups;
use super::ops::conv_norm_act::{Shape, conv_shift_act};
use super::ops::norm::Activation;
use super::ops::window::{Padding, Window};

/// A depthwise convolution with stride 1: `x` f32 `[C, B, h, w]` on the CPU, `weight` `[C, 1, k, k]`.
pub fn depthwise(x: &Tensor, weight: &Tensor) -> Result<Tensor> {
    let (_c, _one, k, _k) = weight.dims4()?;
    let window = Window::square(k, 1, Padding::Symmetric);
    let shape = Shape { window, groups: Groups::Depthwise, activation: Activation::None };
    conv_shift_act(x, weight, None, &shape)
}
