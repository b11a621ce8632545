//! The product under every fused convolution: rows of pixels by packed weights, with what follows done in registers.
//!
//! A row is where a kernel's pixels lie, in runs of equal length; weights come in panels of up to 64 outputs. Six rows by
//! 64 outputs stay in registers, so that every weight that is loaded serves six times. Nothing of a map is copied
//! together first. Kernels are chosen at run time: AVX-512, AVX2 with FMA, NEON, or plain Rust. Floor 3.

use pulp::{Simd, WithSimd};

use super::instructions::arch;
use super::panels::{PANEL, Panel};
use super::target::Target;
use crate::model::ops::lanes::LANES;

/// Where rows of pixels lie.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rows<'a> {
    pub(super) pixels: &'a [f32],
    /// Where each row begins.
    pub(super) starts: &'a [usize],
    /// Where its runs begin, from there.
    pub(super) runs: &'a [usize],
    /// Floats of a run.
    pub(super) run: usize,
}

/// What is done to a sum on its way out: a shift `[n_out]` from the panel's first output on, then limits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Finish<'a> {
    pub(super) shift: &'a [f32],
    pub(super) low: f32,
    pub(super) high: f32,
}

/// Asks for the weights of a later step; alone, the processor asks too late for them.
#[expect(unsafe_code, reason = "a hint to the cache; nothing is read")]
#[inline(always)]
fn prefetch(at: *const f32) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: every x86-64 processor has the instruction, and any address will do.
    unsafe {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T0>(at.cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = at;
}

/// The same into the second cache.
#[expect(unsafe_code, reason = "a hint to the cache; nothing is read")]
#[inline(always)]
fn prefetch_far(at: *const f32) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: as above.
    unsafe {
        use std::arch::x86_64::{_MM_HINT_T1, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T1>(at.cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = at;
}

/// `target[row, first output + column] = finish(sum over steps of rows[row] * panel, plus more)`.
pub(super) struct Product<'a> {
    pub(super) rows: Rows<'a>,
    pub(super) panel: Panel<'a>,
    /// The weights that are multiplied after these, if they are far away.
    pub(super) next: Option<&'a [f32]>,
    pub(super) finish: Finish<'a>,
    /// Added before the limits: a map laid out as the target is.
    pub(super) more: Option<&'a [f32]>,
    pub(super) target: Target<'a>,
    /// Where the first row's first output goes, and from row to row.
    pub(super) at: usize,
    pub(super) stride: usize,
}

impl Product<'_> {
    /// # Safety
    /// Nobody else reads or writes the outputs of these rows meanwhile.
    ///
    /// Panics: a row, the panel, the shift, `more` or the target is too short.
    #[expect(unsafe_code, reason = "bounds are checked once here, not in every step of the inner loop")]
    pub(super) unsafe fn run(self) {
        let Rows { pixels, starts, runs, run } = self.rows;
        let longest = runs.iter().max().map_or(0, |last| last + run);
        let last = starts.iter().max().copied().unwrap_or(0);
        assert!(last + longest <= pixels.len(), "a row reaches beyond its map");
        let steps = runs.len() * run;
        assert!(self.panel.values.len() >= steps * self.panel.width, "a panel of too few weights");
        assert!(self.panel.width.is_multiple_of(LANES) && self.panel.width <= PANEL, "a panel of odd width");
        assert!(self.panel.n_out <= self.panel.width && self.finish.shift.len() >= self.panel.width, "a short shift");
        let end = self.at + starts.len().saturating_sub(1) * self.stride + self.panel.n_out;
        assert!(starts.is_empty() || end <= self.target.len(), "a target too short");
        assert!(self.more.is_none_or(|more| starts.is_empty() || end <= more.len()), "too little to be added");
        arch().dispatch(self);
    }

    /// `R` rows by `V` vectors of outputs from `column` on. No loop may stop half way, or the sums leave the registers.
    #[expect(unsafe_code, reason = "`run` has checked every bound")]
    #[inline(always)]
    unsafe fn tile<S: Simd, const R: usize, const V: usize>(
        &self,
        simd: S,
        (group, first): (usize, usize),
        column: usize,
    ) {
        let Rows { pixels, starts, runs, run } = self.rows;
        let (width, steps) = (self.panel.width, runs.len() * run);
        // SAFETY: `run` has checked that rows, weights, shift, `more` and target reach as far as is read and written here;
        // vectors are read and written as floats, unaligned.
        unsafe {
            let mut sums = [[simd.splat_f32s(0.0); V]; R];
            let mut weights = self.panel.values.as_ptr().add(column);
            // The first rows bring them from further away.
            let ahead = if first == 0 { 32 } else { 4 } * width;
            // A line of the next panel in every step, so that four groups of rows bring it near.
            let (mut next, next_step) = match self.next {
                Some(next) if 0 < group && group < 5 => {
                    (next.as_ptr().wrapping_add((group - 1) * steps * LANES), LANES)
                }
                _ => (weights, 0),
            };
            for &start in runs {
                let mut rows = [pixels.as_ptr(); R];
                for (r, row) in rows.iter_mut().enumerate() {
                    *row = row.add(*starts.get_unchecked(first + r) + start);
                }
                for step in 0..run {
                    prefetch_far(next);
                    next = next.wrapping_add(next_step);
                    for v in 0..V {
                        prefetch(weights.wrapping_add(ahead + v * S::F32_LANES));
                    }
                    let mut right = [simd.splat_f32s(0.0); V];
                    for (v, right) in right.iter_mut().enumerate() {
                        *right = weights.add(v * S::F32_LANES).cast::<S::f32s>().read_unaligned();
                    }
                    for (row, sums) in rows.iter().zip(&mut sums) {
                        let factor = simd.splat_f32s(*row.add(step));
                        for v in 0..V {
                            sums[v] = simd.mul_add_e_f32s(factor, right[v], sums[v]);
                        }
                    }
                    weights = weights.add(width);
                }
            }
            let (low, high) = (simd.splat_f32s(self.finish.low), simd.splat_f32s(self.finish.high));
            let mut shift = [simd.splat_f32s(0.0); V];
            for (v, shift) in shift.iter_mut().enumerate() {
                *shift = self.finish.shift.as_ptr().add(column + v * S::F32_LANES).cast::<S::f32s>().read_unaligned();
            }
            let at = self.at + first * self.stride + column;
            let is_whole = column + V * S::F32_LANES <= self.panel.n_out;
            if !is_whole {
                let mut rest = [[0.0_f32; PANEL]; R];
                for (rest, sums) in rest.iter_mut().zip(&sums) {
                    for v in 0..V {
                        let sum = simd.add_f32s(sums[v], shift[v]);
                        rest.as_mut_ptr().add(v * S::F32_LANES).cast::<S::f32s>().write_unaligned(sum);
                    }
                }
                self.write_few(&rest, column, at);
            } else if let Some(more) = self.more {
                let (target, more) = (self.target.start().add(at), more.as_ptr().add(at));
                for (r, sums) in sums.iter().enumerate() {
                    for v in 0..V {
                        let to = r * self.stride + v * S::F32_LANES;
                        let more = more.add(to).cast::<S::f32s>().read_unaligned();
                        let sum = simd.add_f32s(simd.add_f32s(sums[v], shift[v]), more);
                        let sum = simd.min_f32s(high, simd.max_f32s(low, sum));
                        target.add(to).cast::<S::f32s>().write_unaligned(sum);
                    }
                }
            } else {
                let target = self.target.start().add(at);
                for (r, sums) in sums.iter().enumerate() {
                    for v in 0..V {
                        let to = r * self.stride + v * S::F32_LANES;
                        let sum = simd.min_f32s(high, simd.max_f32s(low, simd.add_f32s(sums[v], shift[v])));
                        target.add(to).cast::<S::f32s>().write_unaligned(sum);
                    }
                }
            }
        }
    }

    /// Of vectors that reach beyond the last output, what there is.
    #[expect(unsafe_code, reason = "the target may hold nothing yet: no slice of it may be made")]
    #[inline(never)]
    fn write_few(&self, rows: &[[f32; PANEL]], column: usize, at: usize) {
        let n = self.panel.n_out.saturating_sub(column);
        for (r, row) in rows.iter().enumerate() {
            for (i, sum) in row.iter().take(n).enumerate() {
                let at = at + r * self.stride + i;
                let sum = sum + self.more.map_or(0.0, |more| more[at]);
                // SAFETY: `run` has checked the end of the last row.
                unsafe { self.target.start().add(at).write(self.finish.high.min(self.finish.low.max(sum))) };
            }
        }
    }

    /// All rows, `V` vectors of outputs from `column` on, at most `most` rows at a time.
    #[expect(unsafe_code, reason = "`run` has checked every bound")]
    #[inline(always)]
    fn columns<S: Simd, const V: usize>(&self, simd: S, column: usize, most: usize) {
        let n_rows = self.rows.starts.len();
        let (mut group, mut first) = (0, 0);
        while first < n_rows {
            let left = n_rows - first;
            // The last two evenly, rather than a rest of one.
            let n = if left >= 2 * most || left <= most { left.min(most) } else { left.div_ceil(2) };
            // SAFETY: `first + n` rows exist, and `run` has checked all of them.
            unsafe {
                match n {
                    1 => self.tile::<S, 1, V>(simd, (group, first), column),
                    2 => self.tile::<S, 2, V>(simd, (group, first), column),
                    3 => self.tile::<S, 3, V>(simd, (group, first), column),
                    4 => self.tile::<S, 4, V>(simd, (group, first), column),
                    5 => self.tile::<S, 5, V>(simd, (group, first), column),
                    6 => self.tile::<S, 6, V>(simd, (group, first), column),
                    7 => self.tile::<S, 7, V>(simd, (group, first), column),
                    _ => self.tile::<S, 8, V>(simd, (group, first), column),
                }
            }
            first += n;
            group += 1;
        }
    }
}

impl WithSimd for Product<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        match (S::F32_LANES, self.panel.width / LANES) {
            (LANES, 4) => self.columns::<S, 4>(simd, 0, 6),
            (LANES, 3) => self.columns::<S, 3>(simd, 0, 8),
            (LANES, 2) => self.columns::<S, 2>(simd, 0, 8),
            (LANES, _) => self.columns::<S, 1>(simd, 0, 8),
            // Before AVX-512 x86 has half the registers.
            (8, n) => {
                for block in 0..n {
                    self.columns::<S, 2>(simd, block * LANES, 6);
                }
            }
            (4, n) => {
                for block in 0..n {
                    self.columns::<S, 4>(simd, block * LANES, 6);
                }
            }
            (lanes, n) => {
                for vector in 0..n * LANES / lanes {
                    self.columns::<S, 1>(simd, vector * lanes, 8);
                }
            }
        }
    }
}
