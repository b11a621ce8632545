//! `docent demo --out DIR`.

use std::ops::ControlFlow;

use super::args::Demo;
use super::terminal::{Failure, bar, say};
use crate::demo::{Plan, write};

/// What is asked for.
pub(super) fn plan(arguments: &Demo, images: u32) -> Plan {
    Plan { images: arguments.images.unwrap_or(images), seed: arguments.seed, annotated: arguments.annotated }
}

pub(super) fn run(arguments: &Demo) -> Result<(), Failure> {
    let Some(out) = &arguments.out else {
        return Ok(()); // Opens in the window: `main` has seen to it.
    };
    let plan = plan(arguments, 300);
    let bar = bar("drawing", plan.images as usize);
    let progress = |done: u32, _total: u32| {
        bar.set_position(u64::from(done));
        ControlFlow::Continue(())
    };
    write(out, &plan, &progress).map_err(Failure::usage)?;
    bar.finish_and_clear();
    say(format!("drew {} pictures in {}", plan.images, out.display()));
    Ok(())
}
