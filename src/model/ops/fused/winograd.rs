//! Winograd's way, F(4x4, 3x3), on maps whose channels lie together: lifted, multiplied and landed vector by vector.
//!
//! Weights are lifted once. Where a map has many tiles, a run of them goes all the way in a core's cache; where it has
//! few, all are lifted first and the cores share the outputs. Source: Lavin and Gray 2015, arXiv 1509.09308. Floor 3.

use std::ops::Range;

use pulp::{Simd, WithSimd};
use rayon::prelude::*;

use super::crew;
use super::direct::Job;
use super::instructions::arch;
use super::panels::{PANEL, Panels};
use super::product::{Finish, Product, Rows};
use super::target::Target;
use super::transform;
use crate::model::ops::lanes::LANES;
use crate::model::ops::scratch::with_scratch;
use crate::model::ops::window::Frame;

/// Side of a tile of answers.
pub(super) const TILE: usize = 4;
/// Side of the pixels that it sees.
pub(super) const SEEN: usize = 6;
/// Matrices.
pub(super) const POINTS: usize = SEEN * SEEN;
/// Weights of a kernel.
pub(super) const TAPS: usize = 9;

#[derive(Debug)]
pub(super) struct Winograd {
    /// One for each point.
    weights: Vec<Panels>,
}

impl Winograd {
    /// By the shape alone: whether the multiplications that are saved outweigh the transforms and the larger weights. As if
    /// eight pictures went together, however many do: what is seen in a picture must not depend on its company.
    pub(super) fn serves(job: &Job<'_>) -> bool {
        const TOGETHER: usize = 8;
        let Frame { kernel, stride, top, left, output, .. } = job.frame;
        if kernel != (3, 3) || stride != 1 || top.max(left) > 2 || job.size.n_channels < LANES {
            return false;
        }
        // In cycles of a core with two vector units, weights coming at eight bytes a cycle.
        let (n_in, n_out) = (job.size.n_channels, job.n_out.next_multiple_of(LANES));
        let n_tiles = TOGETHER * output.0.div_ceil(TILE) * output.1.div_ceil(TILE);
        let n_pixels = TOGETHER * output.0 * output.1;
        let lifted = (POINTS * n_tiles / 32).max(POINTS / 2) * n_in * n_out + n_tiles * (8 * n_in + 5 * n_out);
        let direct = (TAPS * n_pixels / 32).max(TAPS / 2) * n_in * n_out;
        lifted < direct / 10 * 9
    }

    /// `weight` `[O, C, 3, 3]`.
    pub(super) fn new(weight: &[f32], [n_out, n_in, ..]: [usize; 4]) -> Self {
        let lifted: Vec<f32> = weight.par_chunks_exact(TAPS).flat_map_iter(transform::lifted_kernel).collect(); // [O, C, 36]
        let weights = (0..POINTS)
            .into_par_iter()
            .map(|point| Panels::new(n_out, n_in, |output, input| lifted[(output * n_in + input) * POINTS + point]));
        Self { weights: weights.collect() }
    }

    pub(super) fn run(&self, job: &Job<'_>) {
        /// Floats of lifted tiles that stay in a core's cache with their products: a megabyte.
        const CACHED: usize = 1 << 18;
        let tiles = Tiles::of(job);
        let n = tiles.len();
        let n_cores = rayon::current_num_threads();
        let per_run = (CACHED / (POINTS * job.size.n_channels)).clamp(32, 96).min((n / (2 * n_cores)).max(24));
        let outside = vec![0.0; job.size.n_channels];
        let n_panels = self.weights.first().map_or(0, Panels::len);
        let n_runs = n.div_ceil(per_run);
        if n_runs >= 2 * n_cores {
            return crew::each(n_runs, |run| {
                let run = run * n / n_runs..(run + 1) * n / n_runs;
                with_scratch(POINTS * matrix(run.len(), job.size.n_channels), |lifted| {
                    let target = Target::new(lifted);
                    Lift { job, tiles, run: run.clone(), outside: &outside, target, all: run.clone() }.run();
                    self.multiply(job, tiles, (run.clone(), run), lifted, 0..n_panels);
                });
            });
        }
        with_scratch(POINTS * matrix(n, job.size.n_channels), |lifted| {
            let target = Target::new(lifted);
            let part = |at: usize, n_parts: usize, n: usize| at * n / n_parts..(at + 1) * n / n_parts;
            let n_lifts = n.min(4 * n_cores);
            crew::each(n_lifts, |at| {
                Lift { job, tiles, run: part(at, n_lifts, n), outside: &outside, target, all: 0..n }.run();
            });
            let lifted = &*lifted;
            // By outputs, and by tiles where there are few of them.
            let n_parts = n_panels.min(4 * n_cores);
            let n_runs = (2 * n_cores).div_ceil(n_parts).min(n.div_ceil(6));
            crew::each(n_parts * n_runs, |task| {
                let run = part(task % n_runs, n_runs, n);
                self.multiply(job, tiles, (run, 0..n), lifted, part(task / n_runs, n_parts, n_panels));
            });
        });
    }

    /// Some lifted tiles, of all that are in `lifted`, by the weights of some panels of outputs, to their answers.
    #[expect(unsafe_code, reason = "products are written through a target")]
    fn multiply(
        &self,
        job: &Job<'_>,
        tiles: Tiles,
        (run, all): (Range<usize>, Range<usize>),
        lifted: &[f32],
        panels: Range<usize>,
    ) {
        let n_in = job.size.n_channels;
        let starts: Vec<usize> = run.clone().map(|tile| (tile - all.start) * n_in).collect();
        let nothing = [0.0; PANEL];
        let finish = Finish { shift: &nothing, low: f32::NEG_INFINITY, high: f32::INFINITY };
        let (from, to) = (matrix(all.len(), n_in), matrix(run.len(), PANEL));
        with_scratch(POINTS * to, |products| {
            for index in panels {
                let target = Target::new(products);
                let mut outputs = 0..0;
                for (point, weights) in self.weights.iter().enumerate() {
                    let mut panel = weights.panel(index);
                    outputs = panel.first..panel.first + panel.n_out;
                    // Whole vectors: what is beyond the last output is nothing times something.
                    panel.n_out = panel.width;
                    let product = Product {
                        rows: Rows { pixels: &lifted[point * from..], starts: &starts, runs: &[0], run: n_in },
                        panel,
                        next: self.weights.get(point + 1).map(|weights| weights.panel(index).values),
                        finish,
                        more: None,
                        target,
                        at: point * to,
                        stride: PANEL,
                    };
                    // SAFETY: the products are this task's own.
                    unsafe { product.run() };
                }
                Land { job, tiles, run: run.clone(), products, outputs }.run();
            }
        });
    }
}

/// Floats from one of the matrices to the next; not at multiples of a page, where they would compete for the same places
/// of a cache.
pub(super) fn matrix(n_tiles: usize, width: usize) -> usize {
    n_tiles * width + LANES
}

/// Tiles of an answer, along the rows, image after image.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tiles {
    n_batch: usize,
    down: usize,
    across: usize,
}

impl Tiles {
    pub(super) fn of(job: &Job<'_>) -> Self {
        let (height, width) = job.frame.output;
        Self { n_batch: job.size.n_batch, down: height.div_ceil(TILE), across: width.div_ceil(TILE) }
    }

    pub(super) fn len(&self) -> usize {
        self.n_batch * self.down * self.across
    }

    /// Image, row and column of a tile's first answer.
    pub(super) fn place(&self, tile: usize) -> (usize, usize, usize) {
        let (image, rest) = (tile / (self.down * self.across), tile % (self.down * self.across));
        (image, rest / self.across * TILE, rest % self.across * TILE)
    }
}

/// Pixels of some tiles to the 36 matrices `[tiles, C]`.
struct Lift<'a> {
    job: &'a Job<'a>,
    tiles: Tiles,
    run: Range<usize>,
    /// A pixel of zeros.
    outside: &'a [f32],
    target: Target<'a>,
    /// The tiles that the target has room for.
    all: Range<usize>,
}

impl Lift<'_> {
    fn run(self) {
        arch().dispatch(self);
    }
}

impl WithSimd for Lift<'_> {
    type Output = ();

    #[expect(unsafe_code, reason = "bounds are checked once for each tile; several cores write one buffer")]
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let size = self.job.size;
        let n = size.n_channels;
        let matrix = matrix(self.all.len(), n);
        assert!(n >= S::F32_LANES && self.outside.len() >= n, "fewer channels than a vector has");
        assert!(size.n_floats() <= self.job.pixels.len(), "a short map");
        for tile in self.run.clone() {
            let (image, y, x) = self.tiles.place(tile);
            let mut pixels = [self.outside.as_ptr(); POINTS];
            for (at, pixel) in pixels.iter_mut().enumerate() {
                let y = (y + at / SEEN).wrapping_sub(self.job.frame.top);
                let x = (x + at % SEEN).wrapping_sub(self.job.frame.left);
                if y < size.height && x < size.width {
                    *pixel = self.job.pixels[((image * size.height + y) * size.width + x) * n..][..n].as_ptr();
                }
            }
            let row = (tile - self.all.start) * n;
            let mut channel = 0;
            while channel < n {
                let at = channel.min(n - S::F32_LANES);
                // SAFETY: every pixel has `n` floats; this tile's rows of the matrices are nobody else's.
                unsafe {
                    let mut square = [[simd.splat_f32s(0.0); SEEN]; SEEN];
                    for (y, line) in square.iter_mut().enumerate() {
                        for (x, value) in line.iter_mut().enumerate() {
                            *value = pixels[y * SEEN + x].add(at).cast::<S::f32s>().read_unaligned();
                        }
                    }
                    let lifted = transform::both(
                        square,
                        #[inline(always)]
                        |d| transform::pixels(simd, d),
                    );
                    for (point, value) in lifted.as_flattened().iter().enumerate() {
                        self.target.store(simd, row + point * matrix + at, S::F32_LANES, *value);
                    }
                }
                channel += S::F32_LANES;
            }
        }
    }
}

/// Products `[36, tiles, PANEL]` to the answers of some outputs.
pub(super) struct Land<'a> {
    pub(super) job: &'a Job<'a>,
    pub(super) tiles: Tiles,
    pub(super) run: Range<usize>,
    pub(super) products: &'a [f32],
    pub(super) outputs: Range<usize>,
}

impl Land<'_> {
    pub(super) fn run(self) {
        arch().dispatch(self);
    }
}

impl WithSimd for Land<'_> {
    type Output = ();

    #[expect(unsafe_code, reason = "several cores write one map")]
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let (job, finish) = (self.job, self.job.finish);
        let (height, width) = job.frame.output;
        let matrix = matrix(self.run.len(), PANEL);
        let (low, high) = (simd.splat_f32s(finish.low), simd.splat_f32s(finish.high));
        assert!(self.products.len() >= POINTS * matrix, "too few products");
        assert!(finish.shift.len() >= self.outputs.end.next_multiple_of(S::F32_LANES), "a short shift");
        for (row, tile) in self.run.clone().enumerate() {
            let (image, y, x) = self.tiles.place(tile);
            let mut output = self.outputs.start;
            while output < self.outputs.end {
                let n = (self.outputs.end - output).min(S::F32_LANES);
                let column = row * PANEL + output - self.outputs.start;
                // SAFETY: inside the products, and inside the shift, by the checks above.
                let (answers, shift) = unsafe {
                    let mut square = [[low; SEEN]; SEEN];
                    for (y, line) in square.iter_mut().enumerate() {
                        for (x, value) in line.iter_mut().enumerate() {
                            let product = self.products.as_ptr().add((y * SEEN + x) * matrix + column);
                            *value = product.cast::<S::f32s>().read_unaligned();
                        }
                    }
                    let answers = transform::both(
                        square,
                        #[inline(always)]
                        |m| transform::out(simd, m),
                    );
                    (answers, finish.shift.as_ptr().add(output).cast::<S::f32s>().read_unaligned())
                };
                for (dy, line) in answers.iter().enumerate().take(height - y) {
                    for (dx, answer) in line.iter().enumerate().take(width - x) {
                        let at = ((image * height + y + dy) * width + x + dx) * job.n_out + output;
                        let mut answer = simd.add_f32s(*answer, shift);
                        if let Some(more) = job.more {
                            answer = simd.add_f32s(answer, simd.partial_load_f32s(&more[at..at + n]));
                        }
                        let answer = simd.min_f32s(high, simd.max_f32s(low, answer));
                        // SAFETY: these outputs of this tile are nobody else's.
                        unsafe { job.target.store(simd, at, n, answer) };
                    }
                }
                output += S::F32_LANES;
            }
        }
    }
}
