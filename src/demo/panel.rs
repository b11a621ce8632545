//! The tile, square or eight-sided, and the folding fan. Floor 2.

use super::border;
use super::cloth::cover_frame;
use super::draw::Kit;
use super::kind::{Material, Subject};
use super::light::normalised;
use super::palette::{Inks, Stuff, blend, hex};
use super::pattern;
use super::rng::Rng;
use super::sheet::{Hit, Sheet, circle, polygon, rect};

pub(super) fn tile(sheet: &mut Sheet, kit: &Kit, rng: &mut Rng) {
    let (at, inks) = (kit.at, &kit.inks);
    let half = 0.94;
    let corner = if rng.chance(0.35) { 0.28 } else { 0.015 };
    let (a, b) = (half, half - corner);
    let outline = [(-b, -a), (b, -a), (a, -b), (a, b), (b, a), (-b, a), (-a, b), (-a, -b)];
    sheet.fill(polygon(&outline, true), inks.body, at);
    let field = 0.64;
    let area = [-field, -field, field, field];
    if kit.subject == Subject::Inscription {
        sheet.fill_on(rect(-field, -field, field, field), inks.body.raised(-0.08).shade(1.06), at);
        // On painted tiles the signs are painted; in stone and wood they are cut, and coloured in.
        let deep = if kit.material == Material::Ceramic { 0.0 } else { -0.2 };
        let cut = Inks { main: inks.main.raised(deep), ..*inks };
        pattern::fill(sheet, kit.subject, &cut, area.map(|v| v * 0.94), rng.range(0.38, 0.46), at, rng);
    } else {
        pattern::fill(sheet, kit.subject, inks, area, rng.range(0.36, 0.46), at, rng);
    }
    cover_frame(sheet, inks.body, [1.0, 1.0], [field, field], at);
    border::frame(sheet, kit.culture, inks, [-0.86, -0.86, 0.86, 0.86], 0.19, at);
    if 0.1 < corner {
        for turn in [45.0, 135.0, 225.0, 315.0] {
            let place = at.pre_rotate(turn);
            sheet.fill_on(rect(-0.5, -1.4, 0.5, -a * 1.02), inks.main, place);
        }
    }
    sheet.stroke_on(polygon(&outline, true), 0.07, inks.main, at);
    let line = [(-field, -field), (field, -field), (field, field), (-field, field)];
    sheet.stroke_on(polygon(&line, true), 0.025, inks.main, at);
}

/// The fan's pivot lies below its leaf; angles from straight up, radii in object units.
pub(super) fn fan(sheet: &mut Sheet, kit: &Kit, rng: &mut Rng) {
    let pivot = kit.at.pre_translate(0.0, 0.5);
    let spread = rng.range(1.2, 1.4);
    let (inner, outer) = (0.42, 1.06);
    let ribs = 14;
    let wood = Stuff::paint(hex(0x5a3a22), 0.4);
    for i in 0..=ribs {
        let turn = (i as f32 / ribs as f32 * 2.0 - 1.0) * spread.to_degrees();
        let end = i == 0 || i == ribs;
        let stick = [(-0.018, 0.08), (0.018, 0.08), (0.032, -outer * 0.98), (-0.032, -outer * 0.98)];
        let place = pivot.pre_rotate(turn).pre_scale(if end { 1.5 } else { 1.0 }, 1.0);
        sheet.fill(
            polygon(&stick, true),
            if end { kit.inks.main } else { wood.shade(1.0 + 0.15 * (i % 2) as f32) },
            place,
        );
    }
    let leaf = leaf(kit, spread * (inner + outer) * 0.5, outer - inner, rng);
    let pixel = 1.0 / kit.scale;
    sheet.wrap(&leaf, pivot, |x, y| {
        let (r, angle) = ((x * x + y * y).sqrt(), x.atan2(-y));
        // The leaf ends a little ragged, fold by fold.
        let fold = (angle / spread + 1.0) * ribs as f32;
        let zig = 1.0 - 2.0 * (fold - fold.floor() - 0.5).abs();
        let edge = (r - inner - 0.012 * zig).min(outer - 0.022 + 0.022 * zig - r).min((spread - angle.abs()) * r);
        let cover = (edge / pixel + 0.5).clamp(0.0, 1.0);
        let side = if fold - fold.floor() < 0.5 { -0.3 } else { 0.3 };
        let facing = normalised([side * angle.cos(), side * angle.sin(), 1.0]);
        let (u, v) = (0.5 + angle / spread * 0.5, (outer - r) / (outer - inner));
        (0.0 < cover).then_some(Hit { u, v, cover, facing, dim: 1.0 })
    });
    sheet.fill(circle(0.0, 0.0, 0.05), Stuff { color: hex(0xd9b04c), height: 0.7, metal: 1.0, gloss: 0.6 }, pivot);
}

/// The fan's leaf unrolled: `half` its width along the middle, `high` from edge to edge.
fn leaf(kit: &Kit, half: f32, high: f32, rng: &mut Rng) -> Sheet {
    let inks = &kit.inks;
    let scale = kit.scale;
    let mut sheet = Sheet::new((2.0 * half * scale) as u32, (high * scale) as u32);
    let at = tiny_skia::Transform::from_row(scale, 0.0, 0.0, scale, half * scale, 0.0);
    sheet.fill(rect(-half, 0.0, half, high), inks.body, at);
    let (top, low) = (0.15, high - 0.06);
    let area = [-half, top, half, low];
    if let Subject::Mountains { .. } = kit.subject {
        let sky = inks.body.tint(blend(inks.body.color, inks.second.color, 0.2));
        sheet.fill(rect(-half, 0.0, half, high * 0.55), sky, at);
    }
    pattern::fill(&mut sheet, kit.subject, inks, area, rng.range(0.27, 0.33), at, rng);
    sheet.fill_on(rect(-half, 0.0, half, top), inks.body, at);
    border::band(&mut sheet, kit.culture, inks, [-half, 0.02, half, 0.13], at);
    sheet.fill_on(rect(-half, low, half, high), inks.main, at);
    sheet
}
