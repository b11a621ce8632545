//! Random numbers for shuffling and augmenting: the same for the same seed, on every machine.
//!
//! Not for secrets. Floor 4. Source: splitmix64 (Steele et al. 2014).

use crate::base::hash::mix64;

/// A stream of numbers. Streams of different seeds or names have nothing to do with each other.
#[derive(Debug, Clone)]
pub struct Random {
    state: u64,
}

impl Random {
    /// The stream number `name` of `seed` (an epoch, an image's place).
    pub fn new(seed: u64, name: u64) -> Self {
        Self { state: mix64(seed ^ mix64(name)) }
    }

    fn next(&mut self) -> u64 {
        let value = mix64(self.state);
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        value
    }

    /// Even in [0, 1).
    pub fn unit(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1_u32 << 24) as f32
    }

    /// Even in [low, high).
    pub fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.unit()
    }

    /// Even in 0 … n - 1; 0 for n = 0.
    pub fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.next()) * n as u128) >> 64) as usize
    }

    /// Fisher and Yates.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shuffle_keeps_every_item_and_repeats_with_its_seed() {
        let shuffled = |seed, name| {
            let mut items: Vec<usize> = (0..100).collect();
            Random::new(seed, name).shuffle(&mut items);
            items
        };
        assert_eq!(shuffled(8, 1), shuffled(8, 1));
        assert_ne!(shuffled(8, 1), shuffled(8, 2));
        assert_ne!(shuffled(8, 1), shuffled(9, 1));
        let mut sorted = shuffled(8, 1);
        sorted.sort_unstable();
        assert!(sorted.into_iter().eq(0..100));
    }

    #[test]
    fn numbers_are_even_over_their_range() {
        let mut random = Random::new(1, 2);
        let mean = (0..10_000).map(|_| random.between(-1.0, 3.0)).sum::<f32>() / 10_000.0;
        assert!((mean - 1.0).abs() < 0.05, "{mean}");
        let mut hits = [0; 5];
        (0..10_000).for_each(|_| hits[random.below(5)] += 1);
        assert!(hits.iter().all(|n| (1_800..2_200).contains(n)), "{hits:?}");
    }
}
