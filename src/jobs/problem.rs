//! What went wrong and what to do, ready to be shown or printed.

use std::fmt;
use std::path::Path;

use crate::base::{Hint, hint};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub message: String,
    pub hint: Option<String>,
}

impl Problem {
    pub fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { message: message.into(), hint: Some(hint.into()) }
    }

    pub fn of(error: &(impl std::error::Error + Hint)) -> Self {
        Self { message: error.to_string(), hint: error.hint() }
    }

    pub fn of_io(error: &std::io::Error, path: &Path) -> Self {
        Self { message: format!("{error}\nFile: {}", path.display()), hint: hint::for_io(error) }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match &self.hint {
            Some(hint) => write!(f, "\nHint: {hint}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Problem {}
