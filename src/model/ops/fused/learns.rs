//! Blocks that learn against those composed of Candle's own operations: shapes of every way there is, answers and all
//! gradients.

use candle_core::{Tensor, Var};

use super::agreement::{assert_close, one, tensor, turned};
use crate::model::ops::batch_norm::Mode;
use crate::model::ops::composed;
use crate::model::ops::conv::Groups;
use crate::model::ops::conv_norm_act::{After, Shape, conv_norm_act};
use crate::model::ops::finite_differences::{TRAINING, norm_of};
use crate::model::ops::norm::Activation;
use crate::model::ops::tape::{Map, backward};
use crate::model::ops::window::{Padding, Window};

#[derive(Debug, Clone, Copy)]
struct Case {
    groups: Groups,
    window: Window,
    n_in: usize,
    n_out: usize,
    n_batch: usize,
    side: (usize, usize),
    mode: Mode,
    has_norm: bool,
    adds: bool,
    activation: Activation,
}

fn var(name: &str, shape: &[usize]) -> Var {
    Var::from_tensor(&tensor(name, shape)).unwrap()
}

/// The answer, then the gradients of input, what is added, weights, bias, gamma and beta; maps `[C, B, h, w]`.
fn results(case: &Case, is_own: bool) -> Vec<Tensor> {
    let Case { groups, window, n_in, n_out, n_batch, side: (h, w), .. } = *case;
    let x = var("x", &[n_in, n_batch, h, w]);
    let (oh, ow) = window.over(h, w).unwrap().output;
    let around = var("around", &[n_out, n_batch, oh, ow]);
    let weight = var("weight", &[n_out, n_in / groups.count(n_in), window.kernel.0, window.kernel.1]);
    let bias = var("bias", &[n_out]);
    let (norm, gamma, beta) = norm_of(n_out);
    let norm = case.has_norm.then_some(&norm);
    let shape = Shape { window, groups, activation: case.activation };
    let run = |x: &Map, around: &Map| {
        let after = After { bias: Some(&bias), norm, onto: case.adds.then_some(around) };
        if is_own {
            conv_norm_act(x, &weight, after, &shape, case.mode).unwrap().to_tensor().unwrap()
        } else {
            turned(&composed::conv_norm_act(x.values(), &weight, after, &shape, case.mode).unwrap())
        }
    };
    let answer = if is_own {
        run(&Map::of(&x), &Map::of(&around))
    } else {
        run(&Map::from(turned(&x)), &Map::from(turned(&around)))
    };
    let shares = tensor("shares", answer.dims());
    let gradients = backward(&answer.mul(&shares).unwrap().sum_all().unwrap()).unwrap();
    let vars = [&x, &around, &weight, &bias, &gamma, &beta].into_iter();
    std::iter::once(answer.detach()).chain(vars.filter_map(|var| gradients.get(var).cloned())).collect()
}

fn check(case: &Case) {
    let (found, expected) = (results(case, true), results(case, false));
    assert_eq!(found.len(), expected.len(), "{case:?}");
    assert_eq!(found.len(), 4 + if case.has_norm { 2 } else { 0 } + usize::from(case.adds), "{case:?}");
    // Under a batch's own statistics a bias changes nothing: its gradient is rounding.
    let is_moving = case.has_norm && case.mode != Mode::Inference;
    let without = is_moving.then_some(if case.adds { 4 } else { 3 });
    for (which, (found, expected)) in found.iter().zip(&expected).enumerate().filter(|(at, _)| Some(*at) != without) {
        assert_close(found, expected, &format!("{which} of {case:?}"));
    }
}

#[test]
fn random_blocks_learn_as_composed_ones() {
    let mut luck = 3;
    for _ in 0..120 {
        let luck = &mut luck;
        let groups = one(luck, &[Groups::One, Groups::One, Groups::One, Groups::Depthwise]);
        let n_in = one(luck, &[1, 3, 8, 16, 24, 37, 64, 80, 130]);
        check(&Case {
            groups,
            window: Window {
                kernel: one(luck, &[(1, 1), (3, 3), (3, 3), (5, 5), (7, 7), (1, 7), (2, 3)]),
                stride: one(luck, &[1, 1, 2, 3]),
                padding: one(
                    luck,
                    &[
                        Padding::Symmetric,
                        Padding::Symmetric,
                        Padding::Same,
                        Padding::NONE,
                        Padding::Explicit { top: 1, bottom: 0, left: 2, right: 3 },
                    ],
                ),
            },
            n_in,
            n_out: if groups == Groups::Depthwise { n_in } else { one(luck, &[1, 7, 16, 24, 48, 64, 80, 129]) },
            n_batch: one(luck, &[1, 2, 3]),
            side: (one(luck, &[7, 8, 9, 13, 16]), one(luck, &[7, 8, 10, 15])),
            mode: one(luck, &[Mode::Inference, Mode::Inference, TRAINING]),
            has_norm: one(luck, &[true, true, false]),
            adds: one(luck, &[true, false]),
            activation: one(luck, &[Activation::None, Activation::Relu, Activation::Relu6]),
        });
    }
}

#[test]
fn layers_of_resnets_learn_as_composed_ones() {
    // (inputs, outputs, side, kernel, stride, batch): many tiles and few, several panels, phases.
    for (n_in, n_out, side, kernel, stride, n_batch) in [
        (64, 64, 56, 3, 1, 1),
        (128, 128, 14, 3, 1, 4),
        (192, 256, 14, 3, 1, 1),
        (96, 128, 28, 3, 2, 2),
        (64, 128, 28, 1, 2, 2),
        (3, 64, 64, 7, 2, 2),
        (256, 64, 14, 1, 1, 2),
    ] {
        let window = Window::square(kernel, stride, Padding::Symmetric);
        check(&Case {
            groups: Groups::One,
            window,
            n_in,
            n_out,
            n_batch,
            side: (side, side),
            mode: Mode::Inference,
            has_norm: true,
            adds: kernel == 3,
            activation: Activation::Relu,
        });
    }
}

#[test]
fn what_is_learned_does_not_depend_on_the_number_of_threads() {
    let case = |kernel, stride| Case {
        groups: Groups::One,
        window: Window::square(kernel, stride, Padding::Symmetric),
        n_in: 64,
        n_out: 80,
        n_batch: 3,
        side: (30, 29),
        mode: TRAINING,
        has_norm: true,
        adds: true,
        activation: Activation::Relu,
    };
    for case in [case(3, 1), case(3, 2), case(1, 1)] {
        let run = |n_threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().unwrap();
            let floats = |tensor: Tensor| tensor.flatten_all().unwrap().to_vec1::<f32>().unwrap();
            pool.install(|| results(&case, true).into_iter().map(floats).collect::<Vec<_>>())
        };
        assert!(run(1) == run(3), "the very bits: {case:?}");
    }
}
