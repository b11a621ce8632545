//! The whole job in the real window over the real workers: open, propose, accept, reject, undo, add a tag, find the
//! corrections in `train.csv`, fine-tune, and get the new model's proposals. Ends in the pictures of the README.

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};

use docent::app::state::{Desk, Safety, State, View, review};
use docent::app::{Action, DocentApp, Settings, Start};
use docent::demo;
use docent::domain::tables::TrainTable;
use docent::domain::{ImageId, LabelSet, TagState, Verdict};
use docent::jobs::{Jobs, JobsConfig};
use docent::model::device::Choice;
use docent::store::{Location, Record};
use eframe::egui::{Event, Key};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

/// A worker that has nothing to say for so long hangs.
const SILENCE: Duration = Duration::from_secs(120);

pub(crate) struct Desktop {
    pub(crate) window: Harness<'static, DocentApp>,
    woken: Receiver<()>,
}

impl Desktop {
    /// Opens the window on a folder and waits for its proposals.
    pub(crate) fn open(folder: &Path) -> Self {
        let mut desktop = Self::start(folder);
        desktop.wait("proposals for every picture", |state| {
            state.desk.as_ref().is_some_and(|desk| {
                let n = desk.collection.images.len() as u32;
                (0..n).all(|image| !review::rows(desk, image).is_empty())
            })
        });
        desktop
    }

    /// Opens the window on a folder and waits for the model.
    pub(crate) fn start(folder: &Path) -> Self {
        let (wake, woken) = sync_channel(1);
        let folder = folder.to_path_buf();
        let window = Harness::builder().with_size([1440.0, 900.0]).with_max_steps(64).build_eframe(move |cc| {
            let config = JobsConfig {
                demo_folder: PathBuf::from("demo"),
                demo: demo::Plan::default(),
                who: "a test".to_owned(),
                device: Choice::Cpu,
                hub: crate::support::no_hub(),
            };
            // One nudge may wait; more would say the same.
            let jobs = Jobs::start(config, Arc::new(move || wake.try_send(()).unwrap_or_default())).unwrap();
            DocentApp::new(&cc.egui_ctx, jobs, Start::Folder(folder), Settings::default(), None)
        });
        let mut desktop = Self { window, woken };
        desktop.wait("model", |state| state.desk.as_ref().is_some_and(|desk| desk.model.is_some()));
        desktop
    }

    /// Draws frames until this holds: whenever a worker has something to say, and at times for what waits its turn.
    pub(crate) fn wait(&mut self, what: &str, holds: impl Fn(&State) -> bool) {
        let mut heard = Instant::now();
        loop {
            self.window.run();
            if holds(self.state()) {
                return;
            }
            match self.woken.recv_timeout(Duration::from_millis(100)) {
                Ok(()) => heard = Instant::now(),
                Err(RecvTimeoutError::Timeout) => self.window.step(),
                Err(RecvTimeoutError::Disconnected) => panic!("the workers are gone while waiting for {what}"),
            }
            assert!(heard.elapsed() < SILENCE, "nothing happened for two minutes while waiting for {what}");
        }
    }

    pub(crate) fn state(&self) -> &State {
        self.window.state().state()
    }

    pub(crate) fn desk(&self) -> &Desk {
        self.state().desk.as_ref().unwrap()
    }

    pub(crate) fn press(&mut self, key: Key) {
        self.window.key_press(key);
        self.window.run();
    }

    pub(crate) fn write(&mut self, text: &str) {
        self.window.event(Event::Text(text.to_owned()));
        self.window.run();
    }

    pub(crate) fn saved(&mut self) {
        self.wait("train.csv", |state| state.record.safety() == Safety::OnDisk && state.record.is_table_current());
    }

    /// The image under review and the states of its proposals.
    fn under_review(&self) -> (ImageId, Vec<TagState>) {
        let image = self.desk().cursor.unwrap();
        let states = review::rows(self.desk(), image).iter().map(|row| row.state).collect();
        (self.desk().id(image).clone(), states)
    }
}

fn draw(folder: &Path, images: u32, seed: u64) {
    let plan = demo::Plan { images, seed, annotated: 0.5 };
    demo::write(folder, &plan, &|_, _| ControlFlow::Continue(())).unwrap();
}

fn row(desktop: &Desktop, folder: &Path, image: &ImageId) -> Option<LabelSet> {
    let bytes = fs::read(folder.join("train.csv")).unwrap();
    TrainTable::parse(bytes, &desktop.desk().vocabulary).tags_of(image.as_str()).cloned()
}

#[test]
fn a_curator_does_the_whole_job_by_keyboard() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().join("demo");
    draw(&folder, 40, 501);
    let lines_before: Vec<String> =
        fs::read_to_string(folder.join("train.csv")).unwrap().lines().map(str::to_owned).collect();
    let mut desktop = Desktop::open(&folder);
    desktop.window.get_by_label("Everything is on disk");

    // The first picture that nobody has looked at.
    let fresh = (0..40).find(|&image| !desktop.desk().item(image).annotation.is_touched()).unwrap();
    desktop.window.state_mut().perform(Action::OpenInReview(fresh));
    desktop.window.run();
    assert_eq!(desktop.state().view, View::Review);
    let image = desktop.desk().id(fresh).clone();
    let offered: Vec<_> = review::rows(desktop.desk(), fresh).iter().map(|row| row.attribute).collect();

    // Accept, reject, take the rejection back.
    desktop.press(Key::A);
    desktop.press(Key::X);
    assert_eq!(desktop.under_review().1[..2], [TagState::Accepted, TagState::Rejected]);
    desktop.press(Key::Backspace);
    assert_eq!(desktop.under_review().1[..2], [TagState::Accepted, TagState::Unseen]);

    // A tag of the vocabulary that nobody proposed to create, with a typing error, and a new one.
    desktop.press(Key::Slash);
    desktop.write("checkerbord");
    desktop.press(Key::Enter);
    desktop.press(Key::Slash);
    desktop.write("on loan");
    desktop.window.key_press_modifiers(eframe::egui::Modifiers::COMMAND, Key::Enter);
    desktop.window.run();
    desktop.saved();
    desktop.wait("who said so", |state| {
        let origins = state.desk.as_ref().and_then(|desk| desk.origins.as_ref());
        origins.is_some_and(|(about, origins)| *about == fresh && origins.len() == 3)
    });
    desktop.window.get_by_label("WHO SAID SO");
    assert!(desktop.desk().origins.as_ref().unwrap().1.iter().all(|origin| origin.who == "a test" && origin.accepted));

    let vocabulary = desktop.desk().vocabulary.clone();
    let by_name = |name: &str| vocabulary.by_name(name).unwrap_or_else(|| panic!("no {name}")).id;
    let expected: LabelSet = [offered[0], by_name("tag::checkerboard"), by_name("tag::on loan")].into_iter().collect();
    assert_eq!(row(&desktop, &folder, &image), Some(expected.clone()));
    assert!(fs::read_to_string(folder.join("labels.csv")).unwrap().ends_with("44,tag::on loan\n"));
    let lines: Vec<String> = fs::read_to_string(folder.join("train.csv")).unwrap().lines().map(str::to_owned).collect();
    let others: Vec<_> = lines.iter().filter(|line| !line.starts_with(image.as_str())).collect();
    assert!(others.into_iter().eq(&lines_before), "other lines changed");

    // Learn from it in the background, and propose with what was learned.
    desktop.press(Key::Escape);
    desktop.press(Key::T);
    desktop.window.get_by_label_contains("Fine-tune on 21 images");
    desktop.window.key_press_modifiers(eframe::egui::Modifiers::COMMAND, Key::T);
    desktop.window.run();
    desktop.wait("a new model", |state| state.learning.running.is_none() && state.learning.offer.is_some());
    assert!(folder.join(".docent/models/head-1/model.safetensors").is_file());
    // A handful of pictures held back cannot say whether it is better: it asks.
    desktop.window.get_by_label_contains("Keep starter");
    desktop.window.get_by_label("Use head-1 now").click();
    desktop.window.run();
    desktop.wait("the new model", |state| {
        let taught = state.desk.as_ref().and_then(|desk| desk.model.as_ref());
        taught.is_some_and(|model| model.name.0 == "head-1")
    });
    assert!(desktop.state().learning.curve.len() > 1);
    desktop.wait("the new model's proposals", |state| {
        let desk = state.desk.as_ref().unwrap();
        desk.probability(fresh, by_name("tag::on loan")).is_some()
    });

    // Closed and opened again, everything is as it was.
    drop(desktop);
    let location = Location::for_reading(&folder);
    let table = TrainTable::parse(fs::read(folder.join("train.csv")).unwrap(), &vocabulary);
    let annotations = Record::read_annotations(&location, &table).unwrap();
    assert_eq!(annotations[&image].tags(), expected);
    assert_eq!(annotations[&image].verdict(offered[1]), Verdict::Clear);
    let mut again = Desktop::open(&folder);
    assert_eq!(again.desk().model.as_ref().unwrap().name.0, "head-1");
    again.window.state_mut().perform(Action::OpenInReview(fresh));
    again.window.run();
    again.press(Key::Backspace); // Undo reaches back over the restart.
    again.saved();
    let mut without = expected;
    without.remove(by_name("tag::on loan"));
    assert_eq!(row(&again, &folder, &image), Some(without));
}

#[test]
fn the_pages_of_the_readme_are_pictures_of_the_real_window() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().join("museum finds");
    draw(&folder, 72, 2024);
    let mut desktop = Desktop::open(&folder);
    let images: Vec<ImageId> = desktop.desk().collection.images.iter().map(|image| image.id.clone()).collect();
    let fresh = (4..72).find(|&image| !desktop.desk().item(image).annotation.is_touched()).unwrap();
    // The thumbnails of a page come when the page is drawn.
    desktop.wait("thumbnails", |state| state.asked.thumbnails.len() > 20 && state.fresh.is_empty());
    for _ in 0..60 {
        let _ = desktop.woken.recv_timeout(Duration::from_millis(100));
        desktop.window.run();
    }
    shoot(&mut desktop, "library");
    desktop.window.state_mut().perform(Action::OpenInReview(fresh));
    desktop.wait("the picture", |state| state.fitted > 0.0 && state.fresh.is_empty());
    desktop.press(Key::A);
    for _ in 0..20 {
        let _ = desktop.woken.recv_timeout(Duration::from_millis(100));
        desktop.window.run();
    }
    desktop.saved();
    shoot(&mut desktop, "review");
    assert_eq!(images.len(), 72);
}

#[test]
fn a_vocabulary_that_no_model_knows_is_learned_from_nothing() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().join("museum finds");
    let plan = demo::Plan { images: 160, seed: 2025, annotated: 1.0 };
    demo::write(&folder, &plan, &|_, _| ControlFlow::Continue(())).unwrap();
    let labels = fs::read_to_string(folder.join("labels.csv")).unwrap();
    fs::write(folder.join("labels.csv"), labels.replace("tag::", "object::").replace("culture::", "people::")).unwrap();
    let mut desktop = Desktop::start(&folder);
    assert!(desktop.desk().known_labels().is_empty());
    desktop.window.key_press_modifiers(eframe::egui::Modifiers::COMMAND, Key::T);
    desktop.window.run();
    desktop.wait("a new model", |state| {
        let model = state.desk.as_ref().and_then(|desk| desk.model.as_ref());
        state.learning.running.is_none() && model.is_some_and(|model| model.name.0 == "head-1")
    });
    let metrics = desktop.desk().model.as_ref().and_then(|model| model.metrics.clone()).unwrap();
    // Half of the tags right would be luck with 44 labels; the features must carry them.
    assert!(metrics.f2_per_image > 0.5, "{}", metrics.f2_per_image);
    desktop.saved();
    shoot(&mut desktop, "train");
}

/// A picture into `target/looks`, and with `UPDATE_SNAPSHOTS` into the README.
pub(crate) fn shoot(desktop: &mut Desktop, name: &str) {
    desktop.window.remove_cursor();
    desktop.window.run();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let drawn = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| desktop.window.render()));
    let Ok(Ok(picture)) = drawn else {
        eprintln!("no picture of {name}: there is no graphics adapter");
        return;
    };
    let mut folders = vec![root.join("target/looks")];
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        folders.push(root.join("assets/screenshots"));
    }
    for folder in folders {
        fs::create_dir_all(&folder).unwrap();
        picture.save(folder.join(format!("{name}.png"))).unwrap();
    }
}
