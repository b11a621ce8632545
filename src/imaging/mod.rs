//! Floor 2: pictures.
