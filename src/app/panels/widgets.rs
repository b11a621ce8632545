//! Small things that several panels draw: section heads, rows, keys, chips, bars. Each control has an accessible name.

use eframe::egui;
use egui::accesskit::Role;
use egui::text::{LayoutJob, TextFormat};
use egui::{
    Align2, Color32, CornerRadius, Rect, Response, RichText, Sense, Shape, Stroke, StrokeKind, TextureHandle, Ui, Vec2,
    WidgetInfo, pos2, vec2,
};

use crate::app::keymap::{Verb, binding, held};
use crate::app::theme::{self, Tokens, tokens};
use crate::domain::Label;

/// Small capitals over a section.
pub fn section(ui: &mut Ui, text: &str) {
    ui.add_space(10.0);
    head(ui, text);
    ui.add_space(2.0);
}

/// The same without space around.
pub fn head(ui: &mut Ui, text: &str) {
    let t = tokens(ui);
    ui.label(RichText::new(text.to_uppercase()).font(theme::caps()).color(t.text3).extra_letter_spacing(0.6));
}

/// Secondary text that wraps.
pub fn note(ui: &mut Ui, text: impl Into<String>) -> Response {
    let t = tokens(ui);
    ui.add(egui::Label::new(RichText::new(text).font(theme::small()).color(t.text2)).wrap())
}

/// A row to click, with a number at its right end.
pub fn row(ui: &mut Ui, indent: f32, label: &str, end: &str, selected: bool) -> Response {
    let t = tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), theme::ROW), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, selected, format!("{label} {end}").trim()));
    if ui.is_rect_visible(rect) {
        row_ground(ui, rect, &response, selected);
        let end_width = paint_end(ui, rect, end);
        let width = rect.width() - indent - 20.0 - end_width;
        let color = if selected { t.text } else { t.text2 };
        let galley = truncated(ui, label, theme::body(), color, width);
        let at = pos2(rect.left() + 8.0 + indent, rect.center().y - galley.size().y / 2.0);
        ui.painter().galley(at, galley, color);
    }
    response
}

/// The ground of a row or a tab: selected, under the pointer, or reached with Tab.
pub fn row_ground(ui: &Ui, rect: Rect, response: &Response, selected: bool) {
    let t = tokens(ui);
    let radius = CornerRadius::same(theme::RADIUS);
    if selected {
        ui.painter().rect_filled(rect, radius, t.sel);
    } else if response.hovered() {
        ui.painter().rect_filled(rect, radius, t.bg2);
    }
    focus_ring(ui, rect, response);
}

/// Where the keyboard is.
pub fn focus_ring(ui: &Ui, rect: Rect, response: &Response) {
    if response.has_focus() {
        let stroke = Stroke::new(tokens(ui).ring, tokens(ui).accent);
        ui.painter().rect_stroke(rect, CornerRadius::same(theme::RADIUS), stroke, StrokeKind::Inside);
    }
}

fn paint_end(ui: &Ui, rect: Rect, end: &str) -> f32 {
    let at = pos2(rect.right() - 8.0, rect.center().y);
    let painted = ui.painter().text(at, Align2::RIGHT_CENTER, end, theme::small(), tokens(ui).text3);
    painted.width()
}

/// Of a button with these words, in points.
pub fn button_width(ui: &Ui, words: &str) -> f32 {
    let font = egui::TextStyle::Button.resolve(ui.style());
    let text = ui.painter().layout_no_wrap(words.to_owned(), font, Color32::PLACEHOLDER).size().x;
    (text + 2.0 * ui.spacing().button_padding.x).ceil()
}

/// One line that ends in … where it does not fit.
pub fn truncated(ui: &Ui, text: &str, font: egui::FontId, color: Color32, width: f32) -> std::sync::Arc<egui::Galley> {
    let mut job = LayoutJob::simple_singleline(text.to_owned(), font, color);
    job.wrap.max_width = width.max(8.0);
    job.wrap.max_rows = 1;
    job.wrap.break_anywhere = true;
    ui.fonts_mut(|fonts| fonts.layout_job(job))
}

/// `scene` dim, `sea` bright.
pub fn label_job(label: &Label, dim: Color32, bright: Color32, struck: bool) -> LayoutJob {
    let mut job = LayoutJob::default();
    let strike = |color| if struck { Stroke::new(1.0, color) } else { Stroke::NONE };
    if let Some(namespace) = label.namespace() {
        let format =
            TextFormat { font_id: theme::body(), color: dim, strikethrough: strike(dim), ..TextFormat::default() };
        job.append(&format!("{namespace} "), 0.0, format);
    }
    let format =
        TextFormat { font_id: theme::body(), color: bright, strikethrough: strike(bright), ..TextFormat::default() };
    job.append(label.short_name(), 0.0, format);
    job.wrap.max_rows = 1;
    job.wrap.break_anywhere = true;
    job
}

/// A key, as printed on the keyboard.
pub fn key(ui: &mut Ui, shown: &str) {
    let t = tokens(ui);
    let galley = ui.painter().layout_no_wrap(shown.to_owned(), theme::small(), t.text2);
    let size = vec2(galley.size().x + 10.0, 18.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, shown));
    paint_key(ui, rect, galley, t);
}

fn paint_key(ui: &Ui, rect: Rect, galley: std::sync::Arc<egui::Galley>, t: &Tokens) {
    let radius = CornerRadius::same(4);
    ui.painter().rect_stroke(rect, radius, Stroke::new(1.0, t.line), StrokeKind::Inside);
    let at = rect.center() - galley.size() / 2.0;
    ui.painter().galley(at, galley, t.text2);
}

/// A verb's key with what it does, in one line; nothing where no key does it.
pub fn key_hint(ui: &mut Ui, shown: &str, what: &str) {
    let t = tokens(ui);
    if shown.trim().is_empty() {
        return;
    }
    ui.spacing_mut().item_spacing.x = 6.0;
    key(ui, shown);
    ui.label(RichText::new(what).font(theme::small()).color(t.text2));
    ui.add_space(8.0);
}

/// A tab of the top bar, with its key.
pub fn tab(ui: &mut Ui, verb: Verb, selected: bool) -> Response {
    let t = tokens(ui);
    let binding = binding(verb);
    let name = ui.painter().layout_no_wrap(binding.name(), theme::body(), if selected { t.text } else { t.text2 });
    let key = ui.painter().layout_no_wrap(held(ui).shown(verb).to_owned(), theme::caps(), t.text3);
    let size = vec2(name.size().x + key.size().x + 42.0, 30.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Tab, true, selected, binding.name()));
    row_ground(ui, rect, &response, false);
    if selected {
        ui.painter().rect_filled(rect, CornerRadius::same(theme::RADIUS), t.bg2);
        focus_ring(ui, rect, &response);
    }
    let key_rect = Rect::from_center_size(
        pos2(rect.right() - 12.0 - key.size().x / 2.0 - 4.0, rect.center().y),
        vec2(key.size().x + 10.0, 16.0),
    );
    let at = pos2(rect.left() + 12.0, rect.center().y - name.size().y / 2.0);
    ui.painter().galley(at, name, t.text);
    if !key.is_empty() {
        paint_key(ui, key_rect, key, t);
    }
    response.on_hover_text(binding.help())
}

/// The one big button.
pub fn accent_button(ui: &mut Ui, text: &str, enabled: bool) -> Response {
    let t = tokens(ui);
    let text = RichText::new(text).font(theme::strong()).color(if enabled { t.on_accent } else { t.text2 });
    let fill = if enabled { t.accent_fill } else { t.bg2 };
    let button = egui::Button::new(text).fill(fill).min_size(vec2(ui.available_width(), 32.0));
    centred(ui, button.stroke(Stroke::NONE), enabled)
}

/// A button over the whole width with its words in the middle.
pub fn centred(ui: &mut Ui, button: egui::Button<'_>, enabled: bool) -> Response {
    let layout = egui::Layout::top_down_justified(egui::Align::Center);
    ui.with_layout(layout, |ui| ui.add_enabled(enabled, button)).inner
}

/// A small button inside a row that was drawn already; takes no room of its own.
pub fn place_in(ui: &mut Ui, rect: Rect, button: egui::Button<'_>) -> Response {
    let layout = egui::Layout::centered_and_justified(egui::Direction::LeftToRight);
    let mut child = ui.new_child(egui::UiBuilder::new().max_rect(rect).layout(layout).id_salt(rect.left() as i32));
    child.spacing_mut().button_padding = vec2(2.0, 0.0);
    child.spacing_mut().interact_size = rect.size();
    child.add(button)
}

/// Points down where something is open or opens, right where it is folded.
pub fn triangle(ui: &Ui, at: egui::Pos2, down: bool) {
    let corners = match down {
        true => [vec2(-3.5, -2.0), vec2(3.5, -2.0), vec2(0.0, 2.5)],
        false => [vec2(-2.0, -3.5), vec2(2.5, 0.0), vec2(-2.0, 3.5)],
    };
    let points = corners.map(|corner| at + corner).into();
    ui.painter().add(Shape::convex_polygon(points, tokens(ui).text3, Stroke::NONE));
}

/// How a chip looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChipKind {
    Accepted,
    Rejected,
    Plain,
    /// An invitation.
    Dashed,
}

/// A round-ended word to click. `mark` stands before it, so that the kind is told without colour.
pub fn chip(ui: &mut Ui, kind: ChipKind, text: &LayoutJob, mark: &str, name: &str) -> Response {
    let t = tokens(ui);
    let (fill, color) = match kind {
        ChipKind::Accepted => (t.ok_fill, t.ok),
        ChipKind::Rejected => (t.no_fill, t.no),
        ChipKind::Plain => (t.bg2, t.text2),
        ChipKind::Dashed => (Color32::TRANSPARENT, t.text2),
    };
    let mark = ui.painter().layout_no_wrap(mark.to_owned(), theme::small(), color);
    let mut job = text.clone();
    job.wrap.max_width = (ui.available_width() - mark.size().x - 30.0).max(60.0);
    let galley = ui.fonts_mut(|fonts| fonts.layout_job(job));
    let gap = if mark.size().x > 0.0 { 5.0 } else { 0.0 };
    let size = vec2(galley.size().x + mark.size().x + gap + 20.0, 25.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    let radius = CornerRadius::same(12);
    ui.painter().rect_filled(rect, radius, fill);
    let edge = if response.hovered() || response.has_focus() {
        color
    } else if kind == ChipKind::Dashed {
        t.line
    } else {
        fill
    };
    if kind == ChipKind::Dashed && !response.hovered() {
        let path = dashed_outline(rect, t.text3);
        ui.painter().extend(path);
    } else {
        ui.painter().rect_stroke(rect, radius, Stroke::new(1.0, edge), StrokeKind::Inside);
    }
    let mark_at = pos2(rect.left() + 10.0, rect.center().y - mark.size().y / 2.0);
    let at = pos2(mark_at.x + mark.size().x + gap, rect.center().y - galley.size().y / 2.0);
    ui.painter().galley(mark_at, mark, color);
    ui.painter().galley(at, galley, color);
    focus_ring(ui, rect, &response);
    response
}

fn dashed_outline(rect: Rect, color: Color32) -> Vec<Shape> {
    let rect = rect.shrink(0.5);
    let radius = rect.height() / 2.0;
    let mut points = Vec::new();
    for (center, from) in
        [(pos2(rect.right() - radius, rect.center().y), -90.0_f32), (pos2(rect.left() + radius, rect.center().y), 90.0)]
    {
        for step in 0..=12 {
            let angle = (from + 15.0 * step as f32).to_radians();
            points.push(center + radius * Vec2::angled(angle));
        }
    }
    points.push(points[0]);
    Shape::dashed_line(&points, Stroke::new(1.0, color), 3.0, 3.0)
}

/// How much of something, 0..=1, as a bar of 3 points.
pub fn paint_bar(ui: &Ui, rect: Rect, share: f32, color: Color32) {
    let t = tokens(ui);
    let radius = CornerRadius::same(2);
    ui.painter().rect_filled(rect, radius, t.line);
    if share > 0.0 {
        let width = (rect.width() * share.clamp(0.0, 1.0)).max(2.0);
        let filled = Rect::from_min_size(rect.min, vec2(width, rect.height()));
        ui.painter().rect_filled(filled, radius, color);
    }
}

/// A picture in a rectangle: filling it where little is cut off, whole where it is long or tall.
pub fn paint_picture(ui: &Ui, rect: Rect, texture: &TextureHandle, radius: u8, tint: Color32) {
    let size = texture.size_vec2();
    let stretch = (size.x / size.y) / (rect.width() / rect.height());
    let corner = CornerRadius::same(radius);
    let (target, uv) = if (0.78..1.3).contains(&stretch) {
        let (w, h) = (1.0_f32.min(1.0 / stretch), 1.0_f32.min(stretch));
        (rect, Rect::from_center_size(pos2(0.5, 0.5), vec2(w, h)))
    } else {
        ui.painter().rect_filled(rect, corner, tokens(ui).bg1);
        let size = size * (rect.size() / size).min_elem();
        (Rect::from_center_size(rect.center(), size), unit())
    };
    let shape = egui::epaint::RectShape::filled(target, corner, tint).with_texture(texture.id(), uv);
    ui.painter().add(shape);
}

pub fn unit() -> Rect {
    Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0))
}

/// A page that explains why there is nothing: a title, a sentence, and what can be done.
pub fn empty<R>(ui: &mut Ui, title: &str, text: &str, more: impl FnOnce(&mut Ui) -> R) -> R {
    let t = tokens(ui);
    ui.vertical_centered(|ui| {
        ui.add_space((ui.available_height() * 0.3).max(24.0));
        ui.label(RichText::new(title).font(egui::FontId::new(18.0, theme::strong_family())).color(t.text));
        ui.add_space(4.0);
        ui.scope(|ui| {
            ui.set_max_width(460.0);
            ui.label(RichText::new(text).color(t.text2));
        });
        ui.add_space(12.0);
        more(ui)
    })
    .inner
}
