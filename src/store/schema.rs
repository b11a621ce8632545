//! The tables of `docent.db`, and how an older file is brought up to date.
//!
//! Nothing is ever deleted from `step`, `decision`, `mark`, `flag`, `edit`, `heard` and `undo`: they say who did what, and who took
//! it back.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::RecordError;

/// The version that this program writes (`PRAGMA user_version`).
pub(super) const VERSION: i64 = 5;

/// The step from each version to the next; the first one starts from an empty file.
const MIGRATIONS: [&str; VERSION as usize] = [
    "
    CREATE TABLE step(id INTEGER PRIMARY KEY AUTOINCREMENT, at_millis INTEGER NOT NULL, who TEXT NOT NULL,
        undone_at INTEGER);
    CREATE TABLE decision(step INTEGER NOT NULL REFERENCES step(id), position INTEGER NOT NULL, image TEXT NOT NULL,
        attribute INTEGER NOT NULL, verdict TEXT NOT NULL CHECK (verdict IN ('accept', 'reject', 'clear')),
        before TEXT NOT NULL CHECK (before IN ('accept', 'reject', 'clear')), model TEXT, probability REAL,
        PRIMARY KEY(step, position)) WITHOUT ROWID;
    CREATE TABLE mark(step INTEGER NOT NULL REFERENCES step(id), position INTEGER NOT NULL, image TEXT NOT NULL,
        reviewed INTEGER NOT NULL, before INTEGER NOT NULL, PRIMARY KEY(step, position)) WITHOUT ROWID;
    CREATE TABLE undo(id INTEGER PRIMARY KEY AUTOINCREMENT, step INTEGER NOT NULL REFERENCES step(id),
        at_millis INTEGER NOT NULL, who TEXT NOT NULL, redo INTEGER NOT NULL);
    CREATE TABLE written(image TEXT PRIMARY KEY, base TEXT, tags TEXT) WITHOUT ROWID;
    CREATE TABLE unconfirmed(image TEXT NOT NULL REFERENCES written(image), tags TEXT);
    CREATE INDEX unconfirmed_image ON unconfirmed(image);
    CREATE TABLE setting(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    ",
    "CREATE TABLE label(id INTEGER PRIMARY KEY, name TEXT NOT NULL);",
    // `after` and `before`: standings of a label, the name before, ids that an alias stands for.
    "
    CREATE TABLE edit(step INTEGER NOT NULL REFERENCES step(id), position INTEGER NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('stand', 'rename', 'alias')), attribute INTEGER, name TEXT NOT NULL,
        after TEXT, before TEXT, PRIMARY KEY(step, position)) WITHOUT ROWID;
    CREATE TABLE label_written(id INTEGER PRIMARY KEY, base BLOB, base_name TEXT, name TEXT);
    CREATE TABLE label_unconfirmed(id INTEGER NOT NULL REFERENCES label_written(id), name TEXT);
    ",
    // A step of before gets a key that follows from it, so that it is the same in every copy of the record. `heard`: what
    // another record said, by the step that merged it; `position`: the change it became; `held_*`: what it contradicts.
    "
    ALTER TABLE step ADD COLUMN key TEXT;
    UPDATE step SET key = id || '.' || at_millis || '.' || who;
    CREATE TABLE heard(step INTEGER NOT NULL REFERENCES step(id), nth INTEGER NOT NULL, image TEXT NOT NULL,
        attribute INTEGER, verdict TEXT NOT NULL CHECK (verdict IN ('accept', 'reject', 'clear')), who TEXT NOT NULL,
        at_millis INTEGER NOT NULL, key TEXT NOT NULL, position INTEGER, held_present INTEGER, held_who TEXT,
        held_at INTEGER, by_review INTEGER NOT NULL, PRIMARY KEY(step, nth)) WITHOUT ROWID;
    CREATE INDEX heard_position ON heard(step, position);
    ",
    "
    CREATE TABLE flag(step INTEGER NOT NULL REFERENCES step(id), position INTEGER NOT NULL, image TEXT NOT NULL,
        flagged INTEGER NOT NULL, before INTEGER NOT NULL, PRIMARY KEY(step, position)) WITHOUT ROWID;
    ",
];

/// Looks before it writes: a damaged or newer file is refused with its bytes unchanged.
pub(super) fn prepare(connection: &mut Connection, path: &Path) -> Result<(), RecordError> {
    let database = RecordError::database(path);
    let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(&database)?;
    if VERSION < found {
        return Err(RecordError::Newer { found, known: VERSION, path: path.to_path_buf() });
    }
    let damaged = |reason: String| RecordError::Damaged { reason, path: path.to_path_buf() };
    let check: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).map_err(&database)?;
    if check != "ok" {
        return Err(damaged(check));
    }
    let n_tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0)).map_err(&database)?;
    let done = usize::try_from(found).map_err(|error| damaged(format!("version {found}: {error}")))?;
    if (done == 0) != (n_tables == 0) {
        return Err(damaged("these are not the tables of a record".to_owned()));
    }
    migrate(connection, done).map_err(&database)
}

/// Whether a record that is only read, and may be older, has a table.
pub(super) fn has_table(connection: &Connection, name: &str) -> rusqlite::Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?1)";
    connection.query_row(sql, [name], |row| row.get(0))
}

fn migrate(connection: &mut Connection, done: usize) -> rusqlite::Result<()> {
    // A disk without shared memory answers with another journal, which is as durable.
    let _journal: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    if done < MIGRATIONS.len() {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for migration in &MIGRATIONS[done..] {
            transaction.execute_batch(migration)?;
        }
        transaction.pragma_update(None, "user_version", VERSION)?;
        transaction.commit()?;
    }
    Ok(())
}
