//! The content of a message, read from its file while it is sent.

use super::disk::{DiskFile, fill};
use crate::spool::crc::Crc32c;
use crate::spool::entry::Layout;
use crate::spool::error::{Damage, SpoolError};
use crate::spool::id::Id;
use ehlo_smtp::content::{Content, Facts};
use std::io;

/// The pieces that are read.
const PIECE: usize = 64 << 10;

/// Content in a file.
pub struct Stored<F> {
    pub file: F,
    pub id: Id,
    pub facts: Facts,
    pub layout: Layout,
}

impl<F: DiskFile> Content for Stored<F> {
    fn facts(&self) -> Facts {
        self.facts
    }

    /// The last piece is written when the sum is known to be right: content that has changed on the disk is never
    /// ended, and so never taken by a server.
    fn write_to(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let damaged =
            |damage| io::Error::new(io::ErrorKind::InvalidData, SpoolError::Damaged { id: self.id, damage });
        let mut crc = Crc32c::default();
        let mut left = self.layout.length;
        let mut at = self.layout.begins;
        let mut buffer = vec![0; usize::try_from(left).map_or(PIECE, |left| left.min(PIECE))];
        loop {
            let piece = usize::try_from(left).map_or(PIECE, |left| left.min(PIECE));
            let Some(piece) = buffer.get_mut(..piece) else { return Err(damaged(Damage::Length)) };
            if fill(&self.file, piece, at)? < piece.len() {
                return Err(damaged(Damage::Length));
            }
            crc.push(piece);
            at += piece.len() as u64;
            left -= piece.len() as u64;
            if left == 0 && crc.sum() != self.layout.sum {
                return Err(damaged(Damage::ContentSum));
            }
            out.write_all(piece)?;
            if left == 0 {
                return Ok(());
            }
        }
    }
}
