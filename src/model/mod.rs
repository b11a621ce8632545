//! Floor 3: Candle.
