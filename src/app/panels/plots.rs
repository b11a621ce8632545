//! Two quiet plots of a fine-tune: loss and F2, epoch by epoch.

use eframe::egui;
use egui::{Color32, RichText, Ui};
use egui_plot::{Line, Plot, PlotPoints};

use super::widgets;
use crate::app::state::learning::Point;
use crate::app::texts::say;
use crate::app::theme::{self, tokens};

/// A curve with its name, colour and values by epoch.
struct Curve {
    name: String,
    color: Color32,
    points: Vec<[f64; 2]>,
}

pub fn loss(ui: &mut Ui, points: &[Point], epochs: usize, height: f32) {
    let t = tokens(ui);
    let curves = [
        Curve {
            name: say!("plot-training"),
            color: t.text3,
            // Before the first epoch nothing has been trained on yet.
            points: points.iter().filter(|p| p.epoch > 0).map(|p| [p.epoch as f64, p.train_loss]).collect(),
        },
        Curve {
            name: say!("plot-validation"),
            color: t.accent_fill,
            points: points.iter().filter_map(|point| Some([point.epoch as f64, point.validation_loss?])).collect(),
        },
    ];
    plot(ui, &say!("recipe-loss"), &curves, epochs, None, height);
}

/// `in_use`: F2 micro of the model in use, as a level line.
pub fn f2(ui: &mut Ui, points: &[Point], epochs: usize, in_use: Option<f64>, height: f32) {
    let t = tokens(ui);
    let mut curves = vec![
        Curve {
            name: say!("plot-micro"),
            color: t.accent_fill,
            points: points.iter().filter_map(|point| Some([point.epoch as f64, point.f2_micro?])).collect(),
        },
        Curve {
            name: say!("plot-per-image"),
            color: t.ok,
            points: points.iter().filter_map(|point| Some([point.epoch as f64, point.f2_per_image?])).collect(),
        },
    ];
    if let Some(level) = in_use {
        curves.push(Curve {
            name: say!("plot-in-use"),
            color: t.text3,
            points: vec![[0.0, level], [epochs.max(1) as f64, level]],
        });
    }
    plot(ui, &say!("plot-f2"), &curves, epochs, Some(1.0), height);
}

fn plot(ui: &mut Ui, title: &str, curves: &[Curve], epochs: usize, top: Option<f64>, height: f32) {
    let t = tokens(ui);
    widgets::head(ui, title);
    ui.add_space(4.0);
    ui.scope(|ui| {
        ui.visuals_mut().widgets.noninteractive.fg_stroke.color = t.text3;
        ui.style_mut().text_styles.insert(egui::TextStyle::Body, theme::small());
        let mut plot = Plot::new(title)
            .height(height)
            .show_background(false)
            .show_x(false)
            .show_y(false)
            .allow_zoom(false)
            .allow_drag(false)
            .allow_scroll(false)
            .allow_boxed_zoom(false)
            .allow_double_click_reset(false)
            .show_axes([true, true])
            .grid_color(t.line)
            .show_grid([false, true])
            .grid_fade(0.0)
            .y_grid_spacer(quarters)
            .y_axis_min_width(34.0)
            .x_axis_formatter(|mark, _| format!("{:.0}", mark.value))
            .y_axis_formatter(|mark, _| trimmed(mark.value))
            .include_x(0.0)
            .include_x(epochs.max(1) as f64)
            .include_y(0.0)
            .set_margin_fraction(egui::vec2(0.01, 0.04));
        // Without a point yet the axis still begins at 0.
        let empty = curves.iter().all(|curve| curve.points.is_empty()).then_some(1.0);
        if let Some(top) = top.or(empty) {
            plot = plot.include_y(top);
        }
        plot.show(ui, |plot| {
            for curve in curves {
                let points = PlotPoints::from(curve.points.clone());
                plot.line(Line::new(curve.name.as_str(), points).color(curve.color).width(1.8).allow_hover(false));
            }
        });
    });
    legend(ui, curves);
}

/// A few level lines at round values.
fn quarters(input: egui_plot::GridInput) -> Vec<egui_plot::GridMark> {
    let (from, to) = input.bounds;
    let raw = ((to - from) / 4.0).max(1e-6);
    let magnitude = 10_f64.powf(raw.log10().floor());
    let step = [1.0, 2.0, 2.5, 5.0, 10.0].map(|factor| factor * magnitude);
    let step = step.into_iter().find(|step| *step >= raw * 0.99).unwrap_or(raw);
    let first = (from / step).ceil() as i64;
    (first..=(to / step).floor() as i64)
        .map(|n| egui_plot::GridMark { value: n as f64 * step, step_size: step })
        .collect()
}

fn trimmed(value: f64) -> String {
    let text = format!("{value:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn legend(ui: &mut Ui, curves: &[Curve]) {
    let t = tokens(ui);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        for curve in curves {
            let Some([_, last]) = curve.points.last() else {
                continue;
            };
            let (rect, _) = ui.allocate_exact_size(egui::vec2(10.0, 14.0), egui::Sense::hover());
            ui.painter().circle_filled(rect.center(), 4.0, curve.color);
            ui.label(RichText::new(format!("{} {last:.3}", curve.name)).font(theme::small()).color(t.text2));
            ui.add_space(8.0);
        }
    });
}
