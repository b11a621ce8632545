//! A convolution in a step of learning: forwards, back to its input, and back to its weights.
//!
//! The same kernels as for looking, over weights that are brought in order anew every time. Which way a map goes is
//! decided by its shape. Floor 3.

use std::ops::Range;

use super::depthwise::Depthwise;
use super::direct::{self, Job};
use super::kernels::Kernels;
use super::map::Size;
use super::panels::PANEL;
use super::product::Finish;
use super::target::{Target, written};
use super::winograd::Winograd;
use super::{depthwise_gradient, lifted, phases, pixelwise, weights};
use crate::model::ops::conv::Groups;
use crate::model::ops::lanes::LANES;
use crate::model::ops::window::Frame;

/// A convolution of known shape.
#[derive(Debug, Clone, Copy)]
pub(in crate::model::ops) struct Learning {
    /// Of the weights: `[O, C / groups, kh, kw]`.
    pub(in crate::model::ops) dims: [usize; 4],
    pub(in crate::model::ops) groups: Groups,
    /// Of the map it sees.
    pub(in crate::model::ops) size: Size,
    pub(in crate::model::ops) frame: Frame,
}

/// Its weights, and what each output is multiplied by, if anything.
#[derive(Debug, Clone, Copy)]
pub(in crate::model::ops) struct Weights<'a> {
    pub(in crate::model::ops) values: &'a [f32],
    pub(in crate::model::ops) scale: Option<&'a [f32]>,
}

/// What becomes of the sums: a shift of each output, something added, limits.
#[derive(Debug, Clone, Copy)]
pub(in crate::model::ops) struct Then<'a> {
    pub(in crate::model::ops) shift: Option<&'a [f32]>,
    pub(in crate::model::ops) more: Option<&'a [f32]>,
    pub(in crate::model::ops) limits: (f32, f32),
}

const NO_LIMITS: (f32, f32) = (f32::NEG_INFINITY, f32::INFINITY);

impl Learning {
    /// Of the answer.
    pub(in crate::model::ops) fn answer(&self) -> Size {
        Size { height: self.frame.output.0, width: self.frame.output.1, n_channels: self.dims[0], ..self.size }
    }

    /// `x` and the answer `[B, h, w, C]`.
    #[expect(unsafe_code, reason = "the answer's memory is not cleared first")]
    pub(in crate::model::ops) fn forward(&self, x: &[f32], weights: Weights<'_>, then: Then<'_>) -> Vec<f32> {
        if let Groups::Many(_) = self.groups {
            return self.in_groups(x, weights, then);
        }
        let answer = self.answer();
        let mut shift = then.shift.map_or_else(Vec::new, <[f32]>::to_vec);
        shift.resize(answer.n_channels.next_multiple_of(PANEL), 0.0);
        let (low, high) = then.limits;
        let run = |more: Option<&[f32]>, finish: Finish<'_>| {
            // SAFETY: each of the ways writes every output of every pixel.
            unsafe {
                written(answer.n_floats(), |target| {
                    let (size, frame) = (self.size, self.frame);
                    let job = Job { pixels: x, size, frame, finish, more, target, n_out: answer.n_channels };
                    match self.groups {
                        Groups::Depthwise => Depthwise::new(&scaled(weights), self.dims).run(&job),
                        _ => convolve(&job, &Kernels::forward(weights.values, self.dims, weights.scale)),
                    }
                })
            }
        };
        match (self.groups, then.more) {
            // A depthwise convolution takes nothing to be added.
            (Groups::Depthwise, Some(more)) => {
                let (low_then, high_then) = NO_LIMITS;
                let mut answer = run(None, Finish { shift: &shift, low: low_then, high: high_then });
                pixelwise::add_to(&mut answer, more);
                pixelwise::limit(&mut answer, then.limits);
                answer
            }
            (_, more) => run(more, Finish { shift: &shift, low, high }),
        }
    }

    /// The gradient of the input from that of the answer, added to `more`.
    #[expect(unsafe_code, reason = "the answer's memory is not cleared first")]
    pub(in crate::model::ops) fn for_input(
        &self,
        weights: Weights<'_>,
        gradient: &[f32],
        more: Option<Vec<f32>>,
    ) -> Vec<f32> {
        let Frame { kernel, stride, input, output, top, left, .. } = self.frame;
        match self.groups {
            Groups::Depthwise => {
                return depthwise_gradient::for_input(&scaled(weights), &self.frame, self.size, gradient, more);
            }
            Groups::Many(_) => return self.back_in_groups(weights, gradient, more),
            Groups::One => {}
        }
        let kernels = Kernels::back(weights.values, self.dims, weights.scale);
        let more = more.as_deref();
        if stride != 1 || top >= kernel.0 || left >= kernel.1 {
            return phases::for_input(&kernels, &self.frame, self.size, gradient, more);
        }
        let (top, left) = (kernel.0 - 1 - top, kernel.1 - 1 - left);
        let frame = Frame { input: output, output: input, top, left, ..self.frame };
        let shift = vec![0.0; self.size.n_channels.next_multiple_of(PANEL)];
        let finish = Finish { shift: &shift, low: NO_LIMITS.0, high: NO_LIMITS.1 };
        let (size, n_out) = (self.answer(), self.size.n_channels);
        // SAFETY: each of the ways writes every output of every pixel.
        unsafe {
            written(self.size.n_floats(), |target| {
                convolve(&Job { pixels: gradient, size, frame, finish, more, target, n_out }, &kernels);
            })
        }
    }

    /// The gradient of the weights, not yet multiplied by any scale, in their order.
    pub(in crate::model::ops) fn for_weight(&self, x: &[f32], gradient: &[f32]) -> Vec<f32> {
        match self.groups {
            Groups::Depthwise => return depthwise_gradient::for_weight(x, self.size, &self.frame, gradient),
            Groups::Many(_) => return self.weights_in_groups(x, gradient),
            Groups::One => {}
        }
        let finish = Finish { shift: &[], low: NO_LIMITS.0, high: NO_LIMITS.1 };
        let target = Target::new(&mut []);
        let (size, frame, n_out) = (self.size, self.frame, self.dims[0]);
        let job = Job { pixels: x, size, frame, finish, more: None, target, n_out };
        let has_whole_vectors = |n: usize| n.is_multiple_of(PANEL) || n % PANEL >= LANES;
        if Winograd::serves(&job) && has_whole_vectors(size.n_channels) && has_whole_vectors(n_out) {
            lifted::for_weight(&job, gradient)
        } else {
            weights::for_weight(&job, gradient)
        }
    }

    /// Each group by itself. None of the networks has any; so this is made for shortness.
    fn in_groups(&self, x: &[f32], weights: Weights<'_>, then: Then<'_>) -> Vec<f32> {
        let answer = self.answer();
        let mut values = vec![0.0; answer.n_floats()];
        self.each_group(|group, part, inputs, outputs| {
            let more = then.more.map(|more| columns(more, answer.n_channels, &outputs));
            let shift = then.shift.map(|shift| &shift[outputs.clone()]);
            let then = Then { shift, more: more.as_deref(), limits: then.limits };
            let own = part.forward(&columns(x, self.size.n_channels, &inputs), weights.of(group, &part), then);
            put_columns(&mut values, answer.n_channels, &outputs, &own);
        });
        values
    }

    fn back_in_groups(&self, weights: Weights<'_>, gradient: &[f32], more: Option<Vec<f32>>) -> Vec<f32> {
        let (n_in, n_out) = (self.size.n_channels, self.dims[0]);
        let mut values = more.unwrap_or_else(|| vec![0.0; self.size.n_floats()]);
        self.each_group(|group, part, inputs, outputs| {
            let more = columns(&values, n_in, &inputs);
            let own = part.for_input(weights.of(group, &part), &columns(gradient, n_out, &outputs), Some(more));
            put_columns(&mut values, n_in, &inputs, &own);
        });
        values
    }

    fn weights_in_groups(&self, x: &[f32], gradient: &[f32]) -> Vec<f32> {
        let mut all = Vec::new();
        self.each_group(|_group, part, inputs, outputs| {
            let x = columns(x, self.size.n_channels, &inputs);
            all.extend(part.for_weight(&x, &columns(gradient, self.dims[0], &outputs)));
        });
        all
    }

    /// Calls `run(group, its convolution, its inputs, its outputs)`.
    fn each_group(&self, mut run: impl FnMut(usize, Self, Range<usize>, Range<usize>)) {
        let n = self.groups.count(self.size.n_channels);
        let (n_in, n_out) = (self.dims[1], self.dims[0] / n);
        let size = Size { n_channels: n_in, ..self.size };
        let part = Self { dims: [n_out, n_in, self.dims[2], self.dims[3]], groups: Groups::One, size, ..*self };
        for group in 0..n {
            run(group, part, group * n_in..(group + 1) * n_in, group * n_out..(group + 1) * n_out);
        }
    }
}

impl<'a> Weights<'a> {
    /// Those of one group, whose convolution is `part`.
    fn of(self, group: usize, part: &Learning) -> Self {
        let (n, n_out) = (part.dims.iter().product::<usize>(), part.dims[0]);
        Self {
            values: &self.values[group * n..(group + 1) * n],
            scale: self.scale.map(|scale| &scale[group * n_out..(group + 1) * n_out]),
        }
    }
}

fn convolve(job: &Job<'_>, kernels: &Kernels<'_>) {
    if Winograd::serves(job) {
        lifted::convolve(job, kernels);
    } else {
        direct::run(job, &kernels.panels());
    }
}

/// Weights of a depthwise convolution, multiplied.
fn scaled(weights: Weights<'_>) -> Vec<f32> {
    let Some(scale) = weights.scale else { return weights.values.to_vec() };
    let n_taps = (weights.values.len() / scale.len().max(1)).max(1);
    let kernels = weights.values.chunks_exact(n_taps).zip(scale);
    kernels.flat_map(|(kernel, factor)| kernel.iter().map(move |value| value * factor)).collect()
}

/// Some channels of every pixel.
pub(in crate::model::ops) fn columns(pixels: &[f32], n_channels: usize, which: &Range<usize>) -> Vec<f32> {
    pixels.chunks_exact(n_channels).flat_map(|pixel| &pixel[which.clone()]).copied().collect()
}

fn put_columns(pixels: &mut [f32], n_channels: usize, which: &Range<usize>, values: &[f32]) {
    for (pixel, values) in pixels.chunks_exact_mut(n_channels).zip(values.chunks_exact(which.len())) {
        pixel[which.clone()].copy_from_slice(values);
    }
}
