//! Saved queries at the foot of the library's left side: one click applies, × forgets, *Save* gives the filter at hand a name.

use eframe::egui;
use egui::{Key, Rect, TextEdit, Ui, vec2};

use super::widgets;
use crate::app::action::Action;
use crate::app::keymap::{Verb, binding};
use crate::app::state::{Desk, State};
use crate::app::texts::say;

#[derive(Debug, Default)]
pub struct Saved {
    /// The name being typed.
    naming: Option<String>,
}

impl Saved {
    /// Whether there is anything to show.
    pub fn is_shown(&self, state: &State, desk: &Desk) -> bool {
        self.naming.is_some()
            || state.naming_query
            || !desk.filter.is_empty()
            || !state.settings.queries(desk.root()).is_empty()
    }

    pub fn ui(&mut self, ui: &mut Ui, state: &State, desk: &Desk) -> Option<Action> {
        let mut action = None;
        ui.spacing_mut().item_spacing.y = 0.0;
        widgets::head(ui, &say!("saved"));
        ui.add_space(2.0);
        let queries = state.settings.queries(desk.root());
        let now = desk.filter.as_query(&desk.vocabulary);
        egui::ScrollArea::vertical().max_height(160.0).auto_shrink([false, true]).animated(false).show(ui, |ui| {
            for saved in queries {
                let response = widgets::row(ui, 0.0, &saved.name, " ", saved.query == now);
                let rect = response.rect;
                if response.on_hover_text(&saved.query).clicked() {
                    action = Some(Action::ApplyQuery(saved.name.clone()));
                }
                let corner = Rect::from_center_size(rect.right_center() - vec2(12.0, 0.0), vec2(20.0, 20.0));
                let button = egui::Button::new("×").frame_when_inactive(false);
                let forget = ui.push_id(&saved.name, |ui| widgets::place_in(ui, corner, button)).inner;
                let forget = forget.accessible_name(say!("welcome-forget", name = saved.name));
                if forget.on_hover_text(say!("saved-forget-help")).clicked() {
                    action = Some(Action::ForgetQuery(saved.name.clone()));
                }
            }
        });
        if state.naming_query && !now.is_empty() {
            self.naming.get_or_insert_default();
        }
        match &mut self.naming {
            Some(name) => {
                let field = TextEdit::singleline(name)
                    .hint_text(say!("saved-hint"))
                    .desired_width(f32::INFINITY)
                    .min_size(vec2(0.0, 28.0));
                let response = ui.add(field).accessible_name(say!("saved-name"));
                if state.naming_query {
                    response.request_focus();
                }
                if response.lost_focus() {
                    let is_done = ui.input(|input| input.key_pressed(Key::Enter)) && !name.trim().is_empty();
                    let name = self.naming.take().filter(|_| is_done);
                    action = name.map(|name| Action::SaveQuery(name.trim().to_owned())).or(action);
                }
            }
            None if !now.is_empty() && !queries.iter().any(|saved| saved.query == now) => {
                let verb = binding(Verb::SaveQuery);
                let response = widgets::row(ui, 0.0, &say!("saved-save"), state.keys.shown(Verb::SaveQuery), false);
                if response.on_hover_text(verb.help()).clicked() {
                    action = Some(Action::Do(Verb::SaveQuery));
                }
            }
            None => {}
        }
        ui.add_space(4.0);
        action
    }
}
