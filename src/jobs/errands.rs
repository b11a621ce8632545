//! Errands: what takes long and touches no collection. The folder dialog of the system; drawing the demo.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use super::outlet::{Gone, Outlet};
use super::{ChosenFile, Event, Problem, WorkDone};
use crate::demo;

pub(super) enum Errand {
    AskFolder,
    AskFile,
    DrawDemo { folder: PathBuf, plan: demo::Plan },
}

pub(super) fn run(errands: &Receiver<Errand>, outlet: &Outlet) {
    for errand in errands {
        let answer = match errand {
            Errand::AskFolder => Event::FolderChosen { folder: ask_folder() },
            Errand::AskFile => Event::FileChosen { file: ask_file() },
            Errand::DrawDemo { folder, plan } => draw(&folder, &plan, outlet),
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
