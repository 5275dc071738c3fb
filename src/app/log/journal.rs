//! The journal's native protocol (systemd, docs/JOURNAL_NATIVE_PROTOCOL.md): a datagram for each line, which
//! holds fields. `journalctl EHLO_STATUS=deferred` finds by them.

use super::line::Line;
use super::stamp::NAME;
use super::{socket, syslog};
use rustix::net::SocketType;
use std::io;
use std::path::Path;

/// Where it listens.
pub(super) const SOCKET: &str = "/run/systemd/journal/socket";

/// Sends the lines.
pub(super) fn send(path: &Path, lines: &[Line]) -> io::Result<()> {
    let journal = socket::connect(path, SocketType::DGRAM)?;
    lines.iter().try_for_each(|line| socket::send(&journal, &datagram(line)))
}

/// The fields of a line. Texts are cut in line.rs, so that it is never too large.
fn datagram(line: &Line) -> Vec<u8> {
    let mut out = Vec::new();
    put(&mut out, "MESSAGE", &line.text);
    put(&mut out, "PRIORITY", &line.severity.number().to_string());
    put(&mut out, "SYSLOG_IDENTIFIER", NAME);
    put(&mut out, "SYSLOG_FACILITY", &syslog::MAIL.to_string());
    line.fields.iter().for_each(|(name, value)| put(&mut out, name, value));
    out
}

/// `NAME=value`; or, of a value with line ends, its length in 64 bits before it, little-endian.
fn put(out: &mut Vec<u8>, name: &str, value: &str) {
    out.extend_from_slice(name.as_bytes());
    if value.contains('\n') {
        out.push(b'\n');
        out.extend_from_slice(&(value.len() as u64).to_le_bytes());
    } else {
        out.push(b'=');
    }
    out.extend_from_slice(value.as_bytes());
    out.push(b'\n');
}

#[cfg(test)]
mod tests {
    use super::super::line::Severity;
    use super::*;
    use std::os::unix::net::UnixDatagram;

    fn line(severity: Severity, text: &str, recipient: &str) -> Line {
        Line { severity, text: text.to_owned(), fields: vec![("EHLO_RECIPIENT", recipient.to_owned())] }
    }

    #[test]
    fn a_datagram_for_each_line_with_its_fields() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("socket");
        let journal = UnixDatagram::bind(&path).unwrap();
        let lines = [line(Severity::Info, "one", "a@b"), line(Severity::Error, "two", "c@d")];
        send(&path, &lines).unwrap();
        let read = || {
            let mut buffer = [0; 1024];
            let length = journal.recv(&mut buffer).unwrap();
            String::from_utf8(buffer[..length].to_vec()).unwrap()
        };
        let rest = "SYSLOG_IDENTIFIER=ehlo\nSYSLOG_FACILITY=2\nEHLO_RECIPIENT=";
        assert_eq!(read(), format!("MESSAGE=one\nPRIORITY=6\n{rest}a@b\n"));
        assert_eq!(read(), format!("MESSAGE=two\nPRIORITY=3\n{rest}c@d\n"));
    }

    #[test]
    fn a_value_with_a_line_end_has_its_length_before_it() {
        let mut out = Vec::new();
        put(&mut out, "A", "x\ny");
        put(&mut out, "B", "z");
        assert_eq!(out, b"A\n\x03\0\0\0\0\0\0\0x\ny\nB=z\n");
    }

    #[test]
    fn where_nobody_listens_it_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let error = send(&folder.path().join("none"), &[]).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
    }
}
