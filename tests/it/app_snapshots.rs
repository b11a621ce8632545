//! One small picture of each view in each theme, compared with `tests/snapshots`; `UPDATE_SNAPSHOTS=1` draws them anew.
//!
//! The contents are scripted: no clock, no worker's progress, no measured time. The status bar names the device, which
//! differs from machine to machine, and is left out. Without a graphics adapter there is nothing to compare.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use docent::app::state::{Select, View};
use docent::app::{Action, Settings, ThemeChoice, Verb};
use egui_kittest::{SnapshotOptions, try_image_snapshot_options};

use crate::app_support::{self as support, Window};

/// Of the picture that is kept: text is grey in it, and where it stands still shows.
const WIDTH: u32 = 320;
const HEIGHT: u32 = 200;
/// In pixels of the window, with the line above it.
const STATUS_BAR: u32 = 30;

/// Compared with what another machine's renderer drew: edges may differ a little, and a few pixels more than that.
fn options() -> SnapshotOptions {
    SnapshotOptions::new().threshold(2.0).max_failed_pixels(300_usize)
}

/// `None`: no graphics adapter, for which the renderer panics.
fn compare(window: &mut Window, name: &str) -> Option<()> {
    window.remove_cursor();
    window.run();
    let drawn = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| window.render()));
    let Ok(Ok(mut picture)) = drawn else {
        eprintln!("no picture of {name}: there is no graphics adapter");
        return None;
    };
    let (width, height) = picture.dimensions();
    for y in height - STATUS_BAR..height {
        for x in 0..width {
            picture.get_pixel_mut(x, y).0 = [0, 0, 0, 255];
        }
    }
    let picture = image::imageops::resize(&picture, WIDTH, HEIGHT, image::imageops::FilterType::Triangle);
    let compared = try_image_snapshot_options(&picture, name, &options());
    assert!(compared.is_ok(), "{name}: {}", compared.unwrap_err());
    Some(())
}

fn charts(window: &mut Window) {
    window.state_mut().perform(Action::Show(View::Insights));
    // The list on the left says what the record says, which comes when it comes.
    window.state_mut().perform(Action::Do(Verb::LeftPanel));
    let last = window.state().state().messages.log().len() - 1;
    window.state_mut().perform(Action::DismissMessage(last));
    for _ in 0..2000 {
        window.step();
        if window.state().state().insights.charts.is_some() {
            return;
        }
        std::thread::yield_now();
    }
    panic!("no chart came");
}

fn views(theme: ThemeChoice, word: &str) -> Option<()> {
    let settings = Settings {
        theme,
        recent: vec!["/collections/river finds".into(), "/collections/gone".into()],
        missing: vec!["/collections/gone".into()],
        ..Settings::default()
    };
    let mut window = support::window(1280.0, 800.0, settings);
    compare(&mut window, &format!("welcome-{word}"))?;
    support::open(&mut window, support::opened(12, 4));
    support::thumbnails(&mut window, 0..12);
    for image in [4, 7] {
        window.state_mut().perform(Action::Select { image, how: Select::Toggle });
    }
    compare(&mut window, &format!("library-{word}"))?;
    window.state_mut().perform(Action::OpenInReview(5));
    support::whole(&mut window, 5);
    compare(&mut window, &format!("review-{word}"))?;
    for (verb, name) in [(Verb::ShowSweep, "sweep"), (Verb::ShowTrain, "train"), (Verb::ShowVocabulary, "vocabulary")] {
        window.state_mut().perform(Action::Do(verb));
        compare(&mut window, &format!("{name}-{word}"))?;
    }
    charts(&mut window);
    compare(&mut window, &format!("insights-{word}"))?;
    window.state_mut().perform(Action::Show(View::Library));
    window.state_mut().perform(Action::Do(Verb::Help));
    compare(&mut window, &format!("keys-{word}"))
}

#[test]
fn each_view_looks_as_it_did_in_the_dark_theme() {
    let _ = views(ThemeChoice::Dark, "dark");
}

#[test]
fn each_view_looks_as_it_did_in_the_light_theme() {
    let _ = views(ThemeChoice::Light, "light");
}

#[test]
fn the_library_looks_as_it_did_in_high_contrast() {
    for (theme, word) in [(ThemeChoice::Dark, "contrast-dark"), (ThemeChoice::Light, "contrast-light")] {
        let settings = Settings { theme, high_contrast: true, ..Settings::default() };
        let mut window = support::window(1280.0, 800.0, settings);
        support::open(&mut window, support::opened(12, 4));
        support::thumbnails(&mut window, 0..12);
        window.state_mut().perform(Action::Select { image: 4, how: Select::Toggle });
        if compare(&mut window, &format!("library-{word}")).is_none() {
            return;
        }
    }
}
