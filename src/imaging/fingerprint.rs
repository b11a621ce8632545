//! The fingerprint of a picture, from its pixels.
//!
//! Always taken from the same reduction of a file (`reduced`), so that it does not depend on who asked first. What it is
//! good for: `domain::fingerprint`.

use image::RgbImage;

use super::resize::for_screen;
use crate::domain::fingerprint::{COLOR_SIDE, Fingerprint, SIDE};

/// In between, so that the whole picture is read once.
const BETWEEN: u32 = 144;

/// The fingerprint; of a picture without pixels that of a black one.
pub(super) fn fingerprint(picture: &RgbImage) -> Fingerprint {
    let small = for_screen(picture, BETWEEN, BETWEEN);
    // A triangular filter: its pixels overlap, so that a little trimmed from the sides changes them a little.
    let levels = |channel: usize, width: u32, height: u32| -> Vec<f32> {
        for_screen(&small, width, height).as_raw().chunks_exact(3).map(|rgb| level(channel, rgb)).collect()
    };
    let (across, down) = (levels(0, 9, 8), levels(0, 8, 9));
    let (grey, side) = (levels(0, SIDE as u32, SIDE as u32), COLOR_SIDE as u32);
    let byte = |level: f32| level.round().clamp(0.0, 255.0) as u8;
    Fingerprint {
        across: bits((0..64).map(|cell| across[cell / 8 * 9 + cell % 8] < across[cell / 8 * 9 + cell % 8 + 1])),
        down: bits((0..64).map(|cell| down[cell] < down[cell + 8])),
        grey: std::array::from_fn(|cell| byte(grey[cell])),
        color: [levels(1, side, side), levels(2, side, side)]
            .map(|color| std::array::from_fn(|cell| byte(color[cell]))),
    }
}

fn bits(bits: impl Iterator<Item = bool>) -> u64 {
    bits.fold(0, |hash, bit| hash << 1 | u64::from(bit))
}

/// Y, Cb or Cr of a pixel. Source of the weights: JFIF 1.02.
fn level(channel: usize, rgb: &[u8]) -> f32 {
    let [r, g, b] = [0, 1, 2].map(|at| f32::from(rgb[at]));
    match channel {
        0 => 0.299 * r + 0.587 * g + 0.114 * b,
        1 => 128.0 - 0.168_736 * r - 0.331_264 * g + 0.5 * b,
        _ => 128.0 + 0.5 * r - 0.418_688 * g - 0.081_312 * b,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;
    use std::path::Path;

    use image::imageops::{self, FilterType};

    use super::*;
    use crate::base::hash::mix64;
    use crate::imaging::decode::decode_bytes;

    /// Soft spots of many colours on a gradient, 360 x 240.
    fn picture(seed: u64) -> RgbImage {
        let number = |i: u64| (mix64(seed * 4096 + i) >> 40) as f32 / (1 << 24) as f32;
        let spots: Vec<[f32; 6]> = (0..12).map(|spot| std::array::from_fn(|i| number(spot * 6 + i as u64))).collect();
        RgbImage::from_fn(360, 240, |x, y| {
            let (x, y) = (x as f32 / 360.0, y as f32 / 240.0);
            let mut rgb = [90.0 + 60.0 * x, 120.0 * y + 40.0, 100.0];
            for [cx, cy, size, r, g, b] in &spots {
                let near = (-((x - cx).powi(2) + (y - cy).powi(2)) / (0.002 + 0.03 * size)).exp();
                for (level, tone) in rgb.iter_mut().zip([r, g, b]) {
                    *level += (tone * 220.0 - *level) * near;
                }
            }
            image::Rgb(rgb.map(|level| level as u8))
        })
    }

    #[test]
    fn a_picture_saved_again_resized_brightened_or_trimmed_is_recognised() {
        let saved = |picture: &RgbImage, quality: u8| {
            let mut bytes = Cursor::new(Vec::new());
            let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, quality);
            picture.write_with_encoder(encoder).unwrap();
            decode_bytes(bytes.get_ref(), Path::new("again.jpg")).unwrap()
        };
        let resized = |p: &RgbImage, w, h| imageops::resize(p, w, h, FilterType::Triangle);
        let trimmed =
            |p: &RgbImage, cut: u32| imageops::crop_imm(p, 3 * cut, 2 * cut, 360 - 6 * cut, 240 - 4 * cut).to_image();
        for seed in 0..20 {
            let original = picture(seed);
            let print = fingerprint(&original);
            for (what, copy) in [
                ("JPEG at quality 40", saved(&original, 40)),
                ("a third of the size", resized(&original, 120, 80)),
                ("one and a half of the size", resized(&original, 540, 360)),
                ("not quite the same shape", resized(&original, 300, 210)),
                ("brighter", imageops::brighten(&original, 20)),
                ("more contrast", imageops::contrast(&original, 15.0)),
                ("trimmed by 2 % a side", trimmed(&original, 2)),
                ("all of it", saved(&resized(&imageops::brighten(&trimmed(&original, 1), 10), 200, 130), 60)),
            ] {
                assert!(print.is_like(&fingerprint(&copy)), "{seed}: {what}");
            }
        }
    }

    #[test]
    fn other_pictures_and_mirrored_ones_are_not() {
        let prints: Vec<_> = (0..40).map(|seed| fingerprint(&picture(seed))).collect();
        for (at, print) in prints.iter().enumerate() {
            assert!(prints.iter().enumerate().all(|(other, like)| other == at || !print.is_like(like)), "{at}");
            assert!(!print.is_like(&fingerprint(&imageops::flip_horizontal(&picture(at as u64)))), "{at}");
        }
    }

    #[test]
    fn a_blank_page_and_a_single_pixel_have_fingerprints_too() {
        for picture in [RgbImage::from_pixel(300, 400, image::Rgb([250; 3])), RgbImage::new(1, 1)] {
            assert!(fingerprint(&picture).is_plain());
        }
    }
}
