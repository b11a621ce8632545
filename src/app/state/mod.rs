//! Everything the window knows: one owner, no lock, no drawing.
//!
//! Panels read it and say what the user asked for (`Action`); `actions` and `inbox` change it.

pub mod asked;
pub mod conflicts;
pub mod desk;
pub mod explanation;
pub mod fetching;
pub mod filter;
pub mod history;
pub mod insights;
pub mod instant;
pub mod item;
pub mod learning;
pub mod lineup;
pub mod messages;
pub mod precision;
pub mod record;
pub mod review;
pub mod sections;
pub mod selection;
pub mod shown;
pub mod stale;
pub mod sweep;
pub mod vocabulary;

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;

use super::keymap::Keymap;
use super::settings::Settings;
use super::texts::{self, Language, say};
use crate::domain::{ImageId, curator};
use crate::imaging::Pixels;
use crate::jobs::{Command, Problem, WorkDone};
use crate::model::device::Choice;

pub use crate::review::words;
pub use conflicts::Conflicts;
pub use desk::Desk;
pub use fetching::Fetching;
pub use filter::{Filter, Looked};
pub use insights::Insights;
pub use instant::{Learned, Pin};
pub use item::Item;
pub use learning::Learning;
pub use lineup::{Lineup, Order};
pub use messages::{Messages, Tone};
pub use precision::Agreeing;
pub use record::{Record, Safety};
pub use sections::Sections;
pub use selection::Select;
pub use sweep::Sweep;
pub use vocabulary::{Dialog, VocabularyView};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum View {
    #[default]
    Library,
    Review,
    Sweep,
    Train,
    Vocabulary,
    Insights,
}

/// How the picture lies in the review.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Zoom {
    /// Screen points per pixel of the picture; `None`: as large as fits.
    pub factor: Option<f32>,
    /// Of the picture's centre from the middle, in points.
    pub pan: (f32, f32),
}

/// What lies over the view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overlay {
    Help,
    /// The list in which keys are changed.
    Keys,
    Palette,
    /// The palette with nothing but orders and queues.
    Orders,
    /// The type-ahead for a tag: for the image under review, or for the selection in the library.
    AddTag,
    /// Who signs decisions.
    Name,
    Log,
    /// What is asked about the label in focus.
    Vocabulary(Dialog),
    /// The window was to be closed while the disk takes nothing.
    Unsaved,
}

/// A folder on its way to being open.
#[derive(Debug, Clone, Default)]
pub struct Opening {
    /// `None` for the demo, before its folder is known.
    pub folder: Option<PathBuf>,
    pub work: WorkDone,
}

/// A picture that came in and waits to be uploaded.
#[derive(Debug, Clone)]
pub struct Fresh {
    pub image: u32,
    pub size: Size,
    pub pixels: Pixels,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Size {
    Thumbnail,
    Whole,
}

#[derive(Debug, Default)]
pub struct State {
    pub view: View,
    pub overlay: Option<Overlay>,
    /// What computes, such as "CPU, 2 threads"; empty until it is known.
    pub device: String,
    /// The device asked for: by the settings, or on the command line for this once.
    pub chosen_device: Choice,
    /// Whether what computes can do so in bf16.
    pub has_bf16: bool,
    /// The system's folder dialog is open.
    pub asking_folder: bool,
    pub opening: Option<Opening>,
    pub open_problem: Option<(PathBuf, Problem)>,
    pub desk: Option<Desk>,
    pub vocabulary: VocabularyView,
    /// Who signs decisions.
    pub who: String,
    /// The name of the account, which signs where no other was chosen.
    pub account: String,
    pub record: Record,
    pub learning: Learning,
    pub sweep: Sweep,
    pub insights: Insights,
    /// Belongs to no collection: it goes on while they open and close.
    pub fetching: Fetching,
    pub messages: Messages,
    /// Close the window, whatever is not on disk.
    pub quitting: bool,
    pub settings: Settings,
    /// The keys that hold now.
    pub keys: Arc<Keymap>,
    pub fresh: VecDeque<Fresh>,
    /// The filter field wants the keyboard.
    pub focus_filter: bool,
    /// The filter as it is wants a name.
    pub naming_query: bool,
    /// Screen points per pixel of the picture under review when it fits, as last drawn.
    pub fitted: f32,
    /// What was last asked for, so that the same is not asked twice.
    pub asked: Asked,
    /// Seconds since the window opened.
    pub now: f64,
    /// Milliseconds since 1970.
    pub wall_millis: u64,
}

/// What the workers were last told about what is in view.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Asked {
    pub thumbnails: Vec<u32>,
    pub in_view: Vec<u32>,
    pub picture: Option<u32>,
    /// The image whose tags' origins were asked for, and how much had been recorded by then.
    pub origins: Option<(u32, u64)>,
    /// The image compared with all others, and whether all had been looked at by then.
    pub nearest: Option<(ImageId, bool)>,
}

impl State {
    pub fn new(settings: Settings) -> Self {
        let learning = Learning { recipe: settings.recipe.clone(), ..Learning::default() };
        let mut state = Self { settings, learning, fitted: 1.0, ..Self::default() };
        super::keyboard::read(&mut state);
        state
    }

    /// Another name signs from now on; that of the account where none is left of it.
    pub fn sign_as(&mut self, typed: &str) -> Command {
        let chosen = curator::name(typed);
        self.settings.name = chosen.clone().unwrap_or_default();
        self.who = chosen.unwrap_or_else(|| self.account.clone());
        self.overlay = None;
        self.messages.say(self.now, Tone::Note, say!("said-signed", name = self.who));
        Command::SignAs { who: self.who.clone() }
    }

    /// What is said from now on is in this language; the names of the library's parts are made anew.
    pub fn speak(&mut self, language: Language) {
        self.settings.language = language;
        texts::speak(language);
        if let Some(desk) = &mut self.desk {
            desk.refresh(self.now);
        }
    }

    /// The image the review shows.
    pub fn in_review(&self) -> Option<u32> {
        self.desk.as_ref()?.cursor
    }

    /// Whose tags `AddTag` changes.
    pub fn targets(&self) -> Vec<u32> {
        let Some(desk) = &self.desk else {
            return Vec::new();
        };
        match self.view {
            View::Library if !desk.selection.images().is_empty() => desk.selection.images().iter().copied().collect(),
            View::Library | View::Train | View::Vocabulary | View::Insights => Vec::new(),
            View::Sweep => self.sweep.under().map(|place| place.image).into_iter().collect(),
            View::Review => desk.cursor.into_iter().collect(),
        }
    }
}
