//! `docent compare FOLDER --recipes FILE.toml`: several recipes on the same images, judged on the same ones, as a table.
//!
//! A checkpoint that an earlier, interrupted comparison made is not trained again, and the run that was at hand is gone
//! on with. Source of the columns: the report's table of experiments.

use std::fmt::Write as _;
use std::fs;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::{Duration, Instant};

use super::args::Compare;
use super::collection::{Desk, device};
use super::interrupt::Interrupt;
use super::terminal::{Failure, print, say};
use super::train::Terminal;
use crate::base::fs::write_atomic;
use crate::collection::ImageFile;
use crate::imaging::DecodeError;
use crate::jobs::{Problem, ahead};
use crate::model::Config;
use crate::plot::{self, Series};
use crate::store::{Cache, Location};
use crate::training::fine_tune::Report;
use crate::training::recipe::RecipeError;
use crate::training::session::{self, Job, Session, Watcher};
use crate::training::{Loss, Progress, Recipe, models, recipes, unfinished};

/// One row of the comparison, before it is run.
#[derive(Debug, Clone, PartialEq)]
struct Entry {
    name: String,
    model: Option<String>,
    recipe: Recipe,
}

/// One row after it.
struct Row {
    name: String,
    architecture: String,
    recipe: Recipe,
    result: Result<Report, String>,
}

pub(super) fn run(arguments: &Compare) -> Result<(), Failure> {
    let text = fs::read_to_string(&arguments.recipes).map_err(|error| {
        let message = format!("the recipes cannot be read: {error}\nFile: {}", arguments.recipes.display());
        Failure::Usage(Problem::new(message, "docent compare --help shows what the file looks like"))
    })?;
    let entries = entries(&text).map_err(|error| {
        let problem = Problem::of(&error);
        let message = format!("{}\nFile: {}", problem.message, arguments.recipes.display());
        Failure::Usage(Problem { message, ..problem })
    })?;
    let desk = Desk::open(&arguments.folder)?;
    let annotations = desk.annotations()?;
    let location = Location::of(&arguments.folder).map_err(Failure::usage)?;
    let mut comparison = Comparison {
        session: Session {
            job: Job::Resume,
            collection: &desk.collection,
            vocabulary: &desk.collection.vocabulary,
            location: &location,
            cache: &Cache::open(&location),
            device: &device(arguments.device),
            open: ahead::open,
            save_every: unfinished::EVERY,
        },
        deadline: arguments.time_budget.map(|seconds| Instant::now() + Duration::from_secs_f64(seconds)),
        interrupt: Interrupt::listen(),
        rows: Vec::new(),
        curves: Vec::new(),
    };
    for (at, entry) in entries.iter().enumerate() {
        let model = entry.model.clone().unwrap_or_else(|| desk.model_name(arguments.model.as_deref()));
        let new = Job::New {
            recipe: Box::new(comparison.within_budget(&entry.recipe, entries.len() - at)),
            start: super::train::start(&model, arguments.size),
            out: Some(entry.name.clone()),
            annotations: &annotations,
        };
        comparison.run(entry, &model, new)?;
    }
    comparison.report(arguments.out.as_deref())
}

struct Comparison<'a> {
    session: Session<'a>,
    deadline: Option<Instant>,
    interrupt: Interrupt,
    rows: Vec<Row>,
    curves: Vec<Series>,
}

impl<'a> Comparison<'a> {
    /// What is left of the time, shared out among the recipes that are left.
    fn within_budget(&self, recipe: &Recipe, n_left: usize) -> Recipe {
        let Some(deadline) = self.deadline else {
            return recipe.clone();
        };
        let left = deadline.saturating_duration_since(Instant::now()).as_secs_f64() / n_left.max(1) as f64;
        Recipe { time_budget: Some(recipe.time_budget.map_or(left, |own| own.min(left))), ..recipe.clone() }
    }

    fn run(&mut self, entry: &Entry, model: &str, new: Job<'a>) -> Result<(), Failure> {
        let Entry { name, recipe, .. } = entry;
        if let Some((architecture, report)) = self.known(entry) {
            say(format!("{name}: trained already"));
            self.rows.push(Row { name: name.clone(), architecture, recipe: recipe.clone(), result: Ok(report) });
            return Ok(());
        }
        let interrupted = unfinished::find(self.session.location)
            .is_ok_and(|left| left.out.as_ref() == Some(name) && is_same(&left.recipe, recipe));
        say(format!("{name}: {}", if interrupted { "going on" } else { "training" }));
        self.session.job = if interrupted { Job::Resume } else { new };
        let mut watcher = Curve { terminal: Terminal::new(self.interrupt.clone()), points: Vec::new() };
        let result = session::run(&self.session, &mut watcher);
        self.curves.push(Series { name: name.clone(), points: watcher.points });
        let (architecture, result) = match result {
            Ok(finished) => (finished.config.architecture, Ok(finished.report)),
            Err(error) if error.is_cancel() => {
                return Err(Failure::Cancelled("stopped; the same command goes on from here".to_owned()));
            }
            Err(error) => {
                let problem = Problem::of(&error);
                say(format!("{name}: {problem}"));
                (model.to_owned(), Err(problem.message.lines().next().unwrap_or_default().to_owned()))
            }
        };
        self.rows.push(Row { name: name.clone(), architecture, recipe: recipe.clone(), result });
        Ok(())
    }

    /// What an earlier comparison found with this recipe under this name.
    fn known(&self, entry: &Entry) -> Option<(String, Report)> {
        let (_, config) = models::read(&entry.name, Some(self.session.location)).ok()?;
        let Config { architecture, docent: Some(docent), .. } = config else {
            return None;
        };
        let recipe: Recipe = serde_json::from_value(docent.recipe).ok()?;
        let report = serde_json::from_value(docent.metrics).ok()?;
        is_same(&recipe, &entry.recipe).then_some((architecture, report))
    }

    fn report(&self, out: Option<&Path>) -> Result<(), Failure> {
        let (markdown, csv) = (markdown(&self.rows), csv(&self.rows));
        if let Some(folder) = out {
            let write = || {
                fs::create_dir_all(folder)?;
                write_atomic(&folder.join("comparison.md"), markdown.as_bytes())?;
                write_atomic(&folder.join("comparison.csv"), csv.as_bytes())
            };
            let failed = |error: &dyn std::fmt::Display| {
                let message = format!("the comparison cannot be written: {error}\nFile: {}", folder.display());
                Failure::Data(Problem { message, hint: None })
            };
            write().map_err(|error| failed(&error))?;
            let longest =
                self.curves.iter().flat_map(|line| &line.points).fold(0.0, |longest: f64, p| longest.max(p.0));
            let (unit, seconds) = if longest < 180.0 { ("seconds", 1.0) } else { ("minutes", 60.0) };
            let in_unit = |line: &Series| Series {
                name: line.name.clone(),
                points: line.points.iter().map(|(x, y)| (x / seconds, *y)).collect(),
            };
            let curves: Vec<Series> = self.curves.iter().map(in_unit).collect();
            let axes = (unit, "F2 micro, validation");
            plot::lines(&folder.join("comparison.png"), axes, &curves).map_err(Failure::data)?;
        }
        print(markdown.trim_end())?;
        if self.rows.iter().any(|row| row.result.is_err()) { Err(Failure::Problems) } else { Ok(()) }
    }
}

/// Whether two recipes do the same, however long they may take.
fn is_same(a: &Recipe, b: &Recipe) -> bool {
    Recipe { time_budget: None, ..a.clone() } == Recipe { time_budget: None, ..b.clone() }
}

/// A terminal that also keeps the course of F2.
struct Curve {
    terminal: Terminal,
    /// Seconds, F2 micro.
    points: Vec<(f64, f64)>,
}

impl Watcher for Curve {
    fn looking(&mut self, done: usize, total: usize, n_kept: usize) -> ControlFlow<()> {
        self.terminal.looking(done, total, n_kept)
    }

    fn training(&mut self, progress: &Progress) -> ControlFlow<()> {
        if let (Some(f2), false) = (progress.f2_micro, progress.warm_up)
            && self.points.last().is_none_or(|(_, last)| *last != f2)
        {
            self.points.push((progress.seconds, f2));
        }
        self.terminal.training(progress)
    }

    fn unusable(&mut self, file: &ImageFile, why: &DecodeError) {
        self.terminal.unusable(file, why);
    }
}

/// The rows of a recipes file. `seed` and `validation` at its top are everybody's, so that all are judged alike.
fn entries(text: &str) -> Result<Vec<Entry>, RecipeError> {
    let syntax = |words: String| RecipeError::Syntax(words);
    let mut whole: toml::Table = toml::from_str(text).map_err(|error| syntax(error.to_string()))?;
    let rows = match whole.remove("recipe") {
        Some(toml::Value::Array(rows)) if !rows.is_empty() => rows,
        _ => return Err(syntax("there is no [[recipe]] in it".to_owned())),
    };
    let model = whole.remove("model");
    let common: toml::Table =
        ["seed", "validation"].into_iter().filter_map(|name| Some((name.to_owned(), whole.remove(name)?))).collect();
    if let Some(unknown) = whole.keys().next() {
        return Err(syntax(format!("{unknown:?} is none of model, seed, validation and [[recipe]]")));
    }
    let mut entries: Vec<Entry> = Vec::new();
    for row in rows {
        let toml::Value::Table(mut row) = row else {
            return Err(syntax("a recipe is a table of fields".to_owned()));
        };
        let name = match row.remove("name") {
            Some(toml::Value::String(name)) if recipes::is_name(&name) => name,
            other => return Err(syntax(format!("a recipe needs a plain name, found {other:?}"))),
        };
        if entries.iter().any(|entry| entry.name == name) {
            return Err(syntax(format!("two recipes are named {name:?}")));
        }
        let model = match row.remove("model").or_else(|| model.clone()) {
            Some(toml::Value::String(model)) => Some(model),
            None => None,
            Some(other) => return Err(syntax(format!("a model is named in words, not {other}"))),
        };
        if let Some(twice) = common.keys().find(|name| row.contains_key(*name)) {
            return Err(syntax(format!("{twice} stands at the top already, so that all are judged alike")));
        }
        row.extend(common.clone());
        entries.push(Entry { name, model, recipe: Recipe::from_table(row)? });
    }
    let split = |recipe: &Recipe| (recipe.seed, recipe.validation.to_bits());
    if entries.iter().any(|entry| split(&entry.recipe) != split(&entries[0].recipe)) {
        return Err(syntax("seed or validation differ: the recipes would be judged on different images".to_owned()));
    }
    Ok(entries)
}

const HEAD: [&str; 12] = [
    "name",
    "network",
    "trained",
    "loss",
    "attention",
    "pictures",
    "epoch kept",
    "validation loss",
    "F2 micro",
    "F2 per image",
    "mAP",
    "threshold",
];

fn cells(row: &Row) -> [String; 12] {
    let recipe = &row.recipe;
    let loss = match recipe.loss {
        Loss::Focal { gamma, .. } => format!("focal {gamma}"),
        Loss::Binary => "binary".to_owned(),
        Loss::Asymmetric { .. } => "asymmetric".to_owned(),
    };
    let pictures = recipe.preprocess.map_or("as the model", |preprocess| preprocess.name());
    let depth = format!("{:?}", recipe.depth).to_lowercase();
    let attention = if recipe.attention { "yes" } else { "no" };
    let figures = match &row.result {
        Ok(report) => {
            let metrics = &report.metrics;
            [
                report.epoch.to_string(),
                format!("{:.4}", report.loss),
                format!("{:.3}", metrics.f2_micro),
                format!("{:.3}", metrics.f2_per_image),
                format!("{:.3}", metrics.map),
                format!("{:.2}", metrics.threshold),
            ]
        }
        Err(reason) => [reason.clone(), String::new(), String::new(), String::new(), String::new(), String::new()],
    };
    let [epoch, validation, micro, per_image, map, threshold] = figures;
    [
        row.name.clone(),
        row.architecture.clone(),
        depth,
        loss,
        attention.to_owned(),
        pictures.to_owned(),
        epoch,
        validation,
        micro,
        per_image,
        map,
        threshold,
    ]
}

/// Best F2 micro first.
fn markdown(rows: &[Row]) -> String {
    let f2 = |row: &&Row| row.result.as_ref().map_or(-1.0, |report| report.metrics.f2_micro);
    let mut sorted: Vec<&Row> = rows.iter().collect();
    sorted.sort_by(|a, b| f2(b).total_cmp(&f2(a)));
    let mut table = format!("| {} |\n|{}\n", HEAD.join(" | "), "---|".repeat(HEAD.len()));
    for row in sorted {
        let _ = writeln!(table, "| {} |", cells(row).join(" | ")); // A string takes every line.
    }
    table
}

fn csv(rows: &[Row]) -> String {
    let quoted = |cell: &String| match cell.contains([',', '"', '\n']) {
        true => format!("\"{}\"", cell.replace('"', "\"\"")),
        false => cell.clone(),
    };
    let mut table = HEAD.map(|name| name.replace(' ', "_").to_lowercase()).join(",") + "\n";
    for row in rows {
        table += &(cells(row).iter().map(quoted).collect::<Vec<_>>().join(",") + "\n");
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::training::Depth;

    #[test]
    fn a_file_of_recipes_gives_its_rows_and_what_they_share() {
        let text = "seed = 3\nmodel = \"starter\"\n[[recipe]]\nname = \"focal\"\n[[recipe]]\nname = \"deep\"\nmodel = \"resnet18\"\npreset = \"last\"\nloss = { name = \"binary\" }\n";
        let found = entries(text).unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].model.as_deref(), found[1].model.as_deref()), (Some("starter"), Some("resnet18")));
        assert_eq!(found[0].recipe, Recipe { seed: 3, ..Recipe::default() });
        assert_eq!(found[1].recipe, Recipe { seed: 3, loss: Loss::Binary, ..Recipe::for_depth(Depth::Last) });
    }

    #[test]
    fn what_cannot_be_compared_is_refused_by_name() {
        for (text, named) in [
            ("", "[[recipe]]"),
            ("speed = 3\n[[recipe]]\nname = \"a\"", "speed"),
            ("[[recipe]]\nepochs = 3", "name"),
            ("[[recipe]]\nname = \"a\"\n[[recipe]]\nname = \"a\"", "two recipes"),
            ("[[recipe]]\nname = \"a\"\n[[recipe]]\nname = \"b\"\nseed = 2", "different images"),
            ("seed = 1\n[[recipe]]\nname = \"a\"\nseed = 2", "seed"),
            ("[[recipe]]\nname = \"../a\"", "plain name"),
            ("[[recipe]]\nname = \"a\"\nepochs = 0", "epochs"),
        ] {
            let message = entries(text).unwrap_err().to_string();
            assert!(message.contains(named), "{text}: {message}");
        }
    }
}
