//! A batch that is spread over the collection: each picture as unlike the ones before it as can be had.
//!
//! Farthest-first over embeddings, on top of another order: who comes first there is taken first, and wins between equals.
//! Distances are taken in 64 random directions, which changes them by about a tenth and makes a step seventy times as
//! fast; the directions are always the same ones.
//!
//! Floor 1. Source: Gonzalez 1985 (k-centre); Sener and Savarese 2018, arXiv 1708.00489; Achlioptas 2003 for the directions.

use crate::base::hash::mix64;

/// Directions that distances are taken in.
const N_DIRECTIONS: usize = 64;

/// The first `n` of `candidates`, chosen one by one to be farthest from all chosen before and from all of `seen`.
///
/// `embeddings`: rows of `n_features`. `candidates`: rows, most valuable first. `seen`: rows that need no look, such as
/// those of annotated images; without any the first candidate begins. Rows beyond the end are left out.
pub fn spread(embeddings: &[f32], n_features: usize, candidates: &[usize], seen: &[usize], n: usize) -> Vec<usize> {
    let n_rows = embeddings.len().checked_div(n_features).unwrap_or(0);
    let project = |rows: &[usize]| -> (Vec<usize>, Vec<[f32; N_DIRECTIONS]>) {
        let rows: Vec<usize> = rows.iter().copied().filter(|&row| row < n_rows).collect();
        let places = rows.iter().map(|&row| projected(&embeddings[row * n_features..(row + 1) * n_features])).collect();
        (rows, places)
    };
    let (rows, places) = project(candidates);
    let mut distance = vec![f32::INFINITY; rows.len()];
    for place in project(seen).1 {
        approach(&mut distance, &places, &place);
    }
    let mut chosen = Vec::with_capacity(n.min(rows.len()));
    while chosen.len() < n.min(rows.len()) {
        let mut next = 0;
        for (at, &far) in distance.iter().enumerate() {
            if distance[next] < far {
                next = at;
            }
        }
        chosen.push(rows[next]);
        approach(&mut distance, &places, &places[next]);
        distance[next] = f32::NEG_INFINITY;
    }
    chosen
}

/// Every candidate is at most as far from what was chosen as it is from `place`.
fn approach(distance: &mut [f32], places: &[[f32; N_DIRECTIONS]], place: &[f32; N_DIRECTIONS]) {
    for (distance, own) in distance.iter_mut().zip(places) {
        let mut sums = [0.0_f32; 8];
        for (a, b) in own.as_chunks::<8>().0.iter().zip(place.as_chunks::<8>().0) {
            for lane in 0..8 {
                sums[lane] += (a[lane] - b[lane]).powi(2);
            }
        }
        *distance = distance.min(sums.iter().sum());
    }
}

/// An embedding of length 1 in the random directions: sums of its features, each added or taken away.
fn projected(embedding: &[f32]) -> [f32; N_DIRECTIONS] {
    let length = embedding.iter().map(|value| value * value).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
    let mut place = [0.0; N_DIRECTIONS];
    for (feature, value) in embedding.iter().enumerate() {
        let signs = mix64(feature as u64);
        let value = value / length;
        for (direction, sum) in place.iter_mut().enumerate() {
            *sum += if signs >> direction & 1 == 1 { value } else { -value };
        }
    }
    place
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    /// `n` rows around `n_centres` random directions of 32 features, row `i` around centre `i % n_centres`.
    fn clusters(n: usize, n_centres: usize) -> Vec<f32> {
        let number = |i: usize| (mix64(i as u64) >> 40) as f32 / (1 << 23) as f32 - 1.0;
        let value = |i: usize| number((i / 32 % n_centres) * 32 + i % 32) + 0.05 * number(1_000_000 + i);
        (0..n * 32).map(value).collect()
    }

    #[test]
    fn the_first_of_a_batch_are_one_of_each_kind() {
        let embeddings = clusters(300, 10);
        let order: Vec<usize> = (0..300).collect();
        let chosen = spread(&embeddings, 32, &order, &[], 10);
        let kinds: std::collections::BTreeSet<usize> = chosen.iter().map(|row| row % 10).collect();
        assert!(kinds.len() == 10 && chosen[0] == 0, "{chosen:?}");
    }

    #[test]
    fn what_was_seen_is_not_looked_for_again() {
        let embeddings = clusters(300, 10);
        let order: Vec<usize> = (0..300).rev().collect();
        let seen: Vec<usize> = (0..300).filter(|row| row % 10 < 7).collect();
        let chosen = spread(&embeddings, 32, &order, &seen, 3);
        let kinds: std::collections::BTreeSet<usize> = chosen.iter().map(|row| row % 10).collect();
        assert_eq!(kinds, (7..10).collect(), "{chosen:?}");
    }

    #[test]
    fn among_equals_the_other_order_decides_and_nobody_comes_twice() {
        let same = [1.0; 8 * 4];
        assert_eq!(spread(&same, 4, &[5, 2, 7, 0, 99], &[], 9), [5, 2, 7, 0]);
        assert_eq!(spread(&same, 4, &[5, 2], &[1], 1), [5]);
        assert!(spread(&[], 0, &[0], &[], 1).is_empty() && spread(&same, 4, &[0], &[], 0).is_empty());
    }

    #[test]
    #[ignore = "a measurement: cargo test --release spread -- --ignored --nocapture"]
    fn ten_thousand_embeddings_of_1280() {
        let value = |i: usize| (mix64(i as u64) >> 40) as f32 / (1 << 24) as f32;
        let embeddings: Vec<f32> = (0..10_000 * 1280).map(value).collect();
        let order: Vec<usize> = (0..10_000).collect();
        for n in [200, 10_000] {
            let started = Instant::now();
            let chosen = spread(&embeddings, 1280, &order, &[], n);
            eprintln!("{} of 10,000 chosen in {:?}", chosen.len(), started.elapsed());
        }
    }
}
