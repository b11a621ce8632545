//! Every control has a name for a screen reader, and can be reached without a mouse: each view and each dialog is walked.

use std::collections::BTreeSet;

use docent::app::state::{Overlay, View};
use docent::app::{Action, Settings, Verb};
use eframe::egui::accesskit::{Action as Press, Role};
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _, by};

use crate::app_support::{self as support, Window};

/// Name and place of a control.
type Control = (String, String);

/// What can be pressed or typed into, and is not grey.
fn controls(window: &Window) -> Vec<(Control, bool)> {
    let pressable = by().recursive(true).predicate(|node| {
        let data = node.data();
        let typed = matches!(node.role(), Role::TextInput | Role::MultilineTextInput | Role::Slider | Role::SpinButton);
        // A list is scrolled by moving the focus through it: its bar is for the mouse alone.
        let is_bar = node.role() == Role::ScrollBar;
        (data.supports_action(Press::Click) || typed) && !node.is_disabled() && !is_bar
    });
    let found = window.query_all(pressable);
    let controls = found.map(|node| {
        let access = node.accesskit_node();
        let name = access.label().or_else(|| access.value()).unwrap_or_default();
        let rect = node.rect();
        let seen = rect.center().x >= 0.0 && rect.center().y >= 0.0 && rect.area() > 0.0;
        ((name, format!("{:?} {:?}", access.role(), rect.min)), seen)
    });
    controls.collect()
}

fn focused(window: &Window) -> Option<Control> {
    let found = window.query_all(by().recursive(true).predicate(|node| node.is_focused()));
    let mut found = found.map(|node| {
        let access = node.accesskit_node();
        let name = access.label().or_else(|| access.value()).unwrap_or_default();
        (name, format!("{:?} {:?}", access.role(), node.rect().min))
    });
    found.next()
}

/// Every control has a name, and Tab comes to it.
fn walk(window: &mut Window, page: &str) {
    window.run();
    let all = controls(window);
    assert!(all.len() > 1, "{page}: only {} controls", all.len());
    reach(window, page, all);
}

/// The same for what `open` puts in front of the window.
fn walk_in_front(window: &mut Window, page: &str, open: impl FnOnce(&mut Window)) {
    window.run();
    let behind: BTreeSet<_> = controls(window).into_iter().map(|(control, _)| control).collect();
    open(window);
    window.run();
    let in_front: Vec<_> = controls(window).into_iter().filter(|(control, _)| !behind.contains(control)).collect();
    assert!(!in_front.is_empty(), "{page}: no control");
    reach(window, page, in_front);
}

fn reach(window: &mut Window, page: &str, all: Vec<(Control, bool)>) {
    for ((name, place), _) in &all {
        assert!(!name.trim().is_empty(), "{page}: a control without a name, {place}");
    }
    let mut reached = BTreeSet::new();
    for _ in 0..all.len() + 40 {
        window.key_press(Key::Tab);
        window.run_ok();
        // What a chart says becomes part of a name while the walk goes on; its place stays.
        reached.extend(focused(window).into_iter().flat_map(|(name, place)| [name, place]));
    }
    let is_reached = |(name, place): &Control| reached.contains(name) || reached.contains(place);
    let missed: Vec<_> = all.iter().filter(|(control, seen)| *seen && !is_reached(control)).collect();
    assert!(missed.is_empty(), "{page}: Tab does not come to {missed:#?}");
}

fn opened() -> Window {
    let settings = Settings { recent: vec!["/collections/river finds".into()], ..Settings::default() };
    let mut window = support::window(1280.0, 720.0, settings);
    support::open(&mut window, support::opened(12, 6));
    support::thumbnails(&mut window, 0..12);
    window
}

#[test]
fn every_control_of_every_view_has_a_name_and_is_reached_with_tab() {
    let mut welcome = support::window(1280.0, 720.0, Settings { recent: vec!["/a/b".into()], ..Settings::default() });
    walk(&mut welcome, "welcome");
    for view in [View::Library, View::Review, View::Sweep, View::Train, View::Vocabulary, View::Insights] {
        let mut window = opened();
        window.state_mut().perform(Action::Show(view));
        window.run();
        walk(&mut window, &format!("{view:?}"));
    }
}

#[test]
fn every_control_of_what_lies_in_front_has_a_name_and_is_reached_with_tab() {
    for overlay in [Overlay::Help, Overlay::Keys, Overlay::Log, Overlay::Unsaved, Overlay::Name] {
        walk_in_front(&mut opened(), &format!("{overlay:?}"), |window| {
            window.state_mut().perform(Action::Cover(Some(overlay)));
        });
    }
    for verb in [Verb::RenameLabel, Verb::SplitLabel, Verb::AliasLabel, Verb::ImportLabels] {
        let mut window = vocabulary();
        walk_in_front(&mut window, &format!("{verb:?}"), |window| {
            window.state_mut().perform(Action::Do(verb));
            assert!(matches!(window.state().state().overlay, Some(Overlay::Vocabulary(_))), "{verb:?}");
        });
    }
}

fn vocabulary() -> Window {
    let mut window = opened();
    window.state_mut().perform(Action::Show(View::Vocabulary));
    window.state_mut().perform(Action::Do(Verb::ShowVocabulary));
    window
}

/// Where the arrows choose in a list, the keyboard stays in its field.
#[test]
fn every_control_of_a_list_to_choose_from_has_a_name() {
    for overlay in [Overlay::Palette, Overlay::Orders] {
        let mut window = opened();
        window.state_mut().perform(Action::Cover(Some(overlay)));
        window.run();
        named(&window, &format!("{overlay:?}"));
    }
    let mut window = opened();
    window.state_mut().perform(Action::OpenInReview(7));
    window.state_mut().perform(Action::Do(Verb::AddTag));
    window.run();
    named(&window, "add a tag");
    let mut window = vocabulary();
    window.run();
    window.state_mut().perform(Action::Do(Verb::MergeLabel));
    window.run();
    named(&window, "merge");
}

#[test]
fn the_menus_are_reached_and_named() {
    for menu in ["Collection menu: river finds", "Threshold 0.37"] {
        let mut window = opened();
        window.get_by_label(menu).focus();
        window.run();
        window.key_press_modifiers(Modifiers::NONE, Key::Enter);
        window.run();
        named(&window, menu);
    }
}

fn named(window: &Window, page: &str) {
    let all = controls(window);
    assert!(!all.is_empty(), "{page}: no control");
    for ((name, place), _) in &all {
        assert!(!name.trim().is_empty(), "{page}: a control without a name, {place}");
    }
}
