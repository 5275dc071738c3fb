//! A log of one's own: lines as syslog daemons write them into a file, with a time as in RFC 3339.

#![allow(clippy::disallowed_types, reason = "this is where it is written")]

use super::line::Line;
use super::stamp::{Stamp, tag};
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// `O_NONBLOCK`: a pipe that nobody reads is an error, and not waited for.
const NONBLOCK: i32 = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();

/// Appends the lines, each in one write, so that those of several processes stay apart. A new file is for its
/// owner alone.
pub(super) fn append(path: &Path, lines: &[Line]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.append(true).create(true).mode(0o600).custom_flags(NONBLOCK);
    let mut file = options.open(path)?;
    let node = rustix::system::uname();
    let host = node.nodename().to_string_lossy();
    let head = format!("{} {host} {}", Stamp::now().with_offset(), tag());
    lines.iter().try_for_each(|line| {
        let text = format!("{head}: {}\n", line.text);
        match file.write(text.as_bytes())? {
            written if written == text.len() => Ok(()),
            _ => Err(io::ErrorKind::WriteZero.into()),
        }
    })
}
