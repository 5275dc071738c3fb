//! The hash of a body (RFC 6376, sections 3.4.3 to 3.4.5 and 3.7): SHA-256 over what a canonicalisation makes
//! of it, in pieces of any size, with a fixed amount of memory.
//!
//! The octets are those that DATA sends, with CRLF line ends and without doubled dots. A CR or an LF alone is
//! an octet like any other. What a hash is compared with is for [`verify`](super::verify), and what it is
//! signed with for [`sign`](super::sign()).

mod line_ends;
mod relaxed;
mod simple;
mod sums;

pub(super) use sums::Hashes;

use super::algorithm::Form;
use relaxed::Relaxed;
use simple::Simple;
use sums::Sums;

/// The hash of a body that is to be signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BodyHash(pub(super) [u8; 32]);

/// Takes a body that is to be signed, in pieces of any size.
#[derive(Debug)]
pub struct BodyHasher(Body);

impl BodyHasher {
    pub(super) fn new() -> BodyHasher {
        let mut body = Body::new(Form::Relaxed);
        body.want(None);
        BodyHasher(body)
    }

    /// Takes the next octets of the body.
    pub fn push(&mut self, octets: &[u8]) {
        self.0.push(octets);
    }

    /// The hash of all that was pushed.
    #[must_use]
    pub fn finish(self) -> BodyHash {
        BodyHash(self.0.finish().of(None).unwrap_or_default())
    }
}

/// A body in one canonical form, with as many hashes as there are lengths to be hashed.
#[derive(Debug)]
pub(super) struct Body {
    canon: Canon,
    sums: Sums,
}

#[derive(Debug)]
enum Canon {
    Simple(Simple),
    Relaxed(Box<Relaxed>),
}

impl Body {
    pub(super) fn new(form: Form) -> Body {
        let canon = match form {
            Form::Simple => Canon::Simple(Simple::default()),
            Form::Relaxed => Canon::Relaxed(Box::new(Relaxed::new())),
        };
        Body { canon, sums: Sums::default() }
    }

    /// Asks for the hash of the first `length` octets of the canonical form, or of all of it.
    pub(super) fn want(&mut self, length: Option<u64>) {
        self.sums.want(length);
    }

    pub(super) fn push(&mut self, octets: &[u8]) {
        let Body { canon, sums } = self;
        match canon {
            Canon::Simple(simple) => simple.push(octets, &mut |octets| sums.take(octets)),
            Canon::Relaxed(relaxed) => relaxed.push(octets, &mut |octets| sums.take(octets)),
        }
    }

    pub(super) fn finish(self) -> Hashes {
        let Body { canon, mut sums } = self;
        match canon {
            Canon::Simple(simple) => simple.finish(&mut |octets| sums.take(octets)),
            Canon::Relaxed(relaxed) => relaxed.finish(&mut |octets| sums.take(octets)),
        }
        sums.finish()
    }
}

#[cfg(test)]
mod tests;
