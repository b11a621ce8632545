//! Models in the window: fetching, stopping and what is there afterwards, over the real workers and a Hub on this machine.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

use docent::app::state::{State, View};
use docent::app::{Action, DocentApp, Settings, Start};
use docent::demo::Plan;
use docent::hub::{Environment, Licence, Progress};
use docent::jobs::{Event, FetchOutcome, Jobs, JobsConfig, ModelName};
use docent::model::device::Choice;
use eframe::egui::{self, Key};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use crate::app_support as support;
use crate::hub::{MODEL, environment, server};
use crate::hub_server::Fault;

const KNOWN: &str = "timm/mobilenetv2_050.lamb_in1k";

struct Desktop {
    window: Harness<'static, DocentApp>,
    woken: Receiver<()>,
}

impl Desktop {
    fn start(hub: Environment) -> Self {
        let (wake, woken) = sync_channel(1);
        let window = Harness::builder().with_size([1440.0, 900.0]).with_max_steps(64).build_eframe(move |cc| {
            let config = JobsConfig {
                demo_folder: PathBuf::from("demo"),
                demo: Plan::default(),
                who: "a test".to_owned(),
                device: Choice::Cpu,
                hub,
            };
            let jobs = Jobs::start(config, Arc::new(move || wake.try_send(()).unwrap_or_default())).unwrap();
            DocentApp::new(&cc.egui_ctx, jobs, Start::Welcome, Settings::default(), None)
        });
        Self { window, woken }
    }

    /// On the Train page of a collection that exists only in memory.
    fn train(&mut self) {
        support::open(&mut self.window, support::opened(30, 12));
        self.window.state_mut().perform(Action::Show(View::Train));
        self.window.run();
    }

    /// Draws frames whenever a worker has something to say, until this holds.
    fn wait(&mut self, what: &str, holds: impl Fn(&State) -> bool) {
        loop {
            self.window.run();
            if holds(self.state()) {
                return;
            }
            let nudged = self.woken.recv_timeout(Duration::from_secs(60));
            assert!(nudged.is_ok(), "nothing happened for a minute while waiting for {what}");
        }
    }

    fn state(&self) -> &State {
        self.window.state().state()
    }

    fn click(&mut self, label: &str) {
        self.window.get_by_label_contains(label).click();
        self.window.run();
    }

    fn result(&self) -> (bool, String) {
        self.state().fetching.result.clone().unwrap()
    }
}

#[test]
fn a_known_model_is_fetched_with_one_click_and_can_be_used_then() {
    let (server, home) = (server(), tempfile::tempdir().unwrap());
    server.put(KNOWN, "config.json", include_bytes!("../../assets/starter/config.json"));
    server.put(KNOWN, "model.safetensors", crate::hub::WEIGHTS);
    server.licence(KNOWN, "apache-2.0");
    let mut desktop = Desktop::start(environment(&server, home.path(), &[]));
    desktop.train();
    desktop.window.get_by_label_contains("sends nothing but the request");
    assert!(server.requests().is_empty(), "nothing is asked before somebody wants something");
    desktop.click(&format!("Fetch {KNOWN}"));
    desktop.wait("the model", |state| state.fetching.is_here(KNOWN));
    let (good, words) = desktop.result();
    assert!(good && words.contains("licence apache-2.0"), "{words}");
    desktop.click(&format!("Use {KNOWN}"));
    assert_eq!(desktop.state().desk.as_ref().unwrap().wanted_model, ModelName(KNOWN.to_owned()));
}

#[test]
fn a_fetch_shows_how_far_it_is_and_stops_though_the_server_is_silent() {
    let (server, home) = (server(), tempfile::tempdir().unwrap());
    server.fail("/model.safetensors", [Fault::Stall(700_000)]);
    let mut hub = environment(&server, home.path(), &[]);
    hub.patience.silence = Duration::from_secs(60);
    let mut desktop = Desktop::start(hub);
    desktop.train();
    // By keyboard alone, a model that is not in the table.
    desktop.window.get_by_label("Another model: owner/name on the Hub").focus();
    desktop.window.run();
    desktop.window.event(egui::Event::Text(MODEL.to_owned()));
    desktop.window.key_press(Key::Enter);
    desktop.window.run();
    desktop.wait("bytes", |state| match &state.fetching.running.as_ref().unwrap().stage {
        Progress::Fetching { file, done, .. } => file == "model.safetensors" && *done > 0,
        _ => false,
    });
    desktop.window.get_by_label_contains(&format!("Fetching {MODEL}"));
    desktop.click("Stop fetching");
    desktop.wait("the end", |state| state.fetching.running.is_none());
    assert_eq!(desktop.result(), (true, format!("Stopped. The next fetch of {MODEL} goes on where this one was")));
    // Once more, to the end.
    desktop.window.state_mut().perform(Action::FetchModel(MODEL.to_owned()));
    desktop.wait("the model", |state| state.fetching.is_here(MODEL));
    assert_eq!(server.take_n_sent(), crate::hub::WEIGHTS.len(), "no byte came twice");
    desktop.window.get_by_label(&format!("Use {MODEL}"));
}

#[test]
fn a_fetch_goes_on_while_no_collection_is_open() {
    let (server, home) = (server(), tempfile::tempdir().unwrap());
    let mut desktop = Desktop::start(environment(&server, home.path(), &[]));
    desktop.train();
    desktop.window.state_mut().perform(Action::FetchModel(MODEL.to_owned()));
    desktop.window.state_mut().perform(Action::CloseCollection);
    desktop.wait("the model", |state| state.fetching.is_here(MODEL));
    assert!(desktop.state().desk.is_none());
    desktop.window.get_by_label_contains("is on this computer now");
    // Using one needs a collection to use it for.
    desktop.window.state_mut().perform(Action::UseModel(ModelName(MODEL.to_owned())));
    desktop.window.run();
    desktop.train();
    desktop.window.get_by_label(&format!("Use {MODEL}"));
}

#[test]
fn what_went_wrong_is_said_where_the_button_was() {
    let mut desktop = Desktop::start(crate::support::no_hub());
    desktop.train();
    desktop.click(&format!("Fetch {KNOWN}"));
    desktop.wait("the refusal", |state| state.fetching.running.is_none());
    let (good, words) = desktop.result();
    assert!(!good && words.contains("HF_HUB_OFFLINE") && words.contains("--model"), "{words}");
    desktop.window.get_by_label_contains(&format!("Fetch {KNOWN}"));
    let licence = Some(Licence("cc-by-nc-4.0".to_owned()));
    let outcome = FetchOutcome::Finished { licence, notice: None, unusable: None };
    desktop.window.state_mut().receive(Event::FetchEnded { id: "a/b".to_owned(), outcome });
    assert!(desktop.result().1.contains("forbids commercial use"));
}
