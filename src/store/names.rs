//! The vocabulary that holds now: what `labels.csv` says, with the record's edits over it.
//!
//! The counterpart of `held` and `written` for names. The record is written before the file is replaced; until the
//! replacement is confirmed, the file may rightly hold an earlier name, after that a difference is somebody's edit.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rusqlite::{Connection, params};

use super::{edits, journal, schema};
use crate::domain::tables::LabelsTable;
use crate::domain::{AttributeId, Edit, Label, Standing, Step, Vocabulary};

/// A line of `labels.csv` that Docent has changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct NameWritten {
    /// The field before Docent changed it, as it was in the file, and the name it says; `None`: there was no line.
    pub(super) base: Option<(Vec<u8>, String)>,
    /// The name Docent wrote; `None` where the line was taken out again.
    pub(super) name: Option<String>,
}

pub(super) struct Names {
    pub(super) vocabulary: Vocabulary,
    pub(super) written: BTreeMap<AttributeId, NameWritten>,
    /// What somebody changed in the file outside Docent; already in `vocabulary`.
    pub(super) outside: Step,
    /// Whether `written` and `outside` are news to the record.
    pub(super) differs: bool,
}

/// `table` is what `labels.csv` says; one that is not understood says nothing, and takes nothing away.
pub(super) fn read(connection: &Connection, table: &LabelsTable) -> rusqlite::Result<Names> {
    let mut written = read_written(connection)?;
    let unconfirmed = read_unconfirmed(connection)?;
    let mut vocabulary = decided(connection, table.vocabulary(), &written, false)?;
    let (outside, differs) = take_up(table, &mut written, &unconfirmed, &mut vocabulary);
    Ok(Names { vocabulary, written, outside, differs: differs || !unconfirmed.is_empty() })
}

/// What the record's edits make of these labels. `foreign`: they may be those of another folder, so that a label that this
/// record made keeps the name that it has here.
fn decided(
    connection: &Connection,
    base: &Vocabulary,
    written: &BTreeMap<AttributeId, NameWritten>,
    foreign: bool,
) -> rusqlite::Result<Vocabulary> {
    let steps = journal::edits(connection)?;
    let typed = typed_labels(connection)?;
    let created = || steps.iter().flat_map(|(_, step, _)| &step.edits).filter_map(made);
    let first: HashMap<AttributeId, &Label> = typed.iter().chain(created()).map(|label| (label.id, label)).collect();
    let mut vocabulary = Vocabulary::default();
    for label in base.labels() {
        let name = match written.get(&label.id) {
            None if foreign => first.get(&label.id).map_or(&label.name, |label| &label.name),
            None => &label.name,
            Some(NameWritten { base: Some((_, name)), .. }) => name,
            Some(NameWritten { base: None, .. }) => first.get(&label.id).map_or(&label.name, |label| &label.name),
        };
        vocabulary.push(Label { id: label.id, name: name.clone() });
    }
    for label in &typed {
        vocabulary.push(label.clone());
    }
    // First, whether or not the file has lost their lines already.
    for label in steps.iter().filter(|(.., undone)| *undone).flat_map(|(_, step, _)| &step.edits).filter_map(made) {
        let (standing, before) = (Standing::Absent, Standing::Offered);
        vocabulary.apply(&Edit::Stand { label: label.clone(), standing, before });
    }
    for (_, step, _) in steps.iter().filter(|(.., undone)| !undone) {
        step.edit(&mut vocabulary, false);
    }
    Ok(vocabulary)
}

/// The vocabulary of another record, whose `labels.csv` may not be at hand: then `base` is that of this collection.
pub(super) fn of_other(connection: &Connection, base: &Vocabulary) -> rusqlite::Result<Vocabulary> {
    decided(connection, base, &read_written(connection)?, true)
}

fn made(edit: &Edit) -> Option<&Label> {
    match edit {
        Edit::Stand { label, before: Standing::Absent, .. } => Some(label),
        _ => None,
    }
}

/// Makes edits of what somebody changed in the lines that Docent has written. A line that is gone is written again.
/// Whether anything differs.
pub(super) fn take_up(
    table: &LabelsTable,
    written: &mut BTreeMap<AttributeId, NameWritten>,
    unconfirmed: &HashMap<AttributeId, Vec<Option<String>>>,
    vocabulary: &mut Vocabulary,
) -> (Step, bool) {
    let (mut outside, mut differs) = (Step::default(), false);
    for (&id, known) in written.iter_mut().filter(|_| table.is_readable()) {
        let on_disk = table.vocabulary().get(id).map(|label| label.name.clone());
        if on_disk == known.name {
            continue;
        }
        let is_ours = unconfirmed.get(&id).is_some_and(|earlier| earlier.contains(&on_disk));
        if let (Some(name), Some(label), false) = (&on_disk, vocabulary.get(id).cloned(), is_ours) {
            let mut edits = Vec::new();
            if vocabulary.standing(id) == Standing::Absent {
                edits.push(Edit::create(label.clone()));
            }
            if label.name != *name {
                edits.push(Edit::Rename { attribute: id, name: name.clone(), before: label.name });
            }
            edits.iter().for_each(|edit| vocabulary.apply(edit));
            outside.edits.extend(edits);
        }
        if on_disk.is_some() || is_ours {
            known.name = on_disk;
            differs = true;
        }
    }
    (outside, differs)
}

/// Labels that the record has a say on: those it made, and those it renamed.
pub(super) fn own(connection: &Connection) -> rusqlite::Result<(BTreeSet<AttributeId>, BTreeSet<AttributeId>)> {
    let mut created: BTreeSet<_> = typed_labels(connection)?.into_iter().map(|label| label.id).collect();
    let mut renamed = BTreeSet::new();
    for (_, edit) in edits::read(connection)? {
        match edit {
            Edit::Stand { label, before: Standing::Absent, .. } => created.insert(label.id),
            Edit::Rename { attribute, .. } => renamed.insert(attribute),
            _ => false,
        };
    }
    Ok((created, renamed))
}

/// Labels made while tagging, in the order of their ids.
fn typed_labels(connection: &Connection) -> rusqlite::Result<Vec<Label>> {
    if !schema::has_table(connection, "label")? {
        return Ok(Vec::new());
    }
    let mut query = connection.prepare_cached("SELECT id, name FROM label ORDER BY id")?;
    query.query_map([], |row| Ok(Label::new(row.get(0)?, row.get::<_, String>(1)?)))?.collect()
}

pub(super) fn read_written(connection: &Connection) -> rusqlite::Result<BTreeMap<AttributeId, NameWritten>> {
    if !schema::has_table(connection, "label_written")? {
        return Ok(BTreeMap::new());
    }
    let mut query = connection.prepare_cached("SELECT id, base, base_name, name FROM label_written")?;
    query
        .query_map([], |row| {
            let (base, name): (Option<Vec<u8>>, Option<String>) = (row.get(1)?, row.get(2)?);
            Ok((AttributeId(row.get(0)?), NameWritten { base: base.zip(name), name: row.get(3)? }))
        })?
        .collect()
}

/// Earlier names that the file may still hold because no replacement was confirmed since.
pub(super) fn read_unconfirmed(connection: &Connection) -> rusqlite::Result<HashMap<AttributeId, Vec<Option<String>>>> {
    let mut found: HashMap<_, Vec<_>> = HashMap::new();
    if schema::has_table(connection, "label_unconfirmed")? {
        let mut query = connection.prepare_cached("SELECT id, name FROM label_unconfirmed")?;
        for row in query.query_map([], |row| Ok((AttributeId(row.get(0)?), row.get(1)?)))? {
            let (id, name) = row?;
            found.entry(id).or_default().push(name);
        }
    }
    Ok(found)
}

/// Inside a transaction of the caller, before the file is replaced.
pub(super) fn upsert(connection: &Connection, rows: &BTreeMap<AttributeId, NameWritten>) -> rusqlite::Result<()> {
    let before = read_written(connection)?;
    let mut put = connection.prepare_cached("INSERT OR REPLACE INTO label_written VALUES (?1, ?2, ?3, ?4)")?;
    let mut keep = connection.prepare_cached("INSERT INTO label_unconfirmed VALUES (?1, ?2)")?;
    for (id, row) in rows {
        let (base, base_name) = row.base.as_ref().map(|(base, name)| (base, name)).unzip();
        put.execute(params![id.0, base, base_name, row.name])?;
        let held = before.get(id).map_or_else(|| base_name.cloned(), |before| before.name.clone());
        if held != row.name {
            keep.execute(params![id.0, held])?;
        }
    }
    Ok(())
}

/// Inside a transaction of the caller: the file holds what was written.
pub(super) fn confirm(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM label_unconfirmed", []).map(drop)
}
