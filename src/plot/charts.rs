//! A chart of `domain::insights` as a PNG in the light theme: title, note, and its parts below one another.

use plotters::prelude::*;

use super::canvas::{self, Area, BODY, GROUND, HEAD, SMALL, Side, TEXT, TEXT2, TITLE, text, wrapped};
use super::{PlotError, Trouble, bars, marks};
use crate::domain::insights::{Chart, Form, Part};

pub const SIZE: (u32, u32) = (1600, 1000);
const MARGIN: i32 = 40;
/// Columns of lying bars beside one another.
const COLUMNS: usize = 3;
/// Of lying bars that stand above another form.
const FEW_ROWS: i32 = 110;

/// As the bytes of a file.
///
/// Errors: [`PlotError::Drawing`].
pub fn chart(chart: &Chart) -> Result<Vec<u8>, PlotError> {
    canvas::png(SIZE, |pixels| draw(pixels, chart))
}

/// A rectangle of the picture.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room {
    pub(super) left: i32,
    pub(super) top: i32,
    pub(super) right: i32,
    pub(super) bottom: i32,
}

impl Room {
    pub(super) fn width(self) -> i32 {
        self.right - self.left
    }

    /// Cut into so many beside one another.
    fn columns(self, n: usize) -> impl Iterator<Item = Self> {
        const GAP: i32 = 40;
        let n = n.max(1) as i32;
        let width = (self.width() - (n - 1) * GAP) / n;
        (0..n).map(move |at| {
            let left = self.left + at * (width + GAP);
            Self { left, right: left + width, ..self }
        })
    }

    /// Cut into so many below one another.
    fn rows(self, n: usize) -> impl Iterator<Item = Self> {
        const GAP: i32 = 24;
        let n = n.max(1) as i32;
        let height = (self.bottom - self.top - (n - 1) * GAP) / n;
        (0..n).map(move |at| {
            let top = self.top + at * (height + GAP);
            Self { top, bottom: top + height, ..self }
        })
    }
}

fn draw(pixels: &mut [u8], chart: &Chart) -> Result<(), Trouble> {
    let area = BitMapBackend::with_buffer(pixels, SIZE).into_drawing_area();
    area.fill(&GROUND)?;
    let (right, bottom) = (SIZE.0 as i32 - MARGIN, SIZE.1 as i32 - MARGIN);
    text(&area, chart.topic.name(), (MARGIN, 50), TITLE, TEXT, Side::Left)?;
    let mut top = 92;
    for line in wrapped(&area, &chart.note, BODY, right - MARGIN) {
        text(&area, &line, (MARGIN, top), BODY, TEXT2, Side::Left)?;
        top += 25;
    }
    let mut room = Room { left: MARGIN, top: top + 8, right, bottom };
    let (lying, others): (Vec<&Part>, Vec<&Part>) =
        chart.parts.iter().partition(|part| matches!(part.form, Form::Lying { .. }));
    if !lying.is_empty() {
        let rows = lying.len().div_ceil(COLUMNS);
        let grid = match others.is_empty() {
            true => room,
            false => Room { bottom: room.top + FEW_ROWS, ..room },
        };
        room.top = grid.bottom + 16;
        let columns = lying.len().min(COLUMNS);
        let cells = grid.rows(rows).flat_map(|row| row.columns(columns));
        for (part, cell) in lying.into_iter().zip(cells) {
            drawn(&area, part, cell)?;
        }
    }
    let cells = room.rows(others.len());
    for (part, cell) in others.into_iter().zip(cells) {
        drawn(&area, part, cell)?;
    }
    area.present()?;
    Ok(())
}

fn drawn(area: &Area<'_>, part: &Part, room: Room) -> Result<(), Trouble> {
    let title = canvas::fitting(area, &part.title, HEAD, room.width());
    text(area, &title, (room.left, room.top + 12), HEAD, TEXT, Side::Left)?;
    let inner = Room { top: room.top + 34, ..room };
    match &part.form {
        Form::Lying { scale, bars } => bars::lying(area, inner, *scale, bars),
        Form::Upright { x, y, bars, sums } => bars::upright(area, inner, (x, y), bars, *sums),
        Form::Marks(all) => marks::marks(area, inner, all),
    }
}

/// A small word below or beside an axis.
pub(super) fn tick(area: &Area<'_>, words: &str, at: (i32, i32), side: Side) -> Result<(), Trouble> {
    text(area, words, at, SMALL, TEXT2, side)
}

#[cfg(test)]
mod tests {
    use super::super::canvas::{ACCENT, BAR};
    use super::*;
    use crate::domain::insights::{self, Bar, Behind, Mark, Scale, Topic};

    fn count(picture: &image::RgbImage, colour: RGBColor) -> usize {
        picture.pixels().filter(|pixel| pixel.0 == [colour.0, colour.1, colour.2]).count()
    }

    fn bar(value: f64) -> Bar {
        let (name, said) = ("a name that is a good deal longer than its column".to_owned(), "so many".to_owned());
        Bar { name, value, said, interval: Some([value / 2.0, value]), behind: Behind::new("x", vec![1]) }
    }

    #[test]
    fn every_form_is_drawn_and_a_longer_bar_has_more_of_its_colour() {
        let of = |form| Chart {
            topic: Topic::Tags,
            headline: String::new(),
            note: "a note ".repeat(60),
            parts: vec![Part { title: "a part".to_owned(), form }],
            csv: String::new(),
        };
        let drawn = |form| {
            let png = chart(&of(form)).unwrap();
            let picture = image::load_from_memory(&png).unwrap().to_rgb8();
            assert_eq!(picture.dimensions(), SIZE);
            (count(&picture, BAR), count(&picture, ACCENT))
        };
        let lying = |value| drawn(Form::Lying { scale: Scale::Linear(4.0), bars: vec![bar(value)] }).0;
        assert!(lying(1.0) > 1000 && lying(4.0) > 3 * lying(1.0), "{} {}", lying(1.0), lying(4.0));
        let upright = |values: &[f64], sums| {
            let bars = values.iter().map(|&value| bar(value)).collect();
            drawn(Form::Upright { x: "x", y: "y", bars, sums })
        };
        let with_a_line = upright(&[1.0, 4.0, 2.0], true);
        assert!(with_a_line.0 > 1000 && with_a_line.1 > 100, "{with_a_line:?}");
        assert!(upright(&[], false).0 == 0 && upright(&vec![1.0; 3000], true).0 > 0);
        let mark = |elongated| Mark { width: 800.0, height: 300.0, elongated, behind: Behind::new("x", vec![1, 2]) };
        assert!(drawn(Form::Marks(vec![mark(false)])).0 > 50);
        assert!(drawn(Form::Marks(vec![mark(true)])).1 > 50);
        assert_eq!(drawn(Form::Marks(vec![])), (0, 0));
    }

    #[test]
    fn a_chart_without_anything_says_why() {
        let empty = insights::tags::chart(&insights::Collected::default());
        let picture = image::load_from_memory(&chart(&empty).unwrap()).unwrap().to_rgb8();
        assert!(picture.pixels().any(|pixel| pixel.0[0] < 100), "words");
    }
}
