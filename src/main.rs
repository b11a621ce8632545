//! The program: the command line decides whether a window opens.

use std::process::ExitCode;

use docent::app::{self, Start};
use docent::cli::{self, Failure, Verb};
use docent::jobs::JobsConfig;

fn main() -> ExitCode {
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_max_level(tracing::Level::WARN).init();
    let arguments = cli::parse();
    let config = JobsConfig::usual(cli::window_demo(arguments.verb.as_ref()));
    let result = match (arguments.verb, arguments.folder) {
        (Some(Verb::Demo(demo)), _) if demo.out.is_none() => window(Start::Demo, config),
        (Some(verb), _) => cli::run(&verb),
        (None, Some(folder)) => window(Start::Folder(folder), config),
        (None, None) => window(Start::Welcome, config),
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

fn window(start: Start, config: JobsConfig) -> Result<(), Failure> {
    app::run(start, config).map_err(|error| Failure::window(&error))
}
