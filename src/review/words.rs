//! Type-ahead over the vocabulary: what the curator may mean by what was typed so far.
//!
//! Exact words before beginnings before parts before misspellings, so that the tag that is there already is found
//! before a second one like it is made.

use crate::domain::{AttributeId, Label, Vocabulary};

const AT_MOST: usize = 12;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    pub attribute: AttributeId,
    /// Found only by forgiving a misspelling.
    pub similar: bool,
}

/// Labels that match `query`, best first; for an empty one the recent tags, then the most used.
///
/// `uses` says how many images have a label.
pub fn search(
    query: &str,
    vocabulary: &Vocabulary,
    recent: &[AttributeId],
    uses: impl Fn(AttributeId) -> usize,
) -> Vec<Hit> {
    search_among(query, vocabulary.labels().iter(), recent, uses)
}

/// The same among some of the labels.
pub fn search_among<'a>(
    query: &str,
    labels: impl Iterator<Item = &'a Label>,
    recent: &[AttributeId],
    uses: impl Fn(AttributeId) -> usize,
) -> Vec<Hit> {
    let query = fold(query);
    let recency = |id: AttributeId| recent.iter().position(|&other| other == id).unwrap_or(usize::MAX);
    let mut found: Vec<_> = labels
        .filter_map(|label| {
            let rank = if query.is_empty() { 0 } else { rank(&query, label)? };
            Some((rank, recency(label.id), usize::MAX - uses(label.id), label))
        })
        .collect();
    found.sort_by(|a, b| (a.0, a.1, a.2, &a.3.name).cmp(&(b.0, b.1, b.2, &b.3.name)));
    found
        .into_iter()
        .take(AT_MOST)
        .map(|(rank, _, _, label)| Hit { attribute: label.id, similar: rank >= SIMILAR })
        .collect()
}

const SIMILAR: u32 = 100;

/// Smaller is better; `None` where it does not match.
fn rank(query: &str, label: &Label) -> Option<u32> {
    let name = fold(&label.name);
    let short = fold(label.short_name());
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

fn fold(text: &str) -> String {
    text.trim().to_lowercase().replace(['_', '-'], " ")
}

/// The name a new tag would get, or why there is none.
///
/// A bare word goes into `namespace` where one is given. Errors are sentences for the user.
pub fn new_name(typed: &str, namespace: Option<&str>, vocabulary: &Vocabulary) -> Result<String, String> {
    let typed = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    if typed.chars().any(char::is_control) {
        return Err("a tag cannot contain control characters".to_owned());
    }
    let (namespace, short) = match typed.split_once("::") {
        Some((namespace, short)) => (Some(namespace.trim()), short.trim()),
        None => (namespace, typed.as_str()),
    };
    if short.is_empty() {
        return Err("a tag needs a name".to_owned());
    }
    let name = match namespace {
        Some("") => return Err("the namespace before :: is empty".to_owned()),
        Some(namespace) => format!("{namespace}::{short}"),
        None => short.to_owned(),
    };
    let taken = vocabulary.labels().iter().find(|label| fold(&label.name) == fold(&name));
    match taken {
        Some(label) => Err(format!("{} is there already", label.name)),
        None => Ok(name),
    }
}

/// The namespaces of a vocabulary, most labels first. `None` stands for labels without one.
pub fn namespaces(vocabulary: &Vocabulary) -> Vec<(Option<&str>, usize)> {
    let mut counts: Vec<(Option<&str>, usize)> = Vec::new();
    for label in vocabulary.labels() {
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
