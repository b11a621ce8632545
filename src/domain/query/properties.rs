//! Over thousands of random queries: printed and read again they are the same tree, they find what a plain reading of the
//! tree finds, and no text whatever makes the reader stumble.

use super::compile::compile;
use super::evaluate::Facts as _;
use super::examples::{Collection, Picture, TAGS, collection, decided};
use super::glob::Glob;
use super::labels;
use super::parse::{Query, parse};
use super::syntax::{Expr, Places, Term};
use super::within::Within;
use crate::domain::{AttributeId, LabelSet, TagState, Verdict};

/// SplitMix64 (Steele, Lea and Flood 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    fn one<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.below(of.len())]
    }

    fn expr(&mut self, depth: usize, term: fn(&mut Self) -> Term) -> Expr {
        match if depth == 0 { 0 } else { self.below(6) } {
            1 => Expr::Not(Box::new(self.expr(depth - 1, term))),
            2 | 3 => Expr::And(self.exprs(depth, term)),
            4 | 5 => Expr::Or(self.exprs(depth, term)),
            _ => Expr::Term(term(self)),
        }
    }

    fn exprs(&mut self, depth: usize, term: fn(&mut Self) -> Term) -> Vec<Expr> {
        (0..2 + self.below(2)).map(|_| self.expr(depth - 1, term)).collect()
    }

    /// Any letters, the awkward ones often.
    fn letters(&mut self, least: usize) -> String {
        let awkward =
            ['"', '\\', ':', '(', ')', '-', ' ', '*', '<', '>', '=', '.', 'é', '日', 'O', 'R', '\u{a0}', '\t'];
        let n = least + self.below(6);
        (0..n).map(|_| if self.below(3) == 0 { 'a' } else { awkward[self.below(awkward.len())] }).collect()
    }

    fn odd_term(&mut self) -> Term {
        match self.below(4) {
            0 => Term::word(self.letters(1)),
            1 => Term::of(self.letters(1), self.letters(0)),
            2 => Term {
                condition: Some(self.one(&[">3", "<=0.5", "=1..2"]).to_owned()),
                ..Term::of("proposed", self.letters(0))
            },
            _ => Term::word(self.one(&["OR", "AND", "NOT", "-", "--x", "\\", "\"", "a\\\"b"])),
        }
    }

    fn sensible_term(&mut self) -> Term {
        let tag = self.one(&["men", "chairs", "*chairs", "sea", "s", "japan", "tag::*", "*", "north german", "e"]);
        let yes = self.one(&["yes", "no"]);
        match self.below(12) {
            0 => Term::word(self.one(&["men", "kyoto", "*.png", "a", "Paris"])),
            1 => Term::of("tag", self.one(&["men", "chairs", "*chairs", "sea", "s", "*"])),
            2 => Term::of("culture", self.one(&["japan", "*", "f", "n*"])),
            3 => Term::of("proposed", tag),
            4 => Term {
                condition: Some(self.one(&[">0.6", "<0.3", "=0.2..0.7", ">=1"]).to_owned()),
                ..Term::of("proposed", tag)
            },
            5 => Term::of("accepted", tag),
            6 => Term::of("rejected", tag),
            7 => Term::of("tags", self.one(&["0", "2", "1..2"])),
            8 => Term::of(self.one(&["reviewed", "touched", "problem", "proposals"]), yes),
            9 => Term::of("name", self.one(&["*.png", "*a*", "Kyoto", "broken"])),
            10 => Term::of("folder", self.one(&["asia", "Europe/Paris", "*", "euro*"])),
            _ => Term::of("similar", "menu"),
        }
    }
}

fn without_places(expr: &Expr) -> Expr {
    let all = |parts: &[Expr]| parts.iter().map(without_places).collect();
    match expr {
        Expr::And(parts) => Expr::And(all(parts)),
        Expr::Or(parts) => Expr::Or(all(parts)),
        Expr::Not(part) => Expr::Not(Box::new(without_places(part))),
        Expr::Term(term) => Expr::Term(Term { places: Places::default(), ..term.clone() }),
    }
}

#[test]
fn a_printed_query_reads_as_the_same_tree() {
    let mut random = Random(1);
    for _ in 0..20_000 {
        let expr = random.expr(4, Random::odd_term);
        let text = expr.to_string();
        let Query { expr: read, faults } = parse(&text);
        assert_eq!(faults, [], "{text}");
        assert_eq!(read.as_ref().map(without_places), Some(expr), "{text}");
    }
}

#[test]
fn no_text_makes_the_reader_stumble_and_every_fault_has_a_place() {
    let mut random = Random(2);
    let collection = collection();
    let pieces = [
        "tag:", "(", ")", "-", "\"", " ", "OR", "AND ", "NOT ", "men", ">", "0.6", "*", "::", "tags:>", "é",
        "similar:", "\\",
    ];
    for round in 0..20_000 {
        let n = random.below(24);
        let text = if round % 2 == 0 {
            (0..n).map(|_| random.one(&pieces)).collect::<String>()
        } else {
            let bytes: Vec<u8> = (0..n).map(|_| random.next() as u8).collect();
            String::from_utf8_lossy(&bytes).into_owned()
        };
        let query = parse(&text);
        let compiled = compile(&query, &collection);
        for fault in &compiled.faults {
            assert!(text.get(fault.span.clone()).is_some_and(|part| !part.is_empty()), "{text:?} {fault:?}");
        }
        let _ = collection.pictures.iter().filter(|picture| compiled.admits(*picture)).count();
        // What was understood is a query without faults of its grammar.
        if let Some(expr) = query.expr {
            let again = parse(&expr.to_string());
            assert_eq!(again.faults, [], "{text:?} {expr}");
            assert_eq!(again.expr.as_ref().map(without_places), Some(without_places(&expr)), "{text:?}");
        }
    }
}

/// Reads the tree word by word for one picture: slow, and in nothing the same code as `compile` and `evaluate`.
fn plainly(expr: &Expr, picture: &Picture, collection: &Collection) -> bool {
    let term = match expr {
        Expr::And(parts) => return !parts.iter().any(|part| !plainly(part, picture, collection)),
        Expr::Or(parts) => return parts.iter().any(|part| plainly(part, picture, collection)),
        Expr::Not(part) => return !plainly(part, picture, collection),
        Expr::Term(term) => term,
    };
    let all = || collection.vocabulary.labels().iter();
    let value = term.value.as_str();
    let has_any = |ids: Vec<AttributeId>| ids.iter().any(|&id| picture.tags.contains(id));
    let of = |namespace: &'static str| all().filter(move |label| label.namespace() == Some(namespace));
    let pattern = |text: &str| {
        Glob::new(value).map_or(text.to_lowercase().contains(&value.to_lowercase()), |glob| glob.matches(text))
    };
    let named = || pattern(picture.id) || (value.contains('*') && pattern(picture.path.rsplit('/').next().unwrap()));
    let folder = picture.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let yes = value == "yes";
    let judged = |state| labels::matching(value, all()).iter().any(|&id| picture.annotation.state(id) == state);
    match term.key.as_deref() {
        None => {
            let in_tag = |label: &crate::domain::Label| match Glob::new(value) {
                Some(glob) => glob.matches(label.short_name()),
                None => pattern(&label.name),
            };
            named() || all().any(|label| picture.tags.contains(label.id) && in_tag(label))
        }
        Some("tag") => has_any(labels::matching(value, of("tag"))),
        Some("culture") => has_any(labels::matching(value, of("culture"))),
        Some("proposed") => {
            let within = term.condition.as_deref().map_or(Within::at_least(0.5), |text| Within::parse(text).unwrap());
            let columns = labels::matching(value, all()).into_iter().map(|id| id.0 as usize);
            let of = |at: usize| picture.probabilities.get(at).copied().unwrap_or(0.0);
            !picture.probabilities.is_empty() && columns.into_iter().any(|at| within.admits(f64::from(of(at))))
        }
        Some("accepted") => judged(TagState::Accepted),
        Some("rejected") => judged(TagState::Rejected),
        Some("tags") => Within::parse(value).unwrap().admits(picture.tags.len() as f64),
        Some("reviewed") => picture.annotation.is_reviewed() == yes,
        Some("touched") => picture.annotation.is_touched() == yes,
        Some("problem") => picture.problem == yes,
        Some("proposals") => picture.awaits_review(0.5) == yes,
        Some("name") => named(),
        Some("folder") if value.contains('*') => pattern(folder),
        Some("folder") => format!("{folder}/").to_lowercase().starts_with(&format!("{value}/").to_lowercase()),
        Some("similar") => collection.nearest[value].contains(&picture.number),
        Some(other) => panic!("{other}"),
    }
}

#[test]
fn a_compiled_query_finds_what_a_plain_reading_finds() {
    let mut random = Random(3);
    let mut collection = collection();
    let paths =
        ["Asia/Kyoto 01.png", "Europe/Paris/a.jpg", "Europe/Men.png", "eur/b.tif", "broken.jpg", "Asia/Kyoto/sea.PNG"];
    for number in 8..60 {
        let tags: LabelSet = (0..random.below(5)).map(|_| AttributeId(random.below(TAGS.len()) as u32)).collect();
        let verdict = |random: &mut Random| if random.below(2) == 0 { Verdict::Accept } else { Verdict::Reject };
        let verdicts: Vec<_> =
            (0..random.below(3)).map(|_| (random.below(TAGS.len()) as u32, verdict(&mut random))).collect();
        let base = (random.below(2) == 0).then_some(tags);
        let annotation = decided(base, &verdicts, random.below(3) == 0);
        let n_known = [0, TAGS.len(), TAGS.len(), TAGS.len() - 2][random.below(4)];
        let probabilities: Vec<f32> = (0..n_known).map(|_| random.below(100) as f32 / 100.0).collect();
        let mut picture = Picture::new(number, random.one(&paths), annotation, &probabilities);
        picture.problem = random.below(9) == 0;
        collection.pictures.push(picture);
    }
    for _ in 0..5_000 {
        let expr = random.expr(3, Random::sensible_term);
        let compiled = compile(&Query { expr: Some(expr.clone()), faults: Vec::new() }, &collection);
        assert_eq!(compiled.faults, [], "{expr}");
        for picture in &collection.pictures {
            let expected = plainly(&expr, picture, &collection);
            assert_eq!(compiled.admits(picture), expected, "{expr}: picture {} {}", picture.number, picture.path);
        }
    }
}
