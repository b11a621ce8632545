//! `cache.db`: what can be computed again. Content keys of files, thumbnails, embeddings, fingerprints, agreements.
//!
//! May be deleted at any time. Never fails: what cannot be read is not there, what cannot be written is
//! forgotten, both with a warning in the log. Not shared: each thread opens its own.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior, params};

use super::Location;
use super::error::is_damage;
use crate::domain::fingerprint::Fingerprint;

const FILE: &str = "cache.db";
const VERSION: i64 = 1;
const SCHEMA: &str = "
    CREATE TABLE content(path TEXT PRIMARY KEY, bytes INTEGER NOT NULL, modified INTEGER NOT NULL, key TEXT NOT NULL);
    CREATE TABLE thumbnail(key TEXT NOT NULL, side INTEGER NOT NULL, jpeg BLOB NOT NULL, PRIMARY KEY(key, side));
    CREATE TABLE embedding(backbone TEXT NOT NULL, key TEXT NOT NULL, vector BLOB NOT NULL, PRIMARY KEY(backbone, key));
";
/// Came later; a cache of before keeps what it has.
const FINGERPRINTS: &str =
    "CREATE TABLE IF NOT EXISTS fingerprint(key TEXT PRIMARY KEY, bytes BLOB NOT NULL) WITHOUT ROWID;";
const AGREEMENTS: &str =
    "CREATE TABLE IF NOT EXISTS agreement(key TEXT PRIMARY KEY, json TEXT NOT NULL) WITHOUT ROWID;";

pub struct Cache {
    connection: Connection,
    /// `None` in memory.
    path: Option<PathBuf>,
}

impl Cache {
    /// Creates the file where needed, starts anew where it is damaged or of another version, and works in
    /// memory where it cannot be written.
    pub fn open(location: &Location) -> Self {
        let path = location.folder().join(FILE);
        let opened = open_file(&path).or_else(|error| {
            if is_damage(&error) {
                tracing::warn!("the cache is damaged and starts anew: {error}\nFile: {}", path.display());
                remove(&path);
                open_file(&path)
            } else {
                Err(error)
            }
        });
        match opened {
            Ok(connection) => Self { connection, path: Some(path) },
            Err(error) => {
                tracing::warn!("no cache on disk: {error}\nFile: {}", path.display());
                Self::in_memory()
            }
        }
    }

    pub fn in_memory() -> Self {
        // Without a file nothing can go wrong but memory, and then the queries answer "not there".
        let connection = Connection::open_in_memory().expect("SQLite opens a database in memory");
        if let Err(error) = prepare(&connection) {
            tracing::warn!("no cache in memory: {error}");
        }
        Self { connection, path: None }
    }

    /// The content key of a file that has not changed since; `path` relative to the pictures.
    pub fn content_of(&self, path: &Path, bytes: u64, modified_millis: i64) -> Option<String> {
        let sql = "SELECT key FROM content WHERE path = ?1 AND bytes = ?2 AND modified = ?3";
        let found = self.connection.prepare_cached(sql).and_then(|mut query| {
            query.query_row(params![path_text(path)?, whole(bytes), modified_millis], |row| row.get(0)).optional()
        });
        self.answer(found).flatten()
    }

    pub fn remember_content(&self, path: &Path, bytes: u64, modified_millis: i64, key: &str) {
        let sql = "INSERT OR REPLACE INTO content VALUES (?1, ?2, ?3, ?4)";
        let done = self
            .connection
            .prepare_cached(sql)
            .and_then(|mut query| query.execute(params![path_text(path)?, whole(bytes), modified_millis, key]));
        self.answer(done);
    }

    /// JPEG bytes of the thumbnail with longest side `side`, in pixels.
    pub fn thumbnail(&self, key: &str, side: u32) -> Option<Vec<u8>> {
        let sql = "SELECT jpeg FROM thumbnail WHERE key = ?1 AND side = ?2";
        let found = self
            .connection
            .prepare_cached(sql)
            .and_then(|mut query| query.query_row(params![key, side], |row| row.get(0)).optional());
        self.answer(found).flatten()
    }

    pub fn put_thumbnail(&self, key: &str, side: u32, jpeg: &[u8]) {
        let sql = "INSERT OR REPLACE INTO thumbnail VALUES (?1, ?2, ?3)";
        let done = self.connection.prepare_cached(sql).and_then(|mut query| query.execute(params![key, side, jpeg]));
        self.answer(done);
    }

    /// As many answers as `keys`, in their order; `None` where nothing is stored.
    pub fn embeddings(&self, backbone: &str, keys: &[&str]) -> Vec<Option<Vec<f32>>> {
        let found = self.read_embeddings(backbone, keys);
        self.answer(found).unwrap_or_else(|| vec![None; keys.len()])
    }

    /// All or none, in one transaction.
    pub fn put_embeddings(&self, backbone: &str, rows: &[(String, Vec<f32>)]) {
        let done = self.write_embeddings(backbone, rows);
        self.answer(done);
    }

    /// As many answers as `keys`, in their order; `None` where nothing is stored, or another version of the program did.
    pub fn fingerprints(&self, keys: &[&str]) -> Vec<Option<Fingerprint>> {
        let read = || {
            let transaction = self.connection.unchecked_transaction()?;
            let mut query = self.connection.prepare_cached("SELECT bytes FROM fingerprint WHERE key = ?1")?;
            let mut one = |key: &&str| {
                let read = |row: &rusqlite::Row<'_>| Ok(Fingerprint::from_bytes(row.get_ref(0)?.as_blob()?));
                Ok(query.query_row([key], read).optional()?.flatten())
            };
            let found = keys.iter().map(&mut one).collect::<rusqlite::Result<_>>()?;
            transaction.commit()?;
            Ok(found)
        };
        self.answer(read()).unwrap_or_else(|| vec![None; keys.len()])
    }

    /// All or none, in one transaction.
    pub fn put_fingerprints(&self, rows: &[(String, Fingerprint)]) {
        let write = || {
            let transaction = rusqlite::Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate)?;
            let mut query = self.connection.prepare_cached("INSERT OR REPLACE INTO fingerprint VALUES (?1, ?2)")?;
            for (key, fingerprint) in rows {
                query.execute(params![key, fingerprint.to_bytes()])?;
            }
            transaction.commit()
        };
        self.answer(write());
    }

    /// What was measured of two precisions, under what it was measured of.
    pub fn agreement(&self, key: &str) -> Option<String> {
        let sql = "SELECT json FROM agreement WHERE key = ?1";
        let found = self
            .connection
            .prepare_cached(sql)
            .and_then(|mut query| query.query_row([key], |row| row.get(0)).optional());
        self.answer(found).flatten()
    }

    pub fn put_agreement(&self, key: &str, json: &str) {
        let sql = "INSERT OR REPLACE INTO agreement VALUES (?1, ?2)";
        let done = self.connection.prepare_cached(sql).and_then(|mut query| query.execute([key, json]));
        self.answer(done);
    }

    fn read_embeddings(&self, backbone: &str, keys: &[&str]) -> rusqlite::Result<Vec<Option<Vec<f32>>>> {
        // One read transaction for all keys: taking and leaving the lock costs more than the look-up.
        let transaction = self.connection.unchecked_transaction()?;
        let sql = "SELECT vector FROM embedding WHERE backbone = ?1 AND key = ?2";
        let mut query = self.connection.prepare_cached(sql)?;
        let found = keys
            .iter()
            .map(|key| query.query_row(params![backbone, key], |row| Ok(floats(row.get_ref(0)?.as_blob()?))).optional())
            .collect::<rusqlite::Result<_>>()?;
        transaction.commit()?;
        Ok(found)
    }

    fn write_embeddings(&self, backbone: &str, rows: &[(String, Vec<f32>)]) -> rusqlite::Result<()> {
        let transaction = rusqlite::Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate)?;
        let sql = "INSERT OR REPLACE INTO embedding VALUES (?1, ?2, ?3)";
        let mut query = self.connection.prepare_cached(sql)?;
        for (key, vector) in rows {
            let blob: Vec<u8> = vector.iter().flat_map(|value| value.to_le_bytes()).collect();
            query.execute(params![backbone, key, blob])?;
        }
        transaction.commit()
    }

    /// A file that turns out damaged while in use is removed, so that the next start has a new one.
    fn answer<T>(&self, found: rusqlite::Result<T>) -> Option<T> {
        found
            .inspect_err(|error| {
                tracing::warn!("the cache did not answer: {error}");
                if let Some(path) = self.path.as_deref().filter(|_| is_damage(error)) {
                    remove(path);
                }
            })
            .ok()
    }
}

fn open_file(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    prepare(&connection)?;
    Ok(connection)
}

fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.pragma_update(None, "synchronous", "OFF")?;
    // Fails where another thread is doing the same right now, or where the disk has no shared memory.
    if let Err(error) = connection.pragma_update(None, "journal_mode", "WAL")
        && is_damage(&error)
    {
        return Err(error);
    }
    let transaction = rusqlite::Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if version != VERSION {
        for table in ["content", "thumbnail", "embedding", "fingerprint", "agreement"] {
            connection.execute_batch(&format!("DROP TABLE IF EXISTS {table}"))?;
        }
        connection.execute_batch(SCHEMA)?;
        connection.pragma_update(None, "user_version", VERSION)?;
    }
    connection.execute_batch(FINGERPRINTS)?;
    connection.execute_batch(AGREEMENTS)?;
    transaction.commit()
}

fn remove(path: &Path) {
    for suffix in ["", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        // Not there, or not ours to remove: opening it tells.
        std::fs::remove_file(name).unwrap_or_default();
    }
}

/// A name that is not Unicode is not cached: two of them could look the same.
fn path_text(path: &Path) -> rusqlite::Result<&str> {
    path.to_str().ok_or_else(|| rusqlite::Error::InvalidPath(path.to_path_buf()))
}

fn whole(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

fn floats(blob: &[u8]) -> Vec<f32> {
    blob.as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    fn location() -> (tempfile::TempDir, Location) {
        let root = tempfile::tempdir().unwrap();
        let location = Location::of(root.path()).unwrap();
        (root, location)
    }

    #[test]
    fn what_was_put_is_found_after_opening_again() {
        let (_root, location) = location();
        let path = Path::new("a/ü.jpg");
        {
            let cache = Cache::open(&location);
            cache.remember_content(path, 10, -5, "k1");
            cache.remember_content(path, 11, 7, "k2");
            cache.put_thumbnail("k2", 256, b"jpeg");
            cache.put_embeddings("net", &[("k2".into(), vec![1.5, f32::MIN])]);
            cache.put_agreement("net on these pictures", "{}");
        }
        let cache = Cache::open(&location);
        assert_eq!(cache.content_of(path, 11, 7).as_deref(), Some("k2"));
        for (bytes, modified) in [(10, -5), (11, 8), (12, 7)] {
            assert_eq!(cache.content_of(path, bytes, modified), None);
        }
        assert_eq!(cache.thumbnail("k2", 256).as_deref(), Some(&b"jpeg"[..]));
        assert_eq!(cache.thumbnail("k2", 128), None);
        assert_eq!(cache.embeddings("net", &["k2"]), [Some(vec![1.5, f32::MIN])]);
        assert_eq!(cache.embeddings("other", &["k2"]), [None]);
        assert_eq!(cache.agreement("net on these pictures").as_deref(), Some("{}"));
        assert_eq!(cache.agreement("net on others"), None);
    }

    #[test]
    fn embeddings_come_in_the_order_of_the_keys_with_gaps() {
        let cache = Cache::in_memory();
        cache.put_embeddings("net", &[("a".into(), vec![1.0]), ("b".into(), vec![2.0])]);
        let found = cache.embeddings("net", &["b", "missing", "a", "b"]);
        assert_eq!(found, [Some(vec![2.0]), None, Some(vec![1.0]), Some(vec![2.0])]);
    }

    #[test]
    fn fingerprints_come_into_a_cache_of_before_and_leave_what_it_has() {
        let (_root, location) = location();
        let cache = Cache::open(&location);
        cache.put_thumbnail("k", 1, b"x");
        cache.connection.execute_batch("DROP TABLE fingerprint").unwrap();
        drop(cache);
        let cache = Cache::open(&location);
        let fingerprint = Fingerprint { across: 1, down: 2, grey: [3; 256], color: [[4; 64], [5; 64]] };
        cache.put_fingerprints(&[("a".into(), fingerprint.clone())]);
        assert_eq!(cache.fingerprints(&["b", "a"]), [None, Some(fingerprint)]);
        assert_eq!(cache.thumbnail("k", 1).as_deref(), Some(&b"x"[..]));
    }

    #[test]
    fn a_damaged_cache_starts_anew() {
        let (_root, location) = location();
        let path = location.folder().join(FILE);
        Cache::open(&location).put_thumbnail("k", 1, b"x");
        for length in [100, 20_000] {
            std::fs::File::create(&path).unwrap();
            crate::base::fs::write_atomic(&path, &vec![b'?'; length]).unwrap();
            let cache = Cache::open(&location);
            assert_eq!(cache.thumbnail("k", 1), None);
            cache.put_thumbnail("k", 1, b"y");
            drop(cache);
            let again = Cache::open(&location);
            assert!(again.path.is_some());
            assert_eq!(again.thumbnail("k", 1).as_deref(), Some(&b"y"[..]));
        }
    }

    #[test]
    fn without_a_place_on_disk_it_works_in_memory() {
        let root = tempfile::tempdir().unwrap();
        let cache = Cache::open(&Location::for_reading(&root.path().join("nothing")));
        cache.put_thumbnail("k", 1, b"y");
        assert_eq!(cache.thumbnail("k", 1).as_deref(), Some(&b"y"[..]));
    }

    #[test]
    fn two_connections_write_at_the_same_time() {
        let (_root, location) = location();
        let write = |name: &str| {
            let cache = Cache::open(&location);
            assert!(cache.path.is_some());
            for i in 0..50 {
                cache.put_embeddings("net", &[(format!("{name}{i}"), vec![1.0; 8])]);
            }
        };
        rayon::join(|| write("a"), || write("b"));
        let keys: Vec<String> = (0..50).flat_map(|i| [format!("a{i}"), format!("b{i}")]).collect();
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        let found = Cache::open(&location).embeddings("net", &keys);
        assert_eq!(found.iter().flatten().count(), 100);
    }

    #[test]
    fn two_thousand_embeddings_are_read_in_a_moment() {
        let (_root, location) = location();
        let rows: Vec<_> = (0..2000_u16).map(|i| (format!("{i:064}"), vec![f32::from(i); 1280])).collect();
        Cache::open(&location).put_embeddings("net", &rows);
        let keys: Vec<&str> = rows.iter().map(|(key, _)| key.as_str()).collect();
        let started = Instant::now();
        let found = Cache::open(&location).embeddings("net", &keys);
        eprintln!("2,000 embeddings of 1,280 read in {:?}", started.elapsed());
        assert!(rows.iter().zip(&found).all(|((_, row), found)| found.as_ref() == Some(row)));
    }
}
