//! Architecture: what a name means, and the facts about each network that its files need.
//!
//! Names are timm's, but for the two attention networks, which timm does not have. Floor 3.

use std::sync::Arc;

use candle_core::Result;

use super::attention_net::{self, AttentionNet};
use super::builder::Builder;
use super::inception_resnet_v2::{self, InceptionResNetV2};
use super::mobilenetv2::{self, MobileNetV2};
use super::resnet::{self, ResNet};
use super::resnetv2::{self, ResNetV2};
use super::stage::Stage;
use super::vgg::{self, Vgg};
use super::xception::{self, Xception};
use super::{Body, NetworkConfig};
use crate::base::Hint;

/// A network Docent can build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Architecture {
    MobileNetV2035,
    MobileNetV2050,
    MobileNetV2100,
    MobileNetV2140,
    ResNet18,
    ResNet50,
    ResNetV250,
    Xception,
    InceptionResNetV2,
    Vgg19,
    Attention56,
    Attention92,
}

/// Networks that differ in a few numbers only.
enum Family {
    MobileNetV2 { multiplier: f64 },
    ResNet(resnet::Config),
    ResNetV2,
    Xception,
    InceptionResNetV2,
    Vgg,
    AttentionNet(attention_net::Config),
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
    pub const ALL: [Self; 12] = [
        Self::MobileNetV2035,
        Self::MobileNetV2050,
        Self::MobileNetV2100,
        Self::MobileNetV2140,
        Self::ResNet18,
        Self::ResNet50,
        Self::ResNetV250,
        Self::Xception,
        Self::InceptionResNetV2,
        Self::Vgg19,
        Self::Attention56,
        Self::Attention92,
    ];

    /// Reads timm's name; a pretraining tag after a dot (`resnet18.a1_in1k`) is ignored.
    pub fn from_name(name: &str) -> std::result::Result<Self, UnknownArchitecture> {
        let plain = name.split('.').next().unwrap_or(name);
        let found = Self::ALL.into_iter().find(|architecture| architecture.name() == plain);
        found.ok_or_else(|| UnknownArchitecture { name: name.to_owned() })
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::MobileNetV2035 => "mobilenetv2_035",
            Self::MobileNetV2050 => "mobilenetv2_050",
            Self::MobileNetV2100 => "mobilenetv2_100",
            Self::MobileNetV2140 => "mobilenetv2_140",
            Self::ResNet18 => "resnet18",
            Self::ResNet50 => "resnet50",
            Self::ResNetV250 => "resnetv2_50",
            Self::Xception => "legacy_xception",
            Self::InceptionResNetV2 => "inception_resnet_v2",
            Self::Vgg19 => "vgg19",
            Self::Attention56 => "attention56",
            Self::Attention92 => "attention92",
        }
    }

    fn family(self) -> Family {
        match self {
            Self::MobileNetV2035 => Family::MobileNetV2 { multiplier: 0.35 },
            Self::MobileNetV2050 => Family::MobileNetV2 { multiplier: 0.5 },
            Self::MobileNetV2100 => Family::MobileNetV2 { multiplier: 1.0 },
            Self::MobileNetV2140 => Family::MobileNetV2 { multiplier: 1.4 },
            Self::ResNet18 => Family::ResNet(resnet::Config::RESNET18),
            Self::ResNet50 => Family::ResNet(resnet::Config::RESNET50),
            Self::ResNetV250 => Family::ResNetV2,
            Self::Xception => Family::Xception,
            Self::InceptionResNetV2 => Family::InceptionResNetV2,
            Self::Vgg19 => Family::Vgg,
            Self::Attention56 => Family::AttentionNet(attention_net::Config::ATTENTION56),
            Self::Attention92 => Family::AttentionNet(attention_net::Config::ATTENTION92),
        }
    }

    /// Width of the embedding.
    pub fn num_features(self) -> usize {
        match self.family() {
            Family::MobileNetV2 { multiplier } => mobilenetv2::n_features(multiplier),
            Family::ResNet(config) => config.n_features(),
            Family::ResNetV2 => resnetv2::N_FEATURES,
            Family::Xception => xception::N_FEATURES,
            Family::InceptionResNetV2 => inception_resnet_v2::N_FEATURES,
            Family::Vgg => vgg::N_FEATURES,
            Family::AttentionNet(_) => attention_net::N_FEATURES,
        }
    }

    /// Whether masks are multiplied onto its maps, as in the attention networks.
    pub(super) fn has_masks(self) -> bool {
        matches!(self, Self::Attention56 | Self::Attention92)
    }

    /// Channels of the last feature map.
    pub(super) fn num_channels(self) -> usize {
        match self.family() {
            Family::Vgg => vgg::N_CHANNELS,
            _ => self.num_features(),
        }
    }

    /// The module name of the linear head.
    pub fn classifier(self) -> &'static str {
        match self.family() {
            Family::MobileNetV2 { .. } => "classifier",
            Family::ResNet(_) | Family::Xception => "fc",
            Family::InceptionResNetV2 => "classif",
            Family::ResNetV2 | Family::Vgg => "head.fc",
            Family::AttentionNet(_) => "Dense_1",
        }
    }

    /// Whether timm keeps the head as a 1x1 convolution.
    pub(super) fn has_conv_classifier(self) -> bool {
        matches!(self.family(), Family::ResNetV2)
    }

    /// timm's default for batch norm.
    pub(super) fn norm_eps(self) -> f64 {
        if matches!(self.family(), Family::InceptionResNetV2) { 1e-3 } else { 1e-5 }
    }

    pub(super) fn stages(self) -> Vec<Stage> {
        match self.family() {
            Family::MobileNetV2 { .. } => mobilenetv2::stages(),
            Family::ResNet(_) => resnet::stages(),
            Family::ResNetV2 => resnetv2::stages(),
            Family::Xception => xception::stages(),
            Family::InceptionResNetV2 => inception_resnet_v2::stages(),
            Family::Vgg => vgg::stages(),
            Family::AttentionNet(_) => attention_net::stages(),
        }
    }

    /// Whether a stage comes after the last feature map, where a tail takes its place.
    pub(super) fn is_above_the_map(self, stage: &Stage) -> bool {
        matches!(self.family(), Family::Vgg) && stage.name == vgg::FULLY_CONNECTED
    }

    pub(super) fn body(self, config: &NetworkConfig, vb: &Builder<'_>) -> Result<Arc<dyn Body>> {
        Ok(match self.family() {
            Family::MobileNetV2 { multiplier } => Arc::new(MobileNetV2::new(config, multiplier, vb)?),
            Family::ResNet(layout) => Arc::new(ResNet::new(config, layout, vb)?),
            Family::ResNetV2 => Arc::new(ResNetV2::new(config, vb)?),
            Family::Xception => Arc::new(Xception::new(config, vb)?),
            Family::InceptionResNetV2 => Arc::new(InceptionResNetV2::new(config, vb)?),
            Family::Vgg => Arc::new(Vgg::new(!config.attention, vb)?),
            Family::AttentionNet(layout) => Arc::new(AttentionNet::new(config, layout, vb)?),
        })
    }
}
