//! Bars, lying and upright.

use super::Trouble;
use super::canvas::{ACCENT, Area, BAR, BODY, LINE, SMALL, Side, TEXT, TEXT2, filled, fitting, line, text, width};
use super::charts::{Room, tick};
use crate::base::numbers::thousands;
use crate::domain::insights::chart::ticks;
use crate::domain::insights::{Bar, Scale};

const ROW: i32 = 24;

/// As many as there is room for; the rest is counted.
pub(super) fn lying(area: &Area<'_>, room: Room, scale: Scale, bars: &[Bar]) -> Result<(), Trouble> {
    let n_fitting = ((room.bottom - room.top) / ROW).max(1) as usize;
    let n_shown = if bars.len() > n_fitting { n_fitting.saturating_sub(1) } else { bars.len() };
    let shown = &bars[..n_shown];
    let widest = |of: &dyn Fn(&Bar) -> i32| shown.iter().map(of).max().unwrap_or(0);
    let name_room = widest(&|bar| width(area, &bar.name, BODY)).min(room.width() * 2 / 5);
    let said_room = widest(&|bar| width(area, &bar.said, SMALL)).min(room.width() / 3);
    let (from, to) = (room.left + name_room + 12, room.right - said_room - 12);
    let x = |value: f64| from + (scale.length(value) * f64::from(to - from)).round() as i32;
    for (at, bar) in (0..).zip(shown) {
        let middle = room.top + at * ROW + ROW / 2;
        text(area, &fitting(area, &bar.name, BODY, name_room), (room.left, middle), BODY, TEXT, Side::Left)?;
        filled(area, (from, middle - 6), (to, middle + 6), LINE)?;
        if bar.value > 0.0 {
            filled(area, (from, middle - 6), (x(bar.value).max(from + 2), middle + 6), BAR)?;
        }
        if let Some([low, high]) = bar.interval {
            line(area, vec![(x(low), middle), (x(high), middle)], TEXT, 2)?;
            for end in [low, high] {
                line(area, vec![(x(end), middle - 4), (x(end), middle + 4)], TEXT, 2)?;
            }
        }
        text(area, &fitting(area, &bar.said, SMALL, said_room), (room.right, middle), SMALL, TEXT2, Side::Right)?;
    }
    let n_more = bars.len() - n_shown;
    if n_more > 0 {
        let middle = room.top + n_shown as i32 * ROW + ROW / 2;
        tick(area, &format!("and {} more, in the CSV", thousands(n_more)), (room.left, middle), Side::Left)?;
    }
    Ok(())
}

pub(super) fn upright(
    area: &Area<'_>,
    room: Room,
    (x_name, y_name): (&str, &str),
    bars: &[Bar],
    sums: bool,
) -> Result<(), Trouble> {
    let (left, right) = (room.left + 76, room.right - if sums { 90 } else { 0 });
    let (top, bottom) = (room.top + 14, room.bottom - 52);
    let ticks = ticks(bars.iter().map(|bar| bar.value).fold(1.0, f64::max));
    let most = ticks.last().copied().unwrap_or(1.0);
    let y = |value: f64, most: f64| bottom - (value / most * f64::from(bottom - top)).round() as i32;
    for value in ticks {
        let at = y(value, most);
        line(area, vec![(left, at), (right, at)], LINE, 1)?;
        tick(area, &thousands(value as usize), (left - 10, at), Side::Right)?;
    }
    let pitch = f64::from(right - left) / bars.len().max(1) as f64;
    let gap = if pitch > 4.0 { (pitch * 0.12).min(8.0) } else { 0.0 };
    let x = |at: usize| f64::from(left) + at as f64 * pitch;
    let name_room = bars.iter().map(|bar| width(area, &bar.name, SMALL) + 16).max().unwrap_or(1);
    let every = (f64::from(name_room) / pitch).ceil().max(1.0) as usize;
    for (at, bar) in bars.iter().enumerate() {
        if bar.value > 0.0 {
            let (from, to) = ((x(at) + gap) as i32, (x(at + 1) - gap) as i32);
            filled(area, (from, y(bar.value, most)), (to.max(from + 1), bottom), BAR)?;
        }
        if at % every == 0 {
            tick(area, &bar.name, ((x(at) + pitch / 2.0) as i32, bottom + 16), Side::Middle)?;
        }
    }
    text(area, x_name, ((left + right) / 2, bottom + 40), SMALL, TEXT2, Side::Middle)?;
    text(area, y_name, (room.left, room.top), SMALL, TEXT2, Side::Left)?;
    if sums && !bars.is_empty() {
        let total: f64 = bars.iter().map(|bar| bar.value).sum();
        let mut so_far = 0.0;
        let points = bars.iter().enumerate().map(|(at, bar)| {
            so_far += bar.value;
            ((x(at) + pitch / 2.0) as i32, y(so_far, total.max(1.0)))
        });
        let points: Vec<(i32, i32)> = points.collect();
        line(area, points, ACCENT, 2)?;
        text(area, &format!("{} in all", thousands(total as usize)), (right + 8, top), SMALL, ACCENT, Side::Left)?;
    }
    Ok(())
}
