//! What happens in a sink, as it happens: for `ehlo sink -v`, and for whoever counts.

use super::cut_short::CutShort;
use crate::dns::Question;
use crate::net::tls::TlsInfo;
use ehlo_smtp::dialogue::{ClientLine, Entry};
use ehlo_smtp::envelope::Envelope;
use std::fmt;
use std::io;

/// Who is told what happens. Sessions run at the same time: `session` counts them from 1.
pub trait Observer: fmt::Debug + Send + Sync {
    /// Something happened in a session.
    fn notice(&self, session: u64, event: Event<'_>);
}

/// Observes nothing.
#[derive(Debug)]
pub(super) struct Nobody;

impl Observer for Nobody {
    fn notice(&self, _: u64, _: Event<'_>) {}
}

/// Something that happened. Its `Display` is a line of the dialogue form ([`ehlo_smtp::dialogue`]); secrets
/// are `***` in it.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Event<'a> {
    /// Somebody connected.
    Began {
        /// From where.
        peer: &'a str,
    },
    /// TLS has begun.
    Tls(&'a TlsInfo),
    /// The client said a line, here without its line end.
    Received(&'a [u8]),
    /// The client sent content.
    Content {
        /// How much, as SIZE counts it.
        octets: u64,
    },
    /// The server said a line, here without its line end.
    Sent(&'a [u8]),
    /// A message was kept, for every one of its recipients.
    Stored {
        /// From whom, and to whom.
        envelope: &'a Envelope,
        /// Its size as SIZE counts it.
        octets: u64,
    },
    /// A message could not be kept, for one recipient at least.
    NotStored(&'a io::Error),
    /// A message broke off, or was too large.
    Abandoned,
    /// The client said what the script does not say.
    Mismatch(&'a Mismatch),
    /// The session was cut short.
    Failed(&'a CutShort),
    /// The session is over.
    Ended,
    /// A name was looked up. It belongs to no session: its number is 0, as that of the next.
    LookedUp(&'a Question),
    /// A policy of MTA-STS was fetched from this host.
    PolicyFetched {
        /// Its name.
        host: &'a str,
    },
}

impl fmt::Display for Event<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Event::Began { peer } => write!(f, "# {peer} connected"),
            Event::Tls(info) => {
                let or = |text: &Option<String>| text.clone().unwrap_or_else(|| "TLS".to_owned());
                write!(f, "# {}, {}", or(&info.version), or(&info.cipher))
            }
            Event::Received(line) => Entry::Client(ClientLine::Text(line.to_vec())).fmt(f),
            Event::Content { octets } => Entry::Client(ClientLine::Content { octets: *octets }).fmt(f),
            Event::Sent(line) => Entry::Server(line.to_vec()).fmt(f),
            Event::Stored { envelope, octets } => {
                write!(f, "# kept {octets} octets for")?;
                envelope.recipients.iter().try_for_each(|recipient| write!(f, " {}", recipient.path))
            }
            Event::NotStored(error) => write!(f, "# not kept: {error}"),
            Event::Abandoned => f.write_str("# message dropped"),
            Event::Mismatch(mismatch) => write!(f, "# {mismatch}"),
            Event::Failed(cut_short) => write!(f, "# {cut_short}"),
            Event::Ended => f.write_str("# closed"),
            Event::LookedUp(Question { name, kind, .. }) => write!(f, "# looked up: {name} {}", kind.name()),
            Event::PolicyFetched { host } => write!(f, "# MTA-STS policy fetched from {host}"),
        }
    }
}

/// A client's line that is not the script's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// In which session.
    pub session: u64,
    /// What the script says, in the dialogue form.
    pub wanted: String,
    /// What the client said, in the dialogue form; nothing if it had hung up.
    pub got: Option<String>,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.got {
            Some(got) => write!(f, "the script has '{}', but the client said '{got}'", self.wanted),
            None => write!(f, "the script has '{}', but the client hung up", self.wanted),
        }
    }
}
