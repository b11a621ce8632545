//! Tags on which another curator said the opposite of what holds here, and which of them are settled.
//!
//! Kept true by every step that is done, undone or redone. What is settled is a decision like any other.

use std::collections::HashMap;

use super::{Desk, Order};
use crate::domain::{AttributeId, Change, ImageId, Question, Step, Verdict, Why};
use crate::jobs::Ticket;
use crate::store::{Conflict, StepId};

#[derive(Debug, Default)]
pub struct Conflicts {
    /// Oldest first.
    all: Vec<Conflict>,
    of_image: HashMap<ImageId, Vec<usize>>,
}

impl Conflicts {
    pub fn new(all: Vec<Conflict>) -> Self {
        let mut of_image: HashMap<ImageId, Vec<usize>> = HashMap::new();
        for (at, conflict) in all.iter().enumerate() {
            of_image.entry(conflict.image.clone()).or_default().push(at);
        }
        Self { all, of_image }
    }

    /// About one image, oldest first.
    pub fn open_of(&self, image: &ImageId) -> impl Iterator<Item = &Conflict> {
        let places = self.of_image.get(image).into_iter().flatten();
        places.map(|&at| &self.all[at]).filter(|conflict| conflict.is_open())
    }

    pub fn is_open(&self, image: &ImageId, attribute: AttributeId) -> bool {
        self.open_of(image).any(|conflict| conflict.attribute == attribute)
    }

    /// Open or settled, as long as the merge holds.
    pub fn about(&self, image: &ImageId, attribute: AttributeId) -> impl Iterator<Item = &Conflict> {
        let places = self.of_image.get(image).into_iter().flatten();
        let conflicts = places.map(|&at| &self.all[at]);
        conflicts.filter(move |conflict| conflict.attribute == attribute && conflict.is_merged)
    }

    /// How many tags are contested.
    pub fn n_open(&self) -> usize {
        self.all.iter().filter(|conflict| conflict.is_open()).count()
    }

    /// A step was done, or taken back. Answers the images whose conflicts may have changed.
    fn turned(&mut self, ticket: Ticket, step: &Step, holds: bool) -> Vec<ImageId> {
        let turned = StepId(ticket.0 as i64);
        let mut images = Vec::new();
        for change in &step.changes {
            let (Change::Decide(decision), Some(places)) = (change, self.of_image.get(change.image())) else {
                continue;
            };
            for &at in places {
                let conflict = &mut self.all[at];
                let is_later = conflict.attribute == decision.attribute && conflict.step < turned;
                if is_later && !holds {
                    conflict.answers.remove(&turned);
                } else if is_later && decision.verdict != Verdict::Clear {
                    conflict.answers.insert(turned);
                }
            }
            images.push(decision.image.clone());
        }
        for conflict in self.all.iter_mut().filter(|conflict| conflict.step == turned) {
            conflict.is_merged = holds;
            images.push(conflict.image.clone());
        }
        images
    }
}

impl Desk {
    /// Keeps the conflicts, and the queue of them, true after a step was done or taken back.
    pub fn turned(&mut self, ticket: Ticket, step: &Step, holds: bool) {
        for id in self.conflicts.turned(ticket, step, holds) {
            let Some(image) = self.index(&id).filter(|_| self.lineup.order() == Order::Conflicts) else {
                continue;
            };
            match self.conflicts.open_of(&id).next() {
                Some(_) => self.lineup.reopen(image),
                None => self.lineup.settle(image),
            }
        }
    }

    /// Images with an open conflict on a label that is offered, in their order, each with the tags in question.
    pub fn contested(&self) -> Vec<(u32, Vec<Question>)> {
        let images = self.conflicts.of_image.keys().filter_map(|id| Some((self.index(id)?, id)));
        let mut found: Vec<(u32, Vec<Question>)> = images
            .map(|(image, id)| {
                let mut questions: Vec<Question> = Vec::new();
                for conflict in self.conflicts.open_of(id) {
                    let attribute = conflict.attribute;
                    let is_asked = questions.iter().any(|question| question.attribute == attribute);
                    if self.vocabulary.is_offered(attribute) && !is_asked {
                        questions.push(Question { attribute, why: Why::Contested { is_open: true } });
                    }
                }
                (image, questions)
            })
            .filter(|(_, questions)| !questions.is_empty())
            .collect();
        found.sort_by_key(|(image, _)| *image);
        found
    }
}
