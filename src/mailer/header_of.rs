//! The header section of what goes out, whatever it is made from, and what of it is about the way.

use crate::dkim::Head;
use crate::message::header::Header;
use ehlo_smtp::content::{Content, Framer};
use std::io::{self, Write};

/// The header section of a content; nothing if it cannot be read, which is found when the content is sent.
pub fn header_of(content: &dyn Content) -> Option<Header> {
    let mut taker = Taker { head: Head::default(), framer: Framer::without_dots(), framed: Vec::new() };
    // It ends the writing where the header section ends.
    let _ = content.write_to(&mut taker);
    Header::parse(taker.head.octets()).ok()
}

/// Whether its sender wants it to go out even where TLS is not as the recipient's domain wants it: `TLS-Required: No` (RFC
/// 8689, section 5).
pub fn waives_tls(header: &Header) -> bool {
    let mut fields = header.fields().filter(|field| field.is("TLS-Required"));
    // One that is there twice says nothing.
    match (fields.next(), fields.next()) {
        (Some(field), None) => field.value.trim_ascii().eq_ignore_ascii_case(b"no"),
        _ => false,
    }
}

/// Whether it is a report on TLS (RFC 8460, section 5.3), of which none is made.
pub fn is_tls_report(header: &Header) -> bool {
    header.has("TLS-Report-Domain")
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
