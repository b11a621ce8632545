//! Stage: a part of a network that is frozen or trained as a whole, by the names of its parameters.
//!
//! Floor 3.

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    pub name: String,
    /// Its parameters' names are one of these, a dot, and more.
    pub prefixes: Vec<String>,
}

impl Stage {
    pub(super) fn new(name: &str, prefixes: &[&str]) -> Self {
        Self { name: name.to_owned(), prefixes: prefixes.iter().map(|prefix| (*prefix).to_owned()).collect() }
    }

    /// Whether a parameter of this name belongs here.
    pub fn holds(&self, parameter: &str) -> bool {
        self.prefixes.iter().any(|prefix| is_below(parameter, prefix))
    }
}

/// Whether a parameter belongs to the module of this name.
pub(super) fn is_below(parameter: &str, module: &str) -> bool {
    parameter.strip_prefix(module).is_some_and(|rest| rest.starts_with('.'))
}

/// Which weights a fine-tune moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// The classifier.
    Head,
    /// The classifier and the last stage.
    LastStage,
    All,
}
