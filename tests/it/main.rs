mod app_looks;
mod app_review;
mod app_window;
mod support;
