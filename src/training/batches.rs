//! Batches: decoded pixels to what a network takes, a little different every time where wished.
//!
//! Pixels once decoded are kept while they fit. A picture that cannot be had is left out, this time and from then on:
//! a run of hours does not end because somebody moved a file. Floor 4.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use candle_core::{Device, Tensor};
use rayon::prelude::*;

use super::augment::Augment;
use super::error::TrainError;
use super::random::Random;

/// Decoded pixels are kept up to this many bytes; beyond it images are decoded again each time.
const KEPT_BYTES: usize = 2 << 30;

/// Where pictures come from. Called from several threads at once.
pub trait PixelSource: Sync {
    /// Image `index` as `side * side` RGB pixels, 8 bits each, row by row, prepared as the network expects.
    ///
    /// Errors: [`TrainError::Pixels`] if it cannot be had; whoever makes the source says so to the user.
    fn pixels(&self, index: usize) -> Result<Vec<u8>, TrainError>;
}

impl<F: Fn(usize) -> Result<Vec<u8>, TrainError> + Sync> PixelSource for F {
    fn pixels(&self, index: usize) -> Result<Vec<u8>, TrainError> {
        self(index)
    }
}

/// What a network takes: square RGB, (v / 255 - mean) / std.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Input {
    pub side: usize,
    pub mean: [f32; 3],
    pub std: [f32; 3],
}

/// Images as a network takes them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Batch {
    /// Those that could be had.
    pub images: Vec<usize>,
    /// f32 `[images, 3, side, side]`, row by row.
    pub values: Vec<f32>,
}

/// How images are varied, and the seed to vary them by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Variation {
    pub augment: Augment,
    pub seed: u64,
}

/// Makes batches out of a source.
pub struct Batches<'a> {
    source: &'a dyn PixelSource,
    input: Input,
    kept: Vec<OnceLock<Vec<u8>>>,
    n_bytes: AtomicUsize,
    /// Could not be had.
    lost: Mutex<BTreeSet<usize>>,
}

impl<'a> Batches<'a> {
    pub fn new(source: &'a dyn PixelSource, input: Input, n_images: usize) -> Self {
        let kept = (0..n_images).map(|_| OnceLock::new()).collect();
        Self { source, input, kept, n_bytes: AtomicUsize::new(0), lost: Mutex::default() }
    }

    /// These images without those that cannot be had. `None` shows them as they are.
    ///
    /// Errors: pixels of another size than the network's.
    pub fn batch(&self, images: &[usize], variation: Option<Variation>) -> Result<Batch, TrainError> {
        let n_values = 3 * self.input.side * self.input.side;
        let mut values = vec![0.0; images.len() * n_values];
        let rows = values.par_chunks_mut(n_values.max(1)).zip(images);
        let had: Vec<bool> = rows
            .map(|(row, &image)| {
                self.with_pixels(image, |pixels| match variation {
                    Some(Variation { augment, seed }) => {
                        let mut random = Random::new(seed, image as u64);
                        self.input.normalise(&augment.vary(pixels, self.input.side, &mut random), row);
                    }
                    None => self.input.normalise(pixels, row),
                })
            })
            .collect::<Result<_, _>>()?;
        if had.contains(&false) {
            let mut rows = had.iter();
            let mut kept = Vec::with_capacity(values.len());
            values.chunks_exact(n_values).filter(|_| rows.next() == Some(&true)).for_each(|row| kept.extend(row));
            values = kept;
        }
        let images = images.iter().zip(had).filter(|(_, had)| *had).map(|(&image, _)| image).collect();
        Ok(Batch { images, values })
    }

    /// The values of a batch on a device.
    pub fn tensor(&self, values: Vec<f32>, device: &Device) -> Result<Tensor, TrainError> {
        let side = self.input.side;
        Ok(Tensor::from_vec(values, ((), 3, side, side), device)?)
    }

    /// Answers whether it could be had.
    fn with_pixels(&self, image: usize, mut then: impl FnMut(&[u8])) -> Result<bool, TrainError> {
        let place = self.kept.get(image);
        if let Some(pixels) = place.and_then(OnceLock::get) {
            then(pixels);
            return Ok(true);
        }
        if self.lost.lock().unwrap_or_else(PoisonError::into_inner).contains(&image) {
            return Ok(false);
        }
        let pixels = match self.source.pixels(image) {
            Ok(pixels) => pixels,
            Err(TrainError::Pixels { .. }) => {
                self.lost.lock().unwrap_or_else(PoisonError::into_inner).insert(image);
                return Ok(false);
            }
            Err(error) => return Err(error),
        };
        let expected = 3 * self.input.side * self.input.side;
        if pixels.len() != expected {
            return Err(TrainError::Shape { what: "pixels of an image", found: pixels.len(), expected });
        }
        then(&pixels);
        if let Some(place) = place
            && self.n_bytes.fetch_add(expected, Ordering::Relaxed) < KEPT_BYTES
        {
            // Two threads may have decoded the same image: the first one's pixels stay, they are the same.
            let _ = place.set(pixels);
        }
        Ok(true)
    }
}

impl Input {
    /// `pixels` `[side, side, 3]` to `values` `[3, side, side]`.
    fn normalise(&self, pixels: &[u8], values: &mut [f32]) {
        let n_pixels = (self.side * self.side).max(1);
        for (channel, plane) in values.chunks_exact_mut(n_pixels).enumerate() {
            let (mean, std) = (self.mean[channel], self.std[channel]);
            let table: [f32; 256] = std::array::from_fn(|byte| (byte as f32 / 255.0 - mean) / std);
            for (value, pixel) in plane.iter_mut().zip(pixels.chunks_exact(3)) {
                *value = table[usize::from(pixel[channel])];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INPUT: Input = Input { side: 4, mean: [0.5, 0.0, 0.25], std: [0.5, 1.0, 0.25] };

    fn picture(index: usize) -> Result<Vec<u8>, TrainError> {
        Ok((0..48).map(|i| (i * 5 + index) as u8).collect())
    }

    #[test]
    fn an_image_shown_as_it_is_is_only_normalised_and_reordered() {
        let values = Batches::new(&picture, INPUT, 2).batch(&[1, 0], None).unwrap().values;
        assert_eq!(values.len(), 2 * 48);
        for (at, image) in [(0, 1), (48, 0)] {
            let pixels = picture(image).unwrap();
            for channel in 0..3 {
                for pixel in 0..16 {
                    let plain = f32::from(pixels[pixel * 3 + channel]) / 255.0;
                    let expected = (plain - INPUT.mean[channel]) / INPUT.std[channel];
                    assert!((values[at + channel * 16 + pixel] - expected).abs() < 1e-5);
                }
            }
        }
    }

    #[test]
    fn the_same_seed_varies_an_image_the_same_way_and_another_one_otherwise() {
        let batches = Batches::new(&picture, INPUT, 2);
        let varied = |images: &[usize], seed| {
            batches.batch(images, Some(Variation { augment: Augment::Light, seed })).unwrap().values
        };
        assert_eq!(varied(&[0, 1], 5)[48..], varied(&[1], 5)[..]);
        assert_ne!(varied(&[1], 5), varied(&[1], 6));
    }

    #[test]
    fn pixels_are_asked_for_once() {
        let calls = AtomicUsize::new(0);
        let source = |index| {
            calls.fetch_add(1, Ordering::Relaxed);
            picture(index)
        };
        let batches = Batches::new(&source, INPUT, 3);
        (0..4).for_each(|_| drop(batches.batch(&[0, 2], None)));
        assert_eq!(calls.into_inner(), 2);
    }

    #[test]
    fn a_picture_that_cannot_be_had_is_left_out_and_not_asked_for_again() {
        let calls = AtomicUsize::new(0);
        let source = |index| {
            calls.fetch_add(1, Ordering::Relaxed);
            if index == 1 { Err(TrainError::Pixels { message: "is damaged".to_owned() }) } else { picture(index) }
        };
        let batches = Batches::new(&source, INPUT, 0);
        let whole = batches.batch(&[0, 2], None).unwrap();
        assert_eq!(batches.batch(&[0, 1, 2], None).unwrap(), whole);
        assert_eq!(batches.batch(&[1], None).unwrap(), Batch::default());
        assert_eq!(calls.into_inner(), 5);
    }

    #[test]
    fn pixels_of_another_size_are_an_error() {
        let short = |_| Ok(vec![0; 12]);
        let error = Batches::new(&short, INPUT, 1).batch(&[0], None).unwrap_err();
        assert!(matches!(error, TrainError::Shape { found: 12, expected: 48, .. }));
    }
}
