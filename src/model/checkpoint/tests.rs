//! A checkpoint survives the way to the disk and back; a damaged one says what is wrong.

#![expect(clippy::disallowed_methods, reason = "these tests make the half files that write_atomic avoids")]

use std::collections::BTreeMap;

use safetensors::tensor::{Dtype, TensorView};
use serde_json::{Value, json};

use super::*;
use crate::model::Architecture;
use crate::model::config::PretrainedCfg;

fn config(n_labels: usize) -> Config {
    let mut config: Config = serde_json::from_value(json!({
        "architecture": "mobilenetv2_035",
        "num_classes": n_labels,
        "num_features": 1280,
        "pretrained_cfg": { "input_size": [3, 32, 32], "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5], "tag": "x" },
        "a_field_of_tomorrow": { "kept": true },
    }))
    .unwrap();
    config.docent_mut().attribute_ids = (0..n_labels as u32).collect();
    config.docent_mut().thresholds.global = Some(0.25);
    config
}

fn written(folder: &Path, n_labels: usize) -> (Config, Network) {
    let wanted = NetworkConfig::new(Architecture::MobileNetV2035, n_labels);
    let network = Network::fresh(&wanted, 1, &Device::Cpu).unwrap();
    let config = Checkpoint::write(folder, &config(n_labels), network.params()).unwrap();
    (config, network)
}

fn floats(params: &Params, name: &str) -> Vec<f32> {
    params.get(name).unwrap().flatten_all().unwrap().to_vec1().unwrap()
}

#[test]
fn a_checkpoint_comes_back_as_it_was_written() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("new/a");
    let (config, network) = written(&folder, 3);
    let checkpoint = Checkpoint::load(&folder, None, &Device::Cpu).unwrap();
    assert_eq!(checkpoint.config, config);
    assert!(checkpoint.notices.is_empty(), "{:?}", checkpoint.notices);
    for (name, _) in network.params().named_tensors() {
        assert_eq!(floats(checkpoint.network.params(), name), floats(network.params(), name), "{name}");
    }
    let left: Vec<_> = fs::read_dir(place.path().join("new")).unwrap().collect();
    assert_eq!(left.len(), 1, "{left:?}");
}

#[test]
fn a_file_lists_every_name_that_pytorch_loads_strictly() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("a");
    let (_, network) = written(&folder, 3);
    let bytes = fs::read(folder.join(WEIGHTS_FILE)).unwrap();
    let file = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    // timm's mobilenetv2 has 52 batch norms: 5 tensors each, 52 convolutions, weight and bias of the classifier.
    assert_eq!(file.len(), 52 * 6 + 2);
    assert_eq!(network.params().named_tensors().count(), 52 * 5 + 2);
    let counter = file.tensor("blocks.1.0.bn2.num_batches_tracked").unwrap();
    assert_eq!((counter.dtype(), counter.shape()), (Dtype::I64, &[][..]));
}

#[test]
fn fields_we_do_not_know_survive_a_rewrite() {
    let place = tempfile::tempdir().unwrap();
    written(&place.path().join("a"), 3);
    let text = fs::read(place.path().join("a").join(CONFIG_FILE)).unwrap();
    let json: Value = serde_json::from_slice(&text).unwrap();
    assert_eq!(json["a_field_of_tomorrow"]["kept"], true);
    assert_eq!(json["pretrained_cfg"]["tag"], "x");
    assert_eq!(json["docent"]["thresholds"]["global"], 0.25);
    assert_eq!(json["docent"]["preprocess"], "padded");
    assert_eq!(json["docent"]["content_hash"].as_str().unwrap().len(), 64);
}

#[test]
fn a_checkpoint_is_never_overwritten() {
    let place = tempfile::tempdir().unwrap();
    let (config, network) = written(&place.path().join("a"), 3);
    let error = Checkpoint::write(&place.path().join("a"), &config, network.params()).unwrap_err();
    assert!(matches!(error, CheckpointError::Exists { .. }), "{error}");
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
}

#[test]
fn a_classifier_of_another_size_is_replaced_with_a_notice() {
    let place = tempfile::tempdir().unwrap();
    let (_, network) = written(&place.path().join("a"), 3);
    let checkpoint = Checkpoint::load(&place.path().join("a"), Some(5), &Device::Cpu).unwrap();
    assert_eq!(checkpoint.notices, ["the classifier has 3 labels, not 5: a fresh one is used"]);
    assert_eq!(checkpoint.network.num_labels(), 5);
    assert_eq!(checkpoint.config.num_classes, 5);
    let name = "conv_head.weight";
    assert_eq!(floats(checkpoint.network.params(), name), floats(network.params(), name));
}

/// Rewrites the weights file through `change`.
fn with_tensors(folder: &Path, change: impl FnOnce(&mut BTreeMap<String, (Dtype, Vec<usize>, Vec<u8>)>)) {
    let path = folder.join(WEIGHTS_FILE);
    let bytes = fs::read(&path).unwrap();
    let file = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    let mut tensors = file
        .tensors()
        .into_iter()
        .map(|(name, view)| (name, (view.dtype(), view.shape().to_vec(), view.data().to_vec())))
        .collect();
    change(&mut tensors);
    let views = tensors
        .iter()
        .map(|(name, (dtype, shape, data))| (name, TensorView::new(*dtype, shape.clone(), data).unwrap()));
    let bytes = safetensors::serialize(views, None).unwrap();
    fs::write(&path, bytes).unwrap();
}

#[test]
fn missing_and_misshapen_tensors_are_named_with_expected_and_found_shapes() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("a");
    written(&folder, 3);
    with_tensors(&folder, |tensors| {
        tensors.remove("bn1.bias");
        tensors.get_mut("bn1.weight").unwrap().1 = vec![4, 4];
    });
    let error = Checkpoint::load(&folder, None, &Device::Cpu).unwrap_err();
    let text = error.to_string();
    assert!(text.starts_with("2 tensors do not fit mobilenetv2_035\n"), "{text}");
    assert!(text.contains("bn1.bias: expected [16], not found"), "{text}");
    assert!(text.contains("bn1.weight: expected [16], found [4, 4]"), "{text}");
    assert!(text.ends_with(WEIGHTS_FILE), "{text}");
    assert!(error.hint().is_some());
}

#[test]
fn half_precision_becomes_f32_and_surplus_tensors_are_told() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("a");
    written(&folder, 3);
    with_tensors(&folder, |tensors| {
        // 1.0 is 0x3f80 in bf16 and 0x3c00 in f16.
        let bf16 = [0x80, 0x3f].repeat(16);
        tensors.insert("bn1.weight".to_owned(), (Dtype::BF16, vec![16], bf16));
        tensors.insert("bn1.bias".to_owned(), (Dtype::F16, vec![16], [0x00, 0x3c].repeat(16)));
        tensors.insert("extra".to_owned(), (Dtype::F32, vec![1], vec![0; 4]));
        tensors.retain(|name, _| !name.ends_with("num_batches_tracked"));
    });
    let checkpoint = Checkpoint::load(&folder, None, &Device::Cpu).unwrap();
    assert_eq!(floats(checkpoint.network.params(), "bn1.weight"), [1.0; 16]);
    assert_eq!(floats(checkpoint.network.params(), "bn1.bias"), [1.0; 16]);
    let [surplus, changed] = checkpoint.notices.as_slice() else { panic!("{:?}", checkpoint.notices) };
    assert_eq!(surplus, "1 tensors are not part of the network and were left out: extra");
    assert_eq!(changed, "model.safetensors was changed after config.json was written");
}

#[test]
fn damaged_files_say_which_one_and_what_to_do() {
    let place = tempfile::tempdir().unwrap();
    let whole = place.path().join("whole");
    written(&whole, 3);
    let weights = fs::read(whole.join(WEIGHTS_FILE)).unwrap();
    let text = fs::read_to_string(whole.join(CONFIG_FILE)).unwrap();
    let mut poisoned = weights.clone();
    let n = poisoned.len();
    poisoned[n - 4..].copy_from_slice(&f32::NAN.to_le_bytes());
    let replaced = |from: &str, to: &str| {
        assert!(text.contains(from), "{text}");
        text.replace(from, to).into_bytes()
    };
    let (good, none) = (text.clone().into_bytes(), None::<Vec<u8>>);
    // (config.json, model.safetensors, what the message says, the file it names)
    let cases = [
        (None, Some(weights.clone()), "cannot read the checkpoint", CONFIG_FILE),
        (Some(good.clone()), none, "cannot read the checkpoint", WEIGHTS_FILE),
        (Some(b"{".to_vec()), None, "cannot be understood", CONFIG_FILE),
        (Some(good.clone()), Some(weights[..n / 2].to_vec()), "not a readable safetensors file", WEIGHTS_FILE),
        (Some(good.clone()), Some(vec![0xff; 100]), "not a readable safetensors file", WEIGHTS_FILE),
        (Some(good.clone()), Some(Vec::new()), "not a readable safetensors file", WEIGHTS_FILE),
        (Some(good), Some(poisoned), "not numbers", WEIGHTS_FILE),
        (Some(replaced("mobilenetv2_035", "vgg16")), None, "unknown architecture", CONFIG_FILE),
        (Some(replaced("mobilenetv2_035", "resnet18")), Some(weights), "do not fit resnet18", WEIGHTS_FILE),
        (Some(replaced("\"num_classes\": 3", "\"num_classes\": 0")), None, "num_classes 0", CONFIG_FILE),
    ];
    for (i, (config, weights, what, file)) in cases.into_iter().enumerate() {
        let folder = place.path().join(i.to_string());
        fs::create_dir(&folder).unwrap();
        for (name, bytes) in [(CONFIG_FILE, config), (WEIGHTS_FILE, weights)] {
            if let Some(bytes) = bytes {
                fs::write(folder.join(name), bytes).unwrap();
            }
        }
        let error = Checkpoint::load(&folder, None, &Device::Cpu).unwrap_err();
        let text = error.to_string();
        assert!(text.contains(what), "case {i}: {text}");
        assert!(text.ends_with(file), "case {i}: {text}");
        assert!(error.hint().is_some(), "case {i}");
    }
}

#[test]
fn a_folder_made_by_timm_needs_no_docent_section() {
    let config: Config = serde_json::from_value(json!({
        "architecture": "resnet18",
        "num_classes": 1000,
        "num_features": 512,
        "global_pool": "avg",
        "pretrained_cfg": { "input_size": [3, 224, 224] },
    }))
    .unwrap();
    assert_eq!(config.preprocess().name(), "padded");
    assert_eq!(config.attribute_ids(), None);
    let PretrainedCfg { mean, .. } = config.pretrained_cfg;
    assert_eq!(mean, [0.485, 0.456, 0.406]);
}
