//! A few lines over the same axes: how figures change with what was learned from.

use std::path::Path;

use plotters::prelude::*;

use super::{PlotError, Trouble, canvas};

const SIZE: (u32, u32) = (1000, 620);
/// Told apart by people who cannot tell red from green: Okabe and Ito 2008.
const COLOURS: [RGBColor; 7] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(86, 180, 233),
    RGBColor(230, 159, 0),
    RGBColor(90, 90, 90),
];

/// One line.
pub struct Series {
    pub name: String,
    /// x and y, x ascending.
    pub points: Vec<(f64, f64)>,
}

/// Draws lines over (x, y) axes with these names.
///
/// Errors: the file cannot be written.
pub fn lines(path: &Path, axes: (&str, &str), series: &[Series]) -> Result<(), PlotError> {
    let png = canvas::png(SIZE, |pixels| draw(pixels, axes, series))?;
    crate::base::fs::write_atomic(path, &png).map_err(|source| PlotError::Io { source, path: path.to_path_buf() })
}

fn draw(pixels: &mut [u8], (x_name, y_name): (&str, &str), series: &[Series]) -> Result<(), Trouble> {
    let (x, y) = (range(series, |point| point.0), range(series, |point| point.1));
    let area = BitMapBackend::with_buffer(pixels, SIZE).into_drawing_area();
    area.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&area)
        .margin(18)
        .x_label_area_size(46)
        .y_label_area_size(64)
        .build_cartesian_2d(x.0..x.1, y.0..y.1)?;
    let mesh = &mut chart.configure_mesh();
    mesh.light_line_style(RGBColor(240, 240, 240))
        .bold_line_style(RGBColor(222, 222, 222))
        .x_desc(x_name)
        .y_desc(y_name)
        .label_style(("sans-serif", 17))
        .axis_desc_style(("sans-serif", 19))
        .draw()?;
    for (at, line) in series.iter().enumerate() {
        let style = COLOURS[at % COLOURS.len()].stroke_width(2);
        chart
            .draw_series(LineSeries::new(line.points.iter().copied(), style).point_size(3))?
            .label(&line.name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 22, y)], style));
    }
    if !series.is_empty() {
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::LowerRight)
            .margin(12)
            .background_style(WHITE.mix(0.85))
            .border_style(RGBColor(222, 222, 222))
            .label_font(("sans-serif", 17))
            .draw()?;
    }
    area.present()?;
    Ok(())
}

/// Least and greatest, with a little room, never empty.
fn range(series: &[Series], of: impl Fn(&(f64, f64)) -> f64) -> (f64, f64) {
    let values = series.iter().flat_map(|line| &line.points).map(of).filter(|value| value.is_finite());
    let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
    if !low.is_finite() {
        return (0.0, 1.0);
    }
    let room = 0.04 * (high - low).max(1e-6);
    (if low >= 0.0 { (low - room).max(0.0) } else { low - room }, high + room)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_drawn_in_its_colour_and_nothing_at_all_is_a_plot_too() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("plot.png");
        let line = |name: &str, slope: f64| Series {
            name: name.to_owned(),
            points: (0..20).map(|x| (f64::from(x), slope * f64::from(x))).collect(),
        };
        for series in
            [vec![], vec![line("one", 0.5), line("two", 1.0)], vec![Series { name: "none".into(), points: vec![] }]]
        {
            lines(&path, ("images", "F2"), &series).unwrap();
            let picture = image::open(&path).unwrap().to_rgb8();
            assert_eq!(picture.dimensions(), SIZE);
            for (at, line) in series.iter().enumerate().filter(|(_, line)| !line.points.is_empty()) {
                let colour = &COLOURS[at];
                let drawn = picture.pixels().filter(|pixel| pixel.0 == [colour.0, colour.1, colour.2]).count();
                assert!(drawn > 100, "{}: {drawn}", line.name);
            }
            assert!(picture.pixels().any(|pixel| pixel.0[0] < 128), "words");
        }
        assert!(lines(&folder.path().join("no/plot.png"), ("x", "y"), &[]).is_err());
    }
}
