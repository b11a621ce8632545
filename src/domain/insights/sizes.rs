//! Image sizes: width against height, with the elongated ones marked.
//!
//! Pictures of about the same size are one mark, so that 100,000 of them are a few hundred marks.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::chart::{Behind, Chart, Form, Mark, Part, Topic, images};
use crate::base::numbers::percent;
use crate::domain::tables::field;

/// Longer side to shorter side from which on a picture is called elongated here.
///
/// Two squares side by side, as an opened album or a stereo card is, are 2 : 1. A tenth more leaves room for how they
/// are cropped, so that what is marked is longer than any usual format: a scroll, a spoon, a frieze. What a network
/// pads with white begins at 2 : 1 already (`imaging::fit`) and is another question.
pub const ELONGATED: f64 = 2.2;
/// The same as a whole number: 2.2 times 100 is a little more than 220 in floating point.
const ELONGATED_TENTHS: u64 = 22;

/// Marks to a doubling of a side.
const TO_AN_OCTAVE: f64 = 4.0;

/// What is known of a picture's size.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Measure {
    #[default]
    Unknown,
    /// Its header cannot be read.
    Failed,
    /// Width and height as seen.
    Of(u32, u32),
}

pub fn is_elongated(width: u32, height: u32) -> bool {
    let (shorter, longer) = (u64::from(width.min(height)), u64::from(width.max(height)));
    shorter > 0 && 10 * longer >= ELONGATED_TENTHS * shorter
}

#[derive(Debug, Default)]
struct Cell {
    images: Vec<u32>,
    /// Sums of logarithms.
    width: f64,
    height: f64,
    /// Of the first one; `None` once another differs.
    exact: Option<(u32, u32)>,
}

/// `sizes`: by image, with its id. `None`: nobody has read them yet.
pub fn chart(sizes: Option<&[(&str, Measure)]>) -> Chart {
    const HEADER: &str = "id,width,height,elongated";
    let sizes = sizes.unwrap_or_default();
    let mut csv = format!("{HEADER}\n");
    let mut cells: BTreeMap<(bool, i64, i64), Cell> = BTreeMap::new();
    let (mut n_unknown, mut n_failed) = (0, 0);
    let (mut elongated, mut common) = (Vec::new(), Vec::new());
    for (image, &(id, measure)) in (0..).zip(sizes) {
        let (width, height) = match measure {
            Measure::Of(width, height) if width > 0 && height > 0 => (width, height),
            Measure::Unknown => {
                n_unknown += 1;
                continue;
            }
            _ => {
                n_failed += 1;
                continue;
            }
        };
        let is_long = is_elongated(width, height);
        let _ = writeln!(csv, "{},{width},{height},{}", field(id), u8::from(is_long)); // Into a String: cannot fail.
        let logs = (f64::from(width).log2(), f64::from(height).log2());
        let place = |log: f64| (log * TO_AN_OCTAVE).round() as i64;
        let cell = cells.entry((is_long, place(logs.0), place(logs.1))).or_default();
        let is_first = cell.images.is_empty();
        cell.exact = if is_first { Some((width, height)) } else { cell.exact.filter(|at| *at == (width, height)) };
        cell.images.push(image);
        cell.width += logs.0;
        cell.height += logs.1;
        if is_long { elongated.push(image) } else { common.push(image) }
    }
    let n = elongated.len() + common.len();
    if n == 0 {
        let why = match n_failed {
            0 => "No size has been read yet.",
            _ => "No picture's header can be read. The Library lists them under Problems.",
        };
        return Chart::empty(Topic::Sizes, HEADER, why);
    }
    let mut note = format!(
        "Each mark is pictures of about one size. Elongated, the longer side at least {ELONGATED} times the shorter: {} of {}, {}.",
        elongated.len(),
        images(n),
        percent(elongated.len() as f64 / n as f64)
    );
    if n_unknown > 0 {
        let _ = write!(note, " {} not read yet.", images(n_unknown));
    }
    if n_failed > 0 {
        let _ = write!(note, " {} cannot be read.", images(n_failed));
    }
    let marks = cells.into_iter().map(|((elongated, ..), cell)| mark(elongated, cell)).collect();
    let title = "Width and height in pixels".to_owned();
    Chart {
        topic: Topic::Sizes,
        headline: format!("{} elongated", elongated.len()),
        note,
        parts: vec![shapes(elongated, common), Part { title, form: Form::Marks(marks) }],
        csv,
    }
}

/// Powers of two that all widths and heights lie between, at least one doubling apart.
pub fn span(marks: &[Mark]) -> (f64, f64) {
    let sides = || marks.iter().flat_map(|mark| [mark.width, mark.height]).map(f64::log2);
    let (least, most) =
        sides().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), log| (low.min(log), high.max(log)));
    if !least.is_finite() {
        return (4.0, 12.0);
    }
    // A little beside, so that no mark lies on the edge.
    ((least - 0.1).floor(), (most + 0.1).ceil())
}

/// The two kinds, as bars.
fn shapes(elongated: Vec<u32>, common: Vec<u32>) -> Part {
    use super::chart::{Bar, Scale};
    let most = elongated.len().max(common.len()) as f64;
    let bar = |name: &str, of: Vec<u32>| Bar {
        name: name.to_owned(),
        value: of.len() as f64,
        said: images(of.len()),
        interval: None,
        behind: Behind::new(name.to_lowercase(), of),
    };
    let bars = vec![bar("Elongated", elongated), bar("Not elongated", common)];
    Part { title: "Shape".to_owned(), form: Form::Lying { scale: Scale::Linear(most), bars } }
}

fn mark(elongated: bool, cell: Cell) -> Mark {
    let n = cell.images.len() as f64;
    let (width, height) = ((cell.width / n).exp2(), (cell.height / n).exp2());
    let name = match cell.exact {
        Some((width, height)) => format!("{width} × {height}"),
        None => format!("about {width:.0} × {height:.0}"),
    };
    Mark { width, height, elongated, behind: Behind::new(name, cell.images) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_elongated_from_two_and_a_fifth_on() {
        for (width, height, expected) in
            [(100, 100, false), (200, 100, false), (219, 100, false), (220, 100, true), (100, 220, true), (5, 0, false)]
        {
            assert_eq!(is_elongated(width, height), expected, "{width} x {height}");
        }
    }

    #[test]
    fn like_sizes_are_one_mark_and_the_elongated_stand_apart() {
        use Measure::{Failed, Of, Unknown};
        let measures = [Of(800, 600), Of(800, 600), Of(810, 600), Of(1000, 100), Failed, Unknown, Of(4000, 3000)];
        let sizes: Vec<_> = ["a", "b", "c", "d", "e", "f", "g"].into_iter().zip(measures).collect();
        let chart = chart(Some(&sizes));
        let Form::Marks(marks) = &chart.parts[1].form else { panic!("no marks") };
        let found: Vec<_> =
            marks.iter().map(|mark| (mark.behind.name.as_str(), &mark.behind.images[..], mark.elongated)).collect();
        // (800 · 800 · 810)^(1/3) = 803.3.
        let expected =
            [("about 803 × 600", &[0, 1, 2][..], false), ("4000 × 3000", &[6], false), ("1000 × 100", &[3], true)];
        assert_eq!(found, expected);
        // From 100 to 4000 pixels: 2^6 = 64, 2^12 = 4096.
        assert_eq!((span(marks), span(&[])), ((6.0, 13.0), (4.0, 12.0)));
        assert_eq!(chart.headline, "1 elongated");
        assert!(chart.note.contains("1 of 5 images, 20 %") && chart.note.contains("1 image not read yet"));
        assert_eq!(chart.csv.lines().nth(4), Some("d,1000,100,1"));
        assert_eq!(chart.csv.lines().count(), 6);
    }
}
