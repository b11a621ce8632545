//! What a merge takes, keeps and leaves, word by word.

use super::*;
use crate::domain::LabelSet;

/// A record in memory: labels 1 to 3, a `train.csv` with tag 3 on image `b`.
#[derive(Clone)]
struct Desk {
    vocabulary: Vocabulary,
    annotations: HashMap<ImageId, Annotation>,
    words: Words,
    n_steps: usize,
    name: &'static str,
}

impl Desk {
    fn new(name: &'static str) -> Self {
        Self {
            vocabulary: Vocabulary::new([1, 2, 3].map(|id| Label::new(id, format!("tag::{id}")))),
            annotations: HashMap::from([(ImageId::from("b"), Annotation::new(Some(LabelSet::from([3]))))]),
            words: Words::default(),
            n_steps: 0,
            name,
        }
    }

    fn side(&self) -> Side<'_> {
        Side { vocabulary: &self.vocabulary, annotations: &self.annotations, words: &self.words }
    }

    /// `attribute` 0 is the mark.
    fn say(&mut self, image: &str, attribute: u32, verdict: Verdict) -> String {
        self.n_steps += 1;
        let key = format!("{}{}", self.name, self.n_steps);
        let who = self.name.to_owned();
        let said = Said { verdict, who, at_millis: self.n_steps as u64, key: key.clone(), proposed: None };
        self.words.own.insert(key.clone());
        self.put((ImageId::from(image), (attribute != 0).then_some(AttributeId(attribute))), said);
        key
    }

    fn put(&mut self, spot: Spot, said: Said) {
        let (image, verdict) = (spot.0.clone(), said.verdict);
        let change = match spot.1 {
            Some(attribute) => {
                Change::Decide(Decision { image, attribute, verdict, before: Verdict::Clear, proposed: None })
            }
            None => Change::Mark(Mark { image, reviewed: verdict == Verdict::Accept, before: false }),
        };
        self.annotations.entry(spot.0.clone()).or_default().apply(&change);
        self.words.last.insert(spot, said);
    }

    /// As a merge is written.
    fn take(&mut self, plan: &Plan) {
        plan.step.edit(&mut self.vocabulary, false);
        for heard in &plan.heard {
            self.words.heard.insert((heard.said.key.clone(), heard.spot.clone()));
            if matches!(heard.came, Came::Taken { .. }) {
                self.put(heard.spot.clone(), heard.said.clone());
            }
        }
    }
}

fn merged(here: &Desk, there: &Desk) -> Plan {
    plan(here.side(), there.side(), |image| image.as_str() != "z")
}

/// `taken ben accept a 1`, `same …`, `conflict …`.
fn lines(plan: &Plan) -> Vec<String> {
    let line = |heard: &Heard| {
        let came = match &heard.came {
            Came::Taken { .. } => "taken",
            Came::Agrees => "same",
            Came::Contradicts(_) => "conflict",
        };
        let verdict = match heard.said.verdict {
            Verdict::Accept => "accept",
            Verdict::Reject => "reject",
            Verdict::Clear => "clear",
        };
        let tag = heard.spot.1.map_or_else(|| "mark".to_owned(), |id| id.to_string());
        format!("{came} {} {verdict} {} {tag}", heard.said.who, heard.spot.0)
    };
    plan.heard.iter().map(line).collect()
}

#[test]
fn a_word_is_taken_where_nobody_has_said_anything_and_a_contradiction_is_kept() {
    use Verdict::{Accept, Clear, Reject};
    // What ada and ben say of tag 1 or 3 of an image (0 is the mark), and what comes of merging ben's into ada's; by hand.
    type Case =
        (&'static [(&'static str, u32, Verdict)], &'static [(&'static str, u32, Verdict)], &'static [&'static str]);
    let cases: [Case; 14] = [
        (&[], &[("a", 1, Accept)], &["taken ben accept a 1"]),
        (&[], &[("a", 1, Accept), ("a", 1, Reject)], &["taken ben reject a 1"]),
        (&[], &[("a", 1, Accept), ("a", 1, Clear)], &[]),
        (&[], &[("a", 0, Accept)], &["taken ben accept a mark"]),
        (&[("a", 1, Accept)], &[("a", 1, Accept)], &["same ben accept a 1"]),
        (&[("a", 1, Accept)], &[("a", 1, Reject)], &["conflict ben reject a 1"]),
        (&[("a", 1, Reject)], &[("a", 1, Accept)], &["conflict ben accept a 1"]),
        (&[("a", 0, Accept)], &[("a", 1, Accept)], &["conflict ben accept a 1"]),
        (&[("a", 0, Accept)], &[("a", 1, Reject)], &["same ben reject a 1"]),
        (&[("b", 0, Accept)], &[("b", 3, Reject)], &["conflict ben reject b 3"]),
        (&[], &[("b", 3, Reject)], &["taken ben reject b 3"]),
        (&[("a", 1, Accept)], &[("a", 0, Accept)], &["taken ben accept a mark", "conflict ben reject a 1"]),
        (&[("b", 3, Reject)], &[("b", 0, Accept)], &["taken ben accept b mark", "conflict ben accept b 3"]),
        (&[("a", 1, Accept)], &[("z", 1, Accept)], &[]),
    ];
    for (ada_says, ben_says, expected) in cases {
        let (mut ada, mut ben) = (Desk::new("ada"), Desk::new("ben"));
        ada_says.iter().for_each(|&(image, tag, verdict)| drop(ada.say(image, tag, verdict)));
        ben_says.iter().for_each(|&(image, tag, verdict)| drop(ben.say(image, tag, verdict)));
        let before = ada.annotations.clone();
        let plan = merged(&ada, &ben);
        assert_eq!(lines(&plan), expected, "{ada_says:?} {ben_says:?}");
        ada.take(&plan);
        // What somebody has said here holds as it did.
        for &(image, tag, _) in ada_says.iter().filter(|(_, tag, _)| *tag != 0) {
            let state = |annotations: &HashMap<ImageId, Annotation>| annotations[image].state(AttributeId(tag));
            assert_eq!(state(&ada.annotations), state(&before), "{ada_says:?} {ben_says:?}");
        }
        let again = merged(&ada, &ben);
        assert!(again.heard.is_empty() && again.step.is_empty(), "{:?}", lines(&again));
    }
}

#[test]
fn a_second_merge_adds_what_is_new_and_follows_who_changed_their_mind() {
    let (mut ada, mut ben) = (Desk::new("ada"), Desk::new("ben"));
    ben.say("a", 1, Verdict::Accept);
    let second = ben.say("a", 2, Verdict::Accept);
    ben.say("b", 1, Verdict::Accept);
    ben.say("c", 1, Verdict::Accept);
    ada.take(&merged(&ada, &ben));
    // Ben goes on: rejects what he accepted, takes a step back, leaves a tag open. Ada has overruled one herself.
    ben.say("a", 1, Verdict::Reject);
    ben.words.last.remove(&(ImageId::from("a"), Some(AttributeId(2))));
    ben.words.taken_back.insert(second, ("ben".to_owned(), 9));
    ben.say("b", 1, Verdict::Clear);
    ada.say("c", 1, Verdict::Reject);
    ben.say("d", 1, Verdict::Accept);
    let plan = merged(&ada, &ben);
    assert_eq!(
        lines(&plan),
        ["taken ben reject a 1", "taken ben clear b 1", "taken ben accept d 1", "taken ben clear a 2"]
    );
    assert_eq!((plan.n_known, plan.n_conflicts), (1, 0), "her answer to his word is no news to her");
    ada.take(&plan);
    assert!(merged(&ada, &ben).heard.is_empty());
    // Through a third record nothing comes twice, and each word keeps who said it.
    let mut cid = Desk::new("cid");
    cid.take(&merged(&cid, &ada));
    assert_eq!(cid.words.last[&(ImageId::from("a"), Some(AttributeId(1)))].who, "ben");
    let later = lines(&merged(&cid, &ben));
    assert_eq!(later, ["conflict ben accept c 1"], "ada had overruled it, which cid did not hear from ben");
}

#[test]
fn copies_of_one_record_know_what_was_said_before_they_parted() {
    let mut ada = Desk::new("ada");
    ada.say("a", 1, Verdict::Accept);
    ada.say("a", 2, Verdict::Accept);
    let mut ben = Desk { name: "ben", ..ada.clone() };
    assert!(merged(&ada, &ben).heard.is_empty());
    ben.say("a", 1, Verdict::Reject);
    assert_eq!(lines(&merged(&ada, &ben)), ["conflict ben reject a 1"], "another person never overrules silently");
    let mut laptop = Desk { name: "ada", n_steps: 10, ..ada.clone() };
    laptop.say("a", 1, Verdict::Reject);
    assert_eq!(lines(&merged(&ada, &laptop)), ["taken ada reject a 1"], "her own later word");
}

#[test]
fn labels_that_are_missing_are_made_and_decisions_on_retired_ones_left_out() {
    let (mut ada, mut ben) = (Desk::new("ada"), Desk::new("ben"));
    ada.vocabulary.push(Label::new(4, "tag::boats"));
    ben.vocabulary.push(Label::new(4, "tag::masks"));
    ben.vocabulary.push(Label::new(5, "tag::boats"));
    let (label, before) = (Label::new(2, "tag::2"), Standing::Offered);
    ada.vocabulary.apply(&Edit::Stand { label, standing: Standing::Retired, before });
    for tag in [2, 4, 5] {
        ben.say("a", tag, Verdict::Accept);
    }
    ben.say("z", 4, Verdict::Accept);
    let plan = merged(&ada, &ben);
    assert_eq!(plan.made, [Label::new(5, "tag::masks")]);
    assert_eq!(lines(&plan), ["taken ben accept a 5", "taken ben accept a 4"]);
    assert_eq!((plan.n_retired, plan.n_elsewhere), (1, 1));
    ada.take(&plan);
    assert!(merged(&ada, &ben).heard.is_empty());
}
