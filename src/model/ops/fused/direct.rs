//! Convolution as one product over kernel rows: any kernel, stride and padding.
//!
//! The pixels under one row of a kernel lie together, so a kernel's pixels are as many runs as it has rows. A map that
//! is padded is copied once with its margins. Floor 3.

use std::ops::Range;

use super::crew;
use super::map::Size;
use super::panels::Panels;
use super::product::{Finish, Product, Rows};
use super::target::Target;
use crate::model::ops::scratch::with_scratch;
use crate::model::ops::window::Frame;

/// Floats of the pixels that a core goes through for every panel of weights: half a megabyte.
const CACHED: usize = 1 << 17;
/// Rows that stay in registers.
const GROUP: usize = 6;
const MOST_ROWS: usize = 108;

/// What is convolved, and into what.
#[derive(Clone, Copy)]
pub(super) struct Job<'a> {
    /// `[B, h, w, C]`.
    pub(super) pixels: &'a [f32],
    pub(super) size: Size,
    pub(super) frame: Frame,
    pub(super) finish: Finish<'a>,
    /// Added before the limits, `[B, oh, ow, O]`.
    pub(super) more: Option<&'a [f32]>,
    /// `[B, oh, ow, O]`.
    pub(super) target: Target<'a>,
    pub(super) n_out: usize,
}

impl Job<'_> {
    /// Pixels of the answer, in all images.
    pub(super) fn n_answers(&self) -> usize {
        self.size.n_batch * self.frame.output.0 * self.frame.output.1
    }
}

pub(super) fn run(job: &Job<'_>, panels: &Panels) {
    let Frame { top, left, .. } = job.frame;
    let (height, width) = job.frame.used();
    if top == 0 && left == 0 && height <= job.size.height && width <= job.size.width {
        return multiply(job, panels, job.pixels, job.size);
    }
    // With all that a kernel sees, and no row narrower than the map's own.
    let padded = Size { height, width: width.max(left + job.size.width), ..job.size };
    with_scratch(padded.n_floats(), |margins| {
        pad(job, padded, margins);
        multiply(job, panels, margins, padded);
    });
}

/// A map with zeros around it.
pub(super) fn pad(job: &Job<'_>, padded: Size, margins: &mut [f32]) {
    let Frame { top, left, .. } = job.frame;
    let (row, line) = (padded.row(), job.size.row());
    let first = left * padded.n_channels;
    crew::parts(margins, row, |at, margin| {
        let (image, y) = (at / padded.height, (at % padded.height).wrapping_sub(top));
        if y >= job.size.height {
            return margin.fill(0.0);
        }
        let (before, rest) = margin.split_at_mut(first);
        let (inside, after) = rest.split_at_mut(line);
        before.fill(0.0);
        inside.copy_from_slice(&job.pixels[(image * job.size.height + y) * line..][..line]);
        after.fill(0.0);
    });
}

/// `pixels` are those of `size`, margins and all.
fn multiply(job: &Job<'_>, panels: &Panels, pixels: &[f32], size: Size) {
    let Frame { kernel, .. } = job.frame;
    let runs: Vec<usize> = (0..kernel.0).map(|y| y * size.row()).collect();
    let run = kernel.1 * size.n_channels;
    let n_rows = job.n_answers();
    let depth = run * kernel.0;
    // As many for each core, and of whole groups of rows.
    let n_cores = rayon::current_num_threads();
    let most = (CACHED / depth.max(1)).clamp(24, MOST_ROWS - GROUP);
    let n_blocks = n_rows.div_ceil(most);
    let n_blocks = if n_blocks < n_cores { n_blocks } else { n_blocks.next_multiple_of(n_cores) };
    let per_block = n_rows.div_ceil(n_blocks).next_multiple_of(GROUP);
    let n_blocks = n_rows.div_ceil(per_block);
    // Few blocks are shared out by panels as well.
    let n_parts = (8 * n_cores).div_ceil(n_blocks).min(panels.len());
    crew::each(n_blocks * n_parts, |task| {
        let (block, part) = (task / n_parts, task % n_parts);
        let rows = block * per_block..((block + 1) * per_block).min(n_rows);
        let which = part * panels.len() / n_parts..(part + 1) * panels.len() / n_parts;
        block_of(job, panels, which, pixels, size, (&runs, run), rows);
    });
}

/// Pixels that lie one after the other, `[rows, C]`, by all weights of a 1x1 kernel, to `at` in the target on.
///
/// # Safety
/// Nobody else reads or writes these rows of the target meanwhile.
#[expect(unsafe_code, reason = "several cores write one map")]
pub(super) unsafe fn pixels(
    panels: &Panels,
    finish: Finish<'_>,
    (pixels, n_rows): (&[f32], usize),
    more: Option<&[f32]>,
    (target, at): (Target<'_>, usize),
) {
    let (n_in, n_out) = (panels.depth(), panels.n_out());
    for first in (0..n_rows).step_by(MOST_ROWS) {
        let n = MOST_ROWS.min(n_rows - first);
        let mut starts = [0; MOST_ROWS];
        for (row, start) in starts.iter_mut().enumerate() {
            *start = (first + row) * n_in;
        }
        for index in 0..panels.len() {
            let panel = panels.panel(index);
            let product = Product {
                rows: Rows { pixels, starts: &starts[..n], runs: &[0], run: n_in },
                panel,
                next: (index + 1 < panels.len() && panels.is_large()).then(|| panels.panel(index + 1).values),
                finish: Finish { shift: &finish.shift[panel.first..], ..finish },
                more,
                target,
                at: at + first * n_out + panel.first,
                stride: n_out,
            };
            // SAFETY: these rows are this caller's own, by its word.
            unsafe { product.run() };
        }
    }
}

/// Some rows of the answer for some panels of outputs.
#[expect(unsafe_code, reason = "several cores write one map")]
fn block_of(
    job: &Job<'_>,
    panels: &Panels,
    which: Range<usize>,
    pixels: &[f32],
    size: Size,
    (runs, run): (&[usize], usize),
    rows: Range<usize>,
) {
    let mut starts = [0; MOST_ROWS];
    let starts = &mut starts[..rows.len()];
    fill_starts(starts, rows.start, &job.frame, size);
    for index in which {
        let panel = panels.panel(index);
        let next = (index + 1 < panels.len() && panels.is_large()).then(|| panels.panel(index + 1).values);
        let finish = Finish { shift: &job.finish.shift[panel.first..], ..job.finish };
        let product = Product {
            rows: Rows { pixels, starts, runs, run },
            panel,
            next,
            finish,
            more: job.more,
            target: job.target,
            at: rows.start * job.n_out + panel.first,
            stride: job.n_out,
        };
        // SAFETY: no other task has these rows and this panel.
        unsafe { product.run() };
    }
}

/// Where the pixels under the kernel begin, for answers from `row` on. Counted on, since four divisions for each would
/// take as long as some layers do.
pub(super) fn fill_starts(starts: &mut [usize], row: usize, frame: &Frame, size: Size) {
    let Frame { stride, output: (height, width), .. } = *frame;
    let (image, pixel) = (row / (height * width), row % (height * width));
    let (mut y, mut x) = (pixel / width, pixel % width);
    let (step, line, plane) = (stride * size.n_channels, stride * size.row(), size.height * size.row());
    let mut first = image * plane;
    for start in starts {
        *start = first + y * line + x * step;
        x += 1;
        if x == width {
            (x, y) = (0, y + 1);
        }
        if y == height {
            (y, first) = (0, first + plane);
        }
    }
}
