//! Embeddings of a collection's pictures: out of the cache where they are, else decoded, fitted and looked at.
//!
//! Whoever looks at pictures hands in where they come from fitted: threads that read and decode ahead of the network
//! (`jobs::ahead`). Floor 4: brings collection, cache, imaging and model together. Starts no thread.

use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};

use crate::base::{Hint, hash, hint};
use crate::collection::{Collection, ImageFile};
use crate::domain::fingerprint::Fingerprint;
use crate::imaging::{DecodeError, Decoding, Fit, Interpolation, reduced};
use crate::model::{Config, Tagger, TaggerError};
use crate::store::Cache;

/// Images asked of the cache at once: more than are ever read ahead.
const KEPT_AT_ONCE: usize = 128;

/// What became of one picture.
#[derive(Debug)]
pub enum Embedded {
    /// F floats, out of the cache.
    Kept(Vec<f32>),
    /// F floats, of a picture that was looked at.
    Row(Vec<f32>),
    Failed(DecodeError),
}

#[derive(Debug, thiserror::Error)]
pub enum LookError {
    #[error(transparent)]
    Tagger(#[from] TaggerError),
    #[error("nothing to read pictures with: {0}")]
    Source(#[from] io::Error),
}

impl Hint for LookError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::Tagger(_) => None,
            Self::Source(error) => hint::for_io(error),
        }
    }
}

/// A picture as a network takes it, with the key of its content.
#[derive(Debug)]
pub struct Fitted {
    key: String,
    pixels: Vec<u8>,
    fingerprint: Fingerprint,
}

/// How a network takes pictures.
#[derive(Debug, Clone, Copy)]
pub struct Fitting {
    pub fit: Fit,
    pub decoding: Decoding,
}

impl Fitting {
    /// From the bytes of a file; `path` only names them in errors.
    pub fn apply(&self, bytes: &[u8], path: &Path) -> Result<Fitted, DecodeError> {
        let (pixels, fingerprint) = reduced::fitted_with_fingerprint(bytes, &self.fit, self.decoding, path)?;
        Ok(Fitted { key: hash::content(bytes), pixels, fingerprint })
    }
}

/// Where fitted pictures come from.
pub trait FittedSource {
    /// The first of these files, fitted: `at_most` of them, or fewer; at least one where there is one.
    ///
    /// `files`: in the order in which they will be fetched, so that work on the others can begin.
    fn fetch(&self, files: &mut dyn Iterator<Item = PathBuf>, at_most: usize) -> Vec<Result<Fitted, DecodeError>>;
}

/// Opens a source for one way of taking pictures.
pub type OpenSource = fn(Fitting) -> io::Result<Box<dyn FittedSource>>;

/// The model that looks, and where to look and to remember.
#[derive(Clone, Copy)]
pub struct Embedder<'a> {
    pub tagger: &'a Tagger,
    pub collection: &'a Collection,
    pub cache: &'a Cache,
    pub decoding: Decoding,
}

impl<'a> Embedder<'a> {
    /// How the model takes pictures.
    pub fn fitting(&self) -> Fitting {
        Fitting { fit: fit_of(self.tagger.config()), decoding: self.decoding }
    }

    /// All these images, in their order, in parts as they are looked at. The next pictures are read and decoded meanwhile.
    pub fn look(self, images: Vec<&'a ImageFile>, open: OpenSource) -> Looking<'a> {
        Looking { embedder: self, open, source: None, images: images.into_iter(), asked: VecDeque::new() }
    }

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

    /// Looks at these images, fitted by [`Self::fitting`], and remembers what it saw.
    pub fn look_at(
        &self,
        images: &[&ImageFile],
        fitted: Vec<Result<Fitted, DecodeError>>,
    ) -> Result<Vec<Embedded>, TaggerError> {
        let pixels: Vec<u8> = fitted.iter().flatten().flat_map(|fitted| fitted.pixels.iter().copied()).collect();
        let embeddings = self.tagger.embed(&pixels)?;
        let mut rows = embeddings.chunks_exact(self.tagger.num_features());
        let (mut stored, mut fingerprints) = (Vec::new(), Vec::new());
        let mut results = Vec::with_capacity(images.len());
        for (file, result) in images.iter().zip(fitted) {
            results.push(match result {
                Ok(Fitted { key, fingerprint, .. }) => {
                    let row = rows.next().unwrap_or_default().to_vec();
                    self.cache.remember_content(&file.path, file.bytes, file.modified_millis, &key);
                    fingerprints.push((key.clone(), fingerprint));
                    stored.push((key, row.clone()));
                    Embedded::Row(row)
                }
                Err(error) => Embedded::Failed(error),
            });
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

/// Pictures being looked at; see [`Embedder::look`].
pub struct Looking<'a> {
    embedder: Embedder<'a>,
    open: OpenSource,
    /// As soon as the cache lacks something.
    source: Option<Box<dyn FittedSource>>,
    images: std::vec::IntoIter<&'a ImageFile>,
    /// What the cache was asked for, and not handed on yet; `None`: to be looked at.
    asked: VecDeque<(&'a ImageFile, Option<Embedded>)>,
}

impl<'a> Iterator for Looking<'a> {
    /// The next images, at least one.
    type Item = Result<Vec<(&'a ImageFile, Embedded)>, LookError>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.asked.len() < KEPT_AT_ONCE && self.images.len() > 0 {
            let files: Vec<_> = self.images.by_ref().take(KEPT_AT_ONCE).collect();
            let rows = self.embedder.cached(&files);
            self.asked.extend(files.into_iter().zip(rows).map(|(file, row)| (file, row.map(Embedded::Kept))));
        }
        while self.asked.front()?.1.is_none() {
            if let Err(error) = self.look_on() {
                return Some(Err(error));
            }
        }
        let n = self.asked.iter().take_while(|(_, embedded)| embedded.is_some()).count();
        Some(Ok(self.asked.drain(..n).filter_map(|(file, embedded)| Some((file, embedded?))).collect()))
    }
}

impl Looking<'_> {
    /// Looks at the next few that the cache lacks.
    fn look_on(&mut self) -> Result<(), LookError> {
        let Self { embedder, open, source, asked, .. } = self;
        let source = match source {
            Some(source) => source,
            None => source.insert(open(embedder.fitting())?),
        };
        let missing: Vec<usize> = (0..asked.len()).filter(|&at| asked[at].1.is_none()).collect();
        let mut paths = missing.iter().map(|&at| embedder.collection.path_of(asked[at].0));
        let fitted = source.fetch(&mut paths, embedder.tagger.at_once());
        let files: Vec<&ImageFile> = missing.iter().take(fitted.len()).map(|&at| asked[at].0).collect();
        for (at, embedded) in missing.into_iter().zip(embedder.look_at(&files, fitted)?) {
            asked[at].1 = Some(embedded);
        }
        Ok(())
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
