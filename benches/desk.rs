//! The window over a collection of iMet's size, 109,237 images and 1,103 labels, without a display: how long it takes to
//! open, what a frame costs the processor, how soon the filter answers, how much memory it takes.
//!
//!     cargo bench --bench desk                  draws the collection into a temporary folder (hard links to one picture)
//!     cargo bench --bench desk -- 20000         a smaller one
//!
//! Frames are those of the real window over the real workers: layout and tessellation are counted, in processor time of the
//! thread that draws; the graphics card is not. Memory is that of the process, and beside it what the window has uploaded to
//! the graphics card. Proposals are made up and handed in as events, 64 for each image.

#![expect(clippy::print_stdout, reason = "a benchmark says what it measured")]
#![expect(clippy::disallowed_methods, reason = "scratch files need no durability")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use docent::app::insights::Insight;
use docent::app::state::View;
use docent::app::{Action, DocentApp, Settings, Start, Verb};
use docent::base::hash::mix64;
use docent::collection::Collection;
use docent::demo;
use docent::domain::insights::Topic;
use docent::domain::{AttributeId, Proposal};
use docent::hub::Environment;
use docent::jobs::{Event, Jobs, JobsConfig};
use docent::model::device::Choice;
use eframe::egui;
use egui_kittest::{Harness, TestRenderer};
use rustix::time::{ClockId, clock_gettime};

const N_LABELS: usize = 1_103;
/// File systems allow so many names for one file, and a few more.
const LINKS: usize = 30_000;

type Window = Harness<'static, DocentApp>;

/// A graphics card of another machine: what is uploaded to it is gone from here. The harness would keep it all until the
/// first picture is drawn, which is never.
struct Elsewhere;

impl TestRenderer for Elsewhere {
    fn handle_delta(&mut self, delta: &mut egui::TexturesDelta) {
        delta.clear();
    }

    fn render(&mut self, _: &egui::Context, _: &egui::FullOutput) -> Result<image::RgbaImage, String> {
        Err("nothing is drawn here".to_owned())
    }
}

fn main() -> anyhow::Result<()> {
    docent::base::memory::keep_for_a_while(); // As the program does.
    let n_images = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(109_237);
    let scratch = tempfile::tempdir()?;
    let folder = scratch.path().join("collection");
    draw(&folder, n_images)?;
    println!("{n_images} images, {N_LABELS} labels; processor time of the drawing thread");
    let mut window = open(&folder, "first open")?;
    drop(window);
    if forget_files() {
        drop(open(&folder, "open cold (the system has forgotten every file)")?);
    }
    window = open(&folder, "open again (tables and folders in the system's cache)")?;
    println!("memory after opening: {}", memory(&window));

    let images: Vec<_> = window.state().state().desk.as_ref().map(|desk| desk.collection.clone()).into_iter().collect();
    let collection = images.first().ok_or_else(|| anyhow::anyhow!("the collection is closed"))?;
    let by = wait_for_model(&mut window);
    for (n, file) in collection.images.iter().enumerate() {
        let event = Event::Proposed { image: file.id.clone(), by: by.clone(), proposals: proposals(n as u64).into() };
        window.state_mut().receive(event);
    }
    println!("memory with proposals for all: {}", memory(&window));

    scroll(&mut window);
    println!("  memory: {}", memory(&window));
    review(&mut window);
    println!("  memory: {}", memory(&window));
    sweep(&mut window);
    println!("  memory: {}", memory(&window));
    filter(&mut window);
    println!("  memory: {}", memory(&window));
    insights(&mut window);
    println!("memory at the end: {}; most ever: {}", memory(&window), field("VmHWM"));
    Ok(())
}

/// Empties the system's cache of files and folders; only root may.
fn forget_files() -> bool {
    let written = std::process::Command::new("sync").status();
    written.is_ok_and(|status| status.success()) && fs::write("/proc/sys/vm/drop_caches", "3").is_ok()
}

/// `n` pictures in a hundred folders, half of them described with labels whose frequencies fall as 1 / rank.
fn draw(folder: &Path, n: usize) -> anyhow::Result<()> {
    let plan = demo::Plan { images: 1, seed: 7, annotated: 0.0 };
    demo::write(folder, &plan, &|_, _| std::ops::ControlFlow::Continue(()))?;
    let drawn = Collection::open(folder, folder)?;
    let picture = drawn.images.first().map(|file| drawn.path_of(file));
    let picture = picture.ok_or_else(|| anyhow::anyhow!("the demo drew nothing"))?;
    let end = picture.extension().unwrap_or_default().to_string_lossy().into_owned();
    let mut rows = "id,attribute_ids\n".to_owned();
    let mut first = PathBuf::new();
    for image in 0..n {
        let (part, id) = (image % 100, format!("part{:02}/{:016x}", image % 100, mix64(image as u64)));
        if image < 100 {
            fs::create_dir_all(folder.join(format!("part{part:02}")))?;
        }
        let path = folder.join(format!("{id}.{end}"));
        if image % LINKS == 0 {
            fs::copy(&picture, &path)?;
            first = path;
        } else {
            fs::hard_link(&first, path)?;
        }
        if image % 2 == 0 {
            let tags: Vec<String> = (0..3).map(|k| label(mix64((3 * image + k) as u64)).to_string()).collect();
            writeln!(rows, "{id},{}", tags.join(" "))?;
        }
    }
    fs::remove_file(&picture)?;
    fs::write(folder.join("train.csv"), rows)?;
    let mut labels = "attribute_id,attribute_name\n".to_owned();
    for id in 0..N_LABELS {
        let namespace = if id < 398 { "culture" } else { "tag" };
        writeln!(labels, "{id},{namespace}::label {id}")?;
    }
    fs::write(folder.join("labels.csv"), labels)?;
    Ok(())
}

/// A label, the smaller the likelier.
fn label(luck: u64) -> usize {
    let share = (luck >> 11) as f64 / (1_u64 << 53) as f64;
    ((N_LABELS as f64).powf(share) as usize).min(N_LABELS) - 1
}

fn proposals(image: u64) -> Vec<Proposal> {
    let start = mix64(image ^ 0x5eed);
    let all = (0..64).map(|k| Proposal {
        attribute: AttributeId(((start % 997) as u32 + 17 * k) % N_LABELS as u32),
        probability: 0.97 * 0.8_f32.powi(k as i32),
    });
    all.collect()
}

fn open(folder: &Path, what: &str) -> anyhow::Result<Window> {
    let started = Instant::now();
    let folder = folder.to_path_buf();
    let mut window = Harness::builder().renderer(Elsewhere).with_size([1440.0, 900.0]).build_eframe(move |cc| {
        let config = JobsConfig {
            demo_folder: PathBuf::from("demo"),
            demo: demo::Plan::default(),
            who: "bench".to_owned(),
            device: Choice::Cpu,
            hub: Environment::of_process(),
        };
        let jobs = Jobs::start(config, Arc::new(|| ())).unwrap_or_else(|error| panic!("{error}"));
        DocentApp::new(&cc.egui_ctx, jobs, Start::Folder(folder), Settings::default(), None)
    });
    while window.state().state().desk.is_none() {
        std::thread::sleep(Duration::from_millis(2));
        window.step();
    }
    let frame = Instant::now();
    window.step();
    println!(
        "{what}: {:.2} s to the first frame with pictures, which took {:.1} ms",
        seconds(started),
        1e3 * seconds(frame)
    );
    Ok(window)
}

fn wait_for_model(window: &mut Window) -> docent::jobs::ModelName {
    loop {
        let model = window.state().state().desk.as_ref().and_then(|desk| desk.model.clone());
        if let Some(model) = model {
            return model.name.clone();
        }
        std::thread::sleep(Duration::from_millis(5));
        window.step();
    }
}

fn scroll(window: &mut Window) {
    window.state_mut().perform(Action::Show(View::Library));
    frames(window, 5, |_| ());
    let costs = frames(window, 600, |window| {
        window.event(egui::Event::PointerMoved(egui::pos2(700.0, 500.0)));
        window.event(egui::Event::MouseWheel {
            unit: egui::MouseWheelUnit::Point,
            delta: egui::vec2(0.0, -2_000.0),
            phase: egui::TouchPhase::Move,
            source: egui::MouseWheelSource::Wheel,
            modifiers: egui::Modifiers::NONE,
        });
    });
    say("scrolling the Library", costs);
}

fn review(window: &mut Window) {
    window.state_mut().perform(Action::Show(View::Review));
    frames(window, 5, |_| ());
    let costs = frames(window, 300, |window| window.state_mut().perform(Action::Do(Verb::Next)));
    say("going on in Review", costs);
    let costs = frames(window, 100, |window| window.state_mut().perform(Action::Do(Verb::AcceptShown)));
    say("accepting in Review", costs);
    key_to_picture(window);
}

/// From the key to the frame that has the whole picture, in wall time, once the pictures to come are ready.
fn key_to_picture(window: &mut Window) {
    let mut times: Vec<f64> = Vec::new();
    while times.len() < 50 {
        let waiting = Instant::now();
        loop {
            window.step();
            let state = window.state().state();
            let next = state.desk.as_ref().and_then(|desk| Some((desk, desk.neighbour(1)?)));
            if next.is_some_and(|(desk, next)| desk.details.contains_key(&next)) && state.fresh.is_empty() {
                break;
            }
            if waiting.elapsed() > Duration::from_secs(20) {
                println!("key to picture: the next one never came");
                return;
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        let started = Instant::now();
        window.state_mut().perform(Action::Do(Verb::Next));
        loop {
            window.step();
            if window.state().has_picture() {
                break;
            }
        }
        times.push(started.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    println!(
        "{:<48} median {:.1} ms, slowest of 50 {:.1} ms",
        "key to the whole picture, preloaded", times[25], times[49]
    );
}

fn sweep(window: &mut Window) {
    window.state_mut().perform(Action::Show(View::Sweep));
    frames(window, 5, |_| ());
    let costs = frames(window, 50, |window| window.state_mut().perform(Action::Do(Verb::SweepFinish)));
    say("finishing pages in Sweep", costs);
}

fn filter(window: &mut Window) {
    window.state_mut().perform(Action::Show(View::Library));
    frames(window, 5, |_| ());
    let mut typed = String::new();
    let mut letters = "label 10 part07 culture".chars().cycle();
    let costs = frames(window, 69, |window| {
        if typed.len() > 22 {
            typed.clear();
        }
        typed.extend(letters.next());
        window.state_mut().perform(Action::FilterText(typed.clone()));
    });
    say("a letter typed into the filter, with its frame", costs);
}

/// The page opened, proposals coming in while it is open, and the longest list scrolled; sizes are read meanwhile.
fn insights(window: &mut Window) {
    let started = Instant::now();
    window.state_mut().perform(Action::ClearFilter);
    window.state_mut().perform(Action::Show(View::Insights));
    let mut costs = Vec::new();
    while window.state().state().insights.charts.is_none() {
        costs.extend(frames(window, 1, |_| ()));
        std::thread::sleep(Duration::from_millis(5));
    }
    println!("charts: {:.2} s after the page was opened", seconds(started));
    say("opening Insights", costs);
    for topic in [Topic::Tags, Topic::Labels, Topic::Together, Topic::Coverage, Topic::Sizes] {
        window.state_mut().perform(Action::Insight(Insight::Choose(topic)));
        // They change a picture in every frame, as while the model looks at the collection.
        let mut n = 0;
        let costs = frames(window, 200, |window| {
            let change = window.state().state().desk.as_ref().and_then(|desk| {
                let (file, model) = (&desk.collection.images[n], desk.model.as_ref()?);
                let proposals = proposals(n as u64).into();
                Some(Event::Proposed { image: file.id.clone(), by: model.name.clone(), proposals })
            });
            n += 1;
            change.into_iter().for_each(|event| window.state_mut().receive(event));
        });
        say(topic.name(), costs);
    }
    let started = Instant::now();
    while window.state().state().insights.sizes.is_none() {
        frames(window, 1, |_| ());
        std::thread::sleep(Duration::from_millis(20));
    }
    println!("sizes of all: {:.1} s", seconds(started));
}

/// Milliseconds of processor time of each frame, with what is done before it.
fn frames(window: &mut Window, n: usize, mut before: impl FnMut(&mut Window)) -> Vec<f64> {
    let mut costs = Vec::with_capacity(n);
    for _ in 0..n {
        let start = processor_time();
        before(window);
        window.step();
        let output = window.output();
        let shapes = output.shapes.clone();
        std::hint::black_box(window.ctx.tessellate(shapes, output.pixels_per_point));
        costs.push(1e3 * (processor_time() - start));
    }
    costs
}

fn say(what: &str, mut costs: Vec<f64>) {
    let mean = costs.iter().sum::<f64>() / costs.len().max(1) as f64;
    costs.sort_by(f64::total_cmp);
    let at = |share: f64| costs[((costs.len() - 1) as f64 * share).round() as usize];
    println!("{what}: mean {mean:.2} ms, p99 {:.2} ms, most {:.2} ms of {} frames", at(0.99), at(1.0), costs.len());
}

/// Seconds that this thread has computed.
fn processor_time() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

fn seconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64()
}

fn memory(window: &Window) -> String {
    let textures: usize = window.ctx.tex_manager().read().allocated().map(|(_, texture)| texture.bytes_used()).sum();
    format!("{} and {} MB uploaded", field("VmRSS"), textures >> 20)
}

fn field(name: &str) -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap_or_default();
    line.split_once(':').map_or("?", |(_, value)| value).trim().to_owned()
}
