//! Courtesy: what computes stands back for the window. All cores may work at a network or a step of learning, and a frame, a
//! key press or a decision still gets one at once.
//!
//! On Linux, where a thread has a priority of its own; elsewhere the system's scheduler decides alone. Floor 5.

/// The threads that rayon computes with, for the whole process; where they run already, they stay as they are.
pub(super) fn begin() {
    let pool = rayon::ThreadPoolBuilder::new().thread_name(|at| format!("docent-core-{at}"));
    if let Err(error) = pool.start_handler(|_| stand_back()).build_global() {
        tracing::debug!("{error}");
    }
}

/// Whatever this thread does from now on is less urgent than what the window does.
#[cfg(target_os = "linux")]
pub(super) fn stand_back() {
    /// Of 20 steps; a thread that has taken ten gets a tenth of a core that another one wants.
    const NICE: i32 = 10;
    if let Err(error) = rustix::process::setpriority_process(None, NICE) {
        tracing::debug!("the system gives no lower priority: {error}");
    }
}

#[cfg(not(target_os = "linux"))]
pub(super) fn stand_back() {}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn who_stands_back_does_so_alone() {
        let nice = || rustix::process::getpriority_process(None).unwrap();
        let before = nice();
        let (tx, rx) = std::sync::mpsc::sync_channel(1);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                stand_back();
                tx.send(nice()).unwrap();
            });
        });
        assert_eq!((rx.recv().unwrap(), nice()), (before.max(10), before));
    }
}
