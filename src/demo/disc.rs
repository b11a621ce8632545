//! Round flat things seen from the front: the coin and the plate. Floor 2.

use std::f32::consts::FRAC_PI_2;

use super::border;
use super::draw::Kit;
use super::kind::{Pattern, Subject};
use super::light::normalised;
use super::motif::{around, blossom, ring_points, sign, sprig, star};
use super::palette::Inks;
use super::pattern;
use super::rng::Rng;
use super::sheet::{Sheet, circle, curve};

/// A struck coin: an enamelled border, pearls, and one emblem or a ring of signs in relief.
pub(super) fn coin(sheet: &mut Sheet, kit: &Kit, rng: &mut Rng) {
    let at = kit.at;
    let bumps: Vec<f32> = (0..5).map(|_| rng.range(-0.007, 0.007)).collect();
    let wobble =
        |a: f32| 0.97 + bumps.iter().enumerate().map(|(i, b)| b * ((i + 2) as f32 * a + i as f32).sin()).sum::<f32>();
    sheet.fill(curve(&ring_points(40, wobble), true), kit.inks.body, at);
    sheet.stroke_on(circle(0.0, 0.0, 0.93), 0.07, kit.inks.body.raised(0.25), at);
    border::ring(sheet, kit.culture, &kit.inks, 0.64, 0.86, at);
    for (x, y) in ring_points(36, |_| 0.585) {
        sheet.fill_on(circle(x, y, 0.026), kit.inks.body.raised(0.3), at);
    }
    // The emblem stands out in the coin's own metal.
    let field = kit.inks.body.raised(-0.14).shade(0.72);
    sheet.fill_on(circle(0.0, 0.0, 0.53), field, at);
    let metal = kit.inks.body.raised(0.3).shade(1.12);
    let relief = Inks { body: field, main: metal, second: metal.raised(0.15) };
    let emblem = at.pre_scale(0.45, 0.45);
    match kit.subject {
        Subject::Pattern(Pattern::Stars) => {
            let points = 5 + rng.below(4);
            sheet.fill_on(star(points, 0.45), relief.main, emblem);
            sheet.fill_on(circle(0.0, 0.0, 0.18), relief.second, emblem);
        }
        Subject::Pattern(Pattern::Flowers) => blossom(sheet, &relief, 6 + rng.below(3), emblem),
        Subject::Pattern(_) => sprig(sheet, &relief, emblem.pre_scale(0.98, 0.98)),
        _ => {
            let n = 4 + rng.below(2);
            for i in 0..n {
                let (x, y) = around(i as f32 * std::f32::consts::TAU / n as f32, 0.31);
                sign(sheet, &relief, rng, at.pre_translate(x, y).pre_scale(0.155, 0.155));
            }
            if n == 5 {
                sheet.fill_on(circle(0.0, 0.0, 0.07), relief.main, at);
            }
        }
    }
}

/// A plate with a rim of border ornament around a painted well.
pub(super) fn plate(sheet: &mut Sheet, kit: &Kit, rng: &mut Rng) {
    let (at, inks) = (kit.at, &kit.inks);
    let well = rng.range(0.64, 0.7);
    sheet.fill(circle(0.0, 0.0, well + 0.02), inks.body, at);
    let area = [-well, -well, well, well];
    pattern::fill(sheet, kit.subject, inks, area, rng.range(0.38, 0.46), at, rng);
    // The rim is laid over the field, which overran the well.
    let mut rim = Sheet::new(sheet.width, sheet.height);
    rim.fill(circle(0.0, 0.0, 1.0), inks.body, at);
    border::ring(&mut rim, kit.culture, inks, well + 0.07, 0.94, at);
    rim.fill_on(ring_path(0.975), inks.main, at);
    rim.cut(circle(0.0, 0.0, well), at);
    sheet.lay(&rim);
    sheet.stroke_on(circle(0.0, 0.0, well), 0.025, inks.main, at);
    sheet.bend(at, |x, y| {
        let r = (x * x + y * y).sqrt();
        // Up the wall of the well, flat on the rim, rounded at its edge.
        let wall = (1.0 - ((r - well) / 0.12).powi(2)).max(0.0) * 0.75;
        let lip = ((r - 0.93) / 0.07).max(0.0) * -0.9;
        let lean = -(wall + lip) + 0.1 * r;
        (0.02 < r).then(|| normalised([x / r * lean, y / r * lean, 1.0]))
    });
}

/// The ring from `inner` to the plate's edge.
fn ring_path(inner: f32) -> Option<tiny_skia::Path> {
    let stroke = tiny_skia::Stroke { width: (1.0 - inner) * 2.0, ..tiny_skia::Stroke::default() };
    circle(0.0, 0.0, 1.0)?.stroke(&stroke, 100.0 * FRAC_PI_2)
}
