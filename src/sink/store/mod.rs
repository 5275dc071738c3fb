//! Where messages go: nowhere, memory, a Maildir for each recipient, or one mbox.
//!
//! On disk, content first goes to a temporary file, piece by piece; nobody has it before it is whole, and the
//! client hears no 250 before it is on the disk (fsync). A message that breaks off leaves nothing behind.
//! There, too, CRLF becomes LF, as Maildir and mbox have their lines; nothing else changes and no header is
//! added.

mod line_ends;
mod maildir;
mod mbox;

use super::SinkError;
use crate::net::error::again;
use ehlo_smtp::envelope::Envelope;
use line_ends::LineEnds;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

/// Where messages go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Store {
    /// Nowhere: they are counted and forgotten.
    Discard,
    /// Memory: [`super::Sink::messages`] has them, octet for octet.
    Memory,
    /// One Maildir for each recipient, in this folder, named like the address in RCPT. A `/` and a dot in
    /// front become `_`. A recipient who is refused has no folder, and one whose name a folder cannot have is
    /// refused; where a message could not be kept after all, an empty folder may stay.
    Maildir(PathBuf),
    /// This file, in the mboxrd form: each message once, whoever it is for.
    Mbox(PathBuf),
}

impl Store {
    /// The longest address that can be kept, in octets: a Maildir is named like its recipient.
    pub(super) fn longest_recipient(&self) -> Option<usize> {
        match self {
            Store::Maildir(_) => Some(maildir::LONGEST_NAME),
            Store::Discard | Store::Memory | Store::Mbox(_) => None,
        }
    }
}

/// A message that was kept in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// From and for whom.
    pub envelope: Envelope,
    /// The content as it came, without the doubling of dots.
    pub content: Vec<u8>,
}

/// What became of a message.
#[derive(Debug, Default)]
pub(super) struct Kept {
    /// For each recipient.
    pub(super) results: Vec<io::Result<()>>,
    /// Its size as SIZE counts it.
    pub(super) octets: u64,
}

/// A message on its way in. Dropped, it leaves nothing behind.
#[derive(Debug)]
pub(super) struct Incoming {
    /// The first error stays: what comes after it is dropped.
    place: io::Result<Place>,
    octets: u64,
}

#[derive(Debug)]
enum Place {
    Nowhere,
    Memory(Vec<u8>),
    File { file: tempfile::NamedTempFile, line_ends: LineEnds },
}

impl Incoming {
    /// Takes a piece of the content.
    pub(super) fn push(&mut self, piece: &[u8]) {
        self.octets += piece.len() as u64;
        let written = match &mut self.place {
            Ok(Place::File { file, line_ends }) => file.write_all(line_ends.push(piece)),
            Ok(Place::Memory(content)) => {
                content.extend_from_slice(piece);
                Ok(())
            }
            Ok(Place::Nowhere) | Err(_) => Ok(()),
        };
        if let Err(error) = written {
            self.place = Err(error);
        }
    }
}

/// The store, open.
#[derive(Debug)]
pub(super) struct Keeper {
    store: Store,
    /// What the sink calls itself: a part of file names.
    host: String,
    /// One recipient's trouble is not another's: LMTP.
    apart: bool,
    messages: Mutex<Vec<Message>>,
}

impl Keeper {
    /// Makes sure that there is a place for messages.
    pub(super) fn open(store: &Store, host: &str, lmtp: bool) -> Result<Keeper, SinkError> {
        match store {
            Store::Discard | Store::Memory => {}
            Store::Maildir(path) => {
                let made = std::fs::create_dir_all(path);
                made.map_err(|error| SinkError::Store { path: path.clone(), error })?;
            }
            Store::Mbox(path) => {
                let opened = mbox::open(path);
                opened.map_err(|error| SinkError::Store { path: path.clone(), error })?;
            }
        }
        Ok(Keeper { store: store.clone(), host: host.to_owned(), apart: lmtp, messages: Mutex::default() })
    }

    pub(super) fn messages(&self) -> Vec<Message> {
        self.messages.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A message begins.
    pub(super) fn begin(&self) -> Incoming {
        let file = |file: tempfile::NamedTempFile| Place::File { file, line_ends: LineEnds::default() };
        let place = match &self.store {
            Store::Discard => Ok(Place::Nowhere),
            Store::Memory => Ok(Place::Memory(Vec::new())),
            // In the same file system, so that it need not be copied for anybody.
            Store::Maildir(folder) => maildir::stage(folder).map(file),
            Store::Mbox(_) => tempfile::NamedTempFile::new().map(file),
        };
        Incoming { place, octets: 0 }
    }

    /// A message is whole: keeps it, and says so for each recipient.
    pub(super) fn keep(&self, incoming: Incoming, envelope: &Envelope) -> Kept {
        let octets = incoming.octets;
        let for_all = |result: io::Result<()>| {
            envelope.recipients.iter().map(|_| result.as_ref().copied().map_err(again)).collect()
        };
        let results = match (incoming.place, &self.store) {
            (Err(error), _) => for_all(Err(error)),
            (Ok(Place::Nowhere), _) => for_all(Ok(())),
            (Ok(Place::Memory(content)), _) => {
                let message = Message { envelope: envelope.clone(), content };
                self.messages.lock().unwrap_or_else(PoisonError::into_inner).push(message);
                for_all(Ok(()))
            }
            (Ok(Place::File { mut file, mut line_ends }), store) => {
                match (file.write_all(line_ends.finish()), store) {
                    (Err(error), _) => for_all(Err(error)),
                    (Ok(()), Store::Mbox(path)) => for_all(mbox::append(path, file.as_file_mut(), envelope)),
                    (Ok(()), Store::Maildir(folder)) => {
                        maildir::keep(folder, &self.host, file, envelope, self.apart)
                    }
                    (Ok(()), Store::Discard | Store::Memory) => for_all(Ok(())),
                }
            }
        };
        Kept { results, octets }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ehlo_smtp::envelope::Recipient;
    use ehlo_smtp::path::{ForwardPath, Mailbox, ReversePath};
    use std::path::Path;

    fn envelope(from: &str, to: &[&str]) -> Envelope {
        let recipient = |text: &&str| Recipient {
            path: ForwardPath::Mailbox(Mailbox::parse(text).unwrap()),
            parameters: vec![],
        };
        Envelope {
            reverse_path: match from {
                "" => ReversePath::Null,
                from => ReversePath::Mailbox(Mailbox::parse(from).unwrap()),
            },
            mail_parameters: vec![],
            demands: Vec::new(),
            only_offered: false,
            recipients: to.iter().map(recipient).collect(),
        }
    }

    fn keep(keeper: &Keeper, content: &[u8], envelope: &Envelope) -> Vec<bool> {
        let mut incoming = keeper.begin();
        content.chunks(3).for_each(|piece| incoming.push(piece));
        let kept = keeper.keep(incoming, envelope);
        assert_eq!(kept.octets, content.len() as u64);
        kept.results.iter().map(Result::is_ok).collect()
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn each_recipient_has_a_maildir_and_nothing_else_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let keeper = Keeper::open(&Store::Maildir(folder.path().join("mail")), "beta", false).unwrap();
        let folder = folder.path().join("mail");
        let to = envelope("", &["Jones@Beta.ARPA", "x@b.example", "a/b@b.example", "Jones@Beta.ARPA"]);
        assert_eq!(keep(&keeper, b"a\r\n.\r\nb\nc\rd\r", &to), [true; 4]);
        assert_eq!(names(&folder), ["Jones@Beta.ARPA", "a_b@b.example", "x@b.example"]);
        for (name, count) in [("Jones@Beta.ARPA", 2), ("a_b@b.example", 1), ("x@b.example", 1)] {
            let maildir = folder.join(name);
            assert_eq!(names(&maildir), ["cur", "new", "tmp"]);
            assert!(names(&maildir.join("tmp")).is_empty());
            assert_eq!(names(&maildir.join("new")).len(), count);
            for message in names(&maildir.join("new")) {
                assert_eq!(std::fs::read(maildir.join("new").join(message)).unwrap(), b"a\n.\nb\nc\rd\r");
            }
        }
    }

    #[test]
    fn a_message_that_broke_off_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let keeper = Keeper::open(&Store::Maildir(folder.path().to_owned()), "beta", false).unwrap();
        let mut incoming = keeper.begin();
        incoming.push(b"abc");
        assert_eq!(names(folder.path()).len(), 1);
        drop(incoming);
        assert!(names(folder.path()).is_empty());
    }

    #[test]
    fn who_cannot_have_it_fails_all_in_smtp_and_only_himself_in_lmtp() {
        for (lmtp, wanted) in [(false, [false; 2]), (true, [true, false])] {
            let folder = tempfile::tempdir().unwrap();
            std::fs::write(folder.path().join("b@b.example"), "in the way").unwrap();
            let keeper = Keeper::open(&Store::Maildir(folder.path().to_owned()), "beta", lmtp).unwrap();
            let to = envelope("", &["a@b.example", "b@b.example"]);
            assert_eq!(keep(&keeper, b"x\r\n", &to), wanted);
            let new = folder.path().join("a@b.example/new");
            assert_eq!(names(&new).len(), usize::from(lmtp));
            assert!(names(&folder.path().join("a@b.example/tmp")).is_empty());
            assert_eq!(names(folder.path()), ["a@b.example", "b@b.example"]);
        }
    }

    #[test]
    fn an_mbox_quotes_its_from_lines_and_separates_messages() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("mbox");
        let keeper = Keeper::open(&Store::Mbox(file.clone()), "beta", false).unwrap();
        let smith = envelope("Smith@Alpha.ARPA", &["Jones@Beta.ARPA", "Brown@Beta.ARPA"]);
        assert_eq!(keep(&keeper, b"From me\r\n>From you\r\n>>Fro\r\nFrom\r\n From x\r\n", &smith), [true; 2]);
        assert_eq!(keep(&keeper, b"no end", &envelope("", &["a@b.example"])), [true]);
        assert_eq!(keep(&keeper, b"", &envelope("\"a b\"@c.example", &["a@b.example"])), [true]);
        let text = std::fs::read_to_string(&file).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].starts_with("From Smith@Alpha.ARPA ") && lines[0].len() == 46, "{}", lines[0]);
        assert_eq!(lines[1..7], [">From me", ">>From you", ">>Fro", "From", " From x", ""]);
        assert!(lines[7].starts_with("From MAILER-DAEMON "));
        assert_eq!(lines[8..10], ["no end", ""]);
        assert!(lines[10].starts_with("From \"a_b\"@c.example "));
        assert_eq!(lines[11..], [""]);
    }

    #[test]
    fn a_place_that_cannot_be_is_told_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, "").unwrap();
        assert!(Keeper::open(&Store::Maildir(file.join("x")), "beta", false).is_err());
        assert!(Keeper::open(&Store::Mbox(folder.path().to_owned()), "beta", false).is_err());
    }
}
