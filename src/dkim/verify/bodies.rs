//! The hashes of one body that several signatures want.

use crate::dkim::algorithm::Form;
use crate::dkim::body::{Body, Hashes};

/// The body in the forms that are wanted, each made once.
#[derive(Debug, Default)]
pub(super) struct Bodies {
    simple: Option<Body>,
    relaxed: Option<Body>,
}

impl Bodies {
    pub(super) fn want(&mut self, form: Form, length: Option<u64>) {
        let body = match form {
            Form::Simple => &mut self.simple,
            Form::Relaxed => &mut self.relaxed,
        };
        body.get_or_insert_with(|| Body::new(form)).want(length);
    }

    pub(super) fn push(&mut self, octets: &[u8]) {
        for body in [&mut self.simple, &mut self.relaxed].into_iter().flatten() {
            body.push(octets);
        }
    }

    pub(super) fn finish(self) -> Finished {
        Finished { simple: self.simple.map(Body::finish), relaxed: self.relaxed.map(Body::finish) }
    }
}

/// What came of them.
#[derive(Debug)]
pub(super) struct Finished {
    simple: Option<Hashes>,
    relaxed: Option<Hashes>,
}

impl Finished {
    /// The hash that was asked for, and how long the body is in this form.
    pub(super) fn of(&self, form: Form, length: Option<u64>) -> Option<([u8; 32], u64)> {
        let hashes = match form {
            Form::Simple => &self.simple,
            Form::Relaxed => &self.relaxed,
        };
        hashes.as_ref().and_then(|hashes| Some((hashes.of(length)?, hashes.octets)))
    }
}
