//! SHA-256 over the same octets, once for each length that is to be hashed (RFC 6376, section 3.5, `l=`).

use ring::digest::{Context, SHA256};
use std::fmt;

#[derive(Default)]
pub(super) struct Sums {
    wanted: Vec<Sum>,
    octets: u64,
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

    pub(super) fn take(&mut self, octets: &[u8]) {
        for sum in &mut self.wanted {
            let left = sum.length.map(|length| length.saturating_sub(self.octets));
            // What is longer than all octets that can be addressed cuts nothing.
            let left = left.and_then(|left| usize::try_from(left).ok());
            sum.context.update(left.and_then(|left| octets.get(..left)).unwrap_or(octets));
        }
        self.octets = self.octets.saturating_add(octets.len() as u64);
    }

    /// How many were taken, hashed or not.
    pub(super) fn octets(&self) -> u64 {
        self.octets
    }

    pub(super) fn finish(self) -> Vec<(Option<u64>, [u8; 32])> {
        let finish = |sum: Sum| {
            let mut hash = [0; 32];
            for (to, from) in hash.iter_mut().zip(sum.context.finish().as_ref()) {
                *to = *from;
            }
            (sum.length, hash)
        };
        self.wanted.into_iter().map(finish).collect()
    }
}

impl fmt::Debug for Sums {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sums").field("wanted", &self.wanted.len()).field("octets", &self.octets).finish()
    }
}
