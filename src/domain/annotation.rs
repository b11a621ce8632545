//! What holds for one image now: the row of `train.csv` with the curator's verdicts over it.
//!
//! Keeps apart what other tools mix up: a tag that is absent because a person looked and did not want it,
//! one that was rejected by name, and one that nobody has looked at.

use std::collections::BTreeMap;

use super::{AttributeId, Change, LabelSet, Verdict};

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Annotation {
    /// The tags of the image's row before Docent changed it; `None` without a row.
    base: Option<LabelSet>,
    /// Verdicts of this record; never `Clear`.
    verdicts: BTreeMap<AttributeId, Verdict>,
    /// A person has looked at the whole image here.
    marked: bool,
    /// A person wants to come back to it.
    flagged: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TagState {
    /// In `train.csv` from before, not judged here.
    Given,
    /// Accepted here.
    Accepted,
    /// Rejected here by name.
    Rejected,
    /// Not given, and somebody has looked at the whole image.
    Absent,
    /// Nobody has judged it.
    Unseen,
}

impl TagState {
    /// Whether the image has the tag.
    pub fn is_present(self) -> bool {
        matches!(self, Self::Given | Self::Accepted)
    }

    /// For training: 1, 0, or `None` where nobody has judged (no gradient).
    pub fn target(self) -> Option<bool> {
        match self {
            Self::Given | Self::Accepted => Some(true),
            Self::Rejected | Self::Absent => Some(false),
            Self::Unseen => None,
        }
    }
}

impl Annotation {
    /// `base`: the tags of the image's row in `train.csv`, `None` without a row.
    pub fn new(base: Option<LabelSet>) -> Self {
        Self { base, ..Self::default() }
    }

    pub fn state(&self, attribute: AttributeId) -> TagState {
        match self.verdicts.get(&attribute) {
            Some(Verdict::Accept) => TagState::Accepted,
            Some(Verdict::Reject) => TagState::Rejected,
            _ if self.base.as_ref().is_some_and(|base| base.contains(attribute)) => TagState::Given,
            _ if self.is_reviewed() => TagState::Absent,
            _ => TagState::Unseen,
        }
    }

    /// What was decided here; `Clear` where nothing was.
    pub fn verdict(&self, attribute: AttributeId) -> Verdict {
        self.verdicts.get(&attribute).copied().unwrap_or(Verdict::Clear)
    }

    /// The tags the image has, ascending.
    pub fn tags(&self) -> LabelSet {
        let mut tags = self.base.clone().unwrap_or_default();
        for (&attribute, verdict) in &self.verdicts {
            match verdict {
                Verdict::Accept => tags.insert(attribute),
                Verdict::Reject => tags.remove(attribute),
                Verdict::Clear => false,
            };
        }
        tags
    }

    /// Rejected by name here, ascending.
    pub fn rejected(&self) -> impl Iterator<Item = AttributeId> + '_ {
        self.verdicts.iter().filter(|(_, verdict)| **verdict == Verdict::Reject).map(|(&attribute, _)| attribute)
    }

    /// Accepted or rejected by name here, ascending.
    pub fn verdicts(&self) -> impl Iterator<Item = (AttributeId, Verdict)> + '_ {
        self.verdicts.iter().map(|(&attribute, &verdict)| (attribute, verdict))
    }

    /// How many tags were accepted or rejected here.
    pub fn n_verdicts(&self) -> usize {
        self.verdicts.len()
    }

    /// A row of `train.csv` says that somebody described the image; a mark says so here.
    pub fn is_reviewed(&self) -> bool {
        self.marked || self.base.is_some()
    }

    /// Marked in this record, whether or not `train.csv` had a row.
    pub fn is_marked(&self) -> bool {
        self.marked
    }

    /// Put aside, to come back to it. It is no word about tags: it neither touches nor changes the image's row.
    pub fn is_flagged(&self) -> bool {
        self.flagged
    }

    /// Whether anybody has said anything about it.
    pub fn is_touched(&self) -> bool {
        self.is_reviewed() || !self.verdicts.is_empty()
    }

    /// Whether this record changes anything about the image, so that it needs a row of its own.
    pub fn has_changes(&self) -> bool {
        self.marked || !self.verdicts.is_empty()
    }

    pub fn base(&self) -> Option<&LabelSet> {
        self.base.as_ref()
    }

    pub fn apply(&mut self, change: &Change) {
        match change {
            Change::Decide(decision) if decision.verdict == Verdict::Clear => {
                self.verdicts.remove(&decision.attribute);
            }
            Change::Decide(decision) => {
                self.verdicts.insert(decision.attribute, decision.verdict);
            }
            Change::Mark(mark) => self.marked = mark.reviewed,
            Change::Flag(flag) => self.flagged = flag.flagged,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Decision, ImageId, Mark};
    use super::*;

    fn decide(annotation: &Annotation, attribute: u32, verdict: Verdict) -> Change {
        let attribute = AttributeId(attribute);
        let before = annotation.verdict(attribute);
        Change::Decide(Decision { image: ImageId::from("a"), attribute, verdict, before, proposed: None })
    }

    #[test]
    fn a_decision_and_its_inverse_leave_the_annotation_unchanged() {
        for base in [None, Some(LabelSet::from([])), Some(LabelSet::from([1, 2]))] {
            for first in [Verdict::Accept, Verdict::Reject, Verdict::Clear] {
                for second in [Verdict::Accept, Verdict::Reject, Verdict::Clear] {
                    let mut annotation = Annotation::new(base.clone());
                    annotation.apply(&decide(&annotation, 2, first));
                    let before = annotation.clone();
                    let change = decide(&annotation, 2, second);
                    annotation.apply(&change);
                    annotation.apply(&change.inverse());
                    assert_eq!(annotation, before, "{base:?} {first:?} {second:?}");
                }
            }
        }
    }

    #[test]
    fn absent_rejected_and_unseen_are_three_different_things() {
        let mut annotation = Annotation::new(None);
        assert_eq!(annotation.state(AttributeId(1)), TagState::Unseen);
        annotation.apply(&decide(&annotation, 1, Verdict::Reject));
        assert_eq!(annotation.state(AttributeId(1)), TagState::Rejected);
        assert_eq!(annotation.state(AttributeId(2)), TagState::Unseen);
        assert!(!annotation.is_reviewed() && annotation.is_touched());
        annotation.apply(&Change::Mark(Mark { image: ImageId::from("a"), reviewed: true, before: false }));
        assert_eq!(annotation.state(AttributeId(1)), TagState::Rejected);
        assert_eq!(annotation.state(AttributeId(2)), TagState::Absent);
        let targets: Vec<_> =
            [TagState::Given, TagState::Accepted, TagState::Rejected, TagState::Absent, TagState::Unseen]
                .map(TagState::target)
                .into();
        assert_eq!(targets, [Some(true), Some(true), Some(false), Some(false), None]);
    }

    #[test]
    fn verdicts_lie_over_the_row_of_the_file() {
        let mut annotation = Annotation::new(Some(LabelSet::from([1, 2])));
        annotation.apply(&decide(&annotation, 2, Verdict::Reject));
        annotation.apply(&decide(&annotation, 7, Verdict::Accept));
        assert_eq!(annotation.tags(), LabelSet::from([1, 7]));
        annotation.apply(&decide(&annotation, 2, Verdict::Clear));
        assert_eq!(annotation.tags(), LabelSet::from([1, 2, 7]));
    }
}
