//! Ctrl-C: the first asks the work at hand to end well, the second ends the program at once.
//!
//! Source: signal-hook's `flag` module; 130 is what shells say of a program that Ctrl-C ended.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::SIGINT;
use signal_hook::flag;

#[derive(Debug, Clone)]
pub(super) struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// From now on Ctrl-C is heard here. Where the system does not allow that, it ends the program as usual.
    pub(super) fn listen() -> Self {
        let pressed = Arc::new(AtomicBool::new(false));
        // In this order: the first press finds the flag unset, and sets it for the second.
        let heard = flag::register_conditional_shutdown(SIGINT, 130, Arc::clone(&pressed))
            .and_then(|_| flag::register(SIGINT, Arc::clone(&pressed)));
        if let Err(error) = heard {
            tracing::warn!("Ctrl-C cannot be heard: {error}");
        }
        Self(pressed)
    }

    pub(super) fn is_pressed(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
