//! What a panel can ask for. Closed, in the imperative; `actions::perform` does it.

use std::path::PathBuf;

use super::insights::Insight;
use super::keymap::{Rebind, Verb};
use super::settings::ThemeChoice;
use super::state::{Looked, Order, Overlay, Select, View, Zoom};
use super::texts::Language;
use super::vocabulary::Wish;
use crate::domain::AttributeId;
use crate::jobs::ModelName;
use crate::model::Precision;
use crate::model::device::Choice;
use crate::training::Recipe;

#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// The same as the key.
    Do(Verb),

    AskFolder,
    OpenFolder(PathBuf),
    OpenDemo,
    CloseCollection,
    /// Close the window and lose what the disk does not take.
    QuitAnyway,
    ForgetRecent(PathBuf),

    Show(View),
    Cover(Option<Overlay>),
    DismissMessage(usize),

    FilterText(String),
    FilterLooked(Looked),
    FilterTag {
        attribute: AttributeId,
        /// Must be there, or must not.
        wanted: bool,
        keep_others: bool,
    },
    ClearFilter,
    SweepTag(AttributeId),
    /// From which probability on pictures are asked about.
    SweepCut(f32),
    /// A picture of the page is not this, or is after all.
    SweepMark(u32),
    /// Ordered anew where it is in this order already.
    Order(Order),
    /// Do not wait for the order that was asked for.
    StopOrder,
    /// The library in parts by folder, or not.
    GroupByFolder(bool),
    /// Those that look like this one, in the library.
    ShowSimilar(u32),
    /// The filter as it is, under this name.
    SaveQuery(String),
    /// By its name, instead of the filter as it is.
    ApplyQuery(String),
    ForgetQuery(String),
    /// `None`: the model's own.
    Threshold(Option<f32>),

    Select {
        image: u32,
        how: Select,
    },
    OpenInReview(u32),

    /// Row of the proposals of the image under review.
    FocusRow(usize),
    AcceptRow(usize),
    RejectRow(usize),
    ToggleRow(usize),
    /// A tag of one image, clicked away or back.
    ToggleTag {
        image: u32,
        attribute: AttributeId,
    },
    /// To the image under review or the selection.
    AddTag(AttributeId),
    /// From the same.
    RemoveTag(AttributeId),
    /// A new one, by its full name, to the same.
    CreateTag(String),
    SetZoom(Zoom),

    /// About the vocabulary.
    Vocabulary(Wish),

    SetRecipe(Box<Recipe>),
    /// Under this name, in the collection.
    SaveRecipe(String),
    FineTune,
    /// Go on with the run that was interrupted.
    ResumeFineTune,
    /// Hold the run, or let it go on.
    PauseFineTune(bool),
    StopFineTune,
    DiscardUnfinished,
    UseModel(ModelName),
    /// Go on with the model of now instead of the one that was offered.
    KeepModel,
    /// A clearly better model is used without asking, or not.
    SetPromote(bool),
    UseDevice(Choice),
    /// Where the device has it and the proposals stay the same.
    UsePrecision(Precision),
    /// By its name on the Hub: the only wish that goes to the network.
    FetchModel(String),
    StopFetch,

    /// Of the Insights page.
    Insight(Insight),

    /// About the keys.
    Rebind(Rebind),
    /// Sign decisions with this name; an empty one is that of the account.
    SignAs(String),
    SetLanguage(Language),
    SetTheme(ThemeChoice),
    SetContrast(bool),
    SetScale(f32),
    SetThumbnail(f32),
}
