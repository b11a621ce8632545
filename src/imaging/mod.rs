//! Pictures: decode, orient, fit to a network's input, thumbnails.
//!
//! Floor 2. Names no screen and no tensor; pixels come out as plain bytes.

pub mod contour;
pub mod cutout;
pub mod decode;
pub mod details;
mod fingerprint;
pub mod fit;
mod jpeg;
pub mod pixels;
pub mod reduced;
mod resample;
pub mod resize;

pub use decode::{DecodeError, decode, dimensions};
pub use details::{Detail, details};
pub use fit::{Fit, Interpolation, Preprocess};
pub use pixels::Pixels;
pub use reduced::Decoding;
