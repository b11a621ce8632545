//! How far two curators agree on a label, beyond what chance would make them: Cohen's kappa.
//!
//! Counted over the images that both have judged: by name, or by marking the whole image as reviewed. What only the file
//! says is nobody's judgement.
//!
//! Source: Cohen 1960, "A coefficient of agreement for nominal scales", as scikit-learn's `cohen_kappa_score`.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{AttributeId, ImageId, LabelSet, Verdict};

/// What two curators said of one label, image by image.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Agreement {
    pub both: usize,
    pub only_first: usize,
    pub only_second: usize,
    pub neither: usize,
}

impl Agreement {
    /// Images that both have judged.
    pub fn n(&self) -> usize {
        self.both + self.only_first + self.only_second + self.neither
    }

    /// The share of images on which they say the same; `None` without images.
    pub fn observed(&self) -> Option<f64> {
        let n = self.n();
        (0 < n).then(|| (self.both + self.neither) as f64 / n as f64)
    }

    /// 1 is full agreement, 0 what chance alone would give, below 0 less than that. `None` where both said the same of
    /// all images: chance alone gives that, so there is nothing to measure.
    pub fn kappa(&self) -> Option<f64> {
        let n = self.n() as f64;
        let (first, second) = ((self.both + self.only_first) as f64 / n, (self.both + self.only_second) as f64 / n);
        let expected = first * second + (1.0 - first) * (1.0 - second);
        let observed = self.observed()?;
        (self.n() != self.both && self.n() != self.neither).then(|| (observed - expected) / (1.0 - expected))
    }

    fn count(&mut self, first: bool, second: bool) {
        let cell = match (first, second) {
            (true, true) => &mut self.both,
            (true, false) => &mut self.only_first,
            (false, true) => &mut self.only_second,
            (false, false) => &mut self.neither,
        };
        *cell += 1;
    }
}

/// What somebody said of an image: of one tag, or by a mark of all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    pub who: String,
    pub image: ImageId,
    /// `None`: the mark. Then `Accept` is reviewed, `Clear` is not.
    pub attribute: Option<AttributeId>,
    pub verdict: Verdict,
}

/// The agreement of two curators on each label that both have judged on some image, in the order of the ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    pub first: String,
    pub second: String,
    pub labels: Vec<(AttributeId, Agreement)>,
}

#[derive(Default)]
struct Judged {
    marked: bool,
    named: BTreeMap<AttributeId, bool>,
}

impl Judged {
    fn of(&self, attribute: AttributeId, base: Option<&LabelSet>) -> Option<bool> {
        let by_mark = || self.marked.then(|| base.is_some_and(|base| base.contains(attribute)));
        self.named.get(&attribute).copied().or_else(by_mark)
    }
}

/// Every two curators with an image that both have judged, by their names.
///
/// `judgements`: oldest first; the last word counts. `base`: the tags of the image's row in `train.csv` before anybody
/// decided. `labels`: those that are offered.
pub fn pairs<'a>(
    judgements: impl IntoIterator<Item = Judgement>,
    base: impl Fn(&ImageId) -> Option<&'a LabelSet>,
    labels: &[AttributeId],
) -> Vec<Pair> {
    let mut said: BTreeMap<String, BTreeMap<ImageId, Judged>> = BTreeMap::new();
    for Judgement { who, image, attribute, verdict } in judgements {
        let judged = said.entry(who).or_default().entry(image).or_default();
        match (attribute, verdict) {
            (None, verdict) => judged.marked = verdict == Verdict::Accept,
            (Some(attribute), Verdict::Clear) => drop(judged.named.remove(&attribute)),
            (Some(attribute), verdict) => drop(judged.named.insert(attribute, verdict == Verdict::Accept)),
        }
    }
    let curators: Vec<_> = said.iter().collect();
    let mut pairs = Vec::new();
    for (at, (first, by_first)) in curators.iter().enumerate() {
        for (second, by_second) in &curators[at + 1..] {
            let labels = agreements(by_first, by_second, &base, labels);
            if !labels.is_empty() {
                pairs.push(Pair { first: (*first).clone(), second: (*second).clone(), labels });
            }
        }
    }
    pairs
}

fn agreements<'a>(
    by_first: &BTreeMap<ImageId, Judged>,
    by_second: &BTreeMap<ImageId, Judged>,
    base: &impl Fn(&ImageId) -> Option<&'a LabelSet>,
    labels: &[AttributeId],
) -> Vec<(AttributeId, Agreement)> {
    let mut counts: BTreeMap<AttributeId, Agreement> = BTreeMap::new();
    // Most labels of an image that both have reviewed were named by nobody: they are counted together.
    let mut n_marked = 0;
    let mut n_named_of_marked: HashMap<AttributeId, usize> = HashMap::new();
    for (image, first) in by_first {
        let Some(second) = by_second.get(image) else {
            continue;
        };
        let base = base(image);
        let mut named: BTreeSet<AttributeId> = first.named.keys().chain(second.named.keys()).copied().collect();
        let both_marked = first.marked && second.marked;
        if both_marked {
            n_marked += 1;
            named.extend(base.iter().flat_map(|base| base.iter()));
        }
        for attribute in named {
            if both_marked {
                *n_named_of_marked.entry(attribute).or_default() += 1;
            }
            if let (Some(first), Some(second)) = (first.of(attribute, base), second.of(attribute, base)) {
                counts.entry(attribute).or_default().count(first, second);
            }
        }
    }
    let whole = labels.iter().map(|&label| {
        let mut agreement = counts.get(&label).copied().unwrap_or_default();
        agreement.neither += n_marked - n_named_of_marked.get(&label).copied().unwrap_or(0);
        (label, agreement)
    });
    whole.filter(|(_, agreement)| 0 < agreement.n()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// scikit-learn 1.9.1.
    const KAPPAS: [(usize, usize, usize, usize, f64, Option<f64>); 10] = [
        (20, 5, 10, 15, 0.7, Some(0.4)),
        (5, 0, 0, 5, 1.0, Some(1.0)),
        (0, 5, 5, 0, 0.0, Some(-1.0)),
        (45, 15, 25, 15, 0.6, Some(0.13043478260869568)),
        (25, 35, 5, 35, 0.6, Some(0.2592592592592593)),
        (1, 1, 0, 8, 0.9, Some(0.6153846153846154)),
        (3, 4, 0, 0, 0.42857142857142855, Some(0.0)),
        (0, 3, 0, 7, 0.7, Some(0.0)),
        (10, 0, 0, 0, 1.0, None),
        (0, 0, 0, 7, 1.0, None),
    ];

    #[test]
    fn kappa_is_scikit_learns_and_is_undefined_where_all_is_the_same() {
        // (both, only the first, only the second, neither, share of the same, kappa) by `cohen_kappa_score(a, b)`, which
        // gives nan where we say `None`.
        for (both, only_first, only_second, neither, observed, kappa) in KAPPAS {
            let agreement = Agreement { both, only_first, only_second, neither };
            let found = (agreement.observed().unwrap(), agreement.kappa());
            assert!((found.0 - observed).abs() < 1e-12, "{agreement:?}: {found:?}");
            match (found.1, kappa) {
                (None, None) => {}
                (Some(found), Some(expected)) => assert!((found - expected).abs() < 1e-12, "{agreement:?}: {found}"),
                (found, _) => panic!("{agreement:?}: {found:?}"),
            }
        }
        let nothing = Agreement::default();
        assert_eq!((nothing.n(), nothing.observed(), nothing.kappa()), (0, None, None));
    }

    fn said(who: &str, image: &str, attribute: Option<u32>, verdict: Verdict) -> Judgement {
        let (who, image) = (who.to_owned(), ImageId::from(image));
        Judgement { who, image, attribute: attribute.map(AttributeId), verdict }
    }

    #[test]
    fn only_what_both_have_judged_is_counted_and_a_mark_judges_every_label() {
        use Verdict::{Accept, Clear, Reject};
        let base = LabelSet::from([3]);
        let judgements = [
            said("ada", "a", None, Accept),
            said("ada", "a", Some(1), Accept),
            said("ben", "a", None, Accept),
            said("ben", "a", Some(1), Reject),
            said("ada", "b", Some(1), Accept),
            said("ben", "b", Some(1), Reject),
            said("ben", "b", Some(1), Accept),
            said("ben", "b", Some(2), Accept),
            said("ada", "c", Some(2), Accept),
            said("ben", "c", None, Accept),
            said("ada", "d", Some(2), Accept),
            said("ada", "d", Some(2), Clear),
            said("ben", "d", Some(2), Accept),
            said("cid", "z", Some(1), Accept),
        ];
        let found = pairs(judgements, |image| (image.as_str() == "a").then_some(&base), &[1, 2, 3, 4].map(AttributeId));
        // By hand. Label 1: a yes/no, b yes/yes. 2: a neither, c yes/no by the mark. 3: a, from the file. 4: a neither.
        let agreement = |both, only_first, only_second, neither| Agreement { both, only_first, only_second, neither };
        let labels = [
            (AttributeId(1), agreement(1, 1, 0, 0)),
            (AttributeId(2), agreement(0, 1, 0, 1)),
            (AttributeId(3), agreement(1, 0, 0, 0)),
            (AttributeId(4), agreement(0, 0, 0, 1)),
        ];
        assert_eq!(found, [Pair { first: "ada".to_owned(), second: "ben".to_owned(), labels: labels.into() }]);
    }
}
