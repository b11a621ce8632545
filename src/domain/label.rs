//! A label: one attribute of `labels.csv`, `namespace::label`, the namespace optional.
//!
//! Source: iMet 2019, columns `attribute_id,attribute_name`.

use std::fmt;

/// The number of a label in `labels.csv`; stable for ever, not a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AttributeId(pub u32);

impl fmt::Display for AttributeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    pub id: AttributeId,
    /// As in the file, `tag::swords` or `swords`.
    pub name: String,
}

impl Label {
    pub fn new(id: u32, name: impl Into<String>) -> Self {
        Self { id: AttributeId(id), name: name.into() }
    }

    /// `tag` of `tag::swords`.
    pub fn namespace(&self) -> Option<&str> {
        self.name.split_once("::").map(|(namespace, _)| namespace)
    }

    /// `swords` of `tag::swords`.
    pub fn short_name(&self) -> &str {
        self.name.split_once("::").map_or(self.name.as_str(), |(_, short)| short)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_splits_at_its_first_double_colon() {
        for (name, namespace, short) in [
            ("tag::swords", Some("tag"), "swords"),
            ("swords", None, "swords"),
            ("culture::a::b", Some("culture"), "a::b"),
            ("::x", Some(""), "x"),
        ] {
            let label = Label::new(0, name);
            assert_eq!((label.namespace(), label.short_name()), (namespace, short), "{name}");
        }
    }
}
