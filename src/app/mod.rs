//! The window: one of two screens over the same floors.
//!
//! Floor 6. One owner of state, on this thread; workers speak in events. Panels draw and return actions; `actions` and
//! `inbox` change the state and return commands. Names neither candle nor the image crate.

pub mod action;
pub mod actions;
pub mod decide;
pub mod inbox;
pub mod insights;
mod keyboard;
pub mod keymap;
pub mod looking;
pub mod narrow;
pub mod panels;
mod precision;
mod scouting;
pub mod settings;
pub mod sides;
pub mod state;
mod sweeping;
pub mod tagging;
mod teach;
#[cfg(test)]
mod testing;
pub mod text;
pub mod texts;
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
        .with_inner_size([width * settings.scale, height * settings.scale])
        .with_maximized(settings.maximized);
    let viewport = match settings.position {
        Some((x, y)) => viewport.with_position([x * settings.scale, y * settings.scale]),
        None => viewport,
    };
    let options = eframe::NativeOptions { viewport, ..eframe::NativeOptions::default() };
    let result = eframe::run_native(
        "Docent",
        options,
        Box::new(move |cc| {
            let ctx = cc.egui_ctx.clone();
            return_to_a_screen(cc);
            let jobs = Jobs::start(config, Arc::new(move || ctx.request_repaint()))?;
            Ok(Box::new(DocentApp::new(&cc.egui_ctx, jobs, start, settings, settings_path)))
        }),
    );
    result.map_err(|error| anyhow::anyhow!("the window could not be opened: {error}"))
}

/// A window that was left on a screen that is not there any more comes to the first one.
fn return_to_a_screen(cc: &eframe::CreationContext<'_>) {
    let Some(window) = cc.winit_window() else {
        return;
    };
    let Ok(at) = window.outer_position() else {
        return; // Wayland tells nobody where a window is, and places it itself.
    };
    let size = window.outer_size();
    let mut screens = window.available_monitors().peekable();
    let mut first = None;
    if screens.peek().is_none() {
        return;
    }
    for screen in screens {
        let corner = (screen.position().x, screen.position().y);
        let extent = (screen.size().width, screen.size().height);
        if is_reachable((at.x, at.y), size.width, corner, extent) {
            return;
        }
        first.get_or_insert(screen.position());
    }
    if let Some(mut corner) = first {
        corner.x += 40;
        corner.y += 40;
        window.set_outer_position(corner);
    }
}

/// Whether enough of a window's top edge lies on a screen to be taken hold of; all in pixels.
fn is_reachable(at: (i32, i32), width: u32, screen: (i32, i32), extent: (u32, u32)) -> bool {
    const HOLD: i64 = 80;
    let [x, y, left, top] = [at.0, at.1, screen.0, screen.1].map(i64::from);
    let [width, across, down] = [width, extent.0, extent.1].map(i64::from);
    let seen = (x + width).min(left + across) - x.max(left);
    seen >= HOLD && (top - 20..top + down - HOLD).contains(&y)
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

#[cfg(test)]
mod tests {
    use super::is_reachable;

    #[test]
    fn a_window_is_reachable_where_its_upper_edge_is_on_a_screen() {
        let screen = ((1920, 0), (1920, 1080));
        for (at, expected) in [
            ((1960, 40), true),
            ((1000, 40), true),    // It reaches over from the left.
            ((0, 40), false),      // On a screen to the left, gone now.
            ((1960, 1070), false), // Its upper edge is below.
            ((1960, -300), false),
            ((3800, 40), false), // 40 pixels of it.
        ] {
            assert_eq!(is_reachable(at, 1440, screen.0, screen.1), expected, "{at:?}");
        }
    }
}
