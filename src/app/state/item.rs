//! One image as the window holds it: what holds for it, and what a model thinks of it.

use std::sync::Arc;

use crate::domain::{Annotation, AttributeId, LabelSet, Proposal, TagState, Vocabulary};
use crate::jobs::Problem;

/// One image.
#[derive(Debug, Clone)]
pub struct Item {
    pub annotation: Annotation,
    /// `annotation.tags()`, kept.
    pub tags: LabelSet,
    /// Its id in lower case, for search.
    pub name_lower: Box<str>,
    /// Of the model in use, most likely first; `None` while it has not looked.
    pub proposals: Option<Arc<[Proposal]>>,
    /// The highest probability among tags that nobody has judged; 0 without any.
    pub best: f32,
    pub problem: Option<Problem>,
    /// Width and height of the picture itself, once it was shown.
    pub full_size: Option<(u32, u32)>,
}

impl Item {
    pub fn new(id: &str, annotation: Annotation) -> Self {
        Self {
            tags: annotation.tags(),
            annotation,
            name_lower: id.to_lowercase().into(),
            proposals: None,
            best: 0.0,
            problem: None,
            full_size: None,
        }
    }

    /// Whether it waits for its curator.
    pub fn has_proposals(&self, threshold: f32) -> bool {
        !self.annotation.is_reviewed() && self.best > 0.0 && self.best >= threshold
    }

    /// `vocabulary`: whose labels are offered.
    pub fn refresh_best(&mut self, vocabulary: &Vocabulary) {
        let open = |proposal: &&Proposal| {
            self.annotation.state(proposal.attribute) == TagState::Unseen && vocabulary.is_offered(proposal.attribute)
        };
        self.best = self.proposals.iter().flat_map(|all| all.iter()).find(open).map_or(0.0, |best| best.probability);
    }
}

/// What a model proposed.
#[derive(Debug, Clone)]
pub struct Before {
    /// Labels that it could propose.
    pub attributes: Vec<AttributeId>,
    pub threshold: f32,
    /// By image.
    pub proposals: Vec<Option<Arc<[Proposal]>>>,
}
