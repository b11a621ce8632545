//! What the Hub says about a model: which commit a revision is, which files it has, how long they are, its licence.
//!
//! Source: `GET /api/models/{id}/revision/{revision}` and `HEAD /{id}/resolve/{commit}/{file}`, headers `ETag`,
//! `X-Linked-Etag`, `X-Linked-Size`, `X-Error-Code`.

use serde_json::Value;

use super::http::{Http, Trouble};
use super::{HubError, HubId, Licence};

/// A model at one commit.
#[derive(Debug)]
pub(super) struct Description {
    pub(super) commit: String,
    pub(super) files: Vec<String>,
    pub(super) licence: Option<Licence>,
}

/// A file of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// Names the blob; a hash where it is the Hub's own.
    pub(super) etag: String,
    pub(super) n_bytes: Option<u64>,
}

pub(super) fn describe(http: &Http<'_>, id: &HubId) -> Result<Description, HubError> {
    let endpoint = &http.environment.endpoint;
    let address = format!("{endpoint}/api/models/{}/revision/{}", id.repository(), id.revision_in_address());
    let text = http.persistently("the description", || http.text(&address));
    let text = text.map_err(|trouble| explain(trouble, http, id, "the description"))?;
    let not_the_hub = |what: &str| HubError::NotTheHub { what: what.to_owned(), endpoint: endpoint.clone() };
    let json: Value = serde_json::from_str(&text).map_err(|_no_json| not_the_hub("its description is no JSON"))?;
    let commit = json["sha"].as_str().filter(|sha| is_name(sha)).ok_or_else(|| not_the_hub("it names no commit"))?;
    let files = json["siblings"].as_array().ok_or_else(|| not_the_hub("it lists no files"))?;
    let files = files.iter().filter_map(|file| Some(file["rfilename"].as_str()?.to_owned())).collect();
    Ok(Description { commit: commit.to_owned(), files, licence: Licence::of(&json) })
}

/// Where the bytes of a file are.
pub(super) fn address_of(http: &Http<'_>, id: &HubId, commit: &str, file: &str) -> String {
    format!("{}/{}/resolve/{commit}/{file}", http.environment.endpoint, id.repository())
}

pub(super) fn entry(http: &Http<'_>, id: &HubId, commit: &str, file: &str) -> Result<Entry, HubError> {
    let address = address_of(http, id, commit, file);
    let answer = http.persistently(file, || http.head(&address));
    let answer = answer.map_err(|trouble| explain(trouble, http, id, file))?;
    let etag = answer.header("x-linked-etag").or_else(|| answer.header("etag"));
    let etag = etag.map(|etag| etag.trim_start_matches("W/").trim_matches('"'));
    let Some(etag) = etag.filter(|etag| is_name(etag)) else {
        let what = format!("it gives no usable ETag for {file}");
        return Err(HubError::NotTheHub { what, endpoint: http.environment.endpoint.clone() });
    };
    let of_answer = || answer.header("content-length").filter(|_| answer.status == 200);
    let n_bytes = answer.header("x-linked-size").or_else(of_answer).and_then(|size| size.parse().ok());
    Ok(Entry { etag: etag.to_owned(), n_bytes })
}

/// A commit or an ETag becomes the name of a file.
fn is_name(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    (1..=200).contains(&text.len()) && text.chars().all(plain) && !text.starts_with('.')
}

/// Trouble on the way to `what`, as the user should hear of it.
pub(super) fn explain(trouble: Trouble, http: &Http<'_>, id: &HubId, what: &str) -> HubError {
    let (id, endpoint, what) = (id.clone(), http.environment.endpoint.clone(), what.to_owned());
    match trouble {
        Trouble::Stopped => HubError::Stopped,
        Trouble::NoWay(reason) => HubError::NoWay { endpoint, reason },
        Trouble::Proxy(reason) => HubError::Proxy { reason },
        Trouble::Certificate(reason) => HubError::Certificate { endpoint, reason },
        Trouble::Dropped(reason) => HubError::Interrupted { file: what, done: 0, total: None, reason },
        Trouble::Status { status, code } => match (status, code.as_deref()) {
            (_, Some("GatedRepo")) => HubError::Gated { id, status, endpoint },
            (_, Some("RevisionNotFound")) => HubError::NoRevision { id },
            (_, Some("EntryNotFound")) => HubError::NoFile { id, missing: what },
            // The Hub says 401 also of what is not there, so that nobody can find out what is private.
            (404, _) | (_, Some("RepoNotFound")) => HubError::NotFound { id, endpoint },
            (401, _) if http.environment.token.is_none() => HubError::NotFound { id, endpoint },
            (401, _) => HubError::Denied { status, endpoint },
            (403, _) => HubError::Gated { id, status, endpoint },
            (407, _) => HubError::Proxy { reason: "it wants a name and a password".to_owned() },
            _ => HubError::Refused { status, what, endpoint },
        },
    }
}
