mod app_looks;
mod app_review;
mod support;
