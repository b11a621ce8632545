//! The words of the trade: labels, images, tags, decisions, proposals, and the figures that judge them.
//!
//! Floor 1: pure. No files, no threads, no tensors, no serialisation; the tables turn bytes into meaning and back.

pub mod agreement;
pub mod annotation;
pub mod average_precision;
pub mod bootstrap;
pub mod curator;
pub mod decision;
pub mod duplicates;
pub mod edit;
pub mod editing;
pub mod f_beta;
pub mod fingerprint;
pub mod flips;
pub mod fold;
pub mod image_id;
pub mod import;
pub mod insights;
pub mod interval;
pub mod label;
pub mod label_errors;
pub mod label_set;
pub mod merging;
pub mod next;
pub mod own_thresholds;
pub mod proposal;
pub mod query;
pub mod question;
#[cfg(test)]
mod scikit_learn;
pub mod tables;
pub mod threshold;
pub mod thresholds;
pub mod vocabulary;

pub use annotation::{Annotation, TagState};
pub use decision::{Change, Decision, Flag, Mark, Step, Verdict};
pub use edit::{Edit, Standing};
pub use image_id::ImageId;
pub use label::{AttributeId, Label};
pub use label_set::LabelSet;
pub use proposal::Proposal;
pub use question::{Question, Questions, Why};
pub use thresholds::Thresholds;
pub use vocabulary::Vocabulary;
