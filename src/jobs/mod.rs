//! The only code that starts threads: commands go in, events come out.
//!
//! Floor 5. Knows no screen. Each worker has a bounded queue, owns what it works with, and speaks in events.
//!
//! Architecture Invariant: `Jobs::send` and `Jobs::try_next` never block and never lock for longer than a swap.

mod command;
mod event;

pub use command::{Command, FineTuneSpec, ModelName, RecordChange, Ticket, WriteNumber};
pub use event::{Event, FineTuneOutcome, FineTuneProgress, ModelDetails, Opened, Problem, WorkDone};

/// Called by workers after each event, so that a sleeping window looks.
pub type Wake = std::sync::Arc<dyn Fn() + Send + Sync>;

/// The workers, seen from a screen.
pub struct Jobs {}

impl Jobs {
    pub fn start(_config: JobsConfig, _wake: Wake) -> Self {
        Self {}
    }

    /// Hands a command on; never waits.
    pub fn send(&mut self, _command: Command) {}

    /// What a worker has said, oldest first; never waits.
    pub fn try_next(&mut self) -> Option<Event> {
        None
    }

    /// Waits until everything sent to the record is on disk, and ends the workers.
    pub fn close(&mut self) {}
}

/// What the workers need to know at their start.
#[derive(Debug, Clone)]
pub struct JobsConfig {
    /// Where `Command::OpenDemo` keeps its pictures.
    pub demo_folder: std::path::PathBuf,
    /// Who signs decisions.
    pub who: String,
}

impl JobsConfig {
    /// The user's own data folder and name.
    pub fn usual() -> Self {
        let folder = directories::ProjectDirs::from("", "", "docent").map(|folders| folders.data_dir().to_path_buf());
        Self {
            demo_folder: folder.unwrap_or_else(|| ".docent".into()).join("demo"),
            who: std::env::var("USER")
                .or_else(|_| std::env::var("USERNAME"))
                .unwrap_or_default(),
        }
    }
}
