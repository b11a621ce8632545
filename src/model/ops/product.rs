//! Matrix products of slices on one core: for loops that share out work themselves and keep what they multiply in cache.
//!
//! Elsewhere Candle's own product serves, which shares out one large product among all cores. CPU only. Floor 3.

use gemm::{Parallelism, gemm};

/// A matrix over a slice, perhaps a window of wider rows, perhaps transposed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Matrix<'a> {
    values: &'a [f32],
    rows: usize,
    columns: usize,
    row_stride: usize,
    column_stride: usize,
}

impl<'a> Matrix<'a> {
    /// Row after row.
    pub(super) fn new(values: &'a [f32], rows: usize, columns: usize) -> Self {
        Self::window(values, rows, columns, columns)
    }

    /// The first columns of rows that are `row_stride` apart.
    pub(super) fn window(values: &'a [f32], rows: usize, columns: usize, row_stride: usize) -> Self {
        Self { values, rows, columns, row_stride, column_stride: 1 }
    }

    pub(super) fn transposed(self) -> Self {
        Self {
            rows: self.columns,
            columns: self.rows,
            row_stride: self.column_stride,
            column_stride: self.row_stride,
            ..self
        }
    }

    /// Whether every element is inside the slice.
    fn fits(&self) -> bool {
        let last = |n: usize, stride: usize| n.saturating_sub(1).checked_mul(stride);
        let end = last(self.rows, self.row_stride)
            .zip(last(self.columns, self.column_stride))
            .and_then(|(row, column)| row.checked_add(column));
        self.rows == 0 || self.columns == 0 || end.is_some_and(|end| end < self.values.len())
    }
}

/// `target` `[M, N]`, row after row, becomes `left` `[M, K]` times `right` `[K, N]`, or that much more if `add`.
///
/// Panics: the shapes do not fit each other or their slices.
#[expect(unsafe_code, reason = "gemm takes pointers; the shapes are checked here")]
pub(super) fn product(target: &mut [f32], left: Matrix<'_>, right: Matrix<'_>, add: bool) {
    let (m, n, k) = (left.rows, right.columns, left.columns);
    assert_eq!(k, right.rows, "inner dimensions of a product");
    assert_eq!(target.len(), m * n, "size of a product");
    assert!(left.fits() && right.fits(), "a matrix reaches beyond its slice");
    let strides = [left.column_stride, left.row_stride, right.column_stride, right.row_stride].map(|s| s as isize);
    let [left_column, left_row, right_column, right_row] = strides;
    // SAFETY: `target` holds M rows of N, written by nobody else; `fits` found the last element of `left` and `right`,
    // and with it every other, inside their slices.
    unsafe {
        gemm(
            m,
            n,
            k,
            target.as_mut_ptr(),
            1,
            n as isize,
            add,
            left.values.as_ptr(),
            left_column,
            left_row,
            right.values.as_ptr(),
            right_column,
            right_row,
            1.0,
            1.0,
            false,
            false,
            false,
            Parallelism::None,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_of_windows_and_transposes_are_those_by_hand() {
        // [1 2; 3 4] out of rows of three, times [5 6; 7 8], by hand: [19 22; 43 50].
        let (wide, square) = ([1.0, 2.0, 9.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]);
        let left = Matrix::window(&wide, 2, 2, 3);
        let mut target = vec![1.0; 4];
        product(&mut target, left, Matrix::new(&square, 2, 2), false);
        assert_eq!(target, [19.0, 22.0, 43.0, 50.0]);
        product(&mut target, left, Matrix::new(&square, 2, 2), true);
        assert_eq!(target, [38.0, 44.0, 86.0, 100.0]);
        // [1 3; 2 4] times [5 6; 7 8].
        product(&mut target, left.transposed(), Matrix::new(&square, 2, 2), false);
        assert_eq!(target, [26.0, 30.0, 38.0, 44.0]);
    }

    #[test]
    #[should_panic(expected = "beyond its slice")]
    fn a_matrix_beyond_its_slice_is_refused() {
        product(&mut [0.0; 4], Matrix::window(&[0.0; 4], 2, 2, 3), Matrix::new(&[0.0; 4], 2, 2), false);
    }
}
