//! The query line in the top bar: what is typed, what can stand at the caret under it, and what is not understood.
//!
//! Arrows choose an offer, Tab or Enter takes it, Esc closes the list, once more leaves the field. Enter with nothing chosen
//! leaves the field as well. What is not understood is underlined, and explained under the field.

use std::sync::Arc;

use eframe::egui;
use egui::accesskit::Role;
use egui::text::{CCursor, CCursorRange, LayoutJob, TextFormat};
use egui::text_edit::TextEditState;
use egui::{
    Align2, Area, EventFilter, FontId, Id, Key, LayerId, Modifiers, Order, Rect, RichText, Sense, Stroke,
    SurrenderFocusOn, TextBuffer, TextEdit, Ui, WidgetInfo, pos2, vec2,
};

use super::widgets;
use crate::app::action::Action;
use crate::app::keymap::Verb;
use crate::app::state::{Desk, State, asked};
use crate::app::text::{sentence, thousands};
use crate::app::texts::say;
use crate::app::theme::{self, tokens};
use crate::base::Hint as _;
use crate::collection::Collection;
use crate::domain::query::Fault;
use crate::review::completion::{self, Offer, Setting};

/// More than this is read from the left to the right anyway.
const FAULTS_SHOWN: usize = 2;

#[derive(Debug, Default)]
pub struct QueryField {
    offers: Vec<Offer>,
    /// The chosen offer.
    at: Option<usize>,
    /// Text and caret that the offers were made for.
    made_for: Option<(String, usize)>,
    /// Esc closed the list until the text changes.
    closed: bool,
    /// The list was drawn in the last frame: its keys are its own.
    open: bool,
    folders: Vec<(String, usize)>,
    folders_of: Option<Arc<Collection>>,
}

#[derive(Debug, Default)]
struct Keys {
    take: bool,
    enter: bool,
    close: bool,
}

impl QueryField {
    pub fn ui(&mut self, ui: &mut Ui, state: &State, desk: &Desk) -> Option<Action> {
        let id = Id::unique("query line");
        let list_id = id.with("list");
        let keys = if self.open { self.keys(ui, desk) } else { Keys::default() };
        let mut typed = desk.filter.text.clone();
        let (color, font) = (tokens(ui).text, theme::body());
        let wrong = tokens(ui).no;
        let faults = &desk.line.faults;
        let mut layouter = |ui: &Ui, text: &dyn TextBuffer, _width: f32| {
            let job = underlined(text.as_str(), faults, &font, color, wrong);
            ui.fonts_mut(|fonts| fonts.layout_job(job))
        };
        let width = ui.available_width().min(560.0);
        // Tab takes what is offered for what is typed; a field that was only passed through lets it go on.
        let own = self.open;
        let tab = own && self.takes_tab(desk);
        let field = TextEdit::singleline(&mut typed)
            .id(id)
            .hint_text(say!("query-hint", key = state.keys.shown(Verb::FocusFilter)))
            .desired_width(width - 20.0)
            .align(Align2::LEFT_CENTER)
            .min_size(vec2(60.0, 28.0))
            .layouter(&mut layouter)
            .event_filter(EventFilter { tab, escape: own, horizontal_arrows: true, vertical_arrows: true });
        let output = keeping_focus(ui, self.open.then_some(list_id), |ui| field.show(ui));
        let response = output.response.response.accessible_name(say!("query-name"));
        if state.focus_filter {
            response.request_focus();
        }
        let mut changed = response.changed();
        let caret = output.cursor_range.map_or(typed.len(), |range| byte_of(&typed, range.primary.index.0));
        if keys.close {
            self.closed = true;
        }
        if changed {
            self.closed = false;
        }
        let has_focus = response.has_focus();
        let mut taken = None;
        if self.made_for.as_ref().is_some_and(|(text, _)| *text == typed) {
            let chosen = self.at.or(keys.take.then_some(0)).filter(|_| keys.take || keys.enter);
            taken = chosen.and_then(|at| self.offers.get(at).cloned());
        }
        if has_focus && taken.is_none() {
            self.make(state, desk, &typed, caret);
            taken = self.list(ui, list_id, response.rect, desk, &typed);
        } else {
            self.open = false;
        }
        if let Some(offer) = taken {
            let (text, caret) = offer.taken(&typed);
            put_caret(ui, id, text[..caret].chars().count());
            (typed, changed) = (text, true);
            ui.ctx().request_repaint(); // With the next offers.
        }
        changed.then_some(Action::FilterText(typed))
    }

    fn takes_tab(&self, desk: &Desk) -> bool {
        !self.offers.is_empty() && (self.at.is_some() || !desk.filter.text.is_empty())
    }

    /// Takes the list's keys before the field sees them.
    fn keys(&mut self, ui: &mut Ui, desk: &Desk) -> Keys {
        let n = self.offers.len();
        let takes_tab = self.takes_tab(desk);
        ui.input_mut(|input| {
            let down = input.count_and_consume_key(Modifiers::NONE, Key::ArrowDown);
            let up = input.count_and_consume_key(Modifiers::NONE, Key::ArrowUp);
            if n > 0 && down + up > 0 {
                let steps = down as isize - up as isize;
                self.at = Some(match self.at {
                    None if steps > 0 => steps as usize - 1,
                    None => n - 1,
                    Some(at) => (at as isize + steps).rem_euclid(n as isize) as usize,
                });
            }
            Keys {
                take: takes_tab && input.consume_key(Modifiers::NONE, Key::Tab),
                enter: self.at.is_some() && input.consume_key(Modifiers::NONE, Key::Enter),
                close: input.consume_key(Modifiers::NONE, Key::Escape),
            }
        })
    }

    /// The offers are made anew when the text or the caret moves, not in every frame.
    fn make(&mut self, state: &State, desk: &Desk, typed: &str, caret: usize) {
        if self.made_for.as_ref().is_some_and(|(text, at)| text == typed && *at == caret) {
            return;
        }
        if !self.folders_of.as_ref().is_some_and(|of| Arc::ptr_eq(of, &desk.collection)) {
            self.folders = asked::folders(&desk.collection);
            self.folders_of = Some(desk.collection.clone());
        }
        let setting = Setting {
            vocabulary: &desk.vocabulary,
            recent: &desk.recent_tags,
            uses: &|attribute| desk.tag_count(attribute),
            folders: &self.folders,
            image: state.in_review().map(|image| desk.id(image).as_str()),
        };
        self.offers = completion::offers(typed, caret, &setting);
        self.at = None;
        self.made_for = Some((typed.to_owned(), caret));
    }

    /// What is wrong and what is offered, under the field. The offer that was clicked.
    fn list(&mut self, ui: &mut Ui, id: Id, field: Rect, desk: &Desk, typed: &str) -> Option<Offer> {
        let faults: Vec<_> = desk.line.faults.iter().filter(|_| desk.filter.text == typed).take(FAULTS_SHOWN).collect();
        let has_something = !self.offers.is_empty() || !faults.is_empty();
        self.open = has_something && !self.closed;
        if !self.open {
            return None;
        }
        let area = Area::new(id).order(Order::Foreground).fixed_pos(field.left_bottom() + vec2(0.0, 4.0));
        let shown = area.show(ui.ctx(), |ui| {
            egui::Frame::popup(ui.style()).inner_margin(6).show(ui, |ui| {
                ui.set_width((field.width() - 12.0).max(300.0));
                ui.spacing_mut().item_spacing.y = 0.0;
                for fault in faults {
                    explained(ui, fault, typed);
                }
                let mut clicked = None;
                for (position, offer) in self.offers.iter().enumerate() {
                    if row(ui, offer, self.at == Some(position)) {
                        clicked = Some(offer.clone());
                    }
                }
                clicked
            })
        });
        shown.inner.inner
    }
}

/// A click on the list must not take the keyboard from the field.
fn keeping_focus<R>(ui: &mut Ui, list: Option<Id>, show: impl FnOnce(&mut Ui) -> R) -> R {
    let layer = list.map(|list| LayerId::new(Order::Foreground, list));
    let under = ui.ctx().pointer_interact_pos().and_then(|at| ui.ctx().layer_id_at(at));
    if layer.is_none() || under != layer {
        return show(ui);
    }
    let usual = ui.ctx().options(|options| options.input_options.surrender_focus_on);
    ui.ctx().options_mut(|options| options.input_options.surrender_focus_on = SurrenderFocusOn::Never);
    let shown = show(ui);
    ui.ctx().options_mut(|options| options.input_options.surrender_focus_on = usual);
    shown
}

fn put_caret(ui: &Ui, id: Id, letter: usize) {
    let mut state = TextEditState::load(ui.ctx(), id).unwrap_or_default();
    state.cursor.set_char_range(Some(CCursorRange::one(CCursor::new(letter))));
    state.store(ui.ctx(), id);
}

fn byte_of(text: &str, letter: usize) -> usize {
    text.char_indices().nth(letter).map_or(text.len(), |(at, _)| at)
}

/// The text with a line under what is not understood.
fn underlined(text: &str, faults: &[Fault], font: &FontId, color: egui::Color32, wrong: egui::Color32) -> LayoutJob {
    let mut job = LayoutJob { break_on_newline: false, keep_trailing_whitespace: true, ..LayoutJob::default() };
    job.wrap.max_width = f32::INFINITY;
    let format = |underline: bool| TextFormat {
        font_id: font.clone(),
        color,
        underline: if underline { Stroke::new(1.5, wrong) } else { Stroke::NONE },
        ..TextFormat::default()
    };
    let mut done = 0;
    for fault in faults {
        // They are of the text before the last key press, and may lie within one another.
        let (start, end) = (fault.span.start.max(done), fault.span.end.min(text.len()));
        if let (Some(before), Some(within)) = (text.get(done..start), text.get(start..end)) {
            job.append(before, 0.0, format(false));
            job.append(within, 0.0, format(true));
            done = end;
        }
    }
    job.append(&text[done..], 0.0, format(false));
    job
}

/// What is wrong, at which part of the query, and what to do.
fn explained(ui: &mut Ui, fault: &Fault, typed: &str) {
    let t = tokens(ui);
    let part = typed.get(fault.span.clone()).unwrap_or_default();
    ui.add_space(4.0);
    let words = RichText::new(format!("{part}   {}", said(fault))).font(theme::small()).color(t.no);
    ui.add(egui::Label::new(words).wrap());
    ui.add_space(4.0);
}

/// In one line: what is wrong, and what to do.
pub fn said(fault: &Fault) -> String {
    let hint = fault.error.hint().map(|hint| format!(" {}", sentence(&hint))).unwrap_or_default();
    format!("{}{hint}", sentence(&fault.error.to_string()))
}

fn row(ui: &mut Ui, offer: &Offer, chosen: bool) -> bool {
    let t = tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), theme::ROW), Sense::click());
    let count = offer.count.map(thousands).unwrap_or_default();
    let name = say!("query-insert", name = offer.shown);
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, chosen, &name));
    widgets::row_ground(ui, rect, &response, chosen);
    let painter = ui.painter();
    let at = pos2(rect.right() - 8.0, rect.center().y);
    let end = painter.text(at, Align2::RIGHT_CENTER, count, theme::small(), t.text3).left();
    let left = rect.left() + 8.0;
    let shown = widgets::truncated(ui, &offer.shown, theme::body(), t.text, (end - left) * 0.6);
    let help_at = (left + shown.size().x + 10.0).max(left + 96.0);
    let help = widgets::truncated(ui, &offer.help, theme::small(), t.text2, end - help_at - 8.0);
    let below = |galley: &egui::Galley, x: f32| pos2(x, rect.center().y - galley.size().y / 2.0);
    ui.painter().galley(below(&shown, left), shown, t.text);
    ui.painter().galley(below(&help, help_at), help, t.text2);
    response.clicked()
}
