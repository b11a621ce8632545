//! From the key to the disk: milliseconds between a decision handed to the workers and the word that it is durable.
//!
//!     cargo bench --bench durable                   in the system's folder for temporary files
//!     TMPDIR=/on/the/disk cargo bench --bench durable
//!
//! Each decision is one transaction that the disk has confirmed; the next one follows when it is. Tables are rewritten
//! meanwhile, as in the window.

#![expect(clippy::print_stdout, reason = "a benchmark says what it measured")]

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::{Duration, Instant};

use docent::demo;
use docent::domain::{AttributeId, Change, Decision, Step, Verdict};
use docent::hub::Environment;
use docent::jobs::{Command, Event, Jobs, JobsConfig, Opened, RecordChange, Ticket, WriteNumber};
use docent::model::device::Choice;

const N: usize = 1_000;

fn main() -> anyhow::Result<()> {
    let scratch = tempfile::tempdir()?;
    let folder = scratch.path().join("demo");
    demo::write(&folder, &demo::Plan { images: 100, seed: 1, annotated: 0.5 }, &|_, _| ControlFlow::Continue(()))?;
    let (wake, woken) = sync_channel(1);
    let config = JobsConfig {
        demo_folder: PathBuf::from("demo"),
        demo: demo::Plan::default(),
        who: "a benchmark".to_owned(),
        device: Choice::Cpu,
        hub: Environment::of_process(),
    };
    let mut jobs = Jobs::start(config, Arc::new(move || wake.try_send(()).unwrap_or_default()))?;
    jobs.send(Command::Open { folder });
    let Event::Opened(opened) = wait(&mut jobs, &woken, |event| matches!(event, Event::Opened(_))) else {
        anyhow::bail!("the collection did not open");
    };
    let Opened { collection, .. } = *opened;
    let mut times = Vec::with_capacity(N);
    for n in 0..N {
        let image = collection.images[n % collection.images.len()].id.clone();
        let decision = Decision {
            image,
            attribute: AttributeId((n / 100) as u32),
            verdict: if n % 3 == 0 { Verdict::Reject } else { Verdict::Accept },
            before: Verdict::Clear,
            proposed: None,
        };
        let step = Step::of(vec![Change::Decide(decision)]);
        let number = WriteNumber(n as u64 + 1);
        let started = Instant::now();
        jobs.send(Command::Record { number, change: RecordChange::Do { ticket: Ticket(10_000 + n as u64), step } });
        let _ = wait(&mut jobs, &woken, |event| matches!(event, Event::Recorded { number: done } if *done == number));
        times.push(started.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    println!(
        "{N} decisions in {}: median {:.1} ms, 99 % within {:.1} ms, slowest {:.1} ms",
        scratch.path().display(),
        at(0.5),
        at(0.99),
        at(1.0)
    );
    Ok(())
}

/// The first event that is wanted; others are dropped.
fn wait(jobs: &mut Jobs, woken: &Receiver<()>, wanted: impl Fn(&Event) -> bool) -> Event {
    loop {
        while let Some(event) = jobs.try_next() {
            if wanted(&event) {
                return event;
            }
        }
        let _ = woken.recv_timeout(Duration::from_millis(100));
    }
}
