//! One binary for all integration tests: linking is the slow part.

mod app_looks;
mod app_review;
mod app_support;
mod app_window;
mod command_line;
mod support;
mod tidy;
