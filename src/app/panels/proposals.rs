//! The review's right side: what the model proposes for the picture, most likely first, and what holds for it.

use eframe::egui;
use egui::accesskit::Role;
use egui::{Align2, Rect, RichText, ScrollArea, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::{inspector, widgets};
use crate::app::action::Action;
use crate::app::keymap::{Keymap, Verb, held};
use crate::app::state::learning::MIN_IMAGES;
use crate::app::state::review::{self, Row};
use crate::app::state::{Desk, State};
use crate::app::text::{self, percent, sentence};
use crate::app::texts::say;
use crate::app::textures::Textures;
use crate::app::theme::{self, Tokens, tokens};
use crate::domain::{Label, TagState, Why};

const HEIGHT: f32 = 36.0;

#[derive(Debug, Default)]
pub struct Proposals {
    last: Option<(u32, usize)>,
}

impl Proposals {
    pub fn ui(&mut self, ui: &mut Ui, state: &State, textures: &mut Textures) -> Option<Action> {
        let desk = state.desk.as_ref()?;
        let image = desk.cursor?;
        let rows = review::rows(desk, image);
        let moved = self.last != Some((image, desk.focus));
        self.last = Some((image, desk.focus));
        ScrollArea::vertical()
            .auto_shrink(false)
            .animated(false)
            .show(ui, |ui| {
                let is_asked = rows.first().is_some_and(|row| row.question.is_some());
                let title = if is_asked { say!("review-in-question") } else { say!("inspector-proposals") };
                widgets::head(ui, &title);
                ui.add_space(4.0);
                let mut action = None;
                if rows.is_empty() {
                    widgets::note(ui, why_none(&state.keys, desk, image));
                }
                ui.spacing_mut().item_spacing.y = 2.0;
                let n_asked = rows.iter().take_while(|row| row.question.is_some()).count();
                for (position, row) in rows.iter().enumerate() {
                    if position == n_asked && 0 < position {
                        widgets::section(ui, &say!("inspector-proposals"));
                        ui.add_space(4.0);
                    }
                    let before = position.checked_sub(1).filter(|&before| n_asked <= before);
                    if n_asked <= position && !row.above && before.is_none_or(|before| rows[before].above) {
                        divider(ui, desk.threshold_of(image), position == n_asked);
                    }
                    if let Some(label) = desk.vocabulary.get(row.attribute) {
                        let is_focus = position == desk.focus;
                        let said = contested(state, desk, image, row);
                        action = line(ui, label, row, position, is_focus && moved, is_focus, &said).or(action);
                        if !said.is_empty() {
                            ui.horizontal(|ui| {
                                ui.add_space(36.0);
                                widgets::note(ui, said)
                            });
                        }
                        if is_focus && state.settings.why {
                            action = why(ui, desk, image, label, textures).or(action);
                        }
                    }
                }
                ui.spacing_mut().item_spacing.y = 4.0;
                widgets::section(ui, &say!("filters-tags"));
                action = inspector::tags(ui, desk, image).or(action);
                widgets::section(ui, &say!("inspector-picture"));
                inspector::facts(ui, desk, image);
                inspector::details(ui, desk, image);
                inspector::origins(ui, desk, image, state.wall_millis);
                action
            })
            .inner
    }
}

/// The most similar described pictures, with the tag on the left and without it on the right.
fn why(ui: &mut Ui, desk: &Desk, image: u32, label: &Label, textures: &mut Textures) -> Option<Action> {
    let t = tokens(ui);
    let height = 118.0;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let Some(found) = desk.why.of(image, label.id) else {
        let words = say!("review-looking");
        ui.painter().text(rect.left_top() + vec2(36.0, 10.0), Align2::LEFT_TOP, words, theme::small(), t.text3);
        return None;
    };
    let mut action = None;
    let width = (rect.width() - 36.0 - 10.0 - 8.0) / 2.0;
    for (side, (found, what)) in found.into_iter().zip([say!("review-with-it"), say!("review-without-it")]).enumerate()
    {
        let left = rect.left() + 36.0 + side as f32 * (width + 8.0);
        let frame = Rect::from_min_size(pos2(left, rect.top() + 4.0), vec2(width, height - 30.0));
        let Some((other, likeness)) = found else {
            ui.painter().rect_stroke(frame, 4.0, Stroke::new(1.0, t.line), egui::StrokeKind::Inside);
            let words = say!("review-no-picture", what = what);
            ui.painter().text(frame.center(), Align2::CENTER_CENTER, words, theme::small(), t.text3);
            continue;
        };
        let response = ui.interact(frame, ui.scope_id().with(("why", side)), Sense::click());
        let name = say!("review-most-similar", what = what, image = desk.id(other));
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
        match textures.best(other) {
            Some(texture) => widgets::paint_picture(ui, frame, texture, 4, egui::Color32::WHITE),
            None => {
                ui.painter().rect_filled(frame, 4.0, t.bg2);
            }
        }
        widgets::focus_ring(ui, frame, &response);
        let words = say!("review-alike", what = what, share = percent(likeness.clamp(0.0, 1.0)));
        ui.painter().text(pos2(left, frame.bottom() + 4.0), Align2::LEFT_TOP, words, theme::small(), t.text2);
        if response.on_hover_text(say!("review-go-there", name = name)).clicked() {
            action = Some(Action::OpenInReview(other));
        }
    }
    action
}

/// Who said what of a contested tag; empty where nobody contradicts.
fn contested(state: &State, desk: &Desk, image: u32, row: &Row) -> String {
    let conflicts = match row.question {
        Some(Why::Contested { .. }) => desk.conflicts.about(desk.id(image), row.attribute),
        _ => return String::new(),
    };
    conflicts.map(|conflict| text::contested(conflict, &state.who)).collect::<Vec<_>>().join("\n")
}

/// Why there is no proposal, and what to do about it.
fn why_none(keys: &Keymap, desk: &Desk, image: u32) -> String {
    if let Some(problem) = &desk.model_problem {
        let hint = problem.hint.as_deref().map(sentence).unwrap_or_default();
        return say!("review-not-loaded", problem = problem.message, hint = hint, key = keys.in_words(Verb::AddTag));
    }
    let Some(model) = &desk.model else {
        return say!("review-loading");
    };
    if desk.vocabulary.is_empty() {
        let key = keys.in_words(Verb::AddTag);
        return say!("review-no-vocabulary", key = key);
    }
    match desk.item(image).problem {
        Some(_) => say!("review-cannot-look"),
        None if model.attribute_ids.is_empty() => untaught(keys, desk),
        None => say!("review-not-looked"),
    }
}

/// What to do while no model knows the vocabulary.
pub(super) fn untaught(keys: &Keymap, desk: &Desk) -> String {
    let n = desk.counts.touched();
    let next = if n < MIN_IMAGES {
        let key = keys.in_words(Verb::AddTag);
        say!("review-tag-a-few", key = key)
    } else {
        say!("review-fine-tune", n = n, key = keys.in_words(Verb::FineTune))
    };
    say!("review-untaught", next = next)
}

fn divider(ui: &mut Ui, threshold: f32, none_above: bool) {
    let t = tokens(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 30.0), Sense::hover());
    let y = rect.top() + 6.0;
    let line = [pos2(rect.left(), y), pos2(rect.right(), y)];
    ui.painter().extend(Shape::dashed_line(&line, Stroke::new(1.0, t.text3), 2.0, 4.0));
    let words = match none_above {
        true => say!("review-nothing-above", at = percent(threshold)),
        false => say!("review-below", at = percent(threshold)),
    };
    ui.painter().text(pos2(rect.left() + 10.0, rect.top() + 20.0), Align2::LEFT_CENTER, words, theme::small(), t.text3);
}

fn line(
    ui: &mut Ui,
    label: &Label,
    row: &Row,
    position: usize,
    scroll: bool,
    is_focus: bool,
    said: &str,
) -> Option<Action> {
    let t = tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::click());
    let asked = row.question.map_or_else(String::new, |why| format!(", {}", asked(why)));
    let said = said.lines().map(|line| format!(", {line}")).collect::<String>();
    let words = format!("{} {}{}{asked}{said}", label.name, percent(row.probability), spoken(row.state));
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_focus, &words));
    if scroll {
        ui.scroll_to_rect(rect, None);
    }
    widgets::row_ground(ui, rect, &response, is_focus);
    if is_focus {
        let edge = Rect::from_min_size(rect.min, vec2(3.0, rect.height()));
        ui.painter().rect_filled(edge, egui::CornerRadius { nw: 3, sw: 3, ne: 0, se: 0 }, t.accent);
    }
    paint(ui, rect, label, row, position, t);
    let mut action = response.clicked().then_some(Action::ToggleRow(position));
    if response.secondary_clicked() {
        action = Some(Action::RejectRow(position));
    }
    if response.hovered() || is_focus {
        action = buttons(ui, rect, label, row, position).or(action);
    }
    action
}

fn spoken(state: TagState) -> String {
    match state {
        TagState::Given => say!("review-said-given"),
        TagState::Accepted => say!("review-said-accepted"),
        TagState::Rejected => say!("review-said-rejected"),
        TagState::Absent => say!("review-said-absent"),
        TagState::Unseen => String::new(),
    }
}

/// Why a tag is asked about, in a sentence without its subject.
fn asked(why: Why) -> String {
    match why {
        Why::Missing { .. } => say!("review-missing"),
        Why::Wrong { .. } => say!("review-wrong"),
        Why::Appeared { before, .. } | Why::Vanished { before, .. } => say!("review-before", share = percent(before)),
        Why::Contested { is_open: true } => say!("review-conflict"),
        Why::Contested { is_open: false } => say!("review-settled"),
    }
}

fn paint(ui: &Ui, rect: Rect, label: &Label, row: &Row, position: usize, t: &Tokens) {
    let painter = ui.painter();
    let middle = rect.top() + 14.0;
    if position < 9 {
        let at = pos2(rect.left() + 18.0, middle);
        let key = held(ui).shown(Verb::Toggle(position as u8 + 1)).to_owned();
        painter.text(at, Align2::CENTER_CENTER, key, theme::small(), t.text3);
    }
    let (dim, bright, bar) = match row.state {
        TagState::Given | TagState::Accepted => (t.ok, t.ok, t.ok),
        TagState::Rejected => (t.no, t.no, t.text3),
        TagState::Absent => (t.text3, t.text2, t.text3),
        TagState::Unseen if row.above => (t.text3, t.text, t.accent_fill),
        TagState::Unseen => (t.text3, t.text2, t.text3),
    };
    let right = rect.right() - 10.0;
    let number =
        painter.text(pos2(right, middle), Align2::RIGHT_CENTER, percent(row.probability), theme::body(), t.text2);
    let word = match (row.state, row.question) {
        (TagState::Absent, Some(Why::Missing { .. })) => say!("review-forgotten"),
        (TagState::Given, Some(Why::Wrong { .. })) => say!("review-by-mistake"),
        (TagState::Given | TagState::Accepted, Some(Why::Contested { is_open: true })) => say!("review-yes-conflict"),
        (TagState::Rejected, Some(Why::Contested { is_open: true })) => say!("review-no-conflict"),
        (TagState::Given | TagState::Absent, Some(why)) => asked(why),
        (TagState::Given, None) => say!("review-given"),
        (TagState::Accepted, _) => say!("review-accepted"),
        (TagState::Rejected, _) => say!("review-rejected"),
        (TagState::Absent, None) => say!("review-left-out"),
        (TagState::Unseen, _) => String::new(),
    };
    let bright = if row.is_in_question() { t.accent } else { bright };
    let word = painter.text(pos2(right - 48.0, middle), Align2::RIGHT_CENTER, word, theme::small(), bright);
    let left = rect.left() + 36.0;
    let mut job = widgets::label_job(label, dim, bright, row.state == TagState::Rejected);
    let end = match row.state {
        TagState::Unseen => right - 104.0, // Room for the buttons.
        _ => word.left().min(number.left()),
    };
    job.wrap.max_width = (end - left - 8.0).max(20.0);
    let galley = ui.fonts_mut(|fonts| fonts.layout_job(job));
    painter.galley(pos2(left, middle - galley.size().y / 2.0), galley, bright);
    let track = Rect::from_min_max(pos2(left, rect.bottom() - 9.0), pos2(right, rect.bottom() - 6.0));
    widgets::paint_bar(ui, track, row.probability, bar);
}

/// For the mouse: what `A` and `X` do, on the row itself.
fn buttons(ui: &mut Ui, rect: Rect, label: &Label, row: &Row, position: usize) -> Option<Action> {
    if row.state != TagState::Unseen {
        return None;
    }
    let t = tokens(ui);
    let mut action = None;
    for (offset, mark, name, verb, color) in
        [(72.0, "×", say!("key-reject"), Verb::Reject, t.no), (98.0, "✓", say!("key-accept"), Verb::Accept, t.ok)]
    {
        let at = Rect::from_center_size(pos2(rect.right() - offset, rect.top() + 14.0), vec2(24.0, 22.0));
        let button = egui::Button::new(RichText::new(mark).color(color)).frame_when_inactive(false);
        let response = widgets::place_in(ui, at, button).accessible_name(format!("{name} {}", label.name));
        if response.on_hover_text(held(ui).tooltip(verb)).clicked() {
            action = Some(match verb {
                Verb::Accept => Action::AcceptRow(position),
                _ => Action::RejectRow(position),
            });
        }
    }
    action
}
