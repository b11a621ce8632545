//! The program: the command line decides whether a window opens.

use std::process::ExitCode;

use docent::cli::{self, Failure};

fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_max_level(tracing::Level::WARN)
        .init();
    let arguments = cli::parse();
    let result = match &arguments.verb {
        Some(verb) => cli::run(verb),
        None => Ok(()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if !matches!(failure, Failure::Problems) {
                eprintln!("{failure}");
            }
            ExitCode::from(failure.exit_code())
        }
    }
}
