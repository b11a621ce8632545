//! Bars of a chart, each a button: lying ones as rows, upright ones over their axis.

use eframe::egui;
use egui::accesskit::Role;
use egui::{Align2, CornerRadius, Rect, Response, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::Clicked;
use crate::app::panels::widgets;
use crate::app::text::thousands;
use crate::app::texts::say;
use crate::app::theme::{self, tokens};
use crate::domain::insights::chart::ticks;
use crate::domain::insights::{Bar, Form, Part, Scale};

/// One line of the list: the title of a part, or one of its bars.
#[derive(Debug, Clone, Copy)]
pub(super) enum Line {
    Title(usize),
    Bar(usize, usize),
}

pub(super) fn lines(parts: &[&Part]) -> Vec<Line> {
    let mut lines = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        let Form::Lying { bars, .. } = &part.form else { continue };
        lines.push(Line::Title(at));
        lines.extend((0..bars.len()).map(|bar| Line::Bar(at, bar)));
    }
    lines
}

pub(super) fn line(ui: &mut Ui, parts: &[&Part], line: Line) -> Clicked {
    match line {
        Line::Title(part) => {
            let t = tokens(ui);
            let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), theme::ROW), Sense::hover());
            let title = parts[part].title.as_str();
            response.widget_info(|| WidgetInfo::labeled(Role::Label, true, title));
            let text = title.to_uppercase();
            let at = rect.left_center() + vec2(8.0, 2.0);
            ui.painter().text(at, Align2::LEFT_CENTER, text, theme::caps(), t.text3);
            None
        }
        Line::Bar(part, bar) => match &parts[part].form {
            Form::Lying { scale, bars } => lying(ui, *scale, &bars[bar]),
            _ => None,
        },
    }
}

/// A bar with nothing behind it is drawn, but leads nowhere.
fn sense(bar: &Bar) -> Sense {
    if bar.behind.images.is_empty() { Sense::hover() } else { Sense::click() }
}

/// Its name and value, for those who do not see it; and where the keyboard is.
fn described(ui: &Ui, response: &Response, rect: Rect, bar: &Bar) -> Clicked {
    let role = if bar.behind.images.is_empty() { Role::Label } else { Role::Button };
    response.widget_info(|| WidgetInfo::labeled(role, true, format!("{}: {}", bar.name, bar.said)));
    if response.gained_focus() {
        response.scroll_to_me(None);
    }
    widgets::focus_ring(ui, rect, response);
    response.clicked().then(|| bar.behind.clone())
}

fn lying(ui: &mut Ui, scale: Scale, bar: &Bar) -> Clicked {
    let t = tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), theme::ROW), sense(bar));
    if response.hovered() && response.sense.senses_click() {
        ui.painter().rect_filled(rect, CornerRadius::same(theme::RADIUS), t.bg1);
    }
    let clicked = described(ui, &response, rect, bar);
    if !ui.is_rect_visible(rect) {
        return clicked;
    }
    let name_room = (rect.width() * 0.28).min(260.0);
    let said_room = (rect.width() * 0.3).min(230.0);
    let name = widgets::truncated(ui, &bar.name, theme::body(), t.text, name_room - 16.0);
    let at = pos2(rect.left() + 8.0, rect.center().y - name.size().y / 2.0);
    ui.painter().galley(at, name, t.text);
    let said = widgets::truncated(ui, &bar.said, theme::small(), t.text2, said_room - 16.0);
    let at = pos2(rect.right() - said_room + 12.0, rect.center().y - said.size().y / 2.0);
    ui.painter().galley(at, said, t.text2);
    let track = Rect::from_min_max(
        pos2(rect.left() + name_room, rect.center().y - 5.0),
        pos2(rect.right() - said_room, rect.center().y + 5.0),
    );
    widgets::paint_bar(ui, track, scale.length(bar.value) as f32, t.accent_fill);
    if let Some(ends) = bar.interval {
        let stroke = Stroke::new(1.5, t.text2);
        let [low, high] = ends.map(|end| track.left() + track.width() * scale.length(end) as f32);
        ui.painter().hline(low..=high, track.center().y, stroke);
        for x in [low, high] {
            ui.painter().vline(x, track.center().y - 4.0..=track.center().y + 4.0, stroke);
        }
    }
    clicked
}

/// Room for the numbers of the axis, and for the words of the sum.
const AXIS: f32 = 56.0;
const SUM: f32 = 84.0;

pub(super) fn upright(
    ui: &mut Ui,
    part: &Part,
    (x_name, y_name): (&str, &str),
    bars: &[Bar],
    sums: bool,
    height: f32,
) -> Clicked {
    let t = tokens(ui);
    let (rect, whole) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    whole.widget_info(|| {
        WidgetInfo::labeled(Role::Figure, true, say!("insights-by", title = part.title, axis = x_name))
    });
    let plot = Rect::from_min_max(
        pos2(rect.left() + AXIS, rect.top() + 16.0),
        pos2(rect.right() - if sums { SUM } else { 8.0 }, rect.bottom() - 36.0),
    );
    let ticks = ticks(bars.iter().map(|bar| bar.value).fold(1.0, f64::max));
    let most = ticks.last().copied().unwrap_or(1.0);
    let y = |value: f64, most: f64| plot.bottom() - plot.height() * (value / most) as f32;
    let small = |at, align, words: &str| ui.painter().text(at, align, words, theme::small(), t.text3);
    for value in ticks {
        let at = y(value, most);
        ui.painter().hline(plot.x_range(), at, Stroke::new(1.0, t.line));
        small(pos2(plot.left() - 8.0, at), Align2::RIGHT_CENTER, &thousands(value as usize));
    }
    small(plot.left_top() + vec2(8.0, 4.0), Align2::LEFT_TOP, y_name);
    small(pos2(plot.center().x, rect.bottom()), Align2::CENTER_BOTTOM, x_name);
    let pitch = plot.width() / bars.len().max(1) as f32;
    let gap = if pitch > 4.0 { (pitch * 0.12).min(8.0) } else { 0.0 };
    let longest = bars.iter().map(|bar| bar.name.len()).max().unwrap_or(1);
    let every = ((longest as f32 * 7.0 + 12.0) / pitch).ceil().max(1.0) as usize;
    let mut clicked = None;
    for (at, bar) in bars.iter().enumerate() {
        let left = plot.left() + at as f32 * pitch;
        // The whole column is the button: a short bar must be as easy to hit as a long one.
        let column = Rect::from_min_max(pos2(left, plot.top()), pos2(left + pitch, plot.bottom()));
        let response = ui.interact(column, ui.scope_id().with((&part.title, at)), sense(bar));
        if response.hovered() && response.sense.senses_click() {
            ui.painter().rect_filled(column, CornerRadius::same(2), t.bg1);
        }
        clicked = described(ui, &response, column, bar).or(clicked);
        if bar.value > 0.0 {
            let top = y(bar.value, most).min(plot.bottom() - 2.0);
            let right = (left + pitch - gap).max(left + gap + 1.0);
            let filled = Rect::from_min_max(pos2(left + gap, top), pos2(right, plot.bottom()));
            ui.painter().rect_filled(filled, CornerRadius::same(2), t.accent_fill);
        }
        if at % every == 0 {
            small(pos2(left + pitch / 2.0, plot.bottom() + 5.0), Align2::CENTER_TOP, &bar.name);
        }
        response.on_hover_text_at_pointer(format!("{}: {}", bar.name, bar.said));
    }
    if sums && !bars.is_empty() {
        let total: f64 = bars.iter().map(|bar| bar.value).sum();
        let mut so_far = 0.0;
        let points = bars.iter().enumerate().map(|(at, bar)| {
            so_far += bar.value;
            pos2(plot.left() + (at as f32 + 0.5) * pitch, y(so_far, total.max(1.0)))
        });
        let points: Vec<_> = points.collect();
        ui.painter().line(points, Stroke::new(1.5, t.text2));
        let words = say!("insights-in-all", n = total as usize);
        let at = pos2(plot.right() + 6.0, plot.top());
        ui.painter().text(at, Align2::LEFT_CENTER, words, theme::small(), t.text2);
    }
    clicked
}
