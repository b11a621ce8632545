//! A picture file as a network's input: decoded no finer than the input needs.
//!
//! Of a JPEG libjpeg computes a half, a quarter or an eighth of the pixels in a fraction of the time. It does so here as
//! long as twice as many pixels are left each way as go into the input: the gap that Pillow's `Image.thumbnail` leaves too
//! ("very close to fair resampling"). Shape, margins and crop follow from the size of the whole picture. Preprocessing that asks for the colours of single pixels, and taking the
//! nearest pixel, see all of them.
//!
//! A fingerprint is taken from one reduction of a file, whatever else the file is decoded for.

use std::path::Path;
use std::str::FromStr;

use image::metadata::Orientation;
use image::{DynamicImage, RgbImage};

use super::decode::{DecodeError, decode_at, lies, size_of};
use super::fingerprint::fingerprint;
use super::fit::Fit;
use super::jpeg::{self, Header, Reduction};
use super::resample::Span;
use super::resize::whole;
use crate::domain::fingerprint::Fingerprint;

/// Pixels each way for one of the network's input.
const GAP: u32 = 2;
/// Least side of what a fingerprint is taken from. It is `GAP` times the input of most networks, so that the picture
/// that they need serves for both; three times what `fingerprint` goes through would be enough.
const FINGERPRINT: u32 = GAP * 224;

/// How finely large JPEGs are decoded for a network.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Decoding {
    /// As finely as the input needs.
    #[default]
    Scaled,
    /// Every pixel, as Pillow does it unless told otherwise.
    Full,
}

impl Decoding {
    pub fn name(self) -> &'static str {
        match self {
            Self::Scaled => "scaled",
            Self::Full => "full",
        }
    }
}

/// What was asked for is no way of decoding.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected scaled or full")]
pub struct UnknownDecoding;

impl FromStr for Decoding {
    type Err = UnknownDecoding;

    fn from_str(text: &str) -> Result<Self, UnknownDecoding> {
        [Self::Scaled, Self::Full].into_iter().find(|decoding| decoding.name() == text).ok_or(UnknownDecoding)
    }
}

/// An upright picture, perhaps at a fraction of its size.
pub(super) struct Reduced {
    pub(super) pixels: RgbImage,
    /// Of the whole picture.
    pub(super) size: (u32, u32),
    /// Where in `pixels` the picture lies, across and down.
    pub(super) spans: [Span; 2],
    /// Whether a fingerprint would be taken from these pixels.
    for_fingerprint: bool,
}

impl Reduced {
    pub(super) fn whole(pixels: RgbImage) -> Self {
        Self { size: pixels.dimensions(), spans: whole(&pixels), pixels, for_fingerprint: true }
    }

    /// `stored`: what is left of the picture, not turned yet.
    pub(super) fn upright(stored: RgbImage, header: &Header, reduction: Reduction) -> Self {
        use Orientation as O;
        let (turned, from_right, from_below) = (
            lies(header.orientation),
            matches!(header.orientation, O::Rotate90 | O::Rotate180 | O::FlipHorizontal | O::Rotate270FlipH),
            matches!(header.orientation, O::Rotate180 | O::Rotate270 | O::FlipVertical | O::Rotate270FlipH),
        );
        let mut picture = DynamicImage::from(stored);
        picture.apply_orientation(header.orientation);
        let pixels = picture.into_rgb8();
        let size = if turned { (header.height, header.width) } else { (header.width, header.height) };
        // The pixel that is picture only in part was the last one of a row or a column as stored.
        let span = |side: u32, n_pixels: u32, backwards: bool| {
            let length = reduction.exactly(side);
            Span { start: if backwards { f64::from(n_pixels) - length } else { 0.0 }, length }
        };
        let spans = [span(size.0, pixels.width(), from_right), span(size.1, pixels.height(), from_below)];
        Self { pixels, size, spans, for_fingerprint: reduction == of_fingerprint(header) }
    }
}

/// What the bytes of a picture file are for a network, as [`Fit::apply`] makes it of the whole picture; `path` only names
/// them in errors.
pub fn fitted(bytes: &[u8], fit: &Fit, decoding: Decoding, path: &Path) -> Result<Vec<u8>, DecodeError> {
    Ok(fit.apply_to(&decode_at(bytes, path, |header| for_fit(header, fit, decoding))?))
}

/// The same, and the fingerprint.
pub fn fitted_with_fingerprint(
    bytes: &[u8],
    fit: &Fit,
    decoding: Decoding,
    path: &Path,
) -> Result<(Vec<u8>, Fingerprint), DecodeError> {
    let picture = decode_at(bytes, path, |header| for_fit(header, fit, decoding))?;
    let fingerprint = if picture.for_fingerprint { fingerprint(&picture.pixels) } else { fingerprint_of(bytes, path)? };
    Ok((fit.apply_to(&picture), fingerprint))
}

/// The fingerprint of a picture file, from its bytes.
pub fn fingerprint_of(bytes: &[u8], path: &Path) -> Result<Fingerprint, DecodeError> {
    Ok(fingerprint(&decode_at(bytes, path, of_fingerprint)?.pixels))
}

/// About how many bytes [`fitted`] holds at once for these bytes; 0 where they are no picture.
pub fn n_bytes(bytes: &[u8], fit: &Fit, decoding: Decoding) -> u64 {
    n_bytes_of(bytes, |header| for_fit(header, fit, decoding))
}

/// The same of [`decode_bytes_at_least`](super::decode::decode_bytes_at_least).
pub fn n_bytes_at_least(bytes: &[u8], least: u32) -> u64 {
    n_bytes_of(bytes, |header| for_screen(header, least))
}

fn n_bytes_of(bytes: &[u8], choose: impl FnOnce(&Header) -> Reduction) -> u64 {
    let Some((width, height, header)) = size_of(bytes) else {
        return 0;
    };
    let n_bytes = |width: u32, height: u32| 3 * u64::from(width) * u64::from(height);
    match header {
        Some(header) => {
            let reduction = choose(&header);
            let is_turned = header.orientation != Orientation::NoTransforms;
            // Two bytes for each coefficient, and of the colours usually a quarter.
            let coefficients = if jpeg::is_kept_whole(bytes) { n_bytes(width, height) } else { 0 };
            coefficients + (1 + u64::from(is_turned)) * n_bytes(reduction.of(width), reduction.of(height))
        }
        // Before it becomes RGB it may have four bytes a pixel.
        None => 3 * n_bytes(width, height),
    }
}

/// The longer side keeps at least `least` pixels.
pub(super) fn for_screen(header: &Header, least: u32) -> Reduction {
    Reduction::strongest(header, |width, height| width.max(height) >= least)
}

fn of_fingerprint(header: &Header) -> Reduction {
    Reduction::strongest(header, |width, height| width.min(height) >= FINGERPRINT)
}

/// Never smaller than what the fingerprint is taken from: both then usually come from one decoding.
fn for_fit(header: &Header, fit: &Fit, decoding: Decoding) -> Reduction {
    let turned = lies(header.orientation);
    let upright = |width: u32, height: u32| if turned { (height, width) } else { (width, height) };
    let needed = fit.takes_reduced().then(|| fit.resized(upright(header.width, header.height)));
    let Some(needed) = needed.filter(|_| decoding == Decoding::Scaled) else {
        return Reduction::None;
    };
    Reduction::strongest(header, |width, height| {
        let found = upright(width, height);
        width.min(height) >= FINGERPRINT && found.0 >= GAP * needed.0 && found.1 >= GAP * needed.1
    })
}

#[cfg(test)]
mod tests;
