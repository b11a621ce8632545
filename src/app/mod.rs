//! The window: one of two screens over the same floors.
//!
//! Floor 6. One owner of state, on this thread; workers speak in events. Panels draw and return actions; `actions` and
//! `inbox` change the state and return commands. Names neither candle nor the image crate.

pub mod action;
pub mod actions;
pub mod decide;
pub mod inbox;
pub mod insights;
pub mod keymap;
pub mod looking;
pub mod narrow;
pub mod panels;
mod scouting;
pub mod settings;
pub mod state;
mod sweeping;
mod teach;
#[cfg(test)]
mod testing;
pub mod text;
pub mod textures;
pub mod theme;
pub mod undo;
pub mod vocabulary;
pub mod window;

use eframe::egui;
use std::sync::Arc;

pub use action::Action;
pub use keymap::Verb;
pub use settings::{Settings, ThemeChoice};
pub use window::{DocentApp, Start};

use crate::domain::curator;
use crate::jobs::{Jobs, JobsConfig, login_name};
use crate::model::device::Choice;

/// Opens the window over workers of this kind, and returns when it is closed and everything is on disk.
///
/// `device`: where to compute this once; `None`: where the settings say.
///
/// Errors: no display, or no graphics driver.
pub fn run(start: Start, config: JobsConfig, device: Option<Choice>) -> anyhow::Result<()> {
    let settings_path = Settings::usual_path();
    let settings = settings_path.as_deref().map(Settings::load).unwrap_or_default();
    let config = JobsConfig { device: device.unwrap_or(settings.device), ..config };
    let (width, height) = settings.window.unwrap_or((1440.0, 900.0));
    let viewport = egui::ViewportBuilder::default()
        .with_title("Docent")
        .with_app_id("docent")
        .with_icon(icon())
        .with_drag_and_drop(true)
        .with_min_inner_size(theme::MIN_WINDOW)
        .with_inner_size([width * settings.scale, height * settings.scale]);
    let options = eframe::NativeOptions { viewport, ..eframe::NativeOptions::default() };
    let result = eframe::run_native(
        "Docent",
        options,
        Box::new(move |cc| {
            let ctx = cc.egui_ctx.clone();
            let jobs = Jobs::start(config, Arc::new(move || ctx.request_repaint()))?;
            Ok(Box::new(DocentApp::new(&cc.egui_ctx, jobs, start, settings, settings_path)))
        }),
    );
    result.map_err(|error| anyhow::anyhow!("the window could not be opened: {error}"))
}

/// Who signs decisions: the name chosen in the window, else that of the account.
pub fn signature() -> String {
    let settings = Settings::usual_path().as_deref().map(Settings::load).unwrap_or_default();
    curator::name(&settings.name).unwrap_or_else(login_name)
}

/// What the task bar shows.
fn icon() -> egui::IconData {
    match eframe::icon_data::from_png_bytes(include_bytes!("../../assets/icon.png")) {
        Ok(icon) => icon,
        Err(error) => {
            tracing::warn!("the window has no icon: {error}");
            egui::IconData::default()
        }
    }
}
