//! What holds for every network, whatever its weights.

use candle_core::{Device, Tensor};

use super::*;
use crate::base::Hint as _;
use crate::model::reference::{det, parameters};

fn images(size: usize) -> Tensor {
    let values: Vec<f32> = (0..2 * 3 * size * size).map(|i| (i as f32 * 0.37).sin()).collect();
    Tensor::from_vec(values, (2, 3, size, size), &Device::Cpu).unwrap()
}

fn fresh(architecture: Architecture) -> Network {
    Network::fresh(&NetworkConfig::new(architecture, 5), 3, &Device::Cpu).unwrap()
}

/// Every variable of the network has a gradient, and it is not zero.
fn check_gradients(network: &Network, size: usize, mode: Mode) {
    let name = network.config().name();
    let logits = network.forward(&images(size), mode).unwrap();
    let gradients = backward(&logits.sqr().unwrap().sum_all().unwrap()).unwrap();
    let mut n = 0;
    for (parameter, var) in network.params().named_vars() {
        let gradient = gradients.get(var).unwrap_or_else(|| panic!("{name}: {parameter} has no gradient"));
        let norm = gradient.sqr().unwrap().sum_all().unwrap().to_scalar::<f32>().unwrap();
        assert!(norm.is_finite() && 0.0 < norm, "{name} {mode:?}: {parameter}: {norm}");
        n += 1;
    }
    let outline = network.config().outline().unwrap();
    assert_eq!(n, outline.iter().filter(|declared| declared.kind == outline::Kind::Weight).count(), "{name}");
}

#[test]
fn every_trainable_variable_of_every_network_receives_a_gradient() {
    let plain = Architecture::ALL.map(|architecture| NetworkConfig::new(architecture, 5));
    let under_tails = [Architecture::MobileNetV2035, Architecture::Vgg19]
        .map(|architecture| NetworkConfig::new(architecture, 5).with_attention(true));
    for config in plain.into_iter().chain(under_tails) {
        let params = parameters(&config.outline().unwrap(), &Device::Cpu);
        check_gradients(&Network::new(&config, params).unwrap(), 96, Mode::Inference);
    }
}

#[test]
fn every_trainable_variable_receives_a_gradient_when_statistics_move() {
    for architecture in [Architecture::MobileNetV2035, Architecture::ResNet18] {
        check_gradients(&fresh(architecture), 64, Mode::Training { update_statistics: true });
    }
}

#[test]
fn attention_networks_have_the_papers_number_of_parameters() {
    // Millions with 1000 labels: arXiv 1704.06904, table 2.
    for (architecture, expected) in [(Architecture::Attention56, 31.9), (Architecture::Attention92, 51.3)] {
        let outline = NetworkConfig::new(architecture, 1000).outline().unwrap();
        let weights = outline.iter().filter(|declared| declared.kind == outline::Kind::Weight);
        let n: usize = weights.map(|declared| declared.shape.iter().product::<usize>()).sum();
        let found = n as f64 / 1e6;
        assert!((found - expected).abs() < 0.02 * expected, "{architecture:?}: {found:.2}, paper {expected}");
    }
}

#[test]
fn a_frozen_stage_has_no_variables_and_the_rest_keeps_its_gradients() {
    for (depth, expected) in [
        (Depth::Head, vec!["classifier.bias", "classifier.weight"]),
        (
            Depth::LastStage,
            vec![
                "blocks.6.0.bn1.bias",
                "blocks.6.0.bn1.weight",
                "blocks.6.0.bn2.bias",
                "blocks.6.0.bn2.weight",
                "blocks.6.0.bn3.bias",
                "blocks.6.0.bn3.weight",
                "blocks.6.0.conv_dw.weight",
                "blocks.6.0.conv_pw.weight",
                "blocks.6.0.conv_pwl.weight",
                "bn2.bias",
                "bn2.weight",
                "classifier.bias",
                "classifier.weight",
                "conv_head.weight",
            ],
        ),
    ] {
        let network = fresh(Architecture::MobileNetV2035).trainable(depth).unwrap();
        let names: Vec<_> = network.params().named_vars().map(|(name, _)| name).collect();
        assert_eq!(names, expected);
        let logits = network.forward(&images(32), Mode::Inference).unwrap();
        let gradients = backward(&logits.sqr().unwrap().sum_all().unwrap()).unwrap();
        for (name, var) in network.params().named_vars() {
            assert!(gradients.get(var).is_some(), "{name}");
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_weights() {
    let weights = |seed| {
        let config = NetworkConfig::new(Architecture::MobileNetV2035, 2);
        let network = Network::fresh(&config, seed, &Device::Cpu).unwrap();
        network.params().get("conv_stem.weight").unwrap().flatten_all().unwrap().to_vec1::<f32>().unwrap()
    };
    assert_eq!(weights(1), weights(1));
    assert_ne!(weights(1), weights(2));
}

#[test]
fn folding_batch_norm_into_the_weights_changes_no_embedding() {
    for architecture in [Architecture::MobileNetV2035, Architecture::ResNet18] {
        let network = fresh(architecture);
        // A few training batches, so that the statistics are not 0 and 1.
        let training = Mode::Training { update_statistics: true };
        for _ in 0..10 {
            network.forward(&images(64), training).unwrap();
        }
        let pooled = |network: &Network| network.pooled(&images(64), Mode::Inference).unwrap();
        let (plain, folded) = (pooled(&network), pooled(&network.folded().unwrap()));
        let scale = plain.abs().unwrap().max_all().unwrap().to_scalar::<f32>().unwrap();
        let difference = (plain - folded).unwrap().abs().unwrap().max_all().unwrap().to_scalar::<f32>().unwrap();
        assert!(difference < 1e-5 * scale, "{architecture:?}: {difference} of {scale}");
    }
}

#[test]
fn a_network_that_looks_sees_the_same_in_a_picture_in_any_company_and_what_the_plain_one_sees() {
    const MOST: usize = 33;
    for architecture in Architecture::ALL {
        let config = NetworkConfig::new(architecture, 5);
        let network = Network::new(&config, parameters(&config.outline().unwrap(), &Device::Cpu)).unwrap();
        let folded = network.folded().unwrap();
        // An odd size; the smallest network takes every number of pictures, the others some.
        let is_small = architecture == Architecture::MobileNetV2035;
        let ns = if is_small { (1..=MOST).collect() } else { vec![1, 4] };
        let values = det("pictures", MOST * 3 * 97 * 89).collect();
        let pictures = Tensor::from_vec(values, (MOST, 3, 97, 89), &Device::Cpu).unwrap();
        let pooled = |network: &Network, n: usize| {
            network.pooled(&pictures.narrow(0, 0, n).unwrap(), Mode::Inference).unwrap().to_vec2::<f32>().unwrap()
        };
        let all = pooled(&folded, MOST);
        for n in ns {
            assert!(pooled(&folded, n) == all[..n], "{architecture:?}: {n} pictures");
        }
        for (plain, found) in pooled(&network, 3).iter().zip(&all) {
            let scale = plain.iter().fold(0.0_f32, |most, value| most.max(value.abs()));
            for (plain, found) in plain.iter().zip(found) {
                assert!((plain - found).abs() <= 1e-4 * scale, "{architecture:?}: {found}, plain {plain}");
            }
        }
    }
}

#[test]
fn half_precision_gives_nearly_the_same_embedding() {
    let config = NetworkConfig::new(Architecture::MobileNetV2035, 5);
    let network = Network::new(&config, parameters(&config.outline().unwrap(), &Device::Cpu)).unwrap();
    let pooled = |network: Network| network.pooled(&images(64), Mode::Inference).unwrap();
    let norm = |tensor: &Tensor| tensor.sqr().unwrap().sum_all().unwrap().to_scalar::<f32>().unwrap().sqrt();
    let (whole, half) = (pooled(network.folded().unwrap()), pooled(network.folded_in(Precision::F16).unwrap()));
    let share = norm(&(&whole - half).unwrap()) / norm(&whole);
    // Eleven bits over some fifty layers.
    assert!(0.0 < share && share < 0.01, "{share}");
}

#[test]
fn a_stage_that_is_not_trained_keeps_its_statistics() {
    let config = NetworkConfig::new(Architecture::MobileNetV2035, 3).with_attention(true);
    let network = Network::fresh(&config, 3, &Device::Cpu).unwrap().trainable(Depth::LastStage).unwrap();
    let mean = |name: &str| network.params().get(name).unwrap().to_vec1::<f32>().unwrap();
    let names = ["bn1.running_mean", "attention.bn_1.running_mean"];
    let before = names.map(mean);
    network.forward(&images(64), Mode::Training { update_statistics: true }).unwrap();
    let moved = [0, 1].map(|at| mean(names[at]) != before[at]);
    assert_eq!(moved, [false, true]);
}

#[test]
fn training_moves_the_statistics_only_if_asked() {
    let network = fresh(Architecture::MobileNetV2035);
    let mean = || network.params().get("bn1.running_mean").unwrap().to_vec1::<f32>().unwrap();
    let before = mean();
    for (update_statistics, moves) in [(false, false), (true, true)] {
        network.forward(&images(32), Mode::Training { update_statistics }).unwrap();
        assert_eq!(mean() != before, moves);
    }
}

#[test]
fn an_unknown_architecture_is_told_the_known_ones() {
    let error = Architecture::from_name("vgg16").unwrap_err();
    assert_eq!(error.to_string(), "unknown architecture \"vgg16\"");
    assert!(error.hint().unwrap().contains("mobilenetv2_100"));
    assert_eq!(Architecture::from_name("resnet18.a1_in1k").unwrap(), Architecture::ResNet18);
}

#[test]
fn every_name_leads_back_to_its_architecture() {
    for architecture in Architecture::ALL {
        assert_eq!(Architecture::from_name(architecture.name()).unwrap(), architecture);
        let config = NetworkConfig::new(architecture, 2);
        let stages = config.stages();
        for declared in config.outline().unwrap() {
            let holders = stages.iter().filter(|stage| stage.holds(&declared.name)).count();
            let is_head = config.is_head(&declared.name);
            assert_eq!(holders, usize::from(!is_head), "{}", declared.name);
        }
    }
}
