//! Proxies: `socks5://[user@]host[:port]` (RFC 1928) and `http://[user@]host[:port]` (CONNECT: RFC 9110,
//! section 9.3.6). What can come of asking one is in proxy/error.rs.
//!
//! The name of the server is looked up by the proxy, never here. What is said to the one kind is in
//! proxy/socks.rs, to the other in proxy/http.rs. What follows the proxy's last reply is the server's: `read`
//! looks at what is there before it takes it, and never takes an octet too many.

pub mod error;
mod http;
mod socks;

use std::fmt;
use std::io::{Read, Write};
use std::net::IpAddr;
use std::str::FromStr;

use super::server::{Endpoint, ServerError, decoded, endpoint};
use super::socket::{Attempt, Socket, WRITE, attempted};
use super::{Deadline, Error};
use crate::config::secret::Secret;
use error::ProxyBreach;
pub use error::{ProxyError, ProxyFault};

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
    /// The user to log in as, if one is.
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

    /// Asks to be connected; the octets after this are the server's.
    pub(super) fn ask(
        &self,
        socket: &Socket,
        host: &str,
        port: u16,
        deadline: Deadline,
    ) -> Result<(), ProxyFault> {
        let mut line = Wire { socket, deadline };
        match self.kind {
            ProxyKind::Socks5 => socks::ask(self, &mut line, host, port),
            ProxyKind::Http => http::ask(self, &mut line, host, port),
        }
    }
}

/// `host:port`; an IPv6 address in brackets, without the zone that means nothing elsewhere.
pub(super) fn authority(host: &str, port: u16) -> String {
    match host.split_once('%').map_or(host, |(address, _)| address) {
        host if host.contains(':') => format!("[{host}]:{port}"),
        host => format!("{host}:{port}"),
    }
}

/// An address that was given in place of a name.
fn address(host: &str) -> Option<IpAddr> {
    host.split_once('%').map_or(host, |(address, _)| address).parse().ok()
}

/// The connection to a proxy.
trait Line {
    /// Writes all of it.
    fn say(&mut self, octets: &[u8]) -> Result<(), Error>;
    /// Waits for something, and looks at it without taking it; 0 is the end.
    fn peek(&mut self, buffer: &mut [u8]) -> Result<usize, Error>;
    /// Takes this many octets of what was looked at.
    fn take(&mut self, count: usize) -> Result<(), Error>;
}

struct Wire<'a> {
    socket: &'a Socket,
    deadline: Deadline,
}

impl Line for Wire<'_> {
    fn say(&mut self, octets: &[u8]) -> Result<(), Error> {
        let mut rest = octets;
        let mut socket = self.socket;
        while !rest.is_empty() {
            match attempted(socket.write(rest), WRITE)? {
                Attempt::Done(count) => rest = rest.get(count..).unwrap_or_default(),
                Attempt::Blocked(interest) => _ = socket.wait(interest, self.deadline)?,
            }
        }
        Ok(())
    }

    fn peek(&mut self, buffer: &mut [u8]) -> Result<usize, Error> {
        loop {
            match self.socket.peek(buffer)? {
                Attempt::Done(count) => return Ok(count),
                Attempt::Blocked(interest) => _ = self.socket.wait(interest, self.deadline)?,
            }
        }
    }

    fn take(&mut self, count: usize) -> Result<(), Error> {
        let mut socket = self.socket;
        // It is there: reading it does not block.
        socket.read_exact(&mut vec![0; count]).map_err(Error::Io)
    }
}

/// Reads one reply of at most `most` octets. `parse` is given all that came so far; it answers with the reply
/// and its length once it is whole. Nothing beyond it is taken.
fn read<T>(
    line: &mut dyn Line,
    most: usize,
    mut parse: impl FnMut(&[u8]) -> Result<Option<(usize, T)>, ProxyFault>,
) -> Result<T, ProxyFault> {
    let mut gathered = Vec::new();
    let mut piece = [0; 1024];
    loop {
        let before = gathered.len();
        let room = piece.len().min(most - before);
        let Some(piece) = piece.get_mut(..room).filter(|piece| !piece.is_empty()) else {
            return Err(ProxyFault::Protocol(ProxyBreach::LongReply));
        };
        let count = line.peek(piece)?;
        if count == 0 {
            return Err(ProxyFault::Closed);
        }
        gathered.extend_from_slice(piece.get(..count).unwrap_or_default());
        match parse(&gathered)? {
            Some((length, reply)) => {
                line.take(length.saturating_sub(before))?;
                return Ok(reply);
            }
            None => line.take(count)?,
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A proxy in memory: its octets come in the pieces given.
    #[derive(Default)]
    pub(super) struct Played {
        pub(super) said: Vec<u8>,
        coming: Vec<u8>,
        cut: usize,
        taken: usize,
    }

    impl Played {
        pub(super) fn new(coming: &[u8], cut: usize) -> Played {
            Played { coming: coming.to_vec(), cut, ..Played::default() }
        }

        /// What was not taken.
        pub(super) fn left(&self) -> &[u8] {
            &self.coming[self.taken..]
        }
    }

    impl Line for Played {
        fn say(&mut self, octets: &[u8]) -> Result<(), Error> {
            self.said.extend_from_slice(octets);
            Ok(())
        }

        fn peek(&mut self, buffer: &mut [u8]) -> Result<usize, Error> {
            let there = if self.taken < self.cut { &self.coming[..self.cut] } else { &self.coming[..] };
            let there = &there[self.taken..];
            let count = there.len().min(buffer.len());
            buffer[..count].copy_from_slice(&there[..count]);
            Ok(count)
        }

        fn take(&mut self, count: usize) -> Result<(), Error> {
            self.taken += count;
            Ok(())
        }
    }

    /// `socks5://…`, and the password of the user if there is one.
    pub(super) fn proxy(url: &str) -> Proxy {
        let proxy: Proxy = url.parse().unwrap();
        let password = proxy.user.as_ref().map(|_| Secret::new("open sesame".to_owned()));
        Proxy { password, ..proxy }
    }

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
        assert!(!format!("{:?}", proxy("socks5://joe@proxy")).contains("sesame"));
    }
}
