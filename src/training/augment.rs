//! Augmentation: a picture a little different every time it is shown, so that the network learns what matters.
//!
//! Works on the square that a network sees: first which part of it, then its colours or its edges. The same stream of
//! random numbers gives the same variation. Floor 4: bytes to bytes, no files.
//! Source: `Report` is the report's list (imgaug's operations and their usual ranges); `Crop` is the random resized crop
//! of Szegedy et al. 2014, arXiv 1409.4842, milder, since a cut must not lose what a tag names.

use serde::{Deserialize, Serialize};

use super::random::Random;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Augment {
    /// As it is.
    #[default]
    None,
    /// Flip, shift, zoom, brightness and contrast, all mild.
    Light,
    /// Flip; and half of the time one of brightness, multiply, contrast, sharpen, emboss.
    Report,
    /// Half of the picture or more, stretched to the whole; flip, brightness and contrast.
    Crop,
}

impl Augment {
    pub const ALL: [Self; 4] = [Self::None, Self::Light, Self::Report, Self::Crop];

    /// As in a recipe.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Light => "light",
            Self::Report => "report",
            Self::Crop => "crop",
        }
    }

    /// A variation of `pixels`, `side * side` RGB, row by row.
    pub fn vary(self, pixels: &[u8], side: usize, random: &mut Random) -> Vec<u8> {
        match self {
            Self::None => pixels.to_vec(),
            Self::Light => {
                let part = Part::shifted(side, random);
                let mut seen = part.of(pixels, side);
                recolour(&mut seen, random);
                seen
            }
            Self::Crop => {
                let part = Part::cropped(side, random);
                let mut seen = part.of(pixels, side);
                recolour(&mut seen, random);
                seen
            }
            Self::Report => {
                let flip = random.unit() < 0.5;
                let part = Part { flip, ..Part::whole(side) };
                let seen = part.of(pixels, side);
                if random.unit() < 0.5 { one_of_five(seen, side, random) } else { seen }
            }
        }
    }
}

/// Which part of the square is shown, in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Part {
    left: f32,
    top: f32,
    width: f32,
    height: f32,
    flip: bool,
}

impl Part {
    fn whole(side: usize) -> Self {
        Self { left: 0.0, top: 0.0, width: side as f32, height: side as f32, flip: false }
    }

    /// Zoomed by 0.9 to 1.15 and shifted by up to a sixteenth.
    fn shifted(side: usize, random: &mut Random) -> Self {
        let side = side as f32;
        let reach = side / 16.0;
        let flip = random.unit() < 0.5;
        let (right, down) = (random.between(-reach, reach), random.between(-reach, reach));
        let size = side / random.between(0.9, 1.15);
        let middle = (side - size) / 2.0;
        Self { left: middle + right, top: middle + down, width: size, height: size, flip }
    }

    /// Half to all of the area, 3:4 to 4:3.
    fn cropped(side: usize, random: &mut Random) -> Self {
        let side = side as f32;
        let flip = random.unit() < 0.5;
        let area = random.between(0.5, 1.0);
        let ratio = random.between(-1.0, 1.0) * (4.0_f32 / 3.0).ln();
        let stretch = (ratio / 2.0).exp();
        let width = (side * area.sqrt() * stretch).min(side);
        let height = (side * area.sqrt() / stretch).min(side);
        let (left, top) = (random.unit() * (side - width), random.unit() * (side - height));
        Self { left, top, width, height, flip }
    }

    /// Bilinear; beyond the edge the edge is repeated.
    fn of(&self, pixels: &[u8], side: usize) -> Vec<u8> {
        let columns = places(side, self.left, self.width, self.flip);
        let rows = places(side, self.top, self.height, false);
        let mut seen = Vec::with_capacity(pixels.len());
        for row in &rows {
            let (upper, lower) = (&pixels[row.first * side * 3..], &pixels[row.second * side * 3..]);
            for column in &columns {
                for channel in 0..3 {
                    let at = |line: &[u8], x: usize| f32::from(line[x * 3 + channel]);
                    let mix = |line: &[u8]| {
                        let (first, second) = (at(line, column.first), at(line, column.second));
                        first + (second - first) * column.share
                    };
                    let (above, below) = (mix(upper), mix(lower));
                    seen.push((above + (below - above) * row.share + 0.5) as u8);
                }
            }
        }
        seen
    }
}

/// Between which two source pixels a target pixel lies, and how far towards the second.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Place {
    first: usize,
    second: usize,
    share: f32,
}

fn places(side: usize, start: f32, length: f32, flip: bool) -> Vec<Place> {
    let last = side - 1;
    let place = |target: usize| {
        let target = if flip { last - target } else { target };
        let at = (start + (target as f32 + 0.5) * length / side as f32 - 0.5).clamp(0.0, last as f32);
        let first = at as usize;
        Place { first, second: (first + 1).min(last), share: at - first as f32 }
    };
    (0..side).map(place).collect()
}

/// Mild brightness and contrast.
fn recolour(pixels: &mut [u8], random: &mut Random) {
    let (brightness, contrast) = (random.between(-20.0, 20.0), random.between(0.85, 1.15));
    through_table(pixels, [|value: f32| (value - 127.5) * contrast + 127.5 + brightness; 3]);
}

/// Every value of a channel by the same function.
fn through_table(pixels: &mut [u8], change: [impl Fn(f32) -> f32; 3]) {
    let tables = change.map(|change| -> [u8; 256] { std::array::from_fn(|value| byte(change(value as f32))) });
    for pixel in pixels.chunks_exact_mut(3) {
        for (value, table) in pixel.iter_mut().zip(&tables) {
            *value = table[usize::from(*value)];
        }
    }
}

fn byte(value: f32) -> u8 {
    (value + 0.5).clamp(0.0, 255.0) as u8
}

/// The report's: add -10..10 (half of the time a number per channel), multiply by 0.9..1.1 (likewise), contrast by
/// 0.8..1.2, sharpen by 0..0.2, emboss by 0..0.5.
fn one_of_five(mut pixels: Vec<u8>, side: usize, random: &mut Random) -> Vec<u8> {
    let which = random.below(5);
    let mut three = |low: f32, high: f32| {
        let by_channel = random.unit() < 0.5;
        let first = random.between(low, high);
        let mut other = || if by_channel { random.between(low, high) } else { first };
        [first, other(), other()]
    };
    match which {
        0 => through_table(&mut pixels, three(-10.0, 10.0).map(|by| move |value: f32| value + by)),
        1 => through_table(&mut pixels, three(0.9, 1.1).map(|by| move |value: f32| value * by)),
        2 => {
            let by = random.between(0.8, 1.2);
            through_table(&mut pixels, [|value: f32| (value - 128.0) * by + 128.0; 3]);
        }
        3 => {
            let (alpha, lightness) = (random.between(0.0, 0.2), random.between(0.8, 1.2));
            let sharp = [-1.0, -1.0, -1.0, -1.0, 8.0 + lightness, -1.0, -1.0, -1.0, -1.0];
            return filtered(&pixels, side, blended(sharp, alpha));
        }
        _ => {
            let (alpha, s) = (random.between(0.0, 0.5), random.between(0.0, 0.5));
            let relief = [-1.0 - s, -s, 0.0, -s, 1.0, s, 0.0, s, 1.0 + s];
            return filtered(&pixels, side, blended(relief, alpha));
        }
    }
    pixels
}

/// `alpha` of the kernel over the picture as it is.
fn blended(kernel: [f32; 9], alpha: f32) -> [f32; 9] {
    std::array::from_fn(|tap| alpha * kernel[tap] + if tap == 4 { 1.0 - alpha } else { 0.0 })
}

/// A 3 x 3 kernel over each channel; beyond the edge the edge is repeated.
fn filtered(pixels: &[u8], side: usize, kernel: [f32; 9]) -> Vec<u8> {
    let mut seen = Vec::with_capacity(pixels.len());
    for y in 0..side {
        let rows = [y.saturating_sub(1), y, (y + 1).min(side - 1)].map(|y| &pixels[y * side * 3..(y + 1) * side * 3]);
        for x in 0..side {
            let columns = [x.saturating_sub(1), x, (x + 1).min(side - 1)];
            for channel in 0..3 {
                let tap = |tap: usize| kernel[tap] * f32::from(rows[tap / 3][columns[tap % 3] * 3 + channel]);
                seen.push(byte((0..9).map(tap).sum()));
            }
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIDE: usize = 8;

    fn picture() -> Vec<u8> {
        (0..SIDE * SIDE * 3).map(|i| (i * 37 % 251) as u8).collect()
    }

    #[test]
    fn the_whole_is_the_picture_itself_and_a_flip_turns_its_rows_round() {
        let pixels = picture();
        assert_eq!(Part::whole(SIDE).of(&pixels, SIDE), pixels);
        let flipped = Part { flip: true, ..Part::whole(SIDE) }.of(&pixels, SIDE);
        for y in 0..SIDE {
            for x in 0..SIDE {
                let (there, here) = ((y * SIDE + x) * 3, (y * SIDE + SIDE - 1 - x) * 3);
                assert_eq!(flipped[there..there + 3], pixels[here..here + 3]);
            }
        }
    }

    #[test]
    fn a_part_is_stretched_to_the_whole_and_the_edge_repeated_beyond() {
        // By hand: two pixels over four targets lie at -0.25, 0.25, 0.75, 1.25.
        let at: Vec<f32> = places(4, 0.0, 2.0, false).iter().map(|p| p.first as f32 + p.share).collect();
        assert_eq!(at, [0.0, 0.25, 0.75, 1.25]);
        let at: Vec<f32> = places(4, 2.0, 4.0, false).iter().map(|p| p.first as f32 + p.share).collect();
        assert_eq!(at, [2.0, 3.0, 3.0, 3.0]);
    }

    #[test]
    fn the_same_stream_varies_alike_and_another_one_otherwise() {
        let pixels = picture();
        for augment in Augment::ALL {
            let varied = |seed| augment.vary(&pixels, SIDE, &mut Random::new(seed, 1));
            assert_eq!(varied(5), varied(5), "{augment:?}");
            assert_eq!(varied(5).len(), pixels.len());
            let differ = (0..20).filter(|&seed| varied(seed) != pixels).count();
            assert_eq!(0 < differ, augment != Augment::None, "{augment:?}");
        }
    }

    #[test]
    fn a_crop_shows_at_least_half_of_the_area_and_stays_inside() {
        for seed in 0..500 {
            let part = Part::cropped(100, &mut Random::new(seed, 0));
            assert!(0.49 * 1e4 < part.width * part.height, "{part:?}");
            assert!(0.0 <= part.left && part.left + part.width < 100.01, "{part:?}");
            assert!(0.0 <= part.top && part.top + part.height < 100.01, "{part:?}");
        }
    }

    #[test]
    fn kernels_blend_with_the_picture_and_keep_an_even_one_even() {
        // By hand: the sharpening kernel with lightness 1 and the relief kernel both add up to 1.
        let even = vec![90; SIDE * SIDE * 3];
        let sharp = [-1.0, -1.0, -1.0, -1.0, 9.0, -1.0, -1.0, -1.0, -1.0];
        assert_eq!(filtered(&even, SIDE, blended(sharp, 0.2)), even);
        let relief = [-1.5, -0.5, 0.0, -0.5, 1.0, 0.5, 0.0, 0.5, 1.5];
        assert_eq!(filtered(&even, SIDE, blended(relief, 0.5)), even);
        assert_eq!(filtered(&picture(), SIDE, blended(sharp, 0.0)), picture());
        let mut spot = even;
        spot[3 * (3 * SIDE + 3)] = 100;
        assert_eq!(filtered(&spot, SIDE, blended(sharp, 0.1))[3 * (3 * SIDE + 3)], 108);
    }
}
