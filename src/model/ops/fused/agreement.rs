//! Fused convolutions, those that look and those that learn, against Candle's own operations, on random blocks.

use candle_core::{Device, Tensor};

use super::Convolution;
use super::map::is_channels_last;
use crate::base::hash::mix64;
use crate::model::ops::batch_norm::Mode;
use crate::model::ops::composed;
use crate::model::ops::conv::Groups;
use crate::model::ops::conv_norm_act::{After, Shape};
use crate::model::ops::norm::Activation;
use crate::model::ops::tape::Map;
use crate::model::ops::window::{Padding, Window};
use crate::model::ops::{avg_pool, concat_channels, global_average, max_pool, valuewise};
use crate::model::reference::det;

/// One of them, by luck.
pub(super) fn one<T: Copy>(luck: &mut u64, from: &[T]) -> T {
    *luck = mix64(*luck);
    from[(*luck % from.len() as u64) as usize]
}

pub(super) fn tensor(name: &str, shape: &[usize]) -> Tensor {
    let values: Vec<f32> = det(name, shape.iter().product()).collect();
    Tensor::from_vec(values, shape, &Device::Cpu).unwrap()
}

fn values(tensor: &Tensor) -> Vec<f32> {
    tensor.flatten_all().unwrap().to_vec1().unwrap()
}

pub(super) fn assert_close(found: &Tensor, expected: &Tensor, what: &str) {
    assert_eq!(found.dims(), expected.dims(), "{what}");
    let (found, expected) = (values(found), values(expected));
    let scale = expected.iter().fold(1.0_f32, |most, value| most.max(value.abs()));
    for (a, b) in found.iter().zip(&expected) {
        assert!((a - b).abs() <= 1e-4 * scale, "{what}: {a}, expected {b}");
    }
}

/// `[C, B, h, w]` to `[B, C, h, w]` and back.
pub(super) fn turned(map: &Tensor) -> Tensor {
    map.transpose(0, 1).unwrap().contiguous().unwrap()
}

/// Composed of Candle's own operations, from and to maps `[C, B, h, w]`.
fn composed(x: &Tensor, weight: &Tensor, shift: Option<&Tensor>, shape: &Shape) -> Tensor {
    let after = After { bias: shift, ..After::default() };
    turned(&composed::conv_norm_act(&turned(x), weight, after, shape, Mode::Inference).unwrap())
}

#[test]
fn random_blocks_answer_as_composed_ones() {
    let mut luck = 11;
    for n in 0..300 {
        let luck = &mut luck;
        let groups = one(luck, &[Groups::One, Groups::One, Groups::One, Groups::Depthwise]);
        let kernel = one(luck, &[(1, 1), (3, 3), (3, 3), (5, 5), (7, 7), (1, 7), (7, 1), (2, 3)]);
        let padding = one(
            luck,
            &[
                Padding::Symmetric,
                Padding::Same,
                Padding::NONE,
                Padding::Explicit { top: 1, bottom: 0, left: 2, right: 3 },
            ],
        );
        let window = Window { kernel, stride: one(luck, &[1, 1, 2, 3]), padding };
        let n_in = one(luck, &[1, 3, 8, 16, 24, 37, 64, 130]);
        let n_out = if groups == Groups::Depthwise { n_in } else { one(luck, &[1, 7, 16, 24, 48, 64, 100, 129]) };
        let (h, w) = (one(luck, &[7, 8, 9, 13, 16, 21]), one(luck, &[7, 8, 10, 15, 17]));
        let n_batch = one(luck, &[1, 1, 2, 3, 5, 8, 33]);
        let activation = one(luck, &[Activation::None, Activation::Relu, Activation::Relu6]);
        let what = format!("{n}: {groups:?} {window:?} {n_in} to {n_out}, {n_batch} x {h} x {w}, {activation:?}");

        let x = tensor("x", &[n_in, n_batch, h, w]);
        let weight = tensor("weight", &[n_out, n_in / groups.count(n_in), kernel.0, kernel.1]);
        let shift = tensor("shift", &[n_out]);
        let shift = one(luck, &[true, false]).then_some(&shift);
        let shape = Shape { window, groups, activation };
        let fused = Convolution::new(&weight, shift, &shape).unwrap().unwrap();
        let (found, expected) = (fused.forward(&x, None).unwrap(), composed(&x, &weight, shift, &shape));
        assert_close(&found, &expected, &what);
        // Once more over a map whose channels lie together already, and over the weights that are ready now.
        let together = Convolution::new(&tensor("one", &[n_in, n_in, 1, 1]), None, &POINTWISE).unwrap().unwrap();
        let together = together.forward(&x, None).unwrap();
        assert!(n_in == 1 || is_channels_last(&together), "{what}");
        let again = composed(&together.contiguous().unwrap(), &weight, shift, &shape);
        assert_close(&fused.forward(&together, None).unwrap(), &again, &what);

        if groups == Groups::One {
            let plain = Shape { activation: Activation::None, ..shape };
            let fused = Convolution::new(&weight, shift, &plain).unwrap().unwrap();
            let inner = composed(&x, &weight, shift, &plain);
            let around = tensor("around", inner.dims());
            let onto = |activation| fused.forward(&x, Some((&around, activation))).unwrap();
            let sum = (inner + &around).unwrap();
            assert_close(&onto(Activation::None), &sum, &what);
            assert_close(&onto(Activation::Relu), &sum.relu().unwrap(), &what);
        }
    }
}

const POINTWISE: Shape = Shape {
    window: Window { kernel: (1, 1), stride: 1, padding: Padding::NONE },
    groups: Groups::One,
    activation: Activation::None,
};

#[test]
fn depthwise_convolutions_answer_the_same_with_their_neighbours_as_one_by_one() {
    let mut luck = 5;
    for n in 0..60 {
        let luck = &mut luck;
        let (n_in, n_wide, n_out) = (one(luck, &[8, 24, 33]), one(luck, &[16, 40, 96, 150]), one(luck, &[8, 24, 70]));
        let (h, w, n_batch) = (one(luck, &[7, 14, 31]), one(luck, &[8, 15, 28]), one(luck, &[1, 2, 5]));
        let window =
            Window::square(one(luck, &[3, 3, 5]), one(luck, &[1, 2]), one(luck, &[Padding::Symmetric, Padding::Same]));
        let what = format!("{n}: {n_in}, {n_wide}, {n_out}, {n_batch} x {h} x {w}, {window:?}");
        let conv = |name: &str, weight: [usize; 4], window, groups, activation| {
            let (weight, shift) = (tensor(name, &weight), tensor("shift", &weight[..1]));
            Convolution::new(&weight, Some(&shift), &Shape { window, groups, activation }).unwrap().unwrap()
        };
        let point = POINTWISE.window;
        let widen = conv("widen", [n_wide, n_in, 1, 1], point, Groups::One, Activation::Relu6);
        let [kh, kw] = [window.kernel.0, window.kernel.1];
        let depthwise = conv("depthwise", [n_wide, 1, kh, kw], window, Groups::Depthwise, Activation::Relu);
        let project = conv("project", [n_out, n_wide, 1, 1], point, Groups::One, Activation::None);
        let x = tensor("x", &[n_in, n_batch, h, w]);
        let wide = widen.forward(&x, None).unwrap();
        let between = depthwise.forward(&wide, None).unwrap();
        let expected = project.forward(&between, None).unwrap();
        let two = depthwise.forward_separable(&wide, None, &project, None).unwrap();
        assert_close(&two, &expected, &what);
        let three = depthwise.forward_separable(&x, Some(&widen), &project, None).unwrap();
        assert_close(&three, &expected, &what);
        let around = tensor("around", expected.dims());
        let onto = Some((&around, Activation::Relu));
        let expected = project.forward(&between, onto).unwrap();
        assert_close(&depthwise.forward_separable(&x, Some(&widen), &project, onto).unwrap(), &expected, &what);
        assert!(
            depthwise.forward(&wide, Some((&wide, Activation::None))).is_err(),
            "nothing is added silently to nothing"
        );
        assert!(project.forward_separable(&between, None, &project, None).is_err(), "not depthwise");
    }
}

#[test]
fn large_maps_and_few_rows_go_the_same_way() {
    // (inputs, outputs, side, kernel, batch): many tiles and few, panels shared out and rows.
    for (n_in, n_out, side, kernel, n_batch) in [
        (64, 64, 57, 3, 1),
        (16, 80, 40, 3, 3),
        (256, 256, 14, 3, 1),
        (96, 200, 7, 3, 8),
        (512, 64, 7, 1, 1),
        (30, 1000, 3, 1, 2),
        (24, 64, 60, 1, 1),
        (40, 136, 7, 7, 2),
    ] {
        let what = format!("{n_in} to {n_out}, {n_batch} x {side} x {side}, kernel {kernel}");
        let x = tensor("x", &[n_in, n_batch, side, side]);
        let weight = tensor("weight", &[n_out, n_in, kernel, kernel]);
        let window = Window::square(kernel, 1, Padding::Symmetric);
        let shape = Shape { window, groups: Groups::One, activation: Activation::None };
        let fused = Convolution::new(&weight, None, &shape).unwrap().unwrap();
        let expected = composed(&x, &weight, None, &shape);
        assert_close(&fused.forward(&x, None).unwrap(), &expected, &what);
        let around = tensor("around", expected.dims());
        let onto = fused.forward(&x, Some((&around, Activation::Relu))).unwrap();
        assert_close(&onto, &(expected + around).unwrap().relu().unwrap(), &what);
    }
}

#[test]
fn a_picture_answers_the_same_to_the_last_bit_in_any_company() {
    for (n_in, n_out, side, kernel) in [(64, 64, 7, 3), (128, 64, 14, 3), (48, 70, 9, 3), (96, 130, 7, 1)] {
        let x = tensor("x", &[n_in, 8, side, side]);
        let weight = tensor("weight", &[n_out, n_in, kernel, kernel]);
        let shape = Shape { window: Window::square(kernel, 1, Padding::Symmetric), ..POINTWISE };
        let fused = Convolution::new(&weight, None, &shape).unwrap().unwrap();
        let all = fused.forward(&x, None).unwrap();
        for picture in [0, 7] {
            let alone = fused.forward(&x.narrow(1, picture, 1).unwrap().contiguous().unwrap(), None).unwrap();
            assert_eq!(values(&alone), values(&all.narrow(1, picture, 1).unwrap()), "{n_in} to {n_out}, side {side}");
        }
    }
}

#[test]
fn what_follows_answers_the_same_for_maps_of_either_order() {
    for (n, h, w, n_batch) in [(24, 9, 11, 2), (70, 8, 8, 1), (16, 1, 1, 3)] {
        let planes = tensor("x", &[n, n_batch, h, w]);
        let map = super::map::with_pixels(&planes, |pixels| Ok(pixels.to_vec())).unwrap();
        let map = super::map::map_of(map, super::map::Size::of(&planes).unwrap()).unwrap();
        let (map, planes) = (Map::of(&map), Map::of(&planes));
        let what = format!("{n} {n_batch} {h} {w}");
        for padding in [Padding::Symmetric, Padding::Same] {
            for (kernel, stride) in [(3, 2), (3, 1), (2, 2)] {
                let window = Window::square(kernel, stride, padding);
                if window.over(h, w).is_err() {
                    continue;
                }
                let frame = window.over(h, w).unwrap();
                let max = |map: &Map| max_pool::max_pool(map, &window).unwrap().values().clone();
                assert_close(&max(&map), &max_pool::composed(planes.values(), &frame).unwrap(), &what);
                assert_close(&max(&planes), &max(&map), &what);
                let inside = avg_pool::Divisor::Inside;
                let average = |map: &Map| avg_pool::avg_pool(map, &window, inside).unwrap().values().clone();
                assert_close(&average(&map), &avg_pool::composed(planes.values(), &frame, inside).unwrap(), &what);
                assert_close(&average(&planes), &average(&map), &what);
            }
        }
        let other = Map::of(&tensor("y", &[n, n_batch, h, w]));
        let sum = (planes.values() + other.values()).unwrap();
        assert_close(valuewise::add(&map, &other).unwrap().values(), &sum, &what);
        assert_close(valuewise::relu(&map).unwrap().values(), &planes.values().relu().unwrap(), &what);
        let means = planes.values().flatten_from(2).unwrap().mean(2).unwrap().t().unwrap().contiguous().unwrap();
        assert_close(&global_average(&map).unwrap(), &means, &what);
        let joined = Tensor::cat(&[planes.values(), other.values(), planes.values()], 0).unwrap();
        let join = concat_channels(&[map.clone(), other.clone(), map.clone()]).unwrap();
        assert_close(join.values(), &joined, &what);
    }
}

#[test]
fn maps_that_do_not_fit_are_errors() {
    let weight = tensor("weight", &[8, 16, 3, 3]);
    let shape = Shape { window: Window::square(3, 1, Padding::NONE), ..POINTWISE };
    let fused = Convolution::new(&weight, None, &shape).unwrap().unwrap();
    assert!(fused.forward(&tensor("x", &[15, 1, 8, 8]), None).is_err(), "another number of channels");
    assert!(fused.forward(&tensor("x", &[16, 1, 2, 8]), None).is_err(), "smaller than the kernel");
    let around = tensor("around", &[8, 1, 8, 8]);
    assert!(fused.forward(&tensor("x", &[16, 1, 8, 8]), Some((&around, Activation::None))).is_err(), "another size");
}
