//! The house rules of ARCHITECTURE.md, as tests over the source text.

use std::fs;
use std::path::{Path, PathBuf};

/// Modules from the ground up; a module may use itself and the floors below its own.
const FLOORS: [(&str, usize); 15] = [
    ("base", 0),
    ("domain", 1),
    ("collection", 2),
    ("store", 2),
    ("imaging", 2),
    ("demo", 2),
    ("hub", 2),
    ("plot", 2),
    ("review", 2),
    ("model", 3),
    ("training", 4),
    ("jobs", 5),
    ("cli", 6),
    ("app", 6),
    ("main", 7),
];

struct Source {
    path: PathBuf,
    module: String,
    text: String,
}

fn sources() -> Vec<Source> {
    fn walk(folder: &Path, root: &Path, found: &mut Vec<Source>) {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                walk(&path, root, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let relative = path.strip_prefix(root).unwrap();
                let first = relative.components().next().unwrap().as_os_str().to_string_lossy();
                let module = first.trim_end_matches(".rs").to_owned();
                found.push(Source { text: fs::read_to_string(&path).unwrap(), path: relative.to_path_buf(), module });
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    walk(&root, &root, &mut found);
    found.retain(|source| source.module != "lib");
    assert!(found.len() > 30, "the walk found only {} files", found.len());
    found
}

fn floor(module: &str) -> usize {
    let found = FLOORS.iter().find(|(name, _)| *name == module);
    found.unwrap_or_else(|| panic!("{module} has no floor: add it to FLOORS and to ARCHITECTURE.md")).1
}

/// The lines of code, without comments, with their numbers from 1.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(number, line)| (number + 1, line.split("//").next().unwrap_or("")))
}

/// First names of the paths below `crate::` or `docent::` in a line.
fn used_modules(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    for root in ["crate::", "docent::"] {
        for (at, _) in line.match_indices(root) {
            let rest = &line[at + root.len()..];
            let names = match rest.strip_prefix('{') {
                Some(list) => list.split(',').collect(),
                None => vec![rest],
            };
            for name in names {
                let name: String = name.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                if name.chars().next().is_some_and(char::is_lowercase) {
                    found.push(name);
                }
            }
        }
    }
    found
}

#[test]
fn every_use_points_down() {
    for source in sources() {
        for (number, line) in code(&source.text) {
            for used in used_modules(line) {
                let allowed = used == source.module || floor(&used) < floor(&source.module);
                assert!(allowed, "{}:{number} uses {used}, which is not below it", source.path.display());
            }
        }
    }
}

#[test]
fn each_library_stays_on_its_floors() {
    // (library, the only modules that may name it)
    let homes: [(&str, &[&str]); 12] = [
        ("candle_core", &["model", "training"]),
        ("candle_nn", &["model", "training"]),
        ("image::", &["imaging", "demo", "plot", "training", "jobs", "cli"]),
        ("mozjpeg", &["imaging"]),
        ("fast_image_resize", &["imaging"]),
        ("eframe", &["app"]),
        ("egui", &["app"]),
        ("rusqlite", &["store"]),
        ("tiny_skia", &["demo"]),
        ("plotters", &["plot"]),
        ("ureq", &["hub"]),
        ("rustls", &["hub"]),
    ];
    for source in sources() {
        for (number, line) in code(&source.text) {
            for (library, modules) in &homes {
                let named = line.match_indices(library).any(|(at, _)| {
                    let before = line[..at].chars().next_back();
                    !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':' || c == '"')
                });
                let allowed = !named || modules.contains(&source.module.as_str());
                assert!(allowed, "{}:{number} names {library}", source.path.display());
            }
        }
    }
}

#[test]
fn only_jobs_starts_threads() {
    for source in sources() {
        for (number, line) in code(&source.text) {
            let starts =
                line.contains("thread::spawn") || line.contains("thread::Builder") || line.contains("thread::scope");
            assert!(!starts || source.module == "jobs", "{}:{number} starts a thread", source.path.display());
        }
    }
}

#[test]
fn files_are_short_and_leave_no_loose_ends() {
    for source in sources() {
        let n_lines = source.text.lines().count();
        assert!(n_lines <= 400, "{} has {n_lines} lines; it is usually two concepts", source.path.display());
        for (number, line) in source.text.lines().enumerate() {
            let loose = ["TODO", "FIXME", "XXX"].iter().any(|word| line.contains(word));
            assert!(!loose, "{}:{}: {line}", source.path.display(), number + 1);
        }
        assert!(source.text.starts_with("//!"), "{} does not say what it is", source.path.display());
    }
}
