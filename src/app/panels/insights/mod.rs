//! The Insights page: the list of charts on the left, the chosen one in the middle, with what it says in words.

mod bars;
mod marks;

use eframe::egui;
use egui::{Align, Layout, ProgressBar, RichText, ScrollArea, Ui};

use super::widgets;
use crate::app::action::Action;
use crate::app::insights::Insight;
use crate::app::keymap::Verb;
use crate::app::state::State;
use crate::app::state::insights::Measuring;
use crate::app::texts::say;
use crate::app::theme::{self, tokens};
use crate::domain::insights::{Behind, Chart, Form, Part, Topic};
use crate::jobs::ChartFormat;

#[derive(Debug, Default)]
pub struct InsightsPanel;

/// What a click on a piece of a chart asks for.
type Clicked = Option<Behind>;

impl InsightsPanel {
    pub fn side(&mut self, ui: &mut Ui, state: &State) -> Option<Action> {
        let insights = &state.insights;
        let mut action = None;
        ui.spacing_mut().item_spacing.y = 0.0;
        widgets::head(ui, &say!("insights-charts"));
        ui.add_space(4.0);
        for topic in Topic::ALL {
            let headline = insights.chart(topic).map_or("", |chart| chart.headline.as_str());
            if widgets::row(ui, 0.0, topic.name(), headline, insights.topic == topic).clicked() {
                action = Some(Action::Insight(Insight::Choose(topic)));
            }
        }
        ui.add_space(12.0);
        let key = state.keys.in_words(Verb::ShowInsights);
        widgets::note(ui, say!("insights-click", key = key));
        if let Some(problem) = &insights.deeds_problem {
            ui.add_space(8.0);
            widgets::note(ui, say!("insights-unread", problem = problem.message));
        }
        action
    }

    pub fn page(&mut self, ui: &mut Ui, state: &State) -> Option<Action> {
        let insights = &state.insights;
        let topic = insights.topic;
        let chart = insights.chart(topic);
        let mut action = header(ui, topic, chart.is_some_and(|chart| !chart.parts.is_empty()) && !insights.saving);
        let Some(chart) = chart else {
            widgets::note(ui, say!("insights-counting"));
            return action;
        };
        widgets::note(ui, chart.note.as_str());
        if topic == Topic::Sizes {
            let n_images = state.desk.as_ref().map_or(0, |desk| desk.items.len());
            action = measuring(ui, insights.measuring, insights.n_measured, n_images).or(action);
        }
        ui.add_space(10.0);
        let clicked = parts(ui, chart);
        clicked.map(|behind| Action::Insight(Insight::Show(behind))).or(action)
    }
}

/// The chart's name and the buttons that save it.
fn header(ui: &mut Ui, topic: Topic, enabled: bool) -> Option<Action> {
    let t = tokens(ui);
    let mut action = None;
    ui.horizontal(|ui| {
        ui.label(RichText::new(topic.name()).font(theme::title()).color(t.text));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            for (format, words) in [(ChartFormat::Csv, say!("insights-csv")), (ChartFormat::Png, say!("insights-png"))]
            {
                let button = ui.add_enabled(enabled, egui::Button::new(words));
                let name = say!("insights-save", topic = topic.name(), format = format.extension().to_uppercase());
                if button.accessible_name(name).clicked() {
                    action = Some(Action::Insight(Insight::Save(format)));
                }
            }
        });
    });
    ui.add_space(2.0);
    action
}

/// How far the reading of headers is, and how to stop it or go on.
fn measuring(ui: &mut Ui, running: Option<Measuring>, n_done: usize, n_images: usize) -> Option<Action> {
    let mut action = None;
    ui.horizontal(|ui| match running {
        Some(Measuring { work, stopping }) => {
            let share = work.done as f32 / work.total.max(1) as f32;
            let bar = ProgressBar::new(share).desired_width(220.0).desired_height(6.0);
            let _ = ui.add(bar);
            widgets::note(ui, say!("insights-reading", done = work.done, n = n_images));
            let stop =
                ui.add_enabled(!stopping, egui::Button::new(say!("order-stop"))).accessible_name(say!("insights-stop"));
            if stop.clicked() {
                action = Some(Action::Insight(Insight::StopMeasuring));
            }
        }
        None => {
            if n_done < n_images && ui.button(say!("insights-go-on")).clicked() {
                action = Some(Action::Insight(Insight::Measure));
            }
        }
    });
    action
}

/// Lying bars scroll; what stands shares the height that is left.
fn parts(ui: &mut Ui, chart: &Chart) -> Clicked {
    let is_lying = |part: &&Part| matches!(part.form, Form::Lying { .. });
    let lying: Vec<&Part> = chart.parts.iter().filter(is_lying).collect();
    let others: Vec<&Part> = chart.parts.iter().filter(|part| !is_lying(part)).collect();
    let mut clicked = None;
    if !lying.is_empty() {
        let lines = bars::lines(&lying);
        let height = match others.is_empty() {
            true => ui.available_height(),
            false => lines.len() as f32 * theme::ROW,
        };
        let area = ScrollArea::vertical().max_height(height).auto_shrink([false, !others.is_empty()]).animated(false);
        ui.spacing_mut().item_spacing.y = 0.0;
        area.id_salt(chart.topic).show_rows(ui, theme::ROW, lines.len(), |ui, range| {
            for (at, line) in range.clone().zip(lines.get(range).unwrap_or_default()) {
                clicked = ui.push_id(at, |ui| bars::line(ui, &lying, *line)).inner.or(clicked.take());
            }
        });
    }
    let n = others.len().max(1) as f32;
    let height = ui.available_height() / n - 8.0;
    for part in others {
        widgets::section(ui, &part.title);
        let room = (height - 34.0).max(120.0);
        let asked = match &part.form {
            Form::Upright { x, y, bars, sums } => bars::upright(ui, part, (x, y), bars, *sums, room),
            Form::Marks(all) => marks::marks(ui, part, all, room),
            Form::Lying { .. } => None,
        };
        clicked = asked.or(clicked);
    }
    clicked
}
