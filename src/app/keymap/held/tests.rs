//! What rebinding keys does.

use super::*;
use egui::Modifiers;

fn key(key: Key) -> Chord {
    Chord::pressed(key, Modifiers::NONE).unwrap()
}

fn set(keys: &mut Keymap, verb: Verb, chord: Chord, clash: Clash) -> Vec<Verb> {
    keys.apply(Rebind::Set { verb, chord, clash })
}

fn pressed(keys: &Keymap, key: Key, view: View) -> Option<Verb> {
    keys.verb(key, Modifiers::NONE, false, Some(view), Busy::default())
}

#[test]
fn a_changed_key_works_and_the_old_one_does_nothing() {
    let mut keys = Keymap::default();
    assert_eq!(set(&mut keys, Verb::Accept, key(Key::J), Clash::Swap), []);
    assert_eq!(pressed(&keys, Key::J, View::Review), Some(Verb::Accept));
    assert_eq!(pressed(&keys, Key::A, View::Review), None);
    assert_eq!((keys.shown(Verb::Accept), keys.is_changed(Verb::Accept)), ("J", true));
    assert_eq!(keys.tooltip(Verb::Accept), "The picture has the tag in focus (J)");
    assert_eq!(pressed(&keys, Key::A, View::Vocabulary), Some(Verb::AliasLabel), "other pages keep theirs");
}

#[test]
fn two_verbs_swap_keys_or_one_takes_the_others() {
    let mut keys = Keymap::default();
    assert_eq!(keys.rivals(Verb::Accept, key(Key::X)), [Verb::Reject]);
    assert_eq!(set(&mut keys, Verb::Accept, key(Key::X), Clash::Swap), [Verb::Reject]);
    assert_eq!((keys.shown(Verb::Accept), keys.shown(Verb::Reject)), ("X", "A"));
    let mut keys = Keymap::default();
    let _ = set(&mut keys, Verb::Accept, key(Key::X), Clash::Take);
    assert_eq!((keys.shown(Verb::Accept), keys.shown(Verb::Reject)), ("X", ""));
    assert_eq!(keys.all_shown(Verb::Reject), "no key");
    assert_eq!(keys.in_words(Verb::Reject), "the command “Reject”");
}

#[test]
fn a_swap_that_would_clash_elsewhere_is_not_offered() {
    // Undo works in every view; there `A` would also be Accept's neighbour in the Vocabulary, Other names.
    let keys = Keymap::default();
    assert_eq!(keys.rivals(Verb::Accept, key(Key::Backspace)), [Verb::Undo]);
    assert!(!keys.can_swap(Verb::Accept, key(Key::Backspace)));
    assert!(keys.can_swap(Verb::Accept, key(Key::X)));
    // X means something in three views.
    assert_eq!(keys.rivals(Verb::Help, key(Key::X)), [Verb::Reject, Verb::SweepMark, Verb::RetireLabel]);
}

#[test]
fn further_keys_of_a_verb_stay() {
    let mut keys = Keymap::default();
    let _ = set(&mut keys, Verb::Undo, key(Key::U), Clash::Take);
    assert_eq!(keys.all_shown(Verb::Undo), "U or Ctrl Z");
    let _ = set(&mut keys, Verb::Back, key(Key::F12), Clash::Take);
    assert_eq!(keys.all_shown(Verb::Back), "F12 or Esc");
    assert_eq!(pressed(&keys, Key::Escape, View::Review), Some(Verb::Back));
}

#[test]
fn a_verb_goes_back_to_its_own_key_and_takes_it_from_who_has_it_now() {
    let mut keys = Keymap::default();
    let _ = set(&mut keys, Verb::Accept, key(Key::X), Clash::Swap);
    let _ = set(&mut keys, Verb::Skip, key(Key::J), Clash::Take);
    assert_eq!(keys.apply(Rebind::Reset(Verb::Accept)), [Verb::Reject]);
    assert_eq!((keys.shown(Verb::Accept), keys.shown(Verb::Reject), keys.shown(Verb::Skip)), ("A", "X", "J"));
    let _ = keys.apply(Rebind::ResetAll);
    assert_eq!(keys, Keymap::default());
}

#[test]
fn changes_come_back_from_the_settings_file() {
    let mut keys = Keymap::default();
    let _ = set(&mut keys, Verb::Accept, key(Key::X), Clash::Take);
    let _ = set(&mut keys, Verb::Toggle(3), key(Key::F5), Clash::Take);
    let mut written = Written::new();
    keys.write(&mut written);
    let text = serde_json::to_string(&written).unwrap();
    assert_eq!(text, r#"{"accept":["X"],"reject":[],"toggle-3":["F5"]}"#);
    assert_eq!(Keymap::read(&written), (keys, Vec::new()));
}

#[test]
fn what_is_not_understood_changes_nothing_and_is_said() {
    for (text, problem) in [
        (r#"{"dance": ["D"]}"#, "there is no command dance"),
        (r#"{"accept": ["Abacus"]}"#, r#"the key of accept is not understood: ["Abacus"]"#),
        (r#"{"accept": 7}"#, "the key of accept is not understood: 7"),
        (r#"{"accept": [7]}"#, "the key of accept is not understood: [7]"),
        (r#"{"accept": ["X"]}"#, "the key of accept already means reject"),
        (r#"{"skip": ["J"], "why": ["J"]}"#, "the key of skip already means why"),
    ] {
        let written: Written = serde_json::from_str(text).unwrap();
        let (keys, problems) = Keymap::read(&written);
        assert_eq!(problems, [problem]);
        assert!(!keys.is_changed(Verb::Accept) && !keys.is_changed(Verb::Skip), "{text}");
        let mut kept = written.clone();
        keys.write(&mut kept);
        assert_eq!(kept.contains_key("dance"), written.contains_key("dance"), "what is unknown stays in the file");
    }
}

#[test]
fn every_verb_has_a_name_of_its_own_in_the_file_and_draws_its_key_as_the_table_says() {
    let mut names: Vec<_> = BINDINGS.iter().map(|binding| binding.verb.written()).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), BINDINGS.len());
    for binding in BINDINGS {
        assert_eq!(binding.chords[0].shown(), binding.shown, "{}", binding.name());
    }
}
