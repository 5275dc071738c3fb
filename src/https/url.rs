//! An address that may be asked: https, a host, no user and no fragment (RFC 3986, section 3).

use crate::net::tls;
use std::fmt;
use ureq::http::Uri;

/// The port of https.
const PORT: u16 = 443;

/// An address that begins with `https://`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Url(String);

/// Why a text is no such address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UrlFault {
    /// It does not begin with `https://`.
    NotHttps,
    /// It has no host that a certificate can be for.
    NoHost,
    /// There is a user in front of the host.
    User,
    /// It is no URL, has a fragment, or is longer than 2,000 octets.
    Malformed,
}

/// The most octets: nobody needs more, and browsers take no more for certain.
const LONGEST: usize = 2_000;

impl Url {
    /// Takes a text.
    ///
    /// # Errors
    /// [`UrlFault`].
    pub fn parse(text: &str) -> Result<Url, UrlFault> {
        if text.len() > LONGEST || !text.bytes().all(|octet| octet.is_ascii_graphic()) || text.contains('#') {
            return Err(UrlFault::Malformed);
        }
        let is_https = text.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("https://"));
        if !is_https {
            return Err(UrlFault::NotHttps);
        }
        let uri: Uri = text.parse().map_err(|_| UrlFault::Malformed)?;
        let authority = uri.authority().ok_or(UrlFault::NoHost)?;
        if authority.as_str().contains('@') {
            return Err(UrlFault::User);
        }
        let (host, _) = host_and_port(&uri).ok_or(UrlFault::NoHost)?;
        if !tls::is_name(host) { Err(UrlFault::NoHost) } else { Ok(Url(text.to_owned())) }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The host, an IPv6 address without its brackets, and the port.
pub(super) fn host_and_port(uri: &Uri) -> Option<(&str, u16)> {
    let authority = uri.authority()?;
    let host = authority.host();
    let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
    let has_port = authority.as_str().len() > host.len();
    let port = if has_port { authority.port_u16()? } else { PORT };
    (!bare.is_empty() && port != 0).then_some((bare, port))
}

impl fmt::Display for UrlFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            UrlFault::NotHttps => "it does not begin with https://",
            UrlFault::NoHost => "it has no host that a certificate can be for",
            UrlFault::User => "it has a user in front of its host",
            UrlFault::Malformed => "it is not a URL in ASCII",
        })
    }
}

impl std::error::Error for UrlFault {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_with_a_host_and_nobody_in_front_of_it() {
        for (text, found) in [
            ("https://id.example/token", None),
            ("HTTPS://id.example:8443/a?b=c", None),
            ("https://127.0.0.1:1/", None),
            ("https://[::1]:1/", None),
            ("https://id.example", None),
            ("http://id.example/", Some(UrlFault::NotHttps)),
            ("id.example/token", Some(UrlFault::NotHttps)),
            ("ftp://id.example/", Some(UrlFault::NotHttps)),
            ("", Some(UrlFault::NotHttps)),
            ("https://", Some(UrlFault::Malformed)),
            ("https:///token", Some(UrlFault::Malformed)),
            ("https://me@id.example/", Some(UrlFault::User)),
            ("https://me:pw@id.example/", Some(UrlFault::User)),
            ("https://id.example:99999/", Some(UrlFault::NoHost)),
            ("https://id.example:0/", Some(UrlFault::NoHost)),
            ("https://-x.example/", Some(UrlFault::NoHost)),
            ("https://id.example/#token", Some(UrlFault::Malformed)),
            ("https://id.example/a b", Some(UrlFault::Malformed)),
            ("https://id.example/\r\nX: y", Some(UrlFault::Malformed)),
            ("https://bücher.example/", Some(UrlFault::Malformed)),
        ] {
            assert_eq!(Url::parse(text).err(), found, "{text}");
        }
        let long = format!("https://id.example/{}", "x".repeat(2_000));
        assert_eq!(Url::parse(&long), Err(UrlFault::Malformed));
    }
}
