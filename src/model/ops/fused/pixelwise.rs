//! What is done pixel by pixel to maps whose channels lie together: sums, scaling, joining, and the mean of all. Floor 3.

use candle_core::{Device, Result, Tensor, bail};
use pulp::{Simd, WithSimd};

use super::crew;
use super::instructions::arch;
use super::map::{Size, map_of, with_pixels};

/// Floats that one core handles at a time.
const PART: usize = 1 << 14;

/// `max(x + y, low)`; both of the same size.
pub(in crate::model::ops) fn add(x: &Tensor, y: &Tensor, low: f32) -> Result<Tensor> {
    let size = Size::of(x)?;
    if Size::of(y)? != size {
        bail!("a sum of maps {:?} and {:?}", x.dims(), y.dims())
    }
    with_pixels(x, |x| {
        with_pixels(y, |y| {
            let mut sums = vec![0.0; x.len()];
            crew::parts(&mut sums, PART, |part, sums| {
                let [x, y] = [x, y].map(|map| &map[part * PART..][..sums.len()]);
                arch().dispatch(Add { sums, x, y, low });
            });
            map_of(sums, size)
        })
    })
}

struct Add<'a> {
    sums: &'a mut [f32],
    x: &'a [f32],
    y: &'a [f32],
    low: f32,
}

impl WithSimd for Add<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _simd: S) {
        for ((sum, x), y) in self.sums.iter_mut().zip(self.x).zip(self.y) {
            let value = x + y;
            *sum = if value < self.low { self.low } else { value };
        }
    }
}

/// Adds `more` to `values`.
pub(in crate::model::ops) fn add_to(values: &mut [f32], more: &[f32]) {
    crew::parts(values, PART, |part, values| {
        arch().dispatch(AddTo { more: &more[part * PART..][..values.len()], values });
    });
}

struct AddTo<'a> {
    values: &'a mut [f32],
    more: &'a [f32],
}

impl WithSimd for AddTo<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _simd: S) {
        for (value, more) in self.values.iter_mut().zip(self.more) {
            *value += more;
        }
    }
}

/// Brings what is beyond a limit to it.
pub(in crate::model::ops) fn limit(values: &mut [f32], (low, high): (f32, f32)) {
    if low > f32::NEG_INFINITY || high < f32::INFINITY {
        crew::parts(values, PART, |_, values| values.iter_mut().for_each(|value| *value = value.max(low).min(high)));
    }
}

/// `max(x, 0)`.
pub(in crate::model::ops) fn relu(x: &Tensor) -> Result<Tensor> {
    let n_channels = Size::of(x)?.n_channels;
    scale_shift(x, &vec![1.0; n_channels], &vec![0.0; n_channels], (0.0, f32::INFINITY))
}

/// `min(max(x * scale + shift, low), high)`, scale and shift `[C]`.
pub(in crate::model::ops) fn scale_shift(
    x: &Tensor,
    scale: &[f32],
    shift: &[f32],
    (low, high): (f32, f32),
) -> Result<Tensor> {
    let size = Size::of(x)?;
    let n = size.n_channels;
    if scale.len() != n || shift.len() != n {
        bail!("{} factors for a map of {n} channels", scale.len())
    }
    with_pixels(x, |x| {
        let mut values = vec![0.0; x.len()];
        let part = PART.div_ceil(n.max(1)) * n.max(1);
        crew::parts(&mut values, part, |at, values| {
            let x = &x[at * part..][..values.len()];
            arch().dispatch(ScaleShift { values, x, scale, shift, low, high });
        });
        map_of(values, size)
    })
}

struct ScaleShift<'a> {
    values: &'a mut [f32],
    x: &'a [f32],
    scale: &'a [f32],
    shift: &'a [f32],
    low: f32,
    high: f32,
}

impl WithSimd for ScaleShift<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _simd: S) {
        let n = self.scale.len().max(1);
        for (values, x) in self.values.chunks_exact_mut(n).zip(self.x.chunks_exact(n)) {
            for (((value, x), scale), shift) in values.iter_mut().zip(x).zip(self.scale).zip(self.shift) {
                let scaled = x * scale + shift;
                let scaled = if scaled < self.low { self.low } else { scaled };
                *value = if scaled > self.high { self.high } else { scaled };
            }
        }
    }
}

/// Maps of one size but for their channels, side by side in every pixel.
pub(in crate::model::ops) fn join(maps: &[Tensor]) -> Result<Tensor> {
    let sizes = maps.iter().map(Size::of).collect::<Result<Vec<_>>>()?;
    let Some(first) = sizes.first().copied() else { bail!("nothing to join") };
    let n = sizes.iter().map(|size| size.n_channels).sum();
    if sizes.iter().any(|size| Size { n_channels: first.n_channels, ..*size } != first) {
        bail!("maps of different sizes: {sizes:?}")
    }
    let answer = Size { n_channels: n, ..first };
    let mut values = vec![0.0; answer.n_floats()];
    /// Pixels that one core handles at a time.
    const PIXELS: usize = 64;
    let mut before = 0;
    for (map, size) in maps.iter().zip(&sizes) {
        let own = size.n_channels;
        with_pixels(map, |pixels| {
            crew::parts(&mut values, PIXELS * n, |part, targets| {
                let pixels = pixels[part * PIXELS * own..].chunks_exact(own);
                for (target, pixel) in targets.chunks_exact_mut(n).zip(pixels) {
                    target[before..before + own].copy_from_slice(pixel);
                }
            });
            Ok(())
        })?;
        before += own;
    }
    map_of(values, answer)
}

/// The mean of every channel over its pixels, `[B, C]`.
pub(in crate::model::ops) fn mean(map: &Tensor) -> Result<Tensor> {
    let size = Size::of(map)?;
    let (n, n_pixels) = (size.n_channels, size.height * size.width);
    with_pixels(map, |pixels| {
        let mut means = vec![0.0; size.n_batch * n];
        crew::parts(&mut means, n, |image, means| {
            for pixel in pixels[image * n_pixels * n..][..n_pixels * n].chunks_exact(n) {
                means.iter_mut().zip(pixel).for_each(|(mean, value)| *mean += value);
            }
            means.iter_mut().for_each(|mean| *mean /= n_pixels as f32);
        });
        Tensor::from_vec(means, (size.n_batch, n), &Device::Cpu)
    })
}
