//! Depthwise convolution: every channel has its own kernel; any kernel, stride and padding.
//!
//! Each plane is copied, padded, into a scratch where pixels of equal phase (position modulo stride) lie together, so
//! that for every kernel position the inner loop runs over contiguous floats, whatever the stride. The padded columns
//! between rows are computed along and thrown away.
//!
//! Maps are channel-major, `[C, B, h, w]`; weights `[C, kh * kw]`. CPU only. Floor 3.

use rayon::prelude::*;

use super::lanes::{correlate, dot, whole};
use super::window::Frame;

/// A frame, and how its planes lie in the scratch.
pub(crate) struct Depthwise {
    frame: Frame,
    /// Width and size of one phase plane.
    width: usize,
    plane: usize,
    /// Phase and offset of each kernel position, row-major.
    taps: Vec<(usize, usize)>,
    /// Length of the flat output: rows of `width`, the last one short; in whole blocks.
    flat: usize,
    /// The largest offset within a phase.
    reach: usize,
}

impl Depthwise {
    pub(crate) fn new(frame: Frame) -> Self {
        let s = frame.stride;
        let width = ((frame.output.1 - 1) * s + frame.kernel.1).div_ceil(s);
        let height = ((frame.output.0 - 1) * s + frame.kernel.0).div_ceil(s);
        let position = |ky: usize, kx: usize| ((ky % s) * s + kx % s, (ky / s) * width + kx / s);
        let taps: Vec<_> =
            (0..frame.kernel.0).flat_map(|ky| (0..frame.kernel.1).map(move |kx| position(ky, kx))).collect();
        let reach = taps.iter().map(|tap| tap.1).max().unwrap_or(0);
        Self {
            frame,
            width,
            plane: width * height,
            taps,
            flat: whole((frame.output.0 - 1) * width + frame.output.1),
            reach,
        }
    }

    /// `x` `[C, B, h, w]`, `weights` `[C, kh * kw]`; answers `[C, B, oh, ow]`.
    pub(crate) fn forward(&self, x: &[f32], weights: &[f32], n_batch: usize) -> Vec<f32> {
        let (n_in, n_out) = (self.n_in(), self.n_out());
        let mut answer = vec![0.0; x.len() / n_in * n_out];
        answer
            .par_chunks_mut(n_batch * n_out)
            .zip(x.par_chunks(n_batch * n_in))
            .zip(weights.par_chunks(self.taps.len()))
            .for_each_init(
                || (self.scratch(), vec![0.0; self.flat]),
                |(scratch, flat), ((answer, x), weights)| {
                    let taps = self.weighted(weights);
                    for (answer, x) in answer.chunks_mut(n_out).zip(x.chunks(n_in)) {
                        self.spread(x, scratch);
                        correlate(flat, scratch, &taps);
                        for (row, flat) in answer.chunks_mut(self.frame.output.1).zip(flat.chunks(self.width)) {
                            row.copy_from_slice(&flat[..row.len()]);
                        }
                    }
                },
            );
        answer
    }

    /// Gradients of the input (if wanted; else empty) and of the weights, from `gradient` `[C, B, oh, ow]`.
    pub(crate) fn backward(
        &self,
        x: &[f32],
        weights: &[f32],
        gradient: &[f32],
        n_batch: usize,
        wants_input: bool,
    ) -> (Vec<f32>, Vec<f32>) {
        let (n_in, n_out) = (self.n_in(), self.n_out());
        let mut for_input = vec![0.0; if wants_input { x.len() } else { 0 }];
        let mut for_weights = vec![0.0; weights.len()];
        let channel = |(input_gradient, (weight_gradient, x, weights, gradient)): (&mut [f32], Channel)| {
            let mut scratch = self.scratch();
            let mut spread = vec![0.0; self.reach + self.flat.max(whole(self.plane))];
            let mut phases = vec![0.0; whole(self.plane)];
            let mut sums = vec![0.0_f64; self.taps.len()];
            let by_phase = self.by_phase(weights);
            for (b, (x, gradient)) in x.chunks(n_in).zip(gradient.chunks(n_out)).enumerate() {
                let flat = &mut spread[self.reach..];
                for (row, gradient) in flat.chunks_mut(self.width).zip(gradient.chunks(self.frame.output.1)) {
                    row[..gradient.len()].copy_from_slice(gradient);
                }
                let flat = &spread[self.reach..][..self.flat];
                self.spread(x, &mut scratch);
                for (sum, (phase, offset)) in sums.iter_mut().zip(&self.taps) {
                    *sum += dot(flat, &scratch[phase * self.plane + offset..]);
                }
                if wants_input {
                    let target = &mut input_gradient[b * n_in..(b + 1) * n_in];
                    for (phase, taps) in by_phase.iter().enumerate() {
                        correlate(&mut phases, &spread, taps);
                        self.collect(phase, &phases, target);
                    }
                }
            }
            for (weight, sum) in weight_gradient.iter_mut().zip(sums) {
                *weight = sum as f32;
            }
        };
        let channels = for_weights
            .par_chunks_mut(self.taps.len())
            .zip(x.par_chunks(n_batch * n_in))
            .zip(weights.par_chunks(self.taps.len()))
            .zip(gradient.par_chunks(n_batch * n_out))
            .map(|(((weight_gradient, x), weights), gradient)| (weight_gradient, x, weights, gradient));
        if wants_input {
            for_input.par_chunks_mut(n_batch * n_in).zip(channels).for_each(channel);
        } else {
            channels.for_each(|rest| channel((&mut [], rest)));
        }
        (for_input, for_weights)
    }

    fn n_in(&self) -> usize {
        self.frame.input.0 * self.frame.input.1
    }

    fn n_out(&self) -> usize {
        self.frame.output.0 * self.frame.output.1
    }

    fn scratch(&self) -> Vec<f32> {
        vec![0.0; self.frame.stride * self.frame.stride * self.plane + self.reach + self.flat]
    }

    fn weighted(&self, weights: &[f32]) -> Vec<(usize, f32)> {
        let starts = self.taps.iter().map(|(phase, offset)| phase * self.plane + offset);
        starts.zip(weights.iter().copied()).collect()
    }

    /// For each phase, where its taps read in a gradient that starts after `reach` zeros.
    fn by_phase(&self, weights: &[f32]) -> Vec<Vec<(usize, f32)>> {
        let mut phases = vec![Vec::new(); self.frame.stride * self.frame.stride];
        for ((phase, offset), weight) in self.taps.iter().zip(weights) {
            phases[*phase].push((self.reach - offset, *weight));
        }
        phases
    }

    /// Copies a plane to its place in the scratch; the padding around it stays zero.
    fn spread(&self, x: &[f32], scratch: &mut [f32]) {
        let Frame { stride: s, input, .. } = self.frame;
        for (y, row) in x.chunks(input.1).enumerate() {
            let y = y + self.frame.top;
            let at = (y / s) * self.width;
            if at >= self.plane {
                break;
            }
            for phase in 0..s {
                let (first, column) = self.first_column(phase);
                let start = ((y % s) * s + phase) * self.plane + at;
                let target = &mut scratch[start + column.min(self.width)..start + self.width];
                let source = &row[first.min(row.len())..];
                if s == 1 {
                    let n = target.len().min(source.len());
                    target[..n].copy_from_slice(&source[..n]);
                } else {
                    for (target, value) in target.iter_mut().zip(source.iter().step_by(s)) {
                        *target = *value;
                    }
                }
            }
        }
    }

    /// Copies one phase plane back to its pixels.
    fn collect(&self, phase: usize, plane: &[f32], x: &mut [f32]) {
        let Frame { stride: s, input, .. } = self.frame;
        for (y, row) in x.chunks_mut(input.1).enumerate() {
            let y = y + self.frame.top;
            let at = (y / s) * self.width;
            if y % s != phase / s || at >= self.plane {
                continue;
            }
            let (first, column) = self.first_column(phase % s);
            let source = &plane[at + column.min(self.width)..at + self.width];
            let first = first.min(row.len());
            for (target, value) in row[first..].iter_mut().step_by(s).zip(source) {
                *target = *value;
            }
        }
    }

    /// The first pixel of a row in this column phase, and its column in the phase plane.
    fn first_column(&self, phase: usize) -> (usize, usize) {
        let (s, left) = (self.frame.stride, self.frame.left);
        let first = (phase + s - left % s) % s;
        (first, (first + left) / s)
    }
}

/// Weight gradient, input, weights and gradient of one channel.
type Channel<'a> = (&'a mut [f32], &'a [f32], &'a [f32], &'a [f32]);
