//! Digest: whether the bytes on disk are those the Hub means. The Hub names a file's hash in its ETag.
//!
//! 64 hexadecimal digits: SHA-256 of a large file (LFS); 40: git's SHA-1 of a blob; anything else cannot be checked.

use std::fs::File;
use std::io::{self, Read as _};
use std::ops::ControlFlow;
use std::path::Path;

use sha1::Sha1;
use sha2::{Digest as _, Sha256};

/// The hash of a file as the ETag would give it; `None` where the ETag is no hash, or `each` broke off.
///
/// `each` is asked every MiB.
pub(super) fn of_file(
    etag: &str,
    path: &Path,
    each: &mut dyn FnMut() -> ControlFlow<()>,
) -> io::Result<Option<String>> {
    if !etag.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return Ok(None);
    }
    match etag.len() {
        64 => feed(Sha256::new(), path, each),
        40 => {
            let n_bytes = std::fs::metadata(path)?.len();
            feed(Sha1::new().chain_update(format!("blob {n_bytes}\0")), path, each)
        }
        _ => Ok(None),
    }
}

fn feed<D: sha2::Digest>(
    mut digest: D,
    path: &Path,
    each: &mut dyn FnMut() -> ControlFlow<()>,
) -> io::Result<Option<String>> {
    let mut file = File::open(path)?;
    let mut buffer = vec![0; 1 << 20];
    loop {
        let n = file.read(&mut buffer)?;
        if n == 0 {
            let hash = digest.finalize();
            return Ok(Some(hash.iter().map(|byte| format!("{byte:02x}")).collect()));
        }
        digest.update(&buffer[..n]);
        if each().is_break() {
            return Ok(None);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_of_sha256sum_and_of_git() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        crate::base::fs::write_atomic(&path, b"hello\n").unwrap();
        // `printf 'hello\n' | sha256sum` and `| git hash-object --stdin`.
        let sha256 = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03";
        let git = "ce013625030ba8dba906f756967f9e9ca394464a";
        for (etag, expected) in [(sha256, Some(sha256)), (git, Some(git)), ("W-1234", None), ("abc", None)] {
            let found = of_file(etag, &path, &mut || ControlFlow::Continue(())).unwrap();
            assert_eq!(found.as_deref(), expected);
        }
        assert_eq!(of_file(sha256, &path, &mut || ControlFlow::Break(())).unwrap(), None);
    }
}
