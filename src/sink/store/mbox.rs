//! One file for all messages, in the mboxrd form: each begins with a `From ` line and ends with an empty one,
//! and a line of its own that could be taken for the first is quoted by a `>`, those that are quoted already
//! by one more.
//!
//! The file is locked while a message is added. What cannot be written whole is taken back.

#![allow(clippy::disallowed_types)] // This is the file.

use ehlo_smtp::envelope::Envelope;
use ehlo_smtp::path::ReversePath;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::thread;
use std::time::Duration;

/// How often a locked file is tried, and how long to wait in between: 10 seconds in all.
const TRIES: u32 = 100;
const BREATH: Duration = Duration::from_millis(100);

/// Opens the file, or makes it, for its owner alone.
pub(super) fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Adds a message.
pub(super) fn append(path: &Path, message: &mut File, envelope: &Envelope) -> io::Result<()> {
    let mut mbox = open(path)?;
    lock(&mbox)?;
    let length = mbox.metadata()?.len();
    let added = write(&mut mbox, message, envelope).and_then(|()| mbox.sync_data());
    if added.is_err() {
        mbox.set_len(length)?;
    }
    added
}

/// Locks the file, for which another program may make us wait, but not for ever.
fn lock(mbox: &File) -> io::Result<()> {
    for _ in 0..TRIES {
        match mbox.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) => thread::sleep(BREATH),
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
    Err(io::ErrorKind::TimedOut.into())
}

fn write(mbox: &mut File, message: &mut File, envelope: &Envelope) -> io::Result<()> {
    message.seek(SeekFrom::Start(0))?;
    let mut quoter = Quoter::default();
    let mut out = from_line(&envelope.reverse_path, time::OffsetDateTime::now_utc()).into_bytes();
    let mut piece = vec![0; 64 * 1024];
    loop {
        let count = message.read(&mut piece)?;
        if count == 0 {
            break;
        }
        quoter.push(piece.get(..count).unwrap_or_default(), &mut out);
        mbox.write_all(&out)?;
        out.clear();
    }
    quoter.finish(&mut out);
    mbox.write_all(&out)
}

/// `From sender Thu Jan  1 00:00:00 1970`: the sender without blanks, the time as asctime(3) has it, in UTC.
fn from_line(sender: &ReversePath, now: time::OffsetDateTime) -> String {
    let sender = match sender {
        ReversePath::Null => "MAILER-DAEMON".to_owned(),
        ReversePath::Mailbox(mailbox) => mailbox.to_string().replace(' ', "_"),
    };
    let (weekday, month) = (now.weekday().to_string(), now.month().to_string());
    let (hour, minute, second) = now.to_hms();
    format!(
        "From {sender} {weekday:.3} {month:.3} {:>2} {hour:02}:{minute:02}:{second:02} {}\n",
        now.day(),
        now.year()
    )
}

/// The start of a line that must be quoted, behind any number of `>`.
const FROM: &[u8] = b"From ";

/// Quotes lines, in whatever pieces they come.
#[derive(Debug)]
struct Quoter {
    /// How many octets of [`FROM`] the line has so far; nothing if it is another line.
    matched: Option<usize>,
    at_line_start: bool,
}

impl Default for Quoter {
    fn default() -> Quoter {
        Quoter { matched: Some(0), at_line_start: true }
    }
}

impl Quoter {
    /// It does not matter where among the `>` the additional one is, so only `From ` has to be held back.
    fn push(&mut self, piece: &[u8], out: &mut Vec<u8>) {
        for &octet in piece {
            if let Some(matched) = self.matched {
                if FROM.get(matched) == Some(&octet) {
                    self.matched = Some(matched + 1);
                    if matched + 1 == FROM.len() {
                        out.push(b'>');
                        out.extend_from_slice(FROM);
                        self.matched = None;
                    }
                    self.at_line_start = false;
                    continue;
                }
                out.extend_from_slice(FROM.get(..matched).unwrap_or_default());
                if !(matched == 0 && octet == b'>') {
                    self.matched = None;
                }
            }
            out.push(octet);
            self.at_line_start = octet == b'\n';
            if self.at_line_start {
                self.matched = Some(0);
            }
        }
    }

    /// Ends the last line, if it is open, and the message.
    fn finish(self, out: &mut Vec<u8>) {
        out.extend_from_slice(FROM.get(..self.matched.unwrap_or_default()).unwrap_or_default());
        out.extend_from_slice(if self.at_line_start { b"\n" } else { b"\n\n" });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn from_lines_are_quoted_at_every_split() {
        for (content, quoted) in [
            ("", "\n"),
            ("a\n", "a\n\n"),
            ("a", "a\n\n"),
            ("From x\n", ">From x\n\n"),
            (">>From x\n>> From\n", ">>>From x\n>> From\n\n"),
            ("a From b\nFrom\nFrom ", "a From b\nFrom\n>From \n\n"),
            ("FrFrom \nFro\nFro", "FrFrom \nFro\nFro\n\n"),
            ("F>From \n>F>", "F>From \n>F>\n\n"),
            ("\n\nFrom \n", "\n\n>From \n\n"),
        ] {
            for at in 0..=content.len() {
                let mut quoter = Quoter::default();
                let mut out = Vec::new();
                quoter.push(&content.as_bytes()[..at], &mut out);
                quoter.push(&content.as_bytes()[at..], &mut out);
                quoter.finish(&mut out);
                assert_eq!(String::from_utf8(out).unwrap(), quoted, "{content:?} split at {at}");
            }
        }
    }

    #[test]
    fn the_from_line_has_the_sender_and_the_time() {
        let now = time::OffsetDateTime::UNIX_EPOCH;
        assert_eq!(from_line(&ReversePath::Null, now), "From MAILER-DAEMON Thu Jan  1 00:00:00 1970\n");
    }
}
