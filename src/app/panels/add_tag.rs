//! The type-ahead for a tag: finds the one that is there before it offers to make another.

use eframe::egui;
use egui::accesskit::Role;
use egui::{Align2, Area, Id, Key, Order, RichText, Sense, TextEdit, Ui, WidgetInfo, pos2, vec2};

use super::palette::move_by_arrows;
use super::widgets;
use crate::app::action::Action;
use crate::app::state::words::{self, Hit, Weight};
use crate::app::state::{Desk, Overlay, State, review};
use crate::app::text::thousands;
use crate::app::texts::say;
use crate::app::theme::{self, tokens};
use crate::domain::LabelSet;

#[derive(Debug, Default)]
pub struct AddTag {
    typed: String,
    at: usize,
    /// Where a bare word goes; `None` until the user chooses.
    namespace: Option<Option<String>>,
    open: bool,
    /// For what was typed.
    hits: Vec<Hit>,
    /// Tags that all of the images have.
    has: LabelSet,
    /// What usually comes with these, by position in the vocabulary.
    beside: Vec<f32>,
}

impl AddTag {
    pub fn ui(&mut self, ctx: &egui::Context, state: &State) -> Option<Action> {
        let desk = state.desk.as_ref()?;
        if state.overlay != Some(Overlay::AddTag) {
            self.open = false;
            return None;
        }
        if !self.open {
            *self = Self { open: true, namespace: self.namespace.take(), ..Self::default() };
            (self.has, self.beside) = review::beside(desk, &state.targets());
            self.search(desk);
        }
        let shown = Area::new(Id::unique("add a tag"))
            .order(Order::Foreground)
            .anchor(Align2::RIGHT_TOP, vec2(-8.0, theme::TOP_BAR + 8.0))
            .show(ctx, |ui| {
                let frame = egui::Frame::popup(ui.style()).inner_margin(12);
                frame.show(ui, |ui| self.inside(ui, state, desk)).inner
            });
        if shown.inner.is_none() && shown.response.clicked_elsewhere() && !egui::Popup::is_any_open(ctx) {
            return Some(Action::Cover(None));
        }
        shown.inner
    }

    fn search(&mut self, desk: &Desk) {
        let weight = |id| Weight {
            has: self.has.contains(id),
            beside: desk.vocabulary.position(id).map_or(0.0, |position| self.beside[position]),
            uses: desk.tag_count(id),
        };
        self.hits = words::search(&self.typed, &desk.vocabulary, &desk.recent_tags, weight);
        self.at = 0;
    }

    fn inside(&mut self, ui: &mut Ui, state: &State, desk: &Desk) -> Option<Action> {
        ui.set_width(360.0);
        let targets = state.targets();
        widgets::head(
            ui,
            &match targets.as_slice() {
                [one] => say!("add-to-one", image = desk.id(*one)),
                many => say!("add-to-many", n = many.len()),
            },
        );
        ui.add_space(4.0);
        move_by_arrows(ui, &mut self.at, self.hits.len());
        let creates = ui.input_mut(|input| input.consume_key(egui::Modifiers::COMMAND, Key::Enter));
        let field = TextEdit::singleline(&mut self.typed)
            .hint_text(say!("add-hint"))
            .desired_width(f32::INFINITY)
            .min_size(vec2(0.0, 32.0));
        let response = ui.add(field).accessible_name(say!("add-field"));
        let entered = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        if response.changed() {
            self.search(desk);
        }
        response.request_focus();
        ui.add_space(6.0);
        ui.spacing_mut().item_spacing.y = 0.0;
        let mut action = None;
        let mut said_similar = false;
        for (position, hit) in self.hits.iter().enumerate() {
            if hit.similar && !said_similar {
                said_similar = true;
                widgets::note(ui, say!("add-did-you-mean"));
                ui.add_space(2.0);
            }
            let all_have = targets.iter().all(|&image| desk.item(image).tags.contains(hit.attribute));
            let clicked = hit_row(ui, desk, hit, position == self.at, all_have);
            if clicked || (entered && position == self.at) {
                action = Some(Action::AddTag(hit.attribute));
            }
        }
        if !self.typed.trim().is_empty() {
            action = self.creation(ui, desk, creates).or(action);
        } else if desk.vocabulary.is_empty() {
            widgets::note(ui, say!("add-no-vocabulary"));
        }
        ui.add_space(8.0);
        ui.horizontal(|ui| {
            widgets::key_hint(ui, "Enter", &say!("add-add"));
            widgets::key_hint(ui, "Ctrl Enter", &say!("add-new"));
            widgets::key_hint(ui, "Esc", &say!("add-close"));
        });
        action
    }

    fn creation(&mut self, ui: &mut Ui, desk: &Desk, creates: bool) -> Option<Action> {
        let t = tokens(ui);
        let usual = words::usual_namespace(&desk.vocabulary).map(str::to_owned);
        let namespace = self.namespace.clone().unwrap_or(usual);
        ui.add_space(6.0);
        match words::new_name(&self.typed, namespace.as_deref(), &desk.vocabulary) {
            Ok(name) => {
                let mut clicked = false;
                ui.horizontal(|ui| {
                    ui.spacing_mut().item_spacing.x = 8.0;
                    let words = RichText::new(say!("add-create", name = name)).color(t.accent);
                    let button = egui::Button::new(words).truncate().min_size(vec2(220.0, 28.0));
                    clicked = ui.add(button).accessible_name(say!("add-create", name = name)).clicked();
                    if !self.typed.contains("::") {
                        self.choose_namespace(ui, desk, namespace.as_deref());
                    }
                });
                (clicked || creates).then_some(Action::CreateTag(name))
            }
            Err(why) => {
                widgets::note(ui, why);
                None
            }
        }
    }

    fn choose_namespace(&mut self, ui: &mut Ui, desk: &Desk, current: Option<&str>) {
        let namespaces = words::namespaces(&desk.vocabulary);
        if namespaces.iter().all(|(namespace, _)| namespace.is_none()) {
            return;
        }
        let name =
            |namespace: Option<&str>| namespace.map_or_else(|| say!("add-no-namespace"), |name| format!("{name}::"));
        let mut chosen = None;
        let combo =
            egui::ComboBox::from_id_salt("namespace").selected_text(name(current)).width(110.0).show_ui(ui, |ui| {
                for (namespace, _) in namespaces {
                    if ui.selectable_label(namespace == current, name(namespace)).clicked() {
                        chosen = Some(namespace.map(str::to_owned));
                    }
                }
            });
        combo.response.accessible_name(say!("add-namespace"));
        if chosen.is_some() {
            self.namespace = chosen;
        }
    }
}

fn hit_row(ui: &mut Ui, desk: &Desk, hit: &Hit, at: bool, all_have: bool) -> bool {
    let t = tokens(ui);
    let Some(label) = desk.vocabulary.get(hit.attribute) else {
        return false;
    };
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), theme::ROW), Sense::click());
    let alias = hit.alias.as_ref().map_or_else(String::new, |alias| say!("add-also-called", alias = alias));
    response.widget_info(|| {
        WidgetInfo::selected(Role::Button, true, at, say!("add-one", name = label.name, alias = alias))
    });
    widgets::row_ground(ui, rect, &response, at);
    let end = if all_have { say!("add-has-it") } else { thousands(desk.tag_count(hit.attribute)) };
    let end = ui.painter().text(
        pos2(rect.right() - 8.0, rect.center().y),
        Align2::RIGHT_CENTER,
        end,
        theme::small(),
        t.text3,
    );
    let bright = if all_have { t.ok } else { t.text };
    let mut job = widgets::label_job(label, t.text3, bright, false);
    job.append(&alias, 0.0, egui::TextFormat::simple(theme::small(), t.text2));
    job.wrap.max_width = end.left() - rect.left() - 20.0;
    let galley = ui.fonts_mut(|fonts| fonts.layout_job(job));
    ui.painter().galley(pos2(rect.left() + 8.0, rect.center().y - galley.size().y / 2.0), galley, bright);
    response.clicked()
}
