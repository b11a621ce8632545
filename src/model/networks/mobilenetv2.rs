//! MobileNetV2 with a width multiplier.
//!
//! Stem 3x3/2, seven stages of inverted residuals, a 1x1 convolution to 1280 features. Floor 3.
//! Source: Sandler et al. 2018, arXiv 1801.04381, table 2; names, rounding and head width as timm's `mobilenetv2_*`.

use candle_core::{Result, Tensor};

use super::blocks::{ConvNormAct, ConvSpec};
use super::outline::Declared;
use super::params::Params;
use super::{NetworkConfig, PadType, Stage};
use crate::model::ops::conv::Groups;
use crate::model::ops::conv_norm_act::Mode;
use crate::model::ops::norm::Activation;
use crate::model::ops::window::Padding;

/// (expansion, channels at width 1, blocks, stride of the first block)
const STAGES: [(usize, usize, usize, usize); 7] =
    [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)];

/// Channels for a multiplier: the nearest multiple of 8, at least 8, never below nine tenths of the exact number.
pub(crate) fn round_channels(channels: usize, multiplier: f64) -> usize {
    let exact = channels as f64 * multiplier;
    let rounded = (((exact + 4.0) / 8.0).floor() as usize * 8).max(8);
    if (rounded as f64) < 0.9 * exact { rounded + 8 } else { rounded }
}

/// The head is not narrowed with the rest, only widened.
pub(crate) fn n_features(multiplier: f64) -> usize {
    round_channels(1280, multiplier.max(1.0))
}

/// What the network consists of, before its tensors exist.
pub(crate) struct Plan {
    stem: ConvSpec,
    blocks: Vec<BlockPlan>,
    head: ConvSpec,
}

struct BlockPlan {
    convs: Vec<ConvSpec>,
    residual: bool,
}

impl Plan {
    pub(crate) fn new(config: &NetworkConfig, multiplier: f64) -> Self {
        let conv = |names: (String, String), n_in, n_out, kernel, stride| ConvSpec {
            conv: names.0,
            norm: names.1,
            n_in,
            n_out,
            kernel,
            stride,
            groups: Groups::One,
            padding: match config.pad {
                PadType::Symmetric => Padding::Symmetric,
                PadType::Same => Padding::Same,
            },
            activation: Activation::Relu6,
            eps: config.norm_eps,
        };
        let top = |conv: &str, norm: &str| (conv.to_owned(), norm.to_owned());
        let mut n_in = round_channels(32, multiplier);
        let stem = conv(top("conv_stem", "bn1"), 3, n_in, 3, 2);
        let mut blocks = Vec::new();
        for (stage, (expansion, channels, n_blocks, first_stride)) in STAGES.into_iter().enumerate() {
            let n_out = round_channels(channels, multiplier);
            for block in 0..n_blocks {
                let name = |conv: &str, norm: &str| {
                    let prefix = format!("blocks.{stage}.{block}");
                    (format!("{prefix}.{conv}"), format!("{prefix}.{norm}"))
                };
                let stride = if block == 0 { first_stride } else { 1 };
                let wide = n_in * expansion;
                let depthwise = |names| ConvSpec { groups: Groups::Depthwise, ..conv(names, wide, wide, 3, stride) };
                let project = |names| ConvSpec { activation: Activation::None, ..conv(names, wide, n_out, 1, 1) };
                let convs = if expansion == 1 {
                    vec![depthwise(name("conv_dw", "bn1")), project(name("conv_pw", "bn2"))]
                } else {
                    vec![
                        conv(name("conv_pw", "bn1"), n_in, wide, 1, 1),
                        depthwise(name("conv_dw", "bn2")),
                        project(name("conv_pwl", "bn3")),
                    ]
                };
                let residual = stride == 1 && n_in == n_out;
                blocks.push(BlockPlan { convs, residual });
                n_in = n_out;
            }
        }
        let head = conv(top("conv_head", "bn2"), n_in, n_features(multiplier), 1, 1);
        Self { stem, blocks, head }
    }

    pub(crate) fn declare(&self, into: &mut Vec<Declared>) {
        let inner = self.blocks.iter().flat_map(|block| &block.convs);
        for conv in std::iter::once(&self.stem).chain(inner).chain([&self.head]) {
            conv.declare(into);
        }
    }

    pub(crate) fn build(&self, params: &Params) -> Result<MobileNetV2> {
        let block = |block: &BlockPlan| {
            Ok(Block {
                convs: block.convs.iter().map(|conv| conv.build(params)).collect::<Result<_>>()?,
                residual: block.residual,
            })
        };
        Ok(MobileNetV2 {
            stem: self.stem.build(params)?,
            blocks: self.blocks.iter().map(block).collect::<Result<_>>()?,
            head: self.head.build(params)?,
        })
    }
}

/// Stem, seven stages; the wide 1x1 convolution belongs to the last one.
pub(crate) fn stages() -> Vec<Stage> {
    let mut stages = vec![Stage::new("stem", &["conv_stem", "bn1"])];
    for stage in 0..STAGES.len() - 1 {
        let name = format!("blocks.{stage}");
        stages.push(Stage::new(&name, &[&name]));
    }
    stages.push(Stage::new("blocks.6", &["blocks.6", "conv_head", "bn2"]));
    stages
}

#[derive(Debug, Clone)]
pub(crate) struct MobileNetV2 {
    stem: ConvNormAct,
    blocks: Vec<Block>,
    head: ConvNormAct,
}

#[derive(Debug, Clone)]
struct Block {
    convs: Vec<ConvNormAct>,
    residual: bool,
}

impl MobileNetV2 {
    /// Images to features, both in the device's layout.
    pub(crate) fn forward(&self, images: &Tensor, mode: Mode) -> Result<Tensor> {
        let mut x = self.stem.forward(images, mode)?;
        for block in &self.blocks {
            let mut inner = x.clone();
            for conv in &block.convs {
                inner = conv.forward(&inner, mode)?;
            }
            x = if block.residual { (inner + x)? } else { inner };
        }
        self.head.forward(&x, mode)
    }

    pub(crate) fn folded(&self) -> Result<Self> {
        let block = |block: &Block| {
            Ok(Block {
                convs: block.convs.iter().map(ConvNormAct::folded).collect::<Result<_>>()?,
                residual: block.residual,
            })
        };
        Ok(Self {
            stem: self.stem.folded()?,
            blocks: self.blocks.iter().map(block).collect::<Result<_>>()?,
            head: self.head.folded()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_are_rounded_to_eights_and_never_lose_a_tenth() {
        // By hand from timm's rule.
        for (channels, multiplier, expected) in [
            (32, 1.0, 32),
            (32, 0.35, 16),
            (16, 0.35, 8),
            (24, 0.35, 8),
            (24, 1.4, 32),
            (32, 1.4, 48),
            (64, 0.35, 24),
            (96, 0.35, 32),
            (160, 0.35, 56),
            (320, 0.35, 112),
            (320, 1.4, 448),
        ] {
            assert_eq!(round_channels(channels, multiplier), expected, "{channels} x {multiplier}");
        }
        assert_eq!(n_features(0.35), 1280);
        assert_eq!(n_features(1.4), 1792);
    }
}
