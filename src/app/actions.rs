//! Does what was asked for: changes the state, and says what the workers have to do.
//!
//! Nothing here draws, waits or reads a file.

use std::path::PathBuf;

use super::action::Action;
use super::keymap::Verb;
use super::narrow::{
    forget_query, group_by_folder, move_selection, name_query, refilter, save_query, select, select_all, show_similar,
};
use super::settings::Settings;
use super::state::{Asked, Opening, Overlay, Select, State, Tone, View, VocabularyView, Zoom};
use super::texts::say;
use super::{decide, insights, keyboard, precision, scouting, sweeping, tagging, teach, undo, vocabulary};
use crate::jobs::{Command, Problem};

pub fn perform(state: &mut State, action: Action) -> Vec<Command> {
    match action {
        Action::Do(verb) => return perform_verb(state, verb),
        Action::AskFolder => {
            if !state.asking_folder {
                state.asking_folder = true;
                return vec![Command::AskFolder];
            }
        }
        Action::OpenFolder(_) | Action::OpenDemo | Action::CloseCollection if state.record.at_risk() > 0 => {
            let problem = Problem::new(say!("said-not-on-disk"), say!("said-free-space"));
            state.messages.trouble(state.now, &problem);
        }
        Action::QuitAnyway => state.quitting = true,
        Action::OpenFolder(folder) => return open(state, Some(folder)),
        Action::OpenDemo => return open(state, None),
        Action::CloseCollection => {
            close(state);
            return vec![Command::Close];
        }
        Action::ForgetRecent(folder) => state.settings.recent.retain(|recent| *recent != folder),
        Action::Show(view) => show(state, view),
        Action::Cover(Some(Overlay::AddTag)) => return perform_verb(state, Verb::AddTag),
        Action::Cover(overlay) => state.overlay = overlay,
        Action::DismissMessage(position) => state.messages.dismiss(position),
        Action::SetRecipe(recipe) => {
            state.settings.recipe = (*recipe).clone();
            state.learning.recipe = *recipe;
        }
        Action::SaveRecipe(name) => {
            return vec![Command::SaveRecipe { name, recipe: state.learning.recipe.clone() }];
        }
        Action::ResumeFineTune => {
            if let Some(unfinished) = state.learning.unfinished.clone() {
                state.learning.order(unfinished.n_images);
                return vec![Command::ResumeFineTune];
            }
        }
        Action::PauseFineTune(paused) => {
            if let Some(running) = state.learning.running.as_mut().filter(|running| !running.stopping) {
                running.paused = paused;
                return vec![Command::PauseFineTune(paused)];
            }
        }
        Action::DiscardUnfinished => {
            if state.learning.unfinished.take().is_some() {
                return vec![Command::DiscardUnfinished];
            }
        }
        Action::FineTune => return teach::fine_tune(state),
        Action::StopFineTune => {
            if let Some(running) = &mut state.learning.running {
                running.stopping = true;
                state.learning.waiting = None;
                return vec![Command::StopFineTune];
            }
        }
        Action::UseModel(model) => return teach::use_model(state, model),
        Action::KeepModel => state.learning.offer = None,
        Action::SetPromote(promote) => state.settings.promote = promote,
        Action::UseDevice(device) => {
            (state.settings.device, state.chosen_device) = (device, device);
            return vec![Command::UseDevice { device }];
        }
        Action::UsePrecision(wanted) => return vec![precision::wish(state, wanted)],
        Action::FetchModel(id) => {
            if state.fetching.start(&id) {
                return vec![Command::FetchModel { id }];
            }
        }
        Action::StopFetch => {
            if let Some(running) = &mut state.fetching.running {
                running.stopping = true;
                return vec![Command::StopFetch];
            }
        }
        Action::Rebind(wish) => keyboard::rebind(state, wish),
        Action::SignAs(typed) => return vec![state.sign_as(&typed)],
        Action::SetLanguage(language) => state.speak(language),
        Action::SetTheme(theme) => state.settings.theme = theme,
        Action::SetContrast(high) => state.settings.high_contrast = high,
        Action::SetScale(scale) => state.settings.scale = scale.clamp(0.5, 3.0),
        Action::SetThumbnail(width) => {
            let widths = Settings::THUMBNAILS;
            state.settings.thumbnail = width.clamp(*widths.start(), *widths.end());
        }
        Action::FilterText(_)
        | Action::FilterLooked(_)
        | Action::FilterTag { .. }
        | Action::ClearFilter
        | Action::Threshold(_) => refilter(state, action),
        Action::Insight(insight) => return insights::perform(state, insight),
        Action::SweepTag(attribute) => sweeping::choose(state, attribute),
        Action::SweepCut(cut) => sweeping::cut(state, cut),
        Action::SweepMark(image) => sweeping::mark(state, image),
        Action::Order(order) => return scouting::order(state, order),
        Action::StopOrder => return scouting::stop(state),
        Action::GroupByFolder(on) => group_by_folder(state, on),
        Action::ShowSimilar(image) => show_similar(state, image),
        Action::ApplyQuery(_) => {
            show(state, View::Library);
            refilter(state, action);
        }
        Action::SaveQuery(name) => save_query(state, &name),
        Action::ForgetQuery(name) => forget_query(state, &name),
        Action::Select { image, how } => {
            if let Some(desk) = &mut state.desk {
                select(desk, image, how);
            }
        }
        Action::OpenInReview(image) => {
            go_to(state, image);
            show(state, View::Review);
        }
        Action::SetZoom(zoom) => {
            if let Some(desk) = &mut state.desk {
                desk.zoom = zoom;
            }
        }
        Action::FocusRow(row) => {
            if let Some(desk) = &mut state.desk {
                desk.focus = row;
            }
        }
        Action::AcceptRow(row) => return decide::accept_row(state, row),
        Action::RejectRow(row) => return decide::reject_row(state, row),
        Action::ToggleRow(row) => return decide::toggle_row(state, row),
        Action::ToggleTag { image, attribute } => return decide::toggle_tag(state, image, attribute),
        Action::Vocabulary(wish) => return vocabulary::perform(state, wish),
        Action::AddTag(attribute) => return tagging::add_tag(state, attribute),
        Action::RemoveTag(attribute) => return tagging::remove_tag(state, attribute),
        Action::CreateTag(name) => return tagging::create_tag(state, &name),
    }
    Vec::new()
}

fn perform_verb(state: &mut State, verb: Verb) -> Vec<Command> {
    if keyboard::answers_unseen(state, verb) {
        return Vec::new();
    }
    match verb {
        Verb::ShowLibrary => show(state, View::Library),
        Verb::ShowReview => show(state, View::Review),
        Verb::ShowTrain => show(state, View::Train),
        Verb::ShowVocabulary => {
            show(state, View::Vocabulary);
            vocabulary::move_focus(state, 0);
        }
        Verb::LabelAbove => vocabulary::move_focus(state, -1),
        Verb::LabelBelow => vocabulary::move_focus(state, 1),
        Verb::LabelImages
        | Verb::RenameLabel
        | Verb::MergeLabel
        | Verb::SplitLabel
        | Verb::RetireLabel
        | Verb::AliasLabel
        | Verb::ImportLabels => return vocabulary::perform_verb(state, verb),
        Verb::ShowInsights => show(state, View::Insights),
        Verb::OpenFolder => return perform(state, Action::AskFolder),
        Verb::FocusFilter => state.focus_filter = state.desk.is_some(),
        Verb::Order => cover(state, Overlay::Orders),
        Verb::ShowSimilar => state.targets().first().into_iter().for_each(|&image| show_similar(state, image)),
        Verb::GroupByFolder => group_by_folder(state, !state.settings.by_folder),
        Verb::SaveQuery => {
            show(state, View::Library);
            name_query(state);
        }
        Verb::Palette => cover(state, Overlay::Palette),
        Verb::Help => cover(state, Overlay::Help),
        Verb::ChangeKeys => cover(state, Overlay::Keys),
        Verb::Messages => cover(state, Overlay::Log),
        Verb::LeftPanel | Verb::RightPanel => keyboard::toggle_side(state, verb),
        Verb::Back => match state.overlay {
            Some(_) => state.overlay = None,
            None => show(state, View::Library),
        },
        Verb::Undo | Verb::Redo => {
            let commands = if verb == Verb::Undo { undo::undo(state) } else { undo::redo(state) };
            sweeping::undone(state);
            return commands;
        }
        Verb::ShowSweep => show(state, View::Sweep),
        Verb::SweepMark => sweeping::mark_here(state),
        Verb::SweepFinish => return sweeping::finish(state),
        Verb::SweepCloser => return sweeping::closer(state),
        Verb::SweepLeft => sweeping::step(state, -1, 0),
        Verb::SweepRight => sweeping::step(state, 1, 0),
        Verb::SweepUp => sweeping::step(state, 0, -1),
        Verb::SweepDown => sweeping::step(state, 0, 1),
        Verb::CutLower => sweeping::move_cut(state, -0.05),
        Verb::CutHigher => sweeping::move_cut(state, 0.05),
        Verb::PauseLearning => {
            let paused = !state.settings.learning_paused;
            state.settings.learning_paused = paused;
            return vec![Command::PauseLearning(paused)];
        }
        Verb::FineTune => {
            show(state, View::Train);
            return teach::fine_tune(state);
        }
        Verb::StopFineTune => return perform(state, Action::StopFineTune),
        Verb::RollBack => return teach::roll_back(state),
        Verb::PauseFineTune => {
            let paused = state.learning.running.as_ref().is_some_and(|running| running.paused);
            return perform(state, Action::PauseFineTune(!paused));
        }
        Verb::AddTag => {
            if state.targets().is_empty() {
                state.messages.say(state.now, Tone::Note, say!("said-select-first"));
            } else {
                state.overlay = Some(Overlay::AddTag);
            }
        }
        Verb::Accept => return decide::accept_focused(state),
        Verb::Reject => return decide::reject_focused(state),
        Verb::Toggle(number) => return decide::toggle_row(state, usize::from(number.saturating_sub(1))),
        Verb::AcceptShown => return decide::accept_shown(state),
        Verb::Skip | Verb::Next => step(state, 1),
        Verb::Previous => step(state, -1),
        Verb::Flag => return tagging::flag(state),
        Verb::CopyTags => return tagging::copy_tags(state),
        Verb::Why => state.settings.why = !state.settings.why,
        Verb::FocusUp => decide::move_focus(state, -1),
        Verb::FocusDown => decide::move_focus(state, 1),
        Verb::ZoomIn => zoom_by(state, 1.25),
        Verb::ZoomOut => zoom_by(state, 0.8),
        Verb::ZoomActual => set_zoom(state, Some(1.0)),
        Verb::ZoomFit => set_zoom(state, None),
        Verb::ThumbnailsLarger => return perform(state, Action::SetThumbnail(state.settings.thumbnail + 20.0)),
        Verb::ThumbnailsSmaller => return perform(state, Action::SetThumbnail(state.settings.thumbnail - 20.0)),
        Verb::OpenInReview => {
            if let Some(image) = state.in_review() {
                return perform(state, Action::OpenInReview(image));
            }
        }
        Verb::SelectAll => select_all(state),
        Verb::MoveLeft => move_selection(state, -1, 0, Select::Only),
        Verb::MoveRight => move_selection(state, 1, 0, Select::Only),
        Verb::MoveUp => move_selection(state, 0, -1, Select::Only),
        Verb::MoveDown => move_selection(state, 0, 1, Select::Only),
        Verb::ExtendLeft => move_selection(state, -1, 0, Select::To),
        Verb::ExtendRight => move_selection(state, 1, 0, Select::To),
        Verb::ExtendUp => move_selection(state, 0, -1, Select::To),
        Verb::ExtendDown => move_selection(state, 0, 1, Select::To),
    }
    Vec::new()
}

fn cover(state: &mut State, overlay: Overlay) {
    state.overlay = (state.overlay != Some(overlay)).then_some(overlay);
}

fn close(state: &mut State) {
    state.desk = None;
    state.sweep = super::state::Sweep::default();
    state.insights = super::state::Insights::default();
    state.record.closed();
    state.overlay = None;
    state.asked = Asked::default();
    state.vocabulary = VocabularyView::default();
    state.fresh.clear();
}

fn open(state: &mut State, folder: Option<PathBuf>) -> Vec<Command> {
    close(state);
    state.open_problem = None;
    state.opening = Some(Opening { folder: folder.clone(), ..Opening::default() });
    state.view = View::Library;
    vec![folder.map_or(Command::OpenDemo, |folder| Command::Open { folder })]
}

pub(super) fn show(state: &mut State, view: View) {
    state.overlay = None;
    let Some(desk) = &mut state.desk else {
        return;
    };
    if state.view == View::Review && view != View::Review {
        desk.touch(); // The list was kept still under review.
        if let Some(cursor) = desk.cursor {
            desk.selection.select(cursor, Select::Only, &desk.shown);
        }
    }
    if view == View::Review {
        let outside = desk.cursor.is_none_or(|cursor| desk.position(cursor).is_err());
        if outside && state.view != View::Review {
            desk.cursor = desk.shown.first().copied().or(desk.cursor);
        }
        decide::reset_focus(desk);
    }
    state.view = view;
    if view == View::Sweep {
        sweeping::show(state);
    }
}

/// Puts an image under review.
pub fn go_to(state: &mut State, image: u32) {
    if let Some(desk) = &mut state.desk {
        if desk.cursor != Some(image) {
            desk.before_cursor = desk.cursor.replace(image); // The zoom stays: a detail is compared from picture to picture.
        }
        decide::reset_focus(desk);
    }
}

/// To the image so many places on, if there is one.
pub fn step(state: &mut State, steps: isize) {
    let Some(desk) = &state.desk else {
        return;
    };
    match desk.neighbour(steps) {
        Some(image) => go_to(state, image),
        None if steps > 0 && !desk.shown.is_empty() => {
            state.messages.say(state.now, Tone::Note, say!("said-last-picture"));
        }
        None => {}
    }
}

fn set_zoom(state: &mut State, factor: Option<f32>) {
    if let Some(desk) = &mut state.desk {
        desk.zoom = Zoom { factor, pan: (0.0, 0.0) };
    }
}

/// Closer or further, around the middle of the view.
fn zoom_by(state: &mut State, times: f32) {
    let fitted = state.fitted;
    if let Some(desk) = &mut state.desk {
        let factor = desk.zoom.factor.unwrap_or(fitted);
        let factor = (factor * times).clamp(0.02, 32.0);
        let scale = factor / desk.zoom.factor.unwrap_or(fitted);
        desk.zoom = Zoom { factor: Some(factor), pan: (desk.zoom.pan.0 * scale, desk.zoom.pan.1 * scale) };
    }
}

#[cfg(test)]
mod tests {
    use super::super::state::Looked;
    use super::super::testing::{desk, press, under_review};
    use super::*;
    use crate::model::device::Choice;

    #[test]
    fn the_list_under_review_stays_still_and_is_made_anew_in_the_library() {
        let mut state = under_review();
        let _ = perform(&mut state, Action::FilterLooked(Looked::HasProposals));
        assert_eq!(desk(&state).shown, [0, 1, 2, 3]);
        let _ = press(&mut state, Verb::AcceptShown);
        state.desk.as_mut().unwrap().refresh_if_stale(1.0, state.view == View::Review);
        assert_eq!(desk(&state).shown, [0, 1, 2, 3], "still");
        assert_eq!(desk(&state).counts.has_proposals, 3, "counts follow");
        let _ = press(&mut state, Verb::ShowLibrary);
        state.desk.as_mut().unwrap().refresh_if_stale(1.0, state.view == View::Review);
        assert_eq!(desk(&state).shown, [1, 2, 3]);
    }

    #[test]
    fn a_chosen_device_is_used_at_once_and_remembered() {
        let mut state = State::default();
        let commands = perform(&mut state, Action::UseDevice(Choice::Cpu));
        assert!(matches!(commands[..], [Command::UseDevice { device: Choice::Cpu }]));
        assert_eq!((state.chosen_device, state.settings.device), (Choice::Cpu, Choice::Cpu));
    }

    #[test]
    fn no_other_collection_is_opened_over_decisions_that_are_not_on_disk() {
        let mut state = under_review();
        let _ = perform(&mut state, Action::Do(Verb::Accept));
        state.record.failed(Problem::new("disk full", "free some space"));
        for action in [Action::OpenFolder("/elsewhere".into()), Action::OpenDemo, Action::CloseCollection] {
            assert!(perform(&mut state, action).is_empty());
            assert!(state.desk.is_some() && state.opening.is_none());
        }
        state.record.recorded(crate::jobs::WriteNumber(1));
        assert!(!perform(&mut state, Action::OpenDemo).is_empty());
    }
}
