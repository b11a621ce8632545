//! Inference on a processor: convolutions fused with what follows them, on maps whose channels lie together.
//!
//! Floor 3. For f32 on the CPU without gradients; everything else goes through the other operations, and both give the
//! same answers in any mixture (`map`).

mod convolution;
pub(crate) mod crew;
mod depthwise;
mod direct;
#[cfg(target_arch = "x86_64")]
mod halves;
mod map;
mod panels;
pub(super) mod pixelwise;
pub(super) mod pool;
mod product;
mod product_weights;
mod separable;
mod target;
mod winograd;

pub(crate) use convolution::Convolution;
pub(super) use map::is_channels_last;
pub(crate) use product_weights::has_bf16;

#[cfg(test)]
mod agreement;
