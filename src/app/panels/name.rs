//! The name that signs decisions, asked for from the collection menu.

use eframe::egui;
use egui::{Align2, Id, Key, Modal, RichText, TextEdit, vec2};

use super::widgets;
use crate::app::action::Action;
use crate::app::state::{Overlay, State};
use crate::app::texts::say;
use crate::app::theme::{self, tokens};
use crate::domain::curator;

#[derive(Debug, Default)]
pub struct NameField {
    /// While it is open.
    typed: Option<String>,
}

impl NameField {
    pub fn ui(&mut self, ctx: &egui::Context, state: &State) -> Option<Action> {
        if state.overlay != Some(Overlay::Name) {
            self.typed = None;
            return None;
        }
        let begins = self.typed.is_none();
        let typed = self.typed.get_or_insert_with(|| state.settings.name.clone());
        let area = Modal::default_area(Id::unique("name")).anchor(Align2::CENTER_TOP, vec2(0.0, 90.0));
        let frame = egui::Frame::popup(&ctx.global_style()).inner_margin(16);
        let modal = Modal::new(Id::unique("name")).area(area).frame(frame).show(ctx, |ui| {
            ui.set_width(420.0);
            ui.label(RichText::new(say!("name-title")).font(theme::title()).color(tokens(ui).text));
            ui.add_space(6.0);
            let field = TextEdit::singleline(typed)
                .hint_text(state.account.as_str())
                .desired_width(f32::INFINITY)
                .min_size(vec2(0.0, 32.0));
            let field = ui.add(field).accessible_name(say!("name-title"));
            if begins {
                field.request_focus();
            }
            let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
            ui.add_space(6.0);
            let is_usable = typed.trim().is_empty() || curator::name(typed).is_some();
            let words = match is_usable {
                true => say!("name-signs", account = state.account),
                false => say!("name-of-file"),
            };
            widgets::note(ui, words);
            ui.add_space(6.0);
            let clicked = ui.add_enabled(is_usable, egui::Button::new(say!("name-sign"))).clicked();
            (is_usable && (entered || clicked)).then(|| Action::SignAs(typed.clone()))
        });
        let leave = modal.backdrop_response.clicked().then_some(Action::Cover(None));
        modal.inner.or(leave)
    }
}
