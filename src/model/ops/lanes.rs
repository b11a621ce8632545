//! Lanes: the few loops over floats that everything else on the CPU is made of, written so that they vectorise.
//!
//! Each keeps `LANES` running values and adds them up at the end in a fixed order: faster than one running value, and
//! more exact. Floor 3.

/// Floats handled together.
pub(crate) const LANES: usize = 16;

/// Sum of products, in blocks, so that the error does not grow with the length.
pub(crate) fn dot(left: &[f32], right: &[f32]) -> f64 {
    let n = left.len().min(right.len());
    let (left, right) = (&left[..n], &right[..n]);
    let mut total = 0.0_f64;
    for (left, right) in left.chunks(4096).zip(right.chunks(4096)) {
        let mut lanes = [0.0_f32; LANES];
        let (lefts, left_rest) = left.as_chunks::<LANES>();
        let (rights, right_rest) = right.as_chunks::<LANES>();
        for (a, b) in lefts.iter().zip(rights) {
            for lane in 0..LANES {
                lanes[lane] += a[lane] * b[lane];
            }
        }
        for (lane, (a, b)) in left_rest.iter().zip(right_rest).enumerate() {
            lanes[lane] += a * b;
        }
        total += lanes.iter().map(|lane| f64::from(*lane)).sum::<f64>();
    }
    total
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_sum_of_tenths_keeps_five_digits() {
        let values = vec![0.1_f32; 1_000_003];
        let sum = dot(&values, &vec![1.0; values.len()]);
        assert!((sum - 100_000.3).abs() < 1.0, "{sum}");
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
