//! ResNet with basic blocks.
//!
//! Stem 7x7/2 and max pool 3x3/2, four stages of two blocks. Floor 3.
//! Source: He et al. 2015, arXiv 1512.03385, table 1; names as timm's `resnet18`.

use candle_core::{Result, Tensor};

use super::blocks::{ConvNormAct, ConvSpec};
use super::outline::Declared;
use super::params::Params;
use super::{NetworkConfig, Stage};
use crate::model::ops::conv::Groups;
use crate::model::ops::conv_norm_act::Mode;
use crate::model::ops::max_pool::max_pool;
use crate::model::ops::norm::Activation;
use crate::model::ops::window::{Padding, Window};

const STEM: usize = 64;
const STAGES: [usize; 4] = [64, 128, 256, 512];
const BLOCKS_PER_STAGE: usize = 2;
const STEM_POOL: Window = Window::square(3, 2, Padding::Symmetric);

pub(crate) const N_FEATURES: usize = 512;

/// What the network consists of, before its tensors exist.
pub(crate) struct Plan {
    stem: ConvSpec,
    blocks: Vec<BlockPlan>,
}

struct BlockPlan {
    first: ConvSpec,
    second: ConvSpec,
    shortcut: Option<ConvSpec>,
}

impl Plan {
    pub(crate) fn new(config: &NetworkConfig) -> Self {
        let conv = |conv: String, norm: String, n_in, n_out, kernel, stride| ConvSpec {
            conv,
            norm,
            n_in,
            n_out,
            kernel,
            stride,
            groups: Groups::One,
            padding: Padding::Symmetric,
            activation: Activation::Relu,
            eps: config.norm_eps,
        };
        let stem = conv("conv1".to_owned(), "bn1".to_owned(), 3, STEM, 7, 2);
        let mut blocks = Vec::new();
        let mut n_in = STEM;
        for (stage, n_out) in STAGES.into_iter().enumerate() {
            for block in 0..BLOCKS_PER_STAGE {
                let name = |module: &str| format!("layer{}.{block}.{module}", stage + 1);
                let stride = if block == 0 && 0 < stage { 2 } else { 1 };
                let shortcut = (stride != 1 || n_in != n_out).then(|| ConvSpec {
                    activation: Activation::None,
                    ..conv(name("downsample.0"), name("downsample.1"), n_in, n_out, 1, stride)
                });
                blocks.push(BlockPlan {
                    first: conv(name("conv1"), name("bn1"), n_in, n_out, 3, stride),
                    second: ConvSpec {
                        activation: Activation::None,
                        ..conv(name("conv2"), name("bn2"), n_out, n_out, 3, 1)
                    },
                    shortcut,
                });
                n_in = n_out;
            }
        }
        Self { stem, blocks }
    }

    pub(crate) fn declare(&self, into: &mut Vec<Declared>) {
        self.stem.declare(into);
        for block in &self.blocks {
            block.first.declare(into);
            block.second.declare(into);
            if let Some(shortcut) = &block.shortcut {
                shortcut.declare(into);
            }
        }
    }

    pub(crate) fn build(&self, params: &Params) -> Result<ResNet> {
        let block = |block: &BlockPlan| {
            Ok(Block {
                first: block.first.build(params)?,
                second: block.second.build(params)?,
                shortcut: block.shortcut.as_ref().map(|conv| conv.build(params)).transpose()?,
            })
        };
        Ok(ResNet { stem: self.stem.build(params)?, blocks: self.blocks.iter().map(block).collect::<Result<_>>()? })
    }
}

pub(crate) fn stages() -> Vec<Stage> {
    let mut stages = vec![Stage::new("stem", &["conv1", "bn1"])];
    for stage in 1..=STAGES.len() {
        let name = format!("layer{stage}");
        stages.push(Stage::new(&name, &[&name]));
    }
    stages
}

#[derive(Debug, Clone)]
pub(crate) struct ResNet {
    stem: ConvNormAct,
    blocks: Vec<Block>,
}

#[derive(Debug, Clone)]
struct Block {
    first: ConvNormAct,
    second: ConvNormAct,
    shortcut: Option<ConvNormAct>,
}

impl ResNet {
    /// Images to features, both in the device's layout.
    pub(crate) fn forward(&self, images: &Tensor, mode: Mode) -> Result<Tensor> {
        let mut x = max_pool(&self.stem.forward(images, mode)?, &STEM_POOL)?;
        for block in &self.blocks {
            let inner = block.first.forward(&x, mode)?;
            let inner = block.second.forward(&inner, mode)?;
            let around = match &block.shortcut {
                Some(shortcut) => shortcut.forward(&x, mode)?,
                None => x,
            };
            x = (inner + around)?.relu()?;
        }
        Ok(x)
    }

    pub(crate) fn folded(&self) -> Result<Self> {
        let block = |block: &Block| {
            Ok(Block {
                first: block.first.folded()?,
                second: block.second.folded()?,
                shortcut: block.shortcut.as_ref().map(ConvNormAct::folded).transpose()?,
            })
        };
        Ok(Self { stem: self.stem.folded()?, blocks: self.blocks.iter().map(block).collect::<Result<_>>()? })
    }
}
