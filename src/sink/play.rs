//! `--script`: a dialogue, played as the server (its form: [`ehlo_smtp::dialogue`]).
//!
//! Each `S:` line is said, for each `C:` line one of the client is read and compared; what differs is noted,
//! and the play goes on. TLS begins behind the 220 that answers `C: STARTTLS`; lines that follow it at once
//! are said in clear, as the injection that they are. `! close` hangs up, `! raw` says octets without a line
//! end. Behind `! connect` stands what is played for the next connection; behind the last it begins anew.
//! Other settings, and remarks, mean nothing here.

use super::connection::Connection;
use super::cut_short::CutShort;
use super::event::{Event, Mismatch};
use crate::net::tls::Acceptor;
use ehlo_smtp::dialogue::{ClientLine, Entry, unescape};
use ehlo_smtp::serve::shown;
use ehlo_smtp::verb::Verb;

/// The longest line that is taken, in octets: content can have long ones.
const LONGEST: usize = 1024 * 1024;

/// Plays the dialogue to its end, or until one side hangs up. Returns what did not match.
pub(super) fn play(
    connection: Connection<'_>,
    script: &[Entry],
    acceptor: Option<&Acceptor>,
    session: u64,
    notice: &dyn Fn(Event<'_>),
) -> (Vec<Mismatch>, Result<(), CutShort>) {
    let mut player = Player {
        connection,
        input: Vec::new(),
        taken: 0,
        secret: false,
        tls_asked: false,
        session,
        mismatches: Vec::new(),
        notice,
    };
    let mut played = player.perform(script, acceptor);
    let closed = player.connection.close();
    if played.is_ok() {
        played = closed;
    }
    (player.mismatches, played)
}

struct Player<'a> {
    connection: Connection<'a>,
    input: Vec<u8>,
    taken: usize,
    /// The server asked for a response (334): the next line is a secret.
    secret: bool,
    /// The client said STARTTLS last.
    tls_asked: bool,
    session: u64,
    mismatches: Vec<Mismatch>,
    notice: &'a dyn Fn(Event<'_>),
}

impl Player<'_> {
    fn perform(&mut self, script: &[Entry], acceptor: Option<&Acceptor>) -> Result<(), CutShort> {
        let mut spoken = script.iter().filter(|entry| is_spoken(entry)).peekable();
        let mut tls_due = false;
        while let Some(entry) = spoken.next() {
            match entry {
                Entry::Server(line) => {
                    (self.notice)(Event::Sent(line));
                    self.connection.write(&[line, &b"\r\n"[..]].concat())?;
                    self.secret = line.starts_with(b"334");
                    tls_due |= self.tls_asked && line.starts_with(b"220");
                    self.tls_asked = false;
                    let more = matches!(spoken.peek(), Some(Entry::Server(_)));
                    if let (true, false, Some(acceptor)) = (tls_due, more, acceptor) {
                        tls_due = false;
                        let info = self.connection.start_tls(acceptor)?;
                        (self.notice)(Event::Tls(&info));
                        self.input.clear();
                        self.taken = 0;
                    }
                }
                Entry::Client(ClientLine::Content { octets }) => {
                    let dot = Entry::Client(ClientLine::Text(b".".to_vec()));
                    let got =
                        if spoken.peek() == Some(&&dot) { self.content()? } else { self.octets(*octets)? };
                    (self.notice)(Event::Content { octets: got });
                    if got != *octets {
                        self.differs(entry, Some(Entry::Client(ClientLine::Content { octets: got })));
                    }
                }
                Entry::Client(wanted) => {
                    let Some(line) = self.line()? else {
                        self.differs(entry, None);
                        return Ok(());
                    };
                    let line = line.strip_suffix(b"\r\n").unwrap_or(&line);
                    self.tls_asked = line.eq_ignore_ascii_case(Verb::StartTls.name().as_bytes());
                    let matches = wanted.matches(line);
                    let seen = match wanted {
                        ClientLine::Text(pattern) if matches => pattern.clone(),
                        _ if self.secret => b"***".to_vec(),
                        _ => shown(line),
                    };
                    (self.notice)(Event::Received(&seen));
                    if !matches {
                        self.differs(entry, Some(Entry::Client(ClientLine::Text(seen))));
                    }
                }
                Entry::Setting { name, value } if name == "raw" => {
                    let octets = unescape(value);
                    (self.notice)(Event::Sent(&octets));
                    self.connection.write(&octets)?;
                }
                // Only `close` is left.
                Entry::Setting { .. } | Entry::Remark(_) => return Ok(()),
            }
        }
        Ok(())
    }

    fn differs(&mut self, wanted: &Entry, got: Option<Entry>) {
        let got = got.map(|entry| entry.to_string());
        let mismatch = Mismatch { session: self.session, wanted: wanted.to_string(), got };
        (self.notice)(Event::Mismatch(&mismatch));
        self.mismatches.push(mismatch);
    }

    /// Reads more; `false` at the end.
    fn fill(&mut self) -> Result<bool, CutShort> {
        let mut piece = [0; 4096];
        let deadline = self.connection.deadline();
        let count = self.connection.read(&mut piece, deadline)?;
        self.input.drain(..self.taken);
        self.taken = 0;
        self.input.extend_from_slice(piece.get(..count).unwrap_or_default());
        Ok(count > 0)
    }

    /// The next line with its line end; it stays where it is.
    fn peek(&mut self) -> Result<Option<&[u8]>, CutShort> {
        let mut searched = 0;
        let length = loop {
            let unread = self.input.get(self.taken..).unwrap_or_default();
            if let Some(at) = memchr::memchr(b'\n', unread.get(searched..).unwrap_or_default()) {
                break searched + at + 1;
            }
            searched = unread.len();
            if searched >= LONGEST {
                return Err(CutShort::LongLine);
            }
            if !self.fill()? {
                return Ok(None);
            }
        };
        Ok(self.input.get(self.taken..self.taken + length))
    }

    fn line(&mut self) -> Result<Option<Vec<u8>>, CutShort> {
        let line = self.peek()?.map(<[u8]>::to_vec);
        self.taken += line.as_ref().map_or(0, Vec::len);
        Ok(line)
    }

    /// Reads content up to the lone dot, which stays; how much it is, as SIZE counts it.
    fn content(&mut self) -> Result<u64, CutShort> {
        let mut octets = 0;
        while let Some(line) = self.peek()? {
            if line == b".\r\n" {
                break;
            }
            let length = line.len();
            octets += (length - usize::from(line.starts_with(b"."))) as u64;
            self.taken += length;
        }
        Ok(octets)
    }

    /// Reads so many octets, as BDAT announced them; how many there were.
    fn octets(&mut self, wanted: u64) -> Result<u64, CutShort> {
        let mut left = wanted;
        loop {
            let unread = self.input.len() - self.taken;
            let count = usize::try_from(left).map_or(unread, |left| left.min(unread));
            self.taken += count;
            left -= count as u64;
            if left == 0 || !self.fill()? {
                return Ok(wanted - left);
            }
        }
    }
}

/// What the play is made of: lines, and the place where it is broken off.
fn is_spoken(entry: &Entry) -> bool {
    match entry {
        Entry::Server(_) | Entry::Client(_) => true,
        Entry::Setting { name, .. } => name == "close" || name == "raw",
        Entry::Remark(_) => false,
    }
}
