//! The system's log (RFC 3164, section 4.1), by the local socket: without a host name, which the daemon adds.

use super::line::{Line, Severity};
use super::socket;
use super::stamp::{Stamp, tag};
use rustix::io::Errno;
use rustix::net::SocketType;
use std::io;
use std::path::Path;

/// Where it listens.
pub(super) const SOCKET: &str = "/dev/log";
/// The facility of mail (section 4.1.1).
pub(super) const MAIL: u8 = 2;

/// Sends the lines: each in a datagram or, where the socket is a stream, with a NUL behind it, as syslog(3)
/// does.
pub(super) fn send(path: &Path, lines: &[Line]) -> io::Result<()> {
    let (log, end) = match socket::connect(path, SocketType::DGRAM) {
        Err(error) if error.raw_os_error() == Some(Errno::PROTOTYPE.raw_os_error()) => {
            (socket::connect(path, SocketType::STREAM)?, "\0")
        }
        connected => (connected?, ""),
    };
    let head = format!("{} {}", Stamp::now().as_in_syslog(), tag());
    lines.iter().try_for_each(|line| {
        let text = format!("<{}>{head}: {}{end}", priority(line.severity), line.text);
        socket::send(&log, text.as_bytes())
    })
}

/// Facility and severity in one number.
fn priority(severity: Severity) -> u8 {
    MAIL * 8 + severity.number()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_types, reason = "the tests are the daemon")]

    use super::*;
    use std::io::Read;
    use std::os::unix::net::{UnixDatagram, UnixListener};

    fn lines() -> [Line; 2] {
        let line = |severity, text: &str| Line { severity, text: text.to_owned(), fields: Vec::new() };
        [line(Severity::Info, "one"), line(Severity::Notice, "two")]
    }

    /// Without the time: fifteen characters.
    fn timeless(text: &str) -> String {
        let (number, rest) = text.split_once('>').unwrap();
        format!("{number}>{}", rest.get(15..).unwrap())
    }

    #[test]
    fn a_datagram_for_each_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        let log = UnixDatagram::bind(&path).unwrap();
        send(&path, &lines()).unwrap();
        let read = || {
            let mut buffer = [0; 1024];
            let length = log.recv(&mut buffer).unwrap();
            timeless(std::str::from_utf8(&buffer[..length]).unwrap())
        };
        assert_eq!(read(), format!("<22> {}: one", tag()));
        assert_eq!(read(), format!("<21> {}: two", tag()));
    }

    #[test]
    fn in_a_stream_a_line_ends_with_nul() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        let log = UnixListener::bind(&path).unwrap();
        send(&path, &lines()).unwrap();
        let mut read = String::new();
        log.accept().unwrap().0.read_to_string(&mut read).unwrap();
        let read: Vec<String> = read.split_terminator('\0').map(timeless).collect();
        assert_eq!(read, [format!("<22> {}: one", tag()), format!("<21> {}: two", tag())]);
    }

    #[test]
    fn where_nobody_listens_or_it_is_no_socket_it_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        assert_eq!(send(&path, &lines()).unwrap_err().kind(), io::ErrorKind::NotFound);
        std::fs::write(&path, "").unwrap();
        assert_eq!(send(&path, &lines()).unwrap_err().kind(), io::ErrorKind::ConnectionRefused);
    }
}
