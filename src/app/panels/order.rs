//! The choice of an order or a queue, and how far the one is that was asked for.

use eframe::egui;
use egui::{ComboBox, ProgressBar, Ui};

use super::widgets;
use crate::app::action::Action;
use crate::app::keymap::{Verb, held};
use crate::app::state::{Desk, Order, State};
use crate::app::texts::say;

pub fn ui(ui: &mut Ui, state: &State, desk: &Desk) -> Option<Action> {
    let mut action = None;
    widgets::section(ui, &say!("order"));
    ui.add_space(4.0);
    let (order, n_open) = (desk.lineup.order(), desk.lineup.n_open());
    let chosen = if order.is_queue() {
        say!("order-queue", name = order.name(), n = n_open)
    } else if desk.lineup.is_nearest_first() {
        say!("order-nearest")
    } else {
        order.name()
    };
    let width = ui.available_width() - 8.0;
    let combo = ComboBox::from_id_salt("order").width(width).selected_text(&chosen).show_ui(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        for other in Order::ALL {
            if other == Order::Doubts {
                ui.separator();
            }
            if ui.selectable_label(other == order, other.name()).on_hover_text(other.help()).clicked() {
                action = Some(Action::Order(other));
            }
        }
    });
    combo.response.accessible_name(say!("order-chosen", name = chosen)).on_hover_text(
        match held(ui).shown(Verb::Order) {
            "" => order.help(),
            key => format!("{} ({key})", order.help()),
        },
    );
    if desk.has_folders {
        ui.add_space(4.0);
        let mut by_folder = state.settings.by_folder;
        let words = held(ui).tooltip(Verb::GroupByFolder);
        if ui.checkbox(&mut by_folder, say!("order-by-folder")).on_hover_text(words).changed() {
            action = Some(Action::GroupByFolder(by_folder));
        }
    }
    if let Some((asked, work)) = desk.lineup.asked {
        ui.add_space(4.0);
        ui.horizontal(|ui| {
            let share = work.done as f32 / work.total.max(1) as f32;
            let bar = ProgressBar::new(share).desired_width(width - 64.0).desired_height(6.0);
            let _ = ui.add(bar).on_hover_text(say!("order-looking", name = asked.name()));
            if ui.button(say!("order-stop")).accessible_name(say!("order-stop-name")).clicked() {
                action = Some(Action::StopOrder);
            }
        });
    }
    action
}
