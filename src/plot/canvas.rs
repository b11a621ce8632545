//! The ground of every plot: pixels, a font, the colours of the light theme, and text that fits.

use std::io::Cursor;
use std::sync::Once;

use image::{ImageFormat, RgbImage};
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontStyle, register_font};

use super::{PlotError, Trouble};

pub(super) const GROUND: RGBColor = RGBColor(0xf7, 0xf7, 0xf5);
pub(super) const LINE: RGBColor = RGBColor(0xd8, 0xd9, 0xd8);
pub(super) const TEXT: RGBColor = RGBColor(0x1d, 0x1f, 0x22);
pub(super) const TEXT2: RGBColor = RGBColor(0x4b, 0x50, 0x57);
pub(super) const ACCENT: RGBColor = RGBColor(0x8a, 0x56, 0x06);
pub(super) const BAR: RGBColor = RGBColor(0xe2, 0xa2, 0x4c);

/// Colours of the window's light theme, by their names there; a test of `app::theme` holds them to it.
pub const LIGHT: [(&str, RGBColor); 6] =
    [("bg1", GROUND), ("line", LINE), ("text", TEXT), ("text2", TEXT2), ("accent", ACCENT), ("accent_fill", BAR)];

pub(super) const TITLE: f64 = 30.0;
pub(super) const HEAD: f64 = 20.0;
pub(super) const BODY: f64 = 17.0;
pub(super) const SMALL: f64 = 15.0;

pub(super) type Area<'a> = DrawingArea<BitMapBackend<'a>, Shift>;

/// A picture of this size in the format PNG; `draw` gets its pixels, RGB, white.
pub(super) fn png(size: (u32, u32), draw: impl FnOnce(&mut [u8]) -> Result<(), Trouble>) -> Result<Vec<u8>, PlotError> {
    static FONT: Once = Once::new();
    FONT.call_once(|| {
        // It is a font: the window is drawn with it.
        let _ = register_font("sans-serif", FontStyle::Normal, epaint_default_fonts::UBUNTU_LIGHT);
    });
    let failed = |reason: String| PlotError::Drawing { reason };
    let mut pixels = vec![255; size.0 as usize * size.1 as usize * 3];
    draw(&mut pixels).map_err(|error| failed(error.to_string()))?;
    let picture = RgbImage::from_raw(size.0, size.1, pixels)
        .ok_or_else(|| failed("it has another size than its pixels".to_owned()))?;
    let mut png = Cursor::new(Vec::new());
    picture.write_to(&mut png, ImageFormat::Png).map_err(|error| failed(error.to_string()))?;
    Ok(png.into_inner())
}

/// Where a word stands to its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Left,
    Middle,
    Right,
}

/// One line, its middle at this height.
pub(super) fn text(
    area: &Area<'_>,
    words: &str,
    at: (i32, i32),
    size: f64,
    colour: RGBColor,
    side: Side,
) -> Result<(), Trouble> {
    let anchor = match side {
        Side::Left => HPos::Left,
        Side::Middle => HPos::Center,
        Side::Right => HPos::Right,
    };
    let style = ("sans-serif", size).into_font().color(&colour).pos(Pos::new(anchor, VPos::Center));
    area.draw_text(words, &style, at)?;
    Ok(())
}

pub(super) fn width(area: &Area<'_>, words: &str, size: f64) -> i32 {
    let style = ("sans-serif", size).into_font().color(&TEXT);
    area.estimate_text_size(words, &style).map_or(0, |(width, _)| width as i32)
}

/// As much of it as fits, with … where something is left out.
pub(super) fn fitting(area: &Area<'_>, words: &str, size: f64, room: i32) -> String {
    if width(area, words, size) <= room {
        return words.to_owned();
    }
    let mut short: String = words.to_owned();
    while short.pop().is_some() {
        let candidate = format!("{}…", short.trim_end());
        if width(area, &candidate, size) <= room {
            return candidate;
        }
    }
    String::new()
}

/// Words in lines that fit.
pub(super) fn wrapped(area: &Area<'_>, words: &str, size: f64, room: i32) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words.split_whitespace() {
        match lines.last_mut() {
            Some(line) if width(area, &format!("{line} {word}"), size) <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

pub(super) fn filled(area: &Area<'_>, from: (i32, i32), to: (i32, i32), colour: RGBColor) -> Result<(), Trouble> {
    area.draw(&Rectangle::new([from, to], colour.filled()))?;
    Ok(())
}

pub(super) fn line(area: &Area<'_>, points: Vec<(i32, i32)>, colour: RGBColor, width: u32) -> Result<(), Trouble> {
    area.draw(&PathElement::new(points, colour.stroke_width(width)))?;
    Ok(())
}
