//! The PROXY protocol, versions 1 and 2, the sender's side (HAProxy's specification, sections 2.1 and 2.2):
//! it tells a server behind a balancer who has connected to whom.
//!
//! The header goes out before all else, before TLS and before the server's greeting.

use std::net::{IpAddr, SocketAddr};

/// The two forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// One line of text.
    V1,
    /// Octets.
    V2,
}

/// What begins version 2.
const SIGNATURE: &[u8; 12] = b"\r\n\r\n\0\r\nQUIT\n";
/// Version 2, command PROXY.
const PROXY: u8 = 0x21;

/// Who is said to have connected to whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// The form.
    pub version: Version,
    /// The client; our own end if it is not given.
    pub source: Option<SocketAddr>,
    /// The server; the end that we connected to if it is not given.
    pub destination: Option<SocketAddr>,
}

impl Header {
    /// The two addresses, given those of the connection, our own first; nothing if one is not known, or they
    /// are of different families.
    #[must_use]
    pub fn addresses(&self, ends: Option<(SocketAddr, SocketAddr)>) -> Option<(SocketAddr, SocketAddr)> {
        let plain = |mut address: SocketAddr| {
            address.set_ip(address.ip().to_canonical());
            address
        };
        let source = plain(self.source.or(ends.map(|ends| ends.0))?);
        let destination = plain(self.destination.or(ends.map(|ends| ends.1))?);
        (source.is_ipv4() == destination.is_ipv4()).then_some((source, destination))
    }

    /// The octets that say so.
    #[must_use]
    pub fn octets(&self, source: SocketAddr, destination: SocketAddr) -> Vec<u8> {
        match self.version {
            Version::V1 => {
                let family = if source.is_ipv4() { "TCP4" } else { "TCP6" };
                let (from, to) = (source.ip(), destination.ip());
                format!("PROXY {family} {from} {to} {} {}\r\n", source.port(), destination.port()).into()
            }
            Version::V2 => {
                // Over TCP: 0x11 by IPv4, 0x21 by IPv6.
                let (family, length): (u8, u16) = if source.is_ipv4() { (0x11, 12) } else { (0x21, 36) };
                let mut octets = SIGNATURE.to_vec();
                octets.extend([PROXY, family]);
                octets.extend(length.to_be_bytes());
                for address in [source, destination] {
                    match address.ip() {
                        IpAddr::V4(ip) => octets.extend(ip.octets()),
                        IpAddr::V6(ip) => octets.extend(ip.octets()),
                    }
                }
                octets.extend(source.port().to_be_bytes());
                octets.extend(destination.port().to_be_bytes());
                octets
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> SocketAddr {
        text.parse().unwrap()
    }

    fn header(version: Version, source: &str, destination: &str) -> Vec<u8> {
        Header { version, source: None, destination: None }.octets(at(source), at(destination))
    }

    #[test]
    fn version_1_is_a_line() {
        assert_eq!(
            header(Version::V1, "192.0.2.1:56324", "198.51.100.7:25"),
            b"PROXY TCP4 192.0.2.1 198.51.100.7 56324 25\r\n"
        );
        assert_eq!(
            header(Version::V1, "[2001:db8::1]:1", "[::1]:65535"),
            b"PROXY TCP6 2001:db8::1 ::1 1 65535\r\n"
        );
    }

    #[test]
    fn version_2_is_octets() {
        assert_eq!(
            header(Version::V2, "192.0.2.1:258", "198.51.100.7:25"),
            b"\r\n\r\n\0\r\nQUIT\n\x21\x11\x00\x0c\xc0\x00\x02\x01\xc6\x33\x64\x07\x01\x02\x00\x19"
        );
        let six = header(Version::V2, "[2001:db8::1]:1", "[::2]:25");
        assert_eq!(six[12..16], [0x21, 0x21, 0, 36]);
        assert_eq!(six.len(), 16 + 36);
        assert_eq!(six[16..20], [0x20, 0x01, 0x0d, 0xb8]);
        assert_eq!(six[47..], [2, 0, 1, 0, 25]);
    }

    #[test]
    fn what_is_not_given_is_the_connections_and_families_do_not_mix() {
        let ends = Some((at("127.0.0.1:1000"), at("127.0.0.2:25")));
        let header = |source: Option<&str>, destination: Option<&str>| Header {
            version: Version::V1,
            source: source.map(at),
            destination: destination.map(at),
        };
        assert_eq!(header(None, None).addresses(ends), ends);
        let given = header(Some("192.0.2.1:5"), None).addresses(ends);
        assert_eq!(given, Some((at("192.0.2.1:5"), at("127.0.0.2:25"))));
        let mapped = header(Some("[::ffff:192.0.2.1]:5"), None).addresses(ends);
        assert_eq!(mapped, given);
        assert_eq!(header(Some("[::1]:5"), None).addresses(ends), None);
        assert_eq!(header(Some("[::1]:5"), None).addresses(None), None);
        let both = header(Some("[::1]:5"), Some("[::2]:25")).addresses(None);
        assert_eq!(both, Some((at("[::1]:5"), at("[::2]:25"))));
    }
}
