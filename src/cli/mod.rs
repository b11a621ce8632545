//! The command line: the same program without a display.
//!
//! Floor 6. Standard output carries results only; progress and messages go to standard error.
//! Exit codes: 0 done, 1 the data has problems, 2 wrong usage, 130 cancelled.

pub mod args;
