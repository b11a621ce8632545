//! The recipes of a collection: TOML files that the curator saved, beside those that come with the program.

use std::fs;
use std::io;
use std::path::PathBuf;

use super::recipe::{Recipe, RecipeError};
use crate::base::fs::write_atomic;
use crate::base::{Hint, hint};
use crate::store::Location;

const EXTENSION: &str = "toml";

#[derive(Debug, thiserror::Error)]
pub enum RecipesError {
    #[error("{name:?} cannot be the name of a recipe")]
    Name { name: String },
    #[error("the recipe cannot be kept: {source}\nFile: {}", .path.display())]
    Write { source: io::Error, path: PathBuf },
    #[error("the recipe cannot be read: {source}\nFile: {}", .path.display())]
    Read { source: io::Error, path: PathBuf },
    #[error("{source}\nFile: {}", .path.display())]
    Recipe { source: RecipeError, path: PathBuf },
}

impl Hint for RecipesError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::Name { .. } => Some("use letters, digits, spaces, - and _".to_owned()),
            Self::Write { source, .. } | Self::Read { source, .. } => hint::for_io(source),
            Self::Recipe { source, .. } => source.hint(),
        }
    }
}

/// Those saved here, by name. A file that is no recipe is left out with a warning.
pub fn list(location: &Location) -> Vec<(String, Recipe)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder(location)).into_iter().flatten().flatten() {
        let path = entry.path();
        let Some(name) = path.file_stem().map(|name| name.to_string_lossy().into_owned()) else {
            continue;
        };
        if path.extension().is_none_or(|extension| extension != EXTENSION) || name.starts_with('.') {
            continue;
        }
        match read(path) {
            Ok(recipe) => found.push((name, recipe)),
            Err(error) => tracing::warn!("{error}"),
        }
    }
    found.sort_by(|(a, _), (b, _)| a.cmp(b));
    found
}

/// One saved here; `None` if there is none of that name.
pub fn find(location: &Location, name: &str) -> Option<Result<Recipe, RecipesError>> {
    let path = folder(location).join(format!("{name}.{EXTENSION}"));
    (is_name(name) && path.is_file()).then(|| read(path))
}

/// From any file.
pub fn read(path: PathBuf) -> Result<Recipe, RecipesError> {
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(source) => return Err(RecipesError::Read { source, path }),
    };
    Recipe::parse(&text).map_err(|source| RecipesError::Recipe { source, path })
}

/// Keeps one under a name; one that had it is replaced.
pub fn save(location: &Location, name: &str, recipe: &Recipe) -> Result<(), RecipesError> {
    if !is_name(name) {
        return Err(RecipesError::Name { name: name.to_owned() });
    }
    let folder = folder(location);
    let path = folder.join(format!("{name}.{EXTENSION}"));
    let write = || {
        fs::create_dir_all(&folder)?;
        write_atomic(&path, recipe.to_toml().as_bytes())
    };
    write().map_err(|source| RecipesError::Write { source, path: path.clone() })
}

fn folder(location: &Location) -> PathBuf {
    location.folder().join("recipes")
}

/// Whether it can be a file's name on every system, and no path.
pub fn is_name(name: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
    !name.trim().is_empty() && name.trim() == name && name.len() <= 80 && name.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_saved_recipe_is_found_by_its_name_and_a_broken_file_is_left_out() {
        let folder = tempfile::tempdir().unwrap();
        let location = Location::of(folder.path()).unwrap();
        assert!(list(&location).is_empty() && find(&location, "mine").is_none());
        save(&location, "mine", &Recipe::report()).unwrap();
        save(&location, "a few", &Recipe::default()).unwrap();
        write_atomic(&folder.path().join(".docent/recipes/broken.toml"), b"epochs = x").unwrap();
        let names: Vec<String> = list(&location).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["a few", "mine"]);
        assert_eq!(find(&location, "mine").unwrap().unwrap(), Recipe::report());
        let broken = find(&location, "broken").unwrap().unwrap_err().to_string();
        assert!(broken.contains("line 1") && broken.contains("broken.toml"), "{broken}");
    }

    #[test]
    fn a_name_is_no_path() {
        let folder = tempfile::tempdir().unwrap();
        let location = Location::of(folder.path()).unwrap();
        for name in ["", " ", "../x", "a/b", "a\\b", "a.", "x ", "a:b"] {
            assert!(matches!(save(&location, name, &Recipe::default()), Err(RecipesError::Name { .. })), "{name}");
        }
    }
}
