//! ResNet with basic or bottleneck blocks.
//!
//! Stem 7x7/2 and max pool 3x3/2, four stages; the stride of a bottleneck is in its 3x3 convolution. Floor 3.
//! Source: He et al. 2015, arXiv 1512.03385, table 1; names as timm's `resnet18`, `resnet50`.

use candle_core::Result;

use super::blocks::{Chain, ConvNormAct, ConvSpec};
use super::builder::Builder;
use super::{Body, NetworkConfig, Stage};
use crate::model::ops::batch_norm::Mode;
use crate::model::ops::max_pool::max_pool;
use crate::model::ops::norm::Activation;
use crate::model::ops::tape::Map;
use crate::model::ops::window::{Padding, Window};

const STEM: usize = 64;
const WIDTHS: [usize; 4] = [64, 128, 256, 512];
const STEM_POOL: Window = Window::square(3, 2, Padding::Symmetric);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Config {
    blocks: [usize; 4],
    /// 1x1, 3x3, 1x1 to four times the width; else two 3x3.
    bottleneck: bool,
}

impl Config {
    pub(crate) const RESNET18: Self = Self { blocks: [2, 2, 2, 2], bottleneck: false };
    pub(crate) const RESNET50: Self = Self { blocks: [3, 4, 6, 3], bottleneck: true };

    const fn expansion(self) -> usize {
        if self.bottleneck { 4 } else { 1 }
    }

    pub(crate) const fn n_features(self) -> usize {
        WIDTHS[3] * self.expansion()
    }
}

pub(crate) fn stages() -> Vec<Stage> {
    let mut stages = vec![Stage::new("stem", &["conv1", "bn1"])];
    for stage in 1..=WIDTHS.len() {
        let name = format!("layer{stage}");
        stages.push(Stage::new(&name, &[&name]));
    }
    stages
}

#[derive(Debug)]
pub(crate) struct ResNet {
    stem: ConvNormAct,
    blocks: Vec<Block>,
}

#[derive(Debug)]
struct Block {
    convs: Chain,
    shortcut: Option<ConvNormAct>,
}

impl ResNet {
    pub(crate) fn new(config: &NetworkConfig, layout: Config, vb: &Builder<'_>) -> Result<Self> {
        let eps = config.norm_eps;
        let stem = ConvSpec::new(3, STEM, 7, 2);
        let stem = ConvNormAct::new(&stem, &vb.pp("conv1"), &vb.pp("bn1"), eps, Activation::Relu)?;
        let mut blocks = Vec::new();
        let mut n_in = STEM;
        for (stage, (width, n_blocks)) in WIDTHS.into_iter().zip(layout.blocks).enumerate() {
            let n_out = width * layout.expansion();
            for index in 0..n_blocks {
                let vb = vb.pp(format!("layer{}.{index}", stage + 1));
                let stride = if index == 0 && 0 < stage { 2 } else { 1 };
                blocks.push(Block::new([n_in, width, n_out], stride, layout, eps, &vb)?);
                n_in = n_out;
            }
        }
        Ok(Self { stem, blocks })
    }
}

impl Block {
    fn new([n_in, width, n_out]: [usize; 3], stride: usize, of: Config, eps: f64, vb: &Builder<'_>) -> Result<Self> {
        let specs = if of.bottleneck {
            vec![
                ConvSpec::new(n_in, width, 1, 1),
                ConvSpec::new(width, width, 3, stride),
                ConvSpec::new(width, n_out, 1, 1),
            ]
        } else {
            vec![ConvSpec::new(n_in, width, 3, stride), ConvSpec::new(width, n_out, 3, 1)]
        };
        let n = specs.len();
        let conv = |(index, spec): (usize, &ConvSpec)| {
            // The last one is activated after the shortcut was added.
            let activation = if index + 1 == n { Activation::None } else { Activation::Relu };
            let (conv, norm) = (vb.pp(format!("conv{}", index + 1)), vb.pp(format!("bn{}", index + 1)));
            ConvNormAct::new(spec, &conv, &norm, eps, activation)
        };
        let convs = specs.iter().enumerate().map(conv).collect::<Result<Chain>>()?;
        let shortcut = if stride != 1 || n_in != n_out {
            let (conv, norm) = (vb.pp("downsample.0"), vb.pp("downsample.1"));
            Some(ConvNormAct::new(&ConvSpec::new(n_in, n_out, 1, stride), &conv, &norm, eps, Activation::None)?)
        } else {
            None
        };
        Ok(Self { convs, shortcut })
    }

    fn forward(&self, x: &Map, mode: Mode) -> Result<Map> {
        let around = match &self.shortcut {
            Some(shortcut) => &shortcut.forward(x, mode)?,
            None => x,
        };
        self.convs.forward_onto(x, around, Activation::Relu, mode)
    }
}

impl Body for ResNet {
    fn forward(&self, images: &Map, mode: Mode) -> Result<Map> {
        let x = max_pool(&self.stem.forward(images, mode)?, &STEM_POOL)?;
        self.blocks.iter().try_fold(x, |x, block| block.forward(&x, mode))
    }
}
