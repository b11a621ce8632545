//! Winograd's way to convolve with 3x3 kernels of stride 1: a quarter of the multiplications.
//!
//! Squares of 4x4 answers are computed together, F(4x4, 3x3): pixels and weights are lifted into 36 matrices each,
//! multiplied, and the products brought back. A run of tiles stays in a core's cache all the way. Forwards, and both
//! gradients. How work is divided depends on shapes alone, and sums run in a fixed order, so that answers do not depend
//! on the number of cores. Maps are channel-major; no groups. CPU only. Floor 3.
//! Source: Lavin and Gray 2015, arXiv 1509.09308.

mod grid;
mod lift;
mod multiply;
pub(super) mod transform;

use std::ops::Range;

use rayon::prelude::*;

use self::grid::{Grid, TILE};
use self::lift::{Kernels, Land, LandKernels, LiftKernels, LiftMap, POINTS, Sees, TAPS, stride};
use self::multiply::{Left, Multiply, PANEL};
use super::lanes::{LANES, zeros};
use super::scratch::with_scratch;
use super::window::Frame;

/// Inputs whose weights, or gradients of weights, for a panel of outputs stay in cache.
const INPUTS: usize = 64;

/// A convolution of known shape.
#[derive(Debug, Clone, Copy)]
pub(super) struct Winograd {
    frame: Frame,
    n_batch: usize,
    n_in: usize,
    n_out: usize,
}

impl Winograd {
    /// `None` where it does not serve: other kernels, or so few pixels or channels that the transforms would take longer
    /// than the multiplications they save.
    pub(super) fn suitable(frame: &Frame, n_batch: usize, n_in: usize, n_out: usize) -> Option<Self> {
        let n_tiles = n_batch * frame.output.0.div_ceil(TILE) * frame.output.1.div_ceil(TILE);
        let n_pixels = n_batch * frame.output.0 * frame.output.1;
        // For each pair of an input and an output; lifting one kernel costs as much as some hundred multiplications.
        let pays = |n_in: usize, n_out: usize| {
            let padded = n_out.next_multiple_of(PANEL);
            n_in >= 32 && (POINTS * n_tiles + 640) * padded < TAPS * n_pixels * n_out * 3 / 4
        };
        (pays(n_in, n_out) && pays(n_out, n_in)).then(|| Self::new(frame, n_batch, n_in, n_out))?
    }

    /// `None` if the kernel is not 3x3 with stride 1, or is padded by more than it can see.
    fn new(frame: &Frame, n_batch: usize, n_in: usize, n_out: usize) -> Option<Self> {
        let fits = frame.kernel == (3, 3) && frame.stride == 1 && frame.top.max(frame.left) <= 2;
        fits.then_some(Self { frame: *frame, n_batch, n_in, n_out })
    }

    /// `x` `[C, B, h, w]`, `weight` `[O, C, 3, 3]`; answers `[O, B, oh, ow]`.
    pub(super) fn forward(&self, x: &[f32], weight: &[f32]) -> Vec<f32> {
        let kernels = Kernels { values: weight, output_stride: self.n_in * TAPS, input_stride: TAPS, turned: false };
        Convolution {
            size: self.frame.input,
            grid: self.outputs(),
            sees: Sees::Around { above: self.frame.top, left: self.frame.left },
            n_in: self.n_in,
            n_out: self.n_out,
        }
        .run(x, kernels)
    }

    /// The input's gradient `[C, B, h, w]` from that of the answer: its convolution with the kernels turned round.
    pub(super) fn for_input(&self, weight: &[f32], gradient: &[f32]) -> Vec<f32> {
        let kernels = Kernels { values: weight, output_stride: TAPS, input_stride: self.n_in * TAPS, turned: true };
        let (height, width) = self.frame.input;
        Convolution {
            size: self.frame.output,
            grid: Grid { n_batch: self.n_batch, height, width },
            sees: Sees::Around { above: 2 - self.frame.top, left: 2 - self.frame.left },
            n_in: self.n_out,
            n_out: self.n_in,
        }
        .run(gradient, kernels)
    }

    /// The weights' gradient `[O, C, 3, 3]` from that of the answer.
    pub(super) fn for_weight(&self, x: &[f32], gradient: &[f32]) -> Vec<f32> {
        const TILES: usize = 192;
        /// Weights added up at a time.
        const PART: usize = 1 << 14;
        let grid = self.outputs();
        let runs = grid.runs(TILES);
        let size = self.n_out * self.n_in * TAPS;
        with_scratch(runs.len() * size, |sums| {
            let rows = sums.chunks_mut(size).map(|sum| sum.chunks_mut(self.n_in * TAPS).collect());
            let tasks = tasks(&runs, rows);
            tasks.into_par_iter().for_each(|(run, first, rows)| self.weights_of(x, gradient, run, first, rows));
            let (total, rest) = sums.split_at_mut(size);
            total.par_chunks_mut(PART).enumerate().for_each(|(part, total)| {
                for sum in rest.chunks(size) {
                    total.iter_mut().zip(&sum[part * PART..]).for_each(|(total, value)| *total += value);
                }
            });
            total.to_vec()
        })
    }

    /// What a run of tiles adds to the weights' gradient of the outputs from `first` on.
    fn weights_of(&self, x: &[f32], gradient: &[f32], run: Range<usize>, first: usize, mut outputs: Vec<&mut [f32]>) {
        let grid = self.outputs();
        let n_tiles = run.len() * grid.across();
        let lift = |map, size, channels, width, sees, lifted: &mut [f32]| {
            LiftMap { map, size, grid, rows: run.clone(), channels, sees, width, lifted }.run();
        };
        let n_channels = self.n_in.next_multiple_of(LANES);
        let around = Sees::Around { above: self.frame.top, left: self.frame.left };
        let [matrix, panel] = [n_channels, PANEL].map(|width| stride(n_tiles, width));
        with_scratch(POINTS * matrix, |lifted| {
            lift(x, self.frame.input, 0..self.n_in, n_channels, around, lifted);
            with_scratch(POINTS * (panel + stride(INPUTS, PANEL)), |scratch| {
                let (gradients, products) = scratch.split_at_mut(POINTS * panel);
                for (index, outputs) in outputs.chunks_mut(PANEL).enumerate() {
                    let start = first + index * PANEL;
                    let channels = start..start + outputs.len();
                    lift(gradient, self.frame.output, channels, PANEL, Sees::Gradient, gradients);
                    for start in (0..self.n_in).step_by(INPUTS) {
                        let inputs = start..(start + INPUTS).min(self.n_in);
                        for point in 0..POINTS {
                            let values = &lifted[point * matrix + start..];
                            let target = &mut products[point * stride(inputs.len(), PANEL)..];
                            Multiply {
                                left: Left { values, row_stride: 1, column_stride: n_channels },
                                right: &gradients[point * panel..],
                                depth: n_tiles,
                                target: &mut target[..inputs.len() * PANEL],
                                add: false,
                            }
                            .run();
                        }
                        LandKernels { lifted: products, inputs, outputs }.run();
                    }
                }
            });
        });
    }

    fn outputs(&self) -> Grid {
        Grid { n_batch: self.n_batch, height: self.frame.output.0, width: self.frame.output.1 }
    }
}

/// From a map of `size` to one of the grid's.
struct Convolution {
    size: (usize, usize),
    grid: Grid,
    sees: Sees,
    n_in: usize,
    n_out: usize,
}

impl Convolution {
    fn run(&self, map: &[f32], kernels: Kernels<'_>) -> Vec<f32> {
        /// Floats of a lifted map that stay in a core's cache: half a megabyte.
        const CACHED: usize = 1 << 17;
        let runs = self.grid.runs((CACHED / (POINTS * self.n_in)).clamp(32, 64));
        let weights = Weights { kernels, n_in: self.n_in, n_out: self.n_out };
        let mut answer = zeros(self.n_out * self.grid.n_batch * self.grid.height * self.grid.width);
        let tasks = tasks(&runs, self.grid.cut(&mut answer, &runs));
        // A single run uses all weights once: then they need not outlive their use.
        let n_kept = if runs.len() == 1 { 0 } else { weights.n_parts() };
        with_scratch(n_kept * weights.size(), |kept| {
            let parts = kept.par_chunks_mut(weights.size()).enumerate();
            parts.for_each(|(part, lifted)| weights.lift(part, lifted));
            tasks.into_par_iter().for_each(|(rows, first, outputs)| {
                self.convolve(map, rows, first, outputs, &weights, kept);
            });
        });
        answer
    }

    /// A run of rows of tiles, for the outputs from `first` on. `kept`: all weights, lifted, or none.
    fn convolve(
        &self,
        map: &[f32],
        rows: Range<usize>,
        first: usize,
        mut outputs: Vec<&mut [f32]>,
        weights: &Weights<'_>,
        kept: &[f32],
    ) {
        let n_tiles = rows.len() * self.grid.across();
        let width = self.n_in.next_multiple_of(LANES);
        let [matrix, product] = [width, PANEL].map(|width| stride(n_tiles, width));
        let sizes = [matrix, product].map(|size| POINTS * size);
        with_scratch(sizes[0] + sizes[1] + weights.size(), |scratch| {
            let (lifted, scratch) = scratch.split_at_mut(sizes[0]);
            let (products, own) = scratch.split_at_mut(sizes[1]);
            let Self { size, grid, sees, n_in, .. } = *self;
            LiftMap { map, size, grid, rows: rows.clone(), channels: 0..n_in, sees, width, lifted }.run();
            for (index, outputs) in outputs.chunks_mut(PANEL).enumerate() {
                for (chunk, start) in (0..n_in).step_by(INPUTS).enumerate() {
                    let part = (first / PANEL + index) * n_in.div_ceil(INPUTS) + chunk;
                    let weights = match kept.chunks(weights.size()).nth(part) {
                        Some(kept) => kept,
                        None => {
                            weights.lift(part, own);
                            &*own
                        }
                    };
                    let depth = INPUTS.min(n_in - start);
                    for point in 0..POINTS {
                        let values = &lifted[point * matrix + start..];
                        Multiply {
                            left: Left { values, row_stride: width, column_stride: 1 },
                            right: &weights[point * stride(depth, PANEL)..],
                            depth,
                            target: &mut products[point * product..][..n_tiles * PANEL],
                            add: start > 0,
                        }
                        .run();
                    }
                }
                Land { products, grid, rows: rows.clone(), outputs }.run();
            }
        });
    }
}

/// Weights to be lifted a panel of outputs and a few inputs at a time.
struct Weights<'a> {
    kernels: Kernels<'a>,
    n_in: usize,
    n_out: usize,
}

impl Weights<'_> {
    /// Parts, the inputs of one panel after the other.
    fn n_parts(&self) -> usize {
        self.n_out.div_ceil(PANEL) * self.n_in.div_ceil(INPUTS)
    }

    /// Floats of one part, lifted.
    fn size(&self) -> usize {
        POINTS * stride(INPUTS, PANEL)
    }

    fn lift(&self, part: usize, lifted: &mut [f32]) {
        let (panel, chunk) = (part / self.n_in.div_ceil(INPUTS), part % self.n_in.div_ceil(INPUTS));
        let outputs = panel * PANEL..((panel + 1) * PANEL).min(self.n_out);
        let inputs = chunk * INPUTS..((chunk + 1) * INPUTS).min(self.n_in);
        LiftKernels { kernels: self.kernels, outputs, inputs, lifted }.run();
    }
}

/// A run of rows of tiles, the first of some outputs, and what is theirs.
type Task<'a> = (Range<usize>, usize, Vec<&'a mut [f32]>);

/// Each run with all outputs or, where there are few runs, with some panels of them at a time.
fn tasks<'a>(runs: &[Range<usize>], outputs: impl IntoIterator<Item = Vec<&'a mut [f32]>>) -> Vec<Task<'a>> {
    let mut tasks = Vec::new();
    for (run, mut outputs) in runs.iter().zip(outputs) {
        let n_panels = outputs.len().div_ceil(PANEL);
        let per_task = n_panels.div_ceil(4_usize.div_ceil(runs.len())) * PANEL;
        let mut first = 0;
        while !outputs.is_empty() {
            let rest = outputs.split_off(per_task.min(outputs.len()));
            tasks.push((run.clone(), first, std::mem::replace(&mut outputs, rest)));
            first += per_task;
        }
    }
    tasks
}

#[cfg(test)]
mod tests {
    use super::super::strips::Strips;
    use super::super::window::{Padding, Window};
    use super::*;
    use crate::model::reference::det;

    #[test]
    fn answers_and_both_gradients_are_those_of_strips() {
        // (batch, inputs, outputs, height, width, padding)
        let explicit = |top, bottom, left, right| Padding::Explicit { top, bottom, left, right };
        for (n_batch, n_in, n_out, h, w, padding) in [
            (1, 1, 1, 1, 1, Padding::Symmetric),
            (1, 3, 5, 4, 4, Padding::Symmetric),
            (8, 64, 64, 7, 7, Padding::Symmetric),
            (2, 17, 70, 9, 14, Padding::Symmetric),
            (3, 130, 33, 5, 6, Padding::NONE),
            (2, 40, 64, 13, 11, explicit(2, 0, 1, 2)),
            (2, 64, 100, 10, 3, explicit(0, 2, 2, 0)),
            (2, 50, 20, 30, 29, explicit(1, 3, 0, 4)),
            (5, 20, 130, 28, 28, Padding::Same),
        ] {
            let frame = Window { kernel: (3, 3), stride: 1, padding }.over(h, w).unwrap();
            let what = format!("{n_batch} {n_in} {n_out} {frame:?}");
            let values = |name, n| det(name, n).collect::<Vec<f32>>();
            let x = values("x", n_in * n_batch * h * w);
            let weight = values("weight", n_out * n_in * 9);
            let gradient = values("gradient", n_out * n_batch * frame.output.0 * frame.output.1);
            let winograd = Winograd::new(&frame, n_batch, n_in, n_out).unwrap();
            let strips = Strips { frame, n_batch, n_in, n_out, n_groups: 1 };
            close(&winograd.forward(&x, &weight), &strips.forward(&x, &weight), &what);
            close(&winograd.for_input(&weight, &gradient), &strips.for_input(&weight, &gradient), &what);
            close(&winograd.for_weight(&x, &gradient), &strips.for_weight(&x, &gradient), &what);
        }
    }

    #[test]
    fn shape_alone_decides_whether_it_serves() {
        // (batch, inputs, outputs, side, stride, whether), of resnet18, vgg19 and their like.
        for (n_batch, n_in, n_out, side, stride, serves) in [
            (8, 64, 64, 56, 1, true),
            (8, 512, 512, 7, 1, true),
            (1, 256, 256, 14, 1, true),
            (1, 512, 512, 7, 1, false),
            (8, 3, 64, 224, 1, false),
            (8, 64, 8, 56, 1, false),
            (8, 64, 128, 56, 2, false),
        ] {
            let frame = Window::square(3, stride, Padding::Symmetric).over(side, side).unwrap();
            let found = Winograd::suitable(&frame, n_batch, n_in, n_out);
            assert_eq!(found.is_some(), serves, "{n_batch} {n_in} {n_out} {side} {stride}");
        }
        let frame = Window::square(5, 1, Padding::Symmetric).over(56, 56).unwrap();
        assert!(Winograd::suitable(&frame, 8, 64, 64).is_none());
    }

    #[test]
    fn answers_do_not_depend_on_the_number_of_threads() {
        let frame = Window::square(3, 1, Padding::Symmetric).over(30, 30).unwrap();
        let winograd = Winograd::new(&frame, 4, 64, 70).unwrap();
        let values = |name, n| det(name, n).collect::<Vec<f32>>();
        let (x, weight) = (values("x", 64 * 4 * 900), values("weight", 70 * 64 * 9));
        let gradient = values("gradient", 70 * 4 * 900);
        let run = |n_threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().unwrap();
            pool.install(|| {
                [
                    winograd.forward(&x, &weight),
                    winograd.for_input(&weight, &gradient),
                    winograd.for_weight(&x, &gradient),
                ]
            })
        };
        assert!(run(1) == run(3), "the very bits");
    }

    /// Within a hundred-thousandth of the largest.
    fn close(found: &[f32], expected: &[f32], what: &str) {
        assert_eq!(found.len(), expected.len(), "{what}");
        let largest = expected.iter().fold(0.0_f32, |m, v| m.max(v.abs()));
        for (at, (found, expected)) in found.iter().zip(expected).enumerate() {
            assert!((found - expected).abs() < 1e-5 * largest, "{what}: {at}: {found}, expected {expected}");
        }
    }
}
