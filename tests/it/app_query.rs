//! The query line by keyboard, through the real window: typing narrows the grid, offers are taken, mistakes are explained,
//! queries are saved.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use docent::app::state::View;
use docent::app::{Action, Settings};
use eframe::egui::accesskit::Role;
use eframe::egui::{Event, Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::app_support::{self as support, Window};

const FIELD: &str = "Filter by name, tag or query";

fn library() -> Window {
    let mut window = support::window(1280.0, 720.0, Settings::default());
    support::open(&mut window, support::opened(60, 20));
    window
}

fn desk(window: &Window) -> &docent::app::state::Desk {
    window.state().state().desk.as_ref().unwrap()
}

fn shown(window: &Window) -> usize {
    desk(window).shown.len()
}

fn query(window: &Window) -> &str {
    &desk(window).filter.text
}

fn ctrl(window: &mut Window, key: Key) {
    window.key_press_modifiers(Modifiers::COMMAND, key);
    window.run();
}

fn press(window: &mut Window, keys: &[Key]) {
    for key in keys {
        window.key_press(*key);
        window.run();
    }
}

fn write(window: &mut Window, text: &str) {
    for letter in text.chars() {
        window.event(Event::Text(letter.to_string()));
        window.run();
    }
}

fn has_focus(window: &Window, label: &str) -> bool {
    window.get_by_role_and_label(Role::TextInput, label).accesskit_node().is_focused()
}

#[test]
fn typing_a_query_narrows_the_grid_and_combines_with_the_rows_on_the_left() {
    let mut window = library();
    ctrl(&mut window, Key::F);
    assert!(has_focus(&window, FIELD));
    write(&mut window, "culture:aegean");
    // Rows 0 to 19 are described; each fourth is Aegean.
    assert_eq!(shown(&window), 5);
    write(&mut window, " -tag:birds tags:3");
    // Of 0, 4, 8, 12, 16 the tags 7 + n % 5 are birds, waves, vases, bowls, birds... less 0 only where n % 5 = 0.
    assert_eq!(shown(&window), 4);
    press(&mut window, &[Key::Enter]);
    assert!(!has_focus(&window, FIELD));
    window.get_by_label("Never looked at 40").click();
    window.run();
    assert_eq!(shown(&window), 0, "described and never looked at");
    window.get_by_label("Clear the filter").click();
    window.run();
    assert_eq!((shown(&window), query(&window)), (60, ""));
}

#[test]
fn what_is_offered_is_taken_by_keyboard_and_escape_closes_it_before_it_leaves_the_field() {
    let mut window = library();
    ctrl(&mut window, Key::F);
    window.get_by_label("Insert tag:");
    write(&mut window, "cul");
    press(&mut window, &[Key::Tab]);
    assert_eq!(query(&window), "culture:");
    assert!(has_focus(&window, FIELD));
    press(&mut window, &[Key::ArrowDown, Key::ArrowDown, Key::Enter]);
    assert_eq!(query(&window), "culture:lowland ");
    assert_eq!(shown(&window), 5);
    // Misspelt, behind a minus; the word at the caret alone is replaced.
    write(&mut window, "-brids");
    press(&mut window, &[Key::Tab]);
    assert_eq!(query(&window), "culture:lowland -tag:birds ");
    press(&mut window, &[Key::Escape]);
    assert!(window.query_by_label("Insert OR").is_none());
    assert!(has_focus(&window, FIELD));
    press(&mut window, &[Key::Escape]);
    assert!(!has_focus(&window, FIELD));
    assert_eq!(window.state().state().view, View::Library);
}

#[test]
fn an_offer_can_be_clicked_and_the_keyboard_stays_in_the_field() {
    let mut window = library();
    ctrl(&mut window, Key::F);
    write(&mut window, "reviewed:");
    window.get_by_label("Insert no").click();
    window.run();
    assert_eq!((query(&window), shown(&window)), ("reviewed:no ", 40));
    assert!(has_focus(&window, FIELD));
}

#[test]
fn what_is_not_understood_is_left_out_and_explained() {
    let mut window = library();
    ctrl(&mut window, Key::F);
    write(&mut window, "culture:aegean cultre:x");
    assert_eq!(shown(&window), 5, "what is understood filters");
    window.get_by_label("cultre   There is no key cultre:. Did you mean culture:?");
    press(&mut window, &[Key::Enter]);
    window.get_by_label("cultre is left out: There is no key cultre:. Did you mean culture:?");
    window.state_mut().perform(Action::FilterText("(tag:birds OR".to_owned()));
    window.run();
    window.get_by_label_contains("( is left out: This parenthesis is not closed.");
}

#[test]
fn a_query_is_saved_under_a_name_applied_from_the_left_and_the_palette_and_forgotten() {
    let mut window = library();
    ctrl(&mut window, Key::S);
    window.get_by_label_contains("type a query first");
    window.get_by_label("Reviewed 20").click();
    window.run();
    ctrl(&mut window, Key::F);
    write(&mut window, "culture:aegean");
    press(&mut window, &[Key::Enter]);
    ctrl(&mut window, Key::S);
    assert!(has_focus(&window, "Name of the query"));
    write(&mut window, "Aegean, done");
    press(&mut window, &[Key::Enter]);
    let saved = window.state().state().settings.queries(desk(&window).root()).to_vec();
    assert_eq!((saved[0].name.as_str(), saved[0].query.as_str()), ("Aegean, done", "reviewed:yes culture:aegean"));

    window.state_mut().perform(Action::ClearFilter);
    window.run();
    window.get_by_label("Aegean, done").click();
    window.run();
    assert_eq!((query(&window), shown(&window)), ("reviewed:yes culture:aegean", 5));

    window.state_mut().perform(Action::ClearFilter);
    window.run();
    ctrl(&mut window, Key::K);
    write(&mut window, "aegean");
    press(&mut window, &[Key::Enter]);
    assert_eq!((query(&window), shown(&window)), ("reviewed:yes culture:aegean", 5));
    assert!(window.query_by_label("Command").is_none(), "the palette is closed");
    ctrl(&mut window, Key::K);
    write(&mut window, "your name");
    press(&mut window, &[Key::Enter]);
    assert!(has_focus(&window, "Your name"), "who signs is asked for from there too");
    press(&mut window, &[Key::Escape]);

    window.get_by_label("Forget Aegean, done").focus();
    press(&mut window, &[Key::Enter]);
    assert!(window.query_by_label("Aegean, done").is_none());
}
