//! Which resolvers are asked, in which order, and for how long.

use super::ask::ask;
use super::error::DnsError;
use super::message::{Verdict, Wanted};
use super::resolv_conf::ResolvConf;
use crate::net::{Deadline, interrupt};
use std::net::SocketAddr;
use std::time::Duration;

/// The most texts that are taken of one answer.
pub const MOST: usize = 100;

/// Asks resolvers.
#[derive(Debug, Clone)]
pub struct Resolver {
    servers: Vec<SocketAddr>,
    timeout: Duration,
    attempts: u32,
}

impl Resolver {
    /// Asks these, in turn.
    #[must_use]
    pub fn of(servers: Vec<SocketAddr>) -> Resolver {
        let usual = ResolvConf::read("");
        Resolver { servers, timeout: usual.timeout, attempts: usual.attempts }
    }

    /// Asks those of /etc/resolv.conf.
    #[must_use]
    pub fn of_system() -> Resolver {
        let text = std::fs::read("/etc/resolv.conf").unwrap_or_default();
        let read = ResolvConf::read(&String::from_utf8_lossy(&text));
        Resolver { servers: read.servers, timeout: read.timeout, attempts: read.attempts }
    }

    /// The TXT records of a name in A-labels; each is one text, whose strings are joined.
    ///
    /// # Errors
    /// [`DnsError`]; [`DnsError::NoRecord`] if there are none.
    pub fn texts(&self, name: &str, until: Deadline) -> Result<Vec<Vec<u8>>, DnsError> {
        let wanted = Wanted::parse(name).ok_or(DnsError::Name)?;
        let mut last = DnsError::NoResolver;
        for _ in 0..self.attempts {
            for server in &self.servers {
                let soon = Deadline::after(self.timeout).min(until);
                last = match ask(*server, &wanted, soon) {
                    Ok(Verdict::Texts(texts)) if texts.is_empty() => return Err(DnsError::NoRecord),
                    Ok(Verdict::Texts(mut texts)) => {
                        texts.truncate(MOST);
                        return Ok(texts);
                    }
                    Ok(Verdict::NoSuchName) => return Err(DnsError::NoSuchName),
                    Ok(Verdict::Code(code)) => DnsError::Code(*server, code),
                    Ok(Verdict::Cut | Verdict::Malformed | Verdict::Other) => DnsError::Malformed(*server),
                    Err(error) => error,
                };
                if until.is_over() || interrupt::caught().is_some() {
                    return Err(last);
                }
            }
        }
        Err(last)
    }
}
