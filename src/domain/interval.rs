//! The interval that a counted share is known to lie in: "0.80, of five" says less than "0.80, of five hundred".
//!
//! Floor 1. Source: Wilson 1927; the tests hold SciPy's `binomtest(…).proportion_ci(method="wilson")`.

/// The share of the standard normal distribution within ± this is 95 %.
const Z: f64 = 1.959_963_984_540_054;

/// Ends of the 95 % interval of a share of which `hits` of `n` were seen, each in [0, 1]; `None` where `n` is 0.
pub fn wilson(hits: u64, n: u64) -> Option<[f64; 2]> {
    if n == 0 {
        return None;
    }
    let (count, share) = (n as f64, hits as f64 / n as f64);
    let squared = Z * Z / count;
    let middle = share + squared / 2.0;
    let half = Z * (share * (1.0 - share) / count + squared / count / 4.0).sqrt();
    let low = if hits == 0 { 0.0 } else { (middle - half) / (1.0 + squared) };
    let high = if hits == n { 1.0 } else { (middle + half) / (1.0 + squared) };
    Some([low, high])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_are_those_of_scipy() {
        // (hits, n, low, high): SciPy 1.17.
        for (hits, n, low, high) in [
            (0, 1, 0.0, 0.793_450_686),
            (0, 10, 0.0, 0.277_532_800),
            (1, 1, 0.206_549_314, 1.0),
            (5, 10, 0.236_593_091, 0.763_406_909),
            (90, 100, 0.825_634_338, 0.944_770_863),
            (999, 1000, 0.994_357_441, 0.999_823_454),
        ] {
            let [found_low, found_high] = wilson(hits, n).unwrap();
            assert!((found_low - low).abs() < 1e-9 && (found_high - high).abs() < 1e-9, "{hits} of {n}");
        }
        assert_eq!(wilson(0, 0), None);
    }
}
