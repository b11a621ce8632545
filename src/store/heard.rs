//! What other curators' records said, as this record has heard it: what was taken, what agrees, what contradicts.
//!
//! Belongs to the step that merged it, and is taken back with it. Who said a change that was taken, and when, is here; the
//! step itself is signed by whoever merged.

use std::collections::{BTreeSet, HashMap};

use rusqlite::{Connection, Row, params};

use super::journal::{self, millis, verdict, verdict_text};
use super::{StepId, schema};
use crate::domain::agreement::Judgement;
use crate::domain::curator::FILES;
use crate::domain::merging::{Came, Contested, Heard, Said, Words};
use crate::domain::{AttributeId, ImageId, Step, Verdict};

/// A tag on which another curator's word contradicts what held here when it was merged.
#[derive(Debug, Clone, PartialEq)]
pub struct Conflict {
    /// The merge.
    pub step: StepId,
    pub image: ImageId,
    pub attribute: AttributeId,
    /// Whether the other says that the image has the tag.
    pub wanted: bool,
    pub who: String,
    pub at_millis: u64,
    pub held: Contested,
    /// Whether the merge holds.
    pub is_merged: bool,
    /// Later steps that hold and settle it: somebody accepted or rejected the tag, or the other said something else.
    pub answers: BTreeSet<StepId>,
}

impl Conflict {
    pub fn is_open(&self) -> bool {
        self.is_merged && self.answers.is_empty()
    }
}

/// How a query over decisions or marks learns who said each, and when.
pub(super) struct Speaker {
    pub(super) who: &'static str,
    pub(super) at: &'static str,
    pub(super) join: String,
}

/// `table`: `decision` or `mark`.
pub(super) fn speaker(connection: &Connection, table: &str) -> rusqlite::Result<Speaker> {
    if !schema::has_table(connection, "heard")? {
        return Ok(Speaker { who: "step.who", at: "step.at_millis", join: String::new() });
    }
    Ok(Speaker {
        who: "coalesce(heard.who, step.who)",
        at: "coalesce(heard.at_millis, step.at_millis)",
        join: format!("LEFT JOIN heard ON heard.step = {table}.step AND heard.position = {table}.position"),
    })
}

/// Inside a transaction of the caller, after the step itself.
pub(super) fn insert(connection: &Connection, step: StepId, heard: &[Heard]) -> rusqlite::Result<()> {
    let mut put = connection
        .prepare_cached("INSERT INTO heard VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)")?;
    for (nth, Heard { spot: (image, attribute), said, came }) in (0_i64..).zip(heard) {
        let (position, held) = match came {
            Came::Taken { change } => (Some(*change as i64), None),
            Came::Agrees => (None, None),
            Came::Contradicts(held) => (None, Some(held)),
        };
        put.execute(params![
            step.0,
            nth,
            image.as_str(),
            attribute.map(|id| id.0),
            verdict_text(said.verdict),
            said.who,
            millis(said.at_millis),
            said.key,
            position,
            held.map(|held| held.is_present),
            held.map(|held| &held.who),
            held.map(|held| millis(held.at_millis)),
            held.is_some_and(|held| held.by_review)
        ])?;
    }
    Ok(())
}

/// Of a record of this version.
pub(super) fn words(connection: &Connection) -> rusqlite::Result<Words> {
    let mut words = Words::default();
    for (table, columns) in
        [("decision", "decision.attribute, decision.verdict"), ("mark", "NULL, iif(reviewed, 'accept', 'clear')")]
    {
        let Speaker { who, at, join } = speaker(connection, table)?;
        let proposed = if table == "decision" { "model, probability" } else { "NULL, NULL" };
        let mut query = connection.prepare(&format!(
            "SELECT {table}.image, {columns}, {who}, {at}, coalesce(heard.key, step.key), {proposed}
             FROM {table} JOIN step ON step.id = {table}.step {join}
             WHERE undone_at IS NULL ORDER BY {table}.step, {table}.position"
        ))?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let proposed = row.get::<_, Option<String>>(6)?.zip(row.get::<_, Option<f64>>(7)?);
            let said = Said {
                verdict: verdict(row, 2)?,
                who: row.get(3)?,
                at_millis: at_millis(row, 4)?,
                key: row.get(5)?,
                proposed: proposed.map(|(model, probability)| (model, probability as f32)),
            };
            words.last.insert(spot(row)?, said);
        }
    }
    let mut query = connection.prepare("SELECT key FROM step")?;
    words.own = query.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let sql = "SELECT image, attribute, heard.key FROM heard JOIN step ON step.id = heard.step WHERE undone_at IS NULL";
    let mut query = connection.prepare(sql)?;
    words.heard = query.query_map([], |row| Ok((row.get(2)?, spot(row)?)))?.collect::<rusqlite::Result<_>>()?;
    let mut query = connection.prepare(
        "SELECT key, undo.who, undo.at_millis FROM step JOIN undo ON undo.step = step.id
         WHERE undone_at IS NOT NULL AND NOT redo ORDER BY undo.id",
    )?;
    let back = query.query_map([], |row| Ok((row.get(0)?, (row.get(1)?, at_millis(row, 2)?))))?;
    words.taken_back = back.collect::<rusqlite::Result<_>>()?;
    Ok(words)
}

/// Settled ones too: undo may open them again. Oldest first.
pub(super) fn conflicts(connection: &Connection) -> rusqlite::Result<Vec<Conflict>> {
    let mut query = connection.prepare(
        "SELECT image, attribute, verdict, heard.who, heard.at_millis, heard.step, held_present, held_who, held_at, by_review,
         undone_at IS NULL FROM heard JOIN step ON step.id = heard.step
         WHERE held_present IS NOT NULL AND attribute IS NOT NULL ORDER BY heard.step, nth",
    )?;
    let conflict = |row: &Row<'_>| {
        Ok(Conflict {
            step: StepId(row.get(5)?),
            image: ImageId::from(row.get::<_, String>(0)?),
            attribute: AttributeId(row.get(1)?),
            wanted: verdict(row, 2)? == Verdict::Accept,
            who: row.get(3)?,
            at_millis: at_millis(row, 4)?,
            held: Contested {
                is_present: row.get(6)?,
                who: row.get::<_, Option<String>>(7)?.unwrap_or_default(),
                at_millis: row.get::<_, Option<i64>>(8)?.unwrap_or(0).try_into().unwrap_or(0),
                by_review: row.get(9)?,
            },
            is_merged: row.get(10)?,
            answers: BTreeSet::new(),
        })
    };
    let mut conflicts: Vec<Conflict> = query.query_map([], conflict)?.collect::<rusqlite::Result<_>>()?;
    if conflicts.is_empty() {
        return Ok(conflicts);
    }
    let mut about: HashMap<_, Vec<usize>> = HashMap::new();
    for (at, conflict) in conflicts.iter().enumerate() {
        about.entry((conflict.image.clone(), Some(conflict.attribute))).or_default().push(at);
    }
    // A decision answers all before it, a later word of another curator those with the same curator.
    let mut query = connection.prepare(
        "SELECT image, attribute, step, NULL FROM decision JOIN step ON step.id = decision.step
         WHERE undone_at IS NULL AND verdict <> 'clear'
         UNION ALL SELECT image, attribute, step, heard.who FROM heard JOIN step ON step.id = heard.step
         WHERE undone_at IS NULL AND attribute IS NOT NULL",
    )?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let (step, who): (_, Option<String>) = (StepId(row.get(2)?), row.get(3)?);
        for &at in about.get(&spot(row)?).into_iter().flatten() {
            let conflict = &mut conflicts[at];
            if conflict.step < step && who.as_ref().is_none_or(|who| *who == conflict.who) {
                conflict.answers.insert(step);
            }
        }
    }
    Ok(conflicts)
}

/// All that curators said and did not take back, oldest first.
pub(super) fn judgements(connection: &Connection) -> rusqlite::Result<Vec<Judgement>> {
    let mut query = connection.prepare(
        "SELECT decision.image, decision.attribute, decision.verdict, coalesce(heard.who, step.who),
            coalesce(heard.at_millis, step.at_millis) AS at, decision.step AS step_of
         FROM decision JOIN step ON step.id = decision.step
         LEFT JOIN heard ON heard.step = decision.step AND heard.position = decision.position WHERE undone_at IS NULL
         UNION ALL
         SELECT mark.image, NULL, iif(reviewed, 'accept', 'clear'), coalesce(heard.who, step.who),
            coalesce(heard.at_millis, step.at_millis), mark.step
         FROM mark JOIN step ON step.id = mark.step
         LEFT JOIN heard ON heard.step = mark.step AND heard.position = mark.position WHERE undone_at IS NULL
         UNION ALL
         SELECT image, attribute, verdict, heard.who, heard.at_millis, heard.step
         FROM heard JOIN step ON step.id = heard.step WHERE undone_at IS NULL AND position IS NULL AND NOT by_review
         ORDER BY at, step_of",
    )?;
    let mut judgements = Vec::new();
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let (image, attribute) = spot(row)?;
        let who: String = row.get(3)?;
        if !FILES.contains(&who.as_str()) {
            judgements.push(Judgement { who, image, attribute, verdict: verdict(row, 2)? });
        }
    }
    Ok(judgements)
}

/// Of a merge: the step, then what was heard. Inside a transaction of the caller.
pub(super) fn merge(
    connection: &Connection,
    step: &Step,
    heard: &[Heard],
    who: &str,
    at: u64,
) -> rusqlite::Result<StepId> {
    let id = journal::insert(connection, step, who, at)?;
    insert(connection, id, heard)?;
    Ok(id)
}

/// The image and the label in the first two columns.
fn spot(row: &Row<'_>) -> rusqlite::Result<(ImageId, Option<AttributeId>)> {
    Ok((ImageId::from(row.get::<_, String>(0)?), row.get::<_, Option<u32>>(1)?.map(AttributeId)))
}

fn at_millis(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    Ok(row.get::<_, i64>(column)?.try_into().unwrap_or(0))
}
