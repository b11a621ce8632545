//! What the window remembers about its user, apart from any collection: theme, device, recent folders, sizes.
//!
//! Losing it costs nothing but a few clicks, so a file that cannot be read or written is no error: it is a message.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Deserializer, Serialize};

use super::keymap::Written;
use super::texts::Language;
use crate::model::Precision;
use crate::model::device::Choice;
use crate::training::Recipe;

const MAX_RECENT: usize = 8;
const MAX_THRESHOLDS: usize = 200;

/// A query with a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedQuery {
    pub name: String,
    pub query: String,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ThemeChoice {
    #[default]
    Dark,
    Light,
    System,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Of the window's texts.
    pub language: Language,
    pub theme: ThemeChoice,
    /// The same themes with more contrast and a stronger line around what has the keyboard.
    pub high_contrast: bool,
    /// Signs decisions; empty: the name of the account does.
    pub name: String,
    /// Where to compute.
    pub device: Choice,
    /// In which pictures are looked at, where proposals stay the same.
    pub precision: Precision,
    /// 1.0 is the system's own size.
    pub scale: f32,
    /// Width of a thumbnail in the library, in points.
    pub thumbnail: f32,
    /// Size of the window when it is not maximized, in points.
    pub window: Option<(f32, f32)>,
    /// Its upper left corner, in points, where the system tells it.
    pub position: Option<(f32, f32)>,
    pub maximized: bool,
    /// Of the panels at the sides, by name (`sides`), in points.
    pub widths: BTreeMap<String, f32>,
    /// Panels at the sides that are hidden, by name.
    pub hidden: BTreeSet<String>,
    /// What was changed about the keys. A part that is not understood is kept and not used.
    #[serde(deserialize_with = "of_any_shape")]
    pub keys: Written,
    /// Last opened first.
    pub recent: Vec<PathBuf>,
    /// For the next fine-tune.
    pub recipe: Recipe,
    /// Use a model that is clearly better without asking.
    pub promote: bool,
    /// Learn nothing from decisions as they are made.
    pub learning_paused: bool,
    /// The library in parts, one for each folder.
    pub by_folder: bool,
    /// Show beside the proposal in focus what it is like.
    pub why: bool,
    /// Thresholds the user chose, by folder and model.
    pub thresholds: BTreeMap<String, f32>,
    /// By folder, in the order of their names.
    pub queries: BTreeMap<String, Vec<SavedQuery>>,
    /// Recent folders that were not there when the window opened.
    #[serde(skip)]
    pub missing: Vec<PathBuf>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            language: Language::English,
            theme: ThemeChoice::Dark,
            high_contrast: false,
            name: String::new(),
            device: Choice::Auto,
            precision: Precision::F32,
            scale: 1.0,
            thumbnail: 140.0,
            window: None,
            position: None,
            maximized: false,
            widths: BTreeMap::new(),
            hidden: BTreeSet::new(),
            keys: Written::new(),
            recent: Vec::new(),
            recipe: Recipe::default(),
            promote: true,
            learning_paused: false,
            by_folder: false,
            why: false,
            thresholds: BTreeMap::new(),
            queries: BTreeMap::new(),
            missing: Vec::new(),
        }
    }
}

/// Keys that somebody wrote by hand must not cost the rest of the settings.
fn of_any_shape<'a, D: Deserializer<'a>>(file: D) -> Result<Written, D::Error> {
    let value = serde_json::Value::deserialize(file)?;
    Ok(value.as_object().map(|keys| keys.clone().into_iter().collect()).unwrap_or_default())
}

impl Settings {
    pub const THUMBNAILS: std::ops::RangeInclusive<f32> = 80.0..=320.0;
    pub const SCALES: [f32; 5] = [0.85, 1.0, 1.15, 1.3, 1.5];

    /// The user's settings file; `None` on a system without home folders.
    pub fn usual_path() -> Option<PathBuf> {
        let folders = directories::ProjectDirs::from("", "", "docent")?;
        Some(folders.config_dir().join("window.json"))
    }

    /// Before the first frame. A file that is not there or not understood gives the defaults.
    pub fn load(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        let mut settings: Self = serde_json::from_str(&text).unwrap_or_default();
        settings.scale = settings.scale.clamp(0.5, 3.0);
        settings.recipe = settings.recipe.checked().unwrap_or_default();
        settings.thumbnail = settings.thumbnail.clamp(*Self::THUMBNAILS.start(), *Self::THUMBNAILS.end());
        settings.missing = settings.recent.iter().filter(|folder| !folder.is_dir()).cloned().collect();
        settings
    }

    /// After the last frame.
    pub fn save(&self, path: &Path) -> anyhow::Result<()> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        crate::base::fs::write_atomic(path, &serde_json::to_vec_pretty(self)?)?;
        Ok(())
    }

    pub fn opened(&mut self, folder: &Path) {
        self.recent.retain(|recent| recent != folder);
        self.missing.retain(|missing| missing != folder);
        self.recent.insert(0, folder.to_path_buf());
        self.recent.truncate(MAX_RECENT);
    }

    /// Saved for this folder, in the order of their names.
    pub fn queries(&self, folder: &Path) -> &[SavedQuery] {
        self.queries.get(&folder.display().to_string()).map_or(&[], Vec::as_slice)
    }

    /// A name that is there already gets the new query.
    pub fn save_query(&mut self, folder: &Path, name: &str, query: String) {
        self.forget_query(folder, name);
        let queries = self.queries.entry(folder.display().to_string()).or_default();
        queries.push(SavedQuery { name: name.to_owned(), query });
        queries.sort_by_key(|saved| saved.name.to_lowercase());
    }

    pub fn forget_query(&mut self, folder: &Path, name: &str) {
        let key = folder.display().to_string();
        if let Some(queries) = self.queries.get_mut(&key) {
            queries.retain(|saved| saved.name != name);
            if queries.is_empty() {
                self.queries.remove(&key);
            }
        }
    }

    fn threshold_key(folder: &Path, model: &str) -> String {
        format!("{}|{model}", folder.display())
    }

    /// What the user chose for this model on this folder.
    pub fn threshold(&self, folder: &Path, model: &str) -> Option<f32> {
        let chosen = self.thresholds.get(&Self::threshold_key(folder, model))?;
        (0.0..=1.0).contains(chosen).then_some(*chosen)
    }

    /// `None` goes back to the model's own.
    pub fn set_threshold(&mut self, folder: &Path, model: &str, chosen: Option<f32>) {
        let key = Self::threshold_key(folder, model);
        match chosen {
            Some(threshold) => {
                if self.thresholds.len() >= MAX_THRESHOLDS && !self.thresholds.contains_key(&key) {
                    self.thresholds.pop_first();
                }
                self.thresholds.insert(key, threshold);
            }
            None => {
                self.thresholds.remove(&key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_come_back_as_they_were() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a").join("window.json");
        let mut settings = Settings {
            language: Language::French,
            theme: ThemeChoice::Light,
            name: "Ada".to_owned(),
            device: Choice::Cuda(1),
            precision: Precision::Bf16,
            scale: 1.3,
            learning_paused: true,
            window: Some((1440.0, 900.0)),
            position: Some((-20.0, 31.0)),
            maximized: true,
            high_contrast: true,
            widths: BTreeMap::from([("filters".to_owned(), 300.0)]),
            hidden: BTreeSet::from(["inspector".to_owned()]),
            keys: Written::from([("accept".to_owned(), serde_json::json!(["J"]))]),
            ..Settings::default()
        };
        settings.opened(folder.path());
        settings.opened(Path::new("/nowhere/at all"));
        settings.set_threshold(folder.path(), "head 3", Some(0.42));
        for (name, query) in [("b", "tag:x"), ("A", "tags:0"), ("b", "tag:y"), ("gone", "z")] {
            settings.save_query(folder.path(), name, query.to_owned());
        }
        settings.forget_query(folder.path(), "gone");
        settings.save(&path).unwrap();
        let back = Settings::load(&path);
        assert_eq!(back.missing, [PathBuf::from("/nowhere/at all")]);
        assert_eq!(back.threshold(folder.path(), "head 3"), Some(0.42));
        let queries = back.queries(folder.path()).iter();
        let queries: Vec<_> = queries.map(|saved| (saved.name.as_str(), saved.query.as_str())).collect();
        assert_eq!(queries, [("A", "tags:0"), ("b", "tag:y")]);
        assert_eq!(back.queries(Path::new("/nowhere")), []);
        settings.missing.clone_from(&back.missing);
        assert_eq!(back, settings);
    }

    #[test]
    fn a_broken_file_gives_the_defaults() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("window.json");
        for text in ["", "{", "[1]", r#"{"theme": "purple"}"#, r#"{"device": "abacus"}"#, r#"{"precision": "f8"}"#] {
            std::fs::File::create(&path).unwrap();
            crate::base::fs::write_atomic(&path, text.as_bytes()).unwrap();
            assert_eq!(Settings::load(&path), Settings::default(), "{text}");
        }
    }

    #[test]
    fn keys_of_the_wrong_shape_cost_no_other_setting() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("window.json");
        for (keys, expected) in [("7", 0), ("null", 0), (r#"["A"]"#, 0), (r#"{"accept": 7}"#, 1)] {
            let text = format!(r#"{{"scale": 1.3, "keys": {keys}}}"#);
            crate::base::fs::write_atomic(&path, text.as_bytes()).unwrap();
            let settings = Settings::load(&path);
            assert_eq!((settings.scale, settings.keys.len()), (1.3, expected), "{keys}");
        }
    }

    #[test]
    fn the_last_opened_folder_comes_first_and_once() {
        let mut settings = Settings::default();
        for name in ["a", "b", "a", "c", "d", "e", "f", "g", "h", "i"] {
            settings.opened(Path::new(name));
        }
        assert_eq!(settings.recent.len(), MAX_RECENT);
        assert_eq!(settings.recent[0], Path::new("i"));
        settings.opened(Path::new("e"));
        assert_eq!(settings.recent[..2], [PathBuf::from("e"), PathBuf::from("i")]);
    }
}
