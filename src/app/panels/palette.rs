//! The command palette: every verb by its name, with its key beside it, and the saved queries.

use eframe::egui;
use egui::accesskit::Role;
use egui::{Align2, Id, Key, Modal, Sense, TextEdit, Ui, WidgetInfo, pos2, vec2};

use super::widgets;
use crate::app::action::Action;
use crate::app::keymap::{BINDINGS, Binding, Scope, Verb};
use crate::app::settings::SavedQuery;
use crate::app::state::{Overlay, State, View};
use crate::app::theme::{self, tokens};

const SHOWN: usize = 12;

#[derive(Debug, Default)]
pub struct Palette {
    typed: String,
    at: usize,
    open: bool,
}

impl Palette {
    pub fn ui(&mut self, ctx: &egui::Context, state: &State) -> Option<Action> {
        if state.overlay != Some(Overlay::Palette) {
            self.open = false;
            return None;
        }
        if !self.open {
            *self = Self { open: true, ..Self::default() };
        }
        let area = Modal::default_area(Id::unique("palette")).anchor(Align2::CENTER_TOP, vec2(0.0, 90.0));
        let modal = Modal::new(Id::unique("palette")).area(area).show(ctx, |ui| self.list(ui, state));
        if modal.backdrop_response.clicked() {
            return Some(Action::Cover(None));
        }
        modal.inner
    }

    fn list(&mut self, ui: &mut Ui, state: &State) -> Option<Action> {
        let t = tokens(ui);
        ui.set_width(460.0);
        let found = find(&self.typed, state);
        move_by_arrows(ui, &mut self.at, found.len());
        let field = TextEdit::singleline(&mut self.typed)
            .hint_text("What do you want to do?")
            .desired_width(f32::INFINITY)
            .min_size(vec2(0.0, 32.0));
        let response = ui.add(field).accessible_name("Command");
        if response.changed() {
            self.at = 0;
        }
        let entered = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        response.request_focus();
        ui.add_space(6.0);
        ui.spacing_mut().item_spacing.y = 0.0;
        let mut action = None;
        for (position, entry) in found.iter().enumerate() {
            let (name, shown, help) = match entry {
                Entry::Verb(binding) => (binding.name, binding.shown, binding.help),
                Entry::Saved(saved) => (saved.name.as_str(), "saved query", saved.query.as_str()),
            };
            let response = widgets::row(ui, 0.0, name, shown, position == self.at);
            if response.on_hover_text(help).clicked() || (entered && position == self.at) {
                action = Some(match entry {
                    Entry::Verb(binding) => Action::Do(binding.verb),
                    Entry::Saved(saved) => Action::ApplyQuery(saved.name.clone()),
                });
            }
        }
        if found.is_empty() {
            let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), theme::ROW), Sense::hover());
            response.widget_info(|| WidgetInfo::labeled(Role::Label, true, "No such command"));
            ui.painter().text(
                pos2(rect.left() + 8.0, rect.center().y),
                Align2::LEFT_CENTER,
                "No such command",
                theme::body(),
                t.text3,
            );
        }
        action
    }
}

/// Up and down move the choice while a text field has the keyboard.
pub fn move_by_arrows(ui: &mut Ui, at: &mut usize, n: usize) {
    let steps = ui.input_mut(|input| {
        let down = input.count_and_consume_key(egui::Modifiers::NONE, Key::ArrowDown) as isize;
        down - input.count_and_consume_key(egui::Modifiers::NONE, Key::ArrowUp) as isize
    });
    *at = at.saturating_add_signed(steps).min(n.saturating_sub(1));
}

/// What can be chosen.
enum Entry<'a> {
    Verb(&'static Binding),
    Saved(&'a SavedQuery),
}

fn find<'a>(typed: &str, state: &'a State) -> Vec<Entry<'a>> {
    let view = state.desk.as_ref().map(|_| state.view);
    let works = |binding: &&Binding| match binding.scope {
        _ if matches!(binding.verb, Verb::Toggle(_)) => false, // Nine lines that a digit does better.
        Scope::Everywhere => true,
        Scope::Collection => view.is_some(),
        Scope::Library => view == Some(View::Library),
        Scope::Review => view == Some(View::Review),
    };
    let typed = typed.to_lowercase();
    let matches = |binding: &&Binding| {
        let words = format!("{} {}", binding.name, binding.help).to_lowercase();
        typed.split_whitespace().all(|word| words.contains(word))
    };
    let mut found: Vec<_> = BINDINGS.iter().filter(works).filter(matches).collect();
    found.sort_by_key(|binding| !binding.name.to_lowercase().starts_with(&typed));
    found.truncate(SHOWN);
    let queries = state.desk.as_ref().map_or(&[][..], |desk| state.settings.queries(desk.root()));
    let matches = |saved: &&SavedQuery| {
        let words = format!("saved query {} {}", saved.name, saved.query).to_lowercase();
        !typed.trim().is_empty() && typed.split_whitespace().all(|word| words.contains(word))
    };
    let saved = queries.iter().filter(matches).map(Entry::Saved);
    let mut entries: Vec<_> = saved.chain(found.into_iter().map(Entry::Verb)).collect();
    entries.truncate(SHOWN);
    entries
}
