//! Three ways to the same answers and gradients: our loops, Candle's own operations, and PyTorch's numbers.
//!
//! `pytorch.json` holds what PyTorch 2.15 answers for inputs made by name (`reference::det`, times 1.3).

use candle_core::{DType, Device, Tensor, Var};
use serde::Deserialize;

use super::avg_pool::{self, Divisor, avg_pool};
use super::batch_norm::{Mode, norm_act};
use super::composed;
use super::conv::Groups;
use super::conv_norm_act::{After, Shape, conv_norm_act};
use super::finite_differences::{EDGES, GEOMETRIES, GROUPS, floats, loss, noise, norm_of};
use super::max_pool::{self, max_pool};
use super::norm::Activation;
use super::resample::{Resampling, resample};
use super::tape::{Map, backward};
use super::window::{Padding, Window};

/// A variable of the same values on another device.
fn moved(var: &Var, device: &Device) -> Var {
    Var::from_tensor(&var.as_tensor().to_device(device).unwrap()).unwrap()
}

/// `[C, B, h, w]` to `[B, C, h, w]` and back.
fn turned(map: &Tensor) -> Tensor {
    map.transpose(0, 1).unwrap().contiguous().unwrap()
}

fn assert_close(found: &[Vec<f32>], expected: &[Vec<f32>], what: &str) {
    for (which, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert_eq!(found.len(), expected.len(), "{what}: {which}");
        let scale = expected.iter().fold(1.0_f32, |m, v| m.max(v.abs()));
        for (a, b) in found.iter().zip(expected) {
            assert!((a - b).abs() < 2e-4 * scale, "{what}: {which}: {a}, expected {b}");
        }
    }
}

/// The step made of our loops against the one composed of Candle's operations, on this device.
fn check_steps(device: &Device) {
    for (groups, n_out) in GROUPS {
        for (kernel, stride, h, w) in GEOMETRIES {
            for padding in EDGES {
                for mode in [Mode::Inference, Mode::Training { update_statistics: true }] {
                    let window = Window { kernel, stride, padding };
                    let shape = Shape { window, groups, activation: Activation::Relu6 };
                    let weight_shape = [n_out, 4 / groups.count(4), kernel.0, kernel.1];
                    let run = |on: &Device, own: bool| {
                        let x = moved(&noise("x", &[4, 3, h, w]), on); // [C, B, h, w]
                        let weight = moved(&noise("weight", &weight_shape), on);
                        let bias = moved(&noise("bias", &[n_out]), on);
                        let (mut norm, gamma, beta) = norm_of(n_out);
                        let (gamma, beta) = (moved(&gamma, on), moved(&beta, on));
                        (norm.gamma, norm.beta) = (gamma.as_tensor().clone(), beta.as_tensor().clone());
                        (norm.mean, norm.variance) = (moved(&norm.mean, on), moved(&norm.variance, on));
                        let after = After { bias: Some(bias.as_tensor()), norm: Some(&norm), onto: None };
                        let answer = if own {
                            conv_norm_act(&Map::of(&x), &weight, after, &shape, mode).unwrap().to_tensor().unwrap()
                        } else {
                            turned(&composed::conv_norm_act(&turned(&x), &weight, after, &shape, mode).unwrap())
                        };
                        let gradients = backward(&loss(&answer)).unwrap();
                        let of = |var: &Var| floats(gradients.get(var).unwrap());
                        let [mean, variance] = [norm.mean.as_tensor(), norm.variance.as_tensor()].map(floats);
                        let trained = [of(&x), of(&weight), of(&bias), of(&gamma), of(&beta)];
                        [vec![floats(&answer), mean, variance], trained.to_vec()].concat()
                    };
                    let what = format!("{shape:?} {mode:?}");
                    assert_close(&run(device, false), &run(&Device::Cpu, true), &what);
                }
            }
        }
    }
}

/// The same for pooling, which looks at the last two dimensions only.
fn check_pools(device: &Device) {
    for (kernel, stride, h, w) in GEOMETRIES {
        for padding in [Padding::Symmetric, Padding::Same] {
            let window = Window { kernel, stride, padding };
            let frame = window.over(h, w).unwrap();
            let run = |on: &Device, own: bool| {
                let x = moved(&noise("x", &[2, 3, h, w]), on);
                let answers = if own {
                    [
                        max_pool(&Map::of(&x), &window),
                        avg_pool(&Map::of(&x), &window, Divisor::Inside),
                        avg_pool(&Map::of(&x), &window, Divisor::Window),
                    ]
                    .map(|map| map?.to_tensor())
                } else {
                    [
                        max_pool::composed(&x, &frame),
                        avg_pool::composed(&x, &frame, Divisor::Inside),
                        avg_pool::composed(&x, &frame, Divisor::Window),
                    ]
                };
                let both = |answer: candle_core::Result<Tensor>| {
                    let answer = answer.unwrap();
                    let gradients = backward(&loss(&answer)).unwrap();
                    [floats(&answer), floats(gradients.get(&x).unwrap())]
                };
                answers.map(both).concat()
            };
            assert_close(&run(device, false), &run(&Device::Cpu, true), &format!("{window:?}"));
        }
    }
}

#[test]
fn our_loops_and_candles_own_operations_agree() {
    check_steps(&Device::Cpu);
    check_pools(&Device::Cpu);
}

#[cfg(feature = "cuda")]
#[test]
#[ignore = "needs an NVIDIA card"]
fn gpu_operations_agree_with_our_loops() {
    let device = Device::new_cuda(0).unwrap();
    check_steps(&device);
    check_pools(&device);
    check_pytorch(&device);
}

#[test]
fn max_pooling_never_picks_the_padding() {
    let x = Tensor::full(-5.0_f32, (1, 1, 4, 4), &Device::Cpu).unwrap();
    let window = Window::square(3, 2, Padding::Symmetric);
    assert_eq!(floats(max_pool(&Map::of(&x), &window).unwrap().values()), [-5.0; 4]);
    let frame = window.over(4, 4).unwrap();
    for dtype in [DType::F32, DType::F16] {
        let pooled = max_pool::composed(&x.to_dtype(dtype).unwrap(), &frame).unwrap();
        assert_eq!(floats(&pooled.to_dtype(DType::F32).unwrap()), [-5.0; 4]);
    }
}

#[test]
fn weights_that_do_not_fit_the_channels_are_an_error() {
    let shape = |groups| Shape { window: Window::square(1, 1, Padding::NONE), groups, activation: Activation::None };
    let x = noise("x", &[4, 4, 2, 2]); // Four channels in either layout.
    for (groups, weight) in [
        (Groups::One, [3, 2, 1, 1]),
        (Groups::Depthwise, [8, 1, 1, 1]),
        (Groups::Many(2), [3, 2, 1, 1]),
        (Groups::Many(3), [3, 1, 1, 1]),
        (Groups::Many(0), [4, 4, 1, 1]),
    ] {
        let weight = noise("weight", &weight);
        let own = conv_norm_act(&Map::of(&x), &weight, After::default(), &shape(groups), Mode::Inference);
        let composed = composed::conv_norm_act(&x, &weight, After::default(), &shape(groups), Mode::Inference);
        assert!(own.is_err() && composed.is_err(), "{groups:?} {weight:?}");
    }
}

/// One answer of PyTorch with its gradients, maps as `[B, C, h, w]`.
#[derive(Deserialize)]
struct Case {
    op: String,
    /// Of the input.
    shape: [usize; 4],
    /// Of the convolution's weights.
    #[serde(default)]
    weight: Option<[usize; 4]>,
    #[serde(default)]
    kernel: usize,
    #[serde(default)]
    stride: usize,
    #[serde(default)]
    groups: usize,
    /// TensorFlow's padding.
    #[serde(default)]
    same: bool,
    /// Of the answer, where it is given.
    #[serde(default)]
    size: Option<(usize, usize)>,
    answer: Vec<f32>,
    /// Of the input, then of the weights, bias, gamma and beta, as far as there are any.
    gradients: Vec<Vec<f32>>,
    /// Mean and variance as batch norm remembers them.
    #[serde(default)]
    statistics: Vec<Vec<f32>>,
}

fn check_pytorch(device: &Device) {
    let cases: Vec<Case> = serde_json::from_str(include_str!("pytorch.json")).unwrap();
    assert!(cases.len() > 15);
    for case in cases {
        let x = moved(&noise("x", &case.shape), device);
        let enter = |x: &Var| super::enter(x.as_tensor()).unwrap();
        let padding = if case.same { Padding::Same } else { Padding::Symmetric };
        let window = Window::square(case.kernel, case.stride, padding);
        let mut vars = vec![x.clone()];
        let mut statistics = Vec::new();
        let answer = match case.op.as_str() {
            "conv" => {
                let weight = moved(&noise("weight", &case.weight.unwrap()), device);
                let bias = moved(&noise("bias", &[weight.dims()[0]]), device);
                vars.extend([weight.clone(), bias.clone()]);
                let groups = match case.groups {
                    1 => Groups::One,
                    n if n == case.shape[1] => Groups::Depthwise,
                    n => Groups::Many(n),
                };
                let after = After { bias: Some(bias.as_tensor()), ..After::default() };
                let shape = Shape { window, groups, activation: Activation::None };
                conv_norm_act(&enter(&x), &weight, after, &shape, Mode::Inference)
            }
            "norm_frozen" | "norm_moving" => {
                let (mut norm, gamma, beta) = norm_of(case.shape[1]);
                let (gamma, beta) = (moved(&gamma, device), moved(&beta, device));
                (norm.gamma, norm.beta) = (gamma.as_tensor().clone(), beta.as_tensor().clone());
                (norm.mean, norm.variance) = (moved(&norm.mean, device), moved(&norm.variance, device));
                vars.extend([gamma, beta]);
                let moving = case.op == "norm_moving";
                let mode = if moving { Mode::Training { update_statistics: true } } else { Mode::Inference };
                let answer = norm_act(&enter(&x), &norm, Activation::Relu, mode);
                statistics = vec![floats(&norm.mean), floats(&norm.variance)];
                answer
            }
            "max_pool" => max_pool(&enter(&x), &window),
            "avg_pool_inside" => avg_pool(&enter(&x), &window, Divisor::Inside),
            "avg_pool_window" => avg_pool(&enter(&x), &window, Divisor::Window),
            "nearest" => resample(&enter(&x), case.size.unwrap(), Resampling::Nearest),
            "bilinear" => resample(&enter(&x), case.size.unwrap(), Resampling::Bilinear),
            "adaptive_average" => resample(&enter(&x), case.size.unwrap(), Resampling::Average),
            other => panic!("no operation {other}"),
        };
        let answer = super::leave(&answer.unwrap()).unwrap().contiguous().unwrap();
        let gradients = backward(&loss(&answer)).unwrap();
        let found: Vec<_> = vars.iter().map(|var| floats(gradients.get(var).unwrap())).collect();
        let what = format!("{} {:?} {:?} {}", case.op, case.shape, window, case.groups);
        assert_eq!(found.len(), case.gradients.len(), "{what}");
        assert_close(&[floats(&answer)], &[case.answer], &what);
        assert_close(&found, &case.gradients, &what);
        assert_eq!(case.statistics.is_empty(), statistics.is_empty(), "{what}");
        assert_close(&statistics, &case.statistics, &what);
    }
}

#[test]
fn operations_agree_with_pytorch_forwards_and_backwards() {
    check_pytorch(&Device::Cpu);
}
