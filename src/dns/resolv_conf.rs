//! /etc/resolv.conf (resolv.conf(5)): which resolvers there are, and how patiently they are asked.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};
use std::time::Duration;

/// The port of the DNS.
pub(super) const PORT: u16 = 53;
/// The most resolvers that count, as in the C library.
const MOST: usize = 3;

/// What the file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ResolvConf {
    /// The resolvers, in turn.
    pub(super) servers: Vec<SocketAddr>,
    /// How long each is waited for.
    pub(super) timeout: Duration,
    /// How often all of them are asked.
    pub(super) attempts: u32,
    /// They are believed that they validate (`trust-ad`).
    pub(super) trust_ad: bool,
}

impl ResolvConf {
    /// Reads the text of the file. What cannot be read is left out, and without a resolver it is the one of this
    /// machine, as in the C library.
    pub(super) fn read(text: &str) -> ResolvConf {
        let mut read =
            ResolvConf { servers: Vec::new(), timeout: Duration::from_secs(5), attempts: 2, trust_ad: false };
        for line in text.lines() {
            let mut words = line.split(['#', ';']).next().unwrap_or_default().split_whitespace();
            match words.next() {
                Some("nameserver") => read.servers.extend(words.next().and_then(address)),
                Some("options") => words.for_each(|option| read.option(option)),
                _ => {}
            }
        }
        read.servers.truncate(MOST);
        if read.servers.is_empty() {
            read.servers.push((Ipv4Addr::LOCALHOST, PORT).into());
        }
        read
    }

    fn option(&mut self, option: &str) {
        match option.split_once(':') {
            Some(("timeout", seconds)) => {
                let seconds = seconds.parse().unwrap_or(5).clamp(1, 30);
                self.timeout = Duration::from_secs(seconds);
            }
            Some(("attempts", number)) => self.attempts = number.parse().unwrap_or(2).clamp(1, 5),
            None if option == "trust-ad" => self.trust_ad = true,
            _ => {}
        }
    }
}

/// An address; one of a link names its interface, which the system knows (RFC 4007, section 11).
fn address(text: &str) -> Option<SocketAddr> {
    match text.split_once('%') {
        // Nobody is asked for what begins with an address.
        Some((address, _)) if address.parse::<Ipv6Addr>().is_ok() => {
            (text, PORT).to_socket_addrs().ok()?.next()
        }
        Some(_) => None,
        None => text.parse::<IpAddr>().ok().map(|address| SocketAddr::new(address, PORT)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resolvers_are_read_and_everything_else_is_left_out() {
        let read = ResolvConf::read(
            "# nameserver 192.0.2.9\n; x\nsearch example.org\nnameserver 192.0.2.1 # ours\nnameserver\t::1\n\
             nameserver fe80::1%lo\nnameserver 192.0.2.4\nnameserver x\nnameserver\noptions timeout:2 attempts:9 \
             trust-ad\n",
        );
        let servers: Vec<String> = read.servers.iter().map(ToString::to_string).collect();
        assert_eq!(servers, ["192.0.2.1:53", "[::1]:53", "[fe80::1%1]:53"]);
        assert_eq!((read.timeout.as_secs(), read.attempts, read.trust_ad), (2, 5, true));
        let read =
            ResolvConf::read("options timeout:x attempts:0 timeout\nnameserver fe80::1%no-such-link\n");
        assert_eq!(read.servers, [(Ipv4Addr::LOCALHOST, PORT).into()]);
        assert_eq!((read.timeout.as_secs(), read.attempts, read.trust_ad), (5, 1, false));
    }
}
