//! The gradient of weights, summed over pixels: any kernel, stride and padding. Floor 3.
//!
//! As in `direct`, the pixels under a kernel are a few runs; every float of them is a row of sums. A few pixels' gradients
//! are brought together so that they stay in a core's nearest cache. How work is divided depends on shapes alone, and
//! sums run in a fixed order.

use super::crew;
use super::direct::{Job, fill_starts, pad};
use super::map::Size;
use super::panels::PANEL;
use super::sums::Sums;
use super::target::{Target, written};
use crate::model::ops::lanes::LANES;
use crate::model::ops::scratch::with_scratch;

/// Pixels whose gradients stay in the nearest cache.
const TOGETHER: usize = 96;

/// Of the weights `[O, C, kh, kw]`; `job.target` is none of this.
pub(super) fn for_weight(job: &Job<'_>, gradient: &[f32]) -> Vec<f32> {
    let (height, width) = job.frame.used();
    let is_inside = height <= job.size.height && width <= job.size.width;
    if job.frame.top == 0 && job.frame.left == 0 && is_inside {
        return of(job, job.pixels, job.size, gradient);
    }
    let padded = Size { height, width: width.max(job.frame.left + job.size.width), ..job.size };
    with_scratch(padded.n_floats(), |margins| {
        pad(job, padded, margins);
        of(job, margins, padded, gradient)
    })
}

/// `pixels` are those of `size`, margins and all.
#[expect(unsafe_code, reason = "several cores write one buffer")]
fn of(job: &Job<'_>, pixels: &[f32], size: Size, gradient: &[f32]) -> Vec<f32> {
    let (kernel, n_in, n_out) = (job.frame.kernel, size.n_channels, job.n_out);
    let run = kernel.1 * n_in;
    let depth = kernel.0 * run;
    let (n, n_panels) = (job.n_answers(), n_out.div_ceil(PANEL));
    // Each a sum of its own, added up in order.
    let n_sums = 8_usize.div_ceil(n_panels).min(n / (2 * TOGETHER)).max(1);
    let sums_of = depth * PANEL;
    with_scratch(n_sums * n_panels * sums_of, |sums| {
        crew::parts(sums, sums_of, |task, sums| {
            let (sum, first) = (task / n_panels, task % n_panels * PANEL);
            let n_own = PANEL.min(n_out - first);
            let width = n_own.next_multiple_of(LANES);
            let mut gradients = [0.0; TOGETHER * PANEL];
            let mut starts = [0; TOGETHER];
            let (begin, end) = (sum * n / n_sums, (sum + 1) * n / n_sums);
            for start in (begin..end).step_by(TOGETHER) {
                let n = TOGETHER.min(end - start);
                fill_starts(&mut starts[..n], start, &job.frame, size);
                for (pixel, target) in gradients.chunks_exact_mut(PANEL).take(n).enumerate() {
                    target[..n_own].copy_from_slice(&gradient[(start + pixel) * n_out + first..][..n_own]);
                }
                for line in 0..kernel.0 {
                    Sums {
                        left: &pixels[line * size.row()..],
                        row_stride: 1,
                        offsets: &starts[..n],
                        right: &gradients,
                        width,
                        target: &mut sums[line * run * PANEL..][..run * PANEL],
                        add: start > begin,
                    }
                    .run();
                }
            }
        });
        let sums = &*sums;
        // SAFETY: every output's weights are written by its own task.
        unsafe { written(n_out * depth, |target| turn(sums, n_sums, n_in, (n_out, depth), target)) }
    })
}

/// Sums `[n_sums, panels, taps, C, PANEL]` to weights `[O, C, taps]`.
#[expect(unsafe_code, reason = "several cores write one list")]
fn turn(sums: &[f32], n_sums: usize, n_in: usize, (n_out, depth): (usize, usize), target: Target<'_>) {
    let n_taps = depth / n_in.max(1);
    let n_panels = n_out.div_ceil(PANEL);
    crew::each(n_out, |output| {
        let mut own = vec![0.0; depth];
        for sum in 0..n_sums {
            let start = (sum * n_panels + output / PANEL) * depth * PANEL + output % PANEL;
            for tap in 0..n_taps {
                for input in 0..n_in {
                    own[input * n_taps + tap] += sums[start + (tap * n_in + input) * PANEL];
                }
            }
        }
        // SAFETY: this output's weights are nobody else's.
        unsafe { target.copy(output * depth, &own) };
    });
}
