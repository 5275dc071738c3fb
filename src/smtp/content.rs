//! Content: what follows DATA (RFC 5321, section 4.1.1.4).

use std::io;

/// What a session must know of a message before MAIL FROM.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Facts {
    /// Its size as SIZE counts it (RFC 1870, section 3): octets with CRLF line ends, without the doubled dots
    /// and without the final dot, but with the line end that is added when the last line has none.
    pub octets: u64,
    /// Does it hold an octet above 127? Then BODY=8BITMIME is right (RFC 6152).
    pub eight_bit: bool,
    /// Do its headers hold UTF-8? Then SMTPUTF8 is needed (RFC 6531).
    pub utf8_headers: bool,
}

/// A message that can be written as often as it takes.
pub trait Content {
    /// What is known of it before it is sent.
    fn facts(&self) -> Facts;

    /// Writes it all, in pieces of any size. Lines may end in LF or CRLF; there is no bare CR and no NUL in it.
    ///
    /// # Errors
    /// Whatever `out` answers; or [`io::ErrorKind::InvalidData`] and the like when the source cannot be read any
    /// more or has changed since the facts were taken. The message is then not ended.
    fn write_to(&self, out: &mut dyn io::Write) -> io::Result<()>;
}
