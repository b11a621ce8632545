//! The sweep: one tag, a page of pictures by probability, and the few that are wrong marked on it.
//!
//! A page stands still from when it was turned to when it is finished. Now and then it holds a picture that was accepted
//! on a page before, unmarked: how often the curator agrees with what was accepted so is the estimate of its precision.

use std::collections::BTreeSet;

use super::desk::Desk;
use crate::base::hash::{fnv1a64, mix64};
use crate::domain::interval::wilson;
use crate::domain::{AttributeId, TagState};

/// Bars of the histogram.
pub const N_BARS: usize = 20;
/// One in so many places of a page is a picture asked about again.
const ONE_IN: usize = 9;
/// Pictures asked about again after the last page, so that there is an estimate at all.
const AT_LEAST: usize = 12;

/// One picture on the page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    pub image: u32,
    pub probability: f32,
    /// Accepted on a page before: asked about again, without saying so.
    pub again: bool,
}

#[derive(Debug, Clone, Default)]
pub struct Sweep {
    pub attribute: Option<AttributeId>,
    pub page: Vec<Place>,
    /// Images that come after it, to have them ready.
    pub ahead: Vec<u32>,
    /// Images of the page that are not this.
    pub marked: BTreeSet<u32>,
    /// The place that the keys act on.
    pub at: usize,
    /// From which probability on pictures are asked about; `None`: from the threshold of the window on.
    pub cut: Option<f32>,
    /// Places of a page, as drawn.
    pub page_size: usize,
    /// Pages finished since the tag was chosen.
    pub n_pages: usize,
    /// Pictures that nobody has judged, by probability, [`N_BARS`] bars from 0 to 1.
    pub bars: [usize; N_BARS],
    /// Pictures that wait, with those on the page.
    pub n_open: usize,
    pub audit: Audit,
    /// The version of the desk at the last look at it.
    pub seen: u64,
}

/// What became of pictures accepted in passing.
#[derive(Debug, Clone, Default)]
pub struct Audit {
    /// Accepted unmarked on a page and not asked about again yet, in that order.
    accepted: Vec<u32>,
    /// Asked about again, and whether the curator agreed.
    answers: Vec<(u32, bool)>,
}

impl Audit {
    pub fn n_asked(&self) -> u64 {
        self.answers.len() as u64
    }

    pub fn n_agreed(&self) -> u64 {
        self.answers.iter().filter(|(_, agreed)| *agreed).count() as u64
    }

    /// Forgets answers that do not hold any more: what they say was undone.
    pub fn keep_only(&mut self, holds: impl Fn(u32, bool) -> bool) {
        self.answers.retain(|&(image, agreed)| holds(image, agreed));
    }

    /// The share of what was accepted that is right, with its 95 % interval; `None` before anything was asked again.
    pub fn precision(&self) -> Option<(f64, [f64; 2])> {
        let interval = wilson(self.n_agreed(), self.n_asked())?;
        Some((self.n_agreed() as f64 / self.n_asked() as f64, interval))
    }
}

/// How many pictures wait for each label that is proposed from `cut` on, most first.
pub fn waiting(desk: &Desk, cut: f32) -> Vec<(AttributeId, usize)> {
    let mut counts = vec![0; desk.vocabulary.len()];
    for image in 0..desk.items.len() as u32 {
        let open = desk.open_proposals(image, cut);
        for position in open.filter_map(|proposal| desk.vocabulary.position(proposal.attribute)) {
            counts[position] += 1;
        }
    }
    let labels = desk.vocabulary.labels().iter().map(|label| label.id);
    let mut waiting: Vec<_> = labels.zip(counts).filter(|&(_, n)| n > 0).collect();
    waiting.sort_by_key(|&(attribute, n)| (usize::MAX - n, attribute));
    waiting
}

impl Sweep {
    /// Begins with a tag.
    pub fn choose(&mut self, attribute: AttributeId, desk: &Desk) {
        let page_size = self.page_size;
        *self = Self { attribute: Some(attribute), page_size, cut: self.cut, ..Self::default() };
        self.turn(desk);
    }

    pub fn cut(&self, desk: &Desk) -> f32 {
        self.cut.unwrap_or(desk.threshold)
    }

    /// The next page: the likeliest pictures that nobody has judged for the tag, down to the cut.
    pub fn turn(&mut self, desk: &Desk) {
        let Some(attribute) = self.attribute else {
            return;
        };
        let cut = self.cut(desk);
        let mut waiting: Vec<Place> = Vec::new();
        self.bars = [0; N_BARS];
        for (image, item) in (0..).zip(&desk.items) {
            let Some(probability) = desk.probability(image, attribute) else {
                continue;
            };
            if item.problem.is_some() || item.annotation.state(attribute) != TagState::Unseen {
                continue;
            }
            let bar = ((probability * N_BARS as f32) as usize).min(N_BARS - 1);
            self.bars[bar] += 1;
            if cut <= probability {
                waiting.push(Place { image, probability, again: false });
            }
        }
        waiting.sort_by(|a, b| b.probability.total_cmp(&a.probability).then(a.image.cmp(&b.image)));
        self.n_open = waiting.len();
        let n_again = self.n_again(waiting.len());
        let n = self.page_size.max(1) - n_again.min(self.page_size.max(1) - 1);
        self.ahead = waiting.iter().skip(n).take(n).map(|place| place.image).collect();
        waiting.truncate(n);
        self.page = waiting;
        let again = self.draw(n_again, desk, attribute);
        self.page.extend(again);
        self.page.sort_by(|a, b| b.probability.total_cmp(&a.probability).then(a.image.cmp(&b.image)));
        (self.marked, self.at) = (BTreeSet::new(), 0);
    }

    /// How many are asked about again on the next page.
    fn n_again(&self, n_waiting: usize) -> usize {
        let wanted = match n_waiting {
            0 => AT_LEAST.saturating_sub(self.audit.answers.len()),
            _ => self.page_size / ONE_IN,
        };
        wanted.min(self.audit.accepted.len())
    }

    /// Takes some of those accepted before, at random but the same ones in the same session.
    fn draw(&mut self, n: usize, desk: &Desk, attribute: AttributeId) -> Vec<Place> {
        let seed = self.n_pages as u64;
        let luck = |&image: &u32| mix64(fnv1a64(desk.id(image).as_str().as_bytes()) ^ seed);
        let mut candidates = self.audit.accepted.clone();
        candidates.sort_by_cached_key(luck);
        candidates.truncate(n);
        self.audit.accepted.retain(|image| !candidates.contains(image));
        let still = |image: &u32| desk.item(*image).annotation.state(attribute) == TagState::Accepted;
        let place =
            |image: u32| Place { image, probability: desk.probability(image, attribute).unwrap_or(1.0), again: true };
        candidates.into_iter().filter(still).map(place).collect()
    }

    /// Notes a page as finished: what was accepted on it may be asked about again, and what was asked again is counted.
    pub fn finish(&mut self) {
        for place in &self.page {
            let is_marked = self.marked.contains(&place.image);
            if place.again {
                self.audit.answers.push((place.image, !is_marked));
            } else if !is_marked && !self.audit.accepted.contains(&place.image) {
                self.audit.accepted.push(place.image);
            }
        }
        self.n_pages += 1;
    }

    /// Marks a picture as not this, or not any more.
    pub fn toggle(&mut self, image: u32) {
        if !self.marked.remove(&image) && self.page.iter().any(|place| place.image == image) {
            self.marked.insert(image);
        }
    }

    pub fn under(&self) -> Option<Place> {
        self.page.get(self.at).copied()
    }
}
