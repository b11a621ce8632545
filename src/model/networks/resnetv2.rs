//! ResNet v2: batch norm and activation before each convolution, and once more at the end.
//!
//! Floor 3. Source: He et al. 2016, arXiv 1603.05027; names as timm's `resnetv2_50` (batch norm, not BiT's group norm).

use candle_core::Result;

use super::blocks::{Chain, ConvNormAct, ConvSpec, NormAct};
use super::builder::Builder;
use super::{Body, NetworkConfig, Stage};
use crate::model::ops::batch_norm::Mode;
use crate::model::ops::max_pool::max_pool;
use crate::model::ops::norm::Activation;
use crate::model::ops::tape::Map;
use crate::model::ops::window::{Padding, Window};

const STEM: usize = 64;
/// (blocks, width of the 3x3 convolution)
const STAGES: [(usize, usize); 4] = [(3, 64), (4, 128), (6, 256), (3, 512)];
const STEM_POOL: Window = Window::square(3, 2, Padding::Symmetric);

pub(crate) const N_FEATURES: usize = 2048;

pub(crate) fn stages() -> Vec<Stage> {
    let mut stages = vec![Stage::new("stem", &["stem"])];
    for stage in 0..STAGES.len() - 1 {
        let name = format!("stages.{stage}");
        stages.push(Stage::new(&name, &[&name]));
    }
    stages.push(Stage::new("stages.3", &["stages.3", "norm"]));
    stages
}

#[derive(Debug)]
pub(crate) struct ResNetV2 {
    stem: ConvNormAct,
    blocks: Vec<Block>,
    norm: NormAct,
}

/// The activated input goes through three convolutions; to be added to the input, or to a 1x1 convolution of it.
#[derive(Debug)]
struct Block {
    enter: NormAct,
    shortcut: Option<ConvNormAct>,
    convs: Chain,
}

impl ResNetV2 {
    pub(crate) fn new(config: &NetworkConfig, vb: &Builder<'_>) -> Result<Self> {
        let eps = config.norm_eps;
        let stem = ConvNormAct::plain(&ConvSpec::new(3, STEM, 7, 2), &vb.pp("stem.conv"), Activation::None)?;
        let mut blocks = Vec::new();
        let mut n_in = STEM;
        for (stage, (n_blocks, width)) in STAGES.into_iter().enumerate() {
            for index in 0..n_blocks {
                let vb = vb.pp(format!("stages.{stage}.blocks.{index}"));
                let stride = if index == 0 && 0 < stage { 2 } else { 1 };
                blocks.push(Block::new(n_in, width, stride, index == 0, eps, &vb)?);
                n_in = 4 * width;
            }
        }
        Ok(Self { stem, blocks, norm: NormAct::new(n_in, &vb.pp("norm"), eps, Activation::Relu)? })
    }
}

impl Block {
    fn new(n_in: usize, width: usize, stride: usize, projects: bool, eps: f64, vb: &Builder<'_>) -> Result<Self> {
        let n_out = 4 * width;
        let relu = Activation::Relu;
        let shortcut = if projects {
            let spec = ConvSpec::new(n_in, n_out, 1, stride);
            Some(ConvNormAct::plain(&spec, &vb.pp("downsample.conv"), Activation::None)?)
        } else {
            None
        };
        let (first, second) = (ConvSpec::new(n_in, width, 1, 1), ConvSpec::new(width, width, 3, stride));
        Ok(Self {
            enter: NormAct::new(n_in, &vb.pp("norm1"), eps, relu)?,
            shortcut,
            // Each with the batch norm of the next one.
            convs: Chain::from_iter([
                ConvNormAct::new(&first, &vb.pp("conv1"), &vb.pp("norm2"), eps, relu)?,
                ConvNormAct::new(&second, &vb.pp("conv2"), &vb.pp("norm3"), eps, relu)?,
                ConvNormAct::plain(&ConvSpec::new(width, n_out, 1, 1), &vb.pp("conv3"), Activation::None)?,
            ]),
        })
    }

    fn forward(&self, x: &Map, mode: Mode) -> Result<Map> {
        let entered = self.enter.forward(x, mode)?;
        let around = match &self.shortcut {
            Some(shortcut) => &shortcut.forward(&entered, mode)?,
            None => x,
        };
        self.convs.forward_onto(&entered, around, Activation::None, mode)
    }
}

impl Body for ResNetV2 {
    fn forward(&self, images: &Map, mode: Mode) -> Result<Map> {
        let x = max_pool(&self.stem.forward(images, mode)?, &STEM_POOL)?;
        let x = self.blocks.iter().try_fold(x, |x, block| block.forward(&x, mode))?;
        self.norm.forward(&x, mode)
    }
}
