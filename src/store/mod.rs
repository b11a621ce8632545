//! Floor 2: the project's record.
