//! The name that signs decisions.
//!
//! Free text, but one line of it, and none of the two names by which the record signs what somebody changed in a file.

/// In characters; longer names are cut.
const LONGEST: usize = 80;

/// Names that stand for an edit of a file, not for a person.
pub const FILES: [&str; 2] = ["train.csv", "labels.csv"];

/// The name as it is kept: spaces made single. `None` where nothing is left, or where it would be taken for a file.
pub fn name(typed: &str) -> Option<String> {
    let words: Vec<&str> =
        typed.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty()).collect();
    let name: String = words.join(" ").chars().take(LONGEST).collect();
    (!name.is_empty() && !FILES.contains(&name.to_lowercase().as_str())).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line_and_no_file() {
        for (typed, expected) in [
            ("Ada", Some("Ada")),
            ("  Ada \t Lovelace\n", Some("Ada Lovelace")),
            ("", None),
            (" \u{7} ", None),
            ("train.csv", None),
            ("Labels.CSV", None),
        ] {
            assert_eq!(name(typed).as_deref(), expected, "{typed:?}");
        }
        assert_eq!(name(&"x".repeat(200)).unwrap().len(), LONGEST);
    }
}
