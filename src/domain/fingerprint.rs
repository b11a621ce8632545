//! Fingerprint: what stays of a picture when it is saved again, resized, brightened or trimmed a little.
//!
//! Two hashes of 64 bits find candidates fast; a picture of 16 x 16 grey levels and one of 8 x 8 colours then say
//! whether they are the same picture. Not a judgement about content: two views of one vase are two pictures.
//!
//! Floor 1: numbers only; `imaging::reduced` takes it from files. Source of the hashes: dHash (Krawetz 2013). The
//! limits come from 2,000 photographs and 1,000 drawings of the demo. Of 100 copies each, these were recognised: JPEG at
//! quality 40, 96 pixels wide, darker by 20 %, more contrast or colour, trimmed by 1 % a side: all; brighter by 20 %: 98;
//! trimmed by 2 %, 3 %, 5 % a side: 86, 78, 61; without its colours: 6. Of 1,999,000 pairs of photographs 27 were found,
//! all of the same scene to the eye; of 499,500 pairs of drawings, none of them copies, 4.

/// Grey levels a side.
pub const SIDE: usize = 16;
/// Colours a side.
pub const COLOR_SIDE: usize = 8;
/// Bits that may differ in each of the two hashes.
pub const MAX_DISTANCE: u32 = 11;
/// Least correlation of the grey levels, where they lie best upon each other.
const MIN_CORRELATION: f32 = 0.985;
/// Largest mean difference in colour, in levels of Cb and Cr, at the saturation that fits best.
const MAX_COLOR: f32 = 5.0;
/// Trimmed from each side: shares of the length that are tried.
const TRIMS: [f32; 3] = [0.015, 0.03, 0.045];
/// No trim that is tried makes up for less.
const NEAR: f32 = 0.85;
/// Grey levels that vary less say nothing: blank pages are not each other's copies.
const MIN_DEVIATION: f32 = 4.0;
/// Changes when the same picture would get another fingerprint.
const VERSION: u8 = 2;
const GREYS: usize = SIDE * SIDE;
const COLORS: usize = COLOR_SIDE * COLOR_SIDE;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint {
    /// Whether it grows brighter to the right, for 8 x 8 places.
    pub across: u64,
    /// Whether it grows brighter downwards.
    pub down: u64,
    /// Luma, row by row.
    pub grey: [u8; GREYS],
    /// Cb, then Cr, row by row.
    pub color: [[u8; COLORS]; 2],
}

impl Fingerprint {
    /// As it is kept in the cache.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![VERSION];
        bytes.extend(self.across.to_le_bytes());
        bytes.extend(self.down.to_le_bytes());
        bytes.extend(self.grey);
        bytes.extend(self.color.as_flattened());
        bytes
    }

    /// `None` where another version wrote it.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let rest = bytes.strip_prefix(&[VERSION])?;
        let (across, rest) = rest.split_first_chunk()?;
        let (down, rest) = rest.split_first_chunk()?;
        let (grey, rest) = rest.split_first_chunk()?;
        let (cb, rest) = rest.split_first_chunk()?;
        let (cr, rest) = rest.split_first_chunk()?;
        let hash = |bytes: &[u8; 8]| u64::from_le_bytes(*bytes);
        rest.is_empty().then(|| Self { across: hash(across), down: hash(down), grey: *grey, color: [*cb, *cr] })
    }

    /// Whether there is anything in the picture to recognise it by.
    pub fn is_plain(&self) -> bool {
        let n = GREYS as f32;
        let mean = self.grey.iter().map(|&level| f32::from(level)).sum::<f32>() / n;
        let variance = self.grey.iter().map(|&level| (f32::from(level) - mean).powi(2)).sum::<f32>() / n;
        variance.sqrt() < MIN_DEVIATION
    }

    /// Whether both show the same picture. Symmetric; plain ones are like nothing.
    pub fn is_like(&self, other: &Self) -> bool {
        let near = |a: u64, b: u64| (a ^ b).count_ones() <= MAX_DISTANCE;
        near(self.across, other.across)
            && near(self.down, other.down)
            && !self.is_plain()
            && !other.is_plain()
            && self.has_grey_of(other)
            && self.has_color_of(other)
    }

    fn has_grey_of(&self, other: &Self) -> bool {
        let whole = correlation(&self.grey.map(f32::from), &other.grey.map(f32::from));
        let trimmed = |share: f32| {
            let forth = correlation(&self.trimmed(share), &other.grey.map(f32::from));
            forth.max(correlation(&self.grey.map(f32::from), &other.trimmed(share)))
        };
        MIN_CORRELATION <= whole || NEAR <= whole && TRIMS.iter().any(|&share| MIN_CORRELATION <= trimmed(share))
    }

    /// The grey levels it would have with `share` of the length taken from each side.
    fn trimmed(&self, share: f32) -> [f32; GREYS] {
        let place = |at: usize| {
            let x = (share + (at as f32 + 0.5) / SIDE as f32 * (1.0 - 2.0 * share)) * SIDE as f32 - 0.5;
            let before = (x.max(0.0) as usize).min(SIDE - 2);
            (before, x - before as f32)
        };
        std::array::from_fn(|cell| {
            let ((y, below), (x, right)) = (place(cell / SIDE), place(cell % SIDE));
            let level = |y: usize, x: usize| f32::from(self.grey[y * SIDE + x]);
            let row = |y: usize| level(y, x) * (1.0 - right) + level(y, x + 1) * right;
            row(y) * (1.0 - below) + row(y + 1) * below
        })
    }

    fn has_color_of(&self, other: &Self) -> bool {
        let centred = |color: &[[u8; COLORS]; 2]| -> Vec<f32> {
            color.as_flattened().iter().map(|&level| f32::from(level) - 128.0).collect()
        };
        let (own, others) = (centred(&self.color), centred(&other.color));
        difference(&own, &others).min(difference(&others, &own)) <= MAX_COLOR
    }
}

/// Mean difference in colour, `a` as it is or with the saturation that fits `b` best.
fn difference(a: &[f32], b: &[f32]) -> f32 {
    let product = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
    let at = |saturation: f32| a.iter().zip(b).map(|(a, b)| (b - saturation * a).abs()).sum::<f32>() / a.len() as f32;
    let fitting = product(a, b) / product(a, a).max(1e-6);
    at(1.0).min(at(fitting.clamp(1.0, 1.6)))
}

/// Pearson's, 0 where one of them does not vary.
fn correlation(a: &[f32; GREYS], b: &[f32; GREYS]) -> f32 {
    let mean = |levels: &[f32; GREYS]| levels.iter().sum::<f32>() / GREYS as f32;
    let (mean_a, mean_b) = (mean(a), mean(b));
    let (mut ab, mut aa, mut bb) = (0.0_f32, 0.0_f32, 0.0_f32);
    for (a, b) in a.iter().zip(b) {
        let (a, b) = (a - mean_a, b - mean_b);
        ab += a * b;
        aa += a * a;
        bb += b * b;
    }
    if aa * bb <= 0.0 { 0.0 } else { ab / (aa * bb).sqrt() }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::base::hash::mix64;

    /// Of an invented picture: a few waves drawn from `seed`, seen a little brighter and moved by `shift` of its width.
    pub(crate) fn drawn(seed: u64, gain: f32, shift: f32) -> Fingerprint {
        let number = |i: u64| (mix64(seed.wrapping_mul(1000) + i) >> 40) as f32 / (1 << 24) as f32;
        let level = |y: f32, x: f32| {
            let wave = |i: u64| {
                let (fy, fx) = (6.0 * number(3 * i) - 3.0, 6.0 * number(3 * i + 1) - 3.0);
                (std::f32::consts::TAU * (fy * y + fx * (x + shift) + number(3 * i + 2))).sin()
            };
            gain * (110.0 + 25.0 * (0..4).map(wave).sum::<f32>())
        };
        let cells = |n: usize| move |cell: usize| ((cell / n) as f32 / n as f32, (cell % n) as f32 / n as f32);
        let bits = |step: (f32, f32)| {
            (0..64).fold(0, |bits, cell| {
                let (y, x) = cells(8)(cell);
                bits << 1 | u64::from(level(y, x) < level(y + step.0, x + step.1))
            })
        };
        let color = (128.0 + 40.0 * (number(90) - 0.5)) as u8;
        Fingerprint {
            across: bits((0.0, 0.125)),
            down: bits((0.125, 0.0)),
            grey: std::array::from_fn(|cell| {
                let (y, x) = cells(SIDE)(cell);
                level(y, x).clamp(0.0, 255.0) as u8
            }),
            color: [[color; COLORS]; 2],
        }
    }

    #[test]
    fn a_picture_is_like_its_copies_and_unlike_others() {
        for seed in 0..50 {
            let picture = drawn(seed, 1.0, 0.0);
            assert!(picture.is_like(&picture) && !picture.is_plain());
            let copy = drawn(seed, 0.9, 0.01);
            assert!(picture.is_like(&copy) && copy.is_like(&picture), "{seed}");
            assert!((0..50).all(|other| other == seed || !picture.is_like(&drawn(other, 1.0, 0.0))), "{seed}");
        }
    }

    #[test]
    fn the_same_shapes_in_another_colour_are_another_picture() {
        let picture = drawn(1, 1.0, 0.0);
        let red = Fingerprint { color: [[110; COLORS], [190; COLORS]], ..picture.clone() };
        assert!(!picture.is_like(&red) && red.is_like(&red));
    }

    #[test]
    fn blank_pages_are_like_nothing() {
        let blank = Fingerprint { across: 0, down: 0, grey: [250; GREYS], color: [[128; COLORS]; 2] };
        assert!(blank.is_plain() && !blank.is_like(&blank));
    }

    #[test]
    fn a_fingerprint_comes_back_from_its_bytes() {
        let picture = drawn(7, 1.0, 0.0);
        let mut bytes = picture.to_bytes();
        assert_eq!(Fingerprint::from_bytes(&bytes), Some(picture));
        bytes[0] = 0;
        assert_eq!(Fingerprint::from_bytes(&bytes), None);
        assert_eq!(Fingerprint::from_bytes(&[]), None);
    }
}
