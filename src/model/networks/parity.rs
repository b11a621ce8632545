//! Parity with timm 1.0.31 on PyTorch 2.11: 16 labels, `eval()`, focal loss (gamma 2, sum over labels, mean over batch).
//!
//! Weights and input are a function of each tensor's name (`det`), so no file is needed on either side.

use std::collections::BTreeMap;

use candle_core::{DType, Device, Tensor};

use super::*;
use crate::base::hash::{fnv1a64, mix64};

const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// The reference's values for a name: `n` numbers in [-1, 1).
fn det(name: &str, n: usize) -> impl Iterator<Item = f32> {
    let hash = fnv1a64(name.as_bytes());
    // `mix64` adds GOLDEN once itself.
    (0..n as u64).map(move |i| {
        let z = mix64(hash.wrapping_add(i.wrapping_mul(GOLDEN)));
        2.0 * (z >> 40) as f32 / 16_777_216.0 - 1.0
    })
}

fn parameter(name: &str, shape: &[usize]) -> Tensor {
    let n = shape.iter().product();
    let values = det(name, n);
    let fan_in: usize = shape[1..].iter().product();
    let scale = (3.0 / fan_in as f64).sqrt() as f32;
    let values: Vec<f32> = match name.rsplit('.').next() {
        Some("running_mean") => values.map(|v| 0.1 * v).collect(),
        Some("running_var") => values.map(|v| 1.0 + 0.5 * v.abs()).collect(),
        Some("weight") if shape.len() == 1 => values.map(|v| 1.0 + 0.1 * v).collect(),
        _ if shape.len() == 1 => values.map(|v| 0.1 * v).collect(),
        _ => values.map(|v| v * scale).collect(),
    };
    Tensor::from_vec(values, shape, &Device::Cpu).unwrap()
}

fn reference_network(architecture: Architecture, pad: PadType) -> Network {
    let config = NetworkConfig::new(architecture, 16).with_pad(pad);
    let outline = config.outline();
    let tensors: BTreeMap<_, _> =
        outline.iter().map(|declared| (declared.name.clone(), parameter(&declared.name, &declared.shape))).collect();
    let params = Params::from_tensors(&outline, tensors, &Device::Cpu).unwrap();
    Network::new(&config, params).unwrap()
}

/// Sum over labels of (1 - p_t)^2 times -log p_t, mean over the batch.
fn focal_loss(logits: &Tensor) -> Tensor {
    let targets: Vec<f32> = det("target", 32).map(|v| f32::from(u8::from(v > 0.4))).collect();
    let targets = Tensor::from_vec(targets, (2, 16), &Device::Cpu).unwrap();
    let sign = targets.affine(2.0, -1.0).unwrap();
    let right = logits.mul(&sign).unwrap(); // p_t = sigmoid(right)
    let p = candle_nn::ops::sigmoid(&right).unwrap();
    let loss = (p.affine(-1.0, 1.0).unwrap().sqr().unwrap() * p.log().unwrap().neg().unwrap()).unwrap();
    (loss.sum_all().unwrap() / 2.0).unwrap()
}

struct Reference {
    architecture: Architecture,
    pad: PadType,
    size: usize,
    /// L2 norm of the feature map.
    feature_norm: f64,
    loss: f64,
    logits: [[f64; 16]; 2],
    /// L2 norms of gradients of the loss, batch norm frozen.
    gradients: &'static [(&'static str, f64)],
}

fn norm(tensor: &Tensor) -> f64 {
    let squares = tensor.to_dtype(DType::F64).unwrap().sqr().unwrap().sum_all().unwrap();
    squares.to_scalar::<f64>().unwrap().sqrt()
}

fn close(found: f64, expected: f64, relative: f64, what: &str) {
    let difference = (found - expected).abs();
    assert!(difference <= relative * expected.abs(), "{what}: {found}, reference {expected}");
}

fn check(reference: &Reference) {
    let network = reference_network(reference.architecture, reference.pad);
    let size = reference.size;
    let pixels: Vec<f32> = det("input", 2 * 3 * size * size).collect();
    let images = Tensor::from_vec(pixels, (2, 3, size, size), &Device::Cpu).unwrap();
    let features = network.feature_map(&images, Mode::Inference).unwrap();
    close(norm(&features), reference.feature_norm, 1e-4, "feature map");
    let logits = network.forward(&images, Mode::Inference).unwrap();
    let largest = reference.logits.iter().flatten().fold(0.0, |m: f64, x| m.max(x.abs()));
    for (row, expected) in logits.to_vec2::<f32>().unwrap().iter().zip(&reference.logits) {
        for (found, expected) in row.iter().zip(expected) {
            let difference = (f64::from(*found) - expected).abs();
            assert!(difference < 1e-4 * largest, "logit {found}, reference {expected}");
        }
    }
    let loss = focal_loss(&logits);
    close(f64::from(loss.to_scalar::<f32>().unwrap()), reference.loss, 1e-5, "loss");
    let gradients = loss.backward().unwrap();
    let vars: BTreeMap<_, _> = network.params().named_vars().collect();
    for (name, expected) in reference.gradients {
        close(norm(gradients.get(vars[name]).unwrap()), *expected, 1e-3, name);
    }
}

#[test]
fn resnet18_agrees_with_timm() {
    check(&Reference {
        architecture: Architecture::ResNet18,
        pad: PadType::Symmetric,
        size: 64,
        feature_norm: 27.161808,
        loss: 3.08108282,
        logits: [
            [
                -0.195636153,
                -0.0578541383,
                -0.0633258522,
                -0.45531258,
                -0.269921571,
                -0.420219839,
                0.0439451933,
                0.165304422,
                0.0382800885,
                -0.2330596,
                0.0232427642,
                0.312465608,
                0.325045019,
                0.34556517,
                0.0367968306,
                -0.329542309,
            ],
            [
                -0.254289269,
                -0.260404736,
                -0.118982285,
                -0.468859673,
                -0.369352669,
                -0.357450247,
                0.0202139765,
                0.208098501,
                0.0301069207,
                -0.258760273,
                -0.0415102094,
                0.337337077,
                0.449191064,
                0.493684411,
                -0.112195171,
                -0.314282745,
            ],
        ],
        gradients: &[
            ("conv1.weight", 1.18098617),
            ("bn1.weight", 0.199433133),
            ("bn1.bias", 0.244020194),
            ("layer1.0.conv2.weight", 2.31968212),
            ("layer1.1.conv2.weight", 2.27965426),
            ("layer2.0.conv2.weight", 4.24814272),
            ("layer2.1.conv1.weight", 3.85425019),
            ("layer3.0.conv1.weight", 3.99316597),
            ("layer3.0.downsample.0.weight", 2.64258909),
            ("layer3.1.conv2.weight", 5.17478943),
            ("layer4.0.conv2.weight", 6.91673517),
            ("layer4.1.conv1.weight", 3.69613719),
            ("fc.weight", 10.2361717),
            ("fc.bias", 1.17439544),
        ],
    });
}

#[test]
fn mobilenetv2_agrees_with_timm() {
    check(&Reference {
        architecture: Architecture::MobileNetV2100,
        pad: PadType::Symmetric,
        size: 96,
        feature_norm: 13.465312,
        loss: 2.88813686,
        logits: [
            [
                -0.103791319,
                0.0529911965,
                0.235959768,
                0.201261446,
                0.141357049,
                0.0236795209,
                0.0380923003,
                -0.0853894576,
                0.178852051,
                0.221927658,
                -0.0959942192,
                -0.0531670824,
                -0.0509491824,
                0.0546402894,
                0.00408709422,
                0.0744916871,
            ],
            [
                -0.10372895,
                0.0529189482,
                0.235973209,
                0.201103821,
                0.141418204,
                0.0235905237,
                0.0381034613,
                -0.0852339342,
                0.179066896,
                0.22176671,
                -0.0960289165,
                -0.0530589595,
                -0.0507688709,
                0.0547609292,
                0.00413415581,
                0.0744169801,
            ],
        ],
        gradients: &[
            ("conv_stem.weight", 0.0005637703),
            ("bn1.weight", 0.000219833892),
            ("bn1.bias", 0.000546488794),
            ("blocks.1.0.bn2.weight", 0.000310056726),
            ("blocks.1.1.bn3.bias", 0.00371949701),
            ("blocks.2.1.conv_dw.weight", 0.00196055393),
            ("blocks.2.2.bn3.weight", 0.00122188986),
            ("blocks.3.1.bn1.bias", 0.00620560674),
            ("blocks.3.2.conv_pwl.weight", 0.0294473451),
            ("blocks.4.0.bn1.weight", 0.00396091538),
            ("blocks.4.1.bn2.bias", 0.0268479232),
            ("blocks.5.0.conv_pw.weight", 0.100896306),
            ("blocks.5.1.bn2.weight", 0.00827802066),
            ("blocks.5.2.bn3.bias", 0.150159478),
            ("classifier.weight", 3.35365486),
            ("classifier.bias", 1.08673775),
        ],
    });
}

#[test]
fn mobilenetv2_with_tensorflow_padding_agrees_with_timm() {
    check(&Reference {
        architecture: Architecture::MobileNetV2100,
        pad: PadType::Same,
        size: 97,
        feature_norm: 18.2837734,
        loss: 2.88154793,
        logits: [
            [
                -0.0980077162,
                0.0531691462,
                0.232772589,
                0.208637908,
                0.144274816,
                0.020368848,
                0.0425863899,
                -0.0844544023,
                0.179742515,
                0.216798946,
                -0.0976294577,
                -0.0516016856,
                -0.043744538,
                0.0548051596,
                -0.00098060444,
                0.086064443,
            ],
            [
                -0.0980006307,
                0.0530848056,
                0.23270902,
                0.208662271,
                0.144225478,
                0.020291362,
                0.0425059348,
                -0.0843950883,
                0.179772854,
                0.21672152,
                -0.0976105779,
                -0.0516096726,
                -0.0436119474,
                0.0548401177,
                -0.00100553036,
                0.086138919,
            ],
        ],
        gradients: &[
            ("conv_stem.weight", 0.000441129989),
            ("bn1.weight", 0.000184566888),
            ("bn1.bias", 0.000382552738),
            ("blocks.1.0.bn2.weight", 0.000300104177),
            ("blocks.1.1.bn3.bias", 0.00411057752),
            ("blocks.2.1.conv_dw.weight", 0.00166774774),
            ("blocks.2.2.bn3.weight", 0.000976096082),
            ("blocks.3.1.bn1.bias", 0.00674776919),
            ("blocks.3.2.conv_pwl.weight", 0.0293983538),
            ("blocks.4.0.bn1.weight", 0.00411222037),
            ("blocks.4.1.bn2.bias", 0.0260295495),
            ("blocks.5.0.conv_pw.weight", 0.105513729),
            ("blocks.5.1.bn2.weight", 0.010311896),
            ("blocks.5.2.bn3.bias", 0.16787535),
            ("classifier.weight", 3.40987563),
            ("classifier.bias", 1.08432484),
        ],
    });
}
