//! HTTP as the Hub needs it: redirects followed by hand, the token for the Hub alone, trouble sorted by who must act.
//!
//! Knows no model and no file. Source: RFC 9110; ureq 3.

use std::cell::{Cell, RefCell};
use std::io::{self, Read};
use std::sync::Arc;
use std::time::Duration;

use ureq::http::{HeaderMap, Uri};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::{
    ConnectProxyConnector, Connector as _, RustlsConnector, SocksConnector, TcpConnector,
};
use ureq::{Agent, Proxy};

use super::patient::{Ear, Patient, Stopped};
use super::{Environment, Progress};

const MAX_REDIRECTS: usize = 10;
const MAX_WAIT: Duration = Duration::from_secs(8);
/// What a description of a model may weigh.
const MAX_TEXT: u64 = 16 << 20;

/// Why there is no usable answer.
#[derive(Debug)]
pub(super) enum Trouble {
    Stopped,
    /// Nobody answers there.
    NoWay(String),
    Proxy(String),
    Certificate(String),
    /// An answer began and broke off, or makes no sense.
    Dropped(String),
    /// The answer is no. `code`: the Hub's own name for the reason.
    Status {
        status: u16,
        code: Option<String>,
    },
}

impl From<Stopped> for Trouble {
    fn from(_: Stopped) -> Self {
        Self::Stopped
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verb {
    Get,
    Head,
}

/// An answer whose body has not been read.
pub(super) struct Answer {
    pub(super) status: u16,
    headers: HeaderMap,
    body: ureq::Body,
}

impl Answer {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok().map(str::trim)
    }

    pub(super) fn into_reader(self) -> impl Read {
        self.body.into_reader()
    }
}

pub(super) struct Http<'a> {
    pub(super) environment: &'a Environment,
    pub(super) ear: Arc<Ear>,
    /// One for each proxy in use; `None`: without one.
    agents: RefCell<Vec<(Option<String>, Agent)>>,
    /// Somebody has answered already: what fails now may pass.
    answered: Cell<bool>,
}

impl<'a> Http<'a> {
    pub(super) fn new(environment: &'a Environment, ear: Arc<Ear>) -> Self {
        Self { environment, ear, agents: RefCell::default(), answered: Cell::new(false) }
    }

    /// The body as text; redirects are followed.
    pub(super) fn text(&self, address: &str) -> Result<String, Trouble> {
        let answer = self.follow(Verb::Get, address, 0)?;
        if answer.status != 200 {
            return Err(refusal(&answer));
        }
        let mut text = String::new();
        let read = answer.into_reader().take(MAX_TEXT).read_to_string(&mut text);
        read.map_err(|error| self.trouble_reading(&error))?;
        Ok(text)
    }

    /// Asks for what lies from byte `from` on; redirects are followed, any success or 416 is an answer.
    pub(super) fn get(&self, address: &str, from: u64) -> Result<Answer, Trouble> {
        let answer = self.follow(Verb::Get, address, from)?;
        if matches!(answer.status, 200 | 206 | 416) { Ok(answer) } else { Err(refusal(&answer)) }
    }

    /// Only the headers. A redirect to another host, or one that describes the file, is an answer: where it leads to
    /// has headers of its own that are not the Hub's.
    pub(super) fn head(&self, address: &str) -> Result<Answer, Trouble> {
        let answer = self.follow(Verb::Head, address, 0)?;
        if (200..400).contains(&answer.status) { Ok(answer) } else { Err(refusal(&answer)) }
    }

    /// Why reading a body failed.
    pub(super) fn trouble_reading(&self, error: &io::Error) -> Trouble {
        if self.ear.is_stopped() { Trouble::Stopped } else { Trouble::Dropped(error.to_string()) }
    }

    /// Tries again, a bounded number of times and with growing pauses, what may pass.
    pub(super) fn persistently<T>(
        &self,
        file: &str,
        mut attempt: impl FnMut() -> Result<T, Trouble>,
    ) -> Result<T, Trouble> {
        let mut tries = Tries::new(self);
        loop {
            match attempt() {
                Err(trouble) => tries.after(trouble, file)?,
                done => return done,
            }
        }
    }

    fn follow(&self, verb: Verb, address: &str, from: u64) -> Result<Answer, Trouble> {
        let home = origin(&self.environment.endpoint).ok_or_else(|| nonsense(&self.environment.endpoint))?;
        let mut address = address.to_owned();
        for _ in 0..=MAX_REDIRECTS {
            let here = origin(&address).ok_or_else(|| nonsense(&address))?;
            let answer = self.ask(verb, &address, &here, here == home, from)?;
            self.answered.set(true);
            let Some(location) = answer.header("location").filter(|_| (300..400).contains(&answer.status)) else {
                return Ok(answer);
            };
            let next = resolve(&address, location);
            let there = origin(&next).ok_or_else(|| nonsense(&next))?;
            if here.scheme == "https" && there.scheme != "https" {
                return Err(Trouble::Dropped(format!("it leads from https to {next}")));
            }
            if verb == Verb::Head && (there != here || answer.header("x-linked-etag").is_some()) {
                return Ok(answer);
            }
            address = next;
        }
        Err(Trouble::Dropped(format!("more than {MAX_REDIRECTS} redirects")))
    }

    fn ask(&self, verb: Verb, address: &str, at: &Origin, is_home: bool, from: u64) -> Result<Answer, Trouble> {
        let proxy = self.environment.proxies.of(&at.scheme, &at.host);
        let agent = self.agent(proxy)?;
        let mut request = match verb {
            Verb::Get => agent.get(address),
            Verb::Head => agent.head(address),
        };
        // Compressed, a file would have neither its length nor its ranges.
        request = request.header("Accept-Encoding", "identity");
        if let Some(token) = self.environment.token.as_ref().filter(|_| is_home) {
            request = request.header("Authorization", format!("Bearer {}", token.0));
        }
        if from > 0 {
            request = request.header("Range", format!("bytes={from}-"));
        }
        let (parts, body) = request.call().map_err(|error| self.trouble(error, proxy))?.into_parts();
        Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, body })
    }

    fn agent(&self, proxy: Option<&str>) -> Result<Agent, Trouble> {
        let mut agents = self.agents.borrow_mut();
        if let Some((_, agent)) = agents.iter().find(|(known, _)| known.as_deref() == proxy) {
            return Ok(agent.clone());
        }
        let parsed = proxy.map(Proxy::new).transpose();
        let parsed = parsed.map_err(|_invalid| Trouble::Proxy("its address is not understood".to_owned()))?;
        let silence = self.environment.patience.silence;
        // The system's own certificates: a house that inspects traffic has put its own there.
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::PlatformVerifier)
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .build();
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(parsed)
            .tls_config(tls)
            .timeout_resolve(Some(silence))
            .timeout_connect(Some(silence))
            .user_agent(concat!("docent/", env!("CARGO_PKG_VERSION")))
            .build();
        let connector =
            ().chain(SocksConnector::default())
                .chain(ConnectProxyConnector::default())
                .chain(TcpConnector::default())
                .chain(Patient { ear: Arc::clone(&self.ear), silence })
                .chain(RustlsConnector::default());
        let agent = Agent::with_parts(config, connector, DefaultResolver::default());
        agents.push((proxy.map(str::to_owned), agent.clone()));
        Ok(agent)
    }

    fn trouble(&self, error: ureq::Error, proxy: Option<&str>) -> Trouble {
        use std::io::ErrorKind as K;
        if self.ear.is_stopped() {
            return Trouble::Stopped;
        }
        let reason = match &error {
            ureq::Error::ConnectProxyFailed(_) | ureq::Error::InvalidProxyUrl => {
                return Trouble::Proxy(error.to_string());
            }
            ureq::Error::HostNotFound => "its name is not known here".to_owned(),
            ureq::Error::Timeout(ureq::Timeout::Resolve | ureq::Timeout::Connect) => {
                format!("nobody answers within {} s", self.environment.patience.silence.as_secs())
            }
            ureq::Error::Io(io) if is_certificate(io) => return Trouble::Certificate(io.to_string()),
            ureq::Error::Rustls(tls) => return Trouble::Certificate(tls.to_string()),
            ureq::Error::Io(io)
                if matches!(io.kind(), K::ConnectionRefused | K::HostUnreachable | K::NetworkUnreachable) =>
            {
                io.to_string()
            }
            other => return Trouble::Dropped(other.to_string()),
        };
        match proxy.and_then(origin) {
            Some(Origin { host, port, .. }) => Trouble::Proxy(format!("{host}:{port}: {reason}")),
            None => Trouble::NoWay(reason),
        }
    }
}

/// Counts attempts in a row without success.
pub(super) struct Tries<'a> {
    http: &'a Http<'a>,
    done: u32,
}

impl<'a> Tries<'a> {
    pub(super) fn new(http: &'a Http<'a>) -> Self {
        Self { http, done: 0 }
    }

    /// Something has moved: all attempts are open again.
    pub(super) fn reset(&mut self) {
        self.done = 0;
    }

    /// Waits before the next attempt; gives the trouble back where another would not help.
    pub(super) fn after(&mut self, trouble: Trouble, file: &str) -> Result<(), Trouble> {
        let may_pass = match &trouble {
            Trouble::Dropped(_) => true,
            Trouble::NoWay(_) | Trouble::Proxy(_) => self.http.answered.get(),
            Trouble::Status { status, .. } => matches!(status, 408 | 429 | 500..),
            Trouble::Stopped | Trouble::Certificate(_) => false,
        };
        let patience = self.http.environment.patience;
        self.done += 1;
        if !may_pass || self.done >= patience.tries {
            return Err(trouble);
        }
        self.http.ear.tell(&Progress::Waiting { file: file.to_owned() })?;
        let wait = patience.first_wait.saturating_mul(1 << (self.done - 1).min(10));
        Ok(self.http.ear.wait(wait.min(MAX_WAIT))?)
    }
}

fn refusal(answer: &Answer) -> Trouble {
    Trouble::Status { status: answer.status, code: answer.header("x-error-code").map(str::to_owned) }
}

fn nonsense(address: &str) -> Trouble {
    Trouble::Dropped(format!("{address} is no address of the web"))
}

fn is_certificate(error: &io::Error) -> bool {
    let tls = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    matches!(tls, Some(rustls::Error::InvalidCertificate(_)))
}

/// Who is spoken to: a token goes to one of these and to no other.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Origin {
    scheme: String,
    host: String,
    port: u16,
}

fn origin(address: &str) -> Option<Origin> {
    let uri: Uri = address.parse().ok()?;
    let scheme = uri.scheme_str()?.to_lowercase();
    let usual = match scheme.as_str() {
        "https" => 443,
        "http" => 80,
        "socks4" | "socks4a" | "socks5" | "socks5h" | "socks" => 1080,
        _ => return None,
    };
    Some(Origin { host: uri.host()?.to_lowercase(), port: uri.port_u16().unwrap_or(usual), scheme })
}

/// Where `location` leads from `address`.
fn resolve(address: &str, location: &str) -> String {
    let authority = address.find("://").map_or(0, |at| at + 3);
    let path = address[authority..].find(['/', '?']).map_or(address.len(), |at| authority + at);
    if location.contains("://") {
        location.to_owned()
    } else if location.starts_with("//") {
        format!("{}{location}", &address[..authority.saturating_sub(2)])
    } else if location.starts_with('/') {
        format!("{}{location}", &address[..path])
    } else {
        let file = address[path..].split('?').next().and_then(|path| path.rfind('/')).map_or(path, |at| path + at);
        format!("{}/{location}", &address[..file])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirects_lead_where_the_standard_says() {
        // Base and references after RFC 3986, section 5.4.
        let base = "http://a:8/b/c?q=x/y";
        for (location, expected) in [
            ("https://cdn/x", "https://cdn/x"),
            ("//g/h", "http://g/h"),
            ("/g", "http://a:8/g"),
            ("g", "http://a:8/b/g"),
        ] {
            assert_eq!(resolve(base, location), expected);
        }
        assert_eq!(resolve("http://a", "g"), "http://a/g");
    }

    #[test]
    fn another_scheme_host_or_port_is_somebody_else() {
        let home = origin("https://huggingface.co").unwrap();
        for (address, expected) in [
            ("https://HuggingFace.co:443/x", true),
            ("https://huggingface.co:8443/x", false),
            ("http://huggingface.co/x", false),
            ("https://cdn.huggingface.co/x", false),
            ("https://huggingface.co.evil.example/x", false),
            ("https://huggingface.co@evil.example/x", false),
        ] {
            assert_eq!(origin(address).unwrap() == home, expected, "{address}");
        }
        assert_eq!(origin("file:///etc/passwd"), None);
    }
}
