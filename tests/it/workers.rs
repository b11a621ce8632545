//! The workers without a window: commands in, events out.

use std::collections::HashMap;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

use docent::collection::Collection;
use docent::demo;
use docent::domain::{Annotation, AttributeId, Change, Decision, ImageId, Step, Verdict};
use docent::jobs::{
    Command, Event, FineTuneOutcome, FineTuneProgress, FineTuneSpec, Jobs, JobsConfig, ModelName, Opened, RecordChange,
    Ticket, WriteNumber,
};
use docent::model::device::Choice;
use docent::training::Recipe;

struct Workers {
    jobs: Jobs,
    woken: Receiver<()>,
}

impl Workers {
    fn start() -> Self {
        let (wake, woken) = sync_channel(1);
        let config = JobsConfig {
            demo_folder: PathBuf::from("demo"),
            demo: demo::Plan::default(),
            who: "a test".to_owned(),
            device: Choice::Cpu,
            hub: crate::support::no_hub(),
        };
        let jobs = Jobs::start(config, Arc::new(move || wake.try_send(()).unwrap_or_default())).unwrap();
        Self { jobs, woken }
    }

    /// The first answer that is wanted; all others are passed over.
    fn wait<T>(&mut self, what: &str, wanted: impl Fn(Event) -> Option<T>) -> T {
        loop {
            while let Some(event) = self.jobs.try_next() {
                if let Some(found) = wanted(event) {
                    return found;
                }
            }
            assert!(self.woken.recv_timeout(Duration::from_secs(120)).is_ok(), "no {what} within two minutes");
        }
    }

    fn open(&mut self, folder: &Path) -> Opened {
        self.jobs.send(Command::Open { folder: folder.to_path_buf() });
        self.wait("collection", |event| match event {
            Event::Opened(opened) => Some(*opened),
            Event::OpenFailed { problem, .. } => panic!("{problem}"),
            _ => None,
        })
    }
}

fn draw(folder: &Path) {
    let plan = demo::Plan { images: 24, seed: 31, annotated: 1.0 };
    demo::write(folder, &plan, &|_, _| ControlFlow::Continue(())).unwrap();
}

fn accept(image: &ImageId, attribute: u32) -> Step {
    let attribute = AttributeId(attribute);
    let decision =
        Decision { image: image.clone(), attribute, verdict: Verdict::Accept, before: Verdict::Clear, proposed: None };
    Step::of(vec![Change::Decide(decision)])
}

#[test]
fn a_stopped_fine_tune_ends_and_leaves_no_checkpoint() {
    let scratch = tempfile::tempdir().unwrap();
    draw(scratch.path());
    let mut workers = Workers::start();
    let opened = workers.open(scratch.path());
    let annotations: HashMap<ImageId, Annotation> = opened.annotations;
    let spec = FineTuneSpec {
        recipe: Recipe { epochs: 1_000_000, ..Recipe::default() },
        from: ModelName("starter".to_owned()),
        vocabulary: Arc::new(opened.collection.vocabulary.clone()),
        annotations: Arc::new(annotations),
    };
    workers.jobs.send(Command::FineTune(Box::new(spec)));
    workers.wait("progress", |event| {
        matches!(event, Event::FineTune(FineTuneProgress::Training(progress)) if progress.epoch > 2).then_some(())
    });
    workers.jobs.send(Command::StopFineTune);
    let outcome = workers.wait("end", |event| match event {
        Event::FineTuneEnded(outcome) => Some(outcome),
        _ => None,
    });
    assert!(matches!(outcome, FineTuneOutcome::Cancelled), "{outcome:?}");
    let models = scratch.path().join(".docent/models");
    assert!(fs::read_dir(models).map_or(0, Iterator::count) == 0);
}

#[test]
fn a_fine_tune_closed_half_way_is_offered_again_and_can_be_forgotten() {
    let scratch = tempfile::tempdir().unwrap();
    draw(scratch.path());
    let half_way = |workers: &mut Workers, opened: Opened| {
        let spec = FineTuneSpec {
            recipe: Recipe { epochs: 1_000_000, ..Recipe::default() },
            from: ModelName("starter".to_owned()),
            vocabulary: Arc::new(opened.collection.vocabulary.clone()),
            annotations: Arc::new(opened.annotations),
        };
        workers.jobs.send(Command::FineTune(Box::new(spec)));
        workers.wait("progress", |event| {
            matches!(event, Event::FineTune(FineTuneProgress::Training(progress)) if progress.epoch > 2).then_some(())
        });
    };
    let mut workers = Workers::start();
    let opened = workers.open(scratch.path());
    assert!(opened.unfinished.is_none());
    half_way(&mut workers, opened);
    // Another collection is opened over it.
    let other = tempfile::tempdir().unwrap();
    draw(other.path());
    workers.open(other.path());
    // It is offered as soon as the trainer has put it on disk.
    let unfinished = (0..1_000).find_map(|_| workers.open(scratch.path()).unfinished).unwrap();
    assert_eq!((unfinished.n_images, unfinished.recipe.epochs), (24, 1_000_000));
    assert!(unfinished.epoch > 2, "{unfinished:?}");
    workers.jobs.send(Command::ResumeFineTune);
    workers.jobs.send(Command::PauseFineTune(true));
    workers.jobs.send(Command::PauseFineTune(false));
    let next = workers.wait("progress", |event| match event {
        Event::FineTune(FineTuneProgress::Training(progress)) => Some(progress.epoch),
        _ => None,
    });
    assert!(unfinished.epoch <= next, "{next} after {}", unfinished.epoch);
    workers.jobs.send(Command::StopFineTune);
    workers.wait("end", |event| matches!(event, Event::FineTuneEnded(FineTuneOutcome::Cancelled)).then_some(()));
    workers.jobs.send(Command::Close);
    assert!(workers.open(scratch.path()).unfinished.is_none(), "stopped means forgotten");
}

#[test]
fn what_was_acknowledged_survives_even_if_nothing_is_closed() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().join("demo");
    draw(&folder);
    let mut workers = Workers::start();
    let image = workers.open(&folder).collection.images[0].id.clone();
    // A label the picture does not have, so that the row must change.
    let attribute = (0..44).find(|&id| !demo_row(&folder, &image).contains(&id)).unwrap();
    let change = RecordChange::Do { ticket: Ticket(1_000), step: accept(&image, attribute) };
    workers.jobs.send(Command::Record { number: WriteNumber(1), change });
    workers.wait("acknowledgement", |event| matches!(event, Event::Recorded { .. }).then_some(()));

    // What a power cut would leave: the files as they are now, without any goodbye.
    let copy = scratch.path().join("copy");
    copy_folder(&folder, &copy);
    let mut others = Workers::start();
    let found = others.open(&copy);
    assert_eq!(found.annotations[&image].verdict(AttributeId(attribute)), Verdict::Accept);
    others.jobs.close();
    assert!(demo_row(&copy, &image).contains(&attribute), "the table catches up with the record");
}

#[test]
fn a_table_that_cannot_be_written_holds_up_no_decision() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().join("demo");
    draw(&folder);
    let odd = "number;name\n1;vase\n";
    fs::write(folder.join("labels.csv"), odd).unwrap();
    let mut workers = Workers::start();
    let opened = workers.open(&folder);
    assert!(opened.collection.vocabulary.is_empty());
    let image = opened.collection.images[0].id.clone();
    let created = RecordChange::CreateLabel { id: AttributeId(0), name: "tag::vase".to_owned() };
    workers.jobs.send(Command::Record { number: WriteNumber(1), change: created });
    let change = RecordChange::Do { ticket: Ticket(1_000), step: accept(&image, 0) };
    workers.jobs.send(Command::Record { number: WriteNumber(2), change });
    workers.wait("acknowledgement", |event| {
        matches!(event, Event::Recorded { number } if number == WriteNumber(2)).then_some(())
    });
    let problem = workers.wait("word about the table", |event| match event {
        Event::TableFailed { problem } => Some(problem),
        _ => None,
    });
    assert!(problem.message.contains("labels.csv") && problem.hint.is_some(), "{problem}");
    workers.jobs.close();
    assert_eq!(fs::read_to_string(folder.join("labels.csv")).unwrap(), odd);

    // Once the file is out of the way, the next opening knows the label and writes what is due.
    fs::remove_file(folder.join("labels.csv")).unwrap();
    let mut again = Workers::start();
    let opened = again.open(&folder);
    assert_eq!(opened.collection.vocabulary.labels()[0].name, "tag::vase");
    assert_eq!(opened.annotations[&image].verdict(AttributeId(0)), Verdict::Accept);
    again.jobs.close();
    assert_eq!(fs::read_to_string(folder.join("labels.csv")).unwrap(), "attribute_id,attribute_name\n0,tag::vase\n");
    assert!(demo_row(&folder, &image).contains(&0));
}

#[test]
fn another_device_is_opened_at_once_and_the_model_goes_on_there() {
    let scratch = tempfile::tempdir().unwrap();
    draw(scratch.path());
    let mut workers = Workers::start();
    let opened_device = |event| match event {
        Event::DeviceOpened { name, notice, .. } => Some((name, notice)),
        _ => None,
    };
    let loaded = |event| match event {
        Event::ModelLoaded(model) => Some(model.name.clone()),
        Event::ModelFailed { problem, .. } => panic!("{problem}"),
        _ => None,
    };
    let (first, notice) = workers.wait("device", opened_device);
    assert!(first.starts_with("CPU, ") && notice.is_none());
    let opened = workers.open(scratch.path());
    let model = workers.wait("model", loaded);

    // No machine has a 64th card.
    workers.jobs.send(Command::UseDevice { device: Choice::Cuda(63) });
    let (name, notice) = workers.wait("device", opened_device);
    assert_eq!(name, first);
    assert!(notice.unwrap().starts_with("CUDA device 63 cannot be used"));
    assert_eq!(workers.wait("model", loaded), model);
    workers.wait("all proposals", |event| {
        let n_images = opened.collection.images.len();
        matches!(event, Event::Embedding(work) if work.done == n_images).then_some(())
    });
    assert_eq!(workers.jobs.device(), Choice::Cuda(63));
}

#[test]
fn what_is_alike_is_found_among_all_pictures_that_were_looked_at() {
    let scratch = tempfile::tempdir().unwrap();
    draw(scratch.path());
    let first = Collection::open(scratch.path(), scratch.path()).unwrap().images[0].clone();
    let original = scratch.path().join(&first.path);
    fs::copy(&original, original.with_file_name("zz copy").with_extension(original.extension().unwrap())).unwrap();
    let mut workers = Workers::start();
    let opened = workers.open(scratch.path());
    let n_images = opened.collection.images.len();
    workers.wait("look at everything", |event| {
        matches!(event, Event::Embedding(work) if work.done == n_images).then_some(())
    });
    workers.jobs.send(Command::FindNearest { image: ImageId::from("zz copy") });
    let nearest = workers.wait("nearest images", |event| match event {
        Event::NearestFound { image, nearest } if image.as_str() == "zz copy" => Some(nearest),
        _ => None,
    });
    // The same picture twice comes first, in the order of names.
    assert_eq!(nearest.len(), n_images);
    assert_eq!(nearest[..2], [first.id, ImageId::from("zz copy")]);
}

#[test]
fn thumbnails_come_in_the_order_asked_for_and_the_second_time_out_of_the_cache() {
    let scratch = tempfile::tempdir().unwrap();
    draw(scratch.path());
    fs::write(scratch.path().join("none.jpg"), "no picture").unwrap();
    let mut workers = Workers::start();
    let opened = workers.open(scratch.path());
    let mut asked: Vec<ImageId> = opened.collection.images.iter().map(|file| file.id.clone()).collect();
    asked.reverse();
    let none = ImageId::from("none");
    for pass in 0..2 {
        if pass == 1 {
            for file in &opened.collection.images {
                fs::remove_file(opened.collection.path_of(file)).unwrap();
            }
        }
        workers.jobs.send(Command::ShowThumbnails { wanted: asked.clone() });
        let (mut shown, mut is_named) = (Vec::new(), false);
        while shown.len() + 1 < asked.len() || !is_named {
            let (image, is_made) = workers.wait("thumbnail", |event| match event {
                Event::ThumbnailMade { image, thumbnail } => Some((image, thumbnail.width.max(thumbnail.height) > 0)),
                Event::PictureFailed { image, .. } => Some((image, false)),
                _ => None,
            });
            is_named |= image == none;
            shown.extend(is_made.then_some(image));
        }
        assert!(shown.iter().eq(asked.iter().filter(|image| **image != none)));
    }
}

#[test]
fn a_second_window_on_the_same_collection_is_told_so() {
    let scratch = tempfile::tempdir().unwrap();
    draw(scratch.path());
    let (mut first, mut second) = (Workers::start(), Workers::start());
    first.open(scratch.path());
    second.jobs.send(Command::Open { folder: scratch.path().to_path_buf() });
    let problem = second.wait("refusal", |event| match event {
        Event::OpenFailed { problem, .. } => Some(problem),
        _ => None,
    });
    assert!(problem.message.contains("another Docent") && problem.hint.is_some(), "{problem}");
}

fn demo_row(folder: &Path, image: &ImageId) -> Vec<u32> {
    let text = fs::read_to_string(folder.join("train.csv")).unwrap();
    let row = text.lines().find_map(|line| line.strip_prefix(image.as_str())?.strip_prefix(','));
    row.unwrap_or("").split_whitespace().map(|id| id.parse().unwrap()).collect()
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if source.is_dir() {
            copy_folder(&source, &target);
        } else {
            fs::copy(&source, &target).unwrap();
        }
    }
}
