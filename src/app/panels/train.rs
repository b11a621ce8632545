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
        ScrollArea::vertical().auto_shrink(false).animated(false).show(ui, |ui| {
            widgets::head(ui, "Recipe");
            ui.add_space(4.0);
            let mut action = self.form.ui(ui, learning);
            ui.add_space(10.0);
            let n = desk.counts.touched();
            let words = match learning.running {
                None => format!("Fine-tune on {}", text::counted(n, "image", "images")),
                Some(_) => "Fine-tune again afterwards".to_owned(),
            };
            let stopping = learning.running.as_ref().is_some_and(|running| running.stopping);
            if widgets::accent_button(ui, &words, !stopping && n >= MIN_IMAGES).clicked() {
                action = Some(Action::FineTune);
            }
            ui.add_space(4.0);
            if n < MIN_IMAGES {
                widgets::note(
                    ui,
                    format!(
                        "There is too little to learn from: {} described so far. Tag about 20 pictures (at least {MIN_IMAGES}) in the review, with {} for tags that are not proposed, then come back.",
                        text::counted(n, "picture is", "pictures are"),
                        state.keys.in_words(Verb::AddTag)
                    ),
                );
            } else {
                let mut promote = state.settings.promote;
                let words = "Use it at once if it is clearly better";
                if ui.checkbox(&mut promote, words).on_hover_text("Otherwise you are asked").changed() {
                    action = Some(Action::SetPromote(promote));
                }
                ui.add_space(4.0);
                widgets::note(
                    ui,
                    format!(
                        "{} made here, {} reviewed. Tags that nobody has judged are left out.",
                        text::counted(desk.n_decisions, "decision", "decisions"),
                        text::counted(desk.counts.reviewed, "image", "images")
                    ),
                );
                ui.add_space(4.0);
                widgets::note(ui, format!("You can go on reviewing meanwhile. {}", recipe::about(&learning.recipe)));
            }
            action
        }).inner
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
            ui.label(strong("Learn from what was decided"));
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
        ui.label(strong(if running.paused { "Paused" } else { "Fine-tuning" }));
        ui.label(RichText::new(progress_line(running)).color(t.text2));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let words = if running.stopping { "Stopping…" } else { "Stop" };
            if ui.add_enabled(!running.stopping, egui::Button::new(words)).on_hover_text("Nothing is changed").clicked()
            {
                action = Some(Action::StopFineTune);
            }
            let words = if running.paused { "Go on" } else { "Pause" };
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
        ui.label(RichText::new(format!("{}: {words}", name.0)).color(t.text));
        ui.add_space(6.0);
        ui.horizontal(|ui| {
            if ui.button(format!("Use {} now", name.0)).clicked() {
                action = Some(Action::UseModel(name.clone()));
            }
            let now = state.desk.as_ref().map_or("", |desk| desk.wanted_model.0.as_str());
            if ui.button(format!("Keep {now}")).clicked() {
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
                0 => "before its first epoch".to_owned(),
                epoch => format!("in epoch {} of {}", epoch.min(unfinished.recipe.epochs), unfinished.recipe.epochs),
            };
            let n = text::counted(unfinished.n_images, "image", "images");
            let words = format!("A fine-tune on {n} from {} was interrupted {epoch}", unfinished.from);
            ui.add(egui::Label::new(RichText::new(words).color(t.text)).truncate());
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if ui.button("Forget it").clicked() {
                    action = Some(Action::DiscardUnfinished);
                }
                let help = "Ends with the same model as if it had never stopped";
                if ui.button("Go on with it").on_hover_text(help).clicked() {
                    action = Some(Action::ResumeFineTune);
                }
            });
        });
    });
    action
}

fn progress_line(running: &Running) -> String {
    match &running.stage {
        Stage::Starting => "starting…".to_owned(),
        Stage::Embedding(work) => status_bar::work_line("looking at pictures", *work),
        Stage::Training(progress) => {
            let share = f64::from(running.share());
            let left = if share > 0.02 { progress.seconds / share - progress.seconds } else { 0.0 };
            let left = if left > 0.5 { format!(" · {} left", text::duration(left)) } else { String::new() };
            match progress.epoch {
                _ if progress.warm_up => "warming up: what is new learns first".to_owned(),
                0 => "measuring the model as it is…".to_owned(),
                epoch => format!("epoch {epoch} of {}{left}", progress.epochs),
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
const COLUMNS: [(f32, &str); 8] = [
    (0.0, "name"),
    (0.17, "from"),
    (0.32, "network"),
    (0.47, "F2 micro"),
    (0.56, "F2 per image"),
    (0.68, "mAP"),
    (0.75, "threshold"),
    (0.84, "made"),
];

fn checkpoints(ui: &mut Ui, state: &State, desk: &Desk) -> Option<Action> {
    let t = tokens(ui);
    let mut action = None;
    theme::card(t).show(ui, |ui| {
        ui.set_width(ui.available_width());
        widgets::head(ui, "Checkpoints");
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), theme::ROW), Sense::hover());
        for (share, words) in COLUMNS {
            let at = pos2(rect.left() + 8.0 + share * rect.width(), rect.center().y);
            ui.painter().text(at, Align2::LEFT_CENTER, words, theme::small(), t.text3);
        }
        ui.spacing_mut().item_spacing.y = 2.0;
        for model in desk.models.iter().rev() {
            action = checkpoint(ui, state, desk, model).or(action.take());
        }
        if desk.models.is_empty() {
            widgets::note(ui, "None yet.");
        }
    });
    action
}

/// How a checkpoint came about, line by line.
fn history(model: &ModelDetails) -> String {
    let mut lines = vec![model.name.0.clone()];
    if let Some(report) = &model.report {
        let images = text::counted(report.n_train, "image", "images");
        let decisions = text::counted(report.n_decisions, "decision", "decisions");
        lines.push(format!("learned from {images}, judged on {}; {decisions} made here among them", report.n_valid));
        lines.push("which and what was known of each: learned_from.csv in its folder".to_owned());
    }
    if let Some(recipe) = &model.recipe {
        let loss = format!("{:?}", recipe.loss).to_lowercase();
        let epochs = model.report.as_ref().map_or(String::new(), |report| format!(", epoch {} kept", report.epoch));
        lines.push(format!(
            "{}, {loss}, {} epochs{epochs}, seed {}",
            recipe::depth(recipe),
            recipe.epochs,
            recipe.seed
        ));
    }
    if let Some(compared) = model.report.as_ref().and_then(|report| report.compared.as_ref()) {
        lines.push(format!("beside {}: {}", compared.with, text::compared(compared)));
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
    let figure = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| format!("{value:.3}"));
    let metrics = model.metrics.as_ref();
    let cells = [
        model.name.0.clone(),
        model.parent.clone().unwrap_or_else(|| "–".to_owned()),
        model.architecture.clone(),
        figure(metrics.map(|metrics| metrics.f2_micro)),
        figure(metrics.map(|metrics| metrics.f2_per_image)),
        figure(metrics.map(|metrics| metrics.map)),
        format!("{:.2}", model.threshold),
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
        let words = if in_use { "in use" } else { "loading…" };
        let at = pos2(rect.right() - 10.0, rect.center().y);
        ui.painter().text(at, Align2::RIGHT_CENTER, words, theme::small(), t.text2);
        return None;
    }
    let at = Rect::from_center_size(pos2(rect.right() - 30.0, rect.center().y), vec2(48.0, 24.0));
    let use_it = widgets::place_in(ui, at, egui::Button::new("Use")).accessible_name(format!("Use {}", model.name.0));
    let clicked = use_it.on_hover_text("Let this one propose from now on").clicked();
    clicked.then(|| Action::UseModel(model.name.clone()))
}
