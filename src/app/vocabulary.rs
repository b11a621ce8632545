//! Editing the vocabulary in the window: what was asked for becomes one step, or a sentence that says why not.
//!
//! What an edit comes to is decided in `domain::editing`; this adds the selection, messages and where the focus goes.

use std::collections::HashSet;
use std::sync::Arc;

use super::actions::show;
use super::decide::{commit_step, decisions};
use super::keymap::Verb;
use super::state::vocabulary::listed;
use super::state::{Desk, Dialog, Filter, Overlay, State, Tone, View};
use super::texts::say;
use crate::domain::editing::{self, Refusal};
use crate::domain::import::Import;
use crate::domain::{AttributeId, Change, Edit, Standing, Step};
use crate::jobs::{ChosenFile, Command, Problem};

/// What can be asked for in the Vocabulary view.
#[derive(Debug, Clone, PartialEq)]
pub enum Wish {
    Find(String),
    Focus(AttributeId),
    /// Ask about the label in focus.
    Ask(Dialog),
    Rename {
        attribute: AttributeId,
        name: String,
    },
    Merge {
        from: AttributeId,
        into: AttributeId,
    },
    /// The selected images that have it get a new label instead.
    Split {
        from: AttributeId,
        name: String,
    },
    Retire {
        attribute: AttributeId,
        /// Take it off the images that have it.
        lose: bool,
    },
    BringBack(AttributeId),
    AddAlias {
        attribute: AttributeId,
        alias: String,
    },
    RemoveAlias(String),
    /// Show the system's dialog for a file.
    AskFile,
    ForgetFile,
    /// The bytes of a list, or of a `labels.csv`.
    Import(Arc<[u8]>),
    /// In the library, those that have the label.
    ShowImages(AttributeId),
}

pub fn perform(state: &mut State, wish: Wish) -> Vec<Command> {
    let Some(desk) = &mut state.desk else {
        return Vec::new();
    };
    let vocabulary = &desk.vocabulary;
    let step = match wish {
        Wish::Find(typed) => {
            state.vocabulary.typed = typed;
            move_focus(state, 0);
            return Vec::new();
        }
        Wish::Focus(attribute) => {
            state.vocabulary.focus = Some(attribute);
            return Vec::new();
        }
        Wish::Ask(dialog) => {
            if dialog == Dialog::Import || state.vocabulary.focus.is_some() {
                state.overlay = Some(Overlay::Vocabulary(dialog));
            }
            return Vec::new();
        }
        Wish::AskFile => return vec![Command::AskFile],
        Wish::ForgetFile => {
            state.vocabulary.file = None;
            return Vec::new();
        }
        Wish::ShowImages(attribute) => {
            desk.filter = Filter { tags: vec![(attribute, true)], ..Filter::default() };
            desk.refresh(state.now);
            desk.cursor = desk.shown.first().copied().or(desk.cursor);
            show(state, View::Library);
            return Vec::new();
        }
        Wish::Rename { attribute, name } => editing::rename(vocabulary, attribute, &name),
        Wish::Merge { from, into } => editing::merge(vocabulary, from, into, desk.having(from)),
        Wish::Split { from, name } => editing::split(vocabulary, from, &name, desk.selected()).map(|(id, step)| {
            state.vocabulary.focus = Some(id);
            step
        }),
        Wish::Retire { attribute, lose } => {
            editing::retire(vocabulary, attribute, desk.having(attribute).filter(|_| lose))
        }
        Wish::BringBack(attribute) => editing::bring_back(vocabulary, attribute),
        Wish::AddAlias { attribute, alias } => editing::add_alias(vocabulary, attribute, &alias),
        Wish::RemoveAlias(alias) => editing::remove_alias(vocabulary, &alias),
        Wish::Import(bytes) => {
            state.vocabulary.file = None;
            Ok(Import::read(&bytes, vocabulary).step())
        }
    };
    do_it(state, step)
}

fn do_it(state: &mut State, step: Result<Step, Refusal>) -> Vec<Command> {
    match step {
        Ok(step) => {
            let into = step.edits.iter().find_map(|edit| match edit {
                Edit::Alias { of: Some(of), .. } if is_merge(&step) => Some(*of),
                _ => None,
            });
            // Other names are added one after the other.
            if !(matches!(step.edits[..], [Edit::Alias { .. }])) {
                state.overlay = None;
            }
            let commands = commit_step(state, step.clone());
            state.vocabulary.focus = into.or(state.vocabulary.focus);
            move_focus(state, 0);
            if let Some(words) = said(state, &step) {
                state.messages.say(state.now, Tone::Good, words);
            }
            commands
        }
        Err(refusal) => {
            state.messages.trouble(state.now, &Problem::of(&refusal));
            Vec::new()
        }
    }
}

/// The keys of the view.
pub fn perform_verb(state: &mut State, verb: Verb) -> Vec<Command> {
    let focus = state.vocabulary.focus;
    let retired = state.desk.as_ref().zip(focus).is_some_and(|(desk, focus)| !desk.vocabulary.is_offered(focus));
    let wish = match (verb, focus) {
        (Verb::ImportLabels, _) => Wish::Ask(Dialog::Import),
        (_, None) => return Vec::new(),
        (Verb::LabelImages, Some(focus)) => Wish::ShowImages(focus),
        (Verb::RetireLabel, Some(focus)) if retired => Wish::BringBack(focus),
        (Verb::RenameLabel, _) => Wish::Ask(Dialog::Rename),
        (Verb::MergeLabel, _) => Wish::Ask(Dialog::Merge),
        (Verb::SplitLabel, _) => Wish::Ask(Dialog::Split),
        (Verb::RetireLabel, _) => Wish::Ask(Dialog::Retire),
        (Verb::AliasLabel, _) => Wish::Ask(Dialog::Alias),
        _ => return Vec::new(),
    };
    perform(state, wish)
}

/// So many labels further; 0 puts the focus on a label that is listed.
pub fn move_focus(state: &mut State, steps: isize) {
    let Some(desk) = &state.desk else {
        return;
    };
    let listed = listed(desk, &state.vocabulary.typed);
    let at = state.vocabulary.focus.and_then(|focus| listed.iter().position(|&id| id == focus));
    let at = at.map_or(0, |at| at.saturating_add_signed(steps).min(listed.len().saturating_sub(1)));
    state.vocabulary.focus = listed.get(at).copied();
}

/// A file was chosen for the import, or could not be read.
pub fn file_chosen(state: &mut State, file: Option<ChosenFile>) {
    let Some(ChosenFile { path, bytes }) = file else {
        return;
    };
    match bytes {
        Ok(bytes) => state.vocabulary.file = Some((path, bytes)),
        Err(problem) => state.messages.trouble(state.now, &problem),
    }
}

fn is_merge(step: &Step) -> bool {
    let to_another = |edit: &Edit| matches!(edit, Edit::Alias { of: Some(_), .. });
    let renames = step.edits.iter().any(|edit| matches!(edit, Edit::Rename { .. }));
    !renames
        && step.edits.iter().any(to_another)
        && !matches!(step.edits[..], [Edit::Alias { .. }] if step.changes.is_empty())
}

/// What a step did to the vocabulary, such as `tag::a merged into tag::b, 12 pictures`. `None`: nothing.
pub fn said(state: &State, step: &Step) -> Option<String> {
    let vocabulary = &state.desk.as_ref()?.vocabulary;
    let name = |id: AttributeId| vocabulary.get(id).map_or_else(|| id.to_string(), |label| label.name.clone());
    let n_images = step.changes.iter().map(Change::image).collect::<HashSet<_>>();
    let pictures = match n_images.len() {
        0 => String::new(),
        n => say!("said-and-pictures", n = n),
    };
    let n_made = step.edits.iter().filter(|edit| matches!(edit, Edit::Stand { before: Standing::Absent, .. })).count();
    Some(match step.edits.first()? {
        Edit::Rename { name, before, .. } => say!("said-renamed", before = before, name = name),
        Edit::Stand { before: Standing::Absent, .. } if n_made > 1 => say!("said-imported", n = n_made),
        Edit::Stand { label, before: Standing::Absent, .. } if decisions(step) > 0 => {
            say!("said-split-off", name = label.name, pictures = pictures)
        }
        Edit::Stand { label, before: Standing::Absent, .. } => say!("said-label-added", name = label.name),
        Edit::Stand { label, standing: Standing::Offered, .. } => say!("said-brought-back", name = label.name),
        first @ (Edit::Stand { .. } | Edit::Alias { of: Some(_), .. }) if is_merge(step) => {
            let moved = step.edits.iter().rev().find_map(|edit| match edit {
                Edit::Alias { alias, of: Some(of), .. } => Some((alias.clone(), *of)),
                _ => None,
            });
            let (from, into) = moved?;
            let from = if let Edit::Stand { label, .. } = first { name(label.id) } else { from };
            say!("said-merged", from = from, into = name(into), pictures = pictures)
        }
        Edit::Stand { label, .. } => say!("said-retired", name = name(label.id), pictures = pictures),
        Edit::Alias { alias, of: Some(of), .. } => say!("said-another-name", alias = alias, name = name(*of)),
        Edit::Alias { alias, of: None, .. } => say!("said-no-name", alias = alias),
    })
}

/// How a merge would reach images, for the preview.
pub fn reach(desk: &Desk, from: AttributeId, into: AttributeId) -> editing::Reach {
    editing::Reach::of(from, into, desk.having(from).map(|(_, annotation)| annotation))
}

#[cfg(test)]
mod tests {
    use super::super::action::Action;
    use super::super::actions::perform as act;
    use super::super::testing::{desk, press, sent, under_review};
    use super::*;
    use crate::domain::editing::Reach;

    fn wish(state: &mut State, wish: Wish) -> Vec<String> {
        sent(&act(state, Action::Vocabulary(wish)))
    }

    const T10: AttributeId = AttributeId(10);
    const T11: AttributeId = AttributeId(11);

    #[test]
    fn a_merge_is_one_step_and_undone_by_one_key() {
        let mut state = under_review();
        assert_eq!(press(&mut state, Verb::Toggle(1)), ["accept a 10"]);
        assert_eq!(reach(desk(&state), T10, T11), Reach { n_images: 2, n_gain: 2, n_overruled: 0 });
        let done = wish(&mut state, Wish::Merge { from: T10, into: T11 });
        assert_eq!(
            done,
            [
                "10 Retired, tag::t10 means 11, accept a 11 unasked, clear a 10 unasked, accept e 11 unasked, reject e 10 unasked"
            ]
        );
        assert_eq!((desk(&state).tag_count(T10), desk(&state).tag_count(T11)), (0, 2));
        assert_eq!(state.messages.log().last().unwrap().text, "tag::t10 merged into tag::t11, 2 pictures");
        assert_eq!(state.vocabulary.focus, Some(T11));
        assert_eq!(press(&mut state, Verb::Undo), ["undo 2"]);
        assert_eq!((desk(&state).tag_count(T10), desk(&state).tag_count(T11)), (2, 0));
        assert!(desk(&state).vocabulary.is_offered(T10));
        assert_eq!(press(&mut state, Verb::Redo), ["redo 2"]);
        assert!(!desk(&state).vocabulary.is_offered(T10));
    }

    #[test]
    fn what_is_retired_is_not_listed_among_the_proposals() {
        let mut state = under_review();
        let rows = |state: &State| super::super::state::review::rows(desk(state), 0).len();
        assert_eq!(rows(&state), 4);
        assert_eq!(wish(&mut state, Wish::Retire { attribute: T10, lose: false }), ["10 Retired"]);
        assert_eq!((rows(&state), desk(&state).tag_count(T10)), (3, 1));
        state.vocabulary.focus = Some(T10);
        let _ = act(&mut state, Action::Show(View::Vocabulary));
        assert_eq!(press(&mut state, Verb::RetireLabel), ["10 Offered"], "the same key brings it back");
        assert_eq!(rows(&state), 4);
        assert_eq!(wish(&mut state, Wish::Retire { attribute: T10, lose: true }), ["10 Retired, reject e 10 unasked"]);
    }

    #[test]
    fn a_split_takes_the_selected_pictures_along() {
        let mut state = under_review();
        let _ = act(&mut state, Action::Show(View::Library));
        let split = Wish::Split { from: T10, name: "tag::new".to_owned() };
        let _ = act(&mut state, Action::Select { image: 0, how: super::super::state::Select::Only });
        assert!(wish(&mut state, split.clone()).is_empty(), "it has not the label");
        let _ = act(&mut state, Action::Select { image: 4, how: super::super::state::Select::Only });
        assert_eq!(wish(&mut state, split), ["14 Offered, accept e 14 unasked, reject e 10 unasked"]);
        assert_eq!(state.messages.log().last().unwrap().text, "tag::new split off, 1 picture");
    }

    #[test]
    fn a_refusal_is_a_message_and_changes_nothing() {
        let mut state = under_review();
        let rename = Wish::Rename { attribute: T10, name: "tag::t11".to_owned() };
        assert!(wish(&mut state, rename).is_empty());
        let said = state.messages.log().last().unwrap();
        assert_eq!(said.text, "tag::t11 is there already");
        assert!(said.hint.as_ref().unwrap().contains("merge"));
    }

    #[test]
    fn names_are_imported_in_one_step_and_a_new_label_can_be_proposed() {
        let mut state = under_review();
        let list: Arc<[u8]> = b"tag::x\ntag::t10\ntag::y\n"[..].into();
        assert_eq!(wish(&mut state, Wish::Import(list)), ["14 Offered, 15 Offered"]);
        assert_eq!(desk(&state).proposable.len(), 6);
        assert_eq!(press(&mut state, Verb::Undo), ["undo 1"]);
        assert_eq!(state.messages.log().last().unwrap().text, "Undone: 2 labels imported");
        assert_eq!(sent(&act(&mut state, Action::CreateTag("tag::x".to_owned())))[0], "create 16 tag::x");
    }

    #[test]
    fn a_picture_that_is_not_in_the_folder_is_merged_too() {
        let mut state = under_review();
        let ghost = crate::domain::Annotation::new(Some(crate::domain::LabelSet::from([10])));
        state.desk.as_mut().unwrap().elsewhere.insert(crate::domain::ImageId::from("ghost"), ghost);
        let done = wish(&mut state, Wish::Merge { from: T10, into: T11 });
        assert!(done[0].ends_with("accept ghost 11 unasked, reject ghost 10 unasked"), "{done:?}");
    }
}
