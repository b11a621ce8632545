//! Pictures of the window, written to `target/looks` for a person to look at; skipped where there is no graphics adapter.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use docent::app::state::{Overlay, View};
use docent::app::{Action, Settings, ThemeChoice, Verb};
use docent::hub::Progress as FetchProgress;
use docent::jobs::{Event, FetchedModel, FineTuneProgress, ModelName, Problem};
use docent::training::Progress;
use eframe::egui::Key;

use crate::app_support::{self as support, Window};

fn shoot(window: &mut Window, name: &str) {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/looks");
    std::fs::create_dir_all(&folder).unwrap();
    window.remove_cursor();
    window.run();
    // Where there is no graphics adapter the renderer panics.
    let drawn = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| window.render()));
    match drawn {
        Ok(Ok(picture)) => picture.save(folder.join(format!("{name}.png"))).unwrap(),
        _ => eprintln!("no picture of {name}: there is no graphics adapter"),
    }
}

fn dressed(width: f32, height: f32, theme: ThemeChoice) -> Window {
    let settings = Settings {
        theme,
        recent: vec!["/collections/river finds".into(), "/collections/gone".into()],
        missing: vec!["/collections/gone".into()],
        ..Settings::default()
    };
    support::window(width, height, settings)
}

fn epoch(epoch: usize) -> Event {
    let share = epoch as f64 / 40.0;
    let f2 = 0.88 * (1.0 - (-6.0 * share).exp());
    Event::FineTune(FineTuneProgress::Training(Progress {
        epoch,
        warm_up: false,
        epochs: 40,
        step: epoch,
        steps: 40,
        train_loss: 0.2 + 1.4 * (-5.0 * share).exp(),
        validation_loss: Some(0.28 + 1.3 * (-5.0 * share).exp()),
        f2_micro: Some(f2),
        f2_per_image: Some(f2 + 0.02),
        threshold: Some(0.4),
        seconds: 0.2 * epoch as f64,
    }))
}

/// One model is here, one on its way, no fine-tune was made.
fn models(window: &mut Window) {
    let fetched = |name: &str, n_bytes| FetchedModel {
        name: ModelName(name.to_owned()),
        architecture: "mobilenetv2_100".to_owned(),
        n_bytes,
    };
    let models = vec![fetched("timm/mobilenetv2_100.ra_in1k", 14_200_000), fetched("museum/own_net", 9_100_000)];
    let (id, file) = ("timm/resnet50.a1_in1k".to_owned(), "model.safetensors".to_owned());
    support::open(window, support::opened(200, 40));
    let app = window.state_mut();
    app.perform(Action::Show(View::Train));
    app.receive(Event::FetchedModelsFound { models });
    app.perform(Action::FetchModel(id.clone()));
    app.receive(Event::FetchProgressed {
        id,
        progress: FetchProgress::Fetching { file, done: 41_300_000, total: Some(102_400_000) },
    });
}

#[test]
fn every_page_can_be_drawn_in_both_themes_and_sizes() {
    let all = std::env::var_os("DOCENT_ALL_LOOKS").is_some();
    for (theme, word, width, height, always) in [
        (ThemeChoice::Dark, "dark", 1440.0, 900.0, true),
        (ThemeChoice::Light, "light", 1280.0, 720.0, true),
        (ThemeChoice::Dark, "dark", 1280.0, 720.0, false),
        (ThemeChoice::Light, "light", 1440.0, 900.0, false),
    ] {
        if always || all {
            let name = |page: &str| format!("{page}-{word}-{width}");
            let mut window = dressed(width, height, theme);
            window.run();
            shoot(&mut window, &name("welcome"));
            support::open(&mut window, support::opened(2000, 312));
            support::thumbnails(&mut window, 0..160);
            for image in [314, 315, 320] {
                window.state_mut().perform(Action::Select { image, how: docent::app::state::Select::Toggle });
            }
            support::thumbnails(&mut window, 290..420);
            window.state_mut().receive(Event::PictureFailed {
                image: support::id(330),
                problem: Problem { message: "the file is not a picture".to_owned(), hint: None },
            });
            shoot(&mut window, &name("library"));
            window.state_mut().perform(Action::FilterText("culture:aegean cultre:x -tag:b".to_owned()));
            window.state_mut().perform(Action::Do(Verb::FocusFilter));
            window.run();
            window.key_press(Key::End);
            shoot(&mut window, &name("query"));
            for _ in 0..2 {
                window.key_press(Key::Escape);
                window.run();
            }
            window.state_mut().perform(Action::ClearFilter);
            window.state_mut().receive(Event::Learned { n_images: 312, threshold: 0.29 });
            window.state_mut().perform(Action::OpenInReview(313));
            support::whole(&mut window, 313);
            window.state_mut().perform(Action::Do(Verb::Accept));
            window.state_mut().perform(Action::RejectRow(3));
            shoot(&mut window, &name("review"));
            window.state_mut().perform(Action::Do(Verb::AddTag));
            shoot(&mut window, &name("add-tag"));
            window.state_mut().perform(Action::Cover(Some(Overlay::Help)));
            shoot(&mut window, &name("keys"));
            window.state_mut().perform(Action::Cover(Some(Overlay::Palette)));
            shoot(&mut window, &name("palette"));
            window.state_mut().perform(Action::Show(View::Train));
            window.state_mut().perform(Action::FineTune);
            window.state_mut().receive(Event::WriteFailed {
                problem: Problem {
                    message: "the disk is full".to_owned(),
                    hint: Some("free some space on this disk".to_owned()),
                },
            });
            (1..=27).for_each(|n| window.state_mut().receive(epoch(n)));
            shoot(&mut window, &name("train"));
            let mut window = dressed(width, height, theme);
            models(&mut window);
            shoot(&mut window, &name("models"));
        }
    }
}

#[test]
fn large_text_and_an_untaught_collection_can_be_drawn() {
    // 1280 x 720 at 1.5, in points.
    let mut window = dressed(853.0, 480.0, ThemeChoice::Dark);
    let opened = support::opened(40, 0);
    support::open(&mut window, opened);
    support::thumbnails(&mut window, 0..40);
    shoot(&mut window, "library-large-text");
    let mut untaught = (*support::model("head 14", 0.5, 0)).clone();
    untaught.attribute_ids.clear();
    untaught.metrics = None;
    window.state_mut().receive(Event::ModelLoaded(untaught.into()));
    window.state_mut().perform(Action::OpenInReview(3));
    support::whole(&mut window, 3);
    shoot(&mut window, "review-untaught-large-text");
    window.state_mut().perform(Action::Show(View::Train));
    shoot(&mut window, "train-untaught-large-text");
}
