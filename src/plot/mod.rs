//! Plots as PNG: for reports, and for what is saved from the window. The same on every machine, without a display.
//!
//! Floor 2. Drawn by `plotters`; not the window's own drawing, which is `app::panels`.

mod bars;
mod canvas;
mod charts;
mod lines;
mod marks;

use std::path::PathBuf;

pub use canvas::LIGHT;
pub use charts::{SIZE, chart};
pub use lines::{Series, lines};

use crate::base::{Hint, hint};

#[derive(Debug, thiserror::Error)]
pub enum PlotError {
    #[error("the plot cannot be drawn: {reason}")]
    Drawing { reason: String },
    #[error("the plot cannot be written: {source}\nFile: {}", .path.display())]
    Io { source: std::io::Error, path: PathBuf },
}

impl Hint for PlotError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::Drawing { .. } => None,
            Self::Io { source, .. } => hint::for_io(source),
        }
    }
}

/// What `plotters` says of a drawing that failed.
type Trouble = Box<dyn std::error::Error>;
