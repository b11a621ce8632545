//! Floor 4: learning.
