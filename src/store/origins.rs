//! Where the tags of an image come from: the last word on each, whose it was, when, and what a model had said.
//!
//! Not the history that undo walks: one image, and only what holds.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::heard::{self, Speaker};
use crate::domain::{AttributeId, ImageId};

/// The last word on one tag.
#[derive(Debug, Clone, PartialEq)]
pub struct Origin {
    pub attribute: AttributeId,
    pub accepted: bool,
    pub who: String,
    pub at_millis: u64,
    /// The model that had proposed it, and at which probability.
    pub proposed: Option<(String, f32)>,
}

/// Newest first. What was taken back, or left open again, is not among them.
pub(super) fn read(connection: &Connection, image: &ImageId) -> rusqlite::Result<Vec<Origin>> {
    let mut last: BTreeMap<AttributeId, Option<Origin>> = BTreeMap::new();
    let Speaker { who, at, join } = heard::speaker(connection, "decision")?;
    let mut query = connection.prepare_cached(&format!(
        "SELECT decision.attribute, decision.verdict, {who}, {at}, model, probability
         FROM decision JOIN step ON step.id = decision.step {join}
         WHERE undone_at IS NULL AND decision.image = ?1 ORDER BY decision.step, decision.position"
    ))?;
    let mut rows = query.query([image.as_str()])?;
    while let Some(row) = rows.next()? {
        let attribute = AttributeId(row.get(0)?);
        let verdict: String = row.get(1)?;
        let proposed: Option<(String, f64)> = row.get::<_, Option<String>>(4)?.zip(row.get::<_, Option<f64>>(5)?);
        let origin = Origin {
            attribute,
            accepted: verdict == "accept",
            who: row.get(2)?,
            at_millis: row.get::<_, i64>(3)?.try_into().unwrap_or(0),
            proposed: proposed.map(|(model, probability)| (model, probability as f32)),
        };
        last.insert(attribute, (verdict != "clear").then_some(origin));
    }
    let mut origins: Vec<Origin> = last.into_values().flatten().collect();
    origins.sort_by_key(|origin| std::cmp::Reverse(origin.at_millis));
    Ok(origins)
}

#[cfg(test)]
mod tests {
    use super::super::location::Location;
    use super::super::record::Record;
    use super::*;
    use crate::domain::{Change, Decision, Step, Verdict};

    #[test]
    fn the_last_word_on_each_tag_is_told_and_what_was_taken_back_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let mut record = Record::open(&Location::of(folder.path()).unwrap()).unwrap();
        let mut say = |at, who: &str, image: &str, attribute, verdict, proposed: Option<f32>| {
            let change = Change::Decide(Decision {
                image: ImageId::from(image),
                attribute: AttributeId(attribute),
                verdict,
                before: Verdict::Clear,
                proposed: proposed.map(|probability| ("m".to_owned(), probability)),
            });
            record.append(&Step::of(vec![change]), who, at).unwrap()
        };
        say(1, "ann", "a", 1, Verdict::Accept, Some(0.75));
        say(2, "ben", "a", 2, Verdict::Accept, None);
        say(3, "ben", "a", 1, Verdict::Reject, Some(0.5));
        say(4, "ann", "a", 3, Verdict::Accept, None);
        say(5, "ann", "a", 3, Verdict::Clear, None);
        say(6, "ann", "b", 4, Verdict::Accept, None);
        let undone = say(7, "ann", "a", 5, Verdict::Accept, None);
        record.undo(undone, "ann", 8).unwrap();
        let origin = |attribute, accepted, who: &str, at_millis, proposed: Option<f32>| Origin {
            attribute: AttributeId(attribute),
            accepted,
            who: who.to_owned(),
            at_millis,
            proposed: proposed.map(|probability| ("m".to_owned(), probability)),
        };
        let found = record.origins(&ImageId::from("a")).unwrap();
        assert_eq!(found, [origin(1, false, "ben", 3, Some(0.5)), origin(2, true, "ben", 2, None)]);
        assert!(record.origins(&ImageId::from("c")).unwrap().is_empty());
    }
}
