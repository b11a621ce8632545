//! Batch norm and the activation after it, one pass forwards and two backwards.
//!
//! Frozen: a scale and a shift per channel from stored statistics. Moving: statistics of this batch.
//! Maps are channel-major: one channel is one stretch of memory. CPU only. Floor 3.
//! Source: Ioffe and Szegedy 2015; PyTorch's convention of a biased variance to divide by, an unbiased one to remember.

use rayon::prelude::*;

use super::lanes::{fold, sum, zeros};

/// What follows the normalisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Activation {
    None,
    Relu,
    /// Between 0 and 6; its gradient is 0 at both ends.
    Relu6,
}

impl Activation {
    /// The least and the greatest value that it lets through.
    pub(crate) fn limits(self) -> (f32, f32) {
        match self {
            Self::None => (f32::NEG_INFINITY, f32::INFINITY),
            Self::Relu | Self::Relu6 => (0.0, self.ceiling()),
        }
    }

    fn ceiling(self) -> f32 {
        match self {
            Self::Relu6 => 6.0,
            Self::None | Self::Relu => f32::INFINITY,
        }
    }

    fn floor(self) -> f32 {
        match self {
            Self::None => f32::NEG_INFINITY,
            Self::Relu | Self::Relu6 => 0.0,
        }
    }
}

/// One channel's normalisation: `gamma * (z - mean) * inverse + beta`, `inverse` = 1 / sqrt(variance + eps).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Channel {
    pub(crate) gamma: f32,
    pub(crate) beta: f32,
    pub(crate) mean: f32,
    pub(crate) inverse: f32,
}

impl Channel {
    fn scale(&self) -> f32 {
        self.gamma * self.inverse
    }

    fn shift(&self) -> f32 {
        self.beta - self.mean * self.scale()
    }
}

/// Mean and biased variance of every channel.
pub(crate) fn statistics(z: &[f32], n_channels: usize) -> Vec<(f32, f32)> {
    let n = (z.len() / n_channels).max(1);
    z.par_chunks(n)
        .map(|z| {
            let mean = (sum(z) / n as f64) as f32;
            let variance = fold(z, z, |a, _| (a - mean) * (a - mean)) / n as f64;
            (mean, variance as f32)
        })
        .collect()
}

/// Normalised and activated, into a new map.
pub(crate) fn apply(z: &[f32], channels: &[Channel], activation: Activation) -> Vec<f32> {
    let n = (z.len() / channels.len()).max(1);
    let (floor, ceiling) = (activation.floor(), activation.ceiling());
    let mut answer = zeros(z.len());
    let chunks = answer.par_chunks_mut(n).zip(z.par_chunks(n)).zip(channels);
    chunks.for_each(|((answer, z), channel)| {
        let (scale, shift) = (channel.scale(), channel.shift());
        for (y, z) in answer.iter_mut().zip(z) {
            *y = (z * scale + shift).max(floor).min(ceiling);
        }
    });
    answer
}

/// Shifted and activated in place: what is left of batch norm once its scale is folded into the weights.
pub(crate) fn shift_in_place(z: &mut [f32], shifts: &[f32], activation: Activation) {
    let n = (z.len() / shifts.len()).max(1);
    let (floor, ceiling) = (activation.floor(), activation.ceiling());
    z.par_chunks_mut(n).zip(shifts).for_each(|(z, shift)| {
        for z in z {
            *z = (*z + shift).max(floor).min(ceiling);
        }
    });
}

/// Gradients of `z`, and of gamma followed by beta, from the gradient of the answer.
///
/// `frozen`: the statistics were constants; otherwise they were this batch's and carry gradient too.
pub(crate) fn backward(
    z: &[f32],
    gradient: &[f32],
    channels: &[Channel],
    activation: Activation,
    frozen: bool,
) -> (Vec<f32>, Vec<f32>) {
    let n = (z.len() / channels.len()).max(1);
    let (floor, ceiling) = (activation.floor(), activation.ceiling());
    let mut for_z = zeros(z.len());
    let chunks = for_z.par_chunks_mut(n).zip(z.par_chunks(n)).zip(gradient.par_chunks(n));
    let sums: Vec<(f64, f64)> = chunks
        .zip(channels)
        .map(|(((for_z, z), gradient), channel)| {
            let (scale, shift) = (channel.scale(), channel.shift());
            for ((target, z), g) in for_z.iter_mut().zip(z).zip(gradient) {
                let y = z * scale + shift;
                // A mask, not `if`: the branch the compiler makes of it costs fifty times the rest of the line.
                let open = u32::from((y > floor) & (y < ceiling)).wrapping_neg();
                *target = f32::from_bits(g.to_bits() & open);
            }
            let for_beta = sum(for_z);
            let (mean, inverse) = (channel.mean, channel.inverse);
            let for_gamma = fold(for_z, z, |g, z| g * ((z - mean) * inverse));
            if frozen {
                for target in for_z.iter_mut() {
                    *target *= scale;
                }
            } else {
                let mean_gradient = (for_beta / n as f64) as f32;
                let mean_product = (for_gamma / n as f64) as f32;
                for (target, z) in for_z.iter_mut().zip(z) {
                    *target = scale * (*target - mean_gradient - (z - mean) * inverse * mean_product);
                }
            }
            (for_gamma, for_beta)
        })
        .collect();
    let gammas = sums.iter().map(|sums| sums.0 as f32);
    let betas = sums.iter().map(|sums| sums.1 as f32);
    (for_z, gammas.chain(betas).collect())
}
