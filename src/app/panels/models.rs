//! Models from the Hub, in the training view: what is known to work, what is here, and fetching more.
//!
//! The one place in the window from where something goes to the network, and it says so.

use eframe::egui;
use egui::{Align, Align2, Layout, Rect, RichText, Sense, TextEdit, Ui, pos2, vec2};

use super::widgets;
use crate::app::action::Action;
use crate::app::state::fetching::Running;
use crate::app::state::{Desk, State};
use crate::app::text;
use crate::app::texts::say;
use crate::app::theme::{self, tokens};
use crate::hub::known::{self, KNOWN, Known, Place};
use crate::hub::{HubId, Progress};
use crate::jobs::ModelName;

const ROW: f32 = 42.0;
/// For the button, the bar or the word at a row's right end.
const END: f32 = 92.0;

#[derive(Debug, Default)]
pub struct Models {
    /// In the field for another model, not sent yet.
    typed: String,
}

impl Models {
    pub fn ui(&mut self, ui: &mut Ui, state: &State, desk: &Desk) -> Option<Action> {
        let t = tokens(ui);
        let mut action = None;
        theme::card(t).show(ui, |ui| {
            ui.set_width(ui.available_width());
            widgets::head(ui, &say!("models-begin"));
            widgets::note(ui, say!("models-note"));
            if let Some((good, words)) = &state.fetching.result {
                let (mark, color) = if *good { ("✓", t.ok) } else { ("!", t.no) };
                ui.add(egui::Label::new(RichText::new(format!("{mark} {words}")).color(color)).wrap());
            }
            ui.add_space(4.0);
            ui.spacing_mut().item_spacing.y = 2.0;
            for known in &KNOWN {
                action = row(ui, state, desk, &Row::of_known(known)).or(action.take());
            }
            let here = say!("models-here");
            for model in state.fetching.here.iter().filter(|model| known::find(&model.name.0).is_none()) {
                let about = format!("{} · {}", model.architecture, text::bytes(model.n_bytes));
                let row_of = Row { id: &model.name.0, about, choose: &here, by_hand: None };
                action = row(ui, state, desk, &row_of).or(action.take());
            }
            ui.add_space(6.0);
            action = self.another(ui, state).or(action.take());
        });
        action
    }

    /// Any other name on the Hub.
    fn another(&mut self, ui: &mut Ui, state: &State) -> Option<Action> {
        let mut action = None;
        ui.horizontal(|ui| {
            let field = TextEdit::singleline(&mut self.typed)
                .hint_text(say!("models-another-hint"))
                .desired_width(320.0)
                .align(Align2::LEFT_CENTER)
                .min_size(vec2(60.0, 28.0));
            let field = ui.add(field).accessible_name(say!("models-another"));
            let entered = field.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
            let id = HubId::parse(self.typed.trim());
            let may = id.is_ok() && state.fetching.running.is_none();
            let button = ui
                .add_enabled(may, egui::Button::new(say!("models-fetch")))
                .accessible_name(say!("models-fetch-named"));
            if let (Ok(id), true) = (&id, may && (button.clicked() || entered)) {
                self.typed.clear();
                action = Some(Action::FetchModel(id.to_string()));
            }
            if id.is_err() && self.typed.contains('/') {
                widgets::note(ui, say!("models-names"));
            }
        });
        // One that is not in the table shows its progress here.
        if let Some(running) = state.fetching.running.as_ref().filter(|running| known::find(&running.id).is_none()) {
            ui.horizontal(|ui| {
                ui.label(RichText::new(format!("{}: {}", running.id, progress_line(running))).color(tokens(ui).text2));
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    action = stop(ui, running).or(action.take());
                });
            });
        }
        action
    }
}

/// What a row says.
struct Row<'a> {
    id: &'a str,
    /// Licence, size, pixels.
    about: String,
    choose: &'a str,
    by_hand: Option<&'a str>,
}

impl Row<'static> {
    fn of_known(known: &Known) -> Self {
        let by_hand = match known.place {
            Place::Hub => None,
            Place::ByHand(how) => Some(how),
        };
        let about = format!("{} · {:.0} MB · {} px", known.licence, known.megabytes, known.input_side);
        Self { id: known.id, about, choose: known.choose, by_hand }
    }
}

fn row(ui: &mut Ui, state: &State, desk: &Desk, row: &Row<'_>) -> Option<Action> {
    let t = tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    let in_use = desk.model.as_ref().is_some_and(|model| model.name.0 == row.id);
    if in_use {
        ui.painter().rect_filled(rect, theme::RADIUS, t.sel);
    } else if response.hovered() {
        ui.painter().rect_filled(rect, theme::RADIUS, t.bg2);
    }
    let left = rect.left() + 8.0;
    let right = rect.right() - END - 16.0;
    let about =
        ui.painter().text(pos2(right, rect.top() + 12.0), Align2::RIGHT_CENTER, &row.about, theme::small(), t.text2);
    let name = widgets::truncated(ui, row.id, theme::body(), t.text, about.left() - left - 12.0);
    ui.painter().galley(pos2(left, rect.top() + 12.0 - name.size().y / 2.0), name, t.text);
    let running = state.fetching.running.as_ref().filter(|running| running.id == row.id);
    let under = running.map_or_else(|| row.choose.to_owned(), progress_line);
    let choose = widgets::truncated(ui, &under, theme::small(), t.text3, right - left);
    ui.painter().galley(pos2(left, rect.top() + 30.0 - choose.size().y / 2.0), choose, t.text3);
    let place = Rect::from_center_size(pos2(rect.right() - END / 2.0 - 4.0, rect.center().y), vec2(END - 8.0, 26.0));
    end(ui, state, desk, row, place)
}

/// What can be done with it now.
fn end(ui: &mut Ui, state: &State, desk: &Desk, row: &Row<'_>, place: Rect) -> Option<Action> {
    let t = tokens(ui);
    let id = row.id;
    let word = |words: &str| {
        ui.painter().text(place.right_center() - vec2(6.0, 0.0), Align2::RIGHT_CENTER, words, theme::small(), t.text2);
    };
    if desk.model.as_ref().is_some_and(|model| model.name.0 == id) {
        word(&say!("train-in-use"));
        return None;
    }
    if let Some(running) = state.fetching.running.as_ref().filter(|running| running.id == id) {
        return fetching(ui, running, place);
    }
    if state.fetching.is_here(id) {
        if desk.wanted_model.0 == id && desk.model_problem.is_none() {
            word(&say!("train-loading"));
            return None;
        }
        let button = button(ui, place, &say!("train-use"), &say!("train-use-name", name = id), true);
        let clicked = button.on_hover_text(say!("models-use-help")).clicked();
        return clicked.then(|| Action::UseModel(ModelName(id.to_owned())));
    }
    if let Some(how) = row.by_hand {
        let button = button(ui, place, &say!("models-by-hand"), &say!("models-copy-how", id = id), true);
        if button.on_hover_text(say!("models-copy-help", how = text::sentence(how))).clicked() {
            ui.ctx().copy_text(how.to_owned());
        }
        return None;
    }
    let idle = state.fetching.running.is_none();
    let button = button(ui, place, &say!("models-fetch"), &say!("models-fetch-id", id = id, about = row.about), idle);
    let clicked = button.on_hover_text(say!("models-fetch-help")).clicked();
    clicked.then(|| Action::FetchModel(id.to_owned()))
}

fn button(ui: &mut Ui, place: Rect, words: &str, name: &str, enabled: bool) -> egui::Response {
    let shown = ui.scope(|ui| {
        if !enabled {
            ui.disable();
        }
        widgets::place_in(ui, place, egui::Button::new(words))
    });
    let response = shown.inner.accessible_name(name);
    if response.gained_focus() {
        response.scroll_to_me(None); // Reached with Tab, out of view.
    }
    response
}

/// A bar with its words, and a way to stop.
fn fetching(ui: &mut Ui, running: &Running, place: Rect) -> Option<Action> {
    let t = tokens(ui);
    let bar = Rect::from_min_size(place.left_bottom() + vec2(0.0, 1.0), vec2(place.width(), 3.0));
    widgets::paint_bar(ui, bar, running.share(), t.accent_fill);
    let words = if running.stopping { say!("stopping") } else { say!("order-stop") };
    let stop = button(ui, place, &words, &say!("models-stop"), !running.stopping);
    let clicked = stop.on_hover_text(progress_line(running)).clicked();
    clicked.then_some(Action::StopFetch)
}

fn stop(ui: &mut Ui, running: &Running) -> Option<Action> {
    let words = if running.stopping { say!("stopping") } else { say!("order-stop") };
    let button = ui.add_enabled(!running.stopping, egui::Button::new(words)).accessible_name(say!("models-stop"));
    button.clicked().then_some(Action::StopFetch)
}

/// `3.1 MB of 14.2 MB`.
pub fn progress_line(running: &Running) -> String {
    match &running.stage {
        Progress::Asking | Progress::Still => say!("models-asking"),
        Progress::Waiting { .. } => say!("models-waiting"),
        Progress::Fetching { done, total: Some(total), .. } => {
            say!("models-bytes", done = text::bytes(*done), total = text::bytes(*total))
        }
        Progress::Fetching { done, total: None, .. } => text::bytes(*done),
        Progress::Checking { .. } => say!("models-checking"),
    }
}
