//! Thresholds: from which probability on each label is proposed, and how one slider moves them all.
//!
//! Not how they are found: one for all is `threshold`'s search, a label's own is `own_thresholds`. Floor 1.

use super::f_beta::is_proposed;

/// One threshold for all labels, and those that labels have of their own.
#[derive(Debug, Clone, PartialEq)]
pub struct Thresholds {
    global: f32,
    own: Vec<Option<f32>>,
}

impl Thresholds {
    /// `own` by column; columns beyond its end have none.
    pub fn new(global: f32, own: Vec<Option<f32>>) -> Self {
        Self { global, own }
    }

    /// The same for every label.
    pub fn one(global: f32) -> Self {
        Self::new(global, Vec::new())
    }

    pub fn global(&self) -> f32 {
        self.global
    }

    /// Of one column.
    pub fn of(&self, column: usize) -> f32 {
        self.own(column).unwrap_or(self.global)
    }

    /// Of one column, where it has its own.
    pub fn own(&self, column: usize) -> Option<f32> {
        self.own.get(column).copied().flatten()
    }

    /// How many labels have their own.
    pub fn n_own(&self) -> usize {
        self.own.iter().flatten().count()
    }

    /// All of them with the slider at `global`: the global one lies there, and every label's own keeps its distance
    /// from it in logits. At 0 everything is proposed, at 1 only what is certain; the order of labels never changes.
    #[must_use]
    pub fn moved_to(&self, global: f32) -> Self {
        if global == self.global {
            return self.clone();
        }
        let distance = logit(global) - logit(self.global);
        let moved = |own: f32| match global {
            global if global <= 0.0 => 0.0,
            global if 1.0 <= global => 1.0,
            _ => (1.0 / (1.0 + (-logit(own) - distance).exp())) as f32,
        };
        Self { global, own: self.own.iter().map(|own| own.map(moved)).collect() }
    }

    /// How likely a proposal is right if it is a toss-up at its threshold: 0.5 there, moved by the distance in logits.
    /// Makes labels with different thresholds comparable.
    pub fn centred(&self, column: usize, probability: f32) -> f32 {
        let distance = logit(probability) - logit(self.of(column));
        (1.0 / (1.0 + (-distance).exp())) as f32
    }

    /// The columns proposed for one image, ascending.
    pub fn proposed(&self, probabilities: &[f32]) -> impl Iterator<Item = usize> {
        let likely =
            |(column, &probability): (usize, &f32)| is_proposed(probability, self.of(column)).then_some(column);
        probabilities.iter().enumerate().filter_map(likely)
    }
}

/// What a model says of some images, and from when on it would propose.
#[derive(Debug, Clone, Copy)]
pub struct Answers<'a> {
    /// `[n_images, n_labels]`, row by row.
    pub probabilities: &'a [f32],
    /// By column.
    pub thresholds: &'a Thresholds,
}

/// Finite for every threshold and every probability.
pub(super) fn logit(share: f32) -> f64 {
    let inside = f64::from(share).clamp(1e-6, 1.0 - 1e-6);
    (inside / (1.0 - inside)).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_proposed_at_its_own_threshold_or_at_the_global_one() {
        let thresholds = Thresholds::new(0.4, vec![None, Some(0.7), Some(0.1)]);
        let proposed: Vec<usize> = thresholds.proposed(&[0.4, 0.69, 0.1, 0.39, 0.41]).collect();
        assert_eq!(proposed, [0, 2, 4]);
        assert_eq!(thresholds.n_own(), 2);
    }

    #[test]
    fn the_slider_moves_all_thresholds_together() {
        let thresholds = Thresholds::new(0.5, vec![Some(0.8), None, Some(0.2)]);
        // By hand: odds 4, 1 and 1/4, times 1/4 at 0.2 and times 9 at 0.9.
        for (slider, expected) in [
            (0.5, [0.8, 0.5, 0.2]),
            (0.2, [0.5, 0.2, 1.0 / 17.0]),
            (0.9, [36.0 / 37.0, 0.9, 9.0 / 13.0]),
            (0.0, [0.0; 3]),
            (1.0, [1.0; 3]),
        ] {
            let moved = thresholds.moved_to(slider);
            for (column, expected) in expected.into_iter().enumerate() {
                assert!((moved.of(column) - expected).abs() < 1e-6, "{column} at {slider}: {}", moved.of(column));
            }
        }
        assert_eq!(thresholds.moved_to(0.0).proposed(&[0.0; 3]).count(), 3);
    }

    #[test]
    fn moving_the_slider_there_and_back_changes_nothing() {
        let thresholds = Thresholds::new(0.33, vec![Some(0.05), Some(0.97), None]);
        let back = thresholds.moved_to(0.9).moved_to(0.33);
        assert!((0..3).all(|column| (back.of(column) - thresholds.of(column)).abs() < 1e-5), "{back:?}");
    }
}
