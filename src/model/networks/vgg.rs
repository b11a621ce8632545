//! VGG-19 without batch norm.
//!
//! Sixteen 3x3 convolutions in five groups, each followed by a 2x2 max pool; then two convolutions of 4096 channels
//! that stand for the fully connected layers, so that any input size will do. Floor 3.
//! Source: Simonyan and Zisserman 2014, arXiv 1409.1556, configuration E; names as timm's `vgg19`.

use candle_core::{Result, Tensor};

use super::blocks::{ConvNormAct, ConvSpec};
use super::builder::Builder;
use super::{Body, Stage};
use crate::model::ops::batch_norm::Mode;
use crate::model::ops::global_average;
use crate::model::ops::max_pool::max_pool;
use crate::model::ops::norm::Activation;
use crate::model::ops::resample::{Resampling, resample};
use crate::model::ops::tape::Map;
use crate::model::ops::window::{Padding, Window};

/// (convolutions, channels)
const GROUPS: [(usize, usize); 5] = [(2, 64), (2, 128), (4, 256), (4, 512), (4, 512)];
/// Side of the map that the first fully connected layer was trained on.
const FULL: usize = 7;
const POOL: Window = Window::square(2, 2, Padding::NONE);

pub(crate) const N_FEATURES: usize = 4096;
/// The stage after the last feature map.
pub(crate) const FULLY_CONNECTED: &str = "pre_logits";
/// Of the last map of the convolutions.
pub(crate) const N_CHANNELS: usize = 512;

/// timm's numbers of the convolutions of each group: activations and pools count too.
fn numbers() -> Vec<Vec<usize>> {
    let mut next = 0;
    let group = |(n_convs, _channels)| {
        let numbers = (0..n_convs).map(|conv| next + 2 * conv).collect();
        next += 2 * n_convs + 1;
        numbers
    };
    GROUPS.into_iter().map(group).collect()
}

pub(crate) fn stages() -> Vec<Stage> {
    let group = |(at, numbers): (usize, Vec<usize>)| {
        let prefixes = numbers.into_iter().map(|number| format!("features.{number}")).collect();
        Stage { name: format!("convolutions {}", at + 1), prefixes }
    };
    let mut stages: Vec<Stage> = numbers().into_iter().enumerate().map(group).collect();
    stages.push(Stage::new(FULLY_CONNECTED, &[FULLY_CONNECTED]));
    stages
}

#[derive(Debug)]
pub(crate) struct Vgg {
    groups: Vec<Vec<ConvNormAct>>,
    /// Not there below a tail that takes the convolutions' map.
    full: Option<[ConvNormAct; 2]>,
}

impl Vgg {
    pub(crate) fn new(with_full: bool, vb: &Builder<'_>) -> Result<Self> {
        let mut n_in = 3;
        let mut groups = Vec::new();
        for ((_n_convs, n_out), numbers) in GROUPS.into_iter().zip(numbers()) {
            let conv = |number: usize| {
                let spec = ConvSpec::new(n_in, n_out, 3, 1).with_bias();
                n_in = n_out;
                ConvNormAct::plain(&spec, &vb.pp(format!("features.{number}")), Activation::Relu)
            };
            groups.push(numbers.into_iter().map(conv).collect::<Result<_>>()?);
        }
        let full = |n_in, kernel, name: &str| {
            let spec = ConvSpec::new(n_in, N_FEATURES, kernel, 1).padded(Padding::NONE).with_bias();
            ConvNormAct::plain(&spec, &vb.pp(FULLY_CONNECTED).pp(name), Activation::Relu)
        };
        let full = match with_full {
            true => Some([full(N_CHANNELS, FULL, "fc1")?, full(N_FEATURES, 1, "fc2")?]),
            false => None,
        };
        Ok(Self { groups, full })
    }
}

impl Body for Vgg {
    fn forward(&self, images: &Map, mode: Mode) -> Result<Map> {
        let mut x = images.clone();
        for group in &self.groups {
            x = group.iter().try_fold(x, |x, conv| conv.forward(&x, mode))?;
            x = max_pool(&x, &POOL)?;
        }
        Ok(x)
    }

    /// Maps below 7x7 are first averaged up to it, as in timm.
    fn pool(&self, features: &Map, mode: Mode) -> Result<Tensor> {
        let Some([first, second]) = &self.full else {
            return global_average(features);
        };
        let (h, w) = features.size()?;
        let x = resample(features, (h.max(FULL), w.max(FULL)), Resampling::Average)?;
        global_average(&second.forward(&first.forward(&x, mode)?, mode)?)
    }
}
