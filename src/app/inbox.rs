//! Takes in what the workers say: one event changes the state, and may ask for more work.

use std::sync::Arc;

use super::insights;
use super::looking::propose;
use super::scouting;
use super::state::{Agreeing, Asked, Desk, Fresh, Learned, Opening, Size, State, Tone, View};
use super::teach;
use super::texts::say;
use super::{decide, precision, text};
use crate::domain::{ImageId, Proposal};
use crate::imaging::Pixels;
use crate::jobs::{Command, Event, FetchOutcome, ModelDetails, Opened, Problem};

/// Pictures that wait for their upload; older ones give way while the window is hidden.
const MAX_FRESH: usize = 256;

pub fn receive(state: &mut State, event: Event) -> Vec<Command> {
    match event {
        Event::FolderChosen { folder } => {
            state.asking_folder = false;
            if let Some(folder) = folder {
                return super::actions::perform(state, super::action::Action::OpenFolder(folder));
            }
        }
        Event::FileChosen { file } => super::vocabulary::file_chosen(state, file),
        Event::Opening { folder, work } => {
            if state.desk.is_none() {
                state.opening = Some(Opening { folder: Some(folder), work });
            }
        }
        Event::DemoDrawn { .. } => {} // It is opened next.
        Event::DeviceOpened { name, notice, has_bf16 } => {
            if let Some(notice) = notice {
                state.messages.say(state.now, Tone::Note, notice);
            }
            (state.device, state.has_bf16) = (name, has_bf16);
            if let Some(desk) = &mut state.desk {
                desk.agreeing = Agreeing::Unknown; // Whatever was measured was measured on another one.
            }
        }
        Event::Opened(opened) => collection_opened(state, *opened),
        Event::OpenFailed { folder, problem } => {
            state.opening = None;
            state.messages.trouble(state.now, &problem);
            state.open_problem = Some((folder, problem));
        }
        Event::ThumbnailMade { image, thumbnail } => came_in(state, &image, Size::Thumbnail, thumbnail),
        Event::PictureLoaded { image, picture, full_size, details } => {
            if let Some((desk, index)) = find(state, &image) {
                desk.items[index as usize].full_size = Some(full_size);
                desk.details.insert(index, details);
            }
            came_in(state, &image, Size::Whole, picture);
        }
        Event::PictureFailed { image, problem } => {
            if let Some((desk, index)) = find(state, &image) {
                desk.failed(index, problem);
            }
        }
        Event::ModelLoaded(model) => return model_loaded(state, model),
        Event::ModelFailed { model, problem } => {
            state.messages.trouble(state.now, &problem);
            if let Some(desk) = &mut state.desk {
                desk.agreeing = Agreeing::Unknown;
                if let Some(current) = &desk.model {
                    desk.wanted_model = current.name.clone(); // The one before goes on proposing.
                } else if desk.wanted_model == model {
                    desk.model_problem = Some(problem);
                }
            }
        }
        Event::Proposed { image, by, proposals } => proposed(state, &image, &by, proposals),
        Event::Learned { n_images, threshold } => learned(state, Learned { n_images, threshold }),
        Event::Agreeing { model, work } => precision::progressed(state, &model, work),
        Event::AgreementMeasured { model, agreement } => precision::measured(state, &model, agreement),
        Event::OriginsFound { image, origins } => {
            if let Some((desk, image)) = find(state, &image) {
                desk.origins = Some((image, origins));
            }
        }
        Event::Explained { image, attribute, with, without } => {
            if let Some((desk, about)) = find(state, &image) {
                let [with, without] = [with, without]
                    .map(|found| found.and_then(|(image, likeness)| Some((desk.index(&image)?, likeness))));
                desk.why.about = Some((about, attribute));
                (desk.why.with, desk.why.without) = (with, without);
            }
        }
        Event::Embedding(work) => {
            if let Some(desk) = &mut state.desk {
                desk.embedding = work;
            }
        }
        Event::NearestFound { image, nearest } => {
            let asked = state.asked.nearest.take();
            if let Some(desk) = &mut state.desk {
                let of_all = asked.is_some_and(|(asked, of_all)| asked == image && of_all);
                desk.nearest_found(image, &nearest, of_all);
            }
        }
        Event::Recorded { number } => state.record.recorded(number),
        Event::TableWritten { up_to } => state.record.table_written(up_to),
        Event::TableFailed { problem } => {
            state.messages.trouble(state.now, &problem);
            state.record.table_failed(problem);
        }
        Event::WriteFailed { problem } => {
            state.messages.trouble(state.now, &problem);
            state.record.failed(problem);
        }
        Event::FineTune(progress) => state.learning.progressed(progress),
        Event::FineTuneEnded(outcome) => return teach::fine_tune_ended(state, outcome),
        Event::Scouting(work) => scouting::progressed(state, work),
        Event::Scouted { quest, found, n_left_out } => scouting::found(state, quest, found, n_left_out),
        Event::CopiesFound { groups } => scouting::copies_found(state, &groups),
        Event::ScoutEnded { quest, problem } => scouting::ended(state, quest, problem),
        Event::Charted { .. }
        | Event::DeedsRead { .. }
        | Event::Measuring(_)
        | Event::Measured { .. }
        | Event::ChartFileChosen { .. }
        | Event::ChartWritten { .. } => return insights::receive(state, event),
        Event::RecipeSaved { name, recipe, problem } => teach::recipe_saved(state, name, recipe, problem),
        Event::FetchedModelsFound { models } => state.fetching.here = models,
        Event::FetchProgressed { id, progress } => state.fetching.progressed(&id, progress),
        Event::FetchEnded { id, outcome } => fetch_ended(state, &id, outcome),
    }
    Vec::new()
}

fn find<'a>(state: &'a mut State, image: &ImageId) -> Option<(&'a mut Desk, u32)> {
    let desk = state.desk.as_mut()?;
    let index = desk.index(image)?;
    Some((desk, index))
}

fn came_in(state: &mut State, image: &ImageId, size: Size, pixels: Pixels) {
    if let Some((_, image)) = find(state, image) {
        if state.fresh.len() >= MAX_FRESH {
            state.fresh.pop_front();
        }
        state.fresh.push_back(Fresh { image, size, pixels });
    }
}

fn collection_opened(state: &mut State, mut opened: Opened) {
    state.learning.recipes = std::mem::take(&mut opened.recipes);
    state.learning.unfinished = opened.unfinished.take();
    if let Some(unfinished) = &state.learning.unfinished {
        let n = unfinished.n_images;
        let words = say!("said-interrupted", n = n);
        state.messages.say(state.now, Tone::Note, words);
    }
    let mut desk = Desk::new(opened);
    if state.settings.by_folder {
        desk.group_by_folder(true);
    }
    if !desk.demo {
        state.settings.opened(desk.root());
    }
    if let Some(place) = &desk.kept_elsewhere {
        let words = say!("said-kept-elsewhere", place = place.display());
        state.messages.say(state.now, Tone::Note, words);
    }
    if !desk.findings.is_empty() {
        let words = say!("said-findings", n = desk.findings.len());
        state.messages.say(state.now, Tone::Note, words);
        for finding in desk.findings.iter().take(50) {
            let quiet = state.now - 60.0; // To the log only.
            state.messages.say(quiet, Tone::Note, finding.to_string());
        }
    }
    let n_contested = desk.conflicts.n_open();
    if 0 < n_contested {
        let n = n_contested;
        let words = say!("said-contested", n = n);
        state.messages.say(state.now, Tone::Note, words);
    }
    state.opening = None;
    state.open_problem = None;
    state.overlay = None;
    state.asked = Asked::default();
    state.fresh.clear();
    state.view = View::Library;
    state.desk = Some(desk);
}

fn model_loaded(state: &mut State, model: Arc<ModelDetails>) -> Vec<Command> {
    let Some(desk) = &mut state.desk else {
        return Vec::new();
    };
    if model.name != desk.wanted_model {
        return Vec::new(); // Somebody chose another one meanwhile.
    }
    let chosen = state.settings.threshold(&desk.collection.root, &model.name.0);
    let threshold = chosen.unwrap_or(model.threshold).clamp(0.0, 1.0);
    desk.set_model(model, threshold);
    vec![propose(desk, &state.asked.in_view)]
}

fn proposed(state: &mut State, image: &ImageId, by: &crate::jobs::ModelName, proposals: Arc<[Proposal]>) {
    let Some(desk) = &mut state.desk else {
        return;
    };
    let under_review = desk.cursor.filter(|&cursor| desk.id(cursor) == image);
    let first_time = under_review.is_some_and(|cursor| desk.item(cursor).proposals.is_none());
    if !first_time {
        desk.pin(under_review.filter(|_| state.view == View::Review));
    }
    desk.proposed(image, by, proposals);
    if first_time {
        decide::reset_focus(desk);
    } else if under_review.is_some() {
        desk.extend_pin();
    }
}

/// The threshold follows what is learned unless the user has chosen one.
fn learned(state: &mut State, learned: Learned) {
    let Some(desk) = &mut state.desk else {
        return;
    };
    desk.learned = Some(learned);
    let Some(model) = &desk.model else {
        return;
    };
    if state.settings.threshold(&desk.collection.root, &model.name.0).is_none() && desk.threshold != learned.threshold {
        desk.pin(desk.cursor.filter(|_| state.view == View::Review));
        desk.threshold = learned.threshold;
        desk.stale = desk.stale.or_slightly();
    }
}

fn fetch_ended(state: &mut State, id: &str, outcome: FetchOutcome) {
    if state.fetching.running.as_ref().is_some_and(|running| running.id == id) {
        state.fetching.running = None;
    }
    let (good, words) = match outcome {
        FetchOutcome::Finished { unusable: Some(problem), .. } => {
            state.messages.trouble(state.now, &problem);
            (false, say!("said-not-usable", id = id, problem = sentence(&problem)))
        }
        FetchOutcome::Finished { licence, notice, unusable: None } => {
            let mut words = say!("said-here-now", id = id);
            if let Some(licence) = &licence {
                words += &say!(
                    "said-licence",
                    licence = licence.to_string(),
                    warning = licence.warning().unwrap_or_default()
                );
            }
            if let Some(notice) = notice {
                words += &format!(". {}", text::sentence(&notice));
            }
            state.messages.say(state.now, Tone::Good, words.trim_end());
            (true, words.trim_end().to_owned())
        }
        FetchOutcome::Cancelled => (true, say!("said-fetch-stopped", id = id)),
        FetchOutcome::Failed { problem } => {
            state.messages.trouble(state.now, &problem);
            (false, sentence(&problem))
        }
    };
    state.fetching.result = Some((good, words));
}

/// A problem in one line.
pub(super) fn sentence(problem: &Problem) -> String {
    match &problem.hint {
        Some(hint) => format!("{}. {hint}", problem.message),
        None => problem.message.clone(),
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::super::action::Action;
    use super::super::actions::perform;
    use super::super::testing::{desk, model, opened, propose, sent, under_review};
    use super::*;
    use crate::domain::{AttributeId, Change, Decision, Step, Verdict};
    use crate::jobs::{ModelName, Ticket};

    fn problem() -> Problem {
        Problem { message: "no".to_owned(), hint: None }
    }

    #[test]
    fn a_collection_opens_with_its_history() {
        let mut state = State::default();
        let step = Step::of(vec![Change::Decide(Decision {
            image: ImageId::from("gone"),
            attribute: AttributeId(10),
            verdict: Verdict::Accept,
            before: Verdict::Clear,
            proposed: None,
        })]);
        let opened = Opened { history: vec![(Ticket(7), step, false)], ..opened() };
        let commands = receive(&mut state, Event::Opened(Box::new(opened)));
        assert!(commands.is_empty(), "the workers load its model by themselves");
        assert_eq!(state.settings.recent, [PathBuf::from("/pictures")]);
        assert_eq!(desk(&state).counts.reviewed, 1);
        let commands = perform(&mut state, Action::Do(super::super::Verb::Undo));
        assert_eq!(sent(&commands), ["undo 7"], "also about a picture that is gone");
    }

    #[test]
    fn late_proposals_of_another_model_are_dropped() {
        let mut state = under_review();
        propose(&mut state, "a", "other", [0.0; 4]);
        assert_eq!(desk(&state).probability(0, AttributeId(10)), Some(0.9));
        let commands = perform(&mut state, Action::UseModel(ModelName("new".to_owned())));
        assert_eq!(commands.len(), 1);
        assert_eq!(desk(&state).probability(0, AttributeId(10)), Some(0.9), "until the new one is loaded");
        let commands = receive(&mut state, Event::ModelLoaded(model("new", 0.2)));
        assert!(matches!(commands[..], [Command::Propose { .. }]));
        assert_eq!(desk(&state).probability(0, AttributeId(10)), None);
        assert!((desk(&state).threshold - 0.2).abs() < 1e-6);
        propose(&mut state, "a", "m", [0.5; 4]);
        assert_eq!(desk(&state).probability(0, AttributeId(10)), None);
    }

    #[test]
    fn a_model_that_cannot_be_loaded_leaves_the_one_before() {
        let mut state = under_review();
        let _ = perform(&mut state, Action::UseModel(ModelName("broken".to_owned())));
        let failed = Event::ModelFailed { model: ModelName("broken".to_owned()), problem: problem() };
        assert!(receive(&mut state, failed).is_empty());
        assert_eq!(desk(&state).model.as_ref().unwrap().name.0, "m");
        assert_eq!(desk(&state).wanted_model.0, "m");
        assert_eq!(state.messages.log().len(), 1);
    }

    #[test]
    fn a_folder_that_cannot_be_opened_leads_back_with_the_reason() {
        let mut state = State::default();
        let folder = PathBuf::from("/nowhere");
        let commands = receive(&mut state, Event::FolderChosen { folder: Some(folder.clone()) });
        assert!(matches!(&commands[..], [Command::Open { folder: asked }] if *asked == folder));
        assert!(state.opening.is_some());
        let _ = receive(&mut state, Event::OpenFailed { folder: folder.clone(), problem: problem() });
        assert!(state.opening.is_none());
        assert_eq!(state.open_problem, Some((folder, problem())));
    }

    #[test]
    fn the_device_in_use_is_known_and_why_it_is_not_another() {
        let mut state = under_review();
        let notice = "CUDA device 0 cannot be used (it does not answer); computing on the CPU".to_owned();
        let name = "CPU, 7 threads".to_owned();
        let opened = Event::DeviceOpened { name, notice: Some(notice.clone()), has_bf16: true };
        assert!(receive(&mut state, opened).is_empty());
        assert_eq!((state.device.as_str(), state.has_bf16), ("CPU, 7 threads", true));
        assert_eq!(state.messages.log().last().unwrap().text, notice);
    }

    #[test]
    fn a_picture_that_fails_is_counted_as_a_problem() {
        let mut state = under_review();
        let _ = receive(&mut state, Event::PictureFailed { image: ImageId::from("b"), problem: problem() });
        state.desk.as_mut().unwrap().refresh_if_stale(0.0, true);
        assert_eq!(desk(&state).counts.problems, 1);
        let _ = receive(&mut state, Event::PictureFailed { image: ImageId::from("unknown"), problem: problem() });
    }
}
