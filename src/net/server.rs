//! What `--server` names: a host, a host with its port, a URL, or a Unix socket.
//!
//! ```text
//! mail.example.org   mail.example.org:2525   192.0.2.1   ::1   [::1]:2525
//! smtp://host (25)   submission://host (587)   smtps://host or submissions://host (465)   lmtp://host (24)
//! smtp:///path/of/socket   lmtp:///path/of/socket
//! ```
//!
//! Ports are those of RFC 5321, RFC 6409, RFC 8314 (sections 3.3 and 7.3) and RFC 2033. A password is
//! refused, since process lists and histories show it. No error quotes more than a scheme, since the rest can
//! be a password.

mod error;

use super::tls::TlsMode;
use ehlo_smtp::session::Protocol;
use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::path::PathBuf;
use std::str::FromStr;

pub use error::ServerError;

/// The longest host that is taken, in octets (RFC 1035, section 2.3.4).
const LONGEST: usize = 255;

/// A server, as the user named it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// Its protocol.
    pub protocol: Protocol,
    /// Where it is.
    pub endpoint: Endpoint,
    /// What the scheme says about TLS, if it does; [`Server::tls_hint`] fills in the rest.
    pub tls: Option<TlsMode>,
    /// The user in a URL, decoded.
    pub user: Option<String>,
}

/// Where a server is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Endpoint {
    /// On a host.
    Tcp {
        /// A name or an IP address, without brackets.
        host: String,
        /// The port, where one was given; [`Server::port`] fills in the default.
        port: Option<u16>,
    },
    /// A socket in the file system.
    Unix(PathBuf),
    /// A program, with its arguments; no text names one ([`program`](super::program)).
    Program(Vec<String>),
}

impl Server {
    /// The port to connect to, the default included; `None` for a Unix socket and a program.
    pub fn port(&self) -> Option<u16> {
        match (&self.endpoint, self.protocol, self.tls) {
            (Endpoint::Unix(_) | Endpoint::Program(_), _, _) => None,
            (Endpoint::Tcp { port: Some(port), .. }, _, _) => Some(*port),
            (_, Protocol::Lmtp, _) => Some(24),
            (_, Protocol::Smtp, Some(TlsMode::Implicit)) => Some(465),
            (_, Protocol::Smtp, Some(TlsMode::StartTls)) => Some(587),
            (_, Protocol::Smtp, Some(TlsMode::Off | TlsMode::Opportunistic) | None) => Some(25),
        }
    }

    /// The kind of TLS to expect: the scheme's, else the port's (465, 587), else what is usual for the
    /// protocol.
    pub fn tls_hint(&self) -> TlsMode {
        match (self.tls, &self.endpoint, self.protocol, self.port()) {
            (Some(hint), _, _, _) => hint,
            (None, Endpoint::Unix(_) | Endpoint::Program(_), _, _) | (None, _, Protocol::Lmtp, _) => {
                TlsMode::Off
            }
            (None, _, _, Some(465)) => TlsMode::Implicit,
            (None, _, _, Some(587)) => TlsMode::StartTls,
            (None, _, _, _) => TlsMode::Opportunistic,
        }
    }

    /// The host, without brackets; `None` for a Unix socket and a program.
    pub fn host(&self) -> Option<&str> {
        match &self.endpoint {
            Endpoint::Tcp { host, .. } => Some(host),
            Endpoint::Unix(_) | Endpoint::Program(_) => None,
        }
    }

    /// Reads what follows `scheme://`.
    fn from_url(scheme: &str, rest: &str) -> Result<Server, ServerError> {
        let (protocol, tls) = match scheme.to_ascii_lowercase().as_str() {
            "smtp" => (Protocol::Smtp, None),
            "submission" => (Protocol::Smtp, Some(TlsMode::StartTls)),
            "smtps" | "submissions" => (Protocol::Smtp, Some(TlsMode::Implicit)),
            "lmtp" => (Protocol::Lmtp, None),
            "mx" => return Err(ServerError::NotYet(scheme.to_owned())),
            // What does not look like a scheme can be the beginning of a password.
            other if other.bytes().all(|octet| octet.is_ascii_alphanumeric()) => {
                return Err(ServerError::Scheme(other.to_owned()));
            }
            _ => return Err(ServerError::Host),
        };
        if rest.starts_with('/') {
            return match (rest, tls) {
                ("/", _) | (_, Some(_)) => Err(ServerError::Path),
                // `smtp:///me:hunter2@host` has a slash too many.
                (path, None) if holds_a_password(path.strip_prefix('/').unwrap_or(path)) => {
                    Err(ServerError::Password)
                }
                (path, None) => {
                    Ok(Server { protocol, endpoint: Endpoint::Unix(PathBuf::from(path)), tls, user: None })
                }
            };
        }
        // The last '@' of all: a password that was not encoded can hold '@', '/', '?' and '#'.
        let (user, rest) = match rest.rsplit_once('@') {
            Some((user, _)) if user.contains(':') => return Err(ServerError::Password),
            Some((user, rest)) => (Some(decoded(user)?), rest),
            None => (None, rest),
        };
        let place = rest.strip_suffix('/').unwrap_or(rest);
        if place.contains(['/', '?', '#']) {
            return Err(ServerError::Rest);
        }
        Ok(Server { protocol, endpoint: endpoint(place)?, tls, user })
    }
}

/// Whether this is `user:password@host`, and no path of several names.
fn holds_a_password(path: &str) -> bool {
    !path.contains('/') && path.rsplit_once('@').is_some_and(|(user, _)| user.contains(':'))
}

impl FromStr for Server {
    type Err = ServerError;

    fn from_str(text: &str) -> Result<Server, ServerError> {
        if text.is_empty() {
            return Err(ServerError::Empty);
        }
        if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(ServerError::Blank);
        }
        if let Some((scheme, rest)) = text.split_once("://") {
            return Server::from_url(scheme, rest);
        }
        if text.starts_with('/') {
            return Err(ServerError::Path);
        }
        if let Some((user, _)) = text.rsplit_once('@') {
            return Err(if user.contains(':') { ServerError::Password } else { ServerError::Mailbox });
        }
        if text.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("mx:")) {
            return Err(ServerError::NotYet("mx".to_owned()));
        }
        if text.strip_prefix(':').unwrap_or(text).parse::<u16>().is_ok() {
            return Err(ServerError::NoHost);
        }
        Ok(Server { protocol: Protocol::Smtp, endpoint: endpoint(text)?, tls: None, user: None })
    }
}

/// Reads `host`, `host:port`, `[IPv6]`, `[IPv6]:port` or a bare IPv6 address.
pub(super) fn endpoint(text: &str) -> Result<Endpoint, ServerError> {
    let (host, port) = if let Some(rest) = text.strip_prefix('[') {
        let (inside, behind) = rest.split_once(']').ok_or(ServerError::Brackets)?;
        if !is_ipv6(inside) {
            return Err(ServerError::Brackets);
        }
        match behind {
            "" => (inside, None),
            _ => (inside, Some(behind.strip_prefix(':').ok_or(ServerError::Brackets)?)),
        }
    } else if is_ipv6(text) {
        (text, None)
    } else {
        match text.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (text, None),
        }
    };
    if !is_ipv6(host) && !is_host(host) {
        return Err(ServerError::Host);
    }
    let port = match port {
        None => None,
        Some(digits) if digits.bytes().all(|octet| octet.is_ascii_digit()) => {
            Some(digits.parse().ok().filter(|port| *port != 0).ok_or(ServerError::Port)?)
        }
        Some(_) if is_scheme(host) => return Err(ServerError::Slashes),
        Some(_) => return Err(ServerError::Port),
    };
    Ok(Endpoint::Tcp { host: host.to_owned(), port })
}

/// A host of this name is likelier a URL with a slash too few.
fn is_scheme(host: &str) -> bool {
    ["smtp", "submission", "smtps", "submissions", "lmtp"].iter().any(|name| host.eq_ignore_ascii_case(name))
}

/// An IPv6 address, with a zone behind a '%' or without (RFC 4007, section 11).
fn is_ipv6(text: &str) -> bool {
    let (address, zone) = text.split_once('%').unwrap_or((text, "0"));
    address.parse::<Ipv6Addr>().is_ok() && !zone.is_empty() && zone.chars().all(char::is_alphanumeric)
}

/// A host name (underscores happen) or an IPv4 address. What looks like an address must be one.
fn is_host(text: &str) -> bool {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let numeric = text.chars().all(|c| c.is_ascii_digit() || c == '.');
    text.len() <= LONGEST
        && text.starts_with(|c: char| c.is_alphanumeric() || c == '_')
        && text.chars().all(fits)
        && !text.contains("..")
        && (!numeric || text.parse::<Ipv4Addr>().is_ok())
}

/// Percent-decoding (RFC 3986, section 2.1).
pub(super) fn decoded(text: &str) -> Result<String, ServerError> {
    let mut octets = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(octet) = rest.next() {
        if octet != b'%' {
            octets.push(octet);
            continue;
        }
        let mut digit = || rest.next().and_then(|octet| char::from(octet).to_digit(16));
        let (Some(high), Some(low)) = (digit(), digit()) else { return Err(ServerError::User) };
        octets.push((high * 16 + low) as u8);
    }
    let user = String::from_utf8(octets).map_err(|_| ServerError::User)?;
    if user.is_empty() || user.chars().any(char::is_control) || user.contains('/') {
        return Err(ServerError::User);
    }
    Ok(user)
}

/// `host:port`, an IPv6 address in brackets.
#[must_use]
pub fn host_and_port(host: &str, port: u16) -> String {
    if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
}

/// `host`, `host:port` with brackets where they belong, or the path.
impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.endpoint {
            Endpoint::Unix(path) => path.display().fmt(f),
            // Its arguments may hold anything.
            Endpoint::Program(words) => f.write_str(words.first().map_or("", String::as_str)),
            Endpoint::Tcp { host, port: None } => f.write_str(host),
            Endpoint::Tcp { host, port: Some(port) } => f.write_str(&host_and_port(host, *port)),
        }
    }
}

#[cfg(test)]
mod tests;
