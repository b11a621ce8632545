//! What several tests need: the real binary, scratch folders, the demo collection.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::LazyLock;
use std::time::Duration;

use docent::hub::Environment;

/// No cache, and a Hub that takes the call and never says a word.
pub(crate) fn silent_hub() -> Environment {
    static SILENT: LazyLock<TcpListener> = LazyLock::new(|| TcpListener::bind("127.0.0.1:0").unwrap());
    let mut environment = no_hub();
    environment.endpoint = format!("http://{}", SILENT.local_addr().unwrap());
    environment.patience.silence = Duration::from_secs(600);
    environment.offline = false;
    environment
}

/// Neither a cache nor a network.
pub(crate) fn no_hub() -> Environment {
    let mut environment = Environment::read(&|_| None, Some("/nowhere".into()));
    environment.offline = true;
    environment
}

/// The real program; its user data goes into `home`, and so does what it fetches.
pub(crate) fn command(home: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_docent"));
    command
        .args(arguments)
        .env("HOME", home)
        .env("XDG_DATA_HOME", home.join("data"))
        .env("XDG_CONFIG_HOME", home.join("config"))
        .env("XDG_CACHE_HOME", home.join("cache"))
        .env("HF_HOME", home.join("hf"))
        // Nobody listens there: what goes to the network without being asked to fails.
        .env("HF_ENDPOINT", "http://127.0.0.1:9")
        .env("NO_PROXY", "127.0.0.1");
    for name in ["HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_TOKEN", "HF_TOKEN_PATH", "HF_HUB_OFFLINE"] {
        command.env_remove(name);
    }
    command
}

pub(crate) fn docent(home: &Path, arguments: &[&str]) -> Output {
    command(home, arguments).output().unwrap()
}

/// Runs the real program, which must succeed, and gives what it printed as its result.
pub(crate) fn succeed(home: &Path, arguments: &[&str]) -> String {
    let output = docent(home, arguments);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "docent {} failed: {errors}", arguments.join(" "));
    String::from_utf8(output.stdout).unwrap()
}
