//! Which images of a collection are copies of one another, with the fingerprints that the cache has.
//!
//! Looking at a picture with a network leaves its fingerprint in the cache, so that usually nothing is decoded here.
//! Floor 4; decoding runs on rayon's threads. What makes two pictures copies: `domain::fingerprint`.

use std::ops::ControlFlow;

use rayon::prelude::*;

use crate::base::hash;
use crate::collection::{Collection, ImageFile};
use crate::domain::duplicates;
use crate::imaging::{decode, reduced};
use crate::store::Cache;

/// Decoded together: enough for every core, few enough to stop within a moment.
const BATCH: usize = 16;

/// For every image the number of its group, as `Fold::of_groups` takes it. What is not there or cannot be decoded is alone.
///
/// `watch` hears how many are done, of how many; `None` where it breaks.
pub fn groups(
    collection: &Collection,
    cache: &Cache,
    images: &[Option<&ImageFile>],
    watch: &mut dyn FnMut(usize, usize) -> ControlFlow<()>,
) -> Option<Vec<usize>> {
    let content_of = |file: &Option<&ImageFile>| {
        let file = (*file)?;
        cache.content_of(&file.path, file.bytes, file.modified_millis)
    };
    let mut contents: Vec<Option<String>> = images.iter().map(content_of).collect();
    let mut fingerprints = vec![None; images.len()];
    let known: Vec<usize> = (0..images.len()).filter(|&at| contents[at].is_some()).collect();
    let keys: Vec<&str> = contents.iter().flatten().map(String::as_str).collect();
    for (at, found) in known.into_iter().zip(cache.fingerprints(&keys)) {
        fingerprints[at] = found;
    }
    let is_missing = |at: &usize| images[*at].is_some() && fingerprints[*at].is_none();
    let missing: Vec<usize> = (0..images.len()).filter(is_missing).collect();
    let mut n_done = images.len() - missing.len();
    for part in missing.chunks(BATCH) {
        if watch(n_done, images.len()).is_break() {
            return None;
        }
        let look = |&at: &usize| {
            let file = images[at]?;
            let path = collection.path_of(file);
            let bytes = decode::read(&path).ok()?;
            let fingerprint = reduced::fingerprint_of(&bytes, &path).ok()?;
            Some((at, file, hash::content(&bytes), fingerprint))
        };
        let looked: Vec<_> = part.par_iter().filter_map(look).collect();
        let stored: Vec<_> = looked.iter().map(|(.., key, fingerprint)| (key.clone(), fingerprint.clone())).collect();
        cache.put_fingerprints(&stored);
        for (at, file, key, fingerprint) in looked {
            cache.remember_content(&file.path, file.bytes, file.modified_millis, &key);
            (contents[at], fingerprints[at]) = (Some(key), Some(fingerprint));
        }
        n_done += part.len();
    }
    Some(duplicates::groups(&contents, &fingerprints))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::demo::{self, Plan};
    use crate::imaging;

    #[test]
    fn copies_are_found_once_and_remembered() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("demo");
        demo::write(&folder, &Plan { images: 30, seed: 5, annotated: 1.0 }, &|_, _| ControlFlow::Continue(())).unwrap();
        let first = Collection::open(&folder, &folder).unwrap();
        let path = first.path_of(&first.images[4]);
        let (again, smaller) = (folder.join("zz again.jpg"), folder.join("zz smaller.jpg"));
        fs::copy(&path, &again).unwrap();
        let picture = imaging::decode(&path).unwrap();
        let (width, height) = (picture.width() * 2 / 3, picture.height() * 2 / 3);
        let small = image::imageops::resize(&picture, width, height, image::imageops::FilterType::Triangle);
        small.save(&smaller).unwrap();

        let collection = Collection::open(&folder, &folder).unwrap();
        let images: Vec<Option<&ImageFile>> = collection.images.iter().map(Some).chain([None]).collect();
        let cache = Cache::in_memory();
        let mut n_asked = 0;
        let mut watch = |_: usize, _: usize| {
            n_asked += 1;
            ControlFlow::Continue(())
        };
        let found = groups(&collection, &cache, &images, &mut watch).unwrap();
        assert!(n_asked > 0 && duplicates::n_copies(&found) == 2, "{found:?}");
        assert_eq!(found[30..], [4, 4, 32]);
        assert_eq!(groups(&collection, &cache, &images, &mut |_, _| ControlFlow::Break(())), Some(found));
        assert_eq!(groups(&collection, &Cache::in_memory(), &images, &mut |_, _| ControlFlow::Break(())), None);
    }
}
