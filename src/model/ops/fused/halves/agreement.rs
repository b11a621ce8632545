//! Convolutions in bf16 against those in f32 of values that are rounded already: what is left is the order of sums.

use candle_core::{DType, Device, Tensor};

use super::Kernel;
use crate::base::hash::mix64;
use crate::model::ops::conv::Groups;
use crate::model::ops::conv_norm_act::Shape;
use crate::model::ops::fused::Convolution;
use crate::model::ops::norm::Activation;
use crate::model::ops::window::{Padding, Window};
use crate::model::reference::det;

fn one<T: Copy>(luck: &mut u64, from: &[T]) -> T {
    *luck = mix64(*luck);
    from[(*luck % from.len() as u64) as usize]
}

/// Values that bf16 holds.
fn rounded(name: &str, shape: &[usize]) -> Tensor {
    let values: Vec<f32> = det(name, shape.iter().product()).collect();
    let tensor = Tensor::from_vec(values, shape, &Device::Cpu).unwrap();
    tensor.to_dtype(DType::BF16).unwrap().to_dtype(DType::F32).unwrap()
}

fn assert_close(found: &Tensor, expected: &Tensor, what: &str) {
    assert_eq!(found.dims(), expected.dims(), "{what}");
    let values = |tensor: &Tensor| tensor.flatten_all().unwrap().to_vec1::<f32>().unwrap();
    let (found, expected) = (values(found), values(expected));
    let scale = expected.iter().fold(1.0_f32, |most, value| most.max(value.abs()));
    for (a, b) in found.iter().zip(&expected) {
        assert!((a - b).abs() <= 1e-4 * scale, "{what}: {a}, expected {b}");
    }
}

/// All that this machine has; without any there is nothing to test.
fn kernels() -> Vec<Kernel> {
    let all = Kernel::all();
    if all.is_empty() {
        eprintln!("this processor does not multiply bf16: not tested");
    }
    all
}

#[test]
fn random_blocks_in_bf16_answer_as_those_in_f32_of_rounded_values() {
    for kernel in kernels() {
        let mut luck = 7;
        for n in 0..150 {
            let luck = &mut luck;
            let kernel_size = one(luck, &[(1, 1), (1, 1), (3, 3), (5, 5), (7, 7), (1, 7), (2, 3)]);
            let explicit = Padding::Explicit { top: 1, bottom: 0, left: 2, right: 3 };
            let padding = one(luck, &[Padding::Symmetric, Padding::Same, Padding::NONE, explicit]);
            let window = Window { kernel: kernel_size, stride: one(luck, &[1, 1, 2, 3]), padding };
            let (n_in, n_out) = (one(luck, &[1, 3, 8, 16, 37, 64, 130]), one(luck, &[1, 7, 16, 33, 64, 100]));
            let (h, w) = (one(luck, &[7, 8, 13, 21]), one(luck, &[7, 10, 15, 17]));
            let n_batch = one(luck, &[1, 1, 2, 5, 8]);
            let activation = one(luck, &[Activation::None, Activation::Relu, Activation::Relu6]);
            let what = format!("{kernel:?} {n}: {window:?} {n_in} to {n_out}, {n_batch} x {h} x {w}, {activation:?}");

            let x = rounded("x", &[n_in, n_batch, h, w]);
            let weight = rounded("weight", &[n_out, n_in, kernel_size.0, kernel_size.1]);
            let shift = rounded("shift", &[n_out]);
            let shape = Shape { window, groups: Groups::One, activation };
            let new = || Convolution::new(&weight, Some(&shift), &shape).unwrap().unwrap();
            let (whole, half) = (new(), new().with_kernel(Some(kernel)));
            let expected = whole.forward(&x, None).unwrap();
            assert_close(&half.forward(&x, None).unwrap(), &expected, &what);
            let around = rounded("around", expected.dims());
            let onto = |conv: &Convolution| conv.forward(&x, Some((&around, Activation::Relu))).unwrap();
            assert_close(&onto(&half), &onto(&whole), &what);
        }
    }
}

#[test]
fn a_picture_answers_the_same_to_the_last_bit_in_any_company_in_bf16() {
    let values = |tensor: &Tensor| tensor.flatten_all().unwrap().to_vec1::<f32>().unwrap();
    for kernel in kernels() {
        for (n_in, n_out, side, kernel_side) in [(64, 64, 7, 3), (600, 64, 14, 1), (48, 70, 9, 3), (96, 130, 7, 1)] {
            let x = rounded("x", &[n_in, 8, side, side]);
            let weight = rounded("weight", &[n_out, n_in, kernel_side, kernel_side]);
            let window = Window::square(kernel_side, 1, Padding::Symmetric);
            let shape = Shape { window, groups: Groups::One, activation: Activation::None };
            let conv = Convolution::new(&weight, None, &shape).unwrap().unwrap().with_kernel(Some(kernel));
            let all = conv.forward(&x, None).unwrap();
            for picture in [0, 7] {
                let alone = conv.forward(&x.narrow(1, picture, 1).unwrap().contiguous().unwrap(), None).unwrap();
                let expected = values(&all.narrow(1, picture, 1).unwrap());
                assert_eq!(values(&alone), expected, "{kernel:?} {n_in} to {n_out}, side {side}");
            }
        }
    }
}
