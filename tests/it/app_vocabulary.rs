//! Editing the vocabulary in the window, by keys, role and label; and over the real workers, down to the bytes.

use std::fs;
use std::ops::ControlFlow;

use docent::app::state::{Desk, View};
use docent::app::vocabulary::Wish;
use docent::app::{Action, Settings};
use docent::demo;
use docent::domain::AttributeId;
use eframe::egui::{Event, Key, Modifiers};
use egui_kittest::kittest::Queryable as _;

use crate::app_main_job::{Desktop, shoot};
use crate::app_support::{self as support, Window};

const BIRDS: AttributeId = AttributeId(7);
const BOWLS: AttributeId = AttributeId(8);

/// Forty pictures, twenty of them described, in the Vocabulary view with the focus on `tag::birds`.
fn at_birds() -> Window {
    let mut window = support::window(1440.0, 900.0, Settings::default());
    support::open(&mut window, support::opened(40, 20));
    press(&mut window, Key::L);
    assert_eq!(window.state().state().view, View::Vocabulary);
    window.get_by_label("tag::birds, 4 pictures").click();
    window.run();
    window
}

fn press(window: &mut Window, key: Key) {
    window.key_press(key);
    window.run();
}

fn write(window: &mut Window, text: &str) {
    window.event(Event::Text(text.to_owned()));
    window.run();
}

fn desk(window: &Window) -> &Desk {
    window.state().state().desk.as_ref().unwrap()
}

fn name_of(window: &Window, id: AttributeId) -> &str {
    &desk(window).vocabulary.get(id).unwrap().name
}

#[test]
fn arrows_walk_the_labels_and_enter_shows_the_pictures_of_one() {
    let mut window = at_birds();
    assert_eq!(window.state().state().vocabulary.focus, Some(BIRDS));
    press(&mut window, Key::ArrowDown);
    assert_eq!(window.state().state().vocabulary.focus, Some(BOWLS));
    press(&mut window, Key::ArrowUp);
    press(&mut window, Key::Enter);
    assert_eq!(window.state().state().view, View::Library);
    assert_eq!(desk(&window).shown, [0, 5, 10, 15], "every fifth described picture has it");
}

#[test]
fn a_label_is_renamed_found_by_its_old_name_and_gets_it_back_with_undo() {
    let mut window = at_birds();
    press(&mut window, Key::E);
    window.get_by_label("Rename tag::birds");
    window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    write(&mut window, "tag::fowl");
    window.get_by_label_contains("4 pictures keep the label under its new name");
    press(&mut window, Key::Enter);
    assert_eq!(name_of(&window, BIRDS), "tag::fowl");
    window.get_by_label("tag::fowl, 4 pictures");

    press(&mut window, Key::R);
    press(&mut window, Key::Slash);
    write(&mut window, "bird");
    window.get_by_label("Add tag::fowl, also called tag::birds");
    press(&mut window, Key::Escape);
    press(&mut window, Key::L);
    press(&mut window, Key::Backspace);
    assert_eq!(name_of(&window, BIRDS), "tag::birds");
    assert_eq!(desk(&window).vocabulary.aliases().count(), 0);
}

#[test]
fn a_name_that_is_taken_is_refused_and_a_merge_is_offered() {
    let mut window = at_birds();
    press(&mut window, Key::E);
    window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    write(&mut window, "tag::bowls");
    window.get_by_label_contains("tag::bowls is there already");
    window.get_by_label("Merge into tag::bowls").click();
    window.run();
    assert!(!desk(&window).vocabulary.is_offered(BIRDS));
}

#[test]
fn a_merge_says_what_it_does_before_it_does_it_and_is_one_step() {
    let mut window = at_birds();
    press(&mut window, Key::M);
    write(&mut window, "bowl");
    window.get_by_label("4 pictures change: 4 get tag::bowls, 0 had it already.");
    assert_eq!(desk(&window).tag_count(BIRDS), 4, "nothing has happened yet");
    press(&mut window, Key::Enter);
    assert_eq!((desk(&window).tag_count(BIRDS), desk(&window).tag_count(BOWLS)), (0, 8));
    window.get_by_label("tag::birds, retired, 0 pictures");
    window.get_by_label_contains("tag::birds merged into tag::bowls, 4 pictures");
    press(&mut window, Key::Backspace);
    assert_eq!((desk(&window).tag_count(BIRDS), desk(&window).tag_count(BOWLS)), (4, 4));
    window.get_by_label("tag::birds, 4 pictures");
}

#[test]
fn a_retired_label_leaves_tree_and_type_ahead_and_the_same_key_brings_it_back() {
    let mut window = at_birds();
    press(&mut window, Key::X);
    window.get_by_label("Retire it, take it off 4 pictures");
    press(&mut window, Key::Enter);
    assert_eq!(desk(&window).tag_count(BIRDS), 4, "the first answer keeps it");
    press(&mut window, Key::G);
    assert!(window.query_by_label("birds 4").is_none());
    press(&mut window, Key::R);
    press(&mut window, Key::Slash);
    write(&mut window, "birds");
    assert!(window.query_by_label("Add tag::birds").is_none());
    window.get_by_label("tag::birds is retired");
    press(&mut window, Key::Escape);
    press(&mut window, Key::L);
    press(&mut window, Key::X);
    assert!(desk(&window).vocabulary.is_offered(BIRDS));
}

#[test]
fn other_names_are_found_and_no_label_is_made_of_them() {
    let mut window = at_birds();
    press(&mut window, Key::A);
    write(&mut window, "fowl");
    press(&mut window, Key::Enter);
    window.get_by_label("Remove the name fowl");
    press(&mut window, Key::Escape);
    press(&mut window, Key::R);
    press(&mut window, Key::ArrowRight);
    press(&mut window, Key::Slash);
    write(&mut window, "fowl");
    window.get_by_label("tag::fowl is another name of tag::birds");
    let image = desk(&window).cursor.unwrap();
    assert!(!desk(&window).item(image).tags.contains(BIRDS));
    press(&mut window, Key::Enter);
    assert!(desk(&window).item(image).tags.contains(BIRDS));
}

#[test]
fn a_list_is_imported_after_its_preview() {
    let mut window = at_birds();
    press(&mut window, Key::N);
    write(&mut window, "tag::lanterns\ntag::birds\n::odd\ntag::ropes");
    window.get_by_label("2 new, 1 there already, 1 odd line");
    window.get_by_label_contains("Line 3: the namespace before :: is empty");
    window.get_by_label("Import 2 labels").click();
    window.run();
    window.get_by_label("tag::ropes, 0 pictures");
    press(&mut window, Key::Backspace);
    assert!(window.query_by_label("tag::ropes, 0 pictures").is_none());
}

#[test]
fn a_merge_and_a_rename_reach_the_disk_and_undo_after_a_restart_gives_every_byte_back() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().join("demo");
    let plan = demo::Plan { images: 40, seed: 9, annotated: 1.0 };
    demo::write(&folder, &plan, &|_, _| ControlFlow::Continue(())).unwrap();
    let bytes = || (fs::read(folder.join("labels.csv")).unwrap(), fs::read(folder.join("train.csv")).unwrap());
    let before = bytes();
    let mut desktop = Desktop::open(&folder);
    let counted = desktop.desk().vocabulary.labels().iter().map(|label| (desktop.desk().tag_count(label.id), label.id));
    let mut most: Vec<_> = counted.collect();
    most.sort_unstable();
    let [.., (_, into), (n, from)] = most[..] else { panic!("{most:?}") };
    let perform = |desktop: &mut Desktop, wish| {
        desktop.window.state_mut().perform(Action::Vocabulary(wish));
        desktop.window.run();
    };
    perform(&mut desktop, Wish::Merge { from, into });
    perform(&mut desktop, Wish::Rename { attribute: into, name: "tag::one of two".to_owned() });
    desktop.saved();
    let after = bytes();
    assert!(String::from_utf8(after.0.clone()).unwrap().contains(&format!("{into},tag::one of two")));
    assert!(n > 0 && after.1 != before.1);
    // Nothing proposes the retired label any more, and everything else is proposed.
    desktop.wait("new proposals", |state| {
        let desk = state.desk.as_ref().unwrap();
        (0..40).all(|image| desk.probability(image, from).is_none())
    });
    desktop.press(Key::L);
    shoot(&mut desktop, "vocabulary");
    drop(desktop);

    let mut desktop = Desktop::open(&folder);
    assert!(!desktop.desk().vocabulary.is_offered(from));
    assert!(desktop.desk().known_labels().contains(&into), "the model knows it under its new name");
    assert!(!desktop.desk().known_labels().contains(&from));
    assert_eq!(bytes(), after);
    desktop.press(Key::Backspace);
    desktop.press(Key::Backspace);
    desktop.saved();
    assert_eq!(bytes(), before);
}
