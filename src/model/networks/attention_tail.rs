//! The residual attention tail of the iMet 2019 report, on the last feature map of any backbone.
//!
//! A convolution and a pool to a small map, one attention module, then the last stage of a ResNet v2; 2048 features.
//! Floor 3. Source: the authors' Keras notebooks: biases everywhere, TensorFlow's "same" padding, nearest up-sampling.

use candle_core::Result;

use super::attention::{Attention, Style, Unit};
use super::blocks::{ConvNormAct, NormAct};
use super::builder::Builder;
use crate::model::ops::batch_norm::Mode;
use crate::model::ops::max_pool::max_pool;
use crate::model::ops::norm::Activation;
use crate::model::ops::resample::Resampling;
use crate::model::ops::tape::Map;
use crate::model::ops::window::Padding;

pub(crate) const N_FEATURES: usize = 2048;

const STYLE: Style =
    Style { padding: Padding::Same, has_bias: true, eps: 1e-3, upsampling: Resampling::Nearest, units_in_skips: true };

#[derive(Debug)]
pub(crate) struct AttentionTail {
    stem: ConvNormAct,
    before: Unit,
    attention: Attention,
    after: [Unit; 3],
    norm: NormAct,
}

impl AttentionTail {
    pub(crate) fn new(n_channels: usize, vb: &Builder<'_>) -> Result<Self> {
        let stem = STYLE.conv(n_channels, 64, 7, 2);
        let identity = |name: &str| Unit::identity(512, STYLE, &vb.pp(name));
        Ok(Self {
            stem: ConvNormAct::new(&stem, &vb.pp("conv_1"), &vb.pp("bn_1"), STYLE.eps, Activation::Relu)?,
            before: Unit::projecting(64, 64, 1, STYLE, &vb.pp("Residual_conv_1"))?,
            attention: Attention::new(64, 3, STYLE, &vb.pp("Attention_1"))?,
            after: [
                Unit::projecting(256, 512, 2, STYLE, &vb.pp("Residual_conv_4"))?,
                identity("Residual_id_1")?,
                identity("Residual_id_2")?,
            ],
            norm: NormAct::new(N_FEATURES, &vb.pp("bn_2"), STYLE.eps, Activation::Relu)?,
        })
    }

    /// A backbone's map to one of 2048 channels; both in their layout.
    pub(crate) fn forward(&self, features: &Map, mode: Mode) -> Result<Map> {
        let x = self.attention.forward(&self.entered(features, mode)?, mode)?;
        let x = self.after.iter().try_fold(x, |x, unit| unit.forward(&x, mode))?;
        self.norm.forward(&x, mode)
    }

    /// What goes into the attention module.
    fn entered(&self, features: &Map, mode: Mode) -> Result<Map> {
        let x = max_pool(&self.stem.forward(features, mode)?, &STYLE.pool())?;
        self.before.forward(&x, mode)
    }

    /// Answer and mask of the attention module.
    #[cfg(test)]
    pub(crate) fn attention(&self, features: &Map, mode: Mode) -> Result<(Map, Map)> {
        let x = self.entered(features, mode)?;
        Ok((self.attention.forward(&x, mode)?, self.attention.mask(&x, mode)?))
    }
}
