//! A proxy as the user names it: `socks5://[user@]host[:port]` or `http://[user@]host[:port]`.
//!
//! Its password comes from elsewhere: a URL is seen by others.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use super::error::ProxyError;
use crate::config::secret::Secret;
use crate::net::server::{Endpoint, ServerError, decoded, endpoint, host_and_port};

/// The protocol of a proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProxyKind {
    /// SOCKS version 5 (RFC 1928), port 1080.
    Socks5,
    /// HTTP's CONNECT (RFC 9110, section 9.3.6), port 8080.
    Http,
}

/// A proxy, as the user named it.
#[derive(Debug, Clone)]
pub struct Proxy {
    /// Its protocol.
    pub kind: ProxyKind,
    /// Its host: a name or an IP address, without brackets.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// The user to log in as, if there is one.
    pub user: Option<String>,
    /// The user's password.
    pub password: Option<Secret>,
}

impl Proxy {
    /// `host:port`, with brackets where they belong.
    #[must_use]
    pub fn place(&self) -> String {
        authority(&self.host, self.port)
    }
}

impl FromStr for Proxy {
    type Err = ProxyError;

    fn from_str(text: &str) -> Result<Proxy, ProxyError> {
        if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(ProxyError::Place(ServerError::Blank));
        }
        let (scheme, rest) = text.split_once("://").ok_or(ProxyError::Scheme)?;
        let (kind, usual) = match scheme.to_ascii_lowercase().as_str() {
            // curl's name for a proxy that looks names up; ours always does.
            "socks5" | "socks5h" => (ProxyKind::Socks5, 1080),
            "http" => (ProxyKind::Http, 8080),
            _ => return Err(ProxyError::Scheme),
        };
        let (user, place) = match rest.rsplit_once('@') {
            Some((user, _)) if user.contains(':') => return Err(ProxyError::Password),
            Some((user, place)) => (Some(decoded(user).map_err(|_| ProxyError::User)?), place),
            None => (None, rest),
        };
        let place = place.strip_suffix('/').unwrap_or(place);
        match endpoint(place).map_err(ProxyError::Place)? {
            Endpoint::Tcp { host, port } => {
                Ok(Proxy { kind, host, port: port.unwrap_or(usual), user, password: None })
            }
            _ => Err(ProxyError::Scheme),
        }
    }
}

/// As a URL, without the user.
impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match self.kind {
            ProxyKind::Socks5 => "socks5",
            ProxyKind::Http => "http",
        };
        write!(f, "{scheme}://{}", self.place())
    }
}

/// `host:port`; an IPv6 address in brackets, without the zone that means nothing elsewhere.
pub(in crate::net) fn authority(host: &str, port: u16) -> String {
    host_and_port(without_zone(host), port)
}

/// An address that was given in place of a name.
pub(super) fn address(host: &str) -> Option<IpAddr> {
    without_zone(host).parse().ok()
}

fn without_zone(host: &str) -> &str {
    host.split_once('%').map_or(host, |(address, _)| address)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::proxy::played::named;

    #[test]
    fn a_proxy_is_named_by_a_url() {
        for (text, shown, user) in [
            ("socks5://proxy", "socks5://proxy:1080", None),
            ("SOCKS5H://proxy:9050/", "socks5://proxy:9050", None),
            ("http://joe@proxy", "http://proxy:8080", Some("joe")),
            ("http://joe%40a@[::1]:3128", "http://[::1]:3128", Some("joe@a")),
        ] {
            let proxy: Proxy = text.parse().unwrap();
            assert_eq!((proxy.to_string().as_str(), proxy.user.as_deref()), (shown, user), "{text}");
        }
        for (text, error) in [
            ("proxy:1080", ProxyError::Scheme),
            ("https://proxy", ProxyError::Scheme),
            ("socks4://proxy", ProxyError::Scheme),
            ("socks5://@proxy", ProxyError::User),
            ("socks5://pro xy", ProxyError::Place(ServerError::Blank)),
            ("socks5://", ProxyError::Place(ServerError::Host)),
            ("http://proxy/path", ProxyError::Place(ServerError::Host)),
            ("http://proxy:0", ProxyError::Place(ServerError::Port)),
        ] {
            assert_eq!(text.parse::<Proxy>().unwrap_err(), error, "{text}");
        }
    }

    #[test]
    fn a_password_is_refused_and_not_shown() {
        for text in ["socks5://joe:sesame@proxy", "http://joe:ses@me@proxy:1", "socks5://:sesame@proxy"] {
            let error = text.parse::<Proxy>().unwrap_err();
            assert_eq!(error, ProxyError::Password, "{text}");
            assert!(!format!("{error} {error:?}").contains("ses@me"), "{text}");
        }
        for text in ["joe:sesame@proxy", "sesame://joe@proxy", "socks5://proxy:sesame"] {
            let error = text.parse::<Proxy>().unwrap_err();
            assert!(!format!("{error} {error:?}").contains("sesame"), "{text}");
        }
        assert!(!format!("{:?}", named("socks5://joe@proxy")).contains("sesame"));
    }
}
