//! Embeddings of a collection's pictures: out of the cache where they are, else decoded, fitted and looked at.
//!
//! Floor 4: brings collection, cache, imaging and model together. Starts no thread; decoding runs on rayon's.

use rayon::prelude::*;

use super::content;
use crate::collection::{Collection, ImageFile};
use crate::domain::ImageId;
use crate::imaging::{self, DecodeError, Fit, Interpolation};
use crate::model::{Config, Tagger, TaggerError};
use crate::store::Cache;

/// Decoded and looked at together: enough for every core, few enough to stop within a moment.
pub const BATCH: usize = 16;

/// What became of one picture.
#[derive(Debug)]
pub enum Embedded {
    /// F floats.
    Row(Vec<f32>),
    Failed(DecodeError),
}

/// The model that looks, and where to look and to remember.
pub struct Embedder<'a> {
    pub tagger: &'a Tagger,
    pub collection: &'a Collection,
    pub cache: &'a Cache,
}

impl Embedder<'_> {
    /// Embeddings of these images that need no decoding: `None` where there is none in the cache.
    pub fn cached(&self, images: &[&ImageFile]) -> Vec<Option<Vec<f32>>> {
        let keys: Vec<_> =
            images.iter().map(|file| self.cache.content_of(&file.path, file.bytes, file.modified_millis)).collect();
        let known: Vec<&str> = keys.iter().flatten().map(String::as_str).collect();
        let mut found = self.cache.embeddings(self.tagger.backbone_key(), &known).into_iter();
        let n_features = self.tagger.num_features();
        keys.iter()
            .map(|key| key.as_ref().and_then(|_| found.next().flatten()))
            .map(|row| row.filter(|row| row.len() == n_features))
            .collect()
    }

    /// Looks at these images and remembers what it saw. At most [`BATCH`] at a time keeps memory bounded.
    pub fn look(&self, images: &[&ImageFile]) -> Result<Vec<(ImageId, Embedded)>, TaggerError> {
        let fit = fit_of(self.tagger.config());
        let read = |file: &&ImageFile| {
            let (key, picture) = content::decode_with_key(&self.collection.path_of(file))?;
            Ok::<_, DecodeError>((key, fit.apply(&picture), imaging::fingerprint(&picture)))
        };
        let fitted: Vec<_> = images.par_iter().map(read).collect();
        let pixels: Vec<u8> = fitted.iter().flatten().flat_map(|(_, pixels, _)| pixels.iter().copied()).collect();
        let embeddings = self.tagger.embed(&pixels)?;
        let mut rows = embeddings.chunks_exact(self.tagger.num_features());
        let (mut stored, mut fingerprints) = (Vec::new(), Vec::new());
        let mut results = Vec::with_capacity(images.len());
        for (file, result) in images.iter().zip(fitted) {
            let embedded = match result {
                Ok((key, _, fingerprint)) => {
                    let row = rows.next().unwrap_or_default().to_vec();
                    self.cache.remember_content(&file.path, file.bytes, file.modified_millis, &key);
                    fingerprints.push((key.clone(), fingerprint));
                    stored.push((key, row.clone()));
                    Embedded::Row(row)
                }
                Err(error) => Embedded::Failed(error),
            };
            results.push((file.id.clone(), embedded));
        }
        self.cache.put_embeddings(self.tagger.backbone_key(), &stored);
        self.cache.put_fingerprints(&fingerprints);
        Ok(results)
    }
}

/// How a checkpoint wants its pictures.
pub fn fit_of(config: &Config) -> Fit {
    let [_channels, height, width] = config.pretrained_cfg.input_size;
    Fit {
        width: width as u32,
        height: height as u32,
        preprocess: config.preprocess(),
        interpolation: Interpolation::from_name(&config.pretrained_cfg.interpolation),
        crop_pct: config.pretrained_cfg.crop_pct,
    }
}
