//! Pictures for the screen: thumbnails of what is in view, the whole picture of one image and its neighbours.
//!
//! The newest list replaces older ones. Two threads of its own decode, so that a thumbnail never waits behind a network.

use std::collections::VecDeque;
use std::sync::mpsc::Receiver;

use image::RgbImage;
use rayon::ThreadPool;
use rayon::prelude::*;

use super::outlet::{Gone, Outlet};
use super::queue::{Next, next};
use super::{Desk, Event, Problem};
use crate::collection::ImageFile;
use crate::domain::ImageId;
use crate::imaging::decode::decode_bytes;
use crate::imaging::{self, DecodeError, Pixels, pixels};
use crate::store::Cache;
use crate::training::content;

/// Longest side of a thumbnail in pixels: sharp at the largest grid size on a dense screen.
pub(super) const THUMBNAIL: u32 = 384;
/// Longest side of a picture on the screen: graphics cards take 8,192 everywhere, and memory stays bounded.
const SCREEN: u32 = 4096;
/// Decoded at once, then orders are looked at again.
const AT_ONCE: usize = 4;

pub(super) enum PictureOrder {
    Desk(Option<Desk>),
    Thumbnails(Vec<ImageId>),
    Picture { image: ImageId, ahead: Vec<ImageId> },
}

struct Pictures<'a> {
    outlet: &'a Outlet,
    pool: Option<ThreadPool>,
    desk: Option<Desk>,
    cache: Option<Cache>,
    picture: Option<ImageId>,
    thumbnails: VecDeque<ImageId>,
    ahead: VecDeque<ImageId>,
}

pub(super) fn run(orders: &Receiver<PictureOrder>, outlet: &Outlet) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).thread_name(|n| format!("docent-decode-{n}")).build();
    let mut pictures = Pictures {
        outlet,
        pool: pool.map_err(|error| tracing::warn!("one decoding thread only: {error}")).ok(),
        desk: None,
        cache: None,
        picture: None,
        thumbnails: VecDeque::new(),
        ahead: VecDeque::new(),
    };
    loop {
        let result = match next(orders, pictures.is_idle()) {
            Next::Order(order) => {
                pictures.take(order);
                Ok(())
            }
            Next::None => pictures.work(),
            Next::HungUp => return,
        };
        if result == Err(Gone) {
            return;
        }
    }
}

impl Pictures<'_> {
    fn is_idle(&self) -> bool {
        self.picture.is_none() && self.thumbnails.is_empty() && self.ahead.is_empty()
    }

    fn take(&mut self, order: PictureOrder) {
        match order {
            PictureOrder::Desk(desk) => {
                self.cache = desk.as_ref().map(|desk| Cache::open(&desk.location));
                self.outlet.speak_of(desk.as_ref().map(|desk| desk.opening));
                self.desk = desk;
                self.picture = None;
                self.thumbnails.clear();
                self.ahead.clear();
            }
            PictureOrder::Thumbnails(wanted) => self.thumbnails = wanted.into(),
            PictureOrder::Picture { image, ahead } => {
                self.picture = Some(image);
                self.ahead = ahead.into();
            }
        }
    }

    /// One small piece of work: the picture in view, then thumbnails, then the pictures to have ready.
    fn work(&mut self) -> Result<(), Gone> {
        if let Some(image) = self.picture.take() {
            return self.picture(&image);
        }
        if !self.thumbnails.is_empty() {
            let n = self.thumbnails.len().min(AT_ONCE);
            let wanted: Vec<_> = self.thumbnails.drain(..n).collect();
            return self.make_thumbnails(&wanted);
        }
        self.ahead.pop_front().map_or(Ok(()), |image| self.picture(&image))
    }

    fn picture(&self, id: &ImageId) -> Result<(), Gone> {
        let Some((desk, file)) = self.find(id) else {
            return Ok(());
        };
        let path = desk.collection.path_of(file);
        let decoded = imaging::decode::read(&path).and_then(|bytes| {
            let picture = decode_bytes(&bytes, &path)?;
            Ok((picture, imaging::details(&bytes)))
        });
        let event = match decoded {
            Ok((picture, details)) => {
                let full_size = picture.dimensions();
                let reduced = pixels::at_most(&picture, SCREEN);
                let picture = Pixels::from(reduced.as_ref().unwrap_or(&picture));
                Event::PictureLoaded { image: id.clone(), picture, full_size, details }
            }
            Err(error) => Event::PictureFailed { image: id.clone(), problem: Problem::of(&error) },
        };
        self.outlet.send(event)
    }

    fn find(&self, id: &ImageId) -> Option<(&Desk, &ImageFile)> {
        let desk = self.desk.as_ref()?;
        Some((desk, desk.collection.image(id)?))
    }

    fn make_thumbnails(&self, wanted: &[ImageId]) -> Result<(), Gone> {
        let Some(cache) = &self.cache else {
            return Ok(());
        };
        let mut to_decode = Vec::new();
        for id in wanted {
            let Some((_, file)) = self.find(id) else {
                continue;
            };
            let key = cache.content_of(file.path.as_path(), file.bytes, file.modified_millis);
            let stored = key.and_then(|key| cache.thumbnail(&key, THUMBNAIL));
            match stored.map(|jpeg| pixels::from_jpeg(&jpeg)) {
                Some(Ok(thumbnail)) => self.outlet.send(Event::ThumbnailMade { image: id.clone(), thumbnail })?,
                _ => to_decode.push((id, file)),
            }
        }
        let Some(desk) = &self.desk else {
            return Ok(());
        };
        let decode_all = || {
            let one = |&(id, file): &(&ImageId, &ImageFile)| (id.clone(), file.clone(), Self::decode(desk, file));
            to_decode.par_iter().map(one).collect::<Vec<_>>()
        };
        let decoded = match &self.pool {
            Some(pool) => pool.install(decode_all),
            None => decode_all(),
        };
        for (image, file, result) in decoded {
            let event = match result {
                Ok((key, small)) => {
                    cache.remember_content(file.path.as_path(), file.bytes, file.modified_millis, &key);
                    cache.put_thumbnail(&key, THUMBNAIL, &pixels::to_jpeg(&small));
                    Event::ThumbnailMade { image, thumbnail: Pixels::from(&small) }
                }
                Err(error) => Event::PictureFailed { image, problem: Problem::of(&error) },
            };
            self.outlet.send(event)?;
        }
        Ok(())
    }

    fn decode(desk: &Desk, file: &ImageFile) -> Result<(String, RgbImage), DecodeError> {
        let (key, picture) = content::decode_with_key_at_least(&desk.collection.path_of(file), THUMBNAIL)?;
        let small = pixels::at_most(&picture, THUMBNAIL).unwrap_or(picture);
        Ok((key, small))
    }
}
