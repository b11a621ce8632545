//! Type-ahead over the vocabulary: what the curator may mean by what was typed so far.
//!
//! Exact words before beginnings before parts before misspellings, so that the tag that is there already is found
//! before a second one like it is made.

use std::collections::HashMap;

use crate::domain::editing::{free_name, tidy_name};
use crate::domain::vocabulary::folded as fold;
use crate::domain::{AttributeId, Label, Vocabulary};

const AT_MOST: usize = 12;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    pub attribute: AttributeId,
    /// Found only by forgiving a misspelling.
    pub similar: bool,
    /// The other name that matches, where it does so better than the label's own.
    pub alias: Option<String>,
}

/// Why a label comes before another that matches as well.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Weight {
    /// The image has it already: it comes last.
    pub has: bool,
    /// How usual it is beside the tags that the image has: see [`super::beside::beside`].
    pub beside: f32,
    /// How many images have it.
    pub uses: usize,
}

impl From<usize> for Weight {
    fn from(uses: usize) -> Self {
        Self { uses, ..Self::default() }
    }
}

/// Of the tags added last, those that come before all others.
const RECENT: usize = 5;

/// Labels that match `query`, by their own name or by another, best first; among equals (all, for an empty query) the tags
/// added last, then what usually comes with those of the image, then the most used. A label that is not offered is not
/// found.
pub fn search<W: Into<Weight>>(
    query: &str,
    vocabulary: &Vocabulary,
    recent: &[AttributeId],
    weight: impl Fn(AttributeId) -> W,
) -> Vec<Hit> {
    search_among(query, vocabulary, vocabulary.offered(), recent, weight)
}

/// The same among some of the labels.
pub fn search_among<'a, W: Into<Weight>>(
    query: &str,
    vocabulary: &Vocabulary,
    labels: impl Iterator<Item = &'a Label>,
    recent: &[AttributeId],
    weight: impl Fn(AttributeId) -> W,
) -> Vec<Hit> {
    let query = fold(query);
    let recent = &recent[..recent.len().min(RECENT)];
    let recency = |id: AttributeId| recent.iter().position(|&other| other == id).unwrap_or(usize::MAX);
    let mut aliases: HashMap<AttributeId, (u32, &str)> = HashMap::new();
    for (alias, of) in vocabulary.aliases().filter(|_| !query.is_empty()) {
        if let Some(rank) = rank(&query, alias)
            && aliases.get(&of).is_none_or(|(best, _)| rank < *best)
        {
            aliases.insert(of, (rank, alias));
        }
    }
    let mut found: Vec<_> = labels
        .filter_map(|label| {
            let own = if query.is_empty() { Some(0) } else { rank(&query, &label.name) };
            let alias = aliases.get(&label.id).filter(|(rank, _)| own.is_none_or(|own| *rank < own));
            let rank = alias.map(|(rank, _)| *rank).or(own)?;
            Some((rank, recency(label.id), weight(label.id).into(), label, alias.map(|(_, alias)| *alias)))
        })
        .collect();
    found.sort_by(|(rank_a, recency_a, a, label_a, _), (rank_b, recency_b, b, label_b, _)| {
        let before = (rank_a, a.has, recency_a).cmp(&(rank_b, b.has, recency_b));
        let weight = || b.beside.total_cmp(&a.beside).then(b.uses.cmp(&a.uses));
        before.then_with(weight).then_with(|| label_a.name.cmp(&label_b.name))
    });
    found
        .into_iter()
        .take(AT_MOST)
        .map(|(rank, _, _, label, alias)| Hit {
            attribute: label.id,
            similar: rank >= SIMILAR,
            alias: alias.map(str::to_owned),
        })
        .collect()
}

const SIMILAR: u32 = 100;

/// Smaller is better; `None` where it does not match.
fn rank(query: &str, name: &str) -> Option<u32> {
    let short = fold(name.split_once("::").map_or(name, |(_, short)| short));
    let name = fold(name);
    if short == query || name == query {
        return Some(0);
    }
    if short.starts_with(query) {
        return Some(1);
    }
    if words(&short).any(|word| word.starts_with(query)) {
        return Some(2);
    }
    if name.starts_with(query) || short.contains(query) {
        return Some(3);
    }
    // `cul fren`, `culture::fr`: every part begins some word.
    let mut parts = words(query).peekable();
    if parts.peek().is_some() && parts.all(|part| words(&name).any(|word| word.starts_with(part))) {
        return Some(4);
    }
    if name.contains(query) {
        return Some(5);
    }
    let wanted = query.rsplit("::").next().unwrap_or(query).trim();
    misspelling(wanted, &short).map(|distance| SIMILAR + distance)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// Edits between what was typed and a name or its beginning, where there are few for its length.
fn misspelling(typed: &str, name: &str) -> Option<u32> {
    let length = typed.chars().count();
    let allowed = match length {
        0..3 => return None,
        3..5 => 1,
        5..9 => 2,
        _ => 3,
    };
    let beginning: String = name.chars().take(length).collect();
    let distance = std::iter::once(name)
        .chain(std::iter::once(beginning.as_str()))
        .chain(words(name))
        .map(|candidate| strsim::damerau_levenshtein(typed, candidate))
        .min()?;
    (distance <= allowed).then_some(distance as u32)
}

/// The name a new tag would get, or why there is none.
///
/// A bare word goes into `namespace` where one is given. Errors are sentences for the user: a name that is there, or that
/// stands for another label, is refused with that label.
pub fn new_name(typed: &str, namespace: Option<&str>, vocabulary: &Vocabulary) -> Result<String, String> {
    let name = tidy_name(typed, namespace).map_err(|refusal| refusal.to_string())?;
    free_name(vocabulary, &name, None).map_err(|refusal| refusal.to_string())?;
    Ok(name)
}

/// The namespaces of a vocabulary, most labels first. `None` stands for labels without one.
pub fn namespaces(vocabulary: &Vocabulary) -> Vec<(Option<&str>, usize)> {
    let mut counts: Vec<(Option<&str>, usize)> = Vec::new();
    for label in vocabulary.offered() {
        match counts.iter_mut().find(|(namespace, _)| *namespace == label.namespace()) {
            Some((_, count)) => *count += 1,
            None => counts.push((label.namespace(), 1)),
        }
    }
    counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    counts
}

/// Where a bare word goes: `tag` where it is used, else the largest namespace; `None` where labels have none.
pub fn usual_namespace(vocabulary: &Vocabulary) -> Option<&str> {
    let namespaces = namespaces(vocabulary);
    namespaces
        .iter()
        .find(|(namespace, _)| *namespace == Some("tag"))
        .or(namespaces.first())
        .and_then(|(namespace, _)| *namespace)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Edit, Label, Standing};

    fn vocabulary() -> Vocabulary {
        let names = [
            "culture::french",
            "culture::japan",
            "tag::swords",
            "tag::sword fittings",
            "tag::bridges",
            "tag::sea",
            "tag::seals",
        ];
        Vocabulary::new((0..).zip(names).map(|(id, name)| Label::new(id, name)))
    }

    fn found(query: &str) -> Vec<(u32, bool)> {
        let hits = search(query, &vocabulary(), &[AttributeId(4)], |id| id.0 as usize);
        hits.into_iter().map(|hit| (hit.attribute.0, hit.similar)).collect()
    }

    #[test]
    fn the_best_match_comes_first() {
        for (query, expected) in [
            ("sea", vec![(5, false), (6, false)]),
            ("sw", vec![(3, false), (2, false)]),
            ("fit", vec![(3, false)]),
            ("culture::fr", vec![(0, false)]),
            ("cul jap", vec![(1, false)]),
            ("SWORDS", vec![(2, false), (3, true)]),
            ("swrods", vec![(2, true), (3, true)]),
            ("brigdes", vec![(4, true)]),
            ("tag::brigde", vec![(4, true)]),
            ("xyz", vec![]),
        ] {
            assert_eq!(found(query), expected, "{query:?}");
        }
    }

    #[test]
    fn a_label_is_found_by_another_name_and_says_which() {
        let mut vocabulary = vocabulary();
        for (alias, of) in [("katana", 2), ("tag::ocean", 5), ("sea animals", 6)] {
            let of = Some(AttributeId(of));
            vocabulary.apply(&Edit::Alias { alias: alias.to_owned(), of, before: None });
        }
        for (query, expected) in [
            ("kat", vec![(2, Some("katana"))]),
            ("ocean", vec![(5, Some("tag::ocean"))]),
            ("ocaen", vec![(5, Some("tag::ocean"))]),
            ("seal", vec![(6, None), (5, None)]),
            ("animals", vec![(6, Some("sea animals"))]),
            ("swords", vec![(2, None), (3, None)]),
        ] {
            let hits = search(query, &vocabulary, &[], |_| 0);
            let found: Vec<_> = hits.iter().map(|hit| (hit.attribute.0, hit.alias.as_deref())).collect();
            assert_eq!(found, expected, "{query:?}");
        }
        let refused = new_name("Katana", Some("tag"), &vocabulary);
        assert_eq!(refused.unwrap_err(), "tag::Katana is another name of tag::swords");
    }

    #[test]
    fn a_retired_label_is_not_found_and_its_name_not_given_away() {
        let mut vocabulary = vocabulary();
        let label = Label::new(4, "tag::bridges");
        vocabulary.apply(&Edit::Stand { label, standing: Standing::Retired, before: Standing::Offered });
        assert!(search("bridges", &vocabulary, &[AttributeId(4)], |_| 0).is_empty());
        assert!(search("", &vocabulary, &[AttributeId(4)], |_| 0).iter().all(|hit| hit.attribute.0 != 4));
        assert_eq!(new_name("bridges", Some("tag"), &vocabulary).unwrap_err(), "tag::bridges is retired");
    }

    #[test]
    fn what_usually_comes_with_the_tags_of_the_image_comes_first_and_what_it_has_last() {
        let weight =
            |id: AttributeId| Weight { has: id.0 == 4, beside: if id.0 == 1 { 0.5 } else { 0.0 }, uses: id.0 as usize };
        let ids = |query: &str, recent: &[u32]| -> Vec<u32> {
            let recent: Vec<_> = recent.iter().copied().map(AttributeId).collect();
            search(query, &vocabulary(), &recent, weight).iter().map(|hit| hit.attribute.0).collect()
        };
        assert_eq!(ids("", &[]), [1, 6, 5, 3, 2, 0, 4]);
        assert_eq!(ids("", &[4, 0]), [0, 1, 6, 5, 3, 2, 4]);
        assert_eq!(ids("bridges", &[]), [4], "it is still found");
        // Of seven tags added lately five come first.
        assert_eq!(ids("", &[6, 5, 3, 2, 0, 4, 1]), [6, 5, 3, 2, 0, 1, 4]);
    }

    #[test]
    fn without_a_word_recent_tags_come_before_the_most_used() {
        let order: Vec<_> = found("").iter().map(|hit| hit.0).collect();
        assert_eq!(order, [4, 6, 5, 3, 2, 1, 0]);
    }

    #[test]
    fn a_bare_word_goes_into_the_chosen_namespace() {
        let vocabulary = vocabulary();
        for (typed, namespace, expected) in [
            ("  boats ", Some("tag"), Ok("tag::boats")),
            ("boats", None, Ok("boats")),
            ("medium:: oil  paint", Some("tag"), Ok("medium::oil paint")),
            ("Swords", Some("tag"), Err("tag::swords is there already")),
            ("swords", Some("culture"), Ok("culture::swords")),
            ("  ", Some("tag"), Err("a tag needs a name")),
            ("tag::", None, Err("a tag needs a name")),
            ("::x", None, Err("the namespace before :: is empty")),
        ] {
            let found = new_name(typed, namespace, &vocabulary);
            assert_eq!(found.as_deref().map_err(String::as_str), expected, "{typed:?} {namespace:?}");
        }
    }

    #[test]
    fn tag_is_the_usual_namespace_where_it_is_used() {
        assert_eq!(usual_namespace(&vocabulary()), Some("tag"));
        for (names, expected) in
            [(vec!["scene::a", "scene::b", "c"], Some("scene")), (vec!["a", "b", "scene::c"], None), (vec![], None)]
        {
            let vocabulary = Vocabulary::new((0..).zip(names).map(|(id, name)| Label::new(id, name)));
            assert_eq!(usual_namespace(&vocabulary), expected);
        }
    }
}
