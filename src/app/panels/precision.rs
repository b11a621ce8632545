//! The choice to look in bf16, below that of the device, with what was measured.

use eframe::egui;
use egui::{Checkbox, Ui};

use super::widgets;
use crate::app::action::Action;
use crate::app::precision::words;
use crate::app::state::State;
use crate::app::texts::say;
use crate::model::Precision;

/// Grey where the device cannot, and says so.
pub fn ui(ui: &mut Ui, state: &State) -> Option<Action> {
    let mut on = state.has_bf16 && state.settings.precision != Precision::F32;
    let changed = ui.add_enabled(state.has_bf16, Checkbox::new(&mut on, say!("precision-bf16"))).changed();
    let words = words(state);
    if !words.is_empty() {
        ui.vertical(|ui| widgets::note(ui, words)); // Several lines, not to be stretched to the menu's width.
    }
    changed.then_some(Action::UsePrecision(if on { Precision::Bf16 } else { Precision::F32 }))
}
