//! Whether the model in use proposes the same in the precision that was asked for, as far as it is known.

use crate::jobs::{Problem, WorkDone};
use crate::model::Precision;
use crate::training::Agreement;

#[derive(Debug, Clone, Default, PartialEq)]
pub enum Agreeing {
    /// Not asked for, or not begun with.
    #[default]
    Unknown,
    Measuring(WorkDone),
    Measured(Agreement),
    /// It could not be measured.
    Failed(Problem),
}

impl Agreeing {
    /// What the model in use looks in.
    pub fn precision(&self) -> Precision {
        match self {
            Self::Measured(agreement) if agreement.is_worth_it() => agreement.precision,
            _ => Precision::F32,
        }
    }
}
