//! Small values that flags take: one of a few words, a port, an address.

use std::net::{IpAddr, SocketAddr};

use clap::ValueEnum;

/// `--tls`: when the connection is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TlsMode {
    /// never
    Off,
    /// STARTTLS if it is offered; the certificate is checked and reported, not demanded
    Opportunistic,
    /// STARTTLS, and a certificate that can be trusted, or nothing is sent
    Starttls,
    /// TLS from the first octet, and a certificate that can be trusted, or nothing is sent
    Implicit,
}

/// `--tls-min`: the oldest version of TLS that will do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum TlsVersion {
    /// TLS 1.2
    #[value(name = "1.2", help = None)]
    V1_2,
    /// TLS 1.3
    #[value(name = "1.3", help = None)]
    V1_3,
}

/// `--tls-backend`: whose TLS it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TlsBackend {
    /// the one that is built in
    Rustls,
    /// the system's (OpenSSL on Linux), for servers that are too old for the other
    Native,
}

/// `--proxy-protocol`: in which form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ProxyVersion {
    /// one line of text
    V1,
    /// octets
    V2,
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
    text.parse().ok().filter(|&port| port != 0).ok_or("wants a number from 1 to 65535")
}

/// An address to connect from; port 0 is any.
pub(super) fn bind(text: &str) -> Result<SocketAddr, String> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let alone = bare.parse::<IpAddr>().map(|address| SocketAddr::new(address, 0));
    alone.or_else(|_| text.parse()).map_err(|_| {
        format!("wants an IP address, perhaps with a port, such as 192.0.2.1 or [::1]:2525, not '{text}'")
    })
}

/// An address with its port.
pub(super) fn address_and_port(text: &str) -> Result<SocketAddr, String> {
    text.parse()
        .map_err(|_| format!("wants ADDRESS:PORT such as 192.0.2.1:2525 or [2001:db8::1]:25, not '{text}'"))
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
            assert_eq!(port(text), Err("wants a number from 1 to 65535"), "{text}");
        }
    }
}
