//! The status bar answers three questions: is my work safe, what is running, who is proposing.

use eframe::egui;
use egui::{Align, Color32, Layout, RichText, Sense, Ui, vec2};

use super::{models, widgets};
use crate::app::action::Action;
use crate::app::keymap::Verb;
use crate::app::state::learning::Stage;
use crate::app::state::{Agreeing, Desk, Overlay, Safety, State};
use crate::app::text;
use crate::app::texts::{self, say};
use crate::app::theme::{self, tokens};
use crate::jobs::WorkDone;
use crate::model::Precision;

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
                let words = say!("status-kept", place = place.display());
                let words = widgets::truncated(ui, &words, theme::small(), t.accent, 320.0);
                ui.label(words).on_hover_text(say!("status-kept-help"));
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if let Some(desk) = &state.desk {
                    let (words, help) = proposer(desk);
                    quiet(ui, &words).on_hover_text(help);
                    action = learning(ui, state, desk).or(action.take());
                }
                if !state.device.is_empty() {
                    quiet(ui, &computing(state));
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
    let (shown, name) = if paused {
        (say!("status-resume"), say!("status-resume-learning"))
    } else {
        (say!("status-pause"), say!("status-pause-learning"))
    };
    let button = egui::Button::new(RichText::new(shown).font(theme::small()).color(t.text2)).small();
    let response = ui.add(button).accessible_name(name).on_hover_text(state.keys.tooltip(Verb::PauseLearning));
    quiet(ui, &learned(desk, paused)).on_hover_text(say!("status-learns-help"));
    response.clicked().then_some(Action::Do(Verb::PauseLearning))
}

/// `Learned from 37 images`.
fn learned(desk: &Desk, paused: bool) -> String {
    let n = desk.learned.map_or(0, |learned| learned.n_images);
    match (n, paused) {
        (0, false) => say!("status-learns"),
        (0, true) => say!("status-learning-paused"),
        (n, false) => say!("status-learned", n = n),
        (n, true) => say!("status-learned-paused", n = n),
    }
}

fn quiet(ui: &mut Ui, words: &str) -> egui::Response {
    let t = tokens(ui);
    ui.add(egui::Label::new(RichText::new(words).font(theme::small()).color(t.text2)).truncate())
}

/// `CPU, 2 threads`, and what in, where that is not f32.
fn computing(state: &State) -> String {
    match state.desk.as_ref().map_or(Precision::F32, |desk| desk.agreeing.precision()) {
        Precision::F32 => state.device.clone(),
        precision => format!("{} · {}", state.device, precision.name()),
    }
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
            let help = say!("status-nothing-lost");
            (t.no, say!("status-not-saved", problem = message, hint = hint), help.to_owned())
        }
        Safety::TableBehind(problem) => {
            let hint = problem.hint.as_deref().map_or_else(String::new, |hint| format!(" ({hint})"));
            let message = problem.message.lines().next().unwrap_or_default();
            let words = say!("status-table-behind", problem = message, hint = hint);
            (t.accent_fill, words, say!("status-tried-again"))
        }
        Safety::Writing(n) => (t.accent_fill, say!("status-writing", n = n), say!("status-on-its-way")),
        Safety::OnDisk => {
            let words = match decisions {
                0 => say!("status-all-on-disk"),
                n => say!("status-decisions", n = n),
            };
            let table = if state.record.is_table_current() {
                say!("status-table-current")
            } else {
                say!("status-table-follows")
            };
            (t.ok, words, say!("status-safe", table = table))
        }
    }
}

/// What runs, most important first.
pub fn running(state: &State) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(running) = &state.learning.running {
        lines.push(match &running.stage {
            _ if running.stopping => say!("status-stopping"),
            _ if running.paused => say!("status-paused"),
            Stage::Starting => say!("status-starting"),
            Stage::Embedding(work) => work_line(&say!("status-tune-looking"), *work),
            Stage::Training(progress) if progress.warm_up => say!("status-warming-up"),
            Stage::Training(progress) => say!("status-epoch", at = progress.epoch, all = progress.epochs),
        });
    }
    if let Some(running) = &state.fetching.running {
        lines.push(match running.stopping {
            true => say!("status-stopping-fetch"),
            false => say!("status-fetching", id = running.id, progress = models::progress_line(running)),
        });
    }
    if let Some(desk) = &state.desk {
        let work = desk.embedding;
        if let Agreeing::Measuring(work) = desk.agreeing {
            lines.push(work_line(&say!("status-agreeing", precision = state.settings.precision.name()), work));
        } else if work.total > 0 && work.done < work.total {
            lines.push(work_line(&say!("status-looking"), work));
        } else if desk.model.is_none() && desk.model_problem.is_none() {
            lines.push(say!("status-loading-model"));
        }
    }
    lines
}

/// `Looking at pictures 1,640 of 2,000 · 96/s · 4 s left`.
pub fn work_line(what: &str, work: WorkDone) -> String {
    let mut line = say!("status-work", what = what, done = work.done, total = work.total);
    if work.per_second >= 0.05 {
        let left = work.total.saturating_sub(work.done) as f32 / work.per_second;
        line += &match work.per_second {
            fast if fast >= 9.5 => format!(" · {fast:.0}/s"),
            slow => format!(" · {}/s", texts::fixed(slow, 1)),
        };
        line += &format!(" · {}", say!("status-left", time = text::duration(f64::from(left))));
    }
    line
}

fn proposer(desk: &Desk) -> (String, String) {
    match (&desk.model, &desk.model_problem) {
        (_, Some(problem)) => (say!("status-no-model"), problem.message.clone()),
        (Some(model), None) => {
            let known = model.attribute_ids.len();
            let words = format!("{} · {}", model.architecture, model.name.0);
            (words, say!("status-proposer-help", n = known))
        }
        (None, None) => (desk.wanted_model.0.clone(), say!("status-loading")),
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
