//! The tree of a query, with places, and its text.

use std::fmt;
use std::ops::Range;

use super::keys::Key;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expr {
    /// All of two or more.
    And(Vec<Expr>),
    /// One of two or more.
    Or(Vec<Expr>),
    Not(Box<Expr>),
    Term(Term),
}

/// `VALUE`, `KEY:VALUE` or `KEY:VALUE>NUMBER`, without quotation marks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Term {
    pub key: Option<String>,
    pub value: String,
    /// With its sign, as in `>0.6`; only of keys that compare.
    pub condition: Option<String>,
    pub places: Places,
}

/// Where the parts of a term stand, in bytes; those that are not there are empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places {
    pub whole: Range<usize>,
    /// Without the colon.
    pub key: Range<usize>,
    pub value: Range<usize>,
    pub condition: Range<usize>,
}

impl Term {
    pub fn word(value: impl Into<String>) -> Self {
        Self { value: value.into(), ..Self::default() }
    }

    pub fn of(key: impl Into<String>, value: impl Into<String>) -> Self {
        Self { key: Some(key.into()), value: value.into(), ..Self::default() }
    }
}

/// Parses back to the same tree, apart from places.
impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let within = |part: &Self, f: &mut fmt::Formatter<'_>, grouped: bool| {
            if grouped { write!(f, "({part})") } else { write!(f, "{part}") }
        };
        match self {
            Self::Term(term) => term.fmt(f),
            Self::Not(part) => {
                f.write_str("-")?;
                within(part, f, matches!(**part, Self::And(_) | Self::Or(_)))
            }
            Self::And(parts) => {
                for (at, part) in parts.iter().enumerate() {
                    f.write_str(if at > 0 { " " } else { "" })?;
                    within(part, f, matches!(part, Self::And(_) | Self::Or(_)))?;
                }
                Ok(())
            }
            Self::Or(parts) => {
                for (at, part) in parts.iter().enumerate() {
                    f.write_str(if at > 0 { " OR " } else { "" })?;
                    within(part, f, matches!(part, Self::Or(_)))?;
                }
                Ok(())
            }
        }
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let compares = self.key.as_deref().is_some_and(|key| Key::of(key).is_some_and(Key::compares));
        if let Some(key) = &self.key {
            write!(f, "{}:", quoted(key, false))?;
        }
        let nothing = self.value.is_empty() && self.key.is_some();
        f.write_str(&if nothing { String::new() } else { quoted(&self.value, compares) })?;
        let condition = self.condition.as_deref().unwrap_or_default();
        let number = condition.trim_start_matches(['<', '>', '=']);
        f.write_str(&condition[..condition.len() - number.len()])?;
        f.write_str(&if number.is_empty() { String::new() } else { quoted(number, false) })
    }
}

/// A value as it is typed: in quotation marks where it would be read otherwise without. `compares`: `<`, `>` and `=` mean
/// something after this key.
pub fn quoted(text: &str, compares: bool) -> String {
    let is_special = |letter: char| {
        letter.is_whitespace()
            || matches!(letter, '(' | ')' | '"' | ':')
            || (compares && matches!(letter, '<' | '>' | '='))
    };
    let is_plain = !text.is_empty()
        && !text.starts_with('-')
        && !matches!(text, "AND" | "OR" | "NOT")
        && !text.contains(is_special);
    if is_plain {
        return text.to_owned();
    }
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
