//! Resizing as Pillow does it, which is what networks were trained on.
//!
//! Pillow widens its filter when it scales down ("antialias"); fast_image_resize's convolution does the same.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::RgbImage;

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

/// The whole picture stretched to `width` x `height`, both at least 1; within one level of Pillow's.
pub fn resize(picture: &RgbImage, width: u32, height: u32, interpolation: Interpolation) -> RgbImage {
    if picture.dimensions() == (width, height) {
        return picture.clone();
    }
    let algorithm = match interpolation {
        Interpolation::Bicubic => ResizeAlg::Convolution(FilterType::CatmullRom),
        Interpolation::Bilinear => ResizeAlg::Convolution(FilterType::Bilinear),
        Interpolation::Nearest => ResizeAlg::Nearest,
    };
    let mut resized = Image::new(width, height, PixelType::U8x3);
    let done = ImageRef::new(picture.width(), picture.height(), picture.as_raw(), PixelType::U8x3)
        .ok()
        .and_then(|source| {
            let options = ResizeOptions::new().resize_alg(algorithm).use_alpha(false);
            Resizer::new().resize(&source, &mut resized, &options).ok()
        });
    // An RgbImage always has the bytes its size needs, and both formats are the same: neither step can fail.
    debug_assert!(done.is_some());
    RgbImage::from_raw(width, height, resized.into_vec()).unwrap_or_else(|| RgbImage::new(width, height))
}
