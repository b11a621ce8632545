//! What was decided when, read out of the record for the charts.
//!
//! Not the history that undo walks: only what holds still, day by day, and how proposals were answered.

use std::collections::{BTreeMap, HashMap};

use rusqlite::Connection;

use super::heard::{self, Speaker};
use super::record::OUTSIDE;
use crate::domain::insights::day::Day;
use crate::domain::{AttributeId, ImageId};

/// What was decided in Docent and not taken back.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Deeds {
    /// Ascending by day and image.
    pub days: Vec<OnDay>,
    pub answers: Vec<Answered>,
}

/// What happened to one image on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnDay {
    pub day: Day,
    pub image: ImageId,
    pub n_decisions: u32,
    /// Marked as reviewed, and so it is still.
    pub is_reviewed: bool,
}

/// A proposal with the last that was said of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Answered {
    pub model: String,
    pub probability: f32,
    pub accepted: bool,
}

pub(super) fn read(connection: &Connection) -> rusqlite::Result<Deeds> {
    let mut days: BTreeMap<(Day, ImageId), (u32, bool)> = BTreeMap::new();
    let mut last: HashMap<(ImageId, AttributeId), Option<Answered>> = HashMap::new();
    let Speaker { who, at, join } = heard::speaker(connection, "decision")?;
    let mut query = connection.prepare_cached(&format!(
        "SELECT {at}, decision.image, decision.attribute, decision.verdict, model, probability
         FROM decision JOIN step ON step.id = decision.step {join}
         WHERE undone_at IS NULL AND {who} <> ?1 ORDER BY decision.step, decision.position"
    ))?;
    let mut rows = query.query([OUTSIDE])?;
    while let Some(row) = rows.next()? {
        let image = ImageId::from(row.get::<_, String>(1)?);
        let verdict: String = row.get(3)?;
        let proposed: Option<(String, f64)> = row.get::<_, Option<String>>(4)?.zip(row.get::<_, Option<f64>>(5)?);
        let answered = proposed.filter(|_| verdict != "clear").map(|(model, probability)| Answered {
            model,
            probability: probability as f32,
            accepted: verdict == "accept",
        });
        last.insert((image.clone(), AttributeId(row.get(2)?)), answered);
        days.entry((Day::of_millis(row.get(0)?), image)).or_default().0 += 1;
    }
    let Speaker { who, at, join } = heard::speaker(connection, "mark")?;
    let mut query = connection.prepare_cached(&format!(
        "SELECT {at}, mark.image, reviewed FROM mark JOIN step ON step.id = mark.step {join}
         WHERE undone_at IS NULL AND {who} <> ?1 ORDER BY mark.step, mark.position"
    ))?;
    let mut rows = query.query([OUTSIDE])?;
    let mut marked: BTreeMap<ImageId, Day> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let image = ImageId::from(row.get::<_, String>(1)?);
        let is_reviewed: bool = row.get(2)?;
        if is_reviewed {
            let _ = marked.entry(image).or_insert(Day::of_millis(row.get(0)?)); // The first day counts.
        } else {
            let _ = marked.remove(&image);
        }
    }
    for (image, day) in marked {
        days.entry((day, image)).or_default().1 = true;
    }
    let days = days.into_iter().map(|((day, image), (n_decisions, is_reviewed))| OnDay {
        day,
        image,
        n_decisions,
        is_reviewed,
    });
    let mut answers: Vec<Answered> = last.into_values().flatten().collect();
    answers.sort_by(|a, b| {
        (&a.model, a.accepted).cmp(&(&b.model, b.accepted)).then(a.probability.total_cmp(&b.probability))
    });
    Ok(Deeds { days: days.collect(), answers })
}

#[cfg(test)]
mod tests {
    use super::super::{Location, Record};
    use super::*;
    use crate::domain::{Change, Decision, Mark, Step, Verdict};

    fn decide(image: &str, attribute: u32, verdict: Verdict, proposed: Option<f32>) -> Change {
        Change::Decide(Decision {
            image: ImageId::from(image),
            attribute: AttributeId(attribute),
            verdict,
            before: Verdict::Clear,
            proposed: proposed.map(|probability| ("m".to_owned(), probability)),
        })
    }

    fn mark(image: &str, reviewed: bool) -> Change {
        Change::Mark(Mark { image: ImageId::from(image), reviewed, before: !reviewed })
    }

    #[test]
    fn what_holds_is_counted_by_day_and_what_was_taken_back_is_not() {
        const DAY: u64 = 86_400_000;
        let folder = tempfile::tempdir().unwrap();
        let location = Location::of(folder.path()).unwrap();
        let mut record = Record::open(&location).unwrap();
        assert_eq!(Record::read_deeds(&location).unwrap(), Deeds::default());
        let mut say =
            |day: u64, who: &str, changes: Vec<Change>| record.append(&Step::of(changes), who, day * DAY + 5).unwrap();
        let accept = |image, attribute| decide(image, attribute, Verdict::Accept, Some(0.75));
        say(0, "ann", vec![accept("b", 1), accept("b", 2), mark("b", true)]);
        say(
            1,
            "ben",
            vec![decide("b", 2, Verdict::Reject, Some(0.5)), mark("b", true), decide("a", 9, Verdict::Accept, None)],
        );
        say(1, "ann", vec![mark("c", true)]);
        say(2, "ann", vec![mark("c", false), accept("c", 1), decide("c", 1, Verdict::Clear, None)]);
        say(2, OUTSIDE, vec![decide("d", 1, Verdict::Accept, None)]);
        let undone = say(3, "ann", vec![accept("d", 1), mark("d", true)]);
        record.undo(undone, "ann", 3 * DAY).unwrap();
        let deeds = record.deeds().unwrap();
        assert_eq!(deeds, Record::read_deeds(&location).unwrap());
        let days: Vec<_> = deeds
            .days
            .iter()
            .map(|deed| (deed.day.0, deed.image.as_str(), deed.n_decisions, deed.is_reviewed))
            .collect();
        assert_eq!(days, [(0, "b", 2, true), (1, "a", 1, false), (1, "b", 1, false), (2, "c", 2, false)]);
        let answers: Vec<_> = deeds.answers.iter().map(|answer| (answer.probability, answer.accepted)).collect();
        assert_eq!(answers, [(0.5, false), (0.75, true)]);
    }
}
