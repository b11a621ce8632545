//! What is in view decides what the workers do first.

use super::state::{Desk, State, View, review};
use crate::domain::AttributeId;
use crate::jobs::Command;

/// What the workers have to prepare for what is in view: thumbnails and proposals, nearest first, and in the review
/// the picture. Nothing where the view has not changed.
pub fn look(state: &mut State, in_view: &[u32], has_thumbnail: impl Fn(u32) -> bool) -> Vec<Command> {
    let wish = wants_to_know(state);
    if let Some(desk) = state.desk.as_mut().filter(|_| wish.is_some()) {
        desk.why.asked = wish;
    }
    let Some(desk) = &state.desk else {
        return Vec::new();
    };
    let mut commands = Vec::new();
    let mut in_view = in_view.to_vec();
    if state.view == View::Review {
        in_view.extend(desk.why.images());
    }
    let asked = &mut state.asked;
    if asked.in_view != in_view {
        asked.in_view.clone_from(&in_view);
        let missing = |image: &&u32| !has_thumbnail(**image) && desk.item(**image).problem.is_none();
        let wanted: Vec<_> = in_view.iter().filter(missing).copied().collect();
        if wanted != asked.thumbnails {
            let ids = wanted.iter().map(|&image| desk.id(image).clone()).collect();
            asked.thumbnails = wanted;
            commands.push(Command::ShowThumbnails { wanted: ids });
        }
        commands.push(propose(desk, &in_view)); // Also where there are some: they are renewed as it learns.
    }
    if let Some((image, attribute)) = wish {
        commands.push(Command::Explain { image: desk.id(image).clone(), attribute });
    }
    let lacking = desk.lacks_nearest().map(|id| (id.clone(), desk.all_looked()));
    if lacking.is_some() && asked.nearest != lacking {
        commands.extend(lacking.as_ref().map(|(image, _)| Command::FindNearest { image: image.clone() }));
        asked.nearest = lacking;
    }
    let picture = desk.cursor.filter(|_| state.view == View::Review);
    let about = picture.map(|image| (image, state.record.n_recorded()));
    if about.is_some() && asked.origins != about {
        asked.origins = about;
        commands.extend(picture.map(|image| Command::FindOrigins { image: desk.id(image).clone() }));
    }
    if picture.is_some() && asked.picture != picture {
        asked.picture = picture;
        let ahead = [1, 2, -1].iter().filter_map(|&steps| desk.neighbour(steps));
        commands.extend(picture.map(|image| Command::ShowPicture {
            image: desk.id(image).clone(),
            ahead: ahead.map(|image| desk.id(image).clone()).collect(),
        }));
    }
    commands
}

/// The tag in focus and its image, where the user wants to see why and has not been told.
fn wants_to_know(state: &State) -> Option<(u32, AttributeId)> {
    let desk = state.desk.as_ref().filter(|_| state.view == View::Review && state.settings.why)?;
    let image = desk.cursor?;
    let focus = review::rows(desk, image).get(desk.focus)?.attribute;
    (desk.why.asked != Some((image, focus))).then_some((image, focus))
}

/// Proposals for what is in view first.
pub fn propose(desk: &Desk, in_view: &[u32]) -> Command {
    Command::Propose { wanted: in_view.iter().map(|&image| desk.id(image).clone()).collect() }
}

#[cfg(test)]
mod tests {
    use super::super::Action;
    use super::super::actions::perform;
    use super::super::inbox::receive;
    use super::super::keymap::Verb;
    use super::super::testing::{desk, under_review};
    use super::*;
    use crate::domain::ImageId;
    use crate::jobs::{Event, WorkDone};

    #[test]
    fn workers_hear_what_is_in_view_once() {
        let mut state = under_review();
        let commands = look(&mut state, &[0, 1, 2], |image| image == 1);
        let texts: Vec<_> = commands.iter().map(|command| format!("{command:?}")).collect();
        assert_eq!(
            texts,
            [
                r#"ShowThumbnails { wanted: [ImageId("a"), ImageId("c")] }"#,
                r#"Propose { wanted: [ImageId("a"), ImageId("b"), ImageId("c")] }"#,
                r#"FindOrigins { image: ImageId("a") }"#,
                r#"ShowPicture { image: ImageId("a"), ahead: [ImageId("b"), ImageId("c")] }"#
            ]
        );
        assert!(look(&mut state, &[0, 1, 2], |_| false).is_empty());
        let _ = perform(&mut state, Action::Do(Verb::Next));
        assert_eq!(look(&mut state, &[0, 1, 2], |_| true).len(), 2, "the origins and the picture of the next");
    }

    #[test]
    fn what_is_similar_is_asked_once_and_again_when_everything_was_looked_at() {
        let mut state = under_review();
        let asks = |state: &mut State| {
            let commands = look(state, &[], |_| true);
            let asked = commands.iter().filter(|command| matches!(command, Command::FindNearest { .. }));
            asked.map(|command| format!("{command:?}")).collect::<Vec<_>>()
        };
        let (c, d) = ([r#"FindNearest { image: ImageId("c") }"#], [r#"FindNearest { image: ImageId("d") }"#]);
        let answer = |image: &str, nearest: &[&str]| Event::NearestFound {
            image: ImageId::from(image),
            nearest: nearest.iter().copied().map(ImageId::from).collect(),
        };
        let _ = perform(&mut state, Action::FilterText("similar:c OR similar:d OR similar:nobody".to_owned()));
        assert_eq!(asks(&mut state), c);
        assert!(asks(&mut state).is_empty());
        let _ = receive(&mut state, answer("c", &["c", "a"]));
        assert_eq!(asks(&mut state), d);
        let _ = receive(&mut state, answer("d", &["d", "e"]));
        assert!(asks(&mut state).is_empty());
        state.desk.as_mut().unwrap().refresh(0.0);
        assert_eq!(desk(&state).shown, [0, 2, 3, 4]);
        // Only then is the answer final.
        let _ = receive(&mut state, Event::Embedding(WorkDone { done: 5, total: 5, per_second: 1.0 }));
        assert_eq!(asks(&mut state), c);
        let _ = receive(&mut state, answer("c", &["c", "b"]));
        assert_eq!(asks(&mut state), d);
        let _ = receive(&mut state, answer("d", &["d"]));
        assert!(asks(&mut state).is_empty());
        state.desk.as_mut().unwrap().refresh(0.0);
        assert_eq!(desk(&state).shown, [1, 2, 3]);
    }
}
