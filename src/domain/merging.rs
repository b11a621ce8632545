//! Folding the record of another curator into this one: what is taken, what agrees, what contradicts.
//!
//! Pure: the plan of one step, and the words that go with it. Only the last word on a tag or a mark counts, and only
//! once: it is known by the key of the step it was said in. Where two words contradict, what holds here stays, and the
//! other is kept as a conflict. Somebody's own later word follows the earlier one, so that a record can be merged again.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::{
    Annotation, AttributeId, Change, Decision, Edit, ImageId, Label, Mark, Standing, Step, Verdict, Vocabulary,
};

pub mod matching;

use matching::Matching;

/// A tag of an image, or without one the mark of the whole image.
pub type Spot = (ImageId, Option<AttributeId>);

/// The last word on a spot. Of a mark, `Accept` is reviewed and `Clear` is not.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    pub verdict: Verdict,
    pub who: String,
    pub at_millis: u64,
    /// Of the step it was said in, in whichever record that was; the same in every copy.
    pub key: String,
    /// The model that had proposed it, and at which probability.
    pub proposed: Option<(String, f32)>,
}

/// All that a record says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Words {
    /// The last word on each spot.
    pub last: BTreeMap<Spot, Said>,
    /// Of every step of this record, also of those that were taken back.
    pub own: HashSet<String>,
    /// What it has heard from others, whatever came of it.
    pub heard: HashSet<(String, Spot)>,
    /// Steps of its own that were taken back: by whom and when.
    pub taken_back: HashMap<String, (String, u64)>,
}

/// One of the two records.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    pub vocabulary: &'a Vocabulary,
    pub annotations: &'a HashMap<ImageId, Annotation>,
    pub words: &'a Words,
}

/// A word of the other record, and what came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Heard {
    pub spot: Spot,
    pub said: Said,
    pub came: Came,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Came {
    /// It is this change of the step.
    Taken { change: usize },
    /// The same holds here.
    Agrees,
    /// The opposite holds here.
    Contradicts(Contested),
}

/// What holds here of a tag in conflict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contested {
    pub is_present: bool,
    pub who: String,
    pub at_millis: u64,
    /// The other has not named the tag, but reviewed the whole image with it or without it.
    pub by_review: bool,
}

/// What a merge would do.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    pub step: Step,
    pub heard: Vec<Heard>,
    /// Labels that are made here: the other's, under a free id.
    pub made: Vec<Label>,
    pub n_decisions: usize,
    pub n_marks: usize,
    pub n_agreeing: usize,
    pub n_conflicts: usize,
    /// Heard before.
    pub n_known: usize,
    /// Images that are not in this collection; what was said of them is left out until they are.
    pub n_elsewhere: usize,
    /// Decisions on labels that are retired here; left out.
    pub n_retired: usize,
}

/// `is_here`: whether an image is in this collection.
pub fn plan(here: Side<'_>, there: Side<'_>, is_here: impl Fn(&ImageId) -> bool) -> Plan {
    let matching = Matching::new(here.vocabulary, there.vocabulary);
    let mut planner = Planner { here, there, matching, plan: Plan::default(), spoken: BTreeSet::new() };
    let mut elsewhere: BTreeSet<&ImageId> = BTreeSet::new();
    for ((image, attribute), said) in &there.words.last {
        match attribute {
            _ if !is_here(image) => drop(elsewhere.insert(image)),
            Some(attribute) => planner.tag(image, *attribute, said),
            None => planner.mark(image, said),
        }
    }
    planner.taken_back();
    let Planner { matching, mut plan, .. } = planner;
    plan.n_elsewhere = elsewhere.len();
    plan.made = matching.made();
    plan.step.edits = plan.made.iter().cloned().map(Edit::create).collect();
    plan
}

struct Planner<'a> {
    here: Side<'a>,
    there: Side<'a>,
    matching: Matching<'a>,
    plan: Plan,
    /// Spots of this record that the other has a word on.
    spoken: BTreeSet<Spot>,
}

impl Planner<'_> {
    fn tag(&mut self, image: &ImageId, attribute: AttributeId, said: &Said) {
        if self.there.vocabulary.standing(attribute) == Standing::Absent {
            return; // Its making was taken back there.
        }
        let known = self.matching.find(attribute);
        if known.is_none() && said.verdict == Verdict::Clear {
            return;
        }
        let id = known.unwrap_or_else(|| self.matching.make(attribute));
        let spot = (image.clone(), Some(id));
        if said.verdict != Verdict::Clear && !self.spoken.insert(spot.clone()) {
            return; // Two labels there are one here: the first word counts.
        }
        if self.here.vocabulary.standing(id) == Standing::Retired {
            self.plan.n_retired += 1;
        } else if self.is_known(&said.key, &spot) {
            self.plan.n_known += 1;
        } else if self.follows(&spot, said) {
            self.take(spot, said.clone());
        } else if said.verdict != Verdict::Clear {
            match self.holds_here(image, id) {
                None => self.take(spot, said.clone()),
                Some(held) if held.is_present == (said.verdict == Verdict::Accept) => self.agree(spot, said),
                Some(held) => self.contradict(spot, said.clone(), held),
            }
        }
    }

    fn mark(&mut self, image: &ImageId, said: &Said) {
        let spot = (image.clone(), None);
        let is_reviewed = said.verdict == Verdict::Accept;
        if is_reviewed {
            self.spoken.insert(spot.clone());
        }
        if self.is_known(&said.key, &spot) {
            self.plan.n_known += 1;
            return;
        }
        let is_marked = self.here.annotations.get(image).is_some_and(Annotation::is_marked);
        match (is_reviewed, is_marked) {
            (true, false) => self.take(spot, said.clone()),
            (true, true) => self.agree(spot, said),
            (false, true) if self.follows(&spot, said) => self.take(spot, said.clone()),
            (false, _) => return,
        }
        if is_reviewed {
            self.reviewed_otherwise(image, said);
        }
    }

    /// Somebody reviewed the image there without a word on what was decided by name here.
    fn reviewed_otherwise(&mut self, image: &ImageId, mark: &Said) {
        let base = self.there.annotations.get(image).and_then(Annotation::base);
        let from = (image.clone(), Some(AttributeId(0)));
        let here = self.here.words;
        let named = here.last.range(from..).take_while(|((other, _), _)| other == image);
        for ((_, attribute), held) in named {
            let Some(there) = attribute.and_then(|id| self.matching.back(id)) else {
                continue; // They did not know the label.
            };
            let was_said = self.there.words.last.get(&(image.clone(), Some(there)));
            let is_silent = was_said.is_none_or(|said| said.verdict == Verdict::Clear);
            let is_given = base.is_some_and(|base| base.contains(there));
            let is_present = held.verdict == Verdict::Accept;
            let is_offered = attribute.is_some_and(|id| self.here.vocabulary.is_offered(id));
            if is_silent
                && is_offered
                && held.verdict != Verdict::Clear
                && is_given != is_present
                && !self.there_has(&held.key, &(image.clone(), *attribute))
            {
                let verdict = if is_given { Verdict::Accept } else { Verdict::Reject };
                let said = Said { verdict, proposed: None, ..mark.clone() };
                let (who, at_millis) = (held.who.clone(), held.at_millis);
                let held = Contested { is_present, who, at_millis, by_review: true };
                self.contradict((image.clone(), *attribute), said, held);
            }
        }
    }

    /// Words that their speaker took back there, and that hold here still.
    fn taken_back(&mut self) {
        for (spot, held) in &self.here.words.last {
            let back = self.there.words.taken_back.get(&held.key).filter(|(who, _)| *who == held.who);
            if let Some((who, at_millis)) = back
                && held.verdict != Verdict::Clear
                && !self.spoken.contains(spot)
            {
                let (who, key) = (who.clone(), format!("{} taken back", held.key));
                let said = Said { verdict: Verdict::Clear, who, at_millis: *at_millis, key, proposed: None };
                if !self.is_known(&said.key, spot) {
                    self.take(spot.clone(), said);
                }
            }
        }
    }

    fn is_known(&self, key: &str, spot: &Spot) -> bool {
        self.here.words.has(key, spot)
    }

    /// Whether the word that holds here is of the same person, and the other record has it too: then theirs is later.
    fn follows(&self, spot: &Spot, said: &Said) -> bool {
        let last = &self.here.words.last;
        let is_theirs = |spot: &Spot| {
            let held = last.get(spot).filter(|held| held.verdict != Verdict::Clear);
            held.map(|held| held.who == said.who && self.there_has(&held.key, spot))
        };
        // A tag without a word of its own was judged by the mark.
        let by_mark = || said.verdict != Verdict::Clear && is_theirs(&(spot.0.clone(), None)) == Some(true);
        is_theirs(spot).unwrap_or_else(by_mark)
    }

    /// Whether the other record has a word of this one.
    fn there_has(&self, key: &str, (image, attribute): &Spot) -> bool {
        let there = attribute.map(|id| self.matching.back(id));
        match there {
            Some(None) => false,
            Some(Some(id)) => self.there.words.has(key, &(image.clone(), Some(id))),
            None => self.there.words.has(key, &(image.clone(), None)),
        }
    }

    /// What somebody said here of a tag: by name, or by reviewing the whole image.
    fn holds_here(&self, image: &ImageId, id: AttributeId) -> Option<Contested> {
        let annotation = self.here.annotations.get(image)?;
        let said_of = |spot: Spot| self.here.words.last.get(&spot);
        let said = match annotation.verdict(id) {
            Verdict::Clear if annotation.is_marked() => said_of((image.clone(), None)),
            Verdict::Clear => return None,
            _ => said_of((image.clone(), Some(id))),
        };
        let is_present = annotation.state(id).is_present();
        let (who, at_millis) = said.map_or_else(Default::default, |said| (said.who.clone(), said.at_millis));
        Some(Contested { is_present, who, at_millis, by_review: false })
    }

    fn take(&mut self, spot: Spot, said: Said) {
        let annotation = self.here.annotations.get(&spot.0);
        let image = spot.0.clone();
        let change = match spot.1 {
            Some(attribute) => {
                self.plan.n_decisions += 1;
                let before = annotation.map_or(Verdict::Clear, |annotation| annotation.verdict(attribute));
                let proposed = said.proposed.clone();
                Change::Decide(Decision { image, attribute, verdict: said.verdict, before, proposed })
            }
            None => {
                self.plan.n_marks += 1;
                let before = annotation.is_some_and(Annotation::is_marked);
                Change::Mark(Mark { image, reviewed: said.verdict == Verdict::Accept, before })
            }
        };
        let came = Came::Taken { change: self.plan.step.changes.len() };
        self.plan.step.changes.push(change);
        self.plan.heard.push(Heard { spot, said, came });
    }

    fn agree(&mut self, spot: Spot, said: &Said) {
        self.plan.n_agreeing += 1;
        self.plan.heard.push(Heard { spot, said: said.clone(), came: Came::Agrees });
    }

    fn contradict(&mut self, spot: Spot, said: Said, held: Contested) {
        self.plan.n_conflicts += 1;
        self.plan.heard.push(Heard { spot, said, came: Came::Contradicts(held) });
    }
}

impl Words {
    /// Whether this record has a word: it was said here, or heard from another.
    fn has(&self, key: &str, spot: &Spot) -> bool {
        self.own.contains(key) || self.heard.contains(&(key.to_owned(), spot.clone()))
    }
}

#[cfg(test)]
mod tests;
