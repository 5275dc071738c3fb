//! A message that is signed as it comes, header section and body in one.

use super::{SignError, Signer};
use crate::dkim::body::BodyHasher;
use crate::dkim::header::Head;

/// Takes a message in pieces of any size.
#[derive(Debug)]
pub struct Message<'a> {
    signer: &'a Signer,
    head: Head,
    body: BodyHasher,
}

impl<'a> Message<'a> {
    /// To be signed by this signer.
    #[must_use]
    pub fn new(signer: &'a Signer) -> Message<'a> {
        Message { signer, head: Head::default(), body: signer.body() }
    }

    /// Takes the next octets of the message.
    ///
    /// # Errors
    /// [`SignError::Head`].
    pub fn push(&mut self, octets: &[u8]) -> Result<(), SignError> {
        let of_body = self.head.push(octets).map_err(SignError::Head)?;
        self.body.push(of_body);
        Ok(())
    }

    /// The fields to put in front of the message, as [`Signer::sign`] gives them.
    ///
    /// # Errors
    /// As for [`Signer::sign`].
    pub fn finish(self, now: u64) -> Result<String, SignError> {
        self.signer.sign(self.head.octets(), self.body.finish(), now)
    }
}
