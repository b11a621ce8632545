//! Pictures by width and height, each mark a button; elongated ones are squares of another colour.

use eframe::egui;
use egui::accesskit::Role;
use egui::{Align2, CornerRadius, Rect, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::Clicked;
use crate::app::panels::widgets;
use crate::app::texts::say;
use crate::app::theme::{self, tokens};
use crate::domain::insights::chart::images;
use crate::domain::insights::sizes::{ELONGATED, span};
use crate::domain::insights::{Mark, Part};

pub(super) fn marks(ui: &mut Ui, part: &Part, marks: &[Mark], height: f32) -> Clicked {
    let t = tokens(ui);
    let (rect, whole) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    whole.widget_info(|| WidgetInfo::labeled(Role::Figure, true, part.title.as_str()));
    let plot = Rect::from_min_max(rect.min + vec2(56.0, 10.0), rect.max - vec2(12.0, 36.0));
    let (from, to) = span(marks);
    let share = |value: f64| ((value.log2() - from) / (to - from)) as f32;
    let at = |width: f64, height: f64| {
        pos2(plot.left() + plot.width() * share(width), plot.bottom() - plot.height() * share(height))
    };
    let (least, most) = (from.exp2(), to.exp2());
    let small = |at, align, words: &str| ui.painter().text(at, align, words, theme::small(), t.text3);
    let hairline = Stroke::new(1.0, t.line);
    for octave in from as i32..=to as i32 {
        let value = f64::from(octave).exp2();
        let (x, y) = (at(value, least).x, at(least, value).y);
        ui.painter().vline(x, plot.y_range(), hairline);
        ui.painter().hline(plot.x_range(), y, hairline);
        small(pos2(x, plot.bottom() + 5.0), Align2::CENTER_TOP, &format!("{value:.0}"));
        small(pos2(plot.left() - 8.0, y), Align2::RIGHT_CENTER, &format!("{value:.0}"));
    }
    small(plot.left_top() + vec2(8.0, 6.0), Align2::LEFT_TOP, &say!("insights-height"));
    small(pos2(plot.center().x, rect.bottom()), Align2::CENTER_BOTTOM, &say!("insights-width"));
    let border = Stroke::new(1.0, t.text3);
    ui.painter().line_segment([at(least * ELONGATED, least), at(most, most / ELONGATED)], border);
    ui.painter().line_segment([at(least, least * ELONGATED), at(most / ELONGATED, most)], border);
    let mut clicked = None;
    for (number, mark) in marks.iter().enumerate() {
        let n = mark.behind.images.len();
        let radius = 3.0 + 3.0 * (n as f32).log10();
        let center = at(mark.width, mark.height);
        let hit = Rect::from_center_size(center, vec2(2.0, 2.0) * radius.max(5.0));
        let response = ui.interact(hit, ui.scope_id().with((&part.title, number)), Sense::click());
        let kind = if mark.elongated { say!("insights-elongated") } else { String::new() };
        let words = format!("{}{kind}: {}", mark.behind.name, images(n));
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, words.as_str()));
        match mark.elongated {
            true => {
                let square = Rect::from_center_size(center, vec2(1.8, 1.8) * radius);
                ui.painter().rect_filled(square, CornerRadius::ZERO, t.no)
            }
            false => ui.painter().circle_filled(center, radius, t.accent_fill),
        };
        if response.hovered() {
            ui.painter().circle_stroke(center, radius + 2.0, Stroke::new(1.5, t.text));
        }
        widgets::focus_ring(ui, hit.expand(2.0), &response);
        if response.clicked() {
            clicked = Some(mark.behind.clone());
        }
        response.on_hover_text_at_pointer(words);
    }
    clicked
}
