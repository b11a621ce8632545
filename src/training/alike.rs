//! Which pictures a model sees as most alike: nearest neighbours by the angle between embeddings.
//!
//! By comparing all with all in matrix products: 10,000 against 10,000 in about a second. Floor 4.

use candle_core::{Device, Tensor};

use super::error::TrainError;
use super::standardise::Features;

/// Rows per matrix product.
const PART: usize = 256;
/// How fast the weight of a neighbour falls with the angle.
const SHARPNESS: f32 = 10.0;

/// For each of `asked` its `n` nearest among `pool`, nearest first, with weights above 0 and at most 1; never itself.
/// Both are rows of `features`.
pub fn neighbours(
    features: Features<'_>,
    asked: &[usize],
    pool: &[usize],
    n: usize,
) -> Result<Vec<Vec<(usize, f32)>>, TrainError> {
    if pool.is_empty() || n == 0 {
        return Ok(vec![Vec::new(); asked.len()]);
    }
    let tensor = |rows: &[usize]| {
        let values: Vec<f32> = rows.iter().flat_map(|&row| unit(features.row(row))).collect();
        Tensor::from_vec(values, (rows.len(), features.n_features()), &Device::Cpu) // [rows, F]
    };
    let pool_side = tensor(pool)?.t()?.contiguous()?; // [F, P]
    let mut found = Vec::with_capacity(asked.len());
    for part in asked.chunks(PART) {
        let cosines = tensor(part)?.matmul(&pool_side)?.to_vec2::<f32>()?; // [part, P]
        for (&row, cosines) in part.iter().zip(cosines) {
            let mut near: Vec<(usize, f32)> =
                pool.iter().copied().zip(cosines).filter(|(other, _)| *other != row).collect();
            let closest = |a: &(usize, f32), b: &(usize, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
            if n < near.len() {
                near.select_nth_unstable_by(n - 1, closest);
                near.truncate(n);
            }
            near.sort_unstable_by(closest);
            near.iter_mut().for_each(|(_, weight)| *weight = (SHARPNESS * (*weight - 1.0)).exp().min(1.0));
            found.push(near);
        }
    }
    Ok(found)
}

fn unit(row: &[f32]) -> Vec<f32> {
    let length = row.iter().map(|value| value * value).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
    row.iter().map(|value| value / length).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_by_angle_come_first_and_nobody_is_its_own_neighbour() {
        let values = [1.0, 0.0, 5.0, 0.1, 0.0, 1.0, 0.1, 3.0, -1.0, 0.0];
        let features = Features::new(2, &values).unwrap();
        let found = neighbours(features, &[0, 2], &[0, 1, 2, 3, 4], 2).unwrap();
        let rows = |at: usize| found[at].iter().map(|(row, _)| *row).collect::<Vec<_>>();
        assert_eq!((rows(0), rows(1)), (vec![1, 3], vec![3, 1]));
        assert!(found.iter().flatten().all(|(_, weight)| 0.0 < *weight && *weight <= 1.0));
        assert!(found[0][0].1 > 0.9 && found[0][1].1 < 0.01, "{found:?}");
        assert_eq!(neighbours(features, &[0], &[], 2).unwrap(), [vec![]]);
    }
}
