//! What lies over a view when asked for: the keys, and the log of messages.

use eframe::egui;
use egui::{Id, Modal, RichText, ScrollArea, Ui, vec2};

use super::widgets;
use crate::app::action::Action;
use crate::app::keymap::{BINDINGS, Keymap, Scope, Verb};
use crate::app::state::{Overlay, State, Tone};
use crate::app::text;
use crate::app::texts::say;
use crate::app::theme::{self, tokens};

#[derive(Debug, Default)]
pub struct Overlays;

impl Overlays {
    pub fn ui(&mut self, ctx: &egui::Context, state: &State) -> Option<Action> {
        let overlay = state.overlay?;
        let (id, show): (_, fn(&mut Ui, &State)) = match overlay {
            Overlay::Help => ("keys", |ui, state| keys(ui, &state.keys)),
            Overlay::Log => ("messages", log),
            Overlay::Unsaved => return unsaved(ctx, state),
            Overlay::Palette
            | Overlay::Orders
            | Overlay::AddTag
            | Overlay::Keys
            | Overlay::Name
            | Overlay::Vocabulary(_) => {
                return None;
            }
        };
        let frame = egui::Frame::popup(&ctx.global_style()).inner_margin(20);
        let modal = Modal::new(Id::unique(id)).frame(frame).show(ctx, |ui| {
            ui.set_max_width((ctx.content_rect().width() - 96.0).min(860.0));
            show(ui, state);
            ui.add_space(10.0);
            let close = ui.horizontal(|ui| {
                let close =
                    ui.add(egui::Button::new(say!("close")).right_text("Esc")).accessible_name(say!("close")).clicked();
                let change = egui::Button::new(say!("menu-change-keys")).right_text(state.keys.shown(Verb::ChangeKeys));
                if overlay == Overlay::Help && ui.add(change).accessible_name(say!("keys-change-them")).clicked() {
                    return Some(Action::Cover(Some(Overlay::Keys)));
                }
                close.then_some(Action::Cover(None))
            });
            close.inner
        });
        modal.inner.or(modal.backdrop_response.clicked().then_some(Action::Cover(None)))
    }
}

/// The window was to be closed, and would take decisions with it.
fn unsaved(ctx: &egui::Context, state: &State) -> Option<Action> {
    let frame = egui::Frame::popup(&ctx.global_style()).inner_margin(20);
    let modal = Modal::new(Id::unique("unsaved")).frame(frame).show(ctx, |ui| {
        let t = tokens(ui);
        ui.set_max_width(460.0);
        let n = state.record.at_risk();
        let (title, words, button) = match n {
            0 => (say!("overlay-all-saved"), say!("overlay-can-close"), say!("overlay-close-window")),
            n => (say!("overlay-not-saved"), say!("overlay-lost", n = n as usize), say!("overlay-lose")),
        };
        ui.label(RichText::new(title).font(theme::title()).color(t.text));
        ui.add_space(4.0);
        widgets::note(ui, words);
        ui.add_space(10.0);
        ui.horizontal(|ui| {
            let stay = ui.button(say!("overlay-keep-open")).clicked().then_some(Action::Cover(None));
            let go = ui.button(button).clicked().then_some(Action::QuitAnyway);
            stay.or(go)
        })
        .inner
    });
    modal.inner
}

fn keys(ui: &mut Ui, keys: &Keymap) {
    let t = tokens(ui);
    ui.label(RichText::new(say!("overlay-keys")).font(theme::title()).color(t.text));
    let height = (ui.ctx().content_rect().height() - 200.0).max(200.0);
    ScrollArea::vertical().max_height(height).animated(false).show(ui, |ui| {
        ui.spacing_mut().interact_size.y = 18.0;
        ui.columns(3, |columns| {
            for (column, scopes) in [(0, &Scope::ALL[..1]), (1, &Scope::ALL[1..2]), (2, &Scope::ALL[2..])] {
                for &scope in scopes {
                    let ui = &mut columns[column];
                    widgets::section(ui, &scope.name());
                    for binding in BINDINGS.iter().filter(|binding| binding.scope == scope) {
                        match binding.verb {
                            Verb::Toggle(1) => one(ui, &keys.toggles(), &say!("overlay-toggle"), &binding.help()),
                            Verb::Toggle(_) => {}
                            verb => {
                                let help = format!("{} ({})", binding.help(), keys.all_shown(verb));
                                one(ui, keys.shown(verb), &binding.name(), &help);
                            }
                        }
                    }
                }
            }
        });
    });
}

fn one(ui: &mut Ui, shown: &str, name: &str, help: &str) {
    let t = tokens(ui);
    ui.horizontal(|ui| {
        ui.allocate_ui_with_layout(vec2(62.0, 20.0), egui::Layout::left_to_right(egui::Align::Center), |ui| {
            ui.set_min_width(62.0);
            if !shown.is_empty() {
                widgets::key(ui, shown);
            }
        });
        ui.add(egui::Label::new(RichText::new(name).color(t.text)).truncate()).on_hover_text(help);
    });
}

fn log(ui: &mut Ui, state: &State) {
    let t = tokens(ui);
    ui.label(RichText::new(say!("key-messages")).font(theme::title()).color(t.text));
    ui.set_min_width(560.0_f32.min(ui.available_width()));
    let log = state.messages.log();
    if log.is_empty() {
        widgets::note(ui, say!("overlay-no-messages"));
    }
    let height = (ui.ctx().content_rect().height() - 220.0).max(160.0);
    ScrollArea::vertical().max_height(height).auto_shrink([false, true]).animated(false).show(ui, |ui| {
        for message in log.iter().rev() {
            let (mark, color) = match message.tone {
                Tone::Note => ("·", t.text),
                Tone::Good => ("✓", t.ok),
                Tone::Trouble => ("!", t.no),
            };
            ui.add_space(4.0);
            let ago = text::duration(state.now - message.at);
            ui.add(
                egui::Label::new(RichText::new(format!("{mark} {}", message.text)).color(color))
                    .wrap()
                    .selectable(true),
            );
            let hint = message.hint.as_deref().map_or_else(String::new, |hint| format!("{hint} · "));
            widgets::note(ui, say!("overlay-ago", hint = hint, time = ago));
        }
    });
}
