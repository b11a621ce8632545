//! What a run gives, and that it gives the same when it is interrupted.

use std::ops::ControlFlow;
use std::time::Duration;

use candle_core::Tensor;

use super::*;
use crate::model::{Architecture, NetworkConfig};
use crate::store::Location;
use crate::training::augment::Augment;
use crate::training::observer::{Progress, Silent};
use crate::training::recipe::{Depth, Keep};
use crate::training::schedule::Schedule;
use crate::training::unfinished::Work;

fn ids(n: usize) -> Vec<String> {
    (0..n).map(|i| format!("{i:04}")).collect()
}

/// Two features; label 0 is the first one's sign, label 1 the second one's; image 0 is judged by nobody.
fn samples(n: usize) -> (Vec<f32>, Vec<Truth>) {
    let features: Vec<f32> = (0..2 * n).map(|i| ((i * 7919) % 200) as f32 / 100.0 - 1.0).collect();
    let mut truth: Vec<Truth> = features.iter().map(|&v| Truth::from(Some(v > 0.0))).collect();
    truth[..2].fill(Truth::Unjudged);
    (features, truth)
}

fn from_features(recipe: &Recipe, n: usize) -> Result<Outcome, TrainError> {
    let (values, truth) = samples(n);
    let material =
        Material::Features { features: Features::new(2, &values).unwrap(), start: None, device: &Device::Cpu };
    let attributes = [AttributeId(4), AttributeId(9)];
    run(Spec { recipe, ids: &ids(n), groups: &[], attributes: &attributes, truth: &truth, material }, None, &mut Silent)
}

#[test]
fn a_head_is_fitted_to_the_described_images_and_its_figures_carry_their_names() {
    let recipe = Recipe { learning_rate: 0.05, ..Recipe::default() };
    let found = from_features(&recipe, 120).unwrap();
    assert_eq!(found.report.n_train + found.report.n_valid, 119);
    assert!(found.report.metrics.f2_micro > 0.9, "{:?}", found.report);
    let json = serde_json::to_value(&found.report).unwrap();
    let names = ["f2_micro", "f2_per_image", "f2_macro", "map", "threshold", "n_train", "n_valid", "seconds_train"];
    assert!(names.iter().all(|name| json[name].is_number()), "{json}");
    assert_eq!(json["per_label"][1]["attribute_id"], 9);
    assert!(matches!(found.learned, Learned::Head(head) if head.n_labels() == 2));
}

#[test]
fn one_described_image_is_too_few() {
    assert!(matches!(from_features(&Recipe::default(), 2), Err(TrainError::TooFewImages { n_images: 1 })));
}

#[test]
fn a_network_gets_a_head_before_what_lies_under_it_moves() {
    let n = 12;
    let picture = |index: usize| Ok((0..3 * 32 * 32).map(|i| if i % 3 == index % 3 { 220 } else { 30 }).collect());
    let truth: Vec<Truth> = (0..3 * n).map(|cell| Truth::from(Some(cell / 3 % 3 == cell % 3))).collect();
    let attributes = [1, 2, 3].map(AttributeId);
    for depth in [Depth::Last, Depth::All] {
        let network = Network::fresh(&NetworkConfig::new(Architecture::MobileNetV2035, 3), 8, &Device::Cpu).unwrap();
        let before = classifier(&network).unwrap();
        let recipe = Recipe { epochs: 2, validation: 0.3, ..Recipe::for_depth(depth) };
        let input = Input { side: 32, mean: [0.5; 3], std: [0.5; 3] };
        let n_features = network.num_features();
        let values: Vec<f32> =
            (0..n * n_features).map(|i| if i % 3 == i / n_features % 3 { 1.0 } else { 0.0 }).collect();
        let features = Features::new(n_features, &values);
        let material = Material::Pixels { network, pixels: &picture, input, features };
        let spec =
            Spec { recipe: &recipe, ids: &ids(n), groups: &[], attributes: &attributes, truth: &truth, material };
        let found = run(spec, None, &mut Silent).unwrap();
        let Learned::Network(network) = found.learned else { panic!("no network") };
        assert_ne!(classifier(&network).unwrap(), before, "{depth:?}");
    }
}

/// Runs with a keeper that saves at every step, stopped after `calls` reports, gone on with from disk, and so on
/// until it ends.
fn in_pieces(
    calls: usize,
    location: &Location,
    mut run_once: impl FnMut(&mut Keeper, &mut dyn Observer) -> Result<Outcome, TrainError>,
) -> (Outcome, usize) {
    let work = Work {
        recipe: Recipe::default(),
        from: "here".to_owned(),
        side: None,
        out: None,
        attributes: vec![],
        described: vec![],
        n_decisions: 0,
        train: vec![],
        validation: vec![],
    };
    let mut keeper = Keeper::new(location, work, Duration::ZERO);
    for pieces in 1.. {
        let mut n = 0;
        let mut stop = |_: &Progress| {
            n += 1;
            if n == calls { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        match run_once(&mut keeper, &mut stop) {
            Ok(outcome) => return (outcome, pieces),
            Err(TrainError::Cancelled) => {
                drop(keeper); // It holds the place.
                keeper = Keeper::resuming(location, Duration::ZERO).unwrap();
            }
            Err(error) => panic!("{error}"),
        }
    }
    unreachable!()
}

#[test]
fn a_head_interrupted_again_and_again_ends_as_if_it_had_never_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let location = Location::of(folder.path()).unwrap();
    let (values, truth) = samples(120);
    let recipe = Recipe { epochs: 5, batch: 32, learning_rate: 0.05, ..Recipe::default() };
    let attributes = [AttributeId(4), AttributeId(9)];
    let ids = ids(120);
    let once = |keeper: Option<&mut Keeper>, observer: &mut dyn Observer| {
        let features = Features::new(2, &values).unwrap();
        let material = Material::Features { features, start: None, device: &Device::Cpu };
        run(
            Spec { recipe: &recipe, ids: &ids, groups: &[], attributes: &attributes, truth: &truth, material },
            keeper,
            observer,
        )
    };
    let whole = once(None, &mut Silent).unwrap();
    for calls in [3, 7] {
        let (pieces, n) = in_pieces(calls, &location, |keeper, observer| once(Some(keeper), observer));
        assert!(2 < n, "{n} pieces");
        let (Learned::Head(a), Learned::Head(b)) = (&whole.learned, &pieces.learned) else { panic!("no heads") };
        assert_eq!(a, b);
        assert_eq!((&whole.probabilities, whole.report.epoch), (&pieces.probabilities, pieces.report.epoch));
    }
}

#[test]
fn a_network_interrupted_again_and_again_ends_as_if_it_had_never_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let location = Location::of(folder.path()).unwrap();
    let n = 14;
    let picture = |index: usize| match index {
        5 => Err(TrainError::Pixels { message: "is damaged".to_owned() }),
        _ => Ok((0..3 * 32 * 32).map(|i| if i % 3 == index % 3 { 220 } else { (i * index % 80) as u8 }).collect()),
    };
    let truth: Vec<Truth> = (0..3 * n).map(|cell| Truth::from(Some(cell / 3 % 3 == cell % 3))).collect();
    let attributes = [1, 2, 3].map(AttributeId);
    let ids = ids(n);
    let usual = Recipe { epochs: 3, batch: 4, validation: 0.3, ..Recipe::for_depth(Depth::All) };
    let plateau = Schedule::Plateau { patience: 1, factor: 0.5 };
    for recipe in [
        Recipe { augment: Augment::Report, schedule: plateau, oversample_below: 0.5, ..usual.clone() },
        Recipe { moving_statistics: true, keep: Keep::Loss, ..usual },
    ] {
        let once = |keeper: Option<&mut Keeper>, observer: &mut dyn Observer| {
            let config = NetworkConfig::new(Architecture::MobileNetV2035, 3);
            let network = Network::fresh(&config, 8, &Device::Cpu).unwrap();
            let input = Input { side: 32, mean: [0.5; 3], std: [0.5; 3] };
            let material = Material::Pixels { network, pixels: &picture, input, features: None };
            run(
                Spec { recipe: &recipe, ids: &ids, groups: &[], attributes: &attributes, truth: &truth, material },
                keeper,
                observer,
            )
        };
        let whole = once(None, &mut Silent).unwrap();
        let (pieces, n) = in_pieces(4, &location, |keeper, observer| once(Some(keeper), observer));
        assert!(2 < n, "{n} pieces");
        let (Learned::Network(a), Learned::Network(b)) = (&whole.learned, &pieces.learned) else {
            panic!("no networks")
        };
        for ((name, a), (_, b)) in a.params().named_tensors().zip(b.params().named_tensors()) {
            let bits = |tensor: &Tensor| tensor.flatten_all().unwrap().to_vec1::<f32>().unwrap();
            assert_eq!(bits(&a), bits(&b), "{name}");
        }
        assert_eq!((&whole.probabilities, &whole.images), (&pieces.probabilities, &pieces.images));
    }
}
