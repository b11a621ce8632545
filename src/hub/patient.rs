//! Patient: a connection that is asked twice a second whether anybody still wants it.
//!
//! Without it, a server that falls silent could keep us from hearing a stop for as long as it likes. Sits between the
//! socket and TLS, so that waiting for a handshake can be stopped as well.
//! Source: ureq's `unversioned::transport`; its traits may change with a minor version, hence the lock file.

use std::fmt;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use ureq::Error;
use ureq::unversioned::transport::time::Duration as Within;
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, NextTimeout, Transport};

use super::{Progress, Watch};

/// Between two questions.
const SLICE: Duration = Duration::from_millis(400);

/// Somebody asked to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("stopped")]
pub(super) struct Stopped;

/// Tells the watcher how it goes, and remembers its wish to stop.
pub(super) struct Ear {
    watch: Watch,
    stopped: AtomicBool,
}

impl Ear {
    pub(super) fn new(watch: Watch) -> Arc<Self> {
        Arc::new(Self { watch, stopped: AtomicBool::new(false) })
    }

    pub(super) fn tell(&self, progress: &Progress) -> Result<(), Stopped> {
        if !self.is_stopped() && (self.watch)(progress).is_break() {
            self.stopped.store(true, Ordering::Relaxed);
        }
        if self.is_stopped() { Err(Stopped) } else { Ok(()) }
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    /// Nothing new; break if somebody wants to stop.
    pub(super) fn ask(&self) -> ControlFlow<()> {
        self.tell(&Progress::Still).map_or(ControlFlow::Break(()), ControlFlow::Continue)
    }

    /// Waits, and goes on asking meanwhile.
    pub(super) fn wait(&self, time: Duration) -> Result<(), Stopped> {
        let until = Instant::now() + time;
        loop {
            self.tell(&Progress::Still)?;
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(());
            }
            std::thread::sleep(left.min(SLICE / 2));
        }
    }
}

impl fmt::Debug for Ear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ear")
    }
}

/// Makes every connection patient.
#[derive(Debug)]
pub(super) struct Patient {
    pub(super) ear: Arc<Ear>,
    /// Without a byte for this long, a connection counts as dropped.
    pub(super) silence: Duration,
}

impl<In: Transport> Connector<In> for Patient {
    type Out = PatientTransport<In>;

    fn connect(&self, _: &ConnectionDetails<'_>, chained: Option<In>) -> Result<Option<Self::Out>, Error> {
        let wrap = |inner| PatientTransport { inner, ear: Arc::clone(&self.ear), silence: self.silence };
        Ok(chained.map(wrap))
    }
}

#[derive(Debug)]
pub(super) struct PatientTransport<T> {
    inner: T,
    ear: Arc<Ear>,
    silence: Duration,
}

impl<T: Transport> Transport for PatientTransport<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.inner.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        let until = Instant::now() + self.silence.min(*timeout.after);
        loop {
            self.ear.tell(&Progress::Still).map_err(|stopped| Error::Other(Box::new(stopped)))?;
            let left = until.saturating_duration_since(Instant::now());
            let slice = NextTimeout { after: Within::Exact(left.min(SLICE)), ..timeout };
            match self.inner.await_input(slice) {
                Err(Error::Timeout(_)) if !left.is_zero() => {}
                answer => return answer,
            }
        }
    }

    fn is_open(&mut self) -> bool {
        self.inner.is_open()
    }

    fn is_tls(&self) -> bool {
        self.inner.is_tls()
    }
}
