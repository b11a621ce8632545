//! Writes the demo collection: pictures in storerooms, `labels.csv`, and a `train.csv` for some of them. Floor 2.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Cursor};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use rayon::prelude::*;

use super::draw::draw;
use super::kind::labels;
use super::piece::Piece;
use super::rng::Rng;
use crate::base::Hint;

/// Quality of the JPEG files, 1 to 100.
const QUALITY: u8 = 88;

/// Which collection to draw.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plan {
    pub images: u32,
    pub seed: u64,
    /// The share of the images that get a row in `train.csv`, 0 to 1.
    pub annotated: f64,
}

impl Default for Plan {
    fn default() -> Self {
        Self { images: 300, seed: 1, annotated: 0.5 }
    }
}

/// Why a demo collection was not written.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    #[error("the folder for the demo collection is not empty\nFile: {}", .path.display())]
    FolderNotEmpty { path: PathBuf },
    #[error("a file of the demo collection could not be written: {source}\nFile: {}", .path.display())]
    WriteFailed { path: PathBuf, source: io::Error },
    #[error("drawing the demo collection was cancelled")]
    Cancelled,
}

impl Hint for DemoError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::FolderNotEmpty { .. } => Some("name a new or an empty folder".to_owned()),
            Self::WriteFailed { .. } => {
                Some("see whether the folder may be written to and the disk has room".to_owned())
            }
            Self::Cancelled => None,
        }
    }
}

/// Draws the collection into `folder`, which is created if missing; pictures first, the two tables last.
///
/// `progress` hears from any thread, after each picture, how many of how many are done; `Break` cancels. What was
/// written before an error or a cancellation stays. Errors: the folder holds anything, a file cannot be written, cancelled.
pub fn write(
    folder: &Path,
    plan: &Plan,
    progress: &(dyn Fn(u32, u32) -> ControlFlow<()> + Sync),
) -> Result<(), DemoError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| DemoError::WriteFailed { path, source }
    };
    fs::create_dir_all(folder).map_err(failed(folder))?;
    if fs::read_dir(folder).map_err(failed(folder))?.next().is_some() {
        return Err(DemoError::FolderNotEmpty { path: folder.to_owned() });
    }
    let pieces: Vec<Piece> = (0..plan.images).map(|index| Piece::new(plan.seed, index)).collect();
    for piece in &pieces {
        if let Some(room) = folder.join(piece.relative_path()).parent() {
            fs::create_dir_all(room).map_err(failed(room))?;
        }
    }
    let (done, cancelled) = (AtomicU32::new(0), AtomicBool::new(false));
    pieces.par_iter().try_for_each(|piece| {
        if cancelled.load(Ordering::Relaxed) {
            return Err(DemoError::Cancelled);
        }
        let path = folder.join(piece.relative_path());
        encode(piece).and_then(|bytes| write_new(&path, &bytes)).map_err(failed(&path))?;
        match progress(done.fetch_add(1, Ordering::Relaxed) + 1, plan.images) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => {
                cancelled.store(true, Ordering::Relaxed);
                Err(DemoError::Cancelled)
            }
        }
    })?;
    for (name, table) in [("labels.csv", labels_table()), ("train.csv", train_table(&pieces, plan))] {
        let path = folder.join(name);
        table.and_then(|bytes| crate::base::fs::write_atomic(&path, &bytes)).map_err(failed(&path))?;
    }
    Ok(())
}

/// A file that did not exist. Not fsynced: a drawing lost in a crash is drawn again.
fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    io::Write::write_all(&mut fs::File::create_new(path)?, bytes)
}

/// The picture's file: PNG or JPEG as its name says.
fn encode(piece: &Piece) -> io::Result<Vec<u8>> {
    let picture = draw(piece);
    let mut bytes = Cursor::new(Vec::new());
    let written = if piece.is_png() {
        picture.write_with_encoder(PngEncoder::new(&mut bytes))
    } else {
        picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, QUALITY))
    };
    written.map_err(io::Error::other)?;
    Ok(bytes.into_inner())
}

fn labels_table() -> io::Result<Vec<u8>> {
    let rows = labels().iter().enumerate().map(|(id, name)| [id.to_string(), (*name).to_owned()]);
    table(["attribute_id", "attribute_name"], rows)
}

/// Rows of the annotated pieces, sorted by id; which pieces those are depends on the seed alone.
fn train_table(pieces: &[Piece], plan: &Plan) -> io::Result<Vec<u8>> {
    let mut order: Vec<(u64, usize)> =
        (0..pieces.len()).map(|i| (Rng::new(plan.seed, i as u32, 6).next_u64(), i)).collect();
    order.sort_unstable();
    let wanted = (pieces.len() as f64 * plan.annotated.clamp(0.0, 1.0)).round() as usize;
    let rows: BTreeMap<String, String> = order[..wanted]
        .iter()
        .map(|&(_, i)| {
            let ids: Vec<String> = pieces[i].attribute_ids().iter().map(u32::to_string).collect();
            (pieces[i].id(), ids.join(" "))
        })
        .collect();
    table(["id", "attribute_ids"], rows.into_iter().map(|(id, ids)| [id, ids]))
}

fn table(head: [&str; 2], rows: impl Iterator<Item = [String; 2]>) -> io::Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(Vec::new());
    writer.write_record(head)?;
    for row in rows {
        writer.write_record(row)?;
    }
    writer.into_inner().map_err(|e| io::Error::other(e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: Plan = Plan { images: 12, seed: 9, annotated: 0.5 };

    fn carry_on(_: u32, _: u32) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut found = BTreeMap::new();
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            if entry.path().is_dir() {
                let below = files(&entry.path()).into_iter();
                found.extend(below.map(|(path, bytes)| (Path::new(&entry.file_name()).join(path), bytes)));
            } else {
                found.insert(PathBuf::from(entry.file_name()), fs::read(entry.path()).unwrap());
            }
        }
        found
    }

    fn written(plan: &Plan, threads: usize) -> BTreeMap<PathBuf, Vec<u8>> {
        let folder = tempfile::tempdir().unwrap();
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| write(folder.path(), plan, &carry_on)).unwrap();
        files(folder.path())
    }

    #[test]
    fn the_same_plan_gives_the_same_bytes_on_any_number_of_threads_and_in_a_larger_collection() {
        let one = written(&SMALL, 1);
        assert_eq!(one.len(), 14);
        assert!(one == written(&SMALL, 3), "one thread and three differ");
        let larger = written(&Plan { images: 15, ..SMALL }, 2);
        for (path, bytes) in one.iter().filter(|(path, _)| path.extension().is_some_and(|e| e != "csv")) {
            assert!(larger.get(path) == Some(bytes), "{} differs", path.display());
        }
    }

    #[test]
    fn the_tables_read_back_as_the_pieces_say() {
        let files = written(&Plan { images: 10, ..SMALL }, 2);
        let text = |name: &str| String::from_utf8(files[Path::new(name)].clone()).unwrap();
        let labels_csv = text("labels.csv");
        assert!(labels_csv.starts_with("attribute_id,attribute_name\n0,culture::belmari\n"));
        assert_eq!(labels_csv.lines().count(), labels().len() + 1);
        let train = text("train.csv");
        assert!(!train.contains('\r') && train.ends_with('\n'));
        let rows: Vec<&str> = train.lines().skip(1).collect();
        assert_eq!(rows.len(), 5);
        assert!(rows.is_sorted());
        for row in rows {
            let (id, ids) = row.split_once(',').unwrap();
            let piece = (0..10).map(|i| Piece::new(9, i)).find(|p| p.id() == id).unwrap();
            let expected: Vec<String> = piece.attribute_ids().iter().map(u32::to_string).collect();
            assert_eq!(ids, expected.join(" "));
            assert!(files.contains_key(&piece.relative_path()));
        }
    }

    #[test]
    fn a_folder_that_holds_anything_is_refused_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        fs::File::create(folder.path().join("notes.txt")).unwrap();
        let error = write(folder.path(), &SMALL, &carry_on).unwrap_err();
        assert!(matches!(error, DemoError::FolderNotEmpty { .. }), "{error}");
        assert!(error.hint().is_some());
        assert_eq!(files(folder.path()).len(), 1);
    }

    #[test]
    fn breaking_off_cancels_and_writes_no_tables() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("new");
        let error = write(&target, &SMALL, &|done, _| {
            if done < 3 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        assert!(matches!(error, Err(DemoError::Cancelled)));
        assert!(!target.join("train.csv").exists());
    }
}
