//! Draws a piece: places it, calls the file that knows its shape, lights it and photographs it. Floor 2.

use image::RgbImage;
use tiny_skia::Transform;

use super::ground::{self, Pose, Studio};
use super::kind::{Culture, Material, Object, Subject};
use super::light::{self, Look, normalised};
use super::palette::{BACKDROPS, Inks, Palette, brightness, inks, palette};
use super::piece::Piece;
use super::rng::Rng;
use super::sheet::Sheet;
use super::{adornment, cloth, disc, figure, fracture, panel, scroll, vessel};

/// What a shape needs to know to draw itself.
pub(super) struct Kit {
    pub(super) culture: Culture,
    pub(super) object: Object,
    pub(super) material: Material,
    pub(super) subject: Subject,
    pub(super) palette: Palette,
    pub(super) inks: Inks,
    /// From object units to pixels.
    pub(super) at: Transform,
    /// Pixels per object unit.
    pub(super) scale: f32,
    /// Half the width and height of the object, object units.
    pub(super) extent: (f32, f32),
}

/// The picture of a piece, `width` × `height` as the piece says.
pub fn draw(piece: &Piece) -> RgbImage {
    let mut rng = Rng::new(piece.seed, piece.index, 2);
    let kit = kit(piece, &mut rng);
    let mut sheet = Sheet::new(piece.width, piece.height);
    match piece.object {
        Object::Amphora | Object::Bowl | Object::Jug | Object::Vase => vessel::draw(&mut sheet, &kit, &mut rng),
        Object::Coin => disc::coin(&mut sheet, &kit, &mut rng),
        Object::Plate => disc::plate(&mut sheet, &kit, &mut rng),
        Object::Carpet => cloth::carpet(&mut sheet, &kit, &mut rng),
        Object::Textile => cloth::textile(&mut sheet, &kit, &mut rng),
        Object::Scroll => scroll::draw(&mut sheet, &kit, &mut rng),
        Object::Mask => figure::mask(&mut sheet, &kit, &mut rng),
        Object::Bird => figure::bird(&mut sheet, &kit, &mut rng),
        Object::Tile => panel::tile(&mut sheet, &kit, &mut rng),
        Object::Fan => panel::fan(&mut sheet, &kit, &mut rng),
        Object::Comb => adornment::comb(&mut sheet, &kit, &mut rng),
        Object::Necklace => adornment::necklace(&mut sheet, &kit, &mut rng),
        Object::Dagger => adornment::dagger(&mut sheet, &kit, &mut rng),
    }
    if piece.broken {
        fracture::break_off(&mut sheet, &kit, &mut rng);
    }
    light::shade(&mut sheet, &look(piece, &kit, &mut rng));
    let studio = studio(piece, &kit, &mut rng);
    ground::compose(&sheet, &studio, pose(piece, &kit), &mut rng)
}

fn stands(object: Object) -> bool {
    matches!(object, Object::Amphora | Object::Bird | Object::Bowl | Object::Jug | Object::Vase)
}

fn kit(piece: &Piece, rng: &mut Rng) -> Kit {
    let palette = palette(piece.culture);
    let wide = piece.height < piece.width;
    let extent = match piece.object {
        Object::Amphora | Object::Bowl | Object::Jug | Object::Vase => vessel::extent(piece.object),
        Object::Scroll => scroll::extent(wide, piece.width as f32 / piece.height as f32),
        Object::Carpet => (0.72, 1.0),
        Object::Textile => (0.84, 1.04),
        Object::Mask => (0.82, 1.05),
        Object::Bird => (0.95, 0.98),
        Object::Fan => (1.04, 0.66),
        Object::Comb => (1.0, 0.74),
        Object::Dagger => (1.06, 0.8),
        Object::Necklace => (0.8, 1.0),
        Object::Coin | Object::Plate | Object::Tile => (1.0, 1.0),
    };
    let (w, h) = (piece.width as f32, piece.height as f32);
    let fill = match piece.object {
        Object::Scroll => rng.range(0.9, 0.94),
        Object::Coin => rng.range(0.62, 0.78),
        _ => rng.range(0.78, 0.88),
    };
    let scale = (w * 0.5 / extent.0).min(h * 0.5 / extent.1) * fill;
    let angle = match piece.object {
        object if stands(object) => rng.range(-1.2, 1.2),
        Object::Coin => rng.range(-25.0, 25.0),
        Object::Dagger => rng.range(-8.0, 8.0),
        Object::Comb | Object::Fan | Object::Tile => rng.range(-6.0, 6.0),
        Object::Scroll => rng.range(-0.6, 0.6),
        _ => rng.range(-2.5, 2.5),
    };
    let (dx, dy) = (rng.range(-0.02, 0.02) * w, rng.range(-0.02, 0.02) * h);
    let at = Transform::from_translate(w * 0.5 + dx, h * 0.5 + dy).pre_rotate(angle).pre_scale(scale, scale);
    Kit {
        culture: piece.culture,
        object: piece.object,
        material: piece.material,
        subject: piece.subject,
        palette,
        inks: inks(piece.material, &palette),
        at,
        scale,
        extent,
    }
}

fn look(piece: &Piece, kit: &Kit, rng: &mut Rng) -> Look {
    // Rounding width, rounding height, relief height, all in object units.
    let (round, depth, relief) = match piece.object {
        Object::Amphora | Object::Bowl | Object::Jug | Object::Vase => (0.07, 0.1, 0.03),
        Object::Mask => (0.3, 0.42, 0.3),
        Object::Bird => (0.24, 0.36, 0.12),
        Object::Coin => (0.06, 0.05, 0.16),
        Object::Plate => (0.05, 0.04, 0.05),
        Object::Comb | Object::Dagger => (0.06, 0.06, 0.09),
        Object::Necklace => (0.06, 0.07, 0.08),
        Object::Tile => (0.05, 0.05, 0.07),
        Object::Carpet | Object::Fan | Object::Scroll | Object::Textile => (0.014, 0.012, 0.03),
    };
    let (round, depth, relief) = (round * kit.scale, depth * kit.scale, relief * kit.scale);
    let lamp = normalised([rng.range(-0.62, -0.42), rng.range(-0.62, -0.5), rng.range(0.62, 0.75)]);
    let salt = rng.next_u64() as u32;
    Look { material: piece.material, place: kit.at, round, depth, relief, lamp, salt }
}

/// A backdrop that the object stands out from.
fn studio(piece: &Piece, kit: &Kit, rng: &mut Rng) -> Studio {
    let shown = if piece.object == Object::Scroll { 0.6 } else { brightness(kit.inks.body.color) };
    let weight = |backdrop: f32| {
        let apart = (backdrop * 0.9 - shown).abs();
        if apart < 0.16 { 0.02 } else { 0.3 + apart }
    };
    let color = rng.weighted(&BACKDROPS.map(|c| (c, weight(brightness(c)))));
    Studio {
        color,
        glow: (rng.range(0.3, 0.55), rng.range(0.25, 0.5)),
        strength: rng.range(0.26, 0.36),
        shadow: if piece.material == Material::Glass { 0.5 } else { 0.78 },
    }
}

fn pose(piece: &Piece, kit: &Kit) -> Pose {
    if !stands(piece.object) {
        let lift = match piece.object {
            Object::Carpet => 0.025,
            Object::Mask => 0.09,
            Object::Fan | Object::Scroll | Object::Textile => 0.045,
            _ => 0.055,
        };
        return Pose::Lying { lift: lift * kit.scale };
    }
    let (low, half) = if piece.object == Object::Bird { figure::BIRD_FOOT } else { vessel::foot(piece.object) };
    Pose::Standing {
        base: kit.at.ky * 0.0 + kit.at.sy * low + kit.at.ty,
        center: kit.at.kx * low + kit.at.tx,
        foot: half * kit.scale,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_has_the_size_its_piece_says_and_shows_something() {
        for index in 0..24 {
            let piece = Piece::new(11, index);
            let picture = draw(&piece);
            assert_eq!(picture.dimensions(), (piece.width, piece.height));
            let (mut low, mut high) = (255, 0);
            for pixel in picture.pixels() {
                low = low.min(pixel[1]);
                high = high.max(pixel[1]);
            }
            assert!(60 < high - low, "{piece:?}: from {low} to {high}");
        }
    }

    #[test]
    fn the_same_piece_is_drawn_the_same_again_and_another_differently() {
        let picture = |seed, index| draw(&Piece::new(seed, index)).into_raw();
        for index in [0, 5, 9] {
            assert_eq!(picture(3, index), picture(3, index));
            assert_ne!(picture(3, index), picture(4, index));
        }
    }
}
