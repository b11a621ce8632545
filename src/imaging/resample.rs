//! Pillow's resampling, to the last bit: the arithmetic of a network's input.
//!
//! fast_image_resize has the same filters with 16 bits for a weight where Pillow has 23; of a thousand pixels eleven
//! differ then, by a level or two, and a probability by up to 0.01. What is only looked at goes the faster way
//! (`resize`).
//!
//! Source: Pillow 13, `Resample.c`: `precompute_coeffs`, `normalize_coeffs_8bpc`, `ImagingResampleHorizontal_8bpc`,
//! `ImagingResampleVertical_8bpc`.

use image::RgbImage;

/// Fixed-point places of a weight: 32 bits less 8 of the level and 2 for sums beyond 0..=1.
const PLACES: u32 = 32 - 8 - 2;
const HALF: i32 = 1 << (PLACES - 1);

/// Weight by distance, in pixels of the smaller scale; zero beyond `reach`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Filter {
    pub(super) reach: f64,
    pub(super) weight: fn(f64) -> f64,
}

pub(super) const BILINEAR: Filter = Filter { reach: 1.0, weight: |x| (1.0 - x.abs()).max(0.0) };
/// Catmull-Rom: a = -0.5.
pub(super) const BICUBIC: Filter = Filter {
    reach: 2.0,
    weight: |x| {
        const A: f64 = -0.5;
        let x = x.abs();
        if x < 1.0 {
            ((A + 2.0) * x - (A + 3.0)) * x * x + 1.0
        } else if x < 2.0 {
            (((x - 5.0) * x + 8.0) * x - 4.0) * A
        } else {
            0.0
        }
    },
};

/// What of a row or a column of pixels is picture: all of it, but where a decoder rounded up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Span {
    pub(super) start: f64,
    pub(super) length: f64,
}

impl Span {
    pub(super) fn all(n_pixels: u32) -> Self {
        Self { start: 0.0, length: f64::from(n_pixels) }
    }
}

/// What one output pixel is made of: the first input pixel, and the weights of it and those after it.
struct Taps {
    first: usize,
    weights: Vec<i32>,
}

fn taps(from: u32, span: Span, to: u32, filter: Filter) -> Vec<Taps> {
    let scale = span.length / f64::from(to);
    let widened = scale.max(1.0);
    let support = filter.reach * widened;
    let one = |output: u32| {
        let centre = span.start + (f64::from(output) + 0.5) * scale;
        // Both towards zero, as in C.
        let first = (centre - support + 0.5).max(0.0) as u32;
        let end = ((centre + support + 0.5) as u32).min(from);
        let mut weights: Vec<f64> =
            (first..end).map(|input| (filter.weight)((f64::from(input) - centre + 0.5) * (1.0 / widened))).collect();
        let sum: f64 = weights.iter().sum();
        if sum != 0.0 {
            weights.iter_mut().for_each(|weight| *weight /= sum);
        }
        let fixed = |weight: f64| (weight * f64::from(1 << PLACES) + 0.5_f64.copysign(weight)) as i32;
        Taps { first: first as usize, weights: weights.into_iter().map(fixed).collect() }
    };
    (0..to).map(one).collect()
}

/// Another width, at least 1.
pub(super) fn to_width(picture: &RgbImage, span: Span, width: u32, filter: Filter) -> RgbImage {
    let taps = taps(picture.width(), span, width, filter);
    let mut output = RgbImage::new(width, picture.height());
    let rows = picture.as_raw().chunks_exact(3 * picture.width() as usize);
    for (input, output) in rows.zip(output.chunks_exact_mut(3 * width as usize)) {
        for (rgb, Taps { first, weights }) in output.as_chunks_mut::<3>().0.iter_mut().zip(&taps) {
            let mut sums = [HALF; 3];
            for (input, weight) in input[3 * first..].as_chunks::<3>().0.iter().zip(weights) {
                for (sum, &value) in sums.iter_mut().zip(input) {
                    *sum += i32::from(value) * weight;
                }
            }
            *rgb = sums.map(level);
        }
    }
    output
}

/// Another height, at least 1.
pub(super) fn to_height(picture: &RgbImage, span: Span, height: u32, filter: Filter) -> RgbImage {
    let taps = taps(picture.height(), span, height, filter);
    let n_values = 3 * picture.width() as usize;
    let mut output = RgbImage::new(picture.width(), height);
    let mut sums = vec![0_i32; n_values];
    for (output, Taps { first, weights }) in output.chunks_exact_mut(n_values).zip(&taps) {
        sums.fill(HALF);
        for (row, weight) in picture.as_raw()[first * n_values..].chunks_exact(n_values).zip(weights) {
            for (sum, &value) in sums.iter_mut().zip(row) {
                *sum += i32::from(value) * weight;
            }
        }
        for (value, &sum) in output.iter_mut().zip(&sums) {
            *value = level(sum);
        }
    }
    output
}

fn level(sum: i32) -> u8 {
    (sum >> PLACES).clamp(0, 255) as u8
}
