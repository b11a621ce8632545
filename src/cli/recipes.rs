//! `docent recipes`: what comes with the program, and the recipe that somebody named.

use std::fmt::Write as _;
use std::path::Path;

use super::args::{Recipes, RecipesVerb};
use super::terminal::{Failure, print};
use crate::jobs::Problem;
use crate::training::recipe::{PRESETS, Recipe, RecipeError};

pub(super) fn run(arguments: &Recipes) -> Result<(), Failure> {
    match &arguments.what {
        None | Some(RecipesVerb::List) => {
            let mut table = String::new();
            for preset in PRESETS {
                let _ = writeln!(table, "{:<10}  {}", preset.name, preset.about); // A string takes every line.
            }
            print(table.trim_end())
        }
        Some(RecipesVerb::Show { name }) => print(named(name)?.to_toml().trim_end()),
    }
}

/// A recipe by the name of a preset, or out of a file.
pub(super) fn named(name: &str) -> Result<Recipe, Failure> {
    if let Some(recipe) = Recipe::preset(name) {
        return Ok(recipe);
    }
    let path = Path::new(name);
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(_) if path.extension().is_none() && path.components().count() == 1 => {
            return Err(Failure::usage(RecipeError::NoSuchPreset { name: name.to_owned() }));
        }
        Err(error) => {
            let message = format!("the recipe cannot be read: {error}\nFile: {}", path.display());
            return Err(Failure::Usage(Problem::new(message, "give a TOML file, or a name from `docent recipes`")));
        }
    };
    Recipe::parse(&text).map_err(|error| {
        let problem = Problem::of(&error);
        Failure::Usage(Problem { message: format!("{}\nFile: {}", problem.message, path.display()), ..problem })
    })
}
