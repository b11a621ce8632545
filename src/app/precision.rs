//! Looking in fewer bits: asked for in the menu, measured by the predictor on the collection at hand, told in words.

use super::state::{Agreeing, Desk, State, Tone, View};
use super::texts::{self, say};
use crate::jobs::{Command, ModelName, Problem, WorkDone};
use crate::model::Precision;
use crate::training::Agreement;

pub(super) fn wish(state: &mut State, precision: Precision) -> Command {
    state.settings.precision = precision;
    let was_other = state.desk.as_ref().is_some_and(|desk| desk.agreeing.precision() != Precision::F32);
    if was_other {
        learns_anew(state);
    }
    if let Some(desk) = &mut state.desk {
        desk.agreeing = Agreeing::Unknown;
    }
    Command::UsePrecision { precision }
}

pub(super) fn progressed(state: &mut State, model: &ModelName, work: WorkDone) {
    if let Some(desk) = asked(state, model) {
        desk.agreeing = Agreeing::Measuring(work);
    }
}

pub(super) fn measured(state: &mut State, model: &ModelName, agreement: Result<Agreement, Problem>) {
    let Some(desk) = asked(state, model) else {
        return;
    };
    desk.agreeing = match agreement {
        Ok(agreement) => Agreeing::Measured(agreement),
        Err(problem) => Agreeing::Failed(problem),
    };
    let is_used = desk.agreeing.precision() != Precision::F32;
    if is_used {
        learns_anew(state);
    }
    let tone = if is_used { Tone::Good } else { Tone::Note };
    let words = words(state);
    state.messages.say(state.now, tone, words);
}

/// The collection whose model this is about, unless nobody asks any more.
fn asked<'a>(state: &'a mut State, model: &ModelName) -> Option<&'a mut Desk> {
    let is_asked = state.settings.precision != Precision::F32;
    let desk = state.desk.as_mut().filter(|_| is_asked)?;
    desk.model.as_ref().is_some_and(|current| current.name == *model).then_some(desk)
}

/// The predictor learns from the decisions anew, over other embeddings. The list under review keeps still meanwhile.
fn learns_anew(state: &mut State) {
    let Some(desk) = &mut state.desk else {
        return;
    };
    desk.pin(desk.cursor.filter(|_| state.view == View::Review));
    desk.learned = None;
    // Every picture is looked at once more.
    desk.embedding = WorkDone::default();
    desk.line.similar.clear();
    state.asked.nearest = None;
    if let Some(model) = &desk.model {
        let chosen = state.settings.threshold(&desk.collection.root, &model.name.0);
        desk.threshold = chosen.unwrap_or(model.threshold).clamp(0.0, 1.0);
    }
    desk.touch();
}

/// What is known about it, in a sentence or two; empty while it is not known what computes.
pub(super) fn words(state: &State) -> String {
    let precision = state.settings.precision;
    if state.device.is_empty() {
        return String::new();
    }
    if !state.has_bf16 {
        return say!("precision-cannot");
    }
    let Some(desk) = state.desk.as_ref().filter(|_| precision != Precision::F32) else {
        return say!("precision-help");
    };
    match &desk.agreeing {
        Agreeing::Unknown if desk.model.is_none() && desk.model_problem.is_some() => say!("precision-no-model"),
        Agreeing::Unknown => say!("precision-soon"),
        Agreeing::Measuring(work) => {
            say!("precision-measuring", precision = precision.name(), done = work.done, total = work.total)
        }
        Agreeing::Failed(problem) => say!("precision-failed", problem = problem.message),
        Agreeing::Measured(found) => of_agreement(desk, found),
    }
}

fn of_agreement(desk: &Desk, found: &Agreement) -> String {
    if found.n_labels == 0 {
        let knows = desk.model.as_ref().is_some_and(|model| !model.attribute_ids.is_empty());
        return if knows { say!("precision-no-pictures") } else { say!("precision-no-labels") };
    }
    let words = say!(
        "precision-found",
        precision = found.precision.name(),
        n = found.n_pictures,
        percent = texts::fixed(found.percent() as f32, 2),
        same = found.n_both,
        proposed = found.n_proposed,
        times = texts::fixed(found.speedup as f32, 1)
    );
    if !found.is_enough() {
        let enough = texts::fixed(100.0 * Agreement::ENOUGH as f32, 1);
        return say!("precision-not-used", found = words, enough = enough);
    }
    if found.is_worth_it() { say!("precision-used", found = words) } else { say!("precision-slow", found = words) }
}

#[cfg(test)]
mod tests {
    use super::super::action::Action;
    use super::super::actions::perform;
    use super::super::inbox::receive;
    use super::super::state::Learned;
    use super::super::testing::{desk, model, under_review};
    use super::*;
    use crate::jobs::Event;

    fn agreement(n_same: usize) -> Agreement {
        Agreement {
            precision: Precision::Bf16,
            n_pictures: 64,
            n_labels: 10_000,
            n_same,
            n_proposed: 121,
            n_both: 120,
            speedup: 1.94,
        }
    }

    /// Asked for over an open collection.
    fn asked() -> State {
        let mut state = under_review();
        (state.device, state.has_bf16) = ("CPU, 2 threads".to_owned(), true);
        let commands = perform(&mut state, Action::UsePrecision(Precision::Bf16));
        assert!(matches!(commands[..], [Command::UsePrecision { precision: Precision::Bf16 }]));
        state
    }

    fn answer(state: &mut State, model: &str, agreement: Result<Agreement, Problem>) {
        let event = Event::AgreementMeasured { model: ModelName(model.to_owned()), agreement };
        assert!(receive(state, event).is_empty());
    }

    #[test]
    fn it_is_remembered_and_its_measurement_is_told() {
        let mut state = asked();
        assert_eq!(state.settings.precision, Precision::Bf16);
        let work = WorkDone { done: 24, total: 64, per_second: 0.0 };
        let _ = receive(&mut state, Event::Agreeing { model: ModelName("m".to_owned()), work });
        assert_eq!(words(&state), "Comparing bf16 with f32 on pictures of this collection: 24 of 64.");
        answer(&mut state, "m", Ok(agreement(9_997)));
        let expected = "bf16 on 64 pictures: 99.97 % of labels as in f32, 120 of 121 proposals the same, 1.9 times as \
                        fast. It is used from now on.";
        assert_eq!((words(&state).as_str(), desk(&state).agreeing.precision()), (expected, Precision::Bf16));
        assert_eq!(state.messages.log().last().unwrap().text, expected);
        answer(&mut state, "m", Ok(Agreement { speedup: 0.9, ..agreement(9_997) }));
        assert!(words(&state).ends_with("0.9 times as fast. That gains no time, so f32 is used."));
        assert_eq!(desk(&state).agreeing.precision(), Precision::F32);
    }

    #[test]
    fn what_agrees_too_little_is_not_used_and_never_looks_as_if_it_were_enough() {
        let mut state = asked();
        answer(&mut state, "m", Ok(agreement(9_949)));
        assert_eq!(desk(&state).agreeing.precision(), Precision::F32);
        assert!(words(&state).contains("99.49 %") && words(&state).ends_with("Less than 99.5 %, so f32 is used."));
        let nearly = Agreement { n_labels: 100_000, n_same: 99_499, ..agreement(0) };
        answer(&mut state, "m", Ok(nearly));
        assert!(words(&state).contains("99.49 %"), "{}", words(&state));
    }

    #[test]
    fn where_nothing_can_be_measured_it_says_why() {
        let nothing = Agreement { n_pictures: 0, n_labels: 0, n_same: 0, ..agreement(0) };
        let mut state = asked();
        answer(&mut state, "m", Ok(nothing));
        assert!(words(&state).starts_with("No picture of this collection could be looked at"));
        let mut new = (*model("m", 0.5)).clone();
        new.attribute_ids.clear();
        let _ = receive(&mut state, Event::ModelLoaded(new.into()));
        assert!(words(&state).starts_with("Compared with f32 in a moment"), "another model is measured anew");
        answer(&mut state, "m", Ok(nothing));
        assert!(words(&state).contains("knows no label of this collection"));
        answer(&mut state, "m", Err(Problem { message: "out of memory".to_owned(), hint: None }));
        assert!(words(&state).contains("out of memory") && words(&state).ends_with("f32 is used."));
        assert_eq!(desk(&state).agreeing.precision(), Precision::F32);
        state.has_bf16 = false;
        assert_eq!(words(&state), "This processor has no instructions for bf16: it computes in f32.");
    }

    #[test]
    fn answers_that_nobody_waits_for_any_more_change_nothing() {
        let mut state = asked();
        answer(&mut state, "another", Ok(agreement(10_000)));
        let _ = perform(&mut state, Action::UsePrecision(Precision::F32));
        answer(&mut state, "m", Ok(agreement(10_000)));
        assert_eq!(desk(&state).agreeing, Agreeing::Unknown);
        assert!(state.messages.log().is_empty());
    }

    #[test]
    fn the_list_under_review_keeps_still_while_decisions_are_learned_anew() {
        let mut state = asked();
        let learned = Learned { n_images: 3, threshold: 0.3 };
        (state.desk.as_mut().unwrap().learned, state.desk.as_mut().unwrap().threshold) = (Some(learned), 0.3);
        answer(&mut state, "m", Ok(agreement(10_000)));
        let now = desk(&state);
        assert!(now.learned.is_none() && (now.threshold - 0.5).abs() < 1e-6);
        assert!((now.pin.as_ref().unwrap().threshold - 0.3).abs() < 1e-6, "what was seen is what Enter accepts");
    }
}
