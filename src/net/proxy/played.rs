//! A proxy for tests: it is in memory, and says what a test has it say.

use super::line::Line;
use super::url::Proxy;
use crate::config::secret::Secret;
use crate::net::Error;

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
pub(super) fn named(url: &str) -> Proxy {
    let proxy: Proxy = url.parse().unwrap();
    let password = proxy.user.as_ref().map(|_| Secret::new("open sesame".to_owned()));
    Proxy { password, ..proxy }
}
