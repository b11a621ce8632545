//! Thumbnails a second: read, key of the content, decode reduced, resize, encode.
//!
//!     cargo bench --bench thumbnails -- FOLDER           every JPEG of a folder on one thread; benches/peers/thumbnails.py draws one
//!     cargo bench --bench thumbnails -- FOLDER window    by the workers behind the window, then the same out of the cache;
//!                                                        opens the folder as a collection, with `.docent` in it

#![expect(clippy::print_stdout, reason = "a benchmark says what it measured")]

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::time::Instant;

use docent::demo::Plan;
use docent::domain::ImageId;
use docent::imaging::decode;
use docent::jobs::ahead::Make as _;
use docent::jobs::thumbnail::Thumbnails;
use docent::jobs::{Command, Event, Jobs, JobsConfig};
use rustix::time::{ClockId, clock_gettime};

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [folder] => on_one_thread(Path::new(folder)),
        [folder, "window"] => behind_the_window(Path::new(folder)),
        _ => {
            println!("name a folder with JPEG files");
            Ok(())
        }
    }
}

fn on_one_thread(folder: &Path) -> anyhow::Result<()> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)?.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "jpg"));
    paths.sort();
    let started = Instant::now();
    for path in &paths {
        black_box(Thumbnails.make(&decode::read(path)?, path)?);
    }
    println!("thumbnails_per_second {:.2}", paths.len() as f64 / started.elapsed().as_secs_f64());
    Ok(())
}

fn behind_the_window(folder: &Path) -> anyhow::Result<()> {
    let (wake, woken) = sync_channel(1);
    let config = JobsConfig::usual(Plan::default());
    let mut jobs = Jobs::start(config, Arc::new(move || wake.try_send(()).unwrap_or_default()))?;
    let until = |jobs: &mut Jobs, wanted: &mut dyn FnMut(Event) -> bool| {
        loop {
            while let Some(event) = jobs.try_next() {
                if wanted(event) {
                    return;
                }
            }
            let _ = woken.recv();
        }
    };
    jobs.send(Command::Open { folder: folder.to_path_buf() });
    let mut images: Vec<ImageId> = Vec::new();
    until(&mut jobs, &mut |event| match event {
        Event::Opened(opened) => {
            images = opened.collection.images.iter().map(|file| file.id.clone()).collect();
            true
        }
        _ => false,
    });
    // Then nothing else is computed.
    until(&mut jobs, &mut |event| matches!(event, Event::Embedding(work) if work.done == work.total));
    for name in ["made_per_second", "out_of_the_cache_per_second"] {
        let (started, begun, mut first, mut n_shown) = (Instant::now(), processor_time(), None, 0);
        jobs.send(Command::ShowThumbnails { wanted: images.clone() });
        until(&mut jobs, &mut |event| {
            n_shown += usize::from(matches!(event, Event::ThumbnailMade { .. } | Event::PictureFailed { .. }));
            first = first.or_else(|| (n_shown > 0).then(|| started.elapsed()));
            n_shown == images.len()
        });
        let (seconds, first) = (started.elapsed().as_secs_f64(), first.unwrap_or_default());
        let busy = 100.0 * (processor_time() - begun) / (seconds * std::thread::available_parallelism()?.get() as f64);
        let per_second = n_shown as f64 / seconds;
        println!("{name} {per_second:.1}, the first after {} ms, {busy:.0} % of the cores' time", first.as_millis());
    }
    jobs.close();
    Ok(())
}

/// Of all threads, in seconds.
fn processor_time() -> f64 {
    let spent = clock_gettime(ClockId::ProcessCPUTime);
    spent.tv_sec as f64 + 1e-9 * spent.tv_nsec as f64
}
