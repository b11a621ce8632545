//! What is said on standard error, and how a verb fails.

use std::fmt;
use std::io::{self, Write as _};
use std::path::Path;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::base::Hint;
use crate::base::fs::write_atomic;
use crate::jobs::Problem;

/// Why a verb did not do its work.
#[derive(Debug)]
pub enum Failure {
    /// The data has problems that were already listed.
    Problems,
    /// Something in the data stopped the work: exit code 1.
    Data(Problem),
    /// What was asked for is not there or makes no sense: exit code 2.
    Usage(Problem),
    /// Somebody pressed Ctrl-C: exit code 130. What they should know about it.
    Cancelled(String),
}

impl Failure {
    pub fn data(error: impl std::error::Error + Hint) -> Self {
        Self::Data(Problem::of(&error))
    }

    pub fn usage(error: impl std::error::Error + Hint) -> Self {
        Self::Usage(Problem::of(&error))
    }

    /// The window could not be opened.
    pub fn window(error: &anyhow::Error) -> Self {
        let hint = "a display and a graphics driver are needed; without them use a verb, see docent --help";
        Self::Data(Problem::new(format!("the window cannot be opened: {error:#}"), hint))
    }

    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Problems | Self::Data(_) => 1,
            Self::Usage(_) => 2,
            Self::Cancelled(_) => 130,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Problems => Ok(()),
            Self::Data(problem) | Self::Usage(problem) => write!(f, "{problem}"),
            Self::Cancelled(message) => f.write_str(message),
        }
    }
}

/// A line on standard error.
pub(super) fn say(message: impl fmt::Display) {
    let _ = writeln!(io::stderr(), "{message}"); // Nobody to tell if even that fails.
}

/// A line, or a whole table, on standard output. A closed pipe is the reader's way to say "enough".
pub(super) fn print(text: impl fmt::Display) -> Result<(), Failure> {
    match writeln!(io::stdout().lock(), "{text}") {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::Data(Problem { message: format!("standard output cannot be written: {error}"), hint: None }))
        }
        _ => Ok(()),
    }
}

/// The same into a file.
pub(super) fn save(path: &Path, text: &str) -> Result<(), Failure> {
    write_atomic(path, text.as_bytes()).map_err(|error| Failure::Data(Problem::of_io(&error, path)))
}

/// A bar on standard error; nothing is drawn where that is no terminal.
pub(super) fn bar(what: &'static str, total: usize) -> ProgressBar {
    styled(what, total as u64, "{msg} {bar:32} {pos} of {len} · {eta} left")
}

/// The same for bytes.
pub(super) fn bytes_bar(what: &'static str) -> ProgressBar {
    styled(what, 0, "{msg} {bar:32} {bytes} of {total_bytes} · {bytes_per_sec} · {eta} left")
}

fn styled(what: &'static str, total: u64, template: &str) -> ProgressBar {
    let bar = ProgressBar::new(total);
    let style = ProgressStyle::with_template(template);
    if let Ok(style) = style {
        bar.set_style(style);
    }
    bar.set_message(what);
    bar.enable_steady_tick(Duration::from_millis(500));
    bar
}
