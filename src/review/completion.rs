//! What can stand at the caret of a query: keys, values, operators; what is typed so far decides, misspelt or not.
//!
//! Floor 2: pure. The field draws the offers and puts one into the text; which images pass is `domain::query`'s.

use std::ops::Range;

use super::words;
use crate::domain::query::keys::{KEYS, Key};
use crate::domain::query::labels::fold;
use crate::domain::query::syntax::quoted;
use crate::domain::query::token::{Kind, Letter, tokens};
use crate::domain::{AttributeId, Label, Vocabulary};

const AT_MOST: usize = 14;
/// Tags beside keys, where a bare word may be either.
const TAGS_BESIDE_KEYS: usize = 6;

/// What a collection has to offer.
pub struct Setting<'a> {
    pub vocabulary: &'a Vocabulary,
    /// Tags added last, last first.
    pub recent: &'a [AttributeId],
    /// How many images have a label.
    pub uses: &'a dyn Fn(AttributeId) -> usize,
    /// With how many images lie in each, or below.
    pub folders: &'a [(String, usize)],
    /// The id of the image the curator looks at.
    pub image: Option<&'a str>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// As it is listed.
    pub shown: String,
    /// A line about it.
    pub help: String,
    /// How many images it stands for, where that is known.
    pub count: Option<usize>,
    /// What takes the place of the word at the caret.
    pub insert: String,
    /// That word, in bytes.
    pub place: Range<usize>,
}

impl Offer {
    /// The text with the offer in it, and the caret behind it, in bytes.
    pub fn taken(&self, text: &str) -> (String, usize) {
        let (before, after) = (&text[..self.place.start], &text[self.place.end..]);
        // A finished word is followed by a blank; a key waits for its value.
        let blank = if self.insert.ends_with(':') || after.starts_with([' ', ')']) { "" } else { " " };
        let caret = before.len() + self.insert.len() + blank.len();
        (format!("{before}{}{blank}{after}", self.insert), caret)
    }
}

/// At most fourteen, the likeliest first. `caret` in bytes, on the border of a letter.
pub fn offers(text: &str, caret: usize, setting: &Setting<'_>) -> Vec<Offer> {
    let (tokens, _) = tokens(text);
    let at_caret = tokens.iter().find(|token| {
        let is_word = !matches!(token.kind, Kind::Open | Kind::Close | Kind::Minus);
        is_word && token.span.start <= caret && caret <= token.span.end
    });
    let mut list = List { setting, place: caret..caret, offers: Vec::new() };
    let Some(token) = at_caret else {
        list.keys("");
        list.operators("", tokens.iter().any(|token| token.span.end <= caret));
        return list.finished(text);
    };
    list.place = token.span.clone();
    let Kind::Term(letters) = &token.kind else {
        list.operators(&text[token.span.start..caret], true);
        return list.finished(text);
    };
    let colon = letters.iter().position(|letter| letter.letter == ':' && !letter.quoted);
    match colon.filter(|&colon| letters[colon].at < caret) {
        Some(colon) => {
            let doubled = letters.get(colon + 1).is_some_and(|next| next.letter == ':' && !next.quoted);
            let start = letters[colon].at + 1 + usize::from(doubled);
            let key = text_of(&letters[..colon], caret);
            let value = &letters[colon + 1 + usize::from(doubled)..];
            let sign = value.iter().find(|letter| !letter.quoted && matches!(letter.letter, '<' | '>' | '='));
            let sign = sign.filter(|_| Key::of(&key).is_some_and(Key::compares)).map_or(token.span.end, |sign| sign.at);
            if caret > sign || caret < start {
                return Vec::new(); // A number, or between two colons.
            }
            list.place = start..sign;
            list.values(&key, &text_of(value, caret));
        }
        None => {
            let typed = text_of(letters, caret);
            let first = tokens.first().is_some_and(|first| first.span == token.span);
            if let Some(colon) = colon {
                list.place.end = letters[colon].at + 1; // Only the key is replaced.
                list.keys(&typed);
            } else {
                list.keys(&typed);
                list.operators(&typed, !first);
                list.tags(&typed);
            }
        }
    }
    list.finished(text)
}

/// What was typed before the caret.
fn text_of(letters: &[Letter], caret: usize) -> String {
    letters.iter().take_while(|letter| letter.at < caret).map(|letter| letter.letter).collect()
}

struct List<'a> {
    setting: &'a Setting<'a>,
    place: Range<usize>,
    offers: Vec<Offer>,
}

impl List<'_> {
    fn add(&mut self, insert: String, help: impl Into<String>, count: Option<usize>) {
        let shown = insert.clone();
        self.offers.push(Offer { shown, help: help.into(), count, insert, place: self.place.clone() });
    }

    /// Nothing where the only offer is what stands there already.
    fn finished(mut self, text: &str) -> Vec<Offer> {
        self.offers.truncate(AT_MOST);
        let standing = &text[self.place.clone()];
        if self.offers.iter().all(|offer| offer.insert == standing) { Vec::new() } else { self.offers }
    }

    fn keys(&mut self, typed: &str) {
        let typed = fold(typed);
        let begins = |name: &str| fold(name).starts_with(&typed);
        for (namespace, n_labels) in words::namespaces(self.setting.vocabulary) {
            let own = namespace.filter(|name| Key::of(name).is_none() && begins(name));
            if let Some(name) = own {
                self.add(format!("{}:", quoted(name, false)), format!("one of {n_labels} tags"), None);
            }
        }
        // Where there are many namespaces, keys stand before the rarer ones.
        let rarer = self.offers.split_off(self.offers.len().min(3));
        for about in KEYS.iter().filter(|about| begins(about.name)) {
            self.add(format!("{}:", about.name), about.help, None);
        }
        self.offers.extend(rarer);
    }

    fn operators(&mut self, typed: &str, follows: bool) {
        let typed = typed.to_uppercase();
        let mut offer = |word: &str, help: &str, allowed: bool| {
            if allowed && word.starts_with(&typed) {
                self.add(word.to_owned(), help, None);
            }
        };
        offer("OR", "one of the two", follows);
        offer("NOT", "without what follows; also -", follows || !typed.is_empty());
        offer("AND", "both; the same as nothing between", !typed.is_empty() && follows);
        // The keys come first, and must not push these off the list.
        let n = self.offers.iter().rev().take_while(|offer| !offer.insert.ends_with(':')).count();
        let n_keys = self.offers.len() - n;
        if n_keys + n > AT_MOST {
            self.offers.drain(AT_MOST - n..n_keys);
        }
    }

    /// For a bare word, each with its key.
    fn tags(&mut self, typed: &str) {
        if typed.trim().is_empty() {
            return;
        }
        let setting = self.setting;
        let hits = words::search(typed, setting.vocabulary, setting.recent, setting.uses);
        for hit in hits.iter().take(TAGS_BESIDE_KEYS) {
            if let Some(label) = setting.vocabulary.get(hit.attribute) {
                self.add(with_key(label), similar(hit.similar), Some((setting.uses)(hit.attribute)));
            }
        }
    }

    fn values(&mut self, key: &str, typed: &str) {
        match Key::of(key) {
            None => {
                let namespace = fold(key);
                self.labels(typed, |label| label.namespace().map(fold).as_ref() == Some(&namespace), false);
            }
            Some(Key::Tag) => {
                let known = words::namespaces(self.setting.vocabulary).iter().any(|(name, _)| *name == Some("tag"));
                let of_tag = |label: &Label| matches!(label.namespace(), None | Some("tag"));
                self.labels(typed, |label| !known || of_tag(label), false);
            }
            Some(key) if key.takes_tags() => self.labels(typed, |_| true, true),
            Some(key) if key.is_yes_or_no() => {
                for answer in ["yes", "no"].into_iter().filter(|answer| answer.starts_with(&typed.to_lowercase())) {
                    self.add(answer.to_owned(), key.about().help, None);
                }
            }
            Some(Key::Tags) if typed.is_empty() => {
                for (number, help) in [("0", "none"), (">3", "more than three"), ("1..3", "one to three")] {
                    self.add(number.to_owned(), help, None);
                }
            }
            Some(Key::Folder) => {
                let typed = typed.to_lowercase();
                let found = |folder: &str| folder.to_lowercase().find(&typed);
                let mut folders: Vec<_> =
                    self.setting.folders.iter().filter(|(name, _)| found(name).is_some()).collect();
                folders.sort_by_key(|(name, count)| (found(name) != Some(0), std::cmp::Reverse(*count)));
                for (name, count) in folders.into_iter().take(AT_MOST) {
                    self.add(quoted(name, false), "", Some(*count));
                }
            }
            Some(Key::Similar) => {
                if let Some(image) = self.setting.image.filter(|image| image.starts_with(typed)) {
                    self.add(quoted(image, false), "the picture you are at", None);
                }
            }
            Some(_) => {}
        }
    }

    /// `any`: of all namespaces, so that the name has to tell which.
    fn labels(&mut self, typed: &str, is_meant: impl Fn(&Label) -> bool, any: bool) {
        let setting = self.setting;
        let all = setting.vocabulary.labels();
        let hits = words::search_among(
            typed,
            setting.vocabulary,
            all.iter().filter(|label| is_meant(label)),
            setting.recent,
            setting.uses,
        );
        for hit in hits {
            let Some(label) = setting.vocabulary.get(hit.attribute) else {
                continue;
            };
            let is_alone =
                || all.iter().filter(|other| fold(other.short_name()) == fold(label.short_name())).count() < 2;
            let name = if !any || is_alone() { label.short_name() } else { &label.name };
            self.add(quoted(name, any), similar(hit.similar), Some((setting.uses)(hit.attribute)));
        }
    }
}

fn similar(is_similar: bool) -> &'static str {
    if is_similar { "did you mean" } else { "" }
}

/// `culture:japan` of `culture::japan`: what asks for this label and no other of its namespace.
pub fn with_key(label: &Label) -> String {
    match label.namespace() {
        Some(namespace) if namespace == "tag" || Key::of(namespace).is_none() => {
            format!("{}:{}", quoted(namespace, false), quoted(label.short_name(), false))
        }
        Some(_) => format!("tag:{}", quoted(&label.name, false)),
        None => format!("tag:{}", quoted(label.short_name(), false)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 8] = [
        "culture::japan",
        "culture::french",
        "tag::chairs",
        "tag::old men",
        "tag::ships",
        "material::french",
        "name::odd",
        "bare",
    ];

    fn vocabulary() -> Vocabulary {
        Vocabulary::new((0..).zip(NAMES).map(|(id, name)| Label::new(id, name)))
    }

    /// The offers at `|`, and the text after the first of them was taken.
    fn at(marked: &str) -> (Vec<String>, String) {
        let vocabulary = vocabulary();
        let folders = [("Asia/Kyoto".to_owned(), 3), ("Europe".to_owned(), 9), ("Europe/Kyiv".to_owned(), 2)];
        let setting = Setting {
            vocabulary: &vocabulary,
            recent: &[],
            uses: &|id| 10 - id.0 as usize,
            folders: &folders,
            image: Some("vase 7"),
        };
        let caret = marked.find('|').unwrap();
        let text = marked.replace('|', "");
        let offers = offers(&text, caret, &setting);
        let taken = offers.first().map_or(text.clone(), |first| {
            let (mut text, caret) = first.taken(&text);
            text.insert(caret, '|');
            text
        });
        (offers.into_iter().map(|offer| offer.shown).collect(), taken)
    }

    #[test]
    fn the_word_at_the_caret_is_completed_and_nothing_else() {
        // (text with the caret, the first offers, the text after taking the first)
        let cases: [(&str, &[&str], &str); 20] = [
            ("cul|", &["culture:"], "culture:|"),
            ("re| tag:ships", &["reviewed:", "rejected:"], "reviewed:| tag:ships"),
            ("chai|", &["tag:chairs"], "tag:chairs |"),
            ("-chiars|", &["tag:chairs"], "-tag:chairs |"),
            ("(a OR ol|)", &["tag:\"old men\""], "(a OR tag:\"old men\"|)"),
            ("tag:|", &["chairs", "\"old men\"", "ships", "bare"], "tag:chairs |"),
            ("tag:sh| reviewed:no", &["ships"], "tag:ships| reviewed:no"),
            ("culture:f|", &["french"], "culture:french |"),
            ("culture::f|", &["french"], "culture::french |"),
            ("culture:jpaan|", &["japan"], "culture:japan |"),
            ("proposed:fre|", &["culture::french", "material::french"], ""),
            ("proposed:ch|>0.6", &["chairs"], "proposed:chairs |>0.6"),
            ("proposed:chairs>0|", &[], ""),
            ("reviewed:|", &["yes", "no"], "reviewed:yes |"),
            ("tags:|", &["0", ">3", "1..3"], "tags:0 |"),
            ("folder:k|", &["Asia/Kyoto", "Europe/Kyiv"], "folder:Asia/Kyoto |"),
            ("similar:|", &["\"vase 7\""], "similar:\"vase 7\" |"),
            ("odd|", &["tag:\"name::odd\""], "tag:\"name::odd\" |"),
            ("tag:ships O|", &["OR"], "tag:ships OR |"),
            ("reviewed:no|", &[], ""),
        ];
        for (marked, expected, taken) in cases {
            let (mut found, text) = at(marked);
            if marked.starts_with("proposed:fre") {
                found = found.iter().map(|name| name.replace('"', "")).collect();
            }
            assert_eq!(
                found.iter().take(expected.len()).collect::<Vec<_>>(),
                expected.iter().collect::<Vec<_>>(),
                "{marked}"
            );
            assert!(!expected.is_empty() || found.is_empty(), "{marked}: {found:?}");
            assert!(taken.is_empty() || text == taken, "{marked}: {text}");
        }
    }

    #[test]
    fn where_nothing_is_typed_keys_are_offered_and_operators_only_after_something() {
        let (found, _) = at("|");
        assert_eq!(found[..4], ["culture:", "material:", "tag:", "proposed:"]);
        assert!(!found.contains(&"OR".to_owned()));
        let (found, _) = at("tag:ships |");
        assert!(found.contains(&"OR".to_owned()) && found.contains(&"tag:".to_owned()) && found.len() <= AT_MOST);
    }
}
