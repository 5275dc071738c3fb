//! The sockets of the daemon: handed over by whoever starts it (systemd.socket(5)), or made by itself.

use super::super::early_exit::{EarlyExit, Result};
use super::super::peer;
use crate::net::error::plain;
use crate::net::local::{self, Connection, Listener};
use crate::output::Output;
use crate::report::exit::ExitStatus;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

/// What a socket is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Messages.
    Submit,
    /// Errands about one's own messages.
    Own,
    /// Errands about all messages.
    All,
}

/// Each with its name, as whoever starts us calls it, and who may connect: everybody, or a group.
const KNOWN: [(Purpose, &str, u32); 3] =
    [(Purpose::Submit, "submit", 0o666), (Purpose::Own, "queue", 0o666), (Purpose::All, "admin", 0o660)];
/// The group of those who see and change the whole queue, if there is one.
const ADMINISTRATORS: &str = "ehlo-admin";
/// How many clients are taken from a socket before the others have their turn.
const AT_ONCE: usize = 64;

/// The sockets, and where those are that were made here.
#[derive(Debug)]
pub struct Sockets {
    all: Vec<(Purpose, Listener)>,
    made: Vec<PathBuf>,
    folder: PathBuf,
}

impl Sockets {
    /// Those that were handed over; if there is none, all of them, in this folder.
    ///
    /// # Errors
    /// One cannot be made, or another daemon has it.
    pub fn open(folder: &Path) -> Result<Sockets> {
        let failed = |what: String, error: &std::io::Error| {
            let why = match error.kind() {
                std::io::ErrorKind::AddrInUse => "another daemon listens there".to_owned(),
                _ => plain(error),
            };
            EarlyExit::of(ExitStatus::TEMPORARY, format!("{what}: {why}"))
        };
        let inherited = local::inherited()
            .map_err(|error| failed("cannot use the sockets that were handed over".to_owned(), &error))?;
        let mut sockets = Sockets { all: Vec::new(), made: Vec::new(), folder: folder.to_owned() };
        for (name, listener) in inherited {
            match KNOWN
                .iter()
                .find(|(_, known, _)| name == *known || name.starts_with(&format!("ehlo-{known}.")))
            {
                Some((purpose, ..)) => sockets.all.push((*purpose, listener)),
                None => {
                    let text =
                        format!("a socket named '{name}' was handed over: submit, queue and admin are known");
                    return Err(EarlyExit::of(ExitStatus::CONFIG, text));
                }
            }
        }
        if sockets.all.is_empty() {
            check(folder)?;
            for (purpose, name, mode) in KNOWN {
                let path = folder.join(format!("{name}.sock"));
                let group = (purpose == Purpose::All).then(|| peer::group(ADMINISTRATORS)).flatten();
                let listener = Listener::bind(&path, mode, group)
                    .map_err(|error| failed(format!("cannot listen at {}", path.display()), &error))?;
                sockets.all.push((purpose, listener));
                sockets.made.push(path);
            }
        }
        Ok(sockets)
    }

    /// Where programs hand over, in words.
    #[must_use]
    pub fn describe(&self) -> String {
        match self.made.first() {
            Some(path) => path.display().to_string(),
            None => "a socket of the service manager".to_owned(),
        }
    }

    /// The folder of those that are made here.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = BorrowedFd<'_>> {
        self.all.iter().map(|(_, listener)| listener.as_fd())
    }

    /// The clients that wait.
    pub fn accept(&self, output: &Output) -> Vec<(Purpose, Connection)> {
        let mut found = Vec::new();
        for (purpose, listener) in &self.all {
            for _ in 0..AT_ONCE {
                match listener.accept() {
                    Ok(Some(connection)) => found.push((*purpose, connection)),
                    Ok(None) => break,
                    Err(error) => {
                        // Without descriptors it would be asked again at once, and again.
                        output.warn(&format!("cannot take a client: {}", plain(&error)));
                        thread::sleep(Duration::from_millis(100));
                        break;
                    }
                }
            }
        }
        found
    }
}

/// A folder in which others can make files is none for sockets.
fn check(folder: &Path) -> Result<()> {
    let own = rustix::process::geteuid().as_raw();
    let facts = std::fs::metadata(folder);
    match facts {
        Ok(facts) if (facts.uid() != own && facts.uid() != 0) || facts.mode() & 0o022 != 0 => {
            let text = format!("{} is not for sockets: others can write to it", folder.display());
            Err(EarlyExit::of(ExitStatus::CONFIG, text))
        }
        // What is wrong otherwise is told by who makes one there.
        _ => Ok(()),
    }
}

/// The socket for messages stays: who hands one over now waits for the next daemon.
impl Drop for Sockets {
    fn drop(&mut self) {
        for path in self.made.iter().filter(|path| !path.ends_with("submit.sock")) {
            let _ = std::fs::remove_file(path);
        }
    }
}
