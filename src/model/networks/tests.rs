//! What holds for every network, whatever its weights.

use candle_core::{Device, Tensor};

use super::*;

fn images(size: usize) -> Tensor {
    let values: Vec<f32> = (0..2 * 3 * size * size).map(|i| (i as f32 * 0.37).sin()).collect();
    Tensor::from_vec(values, (2, 3, size, size), &Device::Cpu).unwrap()
}

fn fresh(architecture: Architecture) -> Network {
    Network::fresh(&NetworkConfig::new(architecture, 5), 3, &Device::Cpu).unwrap()
}

#[test]
fn every_trainable_variable_receives_a_gradient() {
    let training = Mode::Training { update_statistics: true };
    for architecture in [Architecture::MobileNetV2035, Architecture::ResNet18] {
        for mode in [Mode::Inference, training] {
            let network = fresh(architecture);
            let logits = network.forward(&images(64), mode).unwrap();
            let gradients = logits.sqr().unwrap().sum_all().unwrap().backward().unwrap();
            let mut n = 0;
            for (name, var) in network.params().named_vars() {
                let gradient = gradients.get(var).unwrap_or_else(|| panic!("{name} has no gradient"));
                let norm = gradient.sqr().unwrap().sum_all().unwrap().to_scalar::<f32>().unwrap();
                assert!(norm.is_finite() && 0.0 < norm, "{name} {mode:?}: {norm}");
                n += 1;
            }
            let outline = network.config().outline();
            let n_weights = outline.iter().filter(|declared| declared.kind == outline::Kind::Weight);
            assert_eq!(n, n_weights.count());
        }
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
        let gradients = logits.sqr().unwrap().sum_all().unwrap().backward().unwrap();
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
    let error = Architecture::from_name("vgg19").unwrap_err();
    assert_eq!(error.to_string(), "unknown architecture \"vgg19\"");
    assert!(error.hint().unwrap().contains("mobilenetv2_100"));
    assert_eq!(Architecture::from_name("resnet18.a1_in1k").unwrap(), Architecture::ResNet18);
}

#[test]
fn every_name_leads_back_to_its_architecture() {
    for architecture in Architecture::ALL {
        assert_eq!(Architecture::from_name(architecture.name()).unwrap(), architecture);
        let stages = architecture.stages();
        for declared in NetworkConfig::new(architecture, 2).outline() {
            let holders = stages.iter().filter(|stage| stage.holds(&declared.name)).count();
            let is_head = declared.name.starts_with(&format!("{}.", architecture.classifier()));
            assert_eq!(holders, usize::from(!is_head), "{}", declared.name);
        }
    }
}
