//! Standardising: every feature with mean 0 and deviation 1 over the training part, and the way back.
//!
//! Pooled features differ in size a hundredfold; without this one learning rate does not fit them all. Afterwards the
//! scaling is folded into the head, so that a checkpoint stays a plain linear layer over plain features. Floor 4.

/// Features of images, row by row.
#[derive(Debug, Clone, Copy)]
pub struct Features<'a> {
    n_features: usize,
    values: &'a [f32],
}

impl<'a> Features<'a> {
    /// `None` unless `values` holds whole rows of `n_features` > 0.
    pub fn new(n_features: usize, values: &'a [f32]) -> Option<Self> {
        (n_features != 0 && values.len().is_multiple_of(n_features)).then_some(Self { n_features, values })
    }

    pub fn n_features(&self) -> usize {
        self.n_features
    }

    pub fn n_images(&self) -> usize {
        self.values.len() / self.n_features
    }

    pub fn values(&self) -> &'a [f32] {
        self.values
    }

    pub fn row(&self, image: usize) -> &'a [f32] {
        &self.values[image * self.n_features..(image + 1) * self.n_features]
    }
}

/// A linear layer, as timm keeps it: logits = features · weightᵀ + bias.
#[derive(Debug, Clone, PartialEq)]
pub struct LinearHead {
    pub n_features: usize,
    /// `[n_labels, n_features]`, row by row.
    pub weight: Vec<f32>,
    /// `[n_labels]`.
    pub bias: Vec<f32>,
}

impl LinearHead {
    pub fn zeros(n_labels: usize, n_features: usize) -> Self {
        Self { n_features, weight: vec![0.0; n_labels * n_features], bias: vec![0.0; n_labels] }
    }

    pub fn n_labels(&self) -> usize {
        self.bias.len()
    }
}

/// Mean and deviation of every feature.
#[derive(Debug, Clone, PartialEq)]
pub struct Scaling {
    mean: Vec<f32>,
    deviation: Vec<f32>,
}

impl Scaling {
    /// Of the images `of`. A feature that hardly varies over them counts as if it varied a tenth as much as the
    /// others do together: one lit pixel in a later image must not outvote them.
    pub fn fit(features: &Features<'_>, of: &[usize]) -> Self {
        let n = of.len().max(1) as f64;
        let mut mean = vec![0.0_f64; features.n_features];
        for &image in of {
            mean.iter_mut().zip(features.row(image)).for_each(|(sum, &value)| *sum += f64::from(value));
        }
        mean.iter_mut().for_each(|sum| *sum /= n);
        let mut variance = vec![0.0_f64; features.n_features];
        for &image in of {
            for ((sum, &value), mean) in variance.iter_mut().zip(features.row(image)).zip(&mean) {
                *sum += (f64::from(value) - mean).powi(2) / n;
            }
        }
        Self::of(&mean, &variance)
    }

    /// Of these means and variances, with the floor that [`Self::fit`] speaks of.
    pub(super) fn of(mean: &[f64], variance: &[f64]) -> Self {
        let floor = 0.01 * variance.iter().sum::<f64>() / variance.len().max(1) as f64 + 1e-12;
        Self {
            mean: mean.iter().map(|&mean| mean as f32).collect(),
            deviation: variance.iter().map(|variance| (variance + floor).sqrt() as f32).collect(),
        }
    }

    /// A plain row, standardised.
    pub(super) fn apply(&self, row: &[f32]) -> impl Iterator<Item = f32> {
        let scaled = row.iter().zip(&self.mean).zip(&self.deviation);
        scaled.map(|((&value, &mean), &deviation)| (value - mean) / deviation)
    }

    /// A standardised row, plain again.
    pub(super) fn undo(&self, row: &[f32]) -> impl Iterator<Item = f32> {
        let plain = row.iter().zip(&self.mean).zip(&self.deviation);
        plain.map(|((&value, &mean), &deviation)| value * deviation + mean)
    }

    /// Appends the standardised rows of `images` to `rows`.
    pub fn gather(&self, features: &Features<'_>, images: &[usize], rows: &mut Vec<f32>) {
        for &image in images {
            rows.extend(self.apply(features.row(image)));
        }
    }

    /// The head over plain features that answers as `head` does over standardised ones.
    pub fn fold_in(&self, head: &LinearHead) -> LinearHead {
        let mut plain = head.clone();
        for (row, bias) in plain.weight.chunks_exact_mut(head.n_features).zip(&mut plain.bias) {
            let mut shift = 0.0_f64;
            for ((weight, &mean), &deviation) in row.iter_mut().zip(&self.mean).zip(&self.deviation) {
                *weight /= deviation;
                shift += f64::from(*weight) * f64::from(mean);
            }
            *bias = (f64::from(*bias) - shift) as f32;
        }
        plain
    }

    /// The head over standardised features that answers as `head` does over plain ones.
    pub fn fold_out(&self, head: &LinearHead) -> LinearHead {
        let mut scaled = head.clone();
        for (row, bias) in scaled.weight.chunks_exact_mut(head.n_features).zip(&mut scaled.bias) {
            let mut shift = 0.0_f64;
            for ((weight, &mean), &deviation) in row.iter_mut().zip(&self.mean).zip(&self.deviation) {
                shift += f64::from(*weight) * f64::from(mean);
                *weight *= deviation;
            }
            *bias = (f64::from(*bias) + shift) as f32;
        }
        scaled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn logits(head: &LinearHead, row: &[f32]) -> Vec<f32> {
        let of_label =
            |(weights, bias): (&[f32], &f32)| weights.iter().zip(row).map(|(w, x)| w * x).sum::<f32>() + bias;
        head.weight.chunks_exact(head.n_features).zip(&head.bias).map(of_label).collect()
    }

    #[test]
    fn a_folded_head_answers_the_same_over_plain_features() {
        let values = [1.0, 200.0, 0.01, 3.0, 100.0, 0.03, 2.0, 400.0, 0.02, 8.0, 300.0, 0.01];
        let features = Features::new(3, &values).unwrap();
        let scaling = Scaling::fit(&features, &[0, 1, 2]);
        let head = LinearHead { n_features: 3, weight: vec![0.5, -1.0, 2.0, 0.1, 0.2, 0.3], bias: vec![0.7, -0.2] };
        let plain = scaling.fold_in(&head);
        for image in 0..4 {
            let mut scaled = Vec::new();
            scaling.gather(&features, &[image], &mut scaled);
            let pairs = logits(&head, &scaled).into_iter().zip(logits(&plain, features.row(image)));
            assert!(pairs.into_iter().all(|(a, b)| (a - b).abs() < 1e-4), "image {image}");
        }
        let back = scaling.fold_out(&plain);
        assert!(back.weight.iter().zip(&head.weight).all(|(a, b)| (a - b).abs() < 1e-5));
        assert!(back.bias.iter().zip(&head.bias).all(|(a, b)| (a - b).abs() < 1e-4));
    }

    #[test]
    fn a_feature_that_never_varied_stays_small_when_it_does() {
        let values = [0.0, 1.0, 0.0, -1.0, 5.0, 0.0];
        let features = Features::new(2, &values).unwrap();
        let mut rows = Vec::new();
        Scaling::fit(&features, &[0, 1]).gather(&features, &[2], &mut rows);
        assert!(rows[0] < 100.0, "{rows:?}");
    }
}
