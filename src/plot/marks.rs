//! Pictures by width and height.

use plotters::prelude::*;

use super::Trouble;
use super::canvas::{ACCENT, Area, BAR, LINE, SMALL, Side, TEXT2, line, text};
use super::charts::{Room, tick};
use crate::domain::insights::Mark;
use crate::domain::insights::sizes::{ELONGATED, span};

pub(super) fn marks(area: &Area<'_>, room: Room, marks: &[Mark]) -> Result<(), Trouble> {
    let (from, to) = span(marks);
    let (left, right, top, bottom) = (room.left + 76, room.right - 20, room.top + 14, room.bottom - 52);
    let share = |value: f64| (value.log2() - from) / (to - from);
    let x = |width: f64| left + (share(width) * f64::from(right - left)).round() as i32;
    let y = |height: f64| bottom - (share(height) * f64::from(bottom - top)).round() as i32;
    for octave in from as i32..=to as i32 {
        let value = f64::from(octave).exp2();
        line(area, vec![(x(value), top), (x(value), bottom)], LINE, 1)?;
        line(area, vec![(left, y(value)), (right, y(value))], LINE, 1)?;
        tick(area, &format!("{value:.0}"), (x(value), bottom + 16), Side::Middle)?;
        tick(area, &format!("{value:.0}"), (left - 10, y(value)), Side::Right)?;
    }
    let (least, most) = (from.exp2(), to.exp2());
    line(area, vec![(x(least * ELONGATED), y(least)), (x(most), y(most / ELONGATED))], TEXT2, 1)?;
    line(area, vec![(x(least), y(least * ELONGATED)), (x(most / ELONGATED), y(most))], TEXT2, 1)?;
    text(area, "width in pixels", ((left + right) / 2, bottom + 40), SMALL, TEXT2, Side::Middle)?;
    text(area, "height", (room.left, room.top), SMALL, TEXT2, Side::Left)?;
    for mark in marks {
        let radius = (4.0 + 3.0 * (mark.behind.images.len() as f64).log10()).round() as i32;
        let colour = if mark.elongated { ACCENT } else { BAR };
        area.draw(&Circle::new((x(mark.width), y(mark.height)), radius, colour.filled()))?;
    }
    Ok(())
}
