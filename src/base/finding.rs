//! A finding: one problem in the user's own files, named with file and line. The rest still loads.
//!
//! Not an error: nothing stops because of it.

use std::fmt;
use std::path::PathBuf;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The file it is about, as it can be opened from here.
    pub path: PathBuf,
    /// Line in a text file, from 1.
    pub line: Option<u64>,
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Finding {
    pub fn new(path: impl Into<PathBuf>, message: impl Into<String>) -> Self {
        Self { path: path.into(), line: None, message: message.into(), hint: None }
    }

    #[must_use]
    pub fn at_line(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }

    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Finding {
    /// `path:line: message (hint)`, the form editors can jump to.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path.display())?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}", self.message)?;
        match &self.hint {
            Some(hint) => write!(f, " ({hint})"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_reads_path_line_message_hint() {
        let finding = Finding::new("labels.csv", "id 3 is used twice").at_line(7).with_hint("keep one");
        assert_eq!(finding.to_string(), "labels.csv:7: id 3 is used twice (keep one)");
        assert_eq!(Finding::new("a.jpg", "is empty").to_string(), "a.jpg: is empty");
    }
}
