//! What to look at next, in the real window over the real workers: orders, likely errors, and what a fine-tune changed.

use std::fs;
use std::ops::ControlFlow;
use std::path::Path;

use docent::app::Action;
use docent::app::state::{Order, View, review};
use docent::collection::Collection;
use docent::demo;
use docent::domain::tables::TrainTable;
use docent::domain::{ImageId, TagState};
use docent::jobs::ModelName;
use docent::training::survey::Worth;
use eframe::egui::Key;
use egui_kittest::kittest::Queryable as _;

use crate::app_insights::draw;
use crate::app_main_job::{Desktop, shoot};

/// A demo collection in which `share` of the images are described, those of three with one tag too many.
fn with_errors(folder: &Path, images: u32, annotated: f64) -> Vec<(String, u32)> {
    let plan = demo::Plan { images, seed: 4711, annotated };
    demo::write(folder, &plan, &|_, _| ControlFlow::Continue(())).unwrap();
    let collection = Collection::open(folder, folder).unwrap();
    let ids: Vec<u32> = collection.vocabulary.labels().iter().map(|label| label.id.0).collect();
    let mut used: Vec<(usize, u32)> = ids
        .iter()
        .map(|&id| (collection.train.rows().filter(|(_, tags)| tags.iter().any(|tag| tag.0 == id)).count(), id))
        .collect();
    used.sort_unstable();
    let common = used.last().unwrap().1;
    let lacks = collection.train.rows().filter(|(_, tags)| tags.iter().all(|tag| tag.0 != common));
    let wrong: Vec<(String, u32)> = lacks.step_by(5).take(3).map(|(id, _)| (id.as_str().to_owned(), common)).collect();
    let table = fs::read_to_string(folder.join("train.csv")).unwrap();
    let worse = table.lines().map(|line| match wrong.iter().find(|(id, _)| line.starts_with(&format!("{id},"))) {
        Some((_, tag)) => format!("{line} {tag}\n"),
        None => format!("{line}\n"),
    });
    fs::write(folder.join("train.csv"), worse.collect::<String>()).unwrap();
    wrong
}

fn order(desktop: &mut Desktop, order: Order) {
    desktop.window.state_mut().perform(Action::Order(order));
    desktop.wait("the order", |state| state.desk.as_ref().is_some_and(|desk| desk.lineup.asked.is_none()));
}

#[test]
fn tags_set_by_mistake_are_found_and_taken_away_by_keyboard() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().join("demo");
    let wrong = with_errors(&folder, 160, 1.0);
    let mut desktop = Desktop::open(&folder);
    // By keyboard: O, a few letters, Enter.
    desktop.press(Key::O);
    desktop.write("likely");
    desktop.press(Key::Enter);
    desktop.wait("the queue", |state| state.desk.as_ref().is_some_and(|desk| desk.lineup.order() == Order::Doubts));
    let in_doubt = desktop.desk().shown.clone();
    let asked = |image: u32, tag: u32| {
        desktop.desk().lineup.questions(image).iter().any(|question| question.attribute.0 == tag)
    };
    let index = |id: &str| desktop.desk().index(&ImageId::from(id)).unwrap();
    let found: Vec<(u32, u32)> =
        wrong.iter().map(|(id, tag)| (index(id), *tag)).filter(|&(image, tag)| asked(image, tag)).collect();
    // So few pictures leave room for other doubts, but what is wrong comes early.
    let is_early = |(image, _): &&(u32, u32)| in_doubt[..in_doubt.len() / 2].contains(image);
    assert!(2 <= found.iter().filter(is_early).count(), "{found:?} {in_doubt:?}");
    let (image, tag) = found[0];
    let id = desktop.desk().id(image).to_string();
    desktop.window.state_mut().perform(Action::OpenInReview(image));
    desktop.window.run();
    desktop.window.get_by_label("IN QUESTION");
    shoot(&mut desktop, "queue");
    let rows = review::rows(desktop.desk(), image);
    let row = rows.iter().position(|row| row.attribute.0 == tag && row.question.is_some()).unwrap();
    (0..row.saturating_sub(desktop.desk().focus)).for_each(|_| desktop.press(Key::ArrowDown));
    desktop.press(Key::X);
    let n_before = desktop.desk().lineup.n_open();
    desktop.press(Key::Enter);
    assert_eq!(desktop.desk().item(image).annotation.state(rows[row].attribute), TagState::Rejected);
    assert_eq!(desktop.desk().lineup.n_open(), n_before - 1);
    desktop.saved();
    let bytes = fs::read(folder.join("train.csv")).unwrap();
    let table = TrainTable::parse(bytes, &desktop.desk().vocabulary);
    assert!(!table.tags_of(&id).unwrap().contains(rows[row].attribute), "{id}");
    // What was answered by name is not asked again.
    order(&mut desktop, Order::Doubts);
    let asked: Vec<_> = desktop.desk().lineup.questions(image).iter().map(|question| question.attribute.0).collect();
    assert!(!asked.contains(&tag));
}

#[test]
fn orders_put_first_what_nobody_has_described() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().join("demo");
    let _ = with_errors(&folder, 60, 0.5);
    let mut desktop = Desktop::open(&folder);
    let by_name = desktop.desk().shown.clone();
    let mut seen = vec![by_name.clone()];
    for worth in [Worth::Uncertain, Worth::Rare, Worth::Disagreeing, Worth::Diverse] {
        order(&mut desktop, Order::Worth(worth));
        let shown = desktop.desk().shown.clone();
        let is_open = |image: &u32| !desktop.desk().item(*image).annotation.is_reviewed();
        assert!(shown[..30].iter().all(is_open) && !shown[30..].iter().any(is_open), "{worth:?} {shown:?}");
        assert!(!seen.contains(&shown), "{worth:?}");
        seen.push(shown);
    }
    // The review walks in this order.
    desktop.press(Key::R);
    let first = desktop.desk().shown[..2].to_vec();
    assert_eq!((desktop.state().view, desktop.desk().cursor), (View::Review, Some(first[0])));
    desktop.press(Key::Space);
    assert_eq!(desktop.desk().cursor, Some(first[1]));
    desktop.window.state_mut().perform(Action::Order(Order::Name));
    assert_eq!(desktop.desk().shown, by_name);
}

#[test]
fn what_a_fine_tune_changed_is_a_queue_of_its_own() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().join("demo");
    let _ = with_errors(&folder, 60, 0.8);
    let mut desktop = Desktop::open(&folder);
    desktop.window.state_mut().perform(Action::Order(Order::Changes));
    assert!(desktop.desk().lineup.asked.is_none(), "there is no model before");
    desktop.window.state_mut().perform(Action::FineTune);
    desktop.wait("the fine-tune", |state| state.learning.result.is_some());
    let new = desktop.desk().models.last().unwrap().name.clone();
    assert_ne!(new, ModelName("starter".to_owned()));
    desktop.window.state_mut().perform(Action::UseModel(new.clone()));
    desktop.wait("proposals of the new one", |state| {
        let desk = state.desk.as_ref().unwrap();
        desk.model.as_ref().is_some_and(|model| model.name == new)
            && desk.items.iter().all(|item| item.proposals.is_some())
    });
    order(&mut desktop, Order::Changes);
    let desk = desktop.desk();
    let before = desk.before.as_ref().unwrap();
    assert!(!desk.shown.is_empty() && desk.lineup.order() == Order::Changes);
    for &image in &desk.shown {
        for question in desk.lineup.questions(image) {
            let was = before.proposals[image as usize].as_ref().unwrap();
            let was =
                was.iter().find(|proposal| proposal.attribute == question.attribute).map_or(0.0, |was| was.probability);
            let is = desk.probability(image, question.attribute).unwrap_or(0.0);
            assert_ne!(was >= before.threshold, is >= desk.threshold, "{question:?} {was} {is}");
        }
    }
}

#[test]
fn copies_and_similar_pictures_stand_side_by_side() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().join("demo");
    draw(&folder, 30, 0.5);
    let images = Collection::open(&folder, &folder).unwrap().images;
    let (first, second) = (&images[4], &images[9]);
    fs::create_dir(folder.join("again")).unwrap();
    for (image, copy) in [(first, "again/zz copy.jpg"), (second, "again/zz other.jpg")] {
        fs::copy(folder.join(&image.path), folder.join(copy)).unwrap();
    }
    let mut desktop = Desktop::open(&folder);
    desktop.window.get_by_label("Group by folder").click();
    desktop.window.run();
    desktop.window.get_by_label("again: 2 images");
    desktop.window.get_by_label("storeroom-2: 30 images");
    shoot(&mut desktop, "folders");

    desktop.window.state_mut().perform(Action::Order(Order::Copies));
    desktop.wait("the copies", |state| state.desk.as_ref().is_some_and(|desk| desk.lineup.order() == Order::Copies));
    let shown: Vec<_> = desktop.desk().shown.iter().map(|&image| desktop.desk().id(image).clone()).collect();
    assert_eq!(shown.len(), 4);
    assert!(shown.contains(&first.id) && shown.contains(&second.id), "{shown:?}");
    assert_eq!(desktop.window.query_all_by_label("2 copies").count(), 2, "a heading for each");
    shoot(&mut desktop, "copies");

    // D: what looks like the selected picture; its copy before all others.
    desktop.press(Key::D);
    desktop.wait("what is similar", |state| {
        state.desk.as_ref().is_some_and(|desk| desk.line.faults.is_empty() && 4 < desk.shown.len())
    });
    let nearest: Vec<_> = desktop.desk().shown[..2].iter().map(|&image| desktop.desk().id(image).clone()).collect();
    assert!(nearest.iter().all(|id| shown[..2].contains(id)), "{nearest:?}");
    desktop.window.get_by_label("Order: Nearest first");
    shoot(&mut desktop, "similar");
}

#[test]
fn a_label_is_wanted_unwanted_or_either_by_its_mark() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().join("demo");
    draw(&folder, 30, 1.0);
    let mut desktop = Desktop::start(&folder);
    let desk = desktop.desk();
    let label = desk.vocabulary.labels().iter().find(|label| 0 < desk.tag_count(label.id)).unwrap().clone();
    let with = desk.tag_count(label.id);
    for (said, shown) in [("with or without it", with), ("only with it", 30 - with), ("only without it", 30)] {
        desktop.window.get_by_label(&format!("Filter {}: {said}", label.name)).focus();
        desktop.window.run();
        desktop.press(Key::Space);
        assert_eq!(desktop.desk().shown.len(), shown, "after {said}");
    }
}
