//! The transforms of F(4x4, 3x3): a 3x3 convolution of a 6x6 square of pixels, which makes 4x4, as 36 multiplications.
//!
//! `answer = out(kernel(weights) * pixels(map))`, each applied along rows and along columns; the gradients go through
//! the transposes. Vectors are channels: nothing here mixes lanes. Floor 3.
//! Source: Lavin and Gray 2015, arXiv 1509.09308; interpolated at 0, ±1/√2, ±√2 and infinity, where single precision
//! loses less than at the paper's 0, ±1, ±2.

use std::f32::consts::{FRAC_1_SQRT_2 as HALF, SQRT_2 as ROOT};

use pulp::Simd;

/// Applies a transform along the rows, then along the columns.
///
/// In plain loops, here and below: what goes through a function of the standard library, `map` or `from_fn`, is compiled
/// for the oldest processor and calls every instruction of a newer one.
#[inline(always)]
pub(super) fn both<V: Copy, const N: usize, const M: usize>(
    square: [[V; N]; N],
    along: impl Fn([V; N]) -> [V; M],
) -> [[V; M]; M] {
    let any = square[0][0];
    let mut rows = [[any; M]; N];
    for (row, values) in rows.iter_mut().zip(square) {
        *row = along(values);
    }
    let mut answer = [[any; M]; M];
    for x in 0..M {
        let mut column = [any; N];
        for (value, row) in column.iter_mut().zip(&rows) {
            *value = row[x];
        }
        for (row, value) in answer.iter_mut().zip(along(column)) {
            row[x] = value;
        }
    }
    answer
}

/// `factor * value`.
#[inline(always)]
fn scaled<S: Simd>(simd: S, factor: f32, value: S::f32s) -> S::f32s {
    simd.mul_f32s(simd.splat_f32s(factor), value)
}

/// `factor * value + more`.
#[inline(always)]
fn times<S: Simd>(simd: S, factor: f32, value: S::f32s, more: S::f32s) -> S::f32s {
    simd.mul_add_e_f32s(simd.splat_f32s(factor), value, more)
}

/// Six pixels.
#[inline(always)]
pub(super) fn pixels<S: Simd>(simd: S, d: [S::f32s; 6]) -> [S::f32s; 6] {
    let even = times(simd, -2.0, d[2], d[4]);
    let odd = scaled(simd, HALF, times(simd, -2.0, d[1], d[3]));
    let even_far = times(simd, -0.5, d[2], d[4]);
    let odd_far = scaled(simd, ROOT, times(simd, -0.5, d[1], d[3]));
    [
        simd.add_f32s(times(simd, -2.5, d[2], d[0]), d[4]),
        simd.add_f32s(even, odd),
        simd.sub_f32s(even, odd),
        simd.add_f32s(even_far, odd_far),
        simd.sub_f32s(even_far, odd_far),
        simd.add_f32s(times(simd, -2.5, d[3], d[1]), d[5]),
    ]
}

/// Three weights.
#[inline(always)]
pub(super) fn kernel<S: Simd>(simd: S, g: [S::f32s; 3]) -> [S::f32s; 6] {
    let even = simd.add_f32s(scaled(simd, -2.0 / 3.0, g[0]), scaled(simd, -1.0 / 3.0, g[2]));
    let odd = scaled(simd, -ROOT / 3.0, g[1]);
    let even_far = simd.add_f32s(scaled(simd, 1.0 / 6.0, g[0]), scaled(simd, 1.0 / 3.0, g[2]));
    let odd_far = scaled(simd, ROOT / 6.0, g[1]);
    [
        g[0],
        simd.add_f32s(even, odd),
        simd.sub_f32s(even, odd),
        simd.add_f32s(even_far, odd_far),
        simd.sub_f32s(even_far, odd_far),
        g[2],
    ]
}

/// Six products to four answers.
#[inline(always)]
pub(super) fn out<S: Simd>(simd: S, m: [S::f32s; 6]) -> [S::f32s; 4] {
    let (sum, difference) = (simd.add_f32s(m[1], m[2]), simd.sub_f32s(m[1], m[2]));
    let (sum_far, difference_far) = (simd.add_f32s(m[3], m[4]), simd.sub_f32s(m[3], m[4]));
    [
        simd.add_f32s(simd.add_f32s(m[0], sum), sum_far),
        times(simd, HALF, difference, scaled(simd, ROOT, difference_far)),
        times(simd, 0.5, sum, scaled(simd, 2.0, sum_far)),
        times(simd, HALF / 2.0, difference, times(simd, 2.0 * ROOT, difference_far, m[5])),
    ]
}

/// The transpose of `out`: four gradients of answers to six of products.
#[inline(always)]
pub(super) fn for_products<S: Simd>(simd: S, y: [S::f32s; 4]) -> [S::f32s; 6] {
    let even = times(simd, 0.5, y[2], y[0]);
    let odd = times(simd, HALF, y[1], scaled(simd, HALF / 2.0, y[3]));
    let even_far = times(simd, 2.0, y[2], y[0]);
    let odd_far = times(simd, ROOT, y[1], scaled(simd, 2.0 * ROOT, y[3]));
    [
        y[0],
        simd.add_f32s(even, odd),
        simd.sub_f32s(even, odd),
        simd.add_f32s(even_far, odd_far),
        simd.sub_f32s(even_far, odd_far),
        y[3],
    ]
}

/// The transpose of `kernel`: six gradients to those of three weights.
#[inline(always)]
pub(super) fn for_kernel<S: Simd>(simd: S, u: [S::f32s; 6]) -> [S::f32s; 3] {
    let (sum, difference) = (simd.add_f32s(u[1], u[2]), simd.sub_f32s(u[1], u[2]));
    let (sum_far, difference_far) = (simd.add_f32s(u[3], u[4]), simd.sub_f32s(u[3], u[4]));
    [
        times(simd, -2.0 / 3.0, sum, times(simd, 1.0 / 6.0, sum_far, u[0])),
        times(simd, -ROOT / 3.0, difference, scaled(simd, ROOT / 6.0, difference_far)),
        times(simd, -1.0 / 3.0, sum, times(simd, 1.0 / 3.0, sum_far, u[5])),
    ]
}

/// `kernel` along both directions of one kernel's nine weights, in double precision.
pub(super) fn lifted_kernel(weights: &[f32]) -> [f32; 36] {
    const ROOT: f64 = std::f64::consts::SQRT_2;
    let along = |g: [f64; 3]| {
        let (even, odd) = (-2.0 / 3.0 * g[0] - g[2] / 3.0, -ROOT / 3.0 * g[1]);
        let (even_far, odd_far) = (g[0] / 6.0 + g[2] / 3.0, ROOT / 6.0 * g[1]);
        [g[0], even + odd, even - odd, even_far + odd_far, even_far - odd_far, g[2]]
    };
    let weight = |y: usize, x: usize| f64::from(weights[3 * y + x]);
    let rows = [0, 1, 2].map(|y| along([weight(y, 0), weight(y, 1), weight(y, 2)])); // 3 by 6
    let mut lifted = [0.0; 36];
    for x in 0..6 {
        for (y, value) in along([rows[0][x], rows[1][x], rows[2][x]]).into_iter().enumerate() {
            lifted[6 * y + x] = value as f32;
        }
    }
    lifted
}
