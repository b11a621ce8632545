//! The instant head: a linear head that learns from every described image at once, and unlearns as exactly.
//!
//! What it adds to the base is the minimum of binary cross-entropy over all judged cells plus a pull to the base,
//! |addition|² / (2 · FREEDOM), found by dual coordinate ascent: every cell keeps its own share of the weights, so a row
//! that is replaced or withdrawn takes its share along, no learning rate is needed, and the result depends on what is
//! described now, not on how it came about. Not the scaling, not the base and not the threshold: `learner`.
//!
//! Floor 4. The amount of arithmetic is fixed, never the time: same rows in the same order, same bits.
//! Source: Shalev-Shwartz and Zhang 2013, JMLR 14, 567-599; Yu, Huang and Lin 2011 for the logistic loss.

use candle_core::{Device, Tensor};
use rayon::prelude::*;

use super::error::TrainError;
use super::random::Random;
use crate::domain::f_beta::Truth;
use share::best_share;
pub use share::{Tally, target};

mod share;
#[cfg(test)]
mod tests;

/// How far an addition may go: the variance of a logit before anything is described. Of 3, 10, 30, 100, 300 the best
/// for F2 from 10 to 1,000 images, averaged over 2,000 photographs with 5 labels and 600 drawn finds with 44.
const FREEDOM: f32 = 30.0;
/// Rows per step, and so per matrix product: ten milliseconds for 1,103 labels of 2,048 features.
pub const BLOCK: usize = 64;
/// Multiply-adds that one update spends on rows it has seen before.
const REPLAY: usize = 2_000_000_000;
const REPLAY_ROWS: std::ops::RangeInclusive<usize> = BLOCK..=16 * BLOCK;
/// Rows for which memory is taken at once: doubling would take twice what is needed.
const GROWTH: usize = 1_024;
/// No more passes than this over a small set.
const PASSES: usize = 6;

/// The head and the rows it learns from. A row is a feature vector of length 1 (or 0), the base's logits, the truth.
#[derive(Debug)]
pub struct Instant {
    n_features: usize,
    n_labels: usize,
    /// Labels whose base has logits of its own; the others start from how often they are there.
    known: Vec<bool>,
    /// `[n_rows, n_features]`.
    units: Vec<f32>,
    /// `[n_rows, n_labels]`, as the two below.
    base: Vec<f32>,
    truth: Vec<Truth>,
    /// What each cell contributes, truth minus probability once it is learned.
    shares: Vec<f32>,
    /// Sum of shares times features, `[n_labels, n_features]`.
    weight: Tensor,
    /// Sum of shares, `[n_labels]`.
    bias: Vec<f32>,
    tallies: Vec<Tally>,
    /// Rows put or replaced since the last update.
    fresh: Vec<usize>,
    /// Rows of the update at hand, last first.
    plan: Vec<usize>,
    n_updates: u64,
}

impl Instant {
    /// `known`: for each label whether the base knows it. Errors: no memory for the weights.
    pub fn new(known: Vec<bool>, n_features: usize) -> Result<Self, TrainError> {
        let n_labels = known.len();
        Ok(Self {
            known,
            n_features,
            n_labels,
            units: Vec::new(),
            base: Vec::new(),
            truth: Vec::new(),
            shares: Vec::new(),
            weight: Tensor::zeros((n_labels, n_features), candle_core::DType::F32, &Device::Cpu)?,
            bias: vec![0.0; n_labels],
            tallies: vec![Tally::default(); n_labels],
            fresh: Vec::new(),
            plan: Vec::new(),
            n_updates: 0,
        })
    }

    pub fn n_rows(&self) -> usize {
        self.units.len() / self.n_features.max(1)
    }

    pub fn tally(&self, label: usize) -> Tally {
        self.tallies[label]
    }

    pub fn unit(&self, row: usize) -> &[f32] {
        &self.units[row * self.n_features..][..self.n_features]
    }

    pub fn truth(&self, row: usize) -> &[Truth] {
        &self.truth[row * self.n_labels..][..self.n_labels]
    }

    /// Appends a row, and says its number. `unit`: `[n_features]`; `base` and `truth`: `[n_labels]`.
    ///
    /// Errors: another length.
    pub fn put(&mut self, unit: &[f32], base: &[f32], truth: &[Truth]) -> Result<usize, TrainError> {
        same("features", unit.len(), self.n_features)?;
        same("logits of the base", base.len(), self.n_labels)?;
        same("cells of truth", truth.len(), self.n_labels)?;
        let row = self.n_rows();
        self.make_room();
        self.units.extend_from_slice(unit);
        self.base.extend_from_slice(base);
        self.truth.extend_from_slice(truth);
        self.shares.resize(self.truth.len(), 0.0);
        self.tallies.iter_mut().zip(truth).for_each(|(tally, &known)| tally.count(known, 1));
        self.fresh.push(row);
        Ok(row)
    }

    fn make_room(&mut self) {
        if self.truth.capacity() < self.truth.len() + self.n_labels
            || self.units.capacity() < self.units.len() + self.n_features
        {
            self.units.reserve_exact(GROWTH * self.n_features);
            self.base.reserve_exact(GROWTH * self.n_labels);
            self.truth.reserve_exact(GROWTH * self.n_labels);
            self.shares.reserve_exact(GROWTH * self.n_labels);
        }
    }

    /// Memory taken for the rows.
    pub fn n_bytes(&self) -> usize {
        let floats = self.units.capacity() + self.base.capacity() + self.shares.capacity();
        floats * size_of::<f32>() + self.truth.capacity() * size_of::<Truth>()
    }

    /// Other truth for a row. Nothing is left of what it taught where its cells changed; all unjudged withdraws it.
    ///
    /// Errors: no such row, another length, computing failed.
    pub fn replace(&mut self, row: usize, truth: &[Truth]) -> Result<(), TrainError> {
        same("cells of truth", truth.len(), self.n_labels)?;
        same("rows", self.n_rows().max(row + 1), self.n_rows())?;
        let cells = row * self.n_labels..(row + 1) * self.n_labels;
        let mut taken = vec![0.0; self.n_labels];
        let olds = self.truth[cells.clone()].iter_mut().zip(&mut self.shares[cells]);
        for (label, ((old, share), &new)) in olds.zip(truth).enumerate() {
            if *old != new {
                self.tallies[label].count(*old, -1);
                self.tallies[label].count(new, 1);
                (taken[label], *share, *old) = (-*share, 0.0, new);
            }
        }
        let unit = self.unit(row).to_vec();
        self.add(taken, &unit)?;
        if !self.fresh.contains(&row) {
            self.fresh.push(row);
        }
        Ok(())
    }

    /// One label more, unjudged everywhere.
    ///
    /// Errors: no memory for the weights.
    pub fn grow(&mut self) -> Result<(), TrainError> {
        let (n_rows, n_labels) = (self.n_rows(), self.n_labels);
        self.base = widened(&self.base, n_rows, n_labels);
        self.truth = widened(&self.truth, n_rows, n_labels);
        self.shares = widened(&self.shares, n_rows, n_labels);
        let zeros = Tensor::zeros((1, self.n_features), candle_core::DType::F32, &Device::Cpu)?;
        self.weight = Tensor::cat(&[&self.weight, &zeros], 0)?; // [L + 1, F]
        self.bias.push(0.0);
        self.known.push(false);
        self.tallies.push(Tally::default());
        self.n_labels += 1;
        Ok(())
    }

    /// All rows over other features, in the same order; what was learned of each stays its own.
    ///
    /// Errors: another length, computing failed.
    pub fn rescale(&mut self, units: Vec<f32>) -> Result<(), TrainError> {
        same("features", units.len(), self.units.len())?;
        self.units = units;
        let n_rows = self.n_rows();
        self.weight = Tensor::zeros((self.n_labels, self.n_features), candle_core::DType::F32, &Device::Cpu)?;
        for rows in (0..n_rows).collect::<Vec<_>>().chunks(16 * BLOCK) {
            let (first, n) = (rows[0], rows.len());
            let units = &self.units[first * self.n_features..(first + n) * self.n_features];
            let units = Tensor::from_slice(units, (n, self.n_features), &Device::Cpu)?; // [n, F]
            let shares = &self.shares[first * self.n_labels..(first + n) * self.n_labels];
            let shares = Tensor::from_slice(shares, (n, self.n_labels), &Device::Cpu)?; // [n, L]
            self.weight = (&self.weight + shares.t()?.matmul(&units)?)?; // [L, F]
        }
        Ok(())
    }

    /// Rows that no update has begun to learn from.
    pub fn n_fresh(&self) -> usize {
        self.fresh.len()
    }

    /// Begins an update: the fresh rows, older ones from memory, and the fresh ones once more. What was left of an update
    /// before counts as part of this one.
    pub fn begin(&mut self) {
        self.n_updates += 1;
        let fresh = std::mem::take(&mut self.fresh);
        let rest = std::mem::take(&mut self.plan);
        let cost = (2 * self.n_labels * self.n_features).max(1);
        let budget = (REPLAY / cost).clamp(*REPLAY_ROWS.start(), *REPLAY_ROWS.end()).max(2 * fresh.len());
        let mut random = Random::new(self.n_updates, 0);
        let mut order: Vec<usize> = (0..self.n_rows()).collect();
        let mut older = Vec::with_capacity(budget + order.len());
        for _ in 0..PASSES {
            if older.len() < budget {
                random.shuffle(&mut order);
                older.extend_from_slice(&order);
            }
        }
        older.truncate(budget.saturating_sub(rest.len()));
        self.plan = fresh.iter().rev().copied().chain(older).chain(rest).chain(fresh.iter().rev().copied()).collect();
    }

    /// The next few rows of the update at hand. Whether there was anything left to do.
    ///
    /// Errors: computing failed.
    pub fn step(&mut self) -> Result<bool, TrainError> {
        let mut rows = Vec::with_capacity(BLOCK);
        while rows.len() < BLOCK
            && let Some(row) = self.plan.pop()
        {
            if rows.contains(&row) {
                self.plan.push(row); // The next step's: within one, every row counts once.
                break;
            }
            rows.push(row);
        }
        if rows.is_empty() || self.n_labels == 0 {
            return Ok(false);
        }
        let n = rows.len();
        let units: Vec<f32> = rows.iter().flat_map(|&row| self.unit(row)).copied().collect();
        let together = Tensor::from_slice(&units, (n, self.n_features), &Device::Cpu)?; // [n, F]
        let across = together.t()?; // [F, n]
        let alike = together.matmul(&across)?.flatten_all()?.to_vec1::<f32>()?; // [n, n]
        let sums = self.weight.matmul(&across)?.flatten_all()?.to_vec1::<f32>()?; // [L, n]
        let changes: Vec<f32> = (0..self.n_labels)
            .into_par_iter()
            .with_min_len(1 + 4096 / (n * n))
            .flat_map_iter(|label| self.ascend(label, &rows, &alike, &sums[label * n..(label + 1) * n]))
            .collect(); // [L, n]
        for (label, changes) in changes.chunks_exact(n).enumerate() {
            for (&row, change) in rows.iter().zip(changes) {
                self.shares[row * self.n_labels + label] += change;
            }
            self.bias[label] += changes.iter().sum::<f32>();
        }
        let changes = Tensor::from_vec(changes, (self.n_labels, n), &Device::Cpu)?; // [L, n]
        self.weight = (&self.weight + changes.matmul(&together)?)?; // [L, F]
        Ok(!self.plan.is_empty())
    }

    /// Moves one label's shares of these rows to where each is best, one after the other; answers by how much.
    ///
    /// `alike`: products of the rows with each other; `sums`: with the label's weights.
    fn ascend(&self, label: usize, rows: &[usize], alike: &[f32], sums: &[f32]) -> Vec<f32> {
        let n = rows.len();
        let prior = self.prior(label);
        let mut changes = vec![0.0; n];
        for (at, &row) in rows.iter().enumerate() {
            let cell = row * self.n_labels + label;
            let Some(target) = target(self.truth[cell]) else {
                continue;
            };
            let alike = &alike[at * n..(at + 1) * n];
            let moved: f32 = changes[..at].iter().zip(alike).map(|(change, alike)| change * (alike + 1.0)).sum();
            let logit = self.base[cell] + prior + FREEDOM * (sums[at] + self.bias[label] + moved);
            let own = FREEDOM * (alike[at] + 1.0);
            changes[at] = best_share(logit - own * self.shares[cell], own, target, logit) - self.shares[cell];
        }
        changes
    }

    fn prior(&self, label: usize) -> f32 {
        if self.known[label] { 0.0 } else { self.tallies[label].prior() }
    }

    /// Logits of feature vectors `[n, n_features]` over the logits of the base, `[n, n_labels]`.
    ///
    /// Errors: sizes that do not fit, computing failed.
    pub fn logits(&self, units: &[f32], base: &[f32]) -> Result<Vec<f32>, TrainError> {
        let n = units.len() / self.n_features.max(1);
        same("logits of the base", base.len(), n * self.n_labels)?;
        if base.is_empty() {
            return Ok(Vec::new());
        }
        let units = Tensor::from_slice(units, (n, self.n_features), &Device::Cpu)?; // [n, F]
        let mut logits = units.matmul(&self.weight.t()?)?.flatten_all()?.to_vec1::<f32>()?; // [n, L]
        let constant: Vec<f32> =
            (0..self.n_labels).map(|label| self.prior(label) + FREEDOM * self.bias[label]).collect();
        for (logits, base) in logits.chunks_exact_mut(self.n_labels).zip(base.chunks_exact(self.n_labels)) {
            for ((logit, base), constant) in logits.iter_mut().zip(base).zip(&constant) {
                *logit = base + constant + FREEDOM * *logit;
            }
        }
        Ok(logits)
    }

    /// Adds shares `[n_labels]` of one feature vector to the weights.
    fn add(&mut self, shares: Vec<f32>, unit: &[f32]) -> Result<(), TrainError> {
        self.bias.iter_mut().zip(&shares).for_each(|(bias, share)| *bias += share);
        let unit = Tensor::from_slice(unit, (1, self.n_features), &Device::Cpu)?; // [1, F]
        let shares = Tensor::from_vec(shares, (self.n_labels, 1), &Device::Cpu)?; // [L, 1]
        self.weight = (&self.weight + shares.matmul(&unit)?)?; // [L, F]
        Ok(())
    }
}

fn same(what: &'static str, found: usize, expected: usize) -> Result<(), TrainError> {
    if found == expected { Ok(()) } else { Err(TrainError::Shape { what, found, expected }) }
}

/// Rows with one column more.
fn widened<T: Clone + Default>(values: &[T], n_rows: usize, n_columns: usize) -> Vec<T> {
    let mut wide = Vec::with_capacity(n_rows * (n_columns + 1));
    for row in 0..n_rows {
        wide.extend_from_slice(&values[row * n_columns..(row + 1) * n_columns]);
        wide.push(T::default());
    }
    wide
}
