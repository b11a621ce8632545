//! Operations Candle lacks, or has without a gradient or at a crawl.
//!
//! In f32 on the CPU a feature map is channel-major, `[C, B, h, w]`: a 1x1 convolution is then one matrix product over
//! the whole batch, forwards and backwards, and everything else works channel by channel on contiguous memory. On other
//! devices, and in half precision, maps stay `[B, C, h, w]` and the same answers are composed of Candle's own
//! operations. This file is the only place that knows; networks never look inside. For looking in f32 on the CPU maps have
//! that shape too, but lie pixel by pixel (`fused`).
//!
//! Floor 3. Sums run in a fixed order, so results do not depend on the number of threads.

pub(crate) mod add_relu;
pub(crate) mod avg_pool;
pub(crate) mod batch_norm;
mod composed;
pub(crate) mod conv;
pub(crate) mod conv_norm_act;
pub(crate) mod depthwise;
pub(crate) mod fused;
pub(crate) mod lanes;
pub(crate) mod max_pool;
pub(crate) mod norm;
pub(crate) mod precomputed;
mod product;
pub(crate) mod resample;
mod scratch;
mod strips;
mod taps;
mod unfold;
pub(crate) mod window;
mod winograd;

use candle_core::{DType, Result, Tensor};

/// Whether our own loops compute with this tensor, on channel-major maps.
fn is_native(tensor: &Tensor) -> bool {
    tensor.device().is_cpu() && tensor.dtype() == DType::F32
}

/// Whether the map is one of a fused convolution's: then what follows it keeps its channels together.
fn is_fused(map: &Tensor) -> bool {
    is_native(map) && !map.track_op() && fused::is_channels_last(map)
}

/// Images `[B, C, h, w]` to the layout of feature maps.
pub(crate) fn enter(images: &Tensor) -> Result<Tensor> {
    if is_native(images) {
        let images = images.transpose(0, 1)?; // [C, B, h, w]
        if fused::is_channels_last(&images) { Ok(images) } else { images.contiguous() }
    } else {
        images.contiguous()
    }
}

/// A feature map in its layout back to `[B, C, h, w]`.
pub(crate) fn leave(features: &Tensor) -> Result<Tensor> {
    if is_native(features) {
        features.transpose(0, 1) // [B, C, h, w]
    } else {
        Ok(features.clone())
    }
}

/// Global average: a feature map in its layout to `[B, C]`.
pub(crate) fn global_average(features: &Tensor) -> Result<Tensor> {
    if is_fused(features) {
        return fused::pixelwise::mean(features);
    }
    let pooled = features.flatten_from(2)?.mean(2)?;
    if is_native(features) {
        pooled.t()?.contiguous() // [B, C]
    } else {
        Ok(pooled)
    }
}

/// Maps in their layout, one after the other along the channels.
pub(crate) fn concat_channels(maps: &[Tensor]) -> Result<Tensor> {
    if maps.iter().any(is_fused) {
        return fused::pixelwise::join(maps);
    }
    let channels = if maps.first().is_some_and(is_native) { 0 } else { 1 };
    Tensor::cat(maps, channels)
}

#[cfg(test)]
mod agreement;
#[cfg(test)]
mod finite_differences;
