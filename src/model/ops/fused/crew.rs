//! Crew: the cores that work on one map after another, and wait for the next without going to sleep.
//!
//! A network is a few hundred small jobs, one after the other; to wake a sleeping thread for each of them takes as long
//! as some of the jobs do. Here rayon's threads are asked once for a whole pass and then watch a counter. Outside a pass
//! jobs go through rayon as usual. Floor 3.

use std::cell::{Cell, UnsafeCell};
use std::hint::spin_loop;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use rayon::prelude::*;

use super::target::Target;

/// Bits of a ticket for the next task and for the number of tasks; the rest counts jobs.
const BITS: u32 = 20;
const MASK: u64 = (1 << BITS) - 1;

type Task = dyn Fn(usize) + Sync;

/// One job after another, taken by whoever has time.
struct Crew {
    /// Job, its number of tasks, the next task: in one word, so that who takes a task knows of which job.
    ticket: AtomicU64,
    /// Tasks of this job that are over.
    done: AtomicUsize,
    /// Written only while no task is open.
    task: UnsafeCell<Option<*const Task>>,
    closing: AtomicBool,
}

#[expect(unsafe_code, reason = "a job's closure is lent to other threads for as long as the job lasts")]
// SAFETY: `task` is written by the one thread that gives out jobs, between jobs; others read it only after they took a
// task of an open job, which does not end before they are done.
unsafe impl Sync for Crew {}

thread_local! {
    /// The crew of the pass that this thread leads.
    static LED: Cell<Option<*const Crew>> = const { Cell::new(None) };
}

/// `pass` with all of rayon's threads at hand. To be called where nothing else runs on them.
pub(crate) fn lead<R: Send>(pass: impl FnOnce() -> R + Send) -> R {
    let crew = Crew {
        ticket: AtomicU64::new(0),
        done: AtomicUsize::new(0),
        task: UnsafeCell::new(None),
        closing: AtomicBool::new(false),
    };
    rayon::scope(|scope| {
        if rayon::current_num_threads() == 1 || LED.get().is_some() {
            return pass();
        }
        for _ in 1..rayon::current_num_threads() {
            scope.spawn(|_| crew.help());
        }
        let _led = Led::new(&crew);
        pass()
    })
}

/// While it lives this thread leads a crew.
struct Led<'a>(&'a Crew);

impl<'a> Led<'a> {
    fn new(crew: &'a Crew) -> Self {
        LED.set(Some(crew));
        Self(crew)
    }
}

impl Drop for Led<'_> {
    fn drop(&mut self) {
        LED.set(None);
        self.0.closing.store(true, Ordering::Release);
    }
}

/// Does all tasks from 0 to `n`, in any order, on all cores.
#[expect(unsafe_code, reason = "the crew lives as long as the pass that this thread leads")]
pub(super) fn each(n: usize, task: impl Fn(usize) + Sync) {
    match LED.get() {
        // SAFETY: `Led` takes the pointer away before the crew ends.
        Some(crew) if 1 < n && n < MASK as usize => unsafe { &*crew }.work(n, &task),
        Some(_) => (0..n).for_each(task),
        None => (0..n).into_par_iter().for_each(&task),
    }
}

/// Calls `task` with every part of `size` floats, and its number.
#[expect(unsafe_code, reason = "parts of one slice on several cores")]
pub(in crate::model::ops) fn parts(values: &mut [f32], size: usize, task: impl Fn(usize, &mut [f32]) + Sync) {
    let (n, size) = (values.len(), size.max(1));
    let target = Target::new(values);
    each(n.div_ceil(size), |part| {
        // SAFETY: no two tasks have the same part.
        let values = unsafe { target.part(part * size, size.min(n - part * size)) };
        task(part, values);
    });
}

impl Crew {
    #[expect(unsafe_code, reason = "a job's closure is lent to other threads for as long as the job lasts")]
    fn work(&self, n: usize, task: &(dyn Fn(usize) + Sync)) {
        // SAFETY: no task is open, so nobody reads; `Job` waits, also in a panic, until nobody does again.
        unsafe {
            *self.task.get() = Some(std::mem::transmute::<*const (dyn Fn(usize) + Sync + '_), *const Task>(task));
        }
        self.done.store(0, Ordering::Relaxed);
        let job = (self.ticket.load(Ordering::Relaxed) >> (2 * BITS)).wrapping_add(1);
        self.ticket.store(job << (2 * BITS) | (n as u64) << BITS, Ordering::Release);
        let _job = Job { crew: self, n };
        while let Some(at) = self.take() {
            let _over = Over(self);
            task(at);
        }
    }

    /// The next task of an open job.
    fn take(&self) -> Option<usize> {
        let is_open = |ticket: u64| ticket & MASK < (ticket >> BITS) & MASK;
        if !is_open(self.ticket.load(Ordering::Relaxed)) {
            return None;
        }
        let ticket = self.ticket.fetch_add(1, Ordering::Acquire);
        is_open(ticket).then_some((ticket & MASK) as usize)
    }

    #[expect(unsafe_code, reason = "a job's closure is lent to other threads for as long as the job lasts")]
    fn help(&self) {
        while !self.closing.load(Ordering::Acquire) {
            match self.take() {
                Some(at) => {
                    let _over = Over(self);
                    // SAFETY: this thread has a task, so the job is open and its closure lives.
                    unsafe {
                        if let Some(task) = *self.task.get() {
                            (*task)(at);
                        }
                    }
                }
                None => spin_loop(),
            }
        }
    }
}

/// Counts a task as over, also where it panicked.
struct Over<'a>(&'a Crew);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.done.fetch_add(1, Ordering::Release);
    }
}

/// Ends only when every task is over.
struct Job<'a> {
    crew: &'a Crew,
    n: usize,
}

impl Drop for Job<'_> {
    fn drop(&mut self) {
        // After a panic nobody shall begin with what is left.
        while self.crew.take().is_some() {
            drop(Over(self.crew));
        }
        while self.crew.done.load(Ordering::Acquire) < self.n {
            spin_loop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_task_is_done_once_in_many_jobs_of_a_pass() {
        let counts: Vec<AtomicUsize> = (0..100).map(|_| AtomicUsize::new(0)).collect();
        lead(|| {
            for n in 0..2_000 {
                each(n % 100, |at| {
                    counts[at].fetch_add(1, Ordering::Relaxed);
                });
            }
        });
        let counts: Vec<usize> = counts.iter().map(|count| count.load(Ordering::Relaxed)).collect();
        let expected: Vec<usize> = (0..100).map(|at| 20 * (99 - at)).collect();
        assert_eq!(counts, expected);
    }

    #[test]
    fn a_panic_in_a_task_ends_the_pass_and_no_other() {
        let panics = || lead(|| each(50, |at| assert!(at != 7, "seven")));
        assert!(std::panic::catch_unwind(panics).is_err());
        let mut values = vec![0.0; 1000];
        lead(|| parts(&mut values, 30, |part, values| values.fill(part as f32)));
        assert_eq!((values[29], values[30], values[999]), (0.0, 1.0, 33.0));
        let sum = AtomicUsize::new(0);
        lead(|| {
            each(10, |at| {
                let _before = lead(|| sum.fetch_add(at, Ordering::Relaxed));
            });
        });
        assert_eq!(sum.into_inner(), 45, "a pass within a pass");
    }
}
