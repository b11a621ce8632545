//! The neighbours of the picture under review, and the keys that act here.

use eframe::egui;
use egui::accesskit::Role;
use egui::{
    Align, Color32, CornerRadius, Layout, Rect, RichText, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

use super::widgets::{self, key_hint};
use crate::app::action::Action;
use crate::app::keymap::Verb;
use crate::app::state::{Desk, Size, State, review};
use crate::app::texts::say;
use crate::app::textures::Textures;
use crate::app::theme::{self, tokens};

pub const HEIGHT: f32 = 84.0;
const PICTURE: f32 = 60.0;
const GAP: f32 = 6.0;

#[derive(Debug, Default)]
pub struct Strip {
    /// Of the last frame, the picture under review first.
    pub in_view: Vec<u32>,
}

impl Strip {
    pub fn ui(&mut self, ui: &mut Ui, desk: &Desk, textures: &mut Textures) -> Option<Action> {
        self.in_view.clear();
        let cursor = desk.cursor?;
        let area = ui.available_rect_before_wrap();
        let y = area.center().y;
        let (here, forward) = match desk.position(cursor) {
            Ok(position) => (position, position + 1),
            Err(gap) => (gap, gap),
        };
        let width = thumbnail_width(textures, cursor);
        let left = area.center().x - width / 2.0;
        let mut action = one(ui, desk, cursor, rect_at(left, y, width), textures);
        self.in_view.push(cursor);
        let mut x = left + width + GAP;
        for &image in desk.shown.get(forward..).unwrap_or_default() {
            if x > area.right() {
                break;
            }
            let width = thumbnail_width(textures, image);
            action = one(ui, desk, image, rect_at(x, y, width), textures).or(action);
            self.in_view.push(image);
            x += width + GAP;
        }
        let mut x = left - GAP;
        for &image in desk.shown[..here.min(desk.shown.len())].iter().rev() {
            if x < area.left() {
                break;
            }
            let width = thumbnail_width(textures, image);
            x -= width;
            action = one(ui, desk, image, rect_at(x, y, width), textures).or(action);
            self.in_view.push(image);
            x -= GAP;
        }
        action
    }
}

fn rect_at(x: f32, y: f32, width: f32) -> Rect {
    Rect::from_min_size(pos2(x, y - PICTURE / 2.0), vec2(width, PICTURE))
}

/// As wide as it is, within reason.
fn thumbnail_width(textures: &mut Textures, image: u32) -> f32 {
    let shape = textures.get(image, Size::Thumbnail).map_or(1.3, |texture| texture.aspect_ratio());
    (PICTURE * shape).clamp(34.0, 120.0).round()
}

fn one(ui: &mut Ui, desk: &Desk, image: u32, rect: Rect, textures: &mut Textures) -> Option<Action> {
    let t = tokens(ui);
    let is_here = desk.cursor == Some(image);
    let response = ui.interact(rect, ui.scope_id().with(("strip", image)), Sense::click());
    response
        .widget_info(|| WidgetInfo::selected(Role::Button, true, is_here, say!("strip-go", image = desk.id(image))));
    let bright = is_here || response.hovered();
    let tint = if bright { Color32::WHITE } else { Color32::from_gray(150) };
    match textures.get(image, Size::Thumbnail) {
        Some(texture) => widgets::paint_picture(ui, rect, texture, 3, tint),
        None => {
            ui.painter().rect_filled(rect, CornerRadius::same(3), t.bg1);
        }
    }
    if desk.item(image).annotation.is_reviewed() {
        let center = rect.right_bottom() - vec2(9.0, 9.0);
        ui.painter().circle_filled(center, 7.0, t.veil);
        let tick = [center + vec2(-2.8, 0.2), center + vec2(-0.8, 2.3), center + vec2(3.0, -2.3)];
        ui.painter().line(tick.to_vec(), Stroke::new(1.5, theme::DARK.ok));
    }
    if is_here || response.has_focus() {
        ui.painter().rect_stroke(
            rect.expand(2.0),
            CornerRadius::same(5),
            Stroke::new(2.0, t.accent),
            StrokeKind::Middle,
        );
    }
    (response.clicked() && !is_here).then_some(Action::OpenInReview(image))
}

/// The bar below: keys on the left, where one is on the right.
pub fn hints(ui: &mut Ui, state: &State) {
    let Some(desk) = &state.desk else {
        return;
    };
    let t = tokens(ui);
    let offered =
        desk.cursor.map_or(0, |image| review::rows(desk, image).iter().filter(|row| row.is_offered()).count());
    ui.horizontal_centered(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let mut words = match desk.cursor.map(|cursor| desk.position(cursor)) {
                Some(Ok(position)) => say!("strip-at", at = position + 1, n = desk.shown.len()),
                _ => say!("strip-not-in-list", n = desk.shown.len()),
            };
            if let Some(pace) = review::pace(&desk.finished_at, state.now) {
                words += &say!("strip-pace", n = format!("{pace:.0}"));
            }
            ui.label(RichText::new(words).font(theme::small()).color(t.text2));
            ui.add_space(12.0);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let enter = match offered {
                    0 => say!("strip-done"),
                    n => say!("strip-accept", n = n),
                };
                let keys = &state.keys;
                for (key, what) in [
                    (keys.shown(Verb::Accept), &say!("strip-key-accept")),
                    (keys.shown(Verb::Reject), &say!("strip-key-reject")),
                    (&keys.toggles(), &say!("strip-key-toggle")),
                    (keys.shown(Verb::AcceptShown), &enter),
                    (keys.shown(Verb::Skip), &say!("strip-key-skip")),
                    (keys.shown(Verb::AddTag), &say!("strip-key-add")),
                    (keys.shown(Verb::Undo), &say!("strip-key-undo")),
                    (keys.shown(Verb::Help), &say!("strip-key-help")),
                ] {
                    if ui.available_width() > 110.0 {
                        key_hint(ui, key, what);
                    }
                }
            });
        });
    });
}
