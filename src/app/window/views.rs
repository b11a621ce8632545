//! Where the panels of each view lie.

use eframe::egui;
use egui::{Margin, Panel, Ui};

use super::DocentApp;
use crate::app::Action;
use crate::app::panels::strip;
use crate::app::state::View;
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
            View::Vocabulary => self.panels.labels.view(ui, &self.state, &mut self.textures),
            View::Insights => self.insights(ui),
        }
    }

    fn library(&mut self, ui: &mut Ui) -> Vec<Action> {
        let t = tokens(ui);
        let (state, panels, textures) = (&self.state, &mut self.panels, &mut self.textures);
        let side = theme::panel(t, Margin::symmetric(14, 12));
        let mut actions = Vec::new();
        if let Some(desk) = &state.desk {
            let left = Panel::left("filters").frame(side).default_size(232.0).size_range(170.0..=420.0);
            let shown = left.show(ui, |ui| {
                let mut saved = None;
                if panels.saved.is_shown(state, desk) {
                    let foot = Panel::bottom("saved").frame(egui::Frame::new()).resizable(false);
                    saved = foot.show(ui, |ui| panels.saved.ui(ui, state, desk)).inner;
                }
                panels.filters.ui(ui, state, desk).or(saved)
            });
            actions.extend(shown.inner);
        }
        let right = Panel::right("inspector").frame(side).default_size(268.0).size_range(200.0..=520.0);
        actions.extend(right.show(ui, |ui| panels.inspector.ui(ui, state, textures)).inner);
        let frame = egui::Frame::new().fill(t.bg0).inner_margin(Margin { left: 16, right: 10, top: 10, bottom: 0 });
        let center = egui::CentralPanel::default().frame(frame);
        actions.extend(center.show(ui, |ui| panels.grid.ui(ui, state, textures)).inner);
        actions
    }

    fn review(&mut self, ui: &mut Ui) -> Vec<Action> {
        let t = tokens(ui);
        let (state, panels, textures) = (&self.state, &mut self.panels, &mut self.textures);
        let mut actions = Vec::new();
        let right = Panel::right("proposals")
            .frame(theme::panel(t, Margin::symmetric(14, 12)))
            .default_size(360.0)
            .size_range(260.0..=600.0);
        actions.extend(right.show(ui, |ui| panels.proposals.ui(ui, state, textures)).inner);
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
        let (state, panels, textures) = (&self.state, &mut self.panels, &mut self.textures);
        let left = Panel::left("sweep")
            .frame(theme::panel(t, Margin::symmetric(14, 12)))
            .default_size(240.0)
            .size_range(190.0..=420.0);
        let mut actions: Vec<_> = left.show(ui, |ui| panels.sweep.side(ui, state)).inner.into_iter().collect();
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
        let (state, panels) = (&self.state, &mut self.panels);
        let left = Panel::left("recipe")
            .frame(theme::panel(t, Margin::symmetric(14, 12)))
            .default_size(300.0)
            .size_range(240.0..=440.0);
        let mut actions: Vec<_> = left.show(ui, |ui| panels.train.recipe(ui, state)).inner.into_iter().collect();
        let frame = egui::Frame::new().fill(t.bg0).inner_margin(Margin::symmetric(20, 14));
        let center = egui::CentralPanel::default().frame(frame);
        actions.extend(center.show(ui, |ui| panels.train.ui(ui, state)).inner);
        actions
    }

    fn insights(&mut self, ui: &mut Ui) -> Vec<Action> {
        let t = tokens(ui);
        let (state, panels) = (&self.state, &mut self.panels);
        let left = Panel::left("charts")
            .frame(theme::panel(t, Margin::symmetric(14, 12)))
            .default_size(280.0)
            .size_range(220.0..=420.0);
        let mut actions: Vec<_> = left.show(ui, |ui| panels.insights.side(ui, state)).inner.into_iter().collect();
        let frame = egui::Frame::new().fill(t.bg0).inner_margin(Margin::symmetric(20, 14));
        let center = egui::CentralPanel::default().frame(frame);
        actions.extend(center.show(ui, |ui| panels.insights.page(ui, state)).inner);
        actions
    }
}
