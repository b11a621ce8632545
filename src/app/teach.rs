//! Fine-tunes and the models that come of them: ordering one, what becomes of its model, and going back.

use std::sync::Arc;

use super::inbox::sentence;
use super::state::learning::MIN_IMAGES;
use super::state::{State, Tone};
use super::text;
use super::texts::{self, say};
use crate::jobs::{Command, FineTuneOutcome, FineTuneSpec, ModelDetails, ModelName, Problem};
use crate::training::{Judgement, Recipe};

pub(super) fn fine_tune(state: &mut State) -> Vec<Command> {
    let Some(desk) = &state.desk else {
        return Vec::new();
    };
    if desk.counts.touched() < MIN_IMAGES || state.learning.running.as_ref().is_some_and(|running| running.stopping) {
        return Vec::new();
    }
    let annotations = desk.touched();
    state.learning.order(annotations.len());
    vec![Command::FineTune(Box::new(FineTuneSpec {
        recipe: state.learning.recipe.clone(),
        from: desk.model.as_ref().map_or_else(|| desk.wanted_model.clone(), |model| model.name.clone()),
        vocabulary: desk.vocabulary.clone(),
        annotations: Arc::new(annotations),
    }))]
}

pub(super) fn use_model(state: &mut State, model: ModelName) -> Vec<Command> {
    state.learning.offer = None;
    let Some(desk) = &mut state.desk else {
        return Vec::new();
    };
    if desk.wanted_model != model {
        desk.previous_model = Some(desk.wanted_model.clone());
    }
    desk.wanted_model = model.clone();
    desk.model_problem = None;
    vec![Command::UseModel { model }]
}

/// To the model used before, or where there was none in this collection, to the one this was fine-tuned from.
pub(super) fn roll_back(state: &mut State) -> Vec<Command> {
    let Some(desk) = &state.desk else {
        return Vec::new();
    };
    let parent = || {
        let parent = desk.model.as_ref()?.parent.clone()?;
        desk.models.iter().map(|model| &model.name).find(|name| name.0 == parent).cloned()
    };
    let Some(before) = desk.previous_model.clone().or_else(parent) else {
        state.messages.say(state.now, Tone::Note, say!("said-first-model"));
        return Vec::new();
    };
    let words = say!("said-rolled-back", before = before.0, now = desk.wanted_model.0);
    state.messages.say(state.now, Tone::Good, words);
    use_model(state, before)
}

pub(super) fn fine_tune_ended(state: &mut State, outcome: FineTuneOutcome) -> Vec<Command> {
    let n_images = state.learning.ended();
    match outcome {
        FineTuneOutcome::Finished { model, seconds } => {
            let quality = model.metrics.as_ref().map_or_else(String::new, |metrics| {
                let [micro, image] = [metrics.f2_micro, metrics.f2_per_image].map(|f2| texts::fixed(f2 as f32, 3));
                say!("said-quality", micro = micro, image = image)
            });
            let time = text::duration(f64::from(seconds).max(1.0));
            let words = say!("said-learned", n = n_images, time = time, quality = quality);
            state.learning.result = Some((true, words.clone()));
            state.messages.say(state.now, Tone::Good, words);
            return new_model(state, model);
        }
        FineTuneOutcome::Cancelled => {
            state.learning.result = Some((true, say!("said-stopped")));
        }
        FineTuneOutcome::Failed { problem } => {
            state.learning.result = Some((false, sentence(&problem)));
            state.messages.trouble(state.now, &problem);
        }
    }
    Vec::new()
}

/// A clearly better model is used at once, where the user wants that; any other is offered.
fn new_model(state: &mut State, model: Arc<ModelDetails>) -> Vec<Command> {
    let Some(desk) = &mut state.desk else {
        return Vec::new();
    };
    let name = model.name.clone();
    let compared = model.report.as_ref().and_then(|report| report.compared.clone());
    if !desk.models.iter().any(|known| known.name == name) {
        desk.models.push(model);
    }
    let judgement = compared.as_ref().map(|compared| compared.judgement);
    if matches!(judgement, None | Some(Judgement::First))
        || judgement == Some(Judgement::Better) && state.settings.promote
    {
        return use_model(state, name);
    }
    let words = compared.map(|compared| text::compared(&compared)).unwrap_or_default();
    state.messages.say(state.now, Tone::Note, say!("said-not-used-yet", name = name.0, words = words));
    state.learning.offer = Some((name, words));
    Vec::new()
}

pub(super) fn recipe_saved(state: &mut State, name: String, recipe: Recipe, problem: Option<Problem>) {
    if let Some(problem) = problem {
        state.messages.trouble(state.now, &problem);
        return;
    }
    state.messages.say(state.now, Tone::Good, say!("said-recipe-kept", name = name));
    let recipes = &mut state.learning.recipes;
    recipes.retain(|(known, _)| *known != name);
    recipes.push((name, recipe));
    recipes.sort_by(|(a, _), (b, _)| a.cmp(b));
}

#[cfg(test)]
mod tests {
    use super::super::action::Action;
    use super::super::actions::perform;
    use super::super::inbox::receive;
    use super::super::testing::{desk, model, under_review};
    use super::*;
    use crate::domain::f_beta::{Cells, Truth};
    use crate::jobs::Event;
    use crate::training::Metrics;
    use crate::training::compared::{ComparedModels, Figure};
    use crate::training::fine_tune::Report;

    #[test]
    fn fine_tuning_needs_something_to_learn_from() {
        let mut state = under_review();
        assert!(perform(&mut state, Action::FineTune).is_empty());
        assert!(state.learning.running.is_none());
        state.desk.as_mut().unwrap().counts.all = MIN_IMAGES + 10;
        let commands = perform(&mut state, Action::FineTune);
        assert!(
            matches!(&commands[..], [Command::FineTune(spec)] if spec.annotations.len() == 1 && spec.from.0 == "m")
        );
        assert_eq!(perform(&mut state, Action::FineTune).len(), 1);
        assert_eq!(state.learning.waiting, Some(1), "the newest waits");
        assert!(matches!(perform(&mut state, Action::PauseFineTune(true))[..], [Command::PauseFineTune(true)]));
        assert!(matches!(perform(&mut state, Action::StopFineTune)[..], [Command::StopFineTune]));
        assert!(state.learning.waiting.is_none());
    }

    #[test]
    fn what_was_learned_is_used() {
        let mut state = under_review();
        state.learning.order(31);
        let finished = FineTuneOutcome::Finished { model: model("head 1", 0.4), seconds: 3.0 };
        let commands = receive(&mut state, Event::FineTuneEnded(finished));
        assert!(matches!(&commands[..], [Command::UseModel { model }] if model.0 == "head 1"));
        assert_eq!(desk(&state).models.len(), 2);
        assert_eq!(state.messages.log()[0].text, "Learned from 31 images in 3 s");
        assert!(state.learning.running.is_none());
    }

    #[test]
    fn only_what_is_clearly_better_is_used_without_asking_and_one_key_goes_back() {
        use super::super::keymap::Verb;
        for (judgement, promote, is_used) in [
            (Judgement::Better, true, true),
            (Judgement::Better, false, false),
            (Judgement::Unclear, true, false),
            (Judgement::Worse, true, false),
            (Judgement::First, false, true),
        ] {
            let mut state = under_review();
            state.settings.promote = promote;
            state.learning.order(31);
            let figure = Figure { before: 0.8, after: 0.81, interval: [-0.01, 0.03] };
            let compared = ComparedModels {
                with: "m".to_owned(),
                n_images: 40,
                f2_per_image: figure,
                f2_micro: figure,
                judgement,
                other_may_have_seen_them: false,
            };
            let mut new = (*model("head 1", 0.4)).clone();
            new.report = Some(report(compared));
            let finished = FineTuneOutcome::Finished { model: Arc::new(new), seconds: 3.0 };
            let commands = receive(&mut state, Event::FineTuneEnded(finished));
            assert_eq!(commands.len(), usize::from(is_used), "{judgement:?} {promote}");
            assert_eq!(state.learning.offer.is_none(), is_used);
            if !is_used {
                let said = &state.learning.offer.as_ref().unwrap().1;
                assert!(said.contains("0.800 to 0.810 on 40 images (-0.010 to +0.030)"), "{said}");
                let used = perform(&mut state, Action::UseModel(ModelName("head 1".to_owned())));
                assert_eq!(used.len(), 1);
                assert!(state.learning.offer.is_none());
            }
            let back = perform(&mut state, Action::Do(Verb::RollBack));
            assert!(matches!(&back[..], [Command::UseModel { model }] if model.0 == "m"), "{judgement:?}");
            let forth = perform(&mut state, Action::Do(Verb::RollBack));
            assert!(matches!(&forth[..], [Command::UseModel { model }] if model.0 == "head 1"));
        }
    }

    fn report(compared: ComparedModels) -> Report {
        let cells = [0.9, 0.1];
        let truth = [Truth::Present, Truth::Absent];
        let cells = Cells::new(1, &cells, &truth).unwrap();
        Report {
            metrics: Metrics::at_best(&cells, &[]),
            n_train: 100,
            n_valid: 40,
            n_decisions: 7,
            epoch: 3,
            loss: 0.1,
            compared: Some(compared),
            seconds_train: 1.0,
        }
    }
}
