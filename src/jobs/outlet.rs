//! Where a worker puts its events: a bounded channel and a nudge for the window.

use std::sync::mpsc::SyncSender;

use super::{Event, Wake};

/// The screen has gone; the worker should end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Gone;

#[derive(Clone)]
pub(super) struct Outlet {
    pub(super) events: SyncSender<Event>,
    pub(super) wake: Wake,
}

impl Outlet {
    /// Waits while the screen has too much to read; workers may.
    pub(super) fn send(&self, event: Event) -> Result<(), Gone> {
        self.events.send(event).map_err(|_unsent| Gone)?;
        (self.wake)();
        Ok(())
    }
}
