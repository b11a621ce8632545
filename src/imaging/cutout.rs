//! Cutout: an object on a plain backdrop, the backdrop made white.
//!
//! The report made every colour of the border white wherever it occurred, and so ate holes into objects that share a
//! colour with their backdrop. Here the backdrop must hang together with the border, may shade off slowly, and is found
//! by the colours that rule the border, not by every single one. A picture without a plain backdrop stays as it is.
//! Source: region growing in CIELAB (CIE 1976), sRGB under D65.

use std::collections::VecDeque;

use image::{Rgb, RgbImage, imageops};

/// The work is done at most this large, in pixels of the longer side.
const LARGEST: u32 = 512;
/// Width of the border that is looked at.
const BORDER: u32 = 5;
/// Colour differences (CIE 1976): between neighbours of one backdrop, and to the colours that rule it.
const STEP: f32 = 5.0;
const FAR: f32 = 14.0;
/// A colour rules the border from this share of it on.
const RULES: f32 = 0.08;
/// Less of the picture is no backdrop, more leaves no object.
const SHARES: std::ops::RangeInclusive<f32> = 0.05..=0.95;

type Lab = [f32; 3];

/// The picture, perhaps smaller, its backdrop white.
pub fn cutout(picture: &RgbImage) -> RgbImage {
    let mut picture = reduced(picture);
    let (width, height) = picture.dimensions();
    if width <= 2 * BORDER || height <= 2 * BORDER {
        return picture;
    }
    let labs: Vec<Lab> = picture.pixels().map(lab).collect();
    let ruling = ruling_colours(&labs, width, height);
    let backdrop = smoothed(&grown(&labs, &ruling, width, height), width, height);
    let share = backdrop.iter().filter(|is_backdrop| **is_backdrop).count() as f32 / labs.len() as f32;
    if SHARES.contains(&share) {
        for (pixel, is_backdrop) in picture.pixels_mut().zip(backdrop) {
            if is_backdrop {
                *pixel = Rgb([255, 255, 255]);
            }
        }
    }
    picture
}

fn reduced(picture: &RgbImage) -> RgbImage {
    let (width, height) = picture.dimensions();
    let longer = width.max(height);
    if longer <= LARGEST {
        return picture.clone();
    }
    let scaled = |length: u32| (u64::from(length) * u64::from(LARGEST) / u64::from(longer)).max(1) as u32;
    imageops::thumbnail(picture, scaled(width), scaled(height))
}

fn lab(pixel: &Rgb<u8>) -> Lab {
    let linear = |value: u8| {
        let value = f32::from(value) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    let [r, g, b] = pixel.0.map(linear);
    let root = |value: f32| if value > 0.008_856 { value.cbrt() } else { 7.787 * value + 16.0 / 116.0 };
    let x = root((0.412_4 * r + 0.357_6 * g + 0.180_5 * b) / 0.950_5);
    let y = root(0.212_6 * r + 0.715_2 * g + 0.072_2 * b);
    let z = root((0.019_3 * r + 0.119_2 * g + 0.950_5 * b) / 1.089);
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

fn difference(a: &Lab, b: &Lab) -> f32 {
    a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f32>().sqrt()
}

/// Means of the colours of the border that lie close together, most frequent first; rare ones left out.
fn ruling_colours(labs: &[Lab], width: u32, height: u32) -> Vec<Lab> {
    let on_border = |at: usize| {
        let (x, y) = (at as u32 % width, at as u32 / width);
        x < BORDER || y < BORDER || width <= x + BORDER || height <= y + BORDER
    };
    let border: Vec<&Lab> = labs.iter().enumerate().filter(|(at, _)| on_border(*at)).map(|(_, lab)| lab).collect();
    let mut clusters: Vec<(Lab, u32)> = Vec::new();
    for lab in &border {
        match clusters.iter_mut().find(|(mean, _)| difference(mean, lab) < FAR) {
            Some((mean, n)) => {
                *n += 1;
                mean.iter_mut().zip(lab.iter()).for_each(|(mean, value)| *mean += (value - *mean) / *n as f32);
            }
            None => clusters.push((**lab, 1)),
        }
    }
    let least = (RULES * border.len() as f32) as u32;
    clusters.retain(|(_, n)| least <= *n);
    clusters.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    clusters.into_iter().map(|(mean, _)| mean).collect()
}

/// What hangs together with the border by small steps of colour, never far from the colours that rule it.
fn grown(labs: &[Lab], ruling: &[Lab], width: u32, height: u32) -> Vec<bool> {
    let (width, height) = (width as usize, height as usize);
    let rules = |at: usize| ruling.iter().any(|mean| difference(mean, &labs[at]) < FAR);
    let mut backdrop = vec![false; labs.len()];
    let mut edge: VecDeque<usize> = VecDeque::new();
    let rim = (0..width).flat_map(|x| [x, (height - 1) * width + x]);
    for at in rim.chain((0..height).flat_map(|y| [y * width, y * width + width - 1])) {
        if !backdrop[at] && rules(at) {
            backdrop[at] = true;
            edge.push_back(at);
        }
    }
    while let Some(at) = edge.pop_front() {
        let (x, y) = (at % width, at / width);
        let neighbours = [
            (0 < x).then(|| at - 1),
            (x + 1 < width).then(|| at + 1),
            (0 < y).then(|| at - width),
            (y + 1 < height).then(|| at + width),
        ];
        for next in neighbours.into_iter().flatten() {
            if !backdrop[next] && difference(&labs[at], &labs[next]) < STEP && rules(next) {
                backdrop[next] = true;
                edge.push_back(next);
            }
        }
    }
    backdrop
}

/// Every pixel as most of the nine around it: no specks of noise, no frayed edge.
fn smoothed(mask: &[bool], width: u32, height: u32) -> Vec<bool> {
    let (width, height) = (width as i64, height as i64);
    let at = |x: i64, y: i64| mask[(y.clamp(0, height - 1) * width + x.clamp(0, width - 1)) as usize];
    (0..width * height)
        .map(|place| {
            let (x, y) = (place % width, place / width);
            (-1..=1).flat_map(|dy| (-1..=1).map(move |dx| (dx, dy))).filter(|(dx, dy)| at(x + dx, y + dy)).count() > 4
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHITE: [u8; 3] = [255, 255, 255];

    /// A dark disc with a light heart on a grey backdrop that shades off from left to right.
    fn vase() -> RgbImage {
        RgbImage::from_fn(120, 100, |x, y| {
            let from_middle = (f64::from(x) - 60.0).hypot(f64::from(y) - 50.0);
            let grey = 150 + (x / 12) as u8;
            match from_middle {
                d if d < 8.0 => Rgb([155, 155, 155]),
                d if d < 30.0 => Rgb([90, 40, 20]),
                _ => Rgb([grey, grey, grey]),
            }
        })
    }

    #[test]
    fn a_shaded_backdrop_goes_and_the_object_stays_whole() {
        let found = cutout(&vase());
        for (x, y) in [(2, 2), (117, 97), (60, 5), (15, 50), (110, 50)] {
            assert_eq!(found.get_pixel(x, y).0, WHITE, "{x} {y}");
        }
        // The heart has the backdrop's colour, but does not hang together with it.
        assert_eq!(found.get_pixel(60, 50).0, [155, 155, 155]);
        assert_eq!(found.get_pixel(60, 30).0, [90, 40, 20]);
    }

    #[test]
    fn a_picture_without_a_plain_backdrop_stays_as_it_is() {
        let busy =
            RgbImage::from_fn(64, 64, |x, y| Rgb([(x * 53 % 256) as u8, (y * 97 % 256) as u8, (x * y % 256) as u8]));
        assert_eq!(cutout(&busy), busy);
        let even = RgbImage::from_pixel(64, 64, Rgb([120, 120, 120]));
        assert_eq!(cutout(&even), even, "all backdrop, no object");
        let tiny = RgbImage::from_pixel(6, 6, Rgb([1, 2, 3]));
        assert_eq!(cutout(&tiny), tiny);
    }

    #[test]
    fn a_large_picture_is_reduced_before() {
        assert_eq!(cutout(&RgbImage::new(2000, 1000)).dimensions(), (512, 256));
    }

    #[test]
    fn colours_are_those_of_cielab() {
        // From the CIE's formulas for D65: white, and sRGB red.
        for (rgb, expected) in [([255, 255, 255], [100.0, 0.0, 0.0]), ([255, 0, 0], [53.2, 80.1, 67.2])] {
            let found = lab(&Rgb(rgb));
            assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 0.2), "{found:?}");
        }
    }
}
