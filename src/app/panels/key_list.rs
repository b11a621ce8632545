//! The list in which keys are changed: choose a command, press Enter, press its new key.
//!
//! A key that means something there already is named, with the choice to swap, to take it, or to leave it.

use eframe::egui;
use egui::accesskit::Role;
use egui::{Align2, Event, EventFilter, Id, Modal, RichText, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};

use super::widgets;
use crate::app::action::Action;
use crate::app::keymap::{BINDINGS, Binding, Chord, Clash, Rebind, Scope, Unfit, Verb, binding};
use crate::app::state::{Overlay, State};
use crate::app::texts::say;
use crate::app::theme::{self, tokens};

#[derive(Debug, Default)]
pub struct KeyList {
    asks: Option<Asks>,
    open: bool,
    /// The row that was last asked about: it has the keyboard again afterwards.
    last: Option<Verb>,
}

/// What is asked about a command.
#[derive(Debug, Clone, Copy)]
struct Asks {
    verb: Verb,
    /// Pressed, and in the way of another.
    chord: Option<Chord>,
    unfit: Option<Unfit>,
}

impl KeyList {
    /// Whether the next key is an answer and no command.
    pub fn listens(&self) -> bool {
        self.asks.is_some()
    }

    pub fn ui(&mut self, ctx: &egui::Context, state: &State) -> Option<Action> {
        if state.overlay != Some(Overlay::Keys) {
            *self = Self::default();
            return None;
        }
        let asked = self.asks; // The Enter that asks is not the answer.
        let frame = egui::Frame::popup(&ctx.global_style()).inner_margin(20);
        let modal = Modal::new(Id::unique("change keys")).frame(frame).show(ctx, |ui| self.list(ui, state));
        self.open = true;
        let closed = modal.backdrop_response.clicked() && self.asks.is_none();
        let answer = asked.and_then(|asks| self.ask(ctx, state, asks));
        modal.inner.or(answer).or(closed.then_some(Action::Cover(None)))
    }

    fn list(&mut self, ui: &mut Ui, state: &State) -> Option<Action> {
        let t = tokens(ui);
        ui.set_width(560.0_f32.min(ui.ctx().content_rect().width() - 96.0));
        ui.label(RichText::new(say!("menu-change-keys")).font(theme::title()).color(t.text));
        widgets::note(ui, say!("keys-note"));
        ui.add_space(4.0);
        let mut action = None;
        let height = (ui.ctx().content_rect().height() - 240.0).max(160.0);
        ScrollArea::vertical().max_height(height).auto_shrink([false, true]).animated(false).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            for scope in Scope::ALL {
                widgets::section(ui, &scope.name());
                for binding in BINDINGS.iter().filter(|binding| binding.scope == scope) {
                    action = self.row(ui, state, binding).or(action.take());
                }
            }
        });
        ui.add_space(10.0);
        ui.horizontal(|ui| {
            if ui.add(egui::Button::new(say!("close")).right_text("Esc")).accessible_name(say!("close")).clicked() {
                action = Some(Action::Cover(None));
            }
            let all = egui::Button::new(say!("keys-reset-all"));
            if ui.add_enabled(!state.keys.is_as_delivered(), all).clicked() {
                action = Some(Action::Rebind(Rebind::ResetAll));
            }
        });
        action
    }

    fn row(&mut self, ui: &mut Ui, state: &State, binding: &Binding) -> Option<Action> {
        let t = tokens(ui);
        let verb = binding.verb;
        let changed = state.keys.is_changed(verb);
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), theme::ROW), Sense::click());
        let shown = state.keys.all_shown(verb);
        let name = say!("keys-change", name = binding.name(), place = binding.scope.name(), keys = shown);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
        // The first row has the keyboard when the list opens, the same row after a question.
        let returns = self.last == Some(verb) && self.asks.is_none();
        if returns || (!self.open && verb == Verb::Accept) {
            response.request_focus();
            self.last = None;
        }
        if response.gained_focus() {
            response.scroll_to_me(None);
        }
        if response.clicked() {
            self.asks = Some(Asks { verb, chord: None, unfit: None });
        }
        if ui.is_rect_visible(rect) {
            widgets::row_ground(ui, rect, &response, false);
            let color = if changed { t.accent } else { t.text2 };
            let end = pos2(rect.right() - 74.0, rect.center().y);
            ui.painter().text(end, Align2::RIGHT_CENTER, shown, theme::small(), color);
            let start = pos2(rect.left() + 8.0, rect.center().y);
            ui.painter().text(start, Align2::LEFT_CENTER, binding.name(), theme::body(), t.text);
        }
        response.on_hover_text(binding.help());
        if !changed {
            return None;
        }
        let corner = egui::Rect::from_center_size(pos2(rect.right() - 34.0, rect.center().y), vec2(60.0, 22.0));
        let button = egui::Button::new(RichText::new(say!("keys-reset")).font(theme::small()));
        let reset = ui.push_id(verb, |ui| widgets::place_in(ui, corner, button)).inner;
        let reset = reset.accessible_name(say!("keys-reset-one", name = binding.name(), place = binding.scope.name()));
        reset
            .on_hover_text(say!("keys-back-to", key = binding.shown))
            .clicked()
            .then_some(Action::Rebind(Rebind::Reset(verb)))
    }

    /// Waits for a key, or asks what becomes of the one who has it.
    fn ask(&mut self, ctx: &egui::Context, state: &State, mut asks: Asks) -> Option<Action> {
        let frame = egui::Frame::popup(&ctx.global_style()).inner_margin(20);
        let cancelled = ctx.input(|input| input.key_pressed(egui::Key::Escape));
        let modal = Modal::new(Id::unique("the new key")).frame(frame).show(ctx, |ui| {
            ui.set_width(380.0);
            let title = say!("keys-of", name = binding(asks.verb).name());
            ui.label(RichText::new(title).font(theme::strong()).color(tokens(ui).text));
            match asks.chord {
                None => wait(ui, state, &mut asks),
                Some(chord) => choose(ui, state, asks.verb, chord),
            }
        });
        let (chord, done) = match modal.inner {
            Some(Answer::Pressed(chord)) => (Some(chord), false),
            Some(Answer::Clash(clash)) => return self.answered(asks, asks.chord, clash),
            Some(Answer::Cancel) => (None, true),
            None => (asks.chord, cancelled || modal.backdrop_response.clicked()),
        };
        if done {
            (self.asks, self.last) = (None, Some(asks.verb));
            return None;
        }
        if let Some(chord) = chord.filter(|_| asks.chord.is_none())
            && state.keys.rivals(asks.verb, chord).is_empty()
        {
            return self.answered(asks, Some(chord), Clash::Take);
        }
        self.asks = Some(Asks { chord, ..asks });
        None
    }

    fn answered(&mut self, asks: Asks, chord: Option<Chord>, clash: Clash) -> Option<Action> {
        (self.asks, self.last) = (None, Some(asks.verb));
        chord.map(|chord| Action::Rebind(Rebind::Set { verb: asks.verb, chord, clash }))
    }
}

#[derive(Debug, Clone, Copy)]
enum Answer {
    Pressed(Chord),
    Clash(Clash),
    Cancel,
}

fn wait(ui: &mut Ui, state: &State, asks: &mut Asks) -> Option<Answer> {
    let t = tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 40.0), Sense::click());
    let words = say!("keys-press");
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &words));
    // It takes arrows, Tab and Enter too, so that none of them moves away from here.
    response.request_focus();
    let all = EventFilter { tab: true, horizontal_arrows: true, vertical_arrows: true, escape: true };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, all));
    widgets::focus_ring(ui, rect, &response);
    ui.painter().text(rect.center(), Align2::CENTER_CENTER, words, theme::body(), t.text);
    let unfit = asks.unfit.map_or_else(String::new, |unfit| format!("{}. ", unfit.why()));
    widgets::note(ui, say!("keys-now-it-is", unfit = unfit, keys = state.keys.all_shown(asks.verb)));
    let pressed = ui.input(|input| {
        input.events.iter().find_map(|event| match event {
            Event::Key { key: egui::Key::Escape, .. } => None,
            Event::Key { key, pressed: true, repeat: false, modifiers, .. } => Some(Chord::pressed(*key, *modifiers)),
            Event::Copy | Event::Cut | Event::Paste(_) => Some(Err(Unfit::Clipboard)),
            _ => None,
        })
    });
    match pressed? {
        Ok(chord) => Some(Answer::Pressed(chord)),
        Err(unfit) => {
            asks.unfit = Some(unfit);
            None
        }
    }
}

fn choose(ui: &mut Ui, state: &State, verb: Verb, chord: Chord) -> Option<Answer> {
    let t = tokens(ui);
    let rivals = state.keys.rivals(verb, chord);
    let name = |verb: &Verb| say!("keys-named", name = binding(*verb).name(), place = binding(*verb).scope.name());
    let names = rivals.iter().map(name).collect::<Vec<_>>().join(&say!("keys-and"));
    ui.add_space(4.0);
    ui.label(RichText::new(say!("keys-means", key = chord.shown(), names = names)).color(t.text));
    ui.add_space(8.0);
    let mut answer = None;
    let old = state.keys.shown(verb).to_owned();
    let mut first = true;
    let mut offer = |ui: &mut Ui, words: String, what: Answer| {
        let response = ui.add(egui::Button::new(words).min_size(vec2(ui.available_width(), 30.0)));
        if std::mem::take(&mut first) && ui.memory(|memory| memory.focused().is_none()) {
            response.request_focus();
        }
        if response.clicked() {
            answer = Some(what);
        }
    };
    if state.keys.can_swap(verb, chord) {
        offer(ui, say!("keys-swap", n = rivals.len(), key = old), Answer::Clash(Clash::Swap));
    }
    offer(ui, say!("keys-take", n = rivals.len()), Answer::Clash(Clash::Take));
    offer(ui, say!("cancel"), Answer::Cancel);
    answer
}
