//! Looking at a whole collection: one picture after the other, whatever the cache has and wherever pictures come from.

use std::cell::Cell;
use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Duration;

use docent::collection::{Collection, ImageFile};
use docent::demo;
use docent::domain::Annotation;
use docent::imaging::{DecodeError, Decoding, decode};
use docent::jobs::ahead;
use docent::model::device::Device;
use docent::model::{Tagger, starter};
use docent::store::{Cache, Location};
use docent::training::embed::{Embedded, Embedder, Fitted, FittedSource, Fitting, OpenSource};
use docent::training::session::{self, Finished, Job, Session, SessionError, Start, Watcher};
use docent::training::{Progress, Recipe};

/// Reads and decodes when it is asked, three pictures at a time.
struct InTurn(Fitting);

thread_local! {
    /// Fetched on this thread from [`InTurn`].
    static FETCHED: Cell<usize> = const { Cell::new(0) };
}

fn in_turn(fitting: Fitting) -> io::Result<Box<dyn FittedSource>> {
    Ok(Box::new(InTurn(fitting)))
}

fn nothing(_: Fitting) -> io::Result<Box<dyn FittedSource>> {
    Err(io::Error::other("no picture had to be read"))
}

impl FittedSource for InTurn {
    fn fetch(&self, files: &mut dyn Iterator<Item = PathBuf>, at_most: usize) -> Vec<Result<Fitted, DecodeError>> {
        let fit = |path: PathBuf| self.0.apply(&decode::read(&path)?, &path);
        let fetched: Vec<_> = files.take(at_most.min(3)).map(fit).collect();
        FETCHED.set(FETCHED.get() + fetched.len());
        fetched
    }
}

/// Of 30 pictures, the eighth of which is none.
fn collection(folder: &Path) -> Collection {
    let plan = demo::Plan { images: 30, seed: 6, annotated: 1.0 };
    demo::write(folder, &plan, &|_, _| ControlFlow::Continue(())).unwrap();
    let collection = Collection::open(folder, folder).unwrap();
    fs::write(collection.path_of(&collection.images[7]), "no picture").unwrap();
    Collection::open(folder, folder).unwrap()
}

/// Names of images, what was seen or that nothing was, and whether it came out of the cache.
fn look(embedder: Embedder<'_>, images: Vec<&ImageFile>, open: OpenSource) -> Vec<(String, Option<Vec<f32>>, bool)> {
    let parts = embedder.look(images, open).flat_map(|part| part.unwrap());
    let told = parts.map(|(file, embedded)| match embedded {
        Embedded::Kept(row) => (file.id.to_string(), Some(row), true),
        Embedded::Row(row) => (file.id.to_string(), Some(row), false),
        Embedded::Failed(_) => (file.id.to_string(), None, false),
    });
    told.collect()
}

#[test]
fn pictures_are_looked_at_in_their_order_wherever_they_come_from_and_only_once() {
    let scratch = tempfile::tempdir().unwrap();
    let collection = collection(scratch.path());
    let images: Vec<&ImageFile> = collection.images.iter().collect();
    let tagger = Tagger::new(starter::load(None, &Device::Cpu).unwrap()).unwrap();
    let cache = Cache::in_memory();
    let embedder = Embedder { tagger: &tagger, collection: &collection, cache: &cache, decoding: Decoding::default() };
    let other = Cache::in_memory();
    let expected = look(Embedder { cache: &other, ..embedder }, images.clone(), in_turn);
    let names: Vec<_> = images.iter().map(|file| file.id.to_string()).collect();
    assert!(expected.iter().map(|(name, ..)| name).eq(&names));
    assert!(expected.iter().enumerate().all(|(at, (_, row, is_kept))| row.is_some() == (at != 7) && !is_kept));

    // Every fourth is in the cache.
    let some: Vec<&ImageFile> = images.iter().copied().step_by(4).collect();
    look(embedder, some.clone(), ahead::open);
    let found = look(embedder, images.clone(), ahead::open);
    for (at, (found, expected)) in found.iter().zip(&expected).enumerate() {
        assert_eq!((&found.0, &found.1, found.2), (&expected.0, &expected.1, at % 4 == 0));
    }
    // By now all of them but the one that is none.
    let usable = images.iter().enumerate().filter(|(at, _)| *at != 7).map(|(_, file)| *file).collect();
    assert!(look(embedder, usable, nothing).iter().all(|(.., is_kept)| *is_kept));
}

/// Stops after so many pictures.
struct Impatient {
    patience: usize,
    unusable: Vec<String>,
}

impl Watcher for Impatient {
    fn looking(&mut self, done: usize, _total: usize, _n_kept: usize) -> ControlFlow<()> {
        if done < self.patience { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }

    fn training(&mut self, _progress: &Progress) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    fn unusable(&mut self, file: &ImageFile, _why: &DecodeError) {
        self.unusable.push(file.id.to_string());
    }
}

fn train(
    collection: &Collection,
    name: &str,
    open: OpenSource,
    watcher: &mut Impatient,
) -> Result<Finished, Box<SessionError>> {
    let annotations =
        collection.train.rows().map(|(id, tags)| (id.clone(), Annotation::new(Some(tags.clone())))).collect();
    let session = Session {
        job: Job::New {
            recipe: Box::new(Recipe { epochs: 2, ..Recipe::default() }),
            start: Start::Model("starter".to_owned()),
            out: Some(name.to_owned()),
            annotations: &annotations,
        },
        collection,
        vocabulary: &collection.vocabulary,
        location: &Location::of(&collection.root).unwrap(),
        cache: &Cache::in_memory(),
        device: &Device::Cpu,
        open,
        save_every: Duration::from_secs(3600),
    };
    session::run(&session, watcher).map_err(Box::new)
}

#[test]
fn a_fine_tune_ends_in_the_same_weights_wherever_its_pictures_come_from() {
    let scratch = tempfile::tempdir().unwrap();
    let collection = collection(scratch.path());
    let weights = |name: &str, open: OpenSource| {
        let mut watcher = Impatient { patience: usize::MAX, unusable: Vec::new() };
        let finished = train(&collection, name, open, &mut watcher).unwrap();
        assert_eq!(watcher.unusable, [collection.images[7].id.to_string()]);
        fs::read(finished.folder.join("model.safetensors")).unwrap()
    };
    assert!(weights("in turn", in_turn) == weights("ahead", ahead::open));
}

#[test]
fn a_fine_tune_is_stopped_between_two_helpings_of_pictures() {
    let scratch = tempfile::tempdir().unwrap();
    let collection = collection(scratch.path());
    let mut watcher = Impatient { patience: 6, unusable: Vec::new() };
    let error = train(&collection, "never", in_turn, &mut watcher).unwrap_err();
    assert!(error.is_cancel());
    assert_eq!(FETCHED.get(), 6);
}
