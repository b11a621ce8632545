//! Map: a feature map whose channels lie together, pixel after pixel: `[B, h, w, C]` in memory.
//!
//! To Candle, and to every operation that does not ask, it is a view `[C, B, h, w]` of such a tensor, the shape that all
//! maps on the CPU have; so the fused operations and the others can follow one another in any order. Floor 3.

use candle_core::{CpuStorage, Device, Result, Storage, Tensor, bail};

use super::crew;
/// Size of a map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::model::ops) struct Size {
    pub(in crate::model::ops) n_batch: usize,
    pub(in crate::model::ops) height: usize,
    pub(in crate::model::ops) width: usize,
    pub(in crate::model::ops) n_channels: usize,
}

impl Size {
    pub(in crate::model::ops) fn of(map: &Tensor) -> Result<Self> {
        let (n_channels, n_batch, height, width) = map.dims4()?;
        Ok(Self { n_batch, height, width, n_channels })
    }

    /// In all images.
    pub(in crate::model::ops) fn n_pixels(&self) -> usize {
        self.n_batch * self.height * self.width
    }

    pub(in crate::model::ops) fn n_floats(&self) -> usize {
        self.n_pixels() * self.n_channels
    }

    /// Floats of a row of pixels.
    pub(in crate::model::ops) fn row(&self) -> usize {
        self.width * self.n_channels
    }
}

/// `[B, h, w, C]` floats as a map.
pub(in crate::model::ops) fn map_of(values: Vec<f32>, size: Size) -> Result<Tensor> {
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
pub(in crate::model::ops) fn with_pixels<R>(map: &Tensor, read: impl FnOnce(&[f32]) -> Result<R>) -> Result<R> {
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

/// Pictures `[B, C, h, w]` to `[B, h, w, C]`.
pub(in crate::model::ops) fn pixels_of(pictures: &[f32], size: Size) -> Vec<f32> {
    let (n, plane) = (size.n_channels, size.height * size.width);
    let mut pixels = vec![0.0; size.n_floats()];
    crew::parts(&mut pixels, size.row(), |row, pixels| {
        let (image, y) = (row / size.height, row % size.height);
        for channel in 0..n {
            let line = &pictures[(image * n + channel) * plane + y * size.width..][..size.width];
            for (pixel, value) in pixels.chunks_exact_mut(n).zip(line) {
                pixel[channel] = *value;
            }
        }
    });
    pixels
}

/// `[B, h, w, C]` to `[C, B, h, w]`.
pub(in crate::model::ops) fn planes(pixels: &[f32], size: Size) -> Vec<f32> {
    let (n, c) = (size.n_pixels(), size.n_channels);
    let mut planes = vec![0.0; n * c];
    crew::parts(&mut planes, n, |channel, plane| {
        for (value, pixel) in plane.iter_mut().zip(pixels.chunks_exact(c)) {
            *value = pixel[channel];
        }
    });
    planes
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
            let pictures = values(&planes.transpose(0, 1).unwrap());
            assert_eq!(pixels_of(&pictures, size), pixels, "{size:?}");
            assert_eq!(super::planes(&pixels, size), values(&planes), "{size:?}");
        }
    }
}
