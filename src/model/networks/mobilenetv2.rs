//! MobileNetV2 with a width multiplier.
//!
//! Stem 3x3/2, seven stages of inverted residuals, a 1x1 convolution to 1280 features. Floor 3.
//! Source: Sandler et al. 2018, arXiv 1801.04381, table 2; names, rounding and head width as timm's `mobilenetv2_*`.

use candle_core::Result;

use super::blocks::{Chain, ConvNormAct, ConvSpec};
use super::builder::Builder;
use super::{Body, NetworkConfig, PadType, Stage};
use crate::model::ops::batch_norm::Mode;
use crate::model::ops::norm::Activation;
use crate::model::ops::tape::Map;
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

#[derive(Debug)]
pub(crate) struct MobileNetV2 {
    stem: ConvNormAct,
    blocks: Vec<Block>,
    head: ConvNormAct,
}

#[derive(Debug)]
struct Block {
    convs: Chain,
    residual: bool,
}

impl MobileNetV2 {
    pub(crate) fn new(config: &NetworkConfig, multiplier: f64, vb: &Builder<'_>) -> Result<Self> {
        let width = |channels| round_channels(channels, multiplier);
        let block = |spec: ConvSpec, vb: &Builder<'_>, conv: &str, norm: &str, activation| {
            let padding = match config.pad {
                PadType::Symmetric => Padding::Symmetric,
                PadType::Same => Padding::Same,
            };
            ConvNormAct::new(&spec.padded(padding), &vb.pp(conv), &vb.pp(norm), config.norm_eps, activation)
        };
        let (plain, relu6) = (Activation::None, Activation::Relu6);
        let mut n_in = width(32);
        let stem = block(ConvSpec::new(3, n_in, 3, 2), vb, "conv_stem", "bn1", relu6)?;
        let mut blocks = Vec::new();
        for (stage, (expansion, channels, n_blocks, first_stride)) in STAGES.into_iter().enumerate() {
            let n_out = width(channels);
            for index in 0..n_blocks {
                let vb = vb.pp(format!("blocks.{stage}.{index}"));
                let stride = if index == 0 { first_stride } else { 1 };
                let wide = n_in * expansion;
                let depthwise = ConvSpec::depthwise(wide, 3, stride);
                let project = ConvSpec::new(wide, n_out, 1, 1);
                let convs = if expansion == 1 {
                    vec![block(depthwise, &vb, "conv_dw", "bn1", relu6)?, block(project, &vb, "conv_pw", "bn2", plain)?]
                } else {
                    vec![
                        block(ConvSpec::new(n_in, wide, 1, 1), &vb, "conv_pw", "bn1", relu6)?,
                        block(depthwise, &vb, "conv_dw", "bn2", relu6)?,
                        block(project, &vb, "conv_pwl", "bn3", plain)?,
                    ]
                };
                let residual = stride == 1 && n_in == n_out;
                blocks.push(Block { convs: convs.into_iter().collect(), residual });
                n_in = n_out;
            }
        }
        let head = block(ConvSpec::new(n_in, n_features(multiplier), 1, 1), vb, "conv_head", "bn2", relu6)?;
        Ok(Self { stem, blocks, head })
    }
}

impl Body for MobileNetV2 {
    fn forward(&self, images: &Map, mode: Mode) -> Result<Map> {
        let mut x = self.stem.forward(images, mode)?;
        for block in &self.blocks {
            x = match block.residual {
                true => block.convs.forward_onto(&x, &x, Activation::None, mode)?,
                false => block.convs.forward(&x, mode)?,
            };
        }
        self.head.forward(&x, mode)
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
