//! `docent check FOLDER`: what is in it, and every problem with file and line.

use std::fmt::Write as _;

use rayon::prelude::*;

use super::args::Check;
use super::collection::Desk;
use super::terminal::{Failure, bar, print};
use crate::base::{Finding, Hint as _};
use crate::imaging::{self, DecodeError};

pub(super) fn run(arguments: &Check) -> Result<(), Failure> {
    let Desk { collection, .. } = Desk::open(&arguments.folder)?;
    let bar = bar("decoding", collection.images.len());
    let broken = collection.images.par_iter().filter(|file| file.bytes > 0).filter_map(|file| {
        let path = collection.path_of(file);
        let result = imaging::decode(&path);
        bar.inc(1);
        result.err().map(|error| finding(&path, &error))
    });
    let mut findings: Vec<Finding> = broken.collect();
    bar.finish_and_clear();
    findings.extend(collection.findings.iter().cloned());
    findings.sort();
    let mut text = format!(
        "{} pictures, {} labels, {} rows\n",
        collection.images.len(),
        collection.vocabulary.offered().count(),
        collection.train.n_rows()
    );
    for finding in &findings {
        let _ = writeln!(text, "{finding}"); // Into a String: cannot fail.
    }
    if findings.is_empty() {
        return print(text + "no problems");
    }
    let n = findings.len();
    print(text + &format!("{n} problem{}", if n == 1 { "" } else { "s" }))?;
    Err(Failure::Problems)
}

fn finding(path: &std::path::Path, error: &DecodeError) -> Finding {
    // The path stands in front; the error's own last line would say it again.
    let message = error.to_string();
    let message = message.split("\nFile: ").next().unwrap_or_default();
    let finding = Finding::new(path, message);
    match error.hint() {
        Some(hint) => finding.with_hint(hint),
        None => finding,
    }
}
