//! Lanes: the few loops over floats that everything else on the CPU is made of, written so that they vectorise.
//!
//! Each keeps `LANES` running values and adds them up at the end in a fixed order: faster than one running value, and
//! more exact. Floor 3.

use rayon::prelude::*;

/// Floats handled together.
pub(crate) const LANES: usize = 16;

/// As many zeros; a long row is laid out by all cores, each touching its memory first.
pub(crate) fn zeros(n: usize) -> Vec<f32> {
    const PART: usize = 1 << 16;
    if n < 2 * PART {
        return vec![0.0; n];
    }
    (0..n).into_par_iter().with_min_len(PART).map(|_| 0.0).collect()
}

/// Sum in blocks, so that the error does not grow with the length.
pub(crate) fn sum(values: &[f32]) -> f64 {
    fold(values, values, |a, _| a)
}

/// Sum of products.
pub(crate) fn dot(left: &[f32], right: &[f32]) -> f64 {
    fold(left, right, |a, b| a * b)
}

/// Sum of `term(left, right)` over pairs.
#[inline(always)]
pub(crate) fn fold(left: &[f32], right: &[f32], term: impl Fn(f32, f32) -> f32 + Copy) -> f64 {
    let n = left.len().min(right.len());
    let (left, right) = (&left[..n], &right[..n]);
    let mut total = 0.0_f64;
    for (left, right) in left.chunks(4096).zip(right.chunks(4096)) {
        let mut lanes = [0.0_f32; LANES];
        let (lefts, left_rest) = left.as_chunks::<LANES>();
        let (rights, right_rest) = right.as_chunks::<LANES>();
        for (a, b) in lefts.iter().zip(rights) {
            for lane in 0..LANES {
                lanes[lane] += term(a[lane], b[lane]);
            }
        }
        for (lane, (a, b)) in left_rest.iter().zip(right_rest).enumerate() {
            lanes[lane] += term(*a, *b);
        }
        total += lanes.iter().map(|lane| f64::from(*lane)).sum::<f64>();
    }
    total
}

/// `target[i] = sum over taps of weight * source[offset + i]`, in whole blocks: `target` is a multiple of `LANES` long
/// and the source reaches that far behind every offset.
pub(crate) fn correlate(target: &mut [f32], source: &[f32], taps: &[(usize, f32)]) {
    let n = target.len();
    let (blocks, rest) = target.as_chunks_mut::<LANES>();
    debug_assert!(rest.is_empty(), "{n} is no multiple of {LANES}");
    for (block, start) in blocks.iter_mut().zip((0..n).step_by(LANES)) {
        let mut lanes = [0.0_f32; LANES];
        for &(offset, weight) in taps {
            let at = offset + start;
            let values = &source[at..at + LANES];
            for lane in 0..LANES {
                lanes[lane] += weight * values[lane];
            }
        }
        *block = lanes;
    }
}

/// Sixteen rows to columns: `target[i]` holds value `i` of every row. All at a time, since each row is far from the
/// next and the memory then answers for all of them at once.
pub(crate) fn interleave(target: &mut [[f32; LANES]], rows: &[&[f32]; LANES]) {
    let n = target.len();
    let rows = rows.map(|row| &row[..n]);
    for (i, target) in target.iter_mut().enumerate() {
        for lane in 0..LANES {
            target[lane] = rows[lane][i];
        }
    }
}

/// The next multiple of `LANES`.
pub(crate) fn whole(n: usize) -> usize {
    n.div_ceil(LANES) * LANES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_sum_of_tenths_keeps_five_digits() {
        let values = vec![0.1_f32; 1_000_003];
        assert!((sum(&values) - 100_000.3).abs() < 1.0, "{}", sum(&values));
    }

    #[test]
    fn the_dot_product_counts_the_rest_beyond_the_last_whole_block() {
        for n in [0, 1, 15, 16, 17, 33] {
            let values: Vec<f32> = (0..n).map(|i| i as f32).collect();
            let expected: f64 = (0..n).map(|i| f64::from(i * i)).sum();
            assert_eq!(dot(&values, &values), expected, "{n}");
        }
    }
}
