//! Both ways back through a depthwise convolution, pixel by pixel; its own share of a step is small. Floor 3.

use pulp::{Simd, WithSimd};

use super::crew;
use super::instructions::arch;
use super::map::Size;
use super::pairs::each_pair;
use super::pixelwise;
use crate::model::ops::window::Frame;

/// Of the input, added to `more`; `weight` `[C, 1, kh, kw]`.
pub(super) fn for_input(
    weight: &[f32],
    frame: &Frame,
    size: Size,
    gradient: &[f32],
    more: Option<Vec<f32>>,
) -> Vec<f32> {
    let n = size.n_channels;
    let n_taps = frame.kernel.0 * frame.kernel.1;
    let turned: Vec<f32> = (0..n_taps).flat_map(|tap| (0..n).map(move |c| weight[c * n_taps + tap])).collect();
    let n_answer = frame.output.0 * frame.output.1 * n;
    let mut values = more.unwrap_or_else(|| vec![0.0; size.n_floats()]);
    crew::parts(&mut values, size.height * size.row(), |image, target| {
        let gradient = &gradient[image * n_answer..][..n_answer];
        arch().dispatch(Scatter { weight: &turned, frame, size, gradient, target });
    });
    values
}

/// Of the weights, `[C, 1, kh, kw]`.
pub(super) fn for_weight(x: &[f32], size: Size, frame: &Frame, gradient: &[f32]) -> Vec<f32> {
    let n = size.n_channels;
    let n_taps = frame.kernel.0 * frame.kernel.1;
    let (n_image, n_answer) = (size.height * size.row(), frame.output.0 * frame.output.1 * n);
    // Every image's sum, added up in order.
    let mut sums = vec![0.0; size.n_batch * n_taps * n];
    crew::parts(&mut sums, n_taps * n, |image, sums| {
        let (x, gradient) = (&x[image * n_image..][..n_image], &gradient[image * n_answer..][..n_answer]);
        arch().dispatch(Gather { x, frame, size, gradient, sums });
    });
    let (total, rest) = sums.split_at_mut(n_taps * n);
    for sum in rest.chunks(n_taps * n) {
        pixelwise::add_to(total, sum);
    }
    let total = &*total;
    (0..n).flat_map(|c| (0..n_taps).map(move |tap| total[tap * n + c])).collect()
}

/// One image's gradient back to its pixels.
struct Scatter<'a> {
    /// `[taps, C]`.
    weight: &'a [f32],
    frame: &'a Frame,
    size: Size,
    gradient: &'a [f32],
    target: &'a mut [f32],
}

impl WithSimd for Scatter<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _simd: S) {
        let n = self.size.n_channels;
        each_pair(
            self.frame,
            self.size,
            #[inline(always)]
            |tap, input, output| {
                let (weight, gradient) = (&self.weight[tap * n..][..n], &self.gradient[output..][..n]);
                for ((target, weight), gradient) in self.target[input..][..n].iter_mut().zip(weight).zip(gradient) {
                    *target += weight * gradient;
                }
            },
        );
    }
}

/// One image's share of the weights' gradient.
struct Gather<'a> {
    x: &'a [f32],
    frame: &'a Frame,
    size: Size,
    gradient: &'a [f32],
    /// `[taps, C]`.
    sums: &'a mut [f32],
}

impl WithSimd for Gather<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _simd: S) {
        let n = self.size.n_channels;
        each_pair(
            self.frame,
            self.size,
            #[inline(always)]
            |tap, input, output| {
                let (x, gradient) = (&self.x[input..][..n], &self.gradient[output..][..n]);
                for ((sum, x), gradient) in self.sums[tap * n..][..n].iter_mut().zip(x).zip(gradient) {
                    *sum += x * gradient;
                }
            },
        );
    }
}
