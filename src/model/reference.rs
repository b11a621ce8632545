//! Numbers any language can make, for comparing with other implementations in tests.

use candle_core::{Device, Tensor};

use super::networks::Params;
use super::networks::outline::Declared;
use crate::base::hash::{fnv1a64, mix64};

/// `n` numbers in [-1, 1), a function of the name and the position alone.
///
/// Position i (from 0) is SplitMix64's mix of `fnv1a64(name) + (i + 1) * 0x9E3779B97F4A7C15`, the top 24 bits of it as
/// a fraction, doubled, minus one.
pub(crate) fn det(name: &str, n: usize) -> impl Iterator<Item = f32> {
    const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;
    let hash = fnv1a64(name.as_bytes());
    // `mix64` adds GOLDEN once itself.
    (0..n as u64).map(move |i| {
        let z = mix64(hash.wrapping_add(i.wrapping_mul(GOLDEN)));
        2.0 * (z >> 40) as f32 / 16_777_216.0 - 1.0
    })
}

/// Parameters of a trained network's size, each tensor a function of its name.
pub(crate) fn parameters(outline: &[Declared], device: &Device) -> Params {
    let tensors =
        outline.iter().map(|declared| (declared.name.clone(), parameter(&declared.name, &declared.shape))).collect();
    Params::from_tensors(outline, tensors, device).unwrap()
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
