//! Proxies: which one an address goes through, by the usual variables.
//!
//! `HTTPS_PROXY` for https and `HTTP_PROXY` for http, else `ALL_PROXY`; none for hosts in `NO_PROXY`. Each also in
//! small letters. An entry of `NO_PROXY` means the host and all below it, as curl and Python read it.

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Proxies {
    https: Option<String>,
    http: Option<String>,
    none_for: Vec<String>,
}

impl Proxies {
    /// `of`: the value of a variable, if it has one.
    pub(super) fn read(of: &dyn Fn(&str) -> Option<String>) -> Self {
        let either = |name: &str| of(name).or_else(|| of(&name.to_lowercase()));
        let all = either("ALL_PROXY");
        let none_for = either("NO_PROXY").unwrap_or_default();
        Self {
            https: either("HTTPS_PROXY").or_else(|| all.clone()),
            http: either("HTTP_PROXY").or(all),
            none_for: none_for
                .split(',')
                .map(|entry| entry.trim().to_lowercase())
                .filter(|entry| !entry.is_empty())
                .collect(),
        }
    }

    /// The proxy for this scheme and host; `None`: go there directly.
    pub(super) fn of(&self, scheme: &str, host: &str) -> Option<&str> {
        let proxy = if scheme == "https" { &self.https } else { &self.http };
        proxy.as_deref().filter(|_| !self.none_for.iter().any(|entry| names(entry, host)))
    }
}

fn names(entry: &str, host: &str) -> bool {
    let host = host.to_lowercase();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    if entry == "*" || entry == host {
        return true;
    }
    let entry = entry.rsplit_once(':').filter(|(_, port)| port.parse::<u16>().is_ok()).map_or(entry, |(name, _)| name);
    let domain = entry.trim_start_matches('*').trim_start_matches('.');
    !domain.is_empty() && (host == domain || host.strip_suffix(domain).is_some_and(|above| above.ends_with('.')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_goes_through_the_proxy_that_is_meant_for_it() {
        let variables = [
            ("HTTPS_PROXY", "http://secure:1"),
            ("all_proxy", "socks5://all:2"),
            ("NO_PROXY", "localhost, .museum.example,*.intern:8080,127.0.0.1,::1"),
        ];
        let proxies = Proxies::read(&|name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        });
        for (scheme, host, expected) in [
            ("https", "huggingface.co", Some("http://secure:1")),
            ("http", "huggingface.co", Some("socks5://all:2")),
            ("https", "localhost", None),
            ("https", "notlocalhost", Some("http://secure:1")),
            ("https", "hub.museum.example", None),
            ("https", "MUSEUM.example", None),
            ("https", "a.intern", None),
            ("http", "127.0.0.1", None),
            ("http", "[::1]", None),
        ] {
            assert_eq!(proxies.of(scheme, host), expected, "{scheme}://{host}");
        }
        assert_eq!(Proxies::default().of("https", "huggingface.co"), None);
    }
}
