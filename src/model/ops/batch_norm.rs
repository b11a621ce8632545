//! Batch norm on its own, before an activation (networks that normalise before they convolve), and what it shares
//! with the step that has a convolution in front.
//!
//! Floor 3. Source: Ioffe and Szegedy 2015; PyTorch's momentum and its unbiased variance to remember.

use candle_core::{Result, Tensor, Var, bail};

use super::composed;
use super::fused::map::{Size, map_of, with_pixels};
use super::fused::norm;
use super::norm::Activation;
use super::tape::{Gradients, Map};

/// PyTorch's share of the newest batch in the running statistics.
const MOMENTUM: f64 = 0.1;

/// Batch norm's tensors, each `[C]`.
#[derive(Debug, Clone)]
pub(crate) struct Norm {
    pub(crate) gamma: Tensor,
    pub(crate) beta: Tensor,
    pub(crate) mean: Var,
    pub(crate) variance: Var,
    pub(crate) eps: f64,
}

/// Which statistics batch norm divides by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// The stored ones, as constants. Right for predicting and for fine-tuning; gradients flow to every weight.
    #[default]
    Inference,
    /// This batch's own, for training from scratch; the stored ones follow them if `update_statistics`.
    Training { update_statistics: bool },
}

impl Norm {
    /// What `mode` comes to here: a norm that is not trained keeps its statistics, whatever the others do.
    pub(super) fn mode(&self, mode: Mode) -> Mode {
        if self.gamma.track_op() { mode } else { Mode::Inference }
    }

    /// The scale and shift `[C]` that it comes to with its stored statistics; detached.
    pub(crate) fn scale_and_shift(&self) -> Result<(Tensor, Tensor)> {
        let deviation = (self.variance.as_detached_tensor() + self.eps)?.sqrt()?;
        let scale = self.gamma.detach().div(&deviation)?;
        let shift = self.beta.detach().sub(&self.mean.as_detached_tensor().mul(&scale)?)?;
        Ok((scale, shift))
    }

    /// Whether gamma or beta does.
    pub(super) fn learns(&self) -> bool {
        self.gamma.track_op() || self.beta.track_op()
    }

    /// Its channels, of which there are to be `n`, with the stored statistics.
    pub(super) fn stored(&self, n: usize) -> Result<Channels> {
        self.with(self.mean.to_vec1()?, &self.variance.to_vec1::<f32>()?, n)
    }

    fn with(&self, mean: Vec<f32>, variance: &[f32], n: usize) -> Result<Channels> {
        let (gamma, beta) = (self.gamma.to_vec1::<f32>()?, self.beta.to_vec1::<f32>()?);
        if [gamma.len(), beta.len(), mean.len(), variance.len()] != [n; 4] {
            bail!("batch norm of {} channels over a map of {n}", gamma.len())
        }
        let inverse = variance.iter().map(|variance| (1.0 / (f64::from(*variance) + self.eps).sqrt()) as f32).collect();
        Ok(Channels { gamma, beta, mean, inverse })
    }

    /// Moves the stored statistics towards this batch's; `variance` is the biased one over `n` values.
    pub(super) fn remember(&self, mean: &Tensor, variance: &Tensor, n: usize) -> Result<()> {
        let unbiased = n as f64 / n.saturating_sub(1).max(1) as f64;
        let moved = |old: &Var, new: &Tensor, share: f64| {
            let moved = ((old.as_detached_tensor() * (1.0 - MOMENTUM))? + (new.detach() * share)?)?;
            old.set(&moved)
        };
        moved(&self.mean, mean, MOMENTUM)?;
        moved(&self.variance, variance, MOMENTUM * unbiased)
    }
}

/// Every channel's normalisation: `gamma * (z - mean) * inverse + beta`, `inverse` = 1 / sqrt(variance + eps).
#[derive(Debug)]
pub(super) struct Channels {
    gamma: Vec<f32>,
    beta: Vec<f32>,
    pub(super) mean: Vec<f32>,
    pub(super) inverse: Vec<f32>,
}

impl Channels {
    pub(super) fn scale(&self) -> Vec<f32> {
        self.gamma.iter().zip(&self.inverse).map(|(gamma, inverse)| gamma * inverse).collect()
    }

    pub(super) fn shift(&self) -> Vec<f32> {
        let scaled = self.mean.iter().zip(self.scale());
        self.beta.iter().zip(scaled).map(|(beta, (mean, scale))| beta - mean * scale).collect()
    }
}

/// A map and how it is normalised and activated.
pub(super) struct Normed {
    z: Tensor,
    channels: Channels,
    activation: Activation,
    is_frozen: bool,
    norm: Norm,
}

impl Normed {
    /// `z` `[B, h, w, C]`. In training also moves the stored statistics.
    pub(super) fn new(z: Vec<f32>, size: Size, norm: &Norm, activation: Activation, mode: Mode) -> Result<Self> {
        Self::of(map_of(z, size)?, norm, activation, mode)
    }

    fn of(z: Tensor, norm: &Norm, activation: Activation, mode: Mode) -> Result<Self> {
        let size = Size::of(&z)?;
        let n = size.n_channels;
        let channels = match mode {
            Mode::Inference => norm.stored(n)?,
            Mode::Training { update_statistics } => {
                let (mean, variance) = with_pixels(&z, |z| Ok(norm::statistics(z, n)))?;
                if update_statistics {
                    let [means, variances] = [&mean, &variance].map(|values| Tensor::from_slice(values, n, z.device()));
                    norm.remember(&means?, &variances?, size.n_pixels())?;
                }
                norm.with(mean, &variance, n)?
            }
        };
        Ok(Self { z, channels, activation, is_frozen: mode == Mode::Inference, norm: norm.clone() })
    }

    /// Normalised, with `more` added, and activated.
    pub(super) fn answer(&self, more: Option<&[f32]>) -> Result<Tensor> {
        let (scale, shift) = (self.channels.scale(), self.channels.shift());
        let limits = self.activation.limits();
        let answer = with_pixels(&self.z, |z| Ok(norm::apply(z, (&scale, &shift), more, limits)))?;
        map_of(answer, Size::of(&self.z)?)
    }

    /// From the gradient behind the activation to that of the map; those of gamma and beta go where they belong.
    pub(super) fn back(&self, gradient: &mut [f32], gradients: &mut Gradients) -> Result<()> {
        let Channels { mean, inverse, .. } = &self.channels;
        let scale = self.channels.scale();
        let n_pixels = gradient.len() / mean.len().max(1);
        with_pixels(&self.z, |z| {
            if !self.norm.learns() && self.is_frozen {
                norm::scale(gradient, &scale);
                return Ok(());
            }
            let (for_beta, for_gamma) = norm::gradient_sums(z, gradient, mean, inverse);
            if self.is_frozen {
                norm::scale(gradient, &scale);
            } else {
                let share = 1.0 / n_pixels.max(1) as f32;
                let mean_gradient: Vec<f32> = for_beta.iter().map(|sum| sum * share).collect();
                let slope: Vec<f32> =
                    for_gamma.iter().zip(inverse).map(|(sum, inverse)| sum * share * inverse).collect();
                norm::Back { z, scale: &scale, mean, mean_gradient: &mean_gradient, slope: &slope }.run(gradient);
            }
            gradients.variable(&self.norm.gamma, for_gamma)?;
            gradients.variable(&self.norm.beta, for_beta)
        })
    }
}

/// `x` in its layout (see `ops`); answers in the same.
pub(crate) fn norm_act(x: &Map, norm: &Norm, activation: Activation, mode: Mode) -> Result<Map> {
    if !x.is_native() {
        return Ok(composed::norm_act(x.values(), norm, activation, mode)?.into());
    }
    let normed = Normed::of(x.values().clone(), norm, activation, norm.mode(mode))?;
    let answer = normed.answer(None)?;
    let (x, kept, learns) = (x.clone(), answer.clone(), x.learns() || norm.learns());
    Ok(Map::new(answer, learns, move |mut gradient, gradients| {
        activation.mask(&mut gradient, &kept)?;
        normed.back(&mut gradient, gradients)?;
        gradients.add(&x, gradient);
        Ok(())
    }))
}
