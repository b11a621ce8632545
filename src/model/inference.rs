//! Tagger: pixels to embeddings, embeddings to probabilities.
//!
//! Pictures arrive as RGB bytes already brought to the input size; normalising happens here. The embedding is computed
//! once per picture and kept by others under `backbone_key`; a new classifier then costs one matrix product.
//!
//! Floor 3. No decoding, no files but the checkpoint's, no threads of its own.

use std::path::Path;

use candle_core::{Device, Tensor};
use rayon::prelude::*;

use super::checkpoint::{Checkpoint, CheckpointError};
use super::config::Config;
use super::device::halving;
use super::networks::{Mode, Network};
use super::precision::Precision;

#[derive(Debug, thiserror::Error)]
pub enum TaggerError {
    #[error("{found} {what} where a multiple of {expected} belongs")]
    Length { what: &'static str, found: usize, expected: usize },
    #[error("a classifier of {weights} weights and {biases} biases for {labels} labels of {features} features")]
    Head { weights: usize, biases: usize, labels: usize, features: usize },
    #[error("the device could not compute this: {0}")]
    Tensor(#[from] candle_core::Error),
}

/// Pictures in one forward pass on a graphics card.
const ON_CARD: usize = 32;

/// A network ready to look at pictures, and its classifier.
#[derive(Debug, Clone)]
pub struct Tagger {
    config: Config,
    /// Batch norm folded in.
    network: Network,
    weight: Vec<f32>,
    bias: Vec<f32>,
    backbone_key: String,
    precision: Precision,
    device: Device,
    notices: Vec<String>,
}

impl Tagger {
    /// Loads a checkpoint folder for looking at pictures.
    pub fn load(folder: &Path, device: &Device) -> Result<Self, CheckpointError> {
        let checkpoint = Checkpoint::load(folder, None, device)?;
        Self::new(checkpoint).map_err(|source| CheckpointError::Tensor { source, path: folder.to_path_buf() })
    }

    /// From a checkpoint in memory; later changes of its parameters are not seen.
    pub fn new(checkpoint: Checkpoint) -> candle_core::Result<Self> {
        let Checkpoint { config, network, notices } = checkpoint;
        let (weight, bias) = network.classifier()?;
        let precision = Precision::F32;
        Ok(Self {
            weight,
            bias,
            backbone_key: backbone_key(&config, &network, precision)?,
            precision,
            device: network.params().device().clone(),
            network: network.folded_in(precision)?,
            config,
            notices,
        })
    }

    /// The same tagger in another precision, or as it is where the device has no such.
    pub fn looking_in(&self, precision: Precision) -> candle_core::Result<Self> {
        let (precision, _) = precision.on(&self.device);
        if precision == self.precision {
            return Ok(self.clone());
        }
        Ok(Self {
            backbone_key: backbone_key(&self.config, &self.network, precision)?,
            precision,
            network: self.network.folded_in(precision)?,
            ..self.clone()
        })
    }

    /// The same tagger with the key of embeddings in another precision, whatever this device has: to ask a cache for what
    /// another device saw, not to look with.
    pub fn asking_for(&self, precision: Precision) -> candle_core::Result<Self> {
        Ok(Self { backbone_key: backbone_key(&self.config, &self.network, precision)?, ..self.clone() })
    }

    pub fn precision(&self) -> Precision {
        self.precision
    }

    /// What computes.
    pub fn device(&self) -> &Device {
        &self.device
    }

    pub fn config(&self) -> &Config {
        &self.config
    }

    /// What the user should know about the checkpoint though it loaded.
    pub fn notices(&self) -> &[String] {
        &self.notices
    }

    /// Width and height the pixels must have.
    pub fn input_size(&self) -> (usize, usize) {
        let [_channels, height, width] = self.config.pretrained_cfg.input_size;
        (width, height)
    }

    /// Width of the embedding, F.
    pub fn num_features(&self) -> usize {
        self.network.num_features()
    }

    /// Number of labels, L.
    pub fn num_labels(&self) -> usize {
        self.bias.len()
    }

    /// Embeddings of B pictures, row after row, `B * F` floats.
    ///
    /// `pixels`: B pictures of `input_size`, RGB, rows from the top, one after the other. On the CPU eight or sixteen at
    /// a time are best.
    pub fn embed(&self, pixels: &[u8]) -> Result<Vec<f32>, TaggerError> {
        let (width, height) = self.input_size();
        let n_bytes = width * height * 3;
        if !pixels.len().is_multiple_of(n_bytes) {
            return Err(TaggerError::Length { what: "bytes of pixels", found: pixels.len(), expected: n_bytes });
        }
        let embed = |pixels: &[u8]| {
            let images = self.images(pixels)?;
            self.network.pooled(&images, Mode::Inference)?.flatten_all()?.to_vec1::<f32>()
        };
        let per_pass = n_bytes * self.per_pass();
        let rows: Vec<Vec<f32>> = if self.network.is_fused() {
            pixels.chunks(per_pass).map(embed).collect::<candle_core::Result<_>>()?
        } else if self.device.is_cpu() {
            pixels.par_chunks(per_pass).map(embed).collect::<candle_core::Result<_>>()?
        } else {
            let in_parts = |pixels: &[u8]| {
                let n = pixels.len() / n_bytes;
                halving(n, 1, |part| embed(&pixels[part.start * n_bytes..part.end * n_bytes]))
            };
            pixels.chunks(n_bytes * ON_CARD).map(in_parts).collect::<candle_core::Result<Vec<_>>>()?.concat()
        };
        Ok(rows.concat())
    }

    /// Pictures best handed to [`Self::embed`] at once: more would gain nothing and answer later.
    pub fn at_once(&self) -> usize {
        match (self.network.is_fused(), self.device.is_cpu()) {
            (true, _) => self.per_pass(),
            (false, true) => (2 * rayon::current_num_threads()).max(16),
            (false, false) => ON_CARD,
        }
    }

    /// Pictures in one forward pass on the CPU: as many as make the later layers' products large, yet few enough that
    /// their maps take some hundred megabytes at most; one where passes run side by side.
    fn per_pass(&self) -> usize {
        const PIXELS: usize = 8 * 256 * 256;
        let (width, height) = self.input_size();
        if self.network.is_fused() { (PIXELS / (width * height).max(1)).clamp(1, 16) } else { 1 }
    }

    /// RGB bytes to `[B, 3, H, W]`, normalised; in memory perhaps in another order.
    pub fn images(&self, pixels: &[u8]) -> candle_core::Result<Tensor> {
        let (width, height) = self.input_size();
        let (mean, std) = (self.config.pretrained_cfg.mean, self.config.pretrained_cfg.std);
        if self.network.is_fused() {
            let n = pixels.len() / (3 * width * height).max(1);
            let floats = together(pixels, mean, std);
            return Tensor::from_vec(floats, (n, height, width, 3), &self.device)?.permute((0, 3, 1, 2));
        }
        normalised(pixels, (width, height), mean, std, &self.device)
    }

    /// Probabilities of B embeddings for every label, row after row, `B * L` floats in 0..=1.
    pub fn probabilities_of(&self, embeddings: &[f32]) -> Result<Vec<f32>, TaggerError> {
        let (f, l) = (self.num_features(), self.num_labels());
        if !embeddings.len().is_multiple_of(f) {
            return Err(TaggerError::Length { what: "floats of embeddings", found: embeddings.len(), expected: f });
        }
        let n = embeddings.len() / f;
        if n == 0 {
            return Ok(Vec::new());
        }
        let embeddings = Tensor::from_slice(embeddings, (n, f), &Device::Cpu)?;
        let weight = Tensor::from_slice(&self.weight, (l, f), &Device::Cpu)?;
        let bias = Tensor::from_slice(&self.bias, l, &Device::Cpu)?;
        let logits = embeddings.matmul(&weight.t()?)?.broadcast_add(&bias)?; // [B, L]
        let logits = logits.flatten_all()?.to_vec1::<f32>()?;
        Ok(logits.into_iter().map(|logit| 1.0 / (1.0 + (-logit).exp())).collect())
    }

    /// The classifier: weights `[L, F]` row after row, biases `[L]`.
    pub fn head(&self) -> (&[f32], &[f32]) {
        (&self.weight, &self.bias)
    }

    /// The same network under another classifier, whose columns mean `attribute_ids`.
    pub fn with_head(mut self, weight: Vec<f32>, bias: Vec<f32>, attribute_ids: Vec<u32>) -> Result<Self, TaggerError> {
        let (labels, features) = (attribute_ids.len(), self.num_features());
        if labels == 0 || bias.len() != labels || weight.len() != labels * features {
            return Err(TaggerError::Head { weights: weight.len(), biases: bias.len(), labels, features });
        }
        self.config = self.config.with_num_classes(labels);
        self.config.docent_mut().attribute_ids = attribute_ids;
        (self.weight, self.bias) = (weight, bias);
        Ok(self)
    }

    /// Changes with anything an embedding depends on, and with nothing else: 64 hexadecimal digits.
    pub fn backbone_key(&self) -> &str {
        &self.backbone_key
    }
}

/// RGB bytes of B pictures to f32 `[B, 3, H, W]`: each channel `(x / 255 - mean) / std`.
pub fn normalised(
    pixels: &[u8],
    (width, height): (usize, usize),
    mean: [f32; 3],
    std: [f32; 3],
    device: &Device,
) -> candle_core::Result<Tensor> {
    let n_pixels = width * height;
    let n = pixels.len() / (3 * n_pixels).max(1);
    let mut floats = vec![0.0_f32; n * 3 * n_pixels];
    for (plane, floats) in floats.chunks_mut(n_pixels.max(1)).enumerate() {
        let (image, channel) = (plane / 3, plane % 3);
        let (scale, shift) = (1.0 / (255.0 * std[channel]), -mean[channel] / std[channel]);
        let image = &pixels[image * 3 * n_pixels..(image + 1) * 3 * n_pixels];
        for (float, pixel) in floats.iter_mut().zip(image.as_chunks::<3>().0) {
            *float = f32::from(pixel[channel]) * scale + shift;
        }
    }
    Tensor::from_vec(floats, (n, 3, height, width), device)
}

/// The same in the order of the bytes, which is the one that fused convolutions work in: `[B, H, W, 3]`.
fn together(pixels: &[u8], mean: [f32; 3], std: [f32; 3]) -> Vec<f32> {
    /// Bytes at a time: whole pixels and whole vectors.
    const N: usize = 48;
    let scale: [f32; N] = std::array::from_fn(|at| 1.0 / (255.0 * std[at % 3]));
    let shift: [f32; N] = std::array::from_fn(|at| -mean[at % 3] / std[at % 3]);
    let mut floats = Vec::with_capacity(pixels.len());
    let (blocks, rest) = pixels.as_chunks::<N>();
    for block in blocks {
        let mut values = [0.0; N];
        for at in 0..N {
            values[at] = f32::from(block[at]) * scale[at] + shift[at];
        }
        floats.extend_from_slice(&values);
    }
    floats.extend(rest.iter().enumerate().map(|(at, byte)| f32::from(*byte) * scale[at] + shift[at]));
    floats
}

fn backbone_key(config: &Config, network: &Network, precision: Precision) -> candle_core::Result<String> {
    let mut hasher = blake3::Hasher::new();
    let about = format!(
        "embedding 2\n{} {:?} {:e}\n{:?} {:?} {:?}\n{} {} {}\n",
        network.config().name(),
        network.config().pad,
        network.config().norm_eps,
        config.pretrained_cfg.input_size,
        config.pretrained_cfg.mean,
        config.pretrained_cfg.std,
        config.preprocess().name(),
        config.pretrained_cfg.interpolation,
        config.pretrained_cfg.crop_pct,
    );
    hasher.update(about.as_bytes());
    if precision != Precision::F32 {
        hasher.update(precision.name().as_bytes());
    }
    for (name, tensor) in network.params().named_tensors() {
        if network.config().is_head(name) {
            continue;
        }
        hasher.update(format!("{name} {:?}\n", tensor.dims()).as_bytes());
        let floats = tensor.flatten_all()?.to_vec1::<f32>()?;
        let bytes: Vec<u8> = floats.iter().flat_map(|value| value.to_le_bytes()).collect();
        hasher.update(&bytes);
    }
    Ok(hasher.finalize().to_hex().to_string())
}

#[cfg(test)]
mod tests;
