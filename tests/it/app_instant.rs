//! Learning from every decision, in the real window over the real workers: no fine-tune, no model that knows a label.

use std::collections::HashMap;
use std::fs;
use std::ops::ControlFlow;
use std::path::Path;

use docent::app::Action;
use docent::app::state::{Desk, State, review};
use docent::demo;
use docent::domain::f_beta::{Counts, Truth};
use docent::domain::tables::TrainTable;
use docent::domain::{AttributeId, ImageId, LabelSet};
use docent::review::beside::beside;
use docent::review::keys::{self, Press, Typing, remember};
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;

use crate::app_main_job::{Desktop, shoot};

/// A demo collection whose labels no model knows and whose images nobody has described; answers what is true of them.
fn undescribed(folder: &Path, images: u32) -> HashMap<ImageId, LabelSet> {
    let plan = demo::Plan { images, seed: 77, annotated: 1.0 };
    demo::write(folder, &plan, &|_, _| ControlFlow::Continue(())).unwrap();
    let labels = fs::read_to_string(folder.join("labels.csv")).unwrap();
    fs::write(folder.join("labels.csv"), labels.replace("tag::", "object::").replace("culture::", "people::")).unwrap();
    let described = docent::collection::Collection::open(folder, folder).unwrap();
    fs::write(folder.join("train.csv"), "id,attribute_ids\n").unwrap();
    let table: &TrainTable = &described.train;
    table.rows().map(|(id, tags)| (id.clone(), tags.clone())).collect()
}

fn n_learned(state: &State) -> usize {
    state.desk.as_ref().and_then(|desk| desk.learned).map_or(0, |learned| learned.n_images)
}

/// Reviews the picture at hand with the keys that `docent simulate` counts, and says how many they were.
fn review_one(desktop: &mut Desktop, truth: &HashMap<ImageId, LabelSet>, recent: &mut Vec<AttributeId>) -> usize {
    let desk = desktop.desk();
    let image = desk.cursor.unwrap();
    let id = desk.id(image).clone();
    let vocabulary = desk.vocabulary.clone();
    let uses: Vec<usize> = vocabulary.labels().iter().map(|label| desk.tag_count(label.id)).collect();
    let listed = review::rows(desk, image);
    let rows: Vec<AttributeId> = listed.iter().map(|row| row.attribute).collect();
    let n_above = listed.iter().filter(|row| row.above).count();
    let beside = |has: &LabelSet| {
        let others = desk.items.iter().zip(0..).filter(|&(_, at)| at != image).map(|(item, _)| &item.tags);
        beside(has, others.chain([has]), &vocabulary)
    };
    let typing = Typing { vocabulary: &vocabulary, recent, uses: &uses, beside: &beside };
    let pressed = keys::review(&rows, n_above, &truth[&id], &typing);
    let n_keys = pressed.presses.len();
    for press in pressed.presses {
        match press {
            Press::Down => desktop.press(Key::ArrowDown),
            Press::Reject => desktop.press(Key::X),
            Press::AddTag => desktop.press(Key::Slash),
            Press::Enter => desktop.press(Key::Enter),
            Press::Letter(letter) => desktop.write(&letter.to_string()),
            Press::Digit(digit) => desktop.press(
                [Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5, Key::Num6, Key::Num7, Key::Num8, Key::Num9]
                    [usize::from(digit) - 1],
            ),
        }
    }
    pressed.typed.iter().for_each(|&typed| remember(recent, typed));
    let item = desktop.desk().item(image);
    assert!(item.annotation.is_reviewed(), "{id}");
    assert_eq!(item.tags, truth[&id], "{id}");
    assert_ne!(desktop.desk().cursor, Some(image), "it goes on");
    n_keys
}

/// F2 micro of what is proposed for images that nobody has reviewed.
fn f2_of_the_others(desk: &Desk, truth: &HashMap<ImageId, LabelSet>) -> f64 {
    let mut counts = Counts::default();
    for image in (0..desk.items.len() as u32).filter(|&image| !desk.item(image).annotation.is_touched()) {
        let rows = review::rows(desk, image);
        for label in desk.vocabulary.labels() {
            let proposed = rows.iter().any(|row| row.attribute == label.id && row.above);
            counts.add(proposed, Truth::from(Some(truth[desk.id(image)].contains(label.id))));
        }
    }
    counts.f_beta(2.0)
}

#[test]
fn a_few_reviewed_images_make_proposals_for_all_others_and_undo_takes_them_back() {
    const REVIEWED: u32 = 16;
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().join("museum finds");
    let truth = undescribed(&folder, 64);
    let mut desktop = Desktop::start(&folder);
    desktop.wait("a look at every picture", |state| {
        state.desk.as_ref().is_some_and(|desk| desk.items.iter().all(|item| item.proposals.is_some()))
    });
    assert!(desktop.desk().known_labels().is_empty());
    assert_eq!(f2_of_the_others(desktop.desk(), &truth), 0.0, "nothing is known yet");
    desktop.window.get_by_label("Learns from every decision");

    desktop.window.state_mut().perform(Action::OpenInReview(0));
    desktop.window.run();
    let mut recent = Vec::new();
    for done in 1..=REVIEWED as usize {
        review_one(&mut desktop, &truth, &mut recent);
        desktop.wait("learning", |state| n_learned(state) == done);
    }
    desktop.window.get_by_label("Learned from 16 images");
    // Half of the 44 labels by the throw of a coin would be 0.25, at 20 wrong proposals an image.
    desktop.wait("better proposals", |state| f2_of_the_others(state.desk.as_ref().unwrap(), &truth) > 0.35);
    assert!(!folder.join(".docent/models").exists(), "without any fine-tune");
    shoot(&mut desktop, "instant");

    // A rejected proposal becomes less likely, on this picture and for good.
    let image = desktop.desk().cursor.unwrap();
    let rows = review::rows(desktop.desk(), image);
    let (rejected, before) = (rows[0].attribute, rows[0].probability);
    desktop.window.state_mut().perform(Action::RejectRow(0));
    desktop.wait("unlearning", |state| {
        let desk = state.desk.as_ref().unwrap();
        n_learned(state) == 17 && desk.probability(image, rejected).is_some_and(|now| now < 0.7 * before)
    });

    // Everything taken back, nothing is known again.
    while desktop.desk().items.iter().any(|item| item.annotation.is_touched()) {
        desktop.press(Key::Backspace);
    }
    desktop.wait("no proposals", |state| {
        n_learned(state) == 0 && state.desk.as_ref().unwrap().items.iter().all(|item| item.best == 0.0)
    });
}

#[test]
fn learning_stops_while_it_is_paused_and_catches_up_afterwards() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().join("museum finds");
    let truth = undescribed(&folder, 24);
    let mut desktop = Desktop::start(&folder);
    desktop.wait("a look at every picture", |state| {
        state.desk.as_ref().is_some_and(|desk| desk.items.iter().all(|item| item.proposals.is_some()))
    });
    desktop.window.state_mut().perform(Action::OpenInReview(0));
    desktop.window.run();
    let mut recent = Vec::new();
    review_one(&mut desktop, &truth, &mut recent);
    desktop.wait("learning", |state| n_learned(state) == 1);
    desktop.window.get_by_label("Pause learning").click();
    desktop.window.run();
    desktop.window.get_by_label("Learned from 1 image, paused");
    review_one(&mut desktop, &truth, &mut recent);
    desktop.saved(); // Takes longer than the pause in the decisions that learning waits for.
    assert_eq!(n_learned(desktop.state()), 1);
    desktop.window.key_press_modifiers(Modifiers::COMMAND, Key::L);
    desktop.wait("catching up", |state| n_learned(state) == 2);
    desktop.window.get_by_label("Learned from 2 images");
}
