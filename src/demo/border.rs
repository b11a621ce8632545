//! The border ornaments, one per culture: scallops, meander, lozenges, teeth, beads, arches, braid.
//!
//! They run in straight bands and around rings, and are not among the patterns that have labels. Floor 2.

use std::f32::consts::TAU;

use tiny_skia::Transform;

use super::kind::Culture;
use super::palette::Inks;
use super::sheet::{Sheet, circle, curve, oval, polygon, rect};

/// A straight band in the rectangle (x0, y0)-(x1, y1), its own ground included.
pub(super) fn band(sheet: &mut Sheet, culture: Culture, inks: &Inks, [x0, y0, x1, y1]: [f32; 4], at: Transform) {
    let (wide, high) = (x1 - x0, y1 - y0);
    let n = (wide / (high * 1.15)).round().max(1.0);
    sheet.fill_on(rect(x0, y0, x1, y1), ground(culture, inks), at);
    for i in 0..n as usize {
        let cell = at.pre_translate(x0 + wide * (i as f32 + 0.5) / n, (y0 + y1) * 0.5).pre_scale(wide / n, high);
        unit(sheet, culture, inks, cell);
    }
    let line = high * 0.1;
    for y in [y0, y1] {
        sheet.stroke_on(polygon(&[(x0, y), (x1, y)], false), line, inks.second, at);
    }
}

/// A band around the origin between two radii; the ornament's top looks outwards.
pub(super) fn ring(sheet: &mut Sheet, culture: Culture, inks: &Inks, inner: f32, outer: f32, at: Transform) {
    let (middle, high) = ((inner + outer) * 0.5, outer - inner);
    sheet.stroke_on(circle(0.0, 0.0, middle), high, ground(culture, inks), at);
    let n = (TAU * middle / (high * 1.15)).round().max(6.0);
    for i in 0..n as usize {
        let cell = at.pre_rotate(i as f32 * 360.0 / n).pre_translate(0.0, -middle).pre_scale(TAU * middle / n, high);
        unit(sheet, culture, inks, cell);
    }
    for radius in [inner, outer] {
        sheet.stroke_on(circle(0.0, 0.0, radius), high * 0.1, inks.second, at);
    }
}

/// A frame of bands inside the rectangle's edges.
pub(super) fn frame(sheet: &mut Sheet, culture: Culture, inks: &Inks, area: [f32; 4], thick: f32, at: Transform) {
    let [x0, y0, x1, y1] = area;
    band(sheet, culture, inks, [x0, y0, x1, y0 + thick], at);
    band(sheet, culture, inks, [-x1, -y1, -x0, -y1 + thick], at.pre_rotate(180.0));
    for (turn, (from, to), edge) in [(90.0, (y0, y1), -x1), (-90.0, (-y1, -y0), x0)] {
        band(sheet, culture, inks, [from + thick, edge, to - thick, edge + thick], at.pre_rotate(turn));
    }
}

/// What lies under the ornament.
fn ground(culture: Culture, inks: &Inks) -> super::palette::Stuff {
    match culture {
        Culture::Belmari | Culture::Tessune => inks.body,
        Culture::Doronne | Culture::Karvash => inks.second,
        Culture::Ilvane | Culture::Nuvari | Culture::Omirai => inks.main,
    }
}

/// One repeat in the square from -0.5 to 0.5.
fn unit(sheet: &mut Sheet, culture: Culture, inks: &Inks, at: Transform) {
    match culture {
        Culture::Belmari => {
            for (radius, stuff) in [(0.48, inks.main), (0.32, inks.second), (0.18, inks.main)] {
                sheet.fill_on(oval(0.0, 0.46, radius, radius * 1.7), stuff, at);
            }
        }
        Culture::Doronne => {
            let hook = [(-0.5, 0.33), (-0.33, 0.33), (-0.33, -0.3), (0.28, -0.3), (0.28, 0.08), (-0.02, 0.08)];
            sheet.stroke_on(polygon(&hook, false), 0.17, inks.main, at);
            sheet.stroke_on(polygon(&[(-0.33, 0.33), (0.5, 0.33)], false), 0.17, inks.main, at);
        }
        Culture::Ilvane => {
            sheet.fill_on(polygon(&[(0.0, -0.42), (0.44, 0.0), (0.0, 0.42), (-0.44, 0.0)], true), inks.second, at);
            sheet.fill_on(polygon(&[(0.0, -0.18), (0.19, 0.0), (0.0, 0.18), (-0.19, 0.0)], true), inks.main, at);
        }
        Culture::Karvash => {
            sheet.fill_on(polygon(&[(-0.5, 0.5), (0.0, -0.42), (0.5, 0.5)], true), inks.main, at);
        }
        Culture::Nuvari => {
            sheet.fill_on(circle(0.0, 0.0, 0.36), inks.second, at);
            sheet.fill_on(circle(0.0, 0.0, 0.17), inks.main, at);
        }
        Culture::Omirai => {
            for (width, stuff) in [(0.44, inks.second), (0.22, inks.main)] {
                let arch = [(-width, 0.5), (-width * 0.9, 0.0), (0.0, -width), (width * 0.9, 0.0), (width, 0.5)];
                sheet.fill_on(curve(&arch, true), stuff, at);
            }
        }
        Culture::Tessune => {
            for (flip, stuff) in [(1.0, inks.second), (-1.0, inks.main)] {
                let strand =
                    [(-0.6, 0.32), (-0.3, 0.24), (0.0, 0.0), (0.3, -0.24), (0.6, -0.32)].map(|(x, y)| (x, y * flip));
                sheet.stroke_on(curve(&strand, false), 0.22, stuff, at);
            }
        }
    }
}
