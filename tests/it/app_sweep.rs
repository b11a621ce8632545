//! A sweep in the real window over the real workers: one tag, a page, the wrong one marked, the rest accepted by one key.

use std::fs;
use std::ops::ControlFlow;

use docent::app::Action;
use docent::app::state::View;
use docent::demo;
use docent::domain::TagState;
use docent::domain::tables::TrainTable;
use eframe::egui::Key;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::app_main_job::{Desktop, shoot};

#[test]
fn a_page_is_swept_by_keyboard_and_taken_back_by_one_key() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().join("demo");
    let plan = demo::Plan { images: 60, seed: 12, annotated: 0.4 };
    demo::write(&folder, &plan, &|_, _| ControlFlow::Continue(())).unwrap();
    let before = fs::read(folder.join("train.csv")).unwrap();
    let mut desktop = Desktop::open(&folder);
    desktop.press(Key::S);
    assert_eq!(desktop.state().view, View::Sweep);
    let tag = desktop.state().sweep.attribute.unwrap();
    let page: Vec<u32> = desktop.state().sweep.page.iter().map(|place| place.image).collect();
    assert!(2 <= page.len(), "{page:?}");
    let name = desktop.desk().vocabulary.get(tag).unwrap().short_name().to_owned();
    desktop.window.get_by_label(&format!("{name}?"));

    // The second is marked with the keyboard, the first with the pointer and back.
    desktop.press(Key::ArrowRight);
    desktop.press(Key::X);
    desktop.window.state_mut().perform(Action::SweepMark(page[0]));
    desktop.window.state_mut().perform(Action::SweepMark(page[0]));
    desktop.window.run();
    let marked = format!("{} ", desktop.desk().id(page[1]));
    assert_eq!(desktop.window.get_all_by_label_contains("not this").filter(|node| is_of(node, &marked)).count(), 1);
    shoot(&mut desktop, "sweep");
    desktop.press(Key::Enter);
    let state = |desktop: &Desktop, image: u32| desktop.desk().item(image).annotation.state(tag);
    for &image in &page {
        let expected = if image == page[1] { TagState::Rejected } else { TagState::Accepted };
        assert_eq!(state(&desktop, image), expected, "{image}");
    }
    desktop.saved();
    let table = TrainTable::parse(fs::read(folder.join("train.csv")).unwrap(), &desktop.desk().vocabulary);
    let id = desktop.desk().id(page[0]).clone();
    assert!(table.tags_of(id.as_str()).unwrap().contains(tag));
    desktop.press(Key::Backspace);
    assert!(page.iter().all(|&image| state(&desktop, image) == TagState::Unseen));
    desktop.saved();
    assert_eq!(fs::read(folder.join("train.csv")).unwrap(), before, "byte for byte");
    // A closer look, and back to the same page.
    desktop.press(Key::V);
    assert_eq!(desktop.state().view, View::Review);
    desktop.press(Key::S);
    assert_eq!(desktop.state().view, View::Sweep);
}

fn is_of(node: &egui_kittest::Node<'_>, name: &str) -> bool {
    node.accesskit_node().label().is_some_and(|label| label.starts_with(name))
}
