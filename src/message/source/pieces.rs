//! A file, piece by piece.
#![allow(clippy::disallowed_types, reason = "this is where files are read")]

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

/// The size of all pieces but the last, in octets: 4096 lines of base64.
pub const PIECE: usize = 57 * 4096;

/// Reads by position, so that one open file serves several readers.
pub(super) fn read_file(
    file: &File,
    mut at: u64,
    end: u64,
    take: &mut dyn FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<()> {
    let mut buffer = vec![0; usize::try_from(end - at).unwrap_or(PIECE).min(PIECE)];
    while at < end {
        let wanted = usize::try_from(end - at).unwrap_or(PIECE).min(PIECE);
        let Some(piece) = buffer.get_mut(..wanted) else { break };
        file.read_exact_at(piece, at)?;
        at += piece.len() as u64;
        take(piece)?;
    }
    Ok(())
}
