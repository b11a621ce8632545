//! Steps in the database: written whole, read back in the order in which they were taken.

use std::collections::BTreeMap;

use rusqlite::types::{FromSqlError, Type};
use rusqlite::{Connection, Row, params};

use super::{StepId, edits, schema};
use crate::domain::{AttributeId, Change, Decision, Flag, ImageId, Mark, Step, Verdict};

pub(super) fn millis(at: u64) -> i64 {
    i64::try_from(at).unwrap_or(i64::MAX)
}

/// Inside a transaction of the caller.
pub(super) fn insert(connection: &Connection, step: &Step, who: &str, at_millis: u64) -> rusqlite::Result<StepId> {
    // The key is the step's own in every record that will ever hear of it.
    let sql = "INSERT INTO step(at_millis, who, key) VALUES (?1, ?2, lower(hex(randomblob(16))))";
    connection.execute(sql, params![millis(at_millis), who])?;
    let id = connection.last_insert_rowid();
    edits::insert(connection, id, &step.edits)?;
    let mut decide = connection.prepare_cached("INSERT INTO decision VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")?;
    let mut mark_as = connection.prepare_cached("INSERT INTO mark VALUES (?1, ?2, ?3, ?4, ?5)")?;
    let mut put_aside = connection.prepare_cached("INSERT INTO flag VALUES (?1, ?2, ?3, ?4, ?5)")?;
    for (position, change) in (0_i64..).zip(&step.changes) {
        let image = change.image().as_str();
        match change {
            Change::Decide(decision) => {
                let (model, probability) = decision.proposed.as_ref().map(|(model, p)| (model, f64::from(*p))).unzip();
                decide.execute(params![
                    id,
                    position,
                    image,
                    decision.attribute.0,
                    verdict_text(decision.verdict),
                    verdict_text(decision.before),
                    model,
                    probability
                ])?;
            }
            Change::Mark(mark) => {
                mark_as.execute(params![id, position, image, mark.reviewed, mark.before])?;
            }
            Change::Flag(flag) => {
                put_aside.execute(params![id, position, image, flag.flagged, flag.before])?;
            }
        }
    }
    Ok(StepId(id))
}

/// Oldest first; the flag says that the step is taken back.
pub(super) fn steps(connection: &Connection) -> rusqlite::Result<Vec<(StepId, Step, bool)>> {
    let mut changes: BTreeMap<(i64, i64), Change> = BTreeMap::new();
    let mut query = connection
        .prepare_cached("SELECT step, position, image, attribute, verdict, before, model, probability FROM decision")?;
    for row in query.query_map([], |row| Ok(((row.get(0)?, row.get(1)?), Change::Decide(decision(row)?))))? {
        let (key, change) = row?;
        changes.insert(key, change);
    }
    let mut query = connection.prepare_cached("SELECT step, position, image, reviewed, before FROM mark")?;
    for row in query.query_map([], |row| Ok(((row.get(0)?, row.get(1)?), Change::Mark(mark(row)?))))? {
        let (key, change) = row?;
        changes.insert(key, change);
    }
    // A record that is only read may be of a version without flags.
    if schema::has_table(connection, "flag")? {
        let mut query = connection.prepare_cached("SELECT step, position, image, flagged, before FROM flag")?;
        for row in query.query_map([], |row| Ok(((row.get(0)?, row.get(1)?), Change::Flag(flag(row)?))))? {
            let (key, change) = row?;
            changes.insert(key, change);
        }
    }
    let mut query = connection.prepare_cached("SELECT id, undone_at IS NOT NULL FROM step ORDER BY id")?;
    let mut steps = query
        .query_map([], |row| Ok((StepId(row.get(0)?), Step::default(), row.get(1)?)))?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    deal(&mut steps, changes, |step, change| step.changes.push(change));
    deal(&mut steps, edits::read(connection)?, |step, edit| step.edits.push(edit));
    Ok(steps)
}

/// The same of steps that edit the vocabulary, with their edits alone: they are few among many decisions.
pub(super) fn edits(connection: &Connection) -> rusqlite::Result<Vec<(StepId, Step, bool)>> {
    let edits = edits::read(connection)?;
    if edits.is_empty() {
        return Ok(Vec::new());
    }
    let sql = "SELECT id, undone_at IS NOT NULL FROM step WHERE id IN (SELECT step FROM edit) ORDER BY id";
    let mut query = connection.prepare_cached(sql)?;
    let mut steps = query
        .query_map([], |row| Ok((StepId(row.get(0)?), Step::default(), row.get(1)?)))?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    deal(&mut steps, edits, |step, edit| step.edits.push(edit));
    Ok(steps)
}

/// Both ascend by step, so one walk deals all out.
fn deal<T>(
    steps: &mut [(StepId, Step, bool)],
    parts: impl IntoIterator<Item = ((i64, i64), T)>,
    put: impl Fn(&mut Step, T),
) {
    let mut at = 0;
    for ((id, _), part) in parts {
        while at < steps.len() && steps[at].0 < StepId(id) {
            at += 1;
        }
        if let Some((found, step, _)) = steps.get_mut(at)
            && found.0 == id
        {
            put(step, part);
        }
    }
}

fn decision(row: &Row<'_>) -> rusqlite::Result<Decision> {
    let model: Option<String> = row.get(6)?;
    let probability: Option<f64> = row.get(7)?;
    Ok(Decision {
        image: ImageId::from(row.get::<_, String>(2)?),
        attribute: AttributeId(row.get(3)?),
        verdict: verdict(row, 4)?,
        before: verdict(row, 5)?,
        // SQLite keeps NaN as NULL.
        proposed: model.map(|model| (model, probability.map_or(f32::NAN, |p| p as f32))),
    })
}

fn mark(row: &Row<'_>) -> rusqlite::Result<Mark> {
    Ok(Mark { image: ImageId::from(row.get::<_, String>(2)?), reviewed: row.get(3)?, before: row.get(4)? })
}

fn flag(row: &Row<'_>) -> rusqlite::Result<Flag> {
    Ok(Flag { image: ImageId::from(row.get::<_, String>(2)?), flagged: row.get(3)?, before: row.get(4)? })
}

pub(super) fn verdict_text(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Accept => "accept",
        Verdict::Reject => "reject",
        Verdict::Clear => "clear",
    }
}

pub(super) fn verdict(row: &Row<'_>, column: usize) -> rusqlite::Result<Verdict> {
    match row.get_ref(column)?.as_str()? {
        "accept" => Ok(Verdict::Accept),
        "reject" => Ok(Verdict::Reject),
        "clear" => Ok(Verdict::Clear),
        _ => Err(rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(FromSqlError::InvalidType))),
    }
}
