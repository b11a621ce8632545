//! Opening a folder as a collection: pictures, vocabulary, rows, and every problem in them while the rest loads.

use std::collections::HashMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::scan::{ImageFile, scan};
use crate::base::{Finding, Hint, hint};
use crate::domain::tables::{LabelsTable, Problem, TrainTable};
use crate::domain::{ImageId, Vocabulary};

/// Rows without a picture are named up to this many; beyond, one sentence says it.
const GHOSTS_NAMED: usize = 20;

#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("the folder cannot be opened: {source}\nFile: {}", .path.display())]
    Folder { source: std::io::Error, path: PathBuf },
    #[error("this is not a folder\nFile: {}", .path.display())]
    NotAFolder { path: PathBuf },
    #[error("the table cannot be read: {source}\nFile: {}", .path.display())]
    Table { source: std::io::Error, path: PathBuf },
}

impl Hint for OpenError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::Folder { source, .. } | Self::Table { source, .. } => hint::for_io(source),
            Self::NotAFolder { .. } => Some("choose the folder that holds the pictures".to_owned()),
        }
    }
}

/// A folder of pictures as it is on disk.
#[derive(Debug, Clone)]
pub struct Collection {
    pub root: PathBuf,
    /// In natural order of their paths.
    pub images: Vec<ImageFile>,
    pub vocabulary: Vocabulary,
    pub labels: LabelsTable,
    pub train: TrainTable,
    /// Where the tables were read from.
    pub tables: PathBuf,
    pub findings: Vec<Finding>,
    position_of: HashMap<ImageId, usize>,
}

impl Collection {
    /// Opens `root`; its tables lie in `tables`, which is `root` unless that cannot be written.
    ///
    /// A missing table is an empty one. Errors: the folder is missing or unreadable, or a table is.
    pub fn open(root: &Path, tables: &Path) -> Result<Self, OpenError> {
        let folder = |source| OpenError::Folder { source, path: root.to_path_buf() };
        if !fs::metadata(root).map_err(folder)?.is_dir() {
            return Err(OpenError::NotAFolder { path: root.to_path_buf() });
        }
        fs::read_dir(root).map_err(folder)?;
        let ((scan, train_bytes), labels) =
            rayon::join(|| (scan(root), table(tables, root, "train.csv")), || table(tables, root, "labels.csv"));
        let labels = LabelsTable::parse(labels?);
        let vocabulary = labels.vocabulary().clone();
        let train = TrainTable::parse(train_bytes?, &vocabulary);
        let position_of: HashMap<_, _> =
            scan.images.iter().enumerate().map(|(position, image)| (image.id.clone(), position)).collect();
        let mut findings = scan.findings;
        findings.extend(of_table(&tables.join("labels.csv"), labels.problems()));
        findings.extend(of_table(&tables.join("train.csv"), train.problems()));
        findings.extend(ghosts(&tables.join("train.csv"), &train, &position_of));
        Ok(Self {
            root: root.to_path_buf(),
            images: scan.images,
            tables: tables.to_path_buf(),
            vocabulary,
            labels,
            train,
            findings,
            position_of,
        })
    }

    /// A collection that is nowhere on a disk, for what only shows one.
    pub fn in_memory(root: PathBuf, images: Vec<ImageFile>, vocabulary: Vocabulary) -> Self {
        let position_of = images.iter().map(|image| image.id.clone()).zip(0..).collect();
        let train = TrainTable::parse(Vec::new(), &vocabulary);
        Self {
            tables: root.clone(),
            root,
            images,
            vocabulary,
            labels: LabelsTable::parse(Vec::new()),
            train,
            findings: Vec::new(),
            position_of,
        }
    }

    /// The vocabulary that holds, with the record's edits over `labels.csv`. Labels are added to it, never taken away.
    pub fn take_vocabulary(&mut self, vocabulary: Vocabulary) {
        let n_before = self.vocabulary.len();
        self.vocabulary = vocabulary;
        if n_before < self.vocabulary.len() {
            self.train = TrainTable::parse(self.train.bytes().to_vec(), &self.vocabulary);
        }
    }

    /// Its place in `images`.
    pub fn position(&self, id: &ImageId) -> Option<usize> {
        self.position_of.get(id).copied()
    }

    pub fn image(&self, id: &ImageId) -> Option<&ImageFile> {
        self.position(id).map(|position| &self.images[position])
    }

    /// Where a picture is.
    pub fn path_of(&self, file: &ImageFile) -> PathBuf {
        self.root.join(&file.path)
    }

    /// The folder's own name.
    pub fn name(&self) -> String {
        let absolute = fs::canonicalize(&self.root).unwrap_or_else(|_| self.root.clone());
        let name = absolute.file_name().map(|name| name.to_string_lossy().into_owned());
        name.unwrap_or_else(|| absolute.display().to_string())
    }
}

/// A table's bytes: from `tables`, where it is not there from `root`, else none.
fn table(tables: &Path, root: &Path, name: &str) -> Result<Vec<u8>, OpenError> {
    for path in [tables.join(name), root.join(name)] {
        match fs::read(&path) {
            Ok(bytes) => return Ok(bytes),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(source) => return Err(OpenError::Table { source, path }),
        }
    }
    Ok(Vec::new())
}

fn of_table<'a>(path: &'a Path, problems: &'a [Problem]) -> impl Iterator<Item = Finding> + 'a {
    problems
        .iter()
        .map(move |problem| Finding::new(path, problem.message.clone()).at_line(problem.line).with_hint(problem.hint))
}

/// Rows whose picture is not here: fine for a table of a larger collection, so few words where there are many.
fn ghosts(path: &Path, train: &TrainTable, position_of: &HashMap<ImageId, usize>) -> Vec<Finding> {
    let hint = "add the picture, or leave the row: it is kept as it is";
    let missing: Vec<&ImageId> = train.rows().map(|(id, _)| id).filter(|id| !position_of.contains_key(*id)).collect();
    let at = |id: &ImageId| train.line_of(id.as_str()).unwrap_or(0);
    if missing.len() > GHOSTS_NAMED {
        let first = missing[0];
        let message = format!("{} rows have no picture in this folder, the first is {first}", missing.len());
        return vec![Finding::new(path, message).at_line(at(first)).with_hint(hint)];
    }
    let one = |id: &ImageId| {
        Finding::new(path, format!("{id} has no picture in this folder")).at_line(at(id)).with_hint(hint)
    };
    missing.into_iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::fs::write_atomic;

    #[test]
    fn everything_loads_around_the_problems() {
        let root = tempfile::tempdir().unwrap();
        for (name, bytes) in [
            ("a.jpg", &b"x"[..]),
            ("labels.csv", b"attribute_id,attribute_name\n0,tag::x\nbad\n"),
            ("train.csv", b"id,attribute_ids\na,0 9\nghost,0\n"),
        ] {
            write_atomic(&root.path().join(name), bytes).unwrap();
        }
        let collection = Collection::open(root.path(), root.path()).unwrap();
        assert_eq!((collection.images.len(), collection.vocabulary.len(), collection.train.n_rows()), (1, 1, 2));
        let found: Vec<_> = collection.findings.iter().map(|finding| finding.line).collect();
        assert_eq!(found, [Some(3), Some(2), Some(3)]);
        assert_eq!(collection.position(&ImageId::from("a")), Some(0));
    }

    #[test]
    fn a_folder_that_is_none_says_so() {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join("file");
        write_atomic(&file, b"").unwrap();
        assert!(matches!(Collection::open(&file, &file), Err(OpenError::NotAFolder { .. })));
        let error = Collection::open(&root.path().join("none"), root.path()).unwrap_err();
        assert!(matches!(error, OpenError::Folder { .. }) && error.hint().is_some());
    }

    #[test]
    fn a_folder_with_nothing_in_it_is_an_empty_collection() {
        let root = tempfile::tempdir().unwrap();
        let collection = Collection::open(root.path(), root.path()).unwrap();
        assert!(collection.images.is_empty() && collection.vocabulary.is_empty() && collection.findings.is_empty());
    }
}
