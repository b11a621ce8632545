//! Where a worker puts its events: a bounded channel and a nudge for the window.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::SyncSender;

use super::{Event, Wake};

/// The screen has gone; the worker should end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Gone;

/// An event and the collection it is about, by the number of its opening; `None`: about none in particular.
pub(super) type Envelope = (Option<u64>, Event);

pub(super) struct Outlet {
    pub(super) events: SyncSender<Envelope>,
    pub(super) wake: Wake,
    /// What this worker is working on; 0: nothing in particular.
    opening: AtomicU64,
}

impl Outlet {
    pub(super) fn new(events: SyncSender<Envelope>, wake: Wake) -> Self {
        Self { events, wake, opening: AtomicU64::new(0) }
    }

    /// One more into the same channel, for another worker.
    pub(super) fn another(&self) -> Self {
        Self::new(self.events.clone(), self.wake.clone())
    }

    /// From now on this worker speaks of the collection with this number, from 1.
    pub(super) fn speak_of(&self, opening: Option<u64>) {
        self.opening.store(opening.unwrap_or(0), Ordering::Relaxed);
    }

    /// Waits while the screen has too much to read; workers may.
    pub(super) fn send(&self, event: Event) -> Result<(), Gone> {
        let opening = Some(self.opening.load(Ordering::Relaxed)).filter(|&opening| opening > 0);
        self.events.send((opening, event)).map_err(|_unsent| Gone)?;
        (self.wake)();
        Ok(())
    }
}
