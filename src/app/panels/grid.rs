//! The library's grid: thumbnails of the rows in view, however many there are.

use eframe::egui;
use egui::accesskit::Role;
use egui::{
    Align2, Color32, CornerRadius, Rect, RichText, ScrollArea, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

use super::query_field::said;
use super::widgets::{self, ChipKind};
use crate::app::action::Action;
use crate::app::insights::Insight;
use crate::app::state::sections::Section;
use crate::app::state::{Desk, Item, Looked, Select, Size, State};
use crate::app::texts::say;
use crate::app::textures::Textures;
use crate::app::theme::{self, Tokens, tokens};

const GAP: f32 = 8.0;
/// Height of a part's heading.
const HEAD: f32 = 34.0;

#[derive(Debug, Default)]
pub struct Grid {
    /// Of the last frame: the images drawn and those just out of view, nearest first.
    pub in_view: Vec<u32>,
    pub columns: usize,
    /// To scroll only when it moves.
    last_cursor: Option<u32>,
}

impl Grid {
    pub fn ui(&mut self, ui: &mut Ui, state: &State, textures: &mut Textures) -> Option<Action> {
        let desk = state.desk.as_ref()?;
        self.in_view.clear();
        if desk.items.is_empty() {
            return no_pictures(ui, desk);
        }
        let mut action = header(ui, desk);
        if desk.shown.is_empty() {
            let asked = widgets::empty(ui, &say!("grid-nothing"), &say!("grid-nothing-help"), |ui| {
                ui.button(say!("grid-clear")).clicked().then_some(Action::ClearFilter)
            });
            return asked.or(action);
        }
        let width = ui.available_width();
        let columns = (((width + GAP) / (state.settings.thumbnail + GAP)).floor() as usize).max(1);
        let cell = (width + GAP) / columns as f32 - GAP;
        let size = vec2(cell, (cell * 0.735).round());
        self.columns = columns;
        let moved = self.last_cursor != desk.cursor;
        self.last_cursor = desk.cursor;
        let (pitch, extra) = (size.y + GAP, size.x + GAP);
        let mut bands = Vec::new();
        let mut height = 0.0;
        for section in desk.sections.iter() {
            let head = if section.name.is_empty() { 0.0 } else { HEAD };
            let end = height + head + section.n_rows(columns) as f32 * pitch;
            bands.push(Band { section, top: height + head, end });
            height = end;
        }
        ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
        ScrollArea::vertical().auto_shrink(false).animated(false).show_viewport(ui, |ui, viewport| {
            ui.set_height(height);
            let origin = ui.max_rect().min;
            if moved && let Some(at) = desk.cursor.and_then(|cursor| desk.position(cursor).ok()) {
                let (top, head) = place(&bands, at, columns, pitch);
                let rect = Rect::from_min_size(pos2(origin.x, origin.y + top - head), vec2(10.0, size.y + head));
                ui.scroll_to_rect(rect.expand2(vec2(0.0, GAP)), None);
            }
            // A list that has just become short may lie above what is in view.
            let (mut ahead, mut behind) = (desk.shown.len(), 0);
            let first = bands.partition_point(|band| band.end <= viewport.top());
            for band in bands[first..].iter().take_while(|band| band.top - HEAD < viewport.bottom()) {
                let at = &band.section.at;
                if !band.section.name.is_empty() && viewport.top() < band.top {
                    heading(ui, band.section, origin + vec2(0.0, band.top - HEAD), width);
                }
                let row = |y: f32| ((y - band.top) / pitch).max(0.0);
                let from = (row(viewport.top()) as usize * columns + at.start).min(at.end);
                let to = (row(viewport.bottom()).ceil() as usize * columns + at.start).min(at.end);
                (ahead, behind) = (to, if self.in_view.is_empty() { from } else { behind });
                for position in from..to {
                    let (row, column) = ((position - at.start) / columns, (position - at.start) % columns);
                    let corner = origin + vec2(column as f32 * extra, band.top + row as f32 * pitch);
                    let image = desk.shown[position];
                    self.in_view.push(image);
                    let asked = thumbnail(ui, desk, image, Rect::from_min_size(corner, size), textures);
                    action = asked.or(action.take());
                }
            }
            // Those that the next turn of the wheel brings.
            let page = self.in_view.len().max(columns);
            self.in_view.extend(desk.shown.iter().skip(ahead).take(page));
            self.in_view.extend(desk.shown[..behind.min(desk.shown.len())].iter().rev().take(page / 2));
        });
        action
    }
}

/// A part of the grid with where it lies, in points below the first row.
struct Band<'a> {
    section: &'a Section,
    /// Of its first row, below its heading.
    top: f32,
    end: f32,
}

/// How far down a position's row begins, and the height of the heading directly above it.
fn place(bands: &[Band<'_>], position: usize, columns: usize, pitch: f32) -> (f32, f32) {
    let number = bands.partition_point(|band| band.section.at.end <= position);
    let Some(band) = bands.get(number) else {
        return (0.0, 0.0);
    };
    let row = position.saturating_sub(band.section.at.start) / columns;
    let has_head = row == 0 && !band.section.name.is_empty();
    (band.top + row as f32 * pitch, if has_head { HEAD } else { 0.0 })
}

fn heading(ui: &mut Ui, section: &Section, at: egui::Pos2, width: f32) {
    let (t, name) = (tokens(ui), section.name.as_str());
    let rect = Rect::from_min_size(at, vec2(width, HEAD));
    let response = ui.interact(rect, ui.scope_id().with(("heading", section.at.start)), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, name));
    let galley = widgets::truncated(ui, name, theme::strong(), t.text2, width);
    ui.painter().galley(pos2(rect.left(), rect.bottom() - 8.0 - galley.size().y), galley, t.text2);
}

fn no_pictures(ui: &mut Ui, desk: &Desk) -> Option<Action> {
    let text = say!("grid-empty", folder = desk.root().display());
    widgets::empty(ui, &say!("grid-no-pictures"), &text, |ui| {
        ui.button(say!("grid-open-another")).clicked().then_some(Action::AskFolder)
    })
}

/// What the filter is, how many pass it, and how large they are drawn.
fn header(ui: &mut Ui, desk: &Desk) -> Option<Action> {
    let t = tokens(ui);
    let mut action = None;
    ui.horizontal_wrapped(|ui| {
        ui.set_min_height(28.0);
        ui.spacing_mut().item_spacing = vec2(6.0, 6.0);
        let filter_chip = |ui: &mut Ui, words: String, name: String| {
            let job = egui::text::LayoutJob::simple_singleline(words, theme::body(), t.text2);
            widgets::chip(ui, ChipKind::Plain, &job, "×", &say!("grid-remove-filter", name = name)).clicked()
        };
        if desk.filter.looked != Looked::All && filter_chip(ui, desk.filter.looked.name(), desk.filter.looked.name()) {
            action = Some(Action::FilterLooked(Looked::All));
        }
        for &(attribute, wanted) in &desk.filter.tags {
            let name = desk.vocabulary.get(attribute).map_or("", |label| label.short_name());
            let words = if wanted { name.to_owned() } else { say!("filters-not", name = name) };
            if filter_chip(ui, words.clone(), words) {
                action = Some(Action::FilterTag { attribute, wanted, keep_others: true });
            }
        }
        if let Some(only) = &desk.only
            && filter_chip(ui, only.name.clone(), only.name.clone())
        {
            action = Some(Action::Insight(Insight::Leave));
        }
        if !desk.filter.text.is_empty()
            && filter_chip(ui, say!("grid-quoted", text = desk.filter.text), desk.filter.text.clone())
        {
            action = Some(Action::FilterText(String::new()));
        }
        let words = match desk.shown.len() {
            n if n == desk.items.len() => say!("grid-images", n = n),
            n => say!("grid-shown", n = n, all = desk.items.len()),
        };
        ui.label(RichText::new(words).color(t.text2));
        let selected = desk.selection.images().len();
        if selected > 1 {
            ui.label(RichText::new(say!("grid-selected", n = selected)).color(t.text2));
        }
    });
    if let Some(fault) = desk.line.faults.first() {
        let part = desk.filter.text.get(fault.span.clone()).unwrap_or_default();
        widgets::note(ui, say!("grid-left-out", part = part, why = said(fault)));
    }
    ui.add_space(6.0);
    action
}

fn thumbnail(ui: &mut Ui, desk: &Desk, image: u32, rect: Rect, textures: &mut Textures) -> Option<Action> {
    let t = tokens(ui);
    let item = desk.item(image);
    let response = ui.interact(rect, ui.scope_id().with(image), Sense::click());
    let selected = desk.selection.contains(image);
    response.widget_info(|| {
        let flagged = if item.annotation.is_flagged() { say!("grid-flagged") } else { String::new() };
        let state = describe(item, desk.threshold);
        WidgetInfo::selected(Role::Button, true, selected, format!("{}{state}{flagged}", desk.id(image)))
    });
    match textures.get(image, Size::Thumbnail) {
        Some(texture) => widgets::paint_picture(ui, rect, texture, 4, Color32::WHITE),
        None => {
            ui.painter().rect_filled(rect, CornerRadius::same(4), t.bg1);
            let words = if item.problem.is_some() { say!("grid-cannot-be-shown") } else { String::new() };
            ui.painter().text(rect.center(), Align2::CENTER_CENTER, words, theme::small(), t.text3);
        }
    }
    badge(ui, rect, item, desk.threshold, t);
    if item.annotation.is_flagged() {
        pennant(ui, rect, t);
    }
    if selected {
        ui.painter().rect_stroke(
            rect.expand(2.0),
            CornerRadius::same(6),
            Stroke::new(2.0, t.accent),
            StrokeKind::Middle,
        );
    } else if desk.cursor == Some(image) || response.has_focus() {
        ui.painter().rect_stroke(
            rect.expand(2.0),
            CornerRadius::same(6),
            Stroke::new(1.0, t.text2),
            StrokeKind::Middle,
        );
    } else if response.hovered() {
        ui.painter().rect_stroke(rect, CornerRadius::same(4), Stroke::new(1.0, t.text3), StrokeKind::Inside);
    }
    let modifiers = ui.input(|input| input.modifiers);
    let action = if response.double_clicked() {
        Some(Action::OpenInReview(image))
    } else if response.clicked() {
        let how = match modifiers {
            modifiers if modifiers.command => Select::Toggle,
            modifiers if modifiers.shift => Select::To,
            _ => Select::Only,
        };
        Some(Action::Select { image, how })
    } else {
        None
    };
    response.on_hover_text_at_pointer(desk.id(image).as_str());
    action
}

/// What the badge says, in words.
fn describe(item: &Item, threshold: f32) -> String {
    match item {
        item if item.problem.is_some() => say!("grid-and-not-shown"),
        item if item.annotation.is_reviewed() => say!("grid-and-reviewed"),
        item if item.has_proposals(threshold) => say!("grid-and-proposals"),
        _ => String::new(),
    }
}

/// Flagged: a pennant at the other corner.
fn pennant(ui: &Ui, rect: Rect, t: &Tokens) {
    let center = pos2(rect.left() + 12.0, rect.top() + 12.0);
    let painter = ui.painter();
    painter.circle_filled(center, 8.0, t.veil);
    let stroke = Stroke::new(1.4, theme::DARK.accent);
    painter.line_segment([center + vec2(-2.5, -4.5), center + vec2(-2.5, 4.5)], stroke);
    let cloth = [vec2(-2.5, -4.5), vec2(4.0, -2.2), vec2(-2.5, 0.2)].map(|at| center + at);
    painter.add(egui::Shape::convex_polygon(cloth.to_vec(), theme::DARK.accent, Stroke::NONE));
}

/// Reviewed ✓, proposals ring, problem !: a sign each, not a colour alone.
fn badge(ui: &Ui, rect: Rect, item: &Item, threshold: f32, t: &Tokens) {
    let center = pos2(rect.right() - 12.0, rect.top() + 12.0);
    let painter = ui.painter();
    let ground = || painter.circle_filled(center, 8.0, t.veil);
    if item.problem.is_some() {
        ground();
        painter.text(center, Align2::CENTER_CENTER, "!", theme::strong(), theme::DARK.no);
    } else if item.annotation.is_reviewed() {
        ground();
        let stroke = Stroke::new(1.6, theme::DARK.ok);
        let tick = [center + vec2(-3.2, 0.2), center + vec2(-0.9, 2.6), center + vec2(3.4, -2.6)];
        painter.line(tick.to_vec(), stroke);
    } else if item.has_proposals(threshold) {
        ground();
        painter.circle_filled(center, 3.0, theme::DARK.accent);
    }
}
