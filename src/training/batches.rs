//! Batches: decoded pixels to what a network takes, a little different every time where wished.
//!
//! One pass per image: flip, shift and zoom choose the pixel, a table per channel holds brightness, contrast and the
//! network's normalisation. Pixels once decoded are kept while they fit. Floor 4.
//! Source: the report flips, adds, multiplies and changes contrast; shift and zoom are ours.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use candle_core::{Device, Tensor};
use rayon::prelude::*;

use super::error::TrainError;
use super::random::Random;

/// Decoded pixels are kept up to this many bytes; beyond it images are decoded again each time.
const KEPT_BYTES: usize = 2 << 30;

/// Where pictures come from. Called from several threads at once.
pub trait PixelSource: Sync {
    /// Image `index` as `side * side` RGB pixels, 8 bits each, row by row, prepared as the network expects.
    ///
    /// Errors: [`TrainError::Pixels`] with the file's name in the message.
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

/// Makes batches out of a source.
pub struct Batches<'a> {
    source: &'a dyn PixelSource,
    input: Input,
    kept: Vec<OnceLock<Vec<u8>>>,
    n_bytes: AtomicUsize,
}

impl<'a> Batches<'a> {
    pub fn new(source: &'a dyn PixelSource, input: Input, n_images: usize) -> Self {
        let kept = (0..n_images).map(|_| OnceLock::new()).collect();
        Self { source, input, kept, n_bytes: AtomicUsize::new(0) }
    }

    /// Values f32 `[B, 3, side, side]`, row by row. `variation`: a seed to vary them by; `None` shows them as they are.
    pub fn values(&self, images: &[usize], variation: Option<u64>) -> Result<Vec<f32>, TrainError> {
        let n_values = 3 * self.input.side * self.input.side;
        let mut values = vec![0.0; images.len() * n_values];
        let rows = values.par_chunks_mut(n_values.max(1)).zip(images);
        rows.try_for_each(|(row, &image)| {
            let view = match variation {
                Some(seed) => View::varied(&mut Random::new(seed, image as u64), self.input.side),
                None => View::plain(),
            };
            self.with_pixels(image, |pixels| view.write(pixels, &self.input, row))
        })?;
        Ok(values)
    }

    /// As [`Self::values`], on a device.
    pub fn tensor(&self, values: Vec<f32>, device: &Device) -> Result<Tensor, TrainError> {
        let side = self.input.side;
        Ok(Tensor::from_vec(values, ((), 3, side, side), device)?)
    }

    fn with_pixels(&self, image: usize, mut then: impl FnMut(&[u8])) -> Result<(), TrainError> {
        let place = self.kept.get(image);
        if let Some(pixels) = place.and_then(OnceLock::get) {
            then(pixels);
            return Ok(());
        }
        let pixels = self.source.pixels(image)?;
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
        Ok(())
    }
}

/// How an image is looked at.
#[derive(Debug, Clone, Copy, PartialEq)]
struct View {
    flip: bool,
    /// Pixels to the right and down.
    shift: (f32, f32),
    zoom: f32,
    /// Added to a value in [0, 1], after contrast.
    brightness: f32,
    contrast: f32,
}

impl View {
    fn plain() -> Self {
        Self { flip: false, shift: (0.0, 0.0), zoom: 1.0, brightness: 0.0, contrast: 1.0 }
    }

    fn varied(random: &mut Random, side: usize) -> Self {
        let reach = side as f32 / 16.0;
        Self {
            flip: random.unit() < 0.5,
            shift: (random.between(-reach, reach), random.between(-reach, reach)),
            zoom: random.between(0.9, 1.15),
            brightness: random.between(-0.08, 0.08),
            contrast: random.between(0.85, 1.15),
        }
    }

    /// Which source column (or row) each target one shows. Beyond the edge the edge is repeated.
    fn places(side: usize, shift: f32, zoom: f32, flip: bool) -> Vec<usize> {
        let middle = (side as f32 - 1.0) / 2.0;
        let place = |target: usize| {
            let from_middle = if flip { middle - target as f32 } else { target as f32 - middle };
            let source = middle + from_middle / zoom + shift;
            (source.round().max(0.0) as usize).min(side - 1)
        };
        (0..side).map(place).collect()
    }

    fn write(&self, pixels: &[u8], input: &Input, values: &mut [f32]) {
        let side = input.side;
        let columns = Self::places(side, self.shift.0, self.zoom, self.flip);
        let rows = Self::places(side, self.shift.1, self.zoom, false);
        for (channel, plane) in values.chunks_exact_mut(side * side).enumerate() {
            let (mean, std) = (input.mean[channel], input.std[channel]);
            let table: [f32; 256] = std::array::from_fn(|byte| {
                let value = (byte as f32 / 255.0 - 0.5) * self.contrast + 0.5 + self.brightness;
                (value.clamp(0.0, 1.0) - mean) / std
            });
            for (target, &row) in plane.chunks_exact_mut(side).zip(&rows) {
                let source = &pixels[row * side * 3..(row + 1) * side * 3];
                for (value, &column) in target.iter_mut().zip(&columns) {
                    *value = table[usize::from(source[column * 3 + channel])];
                }
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
        let values = Batches::new(&picture, INPUT, 2).values(&[1, 0], None).unwrap();
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
    fn a_flip_turns_rows_round_and_a_shift_repeats_the_edge() {
        assert_eq!(View::places(4, 0.0, 1.0, false), [0, 1, 2, 3]);
        assert_eq!(View::places(4, 0.0, 1.0, true), [3, 2, 1, 0]);
        assert_eq!(View::places(4, 2.0, 1.0, false), [2, 3, 3, 3]);
        assert_eq!(View::places(4, -1.0, 1.0, true), [2, 1, 0, 0]);
        assert_eq!(View::places(8, 0.0, 2.0, false), [2, 2, 3, 3, 4, 4, 5, 5]);
    }

    #[test]
    fn the_same_seed_varies_an_image_the_same_way_and_another_one_otherwise() {
        let batches = Batches::new(&picture, INPUT, 2);
        let varied = |images: &[usize], seed| batches.values(images, Some(seed)).unwrap();
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
        (0..4).for_each(|_| drop(batches.values(&[0, 2], None)));
        assert_eq!(calls.into_inner(), 2);
    }

    #[test]
    fn a_picture_that_cannot_be_had_or_has_another_size_ends_the_batch() {
        let broken = |_| Err(TrainError::Pixels { message: "is damaged\nFile: a.jpg".to_owned() });
        let error = Batches::new(&broken, INPUT, 1).values(&[0], None).unwrap_err();
        assert_eq!(error.to_string(), "is damaged\nFile: a.jpg");
        let short = |_| Ok(vec![0; 12]);
        let error = Batches::new(&short, INPUT, 1).values(&[0], None).unwrap_err();
        assert!(matches!(error, TrainError::Shape { found: 12, expected: 48, .. }));
    }
}
