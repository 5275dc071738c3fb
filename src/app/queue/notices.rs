//! Notices that go into a file, where no server takes them (`bounce-to = "mbox"`; the format: RFC 4155).
#![allow(clippy::disallowed_types, reason = "this is where they are written")]

use super::place;
use crate::message::blind::is_mbox_line;
use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use time::OffsetDateTime;

/// Where they are: beside the queue; for a machine's, at home.
pub fn file() -> Option<PathBuf> {
    if place::is_machines() {
        return std::env::home_dir().map(|home| home.join("notices.mbox"));
    }
    place::folder().ok()?.parent().map(|folder| folder.join("notices.mbox"))
}

/// Appends a notice, and keeps it from being lost with the power.
pub fn append(notice: &[u8]) -> io::Result<()> {
    let path = file().ok_or(io::ErrorKind::NotFound)?;
    let file = File::options().append(true).create(true).mode(0o600).open(path)?;
    // Two runners of different queues share it.
    file.lock()?;
    (&file).write_all(&entry(notice, OffsetDateTime::now_utc()))?;
    file.sync_data()
}

/// The entry of one: its `From ` line, its text with LF, and an empty line.
fn entry(notice: &[u8], now: OffsetDateTime) -> Vec<u8> {
    let (weekday, month) = (now.weekday().to_string(), now.month().to_string());
    let (hour, minute, second) = now.to_hms();
    let mut out = format!(
        "From MAILER-DAEMON {weekday:.3} {month:.3} {:2} {hour:02}:{minute:02}:{second:02} {}\n",
        now.day(),
        now.year()
    )
    .into_bytes();
    for line in notice.split_inclusive(|octet| *octet == b'\n') {
        let text = line.strip_suffix(b"\n").unwrap_or(line);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        // What would begin an entry of its own is quoted, and what is quoted once more.
        if is_mbox_line(text) {
            out.push(b'>');
        }
        out.extend_from_slice(text);
        out.push(b'\n');
    }
    out.push(b'\n');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_is_an_entry_of_an_mbox() {
        let then = OffsetDateTime::from_unix_timestamp(1_796_000_005).unwrap();
        let entry = entry(b"Subject: x\r\n\r\nFrom here\r\n>From there\nend", then);
        let wanted =
            "From MAILER-DAEMON Mon Nov 30 00:53:25 2026\nSubject: x\n\n>From here\n>>From there\nend\n\n";
        assert_eq!(String::from_utf8(entry).unwrap(), wanted);
    }
}
