//! A decoded picture ready for a screen.

use std::fmt;
use std::sync::Arc;

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
