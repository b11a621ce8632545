//! Damage: a piece broken out of the edge, cracks running from it, and the shard lying near. Floor 2.

use super::draw::Kit;
use super::kind::Object;
use super::motif::around;
use super::palette::{Stuff, blend};
use super::rng::Rng;
use super::sheet::{Point, Sheet, polygon};

pub(super) fn break_off(sheet: &mut Sheet, kit: &Kit, rng: &mut Rng) {
    // A jug's spout, on the left, stays.
    let side = if kit.object != Object::Jug && rng.chance(0.5) { -1.0 } else { 1.0 };
    // Where it broke, how big, and where the shard fell.
    let (x, y, size, fallen): (f32, f32, f32, Point) = match kit.object {
        Object::Bowl => (0.62, -0.42, 0.34, (0.78, 0.52)),
        Object::Plate => (0.66, -0.66, 0.42, (0.86, 0.86)),
        Object::Tile => (0.8, -0.8, 0.5, (0.98, 0.98)),
        Object::Mask => (0.5, 0.62, 0.36, (0.72, 0.94)),
        Object::Jug => (0.3, -0.92, 0.26, (0.66, 0.98)),
        _ => (0.26, -0.92, 0.25, (0.62, 0.97)),
    };
    let (x, fallen) = (x * side, (fallen.0 * side, fallen.1));
    let n = 11;
    let bite: Vec<Point> = (0..n)
        .map(|i| {
            let (dx, dy) = around(i as f32 * std::f32::consts::TAU / n as f32, size * rng.range(0.72, 1.12));
            (x + dx, y + dy)
        })
        .collect();
    let inks = &kit.inks;
    let core = Stuff { color: blend(inks.body.color, [0.93, 0.88, 0.8], 0.5), height: 0.35, metal: 0.0, gloss: 0.0 };
    sheet.stroke_on(polygon(&bite, true), 0.055, core, kit.at);
    let dark = Stuff { color: inks.body.color.map(|c| c * 0.18), height: 0.2, metal: 0.0, gloss: 0.0 };
    let inward = (-x).atan2(y);
    for turn in [-0.5, 0.1, 0.6] {
        let angle = inward + turn + rng.range(-0.15, 0.15);
        let mut crack = vec![];
        let mut reach = size * 0.8;
        for _ in 0..5 {
            let (dx, dy) = around(angle + rng.range(-0.22, 0.22), reach);
            crack.push((x + dx, y + dy));
            reach += rng.range(0.1, 0.19);
        }
        sheet.stroke_on(polygon(&crack, false), 0.022, dark, kit.at);
    }
    sheet.cut(polygon(&bite, true), kit.at);
    let shard: Vec<Point> = (0..6)
        .map(|i| {
            let (dx, dy) = around(i as f32 * 1.047 + 0.3, size * rng.range(0.26, 0.46));
            (fallen.0 + dx * 1.2, fallen.1 + dy * 0.7)
        })
        .collect();
    let mut piece = Sheet::new(sheet.width, sheet.height);
    piece.fill(polygon(&shard, true), inks.body, kit.at);
    let mark = [(fallen.0 - 0.3, fallen.1 + 0.05), (fallen.0 + 0.3, fallen.1 - 0.08)];
    piece.stroke_on(polygon(&mark, false), size * 0.16, inks.main, kit.at);
    piece.stroke_on(polygon(&shard, true), 0.03, core, kit.at);
    sheet.lay(&piece);
}
