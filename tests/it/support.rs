//! What several tests need: the real binary, scratch folders, the demo collection.

use std::path::Path;
use std::process::{Command, Output};

/// Runs the real program; its user data goes into `home`.
pub(crate) fn docent(home: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_docent"))
        .args(arguments)
        .env("HOME", home)
        .env("XDG_DATA_HOME", home.join("data"))
        .env("XDG_CONFIG_HOME", home.join("config"))
        .env("XDG_CACHE_HOME", home.join("cache"))
        .output()
        .unwrap()
}

/// Runs the real program, which must succeed, and gives what it printed as its result.
pub(crate) fn succeed(home: &Path, arguments: &[&str]) -> String {
    let output = docent(home, arguments);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "docent {} failed: {errors}", arguments.join(" "));
    String::from_utf8(output.stdout).unwrap()
}
