//! Octets that come in pieces, or as a stream, and are kept.
#![allow(clippy::disallowed_types, reason = "what is too much for memory goes to a file")]

use super::error::spooling;
use super::{IN_MEMORY, Place, Source};
use std::fs::File;
use std::io::{self, Read, Write};

/// Takes octets in pieces: up to [`IN_MEMORY`] of them in memory, more in an unnamed temporary file.
#[derive(Debug, Default)]
pub struct Builder {
    /// What is in memory: everything, or what was not written to the file yet.
    octets: Vec<u8>,
    file: Option<File>,
    written: u64,
}

impl Builder {
    /// Takes a piece.
    ///
    /// # Errors
    /// The temporary file cannot be made or written; [`is_no_room`](super::is_no_room) knows the error.
    pub fn push(&mut self, piece: &[u8]) -> io::Result<()> {
        if self.octets.len() + piece.len() > IN_MEMORY {
            self.spill()?;
        }
        self.octets.extend_from_slice(piece);
        Ok(())
    }

    /// Takes a stream, to its end.
    ///
    /// # Errors
    /// What reading says, or as for [`Builder::push`].
    pub(super) fn read(&mut self, mut stream: impl Read) -> io::Result<()> {
        loop {
            // One octet more than stays in memory tells that there is more.
            let room = (IN_MEMORY + 1).saturating_sub(self.octets.len());
            stream.by_ref().take(room as u64).read_to_end(&mut self.octets)?;
            if self.octets.len() <= IN_MEMORY {
                return Ok(());
            }
            self.spill()?;
        }
    }

    /// All of it.
    ///
    /// # Errors
    /// As for [`Builder::push`].
    pub fn finish(mut self) -> io::Result<Source> {
        if self.file.is_some() {
            self.spill()?;
        }
        Ok(match self.file {
            Some(file) => Source { place: Place::Spooled(file), length: self.written, name: None },
            None => Source::bytes(self.octets),
        })
    }

    fn spill(&mut self) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(tempfile::tempfile().map_err(spooling)?),
        };
        file.write_all(&self.octets).map_err(spooling)?;
        self.written += self.octets.len() as u64;
        self.octets.clear();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_become_a_whole_in_memory_or_in_a_file() {
        for (pieces, size, in_memory) in [
            (0, 0, true),
            (3, 5, true),
            (1, IN_MEMORY, true),
            (2, IN_MEMORY / 2 + 1, false),
            (5, IN_MEMORY / 2, false),
            (2, 2 * IN_MEMORY, false),
        ] {
            let mut builder = Builder::default();
            let mut wanted = Vec::new();
            for number in 0..pieces {
                let piece = vec![b'a' + number; size];
                builder.push(&piece).unwrap();
                wanted.extend(piece);
            }
            let source = builder.finish().unwrap();
            assert_eq!(matches!(source.place, Place::Memory(_)), in_memory, "{pieces} times {size}");
            assert_eq!(source.len(), wanted.len() as u64);
            assert!(source.read_all().unwrap() == wanted, "{pieces} times {size}");
        }
    }
}
