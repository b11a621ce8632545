//! The Insights page: asks for charts when something has changed, takes what comes, and leads to the images behind them.
//!
//! What a worker needs is copied in helpings of a few milliseconds, so that a frame is never late.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::actions;
use super::keymap::Verb;
use super::state::insights::{Gathering, Measuring, Only};
use super::state::{Desk, Filter, Order, State, Tone, View};
use super::texts::say;
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
    let n = desk.shown.len();
    let key = state.keys.in_words(Verb::ShowInsights);
    let words = say!("insights-behind", n = n, name = behind.name, key = key);
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
    if !insights.reading_deeds && insights.deeds_of != Some(state.record.n_recorded()) {
        insights.deeds_of = Some(state.record.n_recorded());
        insights.reading_deeds = true;
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
    let is_waiting = !insights.is_current(desk.version) && !insights.is_busy();
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
        Event::DeedsRead { .. } if !insights.reading_deeds => {}
        Event::Measured { .. } if insights.measuring.is_none() => {}
        Event::Charted { charts } => {
            insights.charts = Some(charts);
            insights.computed.under_way = false;
        }
        Event::DeedsRead { deeds } => {
            insights.computed.n_inputs += 1;
            insights.reading_deeds = false;
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
        None => state.messages.say(state.now, Tone::Note, say!("insights-saved", path = path)),
        Some(problem) => state.messages.trouble(state.now, problem),
    }
}

#[cfg(test)]
mod tests {
    use super::super::action::Action;
    use super::super::actions::perform as act;
    use super::super::inbox::receive as hear;
    use super::super::testing::{desk, propose, under_review};
    use super::*;
    use crate::domain::insights::{Chart, Measure};
    use crate::jobs::charts;
    use crate::store::Deeds;

    fn page() -> State {
        let mut state = under_review();
        let _ = act(&mut state, Action::Show(View::Insights));
        state.desk.as_mut().unwrap().refresh_if_stale(0.0, false);
        state
    }

    /// What is asked of the workers in a frame, and the spec of charts among it.
    fn frame(state: &mut State, now: f64) -> (Vec<&'static str>, Option<ChartSpec>) {
        state.now = now;
        let mut spec = None;
        let words = look(state).into_iter().map(|command| match command {
            Command::ReadDeeds => "deeds",
            Command::Measure => "measure",
            Command::Chart(asked) => {
                spec = Some(*asked);
                "chart"
            }
            other => panic!("{other:?}"),
        });
        let words: Vec<_> = words.collect();
        (words, spec)
    }

    fn chart(state: &mut State, now: f64) -> Arc<Vec<Chart>> {
        let (_, spec) = frame(state, now);
        let made = Arc::new(charts(&spec.unwrap()));
        let _ = hear(state, Event::Charted { charts: made.clone() });
        made
    }

    #[test]
    fn charts_follow_changes_at_most_once_a_second_and_what_comes_in_at_once() {
        let mut state = page();
        let (asked, spec) = frame(&mut state, 1.0);
        assert_eq!((asked, spec.is_some()), (vec!["deeds", "chart"], true));
        // Two proposals are open on each of the four images that nobody has reviewed.
        assert_eq!(spec.unwrap().open.unwrap().len(), 8);
        assert!(frame(&mut state, 5.0).0.is_empty(), "one is under way");
        let _ = hear(&mut state, Event::Charted { charts: Arc::default() });
        assert!(frame(&mut state, 5.1).0.is_empty(), "nothing has changed");
        assert_eq!(next_change(&state), None);
        for (now, expected) in [(5.2, vec!["chart"]), (5.9, vec![]), (6.3, vec!["chart"])] {
            propose(&mut state, "a", "m", [0.9, 0.2, 0.1, 0.1]);
            state.desk.as_mut().unwrap().refresh(now);
            assert_eq!(frame(&mut state, now).0, expected, "{now}");
            let _ = hear(&mut state, Event::Charted { charts: Arc::default() });
        }
        let _ = hear(&mut state, Event::DeedsRead { deeds: Ok(Arc::new(Deeds::default())) });
        assert_eq!(frame(&mut state, 6.4).0, ["chart"]);
    }

    #[test]
    fn a_piece_of_a_chart_lies_over_every_other_filter_and_is_taken_away_alone() {
        let mut state = page();
        let made = chart(&mut state, 1.0);
        assert_eq!(made[0].csv, "tags,images\n0,0\n1,1\n");
        let _ = act(&mut state, Action::FilterText("nothing".to_owned()));
        let behind = Behind::new("1 tag per image", vec![1, 4]);
        let _ = act(&mut state, Action::Insight(Insight::Show(behind)));
        assert_eq!((state.view, &desk(&state).shown[..]), (View::Library, &[1, 4][..]));
        assert!(state.messages.log().last().unwrap().text.starts_with("2 pictures: 1 tag per image. I leads back"));
        let _ = act(&mut state, Action::FilterText("e".to_owned()));
        assert_eq!(desk(&state).shown, [4], "other filters go on within it");
        let _ = act(&mut state, Action::Insight(Insight::Leave));
        assert_eq!((&desk(&state).shown[..], desk(&state).filter.text.as_str()), (&[4][..], "e"));
        let _ = act(&mut state, Action::ClearFilter);
        assert_eq!(desk(&state).shown.len(), 5);
    }

    #[test]
    fn sizes_are_read_when_their_chart_is_chosen_and_late_answers_of_another_collection_are_dropped() {
        let mut state = page();
        let _ = frame(&mut state, 1.0);
        let _ = act(&mut state, Action::Insight(Insight::Choose(Topic::Sizes)));
        assert_eq!(frame(&mut state, 1.1).0, ["measure"]);
        assert!(act(&mut state, Action::Insight(Insight::Measure)).is_empty(), "it runs already");
        assert!(matches!(act(&mut state, Action::Insight(Insight::StopMeasuring))[..], [Command::StopMeasuring]));
        assert!(act(&mut state, Action::Insight(Insight::StopMeasuring)).is_empty());
        let sizes: Arc<[Measure]> = vec![Measure::Of(30, 10); 5].into();
        let _ = hear(&mut state, Event::Measured { sizes: sizes.clone(), n_done: 5 });
        assert_eq!(state.insights.n_measured, 5);
        let _ = act(&mut state, Action::CloseCollection);
        for late in [
            Event::Measured { sizes, n_done: 5 },
            Event::Charted { charts: Arc::default() },
            Event::DeedsRead { deeds: Ok(Arc::default()) },
        ] {
            let _ = hear(&mut state, late);
        }
        let insights = &state.insights;
        assert!(insights.sizes.is_none() && insights.charts.is_none() && insights.deeds.is_none());
    }

    #[test]
    fn a_dialog_closed_without_a_choice_saves_nothing() {
        let mut state = page();
        let save = || Action::Insight(Insight::Save(ChartFormat::Png));
        assert!(act(&mut state, save()).is_empty(), "there is no chart yet");
        let _ = chart(&mut state, 1.0);
        assert!(matches!(act(&mut state, save())[..], [Command::AskChartFile { topic: Topic::Tags, .. }]));
        assert!(act(&mut state, save()).is_empty(), "one dialog at a time");
        let chosen = |path| Event::ChartFileChosen { topic: Topic::Tags, format: ChartFormat::Png, path };
        assert!(hear(&mut state, chosen(None)).is_empty());
        let _ = act(&mut state, save());
        assert!(matches!(hear(&mut state, chosen(Some("a.png".into())))[..], [Command::WriteChart { .. }]));
        let _ = hear(&mut state, Event::ChartWritten { path: "a.png".into(), problem: None });
        assert!(!state.insights.saving && state.messages.log().last().unwrap().text == "Saved as a.png");
    }
}
