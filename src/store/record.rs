//! `docent.db`: every decision, durable before anybody is told that it is saved.
//!
//! One Docent at a time: opening takes a lock that ends with the process. Not `train.csv`: the caller writes that
//! file and tells the record what it wrote. Undo never deletes; it is an event of its own.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::{File, TryLockError};
use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rusqlite::{Connection, OpenFlags, OptionalExtension as _, Transaction, TransactionBehavior, params};

use super::deeds::{self, Deeds};
use super::held::{self, Held};
use super::names::{self, NameWritten, Names};
use super::origins::{self, Origin};
use super::written::{self, Written};
use super::{Location, RecordError, journal, schema};
use crate::domain::tables::{LabelsTable, TrainTable};
use crate::domain::{Annotation, AttributeId, ImageId, LabelSet, Step, Vocabulary};

/// Who decided what the file says by itself.
pub(super) const OUTSIDE: &str = "train.csv";
/// The same for names.
pub(super) const LABELS_OUTSIDE: &str = "labels.csv";

/// Ascends with time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StepId(pub i64);

pub struct Record {
    pub(super) connection: Connection,
    pub(super) path: PathBuf,
    /// Held as long as the record is open; the system gives it back even after a crash.
    _lock: File,
}

impl Record {
    /// Creates `docent.db` where there is none.
    ///
    /// Errors: another Docent has it open, it is damaged or newer (its bytes are left alone), the disk refuses.
    pub fn open(location: &Location) -> Result<Self, RecordError> {
        let lock = lock(location)?;
        let path = Self::path_in(location);
        let database = RecordError::database(&path);
        let mut connection = Connection::open(&path).map_err(&database)?;
        connection.busy_timeout(Duration::from_secs(10)).map_err(database)?;
        schema::prepare(&mut connection, &path)?;
        Ok(Self { connection, path, _lock: lock })
    }

    /// Returns when the step is on the disk. `at_millis`: since 1970, UTC.
    pub fn append(&mut self, step: &Step, who: &str, at_millis: u64) -> Result<StepId, RecordError> {
        self.write(|transaction| journal::insert(transaction, step, who, at_millis))
    }

    /// Takes a step back; nothing happens where it already is. Errors: there is no such step.
    pub fn undo(&mut self, step: StepId, who: &str, at_millis: u64) -> Result<(), RecordError> {
        self.turn(step, who, at_millis, false)
    }

    /// Makes a step that was taken back hold again. Errors: there is no such step.
    pub fn redo(&mut self, step: StepId, who: &str, at_millis: u64) -> Result<(), RecordError> {
        self.turn(step, who, at_millis, true)
    }

    /// Oldest first; the flag says that the step is taken back.
    pub fn history(&self) -> Result<Vec<(StepId, Step, bool)>, RecordError> {
        journal::steps(&self.connection).map_err(RecordError::database(&self.path))
    }

    pub fn setting(&self, key: &str) -> Result<Option<String>, RecordError> {
        setting(&self.connection, key).map_err(RecordError::database(&self.path))
    }

    pub fn set_setting(&mut self, key: &str, value: &str) -> Result<(), RecordError> {
        let sql = "INSERT OR REPLACE INTO setting VALUES (?1, ?2)";
        self.write(|transaction| transaction.execute(sql, [key, value]).map(drop))
    }

    /// A label the curator made; `labels.csv` gets it later. Returns when it is on the disk.
    pub fn create_label(&mut self, id: AttributeId, name: &str) -> Result<(), RecordError> {
        let sql = "INSERT OR IGNORE INTO label VALUES (?1, ?2)";
        self.write(|transaction| transaction.execute(sql, params![id.0, name]).map(drop))
    }

    /// The vocabulary that holds now; `table` is what `labels.csv` says.
    ///
    /// A name that somebody changed in the file outside Docent becomes a step of its own, so that it wins and can be
    /// undone.
    pub fn vocabulary(&mut self, table: &LabelsTable, at_millis: u64) -> Result<Vocabulary, RecordError> {
        let Names { vocabulary, written, outside, differs } =
            names::read(&self.connection, table).map_err(RecordError::database(&self.path))?;
        if differs {
            self.write(|transaction| {
                if !outside.is_empty() {
                    journal::insert(transaction, &outside, LABELS_OUTSIDE, at_millis)?;
                }
                names::upsert(transaction, &written)?;
                names::confirm(transaction)
            })?;
        }
        Ok(vocabulary)
    }

    /// As [`Self::vocabulary`], while another Docent may have the collection open: takes no lock, writes nothing.
    pub fn read_vocabulary(location: &Location, table: &LabelsTable) -> Result<Vocabulary, RecordError> {
        let Some(connection) = Self::open_for_reading(location)? else {
            return Ok(table.vocabulary().clone());
        };
        let names = names::read(&connection, table);
        names.map(|names| names.vocabulary).map_err(RecordError::database(&Self::path_in(location)))
    }

    /// Decisions of steps that are not taken back.
    pub fn n_decisions(&self) -> Result<usize, RecordError> {
        let sql = "SELECT count(*) FROM decision JOIN step ON step.id = decision.step WHERE undone_at IS NULL";
        let n: i64 = self.connection.query_row(sql, [], |row| row.get(0)).map_err(RecordError::database(&self.path))?;
        Ok(usize::try_from(n).unwrap_or(0))
    }

    /// The rows of `train.csv` that Docent has changed.
    pub fn written(&self) -> Result<BTreeMap<ImageId, Written>, RecordError> {
        written::read(&self.connection).map_err(RecordError::database(&self.path))
    }

    /// To be called before the file is replaced; other rows stay. Until `confirm_written`, the file may hold the
    /// earlier rows without that being taken for somebody's edit.
    pub fn set_written(&mut self, rows: &BTreeMap<ImageId, Written>) -> Result<(), RecordError> {
        self.write(|transaction| written::upsert(transaction, rows))
    }

    /// To be called after the file was replaced: from now on any difference is somebody's edit.
    pub fn confirm_written(&mut self) -> Result<(), RecordError> {
        self.write(|transaction| written::confirm(transaction))
    }

    /// Earlier rows that the file may still hold, because no replacement was confirmed since they were written.
    pub(super) fn unconfirmed(&self) -> Result<HashMap<ImageId, Vec<Option<LabelSet>>>, RecordError> {
        written::read_unconfirmed(&self.connection).map_err(RecordError::database(&self.path))
    }

    /// The labels that were made here, and those that were renamed here.
    pub(super) fn own_labels(&self) -> Result<(BTreeSet<AttributeId>, BTreeSet<AttributeId>), RecordError> {
        names::own(&self.connection).map_err(RecordError::database(&self.path))
    }

    /// The lines of `labels.csv` that Docent has changed.
    pub(super) fn names_written(&self) -> Result<BTreeMap<AttributeId, NameWritten>, RecordError> {
        names::read_written(&self.connection).map_err(RecordError::database(&self.path))
    }

    /// Earlier names that the file may still hold, because no replacement was confirmed since they were written.
    pub(super) fn names_unconfirmed(&self) -> Result<HashMap<AttributeId, Vec<Option<String>>>, RecordError> {
        names::read_unconfirmed(&self.connection).map_err(RecordError::database(&self.path))
    }

    /// To be called before `labels.csv` is replaced, as [`Self::set_written`].
    pub(super) fn set_names_written(&mut self, rows: &BTreeMap<AttributeId, NameWritten>) -> Result<(), RecordError> {
        self.write(|transaction| names::upsert(transaction, rows))
    }

    /// To be called after `labels.csv` was replaced, as [`Self::confirm_written`].
    pub(super) fn confirm_names_written(&mut self) -> Result<(), RecordError> {
        self.write(|transaction| names::confirm(transaction))
    }

    /// What holds now for each image that the record knows; `table` is what `train.csv` says.
    ///
    /// A table that is missing, empty or not understood takes nothing away. An edit outside Docent becomes a step of its own, later than all others, so that it wins and can be undone.
    pub fn annotations(
        &mut self,
        table: &TrainTable,
        at_millis: u64,
    ) -> Result<HashMap<ImageId, Annotation>, RecordError> {
        let Held { annotations, written, outside, differs } =
            held::read(&self.connection, table).map_err(RecordError::database(&self.path))?;
        if differs {
            self.write(|transaction| {
                if !outside.changes.is_empty() {
                    journal::insert(transaction, &outside, OUTSIDE, at_millis)?;
                }
                written::upsert(transaction, &written)?;
                written::confirm(transaction)
            })?;
        }
        Ok(annotations)
    }

    /// As [`Self::annotations`], while another Docent may have the collection open: takes no lock, writes nothing.
    pub fn read_annotations(
        location: &Location,
        table: &TrainTable,
    ) -> Result<HashMap<ImageId, Annotation>, RecordError> {
        let Some(connection) = Self::open_for_reading(location)? else {
            return Ok(HashMap::new());
        };
        let held = held::read(&connection, table);
        held.map(|held| held.annotations).map_err(RecordError::database(&Self::path_in(location)))
    }

    /// As [`Self::setting`], while another Docent may have the collection open: takes no lock, writes nothing.
    pub fn read_setting(location: &Location, key: &str) -> Result<Option<String>, RecordError> {
        let Some(connection) = Self::open_for_reading(location)? else {
            return Ok(None);
        };
        setting(&connection, key).map_err(RecordError::database(&Self::path_in(location)))
    }

    /// What was decided when and holds still, for the charts.
    pub fn deeds(&self) -> Result<Deeds, RecordError> {
        deeds::read(&self.connection).map_err(RecordError::database(&self.path))
    }

    /// The last word on each tag of an image, newest first.
    pub fn origins(&self, image: &ImageId) -> Result<Vec<Origin>, RecordError> {
        origins::read(&self.connection, image).map_err(RecordError::database(&self.path))
    }

    /// As [`Self::deeds`], while another Docent may have the collection open: takes no lock, writes nothing.
    pub fn read_deeds(location: &Location) -> Result<Deeds, RecordError> {
        let Some(connection) = Self::open_for_reading(location)? else {
            return Ok(Deeds::default());
        };
        deeds::read(&connection).map_err(RecordError::database(&Self::path_in(location)))
    }

    pub(super) fn path_in(location: &Location) -> PathBuf {
        location.folder().join("docent.db")
    }

    /// `None`: there is no record yet.
    pub(super) fn open_for_reading(location: &Location) -> Result<Option<Connection>, RecordError> {
        let path = Self::path_in(location);
        if !path.exists() {
            return Ok(None);
        }
        let database = RecordError::database(&path);
        let connection = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(&database)?;
        connection.busy_timeout(Duration::from_secs(10)).map_err(database)?;
        Ok(Some(connection))
    }

    fn turn(&mut self, step: StepId, who: &str, at_millis: u64, redo: bool) -> Result<(), RecordError> {
        let at = journal::millis(at_millis);
        let found = self.write(|transaction| {
            let sql = "SELECT undone_at IS NOT NULL FROM step WHERE id = ?1";
            let undone: Option<bool> = transaction.query_row(sql, [step.0], |row| row.get(0)).optional()?;
            if undone == Some(redo) {
                let sql = "UPDATE step SET undone_at = ?2 WHERE id = ?1";
                transaction.execute(sql, params![step.0, (!redo).then_some(at)])?;
                let sql = "INSERT INTO undo(step, at_millis, who, redo) VALUES (?1, ?2, ?3, ?4)";
                transaction.execute(sql, params![step.0, at, who, redo])?;
            }
            Ok(undone.is_some())
        })?;
        if found { Ok(()) } else { Err(RecordError::NoSuchStep { step: step.0, path: self.path.clone() }) }
    }

    /// One durable transaction, or none of it.
    pub(super) fn write<T>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, RecordError> {
        let database = RecordError::database(&self.path);
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(&database)?;
        let done = work(&transaction).map_err(&database)?;
        transaction.commit().map_err(&database)?;
        Ok(done)
    }
}

fn setting(connection: &Connection, key: &str) -> rusqlite::Result<Option<String>> {
    connection.query_row("SELECT value FROM setting WHERE key = ?1", [key], |row| row.get(0)).optional()
}

/// Since 1970, UTC.
pub(super) fn now_millis() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

fn lock(location: &Location) -> Result<File, RecordError> {
    let path = location.folder().join("lock");
    let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(RecordError::io(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(RecordError::InUse { path }),
        Err(TryLockError::Error(error)) if error.kind() == std::io::ErrorKind::Unsupported => {
            tracing::warn!("this disk knows no locks: {error}\nFile: {}", path.display());
            Ok(file)
        }
        Err(TryLockError::Error(error)) => Err(RecordError::io(&path)(error)),
    }
}

#[cfg(test)]
mod tests;
