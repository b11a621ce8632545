//! Models from the Hub as the window knows them: what is on this computer, and the fetch at hand.

use crate::hub::Progress;
use crate::jobs::FetchedModel;

#[derive(Debug, Clone, Default)]
pub struct Fetching {
    /// On this computer and usable, by name.
    pub here: Vec<FetchedModel>,
    pub running: Option<Running>,
    /// How the last fetch ended, and whether well.
    pub result: Option<(bool, String)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Running {
    /// `owner/name`.
    pub id: String,
    pub stage: Progress,
    pub stopping: bool,
}

impl Fetching {
    /// Whether a fetch of this model may begin: one at a time.
    pub fn start(&mut self, id: &str) -> bool {
        if self.running.is_some() {
            return false;
        }
        self.running = Some(Running { id: id.to_owned(), stage: Progress::Asking, stopping: false });
        self.result = None;
        true
    }

    pub fn progressed(&mut self, id: &str, progress: Progress) {
        if let Some(running) = self.running.as_mut().filter(|running| running.id == id) {
            running.stage = progress;
        }
    }

    pub fn is_here(&self, id: &str) -> bool {
        self.here.iter().any(|model| model.name.0 == id)
    }
}

impl Running {
    /// Of the file at hand, 0..=1.
    pub fn share(&self) -> f32 {
        match &self.stage {
            Progress::Fetching { done, total: Some(total), .. } => *done as f32 / (*total).max(1) as f32,
            Progress::Checking { .. } => 1.0,
            _ => 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_model_is_fetched_at_a_time_and_late_words_about_another_are_dropped() {
        let mut fetching = Fetching::default();
        assert!(fetching.start("a/b") && !fetching.start("c/d"));
        let bytes = |done| Progress::Fetching { file: "model.safetensors".to_owned(), done, total: Some(400) };
        fetching.progressed("c/d", bytes(400));
        assert_eq!(fetching.running.as_ref().unwrap().share(), 0.0);
        fetching.progressed("a/b", bytes(100));
        assert!((fetching.running.as_ref().unwrap().share() - 0.25).abs() < 1e-6);
    }
}
