//! The patterns that fill a field, the landscape and the writing, drawn large enough to be told at 128 pixels. Floor 2.

use tiny_skia::Transform;

use super::kind::{Pattern, Subject};
use super::motif::{blossom, leaf, sign, star};
use super::palette::{Inks, blend};
use super::rng::Rng;
use super::sheet::{Sheet, circle, curve, polygon, rect};

/// A field: left, top, right, bottom in object units.
pub(super) type Area = [f32; 4];

/// Fills the field with the subject; `cell` is the size of one repeat.
pub(super) fn fill(
    sheet: &mut Sheet,
    subject: Subject,
    inks: &Inks,
    area: Area,
    cell: f32,
    at: Transform,
    rng: &mut Rng,
) {
    match subject {
        Subject::Plain => {}
        Subject::Pattern(pattern) => repeat(sheet, pattern, inks, area, cell, at, rng),
        Subject::Mountains { moon } => mountains(sheet, moon, inks, area, at, rng),
        Subject::Inscription => writing(sheet, inks, area, cell, at, rng),
    }
}

fn repeat(sheet: &mut Sheet, pattern: Pattern, inks: &Inks, area: Area, cell: f32, at: Transform, rng: &mut Rng) {
    match pattern {
        Pattern::Checkerboard => checkerboard(sheet, inks, area, cell * 0.62, at),
        Pattern::Stripes => stripes(sheet, inks, area, cell * 0.72, at),
        Pattern::Zigzag => zigzag(sheet, inks, area, cell, at),
        Pattern::Waves => waves(sheet, inks, area, cell * 1.05, at),
        Pattern::Dots => scatter(area, cell * 0.85, |x, y| {
            let place = at.pre_translate(x, y).pre_scale(cell * 0.3, cell * 0.3);
            sheet.fill_on(circle(0.0, 0.0, 1.0), inks.main, place);
        }),
        Pattern::Stars => {
            let (points, inner) = [(5, 0.42), (6, 0.5), (8, 0.5)][rng.below(3)];
            scatter(area, cell * 1.1, |x, y| {
                let place = at.pre_translate(x, y).pre_scale(cell * 0.5, cell * 0.5);
                sheet.fill_on(star(points, inner), inks.main, place);
                sheet.fill_on(circle(0.0, 0.0, 0.16), inks.second, place);
            });
        }
        Pattern::Flowers => {
            let petals = 5 + rng.below(3);
            scatter(area, cell * 1.2, |x, y| {
                let place = at.pre_translate(x, y).pre_scale(cell * 0.56, cell * 0.56);
                blossom(sheet, inks, petals, place);
            });
        }
        Pattern::Leaves => vines(sheet, inks, area, cell * 1.15, at),
    }
}

/// Calls `draw` with the centres of a staggered grid that fits the field.
fn scatter([x0, y0, x1, y1]: Area, cell: f32, mut draw: impl FnMut(f32, f32)) {
    let columns = ((x1 - x0) / cell).round().max(1.0);
    let rows = ((y1 - y0) / (cell * 0.92)).round().max(1.0);
    for row in 0..rows as usize {
        let shifted = row % 2 == 1;
        let n = columns as usize + usize::from(shifted);
        for column in 0..n {
            let offset = if shifted { 0.0 } else { 0.5 };
            let x = x0 + (column as f32 + offset) * (x1 - x0) / columns;
            draw(x, y0 + (row as f32 + 0.5) * (y1 - y0) / rows);
        }
    }
}

fn checkerboard(sheet: &mut Sheet, inks: &Inks, [x0, y0, x1, y1]: Area, cell: f32, at: Transform) {
    let columns = ((x1 - x0) / cell).round().max(2.0);
    let rows = ((y1 - y0) / cell).round().max(2.0);
    let (w, h) = ((x1 - x0) / columns, (y1 - y0) / rows);
    for row in 0..rows as usize {
        for column in (row % 2..columns as usize).step_by(2) {
            let (x, y) = (x0 + column as f32 * w, y0 + row as f32 * h);
            sheet.fill_on(rect(x, y, x + w, y + h), inks.main, at);
        }
    }
}

fn stripes(sheet: &mut Sheet, inks: &Inks, [x0, y0, x1, y1]: Area, cell: f32, at: Transform) {
    let n = ((x1 - x0) / cell).round().max(3.0);
    let w = (x1 - x0) / n;
    for i in 0..n as usize {
        let x = x0 + i as f32 * w;
        sheet.fill_on(rect(x + w * 0.12, y0, x + w * 0.58, y1), inks.main, at);
        sheet.fill_on(rect(x + w * 0.75, y0, x + w * 0.87, y1), inks.second, at);
    }
}

fn zigzag(sheet: &mut Sheet, inks: &Inks, [x0, y0, x1, y1]: Area, cell: f32, at: Transform) {
    let n = ((x1 - x0) / cell).round().max(2.0) as usize;
    let rows = ((y1 - y0) / (cell * 0.95)).round().max(1.0) as usize;
    let (w, h) = ((x1 - x0) / n as f32, (y1 - y0) / rows as f32);
    for row in 0..rows {
        let y = y0 + (row as f32 + 0.5) * h;
        let line = |shift: f32| -> Vec<_> {
            (0..=2 * n)
                .map(|i| (x0 + i as f32 * w * 0.5, y + shift + if i % 2 == 0 { 0.27 * h } else { -0.27 * h }))
                .collect()
        };
        sheet.stroke_on(polygon(&line(0.0), false), cell * 0.2, inks.main, at);
        sheet.stroke_on(polygon(&line(h * 0.28), false), cell * 0.07, inks.second, at);
    }
}

/// Rows of nested arcs, each row before the one above, like scales.
fn waves(sheet: &mut Sheet, inks: &Inks, [x0, y0, x1, y1]: Area, cell: f32, at: Transform) {
    let n = ((x1 - x0) / cell).round().max(2.0) as usize;
    let w = (x1 - x0) / n as f32;
    let rows = ((y1 - y0) / (w * 0.45)).round().max(2.0) as usize;
    let h = (y1 - y0) / rows as f32;
    for row in 0..rows {
        let y = y0 + (row as f32 + 1.0) * h;
        for i in 0..=n {
            let x = x0 + (i as f32 + if row % 2 == 0 { 0.0 } else { 0.5 }) * w;
            for (radius, stuff) in [(0.5, inks.main), (0.4, inks.body), (0.28, inks.main), (0.17, inks.body)] {
                let half: Vec<_> = (0..=12)
                    .map(|k| (k as f32 / 12.0 * std::f32::consts::PI).sin_cos())
                    .map(|(s, c)| (x - c * w * radius, y - s * w * radius))
                    .chain([(x + w * radius, y + h), (x - w * radius, y + h)])
                    .collect();
                let top: Vec<_> = half.iter().map(|&(px, py)| (px.clamp(x0, x1), py.clamp(y0, y1))).collect();
                sheet.fill_on(polygon(&top, true), stuff, at);
            }
        }
    }
}

fn vines(sheet: &mut Sheet, inks: &Inks, [x0, y0, x1, y1]: Area, cell: f32, at: Transform) {
    let rows = ((y1 - y0) / (cell * 1.05)).round().max(1.0) as usize;
    let n = ((x1 - x0) / (cell * 0.9)).round().max(2.0) as usize;
    let (w, h) = ((x1 - x0) / n as f32, (y1 - y0) / rows as f32);
    for row in 0..rows {
        let y = y0 + (row as f32 + 0.5) * h;
        let stem: Vec<_> =
            (0..=2 * n).map(|i| (x0 + i as f32 * w * 0.5, y + if i % 2 == 0 { 0.07 * h } else { -0.07 * h })).collect();
        sheet.stroke_on(curve(&stem, false), cell * 0.07, inks.second, at);
        for i in 0..2 * n {
            let side = if i % 2 == 0 { 1.0 } else { -1.0 };
            let place = at
                .pre_translate(x0 + (i as f32 + 0.5) * w * 0.5, y)
                .pre_rotate(90.0 - side * 52.0)
                .pre_scale(h * 0.56, h * 0.56);
            sheet.fill_on(leaf(0.36), inks.main, place);
            sheet.stroke_on(polygon(&[(0.0, -0.1), (0.0, -0.8)], false), 0.05, inks.body, place);
        }
    }
}

/// Ridges in three distances, paler the farther; a moon above them if wanted.
fn mountains(sheet: &mut Sheet, moon: bool, inks: &Inks, [x0, y0, x1, y1]: Area, at: Transform, rng: &mut Rng) {
    let (w, h) = (x1 - x0, y1 - y0);
    if moon {
        let radius = (w.min(h) * 0.17).min(w * 0.2);
        let (x, y) = (x0 + w * rng.range(0.3, 0.7), y0 + h * 0.2);
        sheet.fill_on(
            circle(x, y, radius * 1.16),
            inks.second.tint(blend(inks.second.color, inks.body.color, 0.6)),
            at,
        );
        sheet.fill_on(circle(x, y, radius), inks.second, at);
    }
    let peaks = (w / h * 2.2).clamp(1.0, 5.0);
    for layer in 0..3 {
        let depth = layer as f32 / 2.0;
        let (base, rise) = (y0 + h * (0.66 + 0.24 * depth), h * (0.32 - 0.14 * depth));
        let shift = rng.range(0.0, 6.0);
        let mut ridge: Vec<_> = (0..=40)
            .map(|i| {
                let t = i as f32 / 40.0;
                let p = t * peaks + shift;
                let tooth = 1.0 - 2.0 * (p - p.floor() - 0.5).abs();
                let uneven = 0.7 + 0.3 * (p.floor() * 2.4 + shift).sin();
                (x0 + t * w, base - rise * tooth * uneven - rise * 0.06 * ((p * 9.0).sin() + (p * 23.0).sin()))
            })
            .collect();
        ridge.extend([(x1, y1), (x0, y1)]);
        let stuff = inks.main.tint(blend(inks.main.color, inks.body.color, 0.62 - 0.31 * layer as f32));
        sheet.fill_on(polygon(&ridge, true), stuff, at);
    }
}

/// Rows of signs.
fn writing(sheet: &mut Sheet, inks: &Inks, [x0, y0, x1, y1]: Area, cell: f32, at: Transform, rng: &mut Rng) {
    let columns = ((x1 - x0) / cell).round().max(1.0) as usize;
    let rows = ((y1 - y0) / cell).round().max(1.0) as usize;
    let (w, h) = ((x1 - x0) / columns as f32, (y1 - y0) / rows as f32);
    for column in 0..columns {
        for row in 0..rows {
            let place = at
                .pre_translate(x0 + (column as f32 + 0.5) * w, y0 + (row as f32 + 0.5) * h)
                .pre_scale(w.min(h) * 0.36, w.min(h) * 0.36);
            sign(sheet, inks, rng, place);
        }
    }
}
