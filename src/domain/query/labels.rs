//! Which tags a value means.

use super::glob::Glob;
use crate::domain::{AttributeId, Label, Vocabulary};

/// The labels a value means among these, ascending: see the order in the module's head.
pub fn matching<'a>(value: &str, labels: impl Iterator<Item = &'a Label>) -> Vec<AttributeId> {
    let wanted = fold(value);
    let glob = Glob::new(&wanted);
    let of_full_name = wanted.contains("::");
    // Rank and id: 0 exact, 1 begins with it, 2 contains it.
    let ranked: Vec<(u8, AttributeId)> = labels
        .filter_map(|label| {
            let (name, short) = (fold(&label.name), fold(label.short_name()));
            let compared = if of_full_name { &name } else { &short };
            let rank = match &glob {
                _ if name == wanted || short == wanted => 0,
                Some(glob) => glob.matches(compared).then_some(1)?,
                None if compared.starts_with(&wanted) => 1,
                None => compared.contains(&wanted).then_some(2)?,
            };
            Some((rank, label.id))
        })
        .collect();
    let best = ranked.iter().map(|(rank, _)| *rank).min();
    let mut ids: Vec<AttributeId> =
        ranked.into_iter().filter(|(rank, _)| Some(*rank) == best).map(|(_, id)| id).collect();
    ids.sort_unstable();
    ids
}

/// As namespaces and names are compared: without capitals, `_` and `-` as blanks.
pub fn fold(text: &str) -> String {
    text.trim().to_lowercase().replace(['_', '-'], " ")
}

/// A namespace by its name, in capitals or not, as the vocabulary writes it.
pub fn namespace<'a>(name: &str, vocabulary: &'a Vocabulary) -> Option<&'a str> {
    let name = fold(name);
    let namespaces = vocabulary.labels().iter().filter_map(Label::namespace);
    let mut last = None; // Labels of one namespace stand together: look at each namespace about once.
    namespaces.filter(|&namespace| last.replace(namespace) != Some(namespace)).find(|other| fold(other) == name)
}

/// The word closest to a misspelt one, at most two edits away, and not all of it.
pub fn similar<'a>(word: &str, words: impl Iterator<Item = &'a str>) -> Option<String> {
    let word = fold(word);
    let allowed = 2.min(word.chars().count() / 2);
    let distances = words.map(|other| (strsim::damerau_levenshtein(&word, &fold(other)), other));
    distances.filter(|(distance, _)| *distance <= allowed).min().map(|(_, other)| other.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_names_come_before_beginnings_before_parts() {
        let names = ["tag::men", "tag::women", "tag::old men", "tag::menhirs", "culture::a::b", "Free_form"];
        let labels: Vec<Label> = (0..).zip(names).map(|(id, name)| Label::new(id, name)).collect();
        for (value, expected) in [
            ("men", vec![0]),
            ("MEN", vec![0]),
            ("me", vec![0, 3]),
            ("omen", vec![1]),
            ("*men", vec![0, 1, 2]),
            ("old-men", vec![2]),
            ("tag::m", vec![0, 3]),
            ("tag::*men", vec![0, 1, 2]),
            ("a::b", vec![4]),
            ("free form", vec![5]),
            ("x", vec![]),
        ] {
            let found: Vec<u32> = matching(value, labels.iter()).into_iter().map(|id| id.0).collect();
            assert_eq!(found, expected, "{value}");
        }
        assert_eq!(similar("chiars", ["chairs", "stairs"].into_iter()).as_deref(), Some("chairs"));
        assert_eq!(similar("x", ["y"].into_iter()), None);
    }
}
