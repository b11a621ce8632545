//! Cache: the folder that Python's `huggingface_hub` keeps its files in, laid out as it does.
//!
//! ```text
//! models--owner--name/blobs/ETAG             the bytes
//! models--owner--name/snapshots/COMMIT/FILE  a link to them
//! models--owner--name/refs/main              the commit's name
//! .locks/models--owner--name/ETAG.lock       held by whoever writes that blob
//! ```
//! Not the network: looking here asks nobody. Source: `huggingface_hub` 1.x, `file_download.py`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{HubError, HubId};
use crate::base::fs::write_atomic;

pub const CONFIG_FILE: &str = "config.json";
/// The first that a repository has is taken.
pub const WEIGHTS_FILES: [&str; 2] = ["model.safetensors", "pytorch_model.bin"];

#[derive(Debug, Clone)]
pub struct Cache {
    root: PathBuf,
}

impl Cache {
    pub fn new(root: PathBuf) -> Self {
        Self { root }
    }

    /// The snapshot of a model that is here as a whole; looks only at this disk.
    pub fn find(&self, id: &HubId) -> Option<PathBuf> {
        let folder = self.folder(id);
        let commit = fs::read_to_string(folder.join("refs").join(id.revision())).ok();
        let commit = commit.as_deref().map_or(id.revision(), str::trim);
        let snapshot = folder.join("snapshots").join(commit);
        let plain = !commit.is_empty() && Path::new(commit).components().count() == 1 && commit != "..";
        (plain && snapshot.join(CONFIG_FILE).is_file() && weights_in(&snapshot).is_some()).then_some(snapshot)
    }

    /// Every model that is here as a whole, by name.
    pub fn list(&self) -> Vec<(HubId, PathBuf)> {
        let folders = fs::read_dir(&self.root).into_iter().flatten().flatten();
        let ids = folders.filter_map(|folder| HubId::of_folder_name(&folder.file_name().to_string_lossy()));
        let mut found: Vec<_> = ids.filter_map(|id| Some((id.clone(), self.find(&id)?))).collect();
        found.sort();
        found
    }

    pub(super) fn blob(&self, id: &HubId, etag: &str) -> PathBuf {
        self.folder(id).join("blobs").join(etag)
    }

    pub(super) fn lock(&self, id: &HubId, etag: &str) -> PathBuf {
        self.root.join(".locks").join(id.folder_name()).join(format!("{etag}.lock"))
    }

    /// Puts a blob into the snapshot of a commit: a link, or a copy where the system has no links for us.
    pub(super) fn link(&self, id: &HubId, commit: &str, file: &str, etag: &str) -> Result<(), HubError> {
        let snapshot = self.snapshot(id, commit);
        fs::create_dir_all(&snapshot).map_err(HubError::disk(&snapshot))?;
        let place = snapshot.join(file);
        let blob = self.blob(id, etag);
        if fs::canonicalize(&place).ok().is_some_and(|found| fs::canonicalize(&blob).ok() == Some(found)) {
            return Ok(());
        }
        // Beside it first, so that no reader meets a missing file.
        let beside = snapshot.join(format!("{file}.{}.tmp", std::process::id()));
        let put = || {
            if symlink(&Path::new("../../blobs").join(etag), &beside).is_err() {
                fs::copy(&blob, &beside)?;
            }
            fs::rename(&beside, &place)
        };
        put().map_err(|error| {
            let _ = fs::remove_file(&beside); // The error that matters is the first.
            HubError::disk(&place)(error)
        })
    }

    /// Notes that a revision is this commit; last, when every file of it is here.
    pub(super) fn name_revision(&self, id: &HubId, commit: &str) -> Result<(), HubError> {
        if id.revision() == commit {
            return Ok(());
        }
        let path = self.folder(id).join("refs").join(id.revision());
        let folder = path.parent().unwrap_or(&self.root);
        fs::create_dir_all(folder).map_err(HubError::disk(folder))?;
        write_atomic(&path, commit.as_bytes()).map_err(HubError::disk(&path))
    }

    pub(super) fn snapshot(&self, id: &HubId, commit: &str) -> PathBuf {
        self.folder(id).join("snapshots").join(commit)
    }

    fn folder(&self, id: &HubId) -> PathBuf {
        self.root.join(id.folder_name())
    }
}

/// The weights of a snapshot, if there are any.
fn weights_in(snapshot: &Path) -> Option<PathBuf> {
    WEIGHTS_FILES.iter().map(|file| snapshot.join(file)).find(|path| path.is_file())
}

#[cfg(unix)]
fn symlink(target: &Path, link: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, link)
}

#[cfg(windows)]
fn symlink(target: &Path, link: &Path) -> io::Result<()> {
    std::os::windows::fs::symlink_file(target, link)
}

#[cfg(not(any(unix, windows)))]
fn symlink(_target: &Path, _link: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> HubId {
        HubId::parse(text).unwrap()
    }

    fn put(cache: &Cache, id: &HubId, commit: &str, file: &str) {
        let blob = cache.blob(id, "abc");
        fs::create_dir_all(blob.parent().unwrap()).unwrap();
        write_atomic(&blob, b"bytes").unwrap();
        cache.link(id, commit, file, "abc").unwrap();
    }

    #[test]
    fn a_model_is_found_once_all_of_it_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path().join("hub"));
        let model = id("timm/resnet18.a1_in1k");
        assert!(cache.find(&model).is_none() && cache.list().is_empty());
        put(&cache, &model, "c0ffee", "config.json");
        assert!(cache.find(&id("timm/resnet18.a1_in1k@c0ffee")).is_none(), "no weights yet");
        put(&cache, &model, "c0ffee", "pytorch_model.bin");
        put(&cache, &model, "c0ffee", "pytorch_model.bin");
        assert!(cache.find(&model).is_none(), "the revision has no name yet");
        cache.name_revision(&model, "c0ffee").unwrap();
        let snapshot = cache.find(&model).unwrap();
        assert_eq!(snapshot, folder.path().join("hub/models--timm--resnet18.a1_in1k/snapshots/c0ffee"));
        assert_eq!(cache.find(&id("timm/resnet18.a1_in1k@c0ffee")), Some(snapshot.clone()));
        assert_eq!(cache.list(), [(model.clone(), snapshot.clone())]);
        assert_eq!(fs::read(snapshot.join("config.json")).unwrap(), b"bytes");
        fs::remove_file(cache.blob(&model, "abc")).unwrap();
        assert!(cache.find(&model).is_none(), "links that lead nowhere are no model");
    }

    #[test]
    fn a_reference_that_leads_out_of_the_cache_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path().to_path_buf());
        let model = id("a/b");
        put(&cache, &model, "c0ffee", "config.json");
        put(&cache, &model, "c0ffee", "model.safetensors");
        for commit in ["../snapshots/c0ffee", "..", "", "/"] {
            cache.name_revision(&model, commit).unwrap();
            assert_eq!(cache.find(&model), None, "{commit}");
        }
    }
}
