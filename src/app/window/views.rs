//! Where the panels of each view lie.

use eframe::egui;
use egui::{Margin, Panel, Ui};

use super::{DocentApp, Panels};
use crate::app::Action;
use crate::app::panels::strip;
use crate::app::sides::{self, Edge, Side};
use crate::app::state::{State, View};
use crate::app::textures::Textures;
use crate::app::theme::{self, tokens};

impl DocentApp {
    pub(super) fn central(&mut self, ui: &mut Ui) -> Vec<Action> {
        let t = tokens(ui);
        let canvas = egui::Frame::new().fill(t.bg0);
        if self.state.desk.is_none() {
            let shown = egui::CentralPanel::default().frame(canvas);
            return shown.show(ui, |ui| self.panels.welcome.ui(ui, &self.state)).inner.into_iter().collect();
        }
        match self.state.view {
            View::Library => self.library(ui),
            View::Review => self.review(ui),
            View::Sweep => self.sweep(ui),
            View::Train => self.train(ui),
            View::Vocabulary => self.vocabulary(ui),
            View::Insights => self.insights(ui),
        }
    }

    /// Draws a panel at a side unless it is hidden, and keeps the width it was dragged to.
    fn side(
        &mut self,
        ui: &mut Ui,
        side: Side,
        draw: impl FnOnce(&mut Ui, &State, &mut Panels, &mut Textures) -> Option<Action>,
    ) -> Option<Action> {
        if side.is_hidden(&self.state.settings) {
            return None;
        }
        let panel = match side.edge {
            Edge::Left => Panel::left(side.name),
            Edge::Right => Panel::right(side.name),
        };
        let shown = panel
            .frame(theme::panel(tokens(ui), Margin::symmetric(14, 12)))
            .default_size(side.width(&self.state.settings))
            .size_range(side.least..=side.most)
            .show(ui, |ui| draw(ui, &self.state, &mut self.panels, &mut self.textures));
        side.keep(&mut self.state.settings, shown.response.rect.width());
        shown.inner
    }

    fn library(&mut self, ui: &mut Ui) -> Vec<Action> {
        let t = tokens(ui);
        let mut actions = Vec::new();
        actions.extend(self.side(ui, sides::FILTERS, |ui, state, panels, _| {
            let desk = state.desk.as_ref()?;
            let mut saved = None;
            if panels.saved.is_shown(state, desk) {
                let foot = Panel::bottom("saved").frame(egui::Frame::new()).resizable(false);
                saved = foot.show(ui, |ui| panels.saved.ui(ui, state, desk)).inner;
            }
            panels.filters.ui(ui, state, desk).or(saved)
        }));
        actions.extend(
            self.side(ui, sides::INSPECTOR, |ui, state, panels, textures| panels.inspector.ui(ui, state, textures)),
        );
        let (state, panels, textures) = (&self.state, &mut self.panels, &mut self.textures);
        let frame = egui::Frame::new().fill(t.bg0).inner_margin(Margin { left: 16, right: 10, top: 10, bottom: 0 });
        let center = egui::CentralPanel::default().frame(frame);
        actions.extend(center.show(ui, |ui| panels.grid.ui(ui, state, textures)).inner);
        actions
    }

    fn review(&mut self, ui: &mut Ui) -> Vec<Action> {
        let t = tokens(ui);
        let mut actions = Vec::new();
        actions.extend(
            self.side(ui, sides::PROPOSALS, |ui, state, panels, textures| panels.proposals.ui(ui, state, textures)),
        );
        let (state, panels, textures) = (&self.state, &mut self.panels, &mut self.textures);
        let hints = egui::Frame::new().fill(t.bg0).inner_margin(Margin::symmetric(14, 0));
        Panel::bottom("hints").frame(hints).exact_size(38.0).resizable(false).show(ui, |ui| strip::hints(ui, state));
        let canvas = egui::Frame::new().fill(t.bg0);
        if let Some(desk) = &state.desk {
            let panel = Panel::bottom("strip")
                .frame(canvas)
                .exact_size(strip::HEIGHT)
                .resizable(false)
                .show_separator_line(false);
            actions.extend(panel.show(ui, |ui| panels.strip.ui(ui, desk, textures)).inner);
        }
        let center = egui::CentralPanel::default().frame(canvas);
        actions.extend(center.show(ui, |ui| panels.picture.ui(ui, state, textures)).inner);
        actions
    }

    fn sweep(&mut self, ui: &mut Ui) -> Vec<Action> {
        let t = tokens(ui);
        let mut actions = Vec::new();
        actions.extend(self.side(ui, sides::SWEEP, |ui, state, panels, _| panels.sweep.side(ui, state)));
        let (state, panels, textures) = (&self.state, &mut self.panels, &mut self.textures);
        let hints = egui::Frame::new().fill(t.bg0).inner_margin(Margin::symmetric(14, 0));
        let bottom = Panel::bottom("sweep hints").frame(hints).exact_size(38.0).resizable(false);
        bottom.show(ui, |ui| panels.sweep.hints(ui, state));
        let frame = egui::Frame::new().fill(t.bg0).inner_margin(Margin { left: 16, right: 10, top: 12, bottom: 0 });
        let center = egui::CentralPanel::default().frame(frame);
        actions.extend(center.show(ui, |ui| panels.sweep.page(ui, state, textures)).inner);
        actions
    }

    fn train(&mut self, ui: &mut Ui) -> Vec<Action> {
        let t = tokens(ui);
        let mut actions = Vec::new();
        actions.extend(self.side(ui, sides::RECIPE, |ui, state, panels, _| panels.train.recipe(ui, state)));
        let (state, panels) = (&self.state, &mut self.panels);
        let frame = egui::Frame::new().fill(t.bg0).inner_margin(Margin::symmetric(20, 14));
        let center = egui::CentralPanel::default().frame(frame);
        actions.extend(center.show(ui, |ui| panels.train.ui(ui, state)).inner);
        actions
    }

    fn insights(&mut self, ui: &mut Ui) -> Vec<Action> {
        let t = tokens(ui);
        let mut actions = Vec::new();
        actions.extend(self.side(ui, sides::CHARTS, |ui, state, panels, _| panels.insights.side(ui, state)));
        let (state, panels) = (&self.state, &mut self.panels);
        let frame = egui::Frame::new().fill(t.bg0).inner_margin(Margin::symmetric(20, 14));
        let center = egui::CentralPanel::default().frame(frame);
        actions.extend(center.show(ui, |ui| panels.insights.page(ui, state)).inner);
        actions
    }

    fn vocabulary(&mut self, ui: &mut Ui) -> Vec<Action> {
        let t = tokens(ui);
        let mut actions = Vec::new();
        actions.extend(
            self.side(ui, sides::LABEL, |ui, state, panels, textures| panels.labels.details(ui, state, textures)),
        );
        let frame = egui::Frame::new().fill(t.bg0).inner_margin(Margin { left: 16, right: 10, top: 10, bottom: 0 });
        let center = egui::CentralPanel::default().frame(frame);
        actions.extend(center.show(ui, |ui| self.panels.labels.list(ui, &self.state)).inner);
        actions
    }
}
