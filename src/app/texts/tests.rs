//! All texts are there in every language, with the same arguments, and none too many.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::*;
use crate::app::keymap::BINDINGS;
use crate::app::sides;

/// The ids of a language, each with the arguments that its text names.
fn texts(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut id = String::new();
    for line in language.source().lines().filter(|line| !line.starts_with('#')) {
        if !line.starts_with(' ')
            && let Some((name, _)) = line.split_once(" =")
        {
            id = name.to_owned();
            assert!(!found.contains_key(&id), "{language:?} says {id} twice");
            found.insert(id.clone(), BTreeSet::new());
        }
        for (at, _) in line.match_indices('$') {
            let name = line[at + 1..].chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_');
            found.entry(id.clone()).or_default().insert(name.collect());
        }
    }
    found
}

/// The code of the window, without its tests.
fn code() -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                walk(&path, found);
            } else if !path.ends_with("tests.rs") && !path.ends_with("app/texts.rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default().to_owned();
                found.push((path, text));
            }
        }
    }
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/app"), &mut found);
    assert!(found.len() > 40, "the walk found only {} files", found.len());
    found
}

/// What `say!` is called with in a file: the id, and the names of the arguments.
fn calls(text: &str) -> Vec<(String, BTreeSet<String>)> {
    let calls = text.match_indices("say!(").filter_map(|(at, opening)| {
        let call = inside(&text[at + opening.len()..]);
        let mut parts = call.trim_start().strip_prefix('"')?.splitn(2, '"');
        let (id, rest) = (parts.next()?, parts.next()?);
        let names = commas(rest).into_iter().filter_map(|part| Some(part.split_once(" = ")?.0.trim().to_owned()));
        Some((id.to_owned(), names.collect()))
    });
    calls.collect()
}

/// Up to the bracket that closes what is open.
fn inside(text: &str) -> &str {
    let mut depth = 0;
    for (at, letter) in text.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' if depth == 0 => return &text[..at],
            ')' => depth -= 1,
            _ => {}
        }
    }
    text
}

/// The parts between the commas that are in no bracket.
fn commas(text: &str) -> Vec<String> {
    let (mut parts, mut depth) = (vec![String::new()], 0);
    for letter in text.chars() {
        match letter {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => parts.push(String::new()),
            _ => {}
        }
        if let Some(part) = parts.last_mut() {
            part.push(letter);
        }
    }
    parts.into_iter().map(|part| part.trim_start_matches(',').to_owned()).collect()
}

/// Ids that are put together while the window runs.
fn put_together() -> BTreeSet<String> {
    let months = (1..=12).map(|month| format!("time-month-{month}"));
    let keys = BINDINGS.iter().map(|binding| format!("key-{}", binding.verb.written()));
    let help = BINDINGS.iter().map(|binding| format!("key-{}-help", binding.verb.written()));
    let sides = sides::ALL.map(|side| format!("side-{}", side.name));
    months.chain(keys).chain(help).chain(sides).collect()
}

#[test]
fn every_language_is_fluent_and_says_the_same_with_the_same_arguments() {
    let english = texts(Language::English);
    for language in Language::ALL {
        let read = FluentResource::try_new(language.source().to_owned());
        assert!(read.is_ok(), "{language:?}: {:?}", read.err().map(|(_, problems)| problems));
        for (id, arguments) in texts(language) {
            assert_eq!(english.get(&id), Some(&arguments), "{id} in {language:?}");
        }
        assert_eq!(texts(language).len(), english.len(), "{language:?} leaves something out");
    }
}

#[test]
fn every_text_that_the_code_asks_for_is_there_and_every_text_is_asked_for() {
    let english = texts(Language::English);
    let mut asked = put_together();
    for (path, text) in code() {
        for (id, arguments) in calls(&text) {
            assert_eq!(english.get(&id), Some(&arguments), "{id} in {}", path.display());
            asked.insert(id);
        }
    }
    let known: BTreeSet<_> = english.into_keys().collect();
    assert_eq!(known.difference(&asked).collect::<Vec<_>>(), Vec::<&String>::new(), "nobody asks for these");
    assert_eq!(asked.difference(&known).collect::<Vec<_>>(), Vec::<&String>::new(), "these are not there");
}

#[test]
fn numbers_and_plurals_follow_the_language() {
    // Plural rules of the CLDR: in French nought is singular.
    let cases = [
        (Language::English, 0, "Learned from 0 images"),
        (Language::English, 1, "Learned from 1 image"),
        (Language::English, 109_237, "Learned from 109,237 images"),
        (Language::German, 1, "Aus 1 Bild gelernt"),
        (Language::German, 109_237, "Aus 109.237 Bildern gelernt"),
        (Language::French, 0, "A appris de 0 image"),
        (Language::French, 109_237, "A appris de 109\u{a0}237 images"),
    ];
    for (language, n, expected) in cases {
        speak(language);
        assert_eq!(say!("status-learned", n = n as usize), expected, "{n} in {language:?}");
    }
    for (language, expected) in
        [(Language::English, "-1,234.50"), (Language::German, "-1.234,50"), (Language::French, "-1\u{a0}234,50")]
    {
        speak(language);
        assert_eq!(fixed(-1234.5, 2), expected, "{language:?}");
    }
}

#[test]
fn what_is_missing_gives_english_or_the_id() {
    speak(Language::German);
    assert_eq!(text("there-is-no-such-text", &[]), "there-is-no-such-text");
    assert_eq!(text("welcome-forget", &[]), "welcome-forget", "its argument is missing");
    assert_eq!(text("welcome-forget", &[("name", "Köln".into())]), "Köln vergessen");
}

#[test]
fn a_language_is_that_of_its_thread_and_english_at_first() {
    assert_eq!((spoken(), Language::default()), (Language::English, Language::English));
    speak(Language::French);
    assert_eq!(say!("menu-recent"), "Récents");
}
