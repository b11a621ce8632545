//! `docent recipes`: what comes with the program, and the recipe that somebody named.

use std::fmt::Write as _;
use std::path::Path;

use super::args::{Recipes, RecipesVerb};
use super::terminal::{Failure, print};
use crate::store::Location;
use crate::training::recipe::{PRESETS, Recipe, RecipeError};
use crate::training::recipes;

pub(super) fn run(arguments: &Recipes) -> Result<(), Failure> {
    match &arguments.what {
        None | Some(RecipesVerb::List) => {
            let mut table = String::new();
            for preset in PRESETS {
                let _ = writeln!(table, "{:<10}  {}", preset.name, preset.about); // A string takes every line.
            }
            print(table.trim_end())
        }
        Some(RecipesVerb::Show { name }) => print(named(name, None)?.to_toml().trim_end()),
    }
}

/// A recipe by the name of a preset, by the name it was saved under in a collection, or out of a file.
pub(super) fn named(name: &str, location: Option<&Location>) -> Result<Recipe, Failure> {
    if let Some(recipe) = Recipe::preset(name) {
        return Ok(recipe);
    }
    if let Some(found) = location.and_then(|location| recipes::find(location, name)) {
        return found.map_err(Failure::usage);
    }
    let path = Path::new(name);
    if path.extension().is_none() && path.components().count() == 1 && !path.is_file() {
        return Err(Failure::usage(RecipeError::NoSuchPreset { name: name.to_owned() }));
    }
    recipes::read(path.to_path_buf()).map_err(Failure::usage)
}
