//! Floor 2: draws the demo collection.
