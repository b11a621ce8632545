//! The product of learning: sums over steps that lie anywhere, for gradients of weights and for lifted maps.
//!
//! Six rows by 64 columns stay in registers, as in `product`; here the right matrix is whatever was brought together
//! last, and sums may go on from those that were there. Floor 3.

use pulp::{Simd, WithSimd};

use super::instructions::arch;
use super::panels::PANEL;
use crate::model::ops::lanes::LANES;

/// `target[row, column]` becomes the sum over steps of `left[row * row_stride + offsets[step]] * right[step, column]`,
/// or that much more if `add`.
pub(super) struct Sums<'a> {
    pub(super) left: &'a [f32],
    pub(super) row_stride: usize,
    pub(super) offsets: &'a [usize],
    /// Rows of `PANEL` floats, one for each step.
    pub(super) right: &'a [f32],
    /// Columns: a multiple of `LANES`, at most `PANEL`.
    pub(super) width: usize,
    /// Rows of `PANEL` floats.
    pub(super) target: &'a mut [f32],
    pub(super) add: bool,
}

impl Sums<'_> {
    /// Panics: a row or the right matrix is too short.
    pub(super) fn run(self) {
        let n_rows = self.target.len() / PANEL;
        let last = self.offsets.iter().max().copied().unwrap_or(0);
        assert!(n_rows == 0 || (n_rows - 1) * self.row_stride + last < self.left.len(), "a row beyond its map");
        assert!(self.offsets.len() * PANEL <= self.right.len(), "too short a matrix");
        assert!(self.width.is_multiple_of(LANES) && self.width <= PANEL, "an odd width");
        arch().dispatch(self);
    }

    /// `R` rows from `first` on by `V` vectors from `column` on.
    #[expect(unsafe_code, reason = "`run` has checked every bound")]
    #[inline(always)]
    fn tile<S: Simd, const R: usize, const V: usize>(&mut self, simd: S, first: usize, column: usize) {
        // SAFETY: `run` has checked that rows and right matrix reach as far as is read here, and the target holds whole
        // rows of which `first + R` exist; vectors are read and written as floats, unaligned.
        unsafe {
            let target = self.target.as_mut_ptr().add(first * PANEL + column);
            let mut sums = [[simd.splat_f32s(0.0); V]; R];
            if self.add {
                for (r, sums) in sums.iter_mut().enumerate() {
                    for (v, sum) in sums.iter_mut().enumerate() {
                        *sum = target.add(r * PANEL + v * S::F32_LANES).cast::<S::f32s>().read_unaligned();
                    }
                }
            }
            let left = self.left.as_ptr().add(first * self.row_stride);
            let mut right = self.right.as_ptr().add(column);
            for offset in self.offsets {
                let mut vectors = [simd.splat_f32s(0.0); V];
                for (v, vector) in vectors.iter_mut().enumerate() {
                    *vector = right.add(v * S::F32_LANES).cast::<S::f32s>().read_unaligned();
                }
                let step = left.add(*offset);
                for (r, sums) in sums.iter_mut().enumerate() {
                    let factor = simd.splat_f32s(*step.add(r * self.row_stride));
                    for v in 0..V {
                        sums[v] = simd.mul_add_e_f32s(factor, vectors[v], sums[v]);
                    }
                }
                right = right.add(PANEL);
            }
            for (r, sums) in sums.iter().enumerate() {
                for (v, sum) in sums.iter().enumerate() {
                    target.add(r * PANEL + v * S::F32_LANES).cast::<S::f32s>().write_unaligned(*sum);
                }
            }
        }
    }

    /// All rows, `V` vectors from `column` on, at most `most` rows at a time.
    #[inline(always)]
    fn columns<S: Simd, const V: usize>(&mut self, simd: S, column: usize, most: usize) {
        let n_rows = self.target.len() / PANEL;
        let n_groups = n_rows.div_ceil(most);
        // Evenly, rather than a rest of one or two.
        for group in 0..n_groups {
            let (first, end) = (group * n_rows / n_groups, (group + 1) * n_rows / n_groups);
            match end - first {
                1 => self.tile::<S, 1, V>(simd, first, column),
                2 => self.tile::<S, 2, V>(simd, first, column),
                3 => self.tile::<S, 3, V>(simd, first, column),
                4 => self.tile::<S, 4, V>(simd, first, column),
                5 => self.tile::<S, 5, V>(simd, first, column),
                6 => self.tile::<S, 6, V>(simd, first, column),
                7 => self.tile::<S, 7, V>(simd, first, column),
                _ => self.tile::<S, 8, V>(simd, first, column),
            }
        }
    }
}

impl WithSimd for Sums<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        match (S::F32_LANES, self.width / LANES) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_those_by_hand_whatever_their_width_and_number() {
        let value = |i: usize, j: usize| ((i * 5 + j * 3) % 13) as f32 - 6.0;
        for (n_rows, depth, width) in [(1, 1, 16), (7, 3, 64), (13, 5, 48), (64, 4, 32)] {
            // Steps backwards, three floats apart.
            let offsets: Vec<usize> = (0..depth).rev().map(|k| 3 * k).collect();
            let left: Vec<f32> = (0..n_rows * 20).map(|at| value(at, 1)).collect();
            let right: Vec<f32> = (0..depth * PANEL).map(|at| value(at, 2)).collect();
            let mut target = vec![1.0; n_rows * PANEL];
            for add in [false, true] {
                let target = &mut target;
                Sums { left: &left, row_stride: 20, offsets: &offsets, right: &right, width, target, add }.run();
            }
            for (at, found) in target.iter().enumerate() {
                let (row, n) = (at / PANEL, at % PANEL);
                let sum: f32 = (0..depth).map(|k| left[row * 20 + offsets[k]] * right[k * PANEL + n]).sum();
                let expected = if n < width { 2.0 * sum } else { 1.0 };
                assert_eq!(*found, expected, "{n_rows} {depth} {width}: row {row}, column {n}");
            }
        }
    }
}
