//! A picture and the key of its content, read from disk once.

use std::path::Path;

use image::RgbImage;

use crate::base::hash;
use crate::imaging::decode::{self, DecodeError};

/// Key of the file's bytes and the picture for the screen: the longer side has at least `least` pixels where the picture
/// has so many.
pub fn decode_with_key_at_least(path: &Path, least: u32) -> Result<(String, RgbImage), DecodeError> {
    let bytes = decode::read(path)?;
    let picture = decode::decode_bytes_at_least(&bytes, least, path)?;
    Ok((hash::content(&bytes), picture))
}
