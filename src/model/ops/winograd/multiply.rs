//! Matrix products of a few dozen rows and 64 columns, of matrices that lie as the transforms left them.
//!
//! Unlike `product` nothing is packed first: that would take as long as such a small product. Floor 3.

use pulp::{Arch, Simd, WithSimd};

/// Columns of the right matrix and of the target.
pub(super) const PANEL: usize = 64;
/// Rows whose sums stay in registers.
const ROWS: usize = 6;

/// A matrix whose elements may lie in any regular order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Left<'a> {
    pub(super) values: &'a [f32],
    pub(super) row_stride: usize,
    pub(super) column_stride: usize,
}

/// `target` `[rows, PANEL]` becomes `left` `[rows, depth]` times `right` `[depth, PANEL]`, or that much more if `add`.
pub(super) struct Multiply<'a> {
    pub(super) left: Left<'a>,
    pub(super) right: &'a [f32],
    pub(super) depth: usize,
    pub(super) target: &'a mut [f32],
    pub(super) add: bool,
}

impl Multiply<'_> {
    pub(super) fn run(self) {
        Arch::new().dispatch(self);
    }

    /// `R` rows from `first` on.
    #[inline(always)]
    fn rows<S: Simd, const R: usize>(&mut self, simd: S, first: usize) {
        // As many columns as leave room for the right matrix: x86 before AVX-512 has half the registers.
        if S::F32_LANES == 8 { self.tile::<S, R, 2>(simd, first) } else { self.tile::<S, R, 4>(simd, first) }
    }

    #[inline(always)]
    fn tile<S: Simd, const R: usize, const V: usize>(&mut self, simd: S, first: usize) {
        let width = V * S::F32_LANES;
        let left = &self.left.values[first * self.left.row_stride..];
        let target = &mut self.target[first * PANEL..(first + R) * PANEL];
        for column in (0..PANEL).step_by(width) {
            let mut sums = [[simd.splat_f32s(0.0); V]; R];
            for k in 0..self.depth {
                let right = &self.right[k * PANEL + column..][..width];
                let right = S::as_simd_f32s(right).0;
                for (r, sums) in sums.iter_mut().enumerate() {
                    let factor = left[r * self.left.row_stride + k * self.left.column_stride];
                    let factor = simd.splat_f32s(factor);
                    for v in 0..V {
                        sums[v] = simd.mul_add_e_f32s(factor, right[v], sums[v]);
                    }
                }
            }
            for (r, sums) in sums.iter().enumerate() {
                let row = S::as_mut_simd_f32s(&mut target[r * PANEL + column..][..width]).0;
                for (target, sum) in row.iter_mut().zip(sums) {
                    *target = if self.add { simd.add_f32s(*target, *sum) } else { *sum };
                }
            }
        }
    }
}

impl WithSimd for Multiply<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let n_rows = self.target.len() / PANEL;
        let n_groups = n_rows.div_ceil(ROWS);
        // Evenly, rather than a rest of one or two.
        for group in 0..n_groups {
            let (first, end) = (group * n_rows / n_groups, (group + 1) * n_rows / n_groups);
            match end - first {
                1 => self.rows::<S, 1>(simd, first),
                2 => self.rows::<S, 2>(simd, first),
                3 => self.rows::<S, 3>(simd, first),
                4 => self.rows::<S, 4>(simd, first),
                5 => self.rows::<S, 5>(simd, first),
                _ => self.rows::<S, ROWS>(simd, first),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_are_those_by_hand_in_either_order_of_the_left_matrix() {
        let (rows, depth) = (8, 3);
        let value = |i: usize, j: usize| (i * 5 + j * 3) as f32 - 7.0;
        let right: Vec<f32> = (0..depth).flat_map(|k| (0..PANEL).map(move |n| value(k, n % 11))).collect();
        for (row_stride, column_stride) in [(depth, 1), (1, rows)] {
            let mut values = vec![0.0; rows * depth];
            for row in 0..rows {
                for k in 0..depth {
                    values[row * row_stride + k * column_stride] = value(row, k);
                }
            }
            let mut target = vec![f32::NAN; rows * PANEL];
            let left = Left { values: &values, row_stride, column_stride };
            Multiply { left, right: &right, depth, target: &mut target, add: false }.run();
            for (at, found) in target.iter().enumerate() {
                let (row, n) = (at / PANEL, at % PANEL);
                let expected: f32 = (0..depth).map(|k| value(row, k) * value(k, n % 11)).sum();
                assert_eq!(*found, expected, "row {row}, column {n}");
            }
        }
    }
}
