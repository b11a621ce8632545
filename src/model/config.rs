//! Config: `config.json` of a checkpoint folder, as timm and the Hugging Face Hub lay it out, plus our `docent` section.
//!
//! Fields we do not know survive a rewrite. Floor 3.
//! Source: timm 1.0's `save_for_hf`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::NetworkConfig;
use crate::domain;
use crate::imaging::Preprocess;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Config {
    /// timm's name, see [`NetworkConfig::from_name`].
    pub architecture: String,
    /// Columns of the logits.
    pub num_classes: usize,
    /// Width of the embedding.
    #[serde(default)]
    pub num_features: usize,
    /// Only `avg` (the default where missing) can be computed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub global_pool: Option<String>,
    #[serde(default)]
    pub model_args: ModelArgs,
    pub pretrained_cfg: PretrainedCfg,
    /// Missing in folders Docent did not write.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub docent: Option<DocentSection>,
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// What timm's `create_model` takes besides the name.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ModelArgs {
    /// `same` is TensorFlow's padding; empty or missing is PyTorch's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pad_type: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bn_eps: Option<f64>,
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// How pixels become the network's input.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PretrainedCfg {
    /// Channels, height, width; channels are 3.
    pub input_size: [usize; 3],
    /// Of RGB in 0..=1.
    #[serde(default = "imagenet_mean")]
    pub mean: [f32; 3],
    #[serde(default = "imagenet_std")]
    pub std: [f32; 3],
    #[serde(default = "bicubic")]
    pub interpolation: String,
    #[serde(default = "one")]
    pub crop_pct: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub num_classes: Option<usize>,
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

fn imagenet_mean() -> [f32; 3] {
    [0.485, 0.456, 0.406]
}

fn imagenet_std() -> [f32; 3] {
    [0.229, 0.224, 0.225]
}

fn bicubic() -> String {
    "bicubic".to_owned()
}

fn one() -> f64 {
    1.0
}

/// What only Docent knows about a checkpoint.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct DocentSection {
    /// The vocabulary's ids in column order; as many as `num_classes`.
    pub attribute_ids: Vec<u32>,
    /// Their names, in the same order, so that the folder explains itself and fits other collections by name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub label_names: Vec<String>,
    /// Of the vocabulary it was trained with, 16 hexadecimal digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vocabulary_fingerprint: Option<String>,
    pub thresholds: Thresholds,
    pub preprocess: Preprocess,
    #[serde(skip_serializing_if = "Value::is_null")]
    pub recipe: Value,
    #[serde(skip_serializing_if = "Value::is_null")]
    pub metrics: Value,
    /// The checkpoint this one was fine-tuned from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// BLAKE3 of `model.safetensors`, 64 hexadecimal digits. Set when written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_hash: Option<String>,
    /// Milliseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_millis: Option<u64>,
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// From which probability on a tag is proposed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Thresholds {
    /// One for all labels, 0..=1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub global: Option<f64>,
    /// By attribute id, of the labels that have their own.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub by_attribute: BTreeMap<u32, f64>,
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl Config {
    /// Of a network with fresh weights for square pictures of this side.
    pub fn fresh(network: &NetworkConfig, side: usize) -> Self {
        let num_classes = network.num_labels;
        Self {
            architecture: network.name(),
            num_classes,
            num_features: network.num_features(),
            global_pool: Some("avg".to_owned()),
            model_args: ModelArgs::default(),
            pretrained_cfg: PretrainedCfg {
                input_size: [3, side, side],
                mean: imagenet_mean(),
                std: imagenet_std(),
                interpolation: bicubic(),
                crop_pct: one(),
                num_classes: Some(num_classes),
                other: Map::new(),
            },
            docent: None,
            other: Map::new(),
        }
    }

    /// How pictures are prepared for this network.
    pub fn preprocess(&self) -> Preprocess {
        self.docent.as_ref().map(|docent| docent.preprocess).unwrap_or_default()
    }

    /// Column order of the logits, where the checkpoint says so.
    pub fn attribute_ids(&self) -> Option<&[u32]> {
        self.docent.as_ref().map(|docent| docent.attribute_ids.as_slice()).filter(|ids| !ids.is_empty())
    }

    /// From which probability on each column of the head is proposed; 0.5 where the checkpoint says nothing.
    pub fn thresholds(&self) -> domain::Thresholds {
        let Some(docent) = &self.docent else {
            return domain::Thresholds::one(0.5);
        };
        let Thresholds { global, by_attribute, .. } = &docent.thresholds;
        let own = docent.attribute_ids.iter().map(|id| by_attribute.get(id).map(|&own| own as f32));
        domain::Thresholds::new(global.unwrap_or(0.5) as f32, own.collect())
    }

    /// For another number of labels: both places that count them.
    #[must_use]
    pub fn with_num_classes(mut self, n_labels: usize) -> Self {
        self.num_classes = n_labels;
        if self.pretrained_cfg.num_classes.is_some() {
            self.pretrained_cfg.num_classes = Some(n_labels);
        }
        self
    }

    /// The part that is ours, made if missing.
    pub fn docent_mut(&mut self) -> &mut DocentSection {
        self.docent.get_or_insert_default()
    }
}

#[cfg(test)]
mod tests {
    use super::super::Architecture;
    use super::*;

    #[test]
    fn thresholds_of_labels_are_written_by_id_and_read_by_column() {
        let mut config = Config::fresh(&NetworkConfig::new(Architecture::ResNet18, 3), 64);
        assert_eq!(config.thresholds(), domain::Thresholds::one(0.5));
        let docent = config.docent_mut();
        docent.attribute_ids = vec![9, 5, 70];
        docent.thresholds.global = Some(0.25);
        docent.thresholds.by_attribute = BTreeMap::from([(5, 0.75), (1000, 0.1)]);
        let json = serde_json::to_string(&config).unwrap();
        assert!(json.contains(r#""thresholds":{"global":0.25,"by_attribute":{"5":0.75,"1000":0.1}}"#), "{json}");
        let back: Config = serde_json::from_str(&json).unwrap();
        assert_eq!(back, config);
        assert_eq!(back.thresholds(), domain::Thresholds::new(0.25, vec![None, Some(0.75), None]));
        let value = serde_json::from_str::<Value>(&json).unwrap();
        assert_eq!(serde_json::from_value::<Config>(value).unwrap(), config);
    }
}
