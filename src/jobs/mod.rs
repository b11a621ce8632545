//! Floor 5: every thread.
