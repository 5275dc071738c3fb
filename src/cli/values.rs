//! Small values that flags take: one of a few words, a port, an address. Where a lower layer has the type,
//! the words for it are in a table here.

use crate::route::guard::Allow;
use std::net::{IpAddr, SocketAddr};

use clap::ValueEnum;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use crate::net::TlsMode;
use crate::net::proxy_protocol::Version;
use crate::net::tls::{Backend, MinVersion};

/// The words that a flag takes: each with its help, if it needs any, and with what it means.
pub(super) type Words<T> = &'static [(&'static str, &'static str, T)];

/// `--tls`: when the connection is encrypted.
pub(super) const TLS: Words<TlsMode> = &[
    ("off", "never", TlsMode::Off),
    (
        "opportunistic",
        "STARTTLS if it is offered; the certificate is checked and reported, not demanded",
        TlsMode::Opportunistic,
    ),
    ("starttls", "STARTTLS, and a certificate that can be trusted, or nothing is sent", TlsMode::StartTls),
    (
        "implicit",
        "TLS from the first octet, and a certificate that can be trusted, or nothing is sent",
        TlsMode::Implicit,
    ),
];

/// `--tls-min`: the oldest version of TLS that will do.
pub(super) const TLS_MIN: Words<MinVersion> =
    &[("1.2", "", MinVersion::Tls12), ("1.3", "", MinVersion::Tls13)];

/// `--tls-backend`: whose TLS it is.
pub(super) const TLS_BACKEND: Words<Backend> = &[
    ("rustls", "the one that is built in", Backend::Rustls),
    (
        "native",
        "the system's (OpenSSL on Linux), for servers that are too old for the other",
        Backend::Native,
    ),
];

/// `--proxy-protocol`: in which form.
pub(super) const PROXY_PROTOCOL: Words<Version> =
    &[("v1", "one line of text", Version::V1), ("v2", "octets", Version::V2)];

/// A parser of one of these words.
pub(super) fn one_of<T>(words: Words<T>) -> impl TypedValueParser<Value = T>
where
    T: Copy + Send + Sync + 'static,
{
    let possible = words.iter().map(|(word, help, _)| match *help {
        "" => PossibleValue::new(*word),
        help => PossibleValue::new(*word).help(help),
    });
    // The parser before it has let no other word through.
    PossibleValuesParser::new(possible).try_map(|typed| meaning(words, &typed).ok_or("is no such word"))
}

/// What a word means, if it is one of these.
pub(super) fn meaning<T: Copy>(words: Words<T>, typed: &str) -> Option<T> {
    words.iter().find(|(word, _, _)| *word == typed).map(|(_, _, meaning)| *meaning)
}

/// `--color` and `--progress`: whether something is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum When {
    /// On a terminal.
    #[default]
    #[value(help = None)]
    Auto,
    /// Wherever it goes.
    #[value(help = None)]
    Always,
    /// Nowhere.
    #[value(help = None)]
    Never,
}

/// A port to connect to. What was typed is not repeated: elsewhere `-p` is the password.
pub(super) fn port(text: &str) -> Result<u16, &'static str> {
    text.parse().ok().filter(|&port| port != 0).ok_or("needs a number from 1 to 65535")
}

/// What `--mx-allow` takes.
pub(super) fn allow(text: &str) -> Result<Allow, String> {
    text.parse().map_err(|_| {
        format!("needs loopback, private, an address or a network such as 192.0.2.0/24, not '{text}'")
    })
}

/// An address to connect from; port 0 is any.
pub(super) fn bind(text: &str) -> Result<SocketAddr, String> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let alone = bare.parse::<IpAddr>().map(|address| SocketAddr::new(address, 0));
    alone.or_else(|_| text.parse()).map_err(|_| {
        format!("needs an IP address, perhaps with a port, such as 192.0.2.1 or [::1]:2525, not '{text}'")
    })
}

/// An address with its port.
pub(super) fn address_and_port(text: &str) -> Result<SocketAddr, String> {
    text.parse()
        .map_err(|_| format!("needs ADDRESS:PORT such as 192.0.2.1:2525 or [2001:db8::1]:25, not '{text}'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_to_connect_from_may_have_a_port() {
        for (text, address) in [
            ("192.0.2.1", "192.0.2.1:0"),
            ("192.0.2.1:2525", "192.0.2.1:2525"),
            ("::1", "[::1]:0"),
            ("[::1]", "[::1]:0"),
            ("[::1]:25", "[::1]:25"),
        ] {
            assert_eq!(bind(text), Ok(address.parse().unwrap()), "{text}");
        }
        for text in ["", "eth0", "localhost", "192.0.2.1:", "192.0.2", "[192.0.2.1", ":25"] {
            assert!(bind(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_port_is_a_number_and_is_not_repeated_when_it_is_not() {
        assert_eq!(port("25"), Ok(25));
        assert_eq!(port("65535"), Ok(65535));
        for text in ["", "0", "65536", "smtp", "-1", "hunter2"] {
            assert_eq!(port(text), Err("needs a number from 1 to 65535"), "{text}");
        }
    }
}
