//! Xception: depthwise separable convolutions in residual blocks.
//!
//! Entry (two convolutions, three blocks), middle (eight blocks), exit (one block, two separable convolutions).
//! Floor 3. Source: Chollet 2016, arXiv 1610.02357, figure 5; names and PyTorch's padding as timm's `legacy_xception`.

use candle_core::Result;

use super::blocks::{Chain, ConvNormAct, ConvSpec};
use super::builder::Builder;
use super::{Body, NetworkConfig, Stage};
use crate::model::ops::batch_norm::Mode;
use crate::model::ops::max_pool::max_pool;
use crate::model::ops::norm::Activation;
use crate::model::ops::tape::Map;
use crate::model::ops::valuewise::{add, relu};
use crate::model::ops::window::{Padding, Window};

/// (channels out, separable convolutions, stride, whether the first of them widens or the last)
const BLOCKS: [(usize, usize, usize, bool); 12] = {
    let middle = (728, 3, 1, true);
    [
        (128, 2, 2, true),
        (256, 2, 2, true),
        (728, 2, 2, true),
        middle,
        middle,
        middle,
        middle,
        middle,
        middle,
        middle,
        middle,
        (1024, 2, 2, false),
    ]
};
const POOL: Window = Window::square(3, 2, Padding::Symmetric);

pub(crate) const N_FEATURES: usize = 2048;

pub(crate) fn stages() -> Vec<Stage> {
    let block = |n: usize| format!("block{n}");
    let of = |range: std::ops::RangeInclusive<usize>| range.map(block).collect::<Vec<_>>();
    let (entry, middle, mut exit) = (of(1..=3), of(4..=11), of(12..=12));
    exit.extend(["conv3", "bn3", "conv4", "bn4"].map(str::to_owned));
    let stage = |name: &str, parts: &[String]| Stage::new(name, &parts.iter().map(String::as_str).collect::<Vec<_>>());
    vec![
        Stage::new("stem", &["conv1", "bn1", "conv2", "bn2"]),
        stage("entry", &entry),
        stage("middle", &middle),
        stage("exit", &exit),
    ]
}

#[derive(Debug)]
pub(crate) struct Xception {
    stem: [ConvNormAct; 2],
    blocks: Vec<Block>,
    exit: Chain,
}

#[derive(Debug)]
struct Block {
    /// The input is activated before the first convolution, not in the shortcut.
    starts_with_relu: bool,
    convs: Chain,
    pools: bool,
    shortcut: Option<ConvNormAct>,
}

impl Xception {
    pub(crate) fn new(config: &NetworkConfig, vb: &Builder<'_>) -> Result<Self> {
        let (eps, relu) = (config.norm_eps, Activation::Relu);
        let stem = |n_in, n_out, stride, index: usize| {
            let spec = ConvSpec::new(n_in, n_out, 3, stride).padded(Padding::NONE);
            ConvNormAct::new(&spec, &vb.pp(format!("conv{index}")), &vb.pp(format!("bn{index}")), eps, relu)
        };
        let stem = [stem(3, 32, 2, 1)?, stem(32, 64, 1, 2)?];
        let mut blocks = Vec::new();
        let mut n_in = 64;
        for (index, (n_out, n_convs, stride, widens_first)) in BLOCKS.into_iter().enumerate() {
            let vb = vb.pp(format!("block{}", index + 1));
            let starts_with_relu = index != 0;
            // timm counts activations and norms too: relu, convolution, norm, relu, …
            let first = usize::from(starts_with_relu);
            let convs = (0..n_convs)
                .map(|at| {
                    let inputs = if widens_first && 0 < at { n_out } else { n_in };
                    let outputs = if widens_first || at + 1 == n_convs { n_out } else { n_in };
                    let part = |offset: usize| vb.pp(format!("rep.{}", first + 3 * at + offset));
                    let activation = if at + 1 == n_convs { Activation::None } else { relu };
                    separable(inputs, outputs, &part(0), &part(1), eps, activation)
                })
                .collect::<Result<Vec<_>>>()?;
            let shortcut = if stride != 1 || n_in != n_out {
                let spec = ConvSpec::new(n_in, n_out, 1, stride);
                Some(ConvNormAct::new(&spec, &vb.pp("skip"), &vb.pp("skipbn"), eps, Activation::None)?)
            } else {
                None
            };
            let convs = convs.into_iter().flatten().collect();
            blocks.push(Block { starts_with_relu, convs, pools: stride != 1, shortcut });
            n_in = n_out;
        }
        let exit = [
            separable(n_in, 1536, &vb.pp("conv3"), &vb.pp("bn3"), eps, relu)?,
            separable(1536, N_FEATURES, &vb.pp("conv4"), &vb.pp("bn4"), eps, relu)?,
        ];
        Ok(Self { stem, blocks, exit: exit.into_iter().flatten().collect() })
    }
}

/// A depthwise convolution, a pointwise one, batch norm.
fn separable(
    n_in: usize,
    n_out: usize,
    conv: &Builder<'_>,
    norm: &Builder<'_>,
    eps: f64,
    activation: Activation,
) -> Result<[ConvNormAct; 2]> {
    let (depthwise, pointwise) = (ConvSpec::depthwise(n_in, 3, 1), ConvSpec::new(n_in, n_out, 1, 1));
    Ok([
        ConvNormAct::plain(&depthwise, &conv.pp("conv1"), Activation::None)?,
        ConvNormAct::new(&pointwise, &conv.pp("pointwise"), norm, eps, activation)?,
    ])
}

impl Block {
    fn forward(&self, x: &Map, mode: Mode) -> Result<Map> {
        let around = match &self.shortcut {
            Some(shortcut) => &shortcut.forward(x, mode)?,
            None => x,
        };
        let inner = if self.starts_with_relu { relu(x)? } else { x.clone() };
        if !self.pools {
            return self.convs.forward_onto(&inner, around, Activation::None, mode);
        }
        add(&max_pool(&self.convs.forward(&inner, mode)?, &POOL)?, around)
    }
}

impl Body for Xception {
    fn forward(&self, images: &Map, mode: Mode) -> Result<Map> {
        let x = self.stem.iter().try_fold(images.clone(), |x, conv| conv.forward(&x, mode))?;
        let x = self.blocks.iter().try_fold(x, |x, block| block.forward(&x, mode))?;
        self.exit.forward(&x, mode)
    }
}
