//! How long freed memory stays with the program. Floor 0.

/// Milliseconds.
const KEPT: i64 = 10_000;
/// `mi_option_purge_delay`, which the crate does not name; the same in mimalloc 2 and 3.
const PURGE_DELAY: libmimalloc_sys::mi_option_t = 15;

/// From now on freed memory goes back to the system after some seconds, not at once: who computes one feature map after
/// another would otherwise be given fresh pages, to be cleared, for each of them.
///
/// To be called first of all, while there is one thread.
#[expect(unsafe_code, reason = "mimalloc's options are C")]
pub fn keep_for_a_while() {
    // SAFETY: sets a number of mimalloc's own; the index is one of its options.
    unsafe { libmimalloc_sys::mi_option_set(PURGE_DELAY, KEPT as _) };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(unsafe_code, reason = "mimalloc's options are C")]
    fn the_number_is_that_of_the_purge_delay() {
        // SAFETY: reads a number.
        let before = unsafe { libmimalloc_sys::mi_option_get(PURGE_DELAY) };
        assert!([10, 1000].contains(&before), "mimalloc waits 10 ms, or 1000; found {before}");
    }
}
