//! The studio: a quiet backdrop, the object's shadow on it, a slight vignette and the grain of the film.
//!
//! It puts the lit sheet on the backdrop and makes the final picture. Floor 2.

use image::RgbImage;

use super::light::blur;
use super::palette::{Rgb, blend};
use super::rng::Rng;
use super::sheet::Sheet;

/// How the object lies or stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Pose {
    /// On a floor whose line is at this height of the picture, pixels, with the foot's centre and half width.
    Standing { base: f32, center: f32, foot: f32 },
    /// Flat on the backdrop, this many pixels above it.
    Lying { lift: f32 },
}

/// The backdrop's colour and light.
#[derive(Clone, Copy, Debug)]
pub(super) struct Studio {
    pub(super) color: Rgb,
    /// Centre of the light on the backdrop, each 0..1.
    pub(super) glow: (f32, f32),
    pub(super) strength: f32,
    /// How dark the shadow is; glass throws less.
    pub(super) shadow: f32,
}

/// Shadows are drawn at a quarter of the size.
const QUARTER: usize = 4;

/// The finished picture.
pub(super) fn compose(sheet: &Sheet, studio: &Studio, pose: Pose, rng: &mut Rng) -> RgbImage {
    let (w, h) = (sheet.width as usize, sheet.height as usize);
    let (sw, sh) = (w.div_ceil(QUARTER), h.div_ceil(QUARTER));
    let shadow = shadow(sheet, pose, sw, sh);
    let mut grain = rng.next_u64() | 1;
    let mut pixels = Vec::with_capacity(w * h * 3);
    let glow = |distance: f32, fall: f32| (-distance * distance * fall).exp();
    let glow_x: Vec<f32> = (0..w).map(|x| glow(x as f32 / w as f32 - studio.glow.0, 2.2)).collect();
    for y in 0..h {
        let glow_y = glow(y as f32 / h as f32 - studio.glow.1, 2.8);
        let step = floor(pose, y as f32, h as f32);
        for (x, glow_x) in glow_x.iter().enumerate() {
            let i = y * w + x;
            let (u, v) = (x as f32 / w as f32, y as f32 / h as f32);
            let mut color = backdrop(studio, glow_x * glow_y, step);
            let (qx, qy) = (x as f32 / QUARTER as f32 - 0.375, y as f32 / QUARTER as f32 - 0.375);
            let mut dark = between(&shadow, sw, sh, qx, qy);
            if let Pose::Standing { base, center, foot } = pose {
                let (dx, dy) = ((x as f32 - center) / (foot * 1.12), (y as f32 - base) / (foot * 0.16 + 5.0));
                if dx.abs() < 1.6 && dy.abs() < 2.5 {
                    dark = dark.max(0.95 * (-(dx * dx * dx * dx + dy * dy)).exp());
                }
            }
            let dark = (dark * studio.shadow).min(0.85);
            color = blend(color, color.map(|c| c * 0.22), dark);
            let over = &sheet.color.data()[i * 4..i * 4 + 4];
            let keep = 1.0 - f32::from(over[3]) / 255.0;
            let (cx, cy) = (u - 0.5, v - 0.5);
            let out = cx * cx + cy * cy;
            let vignette = 1.0 - 0.36 * out * out.sqrt();
            grain ^= grain << 13;
            grain ^= grain >> 7;
            grain ^= grain << 17;
            let noise = ((grain & 255) as f32 + ((grain >> 8) & 255) as f32 - 255.0) / 255.0 * 1.6;
            for c in 0..3 {
                let value = (color[c] * keep * 255.0 + f32::from(over[c])) * vignette + noise;
                pixels.push((value + 0.5).clamp(0.0, 255.0) as u8);
            }
        }
    }
    RgbImage::from_raw(sheet.width, sheet.height, pixels).unwrap_or_default()
}

/// Seamless paper: brighter where the lamp falls.
fn backdrop(studio: &Studio, glow: f32, step: f32) -> Rgb {
    let level = 0.76 + studio.strength * glow + step;
    let warm = 0.02 * (glow - 0.5);
    [studio.color[0] * (level + warm), studio.color[1] * level, studio.color[2] * (level - warm)]
}

/// How much brighter the floor is than the wall, with a soft step between.
fn floor(pose: Pose, y: f32, h: f32) -> f32 {
    let Pose::Standing { base, .. } = pose else { return 0.0 };
    let step = ((y - base) / (h * 0.09) + 1.3).clamp(0.0, 1.0);
    0.1 * step * step * (3.0 - 2.0 * step) - 0.02
}

/// How dark the shadow is, 0..1, at a quarter of the size.
fn shadow(sheet: &Sheet, pose: Pose, sw: usize, sh: usize) -> Vec<f32> {
    let (w, h) = (sheet.width as usize, sheet.height as usize);
    let covered = |x: f32, y: f32| {
        if x < 0.0 || y < 0.0 || w as f32 <= x || h as f32 <= y {
            0.0
        } else {
            sheet.alpha(y as usize * w + x as usize)
        }
    };
    let mut dark = vec![0.0; sw * sh];
    for sy in 0..sh {
        for sx in 0..sw {
            let (x, y) = ((sx * QUARTER + 2) as f32, (sy * QUARTER + 2) as f32);
            dark[sy * sw + sx] = match pose {
                Pose::Lying { lift } => covered(x - lift, y - lift * 1.25),
                Pose::Standing { base, .. } => {
                    // The outline falls back over the floor, to the right, and thins out with distance.
                    let up = base + 3.0 - y;
                    let far = 1.0 - (up / (h as f32 * 0.24)).clamp(0.0, 1.0);
                    if up < 0.0 { 0.0 } else { covered(x - up * 1.5, base - up * 2.6) * 0.55 * far }
                }
            };
        }
    }
    let (radius, dim) = match pose {
        Pose::Lying { lift } => ((lift * 0.5) as usize / QUARTER + 1, 0.8),
        Pose::Standing { .. } => (w / 90 + 1, 1.0),
    };
    blur(&mut dark, sw, sh, radius, 3);
    dark.iter_mut().for_each(|d| *d *= dim);
    dark
}

fn between(values: &[f32], w: usize, h: usize, x: f32, y: f32) -> f32 {
    let (x, y) = (x.clamp(0.0, (w - 1) as f32), y.clamp(0.0, (h - 1) as f32));
    let (x0, y0) = (x as usize, y as usize);
    let (x1, y1) = ((x0 + 1).min(w - 1), (y0 + 1).min(h - 1));
    let (fx, fy) = (x - x0 as f32, y - y0 as f32);
    let top = values[y0 * w + x0] * (1.0 - fx) + values[y0 * w + x1] * fx;
    let bottom = values[y1 * w + x0] * (1.0 - fx) + values[y1 * w + x1] * fx;
    top * (1.0 - fy) + bottom * fy
}
