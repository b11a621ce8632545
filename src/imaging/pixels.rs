//! A decoded picture ready for a screen.

use std::fmt;
use std::sync::Arc;

use image::{ExtendedColorType, ImageEncoder as _, RgbImage};

use super::decode::{DecodeError, decode_bytes};
use super::resize::for_screen;

/// RGBA, 8 bits, sRGB, opaque, rows from the top, without padding. Cheap to clone.
#[derive(Clone, PartialEq, Eq)]
pub struct Pixels {
    pub width: u32,
    pub height: u32,
    /// `4 * width * height` bytes.
    pub rgba: Arc<[u8]>,
}

impl fmt::Debug for Pixels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pixels({} x {})", self.width, self.height)
    }
}

impl From<&RgbImage> for Pixels {
    fn from(picture: &RgbImage) -> Self {
        let rgba = picture.as_raw().chunks_exact(3).flat_map(|rgb| [rgb[0], rgb[1], rgb[2], 255]).collect();
        Self { width: picture.width(), height: picture.height(), rgba }
    }
}

/// Scaled down, never up, so that neither side is longer than `side`; at least one pixel each way.
pub fn at_most(picture: &RgbImage, side: u32) -> Option<RgbImage> {
    let longest = picture.width().max(picture.height());
    if longest <= side {
        return None;
    }
    let scaled = |length: u32| ((f64::from(length) * f64::from(side) / f64::from(longest)).round() as u32).max(1);
    Some(for_screen(picture, scaled(picture.width()), scaled(picture.height())))
}

/// A thumbnail as JPEG bytes, for the cache.
pub fn to_jpeg(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 85);
    match encoder.write_image(picture.as_raw(), picture.width(), picture.height(), ExtendedColorType::Rgb8) {
        Ok(()) => bytes,
        Err(_) => Vec::new(), // Beyond 65,535 pixels a side; nothing is cached then.
    }
}

/// A thumbnail out of the cache.
pub fn from_jpeg(bytes: &[u8]) -> Result<Pixels, DecodeError> {
    Ok(Pixels::from(&decode_bytes(bytes, std::path::Path::new("thumbnail"))?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_only_ever_made_smaller() {
        for ((w, h), side, expected) in
            [((400, 200), 100, Some((100, 50))), ((60, 100), 100, None), ((3000, 2), 100, Some((100, 1)))]
        {
            let found = at_most(&RgbImage::new(w, h), side).map(|small| small.dimensions());
            assert_eq!(found, expected, "{w} x {h} to {side}");
        }
    }

    #[test]
    fn a_thumbnail_comes_back_from_the_cache_as_it_went_in() {
        let picture = RgbImage::from_pixel(40, 30, image::Rgb([200, 100, 50]));
        let back = from_jpeg(&to_jpeg(&picture)).unwrap();
        assert_eq!((back.width, back.height), (40, 30));
        let near = |a: u8, b: u8| a.abs_diff(b) <= 3;
        assert!(near(back.rgba[0], 200) && near(back.rgba[1], 100) && near(back.rgba[2], 50) && back.rgba[3] == 255);
    }
}
