//! From a file to upright RGB, 8 bits: every format of the collection, alpha over white.
//!
//! Claims are checked before memory is taken: a few bytes can claim billions of pixels.
//! Embedded colour profiles are not applied; pictures are taken as sRGB. JPEG has a decoder of its own (`jpeg`).

use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder as _, ImageError, ImageFormat, ImageReader, Limits, RgbImage};

use super::jpeg::{self, Header, JpegError, Reduction};
use super::reduced::{Reduced, for_screen};
use crate::base::{Hint, hint};

/// A scan of 20,000 x 13,400 pixels still opens.
const MAX_PIXELS: u64 = 1 << 28;
/// For what decoders allocate besides: eight bytes for each of the pixels allowed.
const MAX_ALLOC: u64 = MAX_PIXELS * 8;
/// Longer files are no pictures that the pixel limit allows.
const MAX_BYTES: u64 = 2 << 30;

#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    #[error("the picture cannot be read: {source}\nFile: {}", .path.display())]
    Unreadable { source: std::io::Error, path: PathBuf },
    #[error("the file is empty\nFile: {}", .path.display())]
    Empty { path: PathBuf },
    #[error("this is not a picture, whatever its name says\nFile: {}", .path.display())]
    NotAPicture { path: PathBuf },
    #[error("the picture claims {width} x {height} pixels, more than Docent opens ({MAX_PIXELS} in all)\nFile: {}", .path.display())]
    TooLarge { width: u32, height: u32, path: PathBuf },
    #[error("the file is longer than any picture Docent opens\nFile: {}", .path.display())]
    TooLong { path: PathBuf },
    #[error("the picture is damaged: {reason}\nFile: {}", .path.display())]
    Damaged { reason: String, path: PathBuf },
}

impl Hint for DecodeError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::Unreadable { source, .. } => hint::for_io(source),
            Self::Empty { .. } => Some("copy it again from where it came from".to_owned()),
            Self::NotAPicture { .. } => Some("move it out of the collection, or convert it to JPEG or PNG".to_owned()),
            Self::TooLarge { .. } | Self::TooLong { .. } => Some("save a smaller copy of it".to_owned()),
            Self::Damaged { .. } => {
                Some("copy it again from where it came from, or open and save it in a picture editor".to_owned())
            }
        }
    }
}

/// The picture as it should be seen: EXIF orientation applied, alpha over white, grey, palette, 16-bit and
/// CMYK converted. The format is told from the bytes, not from the name; of an animation, the first frame.
///
/// Errors: unreadable, empty, no picture, claims more than 2^28 pixels, damaged.
pub fn decode(path: &Path) -> Result<RgbImage, DecodeError> {
    decode_bytes(&read(path)?, path)
}

/// As [`decode`], from bytes already read; `path` only names them in errors.
pub fn decode_bytes(bytes: &[u8], path: &Path) -> Result<RgbImage, DecodeError> {
    Ok(decode_at(bytes, path, |_| Reduction::None)?.pixels)
}

/// As [`decode_bytes`], for the screen: a large JPEG comes at a half, a quarter or an eighth of its size, in a fraction
/// of the time. Its longer side has at least `least` pixels, unless the picture itself has fewer.
pub fn decode_bytes_at_least(bytes: &[u8], least: u32, path: &Path) -> Result<RgbImage, DecodeError> {
    Ok(decode_at(bytes, path, |header| for_screen(header, least))?.pixels)
}

/// A JPEG is reduced as `choose` says, once it knows the header.
pub(super) fn decode_at(
    bytes: &[u8],
    path: &Path,
    choose: impl FnOnce(&Header) -> Reduction,
) -> Result<Reduced, DecodeError> {
    let format = format_of(bytes, path)?;
    let within_limit = |(width, height): (u32, u32)| {
        if u64::from(width) * u64::from(height) <= MAX_PIXELS {
            return Ok(());
        }
        Err(DecodeError::TooLarge { width, height, path: path.to_path_buf() })
    };
    if format == ImageFormat::Jpeg {
        let broken = |error| damaged_jpeg(&error, path);
        let header = jpeg::header(bytes).map_err(broken)?;
        within_limit((header.width, header.height))?;
        let reduction = choose(&header);
        let stored = jpeg::decode(bytes, &header, reduction).map_err(broken)?;
        return Ok(Reduced::upright(stored, &header, reduction));
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits());
    let mut decoder = reader.into_decoder().map_err(|error| damaged(error, path))?;
    within_limit(decoder.dimensions())?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|error| damaged(error, path))?;
    picture.apply_orientation(orientation);
    Ok(Reduced::whole(over_white(picture)))
}

/// Width and height as stored, and the header of a JPEG; `None` where the bytes are no picture.
pub(super) fn size_of(bytes: &[u8]) -> Option<(u32, u32, Option<Header>)> {
    match image::guess_format(bytes).ok()? {
        ImageFormat::Jpeg => {
            let header = jpeg::header(bytes).ok()?;
            Some((header.width, header.height, Some(header)))
        }
        format => {
            let (width, height) = ImageReader::with_format(Cursor::new(bytes), format).into_dimensions().ok()?;
            Some((width, height, None))
        }
    }
}

/// The bytes of a picture file, refused where they cannot be one.
pub fn read(path: &Path) -> Result<Vec<u8>, DecodeError> {
    let unreadable = |source| DecodeError::Unreadable { source, path: path.to_path_buf() };
    if fs::metadata(path).map_err(unreadable)?.len() > MAX_BYTES {
        return Err(DecodeError::TooLong { path: path.to_path_buf() });
    }
    fs::read(path).map_err(unreadable)
}

/// Width and height as seen (orientation applied), from the header alone.
pub fn dimensions(path: &Path) -> Result<(u32, u32), DecodeError> {
    let unreadable = |source| DecodeError::Unreadable { source, path: path.to_path_buf() };
    let file = std::io::BufReader::new(fs::File::open(path).map_err(unreadable)?);
    let mut reader = ImageReader::new(file).with_guessed_format().map_err(unreadable)?;
    if reader.format().is_none() {
        let empty = fs::metadata(path).map_err(unreadable)?.len() == 0;
        let path = path.to_path_buf();
        return Err(if empty { DecodeError::Empty { path } } else { DecodeError::NotAPicture { path } });
    }
    let ((width, height), orientation) = if reader.format() == Some(ImageFormat::Jpeg) {
        let header = jpeg::header(reader.into_inner()).map_err(|error| damaged_jpeg(&error, path))?;
        ((header.width, header.height), header.orientation)
    } else {
        reader.limits(limits());
        let mut decoder = reader.into_decoder().map_err(|error| damaged(error, path))?;
        (decoder.dimensions(), decoder.orientation().unwrap_or(Orientation::NoTransforms))
    };
    Ok(if lies(orientation) { (height, width) } else { (width, height) })
}

/// Whether width and height change places when the picture is turned upright.
pub(super) fn lies(orientation: Orientation) -> bool {
    use Orientation as O;
    matches!(orientation, O::Rotate90 | O::Rotate270 | O::Rotate90FlipH | O::Rotate270FlipH)
}

/// Told from the first bytes.
fn format_of(bytes: &[u8], path: &Path) -> Result<ImageFormat, DecodeError> {
    let path = path.to_path_buf();
    if bytes.is_empty() {
        return Err(DecodeError::Empty { path });
    }
    match image::guess_format(bytes) {
        Ok(format) => Ok(format),
        Err(_) => Err(DecodeError::NotAPicture { path }),
    }
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_ALLOC);
    limits
}

fn damaged(error: ImageError, path: &Path) -> DecodeError {
    let path = path.to_path_buf();
    match error {
        ImageError::Limits(_) => {
            DecodeError::Damaged { reason: "it asks for more memory than a picture needs".into(), path }
        }
        other => DecodeError::Damaged { reason: other.to_string(), path },
    }
}

fn damaged_jpeg(error: &JpegError, path: &Path) -> DecodeError {
    DecodeError::Damaged { reason: error.to_string(), path: path.to_path_buf() }
}

fn over_white(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let rgba = picture.into_rgba8();
    let (width, height) = rgba.dimensions();
    let mut rgb = Vec::with_capacity(3 * (width as usize) * (height as usize));
    for pixel in rgba.as_raw().chunks_exact(4) {
        let alpha = u32::from(pixel[3]);
        rgb.extend(pixel[..3].iter().map(|&c| ((u32::from(c) * alpha + 255 * (255 - alpha) + 127) / 255) as u8));
    }
    RgbImage::from_raw(width, height, rgb).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{ImageFormat, Rgb, Rgba, RgbaImage};

    fn bytes_of(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    fn check(bytes: &[u8]) -> Result<RgbImage, DecodeError> {
        decode_bytes(bytes, Path::new("a.jpg"))
    }

    /// A PNG's chunk: length, type, data, CRC-32 (of the PNG specification).
    fn chunk(kind: &[u8], data: &[u8]) -> Vec<u8> {
        let body = [kind, data].concat();
        let mut crc = u32::MAX;
        for &byte in &body {
            crc ^= u32::from(byte);
            for _ in 0..8 {
                crc = if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
            }
        }
        [&(data.len() as u32).to_be_bytes()[..], &body, &(!crc).to_be_bytes()].concat()
    }

    #[test]
    fn every_format_gives_the_same_picture() {
        let picture = DynamicImage::from(RgbImage::from_pixel(6, 4, Rgb([10, 200, 90])));
        for format in [
            ImageFormat::Png,
            ImageFormat::Jpeg,
            ImageFormat::WebP,
            ImageFormat::Tiff,
            ImageFormat::Gif,
            ImageFormat::Bmp,
        ] {
            let found = check(&bytes_of(&picture, format)).unwrap();
            assert_eq!(found.dimensions(), (6, 4));
            let differs = found.as_raw().iter().zip(picture.as_bytes()).any(|(a, b)| a.abs_diff(*b) > 4);
            assert!(!differs, "{format:?}: {:?}", found.get_pixel(0, 0));
        }
    }

    #[test]
    fn transparent_parts_become_white_and_deep_colours_eight_bits() {
        // (what, picture, expected pixel); 50 % of (0, 100, 200) over white by hand.
        let half = RgbaImage::from_pixel(1, 1, Rgba([0, 100, 200, 128]));
        let deep = image::ImageBuffer::from_pixel(1, 1, Rgb([65535u16, 257 * 7, 0]));
        let grey = image::GrayImage::from_pixel(1, 1, image::Luma([77]));
        let cases = [
            (DynamicImage::from(half), [127, 177, 227]),
            (DynamicImage::from(deep), [255, 7, 0]),
            (DynamicImage::from(grey), [77, 77, 77]),
        ];
        for (picture, expected) in cases {
            assert_eq!(check(&bytes_of(&picture, ImageFormat::Png)).unwrap().get_pixel(0, 0).0, expected);
        }
    }

    #[test]
    fn a_picture_lying_on_its_side_is_set_upright() {
        // An APP1 segment with EXIF orientation 6 (turn clockwise), little endian, after the JPEG's first marker.
        let exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
        let jpeg = bytes_of(&DynamicImage::from(RgbImage::new(8, 3)), ImageFormat::Jpeg);
        let length = (exif.len() as u16 + 2).to_be_bytes();
        let turned = [&jpeg[..2], &[0xFF, 0xE1], &length, exif, &jpeg[2..]].concat();
        assert_eq!(check(&turned).unwrap().dimensions(), (3, 8));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("turned.jpg");
        crate::base::fs::write_atomic(&path, &turned).unwrap();
        assert_eq!(dimensions(&path).unwrap(), (3, 8));
    }

    #[test]
    fn what_is_no_picture_is_refused_by_name() {
        let header = |side: u32| [&side.to_be_bytes()[..], &side.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
        let signature = b"\x89PNG\r\n\x1a\n";
        let bomb =
            [&signature[..], &chunk(b"IHDR", &header(60_000)), &chunk(b"IDAT", &[]), &chunk(b"IEND", &[])].concat();
        let jpeg = bytes_of(&DynamicImage::from(RgbImage::new(64, 64)), ImageFormat::Jpeg);
        let cases: [(&[u8], &str); 4] = [
            (b"", "empty"),
            (b"not a picture", "not a picture"),
            (&bomb, "60000 x 60000"),
            (&jpeg[..jpeg.len() / 3], "damaged"),
        ];
        for (bytes, expected) in cases {
            let error = check(bytes).unwrap_err();
            assert!(error.to_string().contains(expected), "{error}");
            assert!(error.to_string().ends_with("File: a.jpg") && error.hint().is_some());
        }
        let error = decode(Path::new("no/such/picture.png")).unwrap_err();
        assert!(matches!(error, DecodeError::Unreadable { .. }));
    }
}
