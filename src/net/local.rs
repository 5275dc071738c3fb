//! Sockets that programs of this machine connect to, in the file system or handed over by whoever started us
//! (sd_listen_fds(3)), and descriptors that are sent over them (unix(7), SCM_RIGHTS).

#![allow(clippy::disallowed_types, reason = "sockets are made and used here")]

use super::{Deadline, Error, wait_readable, wait_writable};
use rustix::fs::Mode;
use rustix::io::{Errno, retry_on_intr};
use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, ReturnFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, recvmsg, sendmsg,
};
use rustix::process::umask;
use std::io::{self, ErrorKind, IoSlice, IoSliceMut, Read, Write};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;

/// How many descriptors come with a request.
const MOST_DESCRIPTORS: usize = 3;
/// The longest request, in octets.
const LONGEST_REQUEST: usize = 64 * 1024;

/// A socket that is listened on.
#[derive(Debug)]
pub struct Listener(UnixListener);

impl Listener {
    /// Listens on a path, with these permissions, for this group if that may be set. Only before there are threads: the
    /// mask for new files is another one meanwhile. A socket that nobody listens on any more is replaced.
    ///
    /// # Errors
    /// Somebody listens there (`AddrInUse`), something else is there, or the folder cannot be written.
    pub fn bind(path: &Path, mode: u32, group: Option<u32>) -> io::Result<Listener> {
        // The socket has its mode from the start: whoever can change its folder could put another file in its place.
        let before = umask(Mode::from_raw_mode(0o777 & !mode));
        let bound = Listener::bind_anew(path);
        umask(before);
        let listener = bound?;
        // Where it fails, the group is our own.
        if group.is_some() {
            let _ = std::os::unix::fs::lchown(path, None, group);
        }
        // The standard library asks for a queue of 128, which a crowd fills.
        let _ = rustix::net::listen(&listener, 4096);
        Listener::of(listener)
    }

    fn bind_anew(path: &Path) -> io::Result<UnixListener> {
        match UnixListener::bind(path) {
            Err(error) if error.kind() == ErrorKind::AddrInUse => match UnixStream::connect(path) {
                Err(error) if error.kind() == ErrorKind::ConnectionRefused => {
                    std::fs::remove_file(path)?;
                    UnixListener::bind(path)
                }
                _ => Err(error),
            },
            bound => bound,
        }
    }

    fn of(listener: UnixListener) -> io::Result<Listener> {
        listener.set_nonblocking(true)?;
        Ok(Listener(listener))
    }

    /// The next client; nothing where none waits.
    ///
    /// # Errors
    /// The system has no descriptor for it, for example.
    pub fn accept(&self) -> io::Result<Option<Connection>> {
        match self.0.accept() {
            Ok((stream, _)) => Connection::of(stream).map(Some),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::ConnectionAborted) => {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}

impl AsFd for Listener {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

/// The sockets that whoever started us listens on, by name.
///
/// # Errors
/// One of them is no socket in the file system.
pub fn inherited() -> io::Result<Vec<(String, Listener)>> {
    // Only what is meant for this very process.
    if std::env::var("LISTEN_PID").ok().and_then(|pid| pid.parse().ok()) != Some(std::process::id()) {
        return Ok(Vec::new());
    }
    let names = std::env::var("LISTEN_FDNAMES").unwrap_or_default();
    let mut names = names.split(':').map(str::to_owned);
    let mut all = listenfd::ListenFd::from_env();
    let mut found = Vec::new();
    for number in 0..all.len() {
        let name = names.next().unwrap_or_default();
        if let Some(listener) = all.take_unix_listener(number)? {
            found.push((name, Listener::of(listener)?));
        }
    }
    Ok(found)
}

/// A connection to a program of this machine. It never blocks: whoever reads or writes waits for it first.
#[derive(Debug)]
pub struct Connection(UnixStream);

impl Connection {
    fn of(stream: UnixStream) -> io::Result<Connection> {
        stream.set_nonblocking(true)?;
        Ok(Connection(stream))
    }

    /// Connects to a path.
    ///
    /// # Errors
    /// Nobody listens there, or their queue is full (`WouldBlock`).
    pub fn to(path: &Path) -> io::Result<Connection> {
        Connection::of(UnixStream::connect(path)?)
    }

    /// The same connection once more.
    ///
    /// # Errors
    /// The system has no descriptor for it.
    pub fn again(&self) -> io::Result<Connection> {
        Ok(Connection(self.0.try_clone()?))
    }

    /// Sends a request: words, each without NUL, and descriptors. Nothing more is sent after it.
    ///
    /// # Errors
    /// It is too long (`InvalidInput`), or cannot be sent in time.
    pub fn request(
        &mut self,
        words: &[String],
        descriptors: &[BorrowedFd<'_>; MOST_DESCRIPTORS],
        deadline: Deadline,
    ) -> Result<(), Error> {
        let text: Vec<u8> = words.iter().flat_map(|word| word.bytes().chain([0])).collect();
        let is_plain = words.iter().all(|word| !word.contains('\0'));
        let Some((first, mut rest)) =
            text.split_at_checked(1).filter(|_| is_plain && text.len() <= LONGEST_REQUEST)
        else {
            return Err(Error::Io(ErrorKind::InvalidInput.into()));
        };
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MOST_DESCRIPTORS))];
        let mut control = SendAncillaryBuffer::new(&mut space);
        control.push(SendAncillaryMessage::ScmRights(descriptors));
        wait_writable(&self.0, deadline)?;
        retry_on_intr(|| sendmsg(&self.0, &[IoSlice::new(first)], &mut control, SendFlags::NOSIGNAL))
            .map_err(io::Error::from)?;
        while !rest.is_empty() {
            wait_writable(&self.0, deadline)?;
            match self.0.write(rest) {
                Err(error) if is_not_now(&error) => {}
                written => rest = rest.get(written.map_err(Error::Io)?..).unwrap_or_default(),
            }
        }
        self.0.shutdown(std::net::Shutdown::Write).map_err(Error::Io)
    }

    /// Receives what [`request`](Connection::request) sent.
    ///
    /// # Errors
    /// It does not come in time, is too long, or is none (`InvalidData`).
    pub fn requested(
        &mut self,
        deadline: Deadline,
    ) -> Result<(Vec<String>, [OwnedFd; MOST_DESCRIPTORS]), Error> {
        let invalid = || Error::Io(ErrorKind::InvalidData.into());
        let mut text = vec![0; 1];
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MOST_DESCRIPTORS))];
        let mut control = RecvAncillaryBuffer::new(&mut space);
        wait_readable(&self.0, deadline)?;
        let received = loop {
            match recvmsg(&self.0, &mut [IoSliceMut::new(&mut text)], &mut control, RecvFlags::CMSG_CLOEXEC) {
                Err(Errno::INTR) => {}
                received => break received.map_err(io::Error::from)?,
            }
        };
        if received.bytes != 1 || received.flags.contains(ReturnFlags::CTRUNC) {
            return Err(invalid());
        }
        let mut descriptors = Vec::new();
        for message in control.drain() {
            if let RecvAncillaryMessage::ScmRights(those) = message {
                descriptors.extend(those);
            }
        }
        let mut piece = [0; 4096];
        loop {
            wait_readable(&self.0, deadline)?;
            match self.0.read(&mut piece) {
                Ok(0) => break,
                Ok(count) => text.extend_from_slice(piece.get(..count).unwrap_or_default()),
                Err(error) if is_not_now(&error) => {}
                Err(error) => return Err(Error::Io(error)),
            }
            if text.len() > LONGEST_REQUEST {
                return Err(invalid());
            }
        }
        let text = String::from_utf8(text).map_err(|_| invalid())?;
        let text = text.strip_suffix('\0').ok_or_else(invalid)?;
        let descriptors = descriptors.try_into().map_err(|_| invalid())?;
        Ok((text.split('\0').map(str::to_owned).collect(), descriptors))
    }
}

fn is_not_now(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted)
}

impl AsFd for Connection {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

impl Read for Connection {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl Write for Connection {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        self.0.write(octets)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;
    use std::thread;
    use std::time::Duration;

    fn soon() -> Deadline {
        Deadline::after(Duration::from_secs(5))
    }

    #[test]
    fn a_request_arrives_with_its_descriptors() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("socket");
        let listener = Listener::bind(&path, 0o600, None).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(listener.accept().unwrap().is_none());
        let words = vec!["list".to_owned(), String::new(), "x".repeat(60_000)];
        let sent = words.clone();
        let to = path.clone();
        let client = thread::spawn(move || {
            let mut connection = Connection::to(&to).unwrap();
            let (input, output) = (io::stdin(), io::stderr());
            connection.request(&sent, &[input.as_fd(), output.as_fd(), output.as_fd()], soon()).unwrap();
        });
        wait_readable(&listener, soon()).unwrap();
        let mut connection = listener.accept().unwrap().unwrap();
        let (received, _) = connection.requested(soon()).unwrap();
        assert_eq!(received, words);
        client.join().unwrap();
        // Somebody listens; and when nobody does, the socket is replaced.
        assert_eq!(Listener::bind(&path, 0o600, None).unwrap_err().kind(), ErrorKind::AddrInUse);
        drop(listener);
        Listener::bind(&path, 0o600, None).unwrap();
    }

    #[test]
    fn what_is_no_request_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("socket");
        let listener = Listener::bind(&path, 0o600, None).unwrap();
        for octets in [&b""[..], b"list\0", b"l", &[b'x'; 70_000]] {
            let mut client = Connection::to(&path).unwrap();
            let octets = octets.to_vec();
            let talking = thread::spawn(move || {
                let mut rest = octets.as_slice();
                while !rest.is_empty() && wait_writable(&client, soon()).is_ok() {
                    match client.write(rest) {
                        Ok(count) => rest = &rest[count..],
                        Err(error) if is_not_now(&error) => {}
                        Err(_) => break,
                    }
                }
            });
            wait_readable(&listener, soon()).unwrap();
            assert!(listener.accept().unwrap().unwrap().requested(soon()).is_err());
            talking.join().unwrap();
        }
        let mut client = Connection::to(&path).unwrap();
        let input = io::stdin();
        let all = [input.as_fd(), input.as_fd(), input.as_fd()];
        assert!(client.request(&["a\0b".to_owned()], &all, soon()).is_err());
        assert!(client.request(&["x".repeat(70_000)], &all, soon()).is_err());
    }
}
