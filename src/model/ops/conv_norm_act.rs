//! Convolution, batch norm, something added, and activation as one step; any of the latter three may be missing.
//!
//! With stored statistics batch norm is a factor and a shift of each output, so all of it is done while the
//! convolution's sums are still in registers, and its raw answer is never written: the gradient of gamma follows from
//! that of the weights, since it multiplies them. With a batch's own statistics the raw answer is kept. Floor 3.

use candle_core::{Result, Tensor, bail};
use rayon::prelude::*;

use super::batch_norm::{Channels, Mode, Norm, Normed};
use super::composed;
use super::conv::{self, Groups};
use super::fused::learning::{Learning, Then, Weights};
use super::fused::map::{Size, map_of, with_pixels};
use super::fused::norm;
use super::lanes;
use super::norm::Activation;
use super::precomputed::with_floats;
use super::tape::{Gradients, Map};
use super::window::Window;

/// The convolution's geometry and what follows it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape {
    pub(crate) window: Window,
    pub(crate) groups: Groups,
    pub(crate) activation: Activation,
}

/// What is added to or done with the convolution's answer before the activation.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct After<'a> {
    /// `[O]`.
    pub(crate) bias: Option<&'a Tensor>,
    pub(crate) norm: Option<&'a Norm>,
    /// A map like the answer.
    pub(crate) onto: Option<&'a Map>,
}

/// `x` in its layout (see `ops`), `weight` `[O, C / groups, kh, kw]`; answers in the same layout.
pub(crate) fn conv_norm_act(x: &Map, weight: &Tensor, after: After<'_>, shape: &Shape, mode: Mode) -> Result<Map> {
    if !x.is_native() {
        return Ok(composed::conv_norm_act(x.values(), weight, after, shape, mode)?.into());
    }
    let size = Size::of(x.values())?;
    conv::check(size.n_channels, weight, shape.groups)?;
    let (n_out, per_group, kh, kw) = weight.dims4()?;
    let frame = conv::frame(x.values(), &shape.window)?;
    let learning = Learning { dims: [n_out, per_group, kh, kw], groups: shape.groups, size, frame };
    if let Some(onto) = after.onto
        && Size::of(onto.values())? != learning.answer()
    {
        bail!("a map {:?} added to one of {:?}", onto.values().dims(), learning.answer())
    }
    let step = Step {
        learning,
        x: x.clone(),
        weight: weight.clone(),
        bias: after.bias.cloned(),
        onto: after.onto.cloned(),
        activation: shape.activation,
    };
    match after.norm {
        Some(norm) if norm.mode(mode) != Mode::Inference => step.moving(norm, mode),
        norm => step.frozen(norm),
    }
}

/// A convolution, and what is needed on the way back through it.
struct Step {
    learning: Learning,
    x: Map,
    weight: Tensor,
    bias: Option<Tensor>,
    onto: Option<Map>,
    activation: Activation,
}

impl Step {
    fn n_out(&self) -> usize {
        self.learning.dims[0]
    }

    /// Whether anything but batch norm wants a gradient.
    fn learns(&self) -> bool {
        let maps = self.x.learns() || self.onto.as_ref().is_some_and(Map::learns);
        maps || self.weight.track_op() || self.bias.as_ref().is_some_and(Tensor::track_op)
    }

    fn bias(&self) -> Result<Option<Vec<f32>>> {
        self.bias.as_ref().map(Tensor::to_vec1).transpose()
    }

    fn forward(&self, scale: Option<&[f32]>, shift: Option<&[f32]>, is_last: bool) -> Result<Vec<f32>> {
        let compute = |more: Option<&[f32]>| {
            let limits = if is_last { self.activation.limits() } else { Activation::None.limits() };
            with_floats(&self.weight, |values| {
                with_pixels(self.x.values(), |x| {
                    Ok(self.learning.forward(x, Weights { values, scale }, Then { shift, more, limits }))
                })
            })
        };
        match &self.onto {
            Some(onto) if is_last => with_pixels(onto.values(), |more| compute(Some(more))),
            _ => compute(None),
        }
    }

    /// With constant statistics, or with no norm at all.
    fn frozen(self, norm: Option<&Norm>) -> Result<Map> {
        let channels = norm.map(|norm| norm.stored(self.n_out())).transpose()?;
        let bias = self.bias()?;
        let scale = channels.as_ref().map(Channels::scale);
        let shift = match (&channels, &scale, bias) {
            (Some(channels), Some(scale), Some(bias)) => {
                let shifts = channels.shift().into_iter().zip(scale).zip(bias);
                Some(shifts.map(|((shift, scale), bias)| scale * bias + shift).collect())
            }
            (Some(channels), ..) => Some(channels.shift()),
            (None, _, bias) => bias,
        };
        let answer = self.forward(scale.as_deref(), shift.as_deref(), true)?;
        let answer = map_of(answer, self.learning.answer())?;
        let norm = norm.cloned().zip(channels);
        let learns = self.learns() || norm.as_ref().is_some_and(|(norm, _)| norm.learns());
        let kept = answer.clone();
        Ok(Map::new(answer, learns, move |gradient, gradients| self.back_frozen(norm, &kept, gradient, gradients)))
    }

    fn back_frozen(
        self,
        norm: Option<(Norm, Channels)>,
        answer: &Tensor,
        mut gradient: Vec<f32>,
        gradients: &mut Gradients,
    ) -> Result<()> {
        self.activation.mask(&mut gradient, answer)?;
        let scale = norm.as_ref().map(|(_, channels)| channels.scale());
        let wants_sums =
            self.bias.as_ref().is_some_and(Tensor::track_op) || norm.as_ref().is_some_and(|(n, _)| n.learns());
        let sums = if wants_sums { norm::sum(&gradient, self.n_out()) } else { Vec::new() };
        if self.weight.track_op() || norm.as_ref().is_some_and(|(norm, _)| norm.gamma.track_op()) {
            let mut own = with_pixels(self.x.values(), |x| Ok(self.learning.for_weight(x, &gradient)))?;
            if let (Some((norm, channels)), Some(scale)) = (&norm, &scale) {
                // The sum of the gradient times the normalised answer, out of what the weights' gradient sums already.
                let bias = self.bias()?.unwrap_or_else(|| vec![0.0; self.n_out()]);
                let dots = with_floats(&self.weight, |weight| Ok(dots_and_scaled(&mut own, weight, scale)))?;
                let of = |(o, dot): (usize, f64)| {
                    let rest = (f64::from(bias[o]) - f64::from(channels.mean[o])) * f64::from(sums[o]);
                    (f64::from(channels.inverse[o]) * (dot + rest)) as f32
                };
                if norm.gamma.track_op() {
                    gradients.variable(&norm.gamma, dots.into_iter().enumerate().map(of).collect())?;
                }
            }
            gradients.variable(&self.weight, own)?;
        }
        if let Some(bias) = &self.bias {
            let scaled = |scale: &Vec<f32>| sums.iter().zip(scale).map(|(sum, scale)| sum * scale).collect();
            gradients.variable(bias, scale.as_ref().map_or_else(|| sums.clone(), scaled))?;
        }
        if let Some((norm, _)) = &norm {
            gradients.variable(&norm.beta, sums)?;
        }
        self.back_to_input(scale.as_deref(), &gradient, gradients)?;
        if let Some(onto) = &self.onto {
            gradients.add(onto, gradient);
        }
        Ok(())
    }

    /// With this batch's own statistics.
    fn moving(self, norm: &Norm, mode: Mode) -> Result<Map> {
        let bias = self.bias()?;
        let z = self.forward(None, bias.as_deref(), false)?;
        let size = self.learning.answer();
        let (normed, learns) = (Normed::new(z, size, norm, self.activation, mode)?, self.learns() || norm.learns());
        let answer = match &self.onto {
            Some(onto) => with_pixels(onto.values(), |more| normed.answer(Some(more)))?,
            None => normed.answer(None)?,
        };
        let kept = answer.clone();
        Ok(Map::new(answer, learns, move |mut gradient, gradients| {
            self.activation.mask(&mut gradient, &kept)?;
            if let Some(onto) = &self.onto
                && onto.learns()
            {
                gradients.add(onto, gradient.clone());
            }
            normed.back(&mut gradient, gradients)?;
            if self.weight.track_op() {
                let own = with_pixels(self.x.values(), |x| Ok(self.learning.for_weight(x, &gradient)))?;
                gradients.variable(&self.weight, own)?;
            }
            if let Some(bias) = &self.bias {
                gradients.variable(bias, norm::sum(&gradient, self.n_out()))?;
            }
            self.back_to_input(None, &gradient, gradients)
        }))
    }

    fn back_to_input(&self, scale: Option<&[f32]>, gradient: &[f32], gradients: &mut Gradients) -> Result<()> {
        if self.x.learns() {
            let more = gradients.take(&self.x);
            let for_x = with_floats(&self.weight, |values| {
                Ok(self.learning.for_input(Weights { values, scale }, gradient, more))
            })?;
            gradients.add(&self.x, for_x);
        }
        Ok(())
    }
}

/// Of every output, the product of two rows of weights; the first rows are multiplied by their factors after that.
fn dots_and_scaled(own: &mut [f32], weight: &[f32], scale: &[f32]) -> Vec<f64> {
    let n = (own.len() / scale.len().max(1)).max(1);
    let rows = own.par_chunks_mut(n).zip(weight.par_chunks(n)).zip(scale);
    rows.map(|((own, weight), factor)| {
        let dot = lanes::dot(own, weight);
        own.iter_mut().for_each(|value| *value *= factor);
        dot
    })
    .collect()
}
