//! `docent train FOLDER`: the same fine-tune as the window's, watched from a terminal.

use std::ops::ControlFlow;
use std::time::Duration;

use indicatif::ProgressBar;
use serde_json::{Value, json};

use super::args::Train;
use super::collection::{Desk, device, unusable};
use super::interrupt::Interrupt;
use super::recipes;
use super::terminal::{Failure, bar, print, say};
use crate::collection::ImageFile;
use crate::imaging::DecodeError;
use crate::jobs::{Problem, ahead};
use crate::model::Architecture;
use crate::store::{Cache, Location};
use crate::training::compared::Figure;
use crate::training::session::{self, Finished, Job, Session, SessionError, Start, Watcher};
use crate::training::unfinished::{self, Unfinished};
use crate::training::{Depth, Progress, Recipe};

pub(super) fn run(arguments: &Train) -> Result<(), Failure> {
    let desk = Desk::open(&arguments.folder)?;
    let annotations = desk.annotations()?;
    let location = Location::of(&arguments.folder).map_err(Failure::usage)?;
    let job = if arguments.resume {
        let unfinished = unfinished::find(&location).map_err(Failure::usage)?;
        say(format!("going on with {}", words(&unfinished)));
        Job::Resume
    } else {
        if let Ok(unfinished) = unfinished::find(&location) {
            say(format!("forgotten: {}, which --resume would have gone on with", words(&unfinished)));
        }
        let start = start(&desk.model_name(arguments.model.as_deref()), arguments.size);
        let recipe = recipe(arguments, &location, &start)?;
        Job::New { recipe: Box::new(recipe), start, out: arguments.out.clone(), annotations: &annotations }
    };
    let session = Session {
        job,
        collection: &desk.collection,
        vocabulary: &desk.collection.vocabulary,
        location: &location,
        cache: &Cache::open(&location),
        device: &device(arguments.device),
        open: ahead::open,
        save_every: Duration::from_secs_f64(arguments.save_every),
    };
    let mut terminal = Terminal::new(Interrupt::listen());
    let finished = session::run(&session, &mut terminal).map_err(|error| match error {
        error if error.is_cancel() => Failure::Cancelled("stopped; go on with --resume".to_owned()),
        SessionError::Models(error) => Failure::usage(error),
        SessionError::Checkpoint(error) => Failure::usage(error),
        other => Failure::data(other),
    })?;
    report(&finished, arguments.json)
}

/// An interrupted run in half a sentence.
fn words(unfinished: &Unfinished) -> String {
    let Unfinished { recipe, from, n_images, epoch, .. } = unfinished;
    format!("the run on {n_images} images from {from}, in epoch {epoch} of {}", recipe.epochs)
}

/// A model, or random weights where the name is that of an architecture.
pub(super) fn start(name: &str, side: u32) -> Start {
    match Architecture::from_name(name) {
        Ok(architecture) if !std::path::Path::new(name).is_dir() => Start::Fresh { architecture, side },
        _ => Start::Model(name.to_owned()),
    }
}

fn recipe(arguments: &Train, location: &Location, start: &Start) -> Result<Recipe, Failure> {
    let base = match (&arguments.recipe, start) {
        (Some(name), _) => recipes::named(name, Some(location))?,
        (None, Start::Fresh { .. }) => Recipe::from_scratch(),
        (None, Start::Model(_)) => Recipe::for_depth(arguments.changes.depth.map_or(Depth::Head, Depth::from)),
    };
    let recipe = arguments.changes.apply(base);
    if recipe.attention && recipe.depth == Depth::Head {
        let message = "the attention tail has weights of its own to learn, more than a head";
        return Err(Failure::Usage(Problem::new(message, "add --depth last (the tail and the head) or --depth all")));
    }
    recipe.checked().map_err(Failure::usage)
}

fn report(finished: &Finished, as_json: bool) -> Result<(), Failure> {
    let Finished { folder, report, seconds_embed, .. } = finished;
    if as_json {
        let mut object = json!(report);
        if let Value::Object(fields) = &mut object {
            fields.insert("seconds_embed".to_owned(), json!(seconds_embed));
            fields.insert("checkpoint".to_owned(), json!(folder.display().to_string()));
        }
        return print(object);
    }
    let metrics = &report.metrics;
    let compared = report.compared.as_ref().map_or_else(String::new, |compared| {
        let Figure { before, after, interval } = compared.f2_per_image;
        let verdict = format!("{:?}", compared.judgement).to_lowercase();
        let seen = if compared.other_may_have_seen_them { ", which may have learned from these images" } else { "" };
        format!(
            "\nbeside {:<9} {verdict}: F2 per image {before:.3} to {after:.3}, 95 % of the difference {:+.3} to {:+.3}{seen}",
            compared.with, interval[0], interval[1]
        )
    });
    print(format!(
        "trained on       {} images, measured on {}\n\
         F2 micro         {:.3} at threshold {:.2}\n\
         F2 per image     {:.3} at threshold {:.2}\n\
         F2 macro         {:.3}\n\
         mAP              {:.3}\n\
         looking, training {seconds_embed:.1} s, {:.1} s\n\
         checkpoint       {}{compared}",
        report.n_train,
        report.n_valid,
        metrics.f2_micro,
        metrics.threshold,
        metrics.f2_per_image,
        metrics.threshold_per_image,
        metrics.f2_macro,
        metrics.map,
        report.seconds_train,
        folder.display(),
    ))
}

/// Two bars, one after the other.
pub(super) struct Terminal {
    interrupt: Interrupt,
    looking: Option<ProgressBar>,
    training: Option<ProgressBar>,
    epoch: usize,
}

impl Watcher for Terminal {
    fn looking(&mut self, done: usize, total: usize, _n_kept: usize) -> ControlFlow<()> {
        let bar = self.looking.get_or_insert_with(|| bar("looking at pictures", total));
        bar.set_position(done as u64);
        if done == total {
            bar.finish_and_clear();
        }
        self.go_on()
    }

    fn training(&mut self, progress: &Progress) -> ControlFlow<()> {
        let bar = self.training.get_or_insert_with(|| bar("training", progress.steps));
        bar.set_length(progress.steps as u64);
        bar.set_position(progress.step as u64);
        bar.set_message(if progress.warm_up { "warming up" } else { "training" });
        if progress.epoch != self.epoch && !progress.warm_up {
            self.epoch = progress.epoch;
            let loss = progress.train_loss;
            let line = match (progress.validation_loss, progress.f2_micro, progress.f2_per_image) {
                (Some(validation), Some(micro), Some(per_image)) => format!(
                    "epoch {} of {}: loss {loss:.4}, validation loss {validation:.4}, F2 micro {micro:.3}, per image {per_image:.3}, {:.0} s",
                    progress.epoch, progress.epochs, progress.seconds
                ),
                _ => format!("epoch {} of {}", progress.epoch, progress.epochs),
            };
            bar.suspend(|| say(line));
        }
        self.go_on()
    }

    fn unusable(&mut self, _file: &ImageFile, why: &DecodeError) {
        unusable(why);
    }
}

impl Terminal {
    pub(super) fn new(interrupt: Interrupt) -> Self {
        Self { interrupt, looking: None, training: None, epoch: 0 }
    }

    fn go_on(&self) -> ControlFlow<()> {
        if self.interrupt.is_pressed() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}
