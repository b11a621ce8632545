//! Pictures for the screen: thumbnails of what is in view, the whole picture of one image and its neighbours.
//!
//! The newest list replaces older ones. Thumbnails come out of the cache, or are read and made ahead (`ahead`) by threads of
//! their own, one for every two cores and two at least, so that none ever waits behind a network.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::thread;

use rayon::ThreadPool;

use super::ahead::{Ahead, Make as _};
use super::outlet::{Gone, Outlet};
use super::queue::{Next, next};
use super::thumbnail::{SIDE, Thumbnail, Thumbnails};
use super::{Desk, Event, Problem};
use crate::collection::ImageFile;
use crate::domain::ImageId;
use crate::imaging::decode::{self, decode_bytes};
use crate::imaging::{self, Pixels, pixels};
use crate::store::Cache;

/// Longest side of a picture on the screen: graphics cards take 8,192 everywhere, and memory stays bounded.
const SCREEN: u32 = 4096;
/// Thumbnails that are looked for in the cache at once, and made ahead: few, because the first ones are waited for.
const AHEAD: usize = 16;

pub(super) enum PictureOrder {
    Desk(Option<Desk>),
    Thumbnails(Vec<ImageId>),
    Picture { image: ImageId, ahead: Vec<ImageId> },
}

struct Pictures<'a> {
    outlet: &'a Outlet,
    pool: Option<Arc<ThreadPool>>,
    desk: Option<Desk>,
    cache: Option<Cache>,
    picture: Option<ImageId>,
    thumbnails: Wanted,
    ahead: VecDeque<ImageId>,
}

/// Thumbnails that were asked for, each in one of three places.
#[derive(Default)]
struct Wanted {
    open: VecDeque<ImageId>,
    /// With what the cache has.
    stored: VecDeque<(ImageId, Vec<u8>)>,
    to_make: VecDeque<ImageId>,
    /// Of this collection; `None`: they are made on this thread.
    readers: Option<Ahead<Thumbnails>>,
}

pub(super) fn run(orders: &Receiver<PictureOrder>, outlet: &Outlet) {
    let n_threads = thread::available_parallelism().map_or(2, |n_cores| n_cores.get().div_ceil(2).max(2));
    let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).thread_name(|n| format!("docent-decode-{n}"));
    let pool = pool.build();
    let mut pictures = Pictures {
        outlet,
        pool: pool.map_err(|error| tracing::warn!("one decoding thread only: {error}")).ok().map(Arc::new),
        desk: None,
        cache: None,
        picture: None,
        thumbnails: Wanted::default(),
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

impl Wanted {
    fn replace(&mut self, wanted: Vec<ImageId>) {
        if let Some(readers) = self.readers.as_ref().filter(|_| wanted.is_empty()) {
            readers.want([]);
        }
        self.open = wanted.into();
        self.stored.clear();
        self.to_make.clear();
    }

    fn is_empty(&self) -> bool {
        self.open.is_empty() && self.stored.is_empty() && self.to_make.is_empty()
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
                // New ones: a file may have changed since the collection was open before.
                let readers = self
                    .pool
                    .clone()
                    .filter(|_| desk.is_some())
                    .map(|pool| Ahead::start(Thumbnails, AHEAD, Some(pool)));
                let started = readers.transpose().map_err(|error| tracing::warn!("nothing is read ahead: {error}"));
                self.thumbnails = Wanted { readers: started.ok().flatten(), ..Wanted::default() };
                self.desk = desk;
                self.picture = None;
                self.ahead.clear();
            }
            PictureOrder::Thumbnails(wanted) => self.thumbnails.replace(wanted),
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
        if let Some((image, jpeg)) = self.thumbnails.stored.pop_front() {
            return self.show_stored(image, &jpeg);
        }
        if !self.thumbnails.open.is_empty() && self.thumbnails.to_make.len() < AHEAD {
            self.sort_out();
            return Ok(());
        }
        if !self.thumbnails.to_make.is_empty() {
            return self.make_thumbnail();
        }
        self.ahead.pop_front().map_or(Ok(()), |image| self.picture(&image))
    }

    fn picture(&self, id: &ImageId) -> Result<(), Gone> {
        let Some((desk, file)) = self.find(id) else {
            return Ok(());
        };
        let path = desk.collection.path_of(file);
        let decoded = decode::read(&path).and_then(|bytes| {
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

    /// Which of those wanted next the cache has, and which are to be made; work on those begins.
    fn sort_out(&mut self) {
        let n = self.thumbnails.open.len().min(AHEAD);
        let wanted: Vec<ImageId> = self.thumbnails.open.drain(..n).collect();
        for id in wanted {
            let (Some((_, file)), Some(cache)) = (self.find(&id), &self.cache) else {
                continue;
            };
            let key = cache.content_of(&file.path, file.bytes, file.modified_millis);
            match key.and_then(|key| cache.thumbnail(&key, SIDE)) {
                Some(jpeg) => self.thumbnails.stored.push_back((id, jpeg)),
                None => self.thumbnails.to_make.push_back(id),
            }
        }
        if let Some(readers) = &self.thumbnails.readers {
            readers.want(self.to_make());
        }
    }

    /// The files of thumbnails to be made, in their order.
    fn to_make(&self) -> impl Iterator<Item = PathBuf> {
        let found = self.thumbnails.to_make.iter().filter_map(|id| self.find(id));
        found.map(|(desk, file)| desk.collection.path_of(file))
    }

    fn show_stored(&mut self, image: ImageId, jpeg: &[u8]) -> Result<(), Gone> {
        match pixels::from_jpeg(jpeg) {
            Ok(thumbnail) => self.outlet.send(Event::ThumbnailMade { image, thumbnail }),
            Err(_) => {
                self.thumbnails.to_make.push_front(image);
                Ok(())
            }
        }
    }

    /// The next one that the cache lacks.
    fn make_thumbnail(&mut self) -> Result<(), Gone> {
        let made = match &self.thumbnails.readers {
            Some(readers) => readers.fetch(self.to_make(), 1).pop(),
            None => self.to_make().next().map(|path| Thumbnails.make(&decode::read(&path)?, &path)),
        };
        let (Some(image), Some(made)) = (self.thumbnails.to_make.pop_front(), made) else {
            return Ok(());
        };
        self.outlet.send(match made {
            Ok(Thumbnail { key, pixels, jpeg }) => {
                if let (Some((_, file)), Some(cache)) = (self.find(&image), &self.cache) {
                    cache.remember_content(&file.path, file.bytes, file.modified_millis, &key);
                    cache.put_thumbnail(&key, SIDE, &jpeg);
                }
                Event::ThumbnailMade { image, thumbnail: pixels }
            }
            Err(error) => Event::PictureFailed { image, problem: Problem::of(&error) },
        })
    }
}
