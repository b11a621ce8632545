//! Single operations for the benchmarks, which see only what is public. Not for use.

use candle_core::{Result, Tensor, bail};

use super::networks::{Mode, Network};
use super::ops::conv::Groups;
use super::ops::conv_norm_act::{After, Shape, conv_norm_act};
use super::ops::fused::Convolution;
use super::ops::norm::Activation;
use super::ops::tape::Map;
use super::ops::window::{Padding, Window};
use super::precision::Precision;

/// A depthwise convolution with stride 1: `x` f32 `[C, B, h, w]` on the CPU, its channels together, `weight` `[C, 1, k, k]`.
pub fn depthwise(x: &Tensor, weight: &Tensor) -> Result<Tensor> {
    let (_c, _one, k, _k) = weight.dims4()?;
    let window = Window::square(k, 1, Padding::Symmetric);
    let shape = Shape { window, groups: Groups::Depthwise, activation: Activation::None };
    Ok(conv_norm_act(&Map::of(x), weight, After::default(), &shape, Mode::Inference)?.values().clone())
}

/// A layer as `Tagger` uses it, with a ReLU: `weight` `[O, C / groups, kh, kw]`, groups 1 or C.
pub fn layer(weight: &Tensor, stride: usize, is_depthwise: bool) -> Result<impl Fn(&Tensor) -> Result<Tensor>> {
    let (_o, _c, kh, kw) = weight.dims4()?;
    let window = Window { kernel: (kh, kw), stride, padding: Padding::Symmetric };
    let groups = if is_depthwise { Groups::Depthwise } else { Groups::One };
    let shape = Shape { window, groups, activation: Activation::Relu };
    let Some(convolution) = Convolution::new(weight, None, &shape)? else { bail!("a layer of {:?}", weight.dims()) };
    Ok(move |x: &Tensor| convolution.forward(x, None))
}

/// A network as `Tagger` uses it: for looking only.
pub fn folded(network: &Network, precision: Precision) -> Result<Network> {
    network.folded_in(precision)
}
