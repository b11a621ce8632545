//! What the tagger says about pixels does not depend on how they were handed over.

use serde_json::json;

use super::*;
use crate::model::networks::{Architecture, NetworkConfig};

fn checkpoint(seed: u64) -> Checkpoint {
    let config = json!({
        "architecture": "mobilenetv2_035",
        "num_classes": 3,
        "pretrained_cfg": { "input_size": [3, 32, 40], "mean": [0.5, 0.4, 0.3], "std": [0.5, 0.25, 0.2] },
    });
    let wanted = NetworkConfig::new(Architecture::MobileNetV2035, 3);
    Checkpoint {
        config: serde_json::from_value(config).unwrap(),
        network: Network::fresh(&wanted, seed, &Device::Cpu).unwrap(),
        notices: Vec::new(),
    }
}

fn tagger() -> Tagger {
    Tagger::new(checkpoint(1)).unwrap()
}

fn pixels(n: usize) -> Vec<u8> {
    (0..n * 32 * 40 * 3).map(|i| (i * 31 % 251) as u8).collect()
}

#[test]
fn pixels_are_normalised_channel_by_channel() {
    // By hand: (255 / 255 - 0.5) / 0.5, (51 / 255 - 0.4) / 0.25, (0 - 0.3) / 0.2.
    let images = normalised(&[255, 51, 0, 0, 0, 0], (2, 1), [0.5, 0.4, 0.3], [0.5, 0.25, 0.2], &Device::Cpu).unwrap();
    assert_eq!(images.dims(), [1, 3, 1, 2]);
    let found = images.flatten_all().unwrap().to_vec1::<f32>().unwrap();
    for (found, expected) in found.iter().zip([1.0, -1.0, -0.8, -1.6, -1.5, -1.5]) {
        assert!((found - expected).abs() < 1e-6, "{found} {expected}");
    }
}

#[test]
fn a_picture_has_the_same_embedding_alone_and_among_others() {
    let tagger = tagger();
    assert_eq!(tagger.input_size(), (40, 32));
    let together = tagger.embed(&pixels(5)).unwrap();
    assert_eq!(together.len(), 5 * 1280);
    let last = tagger.embed(&pixels(5)[4 * 32 * 40 * 3..]).unwrap();
    for (a, b) in together[4 * 1280..].iter().zip(&last) {
        assert!((a - b).abs() <= 1e-5 * b.abs().max(1e-3), "{a} {b}");
    }
}

#[test]
fn probabilities_are_the_sigmoid_of_the_networks_logits() {
    let tagger = tagger();
    let probabilities = tagger.probabilities_of(&tagger.embed(&pixels(2)).unwrap()).unwrap();
    let network = checkpoint(1).network;
    let logits = network.forward(&tagger.images(&pixels(2)).unwrap(), Mode::Inference).unwrap();
    let expected = candle_nn::ops::sigmoid(&logits).unwrap().flatten_all().unwrap().to_vec1::<f32>().unwrap();
    assert_eq!(probabilities.len(), 6);
    for (found, expected) in probabilities.iter().zip(expected) {
        assert!((found - expected).abs() < 1e-5, "{found} {expected}");
    }
}

#[test]
fn another_head_changes_the_labels_and_not_the_backbone() {
    let tagger = tagger();
    let other = tagger.clone().with_head(vec![0.0; 2 * 1280], vec![0.0, f32::INFINITY], vec![7, 9]).unwrap();
    assert_eq!(other.backbone_key(), tagger.backbone_key());
    assert_eq!(other.config().attribute_ids(), Some(&[7, 9][..]));
    assert_eq!(other.config().num_classes, 2);
    assert_eq!(other.probabilities_of(&vec![1.0; 1280]).unwrap(), [0.5, 1.0]);
    assert!(tagger.with_head(vec![0.0; 1280], vec![0.0, 0.0], vec![7, 9]).is_err());
}

#[test]
fn the_backbone_key_changes_with_everything_an_embedding_depends_on() {
    let key = |change: fn(&mut Checkpoint)| {
        let mut checkpoint = checkpoint(1);
        change(&mut checkpoint);
        Tagger::new(checkpoint).unwrap().backbone_key().to_owned()
    };
    let plain = key(|_| ());
    assert_eq!(plain, key(|_| ()));
    let bias = |checkpoint: &mut Checkpoint| {
        let ones = Tensor::full(1.0_f32, 3, &Device::Cpu).unwrap();
        checkpoint.network.params().set("classifier.bias", &ones).unwrap();
    };
    assert_eq!(plain, key(bias));
    let changes: [fn(&mut Checkpoint); 4] = [
        |checkpoint| checkpoint.config.pretrained_cfg.input_size = [3, 64, 64],
        |checkpoint| checkpoint.config.pretrained_cfg.mean = [0.0; 3],
        |checkpoint| checkpoint.config.docent_mut().preprocess = crate::imaging::Preprocess::Stretched,
        |checkpoint| {
            let ones = Tensor::full(1.0_f32, 16, &Device::Cpu).unwrap();
            checkpoint.network.params().set("bn1.running_mean", &ones).unwrap();
        },
    ];
    for change in changes {
        assert_ne!(plain, key(change));
    }
}

#[test]
fn embeddings_of_another_precision_are_kept_apart_and_the_way_back_leads_to_the_same() {
    let tagger = tagger();
    let half = tagger.looking_in(Precision::Bf16).unwrap();
    let (expected, _) = Precision::Bf16.on(&Device::Cpu);
    assert_eq!(half.precision(), expected);
    assert_eq!(half.backbone_key() != tagger.backbone_key(), expected == Precision::Bf16);
    if expected == Precision::Bf16 {
        assert_eq!(tagger.asking_for(Precision::Bf16).unwrap().backbone_key(), half.backbone_key());
    }
    let back = half.looking_in(Precision::F32).unwrap();
    assert_eq!((back.precision(), back.backbone_key()), (Precision::F32, tagger.backbone_key()));
    assert_eq!(back.embed(&pixels(2)).unwrap(), tagger.embed(&pixels(2)).unwrap());
}

#[test]
fn pixels_of_another_size_are_an_error() {
    assert!(matches!(tagger().embed(&[0; 100]), Err(TaggerError::Length { .. })));
    assert!(tagger().embed(&[]).unwrap().is_empty());
}
