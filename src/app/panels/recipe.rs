//! The recipe's form: what comes with the program or was saved here, and every field of it.

use eframe::egui;
use egui::{Align, DragValue, Layout, Response, RichText, Ui};

use super::widgets;
use crate::app::action::Action;
use crate::app::state::Learning;
use crate::app::texts::say;
use crate::app::theme::tokens;
use crate::imaging::Preprocess;
use crate::training::recipe::{PRESETS, Recipe};
use crate::training::{Augment, Depth, Keep, Loss, Schedule, recipes};

#[derive(Debug, Default)]
pub struct RecipeForm {
    /// Typed, not saved yet.
    name: String,
}

impl RecipeForm {
    pub fn ui(&mut self, ui: &mut Ui, learning: &Learning) -> Option<Action> {
        let mut recipe = learning.recipe.clone();
        choose(ui, learning, &mut recipe);
        ui.add_space(4.0);
        what_learns(ui, &mut recipe);
        loss(ui, &mut recipe.loss);
        pace(ui, &mut recipe);
        ui.add_space(4.0);
        egui::CollapsingHeader::new(say!("recipe-more")).id_salt("recipe more").show(ui, |ui| {
            pictures(ui, &mut recipe);
            judging(ui, &mut recipe);
        });
        let action = (recipe != learning.recipe).then(|| Action::SetRecipe(Box::new(recipe)));
        ui.add_space(6.0);
        self.save(ui).or(action)
    }

    fn save(&mut self, ui: &mut Ui) -> Option<Action> {
        let mut action = None;
        ui.horizontal(|ui| {
            let words = say!("recipe-save");
            let width =
                (ui.available_width() - widgets::button_width(ui, &words) - ui.spacing().item_spacing.x).max(60.0);
            let field =
                egui::TextEdit::singleline(&mut self.name).hint_text(say!("recipe-save-hint")).desired_width(width);
            let typed = ui.add(field).accessible_name(say!("recipe-name"));
            let entered = typed.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
            let fits = recipes::is_name(&self.name);
            let button = ui.add_enabled(fits, egui::Button::new(words));
            let button = button.on_hover_text(say!("recipe-save-help")).accessible_name(say!("recipe-save-name"));
            if fits && (entered || button.clicked()) {
                action = Some(Action::SaveRecipe(std::mem::take(&mut self.name)));
            }
        });
        action
    }
}

/// A recipe to begin with.
fn choose(ui: &mut Ui, learning: &Learning, recipe: &mut Recipe) {
    let here = say!("recipe-saved-here");
    let saved = learning.recipes.iter().map(|(name, recipe)| (name.as_str(), here.as_str(), recipe.clone()));
    let all: Vec<_> = PRESETS.iter().map(|preset| (preset.name, preset.about, preset.recipe())).chain(saved).collect();
    let shown = all
        .iter()
        .find(|(.., known)| known == recipe)
        .map_or_else(|| say!("recipe-changed"), |(name, ..)| (*name).to_owned());
    field(ui, &say!("train-recipe"), &say!("recipe-help"), |ui| {
        let combo = egui::ComboBox::from_id_salt("recipe").selected_text(shown).width(120.0);
        combo
            .show_ui(ui, |ui| {
                for (name, about, known) in &all {
                    if ui.selectable_label(known == recipe, *name).on_hover_text(*about).clicked() {
                        *recipe = known.clone();
                    }
                }
            })
            .response
    });
}

fn what_learns(ui: &mut Ui, recipe: &mut Recipe) {
    let before = recipe.depth;
    let depths = [
        (Depth::Head, say!("recipe-head")),
        (Depth::Last, say!("recipe-last")),
        (Depth::All, say!("recipe-everything")),
    ];
    combo(ui, &say!("recipe-learns"), &say!("recipe-learns-help"), &mut recipe.depth, &depths);
    if recipe.depth != before {
        // Batch, epochs and augmentation of one depth make no sense for another.
        let Recipe { loss, seed, validation, time_budget, implied, .. } = recipe.clone();
        *recipe = Recipe { loss, seed, validation, time_budget, implied, ..Recipe::for_depth(recipe.depth) };
    }
    if recipe.depth != Depth::Head {
        let help = say!("recipe-attention-help");
        field(ui, &say!("recipe-attention"), &help, |ui| ui.checkbox(&mut recipe.attention, ""));
        recipe.moving_statistics |= recipe.attention;
    }
}

fn loss(ui: &mut Ui, loss: &mut Loss) {
    let mut kind = match loss {
        Loss::Focal { .. } => 0,
        Loss::Binary => 1,
        Loss::Asymmetric { .. } => 2,
    };
    let before = kind;
    let kinds = [(0, say!("recipe-focal")), (1, say!("recipe-binary")), (2, say!("recipe-asymmetric"))];
    let help = say!("recipe-loss-help");
    combo(ui, &say!("recipe-loss"), &help, &mut kind, &kinds);
    if kind != before {
        *loss = [Loss::focal(2.0), Loss::Binary, Loss::asymmetric()][kind];
    }
    let gamma = |ui: &mut Ui, name: &str, help: &str, value: &mut f64| {
        field(ui, name, help, |ui| ui.add(DragValue::new(value).range(0.0..=8.0).speed(0.05).fixed_decimals(1)));
    };
    match loss {
        Loss::Binary => {}
        Loss::Focal { gamma: value, .. } => {
            gamma(ui, &say!("recipe-gamma"), &say!("recipe-gamma-help"), value);
        }
        Loss::Asymmetric { gamma_present, gamma_absent, clip } => {
            gamma(ui, &say!("recipe-present"), &say!("recipe-present-help"), gamma_present);
            gamma(ui, &say!("recipe-absent"), &say!("recipe-absent-help"), gamma_absent);
            field(ui, &say!("recipe-clip"), &say!("recipe-clip-help"), |ui| {
                ui.add(DragValue::new(clip).range(0.0..=0.5).speed(0.005).fixed_decimals(2))
            });
        }
    }
}

fn pace(ui: &mut Ui, recipe: &mut Recipe) {
    field(ui, &say!("recipe-epochs"), &say!("recipe-epochs-help"), |ui| {
        ui.add(DragValue::new(&mut recipe.epochs).range(1..=500))
    });
    field(ui, &say!("recipe-rate"), &say!("recipe-rate-help"), |ui| {
        let speed = recipe.learning_rate * 0.02;
        let rate = DragValue::new(&mut recipe.learning_rate).range(1e-6..=1.0).speed(speed);
        ui.add(rate.custom_formatter(|value, _| format!("{value:.1e}")).custom_parser(|text| text.parse().ok()))
    });
    let mut hours = recipe.time_budget.map_or(0.0, |seconds| seconds / 3600.0);
    field(ui, &say!("recipe-time"), &say!("recipe-time-help"), |ui| {
        ui.add(DragValue::new(&mut hours).range(0.0..=500.0).speed(0.05).max_decimals(2).suffix(" h"))
    });
    recipe.time_budget = (0.0 < hours).then_some(hours * 3600.0);
}

fn pictures(ui: &mut Ui, recipe: &mut Recipe) {
    if recipe.depth != Depth::Head {
        let mut kind = match recipe.schedule {
            Schedule::Constant => 0,
            Schedule::Cosine { .. } => 1,
            Schedule::OneCycle => 2,
            Schedule::Plateau { .. } => 3,
        };
        let before = kind;
        let kinds = [
            (0, say!("recipe-constant")),
            (1, say!("recipe-cosine")),
            (2, say!("recipe-one-cycle")),
            (3, say!("recipe-plateau")),
        ];
        combo(ui, &say!("recipe-schedule"), &say!("recipe-schedule-help"), &mut kind, &kinds);
        if kind != before {
            recipe.schedule = [
                Schedule::Constant,
                Schedule::Cosine { warm_up: 0.05 },
                Schedule::OneCycle,
                Schedule::Plateau { patience: 4, factor: 0.5 },
            ][kind];
        }
        let kinds = Augment::ALL.map(|augment| (augment, augment.name()));
        combo(ui, &say!("recipe-augmentation"), &say!("recipe-augmentation-help"), &mut recipe.augment, &kinds);
    }
    field(ui, &say!("recipe-batch"), &say!("recipe-batch-help"), |ui| {
        ui.add(DragValue::new(&mut recipe.batch).range(1..=1024))
    });
    let mut kinds = vec![(None, say!("recipe-as-model"))];
    kinds.extend(Preprocess::ALL.map(|preprocess| (Some(preprocess), preprocess.name().to_owned())));
    combo(ui, &say!("recipe-pictures"), &say!("recipe-pictures-help"), &mut recipe.preprocess, &kinds);
}

fn judging(ui: &mut Ui, recipe: &mut Recipe) {
    let percent = |ui: &mut Ui, name: &str, help: &str, share: &mut f64, range: std::ops::RangeInclusive<f64>| {
        let mut value = *share * 100.0;
        field(ui, name, help, |ui| {
            ui.add(DragValue::new(&mut value).range(range).speed(0.5).max_decimals(1).suffix(" %"))
        });
        if (value - *share * 100.0).abs() > 1e-9 {
            *share = value / 100.0;
        }
    };
    percent(ui, &say!("recipe-validation"), &say!("recipe-validation-help"), &mut recipe.validation, 5.0..=50.0);
    let help = say!("recipe-unnamed-help");
    percent(ui, &say!("recipe-unnamed"), &help, &mut recipe.implied, 0.0..=100.0);
    let help = say!("recipe-rare-help");
    percent(ui, &say!("recipe-rare"), &help, &mut recipe.oversample_below, 0.0..=100.0);
    let mut patience = recipe.patience.unwrap_or(0);
    field(ui, &say!("recipe-patience"), &say!("recipe-patience-help"), |ui| {
        ui.add(DragValue::new(&mut patience).range(0..=200))
    });
    recipe.patience = (0 < patience).then_some(patience);
    let kinds = [(Keep::F2, say!("recipe-best-f2")), (Keep::Loss, say!("recipe-lowest-loss"))];
    combo(ui, &say!("recipe-keeps"), &say!("recipe-keeps-help"), &mut recipe.keep, &kinds);
    field(ui, &say!("recipe-seed"), &say!("recipe-seed-help"), |ui| ui.add(DragValue::new(&mut recipe.seed)));
}

fn combo<T: PartialEq + Clone>(ui: &mut Ui, name: &str, help: &str, value: &mut T, choices: &[(T, impl AsRef<str>)]) {
    let shown = choices.iter().find(|(choice, _)| choice == value).map_or("", |(_, words)| words.as_ref());
    field(ui, name, help, |ui| {
        let combo = egui::ComboBox::from_id_salt(name).selected_text(shown).width(120.0);
        combo
            .show_ui(ui, |ui| {
                for (choice, words) in choices {
                    ui.selectable_value(value, choice.clone(), words.as_ref());
                }
            })
            .response
    });
}

fn field(ui: &mut Ui, name: &str, help: &str, control: impl FnOnce(&mut Ui) -> Response) {
    let t = tokens(ui);
    ui.horizontal(|ui| {
        ui.set_min_height(28.0);
        ui.label(RichText::new(name).color(t.text2)).on_hover_text(help);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            control(ui).accessible_name(name).on_hover_text(help);
        });
    });
}

/// What a run with this recipe does, in a sentence.
pub fn about(recipe: &Recipe) -> String {
    let n = recipe.epochs;
    match recipe.depth {
        Depth::Head => say!("recipe-about-head"),
        Depth::Last => say!("recipe-about-last", n = n),
        Depth::All => say!("recipe-about-all", n = n),
    }
}

/// What learns, in two words.
pub fn depth(recipe: &Recipe) -> String {
    match recipe.depth {
        Depth::Head => say!("recipe-the-head"),
        Depth::Last => say!("recipe-the-last"),
        Depth::All => say!("recipe-the-network"),
    }
}
