//! What a person decided, as the smallest changes that can be written, undone and told apart.
//!
//! A *step* is what one key press did: it is written and undone as one.

use super::{AttributeId, Edit, ImageId, Vocabulary};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// The image has this tag.
    Accept,
    /// The image does not have this tag, and nobody should propose it again.
    Reject,
    /// Take an earlier verdict back: the tag is undecided again, as `train.csv` said before.
    Clear,
}

/// A verdict on one tag of one image.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    pub image: ImageId,
    pub attribute: AttributeId,
    pub verdict: Verdict,
    /// What held before it, so that it can be undone: `Clear` where nothing was decided.
    pub before: Verdict,
    /// Who proposed the tag, with which probability; `None` where the curator thought of it.
    pub proposed: Option<(String, f32)>,
}

/// Whether a person has looked at the whole image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    pub image: ImageId,
    pub reviewed: bool,
    pub before: bool,
}

/// Put aside by a person, to come back to it; it says nothing about tags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flag {
    pub image: ImageId,
    pub flagged: bool,
    pub before: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    Decide(Decision),
    Mark(Mark),
    Flag(Flag),
}

impl Change {
    pub fn image(&self) -> &ImageId {
        match self {
            Self::Decide(decision) => &decision.image,
            Self::Mark(mark) => &mark.image,
            Self::Flag(flag) => &flag.image,
        }
    }

    /// The change that takes this one back.
    pub fn inverse(&self) -> Self {
        match self {
            Self::Decide(decision) => {
                Self::Decide(Decision { verdict: decision.before, before: decision.verdict, ..decision.clone() })
            }
            Self::Mark(mark) => {
                Self::Mark(Mark { reviewed: mark.before, before: mark.reviewed, image: mark.image.clone() })
            }
            Self::Flag(flag) => {
                Self::Flag(Flag { flagged: flag.before, before: flag.flagged, image: flag.image.clone() })
            }
        }
    }
}

/// What one key press did: to the vocabulary, and to images.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Step {
    /// Of the vocabulary; they come before `changes`, which may use labels that they make.
    pub edits: Vec<Edit>,
    pub changes: Vec<Change>,
}

impl Step {
    /// Of images only.
    pub fn of(changes: Vec<Change>) -> Self {
        Self { changes, edits: Vec::new() }
    }

    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.edits.is_empty()
    }

    /// Whether its edits can be done on this vocabulary: each finds what it found when it was first done, and gives no
    /// label a name that another has.
    pub fn fits(&self, vocabulary: &Vocabulary) -> bool {
        let mut after = vocabulary.clone();
        self.edits.iter().all(|edit| {
            let fits = after.admits(edit);
            after.apply(edit);
            fits
        })
    }

    /// Does what it did to the vocabulary, or takes it back.
    pub fn edit(&self, vocabulary: &mut Vocabulary, back: bool) {
        match back {
            false => self.edits.iter().for_each(|edit| vocabulary.apply(edit)),
            true => self.edits.iter().rev().for_each(|edit| vocabulary.apply(&edit.inverse())),
        }
    }
}
