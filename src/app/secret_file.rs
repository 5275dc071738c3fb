//! A file with a secret in it: a password, a token, a private key.
//!
//! It may be a pipe, as in `--password-file <(pass show mail)`. Nobody waits for one beyond the deadline, and a signal
//! that is caught ends the wait.

#![allow(clippy::disallowed_types, reason = "files with secrets in them")]

use crate::net::{Deadline, Error, wait_readable};
use std::fs::OpenOptions;
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use zeroize::Zeroizing;

/// How much is read at first, in octets.
const FIRST: usize = 4096;

/// All of a file, which holds no more than `most` octets.
///
/// # Errors
/// The system's; [`Error::Timeout`], [`Error::Interrupted`].
pub fn read(file: &Path, most: usize, until: Deadline) -> Result<Zeroizing<Vec<u8>>, Error> {
    // Opening a pipe that nobody writes to would block.
    let flags = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();
    let file = OpenOptions::new().read(true).custom_flags(flags).open(file)?;
    let length = file.metadata().ok().filter(std::fs::Metadata::is_file).map(|facts| facts.len());
    let length = length.and_then(|length| usize::try_from(length).ok()).unwrap_or(FIRST);
    whole(length, most, |room| {
        loop {
            wait_readable(&file, until)?;
            match (&file).read(room) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                read => return read.map_err(Error::Io),
            }
        }
    })
}

/// All that a source gives, in a buffer that does not move while it fills, so that no part of a secret is left behind.
///
/// # Errors
/// Those of the source; `FileTooLarge` if there are more than `most` octets.
pub fn whole(
    expected: usize,
    most: usize,
    mut read: impl FnMut(&mut [u8]) -> Result<usize, Error>,
) -> Result<Zeroizing<Vec<u8>>, Error> {
    let mut room = Zeroizing::new(vec![0; expected.clamp(FIRST.min(most), most) + 1]);
    let mut filled = 0;
    loop {
        match read(room.get_mut(filled..).unwrap_or_default()) {
            Ok(0) if filled < room.len() => break,
            Ok(0) if room.len() > most => return Err(Error::Io(io::ErrorKind::FileTooLarge.into())),
            Ok(0) => {
                let mut more = Zeroizing::new(vec![0; (room.len() * 2).min(most + 1)]);
                more.iter_mut().zip(room.iter()).for_each(|(to, from)| *to = *from);
                room = more;
            }
            Ok(count) => filled += count,
            Err(Error::Io(error)) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    room.truncate(filled);
    Ok(room)
}
