//! What the review of one image shows: its proposals in order, with what holds for each.

use super::desk::Desk;
use crate::domain::{AttributeId, Label, LabelSet, TagState, Verdict, Why};
use crate::review::beside;
use crate::review::listing::listed;

/// One row of the proposals.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Row {
    pub attribute: AttributeId,
    pub probability: f32,
    pub state: TagState,
    pub above: bool,
    /// Why it is asked about.
    pub question: Option<Why>,
}

impl Row {
    /// Asked about, and nobody has answered by name.
    pub fn is_in_question(&self) -> bool {
        match self.question {
            Some(Why::Contested { is_open }) => is_open && self.state != TagState::Unseen,
            Some(_) => matches!(self.state, TagState::Given | TagState::Absent),
            None => false,
        }
    }

    /// Whether the curator should look at it.
    pub fn waits(&self) -> bool {
        self.is_offered() || self.is_in_question() || self.is_contested()
    }

    /// Another curator said the opposite, and nobody has answered: then a verdict is recorded also where it holds already.
    pub fn is_contested(&self) -> bool {
        self.question == Some(Why::Contested { is_open: true })
    }

    /// Whether `Enter` accepts it: proposed above the threshold, and nobody has judged it.
    pub fn is_offered(&self) -> bool {
        self.above && self.state == TagState::Unseen && !self.is_contested()
    }
}

/// The tags of an image that are asked about, then the proposals, most likely first: all above the threshold, and a few
/// below; or all as they are pinned. Empty while the model has not looked at it, or nothing is known of any label.
pub fn rows(desk: &Desk, image: u32) -> Vec<Row> {
    let item = desk.item(image);
    let questions = desk.lineup.questions(image);
    let proposals = match &item.proposals {
        Some(proposals) => proposals.as_ref(),
        None if questions.is_empty() => return Vec::new(),
        None => &[], // What people said needs no model.
    };
    let now = |why: Why, attribute: AttributeId| match why {
        Why::Contested { .. } => Why::Contested { is_open: desk.conflicts.is_open(desk.id(image), attribute) },
        other => other,
    };
    let row = |attribute: AttributeId, probability: f32, above: bool| Row {
        attribute,
        probability,
        state: item.annotation.state(attribute),
        above,
        question: questions
            .iter()
            .find(|question| question.attribute == attribute)
            .map(|found| now(found.why, attribute)),
    };
    if let Some(pin) = desk.pin.as_ref().filter(|pin| pin.image == image) {
        let now = |&(attribute, above): &(AttributeId, bool)| {
            row(attribute, desk.probability(image, attribute).unwrap_or(0.0), above)
        };
        return pin.rows.iter().filter(|(attribute, _)| desk.vocabulary.is_offered(*attribute)).map(now).collect();
    }
    let (proposals, n_above) = listed(proposals, desk.threshold);
    let known = proposals.iter().enumerate().filter(|(_, proposal)| desk.vocabulary.is_offered(proposal.attribute));
    let proposed = known.map(|(at, proposal)| row(proposal.attribute, proposal.probability, at < n_above));
    let mut rows: Vec<Row> = questions
        .iter()
        .filter(|question| desk.vocabulary.is_offered(question.attribute))
        .map(|question| {
            let now = desk.probability(image, question.attribute).unwrap_or(question.why.probability());
            row(question.attribute, now, now >= desk.threshold)
        })
        .collect();
    rows.extend(proposed.filter(|row| row.question.is_none()));
    rows
}

/// What `1`-`9` and a click on a tag do: a tag that is there goes, one that is not comes.
///
/// A tag accepted here becomes undecided again; one from `train.csv` can only go by being rejected.
pub fn toggled(state: TagState, given_before: bool) -> Verdict {
    match state {
        TagState::Accepted if !given_before => Verdict::Clear,
        TagState::Accepted | TagState::Given => Verdict::Reject,
        TagState::Rejected if given_before => Verdict::Clear,
        TagState::Rejected | TagState::Absent | TagState::Unseen => Verdict::Accept,
    }
}

/// The tags of an image, and those rejected by name, each in the order of the vocabulary.
pub fn tags(desk: &Desk, image: u32) -> (Vec<&Label>, Vec<&Label>) {
    let item = desk.item(image);
    let labels = |ids: Vec<AttributeId>| {
        let mut labels: Vec<_> = ids.into_iter().filter_map(|id| desk.vocabulary.get(id)).collect();
        labels.sort_by_key(|label| desk.vocabulary.position(label.id));
        labels
    };
    (labels(item.tags.iter().collect()), labels(item.annotation.rejected().collect()))
}

/// The tags that all of these have, and what usually comes with them, by position in the vocabulary. A pass over the
/// collection.
pub fn beside(desk: &Desk, images: &[u32]) -> (LabelSet, Vec<f32>) {
    let mut has = images.first().map(|&first| desk.item(first).tags.clone()).unwrap_or_default();
    for &image in images.iter().skip(1) {
        has = has.iter().filter(|&tag| desk.item(image).tags.contains(tag)).collect();
    }
    let beside = beside::beside(&has, desk.items.iter().map(|item| &item.tags), &desk.vocabulary);
    (has, beside)
}

/// Finished images a minute over the last five, once there are enough to tell.
pub fn pace(finished_at: &[f64], now: f64) -> Option<f64> {
    let recent: Vec<_> = finished_at.iter().filter(|&&at| at > now - 300.0).collect();
    let first = **recent.first()?;
    (recent.len() >= 4 && now > first + 5.0).then(|| (recent.len() - 1) as f64 * 60.0 / (now - first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_toggle_brings_a_tag_or_takes_it_away() {
        for (state, given_before, expected) in [
            (TagState::Unseen, false, Verdict::Accept),
            (TagState::Absent, false, Verdict::Accept),
            (TagState::Accepted, false, Verdict::Clear),
            (TagState::Rejected, false, Verdict::Accept),
            (TagState::Given, true, Verdict::Reject),
            (TagState::Rejected, true, Verdict::Clear),
            (TagState::Accepted, true, Verdict::Reject),
        ] {
            assert_eq!(toggled(state, given_before), expected, "{state:?} {given_before}");
        }
    }

    #[test]
    fn the_pace_counts_the_last_minutes_only() {
        assert_eq!(pace(&[], 10.0), None);
        assert_eq!(pace(&[1.0, 2.0, 3.0], 10.0), None);
        let found = pace(&[0.0, 700.0, 710.0, 720.0, 730.0], 760.0).unwrap();
        assert!((found - 3.0).abs() < 1e-9);
    }
}
