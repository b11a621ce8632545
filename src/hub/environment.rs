//! Environment: where the Hub is, where its files go, who asks. The variables are those of `huggingface_hub`.
//!
//! Source: `huggingface_hub/constants.py`; <https://huggingface.co/docs/huggingface_hub/package_reference/environment_variables>.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use super::Cache;
use super::proxy::Proxies;

/// A secret: never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(pub(super) String);

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// How long to bear with a bad connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// Attempts in a row that bring no new byte.
    pub tries: u32,
    /// Before the second attempt; doubled each time, at most 8 s.
    pub first_wait: Duration,
    /// Without a byte for this long, a connection counts as dropped.
    pub silence: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { tries: 5, first_wait: Duration::from_millis(500), silence: Duration::from_secs(10) }
    }
}

#[derive(Debug, Clone)]
pub struct Environment {
    /// `HF_ENDPOINT`, without a slash at its end.
    pub endpoint: String,
    /// `HF_HUB_CACHE`, else `hub` in `HF_HOME`, else `~/.cache/huggingface/hub`.
    pub cache: PathBuf,
    /// `HF_TOKEN`, else the file that `hf auth login` writes. For the endpoint only.
    pub token: Option<Token>,
    /// `HF_HUB_OFFLINE`: never ask the network.
    pub offline: bool,
    /// Its silence is `HF_HUB_DOWNLOAD_TIMEOUT`.
    pub patience: Patience,
    pub(super) proxies: Proxies,
}

impl Environment {
    /// Of this process.
    pub fn of_process() -> Self {
        let home = directories::BaseDirs::new().map(|base| base.home_dir().to_path_buf());
        Self::read(&|name| std::env::var(name).ok(), home)
    }

    /// From variables by name; an empty one counts as missing.
    pub fn read(variable: &dyn Fn(&str) -> Option<String>, user_home: Option<PathBuf>) -> Self {
        let of = |name: &str| variable(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
        let user_home = user_home.unwrap_or_else(std::env::temp_dir);
        let path = |name: &str| of(name).map(|value| in_home(&value, &user_home));
        let caches = || path("XDG_CACHE_HOME").unwrap_or_else(|| user_home.join(".cache"));
        let home = path("HF_HOME").unwrap_or_else(|| caches().join("huggingface"));
        let cache = path("HF_HUB_CACHE").or_else(|| path("HUGGINGFACE_HUB_CACHE"));
        let token_file = path("HF_TOKEN_PATH").unwrap_or_else(|| home.join("token"));
        let in_file = || std::fs::read_to_string(&token_file).ok().map(|text| text.trim().to_owned());
        let token = of("HF_TOKEN").or_else(|| of("HUGGING_FACE_HUB_TOKEN")).or_else(in_file);
        let silence = of("HF_HUB_DOWNLOAD_TIMEOUT").and_then(|seconds| seconds.parse().ok());
        let patience = Patience::default();
        Self {
            endpoint: of("HF_ENDPOINT")
                .unwrap_or_else(|| "https://huggingface.co".to_owned())
                .trim_end_matches('/')
                .to_owned(),
            cache: cache.unwrap_or_else(|| home.join("hub")),
            // What no header can carry is no token.
            token: token.filter(|token| !token.is_empty() && token.bytes().all(|b| b.is_ascii_graphic())).map(Token),
            offline: of("HF_HUB_OFFLINE").is_some_and(|value| is_true(&value)),
            patience: Patience { silence: silence.map_or(patience.silence, Duration::from_secs), ..patience },
            proxies: Proxies::read(&of),
        }
    }

    pub fn cache(&self) -> Cache {
        Cache::new(self.cache.clone())
    }
}

fn is_true(value: &str) -> bool {
    ["1", "ON", "YES", "TRUE"].contains(&value.to_uppercase().as_str())
}

fn in_home(path: &str, home: &std::path::Path) -> PathBuf {
    match path.strip_prefix('~') {
        Some("") => home.to_path_buf(),
        Some(rest) if rest.starts_with(['/', '\\']) => home.join(&rest[1..]),
        _ => PathBuf::from(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Environment {
        let find =
            |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        Environment::read(&find, Some(PathBuf::from("/home/ada")))
    }

    #[test]
    fn the_cache_is_where_python_looks_for_it() {
        type Case<'a> = (&'a [(&'a str, &'a str)], &'a str);
        let cases: [Case<'_>; 6] = [
            (&[], "/home/ada/.cache/huggingface/hub"),
            (&[("XDG_CACHE_HOME", "/scratch")], "/scratch/huggingface/hub"),
            (&[("HF_HOME", "/data/hf"), ("XDG_CACHE_HOME", "/scratch")], "/data/hf/hub"),
            (&[("HF_HOME", "~/hf")], "/home/ada/hf/hub"),
            (&[("HF_HUB_CACHE", "/c"), ("HF_HOME", "/data/hf")], "/c"),
            (&[("HF_HUB_CACHE", ""), ("HUGGINGFACE_HUB_CACHE", "/old")], "/old"),
        ];
        for (variables, expected) in cases {
            assert_eq!(read(variables).cache, PathBuf::from(expected), "{variables:?}");
        }
    }

    #[test]
    fn the_other_variables_mean_what_they_mean_to_python() {
        let usual = read(&[]);
        assert_eq!((usual.endpoint.as_str(), usual.offline), ("https://huggingface.co", false));
        let set = read(&[
            ("HF_ENDPOINT", "https://mirror.example/"),
            ("HF_HUB_OFFLINE", "true"),
            ("HF_TOKEN", " hf_secret\n"),
            ("HF_HUB_DOWNLOAD_TIMEOUT", "3"),
        ]);
        assert_eq!((set.endpoint.as_str(), set.offline), ("https://mirror.example", true));
        assert_eq!(set.patience.silence, Duration::from_secs(3));
        assert_eq!(set.token, Some(Token("hf_secret".to_owned())));
        assert!(!format!("{set:?}").contains("hf_secret"), "a token is never printed");
        assert!(!read(&[("HF_HUB_OFFLINE", "0")]).offline);
        assert_eq!(read(&[("HF_TOKEN", "no\u{7f}header")]).token, None);
    }

    #[test]
    fn a_token_file_is_found_where_logging_in_puts_it() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("token");
        crate::base::fs::write_atomic(&path, b"hf_filed\n").unwrap();
        let text = home.path().to_str().unwrap();
        assert_eq!(read(&[("HF_HOME", text)]).token, Some(Token("hf_filed".to_owned())));
        assert_eq!(read(&[("HF_HOME", text), ("HF_TOKEN", "hf_said")]).token, Some(Token("hf_said".to_owned())));
        assert_eq!(read(&[("HF_TOKEN_PATH", path.to_str().unwrap())]).token, Some(Token("hf_filed".to_owned())));
    }
}
