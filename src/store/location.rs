//! Where a collection's record lies: beside the pictures, or in the user's data folder where that cannot be written.
//!
//! Not the record itself: only paths.

use std::io;
use std::path::{Path, PathBuf};

use super::RecordError;
use crate::base::hash::fnv1a64;

const FOLDER: &str = ".docent";

#[derive(Debug, Clone)]
pub struct Location {
    root: PathBuf,
    folder: PathBuf,
    tables: PathBuf,
}

impl Location {
    /// `.docent` inside `root`, created where needed; where it cannot be written, a folder in the user's data
    /// directory, named after `root` and a hash of its full path.
    ///
    /// Errors: `root` is not a folder, the disk is full, or neither place can be written.
    pub fn of(root: &Path) -> Result<Self, RecordError> {
        Self::choose(root, data_folder(), &try_writing)
    }

    /// The same without creating anything: for commands that only read.
    pub fn for_reading(root: &Path) -> Self {
        let inside = root.join(FOLDER);
        match substitute(root, data_folder()) {
            Ok(elsewhere) if !inside.is_dir() && elsewhere.is_dir() => Self::elsewhere(root, elsewhere),
            _ => Self::inside(root),
        }
    }

    /// The folder with the pictures.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The folder with `docent.db`, `cache.db` and `models/`.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The folder where `train.csv` and `labels.csv` are written.
    pub fn tables(&self) -> &Path {
        &self.tables
    }

    /// Whether anything is written outside the folder with the pictures, which the user should be told.
    pub fn is_elsewhere(&self) -> bool {
        self.tables != self.root
    }

    pub fn train_csv(&self) -> PathBuf {
        self.tables.join("train.csv")
    }

    pub fn labels_csv(&self) -> PathBuf {
        self.tables.join("labels.csv")
    }

    fn inside(root: &Path) -> Self {
        Self { root: root.to_path_buf(), folder: root.join(FOLDER), tables: root.to_path_buf() }
    }

    fn elsewhere(root: &Path, folder: PathBuf) -> Self {
        Self { root: root.to_path_buf(), tables: folder.clone(), folder }
    }

    /// `data`: the user's data folder. `writing`: creates a folder and proves that it can be written.
    fn choose(
        root: &Path,
        data: Option<PathBuf>,
        writing: &dyn Fn(&Path) -> io::Result<()>,
    ) -> Result<Self, RecordError> {
        let found = std::fs::metadata(root).map_err(RecordError::io(root))?;
        if !found.is_dir() {
            return Err(RecordError::io(root)(io::ErrorKind::NotADirectory.into()));
        }
        let inside = Self::inside(root);
        for folder in [&inside.folder, &inside.tables] {
            match writing(folder) {
                Ok(()) => {}
                Err(error) if is_refusal(&error) => {
                    tracing::warn!("{} cannot be written: {error}", folder.display());
                    let elsewhere = substitute(root, data).map_err(RecordError::io(root))?;
                    writing(&elsewhere).map_err(RecordError::io(&elsewhere))?;
                    return Ok(Self::elsewhere(root, elsewhere));
                }
                Err(error) => return Err(RecordError::io(folder)(error)),
            }
        }
        Ok(inside)
    }
}

fn is_refusal(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem)
}

fn try_writing(folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    tempfile::Builder::new().prefix(".docent-").tempfile_in(folder)?.close()
}

fn data_folder() -> Option<PathBuf> {
    directories::ProjectDirs::from("", "", "docent").map(|folders| folders.data_dir().join("collections"))
}

/// Two collections never share one, even with the same folder name.
fn substitute(root: &Path, data: Option<PathBuf>) -> io::Result<PathBuf> {
    let data = data.ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "this user has no data folder"))?;
    let full = std::fs::canonicalize(root)?;
    let name = full.file_name().map_or_else(|| "root".into(), |name| name.to_string_lossy());
    let hash = fnv1a64(full.as_os_str().as_encoded_bytes());
    Ok(data.join(format!("{name}-{hash:016x}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_record_lies_beside_the_pictures_and_leaves_no_trial_file() {
        let root = tempfile::tempdir().unwrap();
        let location = Location::of(root.path()).unwrap();
        assert_eq!(location.folder(), root.path().join(".docent"));
        assert_eq!(location.train_csv(), root.path().join("train.csv"));
        assert!(!location.is_elsewhere());
        assert_eq!(std::fs::read_dir(root.path()).unwrap().count(), 1);
        assert_eq!(std::fs::read_dir(location.folder()).unwrap().count(), 0);
    }

    #[test]
    fn a_folder_that_refuses_writing_gets_a_substitute_of_its_own() {
        let (data, root) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let mut substitutes = Vec::new();
        for parent in ["a", "b"] {
            let pictures = root.path().join(parent).join("pictures");
            std::fs::create_dir_all(&pictures).unwrap();
            let refuse = |folder: &Path| match folder.starts_with(root.path()) {
                true => Err(io::ErrorKind::ReadOnlyFilesystem.into()),
                false => try_writing(folder),
            };
            let location = Location::choose(&pictures, Some(data.path().to_path_buf()), &refuse).unwrap();
            assert!(location.is_elsewhere() && location.folder().is_dir());
            assert_eq!(location.root(), pictures);
            assert_eq!(location.labels_csv(), location.folder().join("labels.csv"));
            assert_eq!(std::fs::read_dir(&pictures).unwrap().count(), 0);
            substitutes.push(location.folder().to_path_buf());
        }
        assert_ne!(substitutes[0], substitutes[1]);
    }

    #[test]
    fn a_missing_folder_and_a_full_disk_are_errors() {
        let root = tempfile::tempdir().unwrap();
        assert!(Location::of(&root.path().join("nothing")).is_err());
        let full = |_: &Path| Err(io::ErrorKind::StorageFull.into());
        let error = Location::choose(root.path(), None, &full).unwrap_err();
        assert!(matches!(error, RecordError::Io { .. }), "{error}");
    }

    #[test]
    fn reading_creates_nothing() {
        let root = tempfile::tempdir().unwrap();
        let location = Location::for_reading(root.path());
        assert_eq!(location.folder(), root.path().join(".docent"));
        assert_eq!(std::fs::read_dir(root.path()).unwrap().count(), 0);
    }
}
