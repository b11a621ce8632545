//! Plan: which images each step of each epoch shows, a function of the seed and the epoch alone.
//!
//! Floor 4. Source of oversampling: repeat factors, Gupta et al. 2019 (LVIS), arXiv 1908.03195, appendix B: an image is
//! shown sqrt(t / f) times, f the share of images that have the rarest of its labels, t the share that is no longer rare.

use super::random::Random;
use super::recipe::Recipe;
use crate::domain::f_beta::Truth;
use crate::domain::fold::Fold;

/// Streams of random numbers beside the shuffles', which are named by their epoch.
const REPEATS: u64 = 1 << 32;

pub(crate) struct Plan<'a> {
    seed: u64,
    batch: usize,
    /// A short last batch is left out: it would disturb batch norm's statistics.
    whole_batches: bool,
    train: &'a [usize],
    /// How often each image of `train` is shown per epoch, on average, at least once; empty: all once.
    repeats: Vec<f32>,
}

impl<'a> Plan<'a> {
    /// `truth`: `[n_images, n_labels]`.
    pub(crate) fn new(recipe: &Recipe, fold: &'a Fold, truth: &[Truth], n_labels: usize) -> Self {
        let repeats = match recipe.oversample_below {
            share if 0.0 < share => repeats(&fold.train, truth, n_labels, share),
            _ => Vec::new(),
        };
        Self {
            seed: recipe.seed,
            batch: recipe.batch.max(1),
            whole_batches: recipe.moving_statistics,
            train: &fold.train,
            repeats,
        }
    }

    /// The shuffled batches of one epoch, from 1.
    pub(crate) fn epoch(&self, epoch: usize) -> Vec<Vec<usize>> {
        let mut order = self.shown(epoch);
        Random::new(self.seed, epoch as u64).shuffle(&mut order);
        let mut steps: Vec<Vec<usize>> = order.chunks(self.batch).map(<[usize]>::to_vec).collect();
        if self.whole_batches && 1 < steps.len() && steps.last().is_some_and(|last| last.len() < self.batch) {
            steps.pop();
        }
        steps
    }

    pub(crate) fn n_steps(&self, epoch: usize) -> usize {
        let n = if self.repeats.is_empty() { self.train.len() } else { self.shown(epoch).len() };
        match self.whole_batches {
            true if self.batch <= n => n / self.batch,
            _ => n.div_ceil(self.batch),
        }
    }

    /// The training part, some images more than once.
    fn shown(&self, epoch: usize) -> Vec<usize> {
        if self.repeats.is_empty() {
            return self.train.to_vec();
        }
        let mut random = Random::new(self.seed, REPEATS + epoch as u64);
        let mut shown = Vec::with_capacity(self.train.len());
        for (&image, &repeats) in self.train.iter().zip(&self.repeats) {
            let more = random.unit() < repeats.fract();
            shown.extend(std::iter::repeat_n(image, repeats as usize + usize::from(more)));
        }
        shown
    }
}

fn repeats(train: &[usize], truth: &[Truth], n_labels: usize, share: f64) -> Vec<f32> {
    let row = |image: usize| &truth[image * n_labels..(image + 1) * n_labels];
    let mut counts = vec![0_u32; n_labels];
    for &image in train {
        for (count, &known) in counts.iter_mut().zip(row(image)) {
            *count += u32::from(known == Truth::Present);
        }
    }
    let factor = |count: u32| (share * train.len() as f64 / f64::from(count.max(1))).sqrt();
    let of_image = |&image: &usize| {
        let present = row(image).iter().zip(&counts).filter(|(known, _)| **known == Truth::Present);
        present.map(|(_, &count)| factor(count)).fold(1.0, f64::max) as f32
    };
    train.iter().map(of_image).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fold(n: usize) -> Fold {
        Fold { train: (0..n).collect(), validation: vec![n] }
    }

    #[test]
    fn every_image_is_shown_once_an_epoch_in_another_order_each_time() {
        let (fold, recipe) = (fold(25), Recipe { batch: 10, ..Recipe::default() });
        let plan = Plan::new(&recipe, &fold, &[Truth::Absent; 26], 1);
        let flat = |epoch| plan.epoch(epoch).concat();
        for epoch in [1, 2] {
            let mut sorted = flat(epoch);
            sorted.sort_unstable();
            assert_eq!(sorted, fold.train);
            assert_eq!(plan.epoch(epoch).iter().map(Vec::len).collect::<Vec<_>>(), [10, 10, 5]);
            assert_eq!(plan.n_steps(epoch), 3);
        }
        assert_ne!(flat(1), flat(2));
        let whole = Recipe { moving_statistics: true, ..recipe };
        let plan = Plan::new(&whole, &fold, &[Truth::Absent; 26], 1);
        assert_eq!((plan.epoch(1).len(), plan.n_steps(1)), (2, 2));
    }

    #[test]
    fn images_with_a_rare_tag_are_shown_more_often() {
        // 100 images, label 0 on all, label 1 on image 7 only: with t = 0.09 it is shown sqrt(0.09 / 0.01) = 3 times.
        let fold = fold(100);
        let truth: Vec<Truth> = (0..202).map(|cell| Truth::from(Some(cell % 2 == 0 || cell == 15))).collect();
        let recipe = Recipe { oversample_below: 0.09, ..Recipe::default() };
        let plan = Plan::new(&recipe, &fold, &truth, 2);
        for epoch in 1..4 {
            let shown = plan.epoch(epoch).concat();
            assert_eq!(shown.iter().filter(|image| **image == 7).count(), 3);
            assert_eq!(shown.len(), 102);
            assert_eq!(plan.n_steps(epoch), 1);
        }
    }
}
