//! The content of a message, read from its file while it is sent.

use super::disk::{DiskFile, fill};
use crate::spool::entry::Layout;
use crate::spool::id::Id;
use crate::spool::proven;
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

    fn write_to(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let read = |at: u64, piece: &mut [u8]| fill(&self.file, piece, self.layout.begins + at);
        proven::write(self.id, &self.layout, PIECE, read, out)
    }
}
