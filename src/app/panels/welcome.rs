//! The page before any collection is open: what this is, and three ways in.

use eframe::egui;
use egui::{Align, Layout, RichText, Sense, Ui, vec2};

use super::widgets::{self, accent_button};
use crate::app::action::Action;
use crate::app::state::State;
use crate::app::text;
use crate::app::texts::say;
use crate::app::theme::{self, tokens};

#[derive(Debug, Default)]
pub struct Welcome;

impl Welcome {
    pub fn ui(&mut self, ui: &mut Ui, state: &State) -> Option<Action> {
        let width = 440.0_f32.min(ui.available_width() - 48.0);
        let left = (ui.available_width() - width) / 2.0;
        let top = (ui.available_height() * 0.22).max(24.0);
        let area =
            egui::Rect::from_min_size(ui.max_rect().min + vec2(left, top), vec2(width, ui.available_height() - top));
        ui.scope_builder(egui::UiBuilder::new().max_rect(area).layout(Layout::top_down(Align::Min)), |ui| {
            if state.opening.is_some() { opening(ui, state) } else { doors(ui, state) }
        })
        .inner
    }
}

fn name(ui: &mut Ui) {
    let t = tokens(ui);
    ui.label(RichText::new("Docent").font(egui::FontId::new(34.0, theme::strong_family())).color(t.accent));
}

fn doors(ui: &mut Ui, state: &State) -> Option<Action> {
    let t = tokens(ui);
    let mut action = None;
    name(ui);
    ui.label(RichText::new(say!("welcome-what")).font(egui::FontId::proportional(15.0)).color(t.text2));
    ui.add_space(20.0);
    if let Some((folder, problem)) = &state.open_problem {
        egui::Frame::new().fill(t.no_fill).corner_radius(6).inner_margin(12).show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.label(RichText::new(say!("welcome-not-opened", folder = folder.display())).color(t.text));
            ui.label(RichText::new(&problem.message).color(t.no));
            if let Some(hint) = &problem.hint {
                ui.label(RichText::new(text::sentence(hint)).font(theme::small()).color(t.text2));
            }
        });
        ui.add_space(12.0);
    }
    let words = if state.asking_folder { say!("welcome-waiting") } else { say!("menu-open") };
    if accent_button(ui, &words, !state.asking_folder).clicked() {
        action = Some(Action::AskFolder);
    }
    ui.add_space(4.0);
    let demo = egui::Button::new(say!("menu-demo")).min_size(vec2(ui.available_width(), 32.0));
    if widgets::centred(ui, demo, true).on_hover_text(say!("welcome-demo-help")).clicked() {
        action = Some(Action::OpenDemo);
    }
    ui.add_space(8.0);
    ui.vertical_centered(|ui| widgets::note(ui, say!("welcome-drop")));
    if !state.settings.recent.is_empty() {
        ui.add_space(12.0);
        widgets::section(ui, &say!("menu-recent"));
        for folder in &state.settings.recent {
            action = recent(ui, state, folder).or(action);
        }
    }
    action
}

fn recent(ui: &mut Ui, state: &State, folder: &std::path::Path) -> Option<Action> {
    let t = tokens(ui);
    let missing = state.settings.missing.iter().any(|missing| missing == folder);
    let name = folder.file_name().unwrap_or(folder.as_os_str()).to_string_lossy();
    let place = folder.parent().map(|parent| parent.display().to_string()).unwrap_or_default();
    let mut action = None;
    ui.horizontal(|ui| {
        let size = vec2(ui.available_width() - 34.0, 38.0);
        let sense = if missing { Sense::hover() } else { Sense::click() };
        let (rect, response) = ui.allocate_exact_size(size, sense);
        let words = if missing { say!("welcome-gone", name = name) } else { say!("welcome-open", name = name) };
        response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Button, !missing, &words));
        if !missing {
            widgets::row_ground(ui, rect, &response, false);
        }
        let color = if missing { t.text3 } else { t.text };
        let top = widgets::truncated(ui, &name, theme::body(), color, size.x - 16.0);
        let under = if missing { say!("welcome-gone-from", place = place) } else { place };
        let under = widgets::truncated(ui, &under, theme::small(), t.text3, size.x - 16.0);
        ui.painter().galley(rect.min + vec2(8.0, 3.0), top, color);
        ui.painter().galley(rect.min + vec2(8.0, 21.0), under, t.text3);
        if response.clicked() {
            action = Some(Action::OpenFolder(folder.to_path_buf()));
        }
        let forget = ui.add(egui::Button::new(RichText::new("×").color(t.text3)).frame_when_inactive(false));
        let forget =
            forget.accessible_name(say!("welcome-forget", name = name)).on_hover_text(say!("welcome-forget-help"));
        if forget.clicked() {
            action = Some(Action::ForgetRecent(folder.to_path_buf()));
        }
    });
    action
}

fn opening(ui: &mut Ui, state: &State) -> Option<Action> {
    let t = tokens(ui);
    let opening = state.opening.as_ref()?;
    name(ui);
    ui.add_space(8.0);
    let what = match &opening.folder {
        Some(folder) => say!("welcome-opening", folder = folder.display()),
        None => say!("welcome-preparing"),
    };
    ui.label(RichText::new(what).color(t.text));
    let (done, total) = (opening.work.done, opening.work.total);
    let found = match (done, total) {
        (0, 0) => say!("welcome-looking"),
        (done, 0) => say!("welcome-so-far", n = done),
        (done, total) => say!("welcome-found", done = done, n = total),
    };
    widgets::note(ui, found);
    ui.add_space(8.0);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 3.0), Sense::hover());
    let share = if total == 0 { 0.0 } else { done as f32 / total as f32 };
    widgets::paint_bar(ui, rect, share, t.accent_fill);
    None
}
