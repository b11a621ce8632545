//! Another curator's record, as far as it is merged into this one; and writing what came of it.
//!
//! Theirs is never written and never brought up to date in place: it is read from a copy, so that a stick that refuses
//! writing will do.

use std::collections::HashMap;
use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use tempfile::TempDir;

use super::{Conflict, Location, Record, RecordError, StepId, heard, held, names, schema, written};
use crate::base::{Hint, hint};
use crate::domain::agreement::Judgement;
use crate::domain::merging::{Plan, Words};
use crate::domain::{Annotation, ImageId, LabelSet, Vocabulary};

#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    #[error("this is the record of this very collection\nFile: {}", .path.display())]
    Same { path: PathBuf },
    #[error("this is not the record of a collection\nFile: {}", .path.display())]
    NotARecord { path: PathBuf },
    #[error("the other record has version {found}, this Docent knows versions up to {known}\nFile: {}", .path.display())]
    Newer { found: i64, known: i64, path: PathBuf },
    #[error("the other record is open in a Docent\nFile: {}", .path.display())]
    InUse { path: PathBuf },
    #[error("the other record cannot be used: {source}\nFile: {}", .path.display())]
    Unusable { source: RecordError, path: PathBuf },
    #[error("{source}\nFile: {}", .path.display())]
    Io { source: io::Error, path: PathBuf },
}

impl Hint for MergeError {
    fn hint(&self) -> Option<String> {
        let text = match self {
            Self::Same { .. } => "give the docent.db of the other curator's copy of the folder",
            Self::NotARecord { .. } => "give the docent.db in the .docent folder of the other curator's collection",
            Self::Newer { .. } => "install the newer Docent here too, then merge again",
            Self::InUse { .. } => "close the other window, or merge a copy of the file made after it was closed",
            Self::Unusable { .. } => "ask the other curator for a fresh copy of the file; nothing was changed here",
            Self::Io { source, .. } if source.kind() == ErrorKind::NotFound => {
                "give the docent.db in the .docent folder of the other curator's collection"
            }
            Self::Io { source, .. } => return hint::for_io(source),
        };
        Some(text.to_owned())
    }
}

/// The record of another curator.
pub struct Other {
    connection: Connection,
    path: PathBuf,
    _copy: TempDir,
}

impl Other {
    /// `path`: their `docent.db`, or the folder it lies in. `here`: the collection it is to be merged into.
    ///
    /// Errors: it is not there, is this collection's own, is no record, is newer, is damaged, or a Docent has it open.
    pub fn open(path: &Path, here: &Location) -> Result<Self, MergeError> {
        let candidates = [path.join(".docent").join("docent.db"), path.join("docent.db")];
        let path = candidates.into_iter().find(|file| file.is_file()).unwrap_or_else(|| path.to_path_buf());
        let io = |source| MergeError::Io { source, path: path.clone() };
        let full = fs::canonicalize(&path).map_err(io)?;
        if fs::canonicalize(Record::path_in(here)).is_ok_and(|own| own == full) {
            return Err(MergeError::Same { path });
        }
        if full.is_dir() {
            return Err(MergeError::NotARecord { path });
        }
        let _lock = lock(&full)?;
        let (copy, connection) = copied(&full, &path)?;
        Ok(Self { connection, path, _copy: copy })
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// `base`: of its `labels.csv`, or where that is not at hand, of this collection's.
    pub fn vocabulary(&self, base: &Vocabulary) -> Result<Vocabulary, MergeError> {
        names::of_other(&self.connection, base).map_err(|error| self.unusable(error))
    }

    /// `base`: the rows of its `train.csv`, or where that is not at hand, of this collection's.
    pub fn annotations(
        &self,
        base: impl Fn(&ImageId) -> Option<LabelSet>,
    ) -> Result<HashMap<ImageId, Annotation>, MergeError> {
        let written = written::read(&self.connection).map_err(|error| self.unusable(error))?;
        held::decided(&self.connection, &written, base).map_err(|error| self.unusable(error))
    }

    pub fn words(&self) -> Result<Words, MergeError> {
        heard::words(&self.connection).map_err(|error| self.unusable(error))
    }

    fn unusable(&self, error: rusqlite::Error) -> MergeError {
        unusable(&self.path, error)
    }
}

impl Record {
    /// What this record says and has heard.
    pub fn words(&self) -> Result<Words, RecordError> {
        heard::words(&self.connection).map_err(RecordError::database(&self.path))
    }

    /// As [`Self::words`], for a rehearsal: takes no lock, writes nothing here.
    pub fn read_words(location: &Location) -> Result<Words, MergeError> {
        read(location, heard::words)
    }

    /// One step, durable when this returns; `None` where there was nothing to write.
    pub fn merge(&mut self, plan: &Plan, who: &str, at_millis: u64) -> Result<Option<StepId>, RecordError> {
        if plan.heard.is_empty() && plan.step.is_empty() {
            return Ok(None);
        }
        self.write(|transaction| heard::merge(transaction, &plan.step, &plan.heard, who, at_millis)).map(Some)
    }

    /// Settled ones too: undo may open them again. Oldest first.
    pub fn conflicts(&self) -> Result<Vec<Conflict>, RecordError> {
        heard::conflicts(&self.connection).map_err(RecordError::database(&self.path))
    }

    /// All that curators said and did not take back, oldest first. Takes no lock, writes nothing.
    pub fn read_judgements(location: &Location) -> Result<Vec<Judgement>, MergeError> {
        read(location, heard::judgements)
    }
}

/// Asks a copy of this collection's record, so that one of an earlier version stays as it is.
fn read<T: Default>(location: &Location, ask: impl Fn(&Connection) -> rusqlite::Result<T>) -> Result<T, MergeError> {
    let path = Record::path_in(location);
    if !path.exists() {
        return Ok(T::default());
    }
    let (_copy, connection) = copied(&path, &path)?;
    ask(&connection).map_err(|error| unusable(&path, error))
}

fn unusable(path: &Path, error: rusqlite::Error) -> MergeError {
    MergeError::Unusable { source: RecordError::database(path)(error), path: path.to_path_buf() }
}

/// Held while the files are copied, so that no Docent writes them meanwhile.
fn lock(database: &Path) -> Result<Option<File>, MergeError> {
    let path = database.with_file_name("lock");
    let Ok(file) = File::open(&path) else {
        return Ok(None); // A file that was sent alone has none.
    };
    match file.try_lock_shared() {
        Err(TryLockError::WouldBlock) => Err(MergeError::InUse { path: database.to_path_buf() }),
        _ => Ok(Some(file)),
    }
}

/// A copy of a record, brought up to date; `path` is what the user calls it.
fn copied(file: &Path, path: &Path) -> Result<(TempDir, Connection), MergeError> {
    let io = |source| MergeError::Io { source, path: path.to_path_buf() };
    let folder = tempfile::tempdir().map_err(io)?;
    let copy = folder.path().join("docent.db");
    fs::copy(file, &copy).map_err(io)?;
    // What was decided since SQLite last tidied up lies beside it.
    let beside = file.with_file_name(format!("{}-wal", file.file_name().unwrap_or_default().to_string_lossy()));
    match fs::copy(&beside, folder.path().join("docent.db-wal")) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(io(error)),
        _ => {}
    }
    let mut connection = Connection::open(&copy).map_err(|error| unusable(path, error))?;
    let is_record = schema::has_table(&connection, "step")
        .and_then(|has_steps| Ok(has_steps && schema::has_table(&connection, "decision")?));
    match is_record {
        Ok(true) => {}
        Err(error) if error.sqlite_error_code() != Some(rusqlite::ErrorCode::NotADatabase) => {
            return Err(unusable(path, error));
        }
        _ => return Err(MergeError::NotARecord { path: path.to_path_buf() }),
    }
    match schema::prepare(&mut connection, path) {
        Ok(()) => Ok((folder, connection)),
        Err(RecordError::Newer { found, known, path }) => Err(MergeError::Newer { found, known, path }),
        Err(source) => Err(MergeError::Unusable { source, path: path.to_path_buf() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::merging::{self, Side};
    use crate::domain::{AttributeId, Change, Decision, Label, Step, Verdict};

    struct Copy {
        folder: TempDir,
        location: Location,
    }

    impl Copy {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let location = Location::of(folder.path()).unwrap();
            Self { folder, location }
        }

        fn record(&self) -> Record {
            Record::open(&self.location).unwrap()
        }

        fn decide(&self, who: &str, attribute: u32, verdict: Verdict) -> StepId {
            let (image, attribute) = (ImageId::from("a"), AttributeId(attribute));
            let change =
                Decision { image, attribute, verdict, before: Verdict::Clear, proposed: Some(("m".into(), 0.5)) };
            self.record().append(&Step::of(vec![Change::Decide(change)]), who, 5).unwrap()
        }

        fn database(&self) -> PathBuf {
            self.folder.path().join(".docent").join("docent.db")
        }

        /// Merges another record into this one, and answers the step.
        fn merge(&self, other: &Self) -> Option<StepId> {
            let vocabulary = Vocabulary::new([1, 2, 3].map(|id| Label::new(id, format!("tag::{id}"))));
            let other = Other::open(other.folder.path(), &self.location).unwrap();
            let mut record = self.record();
            let table = crate::domain::tables::TrainTable::parse(Vec::new(), &vocabulary);
            let (here, there) = (record.annotations(&table, 1).unwrap(), other.annotations(|_| None).unwrap());
            let (words, theirs) = (record.words().unwrap(), other.words().unwrap());
            let here = Side { vocabulary: &vocabulary, annotations: &here, words: &words };
            let vocabulary = other.vocabulary(&vocabulary).unwrap();
            let there = Side { vocabulary: &vocabulary, annotations: &there, words: &theirs };
            let plan = merging::plan(here, there, |_| true);
            record.merge(&plan, "ada", 9).unwrap()
        }
    }

    fn said(origins: Vec<crate::store::origins::Origin>) -> Vec<(u32, bool, String, u64)> {
        origins.into_iter().map(|found| (found.attribute.0, found.accepted, found.who, found.at_millis)).collect()
    }

    #[test]
    fn a_merge_is_one_step_that_keeps_who_said_what_and_is_taken_back_as_one() {
        let (ada, ben) = (Copy::new(), Copy::new());
        ada.decide("ada", 1, Verdict::Accept);
        ben.decide("ben", 1, Verdict::Reject);
        ben.decide("ben", 2, Verdict::Accept);
        let merge = ada.merge(&ben).unwrap();
        let of = |record: &Record| said(record.origins(&ImageId::from("a")).unwrap());
        let own = (1, true, "ada".to_owned(), 5);
        assert_eq!(of(&ada.record()), [own.clone(), (2, true, "ben".to_owned(), 5)]);
        assert_eq!(ada.merge(&ben), None, "nothing is new");
        let open = |record: &Record| record.conflicts().unwrap().iter().filter(|conflict| conflict.is_open()).count();
        assert_eq!(open(&ada.record()), 1);
        let answer = ada.decide("ada", 1, Verdict::Accept);
        assert_eq!(open(&ada.record()), 0);
        ada.record().undo(answer, "ada", 10).unwrap();
        assert_eq!(open(&ada.record()), 1, "undo brings it back");
        ada.record().undo(merge, "ada", 11).unwrap();
        assert_eq!(open(&ada.record()), 0);
        assert_eq!(of(&ada.record()), [own]);
        assert!(ada.merge(&ben).is_some(), "what was taken back can be merged again");
    }

    #[test]
    fn a_conflict_is_over_when_the_other_changed_their_mind() {
        let (ada, ben) = (Copy::new(), Copy::new());
        ada.decide("ada", 1, Verdict::Accept);
        ben.decide("ben", 1, Verdict::Reject);
        ada.merge(&ben);
        ben.decide("ben", 1, Verdict::Accept);
        ada.merge(&ben);
        assert!(ada.record().conflicts().unwrap().iter().all(|conflict| !conflict.is_open()));
    }

    #[test]
    fn copies_of_an_earlier_version_know_their_steps_again_and_are_not_changed_by_reading() {
        let (ada, ben) = (Copy::new(), Copy::new());
        ada.decide("ada", 1, Verdict::Accept);
        // Version 3 had neither.
        let older = "DROP TABLE heard; ALTER TABLE step DROP COLUMN key; PRAGMA user_version = 3";
        Connection::open(ada.database()).unwrap().execute_batch(older).unwrap();
        fs::copy(ada.database(), ben.database()).unwrap();
        let bytes = fs::read(ben.database()).unwrap();
        assert_eq!(ada.merge(&ben), None, "the same step");
        assert!(fs::read(ben.database()).unwrap() == bytes);
        assert_eq!(said(ada.record().origins(&ImageId::from("a")).unwrap()), [(1, true, "ada".to_owned(), 5)]);
        // What is only read stays as it is, and says what it has.
        assert_eq!(Record::read_words(&ben.location).unwrap().own, ada.record().words().unwrap().own);
        assert_eq!(Record::read_judgements(&ben.location).unwrap().len(), 1);
        assert_eq!(Record::read_deeds(&ben.location).unwrap().days.len(), 1);
        assert!(fs::read(ben.database()).unwrap() == bytes);
    }
}
