//! Resizing as Pillow does it, which is what networks were trained on; and a faster way for the screen.
//!
//! Pillow widens its filter when it scales down ("antialias"); fast_image_resize's convolution does the same.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::RgbImage;

use super::resample::{BICUBIC, BILINEAR, Span, to_height, to_width};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Interpolation {
    #[default]
    Bicubic,
    Bilinear,
    Nearest,
}

impl Interpolation {
    /// timm's name, `bicubic` for any other.
    pub fn from_name(name: &str) -> Self {
        match name {
            "bilinear" => Self::Bilinear,
            "nearest" => Self::Nearest,
            _ => Self::Bicubic,
        }
    }
}

/// The whole picture stretched to `width` x `height`, both at least 1: Pillow's pixels, to the last bit.
///
/// One axis after the other, each rounded to 8 bits: where a bicubic overshoots, the order shows. It is Pillow's
/// (found by trying sizes against Pillow 13): down first where that takes away more than twice the pixels.
pub fn resize(picture: &RgbImage, width: u32, height: u32, interpolation: Interpolation) -> RgbImage {
    resize_part(picture, whole(picture), (width, height), interpolation)
}

/// Across and down.
pub(super) fn whole(picture: &RgbImage) -> [Span; 2] {
    [Span::all(picture.width()), Span::all(picture.height())]
}

/// As [`resize`], of what lies within the spans across and down (Pillow's `box`); all of it where the nearest is taken.
pub(super) fn resize_part(
    picture: &RgbImage,
    [columns, rows]: [Span; 2],
    (width, height): (u32, u32),
    interpolation: Interpolation,
) -> RgbImage {
    let filter = match interpolation {
        Interpolation::Bicubic => BICUBIC,
        Interpolation::Bilinear => BILINEAR,
        Interpolation::Nearest => return quick(picture, width, height, ResizeAlg::Nearest),
    };
    let across = |picture: &RgbImage| {
        (picture.width() != width || columns != Span::all(width)).then(|| to_width(picture, columns, width, filter))
    };
    let down = |picture: &RgbImage| {
        (picture.height() != height || rows != Span::all(height)).then(|| to_height(picture, rows, height, filter))
    };
    let fewer_rows = i64::from(picture.height()) - i64::from(height);
    let fewer_columns = i64::from(picture.width()) - i64::from(width);
    let down_first = fewer_rows > 0 && fewer_rows > 2 * fewer_columns;
    let first = if down_first { down(picture) } else { across(picture) };
    let between = first.as_ref().unwrap_or(picture);
    let second = if down_first { across(between) } else { down(between) };
    second.or(first).unwrap_or_else(|| picture.clone())
}

/// For the screen: bilinear, a few times as fast, a level or two off.
pub(super) fn for_screen(picture: &RgbImage, width: u32, height: u32) -> RgbImage {
    quick(picture, width, height, ResizeAlg::Convolution(FilterType::Bilinear))
}

fn quick(picture: &RgbImage, width: u32, height: u32, algorithm: ResizeAlg) -> RgbImage {
    let mut resized = Image::new(width, height, PixelType::U8x3);
    let done =
        ImageRef::new(picture.width(), picture.height(), picture.as_raw(), PixelType::U8x3).ok().and_then(|source| {
            let options = ResizeOptions::new().resize_alg(algorithm).use_alpha(false);
            Resizer::new().resize(&source, &mut resized, &options).ok()
        });
    // An RgbImage always has the bytes its size needs, and both formats are the same: neither step can fail.
    debug_assert!(done.is_some());
    RgbImage::from_raw(width, height, resized.into_vec()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::hash::mix64;
    use Interpolation::{Bicubic, Bilinear};

    /// Noise that any language can make: the top byte of the i-th number of splitmix64 from 0.
    fn noise(width: u32, height: u32) -> RgbImage {
        let step = 0x9E37_79B9_7F4A_7C15_u64;
        let bytes = (0..u64::from(3 * width * height)).map(|i| (mix64(i.wrapping_mul(step)) >> 56) as u8).collect();
        RgbImage::from_raw(width, height, bytes).unwrap()
    }

    #[test]
    fn resized_pixels_are_pillows() {
        // Pillow 13.0: (input, output, filter), red of the first row and green of the middle one.
        type Case<'a> = ((u32, u32), (u32, u32), Interpolation, &'a [u8], &'a [u8]);
        let cases: [Case<'_>; 8] = [
            ((9, 40), (6, 6), Bicubic, &[136, 147, 127, 92, 124, 162], &[125, 131, 108, 122, 138, 167]),
            ((9, 40), (6, 6), Bilinear, &[136, 143, 127, 100, 122, 154], &[126, 129, 113, 125, 136, 161]),
            ((40, 9), (6, 6), Bicubic, &[149, 125, 159, 136, 125, 109], &[148, 129, 142, 113, 131, 120]),
            ((40, 9), (6, 6), Bilinear, &[148, 127, 155, 135, 125, 110], &[146, 128, 139, 121, 128, 120]),
            ((5, 7), (8, 8), Bicubic, &[226, 249, 246, 85, 84, 238, 189, 128], &[78, 51, 22, 54, 114, 191, 247, 255]),
            (
                (5, 7),
                (8, 8),
                Bilinear,
                &[226, 236, 235, 108, 106, 231, 182, 134],
                &[72, 57, 40, 66, 114, 184, 220, 243],
            ),
            ((30, 20), (6, 6), Bicubic, &[95, 115, 134, 156, 150, 126], &[117, 137, 135, 139, 141, 137]),
            ((30, 20), (6, 6), Bilinear, &[98, 115, 133, 152, 145, 126], &[119, 133, 134, 140, 139, 135]),
        ];
        for ((w, h), (width, height), filter, first, middle) in cases {
            let found = resize(&noise(w, h), width, height, filter);
            let row = |y: u32, channel: usize| (0..width).map(move |x| (x, y, channel));
            for ((x, y, channel), expected) in row(0, 0).chain(row(height / 2, 1)).zip(first.iter().chain(middle)) {
                let level = found.get_pixel(x, y)[channel];
                assert_eq!(level, *expected, "{w} x {h} {filter:?} at {x} {y}");
            }
            let quick = for_screen(&noise(w, h), width, height);
            let near = |(a, b): (&u8, &u8)| a.abs_diff(*b) <= 2;
            assert!(filter != Bilinear || quick.as_raw().iter().zip(found.as_raw()).all(near), "{w} x {h}");
        }
    }
}
