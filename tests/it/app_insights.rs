//! The Insights page in the real window over the real workers: charts, and the pictures behind them.

use std::fs;
use std::ops::ControlFlow;
use std::path::Path;

use docent::app::insights::Insight;
use docent::app::state::{State, View};
use docent::app::{Action, ThemeChoice};
use docent::demo;
use docent::domain::ImageId;
use docent::domain::insights::{Bar, Chart, Form, Topic};
use docent::jobs::{ChartFormat, Event};
use eframe::egui::Key;
use egui_kittest::kittest::Queryable as _;

use crate::app_main_job::{Desktop, shoot};
use crate::app_support as support;

pub(crate) fn draw(folder: &Path, images: u32, annotated: f64) {
    let plan = demo::Plan { images, seed: 23, annotated };
    demo::write(folder, &plan, &|_, _| ControlFlow::Continue(())).unwrap();
}

/// Nothing is on its way any more.
fn is_settled(state: &State) -> bool {
    let version = state.desk.as_ref().map_or(0, |desk| desk.version);
    let insights = &state.insights;
    insights.charts.is_some()
        && insights.deeds.is_some()
        && insights.measuring.is_none()
        && insights.is_current(version)
}

/// By keyboard, and all charts are there.
fn insights(desktop: &mut Desktop) {
    desktop.press(Key::I);
    assert_eq!(desktop.state().view, View::Insights);
    desktop.wait("the charts", is_settled);
}

fn choose(desktop: &mut Desktop, topic: Topic) {
    let headline = chart(desktop, topic).headline.clone();
    desktop.window.get_by_label(format!("{} {headline}", topic.name()).trim()).click();
    desktop.window.run();
    assert_eq!(desktop.state().insights.topic, topic);
    desktop.wait("the chart", is_settled);
}

fn chart(desktop: &Desktop, topic: Topic) -> &Chart {
    desktop.state().insights.chart(topic).unwrap()
}

fn bars(chart: &Chart, part: usize) -> &[Bar] {
    match &chart.parts[part].form {
        Form::Upright { bars, .. } | Form::Lying { bars, .. } => bars,
        Form::Marks(_) => panic!("marks"),
    }
}

fn label(bar: &Bar) -> String {
    format!("{}: {}", bar.name, bar.said)
}

/// Presses Enter on a bar reached with Tab: exactly its pictures are shown, under its name.
fn follow(desktop: &mut Desktop, bar: &Bar) {
    desktop.window.get_by_label(&label(bar)).focus();
    desktop.window.run();
    desktop.press(Key::Enter);
    assert_eq!(desktop.state().view, View::Library, "{}", bar.name);
    assert_eq!(desktop.desk().shown, bar.behind.images.to_vec(), "{}", bar.name);
    desktop.window.get_by_label(&format!("Remove the filter {}", bar.behind.name));
}

#[test]
fn a_bar_leads_to_exactly_its_pictures_and_one_key_leads_back() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().join("demo");
    draw(&folder, 60, 0.7);
    let mut desktop = Desktop::open(&folder);
    insights(&mut desktop);
    // The chart says what the collection holds.
    let expected: Vec<usize> = (0..8)
        .map(|n| {
            let items = desktop.desk().items.iter();
            items.filter(|item| item.annotation.is_reviewed() && item.tags.len() == n).count()
        })
        .collect();
    let tags = bars(chart(&desktop, Topic::Tags), 0).to_vec();
    let found: Vec<usize> = (0..8).map(|n| tags.get(n).map_or(0, |bar| bar.value as usize)).collect();
    assert_eq!(found, expected);
    let bar = tags.iter().max_by_key(|bar| bar.behind.images.len()).unwrap().clone();
    desktop.window.get_by_label(&label(&bar)).click();
    desktop.window.run();
    assert_eq!((desktop.state().view, &desktop.desk().shown[..]), (View::Library, &bar.behind.images[..]));
    assert!(desktop.state().messages.log().last().unwrap().text.contains("I leads back to the charts"));
    shoot(&mut desktop, "insights-behind");
    desktop.window.get_by_label(&format!("Remove the filter {}", bar.behind.name)).click();
    desktop.window.run();
    assert_eq!(desktop.desk().shown.len(), 60);
    for topic in [Topic::Labels, Topic::Together, Topic::Coverage] {
        insights(&mut desktop);
        choose(&mut desktop, topic);
        let bar = bars(chart(&desktop, topic), 0).iter().find(|bar| !bar.behind.images.is_empty()).unwrap().clone();
        follow(&mut desktop, &bar);
    }
    // A bar lies over every other filter, and clearing the filter takes it away too.
    desktop.window.state_mut().perform(Action::ClearFilter);
    assert_eq!(desktop.desk().shown.len(), 60);
}

#[test]
fn sizes_are_read_from_the_headers_and_can_be_stopped() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().join("demo");
    draw(&folder, 40, 0.5);
    let mut desktop = Desktop::open(&folder);
    insights(&mut desktop);
    assert!(desktop.state().insights.sizes.is_none(), "no header is read before anybody asks");
    choose(&mut desktop, Topic::Sizes);
    let chart = chart(&desktop, Topic::Sizes).clone();
    assert_eq!(chart.csv.lines().count(), 41);
    let row = chart.csv.lines().nth(7).unwrap();
    let id = row.split(',').next().unwrap();
    let collection = &desktop.desk().collection;
    let file = collection.image(&ImageId::from(id)).unwrap();
    let (width, height) = docent::imaging::dimensions(&collection.path_of(file)).unwrap();
    assert!(row.starts_with(&format!("{id},{width},{height},")), "{row}");
    let elongated = bars(&chart, 0)[0].clone();
    assert!(!elongated.behind.images.is_empty(), "the demo draws scrolls");
    desktop.window.get_by_label("Width and height in pixels");
    shoot(&mut desktop, "insights-sizes");
    let Form::Marks(marks) = &chart.parts[1].form else { panic!("no marks") };
    let mark = marks.iter().find(|mark| mark.elongated).unwrap();
    let n = mark.behind.images.len();
    let words = format!("{}, elongated: {n} image{}", mark.behind.name, if n == 1 { "" } else { "s" });
    desktop.window.get_by_label(&words).click();
    desktop.window.run();
    assert_eq!(desktop.desk().shown, mark.behind.images.to_vec());
    insights(&mut desktop);
    follow(&mut desktop, &elongated);
    // What was stopped goes on where it was.
    desktop.window.state_mut().perform(Action::Insight(Insight::Measure));
    desktop.window.state_mut().perform(Action::Insight(Insight::StopMeasuring));
    desktop.wait("the rest", |state| state.insights.measuring.is_none());
    assert_eq!(desktop.state().insights.n_measured, 40);
}

#[test]
fn what_was_decided_is_counted_by_day_until_it_is_taken_back() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().join("demo");
    draw(&folder, 30, 0.0);
    let mut desktop = Desktop::open(&folder);
    insights(&mut desktop);
    choose(&mut desktop, Topic::Progress);
    desktop.window.get_by_label_contains("Nothing has been decided in Docent yet");
    desktop.window.state_mut().perform(Action::Show(View::Library));
    desktop.press(Key::R);
    let first = desktop.desk().cursor.unwrap();
    desktop.press(Key::A);
    desktop.press(Key::Enter);
    desktop.saved();
    insights(&mut desktop);
    let decided = bars(chart(&desktop, Topic::Progress), 0).to_vec();
    assert_eq!((decided.len(), &decided[0].behind.images[..]), (1, &[first][..]), "{decided:?}");
    let reviewed = &bars(chart(&desktop, Topic::Progress), 1)[0];
    assert_eq!(reviewed.said, "1 image, 1 so far");
    follow(&mut desktop, &decided[0]);
    desktop.press(Key::Backspace);
    desktop.press(Key::Backspace);
    desktop.saved();
    insights(&mut desktop);
    assert!(chart(&desktop, Topic::Progress).parts.is_empty());
}

#[test]
fn charts_are_saved_as_a_picture_and_as_a_table() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().join("demo");
    draw(&folder, 30, 0.5);
    let mut desktop = Desktop::open(&folder);
    insights(&mut desktop);
    let csv = chart(&desktop, Topic::Labels).csv.clone();
    for format in [ChartFormat::Csv, ChartFormat::Png] {
        let path = scratch.path().join("chart").with_extension(format.extension());
        // As if the system's dialog had been answered.
        let chosen = Event::ChartFileChosen { topic: Topic::Labels, format, path: Some(path.clone()) };
        desktop.window.state_mut().receive(chosen);
        let words = format!("Saved as {}", path.display());
        desktop.wait("the file", |state| state.messages.log().last().is_some_and(|message| message.text == words));
        match format {
            ChartFormat::Csv => assert_eq!(fs::read_to_string(path).unwrap(), csv),
            ChartFormat::Png => assert_eq!(image::open(path).unwrap().to_rgb8().dimensions(), (1600, 1000)),
        }
    }
    let nowhere = Some(scratch.path().join("no/such/folder.csv"));
    let chosen = Event::ChartFileChosen { topic: Topic::Tags, format: ChartFormat::Csv, path: nowhere };
    desktop.window.state_mut().receive(chosen);
    desktop.wait("the trouble", |state| state.messages.log().last().is_some_and(|message| message.hint.is_some()));
    desktop.window.get_by_label("Save Tags per image as PNG");
}

#[test]
fn an_empty_collection_explains_what_is_missing() {
    let scratch = tempfile::tempdir().unwrap();
    let mut desktop = Desktop::start(scratch.path());
    insights(&mut desktop);
    for (topic, expected) in [
        (Topic::Tags, "No image is described yet"),
        (Topic::Labels, "There is no vocabulary yet"),
        (Topic::Sizes, "No size has been read yet"),
        (Topic::Together, "No image has two tags yet"),
        (Topic::Progress, "Nothing has been decided in Docent yet"),
        (Topic::Judged, "Fine-tune it on the Train page"),
        (Topic::Coverage, "There are no images yet"),
    ] {
        desktop.window.state_mut().perform(Action::Insight(Insight::Choose(topic)));
        desktop.window.run();
        desktop.window.get_by_label_contains(expected);
    }
}

#[test]
fn every_chart_can_be_drawn_in_both_themes() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().join("demo");
    draw(&folder, 120, 0.5);
    let mut desktop = Desktop::open(&folder);
    // The starter was measured elsewhere; these figures are made up, the first labels the worse.
    let mut model = (**desktop.desk().model.as_ref().unwrap()).clone();
    let mut metrics = support::model("", 0.8, 0).metrics.clone().unwrap();
    let per_label = desktop.desk().vocabulary.labels().iter().zip(0..).map(|(label, at): (_, usize)| {
        let (tp, fp, fn_) = (3 + 3 * at, 4 + at, 12 + at % 7);
        serde_json::from_value(serde_json::json!({
            "attribute_id": label.id.0, "n_positive": tp + fn_, "n_judged": 200, "tp": tp, "fp": fp, "fn": fn_,
            "precision": 0.0, "recall": 0.0, "f2": 0.0, "ap": null,
        }))
        .unwrap()
    });
    metrics.per_label = per_label.collect();
    model.metrics = Some(metrics);
    desktop.window.state_mut().receive(Event::ModelLoaded(model.into()));
    desktop.press(Key::R);
    (0..90).for_each(|_| desktop.press(Key::Enter));
    desktop.saved();
    insights(&mut desktop);
    // 3 of 15 is the worst recall; the estimate needs the answers given with Enter.
    assert_eq!(bars(chart(&desktop, Topic::Judged), 0)[0].said, "20 %, 3 of 15, 7 to 45 %");
    assert_eq!(chart(&desktop, Topic::Coverage).parts.len(), 3, "{}", chart(&desktop, Topic::Coverage).note);
    for theme in [ThemeChoice::Light, ThemeChoice::Dark] {
        desktop.window.state_mut().perform(Action::SetTheme(theme));
        for topic in Topic::ALL {
            desktop.window.state_mut().perform(Action::Insight(Insight::Choose(topic)));
            desktop.wait("the chart", is_settled);
            shoot(&mut desktop, &format!("insights-{}-{theme:?}", topic.file_name()).to_lowercase());
        }
    }
}
