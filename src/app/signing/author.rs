//! The domain that a signature should be of: that of the author. DMARC asks for it (RFC 7489, section 3.1.1), and the
//! envelope's may be that of bounces.

use crate::dkim::Head;
use crate::message::header::Header;
use ehlo_smtp::content::{Content, Framer};
use ehlo_smtp::path::{Domain, ForwardPath};
use std::io::{self, Write};

/// The domain of the first address in From.
pub fn domain(content: &dyn Content) -> Option<Domain> {
    let mut taker = Taker { head: Head::default(), framer: Framer::without_dots(), framed: Vec::new() };
    // It ends the writing where the header section ends; what cannot be read is found when the message is signed.
    let _ = content.write_to(&mut taker);
    match Header::parse(taker.head.octets()).ok()?.author()?.path {
        ForwardPath::Mailbox(mailbox) => Some(mailbox.domain().clone()).filter(|domain| !domain.is_literal()),
        ForwardPath::Postmaster => None,
    }
}

/// Takes the header section, and nothing behind it.
struct Taker {
    head: Head,
    framer: Framer,
    framed: Vec<u8>,
}

impl Write for Taker {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        self.framed.clear();
        self.framer.push(octets, &mut self.framed);
        self.head.push(&self.framed).map_err(io::Error::other)?;
        match self.head.is_complete() {
            true => Err(io::ErrorKind::WriteZero.into()),
            false => Ok(octets.len()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
