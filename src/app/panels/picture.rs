//! The picture under review: fitted, or as near as its curator wants it.

use eframe::egui;
use egui::accesskit::Role;
use egui::{Align2, Color32, Rect, RichText, Sense, Ui, Vec2, WidgetInfo, vec2};

use super::widgets;
use crate::app::action::Action;
use crate::app::state::{Desk, Size, State, Zoom};
use crate::app::texts::say;
use crate::app::textures::Textures;
use crate::app::theme::{self, tokens};

#[derive(Debug, Default)]
pub struct Picture {
    /// Points per pixel when the picture fits, as drawn last.
    pub fitted: f32,
}

impl Picture {
    pub fn ui(&mut self, ui: &mut Ui, state: &State, textures: &mut Textures) -> Option<Action> {
        let desk = state.desk.as_ref()?;
        let Some(image) = desk.cursor else {
            widgets::empty(ui, &say!("picture-none"), &say!("picture-none-help"), |_| ());
            return None;
        };
        let area = ui.available_rect_before_wrap();
        let response = ui.allocate_rect(area, Sense::click_and_drag());
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, say!("picture-name", image = desk.id(image))));
        let is_whole = textures.has(image, Size::Whole);
        let Some(texture) = textures.best(image) else {
            waiting(ui, area, desk, image);
            return None;
        };
        let pixels = real_size(desk, image, texture.size_vec2(), is_whole);
        let room = area.shrink2(vec2(24.0, 18.0)).size().max(Vec2::splat(16.0));
        self.fitted = (room / pixels).min_elem().min(8.0);
        let zoom = desk.zoom;
        let factor = zoom.factor.unwrap_or(self.fitted);
        let pan = Vec2::from(zoom.pan);
        let target = Rect::from_center_size(area.center() + pan, pixels * factor);
        let painter = ui.painter().with_clip_rect(area);
        painter.image(texture.id(), target, widgets::unit(), Color32::WHITE);
        if desk.item(image).problem.is_some() {
            waiting(ui, area, desk, image);
        }
        if zoom.factor.is_some() {
            let t = tokens(ui);
            let words = format!("{:.0} %", factor * 100.0);
            let at = area.right_bottom() - vec2(14.0, 12.0);
            let galley = painter.layout_no_wrap(words, theme::small(), t.on_veil);
            let rect = Align2::RIGHT_BOTTOM.anchor_size(at, galley.size() + vec2(14.0, 8.0));
            painter.rect_filled(rect, 4.0, t.veil);
            painter.galley(rect.min + vec2(7.0, 4.0), galley, t.on_veil);
        }
        moved(ui, &response, zoom, factor, area)
    }
}

/// The picture's own pixels, also while only its thumbnail is there.
fn real_size(desk: &Desk, image: u32, texture: Vec2, is_whole: bool) -> Vec2 {
    match desk.item(image).full_size {
        Some((width, height)) if width > 0 && height > 0 => vec2(width as f32, height as f32),
        _ if is_whole => texture,
        _ => texture * 4.0,
    }
}

fn waiting(ui: &Ui, area: Rect, desk: &Desk, image: u32) {
    let t = tokens(ui);
    let Some(problem) = &desk.item(image).problem else {
        ui.painter().text(area.center(), Align2::CENTER_CENTER, say!("picture-loading"), theme::body(), t.text3);
        return;
    };
    let hint = problem.hint.as_deref().unwrap_or_default();
    let text = RichText::new(say!("picture-not-shown", problem = problem.message, hint = hint));
    let galley = egui::WidgetText::from(text).into_galley(
        ui,
        Some(egui::TextWrapMode::Wrap),
        area.width().min(520.0),
        theme::body(),
    );
    let at = area.center() - galley.size() / 2.0;
    ui.painter().rect_filled(Rect::from_min_size(at, galley.size()).expand(16.0), 6.0, t.no_fill);
    ui.painter().galley(at, galley, t.text);
}

/// Drag pans, the wheel zooms around the pointer, a double click fits.
fn moved(ui: &Ui, response: &egui::Response, zoom: Zoom, factor: f32, area: Rect) -> Option<Action> {
    if response.double_clicked() {
        return Some(Action::SetZoom(Zoom::default()));
    }
    if response.dragged() && response.drag_delta() != Vec2::ZERO {
        let pan = Vec2::from(zoom.pan) + response.drag_delta();
        return Some(Action::SetZoom(Zoom { factor: Some(factor), pan: pan.into() }));
    }
    let pointer = response.hover_pos()?;
    let (pinch, wheel) = ui.input(|input| (input.zoom_delta(), input.smooth_scroll_delta().y));
    let times = pinch * (wheel / 240.0).exp();
    if (times - 1.0).abs() < 1e-4 {
        return None;
    }
    let next = (factor * times).clamp(0.02, 32.0);
    let from_center = pointer - area.center();
    let pan = from_center - (from_center - Vec2::from(zoom.pan)) * (next / factor);
    Some(Action::SetZoom(Zoom { factor: Some(next), pan: pan.into() }))
}
