//! The Vocabulary view: every label with its count, and beside it what is known of the one in focus and what can be done.

use std::sync::Arc;

use eframe::egui;
use egui::accesskit::Role;
use egui::{Align2, CornerRadius, Rect, RichText, ScrollArea, Sense, TextEdit, Ui, WidgetInfo, pos2, vec2};

use super::widgets;
use crate::app::action::Action;
use crate::app::keymap::{Verb, binding, held};
use crate::app::state::vocabulary::listed;
use crate::app::state::{Desk, Size, State};
use crate::app::text::thousands;
use crate::app::texts::say;
use crate::app::textures::Textures;
use crate::app::theme::{self, tokens};
use crate::app::vocabulary::Wish;
use crate::domain::{AttributeId, Vocabulary};

/// Pictures shown as examples.
const EXAMPLES: usize = 8;

#[derive(Debug, Default)]
pub struct LabelTable {
    lines: Vec<AttributeId>,
    made_from: Option<(Arc<Vocabulary>, String)>,
    /// Of the label in focus, and what they were found for.
    pub in_view: Vec<u32>,
    found_for: Option<(AttributeId, u64)>,
    /// Images with it that are not in the folder.
    n_elsewhere: usize,
    /// To scroll only when it moves.
    last_focus: Option<AttributeId>,
    /// How far the list is scrolled.
    offset: f32,
}

impl LabelTable {
    /// All labels, or those that were looked for.
    pub fn list(&mut self, ui: &mut Ui, state: &State) -> Option<Action> {
        let desk = state.desk.as_ref()?;
        let mut action = None;
        self.make(desk, &state.vocabulary.typed);
        ui.horizontal(|ui| {
            let mut typed = state.vocabulary.typed.clone();
            let field = TextEdit::singleline(&mut typed)
                .hint_text(say!("vocabulary-find"))
                .desired_width(300.0)
                .min_size(vec2(60.0, 28.0));
            if ui.add(field).accessible_name(say!("vocabulary-find")).changed() {
                action = Some(Action::Vocabulary(Wish::Find(typed)));
            }
            let n = desk.vocabulary.offered().count();
            ui.label(RichText::new(say!("vocabulary-labels", n = n)).font(theme::small()).color(tokens(ui).text2));
        });
        ui.add_space(8.0);
        if self.lines.is_empty() {
            let key = state.keys.in_words(Verb::AddTag);
            let text = say!("vocabulary-import-list", key = key);
            let title = if desk.vocabulary.is_empty() { say!("vocabulary-none") } else { say!("vocabulary-no-such") };
            widgets::empty(ui, &title, &text, |_| ());
            return action;
        }
        let focus = state.vocabulary.focus;
        let moved = self.last_focus != focus;
        self.last_focus = focus;
        ui.spacing_mut().item_spacing.y = 0.0;
        let mut scroll = ScrollArea::vertical().auto_shrink(false).animated(false);
        if let Some(at) = focus.filter(|_| moved).and_then(|focus| self.lines.iter().position(|&id| id == focus)) {
            let (top, height) = (at as f32 * theme::ROW, ui.available_height());
            if top < self.offset || self.offset + height < top + theme::ROW {
                scroll = scroll.vertical_scroll_offset((top - height / 2.0).max(0.0));
            }
        }
        let shown = scroll.show_rows(ui, theme::ROW, self.lines.len(), |ui, range| {
            for &attribute in self.lines.get(range).unwrap_or_default() {
                if row(ui, desk, attribute, focus == Some(attribute)) {
                    action = Some(Action::Vocabulary(Wish::Focus(attribute)));
                }
            }
        });
        self.offset = shown.state.clamped_offset().y;
        action
    }

    /// The label in focus.
    pub fn details(&mut self, ui: &mut Ui, state: &State, textures: &mut Textures) -> Option<Action> {
        let t = tokens(ui);
        let desk = state.desk.as_ref()?;
        let mut action = None;
        let label = state.vocabulary.focus.and_then(|focus| desk.vocabulary.get(focus));
        self.find_examples(desk, label.map(|label| label.id));
        if let Some(label) = label {
            let retired = !desk.vocabulary.is_offered(label.id);
            widgets::head(ui, &say!("vocabulary-label"));
            ui.add_space(4.0);
            ui.add(egui::Label::new(RichText::new(&label.name).font(theme::title()).color(t.text)).wrap());
            let n = desk.tag_count(label.id);
            let elsewhere = self.n_elsewhere;
            let mut words = say!("vocabulary-id", id = label.id, n = n);
            if elsewhere > 0 {
                words += &say!("vocabulary-elsewhere", n = elsewhere);
            }
            widgets::note(ui, words);
            if retired {
                ui.label(RichText::new(say!("vocabulary-retired")).color(t.no));
            }
            let others: Vec<&str> = desk.vocabulary.aliases_of(label.id).collect();
            if !others.is_empty() {
                widgets::note(ui, say!("vocabulary-also", names = others.join(", ")));
            }
            self.examples(ui, desk, textures);
            widgets::section(ui, &say!("vocabulary-this"));
            let retire = if retired { say!("vocabulary-bring-back") } else { binding(Verb::RetireLabel).name() };
            for (verb, name) in [
                (Verb::LabelImages, binding(Verb::LabelImages).name()),
                (Verb::RenameLabel, binding(Verb::RenameLabel).name()),
                (Verb::MergeLabel, binding(Verb::MergeLabel).name()),
                (Verb::SplitLabel, binding(Verb::SplitLabel).name()),
                (Verb::RetireLabel, retire),
                (Verb::AliasLabel, binding(Verb::AliasLabel).name()),
            ] {
                action = button(ui, verb, &name).or(action.take());
            }
        }
        widgets::section(ui, &say!("key-show-vocabulary"));
        action = button(ui, Verb::ImportLabels, &binding(Verb::ImportLabels).name()).or(action);
        ui.add_space(4.0);
        widgets::note(ui, say!("vocabulary-note"));
        action
    }

    /// The list is made anew when the vocabulary or the word changes, not in every frame.
    fn make(&mut self, desk: &Desk, typed: &str) {
        let made = self.made_from.as_ref();
        if made.is_some_and(|(of, word)| Arc::ptr_eq(of, &desk.vocabulary) && word == typed) {
            return;
        }
        self.made_from = Some((desk.vocabulary.clone(), typed.to_owned()));
        self.lines = listed(desk, typed);
    }

    fn find_examples(&mut self, desk: &Desk, attribute: Option<AttributeId>) {
        let wanted = attribute.map(|attribute| (attribute, desk.version));
        if self.found_for == wanted {
            return;
        }
        self.found_for = wanted;
        let has = |image: &u32| attribute.is_some_and(|id| desk.item(*image).tags.contains(id));
        self.in_view = (0..desk.items.len() as u32).filter(has).take(EXAMPLES).collect();
        let elsewhere = || attribute.map(|id| desk.elsewhere.values().filter(move |held| held.state(id).is_present()));
        self.n_elsewhere = elsewhere().map_or(0, Iterator::count);
    }

    fn examples(&self, ui: &mut Ui, desk: &Desk, textures: &mut Textures) {
        ui.add_space(6.0);
        let side = ((ui.available_width() - 18.0) / 4.0).floor();
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = vec2(6.0, 6.0);
            for &image in &self.in_view {
                let (rect, response) = ui.allocate_exact_size(vec2(side, side * 0.75), Sense::hover());
                let name = say!("vocabulary-example", image = desk.id(image));
                response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &name));
                ui.painter().rect_filled(rect, CornerRadius::same(4), tokens(ui).bg2);
                if let Some(texture) = textures.get(image, Size::Thumbnail) {
                    widgets::paint_picture(ui, rect, texture, 4, egui::Color32::WHITE);
                }
                response.on_hover_text(desk.id(image).as_str());
            }
        });
    }
}

/// A verb with its key; the same as the key.
fn button(ui: &mut Ui, verb: Verb, name: &str) -> Option<Action> {
    let binding = binding(verb);
    let wide = vec2(ui.available_width(), 30.0);
    let button = egui::Button::new(name).right_text(held(ui).shown(verb)).min_size(wide);
    let response = ui.add(button).accessible_name(name).on_hover_text(binding.help());
    response.clicked().then_some(Action::Do(verb))
}

fn row(ui: &mut Ui, desk: &Desk, attribute: AttributeId, focused: bool) -> bool {
    let t = tokens(ui);
    let Some(label) = desk.vocabulary.get(attribute) else {
        return false;
    };
    let retired = !desk.vocabulary.is_offered(attribute);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), theme::ROW), Sense::click());
    let state = if retired { say!("vocabulary-and-retired") } else { String::new() };
    let count = desk.tag_count(attribute);
    let name = say!("vocabulary-row", name = label.name, state = state, n = count);
    response.widget_info(|| WidgetInfo::selected(Role::Row, true, focused, &name));
    if !ui.is_rect_visible(rect) {
        return response.clicked();
    }
    widgets::row_ground(ui, rect, &response, focused);
    let others: Vec<&str> = desk.vocabulary.aliases_of(attribute).collect();
    let mut job = widgets::label_job(label, t.text3, if retired { t.text3 } else { t.text }, retired);
    if !others.is_empty() {
        let small = egui::TextFormat::simple(theme::small(), t.text2);
        job.append(&format!("    {}", others.join(", ")), 0.0, small);
    }
    job.wrap.max_width = rect.width() - 110.0;
    let galley = ui.fonts_mut(|fonts| fonts.layout_job(job));
    ui.painter().galley(pos2(rect.left() + 8.0, rect.center().y - galley.size().y / 2.0), galley, t.text);
    let end = Rect::from_min_max(pos2(rect.right() - 100.0, rect.top()), rect.right_bottom());
    let words = if retired { say!("vocabulary-retired-count", n = count) } else { thousands(count) };
    ui.painter().text(end.right_center() - vec2(8.0, 0.0), Align2::RIGHT_CENTER, words, theme::small(), t.text2);
    response.clicked()
}
