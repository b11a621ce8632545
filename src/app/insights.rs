//! The Insights page: asks for charts when something has changed, takes what comes, and leads to the images behind them.
//!
//! What a worker needs is copied in helpings of a few milliseconds, so that a frame is never late.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::actions;
use super::state::insights::{Gathering, Measuring, Only};
use super::state::{Desk, Filter, Order, State, Tone, View};
use super::text::counted;
use crate::domain::insights::{Behind, Open, Topic};
use crate::jobs::{ChartFormat, ChartSpec, Command, Event, Problem, WorkDone};

/// What a frame may spend on copying.
const BUDGET: Duration = Duration::from_millis(3);
/// Images copied before the clock is looked at again.
const HELPING: u32 = 512;
/// Seconds between two computations while proposals stream in.
const PAUSE: f64 = 1.0;

/// What the page can ask for.
#[derive(Debug, Clone, PartialEq)]
pub enum Insight {
    Choose(Topic),
    /// Show these images in the library.
    Show(Behind),
    /// Show all images again.
    Leave,
    Measure,
    StopMeasuring,
    /// The chosen chart.
    Save(ChartFormat),
}

pub(super) fn perform(state: &mut State, insight: Insight) -> Vec<Command> {
    let insights = &mut state.insights;
    match insight {
        Insight::Choose(topic) => insights.topic = topic,
        Insight::Show(behind) => show(state, &behind),
        Insight::Leave => leave(state),
        Insight::Measure => {
            if insights.measuring.is_none() {
                insights.measuring = Some(Measuring::default());
                return vec![Command::Measure];
            }
        }
        Insight::StopMeasuring => {
            if let Some(measuring) = insights.measuring.as_mut().filter(|measuring| !measuring.stopping) {
                measuring.stopping = true;
                return vec![Command::StopMeasuring];
            }
        }
        Insight::Save(format) => {
            if !insights.saving && insights.charts.is_some() {
                insights.saving = true;
                return vec![Command::AskChartFile { topic: insights.topic, format }];
            }
        }
    }
    Vec::new()
}

/// Only the images behind a piece of a chart, in the library.
fn show(state: &mut State, behind: &Behind) {
    let now = state.now;
    let Some(desk) = &mut state.desk else {
        return;
    };
    let n_images = desk.items.len();
    desk.filter = Filter::default();
    desk.only = Some(Only::new(behind, n_images));
    if desk.lineup.order().is_queue() {
        desk.lineup.set(Order::Name, [], n_images); // A queue would hide some of them.
    }
    desk.refresh(now);
    desk.cursor = desk.shown.first().copied().or(desk.cursor);
    let pictures = counted(desk.shown.len(), "picture", "pictures");
    let words = format!("{pictures}: {}. I leads back to the charts, × beside the name shows all pictures", behind.name);
    actions::show(state, View::Library);
    state.messages.say(now, Tone::Note, words);
}

fn leave(state: &mut State) {
    if let Some(desk) = &mut state.desk {
        desk.only = None;
        desk.refresh(state.now);
    }
}

/// Called in every frame that shows the page: what the workers have to do for it.
pub(super) fn look(state: &mut State) -> Vec<Command> {
    let mut commands = Vec::new();
    let Some(desk) = &state.desk else {
        return commands;
    };
    let insights = &mut state.insights;
    if insights.deeds_of != Some(state.record.n_recorded()) {
        insights.deeds_of = Some(state.record.n_recorded());
        commands.push(Command::ReadDeeds);
    }
    let never_asked = insights.sizes.is_none() && insights.measuring.is_none();
    if insights.topic == Topic::Sizes && never_asked && !desk.items.is_empty() {
        insights.measuring = Some(Measuring::default());
        commands.push(Command::Measure);
    }
    let computed = &mut insights.computed;
    let now = (desk.version, computed.n_inputs);
    if computed.gathering.is_none() && !computed.under_way && computed.of != Some(now) {
        let has_input = computed.of.is_none_or(|(_, n_inputs)| n_inputs != computed.n_inputs);
        if has_input || state.now >= computed.asked_at + PAUSE {
            computed.asked_at = state.now;
            computed.gathering = Some(Gathering { of: now, ..Gathering::default() });
        }
    }
    if let Some(gathering) = &mut computed.gathering
        && gather(gathering, desk, Instant::now() + BUDGET)
        && let Some(gathering) = computed.gathering.take()
    {
        computed.of = Some(gathering.of);
        computed.under_way = true;
        commands.push(Command::Chart(Box::new(ChartSpec {
            collection: desk.collection.clone(),
            vocabulary: desk.vocabulary.clone(),
            collected: gathering.collected,
            sizes: insights.sizes.clone(),
            deeds: insights.deeds.clone(),
            model: desk.model.clone(),
            open: desk.model.is_some().then_some(gathering.open),
            threshold: desk.threshold,
        })));
    }
    commands
}

/// When the next frame has something to do for the page, in seconds from now.
pub(super) fn next_change(state: &State) -> Option<f64> {
    let desk = state.desk.as_ref()?;
    let (insights, computed) = (&state.insights, &state.insights.computed);
    if computed.gathering.is_some() {
        return Some(0.0);
    }
    let is_waiting = !insights.is_current(desk.version) && !computed.under_way;
    is_waiting.then(|| (computed.asked_at + PAUSE - state.now).max(0.05))
}

/// Whether all is gathered.
fn gather(gathering: &mut Gathering, desk: &Desk, until: Instant) -> bool {
    let n = desk.items.len() as u32;
    while gathering.next < n {
        let to = (gathering.next + HELPING).min(n);
        for image in gathering.next..to {
            let item = desk.item(image);
            let is_reviewed = item.annotation.is_reviewed();
            gathering.collected.push(item.tags.iter(), is_reviewed);
            if !is_reviewed {
                let open = desk.open_proposals(image, desk.threshold);
                gathering.open.extend(open.map(|proposal| Open {
                    image,
                    attribute: proposal.attribute,
                    probability: proposal.probability,
                }));
            }
        }
        gathering.next = to;
        if Instant::now() >= until {
            break;
        }
    }
    gathering.next >= n
}

/// Takes what a worker says for the page; other events are not its own.
pub(super) fn receive(state: &mut State, event: Event) -> Vec<Command> {
    let insights = &mut state.insights;
    match event {
        // What was not asked for is of a collection that was closed meanwhile.
        Event::Charted { .. } if !insights.computed.under_way => {}
        Event::DeedsRead { .. } if insights.deeds_of.is_none() => {}
        Event::Measured { .. } if insights.measuring.is_none() => {}
        Event::Charted { charts } => {
            insights.charts = Some(charts);
            insights.computed.under_way = false;
        }
        Event::DeedsRead { deeds } => {
            insights.computed.n_inputs += 1;
            match deeds {
                Ok(deeds) => (insights.deeds, insights.deeds_problem) = (Some(deeds), None),
                Err(problem) => insights.deeds_problem = Some(problem),
            }
        }
        Event::Measuring(work) => measuring(state, work),
        Event::Measured { sizes, n_done } => {
            (insights.sizes, insights.n_measured, insights.measuring) = (Some(sizes), n_done, None);
            insights.computed.n_inputs += 1;
        }
        Event::ChartFileChosen { topic, format, path } => return chosen(state, topic, format, path),
        Event::ChartWritten { path, problem } => written(state, &path.display().to_string(), problem.as_ref()),
        _ => {}
    }
    Vec::new()
}

fn measuring(state: &mut State, work: WorkDone) {
    if let Some(measuring) = &mut state.insights.measuring {
        measuring.work = work;
    }
}

fn chosen(state: &mut State, topic: Topic, format: ChartFormat, path: Option<PathBuf>) -> Vec<Command> {
    let insights = &mut state.insights;
    match (path, &insights.charts) {
        (Some(path), Some(charts)) => {
            vec![Command::WriteChart { charts: Arc::clone(charts), topic, format, path }]
        }
        _ => {
            insights.saving = false;
            Vec::new()
        }
    }
}

fn written(state: &mut State, path: &str, problem: Option<&Problem>) {
    state.insights.saving = false;
    match problem {
        None => state.messages.say(state.now, Tone::Note, format!("Saved as {path}")),
        Some(problem) => state.messages.trouble(state.now, problem),
    }
}
