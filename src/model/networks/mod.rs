//! Networks: what an architecture's name means, and the network built from parameters.
//!
//! Names of architectures and of parameters are timm's, so that its files open here and ours there.
//! Not files (`checkpoint`), not pixels (`inference`), not learning (`training`). Floor 3.

mod architecture;
mod attention;
mod attention_net;
mod attention_tail;
mod blocks;
mod builder;
mod inception_resnet_v2;
mod mobilenetv2;
pub(crate) mod outline;
mod params;
mod random;
mod resnet;
mod resnetv2;
mod stage;
mod vgg;
mod xception;

use std::fmt;
use std::sync::Arc;

use candle_core::{DType, Device, Result, Tensor, bail};

pub use self::architecture::{Architecture, UnknownArchitecture};
use self::attention_tail::AttentionTail;
use self::blocks::Classifier;
use self::builder::{Builder, Purpose};
use self::outline::Declared;
pub use self::params::Params;
pub use self::stage::{Depth, Stage};
pub use super::ops::batch_norm::Mode;
use super::ops::fused::crew::lead;
use super::ops::tape::Map;
pub use super::ops::tape::backward;
use super::ops::{enter, global_average, leave};
use super::precision::Precision;

/// What networks differ in: from images to the last feature map, and from there to the embedding.
trait Body: fmt::Debug + Send + Sync {
    /// Images to features, both in their layout (see `ops`).
    fn forward(&self, images: &Map, mode: Mode) -> Result<Map>;

    /// The embedding `[B, F]` of such features.
    fn pool(&self, features: &Map, mode: Mode) -> Result<Tensor> {
        let _ = mode; // Nothing here depends on it.
        global_average(features)
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
    /// Whether the report's residual attention tail sits on the backbone.
    pub attention: bool,
    /// Columns of the logits, L; at least 1.
    pub num_labels: usize,
    pub pad: PadType,
    /// Batch norm's eps.
    pub norm_eps: f64,
}

impl NetworkConfig {
    pub fn new(architecture: Architecture, num_labels: usize) -> Self {
        let norm_eps = architecture.norm_eps();
        Self { architecture, attention: false, num_labels, pad: PadType::Symmetric, norm_eps }
    }

    /// Reads timm's name, with `+attention` behind it where the tail sits on the network.
    pub fn from_name(name: &str, num_labels: usize) -> std::result::Result<Self, UnknownArchitecture> {
        let (plain, attention) = match name.strip_suffix(WITH_TAIL) {
            Some(plain) => (plain, true),
            None => (name, false),
        };
        Ok(Self::new(Architecture::from_name(plain)?, num_labels).with_attention(attention))
    }

    /// As [`Self::from_name`] reads it.
    pub fn name(&self) -> String {
        format!("{}{}", self.architecture.name(), if self.attention { WITH_TAIL } else { "" })
    }

    #[must_use]
    pub fn with_pad(mut self, pad: PadType) -> Self {
        self.pad = pad;
        self
    }

    #[must_use]
    pub fn with_attention(mut self, attention: bool) -> Self {
        self.attention = attention;
        self
    }

    /// Width of the embedding, F.
    pub fn num_features(&self) -> usize {
        if self.attention { attention_tail::N_FEATURES } else { self.architecture.num_features() }
    }

    /// The stages from pixels to features, in order; the classifier is none of them.
    pub fn stages(&self) -> Vec<Stage> {
        let mut stages = self.architecture.stages();
        if self.attention {
            stages.retain(|stage| !self.architecture.is_above_the_map(stage));
            stages.push(Stage::new(TAIL, &[TAIL]));
        }
        stages
    }

    /// Whether a parameter of this name is the classifier's.
    pub fn is_head(&self, parameter: &str) -> bool {
        stage::is_below(parameter, self.architecture.classifier())
    }

    /// Whether a parameter of this name is the attention tail's.
    pub fn is_tail(&self, parameter: &str) -> bool {
        self.attention && stage::is_below(parameter, TAIL)
    }

    /// The tensors this network needs.
    pub(crate) fn outline(&self) -> Result<Vec<Declared>> {
        Builder::outline_of(|vb| Parts::new(self, &vb))
    }
}

/// What the names of the tail's parameters begin with.
const TAIL: &str = "attention";
/// What follows timm's name where the tail is there; timm itself does not know such networks.
const WITH_TAIL: &str = "+attention";

/// A network over its parameters. Cloning shares them.
#[derive(Debug, Clone)]
pub struct Network {
    config: NetworkConfig,
    params: Params,
    parts: Parts,
    /// Of its maps.
    dtype: DType,
    /// Every convolution is one of `ops::fused`.
    is_fused: bool,
}

#[derive(Debug, Clone)]
struct Parts {
    body: Arc<dyn Body>,
    tail: Option<Arc<AttentionTail>>,
    classifier: Classifier,
}

impl Parts {
    fn new(config: &NetworkConfig, vb: &Builder<'_>) -> Result<Self> {
        let body = config.architecture.body(config, vb)?;
        let n_channels = config.architecture.num_channels();
        let tail = match config.attention {
            true => Some(Arc::new(AttentionTail::new(n_channels, &vb.pp(TAIL))?)),
            false => None,
        };
        let classifier = vb.pp(config.architecture.classifier());
        let is_conv = config.architecture.has_conv_classifier();
        Ok(Self {
            body,
            tail,
            classifier: Classifier::new(config.num_features(), config.num_labels, is_conv, &classifier)?,
        })
    }
}

impl Network {
    /// Builds the network over `params`, which it shares: a variable set later is seen at once.
    ///
    /// Errors: a tensor is missing or has another shape.
    pub fn new(config: &NetworkConfig, params: Params) -> Result<Self> {
        let parts = Parts::new(config, &Builder::over(&params, Purpose::Learning))?;
        Ok(Self { config: config.clone(), params, parts, dtype: DType::F32, is_fused: false })
    }

    /// A network that has learned nothing; the same `seed` gives the same weights on every machine.
    pub fn fresh(config: &NetworkConfig, seed: u64, device: &Device) -> Result<Self> {
        Self::new(config, Params::fresh(&config.outline()?, seed, device)?)
    }

    /// The same network (and parameters) where only `depth` has variables; the rest is computed without a tape.
    pub fn trainable(mut self, depth: Depth) -> Result<Self> {
        let last = self.config.stages().pop();
        self.params.freeze_unless(|name| match depth {
            Depth::All => true,
            Depth::Head => self.config.is_head(name),
            Depth::LastStage => self.config.is_head(name) || last.as_ref().is_some_and(|stage| stage.holds(name)),
        });
        Self::new(&self.config, self.params)
    }

    /// Another network with copies of this one's tensors where names and shapes are the same, and fresh ones elsewhere.
    pub(crate) fn grown(&self, config: &NetworkConfig, seed: u64) -> Result<Self> {
        let outline = config.outline()?;
        let tensors = outline.iter().map(|declared| {
            let known = self.params.get(&declared.name).filter(|tensor| tensor.dims() == declared.shape);
            let tensor = match known {
                Some(tensor) => tensor,
                None => Tensor::from_vec(declared.draw(seed), declared.shape.as_slice(), &Device::Cpu)?,
            };
            Ok((declared.name.clone(), tensor))
        });
        let params = Params::from_tensors(&outline, tensors.collect::<Result<_>>()?, self.params.device())?;
        Self::new(config, params)
    }

    pub fn config(&self) -> &NetworkConfig {
        &self.config
    }

    pub fn params(&self) -> &Params {
        &self.params
    }

    /// The classifier's weights `[L, F]`, row by row, and biases `[L]`.
    pub fn classifier(&self) -> Result<(Vec<f32>, Vec<f32>)> {
        let values = |part: &str| match self.params.get(&self.classifier_part(part)) {
            Some(tensor) => tensor.flatten_all()?.to_vec1(),
            None => bail!("the network has no {}", self.classifier_part(part)),
        };
        Ok((values("weight")?, values("bias")?))
    }

    /// Puts such weights and biases into the network, in place.
    ///
    /// Errors: another number of labels or features.
    pub fn set_classifier(&self, weight: &[f32], bias: &[f32]) -> Result<()> {
        let (labels, features) = (self.num_labels(), self.num_features());
        if weight.len() != labels * features || bias.len() != labels {
            bail!("{} weights and {} biases for {labels} labels of {features} features", weight.len(), bias.len())
        }
        for (part, values) in [("weight", weight), ("bias", bias)] {
            let name = self.classifier_part(part);
            let Some(old) = self.params.get(&name) else { bail!("the network has no {name}") };
            self.params.set(&name, &Tensor::from_slice(values, old.dims(), &Device::Cpu)?)?;
        }
        Ok(())
    }

    fn classifier_part(&self, part: &str) -> String {
        format!("{}.{part}", self.config.architecture.classifier())
    }

    /// Width of the embedding, F.
    pub fn num_features(&self) -> usize {
        self.config.num_features()
    }

    /// Columns of the logits, L.
    pub fn num_labels(&self) -> usize {
        self.config.num_labels
    }

    /// `images` f32 `[B, 3, H, W]`, normalised; answers f32 `[B, C, h, w]` (not contiguous).
    pub fn feature_map(&self, images: &Tensor, mode: Mode) -> Result<Tensor> {
        leave(&self.features(images, mode)?)?.to_dtype(DType::F32)
    }

    /// The embedding: feature map averaged over its pixels (and more in some networks), f32 `[B, F]`.
    pub fn pooled(&self, images: &Tensor, mode: Mode) -> Result<Tensor> {
        let features = self.features(images, mode)?;
        let pooled =
            if self.parts.tail.is_some() { global_average(&features) } else { self.parts.body.pool(&features, mode) };
        pooled?.to_dtype(DType::F32)
    }

    /// Embeddings `[B, F]` to logits `[B, L]`.
    pub fn classify(&self, pooled: &Tensor) -> Result<Tensor> {
        self.parts.classifier.forward(pooled)
    }

    /// `images` f32 `[B, 3, H, W]`, normalised; answers logits `[B, L]`.
    pub fn forward(&self, images: &Tensor, mode: Mode) -> Result<Tensor> {
        self.classify(&self.pooled(images, mode)?)
    }

    /// For looking only: batch norm multiplied into the convolutions. Sees no later update of the weights.
    pub(crate) fn folded(&self) -> Result<Self> {
        self.folded_in(Precision::F32)
    }

    /// The same with all but the classifier in `precision`.
    pub(crate) fn folded_in(&self, precision: Precision) -> Result<Self> {
        let parts = Parts::new(&self.config, &Builder::over(&self.params, Purpose::Looking(precision)))?;
        let has_masks = self.config.attention || self.config.architecture.has_masks();
        let dtype = precision.of_maps(self.params.device());
        let is_fused = dtype == DType::F32 && self.params.device().is_cpu() && !has_masks;
        Ok(Self { parts, dtype, is_fused, ..self.clone() })
    }

    /// Whether several pictures go through together with all cores at hand; otherwise a core takes each.
    pub(crate) fn is_fused(&self) -> bool {
        self.is_fused
    }

    fn features(&self, images: &Tensor, mode: Mode) -> Result<Map> {
        let (_b, _rgb, _h, _w) = images.dims4()?;
        let images = enter(&images.to_dtype(self.dtype)?)?;
        let pass = || {
            let features = self.parts.body.forward(&images, mode)?;
            match &self.parts.tail {
                Some(tail) => tail.forward(&features, mode),
                None => Ok(features),
            }
        };
        if self.is_fused { lead(pass) } else { pass() }
    }
}

#[cfg(test)]
mod parity;
#[cfg(test)]
mod tests;
