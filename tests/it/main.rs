//! One binary for all integration tests: linking is the slow part.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say where")]
#![expect(clippy::disallowed_methods, reason = "scratch files need no durability")]

mod app_access;
mod app_insights;
mod app_instant;
mod app_keys;
mod app_looks;
mod app_main_job;
mod app_models;
mod app_precision;
mod app_query;
mod app_queues;
mod app_review;
mod app_snapshots;
mod app_support;
mod app_sweep;
mod app_texts;
mod app_vocabulary;
mod app_window;
mod command_line;
mod curators;
mod hub;
mod hub_server;
mod looking;
mod models_command;
mod support;
mod tidy;
mod training_runs;
mod vocabulary_command;
mod workers;
