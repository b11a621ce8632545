//! Licence: what the Hub says about the terms of a model, and what a museum should notice about them.

use std::fmt;

use serde_json::Value;

/// As the model's card names it, such as `apache-2.0`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Licence(pub String);

impl Licence {
    /// From the Hub's description of a model: its card, else its tags. `None`: it does not say.
    pub(super) fn of(description: &Value) -> Option<Self> {
        let card = &description["cardData"];
        let first =
            |value: &Value| value.as_array().and_then(|list| list.first()).unwrap_or(value).as_str().map(str::to_owned);
        let named = first(&card["license"]);
        let named = match named.as_deref() {
            Some("other") => first(&card["license_name"]).or(named),
            _ => named,
        };
        let tagged = || {
            let tags = description["tags"].as_array()?;
            tags.iter().find_map(|tag| Some(tag.as_str()?.strip_prefix("license:")?.to_owned()))
        };
        named.or_else(tagged).map(Self)
    }

    /// Whether it forbids commercial use, such as `cc-by-nc-4.0`.
    pub fn is_non_commercial(&self) -> bool {
        let name = self.0.to_lowercase();
        name.split(['-', '_', ' ', '.']).any(|part| part == "nc")
            || name.contains("non-commercial")
            || name.contains("noncommercial")
    }

    /// What to know before using it, in one sentence, where there is something to know.
    pub fn warning(&self) -> Option<&'static str> {
        self.is_non_commercial().then_some(
            "This licence forbids commercial use: ask before using the model for shop, licensing or paid services.",
        )
    }
}

impl fmt::Display for Licence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_licence_is_found_wherever_the_hub_puts_it() {
        for (description, expected) in [
            (json!({"cardData": {"license": "apache-2.0"}, "tags": ["license:mit"]}), Some("apache-2.0")),
            (json!({"cardData": {"license": ["mit", "bsd"]}}), Some("mit")),
            (json!({"cardData": {"license": "other", "license_name": "museum-1.0"}}), Some("museum-1.0")),
            (json!({"cardData": {"license": "other"}}), Some("other")),
            (json!({"tags": ["timm", "license:cc-by-nc-4.0"]}), Some("cc-by-nc-4.0")),
            (json!({"tags": ["timm"]}), None),
            (json!([1]), None),
        ] {
            assert_eq!(Licence::of(&description), expected.map(|name| Licence(name.to_owned())), "{description}");
        }
    }

    #[test]
    fn licences_that_forbid_commercial_use_carry_a_warning() {
        for (name, expected) in [
            ("cc-by-nc-4.0", true),
            ("CC-BY-NC-SA-3.0", true),
            ("deepmind non-commercial", true),
            ("apache-2.0", false),
            ("ncsa", false),
            ("cc-by-4.0", false),
        ] {
            assert_eq!(Licence(name.to_owned()).warning().is_some(), expected, "{name}");
        }
    }
}
