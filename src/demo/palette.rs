//! Colours: of each culture, of each material, and of the studio's backdrops.
//!
//! Colours are sRGB in 0..1 and are mixed as such: this is a drawing, not a measurement. Floor 2.

use super::kind::{Culture, Material};

/// Red, green, blue, each in 0..1.
pub(super) type Rgb = [f32; 3];

/// A colour from its usual six hexadecimal digits.
pub(super) const fn hex(value: u32) -> Rgb {
    [((value >> 16) & 255) as f32 / 255.0, ((value >> 8) & 255) as f32 / 255.0, (value & 255) as f32 / 255.0]
}

/// `a` where `t` is 0, `b` where it is 1.
pub(super) fn blend(a: Rgb, b: Rgb, t: f32) -> Rgb {
    [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t]
}

/// How bright a colour looks, 0..1 (Rec. 709 weights on sRGB values).
pub(super) fn brightness(c: Rgb) -> f32 {
    0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2]
}

/// The colours of a culture.
#[derive(Clone, Copy, Debug)]
pub(super) struct Palette {
    /// Glaze, silk and wool.
    pub(super) ground: Rgb,
    /// What is painted on the ground.
    pub(super) ink: Rgb,
    /// The third colour, used sparingly.
    pub(super) accent: Rgb,
    /// Enamel and paint on metal, stone and wood, chosen to be told apart on any of them.
    pub(super) enamel: Rgb,
    pub(super) enamel_light: Rgb,
}

pub(super) fn palette(culture: Culture) -> Palette {
    let (ground, ink, accent, enamel, enamel_light) = match culture {
        Culture::Belmari => (0xf1efe8, 0x1d4596, 0x6fa0d6, 0x1a46a8, 0xf4f4f0),
        Culture::Doronne => (0xc8643a, 0x1f1715, 0xf0c79a, 0xc4552a, 0x1c1514),
        Culture::Ilvane => (0x643a86, 0xf0bf3c, 0xe9def2, 0x6a35a0, 0xf6c63a),
        Culture::Karvash => (0xa61b2c, 0xf4e4c6, 0x2a1520, 0xb3142a, 0xf6e8cf),
        Culture::Nuvari => (0x27a09b, 0xf7efe0, 0xf07f4f, 0x12a7a4, 0xf5793f),
        Culture::Omirai => (0x1d1c21, 0xee92ad, 0xf6dfe4, 0x18161a, 0xf08fb0),
        Culture::Tessune => (0xeadcb4, 0x3c7a34, 0xd09226, 0x2f7a2c, 0xf3e6b8),
    };
    Palette {
        ground: hex(ground),
        ink: hex(ink),
        accent: hex(accent),
        enamel: hex(enamel),
        enamel_light: hex(enamel_light),
    }
}

/// How a surface takes the light.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stuff {
    pub(super) color: Rgb,
    /// Raised above (over 0.5) or sunk below (under 0.5) the surface around it.
    pub(super) height: f32,
    /// 0 paints, 1 mirrors.
    pub(super) metal: f32,
    /// Strength and sharpness of the highlight, 0..1.
    pub(super) gloss: f32,
}

impl Stuff {
    pub(super) const fn paint(color: Rgb, gloss: f32) -> Self {
        Self { color, height: 0.5, metal: 0.0, gloss }
    }

    pub(super) fn tint(self, color: Rgb) -> Self {
        Self { color, ..self }
    }

    pub(super) fn raised(self, by: f32) -> Self {
        Self { height: (self.height + by).clamp(0.0, 1.0), ..self }
    }

    /// The same surface, darker below 1, lighter above it.
    pub(super) fn shade(self, factor: f32) -> Self {
        Self { color: self.color.map(|c| (c * factor).min(1.0)), ..self }
    }
}

/// The bare material; ceramic and silk wear the culture's ground.
pub(super) fn body(material: Material, palette: &Palette) -> Stuff {
    let (color, metal, gloss) = match material {
        Material::Bronze => (hex(0x8a5f33), 0.7, 0.35),
        Material::Ceramic => (palette.ground, 0.0, 0.75),
        Material::Glass => (hex(0x8fd0ee), 0.0, 1.0),
        Material::Gold => (hex(0xf0b93a), 1.0, 0.55),
        Material::Jade => (hex(0x5c9f78), 0.0, 0.7),
        Material::Silk => (palette.ground, 0.0, 0.3),
        Material::Silver => (hex(0xc3c8d0), 1.0, 0.6),
        Material::Stone => (hex(0xa29d93), 0.0, 0.04),
        Material::Wood => (hex(0x8a5a33), 0.0, 0.22),
    };
    Stuff { color, height: 0.5, metal, gloss }
}

/// The three paints used on a piece.
#[derive(Clone, Copy, Debug)]
pub(super) struct Inks {
    pub(super) body: Stuff,
    pub(super) main: Stuff,
    pub(super) second: Stuff,
}

/// What a culture paints with on a material.
pub(super) fn inks(material: Material, palette: &Palette) -> Inks {
    let body = body(material, palette);
    let (main, second, gloss, height) = match material {
        Material::Ceramic => (palette.ink, palette.accent, 0.7, 0.5),
        Material::Silk => (palette.ink, palette.accent, 0.3, 0.54),
        Material::Stone => (palette.enamel, palette.enamel_light, 0.05, 0.36),
        Material::Wood => (palette.enamel, palette.enamel_light, 0.4, 0.52),
        Material::Glass => (palette.enamel, palette.enamel_light, 0.45, 0.54),
        Material::Jade => (palette.enamel, palette.enamel_light, 0.6, 0.56),
        Material::Bronze | Material::Gold | Material::Silver => (palette.enamel, palette.enamel_light, 0.85, 0.4),
    };
    // The main paint has to stand out from the body; on painted grounds it does by design.
    let apart: f32 = body.color.iter().zip(main).map(|(a, b)| (a - b).powi(2)).sum();
    let (main, second) = if apart.sqrt() < 0.42 { (second, main) } else { (main, second) };
    let paint = |color| Stuff { color, height, metal: 0.0, gloss };
    Inks { body, main: paint(main), second: paint(second) }
}

/// The backdrops of the studio, darkest first.
pub(super) const BACKDROPS: [Rgb; 11] = [
    hex(0x3a3c40),
    hex(0x4a4642),
    hex(0x3f4c5a),
    hex(0x5b6268),
    hex(0x6d7466),
    hex(0x8b8f90),
    hex(0xa9a397),
    hex(0xb9c0c2),
    hex(0xc9b8a4),
    hex(0xcfc8ba),
    hex(0xdcdad4),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_main_paint_stands_out_from_every_material() {
        let materials = Material::ALL.iter().filter(|m| !matches!(m, Material::Ceramic | Material::Silk));
        for &material in materials {
            for &culture in Culture::ALL {
                let inks = inks(material, &palette(culture));
                let apart: f32 = inks.body.color.iter().zip(inks.main.color).map(|(a, b)| (a - b).powi(2)).sum();
                assert!(0.3 < apart.sqrt(), "{culture:?} on {material:?}: {}", apart.sqrt());
            }
        }
    }
}
