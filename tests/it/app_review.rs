//! The review by keyboard, through the real window: keys in, state out.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use docent::app::Settings;
use docent::app::state::{Safety, View, review};
use docent::domain::{AttributeId, TagState};
use docent::jobs::{Event, WriteNumber};
use egui_kittest::kittest::Queryable as _;

use crate::app_support::{self as support, Window};
use eframe::egui::{Key, Modifiers};

fn under_review() -> Window {
    let mut window = support::window(1440.0, 900.0, Settings::default());
    support::open(&mut window, support::opened(40, 0));
    press(&mut window, Key::R);
    window
}

fn press(window: &mut Window, key: Key) {
    window.key_press(key);
    window.run();
}

fn desk(window: &Window) -> &docent::app::state::Desk {
    window.state().state().desk.as_ref().unwrap()
}

fn states(window: &Window, image: u32) -> Vec<TagState> {
    review::rows(desk(window), image).iter().map(|row| row.state).collect()
}

#[test]
fn keys_accept_reject_and_take_back() {
    let mut window = under_review();
    assert_eq!(window.state().state().view, View::Review);
    let before = states(&window, 0);
    press(&mut window, Key::A);
    press(&mut window, Key::X);
    assert_eq!(states(&window, 0)[..2], [TagState::Accepted, TagState::Rejected]);
    assert_eq!(window.state().state().record.safety(), Safety::Writing(2));
    press(&mut window, Key::Backspace);
    press(&mut window, Key::Backspace);
    assert_eq!(states(&window, 0), before);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Y);
    window.run();
    assert_eq!(states(&window, 0)[0], TagState::Accepted);
    window.state_mut().receive(Event::Recorded { number: WriteNumber(5) });
    window.run();
    window.get_by_label("All 1,285 decisions on disk");
}

#[test]
fn enter_accepts_what_is_shown_and_goes_on() {
    let mut window = under_review();
    let offered = review::rows(desk(&window), 0).iter().filter(|row| row.is_offered()).count();
    assert!(offered > 0);
    press(&mut window, Key::Enter);
    assert_eq!(desk(&window).cursor, Some(1));
    let accepted = states(&window, 0).iter().filter(|state| **state == TagState::Accepted).count();
    assert_eq!(accepted, offered);
    assert!(desk(&window).item(0).annotation.is_reviewed());
    press(&mut window, Key::Backspace);
    assert_eq!(desk(&window).cursor, Some(0));
    assert!(!desk(&window).item(0).annotation.is_touched());
}

#[test]
fn a_tag_is_found_by_its_beginning_and_a_new_one_is_made() {
    let mut window = under_review();
    press(&mut window, Key::Slash);
    window.event(eframe::egui::Event::Text("mask".to_owned()));
    window.run();
    press(&mut window, Key::Enter);
    assert!(desk(&window).item(0).tags.contains(AttributeId(9)), "tag::masks");
    press(&mut window, Key::Slash);
    window.event(eframe::egui::Event::Text("lanterns".to_owned()));
    window.run();
    window.get_by_label("Create tag::lanterns");
    window.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    window.run();
    let made = desk(&window).vocabulary.by_name("tag::lanterns").unwrap().id;
    assert_eq!(made, AttributeId(12));
    assert!(desk(&window).item(0).tags.contains(made));
    assert!(window.state().state().overlay.is_none());
}

#[test]
fn a_click_on_a_row_decides_and_a_click_on_a_chip_takes_it_back() {
    let mut window = under_review();
    let row = review::rows(desk(&window), 0)[0];
    let name = desk(&window).vocabulary.get(row.attribute).unwrap().name.clone();
    window.get_by_label_contains(&format!("{name} ")).click();
    window.run();
    assert_eq!(states(&window, 0)[0], TagState::Accepted);
    window.get_by_label(&format!("Tag {name}, remove")).click();
    window.run();
    assert_eq!(states(&window, 0)[0], TagState::Unseen);
}

#[test]
fn letters_typed_into_the_filter_are_letters() {
    let mut window = under_review();
    window.key_press_modifiers(Modifiers::COMMAND, Key::F);
    window.run();
    window.key_press(Key::A);
    window.event(eframe::egui::Event::Text("0003".to_owned()));
    window.run();
    assert_eq!(desk(&window).filter.text, "0003");
    assert_eq!(desk(&window).shown, [2]);
    assert_eq!(desk(&window).n_decisions, 1284);
}
