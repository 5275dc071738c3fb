//! Content as it is read back: it must be what was handed over, and nothing else is ever ended.

use super::crc::Crc32c;
use super::entry::Layout;
use super::error::{Damage, SpoolError};
use super::id::Id;
use std::io;

/// Writes a content that is read in pieces of at most `most` octets: `read` fills one from this octet on, and says how
/// much of it there was.
///
/// The last piece is written when the sum is known to be right: content that has changed is never ended, and so never
/// taken by a server.
///
/// # Errors
/// [`SpoolError::Damaged`], inside; those of `read` and of `out`.
pub fn write(
    id: Id,
    layout: &Layout,
    most: usize,
    mut read: impl FnMut(u64, &mut [u8]) -> io::Result<usize>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let damaged = |damage| io::Error::new(io::ErrorKind::InvalidData, SpoolError::Damaged { id, damage });
    let mut crc = Crc32c::default();
    let mut at = 0;
    let wanted = |left: u64| usize::try_from(left).map_or(most, |left| left.min(most));
    let mut buffer = vec![0; wanted(layout.length)];
    loop {
        let Some(piece) = buffer.get_mut(..wanted(layout.length - at)) else {
            return Err(damaged(Damage::Length));
        };
        if read(at, piece)? < piece.len() {
            return Err(damaged(Damage::Length));
        }
        crc.push(piece);
        at += piece.len() as u64;
        if at == layout.length && crc.sum() != layout.sum {
            return Err(damaged(Damage::ContentSum));
        }
        out.write_all(piece)?;
        if at == layout.length {
            return Ok(());
        }
    }
}
