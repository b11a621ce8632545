//! The project's record: what was decided, who took it back, what Docent wrote into the tables, and the caches.
//!
//! Floor 2: SQLite lives here and nowhere else. Reads no pictures and no tables; the caller hands over what
//! `train.csv` says.

pub mod cache;
pub mod deeds;
mod edits;
pub mod error;
pub mod heard;
mod held;
mod journal;
pub mod labels;
pub mod location;
pub mod merge;
mod names;
pub mod origins;
pub mod record;
mod schema;
pub mod tables;
mod written;

pub use cache::Cache;
pub use deeds::Deeds;
pub use error::RecordError;
pub use heard::Conflict;
pub use location::Location;
pub use merge::{MergeError, Other};
pub use record::{Record, StepId};
pub use tables::TablesError;
pub use written::Written;
