//! The program: the command line decides whether a window opens.

use std::process::ExitCode;

use docent::app::{self, Start};
use docent::base::memory;
use docent::cli::{self, Failure, Verb};
use docent::jobs::JobsConfig;
use docent::model::device::Choice;

fn main() -> ExitCode {
    memory::keep_for_a_while();
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_max_level(tracing::Level::WARN).init();
    let arguments = cli::parse();
    let config = JobsConfig::usual(cli::window_demo(arguments.verb.as_ref()));
    let device = arguments.device;
    let result = match (arguments.verb, arguments.folder) {
        (Some(Verb::Demo(demo)), _) if demo.out.is_none() => window(Start::Demo, config, device),
        (Some(verb), _) => cli::run(&verb, &app::signature),
        (None, Some(folder)) => window(Start::Folder(folder), config, device),
        (None, None) => window(Start::Welcome, config, device),
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

fn window(start: Start, config: JobsConfig, device: Option<Choice>) -> Result<(), Failure> {
    app::run(start, config, device).map_err(|error| Failure::window(&error))
}
