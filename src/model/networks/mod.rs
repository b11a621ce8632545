//! Networks: what an architecture's name means, and the network built from parameters.
//!
//! Names of architectures and of parameters are timm's, so that its files open here and ours there.
//! Not files (`checkpoint`), not pixels (`inference`), not learning (`training`). Floor 3.

mod blocks;
mod mobilenetv2;
pub(crate) mod outline;
mod params;
mod random;
mod resnet;

use candle_core::{Device, Result, Tensor};

use self::blocks::Classifier;
use self::outline::Declared;
pub use self::params::Params;
pub use super::ops::conv_norm_act::Mode;
use super::ops::{enter, global_average, leave};
use crate::base::Hint;

/// A network Docent can build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Architecture {
    MobileNetV2035,
    MobileNetV2050,
    MobileNetV2100,
    MobileNetV2140,
    ResNet18,
}

#[derive(Debug, thiserror::Error)]
#[error("unknown architecture {name:?}")]
pub struct UnknownArchitecture {
    pub name: String,
}

impl Hint for UnknownArchitecture {
    fn hint(&self) -> Option<String> {
        let known: Vec<_> = Architecture::ALL.iter().map(|architecture| architecture.name()).collect();
        Some(format!("known architectures are {}", known.join(", ")))
    }
}

impl Architecture {
    pub const ALL: [Self; 5] =
        [Self::MobileNetV2035, Self::MobileNetV2050, Self::MobileNetV2100, Self::MobileNetV2140, Self::ResNet18];

    /// Reads timm's name; a pretraining tag after a dot (`resnet18.a1_in1k`) is ignored.
    pub fn from_name(name: &str) -> std::result::Result<Self, UnknownArchitecture> {
        let plain = name.split('.').next().unwrap_or(name);
        let found = Self::ALL.into_iter().find(|architecture| architecture.name() == plain);
        found.ok_or_else(|| UnknownArchitecture { name: name.to_owned() })
    }

    /// timm's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::MobileNetV2035 => "mobilenetv2_035",
            Self::MobileNetV2050 => "mobilenetv2_050",
            Self::MobileNetV2100 => "mobilenetv2_100",
            Self::MobileNetV2140 => "mobilenetv2_140",
            Self::ResNet18 => "resnet18",
        }
    }

    /// Width of the embedding.
    pub fn num_features(self) -> usize {
        match self.multiplier() {
            Some(multiplier) => mobilenetv2::n_features(multiplier),
            None => resnet::N_FEATURES,
        }
    }

    /// The module name of the linear head: `classifier` or `fc`.
    pub fn classifier(self) -> &'static str {
        if self.multiplier().is_some() { "classifier" } else { "fc" }
    }

    /// The stages from pixels to features, in order; the classifier is none of them.
    pub fn stages(self) -> Vec<Stage> {
        if self.multiplier().is_some() { mobilenetv2::stages() } else { resnet::stages() }
    }

    fn multiplier(self) -> Option<f64> {
        match self {
            Self::MobileNetV2035 => Some(0.35),
            Self::MobileNetV2050 => Some(0.5),
            Self::MobileNetV2100 => Some(1.0),
            Self::MobileNetV2140 => Some(1.4),
            Self::ResNet18 => None,
        }
    }
}

/// timm's `pad_type`; networks without the option ignore it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PadType {
    /// `""`: PyTorch's.
    #[default]
    Symmetric,
    /// `"same"`: TensorFlow's.
    Same,
}

/// Everything that decides names and shapes of a network's tensors and what it computes from them.
#[derive(Debug, Clone, PartialEq)]
pub struct NetworkConfig {
    pub architecture: Architecture,
    /// Columns of the logits, L; at least 1.
    pub num_labels: usize,
    pub pad: PadType,
    /// Batch norm's eps.
    pub norm_eps: f64,
}

impl NetworkConfig {
    pub fn new(architecture: Architecture, num_labels: usize) -> Self {
        Self { architecture, num_labels, pad: PadType::Symmetric, norm_eps: 1e-5 }
    }

    #[must_use]
    pub fn with_pad(mut self, pad: PadType) -> Self {
        self.pad = pad;
        self
    }

    /// The tensors this network needs.
    pub(crate) fn outline(&self) -> Vec<Declared> {
        let mut outline = Vec::new();
        match self.architecture.multiplier() {
            Some(multiplier) => mobilenetv2::Plan::new(self, multiplier).declare(&mut outline),
            None => resnet::Plan::new(self).declare(&mut outline),
        }
        let architecture = self.architecture;
        let n_features = architecture.num_features();
        Classifier::declare(architecture.classifier(), n_features, self.num_labels, &mut outline);
        outline
    }
}

/// A part of the network that is frozen or trained as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    pub name: String,
    /// Its parameters' names are one of these, a dot, and more.
    pub prefixes: Vec<String>,
}

impl Stage {
    fn new(name: &str, prefixes: &[&str]) -> Self {
        Self { name: name.to_owned(), prefixes: prefixes.iter().map(|prefix| (*prefix).to_owned()).collect() }
    }

    /// Whether a parameter of this name belongs here.
    pub fn holds(&self, parameter: &str) -> bool {
        has_prefix(parameter, &self.prefixes)
    }
}

fn has_prefix(parameter: &str, prefixes: &[String]) -> bool {
    let below = |prefix: &String| parameter.strip_prefix(prefix.as_str()).is_some_and(|rest| rest.starts_with('.'));
    prefixes.iter().any(below)
}

/// Which weights a fine-tune moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// The classifier.
    Head,
    /// The classifier and the last stage.
    LastStage,
    All,
}

/// A network over its parameters. Cloning shares them.
#[derive(Debug, Clone)]
pub struct Network {
    config: NetworkConfig,
    params: Params,
    body: Body,
    classifier: Classifier,
}

#[derive(Debug, Clone)]
enum Body {
    MobileNetV2(mobilenetv2::MobileNetV2),
    ResNet(resnet::ResNet),
}

impl Network {
    /// Builds the network over `params`, which it shares: a variable set later is seen at once.
    ///
    /// Errors: a tensor is missing or has another shape.
    pub fn new(config: &NetworkConfig, params: Params) -> Result<Self> {
        let body = match config.architecture.multiplier() {
            Some(multiplier) => Body::MobileNetV2(mobilenetv2::Plan::new(config, multiplier).build(&params)?),
            None => Body::ResNet(resnet::Plan::new(config).build(&params)?),
        };
        Ok(Self {
            classifier: Classifier::build(config.architecture.classifier(), &params)?,
            config: config.clone(),
            params,
            body,
        })
    }

    /// A network that has learned nothing; the same `seed` gives the same weights on every machine.
    pub fn fresh(config: &NetworkConfig, seed: u64, device: &Device) -> Result<Self> {
        Self::new(config, Params::fresh(&config.outline(), seed, device)?)
    }

    /// The same network (and parameters) where only `depth` has variables; the rest is computed without a tape.
    pub fn trainable(mut self, depth: Depth) -> Result<Self> {
        let classifier = Stage::new("classifier", &[self.config.architecture.classifier()]);
        let last = self.config.architecture.stages().pop();
        self.params.freeze_unless(|name| match depth {
            Depth::All => true,
            Depth::Head => classifier.holds(name),
            Depth::LastStage => classifier.holds(name) || last.as_ref().is_some_and(|stage| stage.holds(name)),
        });
        Self::new(&self.config, self.params)
    }

    pub fn config(&self) -> &NetworkConfig {
        &self.config
    }

    pub fn params(&self) -> &Params {
        &self.params
    }

    /// Width of the embedding, F.
    pub fn num_features(&self) -> usize {
        self.config.architecture.num_features()
    }

    /// Columns of the logits, L.
    pub fn num_labels(&self) -> usize {
        self.config.num_labels
    }

    /// `images` f32 `[B, 3, H, W]`, normalised; answers `[B, F, h, w]` (not contiguous).
    pub fn feature_map(&self, images: &Tensor, mode: Mode) -> Result<Tensor> {
        leave(&self.features(images, mode)?)
    }

    /// The embedding: feature map averaged over its pixels, `[B, F]`.
    pub fn pooled(&self, images: &Tensor, mode: Mode) -> Result<Tensor> {
        global_average(&self.features(images, mode)?)
    }

    /// Embeddings `[B, F]` to logits `[B, L]`.
    pub fn classify(&self, pooled: &Tensor) -> Result<Tensor> {
        self.classifier.forward(pooled)
    }

    /// `images` f32 `[B, 3, H, W]`, normalised; answers logits `[B, L]`.
    pub fn forward(&self, images: &Tensor, mode: Mode) -> Result<Tensor> {
        self.classify(&self.pooled(images, mode)?)
    }

    /// For inference: batch norm multiplied into the convolutions. A copy that sees no later update of the weights.
    pub(crate) fn folded(&self) -> Result<Self> {
        let body = match &self.body {
            Body::MobileNetV2(network) => Body::MobileNetV2(network.folded()?),
            Body::ResNet(network) => Body::ResNet(network.folded()?),
        };
        Ok(Self { body, ..self.clone() })
    }

    fn features(&self, images: &Tensor, mode: Mode) -> Result<Tensor> {
        let (_b, _rgb, _h, _w) = images.dims4()?;
        let images = enter(images)?;
        match &self.body {
            Body::MobileNetV2(network) => network.forward(&images, mode),
            Body::ResNet(network) => network.forward(&images, mode),
        }
    }
}

#[cfg(test)]
mod parity;
#[cfg(test)]
mod tests;
