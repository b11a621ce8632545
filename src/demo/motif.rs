//! Single ornaments as outlines around the origin, about one unit in radius. Floor 2.

use std::f32::consts::{PI, TAU};

use tiny_skia::{Path, PathBuilder, Transform};

use super::palette::Inks;
use super::rng::Rng;
use super::sheet::{Sheet, circle, curve, polygon};

/// A point on a circle; 0 is up, clockwise.
pub(super) fn around(angle: f32, radius: f32) -> (f32, f32) {
    (angle.sin() * radius, -angle.cos() * radius)
}

/// A star with `points` tips.
pub(super) fn star(points: usize, inner: f32) -> Option<Path> {
    let corners: Vec<_> =
        (0..points * 2).map(|i| around(i as f32 * PI / points as f32, if i % 2 == 0 { 1.0 } else { inner })).collect();
    polygon(&corners, true)
}

/// A leaf from the origin up to (0, -1).
pub(super) fn leaf(width: f32) -> Option<Path> {
    let mut path = PathBuilder::new();
    path.move_to(0.0, 0.0);
    path.cubic_to(width, -0.25, width * 0.8, -0.75, 0.0, -1.0);
    path.cubic_to(-width * 0.8, -0.75, -width, -0.25, 0.0, 0.0);
    path.close();
    path.finish()
}

/// A blossom seen from above, radius 1 at `at`.
pub(super) fn blossom(sheet: &mut Sheet, inks: &Inks, petals: usize, at: Transform) {
    for i in 0..petals {
        let turned = at.pre_rotate(i as f32 * 360.0 / petals as f32);
        sheet.fill_on(leaf(2.3 / petals as f32), inks.main, turned);
        sheet.fill_on(
            leaf(1.0 / petals as f32),
            inks.main.shade(1.25),
            turned.pre_translate(0.0, -0.22).pre_scale(0.8, 0.6),
        );
    }
    sheet.fill_on(circle(0.0, 0.0, 0.27), inks.second, at);
}

/// A twig with pairs of leaves, from (0, 1) up to (0, -1).
pub(super) fn sprig(sheet: &mut Sheet, inks: &Inks, at: Transform) {
    sheet.stroke_on(curve(&[(0.0, 1.0), (0.06, 0.3), (-0.04, -0.4), (0.0, -0.8)], false), 0.09, inks.main, at);
    for i in 0..3 {
        let y = 0.65 - i as f32 * 0.5;
        for side in [-1.0, 1.0] {
            let placed = at.pre_translate(0.0, y).pre_rotate(side * 55.0).pre_scale(0.75, 0.75);
            sheet.fill_on(leaf(0.42), inks.main, placed);
        }
    }
    sheet.fill_on(leaf(0.45), inks.main, at.pre_translate(0.0, -0.6).pre_scale(0.7, 0.62));
}

/// One sign of the invented script in the square from -1 to 1.
pub(super) fn sign(sheet: &mut Sheet, inks: &Inks, rng: &mut Rng, at: Transform) {
    let lattice = |rng: &mut Rng| ([-0.8, 0.0, 0.8][rng.below(3)], [-0.85, 0.0, 0.85][rng.below(3)]);
    let stem = [-0.8, 0.0, 0.8][rng.below(3)];
    sheet.stroke_on(polygon(&[(stem, -0.9), (stem * 0.8, 0.9)], false), 0.36, inks.main, at);
    for _ in 0..2 + rng.below(2) {
        let from = lattice(rng);
        let mut to = lattice(rng);
        if from == to {
            to = (-from.0 + 0.1, from.1);
        }
        let middle = ((from.0 + to.0) * 0.5 + rng.range(-0.3, 0.3), (from.1 + to.1) * 0.5 + rng.range(-0.3, 0.3));
        sheet.stroke_on(curve(&[from, middle, to], false), rng.range(0.26, 0.38), inks.main, at);
    }
    if rng.chance(0.4) {
        let (x, y) = lattice(rng);
        sheet.fill_on(circle(x * 0.9, y * 0.9, 0.22), inks.main, at);
    }
}

/// Points of a circle around the origin, `n` of them.
pub(super) fn ring_points(n: usize, radius: impl Fn(f32) -> f32) -> Vec<(f32, f32)> {
    (0..n)
        .map(|i| {
            let angle = i as f32 * TAU / n as f32;
            around(angle, radius(angle))
        })
        .collect()
}
