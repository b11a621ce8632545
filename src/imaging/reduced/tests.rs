//! Tests of reduced decoding against decoding in full.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;

use super::*;
use crate::base::hash::mix64;
use crate::imaging::fit::{Interpolation, Preprocess};

const HERE: &str = "a.jpg";

/// Soft spots, edges and grain, and a gradient that no turn of the picture leaves as it is.
fn picture(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let (across, down) = (x as f32 / width as f32, y as f32 / height as f32);
        let spot = (-((across - 0.3).powi(2) + (down - 0.6).powi(2)) * 20.0).exp();
        let bar = if (across * 7.0 + down * 3.0).fract() < 0.3 { 60.0 } else { 0.0 };
        let grain = (mix64(u64::from(y * width + x)) >> 60) as f32;
        image::Rgb(
            [across * 150.0 + bar, down * 180.0 + spot * 60.0, 120.0 + spot * 100.0 - bar].map(|c| (c + grain) as u8),
        )
    })
}

fn jpeg(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 90)).unwrap();
    bytes.into_inner()
}

/// With an APP1 segment of EXIF, little endian, after the JPEG's first marker.
fn turned(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let exif = [&b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0"[..], &[orientation], &[0; 7]].concat();
    let length = (exif.len() as u16 + 2).to_be_bytes();
    [&jpeg[..2], &[0xFF, 0xE1], &length, &exif, &jpeg[2..]].concat()
}

fn fit(preprocess: Preprocess, side: u32) -> Fit {
    Fit { width: side, height: side, preprocess, interpolation: Interpolation::Bicubic, crop_pct: 0.875 }
}

/// Root of the mean square, and the largest, of the differences.
fn differences(a: &[u8], b: &[u8]) -> (f64, u8) {
    assert_eq!(a.len(), b.len());
    let squares: f64 = a.iter().zip(b).map(|(a, b)| f64::from(a.abs_diff(*b)).powi(2)).sum();
    ((squares / a.len() as f64).sqrt(), a.iter().zip(b).map(|(a, b)| a.abs_diff(*b)).max().unwrap_or(0))
}

fn both(bytes: &[u8], fit: &Fit) -> (f64, u8) {
    let [scaled, full] =
        [Decoding::Scaled, Decoding::Full].map(|how| fitted(bytes, fit, how, Path::new(HERE)).unwrap());
    differences(&scaled, &full)
}

#[test]
fn a_network_sees_nearly_the_same_of_a_reduced_picture_whatever_its_shape_and_turn() {
    // Sides that do not divide by eight: what the decoder rounds up must move nothing. A shift by half a pixel of the
    // input would change these edges of 60 levels by 30, margins and crops that differ by a column by more.
    for (width, height) in [(1801, 1799), (2003, 1501), (3605, 905), (915, 4007)] {
        let stored = jpeg(&picture(width, height));
        for orientation in 1..=8 {
            let bytes = turned(&stored, orientation);
            for preprocess in [Preprocess::Padded, Preprocess::Stretched, Preprocess::Crop] {
                let (rms, largest) = both(&bytes, &fit(preprocess, 64));
                let what = format!("{width} x {height}, turn {orientation}, {preprocess:?}: {rms} {largest}");
                assert!(rms < 1.0 && largest <= 8, "{what}");
            }
        }
    }
}

#[test]
fn a_picture_is_reduced_as_far_as_twice_the_input_and_the_fingerprint_allow() {
    use Preprocess as P;
    use Reduction::{Eighth, Half, None, Quarter};
    let of = |width, height, orientation| Header { width, height, orientation };
    let upright = Orientation::NoTransforms;
    // 3000 / 8 = 375 is less than twice 224, 3000 / 4 = 750 is more; than twice 299 as well, than twice 448 not.
    for (preprocess, side, (width, height), expected) in [
        (P::Padded, 224, (4000, 3000), Quarter),
        (P::Padded, 299, (4000, 3000), Quarter),
        (P::Stretched, 448, (4000, 3000), Half),
        (P::Padded, 224, (6000, 4000), Eighth),
        // 224 / 0.875 = 256 for the shorter side: 4000 / 8 = 500 is less than twice that.
        (P::Crop, 224, (6000, 4000), Quarter),
        (P::Padded, 64, (6000, 4000), Eighth),
        // Twice 28 rows would be enough for a network, the fingerprint wants 448; stretched, twice 448 pixels.
        (P::Padded, 224, (8000, 1000), Half),
        (P::Stretched, 448, (8000, 1000), None),
        (P::Padded, 224, (894, 3000), None),
        (P::Padded, 224, (895, 3000), Half),
        (P::Contour, 224, (6000, 4000), None),
        (P::Background, 224, (6000, 4000), None),
        (P::Cutout, 224, (6000, 4000), None),
    ] {
        let header = of(width, height, upright);
        let what = format!("{preprocess:?} {side} of {width} x {height}");
        assert_eq!(for_fit(&header, &fit(preprocess, side), Decoding::Scaled), expected, "{what}");
        assert_eq!(for_fit(&header, &fit(preprocess, side), Decoding::Full), None, "{what}");
    }
    // Lying on its side it is upright 1000 wide, for an input that is not square.
    let wide = Fit { width: 448, height: 112, ..fit(P::Stretched, 0) };
    assert_eq!(for_fit(&of(1900, 3600, upright), &wide, Decoding::Scaled), Half);
    assert_eq!(for_fit(&of(1900, 3600, Orientation::Rotate90), &wide, Decoding::Scaled), Quarter);
    let nearest = Fit { interpolation: Interpolation::Nearest, ..fit(P::Padded, 64) };
    assert_eq!(for_fit(&of(6000, 4000, upright), &nearest, Decoding::Scaled), None);
}

#[test]
fn preprocessing_of_single_pixels_sees_all_of_them() {
    let bytes = jpeg(&picture(1205, 1003));
    for preprocess in [Preprocess::Contour, Preprocess::Background, Preprocess::Cutout] {
        assert_eq!(both(&bytes, &fit(preprocess, 64)), (0.0, 0), "{preprocess:?}");
    }
}

#[test]
fn the_fingerprint_of_a_file_is_the_same_whatever_it_is_decoded_for() {
    for bytes in [jpeg(&picture(2003, 1501)), jpeg(&picture(700, 500)), jpeg(&picture(3605, 905))] {
        let expected = fingerprint_of(&bytes, Path::new(HERE)).unwrap();
        for side in [64, 224, 448] {
            for preprocess in [Preprocess::Padded, Preprocess::Crop, Preprocess::Contour] {
                for decoding in [Decoding::Scaled, Decoding::Full] {
                    let fit = fit(preprocess, side);
                    let (pixels, found) = fitted_with_fingerprint(&bytes, &fit, decoding, Path::new(HERE)).unwrap();
                    assert_eq!(pixels, fitted(&bytes, &fit, decoding, Path::new(HERE)).unwrap());
                    assert!(found == expected, "{preprocess:?} {side} {decoding:?}");
                }
            }
        }
    }
}

#[test]
fn what_a_picture_needs_is_known_before_it_is_decoded() {
    let bytes = jpeg(&picture(2003, 1501));
    let padded = fit(Preprocess::Padded, 224);
    // A half, rounded up; turned, a second copy of it; in full.
    let half = 3 * 1002 * 751;
    assert_eq!(n_bytes(&bytes, &padded, Decoding::Scaled), half);
    assert_eq!(n_bytes(&turned(&bytes, 6), &padded, Decoding::Scaled), 2 * half);
    assert_eq!(n_bytes(&bytes, &padded, Decoding::Full), 3 * 2003 * 1501);
    assert_eq!(n_bytes(b"no picture", &padded, Decoding::Full), 0);
}

#[test]
fn ways_of_decoding_have_names() {
    for decoding in [Decoding::Scaled, Decoding::Full] {
        assert_eq!(decoding.name().parse(), Ok(decoding));
    }
    assert_eq!("half".parse::<Decoding>(), Err(UnknownDecoding));
}
