//! On a processor: convolutions fused with what follows them, on maps whose channels lie together, for looking and for
//! learning.
//!
//! `Convolution` looks, over weights that are brought in order once; `learning` goes forwards and both ways back, over
//! weights that change with every step. Underneath they share kernels (`product`, `sums`). Floor 3, f32 on the CPU only.

mod convolution;
pub(crate) mod crew;
mod depthwise;
mod depthwise_gradient;
mod direct;
#[cfg(target_arch = "x86_64")]
mod halves;
mod instructions;
mod kernels;
pub(super) mod learning;
mod lifted;
pub(super) mod map;
pub(super) mod norm;
mod pairs;
mod panels;
mod phases;
pub(super) mod pixelwise;
pub(super) mod pool;
pub(super) mod pool_gradient;
mod product;
mod product_weights;
pub(super) mod resample;
mod separable;
mod sums;
mod target;
mod transform;
mod weights;
mod winograd;

pub(crate) use convolution::Convolution;
pub(crate) use product_weights::has_bf16;

#[cfg(test)]
mod agreement;
#[cfg(test)]
mod learns;
