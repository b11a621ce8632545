//! How well the model in use does, label by label, worst first.
//!
//! Not a measurement: the figures are those of the images held back when the model was made.

use std::fmt::Write as _;

use super::chart::{Bar, Behind, Chart, Form, Part, Scale, Topic};
use crate::base::numbers::{counted, percent};
use crate::domain::interval::wilson;
use crate::domain::tables::field;
use crate::domain::{AttributeId, Vocabulary};

/// A share of fewer than this says little: its interval is half as wide as everything.
pub const ENOUGH: usize = 10;

/// What a model did with one label on the images held back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judged {
    pub attribute: AttributeId,
    /// Proposed and there.
    pub tp: usize,
    /// Proposed and not there.
    pub fp: usize,
    /// There and not proposed.
    pub fn_: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Figure {
    Recall,
    Precision,
}

impl Figure {
    /// Hits and how many there could be.
    fn of(self, judged: &Judged) -> (usize, usize) {
        match self {
            Self::Recall => (judged.tp, judged.tp + judged.fn_),
            Self::Precision => (judged.tp, judged.tp + judged.fp),
        }
    }
}

/// `images_of`: by position in the vocabulary.
pub fn chart(judged: Option<&[Judged]>, vocabulary: &Vocabulary, images_of: &[Vec<u32>]) -> Chart {
    const HEADER: &str =
        "attribute_id,attribute_name,tp,fp,fn,precision,precision_low,precision_high,recall,recall_low,recall_high";
    let judged: Vec<&Judged> =
        judged.unwrap_or_default().iter().filter(|label| vocabulary.contains(label.attribute)).collect();
    if judged.iter().all(|label| label.tp + label.fp + label.fn_ == 0) {
        let why = "The model in use was not measured on labels of this collection. Fine-tune it on the Train page: a part of the described images is held back to measure it.";
        return Chart::empty(Topic::Judged, HEADER, why);
    }
    let mut csv = format!("{HEADER}\n");
    for label in &judged {
        let name = vocabulary.get(label.attribute).map_or("", |label| &label.name);
        let _ = write!(csv, "{},{},{},{},{}", label.attribute, field(name), label.tp, label.fp, label.fn_);
        for figure in [Figure::Precision, Figure::Recall] {
            let (hits, n) = figure.of(label);
            let _ = match wilson(hits as u64, n as u64) {
                Some([low, high]) => write!(csv, ",{:.4},{low:.4},{high:.4}", hits as f64 / n as f64),
                None => write!(csv, ",,,"),
            };
        }
        csv.push('\n');
    }
    let parts: Vec<Part> = [Figure::Recall, Figure::Precision]
        .into_iter()
        .filter_map(|figure| part(figure, &judged, vocabulary, images_of))
        .collect();
    let n_few = judged.iter().filter(|label| label.tp + label.fn_ < ENOUGH).count();
    let few = format!("{} with fewer than {ENOUGH} examples", counted(n_few, "label", "labels"));
    let note = match parts.is_empty() {
        true => format!(
            "No label has {ENOUGH} examples among the images held back, so no share would say much. The CSV has all counts."
        ),
        false => format!(
            "Measured on the images held back when the model was made; the thin line is the 95 % interval. {few} among them left out: the CSV has all."
        ),
    };
    Chart { topic: Topic::Judged, headline: counted(judged.len(), "label", "labels"), note, parts, csv }
}

fn part(figure: Figure, judged: &[&Judged], vocabulary: &Vocabulary, images_of: &[Vec<u32>]) -> Option<Part> {
    let mut enough: Vec<(f64, usize, &Judged)> = judged
        .iter()
        .filter(|label| figure.of(label).1 >= ENOUGH)
        .filter_map(|label| {
            let (hits, n) = figure.of(label);
            Some((hits as f64 / n as f64, vocabulary.position(label.attribute)?, *label))
        })
        .collect();
    enough.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let bars: Vec<Bar> = enough
        .into_iter()
        .map(|(share, position, label)| {
            let (hits, n) = figure.of(label);
            let interval = wilson(hits as u64, n as u64);
            let [low, high] = interval.unwrap_or([0.0, 1.0]);
            let name = vocabulary.labels()[position].short_name();
            let range = format!("{:.0} to {:.0} %", low * 100.0, high * 100.0);
            Bar {
                name: name.to_owned(),
                value: share,
                said: format!("{}, {hits} of {n}, {range}", percent(share)),
                interval,
                behind: Behind::new(format!("with {name}"), images_of[position].as_slice()),
            }
        })
        .collect();
    let title = match figure {
        Figure::Recall => "Recall: how many of those that are there are proposed",
        Figure::Precision => "Precision: how many of those proposed are there",
    };
    let is_empty = bars.is_empty();
    (!is_empty).then(|| Part { title: title.to_owned(), form: Form::Lying { scale: Scale::Linear(1.0), bars } })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{bars, collected, rows, vocabulary};
    use super::*;

    fn judged(id: u32, tp: usize, fp: usize, fn_: usize) -> Judged {
        Judged { attribute: AttributeId(id), tp, fp, fn_ }
    }

    #[test]
    fn labels_with_enough_examples_come_worst_first_with_their_interval() {
        let vocabulary = vocabulary();
        let images_of = collected().images_of(&vocabulary);
        let measured = [judged(0, 5, 0, 5), judged(1, 1, 0, 2), judged(2, 90, 10, 10), judged(77, 50, 0, 0)];
        let chart = chart(Some(&measured), &vocabulary, &images_of);
        assert_eq!(rows(&chart, 0), [("greek", 0.5, &[0, 1, 4][..]), ("cup", 0.9, &[0, 1])]);
        assert_eq!(rows(&chart, 1), [("cup", 0.9, &[0, 1][..])]);
        // SciPy's Wilson interval of 5 of 10 and 90 of 100: `domain::interval`.
        assert_eq!(bars(&chart, 0)[0].said, "50 %, 5 of 10, 24 to 76 %");
        assert_eq!(bars(&chart, 0)[1].said, "90 %, 90 of 100, 83 to 94 %");
        let csv: Vec<&str> = chart.csv.lines().collect();
        assert_eq!(csv[1], "0,culture::greek,5,0,5,1.0000,0.5655,1.0000,0.5000,0.2366,0.7634");
        assert_eq!((csv.len(), csv[2].split(',').nth(2)), (4, Some("1")));
    }

    #[test]
    fn a_model_that_was_never_measured_says_how_to_measure_it() {
        for measured in [None, Some(&[][..]), Some(&[judged(0, 0, 0, 0)])] {
            let chart = chart(measured, &vocabulary(), &[]);
            assert!(chart.parts.is_empty() && chart.note.contains("Fine-tune"), "{measured:?}");
        }
    }
}
