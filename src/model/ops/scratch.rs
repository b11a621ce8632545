//! Scratch: floats that a loop writes before it reads them, kept by their thread for the next time.
//!
//! Fresh memory costs a walk to clear it, and pages from the kernel. Floor 3.

use std::cell::RefCell;

thread_local! {
    static KEPT: RefCell<Vec<Vec<f32>>> = const { RefCell::new(Vec::new()) };
}

/// Lends `n` floats that hold anything.
pub(super) fn with_scratch<R>(n: usize, write: impl FnOnce(&mut [f32]) -> R) -> R {
    let mut floats = KEPT.with_borrow_mut(Vec::pop).unwrap_or_default();
    if floats.len() < n {
        floats.resize(n, 0.0);
    }
    let answer = write(&mut floats[..n]);
    KEPT.with_borrow_mut(|kept| kept.push(floats));
    answer
}
