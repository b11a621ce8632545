//! Beside a checkpoint: which images it has learned from, which were held back, and what was known of each then.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::io;
use std::path::Path;

use crate::base::fs::write_atomic;
use crate::domain::tables::field;
use crate::training::unfinished::{Described, Work};

/// One row per image: its part, the tags it had, those rejected by name, and whether all others counted as absent.
pub(super) const FILE: &str = "learned_from.csv";

/// Writes [`FILE`].
pub(super) fn write(folder: &Path, work: &Work) -> io::Result<()> {
    write_atomic(&folder.join(FILE), table(work).as_bytes())
}

fn table(work: &Work) -> String {
    let held_back: HashSet<usize> = work.validation.iter().copied().collect();
    let ids = |positions: &[u32]| {
        let known = positions.iter().filter_map(|&position| work.attributes.get(position as usize));
        known.map(u32::to_string).collect::<Vec<_>>().join(" ")
    };
    let mut rows = "id,part,attribute_ids,rejected_ids,reviewed\n".to_owned();
    for (at, Described { id, present, absent, reviewed }) in work.described.iter().enumerate() {
        let part = if held_back.contains(&at) { "held back" } else { "learned" };
        // Into a String: cannot fail.
        let _ = writeln!(rows, "{},{part},{},{},{reviewed}", field(id), ids(present), ids(absent));
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::f_beta::Truth::{Absent as A, Implied as I, Present as P, Unjudged as U};
    use crate::training::Recipe;

    #[test]
    fn every_image_is_listed_with_its_part_and_what_was_known() {
        let work = Work {
            recipe: Recipe::default(),
            from: "m".to_owned(),
            side: None,
            out: None,
            attributes: vec![7, 9, 30],
            described: vec![Described::new("a, b", &[P, I, P]), Described::new("c", &[U, A, U])],
            n_decisions: 0,
            train: Vec::new(),
            validation: vec![1],
        };
        let expected =
            "id,part,attribute_ids,rejected_ids,reviewed\n\"a, b\",learned,7 30,,true\nc,held back,,9,false\n";
        assert_eq!(table(&work), expected);
    }
}
