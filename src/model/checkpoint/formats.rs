//! Checkpoints that others wrote: PyTorch's own files, batch norm already folded in, a tail put on later.

#![expect(clippy::disallowed_methods, reason = "these tests lay out folders as other programs do")]

use std::fs;
use std::path::Path;

use candle_core::{Device, Tensor};

use super::*;
use crate::model::{Architecture, Mode, NetworkConfig};

/// A PyTorch file of three tensors as `torch.save` of PyTorch 2.15 wrote it: a zip without compression that holds a
/// pickle and the numbers. `{"state_dict": {"module.a.weight": 0..6 as f32 [2, 3], "module.b": [0.5, -1.5] as f16,
/// "module.n": 7 as i64}, "epoch": 3}`.
const SAVED: &[u8] = include_bytes!("three_tensors.pth");

#[test]
fn a_file_of_pytorch_is_read_whatever_it_keeps_beside_the_weights() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("best.pth");
    fs::write(&path, SAVED).unwrap();
    assert_eq!(weights_file::find(place.path()), path);
    let mut stored = Stored::from_pytorch(&path).unwrap();
    let mut values = |name: &str| {
        let tensor = stored.take(name).unwrap().to_dtype(candle_core::DType::F32).unwrap();
        (tensor.dims().to_vec(), tensor.flatten_all().unwrap().to_vec1::<f32>().unwrap())
    };
    assert_eq!(values("a.weight"), (vec![2, 3], vec![0.0, 1.0, 2.0, 3.0, 4.0, 5.0]));
    assert_eq!(values("b"), (vec![2], vec![0.5, -1.5]));
    assert_eq!(stored.odd_type("n"), Some("I64"));
}

#[test]
fn a_damaged_file_of_pytorch_is_an_error_that_says_what_to_do() {
    let place = tempfile::tempdir().unwrap();
    let config = serde_json::json!({
        "architecture": "mobilenetv2_035", "num_classes": 2, "pretrained_cfg": { "input_size": [3, 32, 32] }
    });
    fs::write(place.path().join(CONFIG_FILE), config.to_string()).unwrap();
    for bytes in [&SAVED[..SAVED.len() / 2], b"\x80\x02not a zip", b""] {
        fs::write(place.path().join("pytorch_model.bin"), bytes).unwrap();
        let error = Checkpoint::load(place.path(), None, &Device::Cpu).unwrap_err();
        assert!(error.to_string().starts_with("not a readable PyTorch file"), "{error}");
        assert!(error.to_string().ends_with("pytorch_model.bin"), "{error}");
        assert!(error.hint().unwrap().contains("PyTorch"), "{error}");
    }
}

fn write(folder: &Path, architecture: &str, tensors: &std::collections::BTreeMap<String, Tensor>) {
    let config = serde_json::json!({
        "architecture": architecture, "num_classes": 3, "pretrained_cfg": { "input_size": [3, 64, 64] }
    });
    fs::create_dir_all(folder).unwrap();
    fs::write(folder.join(CONFIG_FILE), config.to_string()).unwrap();
    let tensors: std::collections::HashMap<_, _> = tensors.clone().into_iter().collect();
    candle_core::safetensors::save(&tensors, folder.join(WEIGHTS_FILE)).unwrap();
}

fn images() -> Tensor {
    let values: Vec<f32> = (0..3 * 64 * 64).map(|i| (i as f32 * 0.37).sin()).collect();
    Tensor::from_vec(values, (1, 3, 64, 64), &Device::Cpu).unwrap()
}

fn logits(network: &Network) -> Vec<f32> {
    network.forward(&images(), Mode::Inference).unwrap().flatten_all().unwrap().to_vec1().unwrap()
}

#[test]
fn batch_norm_folded_into_the_convolutions_is_accepted() {
    let place = tempfile::tempdir().unwrap();
    let config = NetworkConfig::new(Architecture::ResNet18, 3);
    let network = Network::fresh(&config, 4, &Device::Cpu).unwrap();
    // Statistics that do something, multiplied into weight and bias by hand.
    let mut tensors = network.params().snapshot().unwrap();
    for (n, outline) in config.outline().unwrap().windows(5).enumerate() {
        let [conv, gamma, beta, mean, variance] = [0, 1, 2, 3, 4].map(|at| outline[at].name.as_str());
        if outline[0].shape.len() != 4 {
            continue;
        }
        let full = |value: f64| Tensor::full(value as f32, outline[1].shape.as_slice(), &Device::Cpu).unwrap();
        let (scale, shift) = (0.5 + 0.01 * (n % 7) as f64, 0.02 * (n % 5) as f64 - 0.03);
        // gamma 2, mean 0.1: the bias that comes out is `shift`, the scale `scale`.
        let values = [2.0, shift + 0.1 * scale, 0.1, (2.0 / scale).powi(2) - config.norm_eps];
        for (name, value) in [gamma, beta, mean, variance].into_iter().zip(values) {
            network.params().set(name, &full(value)).unwrap();
            tensors.remove(name);
        }
        tensors.insert(conv.to_owned(), (&tensors[conv] * scale).unwrap());
        tensors.insert(format!("{}.bias", conv.trim_end_matches(".weight")), full(shift));
    }
    let expected = logits(&network);
    write(place.path(), "resnet18.tag", &tensors);
    let checkpoint = Checkpoint::load(place.path(), None, &Device::Cpu).unwrap();
    assert_eq!(checkpoint.notices, ["batch norm is part of the convolutions in this file"]);
    for (found, expected) in logits(&checkpoint.network).into_iter().zip(&expected) {
        assert!((found - expected).abs() < 1e-4 * expected.abs().max(1.0), "{found} {expected}");
    }
}

#[test]
fn a_tail_put_on_a_network_keeps_its_backbone_and_comes_back_from_disk() {
    let place = tempfile::tempdir().unwrap();
    for architecture in [Architecture::MobileNetV2035, Architecture::Vgg19] {
        let config = NetworkConfig::new(architecture, 3);
        let network = Network::fresh(&config, 4, &Device::Cpu).unwrap();
        let features = |network: &Network| {
            let name = network.config().outline().unwrap()[0].name.clone();
            network.params().get(&name).unwrap().flatten_all().unwrap().to_vec1::<f32>().unwrap()
        };
        let expected = features(&network);
        let config = Config::fresh(&config, 64);
        let checkpoint = Checkpoint { config, network, notices: Vec::new() }.with_attention(1).unwrap();
        assert_eq!(features(&checkpoint.network), expected);
        assert_eq!(checkpoint.network.num_features(), 2048);
        let folder = place.path().join(architecture.name());
        Checkpoint::write(&folder, &checkpoint.config, checkpoint.network.params()).unwrap();
        let back = Checkpoint::load(&folder, None, &Device::Cpu).unwrap();
        assert_eq!(back.config.architecture, format!("{}+attention", architecture.name()));
        assert!(back.notices.is_empty(), "{:?}", back.notices);
        assert_eq!(logits(&back.network), logits(&checkpoint.network));
    }
}
