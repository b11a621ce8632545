//! Gradients against finite differences, and the CPU's own loops against Candle's operations.

use candle_core::{Device, Result, Tensor, Var};

use super::conv::Groups;
use super::conv_norm_act::{Mode, Norm, Shape, composed, conv_norm_act};
use super::max_pool::max_pool;
use super::norm::Activation;
use super::window::{Padding, Window};
use crate::base::hash::mix64;

/// Uniform in ±1.3, a function of seed and position.
fn noise(seed: u64, shape: &[usize]) -> Var {
    let n: usize = shape.iter().product();
    let unit = |i: u64| (mix64(seed << 32 | i) >> 40) as f32 / 16_777_216.0;
    let values: Vec<f32> = (0..n as u64).map(|i| (unit(i) - 0.5) * 2.6).collect();
    Var::from_vec(values, shape, &Device::Cpu).unwrap()
}

fn floats(tensor: &Tensor) -> Vec<f32> {
    tensor.flatten_all().unwrap().to_vec1().unwrap()
}

/// A loss in which every answer counts differently.
fn loss(answer: &Tensor) -> Tensor {
    let weights = noise(0, answer.dims());
    answer.mul(&weights.as_detached_tensor()).unwrap().sum_all().unwrap()
}

/// Central differences in every coordinate of every variable; kinks are left out by the caller's values.
fn check(what: &str, vars: &[&Var], forward: impl Fn() -> Result<Tensor>) {
    const STEP: f32 = 4e-3;
    let gradients = loss(&forward().unwrap()).backward().unwrap();
    for (which, var) in vars.iter().enumerate() {
        let found = floats(gradients.get(var).unwrap());
        let scale = found.iter().fold(1e-2_f32, |m, g| m.max(g.abs()));
        let start = floats(var.as_tensor());
        let at = |i: usize, step: f32| {
            let mut moved = start.clone();
            moved[i] += step;
            var.set(&Tensor::from_vec(moved, var.dims(), &Device::Cpu).unwrap()).unwrap();
            // In f64, since the terms cancel.
            let answer = forward().unwrap();
            let weights = floats(noise(0, answer.dims()).as_tensor());
            let terms = floats(&answer).into_iter().zip(weights);
            terms.map(|(a, w)| f64::from(a) * f64::from(w)).sum::<f64>()
        };
        let mut n_off = 0;
        for (i, found) in found.iter().enumerate() {
            let difference = ((at(i, STEP) - at(i, -STEP)) / f64::from(2.0 * STEP)) as f32;
            n_off += usize::from((difference - found).abs() > 1e-2 * scale);
        }
        var.set(&Tensor::from_vec(start, var.dims(), &Device::Cpu).unwrap()).unwrap();
        // A step across a kink of the activation or the maximum is off by nature; those are few.
        assert!(n_off <= 1.max(found.len() / 25), "{what}: variable {which}: {n_off} of {} off", found.len());
    }
}

fn norm_of(n: usize) -> (Norm, Var, Var) {
    let gamma = Var::from_tensor(&noise(3, &[n]).affine(0.2, 1.0).unwrap()).unwrap();
    let beta = noise(4, &[n]);
    let norm = Norm {
        gamma: gamma.as_tensor().clone(),
        beta: beta.as_tensor().clone(),
        mean: Var::from_tensor(&noise(5, &[n]).affine(0.1, 0.0).unwrap()).unwrap(),
        variance: Var::from_tensor(&noise(6, &[n]).sqr().unwrap().affine(1.0, 0.5).unwrap()).unwrap(),
        eps: 1e-3,
    };
    (norm, gamma, beta)
}

const EDGES: [Padding; 3] =
    [Padding::Symmetric, Padding::Same, Padding::Explicit { top: 2, bottom: 0, left: 1, right: 2 }];

/// (kernel, stride, height, width)
const GEOMETRIES: [((usize, usize), usize, usize, usize); 6] =
    [((3, 3), 1, 5, 4), ((3, 3), 2, 6, 5), ((5, 5), 2, 7, 6), ((1, 1), 2, 5, 4), ((2, 3), 3, 7, 8), ((1, 1), 1, 3, 3)];

const TRAINING: Mode = Mode::Training { update_statistics: false };

#[test]
fn convolution_norm_and_activation_have_the_gradient_of_finite_differences() {
    for groups in [Groups::One, Groups::Depthwise] {
        for (kernel, stride, h, w) in GEOMETRIES {
            for (padding, activation, mode) in [
                (EDGES[0], Activation::None, TRAINING),
                (EDGES[1], Activation::Relu6, Mode::Inference),
                (EDGES[2], Activation::Relu, TRAINING),
            ] {
                let n_out = if groups == Groups::One { 4 } else { 3 };
                let per_group = if groups == Groups::One { 3 } else { 1 };
                let shape = Shape { window: Window { kernel, stride, padding }, groups, activation };
                let x = noise(1, &[3, 2, h, w]);
                let weight = noise(2, &[n_out, per_group, kernel.0, kernel.1]);
                let (norm, gamma, beta) = norm_of(n_out);
                let what = format!("{shape:?} {mode:?}");
                check(&what, &[&x, &weight, &gamma, &beta], || {
                    conv_norm_act(x.as_tensor(), weight.as_tensor(), &norm, &shape, mode)
                });
            }
        }
    }
}

#[test]
fn the_fused_step_and_candles_own_operations_agree() {
    for groups in [Groups::One, Groups::Depthwise] {
        for (kernel, stride, h, w) in GEOMETRIES {
            for padding in EDGES {
                for mode in [Mode::Inference, Mode::Training { update_statistics: true }] {
                    let per_group = if groups == Groups::One { 4 } else { 1 };
                    let shape =
                        Shape { window: Window { kernel, stride, padding }, groups, activation: Activation::Relu6 };
                    let x = noise(1, &[4, 3, h, w]); // [C, B, h, w]
                    let weight = noise(2, &[4, per_group, kernel.0, kernel.1]);
                    let run = |fused: bool| {
                        let (norm, gamma, beta) = norm_of(4);
                        let answer = if fused {
                            conv_norm_act(&x, &weight, &norm, &shape, mode).unwrap()
                        } else {
                            let x = x.transpose(0, 1).unwrap().contiguous().unwrap();
                            let answer = composed(&x, &weight, &norm, &shape, mode).unwrap();
                            answer.transpose(0, 1).unwrap().contiguous().unwrap()
                        };
                        let gradients = loss(&answer).backward().unwrap();
                        let of = |var: &Var| floats(gradients.get(var).unwrap());
                        let statistics = [norm.mean.as_tensor(), norm.variance.as_tensor()].map(floats);
                        let [mean, variance] = statistics;
                        [floats(&answer), of(&x), of(&weight), of(&gamma), of(&beta), mean, variance]
                    };
                    for (which, (fused, composed)) in run(true).into_iter().zip(run(false)).enumerate() {
                        let scale = composed.iter().fold(1.0_f32, |m, v| m.max(v.abs()));
                        for (a, b) in fused.iter().zip(&composed) {
                            assert!((a - b).abs() < 2e-4 * scale, "{shape:?} {mode:?} {which}: {a} {b}");
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn max_pooling_has_the_gradient_of_finite_differences() {
    for (kernel, stride, h, w) in GEOMETRIES {
        for padding in [Padding::Symmetric, Padding::Same] {
            let window = Window { kernel, stride, padding };
            let x = noise(1, &[2, 2, h, w]);
            check(&format!("{window:?}"), &[&x], || max_pool(x.as_tensor(), &window));
        }
    }
}

#[test]
fn max_pooling_never_picks_the_padding() {
    let x = Tensor::full(-5.0_f32, (1, 1, 4, 4), &Device::Cpu).unwrap();
    let pooled = max_pool(&x, &Window::square(3, 2, Padding::Symmetric)).unwrap();
    assert_eq!(floats(&pooled), [-5.0; 4]);
    let frame = Window::square(3, 2, Padding::Symmetric).over(4, 4).unwrap();
    assert_eq!(floats(&super::max_pool::composed(&x, &frame).unwrap()), [-5.0; 4]);
}
