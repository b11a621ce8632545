//! Operations Candle lacks, or has without a gradient or at a crawl.
//!
//! On the CPU a feature map is channel-major, `[C, B, h, w]`: a 1x1 convolution is then one matrix product over the
//! whole batch, forwards and backwards, and everything else works channel by channel on contiguous memory. On other
//! devices maps stay `[B, C, h, w]` and the same answers are composed of Candle's own operations. `enter` and `leave`
//! are the only places that know; networks never look inside.
//!
//! Floor 3. Sums run in a fixed order, so results do not depend on the number of threads.

pub(crate) mod conv;
pub(crate) mod conv_norm_act;
pub(crate) mod depthwise;
pub(crate) mod lanes;
pub(crate) mod max_pool;
pub(crate) mod norm;
pub(crate) mod precomputed;
pub(crate) mod unfold;
pub(crate) mod window;

use candle_core::{Result, Tensor};

/// Images `[B, C, h, w]` to the device's layout of feature maps.
pub(crate) fn enter(images: &Tensor) -> Result<Tensor> {
    if images.device().is_cpu() {
        images.transpose(0, 1)?.contiguous() // [C, B, h, w]
    } else {
        images.contiguous()
    }
}

/// A feature map in the device's layout back to `[B, C, h, w]`.
pub(crate) fn leave(features: &Tensor) -> Result<Tensor> {
    if features.device().is_cpu() {
        features.transpose(0, 1) // [B, C, h, w]
    } else {
        Ok(features.clone())
    }
}

/// Global average: a feature map in the device's layout to `[B, C]`.
pub(crate) fn global_average(features: &Tensor) -> Result<Tensor> {
    let pooled = features.flatten_from(2)?.mean(2)?;
    if features.device().is_cpu() {
        pooled.t()?.contiguous() // [B, C]
    } else {
        Ok(pooled)
    }
}

#[cfg(test)]
pub(crate) mod finite_differences;
