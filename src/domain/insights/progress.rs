//! Progress over time: decisions and reviewed images, day by day and in all.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::chart::{Bar, Behind, Chart, Form, Part, Topic, images};
use super::day::Day;
use crate::base::numbers::counted;

/// What was decided on one image on one day and holds still.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deed {
    pub day: Day,
    /// `None`: the image is no longer there.
    pub image: Option<u32>,
    pub n_decisions: u32,
    /// It was marked as reviewed on this day.
    pub is_reviewed: bool,
}

/// Days without anything are drawn too, unless there would be more days than this.
const MOST_DAYS: i64 = 366;

#[derive(Debug, Default)]
struct OfDay {
    n_decisions: usize,
    n_reviewed: usize,
    decided: Vec<u32>,
    reviewed: Vec<u32>,
}

/// `None`: the record was not read yet. `n_reviewed`: images that are reviewed now.
pub fn chart(deeds: Option<&[Deed]>, n_reviewed: usize) -> Chart {
    const HEADER: &str = "day,decisions,decisions_so_far,reviewed,reviewed_so_far";
    let mut days: BTreeMap<Day, OfDay> = BTreeMap::new();
    for deed in deeds.unwrap_or_default() {
        let day = days.entry(deed.day).or_default();
        day.n_decisions += deed.n_decisions as usize;
        day.n_reviewed += usize::from(deed.is_reviewed);
        if let Some(image) = deed.image {
            day.decided.push(image);
            if deed.is_reviewed {
                day.reviewed.push(image);
            }
        }
    }
    let (Some((&first, _)), Some((&last, _))) = (days.first_key_value(), days.last_key_value()) else {
        let why = match deeds {
            None => "The record is being read.",
            Some(_) => "Nothing has been decided in Docent yet. Rows that train.csv had before carry no date.",
        };
        return Chart::empty(Topic::Progress, HEADER, why);
    };
    if last.0 - first.0 < MOST_DAYS {
        for day in first.0..=last.0 {
            let _ = days.entry(Day(day)).or_default();
        }
    }
    let mut csv = format!("{HEADER}\n");
    let (mut decided, mut reviewed) = (Vec::new(), Vec::new());
    let (mut decisions_so_far, mut reviewed_so_far) = (0, 0);
    for (day, mut of) in days {
        decisions_so_far += of.n_decisions;
        reviewed_so_far += of.n_reviewed;
        // Into a String: cannot fail.
        let _ = writeln!(csv, "{day},{},{decisions_so_far},{},{reviewed_so_far}", of.n_decisions, of.n_reviewed);
        for images in [&mut of.decided, &mut of.reviewed] {
            images.sort_unstable();
            images.dedup();
        }
        let decisions = counted(of.n_decisions, "decision", "decisions");
        let (said, value) = (format!("{decisions}, {decisions_so_far} so far"), of.n_decisions as f64);
        decided.push(bar(day, value, said, Behind::new(format!("decided on {day}"), of.decided)));
        let (said, value) = (format!("{}, {reviewed_so_far} so far", images(of.n_reviewed)), of.n_reviewed as f64);
        reviewed.push(bar(day, value, said, Behind::new(format!("reviewed on {day}"), of.reviewed)));
    }
    let elsewhere = n_reviewed.saturating_sub(reviewed_so_far);
    let mut note = "Bars are days in UTC, the line is what it comes to; what was taken back is not counted.".to_owned();
    if elsewhere > 0 {
        let _ = write!(note, " {} described in train.csv carry no date.", images(elsewhere));
    }
    let part =
        |title: &str, y, bars| Part { title: title.to_owned(), form: Form::Upright { x: "day", y, bars, sums: true } };
    Chart {
        topic: Topic::Progress,
        headline: counted(decisions_so_far, "decision", "decisions"),
        note,
        parts: vec![
            part("Decisions per day", "decisions", decided),
            part("Reviewed images per day", "images", reviewed),
        ],
        csv,
    }
}

fn bar(day: Day, value: f64, said: String, behind: Behind) -> Bar {
    Bar { name: day.to_string(), value, said, interval: None, behind }
}

#[cfg(test)]
mod tests {
    use super::super::testing::rows;
    use super::*;

    fn deed(day: i64, image: u32, n_decisions: u32, is_reviewed: bool) -> Deed {
        Deed { day: Day(day), image: Some(image), n_decisions, is_reviewed }
    }

    #[test]
    fn days_are_counted_and_summed_and_empty_ones_are_days_too() {
        let gone = Deed { image: None, ..deed(2, 0, 4, true) };
        let deeds = [deed(0, 7, 2, true), deed(0, 3, 1, false), deed(2, 3, 5, true), gone];
        let chart = chart(Some(&deeds), 5);
        let expected = [("1970-01-01", 3.0, &[3, 7][..]), ("1970-01-02", 0.0, &[]), ("1970-01-03", 9.0, &[3])];
        assert_eq!(rows(&chart, 0), expected);
        assert_eq!(rows(&chart, 1)[2], ("1970-01-03", 2.0, &[3][..]));
        let expected = "day,decisions,decisions_so_far,reviewed,reviewed_so_far\n\
            1970-01-01,3,3,1,1\n1970-01-02,0,3,0,1\n1970-01-03,9,12,2,3\n";
        assert_eq!(chart.csv, expected);
        assert!(chart.note.ends_with("2 images described in train.csv carry no date."), "{}", chart.note);
    }

    #[test]
    fn a_gap_of_years_is_not_drawn() {
        let chart = chart(Some(&[deed(0, 1, 1, false), deed(20_000, 1, 1, false)]), 0);
        assert_eq!(rows(&chart, 0).len(), 2);
    }

    #[test]
    fn a_record_without_decisions_says_so() {
        assert!(chart(Some(&[]), 9).note.starts_with("Nothing has been decided"));
        assert!(chart(None, 9).note.starts_with("The record is being read"));
    }
}
