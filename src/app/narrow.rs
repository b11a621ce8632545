//! Which images are shown and which are selected: filter, threshold, clicks and arrows in the library.

use super::action::Action;
use super::actions::show;
use super::decide;
use super::state::{Desk, Filter, Order, Select, State, Tone, View, Zoom};
use super::texts::say;
use crate::domain::query::syntax::quoted;

pub fn refilter(state: &mut State, action: Action) {
    let now = state.now;
    let reviewing = state.view == View::Review;
    let Some(desk) = &mut state.desk else {
        return;
    };
    match action {
        Action::FilterText(text) => desk.filter.text = text,
        Action::FilterLooked(looked) => desk.filter.looked = looked,
        Action::FilterTag { attribute, wanted, keep_others } => desk.filter.toggle_tag(attribute, wanted, keep_others),
        Action::ClearFilter => (desk.filter, desk.only) = (Filter::default(), None),
        Action::ApplyQuery(name) => {
            let queries = state.settings.queries(desk.root());
            let Some(saved) = queries.iter().find(|saved| saved.name == name) else {
                return;
            };
            (desk.filter, desk.only) = (Filter { text: saved.query.clone(), ..Filter::default() }, None);
        }
        Action::Threshold(chosen) => {
            let own = desk.own_threshold();
            if let Some((model, own)) = desk.model.as_ref().zip(own) {
                desk.pin = None;
                desk.threshold = chosen.unwrap_or(own).clamp(0.0, 1.0);
                let chosen = chosen.map(|_| desk.threshold);
                state.settings.set_threshold(&desk.collection.root, &model.name.0, chosen);
            }
            if reviewing {
                desk.touch(); // The list under review stays as it is.
                return;
            }
        }
        _ => {}
    }
    desk.refresh(now);
    let outside = desk.cursor.is_none_or(|cursor| desk.position(cursor).is_err());
    if outside {
        desk.cursor = match desk.cursor.map(|cursor| desk.position(cursor)) {
            Some(Err(gap)) => desk.shown.get(gap).or(desk.shown.last()).copied(),
            _ => desk.shown.first().copied(),
        }
        .or(desk.cursor);
        desk.zoom = Zoom::default();
        decide::reset_focus(desk);
    }
}

/// Asks for a name, where there is something to name.
pub fn name_query(state: &mut State) {
    if state.desk.as_ref().is_some_and(|desk| !desk.filter.is_empty()) {
        state.naming_query = true;
    } else {
        state.messages.say(state.now, Tone::Note, say!("said-everything-shown"));
    }
}

pub fn save_query(state: &mut State, name: &str) {
    if let Some(desk) = &state.desk {
        state.settings.save_query(desk.root(), name, desk.filter.as_query(&desk.vocabulary));
    }
}

pub fn forget_query(state: &mut State, name: &str) {
    if let Some(desk) = &state.desk {
        state.settings.forget_query(desk.root(), name);
    }
}

/// Remembered for every collection.
pub fn group_by_folder(state: &mut State, on: bool) {
    state.settings.by_folder = on;
    if let Some(desk) = &mut state.desk {
        desk.group_by_folder(on);
        desk.refresh(state.now);
    }
}

/// The library with what looks like an image, nearest first, instead of any other filter or queue.
pub fn show_similar(state: &mut State, image: u32) {
    let Some(desk) = &mut state.desk else {
        return;
    };
    let query = format!("similar:{}", quoted(desk.id(image).as_str(), false));
    desk.filter = Filter { text: query, ..Filter::default() };
    desk.only = None;
    desk.lineup.set(Order::Name, [], desk.items.len());
    desk.refresh(state.now);
    show(state, View::Library);
}

pub fn select(desk: &mut Desk, image: u32, how: Select) {
    desk.selection.select(image, how, &desk.shown);
    desk.cursor = Some(image);
    desk.zoom = Zoom::default();
    desk.version += 1;
}

pub fn move_selection(state: &mut State, right: isize, down: isize, how: Select) {
    let Some(desk) = &mut state.desk else {
        return;
    };
    let none_selected = desk.selection.images().is_empty();
    let target = if none_selected && desk.cursor.is_some_and(|cursor| desk.position(cursor).is_ok()) {
        desk.cursor
    } else {
        if down == 0 { desk.neighbour(right) } else { desk.vertical_neighbour(0 < down) }
    };
    if let Some(image) = target.or_else(|| none_selected.then(|| desk.shown.first().copied()).flatten()) {
        select(desk, image, how);
    }
}

pub fn select_all(state: &mut State) {
    if let Some(desk) = &mut state.desk {
        desk.selection.select_all(&desk.shown);
        desk.version += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::super::actions::perform;
    use super::super::keymap::Verb;
    use super::super::state::review;
    use super::super::testing::{desk, under_review};
    use super::*;
    use crate::domain::AttributeId;

    fn press(state: &mut State, verb: Verb) {
        let _ = perform(state, Action::Do(verb));
    }

    #[test]
    fn a_filter_that_hides_the_picture_goes_to_the_nearest() {
        let mut state = under_review();
        let _ = perform(&mut state, Action::FilterText("d".to_owned()));
        assert_eq!(desk(&state).cursor, Some(3));
        let _ = perform(&mut state, Action::FilterText("zzz".to_owned()));
        assert!(desk(&state).shown.is_empty());
        assert_eq!(desk(&state).cursor, Some(3), "it stays where it is");
        let _ = perform(&mut state, Action::ClearFilter);
        assert_eq!(desk(&state).shown.len(), 5);
    }

    #[test]
    fn moving_the_threshold_asks_no_worker_and_is_remembered() {
        let mut state = under_review();
        assert!(perform(&mut state, Action::Threshold(Some(0.8))).is_empty());
        assert_eq!(review::rows(desk(&state), 0).iter().filter(|row| row.above).count(), 1);
        assert_eq!(state.settings.threshold(desk(&state).root(), "m"), Some(0.8));
        let _ = perform(&mut state, Action::Threshold(None));
        assert!((desk(&state).threshold - 0.5).abs() < 1e-6);
        assert_eq!(state.settings.threshold(desk(&state).root(), "m"), None);
    }

    #[test]
    fn a_tag_filter_asks_for_what_must_not_be_there_too() {
        let mut state = under_review();
        let filter = |wanted| Action::FilterTag { attribute: AttributeId(10), wanted, keep_others: false };
        let _ = perform(&mut state, filter(true));
        assert_eq!(desk(&state).shown, [4]);
        let _ = perform(&mut state, filter(false));
        assert_eq!(desk(&state).shown, [0, 1, 2, 3]);
    }
    #[test]
    fn arrows_walk_the_grid_and_shift_extends() {
        let mut state = under_review();
        press(&mut state, Verb::ShowLibrary);
        state.desk.as_mut().unwrap().columns = 2;
        for (verb, expected) in [
            (Verb::MoveDown, vec![2]),
            (Verb::MoveRight, vec![3]),
            (Verb::ExtendLeft, vec![2, 3]),
            (Verb::ExtendUp, vec![0, 1, 2, 3]),
            (Verb::MoveDown, vec![2]),
            (Verb::MoveDown, vec![4]),
            (Verb::MoveDown, vec![4]),
        ] {
            press(&mut state, verb);
            let selected: Vec<_> = desk(&state).selection.images().iter().copied().collect();
            assert_eq!(selected, expected, "{verb:?}");
        }
    }
}
