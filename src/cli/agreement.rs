//! `docent agreement [FOLDER]`: how far the curators of a collection agree, label by label.

use std::fmt::Write as _;
use std::path::Path;

use super::args::Agreement as Arguments;
use super::collection::Desk;
use super::terminal::{Failure, print, say};
use crate::base::numbers::{counted, percent};
use crate::domain::agreement::{Agreement, Pair, pairs};
use crate::domain::tables::field;
use crate::domain::{Annotation, AttributeId, ImageId, Vocabulary};
use crate::store::Record;

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let desk = Desk::open(arguments.folder.as_deref().unwrap_or(Path::new(".")))?;
    if !arguments.csv {
        return of(&desk);
    }
    print(csv(&agreeing(&desk)?, &desk.collection.vocabulary).trim_end())
}

/// Prints the table of every two curators, or says on standard error why there is none.
pub(super) fn of(desk: &Desk) -> Result<(), Failure> {
    let pairs = agreeing(desk)?;
    if pairs.is_empty() {
        say("no two curators have judged the same picture yet: there is no agreement to measure");
    }
    for pair in &pairs {
        print(table(pair, &desk.collection.vocabulary).trim_end())?;
    }
    Ok(())
}

fn agreeing(desk: &Desk) -> Result<Vec<Pair>, Failure> {
    let judgements = Record::read_judgements(&desk.location).map_err(Failure::data)?;
    let annotations = desk.annotations()?;
    let base = |image: &ImageId| annotations.get(image).and_then(Annotation::base);
    let labels: Vec<AttributeId> = desk.collection.vocabulary.offered().map(|label| label.id).collect();
    Ok(pairs(judgements, base, &labels))
}

/// Labels on which somebody said yes; the others are counted in a line of their own.
fn table(pair: &Pair, vocabulary: &Vocabulary) -> String {
    let mut text = format!("\n{} and {}\n", pair.first, pair.second);
    let (named, silent): (Vec<_>, Vec<_>) = pair.labels.iter().partition(|(_, found)| found.neither < found.n());
    let name = |id: AttributeId| vocabulary.get(id).map_or("", |label| label.name.as_str());
    let width = named.iter().map(|(id, _)| name(*id).chars().count()).max().unwrap_or(0).max(5);
    // Into a String: cannot fail.
    let _ = writeln!(text, "{:width$}  {:>7}  {:>6}  {:>6}", "label", "images", "same", "kappa");
    for (id, found) in &named {
        let same = percent(found.observed().unwrap_or(0.0));
        let _ = writeln!(text, "{:width$}  {:>7}  {same:>6}  {:>6}", name(*id), found.n(), kappa(found));
    }
    if !silent.is_empty() {
        let n = counted(silent.len(), "label", "labels");
        let _ = writeln!(text, "{n} that neither gave to any picture: no kappa");
    }
    if named.iter().any(|(_, found)| found.kappa().is_none()) {
        let _ = writeln!(text, "–: both said the same of all pictures, so kappa is not defined");
    }
    text
}

fn kappa(found: &Agreement) -> String {
    found.kappa().map_or_else(|| "–".to_owned(), |kappa| format!("{kappa:.3}"))
}

fn csv(pairs: &[Pair], vocabulary: &Vocabulary) -> String {
    let mut text =
        "first,second,attribute_id,attribute_name,images,both,only_first,only_second,neither,observed,kappa\n"
            .to_owned();
    for Pair { first, second, labels } in pairs {
        for (id, found) in labels {
            let name = vocabulary.get(*id).map_or("", |label| &label.name);
            let Agreement { both, only_first, only_second, neither } = found;
            let observed = found.observed().map_or_else(String::new, |share| format!("{share:.4}"));
            let kappa = found.kappa().map_or_else(|| "undefined".to_owned(), |kappa| format!("{kappa:.4}"));
            let who = format!("{},{},{id},{}", field(first), field(second), field(name));
            let counts = format!("{},{both},{only_first},{only_second},{neither}", found.n());
            let _ = writeln!(text, "{who},{counts},{observed},{kappa}");
        }
    }
    text
}
