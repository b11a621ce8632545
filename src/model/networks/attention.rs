//! Residual attention: pre-activation units, and the module in which a mask branch weighs a trunk branch.
//!
//! Two things are built of them: the tail that the iMet 2019 report puts on a backbone (`attention_tail`), and
//! Attention-56 and Attention-92 (`attention_net`). Names of tensors are those of the report's Keras layers. Floor 3.
//! Source: Wang et al. 2017, arXiv 1704.06904; He et al. 2016, arXiv 1603.05027, for the units.

use candle_core::Result;

use super::blocks::{ConvNormAct, ConvSpec, NormAct};
use super::builder::Builder;
use crate::model::ops::batch_norm::Mode;
use crate::model::ops::max_pool::max_pool;
use crate::model::ops::norm::Activation;
use crate::model::ops::resample::{Resampling, resample};
use crate::model::ops::tape::Map;
use crate::model::ops::valuewise::{add, attend, sigmoid};
use crate::model::ops::window::{Padding, Window};

/// In what the report's notebooks and the paper differ.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Style {
    pub(crate) padding: Padding,
    pub(crate) has_bias: bool,
    pub(crate) eps: f64,
    pub(crate) upsampling: Resampling,
    /// A unit in every connection from the way down to the way up, or nothing.
    pub(crate) units_in_skips: bool,
}

impl Style {
    pub(crate) fn conv(self, n_in: usize, n_out: usize, kernel: usize, stride: usize) -> ConvSpec {
        let spec = ConvSpec::new(n_in, n_out, kernel, stride).padded(self.padding);
        if self.has_bias { spec.with_bias() } else { spec }
    }

    pub(crate) const fn pool(self) -> Window {
        Window::square(3, 2, self.padding)
    }
}

/// A bottleneck: the input activated, 1x1 to `width`, 3x3, 1x1 to four times that, added to what came in.
#[derive(Debug)]
pub(crate) struct Unit {
    enter: NormAct,
    convs: [ConvNormAct; 3],
    /// Where the size changes: the input activated, 1x1.
    projection: Option<(NormAct, ConvNormAct)>,
}

impl Unit {
    /// Channels in and out are the same.
    pub(crate) fn identity(width: usize, style: Style, vb: &Builder<'_>) -> Result<Self> {
        Self::new(4 * width, width, 1, None, style, vb)
    }

    pub(crate) fn projecting(n_in: usize, width: usize, stride: usize, style: Style, vb: &Builder<'_>) -> Result<Self> {
        let (relu, below) = (Activation::Relu, vb.pp("branch2"));
        let enter = NormAct::new(n_in, &below.pp("bn_1"), style.eps, relu)?;
        let spec = style.conv(n_in, 4 * width, 1, stride);
        let project = ConvNormAct::plain(&spec, &below.pp("conv_1"), Activation::None)?;
        Self::new(n_in, width, stride, Some((enter, project)), style, vb)
    }

    fn new(
        n_in: usize,
        width: usize,
        stride: usize,
        projection: Option<(NormAct, ConvNormAct)>,
        style: Style,
        vb: &Builder<'_>,
    ) -> Result<Self> {
        let (relu, eps, below) = (Activation::Relu, style.eps, vb.pp("branch1"));
        let (first, second) = (style.conv(n_in, width, 1, 1), style.conv(width, width, 3, stride));
        let third = style.conv(width, 4 * width, 1, 1);
        Ok(Self {
            enter: NormAct::new(n_in, &below.pp("bn_1"), eps, relu)?,
            // Each with the batch norm of the next one.
            convs: [
                ConvNormAct::new(&first, &below.pp("conv_1"), &below.pp("bn_2"), eps, relu)?,
                ConvNormAct::new(&second, &below.pp("conv_2"), &below.pp("bn_3"), eps, relu)?,
                ConvNormAct::plain(&third, &below.pp("conv_3"), Activation::None)?,
            ],
            projection,
        })
    }

    pub(crate) fn forward(&self, x: &Map, mode: Mode) -> Result<Map> {
        let entered = self.enter.forward(x, mode)?;
        let inner = self.convs.iter().try_fold(entered, |x, conv| conv.forward(&x, mode))?;
        let around = match &self.projection {
            Some((enter, project)) => &project.forward(&enter.forward(x, mode)?, mode)?,
            None => x,
        };
        add(&inner, around)
    }
}

/// Attention: a mask between 0 and 1 adds that share of the trunk to itself.
#[derive(Debug)]
pub(crate) struct Attention {
    style: Style,
    before: Unit,
    trunk: [Unit; 2],
    mask: Mask,
    after: Unit,
}

/// Down by pools and up again to the size of the trunk.
#[derive(Debug)]
struct Mask {
    style: Style,
    /// From the widest map to the narrowest.
    steps: Vec<Step>,
    /// Norm, activation and 1x1 twice; the second norm is in the first convolution's block.
    enter: NormAct,
    convs: [ConvNormAct; 2],
}

#[derive(Debug)]
struct Step {
    down: Unit,
    /// Kept for the way up; not at the narrowest map, nor where the style has none.
    skip: Option<Unit>,
    up: Unit,
}

impl Attention {
    /// `n_pools`: how often the mask branch halves the map.
    pub(crate) fn new(width: usize, n_pools: usize, style: Style, vb: &Builder<'_>) -> Result<Self> {
        let unit = |name: &str| Unit::identity(width, style, &vb.pp(name));
        Ok(Self {
            style,
            before: unit("Pre_Residual_id")?,
            trunk: [unit("Trunk.Residual_id_1")?, unit("Trunk.Residual_id_2")?],
            mask: Mask::new(width, n_pools, style, &vb.pp("Mask"))?,
            after: unit("Post_Residual_id")?,
        })
    }

    pub(crate) fn forward(&self, x: &Map, mode: Mode) -> Result<Map> {
        let (trunk, mask) = self.branches(x, mode)?;
        let mask = resample(&mask, trunk.size()?, self.style.upsampling)?;
        self.after.forward(&attend(&trunk, &self.mask.shares(&mask, mode)?)?, mode)
    }

    /// The trunk, and the mask before it is brought to its size.
    fn branches(&self, x: &Map, mode: Mode) -> Result<(Map, Map)> {
        let x = self.before.forward(x, mode)?;
        let mask = self.mask.forward(&x, mode)?;
        let trunk = self.trunk.iter().try_fold(x, |x, unit| unit.forward(&x, mode))?;
        Ok((trunk, mask))
    }

    /// The mask, in 0..=1, of the size of the trunk.
    #[cfg(test)]
    pub(crate) fn mask(&self, x: &Map, mode: Mode) -> Result<Map> {
        let (trunk, mask) = self.branches(x, mode)?;
        self.mask.shares(&resample(&mask, trunk.size()?, self.style.upsampling)?, mode)
    }
}

impl Mask {
    fn new(width: usize, n_pools: usize, style: Style, vb: &Builder<'_>) -> Result<Self> {
        let n_channels = 4 * width;
        let unit = |name: String| Unit::identity(width, style, &vb.pp(name));
        let steps = (1..=n_pools).rev().map(|number| {
            let has_skip = 1 < number && style.units_in_skips;
            Ok(Step {
                down: unit(format!("Residual_id_{number}_Down"))?,
                skip: has_skip.then(|| unit(format!("Residual_id_{number}_Down_branched"))).transpose()?,
                up: unit(format!("Residual_id_{number}_Up"))?,
            })
        });
        let steps = steps.collect::<Result<_>>()?;
        let (relu, head) = (Activation::Relu, vb.pp(format!("Interpool_{n_pools}")));
        let spec = style.conv(n_channels, n_channels, 1, 1);
        Ok(Self {
            style,
            steps,
            enter: NormAct::new(n_channels, &head.pp("bn_1"), style.eps, relu)?,
            convs: [
                ConvNormAct::new(&spec, &head.pp("conv_1"), &head.pp("bn_2"), style.eps, relu)?,
                ConvNormAct::plain(&spec, &head.pp("conv_2"), Activation::None)?,
            ],
        })
    }

    fn forward(&self, x: &Map, mode: Mode) -> Result<Map> {
        let mut x = x.clone();
        let mut kept = Vec::with_capacity(self.steps.len());
        for step in &self.steps {
            x = step.down.forward(&max_pool(&x, &self.style.pool())?, mode)?;
            kept.push(match &step.skip {
                Some(skip) => skip.forward(&x, mode)?,
                None => x.clone(),
            });
        }
        let narrowest = self.steps.len() - 1;
        for (at, (step, skip)) in self.steps.iter().zip(kept).enumerate().rev() {
            if at != narrowest {
                x = add(&resample(&x, skip.size()?, self.style.upsampling)?, &skip)?;
            }
            x = step.up.forward(&x, mode)?;
        }
        Ok(x)
    }

    /// The last two convolutions and the sigmoid.
    fn shares(&self, x: &Map, mode: Mode) -> Result<Map> {
        let x = self.enter.forward(x, mode)?;
        let x = self.convs.iter().try_fold(x, |x, conv| conv.forward(&x, mode))?;
        sigmoid(&x)
    }
}
