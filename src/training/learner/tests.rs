//! What the learner promises, on pictures of three kinds.

use super::*;
use crate::domain::f_beta::reference::det;
use crate::domain::{Change, Decision, Label, LabelSet, Mark, Verdict};

const N_FEATURES: usize = 16;

fn vocabulary() -> Vocabulary {
    Vocabulary::new([10, 11, 12].map(|id| Label::new(id, format!("tag::{id}"))))
}

fn nothing_known() -> LinearHead {
    LinearHead { n_features: N_FEATURES, weight: Vec::new(), bias: Vec::new() }
}

/// Pictures of three kinds, one label for each; features of different sizes.
fn pictures(n: usize) -> Vec<(ImageId, Vec<f32>, LabelSet)> {
    let drawn = det("pictures", n * N_FEATURES);
    let picture = |(image, row): (usize, &[f64])| {
        let kind = image % 3;
        let value = |(feature, &v): (usize, &f64)| {
            let lit = if feature % 3 == kind { 1.2 } else { 0.0 };
            ((v + lit) * [0.1, 1.0, 20.0, 3.0][feature % 4]) as f32 + 2.0
        };
        let features = row.iter().enumerate().map(value).collect();
        (ImageId::from(format!("{image}")), features, LabelSet::from([10 + kind as u32]))
    };
    drawn.chunks_exact(N_FEATURES).enumerate().map(picture).collect()
}

fn seen(learner: &mut Learner, pictures: &[(ImageId, Vec<f32>, LabelSet)]) {
    for (at, (_, features, _)) in pictures.iter().enumerate() {
        learner.see(features, at + 1 == pictures.len()).unwrap();
    }
}

/// Share of pictures whose own label is the most likely.
fn right(learner: &Learner, pictures: &[(ImageId, Vec<f32>, LabelSet)]) -> f64 {
    let is_right = |(_, features, tags): &&(ImageId, Vec<f32>, LabelSet)| {
        let row = learner.probabilities(features).unwrap();
        let best = (0..row.len()).max_by(|&a, &b| row[a].total_cmp(&row[b])).unwrap();
        tags.contains(learner.attribute_ids()[best])
    };
    pictures.iter().filter(is_right).count() as f64 / pictures.len() as f64
}

#[test]
fn from_nothing_neighbours_propose_after_a_few_images_and_the_head_after_more() {
    let pictures = pictures(200);
    let mut learner = Learner::new(nothing_known(), &[], &vocabulary(), None).unwrap();
    seen(&mut learner, &pictures);
    assert_eq!(learner.probabilities(&pictures[0].1).unwrap(), [0.0; 3]);
    for (at, (image, features, tags)) in pictures[..100].iter().enumerate() {
        learner.put(image, features, &Annotation::new(Some(tags.clone())), true).unwrap();
        learner.update().unwrap();
        // (images, at least so many right): a third would be luck.
        for (n, at_least) in [(6, 0.6), (30, 0.8), (100, 0.9)] {
            if at + 1 == n {
                let found = right(&learner, &pictures[100..]);
                assert!(found > at_least, "{n} images: {found}");
            }
        }
    }
    assert_eq!((learner.n_images(), learner.n_validated()), (100, 100));
    assert!((0.05..0.6).contains(&learner.threshold()), "{}", learner.threshold());
}

#[test]
fn what_is_taken_back_is_unlearned() {
    let pictures = pictures(60);
    let mut learner = Learner::new(nothing_known(), &[], &vocabulary(), None).unwrap();
    seen(&mut learner, &pictures);
    for (image, features, tags) in &pictures[..30] {
        learner.put(image, features, &Annotation::new(Some(tags.clone())), true).unwrap();
    }
    learner.update().unwrap();
    assert!(learner.probabilities(&pictures[0].1).unwrap()[0] > 0.5);
    for (image, features, _) in &pictures[..30] {
        learner.put(image, features, &Annotation::default(), true).unwrap();
    }
    learner.update().unwrap();
    assert_eq!(learner.n_images(), 0);
    assert_eq!(learner.probabilities(&pictures[0].1).unwrap(), [0.0; 3]);
}

#[test]
fn a_model_speaks_alone_until_something_is_learned_and_a_rejection_lowers_it() {
    let pictures = pictures(20);
    let mut base = LinearHead::zeros(1, N_FEATURES);
    base.bias[0] = 1.0;
    let mut learner = Learner::new(base, &[AttributeId(11)], &vocabulary(), Some(0.4)).unwrap();
    seen(&mut learner, &pictures);
    assert_eq!(learner.attribute_ids(), [11, 10, 12].map(AttributeId));
    let (image, features, _) = &pictures[0];
    let probability = |learner: &Learner| learner.probabilities(features).unwrap();
    assert!((probability(&learner)[0] - sigmoid(1.0)).abs() < 1e-6 && learner.threshold() == 0.4);
    let mut annotation = Annotation::default();
    annotation.apply(&Change::Decide(Decision {
        image: image.clone(),
        attribute: AttributeId(11),
        verdict: Verdict::Reject,
        before: Verdict::Clear,
        proposed: None,
    }));
    learner.put(image, features, &annotation, true).unwrap();
    learner.update().unwrap();
    assert!(probability(&learner)[0] < 0.4, "{:?}", probability(&learner));
    assert_eq!(probability(&learner)[1..], [0.0; 2], "nobody has said anything about the others");
    assert_eq!(learner.n_validated(), 0, "one rejection is no review");
}

#[test]
fn an_image_reviewed_tag_by_tag_validates_what_was_said_before_the_first() {
    let pictures = pictures(20);
    let mut learner = Learner::new(nothing_known(), &[], &vocabulary(), None).unwrap();
    seen(&mut learner, &pictures);
    let (image, features, _) = &pictures[0];
    let mut annotation = Annotation::default();
    annotation.apply(&Change::Decide(Decision {
        image: image.clone(),
        attribute: AttributeId(10),
        verdict: Verdict::Accept,
        before: Verdict::Clear,
        proposed: None,
    }));
    learner.put(image, features, &annotation, true).unwrap();
    learner.update().unwrap();
    assert_eq!((learner.n_images(), learner.n_validated()), (1, 0));
    annotation.apply(&Change::Mark(Mark { image: image.clone(), reviewed: true, before: false }));
    for _ in 0..2 {
        learner.put(image, features, &annotation, true).unwrap();
        assert_eq!(learner.n_validated(), 1);
    }
    assert_eq!(learner.progressive.f2_micro(0.01), Some(0.0), "nothing was said before");
}

#[test]
fn a_created_label_is_learned_like_any_other() {
    let pictures = pictures(30);
    let mut learner = Learner::new(nothing_known(), &[], &vocabulary(), None).unwrap();
    seen(&mut learner, &pictures);
    learner.create(AttributeId(77)).unwrap();
    for (at, (image, features, _)) in pictures[..12].iter().enumerate() {
        let mut annotation = Annotation::new((at % 3 == 0).then(|| LabelSet::from([77])));
        annotation.apply(&Change::Mark(Mark { image: image.clone(), reviewed: true, before: false }));
        learner.put(image, features, &annotation, true).unwrap();
    }
    learner.update().unwrap();
    let of = |picture: usize| learner.probabilities(&pictures[picture].1).unwrap()[3];
    assert!(of(15) > of(16) && of(18) > of(19), "{} {} {} {}", of(15), of(16), of(18), of(19));
}

#[test]
fn the_nearest_described_images_are_named() {
    let pictures = pictures(30);
    let mut learner = Learner::new(nothing_known(), &[], &vocabulary(), None).unwrap();
    seen(&mut learner, &pictures);
    for (image, features, tags) in &pictures[..12] {
        learner.put(image, features, &Annotation::new(Some(tags.clone())), true).unwrap();
    }
    let [accepted, rejected] = learner.nearest(&pictures[0].1, AttributeId(10), &pictures[20].0).unwrap();
    assert_eq!(accepted.unwrap().0, &pictures[0].0, "the same picture by another name");
    assert!(rejected.unwrap().1 < accepted.unwrap().1);
    let [accepted, _] = learner.nearest(&pictures[0].1, AttributeId(10), &pictures[0].0).unwrap();
    assert_ne!(accepted.unwrap().0, &pictures[0].0, "not itself");
    assert_eq!(learner.nearest(&pictures[0].1, AttributeId(99), &pictures[0].0).unwrap(), [None; 2]);
}
