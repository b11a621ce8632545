//! Looking in bf16, in the real window over the real workers: asked for in the menu, measured on the collection, told in words.
//!
//! Where the processor has no bf16 the choice is grey and says so, and pictures are looked at in f32.

use std::fs;
use std::ops::ControlFlow;
use std::path::Path;

use docent::app::Action;
use docent::app::state::{Agreeing, State, View, review};
use docent::demo;
use docent::domain::TagState;
use docent::model::Precision;
use docent::model::device::Device;
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::app_main_job::{Desktop, shoot};
use crate::app_support;

const CHOICE: &str = "Look in bf16";
const CANNOT: &str = "This processor has no instructions for bf16: it computes in f32.";

fn draw(folder: &Path) {
    let plan = demo::Plan { images: 72, seed: 11, annotated: 0.3 };
    demo::write(folder, &plan, &|_, _| ControlFlow::Continue(())).unwrap();
}

fn has_bf16() -> bool {
    Precision::Bf16.on(&Device::Cpu).0 == Precision::Bf16
}

fn agreeing(state: &State) -> &Agreeing {
    &state.desk.as_ref().unwrap().agreeing
}

fn all_looked(state: &State) -> bool {
    let desk = state.desk.as_ref().unwrap();
    desk.embedding.total > 0 && desk.embedding.done == desk.embedding.total
}

impl Desktop {
    /// By keyboard, as long as the menu is closed.
    fn open_menu(&mut self) {
        self.window.get_by_label("Collection menu: museum finds").focus();
        self.window.run();
        self.window.key_press_modifiers(Modifiers::NONE, Key::Enter);
        self.window.run();
    }

    fn choose(&mut self) {
        self.open_menu();
        self.window.get_by_label(CHOICE).click();
        self.window.run();
    }
}

#[test]
fn bf16_is_measured_on_the_collection_and_used_only_where_proposals_stay_the_same() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().join("museum finds");
    draw(&folder);
    let mut desktop = Desktop::open(&folder);
    desktop.wait("a look at every picture", all_looked);
    assert_eq!(desktop.state().has_bf16, has_bf16());
    if !has_bf16() {
        desktop.open_menu();
        assert!(desktop.window.get_by_label(CHOICE).accesskit_node().is_disabled());
        desktop.window.get_by_label(CANNOT);
        // Also where it was chosen on another computer, everything goes on in f32.
        desktop.window.state_mut().perform(Action::UsePrecision(Precision::Bf16));
        desktop.wait("f32", all_looked);
        assert_eq!(*agreeing(desktop.state()), Agreeing::Unknown);
        return;
    }
    // A decision before, and its undo after: they are the curator's.
    let fresh = (0..72).find(|&image| !desktop.desk().item(image).annotation.is_touched()).unwrap();
    desktop.window.state_mut().perform(Action::OpenInReview(fresh));
    desktop.window.run();
    desktop.press(Key::A);
    let accepted = review::rows(desktop.desk(), fresh)[0].attribute;
    desktop.window.state_mut().perform(Action::Show(View::Library));

    desktop.choose();
    assert_eq!(desktop.state().settings.precision, Precision::Bf16);
    desktop.wait("the measurement", |state| matches!(agreeing(state), Agreeing::Measured(_)));
    let &Agreeing::Measured(found) = agreeing(desktop.state()) else { unreachable!() };
    assert!(found.n_pictures >= 64 && found.n_labels == 44 * found.n_pictures, "{found}");
    let said = &desktop.state().messages.log().last().unwrap().text;
    assert!(said.starts_with("bf16 on 72 pictures: ") && said.contains("% of labels as in f32"), "{said}");
    let computes = desktop.state().device.clone();
    let expected = if found.is_worth_it() { format!("{computes} · bf16") } else { computes.clone() };
    desktop.window.get_by_label(&expected);
    desktop.wait("a look at every picture in it", all_looked);
    shoot(&mut desktop, "precision");
    assert_eq!(desktop.desk().item(fresh).annotation.state(accepted), TagState::Accepted);
    desktop.press(Key::Backspace);
    assert_eq!(desktop.desk().item(fresh).annotation.state(accepted), TagState::Unseen);

    // Back, and forth again: what was measured is known.
    desktop.choose();
    assert_eq!((desktop.state().settings.precision, agreeing(desktop.state())), (Precision::F32, &Agreeing::Unknown));
    desktop.window.get_by_label(&computes);
    desktop.choose();
    desktop.wait("what was measured", |state| *agreeing(state) != Agreeing::Unknown);
    assert_eq!(*agreeing(desktop.state()), Agreeing::Measured(found), "without a second measurement");
    desktop.open_menu();
    let words = if found.is_worth_it() { "It is used from now on." } else { "so f32 is used." };
    assert!(desktop.window.query_all_by_label_contains(words).count() > 0);
    shoot(&mut desktop, "precision-menu");
}

#[test]
fn a_model_that_knows_none_of_the_words_is_not_compared() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().join("museum finds");
    draw(&folder);
    let labels = fs::read_to_string(folder.join("labels.csv")).unwrap();
    fs::write(folder.join("labels.csv"), labels.replace("tag::", "object::").replace("culture::", "people::")).unwrap();
    let mut desktop = Desktop::start(&folder);
    desktop.window.state_mut().perform(Action::UsePrecision(Precision::Bf16));
    desktop.open_menu();
    if has_bf16() {
        desktop.wait("the answer", |state| matches!(agreeing(state), Agreeing::Measured(_)));
        assert!(desktop.window.query_all_by_label_contains("knows no label of this collection").count() > 0);
    } else {
        desktop.window.get_by_label(CANNOT);
    }
    desktop.wait("a look at every picture", all_looked);
}

#[test]
fn the_choice_is_made_by_keyboard_and_grey_where_the_device_cannot() {
    let mut window = app_support::window(1280.0, 900.0, docent::app::Settings::default());
    app_support::open(&mut window, app_support::opened(12, 6));
    for has_bf16 in [true, false] {
        let event = docent::jobs::Event::DeviceOpened { name: "CPU, 2 threads".to_owned(), notice: None, has_bf16 };
        window.state_mut().receive(event);
        window.get_by_label("Collection menu: river finds").focus();
        window.run();
        window.key_press_modifiers(Modifiers::NONE, Key::Enter);
        window.run();
        assert_eq!(window.get_by_label(CHOICE).accesskit_node().is_disabled(), !has_bf16);
        assert_eq!(window.query_by_label(CANNOT).is_none(), has_bf16);
        if has_bf16 {
            for _ in 0..200 {
                window.key_press(Key::Tab);
                window.run();
                if window.get_by_label(CHOICE).is_focused() {
                    break;
                }
            }
            window.key_press(Key::Space);
            window.run();
            assert_eq!(window.state().state().settings.precision, Precision::Bf16, "reached and switched by keyboard");
        }
        window.key_press(Key::Escape);
        window.run();
    }
}
