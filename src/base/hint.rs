//! What to do about an error, kept apart from what went wrong.

/// An error that can tell the user what to do next.
pub trait Hint {
    /// One sentence in the imperative, without a full stop at the end; `None` where there is nothing to do.
    fn hint(&self) -> Option<String>;
}

/// What to do about an operating system error, in the user's words.
pub fn for_io(error: &std::io::Error) -> Option<String> {
    use std::io::ErrorKind as K;
    let text = match error.kind() {
        K::NotFound => "check that the path is spelled right and that the disk is connected",
        K::PermissionDenied => "check the permissions of the file and of its folder",
        K::StorageFull | K::QuotaExceeded => "free some space on this disk, then try again",
        K::ReadOnlyFilesystem => "copy the collection to a disk that can be written",
        K::NotADirectory => "choose the folder that holds the pictures, not a file",
        _ => return None,
    };
    Some(text.to_owned())
}
