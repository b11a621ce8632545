//! From a picture of any size to the input of a network.
//!
//! Source of `Padded`: the iMet 2019 report; of `Crop`: timm's evaluation transform.

use image::{Rgb, RgbImage, imageops};
use serde::{Deserialize, Serialize};

use super::contour::{contour, without_background};
use super::cutout::cutout;
use super::reduced::Reduced;
use super::resample::Span;
pub use super::resize::Interpolation;
use super::resize::{resize_part, whole};

const WHITE: Rgb<u8> = Rgb([255, 255, 255]);

/// What happens to the picture's shape and content before the network sees it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Preprocess {
    /// Stretched, but elongated pictures (width/height < 0.5 or > 2) keep their shape on white.
    #[default]
    Padded,
    Stretched,
    /// Short side scaled to size / crop_pct, then the middle cut out.
    Crop,
    /// Outlines only (Pillow's CONTOUR filter), then as `Padded`.
    Contour,
    /// Every colour of the border made white, then as `Padded`.
    Background,
    /// The backdrop that hangs together with the border made white, then as `Padded`.
    Cutout,
}

impl Preprocess {
    pub const ALL: [Self; 6] =
        [Self::Padded, Self::Stretched, Self::Crop, Self::Contour, Self::Background, Self::Cutout];

    /// As in `config.json`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Padded => "padded",
            Self::Stretched => "stretched",
            Self::Crop => "crop",
            Self::Contour => "contour",
            Self::Background => "background",
            Self::Cutout => "cutout",
        }
    }
}

/// The input of a network.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fit {
    pub width: u32,
    pub height: u32,
    pub preprocess: Preprocess,
    pub interpolation: Interpolation,
    /// For `Crop`, 0 < crop_pct <= 1.
    pub crop_pct: f64,
}

impl Fit {
    /// `width * height * 3` bytes, RGB, rows from the top.
    pub fn apply(&self, picture: &RgbImage) -> Vec<u8> {
        let place = |picture: &RgbImage| self.place(picture, picture.dimensions(), whole(picture));
        match self.preprocess {
            Preprocess::Padded | Preprocess::Stretched | Preprocess::Crop => place(picture),
            Preprocess::Contour => place(&contour(picture)),
            Preprocess::Background => place(&without_background(picture)),
            Preprocess::Cutout => place(&cutout(picture)),
        }
    }

    /// The same of a picture that may be reduced, with the geometry of the whole one.
    pub(super) fn apply_to(&self, picture: &Reduced) -> Vec<u8> {
        if self.takes_reduced() {
            self.place(&picture.pixels, picture.size, picture.spans)
        } else {
            self.apply(&picture.pixels)
        }
    }

    /// Whether nothing but resizing happens to the picture, from all of its pixels.
    pub fn takes_reduced(&self) -> bool {
        matches!(self.preprocess, Preprocess::Padded | Preprocess::Stretched | Preprocess::Crop)
            && self.interpolation != Interpolation::Nearest
    }

    /// What the picture is resized to, before margins or a crop.
    pub(super) fn resized(&self, (width, height): (u32, u32)) -> (u32, u32) {
        match self.preprocess {
            Preprocess::Stretched => (self.width, self.height),
            Preprocess::Crop => {
                let short = (f64::from(self.width.min(self.height)) / self.crop_pct.clamp(0.05, 1.0)).floor();
                let scale = short / f64::from(width.min(height));
                // torchvision truncates the long side.
                let scaled = |length: u32, least: u32| ((f64::from(length) * scale) as u32).max(least);
                (scaled(width, self.width), scaled(height, self.height))
            }
            _ if !is_elongated(width, height) => (self.width, self.height),
            _ => {
                let scale = (f64::from(self.width) / f64::from(width)).min(f64::from(self.height) / f64::from(height));
                let scaled = |length: u32| ((f64::from(length) * scale) as u32).max(1);
                if width > height { (self.width, scaled(height)) } else { (scaled(width), self.height) }
            }
        }
    }

    fn place(&self, picture: &RgbImage, size: (u32, u32), spans: [Span; 2]) -> Vec<u8> {
        let (width, height) = self.resized(size);
        let resized = resize_part(picture, spans, (width, height), self.interpolation);
        if (width, height) == (self.width, self.height) {
            return resized.into_raw();
        }
        if self.preprocess == Preprocess::Crop {
            let middle = |length: u32, size: u32| (f64::from(length - size) / 2.0).round_ties_even() as u32;
            let (left, top) = (middle(width, self.width), middle(height, self.height));
            return imageops::crop_imm(&resized, left, top, self.width, self.height).to_image().into_raw();
        }
        let mut canvas = RgbImage::from_pixel(self.width, self.height, WHITE);
        let left = i64::from(self.width.saturating_sub(width) / 2);
        let top = i64::from(self.height.saturating_sub(height) / 2);
        imageops::replace(&mut canvas, &resized, left, top);
        canvas.into_raw()
    }
}

/// The report's rule: width/height < 0.5 or > 2.
pub fn is_elongated(width: u32, height: u32) -> bool {
    2 * u64::from(width) < u64::from(height) || u64::from(width) > 2 * u64::from(height)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imaging::resize::resize;

    fn fit(preprocess: Preprocess, side: u32) -> Fit {
        Fit { width: side, height: side, preprocess, interpolation: Interpolation::Bicubic, crop_pct: 0.875 }
    }

    #[test]
    fn a_picture_is_elongated_only_beyond_one_to_two() {
        for (w, h, expected) in [
            (200, 400, false),
            (199, 400, true),
            (400, 200, false),
            (401, 200, true),
            (640, 319, true),
            (33, 47, false),
        ] {
            assert_eq!(is_elongated(w, h), expected, "{w} x {h}");
        }
    }

    #[test]
    fn elongated_pictures_keep_their_shape_between_white_margins() {
        // (size, first inner column, columns): 96·199/400 = 47.76 truncated to 47, the odd pixel of 49 on the right.
        for ((w, h), first, inner) in [((199, 400), 24, 47), ((61, 640), 43, 9)] {
            let black = RgbImage::new(w, h);
            let fitted = fit(Preprocess::Padded, 96).apply(&black);
            let row: Vec<u8> = fitted[96 * 3 * 50..96 * 3 * 51].chunks(3).map(|rgb| rgb[0]).collect();
            let dark: Vec<usize> = (0..96).filter(|&x| row[x] == 0).collect();
            assert_eq!((dark[0], dark.len()), (first, inner), "{w} x {h}");
            assert!(row.iter().all(|&level| level == 0 || level == 255));
        }
    }

    #[test]
    fn every_way_gives_the_input_size() {
        for preprocess in Preprocess::ALL {
            assert_eq!(serde_json::to_value(preprocess).unwrap(), preprocess.name());
            for (w, h) in [(1, 1), (1, 500), (300, 7), (224, 224), (640, 480)] {
                let found = fit(preprocess, 64).apply(&RgbImage::from_pixel(w, h, Rgb([9, 9, 9])));
                assert_eq!(found.len(), 64 * 64 * 3, "{preprocess:?} {w} x {h}");
            }
        }
    }

    #[test]
    fn a_crop_is_the_middle_of_the_picture() {
        // 128 x 64, left half black: short side to 36 (32 / 0.875 = 36.57), long to 72, the middle 32 columns.
        let mut picture = RgbImage::from_pixel(128, 64, WHITE);
        imageops::replace(&mut picture, &RgbImage::new(64, 64), 0, 0);
        let found = fit(Preprocess::Crop, 32).apply(&picture);
        let row: Vec<u8> = found[..96].chunks(3).map(|rgb| rgb[0]).collect();
        assert!(row[..12].iter().all(|&x| x == 0) && row[20..].iter().all(|&x| x == 255), "{row:?}");
    }

    #[test]
    fn bicubic_weights_are_those_of_pillow() {
        // Catmull-Rom (a = -0.5) widened by the scale, by hand: a step of 0 | 255 from 8 pixels to 4.
        // Taps at offsets ±0.25, ±0.75, ±1.25, ±1.75 of w(x): 0.8672, 0.2266, -0.0703, -0.0234, sum 2.
        let mut step = RgbImage::new(8, 1);
        (4..8).for_each(|x| step.put_pixel(x, 0, WHITE));
        let found = resize(&step, 4, 1, Interpolation::Bicubic);
        let row: Vec<u8> = found.as_raw().chunks(3).map(|rgb| rgb[0]).collect();
        // Output 1 covers inputs -1..=6 (clipped to 0): white taps at +0.75, +1.25, +1.75 → (0.2266 - 0.0703 - 0.0234)/2.
        assert_eq!(row, [0, 17, 238, 255]);
    }
}
