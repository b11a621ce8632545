//! Messages of the last seconds, in the lower right corner. Nothing moves: they come, and go.

use eframe::egui;
use egui::{Align2, Area, Id, Order, RichText, WidgetInfo, vec2};

use super::widgets;
use crate::app::action::Action;
use crate::app::state::{State, Tone};
use crate::app::text::sentence;
use crate::app::texts::say;
use crate::app::theme::{self, tokens};

#[derive(Debug, Default)]
pub struct Toasts;

impl Toasts {
    pub fn ui(&mut self, ctx: &egui::Context, state: &State) -> Option<Action> {
        let messages = state.messages.in_view(state.now);
        if messages.is_empty() {
            return None;
        }
        let mut action = None;
        Area::new(Id::unique("toasts"))
            .anchor(Align2::RIGHT_BOTTOM, vec2(-16.0, -theme::STATUS_BAR - 14.0))
            .order(Order::Tooltip)
            .show(ctx, |ui| {
                let t = tokens(ui);
                ui.set_max_width(380.0);
                for (position, message) in messages {
                    let (mark, color) = match message.tone {
                        Tone::Note => ("", t.text2),
                        Tone::Good => ("✓ ", t.ok),
                        Tone::Trouble => ("! ", t.no),
                    };
                    let frame = egui::Frame::popup(ui.style()).fill(t.bg2).inner_margin(egui::Margin::symmetric(14, 9));
                    let shown = frame.show(ui, |ui| {
                        let words = format!("{mark}{}", message.text);
                        ui.label(RichText::new(words).color(if message.tone == Tone::Note { t.text } else { color }));
                        if let Some(hint) = &message.hint {
                            ui.label(RichText::new(sentence(hint)).font(theme::small()).color(t.text2));
                        }
                    });
                    let response = shown.response.interact(egui::Sense::CLICK);
                    let name = say!("toast-dismiss");
                    response.widget_info(|| WidgetInfo::labeled(egui::accesskit::Role::Button, true, &name));
                    widgets::focus_ring(ui, response.rect, &response);
                    if response.clicked() {
                        action = Some(Action::DismissMessage(position));
                    }
                    ui.add_space(4.0);
                }
            });
        action
    }
}

/// Over everything while a folder hangs over the window.
pub fn drop_hint(ctx: &egui::Context) {
    let t = theme::of(&ctx.global_style().visuals);
    let layer = egui::LayerId::new(egui::Order::Tooltip, egui::Id::unique("drop"));
    let painter = ctx.layer_painter(layer);
    let rect = ctx.content_rect().shrink(10.0);
    painter.rect_filled(rect, 10.0, t.bg1.gamma_multiply(0.92));
    painter.rect_stroke(rect, 10.0, egui::Stroke::new(2.0, t.accent), egui::StrokeKind::Inside);
    let at = rect.center();
    painter.text(at, egui::Align2::CENTER_CENTER, say!("drop-here"), theme::title(), t.text);
}
