//! SHA-256 over the same octets, once for each length that is to be hashed (RFC 6376, section 3.5, `l=`).
//!
//! Short spans are gathered, since each call costs something; long ones are hashed where they are.

use ring::digest::{Context, SHA256};
use std::fmt;

/// A span of fewer octets is gathered.
const SHORT: usize = 256;
/// How many octets are gathered.
const GATHERED: usize = 2048;

#[derive(Default)]
pub(super) struct Sums {
    wanted: Vec<Sum>,
    gathered: Vec<u8>,
    /// How many octets were hashed.
    hashed: u64,
}

struct Sum {
    length: Option<u64>,
    context: Context,
}

impl Sums {
    pub(super) fn want(&mut self, length: Option<u64>) {
        if self.wanted.iter().all(|sum| sum.length != length) {
            self.wanted.push(Sum { length, context: Context::new(&SHA256) });
        }
    }

    #[inline]
    pub(super) fn take(&mut self, octets: &[u8]) {
        if octets.len() < SHORT {
            self.gathered.extend_from_slice(octets);
            if self.gathered.len() > GATHERED - SHORT {
                self.flush();
            }
        } else {
            self.flush();
            self.hash(octets);
        }
    }

    fn flush(&mut self) {
        let mut gathered = std::mem::take(&mut self.gathered);
        self.hash(&gathered);
        gathered.clear();
        self.gathered = gathered;
    }

    fn hash(&mut self, octets: &[u8]) {
        for sum in &mut self.wanted {
            let left = sum.length.map(|length| length.saturating_sub(self.hashed));
            // What is longer than all octets that can be addressed cuts nothing.
            let left = left.and_then(|left| usize::try_from(left).ok());
            sum.context.update(left.and_then(|left| octets.get(..left)).unwrap_or(octets));
        }
        self.hashed = self.hashed.saturating_add(octets.len() as u64);
    }

    pub(super) fn finish(mut self) -> Hashes {
        self.flush();
        let finish = |sum: Sum| {
            let mut hash = [0; 32];
            for (to, from) in hash.iter_mut().zip(sum.context.finish().as_ref()) {
                *to = *from;
            }
            (sum.length, hash)
        };
        Hashes { octets: self.hashed, hashes: self.wanted.into_iter().map(finish).collect() }
    }
}

/// What came of a body.
#[derive(Debug)]
pub struct Hashes {
    /// How many octets its canonical form has, hashed or not.
    pub octets: u64,
    hashes: Vec<(Option<u64>, [u8; 32])>,
}

impl Hashes {
    /// The hash that was asked for.
    pub fn of(&self, length: Option<u64>) -> Option<[u8; 32]> {
        self.hashes.iter().find(|(wanted, _)| *wanted == length).map(|(_, hash)| *hash)
    }
}

impl fmt::Debug for Sums {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sums").field("wanted", &self.wanted.len()).field("hashed", &self.hashed).finish()
    }
}
