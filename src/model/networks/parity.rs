//! Parity with timm on PyTorch and, for the report's tail, with Keras: `parity/*.json` hold what those answer.
//!
//! Weights and input are a function of each tensor's name (`det`), so no file of weights is needed on either side. The
//! loss is focal (gamma 2), summed over labels, mean over the batch; batch norm is frozen. PyTorch computed in f64. Its
//! own f32 gradients of the deepest networks are off by up to 0.8 %, where an activation is about to switch and rounding
//! decides. We compute in f32 too, and there may be off by three times as much, to either side.

use std::collections::BTreeMap;

use candle_core::{DType, Device, Tensor};
use serde::Deserialize;

use super::*;
use crate::model::reference::{det, parameters};

type Described = (Vec<usize>, Option<f64>, Option<f64>);

#[derive(Deserialize)]
struct Reference {
    input_shape: [usize; 4],
    feature_map_shape: [usize; 4],
    /// L2 norm of the feature map.
    feature_l2: f64,
    /// Mean over height and width of the first channels, image by image.
    feature_mean: Vec<Vec<f64>>,
    logits: Vec<Vec<f64>>,
    loss: f64,
    /// Shape; L2 norm of the gradient of what is trained; the same in PyTorch's f32 where that is another.
    tensors: BTreeMap<String, Described>,
}

#[derive(Deserialize)]
struct TailReference {
    input_shape: [usize; 4],
    attention_shape: [usize; 4],
    attention_l2: f64,
    attention_mean: Vec<Vec<f64>>,
    mask_mean: Vec<Vec<f64>>,
    mask_at_0_0_0: Vec<Vec<f64>>,
    logits: Vec<Vec<f64>>,
    tensors: BTreeMap<String, Vec<usize>>,
}

fn input([b, c, h, w]: [usize; 4], device: &Device) -> Tensor {
    let values: Vec<f32> = det("input", b * c * h * w).collect();
    Tensor::from_vec(values, (b, c, h, w), device).unwrap()
}

/// Sum over labels of (1 - p_t)^2 times -log p_t, mean over the batch.
fn focal_loss(logits: &Tensor) -> Tensor {
    let (b, l) = logits.dims2().unwrap();
    let targets: Vec<f32> = det("target", b * l).map(|v| f32::from(u8::from(v > 0.4))).collect();
    let targets = Tensor::from_vec(targets, (b, l), logits.device()).unwrap();
    let sign = targets.affine(2.0, -1.0).unwrap();
    let right = logits.mul(&sign).unwrap(); // p_t = sigmoid(right)
    let p = candle_nn::ops::sigmoid(&right).unwrap();
    let loss = (p.affine(-1.0, 1.0).unwrap().sqr().unwrap() * p.log().unwrap().neg().unwrap()).unwrap();
    (loss.sum_all().unwrap() / b as f64).unwrap()
}

fn norm(tensor: &Tensor) -> f64 {
    let squares = tensor.to_dtype(DType::F64).unwrap().sqr().unwrap().sum_all().unwrap();
    squares.to_scalar::<f64>().unwrap().sqrt()
}

fn close(found: f64, expected: f64, relative: f64, what: &str) {
    let difference = (found - expected).abs();
    assert!(difference <= relative * expected.abs(), "{what}: {found}, reference {expected}");
}

/// Every value within `relative` of the largest one.
fn all_close(found: &[Vec<f32>], expected: &[Vec<f64>], relative: f64, what: &str) {
    let largest = expected.iter().flatten().fold(0.0, |m: f64, x| m.max(x.abs()));
    for (row, expected) in found.iter().zip(expected) {
        for (found, expected) in row.iter().zip(expected) {
            let difference = (f64::from(*found) - expected).abs();
            assert!(difference < relative * largest, "{what}: {found}, reference {expected}");
        }
    }
}

/// The mean over height and width of `[B, C, h, w]`.
fn means(map: &Tensor) -> Vec<Vec<f32>> {
    map.contiguous().unwrap().mean((2, 3)).unwrap().to_vec2().unwrap()
}

fn check(name: &str, pad: PadType, reference: &str, device: &Device) {
    let reference: Reference = serde_json::from_str(reference).unwrap();
    let config = NetworkConfig::from_name(name, 16).unwrap().with_pad(pad);
    let outline = config.outline().unwrap();
    let shapes: BTreeMap<_, _> = outline.iter().map(|declared| (&declared.name, &declared.shape)).collect();
    let expected: BTreeMap<_, _> = reference.tensors.iter().map(|(name, (shape, ..))| (name, shape)).collect();
    assert_eq!(shapes, expected, "{name}: names and shapes of the tensors");
    let network = Network::new(&config, parameters(&outline, device)).unwrap();

    let images = input(reference.input_shape, device);
    let features = network.feature_map(&images, Mode::Inference).unwrap();
    assert_eq!(features.dims(), reference.feature_map_shape);
    close(norm(&features), reference.feature_l2, 1e-4, "feature map");
    all_close(&means(&features), &reference.feature_mean, 1e-4, "channel mean");
    let folded = network.folded().unwrap().forward(&images, Mode::Inference).unwrap();
    all_close(&folded.to_vec2().unwrap(), &reference.logits, 1e-4, "logit of the folded network");
    let logits = network.forward(&images, Mode::Inference).unwrap();
    all_close(&logits.to_vec2().unwrap(), &reference.logits, 1e-4, "logit");
    let loss = focal_loss(&logits);
    close(f64::from(loss.to_scalar::<f32>().unwrap()), reference.loss, 1e-5, "loss");
    let gradients = backward(&loss).unwrap();
    let vars: BTreeMap<_, _> = network.params().named_vars().collect();
    let mut wrong = Vec::new();
    for (name, (_, expected, in_f32)) in &reference.tensors {
        let Some(expected) = *expected else { continue };
        let found = norm(gradients.get(vars[name.as_str()]).unwrap());
        let doubt = in_f32.map_or(0.0, |in_f32| 3.0 * (in_f32 - expected).abs());
        if (found - expected).abs() > doubt.max(1e-3 * expected) {
            wrong.push(format!("{name}: {found}, reference {expected} {in_f32:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn check_tail(device: &Device) {
    let reference: TailReference = serde_json::from_str(include_str!("parity/residual_attention_tail.json")).unwrap();
    let n_channels = reference.input_shape[1];
    let new = |vb: &Builder<'_>| {
        let classifier = Classifier::new(attention_tail::N_FEATURES, 16, false, &vb.pp("Dense_1"))?;
        Ok::<_, candle_core::Error>((AttentionTail::new(n_channels, vb)?, classifier))
    };
    let outline = Builder::outline_of(|vb| new(&vb)).unwrap();
    let shapes: BTreeMap<_, _> = outline.iter().map(|declared| (&declared.name, &declared.shape)).collect();
    assert_eq!(shapes, reference.tensors.iter().collect(), "names and shapes of the tensors");
    let params = parameters(&outline, device);
    for purpose in [Purpose::Learning, Purpose::Looking(Precision::F32)] {
        let (tail, classifier) = new(&Builder::over(&params, purpose)).unwrap();
        let features = enter(&input(reference.input_shape, device)).unwrap();
        let (attention, mask) = tail.attention(&features, Mode::Inference).unwrap();
        let (attention, mask) = (leave(&attention).unwrap(), leave(&mask).unwrap());
        assert_eq!(attention.dims(), reference.attention_shape);
        close(norm(&attention), reference.attention_l2, 1e-4, "attention");
        all_close(&means(&attention), &reference.attention_mean, 1e-4, "attention mean");
        all_close(&means(&mask), &reference.mask_mean, 1e-4, "mask mean");
        let corner = mask.narrow(2, 0, 1).unwrap().narrow(3, 0, 1).unwrap();
        all_close(&means(&corner), &reference.mask_at_0_0_0, 1e-4, "mask corner");
        let pooled = global_average(&tail.forward(&features, Mode::Inference).unwrap()).unwrap();
        let logits = classifier.forward(&pooled).unwrap();
        all_close(&logits.to_vec2().unwrap(), &reference.logits, 1e-4, "logit");
    }
}

/// One test for each network on the CPU, and one on an NVIDIA card.
macro_rules! agrees {
    ($test:ident, $on_gpu:ident, $check:expr) => {
        #[test]
        fn $test() {
            $check(&Device::Cpu);
        }

        #[cfg(feature = "cuda")]
        #[test]
        #[ignore = "needs an NVIDIA card"]
        fn $on_gpu() {
            $check(&Device::new_cuda(0).unwrap());
        }
    };
}

macro_rules! agrees_with_timm {
    ($test:ident, $on_gpu:ident, $name:literal, $pad:expr, $reference:literal) => {
        agrees!($test, $on_gpu, |device: &Device| check(
            $name,
            $pad,
            include_str!(concat!("parity/", $reference, ".json")),
            device
        ));
    };
}

const SYMMETRIC: PadType = PadType::Symmetric;
agrees_with_timm!(resnet18_agrees_with_timm, gpu_resnet18_agrees_with_timm, "resnet18", SYMMETRIC, "resnet18");
agrees_with_timm!(resnet50_agrees_with_timm, gpu_resnet50_agrees_with_timm, "resnet50", SYMMETRIC, "resnet50");
agrees_with_timm!(resnetv2_agrees_with_timm, gpu_resnetv2_agrees_with_timm, "resnetv2_50", SYMMETRIC, "resnetv2_50");
agrees_with_timm!(
    xception_agrees_with_timm,
    gpu_xception_agrees_with_timm,
    "legacy_xception",
    SYMMETRIC,
    "legacy_xception"
);
agrees_with_timm!(
    inception_resnet_v2_agrees_with_timm,
    gpu_inception_resnet_v2_agrees_with_timm,
    "inception_resnet_v2",
    SYMMETRIC,
    "inception_resnet_v2"
);
agrees_with_timm!(vgg19_agrees_with_timm, gpu_vgg19_agrees_with_timm, "vgg19", SYMMETRIC, "vgg19");
agrees_with_timm!(
    mobilenetv2_agrees_with_timm,
    gpu_mobilenetv2_agrees_with_timm,
    "mobilenetv2_100",
    SYMMETRIC,
    "mobilenetv2_100"
);
agrees_with_timm!(
    mobilenetv2_with_tensorflow_padding_agrees_with_timm,
    gpu_mobilenetv2_with_tensorflow_padding_agrees_with_timm,
    "mobilenetv2_100",
    PadType::Same,
    "mobilenetv2_100_pad_same"
);
agrees!(the_reports_attention_tail_agrees_with_keras, gpu_the_reports_attention_tail_agrees_with_keras, check_tail);
