//! Finding the pictures of a folder, sub-folders too, by name alone: nothing is opened, let alone decoded.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use rayon::prelude::*;

use super::natural;
use crate::base::{Finding, hint};
use crate::domain::ImageId;

const EXTENSIONS: [&str; 8] = ["jpg", "jpeg", "png", "webp", "tif", "tiff", "gif", "bmp"];

/// Deeper folders are a loop of links, or no collection.
const DEPTH: usize = 64;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageFile {
    pub id: ImageId,
    /// Relative to the collection's folder.
    pub path: PathBuf,
    pub bytes: u64,
    /// Since 1970; 0 where the system does not say.
    pub modified_millis: i64,
}

impl ImageFile {
    /// Its path with `/` between folders, whatever the system writes.
    pub fn slashed(&self) -> Cow<'_, str> {
        match self.path.to_string_lossy() {
            path if std::path::MAIN_SEPARATOR == '/' => path,
            path => path.replace(std::path::MAIN_SEPARATOR, "/").into(),
        }
    }
}

/// Pictures in natural order of their paths, and what was wrong on the way.
#[derive(Debug, Default)]
pub struct Scan {
    pub images: Vec<ImageFile>,
    pub findings: Vec<Finding>,
}

struct Found {
    path: PathBuf,
    bytes: u64,
    modified_millis: i64,
}

/// All pictures below `root`. Hidden files and folders are left out; links to files are followed, to folders not.
pub fn scan(root: &Path) -> Scan {
    let (found, mut findings) = folder(root, Path::new(""), DEPTH);
    let mut keyed: Vec<(String, Found)> = found.into_iter().map(|found| (slashed(&found.path), found)).collect();
    keyed.par_sort_by(|(a, _), (b, _)| natural::compare(a, b));
    let ids = ids(&keyed, root, &mut findings);
    let images = keyed
        .into_iter()
        .zip(ids)
        .map(|((_, Found { path, bytes, modified_millis }), id)| ImageFile { id, path, bytes, modified_millis })
        .collect::<Vec<_>>();
    for image in images.iter().filter(|image| image.bytes == 0) {
        let finding = Finding::new(root.join(&image.path), "the file is empty");
        findings.push(finding.with_hint("copy it again from where it came from"));
    }
    findings.sort();
    Scan { images, findings }
}

fn folder(root: &Path, relative: &Path, depth: usize) -> (Vec<Found>, Vec<Finding>) {
    let path = root.join(relative);
    let problem = |error: &std::io::Error, path: &Path| {
        let mut finding = Finding::new(path, format!("cannot be read: {error}"));
        finding.hint = hint::for_io(error);
        finding
    };
    if depth == 0 {
        let finding = Finding::new(&path, format!("folders are nested deeper than {DEPTH}; this one is left out"));
        return (Vec::new(), vec![finding.with_hint("move its pictures further up")]);
    }
    let entries = match fs::read_dir(&path) {
        Ok(entries) => entries,
        Err(error) => return (Vec::new(), vec![problem(&error, &path)]),
    };
    let (mut found, mut folders, mut findings) = (Vec::new(), Vec::new(), Vec::new());
    for entry in entries {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                findings.push(problem(&error, &path));
                continue;
            }
        };
        let name = entry.file_name();
        if name.as_encoded_bytes().starts_with(b".") {
            continue;
        }
        let inner = relative.join(&name);
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => folders.push(inner),
            Ok(_) if is_picture(&inner) => match fs::metadata(root.join(&inner)) {
                Ok(about) if about.is_file() => {
                    let modified = about.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
                    let modified_millis = modified.map_or(0, |time| time.as_millis() as i64);
                    found.push(Found { path: inner, bytes: about.len(), modified_millis });
                }
                Ok(_) => {}
                Err(error) => findings.push(problem(&error, &root.join(&inner))),
            },
            Ok(_) => {}
            Err(error) => findings.push(problem(&error, &root.join(&inner))),
        }
    }
    let below: Vec<_> = folders.par_iter().map(|inner| folder(root, inner, depth - 1)).collect();
    for (more, problems) in below {
        found.extend(more);
        findings.extend(problems);
    }
    (found, findings)
}

fn is_picture(path: &Path) -> bool {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    extension.is_some_and(|extension| EXTENSIONS.contains(&extension.as_str()))
}

fn slashed(path: &Path) -> String {
    path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// The name without extension where it is the only one, else the path without extension, else the whole path.
fn ids(files: &[(String, Found)], root: &Path, findings: &mut Vec<Finding>) -> Vec<ImageId> {
    let stem = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or(path);
        name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned()
    };
    let without_extension = |path: &str| path.rsplit_once('.').map_or(path, |(rest, _)| rest).to_owned();
    let mut n_stems: HashMap<String, usize> = HashMap::new();
    let mut n_paths: HashMap<String, usize> = HashMap::new();
    for (path, _) in files {
        *n_stems.entry(stem(path)).or_default() += 1;
        *n_paths.entry(without_extension(path)).or_default() += 1;
    }
    let mut taken: HashMap<String, ()> = HashMap::new();
    let mut name = |path: &str, found: &Found| {
        let (stem, longer) = (stem(path), without_extension(path));
        let wanted = if n_stems[&stem] == 1 { stem } else { longer.clone() };
        if taken.insert(wanted.clone(), ()).is_none() {
            return wanted;
        }
        let mut free = path.to_owned();
        let mut number = 2;
        while taken.insert(free.clone(), ()).is_some() {
            free = format!("{path}#{number}");
            number += 1;
        }
        let message = format!("another picture is named {longer} too; this one is called {free} in train.csv");
        findings.push(Finding::new(root.join(&found.path), message).with_hint("rename one of them"));
        free
    };
    files.iter().map(|(path, found)| ImageId::from(name(path, found))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scanned(paths: &[&str]) -> (Vec<String>, usize) {
        let root = tempfile::tempdir().unwrap();
        for path in paths {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            crate::base::fs::write_atomic(&path, b"x").unwrap();
        }
        let scan = scan(root.path());
        (scan.images.iter().map(|image| image.id.to_string()).collect(), scan.findings.len())
    }

    #[test]
    fn ids_are_as_short_as_they_can_be() {
        // (files, ids in order, findings)
        let cases: [(&[&str], &[&str], usize); 5] = [
            (&["b/10.PNG", "b/2.jpeg", "notes.txt", ".hidden/x.jpg", ".docent/thumbs/y.jpg"], &["2", "10"], 0),
            (&["a/1.jpg", "b/1.jpg", "c/2.jpg"], &["a/1", "b/1", "2"], 0),
            (&["a.jpg", "a.png"], &["a", "a.png"], 1),
            // `a.png` is the name of the first without its extension, and all of the third.
            (&["-/a.png.jpg", "a.jpg", "a.png"], &["a.png", "a", "a.png#2"], 1),
            (&["scan.v1.tif", "scan.v2.tif"], &["scan.v1", "scan.v2"], 0),
        ];
        for (files, ids, findings) in cases {
            let (found, n_findings) = scanned(files);
            assert_eq!((found, n_findings), (ids.iter().map(|id| (*id).to_owned()).collect(), findings), "{files:?}");
        }
    }

    #[test]
    fn an_empty_picture_is_a_finding_and_stays_in_the_collection() {
        let root = tempfile::tempdir().unwrap();
        fs::File::create(root.path().join("empty.png")).unwrap();
        let scan = scan(root.path());
        assert_eq!((scan.images.len(), scan.findings.len()), (1, 1));
    }
}
