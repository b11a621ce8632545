//! `docent train FOLDER`: the same fine-tune as the window's, watched from a terminal.

use std::ops::ControlFlow;

use indicatif::ProgressBar;
use serde_json::{Value, json};

use super::args::{DepthArgument, LossArgument, Train};
use super::collection::{Desk, device, unusable};
use super::terminal::{Failure, bar, print, say};
use crate::collection::ImageFile;
use crate::imaging::DecodeError;
use crate::jobs::Problem;
use crate::model::Architecture;
use crate::store::{Cache, Location};
use crate::training::session::{self, Finished, Session, SessionError, Start, Watcher};
use crate::training::{Depth, Loss, Progress, Recipe};

pub(super) fn run(arguments: &Train) -> Result<(), Failure> {
    if arguments.attention && arguments.depth == DepthArgument::Head {
        let message = "the attention tail has weights of its own to learn, more than a head";
        return Err(Failure::Usage(Problem::new(message, "add --depth last (the tail and the head) or --depth all")));
    }
    let desk = Desk::open(&arguments.folder)?;
    let annotations = desk.annotations()?;
    let location = Location::of(&arguments.folder).map_err(Failure::usage)?;
    let start = start(arguments, &desk);
    let session = Session {
        recipe: recipe(arguments, &start),
        start,
        out: arguments.out.as_deref(),
        collection: &desk.collection,
        vocabulary: &desk.collection.vocabulary,
        annotations: &annotations,
        location: &location,
        cache: &Cache::open(&location),
        device: &device(arguments.device),
    };
    let finished = session::run(&session, &mut Terminal::default()).map_err(|error| match error {
        SessionError::Models(error) => Failure::usage(error),
        SessionError::Checkpoint(error) => Failure::usage(error),
        other => Failure::data(other),
    })?;
    report(&finished, arguments.json)
}

fn start(arguments: &Train, desk: &Desk) -> Start {
    let name = desk.model_name(arguments.model.as_deref());
    match Architecture::from_name(&name) {
        Ok(architecture) if !std::path::Path::new(&name).is_dir() => {
            Start::Fresh { architecture, side: arguments.size }
        }
        _ => Start::Model(name),
    }
}

fn recipe(arguments: &Train, start: &Start) -> Recipe {
    let depth = match arguments.depth {
        DepthArgument::Head => Depth::Head,
        DepthArgument::Last => Depth::Last,
        DepthArgument::All => Depth::All,
    };
    let base = match start {
        Start::Fresh { .. } => Recipe::from_scratch(),
        Start::Model(_) => Recipe::for_depth(depth),
    };
    let base = if arguments.attention { base.with_attention() } else { base };
    let loss = match arguments.loss {
        LossArgument::Focal => Loss::Focal { gamma: arguments.gamma },
        LossArgument::Binary => Loss::Binary,
    };
    Recipe {
        loss,
        epochs: arguments.epochs.map_or(base.epochs, |epochs| epochs as usize),
        seed: arguments.seed,
        validation: arguments.valid,
        time_budget: arguments.time_budget,
        learning_rate: arguments.rate.unwrap_or(base.learning_rate),
        backbone_rate: arguments.backbone_rate.unwrap_or(base.backbone_rate),
        moving_statistics: arguments.moving_statistics || base.moving_statistics,
        ..base
    }
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
    print(format!(
        "trained on       {} images, measured on {}\n\
         F2 micro         {:.3} at threshold {:.2}\n\
         F2 per image     {:.3} at threshold {:.2}\n\
         F2 macro         {:.3}\n\
         mAP              {:.3}\n\
         looking, training {seconds_embed:.1} s, {:.1} s\n\
         checkpoint       {}",
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
#[derive(Default)]
struct Terminal {
    looking: Option<ProgressBar>,
    training: Option<ProgressBar>,
    epoch: usize,
}

impl Watcher for Terminal {
    fn looking(&mut self, done: usize, total: usize) -> ControlFlow<()> {
        let bar = self.looking.get_or_insert_with(|| bar("looking at pictures", total));
        bar.set_position(done as u64);
        if done == total {
            bar.finish_and_clear();
        }
        ControlFlow::Continue(())
    }

    fn training(&mut self, progress: &Progress) -> ControlFlow<()> {
        let bar = self.training.get_or_insert_with(|| bar("training", progress.steps));
        bar.set_length(progress.steps as u64);
        bar.set_position(progress.step as u64);
        if progress.epoch != self.epoch {
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
        ControlFlow::Continue(())
    }

    fn unusable(&mut self, _file: &ImageFile, why: &DecodeError) {
        unusable(why);
    }
}
