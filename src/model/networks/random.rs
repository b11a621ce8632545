//! Random: the numbers fresh weights begin with, the same on every machine for the same seed and name.
//!
//! Not for secrets. Floor 3.
//! Source: SplitMix64 (Steele, Lea, Flood 2014); Box-Muller for normals.

use crate::base::hash::{fnv1a64, mix64};

/// A SplitMix64 stream.
pub(crate) struct Random {
    state: u64,
}

impl Random {
    /// The stream of `name` under `seed`.
    pub(crate) fn named(seed: u64, name: &str) -> Self {
        // From the name, so that a tensor's values do not depend on how many were drawn before it.
        Self { state: mix64(seed).wrapping_add(fnv1a64(name.as_bytes())) }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mix64(self.state)
    }

    /// Uniform in [0, 1).
    pub(crate) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Mean 0, standard deviation 1.
    pub(crate) fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.unit()).cos()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normals_have_mean_zero_and_deviation_one() {
        let mut random = Random::named(7, "conv.weight");
        let drawn: Vec<f64> = (0..20_000).map(|_| random.normal()).collect();
        let mean = drawn.iter().sum::<f64>() / 20_000.0;
        let variance = drawn.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 20_000.0;
        assert!(mean.abs() < 0.03, "{mean}");
        assert!((variance - 1.0).abs() < 0.05, "{variance}");
    }

    #[test]
    fn streams_differ_by_seed_and_by_name() {
        let first = |seed, name| Random::named(seed, name).next();
        assert_eq!(first(1, "a"), first(1, "a"));
        assert_ne!(first(1, "a"), first(2, "a"));
        assert_ne!(first(1, "a"), first(1, "b"));
    }
}
