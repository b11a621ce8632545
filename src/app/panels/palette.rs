//! The command palette: every verb by its name, with its key beside it, every order and queue, and the saved queries.

use eframe::egui;
use egui::accesskit::Role;
use egui::{Align2, Id, Key, Modal, Sense, TextEdit, Ui, WidgetInfo, pos2, vec2};

use super::widgets;
use crate::app::action::Action;
use crate::app::keymap::{BINDINGS, Binding, Keymap, Verb};
use crate::app::settings::SavedQuery;
use crate::app::state::{Order, Overlay, State};
use crate::app::texts::{self, say};
use crate::app::theme::{self, tokens};

const SHOWN: usize = 12;

#[derive(Debug, Default)]
pub struct Palette {
    typed: String,
    at: usize,
    open: Option<Overlay>,
}

impl Palette {
    pub fn ui(&mut self, ctx: &egui::Context, state: &State) -> Option<Action> {
        let Some(overlay @ (Overlay::Palette | Overlay::Orders)) = state.overlay else {
            self.open = None;
            return None;
        };
        if self.open != Some(overlay) {
            *self = Self { open: Some(overlay), ..Self::default() };
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
        let orders_only = self.open == Some(Overlay::Orders);
        let found = find(&self.typed, state, orders_only);
        move_by_arrows(ui, &mut self.at, found.len());
        let field = TextEdit::singleline(&mut self.typed)
            .hint_text(if orders_only { say!("palette-orders") } else { say!("palette-verbs") })
            .desired_width(f32::INFINITY)
            .min_size(vec2(0.0, 32.0));
        let response = ui.add(field).accessible_name(say!("palette-command"));
        if response.changed() {
            self.at = 0;
        }
        let entered = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        response.request_focus();
        ui.add_space(6.0);
        ui.spacing_mut().item_spacing.y = 0.0;
        let mut action = None;
        for (position, entry) in found.iter().enumerate() {
            let response = widgets::row(ui, 0.0, &entry.name(), &entry.shown(&state.keys), position == self.at);
            if response.on_hover_text(entry.help()).clicked() || (entered && position == self.at) {
                action = Some(entry.action());
            }
        }
        if found.is_empty() {
            let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), theme::ROW), Sense::hover());
            response.widget_info(|| WidgetInfo::labeled(Role::Label, true, say!("palette-none")));
            ui.painter().text(
                pos2(rect.left() + 8.0, rect.center().y),
                Align2::LEFT_CENTER,
                say!("palette-none"),
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

/// One line.
#[derive(Debug, Clone, Copy)]
enum Entry<'a> {
    Verb(&'static Binding),
    Order(Order),
    Saved(&'a SavedQuery),
    /// Who signs decisions.
    Name(&'a str),
}

impl Entry<'_> {
    fn name(self) -> String {
        match self {
            Self::Verb(binding) => binding.name(),
            Self::Order(order) if order.is_queue() => say!("palette-queue", name = texts::amid(&order.name())),
            Self::Order(order) => say!("palette-order", name = texts::amid(&order.name())),
            Self::Saved(saved) => saved.name.clone(),
            Self::Name(who) => say!("menu-your-name", name = who),
        }
    }

    fn shown(self, keys: &Keymap) -> String {
        match self {
            Self::Verb(binding) => keys.shown(binding.verb).to_owned(),
            Self::Order(_) | Self::Name(_) => String::new(),
            Self::Saved(_) => say!("palette-saved"),
        }
    }

    fn help(&self) -> String {
        match self {
            Self::Verb(binding) => binding.help(),
            Self::Order(order) => order.help(),
            Self::Saved(saved) => saved.query.clone(),
            Self::Name(_) => say!("menu-name-help"),
        }
    }

    fn action(self) -> Action {
        match self {
            Self::Verb(binding) => Action::Do(binding.verb),
            Self::Order(order) => Action::Order(order),
            Self::Saved(saved) => Action::ApplyQuery(saved.name.clone()),
            Self::Name(_) => Action::Cover(Some(Overlay::Name)),
        }
    }
}

fn find<'a>(typed: &str, state: &'a State, orders_only: bool) -> Vec<Entry<'a>> {
    let view = state.desk.as_ref().map(|_| state.view);
    // Nine toggles would be nine lines that a digit does better.
    let works = |binding: &&Binding| !matches!(binding.verb, Verb::Toggle(_)) && binding.scope.holds(view);
    let typed = typed.trim().to_lowercase();
    let matches = |entry: &Entry<'_>| {
        let words = format!("{} {} {}", entry.name(), entry.shown(&state.keys), entry.help()).to_lowercase();
        typed.split_whitespace().all(|word| words.contains(word))
    };
    let queries = state.desk.as_ref().map_or(&[][..], |desk| state.settings.queries(desk.root()));
    // Without a word the list is of what can be done; saved queries stand on the left of the Library anyway.
    let saved = queries.iter().filter(|_| !orders_only && !typed.is_empty()).map(Entry::Saved);
    let verbs = BINDINGS.iter().filter(|binding| !orders_only && works(binding)).map(Entry::Verb);
    let orders = Order::ALL.into_iter().filter(|_| view.is_some()).map(Entry::Order);
    let name = (!orders_only).then_some(Entry::Name(state.who.as_str()));
    let mut found: Vec<_> = saved.chain(verbs).chain(name).chain(orders).filter(matches).collect();
    found.sort_by_key(|entry| !entry.name().to_lowercase().starts_with(&typed));
    found.truncate(SHOWN);
    found
}
