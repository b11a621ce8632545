//! One binary for all integration tests: linking is the slow part.

mod command_line;
mod support;
mod tidy;
