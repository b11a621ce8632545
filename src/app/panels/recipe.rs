//! The recipe's form: what comes with the program or was saved here, and every field of it.

use eframe::egui;
use egui::{Align, DragValue, Layout, Response, RichText, Ui};

use crate::app::action::Action;
use crate::app::state::Learning;
use crate::app::text;
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
        egui::CollapsingHeader::new("More").id_salt("recipe more").show(ui, |ui| {
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
            let width = (ui.available_width() - 64.0).max(60.0);
            let field = egui::TextEdit::singleline(&mut self.name).hint_text("save as…").desired_width(width);
            let typed = ui.add(field).accessible_name("Name of the recipe");
            let entered = typed.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
            let fits = recipes::is_name(&self.name);
            let button = ui.add_enabled(fits, egui::Button::new("Save"));
            let button = button.on_hover_text("Keep this recipe in the collection").accessible_name("Save the recipe");
            if fits && (entered || button.clicked()) {
                action = Some(Action::SaveRecipe(std::mem::take(&mut self.name)));
            }
        });
        action
    }
}

/// A recipe to begin with.
fn choose(ui: &mut Ui, learning: &Learning, recipe: &mut Recipe) {
    let saved = learning.recipes.iter().map(|(name, recipe)| (name.as_str(), "saved here", recipe.clone()));
    let all: Vec<_> = PRESETS.iter().map(|preset| (preset.name, preset.about, preset.recipe())).chain(saved).collect();
    let shown = all.iter().find(|(.., known)| known == recipe).map_or("changed", |(name, ..)| name);
    field(ui, "Recipe", "What comes with the program, and what was saved here", |ui| {
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
    let depths = [(Depth::Head, "head"), (Depth::Last, "last stage"), (Depth::All, "everything")];
    combo(ui, "Learns", "How much of the network: the head takes seconds, the rest hours", &mut recipe.depth, &depths);
    if recipe.depth != before {
        // Batch, epochs and augmentation of one depth make no sense for another.
        let Recipe { loss, seed, validation, time_budget, implied, .. } = recipe.clone();
        *recipe = Recipe { loss, seed, validation, time_budget, implied, ..Recipe::for_depth(recipe.depth) };
    }
    if recipe.depth != Depth::Head {
        let help = "The report's residual attention tail on the network; it has to be learned from nothing";
        field(ui, "Attention", help, |ui| ui.checkbox(&mut recipe.attention, ""));
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
    let kinds = [(0, "focal"), (1, "binary"), (2, "asymmetric")];
    let help =
        "Focal turns to the tags that are hard, binary treats all alike, asymmetric favours the few that are there";
    combo(ui, "Loss", help, &mut kind, &kinds);
    if kind != before {
        *loss = [Loss::focal(2.0), Loss::Binary, Loss::asymmetric()][kind];
    }
    let gamma = |ui: &mut Ui, name: &str, help: &str, value: &mut f64| {
        field(ui, name, help, |ui| ui.add(DragValue::new(value).range(0.0..=8.0).speed(0.05).fixed_decimals(1)));
    };
    match loss {
        Loss::Binary => {}
        Loss::Focal { gamma: value, .. } => {
            gamma(ui, "Focus γ", "How much more a hard tag counts; 2 is usual, 0 is none", value);
        }
        Loss::Asymmetric { gamma_present, gamma_absent, clip } => {
            gamma(ui, "Focus, present", "For tags that are there; 0 is usual", gamma_present);
            gamma(ui, "Focus, absent", "For tags that are not there; 4 is usual", gamma_absent);
            field(ui, "Clip", "Absent tags less likely than this count nothing; 0.05 is usual", |ui| {
                ui.add(DragValue::new(clip).range(0.0..=0.5).speed(0.005).fixed_decimals(2))
            });
        }
    }
}

fn pace(ui: &mut Ui, recipe: &mut Recipe) {
    field(ui, "Epochs", "How often every image is seen; the best epoch is kept", |ui| {
        ui.add(DragValue::new(&mut recipe.epochs).range(1..=500))
    });
    field(ui, "Rate", "Learning rate of the head, at its highest", |ui| {
        let speed = recipe.learning_rate * 0.02;
        let rate = DragValue::new(&mut recipe.learning_rate).range(1e-6..=1.0).speed(speed);
        ui.add(rate.custom_formatter(|value, _| format!("{value:.1e}")).custom_parser(|text| text.parse().ok()))
    });
    let mut hours = recipe.time_budget.map_or(0.0, |seconds| seconds / 3600.0);
    field(ui, "Time budget", "The run ends then with its best epoch; 0 is no limit", |ui| {
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
        let kinds = [(0, "constant"), (1, "cosine"), (2, "one cycle"), (3, "plateau")];
        combo(ui, "Schedule", "How the rate moves over the run", &mut kind, &kinds);
        if kind != before {
            recipe.schedule = [
                Schedule::Constant,
                Schedule::Cosine { warm_up: 0.05 },
                Schedule::OneCycle,
                Schedule::Plateau { patience: 4, factor: 0.5 },
            ][kind];
        }
        let kinds = Augment::ALL.map(|augment| (augment, augment.name()));
        combo(ui, "Augmentation", "How pictures are varied each time they are seen", &mut recipe.augment, &kinds);
    }
    field(ui, "Images per step", "More is steadier and needs more memory", |ui| {
        ui.add(DragValue::new(&mut recipe.batch).range(1..=1024))
    });
    let mut kinds = vec![(None, "as the model")];
    kinds.extend(Preprocess::ALL.map(|preprocess| (Some(preprocess), preprocess.name())));
    combo(ui, "Pictures", "What the network is shown of a picture", &mut recipe.preprocess, &kinds);
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
    percent(ui, "Validation", "Share of the images kept back to judge by", &mut recipe.validation, 5.0..=50.0);
    let help = "How strongly a tag that nobody named on a reviewed image counts as absent; rejected ones always count";
    percent(ui, "Unnamed tags", help, &mut recipe.implied, 0.0..=100.0);
    let help = "Images with a tag rarer than this are shown more often; 0 shows all alike";
    percent(ui, "Rare below", help, &mut recipe.oversample_below, 0.0..=100.0);
    let mut patience = recipe.patience.unwrap_or(0);
    field(ui, "Patience", "Ends after so many epochs without a better one; 0 never does", |ui| {
        ui.add(DragValue::new(&mut patience).range(0..=200))
    });
    recipe.patience = (0 < patience).then_some(patience);
    let kinds = [(Keep::F2, "best F2"), (Keep::Loss, "lowest loss")];
    combo(ui, "Keeps", "Which epoch the run ends with, by the images kept back", &mut recipe.keep, &kinds);
    field(ui, "Seed", "The same data, seed and device give the same model", |ui| {
        ui.add(DragValue::new(&mut recipe.seed))
    });
}

fn combo<T: PartialEq + Clone>(ui: &mut Ui, name: &str, help: &str, value: &mut T, choices: &[(T, &str)]) {
    let shown = choices.iter().find(|(choice, _)| choice == value).map_or("", |(_, words)| words);
    field(ui, name, help, |ui| {
        let combo = egui::ComboBox::from_id_salt(name).selected_text(shown).width(120.0);
        combo
            .show_ui(ui, |ui| {
                for (choice, words) in choices {
                    ui.selectable_value(value, choice.clone(), *words);
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
    let epochs = text::counted(recipe.epochs, "epoch", "epochs");
    match recipe.depth {
        Depth::Head => "The backbone stays as it is; a new head learns on it.".to_owned(),
        Depth::Last => format!("The head learns first, then the last stage with it, for at most {epochs}."),
        Depth::All => format!("The head learns first, then the whole network with it, for at most {epochs}."),
    }
}

/// What learns, in two words.
pub fn depth(recipe: &Recipe) -> &'static str {
    match recipe.depth {
        Depth::Head => "the head",
        Depth::Last => "head and last stage",
        Depth::All => "the whole network",
    }
}
