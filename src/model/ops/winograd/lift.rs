//! Lift: maps and weights to the 36 matrices that are multiplied, and the products back.
//!
//! A lifted map is `[36, tiles, channels]`, lifted weights are `[36, inputs, PANEL]`; each of the 36 matrices ends with
//! a few floats of nothing, since at multiples of a page they would all compete for the same places of a cache.
//! Floor 3.

use std::ops::Range;

use pulp::{Arch, Simd, WithSimd};

use super::super::lanes::{LANES, interleave};
use super::grid::{Grid, Pixels, TILE};
use super::multiply::PANEL;
use super::transform;

/// Matrices.
pub(super) const POINTS: usize = 36;
/// Weights of a kernel.
pub(super) const TAPS: usize = 9;

/// Floats from one of the matrices to the next.
pub(super) fn stride(n_rows: usize, n_columns: usize) -> usize {
    n_rows * n_columns + LANES
}

/// A square of vectors, `step` vectors from column to column.
#[inline(always)]
fn square<S: Simd, const N: usize>(values: &[S::f32s], start: usize, row: usize, step: usize) -> [[S::f32s; N]; N] {
    let mut square = [[values[start]; N]; N];
    for (y, line) in square.iter_mut().enumerate() {
        for (x, value) in line.iter_mut().enumerate() {
            *value = values[start + y * row + x * step];
        }
    }
    square
}

/// What of a map is lifted.
#[derive(Debug, Clone, Copy)]
pub(super) enum Sees {
    /// The 6x6 pixels that begin so many rows above and columns left of each tile.
    Around { above: usize, left: usize },
    /// The tile's own 4x4, as gradients of answers.
    Gradient,
}

/// Some channels of a run of rows of tiles.
pub(super) struct LiftMap<'a> {
    /// `[C, B, h, w]`.
    pub(super) map: &'a [f32],
    /// The map's own size.
    pub(super) size: (usize, usize),
    pub(super) grid: Grid,
    pub(super) rows: Range<usize>,
    pub(super) channels: Range<usize>,
    pub(super) sees: Sees,
    /// `[36, tiles, width]`; what is beyond the channels' last vector stays as it is.
    pub(super) lifted: &'a mut [f32],
    pub(super) width: usize,
}

impl LiftMap<'_> {
    pub(super) fn run(self) {
        Arch::new().dispatch(self);
    }
}

impl WithSimd for LiftMap<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let per_block = LANES / S::F32_LANES;
        let across = self.grid.across();
        let matrix = stride(self.rows.len() * across, self.width) / S::F32_LANES;
        let plane = self.size.0 * self.size.1;
        let lifted = S::as_mut_simd_f32s(self.lifted).0;
        let (above, left, side) = match self.sees {
            Sees::Around { above, left } => (above, left, TILE + 2),
            Sees::Gradient => (0, 0, TILE),
        };
        let mut pixels = Pixels::new(side, across * TILE + side - TILE);
        for (block, first) in self.channels.clone().step_by(LANES).enumerate() {
            for (at, row) in self.rows.clone().enumerate() {
                let (image, y) = self.grid.place(row);
                // Lanes left over repeat the last channel; nobody reads them.
                let planes: [&[f32]; LANES] = std::array::from_fn(|lane| {
                    let channel = (first + lane).min(self.channels.end - 1);
                    &self.map[(channel * self.grid.n_batch + image) * plane..][..plane]
                });
                pixels.gather(&planes, self.size, (y as isize - above as isize, -(left as isize)));
                let values = S::as_simd_f32s(&pixels.values).0;
                for x in 0..across {
                    let target = ((at * across + x) * self.width + block * LANES) / S::F32_LANES;
                    for part in 0..per_block {
                        let (start, row) = (x * TILE * per_block + part, pixels.width * per_block);
                        let transformed = match self.sees {
                            Sees::Around { .. } => {
                                let square = square::<S, 6>(values, start, row, per_block);
                                transform::both(
                                    square,
                                    #[inline(always)]
                                    |d| transform::pixels(simd, d),
                                )
                            }
                            Sees::Gradient => {
                                let square = square::<S, 4>(values, start, row, per_block);
                                transform::both(
                                    square,
                                    #[inline(always)]
                                    |y| transform::for_products(simd, y),
                                )
                            }
                        };
                        let flat = transformed.as_flattened();
                        for point in 0..POINTS {
                            lifted[point * matrix + target + part] = flat[point];
                        }
                    }
                }
            }
        }
    }
}

/// Products `[36, tiles, PANEL]` of some outputs to rows of their planes.
pub(super) struct Land<'a, 'b> {
    pub(super) products: &'a [f32],
    pub(super) grid: Grid,
    pub(super) rows: Range<usize>,
    /// Each output's part, from the first of the rows on.
    pub(super) outputs: &'a mut [&'b mut [f32]],
}

impl Land<'_, '_> {
    pub(super) fn run(self) {
        Arch::new().dispatch(self);
    }
}

impl WithSimd for Land<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let per_block = LANES / S::F32_LANES;
        let across = self.grid.across();
        let matrix = stride(self.rows.len() * across, PANEL) / S::F32_LANES;
        let products = S::as_simd_f32s(self.products).0;
        let mut pixels = Pixels::new(TILE, across * TILE);
        let width = self.grid.width;
        for (block, outputs) in self.outputs.chunks_mut(LANES).enumerate() {
            for (at, row) in self.rows.clone().enumerate() {
                let values = S::as_mut_simd_f32s(&mut pixels.values).0;
                for x in 0..across {
                    for part in 0..per_block {
                        let start = ((at * across + x) * PANEL + block * LANES) / S::F32_LANES + part;
                        let square = square::<S, 6>(products, start, 6 * matrix, matrix);
                        let answers = transform::both(
                            square,
                            #[inline(always)]
                            |m| transform::out(simd, m),
                        );
                        for (y, answers) in answers.iter().enumerate() {
                            for (i, answer) in answers.iter().enumerate() {
                                values[((y * across + x) * TILE + i) * per_block + part] = *answer;
                            }
                        }
                    }
                }
                let start = self.grid.start(row) - self.grid.start(self.rows.start);
                let end = self.grid.start(row + 1) - self.grid.start(self.rows.start);
                for (lane, output) in outputs.iter_mut().enumerate() {
                    pixels.scatter(lane, &mut output[start..end], width);
                }
            }
        }
    }
}

/// Where weights lie: `values[output * output_stride + input * input_stride + tap]`, taps backwards if `turned`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kernels<'a> {
    pub(super) values: &'a [f32],
    pub(super) output_stride: usize,
    pub(super) input_stride: usize,
    pub(super) turned: bool,
}

/// The weights of some outputs, at most a panel, and some inputs.
pub(super) struct LiftKernels<'a> {
    pub(super) kernels: Kernels<'a>,
    pub(super) outputs: Range<usize>,
    pub(super) inputs: Range<usize>,
    /// `[36, inputs, PANEL]`.
    pub(super) lifted: &'a mut [f32],
}

impl LiftKernels<'_> {
    pub(super) fn run(self) {
        Arch::new().dispatch(self);
    }
}

impl WithSimd for LiftKernels<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Kernels { values, output_stride, input_stride, turned } = self.kernels;
        let per_block = LANES / S::F32_LANES;
        let matrix = stride(self.inputs.len(), PANEL) / S::F32_LANES;
        let lifted = S::as_mut_simd_f32s(self.lifted).0;
        let mut taps = [[0.0; LANES]; TAPS];
        for (block, first) in self.outputs.clone().step_by(LANES).enumerate() {
            for (at, input) in self.inputs.clone().enumerate() {
                // Lanes left over repeat the last output; nobody reads them.
                let rows: [&[f32]; LANES] = std::array::from_fn(|lane| {
                    let output = (first + lane).min(self.outputs.end - 1);
                    &values[output * output_stride + input * input_stride..][..TAPS]
                });
                interleave(&mut taps, &rows);
                if turned {
                    taps.reverse();
                }
                let values = S::as_simd_f32s(taps.as_flattened()).0;
                for part in 0..per_block {
                    let square = square::<S, 3>(values, part, 3 * per_block, per_block);
                    let transformed = transform::both(
                        square,
                        #[inline(always)]
                        |g| transform::kernel(simd, g),
                    );
                    let target = (at * PANEL + block * LANES) / S::F32_LANES + part;
                    for (point, value) in transformed.as_flattened().iter().enumerate() {
                        lifted[point * matrix + target] = *value;
                    }
                }
            }
        }
    }
}

/// Gradients of lifted weights `[36, inputs, PANEL]` to those of the weights of some inputs.
pub(super) struct LandKernels<'a, 'b> {
    pub(super) lifted: &'a [f32],
    pub(super) inputs: Range<usize>,
    /// Each output's weights of all inputs.
    pub(super) outputs: &'a mut [&'b mut [f32]],
}

impl LandKernels<'_, '_> {
    pub(super) fn run(self) {
        Arch::new().dispatch(self);
    }
}

impl WithSimd for LandKernels<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let per_block = LANES / S::F32_LANES;
        let matrix = stride(self.inputs.len(), PANEL) / S::F32_LANES;
        let lifted = S::as_simd_f32s(self.lifted).0;
        for (block, outputs) in self.outputs.chunks_mut(LANES).enumerate() {
            let mut taps = [0.0; TAPS * LANES];
            for (at, input) in self.inputs.clone().enumerate() {
                let values = S::as_mut_simd_f32s(&mut taps).0;
                for part in 0..per_block {
                    let start = (at * PANEL + block * LANES) / S::F32_LANES + part;
                    let square = square::<S, 6>(lifted, start, 6 * matrix, matrix);
                    let kernel = transform::both(
                        square,
                        #[inline(always)]
                        |u| transform::for_kernel(simd, u),
                    );
                    for (tap, value) in kernel.as_flattened().iter().enumerate() {
                        values[tap * per_block + part] = *value;
                    }
                }
                for (lane, output) in outputs.iter_mut().enumerate() {
                    for (tap, target) in output[input * TAPS..(input + 1) * TAPS].iter_mut().enumerate() {
                        *target = taps[tap * LANES + lane];
                    }
                }
            }
        }
    }
}
