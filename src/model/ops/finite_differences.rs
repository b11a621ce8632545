//! Every operation's gradient against finite differences.

use candle_core::{Device, Result, Tensor, Var};

use super::avg_pool::{Divisor, avg_pool};
use super::batch_norm::{Mode, Norm, norm_act};
use super::conv::Groups;
use super::conv_norm_act::{After, Shape, conv_norm_act};
use super::max_pool::max_pool;
use super::norm::Activation;
use super::resample::{Resampling, resample};
use super::tape::{Map, backward};
use super::valuewise::{add_relu, attend, scaled, sigmoid};
use super::window::{Padding, Window};
use super::{concat_channels, global_average};
use crate::model::reference::det;

/// A variable of a name's numbers, in ±1.3.
pub(super) fn noise(name: &str, shape: &[usize]) -> Var {
    let values: Vec<f32> = det(name, shape.iter().product()).map(|v| 1.3 * v).collect();
    Var::from_vec(values, shape, &Device::Cpu).unwrap()
}

pub(super) fn floats(tensor: &Tensor) -> Vec<f32> {
    tensor.flatten_all().unwrap().to_vec1().unwrap()
}

/// A loss in which every answer counts differently.
pub(super) fn loss(answer: &Tensor) -> Tensor {
    let weights =
        Tensor::from_vec(det("loss", answer.elem_count()).collect::<Vec<_>>(), answer.dims(), answer.device());
    answer.mul(&weights.unwrap()).unwrap().sum_all().unwrap()
}

/// Central differences in every coordinate of every variable, but for those where a step meets a kink of an activation
/// or a maximum: there the differences to either side are not the same.
fn check(what: &str, vars: &[&Var], forward: impl Fn() -> Result<Map>) {
    const STEP: f32 = 4e-3;
    let forward = || forward()?.to_tensor();
    let gradients = backward(&loss(&forward().unwrap())).unwrap();
    for (which, var) in vars.iter().enumerate() {
        let found = floats(gradients.get(var).unwrap());
        let scale = found.iter().fold(0.1_f32, |m, g| m.max(g.abs()));
        let start = floats(var.as_tensor());
        let at = |i: usize, step: f32| {
            let mut moved = start.clone();
            moved[i] += step;
            var.set(&Tensor::from_vec(moved, var.dims(), &Device::Cpu).unwrap()).unwrap();
            // In f64, since the terms cancel.
            let answer = floats(&forward().unwrap());
            let terms = answer.iter().zip(det("loss", answer.len()));
            terms.map(|(a, w)| f64::from(*a) * f64::from(w)).sum::<f64>()
        };
        let mut n_smooth = 0;
        for (i, found) in found.iter().enumerate() {
            let [below, here, above] = [-STEP, 0.0, STEP].map(|step| at(i, step));
            let [left, right] = [here - below, above - here].map(|rise| (rise / f64::from(STEP)) as f32);
            if (left - right).abs() < 0.02 * scale {
                n_smooth += 1;
                let difference = (left + right) / 2.0;
                let is_right = (difference - found).abs() < 0.015 * scale;
                assert!(is_right, "{what}: variable {which}, {i}: {found}, difference {difference}");
            }
        }
        var.set(&Tensor::from_vec(start, var.dims(), &Device::Cpu).unwrap()).unwrap();
        assert!(2 * n_smooth > found.len(), "{what}: variable {which}: only {n_smooth} of {} are smooth", found.len());
    }
}

/// Batch norm of `n` channels, with its gamma and beta.
pub(super) fn norm_of(n: usize) -> (Norm, Var, Var) {
    let gamma = Var::from_tensor(&noise("gamma", &[n]).affine(0.2, 1.0).unwrap()).unwrap();
    let beta = noise("beta", &[n]);
    let norm = Norm {
        gamma: gamma.as_tensor().clone(),
        beta: beta.as_tensor().clone(),
        mean: Var::from_tensor(&noise("mean", &[n]).affine(0.1, 0.0).unwrap()).unwrap(),
        variance: Var::from_tensor(&noise("variance", &[n]).sqr().unwrap().affine(1.0, 0.5).unwrap()).unwrap(),
        eps: 1e-3,
    };
    (norm, gamma, beta)
}

pub(super) const EDGES: [Padding; 3] =
    [Padding::Symmetric, Padding::Same, Padding::Explicit { top: 2, bottom: 0, left: 1, right: 2 }];

/// (kernel, stride, height, width)
pub(super) const GEOMETRIES: [((usize, usize), usize, usize, usize); 6] =
    [((3, 3), 1, 5, 4), ((3, 3), 2, 6, 5), ((5, 5), 2, 7, 6), ((1, 1), 2, 5, 4), ((2, 3), 3, 7, 8), ((1, 1), 1, 3, 3)];

/// Four channels in, so many out.
pub(super) const GROUPS: [(Groups, usize); 3] = [(Groups::One, 3), (Groups::Depthwise, 4), (Groups::Many(2), 6)];

pub(super) const TRAINING: Mode = Mode::Training { update_statistics: false };

#[test]
fn convolution_norm_and_activation_have_the_gradient_of_finite_differences() {
    for (groups, n_out) in GROUPS {
        for (kernel, stride, h, w) in GEOMETRIES {
            for (padding, activation, mode, has_norm, adds) in [
                (EDGES[0], Activation::None, TRAINING, true, false),
                (EDGES[0], Activation::Relu, TRAINING, true, true),
                (EDGES[1], Activation::Relu6, Mode::Inference, true, false),
                (EDGES[1], Activation::Relu, Mode::Inference, true, true),
                (EDGES[2], Activation::Relu, TRAINING, false, false),
                (EDGES[0], Activation::None, Mode::Inference, false, true),
            ] {
                let shape = Shape { window: Window { kernel, stride, padding }, groups, activation };
                let x = noise("x", &[4, 2, h, w]);
                let weight = noise("weight", &[n_out, 4 / groups.count(4), kernel.0, kernel.1]);
                let bias = noise("bias", &[n_out]);
                let (norm, gamma, beta) = norm_of(n_out);
                let (oh, ow) = shape.window.over(h, w).unwrap().output;
                let onto = noise("onto", &[n_out, 2, oh, ow]);
                let mut vars = vec![&x, &weight, &bias];
                if adds {
                    vars.push(&onto);
                }
                if has_norm {
                    vars.extend([&gamma, &beta]);
                }
                check(&format!("{shape:?} {mode:?} {has_norm} {adds}"), &vars, || {
                    let onto = Map::of(&onto);
                    let after =
                        After { bias: Some(&bias), norm: has_norm.then_some(&norm), onto: adds.then_some(&onto) };
                    conv_norm_act(&Map::of(&x), &weight, after, &shape, mode)
                });
            }
        }
    }
}

#[test]
fn batch_norm_alone_has_the_gradient_of_finite_differences() {
    for mode in [Mode::Inference, TRAINING] {
        for activation in [Activation::None, Activation::Relu, Activation::Relu6] {
            let x = noise("x", &[3, 2, 4, 3]);
            let (norm, gamma, beta) = norm_of(3);
            let what = format!("{activation:?} {mode:?}");
            check(&what, &[&x, &gamma, &beta], || norm_act(&Map::of(&x), &norm, activation, mode));
        }
    }
}

#[test]
fn a_sum_and_its_activation_have_the_gradient_of_finite_differences() {
    let (x, y) = (noise("x", &[2, 3, 4, 5]), noise("y", &[2, 3, 4, 5]));
    check("add-relu", &[&x, &y], || add_relu(&Map::of(&x), &Map::of(&y)));
    let twice = noise("x", &[2, 3, 4, 5]);
    check("the same twice", &[&twice], || add_relu(&Map::of(&twice), &Map::of(&twice)));
}

#[test]
fn pooling_has_the_gradient_of_finite_differences() {
    for (kernel, stride, h, w) in GEOMETRIES {
        for padding in [Padding::Symmetric, Padding::Same] {
            let window = Window { kernel, stride, padding };
            let x = noise("x", &[2, 2, h, w]);
            check(&format!("max {window:?}"), &[&x], || max_pool(&Map::of(&x), &window));
            for divisor in [Divisor::Inside, Divisor::Window] {
                let what = format!("average {window:?} {divisor:?}");
                check(&what, &[&x], || avg_pool(&Map::of(&x), &window, divisor));
            }
        }
    }
}

#[test]
fn resampling_has_the_gradient_of_finite_differences() {
    for how in [Resampling::Nearest, Resampling::Bilinear, Resampling::Average] {
        for ((h, w), size) in [((2, 3), (5, 4)), ((3, 2), (3, 7)), ((5, 4), (2, 3))] {
            let x = noise("x", &[2, 2, h, w]);
            check(&format!("{how:?} {h} x {w} to {size:?}"), &[&x], || resample(&Map::of(&x), size, how));
        }
    }
}

#[test]
fn attention_and_what_goes_side_by_side_have_the_gradient_of_finite_differences() {
    let (x, y) = (noise("x", &[3, 2, 4, 5]), noise("y", &[3, 2, 4, 5]));
    check("attention", &[&x, &y], || attend(&Map::of(&x), &sigmoid(&Map::of(&y))?));
    check("factor", &[&x], || scaled(&Map::of(&x), -0.3));
    check("side by side", &[&x, &y], || {
        let (x, y) = (Map::of(&x), Map::of(&y));
        concat_channels(&[x.clone(), y, x])
    });
    check("average", &[&x], || Ok(Map::from(global_average(&Map::of(&x))?)));
}
