//! The keys of a review: the cheapest ones by which a person brings an image from what is proposed to what is true.
//!
//! The model of a key press, for comparing ways of working, never for guessing seconds: every key of the keyboard that is
//! pressed counts one, whatever it does. Known to the person: the proposals as they are listed, and what a typed word finds.
//! - what is above the threshold and wrong is rejected with `X`, the focus brought there by `↓`, or by the digit of the
//!   right proposal just before it, which accepts that one and moves the focus on;
//! - what is right and listed below the threshold is accepted by its digit;
//! - anything else is added: `/`, as many letters as it takes, `↓` to where it stands in the list, `Enter`;
//! - `Enter` accepts the rest and goes on.
//!
//! Floor 2. `app::keymap` and `app::decide` are what the keys really do; a test presses these sequences there.

use super::words::{self, Weight};
use crate::domain::{AttributeId, LabelSet, Vocabulary};

/// A digit reaches this far down the list.
const DIGITS: usize = 9;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Press {
    /// `↓`, in the proposals or in what a typed word found.
    Down,
    /// `X`.
    Reject,
    /// `1` to `9`.
    Digit(u8),
    /// `/`.
    AddTag,
    Letter(char),
    /// `Enter`.
    Enter,
}

/// What a person who types sees: the vocabulary, the tags added last, how often each was used, and what usually comes
/// with the tags that an image has.
#[derive(Clone, Copy)]
pub struct Typing<'a> {
    pub vocabulary: &'a Vocabulary,
    pub recent: &'a [AttributeId],
    /// By position in the vocabulary.
    pub uses: &'a [usize],
    /// [`super::beside::beside`] of these tags, over the images described so far.
    pub beside: &'a dyn Fn(&LabelSet) -> Vec<f32>,
}

impl Typing<'_> {
    /// The cheapest way to add a tag: `/`, letters of its short name, `↓`, `Enter`. `None`: it cannot be found, or is no
    /// label. `has`: the tags of the image.
    pub fn add(&self, attribute: AttributeId, has: &LabelSet) -> Option<Vec<Press>> {
        let beside = (self.beside)(has);
        let weight = |id: AttributeId| {
            let position = self.vocabulary.position(id);
            position.map_or_else(Weight::default, |position| Weight {
                has: has.contains(id),
                beside: beside[position],
                uses: self.uses[position],
            })
        };
        let name = self.vocabulary.get(attribute)?;
        let mut best: Option<(usize, usize, usize, &str)> = None;
        for typed in [name.short_name(), &name.name] {
            let ends = typed.char_indices().map(|(at, _)| at).chain([typed.len()]);
            for (n_letters, end) in ends.enumerate() {
                if best.is_some_and(|(cost, ..)| cost <= n_letters) {
                    break; // Longer words cost more than what is known.
                }
                let hits = words::search(&typed[..end], self.vocabulary, self.recent, weight);
                let Some(n_down) = hits.iter().position(|hit| hit.attribute == attribute) else {
                    continue;
                };
                let cost = n_letters + n_down;
                if best.is_none_or(|(least, ..)| cost < least) {
                    best = Some((cost, n_letters, n_down, typed));
                }
            }
        }
        let (_, n_letters, n_down, typed) = best?;
        let letters = typed.chars().take(n_letters).map(Press::Letter);
        let presses = [Press::AddTag].into_iter().chain(letters);
        Some(presses.chain(std::iter::repeat_n(Press::Down, n_down)).chain([Press::Enter]).collect())
    }
}

/// The keys of one image, and the tags that had to be typed, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Presses {
    pub presses: Vec<Press>,
    pub typed: Vec<AttributeId>,
}

/// The cheapest keys for an image that nobody has looked at: afterwards it has the tags in `truth` and is reviewed.
///
/// `rows`: the proposals as listed, of which the first `n_above` are above the threshold. `recent` of the typing moves on
/// with every tag typed; tags are typed in the order of the vocabulary.
pub fn review(rows: &[AttributeId], n_above: usize, truth: &LabelSet, typing: &Typing<'_>) -> Presses {
    let is_true = |row: usize| truth.contains(rows[row]);
    let mut presses = Vec::new();
    let mut accepted = vec![false; n_above];
    let mut focus = 0;
    for wrong in (0..n_above).filter(|&row| !is_true(row)) {
        // Between the focus and here all are right: X moves the focus to the next one that waits.
        let jump = wrong > focus + 1 && wrong <= DIGITS && !accepted[wrong - 1];
        if jump {
            accepted[wrong - 1] = true;
            presses.push(Press::Digit(wrong as u8));
        } else {
            presses.extend(std::iter::repeat_n(Press::Down, wrong - focus));
        }
        presses.push(Press::Reject);
        focus = wrong + 1;
    }
    let reached = |row: usize| row < n_above || row < DIGITS;
    for row in (n_above..rows.len()).filter(|&row| is_true(row) && reached(row)) {
        presses.push(Press::Digit(row as u8 + 1));
    }
    let by_list = |id: AttributeId| (0..rows.len()).any(|row| rows[row] == id && reached(row));
    // What is accepted by name when the first word is typed; `Enter` accepts the rest afterwards.
    let by_digit =
        (0..rows.len()).filter(|&row| if row < n_above { accepted[row] } else { is_true(row) && reached(row) });
    let mut has: LabelSet = by_digit.map(|row| rows[row]).collect();
    let mut recent = typing.recent.to_vec();
    let mut typed = Vec::new();
    let lacking = typing.vocabulary.labels().iter().map(|label| label.id);
    for attribute in lacking.filter(|&id| truth.contains(id) && !by_list(id)) {
        let now = Typing { recent: &recent, ..*typing };
        if let Some(added) = now.add(attribute, &has) {
            presses.extend(added);
            typed.push(attribute);
            let _ = has.insert(attribute);
            remember(&mut recent, attribute);
        }
    }
    presses.push(Press::Enter);
    Presses { presses, typed }
}

/// Puts a tag that was added by hand before all others added before.
pub fn remember(recent: &mut Vec<AttributeId>, attribute: AttributeId) {
    recent.retain(|&other| other != attribute);
    recent.insert(0, attribute);
    recent.truncate(20);
}

#[cfg(test)]
mod tests {
    use super::super::listing::listed;
    use super::*;
    use crate::domain::Label;
    use crate::domain::proposal::kept;

    const NAMES: [&str; 6] =
        ["scene::desert", "scene::mountains", "scene::sea", "scene::sunset", "scene::trees", "scene::seaweed"];

    fn vocabulary() -> Vocabulary {
        Vocabulary::new((0..).zip(NAMES).map(|(id, name)| Label::new(id, name)))
    }

    fn nothing(_: &LabelSet) -> Vec<f32> {
        vec![0.0; NAMES.len()]
    }

    fn shown(presses: &[Press]) -> String {
        let letter = |press: &Press| match press {
            Press::Down => "↓".to_owned(),
            Press::Reject => "X".to_owned(),
            Press::Digit(digit) => digit.to_string(),
            Press::AddTag => "/".to_owned(),
            Press::Letter(letter) => letter.to_string(),
            Press::Enter => "⏎".to_owned(),
        };
        presses.iter().map(letter).collect()
    }

    #[test]
    fn a_tag_is_typed_with_as_few_keys_as_find_it() {
        let vocabulary = vocabulary();
        for (attribute, recent, uses, expected) in [
            (0, vec![], [0; 6], "/⏎"),  // First without a word, all unused: by name.
            (1, vec![], [0; 6], "/↓⏎"), // Second.
            (4, vec![], [9, 8, 7, 6, 0, 0], "/t⏎"),
            (2, vec![], [9, 8, 7, 6, 0, 0], "/s⏎"), // Before the sunset and the seaweed: more used.
            (3, vec![AttributeId(3)], [9, 8, 7, 6, 0, 0], "/⏎"),
            (5, vec![], [9, 8, 7, 6, 5, 0], "/s↓↓⏎"), // A second letter would cost as much.
        ] {
            let typing = Typing { vocabulary: &vocabulary, recent: &recent, uses: &uses, beside: &nothing };
            let found = typing.add(AttributeId(attribute), &LabelSet::default()).map(|presses| shown(&presses));
            assert_eq!(found.as_deref(), Some(expected), "{}", NAMES[attribute as usize]);
        }
        let typing = Typing { vocabulary: &vocabulary, recent: &[], uses: &[0; 6], beside: &nothing };
        assert_eq!(typing.add(AttributeId(99), &LabelSet::default()), None);
        // The sunset usually comes with the sea, and so needs no letter.
        let sea: LabelSet = [AttributeId(2)].into_iter().collect();
        let beside = |has: &LabelSet| (0..6).map(|id| if id == 3 && *has == sea { 0.9 } else { 0.0 }).collect();
        let typing = Typing { beside: &beside, ..typing };
        let found = typing.add(AttributeId(3), &sea).map(|presses| shown(&presses));
        assert_eq!(found.as_deref(), Some("/⏎"));
    }

    #[test]
    fn wrong_ones_are_rejected_missing_ones_accepted_by_digit_and_the_rest_typed() {
        let vocabulary = vocabulary();
        let ids: Vec<AttributeId> = (0..6).map(AttributeId).collect();
        let typing = Typing { vocabulary: &vocabulary, recent: &[], uses: &[9, 8, 7, 6, 0, 0], beside: &nothing };
        // (probabilities, truth, keys) at a threshold of 0.5.
        type Case<'a> = (&'a [f32], &'a [u32], &'a str);
        let cases: [Case<'_>; 8] = [
            (&[0.9, 0.8, 0.1, 0.1, 0.1, 0.1], &[0, 1], "⏎"),
            (&[0.9, 0.8, 0.1, 0.1, 0.1, 0.1], &[1], "X⏎"),
            (&[0.9, 0.8, 0.1, 0.1, 0.1, 0.1], &[0], "↓X⏎"),
            (&[0.9, 0.8, 0.7, 0.6, 0.1, 0.1], &[0, 1, 2], "3X⏎"),
            (&[0.9, 0.8, 0.7, 0.6, 0.1, 0.1], &[0, 3], "↓XX⏎"),
            (&[0.9, 0.4, 0.3, 0.1, 0.1, 0.1], &[0, 2], "3⏎"),
            (&[0.9, 0.8, 0.0, 0.0, 0.0, 0.0], &[0, 4], "↓X/t⏎⏎"),
            (&[], &[0, 4], "/⏎/t⏎⏎"),
        ];
        for (probabilities, truth, expected) in cases {
            let truth: LabelSet = truth.iter().copied().map(AttributeId).collect();
            let kept = kept(&ids, probabilities);
            let (rows, n_above) = listed(&kept, 0.5);
            let rows: Vec<AttributeId> = rows.iter().map(|proposal| proposal.attribute).collect();
            let found = review(&rows, n_above, &truth, &typing);
            assert_eq!(shown(&found.presses), expected, "{probabilities:?} {truth:?}");
        }
    }
}
