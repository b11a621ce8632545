//! Batch norm and activations of a step of learning, on pixels `[B, h, w, C]`.
//!
//! Sums over pixels are taken over stretches of them in f32 and over those in f64, always the same stretches. Floor 3.

use pulp::{Simd, WithSimd};

use super::crew;
use super::instructions::arch;

/// Pixels whose values are added in single precision.
const STRETCH: usize = 128;
/// Floats that one core handles at a time.
const PART: usize = 1 << 15;

/// Whole pixels of about so many floats.
fn part(n_channels: usize) -> usize {
    PART.div_ceil(n_channels.max(1)) * n_channels.max(1)
}

/// Sums over all pixels of the `N` columns that `add` adds a few pixels to: `add(first float, floats, [N * C] sums)`.
fn sums<const N: usize>(
    n_floats: usize,
    n_channels: usize,
    add: impl Fn(usize, usize, &mut [f32]) + Sync,
) -> [Vec<f64>; N] {
    let stretch = STRETCH * n_channels;
    let mut parts = vec![0.0; n_floats.div_ceil(stretch.max(1)) * N * n_channels];
    crew::parts(&mut parts, N * n_channels, |at, sums| {
        add(at * stretch, stretch.min(n_floats - at * stretch), sums);
    });
    let mut totals: [Vec<f64>; N] = std::array::from_fn(|_| vec![0.0; n_channels]);
    for part in parts.chunks(N * n_channels) {
        for (total, sums) in totals.iter_mut().zip(part.chunks(n_channels)) {
            total.iter_mut().zip(sums).for_each(|(total, sum)| *total += f64::from(*sum));
        }
    }
    totals
}

/// Mean and biased variance of every channel.
pub(in crate::model::ops) fn statistics(z: &[f32], n_channels: usize) -> (Vec<f32>, Vec<f32>) {
    let n = (z.len() / n_channels.max(1)) as f64;
    let [sum] = sums(z.len(), n_channels, |at, n, sums| {
        arch().dispatch(Sum { values: &z[at..at + n], sums });
    });
    let mean: Vec<f32> = sum.iter().map(|sum| (sum / n) as f32).collect();
    let [squares] = sums(z.len(), n_channels, |at, n, sums| {
        arch().dispatch(Squares { values: &z[at..at + n], mean: &mean, sums });
    });
    let variance = squares.iter().map(|squares| (squares / n) as f32).collect();
    (mean, variance)
}

/// The sum of every channel.
pub(in crate::model::ops) fn sum(values: &[f32], n_channels: usize) -> Vec<f32> {
    let [sum] = sums(values.len(), n_channels, |at, n, sums| {
        arch().dispatch(Sum { values: &values[at..at + n], sums });
    });
    sum.iter().map(|sum| *sum as f32).collect()
}

/// Sums of every channel: of the gradient, and of it times `(z - mean) * inverse`.
pub(in crate::model::ops) fn gradient_sums(
    z: &[f32],
    gradient: &[f32],
    mean: &[f32],
    inverse: &[f32],
) -> (Vec<f32>, Vec<f32>) {
    let [sum, products] = sums(z.len(), mean.len(), |at, n, sums| {
        let (z, gradient) = (&z[at..at + n], &gradient[at..at + n]);
        arch().dispatch(Products { z, gradient, mean, sums });
    });
    let products = products.iter().zip(inverse).map(|(product, inverse)| (product * f64::from(*inverse)) as f32);
    (sum.iter().map(|sum| *sum as f32).collect(), products.collect())
}

/// `min(max(z * scale + shift + more, low), high)`, scale and shift of each channel.
pub(in crate::model::ops) fn apply(
    z: &[f32],
    channels: (&[f32], &[f32]),
    more: Option<&[f32]>,
    limits: (f32, f32),
) -> Vec<f32> {
    let mut values = vec![0.0; z.len()];
    let part = part(channels.0.len());
    crew::parts(&mut values, part, |at, values| {
        let n = values.len();
        let [z, more] = [Some(z), more].map(|map| map.map(|map| &map[at * part..][..n]));
        arch().dispatch(Apply { values, z: z.unwrap_or_default(), channels, more, limits });
    });
    values
}

/// The gradient where the answer is between the limits, and nothing where it is at one of them.
pub(in crate::model::ops) fn mask(gradient: &mut [f32], answer: &[f32], (low, high): (f32, f32)) {
    crew::parts(gradient, PART, |at, gradient| {
        let answer = &answer[at * PART..][..gradient.len()];
        arch().dispatch(Mask { gradient, answer, low, high });
    });
}

/// The gradient of a channel's values from that of what norm made of them:
/// `scale * (gradient - mean_gradient - (z - mean) * slope)`.
pub(in crate::model::ops) struct Back<'a> {
    pub(in crate::model::ops) z: &'a [f32],
    pub(in crate::model::ops) scale: &'a [f32],
    pub(in crate::model::ops) mean: &'a [f32],
    pub(in crate::model::ops) mean_gradient: &'a [f32],
    pub(in crate::model::ops) slope: &'a [f32],
}

impl Back<'_> {
    pub(in crate::model::ops) fn run(&self, gradient: &mut [f32]) {
        let part = part(self.scale.len());
        crew::parts(gradient, part, |at, gradient| {
            let z = &self.z[at * part..][..gradient.len()];
            arch().dispatch(BackPart { of: self, z, gradient });
        });
    }
}

/// Every channel times its factor, in place.
pub(in crate::model::ops) fn scale(values: &mut [f32], factors: &[f32]) {
    let part = part(factors.len());
    crew::parts(values, part, |_, values| arch().dispatch(Scale { values, factors }));
}

struct Apply<'a> {
    values: &'a mut [f32],
    z: &'a [f32],
    channels: (&'a [f32], &'a [f32]),
    more: Option<&'a [f32]>,
    limits: (f32, f32),
}

impl WithSimd for Apply<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _simd: S) {
        let (scale, shift) = self.channels;
        let (low, high) = self.limits;
        let n = scale.len();
        for (values, z) in self.values.chunks_exact_mut(n).zip(self.z.chunks_exact(n)) {
            for (((value, z), scale), shift) in values.iter_mut().zip(z).zip(scale).zip(shift) {
                *value = z * scale + shift;
            }
        }
        if let Some(more) = self.more {
            for (value, more) in self.values.iter_mut().zip(more) {
                *value += more;
            }
        }
        for value in self.values.iter_mut() {
            let least = if *value < low { low } else { *value };
            *value = if least > high { high } else { least };
        }
    }
}

struct Sum<'a> {
    values: &'a [f32],
    sums: &'a mut [f32],
}

impl WithSimd for Sum<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _simd: S) {
        for values in self.values.chunks_exact(self.sums.len()) {
            for (sum, value) in self.sums.iter_mut().zip(values) {
                *sum += value;
            }
        }
    }
}

struct Squares<'a> {
    values: &'a [f32],
    mean: &'a [f32],
    sums: &'a mut [f32],
}

impl WithSimd for Squares<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _simd: S) {
        for values in self.values.chunks_exact(self.sums.len()) {
            for ((sum, value), mean) in self.sums.iter_mut().zip(values).zip(self.mean) {
                *sum += (value - mean) * (value - mean);
            }
        }
    }
}

struct Products<'a> {
    z: &'a [f32],
    gradient: &'a [f32],
    mean: &'a [f32],
    sums: &'a mut [f32],
}

impl WithSimd for Products<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _simd: S) {
        let n = self.mean.len();
        let (sums, products) = self.sums.split_at_mut(n);
        for (z, gradient) in self.z.chunks_exact(n).zip(self.gradient.chunks_exact(n)) {
            for (sum, gradient) in sums.iter_mut().zip(gradient) {
                *sum += gradient;
            }
            for (((product, gradient), z), mean) in products.iter_mut().zip(gradient).zip(z).zip(self.mean) {
                *product += gradient * (z - mean);
            }
        }
    }
}

struct Mask<'a> {
    gradient: &'a mut [f32],
    answer: &'a [f32],
    low: f32,
    high: f32,
}

impl WithSimd for Mask<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _simd: S) {
        for (gradient, answer) in self.gradient.iter_mut().zip(self.answer) {
            // A mask, not `if`: the branch the compiler makes of it costs fifty times the rest of the line.
            let open = u32::from((*answer > self.low) & (*answer < self.high)).wrapping_neg();
            *gradient = f32::from_bits(gradient.to_bits() & open);
        }
    }
}

struct BackPart<'a> {
    of: &'a Back<'a>,
    z: &'a [f32],
    gradient: &'a mut [f32],
}

impl WithSimd for BackPart<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _simd: S) {
        let Back { scale, mean, mean_gradient, slope, .. } = *self.of;
        let n = scale.len();
        for (gradient, z) in self.gradient.chunks_exact_mut(n).zip(self.z.chunks_exact(n)) {
            let channels = scale.iter().zip(mean).zip(mean_gradient).zip(slope);
            for ((gradient, z), (((scale, mean), mean_gradient), slope)) in gradient.iter_mut().zip(z).zip(channels) {
                *gradient = scale * (*gradient - mean_gradient - (z - mean) * slope);
            }
        }
    }
}

struct Scale<'a> {
    values: &'a mut [f32],
    factors: &'a [f32],
}

impl WithSimd for Scale<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _simd: S) {
        for values in self.values.chunks_exact_mut(self.factors.len()) {
            for (value, factor) in values.iter_mut().zip(self.factors) {
                *value *= factor;
            }
        }
    }
}
