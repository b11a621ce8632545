//! A thumbnail: a small picture for the grid, the same as JPEG for the cache, and the key that it is kept under.

use std::path::Path;

use super::ahead::Make;
use crate::base::hash;
use crate::imaging::{DecodeError, Pixels, decode, pixels, reduced};

/// Longest side in pixels: sharp at the largest grid size on a dense screen.
pub const SIDE: u32 = 384;

#[derive(Debug)]
pub struct Thumbnail {
    /// Of the file's content.
    pub key: String,
    pub pixels: Pixels,
    pub jpeg: Vec<u8>,
}

/// Makes thumbnails no longer than [`SIDE`] each way.
#[derive(Debug, Clone, Copy)]
pub struct Thumbnails;

impl Make for Thumbnails {
    type Made = Thumbnail;

    fn n_bytes(&self, bytes: &[u8]) -> u64 {
        reduced::n_bytes_at_least(bytes, SIDE)
    }

    fn make(&self, bytes: &[u8], path: &Path) -> Result<Thumbnail, DecodeError> {
        let picture = decode::decode_bytes_at_least(bytes, SIDE, path)?;
        let small = pixels::at_most(&picture, SIDE).unwrap_or(picture);
        Ok(Thumbnail { key: hash::content(bytes), pixels: Pixels::from(&small), jpeg: pixels::to_jpeg(&small) })
    }
}
