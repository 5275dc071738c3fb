//! The server of an account as the URL that `server` takes, and what has to be said of TLS beside it.

use super::remark::Why;
use crate::net::TlsMode;
use std::net::{Ipv4Addr, Ipv6Addr};

/// Where a server is.
#[derive(Debug, Clone, Default)]
pub struct Server {
    /// A name or an address, without brackets.
    pub host: Option<String>,
    /// The port.
    pub port: Option<u16>,
    /// The path of a socket, in place of a host.
    pub socket: Option<String>,
    /// Whether LMTP is spoken.
    pub is_lmtp: bool,
    /// What is known of TLS.
    pub tls: Option<TlsMode>,
}

impl Server {
    /// The values of `server` and, where it has to be said, `tls`; nothing where there is no server.
    pub fn written(&self) -> Option<(String, Option<&'static str>)> {
        let scheme = if self.is_lmtp { "lmtp" } else { "smtp" };
        if let Some(path) = &self.socket {
            return Some((format!("{scheme}://{path}"), None));
        }
        let host = self.host.as_ref()?;
        let host = if host.contains(':') { format!("[{host}]") } else { host.clone() };
        let (scheme, usual) = match (self.tls, self.port) {
            _ if self.is_lmtp => ("lmtp", 24),
            (Some(TlsMode::StartTls), Some(587)) => ("submission", 587),
            (Some(TlsMode::Implicit), _) => ("smtps", 465),
            _ => ("smtp", 25),
        };
        let port = self.port.filter(|port| *port != usual);
        let url =
            port.map_or_else(|| format!("{scheme}://{host}"), |port| format!("{scheme}://{host}:{port}"));
        let tls = match self.tls {
            Some(TlsMode::Off) if !self.is_lmtp => Some("off"),
            Some(TlsMode::Opportunistic) => Some("opportunistic"),
            Some(TlsMode::StartTls) if scheme != "submission" => Some("starttls"),
            Some(TlsMode::Implicit) if scheme != "smtps" => Some("implicit"),
            _ => None,
        };
        Some((url, tls))
    }
}

/// A host, perhaps with a port: `host:25`, `[::1]:25`.
pub fn host_and_port(text: &str) -> Result<(String, Option<u16>), Why> {
    let (name, rest) = match text.strip_prefix('[') {
        Some(inside) => inside.split_once(']').ok_or(Why::Value)?,
        None if text.matches(':').count() > 1 => (text, ""),
        None => text.split_at(text.find(':').unwrap_or(text.len())),
    };
    let port = match rest {
        "" => None,
        rest => Some(port(rest.strip_prefix(':').ok_or(Why::Value)?)?),
    };
    Ok((host(name)?, port))
}

/// A port's number.
pub fn port(text: &str) -> Result<u16, Why> {
    text.parse().ok().filter(|port| *port != 0).ok_or(Why::Value)
}

/// A host's name, or an address without brackets.
pub fn host(text: &str) -> Result<String, Why> {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let is_number = text.chars().all(|c| c.is_ascii_digit() || c == '.');
    let is_name = text.len() <= 255
        && text.starts_with(|c: char| c.is_alphanumeric() || c == '_')
        && text.chars().all(fits)
        && !text.contains("..")
        && (!is_number || text.parse::<Ipv4Addr>().is_ok());
    (is_name || text.parse::<Ipv6Addr>().is_ok()).then(|| text.to_owned()).ok_or(Why::Value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_says_what_port_and_tls_would_say() {
        let written = |host: &str, port: Option<u16>, is_lmtp, tls| {
            Server { host: Some(host.to_owned()), port, socket: None, is_lmtp, tls }.written().unwrap()
        };
        for (port, is_lmtp, tls, url, said) in [
            (Some(587), false, Some(TlsMode::StartTls), "submission://a.example", None),
            (Some(25), false, Some(TlsMode::StartTls), "smtp://a.example", Some("starttls")),
            (Some(2525), false, Some(TlsMode::StartTls), "smtp://a.example:2525", Some("starttls")),
            (None, false, Some(TlsMode::Implicit), "smtps://a.example", None),
            (Some(2465), false, Some(TlsMode::Implicit), "smtps://a.example:2465", None),
            (Some(25), false, Some(TlsMode::Off), "smtp://a.example", Some("off")),
            (Some(587), false, None, "smtp://a.example:587", None),
            (Some(26), false, Some(TlsMode::Opportunistic), "smtp://a.example:26", Some("opportunistic")),
            (Some(24), true, Some(TlsMode::Off), "lmtp://a.example", None),
            (Some(2003), true, Some(TlsMode::StartTls), "lmtp://a.example:2003", Some("starttls")),
        ] {
            assert_eq!(written("a.example", port, is_lmtp, tls), (url.to_owned(), said));
        }
        assert_eq!(written("::1", Some(2525), false, None).0, "smtp://[::1]:2525");
        let socket = Server { socket: Some("/run/lmtp".to_owned()), is_lmtp: true, ..Server::default() };
        assert_eq!(socket.written(), Some(("lmtp:///run/lmtp".to_owned(), None)));
        assert_eq!(Server::default().written(), None);
    }

    #[test]
    fn a_host_may_have_a_port_and_nothing_else() {
        let read = |text| host_and_port(text).ok();
        let found = |host: &str, port| Some((host.to_owned(), port));
        assert_eq!(read("mail.example:587"), found("mail.example", Some(587)));
        assert_eq!(read("::1"), found("::1", None));
        assert_eq!(read("[::1]:25"), found("::1", Some(25)));
        for wrong in ["", "a b", "me@a.example", "a/b", "a:0", "a:b", "a:", "[::1", "[::1]25", "1.2", "a..b"]
        {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
