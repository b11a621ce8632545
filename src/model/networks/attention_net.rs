//! Attention-56 and Attention-92: three stages of attention modules, then the last stage of a ResNet v2.
//!
//! Floor 3. Source: Wang et al. 2017, arXiv 1704.06904, table 2 (31.9 and 51.3 million parameters with 1000 labels;
//! here 31.4 and 51.8). Where the paper is silent: what is in the mask's skip connections (nothing, which fits the
//! counts better than a unit), the channels of the mask's two 1x1 convolutions (as many as the map has), and batch
//! norm's eps. It interpolates linearly on the way up.

use candle_core::Result;

use super::attention::{Attention, Style, Unit};
use super::blocks::{ConvNormAct, NormAct};
use super::builder::Builder;
use super::{Body, NetworkConfig, Stage};
use crate::model::ops::batch_norm::Mode;
use crate::model::ops::max_pool::max_pool;
use crate::model::ops::norm::Activation;
use crate::model::ops::resample::Resampling;
use crate::model::ops::tape::Map;
use crate::model::ops::window::Padding;

const STEM: usize = 64;
/// (width, stride of the unit before, pools in each mask); down to 7 pixels at an input of 224.
const STAGES: [(usize, usize, usize); 3] = [(64, 1, 3), (128, 2, 2), (256, 2, 1)];
const LAST_WIDTH: usize = 512;

pub(crate) const N_FEATURES: usize = 4 * LAST_WIDTH;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Config {
    /// Attention modules of each stage.
    modules: [usize; 3],
}

impl Config {
    pub(crate) const ATTENTION56: Self = Self { modules: [1, 1, 1] };
    pub(crate) const ATTENTION92: Self = Self { modules: [1, 2, 3] };
}

pub(crate) fn stages() -> Vec<Stage> {
    let mut stages = vec![Stage::new("stem", &["conv_1", "bn_1"])];
    for stage in 1..=STAGES.len() {
        let name = format!("stage_{stage}");
        stages.push(Stage::new(&name, &[&name]));
    }
    stages.push(Stage::new("stage_4", &["stage_4", "bn_2"]));
    stages
}

#[derive(Debug)]
pub(crate) struct AttentionNet {
    style: Style,
    stem: ConvNormAct,
    stages: Vec<(Unit, Vec<Attention>)>,
    last: [Unit; 3],
    norm: NormAct,
}

impl AttentionNet {
    pub(crate) fn new(config: &NetworkConfig, layout: Config, vb: &Builder<'_>) -> Result<Self> {
        let style = Style {
            padding: Padding::Symmetric,
            has_bias: false,
            eps: config.norm_eps,
            upsampling: Resampling::Bilinear,
            units_in_skips: false,
        };
        let stem = style.conv(3, STEM, 7, 2);
        let stem = ConvNormAct::new(&stem, &vb.pp("conv_1"), &vb.pp("bn_1"), style.eps, Activation::Relu)?;
        let mut n_in = STEM;
        let mut stages = Vec::new();
        for (index, ((width, stride, n_pools), n_modules)) in STAGES.into_iter().zip(layout.modules).enumerate() {
            let vb = vb.pp(format!("stage_{}", index + 1));
            let unit = Unit::projecting(n_in, width, stride, style, &vb.pp("Residual_conv_1"))?;
            let module = |number: usize| Attention::new(width, n_pools, style, &vb.pp(format!("Attention_{number}")));
            stages.push((unit, (1..=n_modules).map(module).collect::<Result<_>>()?));
            n_in = 4 * width;
        }
        let below = vb.pp("stage_4");
        let identity = |name: &str| Unit::identity(LAST_WIDTH, style, &below.pp(name));
        Ok(Self {
            style,
            stem,
            stages,
            last: [
                Unit::projecting(n_in, LAST_WIDTH, 2, style, &below.pp("Residual_conv_1"))?,
                identity("Residual_id_1")?,
                identity("Residual_id_2")?,
            ],
            norm: NormAct::new(N_FEATURES, &vb.pp("bn_2"), style.eps, Activation::Relu)?,
        })
    }
}

impl Body for AttentionNet {
    fn forward(&self, images: &Map, mode: Mode) -> Result<Map> {
        let mut x = max_pool(&self.stem.forward(images, mode)?, &self.style.pool())?;
        for (unit, modules) in &self.stages {
            x = unit.forward(&x, mode)?;
            x = modules.iter().try_fold(x, |x, module| module.forward(&x, mode))?;
        }
        let x = self.last.iter().try_fold(x, |x, unit| unit.forward(&x, mode))?;
        self.norm.forward(&x, mode)
    }
}
