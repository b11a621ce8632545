//! The only code that starts threads: commands go in, events come out.
//!
//! Floor 5. Knows no screen. Each worker has a bounded queue, owns what it works with, and speaks in events.
//!
//! Architecture Invariant: `Jobs::send` and `Jobs::try_next` never wait.

pub mod ahead;
mod analyst;
mod command;
mod courtesy;
mod errands;
mod event;
mod fetcher;
mod likeness;
mod outlet;
mod pictures;
mod predictor;
mod problem;
mod pupil;
mod queue;
mod scout;
mod scribe;
pub mod thumbnail;
mod trainer;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::JoinHandle;

pub use analyst::{HELPING, charts, measure};
pub use command::{
    ChartFormat, ChartSpec, Command, FineTuneSpec, ModelName, Quest, QuestKind, RecordChange, ScoutSpec, Surveyed,
    Ticket, WriteNumber,
};
pub use errands::write_chart;
pub use event::{
    ChosenFile, Event, FetchOutcome, FetchedModel, FineTuneOutcome, FineTuneProgress, ModelDetails, Opened, WorkDone,
};
pub use problem::Problem;

use crate::collection::Collection;
use crate::demo::Plan;
use crate::hub::Environment;
use crate::model::device::Choice;
use crate::store::Location;
use analyst::AnalystOrder;
use errands::Errand;
use fetcher::FetchOrder;
use outlet::{Envelope, Outlet};
use pictures::PictureOrder;
use predictor::PredictorOrder;
use queue::Queue;
use scout::ScoutOrder;
use scribe::ScribeOrder;
use trainer::{Job, TrainerOrder};

/// Called by workers after each event, so that a sleeping window looks.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

/// Events that wait for the screen; a worker with more to say waits.
const EVENTS: usize = 1024;

/// What the workers need to know at their start.
#[derive(Debug, Clone)]
pub struct JobsConfig {
    /// Where `Command::OpenDemo` keeps its pictures.
    pub demo_folder: PathBuf,
    /// What it draws there.
    pub demo: Plan,
    /// Who signs decisions.
    pub who: String,
    pub device: Choice,
    /// Where models come from and where they are kept.
    pub hub: Environment,
}

impl JobsConfig {
    /// The user's own: the demo beside other data of the user, decisions signed with the login name.
    pub fn usual(demo: Plan) -> Self {
        let folders = directories::ProjectDirs::from("", "", "docent");
        let data = folders.map_or_else(std::env::temp_dir, |folders| folders.data_dir().to_path_buf());
        // The folder's own name is what the window shows.
        let kind = format!("demo-{}-{}-{}", demo.images, demo.seed, demo.annotated);
        let demo_folder = data.join(kind).join("demo collection");
        Self { demo_folder, demo, who: login_name(), device: Choice::Auto, hub: Environment::of_process() }
    }
}

/// Who signs decisions: the user's name on this computer.
pub fn login_name() -> String {
    let login = ["USER", "USERNAME", "LOGNAME"].iter().find_map(|name| std::env::var(name).ok());
    login.filter(|name| !name.is_empty()).unwrap_or_else(|| "curator".to_owned())
}

/// What a worker must know of the collection that is open.
#[derive(Clone)]
struct Desk {
    opening: u64,
    collection: Arc<Collection>,
    location: Location,
}

/// The workers, seen from a screen.
pub struct Jobs {
    events: Receiver<Envelope>,
    /// Counts openings: what a worker says of an earlier collection is not passed on.
    opening: u64,
    scribe: Queue<ScribeOrder>,
    predictor: Queue<PredictorOrder>,
    pictures: Queue<PictureOrder>,
    trainer: Queue<TrainerOrder>,
    errands: Queue<Errand>,
    fetcher: Queue<FetchOrder>,
    scout: Queue<ScoutOrder>,
    analyst: Queue<AnalystOrder>,
    trainer_stop: trainer::Stop,
    fetch_stop: trainer::Stop,
    scout_stop: trainer::Stop,
    scribe_thread: Option<JoinHandle<()>>,
    config: JobsConfig,
}

impl Jobs {
    /// Starts the workers. Errors: the system gives no more threads.
    pub fn start(config: JobsConfig, wake: Wake) -> std::io::Result<Self> {
        courtesy::begin();
        let (sender, events) = sync_channel(EVENTS);
        let outlet = Outlet::new(sender, wake);
        let (scribe, scribe_orders) = Queue::new();
        let (predictor, predictor_orders) = Queue::new();
        let (pictures, picture_orders) = Queue::new();
        let (trainer, trainer_orders) = Queue::new();
        let (errands, errand_orders) = Queue::new();
        let (fetcher, fetch_orders) = Queue::new();
        let (scout, scout_orders) = Queue::new();
        let (analyst, analyst_orders) = Queue::new();
        let trainer_stop = trainer::Stop::default();

        let who = config.who.clone();
        let scribe_thread = start("docent-scribe", &outlet, move |outlet| scribe::run(&scribe_orders, outlet, who))?;
        let device = config.device;
        start("docent-predictor", &outlet, move |outlet| {
            courtesy::stand_back();
            predictor::run(&predictor_orders, outlet, device);
        })?;
        start("docent-pictures", &outlet, move |outlet| pictures::run(&picture_orders, outlet))?;
        let stop = trainer_stop.clone();
        start("docent-trainer", &outlet, move |outlet| {
            courtesy::stand_back();
            trainer::run(&trainer_orders, outlet, device, &stop);
        })?;
        start("docent-errands", &outlet, move |outlet| errands::run(&errand_orders, outlet))?;
        let (hub, stop) = (config.hub.clone(), trainer::Stop::default());
        let fetch_stop = stop.clone();
        start("docent-fetcher", &outlet, move |outlet| fetcher::run(&fetch_orders, outlet, &hub, &stop))?;
        let scout_stop = trainer::Stop::default();
        let stop = scout_stop.clone();
        start("docent-scout", &outlet, move |outlet| scout::run(&scout_orders, outlet, &stop))?;
        start("docent-analyst", &outlet, move |outlet| analyst::run(&analyst_orders, outlet))?;
        let scribe_thread = Some(scribe_thread);
        Ok(Self {
            events,
            opening: 0,
            scribe,
            predictor,
            pictures,
            trainer,
            errands,
            fetcher,
            scout,
            analyst,
            trainer_stop,
            fetch_stop,
            scout_stop,
            scribe_thread,
            config,
        })
    }

    /// Hands a command on; never waits.
    pub fn send(&mut self, command: Command) {
        match command {
            Command::AskFile => self.errands.send(Errand::AskFile),
            Command::AskFolder => self.errands.send(Errand::AskFolder),
            Command::Open { folder } => {
                self.trainer_stop.request();
                self.scout_stop.request();
                self.scribe.send(ScribeOrder::Open { demo: folder == self.config.demo_folder, folder })
            }
            Command::OpenDemo => {
                let (folder, plan) = (self.config.demo_folder.clone(), self.config.demo);
                self.errands.send(Errand::DrawDemo { folder, plan });
            }
            Command::Close => {
                self.trainer_stop.request();
                self.scout_stop.request();
                self.scribe.send(ScribeOrder::Close);
                self.predictor.send(PredictorOrder::Desk(None));
                self.pictures.send(PictureOrder::Desk(None));
                self.trainer.send(TrainerOrder::Desk(None));
                self.scout.send(ScoutOrder::Desk(None));
                self.analyst.send(AnalystOrder::Desk(None));
            }
            Command::ShowThumbnails { wanted } => self.pictures.send(PictureOrder::Thumbnails(wanted)),
            Command::ShowPicture { image, ahead } => self.pictures.send(PictureOrder::Picture { image, ahead }),
            Command::Propose { wanted } => self.predictor.send(PredictorOrder::Wanted(wanted)),
            Command::FindNearest { image } => self.predictor.send(PredictorOrder::Nearest(image)),
            Command::UseModel { model } => {
                self.scribe.send(ScribeOrder::RememberModel(model.clone()));
                self.predictor.send(PredictorOrder::Use(model));
            }
            Command::UseDevice { device } => {
                self.config.device = device;
                self.predictor.send(PredictorOrder::Device(device));
                self.trainer.send(TrainerOrder::Device(device));
            }
            Command::UsePrecision { precision } => self.predictor.send(PredictorOrder::Precision(precision)),
            Command::SignAs { who } => self.scribe.send(ScribeOrder::SignAs(who)),
            Command::Record { number, change } => {
                if let RecordChange::CreateLabel { name, .. } = &change {
                    self.predictor.send(PredictorOrder::Created(name.clone()));
                }
                self.scribe.send(ScribeOrder::Record { number, change });
            }
            Command::Learn { changed } => self.predictor.send(PredictorOrder::Learn(changed)),
            Command::Explain { image, attribute } => self.predictor.send(PredictorOrder::Explain(image, attribute)),
            Command::UseVocabulary { vocabulary } => self.predictor.send(PredictorOrder::Edited(vocabulary)),
            Command::PauseLearning(paused) => self.predictor.send(PredictorOrder::PauseLearning(paused)),
            Command::FineTune(spec) => {
                self.predictor.send(PredictorOrder::FineTuneBegins);
                let job = Job { what: Some(spec), at: self.trainer_stop.count() };
                self.trainer.send(TrainerOrder::FineTune(job));
            }
            Command::ResumeFineTune => {
                let job = Job { what: None, at: self.trainer_stop.count() };
                self.trainer.send(TrainerOrder::FineTune(job));
            }
            Command::PauseFineTune(paused) => self.trainer_stop.pause(paused),
            Command::StopFineTune => {
                self.trainer_stop.request();
                self.trainer.send(TrainerOrder::Discard);
            }
            Command::DiscardUnfinished => self.trainer.send(TrainerOrder::Discard),
            Command::SaveRecipe { name, recipe } => self.scribe.send(ScribeOrder::SaveRecipe { name, recipe }),
            Command::Scout(spec) => {
                self.scout_stop.request();
                self.scout.send(ScoutOrder::Look { spec, at: self.scout_stop.count() });
            }
            Command::StopScout => self.scout_stop.request(),
            Command::Chart(spec) => self.analyst.send(AnalystOrder::Chart(spec)),
            Command::FindOrigins { image } => self.scribe.send(ScribeOrder::FindOrigins(image)),
            Command::ReadDeeds => self.scribe.send(ScribeOrder::ReadDeeds),
            Command::Measure => self.analyst.send(AnalystOrder::Measure),
            Command::StopMeasuring => self.analyst.send(AnalystOrder::StopMeasuring),
            Command::AskChartFile { topic, format } => self.errands.send(Errand::AskChartFile { topic, format }),
            Command::WriteChart { charts, topic, format, path } => {
                self.errands.send(Errand::WriteChart { charts, topic, format, path });
            }
            Command::FetchModel { id } => self.fetcher.send(FetchOrder::Fetch { id, at: self.fetch_stop.count() }),
            Command::StopFetch => self.fetch_stop.request(),
        }
    }

    /// Who signs where nobody has chosen a name.
    pub fn who(&self) -> &str {
        &self.config.who
    }

    /// The device last asked for.
    pub fn device(&self) -> Choice {
        self.config.device
    }

    /// What a worker has said, oldest first; never waits.
    pub fn try_next(&mut self) -> Option<Event> {
        self.scribe.pump();
        self.predictor.pump();
        self.pictures.pump();
        self.trainer.pump();
        self.errands.pump();
        self.fetcher.pump();
        self.scout.pump();
        self.analyst.pump();
        let event = loop {
            let (opening, event) = self.events.try_recv().ok()?;
            if opening.is_none_or(|opening| opening == self.opening) {
                break event;
            }
        };
        match &event {
            Event::Opened(opened) => {
                self.opening += 1;
                let desk = Desk {
                    opening: self.opening,
                    collection: Arc::clone(&opened.collection),
                    location: opened.location.clone(),
                };
                let said = opened.annotations.clone();
                self.predictor.send(PredictorOrder::Desk(Some((desk.clone(), said))));
                self.predictor.send(PredictorOrder::Use(opened.model.clone()));
                self.pictures.send(PictureOrder::Desk(Some(desk.clone())));
                self.scout.send(ScoutOrder::Desk(Some(desk.clone())));
                self.analyst.send(AnalystOrder::Desk(Some(desk.clone())));
                self.trainer.send(TrainerOrder::Desk(Some(desk)));
            }
            Event::FineTuneEnded(FineTuneOutcome::Finished { model, .. }) => {
                self.predictor.send(PredictorOrder::Taught(model.name.clone()));
            }
            Event::DemoDrawn { folder } => self.scribe.send(ScribeOrder::Open { folder: folder.clone(), demo: true }),
            _ => {}
        }
        Some(event)
    }

    /// Waits until everything sent to the record is on disk, and lets the workers end.
    pub fn close(&mut self) {
        self.trainer_stop.request();
        self.fetch_stop.request();
        self.scout_stop.request();
        let Self { predictor, pictures, trainer, errands, fetcher, scout, analyst, .. } = self;
        for queue in [predictor as &mut dyn Closing, pictures, trainer, errands, fetcher, scout, analyst] {
            queue.hang_up();
        }
        let Some(thread) = self.scribe_thread.take() else {
            return;
        };
        // The scribe may be waiting for room among the events: make room until it has ended.
        let mut closed = false;
        while !thread.is_finished() {
            if !closed && self.scribe.pump() {
                self.scribe.close();
                closed = true;
            }
            let _ = self.events.recv_timeout(std::time::Duration::from_millis(20));
        }
        if thread.join().is_err() {
            tracing::error!("the record's worker ended badly; decisions acknowledged before are on disk");
        }
    }
}

impl Drop for Jobs {
    fn drop(&mut self) {
        self.close();
    }
}

/// Queues of different orders, hung up alike.
trait Closing {
    fn hang_up(&mut self);
}

impl<T> Closing for Queue<T> {
    fn hang_up(&mut self) {
        self.abandon();
    }
}

fn start(name: &str, outlet: &Outlet, work: impl FnOnce(&Outlet) + Send + 'static) -> std::io::Result<JoinHandle<()>> {
    let outlet = outlet.another();
    std::thread::Builder::new().name(name.to_owned()).spawn(move || work(&outlet))
}
