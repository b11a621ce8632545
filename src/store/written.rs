//! What Docent last wrote into `train.csv`, and what follows where the file says something else.
//!
//! The record is written before the file is replaced. Until the replacement is confirmed, the file may rightly
//! hold any earlier state; after that, a difference is somebody's edit outside Docent.

use std::collections::{BTreeMap, HashMap};

use rusqlite::types::{FromSqlError, Type};
use rusqlite::{Connection, Row, params};

use crate::domain::tables::TrainTable;
use crate::domain::{Annotation, AttributeId, Change, Decision, ImageId, LabelSet, Mark, Verdict};

/// One row of `train.csv` that Docent has changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// The tags before Docent changed the row; `None` without a row.
    pub base: Option<LabelSet>,
    /// The tags Docent wrote; `None` where the row was removed again.
    pub tags: Option<LabelSet>,
}

pub(super) fn read(connection: &Connection) -> rusqlite::Result<BTreeMap<ImageId, Written>> {
    connection
        .prepare_cached("SELECT image, base, tags FROM written")?
        .query_map([], |row| {
            let (base, tags) = (labels(row, 1)?, labels(row, 2)?);
            Ok((ImageId::from(row.get::<_, String>(0)?), Written { base, tags }))
        })?
        .collect()
}

/// Earlier states that the file may still hold because no replacement was confirmed since.
pub(super) fn read_unconfirmed(connection: &Connection) -> rusqlite::Result<HashMap<ImageId, Vec<Option<LabelSet>>>> {
    let mut found: HashMap<_, Vec<_>> = HashMap::new();
    let mut query = connection.prepare_cached("SELECT image, tags FROM unconfirmed")?;
    for row in query.query_map([], |row| Ok((row.get::<_, String>(0)?, labels(row, 1)?)))? {
        let (image, tags) = row?;
        found.entry(ImageId::from(image)).or_default().push(tags);
    }
    Ok(found)
}

/// The row that the file has for an image which `known` was written for.
///
/// Ids of `known` count also where the vocabulary has lost them: a missing `labels.csv` takes no tag away.
pub(super) fn row(table: &TrainTable, image: &ImageId, known: Option<&LabelSet>) -> Option<LabelSet> {
    let mut row = table.tags_of(image.as_str())?.clone();
    let missing = |id: AttributeId| known.is_some_and(|known| known.contains(id)) && !row.contains(id);
    if known.is_some_and(|known| known.iter().any(missing)) {
        let ids = table.ids_of(image.as_str()).unwrap_or_default();
        for id in ids.iter().filter(|&id| missing(id)).collect::<Vec<_>>() {
            row.insert(id);
        }
    }
    Some(row)
}

/// Inside a transaction of the caller.
pub(super) fn upsert(connection: &Connection, rows: &BTreeMap<ImageId, Written>) -> rusqlite::Result<()> {
    let before = read(connection)?;
    let mut put = connection.prepare_cached(
        "INSERT INTO written VALUES (?1, ?2, ?3) ON CONFLICT(image) DO UPDATE SET base = ?2, tags = ?3",
    )?;
    let mut keep = connection.prepare_cached("INSERT INTO unconfirmed VALUES (?1, ?2)")?;
    for (image, row) in rows {
        put.execute(params![image.as_str(), text(&row.base), text(&row.tags)])?;
        let held = before.get(image).map_or(&row.base, |before| &before.tags);
        if *held != row.tags {
            keep.execute(params![image.as_str(), text(held)])?;
        }
    }
    Ok(())
}

/// Inside a transaction of the caller: the file holds what `written` says.
pub(super) fn confirm(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM unconfirmed", []).map(drop)
}

/// The verdicts that say what somebody did to the row outside: `written` is what Docent wrote, `row` what the
/// file holds, `annotation` what the record says.
pub(super) fn outside_changes(
    image: &ImageId,
    written: &Option<LabelSet>,
    row: &Option<LabelSet>,
    annotation: &Annotation,
) -> Vec<Change> {
    let has = |tags: &Option<LabelSet>, label| tags.as_ref().is_some_and(|tags| tags.contains(label));
    let all: LabelSet = [written, row].into_iter().flatten().flat_map(LabelSet::iter).collect();
    let mut changes: Vec<Change> = all
        .iter()
        .filter(|&label| has(written, label) != has(row, label))
        .map(|attribute| {
            Change::Decide(Decision {
                image: image.clone(),
                attribute,
                verdict: if has(row, attribute) { Verdict::Accept } else { Verdict::Reject },
                before: annotation.verdict(attribute),
                proposed: None,
            })
        })
        .collect();
    // A row appeared or went: somebody says that the image is described, or that it is not.
    let marked = annotation.is_marked();
    let reviewed = match row {
        None => false,
        Some(_) => marked || !annotation.is_reviewed(),
    };
    if reviewed != marked {
        changes.push(Change::Mark(Mark { image: image.clone(), reviewed, before: marked }));
    }
    changes
}

/// Ids separated by one space; an empty text is a row without tags, NULL no row.
fn text(tags: &Option<LabelSet>) -> Option<String> {
    tags.as_ref().map(|tags| {
        let ids: Vec<String> = tags.iter().map(|id| id.to_string()).collect();
        ids.join(" ")
    })
}

fn labels(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<LabelSet>> {
    let Some(text) = row.get_ref(column)?.as_str_or_null()? else {
        return Ok(None);
    };
    text.split_ascii_whitespace().map(|id| id.parse().map(AttributeId)).collect::<Result<_, _>>().map(Some).map_err(
        |error| {
            let error = FromSqlError::Other(Box::new(error));
            rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
        },
    )
}
