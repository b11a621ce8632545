//! What is wrong with a query, where, and what to do about it.

use std::ops::Range;

use crate::base::Hint;

/// A place in the query, in bytes, with what is wrong there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub span: Range<usize>,
    pub error: QueryError,
}

impl Fault {
    pub fn new(span: Range<usize>, error: QueryError) -> Self {
        Self { span, error }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    #[error("the quotation is not closed")]
    Quotation,
    #[error("nothing stands between the quotation marks")]
    EmptyQuotation,
    #[error("this parenthesis is not closed")]
    Unclosed,
    #[error("this parenthesis was never opened")]
    Unopened,
    #[error("nothing stands between the parentheses")]
    EmptyGroup,
    #[error("too much lies within one another")]
    TooDeep,
    #[error("nothing stands before {word}")]
    NothingBefore { word: &'static str },
    #[error("nothing stands after {word}")]
    NothingAfter { word: &'static str },
    #[error("there is no key {key}:")]
    UnknownKey { key: String, similar: Option<String> },
    #[error("{key}: needs a value")]
    NoValue { key: String, expected: &'static str },
    #[error("{key}: does not understand {value}")]
    BadValue { key: String, value: String, expected: &'static str },
    #[error("no tag is called {value}")]
    NoSuchTag { value: String, similar: Option<String> },
    #[error("no image is called {id}")]
    NoSuchImage { id: String },
    #[error("what is similar to {id} is not known yet")]
    NotYet { id: String },
    #[error("{key}: cannot be answered here")]
    NotHere { key: &'static str, instead: &'static str },
}

impl Hint for QueryError {
    fn hint(&self) -> Option<String> {
        let text = match self {
            Self::Quotation => "end it with \"",
            Self::EmptyQuotation => "write something between them, or take them away",
            Self::Unclosed => "end the group with )",
            Self::Unopened => "take it away, or write ( where the group begins",
            Self::EmptyGroup => "write something into them, or take them away",
            Self::TooDeep => "use fewer parentheses",
            Self::NothingBefore { .. } => {
                "write what comes before it, or put it into quotation marks to look for the word"
            }
            Self::NothingAfter { word: "-" } => "write what must not be there directly after it, as in -tag:ships",
            Self::NothingAfter { .. } => {
                "write what comes after it, or put it into quotation marks to look for the word"
            }
            Self::UnknownKey { similar: Some(similar), .. } => return Some(format!("did you mean {similar}:?")),
            Self::UnknownKey { key, .. } => {
                return Some(format!("use tag:, a namespace or another key; \"{key}:…\" in quotation marks is a name"));
            }
            Self::NoValue { expected, .. } | Self::BadValue { expected, .. } => {
                return Some(format!("write {expected}"));
            }
            Self::NoSuchTag { similar: Some(similar), .. } => return Some(format!("did you mean {similar}?")),
            Self::NoSuchTag { .. } => "check the spelling, or use * for what you are not sure of",
            Self::NoSuchImage { .. } => "give an image's name as it stands in train.csv",
            Self::NotYet { .. } => "wait until the pictures were looked at",
            Self::NotHere { instead, .. } => instead,
        };
        Some(text.to_owned())
    }
}
