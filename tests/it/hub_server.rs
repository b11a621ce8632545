//! A server that speaks the Hub's paths on this machine, and misbehaves as it is told to.
//!
//! Large files lie behind a redirect, as the Hub's do: to this server or to another port, which is another host to a
//! client. Every request is noted, so that a test can say what was sent and how often.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};

use sha1::Digest as _;

pub(crate) const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";
/// Files from this length on are large ones: behind a redirect, with their SHA-256 in `X-Linked-Etag`.
const LARGE: usize = 100_000;

/// What happens to the next `GET` of a file.
#[derive(Debug, Clone)]
pub(crate) enum Fault {
    /// The connection ends after this many bytes.
    Cut(usize),
    /// Nothing comes after this many bytes, and the connection stays open.
    Stall(usize),
    /// One byte is another, with the right length.
    Spoil,
    /// The whole file, whatever was asked for.
    IgnoreRange,
    /// This status and this `X-Error-Code`.
    Status(u16, &'static str),
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    headers: HashMap<String, String>,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }
}

#[derive(Default)]
struct Inner {
    /// By `owner/name`, then by file name.
    models: BTreeMap<String, BTreeMap<String, Vec<u8>>>,
    licences: BTreeMap<String, &'static str>,
    /// By the end of the path.
    faults: Vec<(String, VecDeque<Fault>)>,
    requests: Vec<Request>,
    /// Bytes of bodies of large files.
    n_sent: usize,
    /// Connections that hang in a `Stall`.
    n_stalled: usize,
    /// Where large files are, if not here.
    elsewhere: Option<String>,
    closing: bool,
}

#[derive(Default)]
struct Shared {
    inner: Mutex<Inner>,
    changed: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap()
    }
}

pub(crate) struct Server {
    pub(crate) address: String,
    shared: Arc<Shared>,
}

impl Server {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Shared::default());
        let (own, here) = (Arc::clone(&shared), address.clone());
        let serve = move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if own.lock().closing {
                    return;
                }
                let (shared, here) = (Arc::clone(&own), here.clone());
                let answer = move || drop(answer(&stream, &shared, &here)); // A client that goes away is no error.
                std::thread::Builder::new().name("hub-connection".to_owned()).spawn(answer).unwrap();
            }
        };
        std::thread::Builder::new().name("hub-server".to_owned()).spawn(serve).unwrap();
        Self { address, shared }
    }

    pub(crate) fn put(&self, model: &str, file: &str, bytes: &[u8]) {
        self.shared.lock().models.entry(model.to_owned()).or_default().insert(file.to_owned(), bytes.to_vec());
    }

    pub(crate) fn licence(&self, model: &str, licence: &'static str) {
        self.shared.lock().licences.insert(model.to_owned(), licence);
    }

    /// Faults of the next `GET`s of paths that end so, one for each.
    pub(crate) fn fail(&self, path_end: &str, faults: impl IntoIterator<Item = Fault>) {
        self.shared.lock().faults.push((path_end.to_owned(), faults.into_iter().collect()));
    }

    /// Large files are on another server.
    pub(crate) fn keep_large_files_on(&self, other: &Self) {
        self.shared.lock().elsewhere = Some(other.address.clone());
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.shared.lock().requests.clone()
    }

    /// Bytes of large files that were sent since the last question.
    pub(crate) fn take_n_sent(&self) -> usize {
        std::mem::take(&mut self.shared.lock().n_sent)
    }

    /// Waits until so many connections hang.
    pub(crate) fn wait_for_stalled(&self, n: usize) {
        let mut inner = self.shared.lock();
        while inner.n_stalled < n {
            inner = self.shared.changed.wait(inner).unwrap();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.lock().closing = true;
        self.shared.changed.notify_all();
        let _ = TcpStream::connect(self.address.trim_start_matches("http://")); // So that it looks.
    }
}

fn answer(stream: &TcpStream, shared: &Shared, here: &str) -> std::io::Result<()> {
    let request = read(stream)?;
    let mut inner = shared.lock();
    inner.requests.push(request.clone());
    let fault = match request.method.as_str() {
        "GET" => inner
            .faults
            .iter_mut()
            .find_map(|(end, faults)| if request.path.ends_with(end.as_str()) { faults.pop_front() } else { None }),
        _ => None,
    };
    if let Some(Fault::Status(status, code)) = fault {
        return reply(stream, status, &[("X-Error-Code", code.to_owned())], b"");
    }
    let parts: Vec<String> = request.path.trim_start_matches('/').split('/').map(str::to_owned).collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    match parts[..] {
        ["api", "models", owner, name, "revision", _] => {
            let model = format!("{owner}/{name}");
            let Some(files) = inner.models.get(&model) else {
                return reply(stream, 401, &[("X-Error-Code", "RepoNotFound".to_owned())], b"");
            };
            let siblings: Vec<_> = files.keys().map(|name| serde_json::json!({ "rfilename": name })).collect();
            let card = serde_json::json!({ "license": inner.licences.get(&model) });
            let text = serde_json::json!({ "id": model, "sha": COMMIT, "siblings": siblings, "cardData": card });
            reply(stream, 200, &[], text.to_string().as_bytes())
        }
        [owner, name, "resolve", COMMIT, file] => {
            let Some(bytes) = inner.models.get(&format!("{owner}/{name}")).and_then(|files| files.get(file)).cloned()
            else {
                return reply(stream, 404, &[("X-Error-Code", "EntryNotFound".to_owned())], b"");
            };
            let mut headers = vec![("X-Repo-Commit", COMMIT.to_owned())];
            if bytes.len() < LARGE {
                headers.push(("ETag", format!("\"{}\"", git_hash(&bytes))));
                return body(stream, shared, inner, &request, &headers, &bytes, fault);
            }
            headers.push(("X-Linked-Etag", format!("\"{}\"", sha256(&bytes))));
            headers.push(("X-Linked-Size", bytes.len().to_string()));
            let host = inner.elsewhere.clone().unwrap_or_else(|| here.to_owned());
            headers.push(("Location", format!("{host}/cdn/{owner}/{name}/{file}?signed=1")));
            if let Some(fault) = fault {
                // Meant for the bytes, which are one redirect further.
                inner.faults.insert(0, (format!("/{file}?signed=1"), VecDeque::from([fault])));
            }
            reply(stream, 302, &headers, b"")
        }
        ["cdn", owner, name, file] => {
            let file = file.split('?').next().unwrap();
            let bytes = inner.models[&format!("{owner}/{name}")][file].clone();
            // A content network has ETags of its own.
            body(stream, shared, inner, &request, &[("ETag", "\"of-the-cdn\"".to_owned())], &bytes, fault)
        }
        _ => reply(stream, 404, &[], b"no such page"),
    }
}

fn read(stream: &TcpStream) -> std::io::Result<Request> {
    let mut lines = BufReader::new(stream).lines();
    let first = lines.next().unwrap_or_else(|| Ok(String::new()))?;
    let mut words = first.split_whitespace().map(str::to_owned);
    let mut request = Request {
        method: words.next().unwrap_or_default(),
        path: words.next().unwrap_or_default(),
        ..Request::default()
    };
    for line in lines {
        let line = line?;
        let Some((name, value)) = line.split_once(':') else {
            break;
        };
        request.headers.insert(name.to_lowercase(), value.trim().to_owned());
    }
    Ok(request)
}

fn reply(mut stream: &TcpStream, status: u16, headers: &[(&str, String)], body: &[u8]) -> std::io::Result<()> {
    head(stream, status, headers, body.len())?;
    stream.write_all(body)
}

fn head(mut stream: &TcpStream, status: u16, headers: &[(&str, String)], length: usize) -> std::io::Result<()> {
    let mut text = format!("HTTP/1.1 {status} x\r\nContent-Length: {length}\r\nConnection: close\r\n");
    for (name, value) in headers {
        text += &format!("{name}: {value}\r\n");
    }
    stream.write_all((text + "\r\n").as_bytes())
}

fn body(
    mut stream: &TcpStream,
    shared: &Shared,
    mut inner: MutexGuard<'_, Inner>,
    request: &Request,
    headers: &[(&str, String)],
    bytes: &[u8],
    fault: Option<Fault>,
) -> std::io::Result<()> {
    let range = request.header("range").filter(|_| !matches!(fault, Some(Fault::IgnoreRange)));
    let from = range.and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-')?.parse::<usize>().ok());
    let mut headers = headers.to_vec();
    let mut sent = bytes[from.unwrap_or(0)..].to_vec();
    if let Some(from) = from {
        headers.push(("Content-Range", format!("bytes {from}-{}/{}", bytes.len() - 1, bytes.len())));
    }
    head(stream, if from.is_some() { 206 } else { 200 }, &headers, sent.len())?;
    if request.method == "HEAD" {
        return Ok(());
    }
    let length = match fault {
        Some(Fault::Cut(length) | Fault::Stall(length)) => length.min(sent.len()),
        _ => sent.len(),
    };
    if matches!(fault, Some(Fault::Spoil)) {
        sent[length / 2] ^= 1;
    }
    if bytes.len() >= LARGE {
        inner.n_sent += length;
    }
    drop(inner); // Sending waits for the client.
    stream.write_all(&sent[..length])?;
    if matches!(fault, Some(Fault::Stall(_))) {
        let mut inner = shared.lock();
        inner.n_stalled += 1;
        shared.changed.notify_all();
        while !inner.closing {
            inner = shared.changed.wait(inner).unwrap();
        }
    }
    Ok(())
}

/// As `git hash-object`.
pub(crate) fn git_hash(bytes: &[u8]) -> String {
    let digest = sha1::Sha1::new().chain_update(format!("blob {}\0", bytes.len())).chain_update(bytes).finalize();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
