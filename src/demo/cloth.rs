//! Carpets, lying flat with fringes, and textiles, hanging in folds from a rod. Floor 2.

use super::border;
use super::draw::Kit;
use super::kind::Subject;
use super::light::normalised;
use super::motif::{blossom, star};
use super::palette::{Inks, Stuff, blend, hex};
use super::pattern;
use super::rng::Rng;
use super::sheet::{Sheet, curve, polygon, rect};

pub(super) fn carpet(sheet: &mut Sheet, kit: &Kit, rng: &mut Rng) {
    let (at, inks) = (kit.at, &kit.inks);
    let (w, h) = (kit.extent.0, kit.extent.1 - 0.1);
    let wool = Stuff::paint(blend(hex(0xe8dcc0), kit.palette.ground, 0.12), 0.03);
    for i in 0..46 {
        let x = -w + 0.02 + (2.0 * w - 0.04) * i as f32 / 45.0;
        for end in [-1.0, 1.0] {
            let sway = rng.range(-0.02, 0.02);
            let thread = [
                (x, end * (h - 0.02)),
                (x + sway, end * (h + 0.05)),
                (x + sway * 1.6, end * (h + rng.range(0.085, 0.115))),
            ];
            sheet.stroke(curve(&thread, false), 0.014, wool.shade(rng.range(0.8, 1.02)), at);
        }
    }
    sheet.fill(rect(-w, -h, w, h), inks.main, at);
    let matte = |stuff: Stuff| Stuff { gloss: 0.04, ..stuff };
    let inks = Inks { body: matte(inks.body), main: matte(inks.main), second: matte(inks.second) };
    sheet.fill_on(rect(-w + 0.03, -h + 0.03, w - 0.03, h - 0.03), inks.second, at);
    sheet.fill_on(rect(-w + 0.055, -h + 0.055, w - 0.055, h - 0.055), inks.body, at);
    let inner = [-w + 0.24, -h + 0.24, w - 0.24, h - 0.24];
    pattern::fill(sheet, kit.subject, &inks, inner, rng.range(0.25, 0.3), at, rng);
    cover_frame(sheet, inks.body, [w - 0.05, h - 0.05], [w - 0.24, h - 0.24], at);
    let outer = [-w + 0.07, -h + 0.07, w - 0.07, h - 0.07];
    border::frame(sheet, kit.culture, &inks, outer, 0.135, at);
    let line = [(inner[0], inner[1]), (inner[2], inner[1]), (inner[2], inner[3]), (inner[0], inner[3])];
    sheet.stroke_on(polygon(&line, true), 0.022, inks.main, at);
    weave(sheet, kit, 0.05);
}

/// Hides what a field drew beyond its inner rectangle.
pub(super) fn cover_frame(sheet: &mut Sheet, stuff: Stuff, outer: [f32; 2], inner: [f32; 2], at: tiny_skia::Transform) {
    let ([w, h], [iw, ih]) = (outer, inner);
    for [x0, y0, x1, y1] in [[-w, -h, w, -ih], [-w, ih, w, h], [-w, -h, -iw, h], [iw, -h, w, h]] {
        sheet.fill_on(rect(x0, y0, x1, y1), stuff, at);
    }
}

/// The knots of a carpet, as a faint unevenness of the pile.
fn weave(sheet: &mut Sheet, kit: &Kit, strength: f32) {
    sheet.bend(kit.at, |x, y| {
        let (a, b) = ((x * 150.0).sin(), (y * 120.0).sin());
        Some(normalised([a * strength + 0.04 * (y * 5.0).sin(), b * strength + 0.05 * (x * 4.0 + 1.0).sin(), 1.0]))
    });
}

pub(super) fn textile(sheet: &mut Sheet, kit: &Kit, rng: &mut Rng) {
    let (at, inks) = (kit.at, &kit.inks);
    let (w, top, low) = (kit.extent.0 - 0.1, -kit.extent.1 + 0.08, kit.extent.1 - 0.06);
    let folds = rng.range(3.0, 4.6);
    let phase = rng.range(0.0, 6.0);
    // The hem hangs lower where a fold comes forward.
    let hem: Vec<_> = (0..=48)
        .map(|i| {
            let x = -w + 2.0 * w * i as f32 / 48.0;
            (x + 0.012 * (x * 9.0).sin(), low + 0.035 * (x * folds * 3.4 + phase).sin())
        })
        .collect();
    let mut outline = vec![(w * 0.97, top), (-w * 0.97, top)];
    outline.extend(&hem);
    sheet.fill(polygon(&outline, true), inks.body, at);
    let cell = rng.range(0.36, 0.44);
    pattern::fill(sheet, kit.subject, inks, [-w, top + 0.2, w, low - 0.3], cell, at, rng);
    if kit.subject == Subject::Plain {
        sheet.fill_on(star(8, 0.5), inks.main, at.pre_scale(0.3, 0.3));
        blossom(sheet, inks, 6, at.pre_scale(0.2, 0.2));
    }
    sheet.fill_on(rect(-w - 0.1, low - 0.3, w + 0.1, low + 0.1), inks.body, at);
    sheet.fill_on(rect(-w - 0.1, top - 0.1, w + 0.1, top + 0.2), inks.body, at);
    border::band(sheet, kit.culture, inks, [-w, top + 0.03, w, top + 0.17], at);
    border::band(sheet, kit.culture, inks, [-w, low - 0.27, w, low - 0.09], at);
    sheet.stroke_on(polygon(&hem, false), 0.07, inks.main, at);
    sheet.bend(at, |x, y| {
        let fall = ((y - top) / (low - top)).clamp(0.0, 1.0);
        let wave = (x * folds * 3.4 + phase + 0.35 * (y * 1.7 + phase).sin()).cos();
        let small = (x * folds * 7.1 + phase * 2.0 - y).cos() * 0.3;
        Some(normalised([-(wave + small) * (0.2 + 0.5 * fall), 0.06 * (y * 3.0).sin(), 1.0]))
    });
    rod(sheet, kit, top, w);
}

/// The rod and its rings, above the cloth.
fn rod(sheet: &mut Sheet, kit: &Kit, top: f32, w: f32) {
    let wood = Stuff::paint(hex(0x4b3221), 0.5);
    let tip = Stuff { color: hex(0xd8ab45), height: 0.5, metal: 1.0, gloss: 0.6 };
    sheet.bar((-w - 0.07, top), (w + 0.07, top), 0.03, wood, kit.at);
    for side in [-1.0, 1.0] {
        sheet.bar((side * (w + 0.04), top), (side * (w + 0.1), top), 0.045, tip, kit.at);
    }
    for i in 0..8 {
        let x = -w * 0.92 + i as f32 * w * 1.84 / 7.0;
        sheet.bar((x - 0.025, top), (x + 0.025, top), 0.042, kit.inks.main, kit.at);
    }
}
