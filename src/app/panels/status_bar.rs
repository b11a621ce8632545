//! The status bar answers three questions: is my work safe, what is running, who is proposing.

use eframe::egui;
use egui::{Align, Color32, Layout, RichText, Sense, Ui, vec2};

use super::{models, widgets};
use crate::app::action::Action;
use crate::app::keymap::Verb;
use crate::app::state::learning::Stage;
use crate::app::state::{Desk, Overlay, Safety, State};
use crate::app::text;
use crate::app::theme::{self, tokens};
use crate::jobs::WorkDone;

#[derive(Debug, Default)]
pub struct StatusBar;

impl StatusBar {
    pub fn ui(&mut self, ui: &mut Ui, state: &State) -> Option<Action> {
        let t = tokens(ui);
        let mut action = None;
        ui.horizontal_centered(|ui| {
            ui.spacing_mut().item_spacing.x = 14.0;
            let (color, words, hint) = safety(state, t);
            if light(ui, color, &words).on_hover_text(hint).clicked() {
                action = Some(Action::Cover(Some(Overlay::Log)));
            }
            if let Some(desk) = &state.desk
                && let Some(place) = &desk.kept_elsewhere
            {
                let words = format!("kept in {}", place.display());
                let words = widgets::truncated(ui, &words, theme::small(), t.accent, 320.0);
                ui.label(words)
                    .on_hover_text("The folder cannot be written, so decisions are kept in your own data folder");
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if let Some(desk) = &state.desk {
                    let (words, help) = proposer(desk);
                    quiet(ui, &words).on_hover_text(help);
                    action = learning(ui, state, desk).or(action.take());
                }
                if !state.device.is_empty() {
                    quiet(ui, &state.device);
                }
                for words in running(state) {
                    quiet(ui, &words);
                }
            });
        });
        action
    }
}

/// From how many images the model in use has learned, with the control that pauses it.
fn learning(ui: &mut Ui, state: &State, desk: &Desk) -> Option<Action> {
    let t = tokens(ui);
    desk.model.as_ref()?;
    let paused = state.settings.learning_paused;
    let (shown, name) = if paused { ("Resume", "Resume learning") } else { ("Pause", "Pause learning") };
    let button = egui::Button::new(RichText::new(shown).font(theme::small()).color(t.text2)).small();
    let response = ui.add(button).accessible_name(name).on_hover_text(state.keys.tooltip(Verb::PauseLearning));
    quiet(ui, &learned(desk, paused)).on_hover_text("Every decision changes what is proposed next");
    response.clicked().then_some(Action::Do(Verb::PauseLearning))
}

/// `Learned from 37 images`.
fn learned(desk: &Desk, paused: bool) -> String {
    let n = desk.learned.map_or(0, |learned| learned.n_images);
    match (n, paused) {
        (0, false) => "Learns from every decision".to_owned(),
        (0, true) => "Learning is paused".to_owned(),
        (n, false) => format!("Learned from {}", text::counted(n, "image", "images")),
        (n, true) => format!("Learned from {}, paused", text::counted(n, "image", "images")),
    }
}

fn quiet(ui: &mut Ui, words: &str) -> egui::Response {
    let t = tokens(ui);
    ui.add(egui::Label::new(RichText::new(words).font(theme::small()).color(t.text2)).truncate())
}

/// A dot with words, to be clicked for the log.
fn light(ui: &mut Ui, color: Color32, words: &str) -> egui::Response {
    let t = tokens(ui);
    let width = ui.available_width() * 0.6;
    let galley = widgets::truncated(ui, words, theme::small(), t.text, width);
    let (rect, response) = ui.allocate_exact_size(vec2(galley.size().x + 16.0, 20.0), Sense::click());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Button, true, words));
    ui.painter().circle_filled(egui::pos2(rect.left() + 4.0, rect.center().y), 4.0, color);
    let at = egui::pos2(rect.left() + 14.0, rect.center().y - galley.size().y / 2.0);
    ui.painter().galley(at, galley, t.text);
    widgets::focus_ring(ui, rect.expand(2.0), &response);
    response
}

/// Colour, words and what lies behind them.
pub fn safety(state: &State, t: &theme::Tokens) -> (Color32, String, String) {
    let decisions = state.desk.as_ref().map_or(0, |desk| desk.n_decisions);
    match state.record.safety() {
        Safety::Failing(problem) => {
            let hint = problem.hint.as_deref().map_or_else(String::new, |hint| format!(" ({hint})"));
            let message = problem.message.lines().next().unwrap_or_default();
            let help = "Nothing is lost: it is tried again. Click for all messages";
            (t.no, format!("Not saved: {message}{hint}"), help.to_owned())
        }
        Safety::TableBehind(problem) => {
            let hint = problem.hint.as_deref().map_or_else(String::new, |hint| format!(" ({hint})"));
            let message = problem.message.lines().next().unwrap_or_default();
            let words = format!("Decisions are on disk; the table is behind: {message}{hint}");
            (t.accent_fill, words, "It is tried again. Click for all messages".to_owned())
        }
        Safety::Writing(n) => (t.accent_fill, format!("Writing {n}…"), "On its way to the disk".to_owned()),
        Safety::OnDisk => {
            let words = match decisions {
                0 => "Everything is on disk".to_owned(),
                1 => "1 decision on disk".to_owned(),
                n => format!("All {} decisions on disk", text::thousands(n)),
            };
            let table = if state.record.is_table_current() {
                "train.csv is up to date"
            } else {
                "train.csv follows in a moment"
            };
            (t.ok, words, format!("Written so that a power cut cannot take it; {table}. Click for all messages"))
        }
    }
}

/// What runs, most important first.
pub fn running(state: &State) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(running) = &state.learning.running {
        lines.push(match &running.stage {
            _ if running.stopping => "Stopping the fine-tune…".to_owned(),
            _ if running.paused => "Fine-tune paused".to_owned(),
            Stage::Starting => "Fine-tune starting…".to_owned(),
            Stage::Embedding(work) => work_line("Fine-tune: looking at pictures", *work),
            Stage::Training(progress) if progress.warm_up => "Fine-tune warming up".to_owned(),
            Stage::Training(progress) => format!("Fine-tuning, epoch {} of {}", progress.epoch, progress.epochs),
        });
    }
    if let Some(running) = &state.fetching.running {
        lines.push(match running.stopping {
            true => "Stopping the fetch…".to_owned(),
            false => format!("Fetching {}: {}", running.id, models::progress_line(running)),
        });
    }
    if let Some(desk) = &state.desk {
        let work = desk.embedding;
        if work.total > 0 && work.done < work.total {
            lines.push(work_line("Looking at pictures", work));
        } else if desk.model.is_none() && desk.model_problem.is_none() {
            lines.push("Loading the model…".to_owned());
        }
    }
    lines
}

/// `Looking at pictures 1,640 of 2,000 · 96/s · 4 s left`.
pub fn work_line(what: &str, work: WorkDone) -> String {
    let mut line = format!("{what} {} of {}", text::thousands(work.done), text::thousands(work.total));
    if work.per_second >= 0.05 {
        let left = work.total.saturating_sub(work.done) as f32 / work.per_second;
        line += &match work.per_second {
            fast if fast >= 9.5 => format!(" · {fast:.0}/s"),
            slow => format!(" · {slow:.1}/s"),
        };
        line += &format!(" · {} left", text::duration(f64::from(left)));
    }
    line
}

fn proposer(desk: &Desk) -> (String, String) {
    match (&desk.model, &desk.model_problem) {
        (_, Some(problem)) => ("No model".to_owned(), problem.message.clone()),
        (Some(model), None) => {
            let known = text::counted(model.attribute_ids.len(), "tag", "tags");
            let words = format!("{} · {}", model.architecture, model.name.0);
            (words, format!("Proposals come from this model; it knows {known} of this collection"))
        }
        (None, None) => (desk.wanted_model.0.clone(), "Loading".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_running_job_says_how_far_it_is_and_how_long_it_takes() {
        for (done, total, per_second, expected) in [
            (1640, 2000, 96.0, "Looking 1,640 of 2,000 · 96/s · 4 s left"),
            (1, 100, 0.5, "Looking 1 of 100 · 0.5/s · 4 min left"),
            (0, 100, 0.0, "Looking 0 of 100"),
        ] {
            let work = WorkDone { done, total, per_second };
            assert_eq!(work_line("Looking", work), expected);
        }
    }
}
