//! A small random generator, so that a drawing depends on its seed and index and on nothing else.
//!
//! It is not for cryptography, and not for the training's shuffles. Floor 2.
//! Source: Steele, Lea, Flood 2014, "Fast splittable pseudorandom number generators" (splitmix64).

/// The golden ratio in 64 bits: the step between two states.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// A stream of random numbers.
#[derive(Clone, Debug)]
pub(super) struct Rng(u64);

impl Rng {
    /// The stream number `stream` of drawing `index`; streams do not disturb each other.
    pub(super) fn new(seed: u64, index: u32, stream: u64) -> Self {
        let mut rng = Self(mix(seed ^ 0x5851_f42d_4c95_7f2d));
        rng.0 = mix(rng.0 ^ u64::from(index).wrapping_mul(STEP));
        rng.0 = mix(rng.0 ^ stream.wrapping_mul(0xd134_2543_de82_ef95));
        rng
    }

    pub(super) fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        mix(self.0)
    }

    /// From 0 up to, but not including, 1.
    pub(super) fn unit(&mut self) -> f32 {
        (self.next_u64() >> 40) as f32 / (1u64 << 24) as f32
    }

    pub(super) fn range(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.unit()
    }

    /// A whole number below `n`; `n` ≥ 1.
    pub(super) fn below(&mut self, n: usize) -> usize {
        (((self.next_u64() >> 32) * n as u64) >> 32) as usize
    }

    pub(super) fn chance(&mut self, probability: f32) -> bool {
        self.unit() < probability
    }

    /// One of `choices`, each as likely as its weight; the first where all weights are 0.
    pub(super) fn weighted<T: Copy>(&mut self, choices: &[(T, f32)]) -> T {
        let total: f32 = choices.iter().map(|c| c.1).sum();
        let mut left = self.unit() * total;
        for &(choice, weight) in choices {
            if left < weight {
                return choice;
            }
            left -= weight;
        }
        choices[0].0
    }
}

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A fixed random number in 0..1 for a lattice point.
pub(super) fn lattice(x: i32, y: i32, salt: u32) -> f32 {
    let mut h = (x as u32).wrapping_mul(0x85eb_ca6b) ^ (y as u32).wrapping_mul(0xc2b2_ae35) ^ salt;
    h = (h ^ (h >> 15)).wrapping_mul(0x2c1b_3c6d);
    h = (h ^ (h >> 12)).wrapping_mul(0x297a_2d39);
    (h ^ (h >> 15)) as f32 / u32::MAX as f32
}

/// The next whole number below; several times faster than `floor` where the processor has no instruction for it.
pub(super) fn whole(x: f32) -> i32 {
    x as i32 - i32::from(x < 0.0)
}

/// Smooth noise in 0..1 with features about one unit wide.
pub(super) fn noise(x: f32, y: f32, salt: u32) -> f32 {
    let (ix, iy) = (whole(x), whole(y));
    let ease = |t: f32| t * t * (3.0 - 2.0 * t);
    let (u, v) = (ease(x - ix as f32), ease(y - iy as f32));
    let top = lattice(ix, iy, salt) * (1.0 - u) + lattice(ix + 1, iy, salt) * u;
    let bottom = lattice(ix, iy + 1, salt) * (1.0 - u) + lattice(ix + 1, iy + 1, salt) * u;
    top * (1.0 - v) + bottom * v
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_in_their_range_and_spread_evenly() {
        let mut rng = Rng::new(7, 3, 0);
        let mut counts = [0; 5];
        for _ in 0..5000 {
            assert!((0.0..1.0).contains(&rng.unit()));
            counts[rng.below(5)] += 1;
        }
        assert!(counts.iter().all(|c| (850..1150).contains(c)), "{counts:?}");
    }

    #[test]
    fn another_seed_index_or_stream_gives_another_sequence() {
        let first = |seed, index, stream| Rng::new(seed, index, stream).next_u64();
        let all = [first(1, 1, 1), first(2, 1, 1), first(1, 2, 1), first(1, 1, 2)];
        for (i, a) in all.iter().enumerate() {
            assert!(!all[..i].contains(a));
        }
    }
}
