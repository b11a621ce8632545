//! Figures: the mask, a face with openings, and the bird on its plinth. Floor 2.

use super::border;
use super::draw::Kit;
use super::light::normalised;
use super::motif::leaf;
use super::palette::{Stuff, hex};
use super::pattern;
use super::rng::Rng;
use super::sheet::{Sheet, circle, curve, mirrored, oval, polygon, rect};

/// The bird's foot: its height and half width, object units.
pub(super) const BIRD_FOOT: (f32, f32) = (0.9, 0.5);

pub(super) fn mask(sheet: &mut Sheet, kit: &Kit, rng: &mut Rng) {
    let (at, inks) = (kit.at, &kit.inks);
    let wide = rng.range(0.58, 0.7);
    let chin = rng.range(0.22, 0.4);
    let crest = rng.below(3);
    match crest {
        0 => {
            for side in [-1.0, 1.0] {
                let horn =
                    [(0.2, -0.7), (0.34, -0.98), (0.66, -1.04), (0.54, -0.9), (0.5, -0.6)].map(|(x, y)| (x * side, y));
                sheet.fill(curve(&horn, true), inks.second.raised(0.1), at);
            }
        }
        1 => {
            for i in -3..=3 {
                let place = at.pre_translate(i as f32 * 0.13, -0.66).pre_rotate(i as f32 * 15.0).pre_scale(0.42, 0.4);
                let stuff = if i % 2 == 0 { inks.main } else { inks.second };
                sheet.fill(leaf(0.3), stuff.raised(-0.05), place);
            }
        }
        _ => {
            for side in [-1.0, 1.0] {
                sheet.fill(oval(side * wide * 1.02, -0.05, 0.15, 0.24), inks.body.shade(0.9), at);
                sheet.fill(circle(side * wide * 1.08, 0.2, 0.075), inks.main, at);
            }
        }
    }
    let face = mirrored(&[
        (0.0, -0.86),
        (wide * 0.6, -0.79),
        (wide, -0.36),
        (wide * 0.97, 0.1),
        (wide * 0.7, 0.6),
        (chin, 0.9),
        (0.0, 0.96),
    ]);
    sheet.fill(curve(&face, true), inks.body, at);
    // Paint goes onto the face alone: a sheet of its own, laid over.
    let mut paint = Sheet::new(sheet.width, sheet.height);
    paint.fill(curve(&face, true), inks.body, at);
    pattern::fill(&mut paint, kit.subject, inks, [-wide, -0.52, wide, 0.98], 0.36, at, rng);
    paint.fill_on(rect(-1.0, -1.0, 1.0, -0.52), inks.body, at);
    border::band(&mut paint, kit.culture, inks, [-wide, -0.7, wide, -0.52], at);
    paint.stroke_on(curve(&face, true), 0.05, inks.main, at);
    sheet.lay(&paint);
    features(sheet, kit, wide, rng);
}

fn features(sheet: &mut Sheet, kit: &Kit, wide: f32, rng: &mut Rng) {
    let (at, inks) = (kit.at, &kit.inks);
    let tilt = rng.range(-0.09, 0.09);
    let (eye_x, eye_w, eye_h) = (wide * 0.46, wide * 0.25, rng.range(0.06, 0.1));
    let nose = mirrored(&[(0.0, -0.36), (0.06, -0.3), (0.075, 0.0), (0.16, 0.2), (0.1, 0.28), (0.0, 0.3)]);
    sheet.fill_on(curve(&nose, true), inks.body.raised(0.42), at);
    let hollow = Stuff::paint(hex(0x120d0b), 0.02);
    for side in [-1.0, 1.0] {
        let brow = [(0.1, -0.27 + tilt), (eye_x, -0.38), (wide * 0.85, -0.25 - tilt)].map(|(x, y)| (x * side, y));
        sheet.stroke_on(curve(&brow, false), 0.085, inks.main.raised(0.3), at);
        let eye = [
            (eye_x - eye_w, -0.12 + tilt),
            (eye_x, -0.12 - eye_h),
            (eye_x + eye_w, -0.12 - tilt),
            (eye_x, -0.12 + eye_h),
        ];
        let eye = eye.map(|(x, y)| (x * side, y));
        sheet.stroke_on(curve(&eye, true), 0.05, inks.second.raised(0.15), at);
        sheet.fill_on(curve(&eye, true), hollow, at);
    }
    let open = rng.range(0.05, 0.13);
    let smile = rng.range(-0.05, 0.06);
    let half = wide * rng.range(0.34, 0.46);
    let mouth = [(-half, 0.5 - smile), (0.0, 0.5 - open * 0.6), (half, 0.5 - smile), (0.0, 0.5 + open)];
    sheet.stroke_on(curve(&mouth, true), 0.1, inks.second.raised(0.2), at);
    sheet.fill_on(curve(&mouth, true), hollow, at);
}

pub(super) fn bird(sheet: &mut Sheet, kit: &Kit, rng: &mut Rng) {
    let (flip, lean) = (if rng.chance(0.5) { -1.0 } else { 1.0 }, rng.range(-10.0, 8.0));
    let (at, inks) = (kit.at, &kit.inks);
    let long_neck = rng.chance(0.4);
    let legs = Stuff { color: hex(0x6a4a26), height: 0.5, metal: 0.7, gloss: 0.4 };
    for x in [-0.1, 0.1] {
        sheet.bar((x * flip, 0.3), ((x + 0.02) * flip, 0.72), 0.03, legs, at);
    }
    plinth(sheet, kit);
    let place = at.pre_scale(flip, 1.0).pre_rotate_at(lean, 0.0, 0.1);
    let neck = rng.range(0.0, 0.06) + if long_neck { 0.2 } else { 0.0 };
    let body: &[(f32, f32)] = &[
        (0.3, -0.5 - neck),
        (0.48, -0.66 - neck),
        (0.64, -0.6 - neck),
        (0.66, -0.44 - neck),
        (if long_neck { 0.52 } else { 0.62 }, -0.24 - neck * 0.3),
        (0.6, -0.02),
        (0.4, 0.32),
        (0.0, 0.44),
        (-0.4, 0.28),
        (-0.66, 0.1),
        (-0.5, -0.02),
        (-0.1, -0.12),
        (0.18, -0.24),
        (if long_neck { 0.34 } else { 0.26 }, -0.36 - neck * 0.5),
    ];
    for (i, turn) in [-14.0, 0.0, 14.0].into_iter().enumerate() {
        let feather = place.pre_translate(-0.42, 0.1).pre_rotate(-100.0 + turn).pre_scale(0.7, 0.6);
        sheet.fill(leaf(0.28), [inks.main, inks.second, inks.main][i], feather);
    }
    let beak = Stuff { gloss: 0.5, ..inks.second };
    let tip = [(0.62, -0.6 - neck), (0.9, -0.5 - neck), (0.62, -0.46 - neck)];
    sheet.fill(polygon(&tip, true), beak, place);
    sheet.fill(curve(body, true), inks.body, place);
    let mut paint = Sheet::new(sheet.width, sheet.height);
    let wing = [(0.36, -0.06), (0.2, 0.2), (-0.2, 0.26), (-0.6, 0.16), (-0.3, 0.0), (0.0, -0.16), (0.24, -0.2)];
    paint.fill(curve(&wing, true), inks.body.raised(0.25), place);
    for (i, stuff) in [inks.second, inks.main, inks.second, inks.main].into_iter().enumerate() {
        let x = 0.1 - i as f32 * 0.2;
        let feather = [(x + 0.06, -0.3), (x - 0.12, 0.4)];
        paint.stroke_on(polygon(&feather, false), 0.11, stuff.raised(0.22), place);
    }
    paint.stroke_on(curve(&wing, true), 0.06, inks.main.raised(0.3), place);
    sheet.lay(&paint);
    let collar = if long_neck { (0.44, -0.42) } else { (0.47, -0.3) };
    let around = place.pre_translate(collar.0, collar.1).pre_rotate(28.0);
    border::band(sheet, kit.culture, inks, [-0.24, -0.07, 0.24, 0.07], around);
    let eye = place.pre_translate(0.54, -0.55 - neck);
    sheet.fill_on(circle(0.0, 0.0, 0.06), inks.second, eye);
    sheet.fill_on(circle(0.0, 0.0, 0.034), Stuff::paint(hex(0x0d0b0a), 0.9), eye);
}

/// A drum with the culture's border around it.
fn plinth(sheet: &mut Sheet, kit: &Kit) {
    let (at, inks) = (kit.at, &kit.inks);
    let mut drum = Sheet::new(sheet.width, sheet.height);
    let outline = [(-0.5, 0.7), (0.5, 0.7), (0.52, 0.9), (0.3, 0.935), (0.0, 0.945), (-0.3, 0.935), (-0.52, 0.9)];
    drum.fill(polygon(&outline, true), inks.body, at);
    border::band(&mut drum, kit.culture, inks, [-0.52, 0.73, 0.52, 0.91], at);
    drum.bend(at, |x, _| {
        let sine = (x / 0.53).clamp(-0.98, 0.98);
        Some(normalised([sine, 0.0, (1.0 - sine * sine).sqrt()]))
    });
    drum.fill(oval(0.0, 0.7, 0.5, 0.055), inks.body.shade(1.15), at);
    drum.bend(at, |_, y| (y < 0.7).then_some([0.0, -0.6, 0.8]));
    sheet.lay(&drum);
}
