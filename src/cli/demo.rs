//! `docent demo --out DIR`.

use std::ops::ControlFlow;

use super::args::Demo;
use super::terminal::{Failure, bar, say};
use crate::demo::{Plan, write};

pub(super) fn run(arguments: &Demo) -> Result<(), Failure> {
    let Some(out) = &arguments.out else {
        return Ok(()); // Opens in the window: `main` has seen to it.
    };
    let plan = Plan { images: arguments.images, seed: arguments.seed, annotated: arguments.annotated };
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
