//! Edits of the vocabulary in the database.

use rusqlite::types::{FromSqlError, Type};
use rusqlite::{Connection, Row, params};

use super::schema;
use crate::domain::{AttributeId, Edit, Label, Standing};

/// Inside a transaction of the caller.
pub(super) fn insert(connection: &Connection, step: i64, edits: &[Edit]) -> rusqlite::Result<()> {
    let mut put = connection.prepare_cached("INSERT INTO edit VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?;
    let id = |of: &Option<AttributeId>| of.map(|id| id.to_string());
    for (position, edit) in (0_i64..).zip(edits) {
        match edit {
            Edit::Stand { label, standing, before } => {
                put.execute(params![step, position, "stand", label.id.0, label.name, text(*standing), text(*before)])
            }
            Edit::Rename { attribute, name, before } => {
                put.execute(params![step, position, "rename", attribute.0, name, None::<String>, before])
            }
            Edit::Alias { alias, of, before } => {
                put.execute(params![step, position, "alias", None::<u32>, alias, id(of), id(before)])
            }
        }?;
    }
    Ok(())
}

/// By step and position, ascending.
pub(super) fn read(connection: &Connection) -> rusqlite::Result<Vec<((i64, i64), Edit)>> {
    if !schema::has_table(connection, "edit")? {
        return Ok(Vec::new()); // A record of an earlier version that is only read.
    }
    connection
        .prepare_cached(
            "SELECT step, position, kind, attribute, name, after, before FROM edit ORDER BY step, position",
        )?
        .query_map([], |row| Ok(((row.get(0)?, row.get(1)?), edit(row)?)))?
        .collect()
}

fn edit(row: &Row<'_>) -> rusqlite::Result<Edit> {
    let name: String = row.get(4)?;
    match row.get_ref(2)?.as_str()? {
        "stand" => {
            let label = Label::new(row.get(3)?, name);
            Ok(Edit::Stand { label, standing: standing(row, 5)?, before: standing(row, 6)? })
        }
        "rename" => Ok(Edit::Rename { attribute: AttributeId(row.get(3)?), name, before: row.get(6)? }),
        "alias" => Ok(Edit::Alias { alias: name, of: id(row, 5)?, before: id(row, 6)? }),
        _ => Err(odd(2)),
    }
}

fn text(standing: Standing) -> &'static str {
    match standing {
        Standing::Offered => "offered",
        Standing::Retired => "retired",
        Standing::Absent => "absent",
    }
}

fn standing(row: &Row<'_>, column: usize) -> rusqlite::Result<Standing> {
    match row.get_ref(column)?.as_str()? {
        "offered" => Ok(Standing::Offered),
        "retired" => Ok(Standing::Retired),
        "absent" => Ok(Standing::Absent),
        _ => Err(odd(column)),
    }
}

fn id(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<AttributeId>> {
    let text: Option<String> = row.get(column)?;
    text.map(|text| text.parse().map(AttributeId).map_err(|_not_a_number| odd(column))).transpose()
}

fn odd(column: usize) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(FromSqlError::InvalidType))
}
