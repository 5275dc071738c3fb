//! Writes a message's file in large pieces. The envelope comes first, though it says how long the content is and
//! what its sum is: its place is kept free, and it is put there at last. A small message is one write.

use super::disk::DiskFile;
use crate::spool::crc::Crc32c;
use crate::spool::error::SpoolError;
use std::io;

/// The pieces that are written.
const PIECE: usize = if cfg!(test) { 500 } else { 256 << 10 };
/// How often the room on the disk is looked at.
const LOOK: u64 = 64 << 20;

/// Takes the content.
pub struct Writer<'a, F, L> {
    file: &'a F,
    /// Whether there is room left on the disk.
    look: L,
    /// What is not written yet; it belongs at `at`.
    buffer: Vec<u8>,
    at: u64,
    head: usize,
    crc: Crc32c,
    length: u64,
    next_look: u64,
    refused: Option<SpoolError>,
    has_failed: bool,
}

impl<'a, F: DiskFile, L: Fn() -> Result<(), SpoolError>> Writer<'a, F, L> {
    /// One that keeps room for a head as long as this one.
    pub fn new(file: &'a F, head: &[u8], look: L) -> Writer<'a, F, L> {
        Writer {
            file,
            look,
            buffer: head.to_vec(),
            at: 0,
            head: head.len(),
            crc: Crc32c::default(),
            length: 0,
            next_look: LOOK,
            refused: None,
            has_failed: false,
        }
    }

    /// Why the queue takes no more of it, if so.
    pub fn refused(&mut self) -> Option<SpoolError> {
        self.refused.take()
    }

    /// The disk failed, not the content.
    pub fn has_failed(&self) -> bool {
        self.has_failed
    }

    /// The length of the content, and its sum.
    pub fn seen(&self) -> (u64, u32) {
        (self.length, self.crc.sum())
    }

    /// Writes what is left, and the head.
    pub fn finish(mut self, head: &[u8]) -> io::Result<()> {
        if head.len() != self.head {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        match self.buffer.get_mut(..head.len()) {
            Some(place) if self.at == 0 => place.copy_from_slice(head),
            _ => self.file.write_at(head, 0)?,
        }
        self.file.write_at(&self.buffer, self.at)
    }

    fn write_out(&mut self) -> io::Result<()> {
        self.file.write_at(&self.buffer, self.at).inspect_err(|_| self.has_failed = true)?;
        self.at += self.buffer.len() as u64;
        self.buffer.clear();
        if self.at >= self.next_look {
            self.next_look = self.at + LOOK;
            if let Err(refused) = (self.look)() {
                self.refused = Some(refused);
                return Err(io::ErrorKind::StorageFull.into());
            }
        }
        Ok(())
    }
}

impl<F: DiskFile, L: Fn() -> Result<(), SpoolError>> io::Write for Writer<'_, F, L> {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        self.crc.push(octets);
        self.length += octets.len() as u64;
        self.buffer.extend_from_slice(octets);
        if self.buffer.len() >= PIECE {
            self.write_out()?;
        }
        Ok(octets.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
