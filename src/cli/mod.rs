//! The command line: the same program without a display.
//!
//! Floor 6. Standard output carries results only; progress and messages go to standard error.
//! Exit codes: 0 done, 1 the data has problems, 2 wrong usage, 130 cancelled.

mod agreement;
pub mod args;
mod check;
mod collection;
mod compare;
mod demo;
mod doubts;
mod evaluate;
mod find;
mod insights;
mod interrupt;
mod merge;
mod models;
mod next;
mod recipes;
mod simulate;
mod stats;
mod suggest;
mod terminal;
mod train;
mod vocabulary;
mod writing;

use clap::Parser as _;

use crate::demo::Plan;

pub use args::{Arguments, Verb};
pub use terminal::Failure;

/// Runs a verb. `chosen_name`: who signs where the command line names nobody. Errors: what went wrong, with its exit code.
pub fn run(verb: &Verb, chosen_name: &dyn Fn() -> String) -> Result<(), Failure> {
    let who = |signature: &args::Signature| signature.signed.clone().unwrap_or_else(chosen_name);
    match verb {
        Verb::Demo(arguments) => demo::run(arguments),
        Verb::Check(arguments) => check::run(arguments),
        Verb::Stats(arguments) => stats::run(arguments),
        Verb::Find(arguments) => find::run(arguments),
        Verb::Insights(arguments) => insights::run(arguments),
        Verb::Suggest(arguments) => suggest::run(arguments),
        Verb::Train(arguments) => train::run(arguments),
        Verb::Compare(arguments) => compare::run(arguments),
        Verb::Recipes(arguments) => recipes::run(arguments),
        Verb::Evaluate(arguments) => evaluate::run(arguments),
        Verb::Next(arguments) => next::run(arguments),
        Verb::Doubts(arguments) => doubts::run(arguments),
        Verb::Simulate(arguments) => simulate::run(arguments),
        Verb::Vocabulary(arguments) => vocabulary::run(arguments, &who(arguments.signature())),
        Verb::Merge(arguments) => merge::run(arguments, &who(&arguments.signature)),
        Verb::Agreement(arguments) => agreement::run(arguments),
        Verb::Models(arguments) => models::run(arguments),
    }
}

/// What `docent demo` without --out draws for the window: few enough to be there at once.
pub fn window_demo(verb: Option<&Verb>) -> Plan {
    const IMAGES: u32 = 150;
    match verb {
        Some(Verb::Demo(arguments)) => demo::plan(arguments, IMAGES),
        _ => Plan { images: IMAGES, seed: 1, annotated: 0.5 },
    }
}

/// Parses the command line of this process; wrong usage ends it with exit code 2.
pub fn parse() -> Arguments {
    Arguments::parse()
}
