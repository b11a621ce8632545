//! JPEG by libjpeg: the pixels that networks were trained on, to the last bit.
//!
//! Decoders may round the inverse cosine transform and widen the colour planes as they like, and embeddings show it.
//! This one is libjpeg-turbo's code as mozjpeg carries it, set as Pillow sets it: exact integers, smooth upsampling.
//!
//! Not here: other formats, limits on the size, turning the picture upright (`decode`).

use std::io::{self, BufRead, Read};
use std::panic::{self, AssertUnwindSafe};

use image::RgbImage;
use image::metadata::Orientation;
use mozjpeg::{ColorSpace, Decompress, Marker};

/// A progressive JPEG has about ten. Each walks over the whole picture, so that thousands would take hours.
const MAX_SCANS: usize = 500;
/// A block of 64 pixels takes at least one bit, and no more than half of the blocks can be left to coarser planes.
const MAX_PIXELS_PER_BYTE: u64 = 1024;

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum JpegError {
    #[error("it ends too early")]
    EndsEarly,
    #[error("it has more than {MAX_SCANS} scans")]
    TooManyScans,
    /// In libjpeg's words, such as "Unsupported JPEG data precision 12".
    #[error("{0}")]
    Refused(String),
}

/// What stands before the pixels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Header {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) orientation: Orientation,
}

/// A decoder's reduction of both sides; what does not divide evenly is rounded up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reduction {
    None,
    Half,
    Quarter,
    Eighth,
}

impl Reduction {
    /// The strongest of those whose width and height, as stored, are `enough`.
    pub(super) fn strongest(header: &Header, enough: impl Fn(u32, u32) -> bool) -> Self {
        let holds = |reduction: &Self| enough(reduction.of(header.width), reduction.of(header.height));
        [Self::Eighth, Self::Quarter, Self::Half].into_iter().find(holds).unwrap_or(Self::None)
    }

    /// The pixels that are left of a side.
    pub(super) fn of(self, length: u32) -> u32 {
        length.div_ceil(8 / self.eighths())
    }

    /// The side in pixels that are left, before it is rounded up.
    pub(super) fn exactly(self, length: u32) -> f64 {
        f64::from(length) * f64::from(self.eighths()) / 8.0
    }

    fn eighths(self) -> u32 {
        match self {
            Self::None => 8,
            Self::Half => 4,
            Self::Quarter => 2,
            Self::Eighth => 1,
        }
    }
}

/// Reads no further than the pixels' beginning.
pub(super) fn header(reader: impl BufRead) -> Result<Header, JpegError> {
    guarded(|| {
        let jpeg = Decompress::with_markers(&[Marker::APP(1)]).from_reader(Whole(reader))?;
        let exif = jpeg.markers().find_map(|marker| marker.data.strip_prefix(b"Exif\0\0"));
        let orientation = exif.and_then(Orientation::from_exif_chunk).unwrap_or(Orientation::NoTransforms);
        let (width, height) = jpeg.size();
        Ok(Header { width: width as u32, height: height as u32, orientation })
    })
}

/// The pixels as stored, not turned. CMYK becomes RGB without a profile, by Pillow's formula.
///
/// Errors: the bytes end before the picture does, libjpeg refuses them. Damage inside the picture is no error, as in
/// Pillow.
pub(super) fn decode(bytes: &[u8], header: &Header, reduction: Reduction) -> Result<RgbImage, JpegError> {
    if u64::from(header.width) * u64::from(header.height) > MAX_PIXELS_PER_BYTE * bytes.len() as u64 {
        return Err(JpegError::EndsEarly);
    }
    if n_scans(bytes) > MAX_SCANS {
        return Err(JpegError::TooManyScans);
    }
    guarded(|| {
        let mut jpeg = Decompress::builder().from_reader(Whole(bytes))?;
        jpeg.scale(reduction.eighths() as u8);
        let is_cmyk = matches!(jpeg.color_space(), ColorSpace::JCS_CMYK | ColorSpace::JCS_YCCK);
        let mut rows = jpeg.to_colorspace(if is_cmyk { ColorSpace::JCS_CMYK } else { ColorSpace::JCS_RGB })?;
        let (width, height) = (rows.width() as u32, rows.height() as u32);
        let pixels: Vec<u8> = rows.read_scanlines()?;
        let rgb = if is_cmyk { pixels.as_chunks().0.iter().flat_map(rgb_of).collect() } else { pixels };
        RgbImage::from_raw(width, height, rgb).ok_or(io::ErrorKind::UnexpectedEof.into())
    })
}

/// Whatever the Adobe marker says, the four inks are stored inverted. Source: Pillow 13, `JpegImagePlugin.py` ("assume
/// adobe conventions") and `Convert.c`, `cmyk2rgb`.
fn rgb_of(&[c, m, y, k]: &[u8; 4]) -> [u8; 3] {
    [c, m, y].map(|inverted| {
        let product = (255 - u32::from(inverted)) * u32::from(k) + 128;
        k.saturating_sub((((product >> 8) + product) >> 8) as u8)
    })
}

/// How many times the picture is walked over: markers "start of scan" up to "end of image".
fn n_scans(bytes: &[u8]) -> usize {
    markers(bytes).filter(|(marker, _)| *marker == START_OF_SCAN).count()
}

/// Whether libjpeg keeps the coefficients of the whole picture, because no single scan has all of them.
pub(super) fn is_kept_whole(bytes: &[u8]) -> bool {
    let mut n_colours = None;
    for (marker, segment) in markers(bytes) {
        match marker {
            // Progressive frames, by the kind of coding.
            0xC2 | 0xC6 | 0xCA | 0xCE => return true,
            0xC0 | 0xC1 | 0xC5 | 0xC9 | 0xCD => n_colours = segment.get(7),
            START_OF_SCAN => return segment.get(2) != n_colours,
            _ => {}
        }
    }
    false
}

const START_OF_SCAN: u8 = 0xDA;

/// Markers with what follows them, their length first.
fn markers(bytes: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    let mut at = 2;
    std::iter::from_fn(move || {
        loop {
            at += 1 + bytes.get(at..)?.iter().position(|&byte| byte == 0xFF)?;
            match bytes.get(at)? {
                0xD9 => return None,
                // A byte of the pixels, a restart, a filling byte.
                0x00 | 0xD0..=0xD8 => at += 1,
                0xFF => {}
                marker => {
                    let segment = &bytes[at + 1..];
                    let length = segment.first_chunk().map_or(2, |&length| usize::from(u16::from_be_bytes(length)));
                    at += 1 + length.max(2);
                    return Some((*marker, segment));
                }
            }
        }
    })
}

/// libjpeg leaves by unwinding where it can make nothing of the bytes; mozjpeg's way, which no panic hook hears.
fn guarded<T>(work: impl FnOnce() -> io::Result<T>) -> Result<T, JpegError> {
    const PREFIX: &str = "libjpeg fatal error: ";
    const READ_FAILED: &str = "Input file read error";
    let text = match panic::catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(done)) => return Ok(done),
        Ok(Err(error)) if error.kind() == io::ErrorKind::InvalidData => return Err(JpegError::EndsEarly),
        Ok(Err(error)) => error.to_string(),
        Err(left) => left.downcast_ref::<String>().cloned().unwrap_or_default(),
    };
    let text = text.strip_prefix(PREFIX).unwrap_or(&text);
    Err(if text == READ_FAILED { JpegError::EndsEarly } else { JpegError::Refused(text.to_owned()) })
}

/// An end is an error: libjpeg would else draw grey where the file has nothing.
struct Whole<R>(R);

impl<R: BufRead> BufRead for Whole<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let bytes = self.0.fill_buf()?;
        if bytes.is_empty() { Err(io::ErrorKind::InvalidData.into()) } else { Ok(bytes) }
    }

    fn consume(&mut self, n_bytes: usize) {
        self.0.consume(n_bytes);
    }
}

impl<R: BufRead> Read for Whole<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

#[cfg(test)]
mod tests;
