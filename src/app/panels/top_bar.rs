//! The top bar: which collection, which view, the query line, the threshold.

use eframe::egui;
use egui::{Align, Layout, Popup, PopupCloseBehavior, RichText, ScrollArea, Ui, vec2};

use super::query_field::QueryField;
use super::{precision, widgets};
use crate::app::action::Action;
use crate::app::keymap::Verb;
use crate::app::settings::{Settings, ThemeChoice};
use crate::app::state::{Desk, Overlay, State, View};
use crate::app::texts::{self, Language, say};
use crate::app::theme::{self, tokens};
use crate::model::device::Choice;

#[derive(Debug, Default)]
pub struct TopBar {
    query: QueryField,
}

impl TopBar {
    pub fn ui(&mut self, ui: &mut Ui, state: &State) -> Option<Action> {
        let t = tokens(ui);
        let mut action = None;
        ui.horizontal_centered(|ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            ui.label(RichText::new("Docent").font(egui::FontId::new(15.0, theme::strong_family())).color(t.accent));
            ui.add_space(6.0);
            action = menu(ui, state).or(action.take());
            let Some(desk) = &state.desk else {
                return;
            };
            ui.add_space(6.0);
            for (verb, view) in [
                (Verb::ShowLibrary, View::Library),
                (Verb::ShowReview, View::Review),
                (Verb::ShowSweep, View::Sweep),
                (Verb::ShowTrain, View::Train),
                (Verb::ShowVocabulary, View::Vocabulary),
                (Verb::ShowInsights, View::Insights),
            ] {
                if widgets::tab(ui, verb, state.view == view).clicked() {
                    action = Some(Action::Do(verb));
                }
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                action = threshold(ui, desk).or(action.take());
                ui.add_space(6.0);
                action = self.query.ui(ui, state, desk).or(action.take());
            });
        });
        action
    }
}

fn menu(ui: &mut Ui, state: &State) -> Option<Action> {
    let t = tokens(ui);
    let name = state.desk.as_ref().map_or_else(|| say!("menu-collection"), |desk| desk.name.clone());
    let shown: String = name.chars().take(28).collect();
    let button = egui::Button::new(RichText::new(format!("{shown}    ")).color(t.text2)).frame_when_inactive(false);
    let response = ui.add(button).accessible_name(say!("menu-name", name = name));
    widgets::triangle(ui, response.rect.right_center() - vec2(14.0, 0.0), true);
    // In a low window it scrolls.
    let height = (ui.ctx().content_rect().bottom() - response.rect.bottom() - 32.0).max(120.0);
    let popup = Popup::menu(&response).gap(4.0).width(260.0);
    let inner = popup.show(|ui| {
        ScrollArea::vertical().max_height(height).min_scrolled_height(height).show(ui, |ui| {
            let action = folders(ui, state);
            let action = looks(ui, state).or(action);
            let action = devices(ui, state).or(action);
            let action = precision::ui(ui, state).or(action);
            ui.add_space(6.0);
            commands(ui, state).or(action)
        })
    });
    inner.and_then(|inner| inner.inner.inner)
}

/// What can be opened, what is open, and who signs.
fn folders(ui: &mut Ui, state: &State) -> Option<Action> {
    let mut action = None;
    if ui.add(egui::Button::new(say!("menu-open")).shortcut_text(state.keys.shown(Verb::OpenFolder))).clicked() {
        action = Some(Action::AskFolder);
    }
    if ui.button(say!("menu-demo")).clicked() {
        action = Some(Action::OpenDemo);
    }
    let current = state.desk.as_ref().map(Desk::root);
    let recent: Vec<_> = state.settings.recent.iter().filter(|folder| Some(folder.as_path()) != current).collect();
    if !recent.is_empty() {
        widgets::section(ui, &say!("menu-recent"));
    }
    for folder in recent {
        let missing = state.settings.missing.contains(folder);
        let name = folder.file_name().unwrap_or(folder.as_os_str()).to_string_lossy();
        let words = if missing { say!("menu-missing", name = name) } else { name.into_owned() };
        let button = ui.add_enabled(!missing, egui::Button::new(words).truncate());
        if button.on_hover_text(folder.display().to_string()).clicked() {
            action = Some(Action::OpenFolder(folder.clone()));
        }
    }
    if let Some(desk) = &state.desk {
        widgets::section(ui, &say!("menu-this"));
        widgets::note(ui, desk.root().display().to_string());
        if ui.button(say!("menu-copy-path")).clicked() {
            ui.ctx().copy_text(desk.root().display().to_string());
        }
        if ui.button(say!("menu-close")).clicked() {
            action = Some(Action::CloseCollection);
        }
    }
    widgets::section(ui, &say!("menu-signed"));
    let name = ui.add(egui::Button::new(state.who.as_str()).right_text(say!("menu-change-name")).truncate());
    let name = name.accessible_name(say!("menu-your-name", name = state.who));
    if name.on_hover_text(say!("menu-name-help")).clicked() {
        action = Some(Action::Cover(Some(Overlay::Name)));
    }
    action
}

/// Language, theme and scale.
fn looks(ui: &mut Ui, state: &State) -> Option<Action> {
    let mut action = None;
    widgets::section(ui, &say!("menu-language"));
    ui.horizontal(|ui| {
        for language in Language::ALL {
            if ui.selectable_label(state.settings.language == language, language.own_name()).clicked() {
                action = Some(Action::SetLanguage(language));
            }
        }
    });
    widgets::section(ui, &say!("menu-theme"));
    ui.horizontal(|ui| {
        for (choice, words) in [
            (ThemeChoice::Dark, say!("menu-dark")),
            (ThemeChoice::Light, say!("menu-light")),
            (ThemeChoice::System, say!("menu-system")),
        ] {
            if ui.selectable_label(state.settings.theme == choice, words).clicked() {
                action = Some(Action::SetTheme(choice));
            }
        }
    });
    let mut high = state.settings.high_contrast;
    if ui.checkbox(&mut high, say!("menu-contrast")).changed() {
        action = Some(Action::SetContrast(high));
    }
    widgets::section(ui, &say!("menu-scale"));
    ui.horizontal(|ui| {
        for scale in Settings::SCALES {
            let words = format!("{:.0} %", scale * 100.0);
            if ui.selectable_label((state.settings.scale - scale).abs() < 0.01, words).clicked() {
                action = Some(Action::SetScale(scale));
            }
        }
    });
    action
}

fn commands(ui: &mut Ui, state: &State) -> Option<Action> {
    let mut action = None;
    if ui.add(egui::Button::new(say!("menu-commands")).shortcut_text(state.keys.shown(Verb::Palette))).clicked() {
        action = Some(Action::Do(Verb::Palette));
    }
    if ui.add(egui::Button::new(say!("menu-keys")).shortcut_text(state.keys.shown(Verb::Help))).clicked() {
        action = Some(Action::Do(Verb::Help));
    }
    if ui.add(egui::Button::new(say!("menu-change-keys")).shortcut_text(state.keys.shown(Verb::ChangeKeys))).clicked() {
        action = Some(Action::Do(Verb::ChangeKeys));
    }
    if ui.add(egui::Button::new(say!("menu-messages")).shortcut_text(state.keys.shown(Verb::Messages))).clicked() {
        action = Some(Action::Do(Verb::Messages));
    }
    action
}

/// Where to compute. What this build cannot use is grey, and says why.
fn devices(ui: &mut Ui, state: &State) -> Option<Action> {
    let mut action = None;
    widgets::section(ui, &say!("menu-compute"));
    // A further card, named on the command line, belongs to the one button.
    let cuda = match state.chosen_device {
        Choice::Cuda(ordinal) => Choice::Cuda(ordinal),
        _ => Choice::Cuda(0),
    };
    let offered = [
        (Choice::Auto, say!("menu-fastest")),
        (Choice::Cpu, say!("menu-cpu")),
        (cuda, say!("menu-nvidia")),
        (Choice::Metal, say!("menu-metal")),
    ];
    ui.horizontal(|ui| {
        for (choice, words) in &offered {
            let button = egui::Button::selectable(state.chosen_device == *choice, words.as_str());
            let response = ui.add_enabled(choice.obstacle().is_none(), button);
            let response = response.on_disabled_hover_text(choice.obstacle().unwrap_or_default());
            if response.clicked() {
                action = Some(Action::UseDevice(*choice));
            }
        }
    });
    let obstacles: Vec<_> = offered.iter().filter_map(|(choice, _)| choice.obstacle()).collect();
    if !obstacles.is_empty() {
        widgets::note(ui, obstacles.join(" "));
    }
    action
}

fn threshold(ui: &mut Ui, desk: &Desk) -> Option<Action> {
    let own = desk.own_threshold().filter(|_| desk.learned.is_some() || !desk.known_labels().is_empty())?;
    let t = tokens(ui);
    let mut action = None;
    let button =
        egui::Button::new(RichText::new(say!("threshold-at", at = texts::fixed(desk.threshold, 2))).color(t.text));
    let response = ui.add(button).on_hover_text(say!("threshold-help"));
    Popup::menu(&response).gap(4.0).width(300.0).close_behavior(PopupCloseBehavior::CloseOnClickOutside).show(|ui| {
        widgets::head(ui, &say!("threshold"));
        widgets::note(ui, say!("threshold-note"));
        let mut value = desk.threshold;
        let slider = egui::Slider::new(&mut value, 0.0..=1.0).fixed_decimals(2).step_by(0.01);
        let slider = ui.add(slider).accessible_name(say!("threshold"));
        if slider.changed() {
            action = Some(Action::Threshold(Some(value)));
        }
        widgets::note(ui, say!("threshold-above", n = desk.counts.has_proposals));
        let words = match desk.learned {
            Some(_) => say!("threshold-learned", at = texts::fixed(own, 2)),
            None => say!("threshold-own", at = texts::fixed(own, 2)),
        };
        let differs = (desk.threshold - own).abs() > 0.004;
        if ui.add_enabled(differs, egui::Button::new(words)).clicked() {
            action = Some(Action::Threshold(None));
        }
    });
    action
}
