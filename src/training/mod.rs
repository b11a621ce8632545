//! Learning from the curator's decisions: recipe, losses, optimizer, the fit of a head and of a whole network.
//!
//! Floor 4: no threads of its own, no screen, no files but the checkpoint folder and the unfinished run; pixels come in through a trait.
//! Whoever calls gets told how it goes through an [`Observer`] and can stop it there.

pub mod agreement;
pub mod alike;
pub mod augment;
pub mod batches;
pub mod compared;
pub mod deep;
pub mod duplicates;
pub mod embed;
mod epochs;
pub mod error;
pub mod evaluate;
pub mod fine_tune;
pub mod head;
pub mod instant;
pub mod learner;
pub mod loss;
pub mod models;
mod moments;
pub mod neighbours;
pub mod observer;
pub mod optimizer;
pub mod out_of_fold;
mod plan;
pub mod progressive;
pub mod random;
pub mod recipe;
pub mod recipes;
pub mod schedule;
pub mod session;
pub mod standardise;
pub mod survey;
pub mod unfinished;
mod watch;

pub use agreement::Agreement;
pub use augment::Augment;
pub use compared::{ComparedModels, Judgement};
pub use error::TrainError;
pub use evaluate::Metrics;
pub use learner::Learner;
pub use loss::Loss;
pub use observer::{Observer, Progress};
pub use recipe::{Depth, Keep, Recipe, RecipeError, WarmUp};
pub use schedule::Schedule;
pub use unfinished::{Unfinished, UnfinishedError};
