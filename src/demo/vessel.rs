//! Vessels turned on a wheel: amphora, bowl, jug, vase. Their ornament is drawn flat and wrapped around. Floor 2.

use std::f32::consts::{FRAC_PI_2, PI};

use tiny_skia::Transform;

use super::border;
use super::draw::Kit;
use super::kind::{Material, Object};
use super::light::normalised;
use super::pattern;
use super::rng::Rng;
use super::sheet::{Hit, Point, Sheet, curve, rect};

/// A profile, where its bands lie, and how much it is seen from above.
struct Vessel {
    /// (height, radius) from the rim down.
    outline: Vec<Point>,
    tilt: f32,
    /// Two border bands and the field, each top and bottom.
    upper: Point,
    field: Point,
    lower: Point,
    cell: f32,
}

/// Half the width and half the height the vessel needs.
pub(super) fn extent(object: Object) -> (f32, f32) {
    match object {
        Object::Bowl => (1.04, 0.78),
        Object::Amphora => (0.72, 1.12),
        Object::Jug => (0.9, 1.14),
        _ => (0.72, 1.12),
    }
}

/// The foot's height and half width in object units.
pub(super) fn foot(object: Object) -> (f32, f32) {
    match object {
        Object::Bowl => (0.56, 0.4),
        Object::Amphora => (1.03, 0.28),
        _ => (1.04, 0.42),
    }
}

pub(super) fn draw(sheet: &mut Sheet, kit: &Kit, rng: &mut Rng) {
    let vessel = vessel(kit.object, rng);
    let steps = 160;
    let (top, bottom) = (vessel.outline[0].0, vessel.outline[vessel.outline.len() - 1].0);
    let table: Vec<f32> =
        (0..=steps).map(|i| radius(&vessel.outline, top + (bottom - top) * i as f32 / steps as f32)).collect();
    let widest = table.iter().copied().fold(0.0, f32::max);
    let at_height = |y: f32| {
        let t = ((y - top) / (bottom - top)).clamp(0.0, 1.0) * steps as f32;
        let i = (t as usize).min(steps - 1);
        (
            table[i] + (table[i + 1] - table[i]) * (t - i as f32),
            (table[i + 1] - table[i]) * steps as f32 / (bottom - top),
        )
    };
    match kit.object {
        Object::Amphora => handles(sheet, kit, rng),
        Object::Jug => jug_parts(sheet, kit, rng),
        _ => {}
    }
    let texture = texture(kit, &vessel, top, bottom, widest, rng);
    let pixel = 1.0 / kit.scale;
    let (mouth, tilt) = (table[0], vessel.tilt);
    let lip = if kit.material == Material::Ceramic { 0.9 } else { 0.94 };
    sheet.wrap(&texture, kit.at, |x, y| {
        if widest + pixel < x.abs() || y < top - tilt * mouth - pixel || bottom + tilt + pixel < y {
            return None;
        }
        let (r, slope) = at_height(y);
        let edge = (r - x.abs()) / (1.0 + slope * slope).sqrt();
        let mut t = y;
        for _ in 0..3 {
            let r = at_height(t).0;
            t = y - tilt * (r * r - x * x).max(0.0).sqrt();
        }
        let soft = |distance: f32| (distance / pixel + 0.5).clamp(0.0, 1.0);
        let body = if y < top { 0.0 } else { soft(edge).min(soft(bottom - t)) };
        let out = ((x / mouth).powi(2) + ((y - top) / (tilt * mouth)).powi(2)).sqrt();
        if top <= t && 0.0 < body {
            let (r, slope) = at_height(t);
            let sine = (x / r.max(1e-3)).clamp(-1.0, 1.0);
            let cosine = (1.0 - sine * sine).sqrt();
            let facing = normalised([sine, -slope * 0.8 + tilt * -0.3 * cosine, cosine.max(0.05)]);
            let u = 0.5 + sine.asin() / PI;
            return Some(Hit { u, v: (t - top) / (bottom - top), cover: body, facing, dim: 1.0 });
        }
        let cover = soft((1.0 - out) * mouth * tilt);
        if cover <= 0.0 {
            return None;
        }
        if lip < out {
            return Some(Hit { u: 0.5, v: 0.004, cover, facing: normalised([0.0, -0.5, 0.8]), dim: 1.1 });
        }
        let depth = ((y - top) / (tilt * mouth * lip)).clamp(-1.0, 1.0);
        let facing = normalised([-x / mouth, 0.5, 0.6]);
        Some(Hit { u: 0.02, v: 0.004, cover, facing, dim: 0.62 - 0.3 * (0.5 - 0.5 * depth) })
    });
}

fn vessel(object: Object, rng: &mut Rng) -> Vessel {
    let choice = rng.below(4);
    let (outline, bands, cell): (&[Point], [f32; 6], f32) = match (object, choice) {
        (Object::Amphora, 0 | 1) => (
            &[
                (-1.0, 0.3),
                (-0.94, 0.31),
                (-0.87, 0.2),
                (-0.62, 0.19),
                (-0.46, 0.36),
                (-0.15, 0.6),
                (0.2, 0.56),
                (0.6, 0.3),
                (0.86, 0.15),
                (0.92, 0.22),
                (1.0, 0.25),
            ],
            [-0.48, -0.32, -0.3, 0.36, 0.38, 0.52],
            0.36,
        ),
        (Object::Amphora, _) => (
            &[
                (-1.0, 0.26),
                (-0.94, 0.27),
                (-0.86, 0.19),
                (-0.66, 0.19),
                (-0.56, 0.3),
                (-0.42, 0.52),
                (-0.1, 0.6),
                (0.4, 0.44),
                (0.78, 0.24),
                (0.92, 0.23),
                (1.0, 0.28),
            ],
            [-0.52, -0.36, -0.34, 0.32, 0.34, 0.48],
            0.36,
        ),
        (Object::Bowl, 0 | 1) => (
            &[(-0.5, 1.0), (-0.3, 0.97), (0.0, 0.82), (0.24, 0.56), (0.36, 0.35), (0.43, 0.32), (0.5, 0.38)],
            [-0.46, -0.3, -0.28, 0.22, 0.24, 0.33],
            0.42,
        ),
        (Object::Bowl, _) => (
            &[(-0.5, 0.9), (-0.42, 0.88), (-0.2, 0.96), (0.05, 0.93), (0.28, 0.7), (0.4, 0.45), (0.5, 0.42)],
            [-0.46, -0.29, -0.27, 0.22, 0.24, 0.36],
            0.42,
        ),
        (Object::Jug, 0 | 1) => (
            &[
                (-1.0, 0.37),
                (-0.9, 0.34),
                (-0.62, 0.29),
                (-0.38, 0.42),
                (0.0, 0.66),
                (0.4, 0.68),
                (0.76, 0.5),
                (0.94, 0.36),
                (1.0, 0.4),
            ],
            [-0.36, -0.18, -0.16, 0.56, 0.58, 0.74],
            0.4,
        ),
        (Object::Jug, _) => (
            &[
                (-1.0, 0.42),
                (-0.92, 0.38),
                (-0.7, 0.36),
                (-0.5, 0.48),
                (-0.2, 0.58),
                (0.3, 0.6),
                (0.8, 0.58),
                (0.95, 0.56),
                (1.0, 0.52),
            ],
            [-0.5, -0.32, -0.3, 0.6, 0.62, 0.8],
            0.4,
        ),
        (_, 0) => (
            &[
                (-1.0, 0.34),
                (-0.93, 0.29),
                (-0.75, 0.2),
                (-0.5, 0.36),
                (-0.2, 0.6),
                (0.1, 0.63),
                (0.5, 0.44),
                (0.85, 0.3),
                (1.0, 0.34),
            ],
            [-0.48, -0.32, -0.3, 0.38, 0.4, 0.55],
            0.37,
        ),
        (_, 1) => (
            &[
                (-1.0, 0.2),
                (-0.92, 0.15),
                (-0.5, 0.14),
                (-0.2, 0.3),
                (0.2, 0.62),
                (0.55, 0.66),
                (0.86, 0.48),
                (1.0, 0.44),
            ],
            [-0.2, -0.04, -0.02, 0.62, 0.64, 0.8],
            0.37,
        ),
        (_, 2) => (
            &[(-1.0, 0.58), (-0.82, 0.44), (-0.5, 0.35), (0.0, 0.36), (0.5, 0.38), (0.85, 0.48), (1.0, 0.52)],
            [-0.78, -0.62, -0.6, 0.52, 0.54, 0.7],
            0.34,
        ),
        _ => (
            &[
                (-1.0, 0.28),
                (-0.9, 0.27),
                (-0.84, 0.32),
                (-0.64, 0.62),
                (-0.35, 0.7),
                (0.15, 0.6),
                (0.7, 0.4),
                (0.94, 0.36),
                (1.0, 0.39),
            ],
            [-0.72, -0.54, -0.52, 0.32, 0.34, 0.5],
            0.38,
        ),
    };
    let stretch = rng.range(0.92, 1.08);
    let [a, b, c, d, e, f] = bands;
    Vessel {
        outline: outline.iter().map(|&(y, r)| (y, r * stretch)).collect(),
        tilt: if object == Object::Bowl { rng.range(0.2, 0.3) } else { rng.range(0.1, 0.18) },
        upper: (a, b),
        field: (c, d),
        lower: (e, f),
        cell: cell * rng.range(0.92, 1.1),
    }
}

/// The radius at a height, between the outline's points (Catmull-Rom).
fn radius(outline: &[Point], y: f32) -> f32 {
    let last = outline.len() - 1;
    let i = outline.iter().rposition(|p| p.0 <= y).unwrap_or(0).min(last - 1);
    let (a, b, c, d) = (outline[i.saturating_sub(1)], outline[i], outline[i + 1], outline[(i + 2).min(last)]);
    let t = ((y - b.0) / (c.0 - b.0)).clamp(0.0, 1.0);
    let tangent = |p: Point, q: Point| (q.1 - p.1) / (q.0 - p.0).max(1e-3) * (c.0 - b.0);
    let (m, n) = (tangent(a, c), tangent(b, d));
    let (t2, t3) = (t * t, t * t * t);
    b.1 * (2.0 * t3 - 3.0 * t2 + 1.0) + m * (t3 - 2.0 * t2 + t) + c.1 * (3.0 * t2 - 2.0 * t3) + n * (t3 - t2)
}

/// The ornament of the visible half, unrolled.
fn texture(kit: &Kit, vessel: &Vessel, top: f32, bottom: f32, widest: f32, rng: &mut Rng) -> Sheet {
    let half = FRAC_PI_2 * widest;
    let scale = kit.scale.min(260.0);
    let mut sheet = Sheet::new((2.0 * half * scale) as u32, ((bottom - top) * scale) as u32);
    let at = Transform::from_row(scale, 0.0, 0.0, scale, half * scale, -top * scale);
    let inks = &kit.inks;
    sheet.fill(rect(-half, top, half, bottom), inks.body, at);
    let (low, high) = vessel.field;
    let area = [-half, low, half, high];
    pattern::fill(&mut sheet, kit.subject, inks, area, vessel.cell, at, rng);
    for (from, to) in [(top - 0.1, vessel.upper.0), (vessel.lower.1, bottom + 0.1)] {
        sheet.fill_on(rect(-half, from, half, to), inks.body, at);
    }
    for (from, to) in [vessel.upper, vessel.lower] {
        border::band(&mut sheet, kit.culture, inks, [-half, from, half, to], at);
    }
    for (from, to) in [(top, top + 0.05), (bottom - 0.07, bottom)] {
        sheet.fill_on(rect(-half, from, half, to), inks.main, at);
    }
    sheet
}

fn handles(sheet: &mut Sheet, kit: &Kit, rng: &mut Rng) {
    let reach = rng.range(0.5, 0.64);
    for side in [-1.0, 1.0] {
        let path = [(0.16, -0.84), (reach * 0.8, -0.86), (reach, -0.62), (0.46, -0.3)].map(|(x, y)| (x * side, y));
        sheet.stroke(curve(&path, false), 0.1, kit.inks.body.shade(0.96), kit.at);
    }
}

fn jug_parts(sheet: &mut Sheet, kit: &Kit, rng: &mut Rng) {
    let reach = rng.range(0.8, 0.9);
    let grip = [(0.28, -0.84), (0.6, -0.9), (reach, -0.5), (reach * 0.92, 0.0), (0.52, 0.34)];
    sheet.stroke(curve(&grip, false), 0.12, kit.inks.body, kit.at);
    sheet.stroke(curve(&grip[1..4], false), 0.045, kit.inks.main, kit.at);
    let spout = [(-0.2, -1.02), (-0.4, -1.06), (-0.66, -1.12), (-0.56, -0.92), (-0.34, -0.72), (-0.2, -0.66)];
    sheet.fill(curve(&spout, true), kit.inks.body, kit.at);
}
