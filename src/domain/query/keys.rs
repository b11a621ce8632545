//! The keys of a query with what each expects: one table for reading, for the completion and for help.
//!
//! A namespace that has the name of a key is reached by full names, as in `tag:name::x`.

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Key {
    Tag,
    Proposed,
    Proposals,
    Accepted,
    Rejected,
    Reviewed,
    Touched,
    Problem,
    Flagged,
    Tags,
    Name,
    Folder,
    Similar,
}

#[derive(Debug, Clone, Copy)]
pub struct About {
    pub key: Key,
    pub name: &'static str,
    /// Of values, in the accusative of "write".
    pub expected: &'static str,
    pub help: &'static str,
}

const YES_NO: &str = "yes or no";

const fn about(key: Key, name: &'static str, expected: &'static str, help: &'static str) -> About {
    About { key, name, expected, help }
}

/// In the order in which they are offered.
pub const KEYS: [About; 13] = [
    about(Key::Tag, "tag", "a tag", "has this tag"),
    about(Key::Proposed, "proposed", "a tag, or a tag and a number as in men>0.6", "the model thinks it likely"),
    about(Key::Proposals, "proposals", YES_NO, "not reviewed, with a proposal above the threshold"),
    about(Key::Reviewed, "reviewed", YES_NO, "described in train.csv, or marked here"),
    about(Key::Touched, "touched", YES_NO, "somebody has said something about it"),
    about(Key::Flagged, "flagged", YES_NO, "put aside to come back to it"),
    about(Key::Tags, "tags", "a number, as in 3, >3 or 2..5", "how many tags it has"),
    about(Key::Name, "name", "a name, or a pattern as in *.png", "its name, or its file's"),
    about(Key::Folder, "folder", "a folder", "lies in this folder, or below"),
    about(Key::Accepted, "accepted", "a tag", "somebody accepted this tag here"),
    about(Key::Rejected, "rejected", "a tag", "somebody rejected this tag here"),
    about(Key::Problem, "problem", YES_NO, "its file cannot be shown"),
    about(Key::Similar, "similar", "an image's name", "looks like this image"),
];

impl Key {
    /// Of its name, in capitals or not.
    pub fn of(name: &str) -> Option<Self> {
        KEYS.iter().find(|about| about.name.eq_ignore_ascii_case(name)).map(|about| about.key)
    }

    pub fn about(self) -> &'static About {
        KEYS.iter().find(|about| about.key == self).unwrap_or(&KEYS[0]) // The table has every key: see the test.
    }

    /// Whether `<`, `>` and `=` mean something in its value.
    pub fn compares(self) -> bool {
        matches!(self, Self::Proposed | Self::Tags)
    }

    /// Whether its value is a tag of any namespace.
    pub fn takes_tags(self) -> bool {
        matches!(self, Self::Proposed | Self::Accepted | Self::Rejected)
    }

    pub fn is_yes_or_no(self) -> bool {
        matches!(self, Self::Proposals | Self::Reviewed | Self::Touched | Self::Problem | Self::Flagged)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_in_the_table_once_and_found_by_its_name() {
        for about in &KEYS {
            assert_eq!(Key::of(&about.name.to_uppercase()), Some(about.key));
            assert_eq!(about.key.about().name, about.name);
        }
        assert_eq!(Key::of("culture"), None);
    }
}
