//! Depthwise convolution of maps whose channels lie together: vectors are channels, a few neighbours at a time.
//!
//! Four answers side by side share the pixels between them, and their weights stay in registers. Floor 3.

use pulp::{Simd, WithSimd};

use super::crew;
use super::direct::Job;
use super::instructions::arch;
use super::target::Target;
use crate::model::ops::window::Frame;

/// Answers side by side.
const BESIDE: usize = 4;

#[derive(Debug)]
pub(super) struct Depthwise {
    /// `[kh * kw, C]`.
    weight: Vec<f32>,
}

impl Depthwise {
    /// `weight` `[C, 1, kh, kw]`.
    pub(super) fn new(weight: &[f32], [n_channels, _one, height, width]: [usize; 4]) -> Self {
        let n_taps = height * width;
        let turned = (0..n_taps).flat_map(|tap| (0..n_channels).map(move |channel| weight[channel * n_taps + tap]));
        Self { weight: turned.collect() }
    }

    #[expect(unsafe_code, reason = "several cores write one map")]
    pub(super) fn run(&self, job: &Job<'_>) {
        let outside = vec![0.0; job.size.row()];
        let (n_rows, n) = (job.frame.output.0, job.frame.output.1 * job.size.n_channels);
        crew::each(job.size.n_batch * n_rows, |row| {
            let image = &job.pixels[row / n_rows * job.size.height * job.size.row()..];
            let (target, at) = (job.target, row * n);
            // SAFETY: no other task has this row.
            unsafe { self.row(job, &outside, (image, 0), row % n_rows, (target, at)) };
        });
    }

    /// Row `y` of one image's answers. `lines`: the image's rows of pixels from `first` on, all that the kernel sees.
    /// `outside`: a row of zeros.
    ///
    /// # Safety
    /// Nobody else reads or writes this row of the target meanwhile.
    #[expect(unsafe_code, reason = "several cores write one map")]
    pub(super) unsafe fn row(
        &self,
        job: &Job<'_>,
        outside: &[f32],
        (lines, first): (&[f32], usize),
        y: usize,
        (target, at): (Target<'_>, usize),
    ) {
        let Frame { kernel, stride, top, .. } = job.frame;
        let rows: Vec<&[f32]> = (0..kernel.0)
            .map(|tap| {
                let y = (y * stride + tap).wrapping_sub(top);
                if y < job.size.height { &lines[(y - first) * job.size.row()..][..job.size.row()] } else { outside }
            })
            .collect();
        arch().dispatch(Line { weight: &self.weight, rows: &rows, job, target, at });
    }
}

/// One row of answers.
struct Line<'a> {
    weight: &'a [f32],
    /// Of pixels, one for each row of the kernel.
    rows: &'a [&'a [f32]],
    job: &'a Job<'a>,
    target: Target<'a>,
    /// Where in the target the row begins.
    at: usize,
}

impl WithSimd for Line<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Frame { kernel, stride, output, left, .. } = self.job.frame;
        let size = self.job.size;
        let rows = self.rows;
        // Answers whose whole window is inside the row.
        let first = left.div_ceil(stride).min(output.1);
        let last = (size.width + left).saturating_sub(kernel.1) / stride;
        let end = if size.width + left < kernel.1 { first } else { (last + 1).clamp(first, output.1) };
        for x in (0..first).chain(end..output.1) {
            self.edge(x);
        }
        let mut x = first;
        while x < end {
            let n = (end - x).min(BESIDE);
            match (kernel, stride, n) {
                ((3, 3), 1, 4) => self.inner::<S, 3, 1, 4>(simd, rows, x),
                ((3, 3), 1, 3) => self.inner::<S, 3, 1, 3>(simd, rows, x),
                ((3, 3), 1, 2) => self.inner::<S, 3, 1, 2>(simd, rows, x),
                ((3, 3), 1, _) => self.inner::<S, 3, 1, 1>(simd, rows, x),
                ((3, 3), 2, 4) => self.inner::<S, 3, 2, 4>(simd, rows, x),
                ((3, 3), 2, 3) => self.inner::<S, 3, 2, 3>(simd, rows, x),
                ((3, 3), 2, 2) => self.inner::<S, 3, 2, 2>(simd, rows, x),
                ((3, 3), 2, _) => self.inner::<S, 3, 2, 1>(simd, rows, x),
                _ => {
                    for x in x..x + n {
                        self.edge(x);
                    }
                }
            }
            x += n;
        }
    }
}

impl Line<'_> {
    /// `N` answers from `x` on, whose windows are inside the row.
    #[expect(unsafe_code, reason = "bounds are checked once, not for every vector")]
    #[inline(always)]
    fn inner<S: Simd, const K: usize, const STEP: usize, const N: usize>(&self, simd: S, rows: &[&[f32]], x: usize) {
        let n_channels = self.job.size.n_channels;
        if n_channels < S::F32_LANES {
            for x in x..x + N {
                self.edge(x);
            }
            return;
        }
        let finish = self.job.finish;
        let start = (x * STEP - self.job.frame.left) * n_channels;
        let n_columns = (N - 1) * STEP + K;
        let rows: &[&[f32]; K] = match rows.try_into() {
            Ok(rows) => rows,
            Err(_) => return,
        };
        for row in rows {
            assert!(start + n_columns * n_channels <= row.len(), "a window beyond its row");
        }
        assert!(self.weight.len() >= K * K * n_channels && finish.shift.len() >= n_channels, "too few weights");
        let (low, high) = (simd.splat_f32s(finish.low), simd.splat_f32s(finish.high));
        let mut channel = 0;
        while channel < n_channels {
            // The last vector overlaps the one before it where channels are no whole number of vectors.
            let at = channel.min(n_channels - S::F32_LANES);
            // SAFETY: `at` and the vector after it are among the channels; the rest is checked above. No other task has this row.
            unsafe {
                let shift = finish.shift.as_ptr().add(at).cast::<S::f32s>().read_unaligned();
                let mut sums = [shift; N];
                for (ky, row) in rows.iter().enumerate() {
                    let mut weights = [shift; K];
                    for (kx, weight) in weights.iter_mut().enumerate() {
                        let weights = self.weight.as_ptr().add((ky * K + kx) * n_channels + at);
                        *weight = weights.cast::<S::f32s>().read_unaligned();
                    }
                    let row = row.as_ptr().add(start + at);
                    for column in 0..n_columns {
                        let pixel = row.add(column * n_channels).cast::<S::f32s>().read_unaligned();
                        for n in 0..N {
                            if n * STEP <= column && column < n * STEP + K {
                                sums[n] = simd.mul_add_e_f32s(pixel, weights[column - n * STEP], sums[n]);
                            }
                        }
                    }
                }
                for (n, sum) in sums.iter().enumerate() {
                    let sum = simd.min_f32s(high, simd.max_f32s(low, *sum));
                    self.target.store(simd, self.start(x + n) + at, S::F32_LANES, sum);
                }
            }
            channel += S::F32_LANES;
        }
    }

    /// Where an answer of this row begins.
    #[inline(always)]
    fn start(&self, x: usize) -> usize {
        self.at + x * self.job.size.n_channels
    }

    /// One answer, any kernel, with what is outside the row left out; a stretch of channels at a time.
    #[expect(unsafe_code, reason = "several cores write one map")]
    #[inline(always)]
    fn edge(&self, x: usize) {
        const STRETCH: usize = 64;
        let Frame { kernel, stride, left, .. } = self.job.frame;
        let (n, finish) = (self.job.size.n_channels, self.job.finish);
        let mut sums = [0.0; STRETCH];
        for first in (0..n).step_by(STRETCH) {
            let sums = &mut sums[..STRETCH.min(n - first)];
            sums.copy_from_slice(&finish.shift[first..][..sums.len()]);
            for (ky, row) in self.rows.iter().enumerate() {
                for kx in 0..kernel.1 {
                    let column = (x * stride + kx).wrapping_sub(left);
                    if column < self.job.size.width {
                        let weights = &self.weight[(ky * kernel.1 + kx) * n + first..][..sums.len()];
                        let pixels = &row[column * n + first..][..sums.len()];
                        for ((sum, pixel), weight) in sums.iter_mut().zip(pixels).zip(weights) {
                            *sum += pixel * weight;
                        }
                    }
                }
            }
            for sum in sums.iter_mut() {
                *sum = finish.high.min(finish.low.max(*sum));
            }
            // SAFETY: no other task has this row.
            unsafe { self.target.copy(self.start(x) + first, sums) };
        }
    }
}
