//! How soon what is shown has to be made anew.

/// Whether `shown` is true.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd)]
pub enum Stale {
    No,
    /// Proposals came in: soon.
    Slightly,
    /// The user changed something: before the next frame.
    Yes,
}

impl Stale {
    pub fn or_slightly(self) -> Self {
        if self == Self::No { Self::Slightly } else { self }
    }
}
