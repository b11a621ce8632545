//! Scrolls: tall ones that hang, wide ones that are unrolled between two hands. Floor 2.

use super::border;
use super::draw::Kit;
use super::kind::Subject;
use super::light::normalised;
use super::motif::{blossom, leaf, sign};
use super::palette::{Inks, Stuff, blend, hex};
use super::pattern;
use super::rng::Rng;
use super::sheet::{Sheet, circle, curve, polygon, rect};

/// Half the width and height for a picture of this aspect (width / height).
pub(super) fn extent(wide: bool, aspect: f32) -> (f32, f32) {
    if wide { (aspect * 0.82, 0.78) } else { (0.6, 0.6 / aspect) }
}

pub(super) fn draw(sheet: &mut Sheet, kit: &Kit, rng: &mut Rng) {
    let paper = Stuff::paint(blend(hex(0xf0e4c8), hex(0xe2d2b0), rng.unit()), 0.04);
    let wide = kit.extent.1 < kit.extent.0;
    if wide { unrolled(sheet, kit, paper, rng) } else { hanging(sheet, kit, paper, rng) }
}

fn hanging(sheet: &mut Sheet, kit: &Kit, paper: Stuff, rng: &mut Rng) {
    let (at, inks) = (kit.at, &kit.inks);
    let (w, h) = (kit.extent.0 - 0.08, kit.extent.1 - 0.05);
    let (top, low) = (-h + 0.16, h - 0.07);
    let cord = Stuff::paint(kit.palette.ink, 0.2);
    sheet.stroke(polygon(&[(-0.2, top), (0.0, top - 0.15), (0.2, top)], false), 0.018, cord, at);
    sheet.fill(rect(-w, top, w, low), inks.body, at);
    let panel = [-w + 0.09, top + 0.42, w - 0.09, low - 0.36];
    painting(sheet, kit, paper, panel, rng);
    for y in [top + 0.17, low - 0.17] {
        border::band(sheet, kit.culture, inks, [-w, y - 0.085, w, y + 0.085], at);
    }
    sheet.bend(at, |x, y| Some(normalised([0.1 * x, 0.05 * (y * 2.2).sin(), 1.0])));
    let knob = Stuff { gloss: 0.7, ..inks.second };
    sheet.bar((-w - 0.01, top), (w + 0.01, top), 0.026, Stuff::paint(hex(0x3d2a1e), 0.4), at);
    sheet.bar((-w - 0.06, low), (w + 0.06, low), 0.04, knob, at);
    sheet.bar((-w - 0.0, low), (w + 0.0, low), 0.052, inks.body.shade(0.9), at);
}

fn unrolled(sheet: &mut Sheet, kit: &Kit, paper: Stuff, rng: &mut Rng) {
    let (at, inks) = (kit.at, &kit.inks);
    let (w, h) = (kit.extent.0 - 0.06, kit.extent.1 - 0.16);
    sheet.fill(rect(-w + 0.1, -h, w - 0.1, h), inks.body, at);
    painting(sheet, kit, paper, [-w + 0.42, -h + 0.1, w - 0.42, h - 0.1], rng);
    for (turn, edge) in [(90.0, -w + 0.2), (-90.0, -w + 0.2)] {
        border::band(sheet, kit.culture, inks, [-h, -edge - 0.18 - 0.0, h, -edge + 0.0], at.pre_rotate(turn));
    }
    sheet.bend(at, |x, y| Some(normalised([0.06 * (x * 2.6).sin(), 0.05 * y, 1.0])));
    for side in [-1.0, 1.0] {
        let x = side * (w - 0.1);
        let thick = if side < 0.0 { 0.1 } else { 0.14 };
        sheet.bar((x, -h - 0.13), (x, h + 0.13), 0.05, Stuff { gloss: 0.7, ..inks.second }, at);
        sheet.bar((x, -h - 0.015), (x, h + 0.015), thick, inks.body.shade(0.95), at);
        sheet.bar((x, -h - 0.02), (x, -h + 0.07), thick + 0.004, inks.main, at);
        sheet.bar((x, h - 0.07), (x, h + 0.02), thick + 0.004, inks.main, at);
    }
}

/// The paper and what is painted on it, in the culture's ink.
fn painting(sheet: &mut Sheet, kit: &Kit, paper: Stuff, panel: [f32; 4], rng: &mut Rng) {
    let [x0, y0, x1, y1] = panel;
    let (w, h) = (x1 - x0, y1 - y0);
    let mut flat = Sheet::new((w * kit.scale) as u32, (h * kit.scale) as u32);
    let at = tiny_skia::Transform::from_row(kit.scale, 0.0, 0.0, kit.scale, -x0 * kit.scale, -y0 * kit.scale);
    flat.fill(rect(x0 - 1.0, y0 - 1.0, x1 + 1.0, y1 + 1.0), paper, at);
    let flat_paint = |color| Stuff::paint(color, 0.04);
    let [dark, second] = scroll_inks(kit);
    let inks = Inks { body: paper, main: flat_paint(dark), second: flat_paint(second) };
    match kit.subject {
        Subject::Mountains { .. } => {
            // The sky fades towards the horizon.
            for i in 0..24 {
                let sky = flat_paint(blend(paper.color, second, 0.22 * (1.0 - i as f32 / 24.0)));
                flat.fill(rect(x0, y0 + h * 0.03 * i as f32, x1, y1), sky, at);
            }
            // A tall panel keeps its mountains in the lower part, a moon in the upper.
            let field = if w < h { [x0, y0 + h * 0.06, x1, y1] } else { panel };
            pattern::fill(&mut flat, kit.subject, &inks, field, 0.3, at, rng);
        }
        Subject::Inscription => {
            let size = if w < h { w * 0.52 } else { h * 0.52 };
            let inset = size * 0.25;
            let field = [x0 + inset * 0.5, y0 + inset, x1 - inset * 0.5, y1 - inset];
            pattern::fill(&mut flat, kit.subject, &inks, field, size, at, rng);
        }
        Subject::Pattern(p) => branch(&mut flat, &inks, panel, p == super::kind::Pattern::Flowers, at, rng),
        Subject::Plain => {}
    }
    let seal = w.min(h) * 0.07;
    let (sx, sy) = (x1 - seal * 1.6, y1 - seal * 1.6);
    flat.fill(rect(sx - seal, sy - seal, sx + seal, sy + seal), flat_paint(hex(0xb3261e)), at);
    let white = Inks { main: paper, ..inks };
    sign(&mut flat, &white, rng, at.pre_translate(sx, sy).pre_scale(seal * 0.65, seal * 0.65));
    let pixel = 1.0 / kit.scale;
    sheet.wrap(&flat, kit.at, |x, y| {
        let inside = (x - x0).min(x1 - x).min(y - y0).min(y1 - y);
        let cover = (inside / pixel + 0.5).clamp(0.0, 1.0);
        let hit = super::sheet::Hit { u: (x - x0) / w, v: (y - y0) / h, cover, facing: [0.0, 0.0, 1.0], dim: 1.0 };
        (0.0 < cover).then_some(hit)
    });
    let edge = [(x0, y0), (x1, y0), (x1, y1), (x0, y1)];
    sheet.stroke_on(polygon(&edge, true), 0.016, kit.inks.second, kit.at);
}

/// The two darkest telling colours of the culture: they have to stand on pale paper.
fn scroll_inks(kit: &Kit) -> [super::palette::Rgb; 2] {
    use super::kind::Culture;
    let p = &kit.palette;
    match kit.culture {
        Culture::Belmari | Culture::Tessune => [p.ink, p.accent],
        Culture::Doronne => [p.ink, p.ground],
        Culture::Ilvane | Culture::Karvash => [p.ground, p.ink],
        Culture::Nuvari => [blend(p.ground, [0.0, 0.1, 0.15], 0.35), p.accent],
        Culture::Omirai => [p.ground, p.ink],
    }
}

/// A long bough with blossoms, or only with leaves.
fn branch(
    sheet: &mut Sheet,
    inks: &Inks,
    [x0, y0, x1, y1]: [f32; 4],
    flowers: bool,
    at: tiny_skia::Transform,
    rng: &mut Rng,
) {
    let (w, h) = (x1 - x0, y1 - y0);
    let tall = w < h;
    let long = w.max(h);
    let size = w.min(h) * if flowers { 0.2 } else { 0.3 };
    let n = (long / size * if flowers { 0.8 } else { 1.0 }) as usize + 2;
    let sway = rng.range(0.0, 6.0);
    let point = |t: f32| {
        let side = 0.5 + 0.22 * (t * 5.0 + sway).sin();
        if tall { (x0 + side * w, y1 - t * h * 0.94) } else { (x0 + t * w * 0.96, y0 + side * h) }
    };
    let bough: Vec<_> = (0..=24).map(|i| point(i as f32 / 24.0)).collect();
    let bark = Stuff::paint(blend(inks.main.color, hex(0x3b2a20), 0.55), 0.04);
    sheet.stroke_on(curve(&bough, false), size * 0.16, bark, at);
    for i in 0..n {
        let (x, y) = point((i as f32 + 0.5) / n as f32);
        for side in [-1.0f32, 1.0] {
            if flowers && (i % 2 == 0) == (side < 0.0) {
                let (dx, dy) = (side * size * rng.range(0.3, 1.0), size * rng.range(-0.4, 0.4));
                let (fx, fy) = if tall { (x + dx, y + dy) } else { (x + dy, y + dx) };
                sheet.stroke_on(polygon(&[(x, y), (fx, fy)], false), size * 0.08, bark, at);
                let place =
                    at.pre_translate(fx, fy).pre_rotate(rng.range(0.0, 60.0)).pre_scale(size * 0.85, size * 0.85);
                let petals = Inks { main: inks.second, second: inks.main, ..*inks };
                blossom(sheet, &petals, 5, place);
                sheet.fill_on(circle(0.0, 0.0, 0.12), Stuff::paint(hex(0xe9c24f), 0.1), place);
            } else if !flowers {
                let angle = if tall { side * rng.range(45.0, 75.0) } else { 90.0 + side * rng.range(40.0, 75.0) };
                let place = at.pre_translate(x, y).pre_rotate(angle).pre_scale(size, size * 1.15);
                sheet.fill_on(leaf(0.4), if rng.chance(0.3) { inks.second } else { inks.main }, place);
                sheet.stroke_on(polygon(&[(0.0, 0.0), (0.0, -0.85)], false), 0.035, inks.body, place);
            }
        }
    }
}
