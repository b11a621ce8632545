//! The two tables of a collection, `labels.csv` and `train.csv`: bytes in, meaning out, and bytes again.
//!
//! Whatever was not understood keeps its bytes: these are the curator's files, not ours.

pub mod labels_csv;
mod lines;
pub mod train_csv;

use std::borrow::Cow;

pub use labels_csv::{LabelRow, LabelsTable};
pub use train_csv::TrainTable;

/// A value as a field of a table: in quotes only where it must be.
pub fn field(value: &str) -> Cow<'_, str> {
    lines::quoted(value)
}

/// One thing in a table that needs a person's attention.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// From 1.
    pub line: u64,
    pub message: String,
    pub hint: &'static str,
}

/// Problems, of which many alike are counted instead of listed.
#[derive(Debug, Clone, Default)]
struct Problems {
    listed: Vec<Problem>,
    /// Hint of a kind, how many of it, where the first left out is.
    kinds: Vec<(&'static str, usize, u64)>,
}

/// Of one kind; a table with more has one cause, not many.
const LISTED: usize = 100;

impl Problems {
    fn add(&mut self, line: u64, hint: &'static str, message: impl FnOnce() -> String) {
        let at = self.kinds.iter().position(|(kind, ..)| *kind == hint).unwrap_or_else(|| {
            self.kinds.push((hint, 0, 0));
            self.kinds.len() - 1
        });
        let (_, count, first_left_out) = &mut self.kinds[at];
        *count += 1;
        match *count {
            count if count <= LISTED => self.listed.push(Problem { line, message: message(), hint }),
            count if count == LISTED + 1 => *first_left_out = line,
            _ => {}
        }
    }

    fn finish(mut self) -> Vec<Problem> {
        for (hint, count, line) in self.kinds {
            if count > LISTED {
                let message = format!("{} more lines from here on have the same problem", count - LISTED);
                self.listed.push(Problem { line, message, hint });
            }
        }
        self.listed.sort_by_key(|problem| problem.line);
        self.listed
    }
}
