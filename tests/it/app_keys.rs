//! Keys changed in the real window, by keyboard; panels at the sides hidden and dragged; both kept for the next time.

use docent::app::state::{Overlay, Safety, View};
use docent::app::{Settings, Verb};
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;

use crate::app_support::{self as support, Window};

fn opened(settings: Settings) -> Window {
    let mut window = support::window(1280.0, 720.0, settings);
    support::open(&mut window, support::opened(40, 0));
    window
}

fn press(window: &mut Window, key: Key) {
    window.key_press(key);
    window.run();
}

/// Opens the list from the help, as one who does not know its key, and asks for another key of this row.
fn ask(window: &mut Window, row: &str) {
    press(window, Key::Questionmark);
    window.get_by_label("Change the keys").focus();
    window.run();
    press(window, Key::Enter);
    assert_eq!(window.state().state().overlay, Some(Overlay::Keys));
    window.get_by_label(row).focus();
    window.run();
    press(window, Key::Enter);
    window.get_by_label("Press the new key");
}

fn shown(window: &Window, verb: Verb) -> String {
    window.state().state().keys.all_shown(verb)
}

fn kept(window: &Window) -> Settings {
    window.state().state().settings.clone()
}

#[test]
fn a_command_gets_another_key_and_keeps_it_for_the_next_time() {
    let mut window = opened(Settings::default());
    ask(&mut window, "Change Accept, Review: A");
    press(&mut window, Key::J);
    assert_eq!(shown(&window, Verb::Accept), "J");
    window.get_by_label("Change Accept, Review: J");
    press(&mut window, Key::Escape);
    press(&mut window, Key::R);
    press(&mut window, Key::A);
    assert_eq!(window.state().state().record.safety(), Safety::OnDisk, "A means nothing now");
    press(&mut window, Key::J);
    assert_eq!(window.state().state().record.safety(), Safety::Writing(1));

    let mut window = opened(kept(&window));
    press(&mut window, Key::R);
    press(&mut window, Key::J);
    assert_eq!(window.state().state().record.safety(), Safety::Writing(1));
}

#[test]
fn a_key_that_is_taken_names_who_has_it_and_can_be_swapped_taken_or_left() {
    for (button, accept, reject) in
        [("Swap: It gets A", "X", "A"), ("Take it: It loses it", "X", "no key"), ("Cancel", "A", "X")]
    {
        let mut window = opened(Settings::default());
        ask(&mut window, "Change Accept, Review: A");
        press(&mut window, Key::X);
        window.get_by_label("X already means “Reject” (Review).");
        window.get_by_label(button).focus();
        window.run();
        press(&mut window, Key::Enter);
        assert_eq!((shown(&window, Verb::Accept), shown(&window, Verb::Reject)), (accept.into(), reject.into()));
        assert_eq!(window.state().state().overlay, Some(Overlay::Keys), "the list stays open");
    }
}

#[test]
fn escape_cancels_one_question_and_keys_that_are_not_free_are_refused() {
    let mut window = opened(Settings::default());
    ask(&mut window, "Change Skip, Review: Space");
    window.key_press_modifiers(Modifiers::ALT, Key::J);
    window.run();
    window.get_by_label_contains("Alt belongs to the system");
    for key in [Key::Tab, Key::Escape] {
        press(&mut window, key);
    }
    assert!(window.query_by_label("Press the new key").is_none());
    assert_eq!(shown(&window, Verb::Skip), "Space");
    assert_eq!(window.state().state().overlay, Some(Overlay::Keys));
    // The keyboard is at the row again.
    press(&mut window, Key::Enter);
    press(&mut window, Key::ArrowDown);
    window.get_by_label("↓ already means “Proposal below” (Review).");
    press(&mut window, Key::Escape);
    press(&mut window, Key::Escape);
    assert_eq!(window.state().state().overlay, None);
}

#[test]
fn one_key_or_all_are_as_delivered_again() {
    let mut window = opened(Settings::default());
    for (row, key) in [("Change Accept, Review: A", Key::J), ("Change Skip, Review: Space", Key::K)] {
        ask(&mut window, row);
        press(&mut window, key);
        press(&mut window, Key::Escape);
    }
    window.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::K);
    window.run();
    window.get_by_label("Reset Accept, Review").click();
    window.run();
    assert_eq!((shown(&window, Verb::Accept), shown(&window, Verb::Skip)), ("A".into(), "K".into()));
    window.get_by_label("Reset all keys").click();
    window.run();
    assert_eq!(shown(&window, Verb::Skip), "Space");
    assert!(kept(&window).keys.is_empty());
}

#[test]
fn what_is_said_about_a_key_names_the_one_that_holds() {
    let keys = [("show-insights", "F6"), ("add-tag", "N"), ("open-folder", "F7")];
    let keys = keys.map(|(verb, key)| (verb.to_owned(), serde_json::json!([key]))).into();
    let mut window = opened(Settings { keys, ..Settings::default() });
    press(&mut window, Key::F6);
    window.get_by_label_contains("F6 leads back here.");
    press(&mut window, Key::Questionmark);
    window.get_by_label("F6");
}

#[test]
fn keys_in_the_settings_that_do_not_exist_are_named_and_change_nothing() {
    let keys = [("dance".to_owned(), serde_json::json!(["D"]))].into();
    let mut window = opened(Settings { keys, ..Settings::default() });
    press(&mut window, Key::F8);
    assert!(window.query_all_by_label_contains("there is no command dance").count() > 0);
    assert!(window.state().state().keys.is_as_delivered());
}

#[test]
fn a_panel_is_hidden_by_its_key_and_stays_hidden_and_as_wide_as_it_was_dragged() {
    let mut window = opened(Settings::default());
    window.get_by_label("TAGS");
    press(&mut window, Key::F9);
    assert!(window.query_by_label("TAGS").is_none());
    window.get_by_label_contains("Hidden: the filters. F9 shows it again");
    // The line between the grid and the inspector, drawn 60 points to the left.
    let width = window.state().state().settings.widths["inspector"];
    let line = eframe::egui::pos2(1280.0 - width, 400.0);
    window.hover_at(line);
    window.run();
    window.drag_at(line);
    window.run();
    window.hover_at(line - eframe::egui::vec2(60.0, 0.0));
    window.run();
    window.drop_at(line - eframe::egui::vec2(60.0, 0.0));
    window.run();
    let dragged = window.state().state().settings.widths["inspector"];
    assert!((dragged - width - 60.0).abs() < 4.0, "{width} became {dragged}");

    let mut window = opened(kept(&window));
    assert!(window.query_by_label("TAGS").is_none());
    assert_eq!(window.state().state().settings.widths["inspector"], dragged);
    press(&mut window, Key::F9);
    window.get_by_label("TAGS");
}

#[test]
fn hidden_proposals_come_back_before_anything_is_decided_about_them() {
    let mut window = opened(Settings::default());
    press(&mut window, Key::R);
    press(&mut window, Key::F10);
    press(&mut window, Key::Enter);
    assert_eq!(window.state().state().view, View::Review);
    assert_eq!(window.state().state().record.safety(), Safety::OnDisk);
    press(&mut window, Key::Enter);
    assert_eq!(window.state().state().record.safety(), Safety::Writing(1));
}

#[test]
fn the_list_of_keys_is_opened_by_the_mouse_too() {
    let mut window = opened(Settings::default());
    press(&mut window, Key::Questionmark);
    window.run_steps(2); // The help finds its place.
    window.get_by_label("Change the keys").click();
    window.run();
    assert_eq!(window.state().state().overlay, Some(Overlay::Keys));
}
