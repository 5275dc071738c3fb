//! The header section of a message that comes in pieces: it is kept, since it is needed as a whole, up to
//! [`LONGEST`] octets; what follows it is handed on.

use memchr::memmem;
use std::fmt;

/// A header section longer than this, in octets, is not read.
pub const LONGEST: usize = 1 << 20;

/// A header section does not end within [`LONGEST`] octets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeadTooLong;

impl fmt::Display for HeadTooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the header section does not end within {LONGEST} octets")
    }
}

impl std::error::Error for HeadTooLong {}

/// Takes a message and keeps its header section.
///
/// It ends with an empty line in CRLF, or where the message ends: then there is no body.
#[derive(Debug, Default)]
pub struct Head {
    octets: Vec<u8>,
    is_complete: bool,
}

impl Head {
    /// Takes the next octets of the message, and gives those of them that belong to its body.
    ///
    /// # Errors
    /// [`HeadTooLong`].
    pub fn push<'a>(&mut self, octets: &'a [u8]) -> Result<&'a [u8], HeadTooLong> {
        if self.is_complete || octets.is_empty() {
            return Ok(octets);
        }
        let known = self.octets.len();
        // The empty line is looked for behind the longest one, too.
        let room = (LONGEST + 2).saturating_sub(known).min(octets.len());
        self.octets.extend_from_slice(octets.get(..room).unwrap_or_default());
        let from = known.saturating_sub(3);
        let end = if self.octets.starts_with(b"\r\n") {
            Some(0)
        } else {
            let new = self.octets.get(from..).unwrap_or_default();
            memmem::find(new, b"\r\n\r\n").map(|at| from + at + 2)
        };
        match end {
            Some(end) => {
                self.octets.truncate(end);
                self.is_complete = true;
                Ok(octets.get((end + 2).saturating_sub(known)..).unwrap_or_default())
            }
            None if self.octets.len() < LONGEST + 2 => Ok(b""),
            None => Err(HeadTooLong),
        }
    }

    /// Whether its end was seen: the rest is the body.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// The header section as far as it came, without the empty line.
    #[must_use]
    pub fn octets(&self) -> &[u8] {
        &self.octets
    }
}
