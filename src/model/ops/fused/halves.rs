//! Products in bf16: pixels and weights are rounded to eight binary digits, sums stay f32, and so do all maps.
//!
//! Needs a processor with AVX512-BF16; where it has AMX as well, sixteen rows by sixteen outputs are one instruction.
//! Rows of pixels are brought together first, rounded on the way. Who may use it is decided elsewhere: it changes
//! proposals a little. Floor 3.

mod kernel;
mod rows;

use std::ops::Range;

pub(super) use self::kernel::Kernel;
use self::kernel::{GROUP, Sums};
use self::rows::{Map, Packed};
use super::crew;
use super::direct::Job;
use super::product::Finish;
use super::target::Target;

/// Outputs that are computed together.
const PANEL: usize = GROUP;
/// Steps of a sum that one instruction takes.
const STEPS: usize = 32;

/// Weights in bf16, in the order in which they are multiplied: sixteen outputs, pairs of steps, `[depth / 2, 16, 2]`.
#[derive(Debug)]
pub(super) struct Halves {
    values: Vec<u16>,
    depth: usize,
    n_out: usize,
    kernel: Kernel,
}

impl Halves {
    /// `weight(output, step)` for `n_out` outputs and `depth` steps; both are filled up with zeros.
    pub(super) fn new(kernel: Kernel, n_out: usize, depth: usize, weight: impl Fn(usize, usize) -> f32) -> Self {
        const OUTPUTS: usize = 16;
        let (whole_out, whole_depth) = (n_out.next_multiple_of(PANEL), depth.next_multiple_of(STEPS));
        let mut values = Vec::with_capacity(whole_out * whole_depth);
        for first in (0..whole_out).step_by(OUTPUTS) {
            for pair in (0..whole_depth).step_by(2) {
                for at in 0..2 * OUTPUTS {
                    let (output, step) = (first + at / 2, pair + at % 2);
                    let is_there = output < n_out && step < depth;
                    values.push(if is_there { rounded(weight(output, step)) } else { 0 });
                }
            }
        }
        Self { values, depth, n_out, kernel }
    }

    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    pub(super) fn n_out(&self) -> usize {
        self.n_out
    }

    /// Of `PANEL` outputs each.
    fn n_panels(&self) -> usize {
        self.n_out.div_ceil(PANEL)
    }

    fn panel(&self, panel: usize) -> &[u16] {
        let size = PANEL * self.depth.next_multiple_of(STEPS);
        &self.values[panel * size..(panel + 1) * size]
    }

    /// A convolution of any kernel, stride and padding.
    #[expect(unsafe_code, reason = "several cores write one map")]
    pub(super) fn run(&self, job: &Job<'_>) {
        Map::with(job, |map| {
            let n_rows = job.n_answers();
            let n_cores = rayon::current_num_threads();
            // As many for each core, of whole groups.
            let most = most_rows(self.depth);
            let n_blocks = n_rows.div_ceil(most);
            let n_blocks = if n_blocks < n_cores { n_blocks } else { n_blocks.next_multiple_of(n_cores) };
            let per_block = n_rows.div_ceil(n_blocks).next_multiple_of(GROUP / 2).min(most);
            let n_blocks = n_rows.div_ceil(per_block);
            // Few blocks are shared out by outputs as well.
            let n_parts = (2 * n_cores).div_ceil(n_blocks).min(self.n_panels());
            crew::each(n_blocks * n_parts, |task| {
                let (block, part) = (task / n_parts, task % n_parts);
                let rows = block * per_block..((block + 1) * per_block).min(n_rows);
                let panels = part * self.n_panels() / n_parts..(part + 1) * self.n_panels() / n_parts;
                let (n, at) = (rows.len(), rows.start * job.n_out);
                Packed::with(n, self.depth, |packed| {
                    map.pack(rows, packed);
                    // SAFETY: no other task has these rows and panels.
                    unsafe { self.multiply(packed, panels, job.finish, job.more, (job.target, at)) };
                });
            });
        });
    }

    /// Pixels that lie one after the other, `[rows, C]`, by all weights of a 1x1 kernel, to `at` in the target on.
    ///
    /// # Safety
    /// Nobody else reads or writes these rows of the target meanwhile.
    #[expect(unsafe_code, reason = "several cores write one map")]
    pub(super) unsafe fn pixels(
        &self,
        finish: Finish<'_>,
        (pixels, n_rows): (&[f32], usize),
        more: Option<&[f32]>,
        (target, at): (Target<'_>, usize),
    ) {
        let most = most_rows(self.depth);
        for first in (0..n_rows).step_by(most) {
            let n = most.min(n_rows - first);
            Packed::with(n, self.depth, |packed| {
                packed.fill(&pixels[first * self.depth..(first + n) * self.depth]);
                // SAFETY: these rows are this caller's own, by its word.
                unsafe { self.multiply(packed, 0..self.n_panels(), finish, more, (target, at + first * self.n_out)) };
            });
        }
    }

    /// # Safety
    /// Nobody else reads or writes these rows and panels of the target meanwhile.
    #[expect(unsafe_code, reason = "several cores write one map")]
    unsafe fn multiply(
        &self,
        packed: &Packed<'_>,
        panels: Range<usize>,
        finish: Finish<'_>,
        more: Option<&[f32]>,
        (target, at): (Target<'_>, usize),
    ) {
        let mut sums = Sums::new();
        self.kernel.begin();
        for panel in panels {
            let (first, weights) = (panel * PANEL, self.panel(panel));
            let n = PANEL.min(self.n_out - first);
            for group in (0..packed.n_rows()).step_by(GROUP) {
                let n_rows = GROUP.min(packed.n_rows() - group);
                self.kernel.multiply(packed, group..group + n_rows, weights, &mut sums);
                let to = (target, at + group * self.n_out + first, self.n_out);
                // SAFETY: by the caller's word.
                unsafe { sums.finish((n_rows, n), Finish { shift: &finish.shift[first..], ..finish }, more, to) };
            }
        }
        self.kernel.end();
    }
}

/// Rows that stay in a core's second cache: half a megabyte.
fn most_rows(depth: usize) -> usize {
    const CACHED: usize = 1 << 18;
    (CACHED / depth.max(1)).clamp(GROUP, 8 * GROUP) / GROUP * GROUP
}

/// To the nearest, halves to the even one.
fn rounded(value: f32) -> u16 {
    half::bf16::from_f32(value).to_bits()
}

#[cfg(test)]
mod agreement;
