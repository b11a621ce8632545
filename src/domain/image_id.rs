//! The name an image has in `train.csv`: its file name without extension, or its relative path without
//! extension (`/`-separated) where two images of the collection share a file name.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

/// Cheap to clone; ordered as text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ImageId(Arc<str>);

impl ImageId {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for ImageId {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for ImageId {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl Borrow<str> for ImageId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ImageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
