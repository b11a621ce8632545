//! Light on a drawn object: volume from its outline and relief, highlights, the mirror of metals, the grain of materials.
//!
//! It reads a sheet's colours and form and writes the lit colours back. Not a ray tracer: one studio lamp at the upper
//! left, one soft fill, no shadows (those are `ground`'s). Floor 2.

use tiny_skia::Transform;

use super::kind::Material;
use super::palette::{Rgb, blend};
use super::rng::{lattice, noise, whole};
use super::sheet::Sheet;

/// How an object is lit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    pub(super) material: Material,
    /// From object units to pixels; the grain is fixed to the object.
    pub(super) place: Transform,
    /// Width of the rounding at the outline, pixels.
    pub(super) round: f32,
    /// Height of that rounding, pixels.
    pub(super) depth: f32,
    /// Height of the full relief (form red 0 to 1), pixels.
    pub(super) relief: f32,
    /// Towards the lamp, a unit vector.
    pub(super) lamp: [f32; 3],
    pub(super) salt: u32,
}

/// Lights the sheet; afterwards its colours are what the camera sees.
pub(super) fn shade(sheet: &mut Sheet, look: &Look) {
    let (w, h) = (sheet.width as usize, sheet.height as usize);
    let heights = heights(sheet, look);
    let Some(back) = look.place.invert() else { return };
    let half = normalised([look.lamp[0], look.lamp[1], look.lamp[2] + 1.0]);
    let (center_x, center_y) = (w as f32 * 0.5, h as f32 * 0.5);
    for y in 0..h {
        for x in 0..w {
            let i = y * w + x;
            let alpha = sheet.alpha(i);
            if alpha == 0.0 {
                continue;
            }
            let at = |x: usize, y: usize| heights[y.min(h - 1) * w + x.min(w - 1)];
            let slope = [at(x + 1, y) - at(x.saturating_sub(1), y), at(x, y + 1) - at(x, y.saturating_sub(1))];
            let mut facing = sheet.facing[i];
            if facing[2] == 0.0 {
                // A flat thing still bows a little, so that metal does not mirror one single spot.
                facing = [(x as f32 - center_x) / w as f32 * 0.25, (y as f32 - center_y) / h as f32 * 0.25, 1.0];
            }
            let facing = normalised([facing[0] - slope[0] * 0.5, facing[1] - slope[1] * 0.5, facing[2]]);
            let form = &sheet.form.data()[i * 4..i * 4 + 4];
            let solid = 1.0 / f32::from(form[3].max(1));
            let spot = |c: usize| f32::from(form[c]) * solid;
            let painted = &sheet.color.data()[i * 4..i * 4 + 4];
            let color = [0, 1, 2].map(|c| f32::from(painted[c]) / (255.0 * alpha));
            let (px, py) = (x as f32 + 0.5, y as f32 + 0.5);
            let (ox, oy) = (back.sx * px + back.kx * py + back.tx, back.ky * px + back.sy * py + back.ty);
            let mut grain = grain(look.material, ox, oy, look.salt);
            if look.material == Material::Bronze {
                // Verdigris grows on the metal, not on the enamel in it.
                grain = grain.map(|g| 1.0 + (g - 1.0) * (spot(1) * 1.4).min(1.0));
            }
            let surface =
                Surface { color: [0, 1, 2].map(|c| color[c] * grain[c]), facing, metal: spot(1), gloss: spot(2) };
            let mut lit = lit(&surface, look.lamp, half);
            let mut cover = alpha;
            if look.material == Material::Glass {
                (lit, cover) = through(lit, &surface, alpha);
            }
            let pixel = &mut sheet.color.data_mut()[i * 4..i * 4 + 4];
            for (out, value) in pixel.iter_mut().zip(lit) {
                *out = (value.clamp(0.0, 1.0) * cover * 255.0 + 0.5) as u8;
            }
            pixel[3] = (cover * 255.0 + 0.5) as u8;
        }
    }
}

struct Surface {
    color: Rgb,
    facing: [f32; 3],
    metal: f32,
    gloss: f32,
}

/// Glass: clear where it is met head on, bright at its rim, with two windows mirrored in it; paint on it covers.
fn through(lit: Rgb, surface: &Surface, alpha: f32) -> (Rgb, f32) {
    let [x, y, z] = surface.facing;
    let rim = (1.0 - z).clamp(0.0, 1.0);
    let painted = ((0.75 - surface.gloss) / 0.3).clamp(0.0, 1.0);
    let strip =
        |center: f32, width: f32| (1.0 - ((x - center) / width).powi(2)).max(0.0) * (1.0 - y * y * 1.4).max(0.0);
    let window = 0.75 * strip(-0.6, 0.13) + 0.3 * strip(0.7, 0.08);
    let glint = (lit[0] - surface.color[0] * 1.2).max(0.0);
    let cover = (0.22 + 0.62 * rim.sqrt() + 0.6 * painted + glint + window).min(1.0);
    let clear = blend(lit, [0.84, 0.96, 1.0], 0.75 * rim * (1.0 - painted));
    (blend(clear, [1.0; 3], (window * (1.0 - 0.5 * painted)).min(1.0)), alpha * cover)
}

/// The colour of one spot under the lamp (Blinn's highlight with Schlick's quotient for the power; a made-up
/// studio for mirrors).
fn lit(surface: &Surface, lamp: [f32; 3], half: [f32; 3]) -> Rgb {
    let n = surface.facing;
    let toward = dot(n, lamp);
    let wrapped = (0.5 + 0.5 * toward).max(0.0);
    let diffuse = 0.34 - 0.1 * n[1] + 0.78 * wrapped * wrapped;
    // Mirrors see the soft box where the lamp is, a dark floor band opposite, and grey between.
    let k = (n[0] * lamp[0] + n[1] * lamp[1]) * 1.6;
    let bump = |center: f32, width: f32| (1.0 - ((k - center) / width).powi(2)).max(0.0).powi(2);
    let mirror = 0.62 + 0.42 * k + 0.75 * bump(0.5, 0.28) - 0.34 * bump(-0.3, 0.34) + 0.22 * bump(-0.85, 0.3);
    let sharp = 3.0 + 40.0 * surface.gloss * surface.gloss;
    let towards_half = dot(n, half).max(0.0);
    let quotient = towards_half / (sharp - sharp * towards_half + towards_half);
    let glint = quotient * quotient * surface.gloss * (1.0 - 0.45 * surface.metal);
    let light = diffuse + (mirror.max(0.06) - diffuse) * surface.metal;
    [0, 1, 2].map(|c| {
        let glint_color = 1.0 + (surface.color[c] - 1.0) * surface.metal * 0.5;
        surface.color[c] * light + glint * 0.75 * glint_color
    })
}

/// What the material's own texture does to the colour: a factor around 1 for each of red, green, blue.
fn grain(material: Material, x: f32, y: f32, salt: u32) -> Rgb {
    let factor = match material {
        Material::Wood => {
            let drift = noise(x * 1.2, y * 3.0, salt) * 5.0;
            let ring = ((y * 16.0 + drift) * 1.7).sin();
            0.9 + 0.13 * ring + 0.2 * (noise(x * 9.0, y * 70.0, salt) - 0.5)
        }
        Material::Jade => {
            // Pale clouds and darker veins.
            let cloud = noise(x * 2.6, y * 2.6, salt) + 0.5 * noise(x * 6.0 + 9.0, y * 6.0, salt) - 0.75;
            let vein = (1.0 - 9.0 * (noise(x * 1.9 + 3.0, y * 1.9, salt ^ 7) - 0.5).abs()).max(0.0);
            return [
                0.95 + 0.55 * cloud - 0.2 * vein,
                0.98 + 0.3 * cloud - 0.12 * vein,
                0.95 + 0.5 * cloud - 0.16 * vein,
            ];
        }
        Material::Stone => {
            let spot = lattice(whole(x * 95.0), whole(y * 95.0), salt);
            let speck = if spot < 0.12 { -0.16 } else { 0.0 };
            0.82 + 0.3 * noise(x * 12.0, y * 12.0, salt) + 0.14 * (noise(x * 40.0, y * 40.0, salt) - 0.5) + speck
        }
        Material::Ceramic => 0.97 + 0.06 * noise(x * 5.0, y * 5.0, salt),
        Material::Bronze => {
            // Verdigris sits in patches on the brown.
            let patch = 0.65 * noise(x * 3.2, y * 3.2, salt) + 0.35 * noise(x * 13.0, y * 13.0, salt);
            let green = ((patch - 0.52) * 6.0).clamp(0.0, 1.0) * 0.8;
            let brown = 0.88 + 0.26 * noise(x * 8.0, y * 8.0, salt);
            return [brown - 0.42 * green, brown + 0.52 * green, brown + 1.5 * green];
        }
        Material::Silk => 0.96 + 0.018 * (y * 260.0).sin() + 0.04 * noise(x * 60.0, y * 8.0, salt),
        Material::Gold | Material::Silver => 0.98 + 0.05 * noise(x * 14.0, y * 14.0, salt),
        Material::Glass => 1.0,
    };
    [factor; 3]
}

/// The heights of all pixels: the relief, and the outline's rounding.
fn heights(sheet: &Sheet, look: &Look) -> Vec<f32> {
    let (w, h) = (sheet.width as usize, sheet.height as usize);
    let mut relief: Vec<f32> = sheet
        .form
        .data()
        .as_chunks::<4>()
        .0
        .iter()
        .map(|p| if p[3] == 0 { 0.5 } else { f32::from(p[0]) / f32::from(p[3]) } * look.relief)
        .collect();
    blur(&mut relief, w, h, 1, 2);
    let mut outline: Vec<f32> = sheet.color.data().as_chunks::<4>().0.iter().map(|p| f32::from(p[3]) / 255.0).collect();
    blur(&mut outline, w, h, (look.round * 0.5) as usize + 1, 2);
    for (height, out) in relief.iter_mut().zip(outline) {
        *height += out * look.depth;
    }
    relief
}

/// Box blur of `radius`, `times` over: a running sum, the same cost for every radius.
pub(super) fn blur(values: &mut [f32], w: usize, h: usize, radius: usize, times: usize) {
    let scale = 1.0 / (2 * radius + 1) as f32;
    let mut copy = values.to_vec();
    let mut padded = Vec::with_capacity(w + 2 * radius + 1);
    for _ in 0..times {
        for (row, out) in values.chunks(w).zip(copy.chunks_mut(w)) {
            // The row with its end values repeated beyond both ends.
            padded.clear();
            padded.resize(radius + 1, row[0]);
            padded.extend_from_slice(row);
            padded.resize(w + 2 * radius + 1, row[w - 1]);
            let mut sum: f32 = padded[..=2 * radius].iter().sum();
            for ((value, gone), come) in out.iter_mut().zip(&padded).zip(&padded[2 * radius + 1..]) {
                sum += come - gone;
                *value = sum * scale;
            }
        }
        let row = |y: isize| (y.clamp(0, h as isize - 1) as usize) * w;
        let mut sums = vec![0.0f32; w];
        for y in -(radius as isize)..=radius as isize {
            sums.iter_mut().zip(&copy[row(y)..row(y) + w]).for_each(|(s, v)| *s += v);
        }
        for y in 0..h {
            let (gone, come) = (row(y as isize - radius as isize), row((y + radius + 1) as isize));
            let (gone, come) = (&copy[gone..gone + w], &copy[come..come + w]);
            for (((value, sum), come), gone) in values[y * w..y * w + w].iter_mut().zip(&mut sums).zip(come).zip(gone) {
                *value = *sum * scale;
                *sum += come - gone;
            }
        }
    }
}

pub(super) fn normalised(v: [f32; 3]) -> [f32; 3] {
    let length = dot(v, v).sqrt().max(1e-6);
    v.map(|c| c / length)
}

fn dot(a: [f32; 3], b: [f32; 3]) -> f32 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blur_keeps_a_flat_field_and_spreads_a_spike() {
        let mut flat = vec![2.0; 30];
        blur(&mut flat, 6, 5, 3, 2);
        assert!(flat.iter().all(|v| (v - 2.0).abs() < 1e-4), "{flat:?}");
        let mut spike = vec![0.0; 49];
        spike[24] = 9.0;
        blur(&mut spike, 7, 7, 1, 1);
        // One box of 3 by 3 around the middle, each a ninth.
        assert!((spike[24] - 1.0).abs() < 1e-4 && (spike[16] - 1.0).abs() < 1e-4 && spike[9].abs() < 1e-4);
    }
}
