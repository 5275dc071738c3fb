//! A source as a stream.

use super::Source;
use std::io::{self, Read};

/// Reads a source from its start to its end.
#[derive(Debug)]
pub struct Reader<'s> {
    source: &'s Source,
    at: u64,
}

impl Source {
    /// Its octets as a stream.
    #[must_use]
    pub fn reader(&self) -> Reader<'_> {
        Reader { source: self, at: 0 }
    }
}

impl Read for Reader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let end = self.at.saturating_add(buffer.len() as u64);
        let mut filled = 0;
        self.source.read_pieces(self.at, end, &mut |piece| {
            let behind = filled + piece.len();
            if let Some(room) = buffer.get_mut(filled..behind) {
                room.copy_from_slice(piece);
            }
            filled = behind;
            Ok(())
        })?;
        self.at += filled as u64;
        Ok(filled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_read_to_its_end_with_any_buffer() {
        let octets: Vec<u8> = (0..100_000_u32).map(|number| number.to_le_bytes()[0]).collect();
        let source = Source::bytes(octets.clone());
        for size in [1000, 1001, 100_000, 200_000] {
            let (mut reader, mut buffer, mut read) = (source.reader(), vec![0; size], Vec::new());
            loop {
                match reader.read(&mut buffer).unwrap() {
                    0 => break,
                    count => read.extend_from_slice(&buffer[..count]),
                }
            }
            assert!(read == octets, "{size} at once");
        }
    }
}
