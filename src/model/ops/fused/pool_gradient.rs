//! Pooling in a step of learning: where each maximum was found, and both ways back. Floor 3.

use pulp::{Simd, WithSimd};

use super::crew;
use super::instructions::arch;
use super::map::Size;
use super::pairs::each_pair;
use super::target::{Target, written};
use crate::model::ops::window::Frame;

/// Maxima `[B, oh, ow, C]`, and which tap each was first found under.
#[expect(unsafe_code, reason = "several cores write two maps")]
pub(in crate::model::ops) fn maxima(x: &[f32], size: Size, frame: &Frame) -> (Vec<f32>, Vec<f32>) {
    let answer = Size { height: frame.output.0, width: frame.output.1, ..size };
    let (mut values, mut winners) = (vec![0.0; answer.n_floats()], vec![0.0; answer.n_floats()]);
    let target = Target::new(&mut winners);
    crew::parts(&mut values, answer.row(), |row, values| {
        // SAFETY: no other task has this row.
        let winners = unsafe { target.part(row * answer.row(), answer.row()) };
        arch().dispatch(Line { x, size, frame, row, values, winners });
    });
    (values, winners)
}

/// The gradient of a map from that of its maxima.
pub(in crate::model::ops) fn of_maxima(winners: &[f32], size: Size, frame: &Frame, gradient: &[f32]) -> Vec<f32> {
    back(size, frame, gradient, Share::Of(winners))
}

/// The gradient of a map from that of its sums, each times its pixel's share.
pub(in crate::model::ops) fn of_sums(shares: &[f32], size: Size, frame: &Frame, gradient: &[f32]) -> Vec<f32> {
    back(size, frame, gradient, Share::Fixed(shares))
}

/// What part of an answer's gradient a pixel under its window gets.
#[derive(Debug, Clone, Copy)]
enum Share<'a> {
    /// All, where it was the winner.
    Of(&'a [f32]),
    /// The same for all of a window.
    Fixed(&'a [f32]),
}

#[expect(unsafe_code, reason = "each core clears what it adds to")]
fn back(size: Size, frame: &Frame, gradient: &[f32], share: Share<'_>) -> Vec<f32> {
    let (n_image, n_answer) = (size.height * size.row(), frame.output.0 * frame.output.1 * size.n_channels);
    let nothing = vec![0.0; size.row()];
    let compute = |target: Target<'_>| {
        crew::each(size.n_batch, |image| {
            let own = image * n_answer..(image + 1) * n_answer;
            let share = match share {
                Share::Of(winners) => Share::Of(&winners[own.clone()]),
                Share::Fixed(_) => share,
            };
            // SAFETY: this image's pixels are nobody else's, and hold zeros before a slice is made of them.
            let target = unsafe {
                for y in 0..size.height {
                    target.copy(image * n_image + y * size.row(), &nothing);
                }
                target.part(image * n_image, n_image)
            };
            arch().dispatch(Scatter { size, frame, gradient: &gradient[own], share, target });
        });
    };
    // SAFETY: every image is cleared.
    unsafe { written(size.n_floats(), compute) }
}

/// One row of maxima.
struct Line<'a> {
    x: &'a [f32],
    size: Size,
    frame: &'a Frame,
    row: usize,
    values: &'a mut [f32],
    winners: &'a mut [f32],
}

impl WithSimd for Line<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _simd: S) {
        let (image, y) = (self.row / self.frame.output.0, self.row % self.frame.output.0);
        let frame = *self.frame;
        let (n, n_image) = (self.size.n_channels, self.size.height * self.size.row());
        let x = &self.x[image * n_image..][..n_image];
        self.values.fill(f32::NEG_INFINITY);
        let (values, winners) = (self.values, self.winners);
        for column in 0..frame.output.1 {
            let (values, winners) = (&mut values[column * n..][..n], &mut winners[column * n..][..n]);
            for tap in 0..frame.kernel.0 * frame.kernel.1 {
                let from_y = (y * frame.stride + tap / frame.kernel.1).wrapping_sub(frame.top);
                let from_x = (column * frame.stride + tap % frame.kernel.1).wrapping_sub(frame.left);
                if from_y >= self.size.height || from_x >= self.size.width {
                    continue;
                }
                let pixel = &x[(from_y * self.size.width + from_x) * n..][..n];
                for ((value, winner), seen) in values.iter_mut().zip(winners.iter_mut()).zip(pixel) {
                    let is_greater = *seen > *value;
                    *winner = if is_greater { tap as f32 } else { *winner };
                    *value = if is_greater { *seen } else { *value };
                }
            }
        }
    }
}

/// One image's gradient back to its pixels.
struct Scatter<'a> {
    size: Size,
    frame: &'a Frame,
    gradient: &'a [f32],
    share: Share<'a>,
    target: &'a mut [f32],
}

impl WithSimd for Scatter<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _simd: S) {
        let n = self.size.n_channels;
        let Self { gradient, target, share, .. } = self;
        each_pair(
            self.frame,
            self.size,
            #[inline(always)]
            |tap, input, output| {
                let (gradient, target) = (&gradient[output..][..n], &mut target[input..][..n]);
                match share {
                    Share::Of(winners) => {
                        let tap = tap as f32;
                        for ((target, gradient), winner) in target.iter_mut().zip(gradient).zip(&winners[output..][..n])
                        {
                            *target += if *winner == tap { *gradient } else { 0.0 };
                        }
                    }
                    Share::Fixed(shares) => {
                        let share = shares[output / n];
                        for (target, gradient) in target.iter_mut().zip(gradient) {
                            *target += share * gradient;
                        }
                    }
                }
            },
        );
    }
}
