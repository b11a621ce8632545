//! Things worn: the comb, the necklace, the dagger with its scabbard. Floor 2.

use super::border;
use super::draw::Kit;
use super::motif::{blossom, star};
use super::palette::{Stuff, hex};
use super::pattern;
use super::rng::Rng;
use super::sheet::{Sheet, circle, curve, mirrored, oval, polygon, rect};

pub(super) fn comb(sheet: &mut Sheet, kit: &Kit, rng: &mut Rng) {
    let (at, inks) = (kit.at, &kit.inks);
    let (w, rise) = (0.92, rng.range(0.56, 0.68));
    let outline = mirrored(&[(0.0, -rise), (w * 0.45, -rise * 0.93), (w * 0.85, -rise * 0.55), (w, 0.0), (w, 0.16)]);
    let mut back = Sheet::new(sheet.width, sheet.height);
    back.fill(polygon(&outline, true), inks.body, at);
    back.fill(curve(&outline[..5], false), inks.body, at);
    back.fill(
        curve(&mirrored(&[(0.0, -rise), (w * 0.45, -rise * 0.93), (w * 0.85, -rise * 0.55), (w, 0.05)]), true),
        inks.body,
        at,
    );
    pattern::fill(&mut back, kit.subject, inks, [-w, -rise, w, 0.0], rng.range(0.28, 0.33), at, rng);
    back.fill_on(rect(-w, -0.04, w, 0.17), inks.body, at);
    border::band(&mut back, kit.culture, inks, [-w, -0.03, w, 0.14], at);
    back.stroke_on(curve(&outline, true), 0.06, inks.main.raised(0.1), at);
    let teeth = 15;
    for i in 0..teeth {
        let x = -w + (i as f32 + 0.5) * 2.0 * w / teeth as f32;
        let outer = i == 0 || i == teeth - 1;
        let half = if outer { 0.052 } else { 0.034 };
        let long = if outer { 0.7 } else { 0.66 - 0.05 * (x * x) + rng.range(-0.01, 0.01) };
        let tooth =
            [(x - half, 0.1), (x + half, 0.1), (x + half * 0.7, long - 0.05), (x, long), (x - half * 0.7, long - 0.05)];
        sheet.fill(polygon(&tooth, true), inks.body.shade(0.96), at);
    }
    sheet.lay(&back);
}

pub(super) fn necklace(sheet: &mut Sheet, kit: &Kit, rng: &mut Rng) {
    let (at, inks) = (kit.at, &kit.inks);
    let n = 15 + rng.below(5);
    let wide = rng.range(0.56, 0.64);
    // A drop-like loop, open at the top where the clasp is.
    let point = |t: f32| {
        let a = (t * 2.0 - 1.0) * 2.85;
        (a.sin() * wide * (1.0 + 0.1 * a.cos()), -0.22 + a.cos() * 0.66)
    };
    let thread: Vec<_> = (0..=60).map(|i| point(i as f32 / 60.0)).collect();
    sheet.stroke(curve(&thread, false), 0.018, Stuff::paint(hex(0x54432f), 0.1), at);
    let total = n * 2 + 1;
    for i in 0..total {
        let (x, y) = point((i as f32 + 0.5) / total as f32);
        let (stuff, r) = match i % 4 {
            1 => (inks.main, 0.056),
            3 => (inks.second, 0.056),
            _ => (inks.body, 0.046),
        };
        sheet.ball((x, y), r, stuff, at);
    }
    let drop = at.pre_translate(0.0, 0.66);
    let size = rng.range(0.3, 0.34);
    let disc = drop.pre_scale(size, size);
    let mut jewel = Sheet::new(sheet.width, sheet.height);
    jewel.fill(circle(0.0, 0.0, 1.0), inks.body.raised(0.1), disc);
    border::ring(&mut jewel, kit.culture, inks, 0.52, 0.88, disc);
    let metal = super::palette::Inks { main: inks.body.raised(0.3), ..*inks };
    if rng.chance(0.5) {
        blossom(&mut jewel, &metal, 7, disc.pre_scale(0.45, 0.45));
    } else {
        jewel.fill_on(star(8, 0.55), metal.main, disc.pre_scale(0.46, 0.46));
    }
    sheet.ball((0.0, 0.66 - size - 0.02), 0.06, inks.body, at);
    sheet.lay(&jewel);
    sheet.ball((0.0, 0.66), size * 0.2, inks.main, at);
    for x in [-0.5, 0.0, 0.5] {
        let y = 0.66 + size * (0.97 - 0.35f32 * x * x * 2.0);
        sheet.ball((x * size * 1.2, y + 0.04), 0.038, inks.second, at);
    }
}

pub(super) fn dagger(sheet: &mut Sheet, kit: &Kit, rng: &mut Rng) {
    let blade_at = kit.at.pre_translate(0.0, -0.3).pre_rotate(-14.0);
    let sheath_at = kit.at.pre_translate(0.02, 0.36).pre_rotate(-14.0);
    blade(sheet, kit, blade_at, rng);
    scabbard(sheet, kit, sheath_at, rng);
}

fn blade(sheet: &mut Sheet, kit: &Kit, at: tiny_skia::Transform, rng: &mut Rng) {
    let inks = &kit.inks;
    let half = rng.range(0.1, 0.135);
    let waist = rng.range(0.75, 1.0);
    let edge = [(-0.36, half), (-0.1, half * waist), (0.35, half * 1.02), (0.7, half * 0.7), (0.98, 0.0)];
    let lower = edge.iter().rev().skip(1).map(|&(x, y)| (x, -y));
    let outline: Vec<_> = edge.iter().copied().chain(lower).collect();
    sheet.fill(curve(&outline, true), inks.body, at);
    // Two facets meet at the ridge.
    sheet.bend(at, |_, y| Some(super::light::normalised([0.0, if y < 0.0 { -0.42 } else { 0.42 }, 1.0])));
    sheet.stroke_on(polygon(&[(-0.36, 0.0), (0.9, 0.0)], false), 0.014, inks.body.shade(0.6), at);
    sheet.bar((-0.8, 0.0), (-0.36, 0.0), 0.085, inks.main, at);
    for i in 0..5 {
        let x = -0.75 + i as f32 * 0.085;
        sheet.bar((x - 0.016, 0.0), (x + 0.016, 0.0), 0.092, inks.second, at);
    }
    sheet.bar((-0.35, -0.26), (-0.35, 0.26), 0.05, inks.body, at);
    for y in [-0.27, 0.27] {
        sheet.ball((-0.35, y), 0.07, inks.body, at);
    }
    sheet.ball((-0.86, 0.0), 0.12, inks.body, at);
    sheet.ball((-0.86, 0.0), 0.06, inks.main, at);
}

fn scabbard(sheet: &mut Sheet, kit: &Kit, at: tiny_skia::Transform, rng: &mut Rng) {
    let inks = &kit.inks;
    let half = 0.17;
    let mut case = Sheet::new(sheet.width, sheet.height);
    let outline = [(-0.62, -half), (0.5, -half * 0.85), (0.72, 0.0), (0.5, half * 0.85), (-0.62, half)];
    let leather = Stuff::paint(kit.palette.ground, 0.25);
    case.fill(polygon(&outline, true), leather, at);
    let paint = |color| Stuff::paint(color, 0.3).raised(0.05);
    let painted =
        super::palette::Inks { body: leather, main: paint(kit.palette.ink), second: paint(kit.palette.accent) };
    pattern::fill(&mut case, kit.subject, &painted, [-0.3, -half, 0.44, half], rng.range(0.24, 0.3), at, rng);
    case.fill_on(rect(-0.7, -0.3, -0.3, 0.3), leather, at);
    border::band(&mut case, kit.culture, inks, [-half, 0.36, half, 0.56], at.pre_rotate(90.0));
    case.fill_on(rect(-0.64, -0.3, -0.56, 0.3), inks.body, at);
    case.fill_on(rect(-0.36, -0.3, -0.3, 0.3), inks.body, at);
    case.fill_on(rect(0.46, -0.3, 0.8, 0.3), inks.body, at);
    case.bend(at, |_, y| {
        let sine = (y / (half * 1.05)).clamp(-0.97, 0.97) * 0.9;
        Some([0.0, sine, (1.0 - sine * sine).sqrt()])
    });
    sheet.lay(&case);
    sheet.fill(oval(0.76, 0.0, 0.05, 0.05), inks.body, at);
}
