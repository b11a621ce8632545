//! Map: a feature map whose channels lie together, pixel after pixel: `[B, h, w, C]` in memory.
//!
//! To Candle, and to every operation that does not ask, it is a view `[C, B, h, w]` of such a tensor, the shape that all
//! maps on the CPU have; so the fused operations and the others can follow one another in any order. Floor 3.

use candle_core::{CpuStorage, Device, Result, Storage, Tensor, bail};

use super::crew;
/// Size of a map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Size {
    pub(super) n_batch: usize,
    pub(super) height: usize,
    pub(super) width: usize,
    pub(super) n_channels: usize,
}

impl Size {
    pub(super) fn of(map: &Tensor) -> Result<Self> {
        let (n_channels, n_batch, height, width) = map.dims4()?;
        Ok(Self { n_batch, height, width, n_channels })
    }

    /// In all images.
    pub(super) fn n_pixels(&self) -> usize {
        self.n_batch * self.height * self.width
    }

    pub(super) fn n_floats(&self) -> usize {
        self.n_pixels() * self.n_channels
    }

    /// Floats of a row of pixels.
    pub(super) fn row(&self) -> usize {
        self.width * self.n_channels
    }
}

/// `[B, h, w, C]` floats as a map.
pub(super) fn map_of(values: Vec<f32>, size: Size) -> Result<Tensor> {
    let shape = (size.n_batch, size.height, size.width, size.n_channels);
    Tensor::from_vec(values, shape, &Device::Cpu)?.permute((3, 0, 1, 2))
}

/// Whether the channels of a map `[C, B, h, w]` lie together.
pub(crate) fn is_channels_last(map: &Tensor) -> bool {
    let Ok((c, b, h, w)) = map.dims4() else {
        return false;
    };
    let expected = [1, h * w * c, w * c, c];
    let strides = map.stride().iter().zip(expected).zip([c, b, h, w]);
    c > 1 && strides.into_iter().all(|((&stride, expected), n)| n == 1 || stride == expected)
}

/// Lends the floats `[B, h, w, C]` of a map in either order; of one whose channels do not lie together, a copy.
///
/// Errors: the tensor is elsewhere or not f32.
pub(super) fn with_pixels<R>(map: &Tensor, read: impl FnOnce(&[f32]) -> Result<R>) -> Result<R> {
    let size = Size::of(map)?;
    if !is_channels_last(map) {
        let copy = super::super::precomputed::with_floats(map, |planes| Ok(interleaved(planes, size)))?;
        return read(&copy);
    }
    let (storage, layout) = map.storage_and_layout();
    match &*storage {
        Storage::Cpu(CpuStorage::F32(floats)) => {
            let start = layout.start_offset();
            read(&floats[start..start + size.n_floats()])
        }
        _ => bail!("f32 on the CPU expected, found {:?} {:?}", map.dtype(), map.device()),
    }
}

/// `[C, B, h, w]` to `[B, h, w, C]`.
fn interleaved(planes: &[f32], size: Size) -> Vec<f32> {
    let (n, c) = (size.n_pixels(), size.n_channels);
    let mut pixels = vec![0.0; n * c];
    // A few pixels of every channel stay in the cache.
    const STRETCH: usize = 64;
    crew::parts(&mut pixels, STRETCH * c, |at, pixels| {
        for channel in 0..c {
            let plane = &planes[channel * n + at * STRETCH..];
            for (pixel, value) in pixels.chunks_exact_mut(c).zip(plane) {
                pixel[channel] = *value;
            }
        }
    });
    pixels
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_has_the_same_values_in_either_order() {
        for (c, b, h, w) in [(3, 2, 4, 5), (70, 1, 9, 8), (1, 2, 3, 3), (5, 1, 1, 1)] {
            let n = c * b * h * w;
            let planes = Tensor::arange(0.0_f32, n as f32, &Device::Cpu).unwrap().reshape((c, b, h, w)).unwrap();
            let size = Size::of(&planes).unwrap();
            let pixels = with_pixels(&planes, |pixels| Ok(pixels.to_vec())).unwrap();
            let map = map_of(pixels.clone(), size).unwrap();
            let values = |map: &Tensor| map.flatten_all().unwrap().to_vec1::<f32>().unwrap();
            assert_eq!(values(&map), values(&planes), "{size:?}");
            assert!(c == 1 || is_channels_last(&map), "{size:?}");
            assert_eq!(with_pixels(&map, |again| Ok(again.to_vec())).unwrap(), pixels, "{size:?}");
        }
    }
}
