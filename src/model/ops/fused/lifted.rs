//! Winograd's way for a step of learning: weights are lifted anew, and their gradient is summed over lifted tiles.
//!
//! Lifted weights are many times the weights: where a map has few tiles, each panel of them is lifted just before it is
//! used, a few inputs at a time, and never leaves a core's cache. How work is divided depends on shapes alone, and sums
//! run in a fixed order over the same stretches of inputs, so that answers depend neither on the number of cores nor on
//! the other pictures. Floor 3. Source: as `winograd`.

use std::ops::Range;

use pulp::{Simd, WithSimd};

use super::crew;
use super::direct::Job;
use super::instructions::arch;
use super::kernels::{Kernels, LandKernels, LiftKernels};
use super::map::Size;
use super::panels::PANEL;
use super::pixelwise;
use super::sums::Sums;
use super::target::{Target, written};
use super::transform;
use super::winograd::{Land, POINTS, SEEN, TAPS, TILE, Tiles, matrix};
use crate::model::ops::lanes::LANES;
use crate::model::ops::scratch::with_scratch;

/// Inputs whose lifted weights, or gradients of weights, for a panel of outputs stay in cache.
const INPUTS: usize = 64;
/// Tiles that are few.
const FEW: usize = 128;

/// Inputs that are multiplied together.
fn stretch(at: usize, n_in: usize) -> Range<usize> {
    at * INPUTS..((at + 1) * INPUTS).min(n_in)
}

/// Part `at` of `n` in `n_parts` of about the same size.
fn part(at: usize, n_parts: usize, n: usize) -> Range<usize> {
    at * n / n_parts..(at + 1) * n / n_parts
}

/// A convolution, or its way back to the input.
pub(super) fn convolve(job: &Job<'_>, kernels: &Kernels<'_>) {
    let tiles = Tiles::of(job);
    let (n, n_in) = (tiles.len(), kernels.n_in);
    let n_panels = kernels.n_out.div_ceil(PANEL);
    if n <= FEW {
        return with_scratch(POINTS * matrix(n, n_in), |lifted| {
            let target = Target::new(lifted);
            let n_lifts = n.div_ceil(8);
            crew::each(n_lifts, |at| {
                let run = part(at, n_lifts, n);
                LiftTiles { run, first: 0, target, matrix: matrix(n, n_in), ..LiftTiles::around(job, tiles) }.run();
            });
            // By outputs, and by tiles where there are few of them.
            let n_parts = 4_usize.div_ceil(n_panels).min(n.div_ceil(24));
            let lifted = &*lifted;
            crew::each(n_panels * n_parts, |task| {
                let run = part(task % n_parts, n_parts, n);
                multiply(job, tiles, kernels, (run, 0..n), lifted, task / n_parts, None);
            });
        });
    }
    let block = POINTS * matrix(INPUTS, PANEL);
    let n_stretches = n_in.div_ceil(INPUTS);
    with_scratch(n_panels * n_stretches * block, |kept| {
        crew::parts(kept, block, |at, lifted| lift(kernels, at / n_stretches, at % n_stretches, lifted));
        let kept = &*kept;
        let per_run = ((1 << 17) / (POINTS * n_in)).clamp(32, 64);
        let n_runs = n.div_ceil(per_run).next_multiple_of(2);
        crew::each(n_runs, |at| {
            let run = part(at, n_runs, n);
            let matrix = matrix(run.len(), n_in);
            with_scratch(POINTS * matrix, |lifted| {
                let (target, first) = (Target::new(lifted), run.start);
                LiftTiles { run: run.clone(), first, target, matrix, ..LiftTiles::around(job, tiles) }.run();
                for panel in 0..n_panels {
                    multiply(job, tiles, kernels, (run.clone(), run.clone()), lifted, panel, Some(kept));
                }
            });
        });
    });
}

/// Some inputs of a panel's weights.
fn lift(kernels: &Kernels<'_>, panel: usize, at: usize, lifted: &mut [f32]) {
    let outputs = panel * PANEL..((panel + 1) * PANEL).min(kernels.n_out);
    LiftKernels { kernels: *kernels, outputs, inputs: stretch(at, kernels.n_in), lifted }.run();
}

/// Some lifted tiles, of all that are in `lifted`, to their answers of one panel of outputs. `kept`: all weights, lifted,
/// or none, to be lifted here.
fn multiply(
    job: &Job<'_>,
    tiles: Tiles,
    kernels: &Kernels<'_>,
    (run, all): (Range<usize>, Range<usize>),
    lifted: &[f32],
    panel: usize,
    kept: Option<&[f32]>,
) {
    let n_in = kernels.n_in;
    let outputs = panel * PANEL..((panel + 1) * PANEL).min(kernels.n_out);
    let block = POINTS * matrix(INPUTS, PANEL);
    let (from, to) = (matrix(all.len(), n_in), matrix(run.len(), PANEL));
    let steps: [usize; INPUTS] = std::array::from_fn(|step| step);
    let n_stretches = n_in.div_ceil(INPUTS);
    with_scratch(POINTS * to + if kept.is_none() { block } else { 0 }, |scratch| {
        let (products, own) = scratch.split_at_mut(POINTS * to);
        for at in 0..n_stretches {
            let inputs = stretch(at, n_in);
            let weights = match kept {
                Some(kept) => &kept[(panel * n_stretches + at) * block..][..block],
                None => {
                    lift(kernels, panel, at, own);
                    &*own
                }
            };
            for point in 0..POINTS {
                Sums {
                    left: &lifted[point * from + (run.start - all.start) * n_in + inputs.start..],
                    row_stride: n_in,
                    offsets: &steps[..inputs.len()],
                    right: &weights[point * matrix(inputs.len(), PANEL)..],
                    width: outputs.len().next_multiple_of(LANES),
                    target: &mut products[point * to..][..run.len() * PANEL],
                    add: at > 0,
                }
                .run();
            }
        }
        Land { job, tiles, run, products, outputs }.run();
    });
}

/// The gradient of the weights `[O, C, 3, 3]`; `job.target` is none of this.
#[expect(unsafe_code, reason = "the sums' memory is not cleared first")]
pub(super) fn for_weight(job: &Job<'_>, gradient: &[f32]) -> Vec<f32> {
    /// Tiles whose pixels and gradients are lifted together.
    const TOGETHER: usize = 64;
    let tiles = Tiles::of(job);
    let (n, n_in, n_out) = (tiles.len(), job.size.n_channels, job.n_out);
    let n_stretches = n_in.div_ceil(INPUTS);
    let n_pairs = n_out.div_ceil(PANEL) * n_stretches;
    // Each a sum of its own, added up in order.
    let n_sums = 8_usize.div_ceil(n_pairs).min(n / 32).max(1);
    let size = n_out * n_in * TAPS;
    let steps: [usize; TOGETHER] = std::array::from_fn(|step| step * INPUTS);
    let sizes = [matrix(TOGETHER, INPUTS), matrix(TOGETHER, PANEL), matrix(INPUTS, PANEL)].map(|size| POINTS * size);
    let compute = |target: Target<'_>| {
        crew::each(n_sums * n_pairs, |task| {
            let (sum, pair) = (task / n_pairs, task % n_pairs);
            let inputs = stretch(pair % n_stretches, n_in);
            let first = pair / n_stretches * PANEL;
            let outputs = first..(first + PANEL).min(n_out);
            with_scratch(sizes.iter().sum(), |scratch| {
                let (pixels, scratch) = scratch.split_at_mut(sizes[0]);
                let (gradients, products) = scratch.split_at_mut(sizes[1]);
                let all = part(sum, n_sums, n);
                for start in all.clone().step_by(TOGETHER) {
                    let run = start..(start + TOGETHER).min(all.end);
                    let (target, matrix_in) = (Target::new(pixels), matrix(TOGETHER, INPUTS));
                    let lift = LiftTiles { run: run.clone(), first: start, target, ..LiftTiles::around(job, tiles) };
                    LiftTiles { channels: inputs.clone(), width: INPUTS, matrix: matrix_in, ..lift }.run();
                    let (target, matrix_out) = (Target::new(gradients), matrix(TOGETHER, PANEL));
                    let lift = LiftTiles {
                        run: run.clone(),
                        first: start,
                        target,
                        ..LiftTiles::gradient(job, gradient, tiles)
                    };
                    LiftTiles { channels: outputs.clone(), width: PANEL, matrix: matrix_out, ..lift }.run();
                    for point in 0..POINTS {
                        Sums {
                            left: &pixels[point * matrix_in..],
                            row_stride: 1,
                            offsets: &steps[..run.len()],
                            right: &gradients[point * matrix_out..],
                            width: outputs.len().next_multiple_of(LANES),
                            target: &mut products[point * matrix(inputs.len(), PANEL)..][..inputs.len() * PANEL],
                            add: start > all.start,
                        }
                        .run();
                    }
                }
                LandKernels { lifted: products, outputs, inputs, target, n_in, start: sum * size }.run();
            });
        });
    };
    // SAFETY: every weight of every sum is one of a pair's, and each pair writes all of its weights.
    let mut sums = unsafe { written(n_sums * size, compute) };
    let (total, rest) = sums.split_at_mut(size);
    for sum in rest.chunks(size) {
        pixelwise::add_to(total, sum);
    }
    sums.truncate(size);
    sums
}

/// What of a tile is lifted.
#[derive(Debug, Clone, Copy)]
enum Sees {
    /// The 6x6 pixels that begin so many rows above and columns left of it.
    Around { above: usize, left: usize },
    /// Its own 4x4, as gradients of answers.
    Gradient,
}

/// Some channels of some tiles to 36 matrices, one row for each tile.
struct LiftTiles<'a> {
    pixels: &'a [f32],
    size: Size,
    sees: Sees,
    tiles: Tiles,
    run: Range<usize>,
    channels: Range<usize>,
    target: Target<'a>,
    /// The tile of the first row.
    first: usize,
    /// From row to row, and from matrix to matrix.
    width: usize,
    matrix: usize,
}

impl<'a> LiftTiles<'a> {
    /// What a convolution sees of all channels; where to is left open.
    fn around(job: &Job<'a>, tiles: Tiles) -> Self {
        Self {
            pixels: job.pixels,
            size: job.size,
            sees: Sees::Around { above: job.frame.top, left: job.frame.left },
            tiles,
            run: 0..0,
            channels: 0..job.size.n_channels,
            target: job.target,
            first: 0,
            width: job.size.n_channels,
            matrix: 0,
        }
    }

    /// The answer's gradient.
    fn gradient(job: &Job<'a>, gradient: &'a [f32], tiles: Tiles) -> Self {
        let (height, width) = job.frame.output;
        let size = Size { height, width, n_channels: job.n_out, ..job.size };
        Self { pixels: gradient, size, sees: Sees::Gradient, ..Self::around(job, tiles) }
    }

    fn run(self) {
        arch().dispatch(self);
    }

    /// The tile at `pixels`, `N` by `N` of them from `start` on, transformed channel by channel to row `row`.
    #[expect(unsafe_code, reason = "several cores write one buffer; bounds are checked once for each tile")]
    #[inline(always)]
    fn tile<S: Simd, const N: usize>(
        &self,
        simd: S,
        pixels: &[[*const f32; N]; N],
        row: usize,
        transform: impl Fn([[S::f32s; N]; N]) -> [[S::f32s; SEEN]; SEEN],
    ) {
        let n = self.channels.len();
        let to = row * self.width;
        assert!((POINTS - 1) * self.matrix + to + n <= self.target.len(), "a tile beyond its matrices");
        let mut channel = 0;
        while channel < n {
            // The last vector overlaps the one before it where channels are no whole number of vectors.
            let at = channel.min(n - S::F32_LANES);
            // SAFETY: every pixel has these channels, by the caller's check; this row of the matrices is nobody else's.
            unsafe {
                let mut square = [[simd.splat_f32s(0.0); N]; N];
                for (line, pixels) in square.iter_mut().zip(pixels) {
                    for (value, pixel) in line.iter_mut().zip(pixels) {
                        *value = pixel.add(at).cast::<S::f32s>().read_unaligned();
                    }
                }
                let lifted = transform(square);
                let target = self.target.start().add(to + at);
                for (point, value) in lifted.as_flattened().iter().enumerate() {
                    target.add(point * self.matrix).cast::<S::f32s>().write_unaligned(*value);
                }
            }
            channel += S::F32_LANES;
        }
    }

    /// Where a tile's pixels begin, `N` by `N` of them, `above` and `left` of its own.
    #[inline(always)]
    fn pixels<const N: usize>(
        &self,
        outside: &[f32],
        (image, y, x): (usize, usize, usize),
        (above, left): (usize, usize),
    ) -> [[*const f32; N]; N] {
        let n = self.size.n_channels;
        let mut pixels = [[outside.as_ptr(); N]; N];
        for (dy, line) in pixels.iter_mut().enumerate() {
            for (dx, pixel) in line.iter_mut().enumerate() {
                let (y, x) = ((y + dy).wrapping_sub(above), (x + dx).wrapping_sub(left));
                if y < self.size.height && x < self.size.width {
                    let at = ((image * self.size.height + y) * self.size.width + x) * n;
                    *pixel = self.pixels[at + self.channels.start..at + self.channels.end].as_ptr();
                }
            }
        }
        pixels
    }
}

impl WithSimd for LiftTiles<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        assert!(self.channels.len() >= S::F32_LANES && self.channels.end <= self.size.n_channels, "too few channels");
        assert!(self.channels.len() <= self.width, "rows that overlap");
        let outside = vec![0.0; self.channels.len()];
        for tile in self.run.clone() {
            let (place, row) = (self.tiles.place(tile), tile - self.first);
            match self.sees {
                Sees::Around { above, left } => {
                    let pixels = self.pixels::<SEEN>(&outside, place, (above, left));
                    self.tile(
                        simd,
                        &pixels,
                        row,
                        #[inline(always)]
                        |square| {
                            transform::both(
                                square,
                                #[inline(always)]
                                |d| transform::pixels(simd, d),
                            )
                        },
                    );
                }
                Sees::Gradient => {
                    let pixels = self.pixels::<TILE>(&outside, place, (0, 0));
                    self.tile(
                        simd,
                        &pixels,
                        row,
                        #[inline(always)]
                        |square| {
                            transform::both(
                                square,
                                #[inline(always)]
                                |y| transform::for_products(simd, y),
                            )
                        },
                    );
                }
            }
        }
    }
}
