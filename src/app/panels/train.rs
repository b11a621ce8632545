//! The training view: a recipe, one button, what the job does, the checkpoints it has made, and where to begin.

use eframe::egui;
use egui::{Align, Align2, Layout, Rect, RichText, ScrollArea, Sense, Ui, pos2, vec2};

use super::models::Models;
use super::recipe::{self, RecipeForm};
use super::{plots, status_bar, widgets};
use crate::app::action::Action;
use crate::app::keymap::Verb;
use crate::app::state::learning::{MIN_IMAGES, Running, Stage};
use crate::app::state::{Desk, State};
use crate::app::text;
use crate::app::texts::{self, say};
use crate::app::theme::{self, tokens};
use crate::jobs::ModelDetails;

#[derive(Debug, Default)]
pub struct Train {
    form: RecipeForm,
    models: Models,
}

impl Train {
    /// The left side.
    pub fn recipe(&mut self, ui: &mut Ui, state: &State) -> Option<Action> {
        let desk = state.desk.as_ref()?;
        let learning = &state.learning;
        ScrollArea::vertical()
            .auto_shrink(false)
            .animated(false)
            .show(ui, |ui| {
                widgets::head(ui, &say!("train-recipe"));
                ui.add_space(4.0);
                let mut action = self.form.ui(ui, learning);
                ui.add_space(10.0);
                let n = desk.counts.touched();
                let words = match learning.running {
                    None => say!("train-start", n = n),
                    Some(_) => say!("train-again"),
                };
                let stopping = learning.running.as_ref().is_some_and(|running| running.stopping);
                if widgets::accent_button(ui, &words, !stopping && n >= MIN_IMAGES).clicked() {
                    action = Some(Action::FineTune);
                }
                ui.add_space(4.0);
                if n < MIN_IMAGES {
                    widgets::note(
                        ui,
                        say!("train-too-little", n = n, least = MIN_IMAGES, key = state.keys.in_words(Verb::AddTag)),
                    );
                } else {
                    let mut promote = state.settings.promote;
                    let words = say!("train-promote");
                    if ui.checkbox(&mut promote, words).on_hover_text(say!("train-promote-help")).changed() {
                        action = Some(Action::SetPromote(promote));
                    }
                    ui.add_space(4.0);
                    widgets::note(ui, say!("train-made-here", decisions = desk.n_decisions, n = desk.counts.reviewed));
                    ui.add_space(4.0);
                    widgets::note(ui, say!("train-meanwhile", about = recipe::about(&learning.recipe)));
                }
                action
            })
            .inner
    }

    /// The middle.
    pub fn ui(&mut self, ui: &mut Ui, state: &State) -> Option<Action> {
        let desk = state.desk.as_ref()?;
        ScrollArea::vertical()
            .auto_shrink(false)
            .animated(false)
            .show(ui, |ui| {
                ui.set_max_width(ui.available_width().min(1100.0));
                let mut action = headline(ui, state);
                ui.add_space(10.0);
                if !state.learning.curve.is_empty() || state.learning.running.is_some() {
                    curves(ui, state, desk);
                    ui.add_space(12.0);
                }
                action = checkpoints(ui, state, desk).or(action);
                ui.add_space(12.0);
                self.models.ui(ui, state, desk).or(action)
            })
            .inner
    }
}

fn headline(ui: &mut Ui, state: &State) -> Option<Action> {
    let t = tokens(ui);
    let strong =
        |text: &str| RichText::new(text.to_owned()).font(egui::FontId::new(16.0, theme::strong_family())).color(t.text);
    let Some(running) = &state.learning.running else {
        ui.horizontal(|ui| {
            ui.set_min_height(32.0);
            ui.label(strong(&say!("train-learn")));
        });
        if let Some((good, words)) = &state.learning.result {
            let (mark, color) = if *good { ("✓", t.ok) } else { ("!", t.no) };
            ui.label(RichText::new(format!("{mark} {words}")).color(color));
        }
        return offer(ui, state).or_else(|| unfinished(ui, state));
    };
    let mut action = None;
    ui.horizontal(|ui| {
        ui.set_min_height(32.0);
        ui.label(strong(&if running.paused { say!("train-paused") } else { say!("train-running") }));
        ui.label(RichText::new(progress_line(running)).color(t.text2));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let words = if running.stopping { say!("stopping") } else { say!("order-stop") };
            if ui
                .add_enabled(!running.stopping, egui::Button::new(words))
                .on_hover_text(say!("train-stop-help"))
                .clicked()
            {
                action = Some(Action::StopFineTune);
            }
            let words = if running.paused { say!("train-go-on") } else { say!("status-pause") };
            if ui.add_enabled(!running.stopping, egui::Button::new(words)).clicked() {
                action = Some(Action::PauseFineTune(!running.paused));
            }
            ui.add_space(8.0);
            let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width().clamp(40.0, 220.0), 4.0), Sense::hover());
            widgets::paint_bar(ui, rect, running.share(), t.accent_fill);
        });
    });
    action
}

/// A new model that is not used by itself: why, and the two ways on.
fn offer(ui: &mut Ui, state: &State) -> Option<Action> {
    let (name, words) = state.learning.offer.as_ref()?;
    let t = tokens(ui);
    let mut action = None;
    theme::card(t).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.label(RichText::new(say!("train-offer", name = name.0, words = words)).color(t.text));
        ui.add_space(6.0);
        ui.horizontal(|ui| {
            if ui.button(say!("train-use-now", name = name.0)).clicked() {
                action = Some(Action::UseModel(name.clone()));
            }
            let now = state.desk.as_ref().map_or("", |desk| desk.wanted_model.0.as_str());
            if ui.button(say!("train-keep", name = now)).clicked() {
                action = Some(Action::KeepModel);
            }
        });
    });
    action
}

/// What was interrupted, to go on with or to forget.
fn unfinished(ui: &mut Ui, state: &State) -> Option<Action> {
    let unfinished = state.learning.unfinished.as_ref()?;
    let t = tokens(ui);
    let mut action = None;
    theme::card(t).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal(|ui| {
            let epoch = match unfinished.epoch {
                0 => say!("train-before-first"),
                epoch => {
                    say!("train-in-epoch", at = epoch.min(unfinished.recipe.epochs), all = unfinished.recipe.epochs)
                }
            };
            let (n, from) = (unfinished.n_images, &unfinished.from);
            let words = say!("train-interrupted", n = n, model = from, epoch = epoch);
            ui.add(egui::Label::new(RichText::new(words).color(t.text)).truncate());
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if ui.button(say!("train-forget")).clicked() {
                    action = Some(Action::DiscardUnfinished);
                }
                let help = say!("train-resume-help");
                if ui.button(say!("train-resume")).on_hover_text(help).clicked() {
                    action = Some(Action::ResumeFineTune);
                }
            });
        });
    });
    action
}

fn progress_line(running: &Running) -> String {
    match &running.stage {
        Stage::Starting => say!("train-starting"),
        Stage::Embedding(work) => status_bar::work_line(&say!("train-looking"), *work),
        Stage::Training(progress) => {
            let share = f64::from(running.share());
            let left = if share > 0.02 { progress.seconds / share - progress.seconds } else { 0.0 };
            let left = if left > 0.5 {
                format!(" · {}", say!("status-left", time = text::duration(left)))
            } else {
                String::new()
            };
            match progress.epoch {
                _ if progress.warm_up => say!("train-warming"),
                0 => say!("train-measuring"),
                epoch => say!("train-epoch", at = epoch, all = progress.epochs, left = left),
            }
        }
    }
}

fn curves(ui: &mut Ui, state: &State, desk: &Desk) {
    let t = tokens(ui);
    let learning = &state.learning;
    let epochs = match learning.running.as_ref().map(|running| &running.stage) {
        Some(Stage::Training(progress)) => progress.epochs,
        _ => learning.curve.last().map_or(learning.recipe.epochs, |point| point.epoch),
    };
    let in_use = desk.model.as_ref().and_then(|model| model.metrics.as_ref()).map(|metrics| metrics.f2_micro);
    let height = if ui.ctx().content_rect().height() < 800.0 { 150.0 } else { 210.0 };
    let gap = 12.0;
    let width = (ui.available_width() - gap) / 2.0;
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = gap;
        for is_loss in [true, false] {
            theme::card(t).show(ui, |ui| {
                ui.set_width(width - 28.0);
                ui.vertical(|ui| match is_loss {
                    true => plots::loss(ui, &learning.curve, epochs, height),
                    false => plots::f2(ui, &learning.curve, epochs, in_use, height),
                });
            });
        }
    });
}

/// Where a column of the table begins, as a share of its width, and its head.
const COLUMNS: [(f32, fn() -> String); 8] = [
    (0.0, || say!("column-name")),
    (0.17, || say!("column-from")),
    (0.32, || say!("column-network")),
    (0.47, || say!("column-f2-micro")),
    (0.56, || say!("column-f2-image")),
    (0.68, || say!("column-map")),
    (0.75, || say!("column-threshold")),
    (0.84, || say!("column-made")),
];

fn checkpoints(ui: &mut Ui, state: &State, desk: &Desk) -> Option<Action> {
    let t = tokens(ui);
    let mut action = None;
    theme::card(t).show(ui, |ui| {
        ui.set_width(ui.available_width());
        widgets::head(ui, &say!("train-checkpoints"));
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), theme::ROW), Sense::hover());
        for (share, words) in COLUMNS {
            let at = pos2(rect.left() + 8.0 + share * rect.width(), rect.center().y);
            ui.painter().text(at, Align2::LEFT_CENTER, words(), theme::small(), t.text3);
        }
        ui.spacing_mut().item_spacing.y = 2.0;
        for model in desk.models.iter().rev() {
            action = checkpoint(ui, state, desk, model).or(action.take());
        }
        if desk.models.is_empty() {
            widgets::note(ui, say!("train-none-yet"));
        }
    });
    action
}

/// How a checkpoint came about, line by line.
fn history(model: &ModelDetails) -> String {
    let mut lines = vec![model.name.0.clone()];
    if let Some(report) = &model.report {
        let (n, valid, decisions) = (report.n_train, report.n_valid, report.n_decisions);
        lines.push(say!("train-learned", n = n, valid = valid, decisions = decisions));
        lines.push(say!("train-learned-from"));
    }
    if let Some(recipe) = &model.recipe {
        let loss = format!("{:?}", recipe.loss).to_lowercase();
        let epochs = model.report.as_ref().map_or(String::new(), |report| say!("train-kept", epoch = report.epoch));
        lines.push(say!(
            "train-how",
            depth = recipe::depth(recipe),
            loss = loss,
            epochs = recipe.epochs,
            kept = epochs,
            seed = recipe.seed.to_string()
        ));
    }
    if let Some(compared) = model.report.as_ref().and_then(|report| report.compared.as_ref()) {
        lines.push(say!("train-beside", model = compared.with, words = text::compared(compared)));
    }
    lines.join("\n")
}

fn checkpoint(ui: &mut Ui, state: &State, desk: &Desk, model: &ModelDetails) -> Option<Action> {
    let t = tokens(ui);
    let in_use = desk.model.as_ref().is_some_and(|current| current.name == model.name);
    let loading = !in_use && desk.wanted_model == model.name && desk.model_problem.is_none();
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 32.0), Sense::hover());
    if in_use {
        ui.painter().rect_filled(rect, theme::RADIUS, t.sel);
    } else if response.hovered() {
        ui.painter().rect_filled(rect, theme::RADIUS, t.bg2);
    }
    let figure = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| texts::fixed(value as f32, 3));
    let metrics = model.metrics.as_ref();
    let cells = [
        model.name.0.clone(),
        model.parent.clone().unwrap_or_else(|| "–".to_owned()),
        model.architecture.clone(),
        figure(metrics.map(|metrics| metrics.f2_micro)),
        figure(metrics.map(|metrics| metrics.f2_per_image)),
        figure(metrics.map(|metrics| metrics.map)),
        texts::fixed(model.threshold, 2),
        text::age(model.created_millis, state.wall_millis),
    ];
    for (position, cell) in cells.iter().enumerate() {
        let left = rect.left() + 8.0 + COLUMNS[position].0 * rect.width();
        let end = COLUMNS.get(position + 1).map_or(0.92, |next| next.0);
        let color = if position == 0 { t.text } else { t.text2 };
        let width = rect.left() + end * rect.width() - left;
        let galley = widgets::truncated(ui, cell, theme::body(), color, width);
        ui.painter().galley(pos2(left, rect.center().y - galley.size().y / 2.0), galley, color);
    }
    response.on_hover_text(history(model));
    if in_use || loading {
        let words = if in_use { say!("train-in-use") } else { say!("train-loading") };
        let at = pos2(rect.right() - 10.0, rect.center().y);
        ui.painter().text(at, Align2::RIGHT_CENTER, words, theme::small(), t.text2);
        return None;
    }
    let at = Rect::from_center_size(pos2(rect.right() - 30.0, rect.center().y), vec2(48.0, 24.0));
    let use_it = widgets::place_in(ui, at, egui::Button::new(say!("train-use")))
        .accessible_name(say!("train-use-name", name = model.name.0));
    let clicked = use_it.on_hover_text(say!("train-use-help")).clicked();
    clicked.then(|| Action::UseModel(model.name.clone()))
}
