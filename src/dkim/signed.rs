//! Content with its signatures in front. It is read once to be signed, and again to be sent: what goes out is what was
//! signed, with its line ends and its last CRLF, and without doubled dots.

use super::sign::{Message, SignError, Signer};
use ehlo_smtp::content::{Content, Facts, Framer};
use std::fmt;
use std::io::{self, Write};

/// What a server may refuse, in octets of a line without its CRLF (RFC 5321, section 4.5.3.1.6).
const LONGEST_LINE: usize = 998;

/// A message that is signed.
pub struct Signed<'a> {
    fields: String,
    content: &'a (dyn Content + Sync),
}

/// Why content is not signed.
#[derive(Debug)]
pub enum Unsigned {
    /// It cannot be read.
    Content(io::Error),
    /// It cannot be signed.
    Sign(SignError),
}

impl<'a> Signed<'a> {
    /// Signs content. `now` is the time in seconds since 1970.
    ///
    /// # Errors
    /// [`Unsigned`].
    pub fn new(signer: &Signer, content: &'a (dyn Content + Sync), now: u64) -> Result<Signed<'a>, Unsigned> {
        sign(signer, content, now).map(|signature| Signed { fields: signature.fields, content })
    }

    /// Content with these fields in front, which [`sign`] gave.
    #[must_use]
    pub fn with(fields: String, content: &'a (dyn Content + Sync)) -> Signed<'a> {
        Signed { fields, content }
    }

    /// Whether there is a signature.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        !self.fields.is_empty()
    }
}

impl fmt::Debug for Signed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signed").field("fields", &self.fields).finish_non_exhaustive()
    }
}

impl Content for Signed<'_> {
    fn facts(&self) -> Facts {
        let facts = self.content.facts();
        Facts { octets: facts.octets + self.fields.len() as u64, ..facts }
    }

    fn write_to(&self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(self.fields.as_bytes())?;
        self.content.write_to(out)
    }
}

/// The signatures of content, and what was seen on the way.
#[derive(Debug)]
pub struct Signature {
    /// The fields, each with its CRLF.
    pub fields: String,
    /// A line is longer than servers must take: one that breaks it breaks the signature.
    pub has_long_lines: bool,
}

/// Signs content.
///
/// # Errors
/// [`Unsigned`].
pub fn sign(signer: &Signer, content: &dyn Content, now: u64) -> Result<Signature, Unsigned> {
    let mut pass = Pass {
        message: Message::new(signer),
        framer: Framer::without_dots(),
        framed: Vec::new(),
        column: 0,
        has_long_lines: false,
        failed: None,
    };
    let written = content.write_to(&mut pass);
    if let Some(error) = pass.failed {
        return Err(Unsigned::Sign(error));
    }
    written.map_err(Unsigned::Content)?;
    pass.framed.clear();
    pass.framer.finish(&mut pass.framed);
    pass.message.push(&pass.framed).map_err(Unsigned::Sign)?;
    let fields = pass.message.finish(now).map_err(Unsigned::Sign)?;
    Ok(Signature { fields, has_long_lines: pass.has_long_lines })
}

/// Takes a message as it is written.
struct Pass<'a> {
    message: Message<'a>,
    framer: Framer,
    framed: Vec<u8>,
    /// How long the line is so far, with its CR.
    column: usize,
    has_long_lines: bool,
    failed: Option<SignError>,
}

impl Write for Pass<'_> {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        self.framed.clear();
        self.framer.push(piece, &mut self.framed);
        let mut start = 0;
        for end in memchr::memchr_iter(b'\n', &self.framed) {
            self.has_long_lines |= self.column + (end - start) > LONGEST_LINE + 1;
            (self.column, start) = (0, end + 1);
        }
        self.column += self.framed.len() - start;
        match self.message.push(&self.framed) {
            Ok(()) => Ok(piece.len()),
            Err(error) => {
                self.failed = Some(error);
                Err(io::ErrorKind::InvalidData.into())
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
