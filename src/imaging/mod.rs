//! Pictures: decode, orient, fit to a network's input, thumbnails.
//!
//! Floor 2. Names no screen and no tensor; pixels come out as plain bytes.

pub mod pixels;

pub use pixels::Pixels;
