//! Embeddings of a collection's pictures: out of the cache where they are, else decoded, fitted and looked at.
//!
//! Floor 4: brings collection, cache, imaging and model together. Starts no thread; decoding runs on rayon's. Reading
//! ahead of the network is not here but above (`jobs::ahead`).

use std::path::Path;

use rayon::prelude::*;

use crate::base::hash;
use crate::collection::{Collection, ImageFile};
use crate::domain::ImageId;
use crate::domain::fingerprint::Fingerprint;
use crate::imaging::{DecodeError, Decoding, Fit, Interpolation, decode, reduced};
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

/// A picture as a network takes it, with the key of its content.
#[derive(Debug)]
pub struct Fitted {
    key: String,
    pixels: Vec<u8>,
    fingerprint: Fingerprint,
}

impl Fitted {
    /// From the bytes of a file; `path` only names them in errors.
    pub fn of(bytes: &[u8], fit: &Fit, decoding: Decoding, path: &Path) -> Result<Self, DecodeError> {
        let (pixels, fingerprint) = reduced::fitted_with_fingerprint(bytes, fit, decoding, path)?;
        Ok(Self { key: hash::content(bytes), pixels, fingerprint })
    }
}

/// The model that looks, and where to look and to remember.
pub struct Embedder<'a> {
    pub tagger: &'a Tagger,
    pub collection: &'a Collection,
    pub cache: &'a Cache,
    pub decoding: Decoding,
}

impl Embedder<'_> {
    /// Embeddings of these images that need no decoding: `None` where there is none in the cache.
    pub fn cached(&self, images: &[&ImageFile]) -> Vec<Option<Vec<f32>>> {
        let keys: Vec<_> =
            images.iter().map(|file| self.cache.content_of(&file.path, file.bytes, file.modified_millis)).collect();
        let known: Vec<&str> = keys.iter().flatten().map(String::as_str).collect();
        let mut found = self.cache.embeddings(&self.backbone(), &known).into_iter();
        let n_features = self.tagger.num_features();
        keys.iter()
            .map(|key| key.as_ref().and_then(|_| found.next().flatten()))
            .map(|row| row.filter(|row| row.len() == n_features))
            .collect()
    }

    /// Looks at these images and remembers what it saw. At most [`BATCH`] at a time keeps memory bounded.
    pub fn look(&self, images: &[&ImageFile]) -> Result<Vec<(ImageId, Embedded)>, TaggerError> {
        let (fit, collection, decoding) = (fit_of(self.tagger.config()), self.collection, self.decoding);
        let read = |file: &&ImageFile| {
            let path = collection.path_of(file);
            Fitted::of(&decode::read(&path)?, &fit, decoding, &path)
        };
        self.look_at(images, images.par_iter().map(read).collect())
    }

    /// The same, of images that were fitted before, by [`fit_of`] the model.
    pub fn look_at(
        &self,
        images: &[&ImageFile],
        fitted: Vec<Result<Fitted, DecodeError>>,
    ) -> Result<Vec<(ImageId, Embedded)>, TaggerError> {
        let pixels: Vec<u8> = fitted.iter().flatten().flat_map(|fitted| fitted.pixels.iter().copied()).collect();
        let embeddings = self.tagger.embed(&pixels)?;
        let mut rows = embeddings.chunks_exact(self.tagger.num_features());
        let (mut stored, mut fingerprints) = (Vec::new(), Vec::new());
        let mut results = Vec::with_capacity(images.len());
        for (file, result) in images.iter().zip(fitted) {
            let embedded = match result {
                Ok(Fitted { key, fingerprint, .. }) => {
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
        self.cache.put_embeddings(&self.backbone(), &stored);
        self.cache.put_fingerprints(&fingerprints);
        Ok(results)
    }

    /// What embeddings are kept under: the same pixels come of both ways of decoding where the network needs all of them.
    fn backbone(&self) -> String {
        let key = self.tagger.backbone_key();
        let is_scaled = self.decoding == Decoding::Scaled && fit_of(self.tagger.config()).takes_reduced();
        if is_scaled { format!("{key} scaled") } else { key.to_owned() }
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
