//! Names on the Hub: `owner/name`, optionally `@revision`.

use std::fmt;

use crate::base::Hint;

const MAIN: &str = "main";

/// A model on the Hub. Its parts are safe in a path and in an address.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HubId {
    owner: String,
    name: String,
    revision: String,
}

#[derive(Debug, thiserror::Error)]
#[error("{text:?} is no name of a model on the Hub")]
pub struct BadId {
    pub text: String,
}

impl Hint for BadId {
    fn hint(&self) -> Option<String> {
        Some("names look like timm/resnet50.a1_in1k, or timm/resnet50.a1_in1k@main with a revision".to_owned())
    }
}

impl HubId {
    /// Reads `owner/name` or `owner/name@revision`: exactly one slash before the `@`.
    pub fn parse(text: &str) -> Result<Self, BadId> {
        let bad = || BadId { text: text.to_owned() };
        let (repository, revision) = text.split_once('@').unwrap_or((text, MAIN));
        let (owner, name) = repository.split_once('/').ok_or_else(bad)?;
        if is_part(owner) && is_part(name) && revision.split('/').all(is_part) {
            Ok(Self { owner: owner.to_owned(), name: name.to_owned(), revision: revision.to_owned() })
        } else {
            Err(bad())
        }
    }

    /// `owner/name`.
    pub fn repository(&self) -> String {
        format!("{}/{}", self.owner, self.name)
    }

    /// A branch, a tag or a commit; `main` where none was given.
    pub fn revision(&self) -> &str {
        &self.revision
    }

    /// The revision in an address: a slash in it is no separator there.
    pub(super) fn revision_in_address(&self) -> String {
        self.revision.replace('/', "%2F")
    }

    /// The folder of all revisions below a cache.
    pub(super) fn folder_name(&self) -> String {
        format!("models--{}--{}", self.owner, self.name)
    }

    /// Reads a folder's name back; `main` is meant.
    pub(super) fn of_folder_name(folder: &str) -> Option<Self> {
        let (owner, name) = folder.strip_prefix("models--")?.split_once("--")?;
        Self::parse(&format!("{owner}/{name}")).ok()
    }
}

/// What the Hub allows in a name, and no path can be made of.
fn is_part(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let edges = !text.starts_with(['.', '-']) && !text.ends_with('.');
    (1..=96).contains(&text.len()) && text.chars().all(plain) && edges && !text.contains("..") && !text.contains("--")
}

impl fmt::Display for HubId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.owner, self.name)?;
        if self.revision == MAIN { Ok(()) } else { write!(f, "@{}", self.revision) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_hub_are_read_and_written_alike() {
        for (text, repository, revision, shown) in [
            ("timm/resnet50.a1_in1k", "timm/resnet50.a1_in1k", "main", "timm/resnet50.a1_in1k"),
            ("timm/resnet18.a1_in1k@main", "timm/resnet18.a1_in1k", "main", "timm/resnet18.a1_in1k"),
            ("a/b@refs/pr/1", "a/b", "refs/pr/1", "a/b@refs/pr/1"),
        ] {
            let id = HubId::parse(text).unwrap();
            assert_eq!((id.repository().as_str(), id.revision()), (repository, revision));
            assert_eq!(id.to_string(), shown);
        }
        assert_eq!(HubId::parse("a/b@refs/pr/1").unwrap().revision_in_address(), "refs%2Fpr%2F1");
    }

    #[test]
    fn what_could_leave_the_cache_or_means_something_else_is_no_name() {
        for text in [
            "", "resnet18", "/", "a/", "/b", "a/b/c", "../b", "a/..", "a/b@", "a/b@../c", "a/b@/etc", "a b/c", "a/b?c",
            "a/b--c", ".a/b", "C:\\a/b", "./b", "~/b", "-a/b",
        ] {
            assert!(HubId::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_folder_of_the_cache_tells_its_name() {
        let id = HubId::parse("timm/resnet18.a1_in1k").unwrap();
        assert_eq!(id.folder_name(), "models--timm--resnet18.a1_in1k");
        assert_eq!(HubId::of_folder_name(&id.folder_name()), Some(id));
        for folder in ["datasets--a--b", "models--a", "models--a--b--c", "tmp"] {
            assert_eq!(HubId::of_folder_name(folder), None, "{folder}");
        }
    }
}
