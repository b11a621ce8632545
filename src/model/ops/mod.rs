//! Operations Candle lacks, or has without a gradient or at a crawl.
//!
//! In f32 on the CPU the channels of a feature map lie together, `[B, h, w, C]` in memory, which Candle sees as a view
//! `[C, B, h, w]`: every convolution, forwards and backwards, is then sums of pixels times weights without anything being
//! copied together first. Those maps have a tape of their own (`tape`). On other devices, and in half precision, maps stay
//! `[B, C, h, w]` and the same answers are composed of Candle's own operations. This file is the only place that knows;
//! networks never look inside.
//!
//! Floor 3. Sums run in a fixed order, so results do not depend on the number of threads.

pub(crate) mod avg_pool;
pub(crate) mod batch_norm;
mod composed;
pub(crate) mod conv;
pub(crate) mod conv_norm_act;
pub(crate) mod fused;
pub(crate) mod lanes;
pub(crate) mod max_pool;
pub(crate) mod norm;
pub(crate) mod precomputed;
pub(crate) mod resample;
mod scratch;
pub(crate) mod tape;
mod taps;
pub(crate) mod valuewise;
pub(crate) mod window;

use candle_core::{DType, Result, Tensor};

use self::fused::map::{Size, map_of};
use self::fused::pixelwise;
use self::tape::Map;

/// Whether our own loops compute with this tensor.
fn is_native(tensor: &Tensor) -> bool {
    tensor.device().is_cpu() && tensor.dtype() == DType::F32
}

/// Images `[B, C, h, w]` to the layout of feature maps.
pub(crate) fn enter(images: &Tensor) -> Result<Map> {
    if is_native(images) {
        Map::of(images).turned() // [C, B, h, w]
    } else {
        Ok(Map::of(&images.contiguous()?))
    }
}

/// A feature map in its layout back to `[B, C, h, w]`.
pub(crate) fn leave(features: &Map) -> Result<Tensor> {
    let values = features.to_tensor()?;
    if features.is_native() { values.transpose(0, 1) } else { Ok(values) }
}

/// Global average: a feature map in its layout to `[B, C]`.
pub(crate) fn global_average(features: &Map) -> Result<Tensor> {
    if !features.is_native() {
        return features.values().flatten_from(2)?.mean(2);
    }
    let means = pixelwise::mean(features.values())?; // [B, C]
    if !features.learns() {
        return Ok(means);
    }
    let size = Size::of(features.values())?;
    let (n, n_pixels) = (size.n_channels, size.height * size.width);
    let pooled = map_of(means.flatten_all()?.to_vec1()?, Size { height: 1, width: 1, ..size })?;
    let features = features.clone();
    let pooled = Map::new(pooled, true, move |gradient, gradients| {
        let shares: Vec<f32> = gradient.iter().map(|gradient| gradient / n_pixels as f32).collect();
        let images = shares.chunks(n).flat_map(|image| std::iter::repeat_n(image, n_pixels));
        gradients.add(&features, images.flatten().copied().collect());
        Ok(())
    });
    pooled.to_tensor()?.flatten_from(1)?.t()?.contiguous() // [B, C]
}

/// Maps in their layout, one after the other along the channels.
pub(crate) fn concat_channels(maps: &[Map]) -> Result<Map> {
    let values: Vec<Tensor> = maps.iter().map(|map| map.values().clone()).collect();
    if !maps.first().is_some_and(Map::is_native) {
        return Ok(Tensor::cat(&values, 1)?.into());
    }
    let answer = pixelwise::join(&values)?;
    let n = Size::of(&answer)?.n_channels;
    let (maps, learns) = (maps.to_vec(), maps.iter().any(Map::learns));
    Ok(Map::new(answer, learns, move |gradient, gradients| {
        let mut first = 0;
        for map in &maps {
            let own = first..first + Size::of(map.values())?.n_channels;
            first = own.end;
            if map.learns() {
                gradients.add(map, fused::learning::columns(&gradient, n, &own));
            }
        }
        Ok(())
    }))
}

#[cfg(test)]
mod agreement;
#[cfg(test)]
mod finite_differences;
