//! Errands: what takes long and touches no collection. The dialogs of the system; drawing the demo; writing a chart.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use super::outlet::{Gone, Outlet};
use super::{ChartFormat, ChosenFile, Event, Problem, WorkDone};
use crate::base::fs::write_atomic;
use crate::demo;
use crate::domain::insights::{Chart, Topic};
use crate::plot;

pub(super) enum Errand {
    AskFolder,
    AskFile,
    DrawDemo { folder: PathBuf, plan: demo::Plan },
    AskChartFile { topic: Topic, format: ChartFormat },
    WriteChart { charts: Arc<Vec<Chart>>, topic: Topic, format: ChartFormat, path: PathBuf },
}

pub(super) fn run(errands: &Receiver<Errand>, outlet: &Outlet) {
    for errand in errands {
        let answer = match errand {
            Errand::AskFolder => Event::FolderChosen { folder: ask_folder() },
            Errand::AskFile => Event::FileChosen { file: ask_file() },
            Errand::DrawDemo { folder, plan } => draw(&folder, &plan, outlet),
            Errand::AskChartFile { topic, format } => {
                Event::ChartFileChosen { topic, format, path: ask_chart_file(topic, format) }
            }
            Errand::WriteChart { charts, topic, format, path } => {
                let chart = charts.iter().find(|chart| chart.topic == topic);
                let problem = chart.and_then(|chart| write_chart(chart, format, &path).err());
                Event::ChartWritten { path, problem }
            }
        };
        if outlet.send(answer) == Err(Gone) {
            return;
        }
    }
}

fn ask_folder() -> Option<PathBuf> {
    let dialog = rfd::AsyncFileDialog::new().set_title("Open a folder of pictures");
    pollster::block_on(dialog.pick_folder()).map(|handle| handle.path().to_path_buf())
}

/// A list of names, read at once: it is small.
fn ask_file() -> Option<ChosenFile> {
    let dialog = rfd::AsyncFileDialog::new().set_title("Choose a list of names, or a labels.csv");
    let path = pollster::block_on(dialog.pick_file())?.path().to_path_buf();
    let bytes = std::fs::read(&path).map(Arc::from).map_err(|error| Problem::of_io(&error, &path));
    Some(ChosenFile { path, bytes })
}

fn ask_chart_file(topic: Topic, format: ChartFormat) -> Option<PathBuf> {
    let extension = format.extension();
    let dialog = rfd::AsyncFileDialog::new()
        .set_title(format!("Save {}", topic.name()))
        .set_file_name(format!("{}.{extension}", topic.file_name()))
        .add_filter(extension.to_uppercase(), &[extension]);
    pollster::block_on(dialog.save_file()).map(|handle| handle.path().to_path_buf())
}

/// Writes a chart whole or not at all.
pub fn write_chart(chart: &Chart, format: ChartFormat, path: &Path) -> Result<(), Problem> {
    let bytes = match format {
        ChartFormat::Png => plot::chart(chart).map_err(|error| Problem::of(&error))?,
        ChartFormat::Csv => chart.csv.clone().into_bytes(),
    };
    write_atomic(path, &bytes).map_err(|error| Problem::of_io(&error, path))
}

/// Draws the demo where it is not there yet.
fn draw(folder: &Path, plan: &demo::Plan, outlet: &Outlet) -> Event {
    let done = Event::DemoDrawn { folder: folder.to_path_buf() };
    if folder.join("train.csv").is_file() {
        return done;
    }
    // Beside it first: a demo that was interrupted half-way must not look like one.
    let partial = partial_of(folder);
    let progress = |drawn: u32, total: u32| {
        let work = WorkDone { done: drawn as usize, total: total as usize, per_second: 0.0 };
        match outlet.send(Event::Opening { folder: folder.to_path_buf(), work }) {
            Ok(()) => ControlFlow::Continue(()),
            Err(Gone) => ControlFlow::Break(()),
        }
    };
    let failed = |problem: Problem| Event::OpenFailed { folder: folder.to_path_buf(), problem };
    let moved = std::fs::remove_dir_all(&partial).or_else(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Ok(()),
        _ => Err(error),
    });
    if let Err(error) = moved {
        return failed(Problem::of_io(&error, &partial));
    }
    if let Err(error) = demo::write(&partial, plan, &progress) {
        return failed(Problem::of(&error));
    }
    match std::fs::rename(&partial, folder) {
        Ok(()) => done,
        Err(error) => failed(Problem::of_io(&error, folder)),
    }
}

/// Beside the folder, so that the last step is a rename.
fn partial_of(folder: &Path) -> PathBuf {
    let mut name = folder.file_name().unwrap_or_default().to_os_string();
    name.push(".partial");
    folder.with_file_name(name)
}
