//! The program: the command line decides whether a window opens.

use std::process::ExitCode;

use docent::app::{self, Start};
use docent::cli::{self, Failure, Verb};

fn main() -> ExitCode {
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_max_level(tracing::Level::WARN).init();
    let arguments = cli::parse();
    let result = match (arguments.verb, arguments.folder) {
        (Some(Verb::Demo(demo)), _) if demo.out.is_none() => window(Start::Demo),
        (Some(verb), _) => cli::run(&verb),
        (None, Some(folder)) => window(Start::Folder(folder)),
        (None, None) => window(Start::Welcome),
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

fn window(start: Start) -> Result<(), Failure> {
    app::run(start).map_err(|error| Failure::window(&error))
}
