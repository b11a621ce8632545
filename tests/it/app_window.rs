//! The window around the review: opening, filtering, selecting, learning, and what the status bar says.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::time::{Duration, Instant};

use docent::app::state::{Looked, View};
use docent::app::{Action, Settings};
use docent::jobs::{Event, FineTuneOutcome, Problem};
use docent::model::device::Choice;
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::app_support::{self as support, Window};

fn library(n: usize, n_described: usize) -> Window {
    let mut window = support::window(1280.0, 720.0, Settings::default());
    support::open(&mut window, support::opened(n, n_described));
    window
}

fn shown(window: &Window) -> usize {
    window.state().state().desk.as_ref().unwrap().shown.len()
}

#[test]
fn the_welcome_page_offers_three_ways_in_and_says_what_went_wrong() {
    let mut window = support::window(960.0, 600.0, Settings::default());
    window.run();
    window.get_by_label("Try the demo collection");
    window.get_by_label("Open a folder…").click();
    window.run();
    assert!(window.state().state().asking_folder);
    window.state_mut().receive(Event::FolderChosen { folder: None });
    window.state_mut().receive(Event::OpenFailed {
        folder: "/nowhere".into(),
        problem: Problem { message: "the folder is not there".to_owned(), hint: Some("check the spelling".to_owned()) },
    });
    window.run();
    window.get_by_label("/nowhere could not be opened");
}

#[test]
fn rows_on_the_left_filter_and_the_empty_page_leads_back() {
    let mut window = library(60, 20);
    window.get_by_label("Reviewed 20").click();
    window.run();
    assert_eq!(shown(&window), 20);
    window.get_by_label_contains("masks ").click();
    window.run();
    assert!(shown(&window) < 20 && shown(&window) > 0);
    window.state_mut().perform(Action::FilterText("no such word".to_owned()));
    window.run();
    window.get_by_label("Clear the filter").click();
    window.run();
    assert_eq!(shown(&window), 60);
}

#[test]
fn enter_opens_the_review_at_the_selected_picture_and_escape_leads_back() {
    let mut window = library(60, 0);
    window.get_by_label("objects/0003, has proposals").click();
    window.run();
    window.key_press(Key::ArrowRight);
    window.run();
    window.key_press(Key::Enter);
    window.run();
    let state = window.state().state();
    assert_eq!((state.view, state.in_review()), (View::Review, Some(3)));
    window.key_press(Key::Escape);
    window.run();
    assert_eq!(window.state().state().view, View::Library);
}

#[test]
fn what_is_not_saved_is_said_aloud() {
    let mut window = library(10, 0);
    window.state_mut().receive(Event::WriteFailed {
        problem: Problem {
            message: "the disk is full\nFile: docent.db".to_owned(),
            hint: Some("free some space".to_owned()),
        },
    });
    window.run();
    window.get_by_label("Not saved: the disk is full (free some space)").click();
    window.run();
    window.get_by_label("Messages");
    window.key_press(Key::Escape);
    window.run();
    assert!(window.query_by_label("Messages").is_none());
}

#[test]
fn too_little_to_learn_from_is_explained_and_enough_can_be_learned_from() {
    let mut window = library(30, 3);
    window.key_press(Key::T);
    window.run();
    window.get_by_label_contains("There is too little to learn from");
    window.get_by_label("Fine-tune on 3 images").click();
    window.run();
    assert!(window.state().state().learning.running.is_none());

    let mut window = library(30, 25);
    window.key_press(Key::T);
    window.run();
    window.get_by_label("Fine-tune on 25 images").click();
    window.run();
    window.get_by_label("Stop").click();
    window.run();
    assert!(window.state().state().learning.running.as_ref().unwrap().stopping);
    window.state_mut().receive(Event::FineTuneEnded(FineTuneOutcome::Cancelled));
    window.run();
    window.get_by_label("✓ Stopped. Nothing was changed");
}

#[test]
fn the_device_is_changed_in_the_menu_by_keyboard() {
    let mut window = library(10, 0);
    let press = |window: &mut Window, label: &str| {
        window.get_by_label(label).focus();
        window.run();
        window.key_press(Key::Enter);
        window.run();
    };
    press(&mut window, "Collection menu: river finds");
    for (label, choice) in [("NVIDIA card", Choice::Cuda(0)), ("Apple Metal", Choice::Metal)] {
        assert_eq!(window.get_by_label(label).accesskit_node().is_disabled(), choice.obstacle().is_some(), "{label}");
        if let Some(sentence) = choice.obstacle() {
            window.get_by_label_contains(sentence);
        }
    }
    press(&mut window, "The fastest");
    let state = window.state().state();
    assert_eq!((state.chosen_device, state.settings.device), (Choice::Auto, Choice::Auto));
}

#[test]
fn nothing_is_cut_off_at_one_and_a_half_times_the_size() {
    // 1280 x 720 at 1.5, in points.
    let mut window = support::window(853.0, 480.0, Settings::default());
    support::open(&mut window, support::opened(60, 20));
    for key in [Key::G, Key::R, Key::T] {
        window.key_press(key);
        window.run();
        let right = window.get_by_label_contains("Threshold 0.37").rect().right();
        assert!(right <= 853.0, "{key:?}: {right}");
    }
    window.key_press_modifiers(Modifiers::COMMAND, Key::K);
    window.run();
    window.get_by_label("Command");
}

#[test]
fn a_hundred_thousand_pictures_cost_a_frame_no_more_than_a_page_of_them() {
    let mut window = library(100_000, 1000);
    window.state_mut().perform(Action::FilterLooked(Looked::HasProposals));
    window.run();
    let drawn = window.query_all_by_label_contains(", has proposals").count();
    assert!((10..200).contains(&drawn), "{drawn} cells drawn");
    let started = Instant::now();
    window.run_steps(20);
    let frame = started.elapsed() / 20;
    eprintln!("a frame over 100,000 images: {frame:?}");
    assert!(frame < Duration::from_millis(250), "{frame:?}"); // Generous: an unoptimised build on a busy machine.
}
