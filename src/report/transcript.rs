//! The transcript: what went over the wire, in the dialogue form, as it happens. Secrets are hidden before
//! they come here; octets of the server are made printable here.

#![allow(clippy::disallowed_types)] // `-vv` shows times.

use crate::client::Observer;
use crate::client::observer::Anew;
use crate::net::tls::TlsInfo;
use crate::net::tls::certificate::{few, short};
use crate::words;
use ehlo_smtp::dialogue::{ClientLine, Entry, escape};
use std::fmt::Write as _;
use std::io::Write;
use std::time::Instant;

/// So many of the message's first lines are shown.
const HEAD_LINES: usize = 4;
/// So many octets of each.
const HEAD_WIDTH: usize = 100;
/// So much of it is kept for that; a line that is longer than this ends them.
const HEAD: usize = 2048;

/// How much is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// `-v`: the dialogue.
    Lines,
    /// `-vv`: with times since the start and since the last one, how much was written at once, what stands in
    /// the server's certificate, and what a log-in's challenge says.
    Times,
    /// `-vvv`: with the octets of each line in hex.
    Octets,
}

impl Detail {
    /// For so many `-v`.
    #[must_use]
    pub fn of(count: u8) -> Detail {
        match count {
            0 | 1 => Detail::Lines,
            2 => Detail::Times,
            _ => Detail::Octets,
        }
    }
}

/// Where the lines of a dialogue go, and how they look there. Trouble with writing a transcript must not
/// change what it is a transcript of: nobody is told.
pub trait Page {
    /// The next line.
    fn put(&mut self, entry: &Entry);
}

/// In the dialogue form.
impl<W: Write> Page for W {
    fn put(&mut self, entry: &Entry) {
        let _ = writeln!(self, "{entry}");
        let _ = self.flush();
    }
}

/// Tells a page what happens.
pub struct Transcript<P> {
    page: P,
    detail: Detail,
    began: Instant,
    /// When the time was told last.
    told: Instant,
    octets: u64,
    /// The message's first lines, as far as they will be shown; `None` when that is done.
    head: Option<Vec<u8>>,
    /// What is written next holds a secret, so that its length is not shown either.
    secret: bool,
}

impl<P: Page> Transcript<P> {
    /// On this page; times count from now.
    pub fn new(page: P, detail: Detail) -> Transcript<P> {
        let began = Instant::now();
        Transcript { page, detail, began, told: began, octets: 0, head: None, secret: false }
    }

    /// A remark with the time, from `-vv` on.
    fn time(&mut self, what: &str) {
        if self.detail >= Detail::Times {
            let now = Instant::now();
            let since = |then: Instant| now.duration_since(then).as_secs_f64() * 1000.0;
            let times = format!("{:.1} ms (+{:.1} ms){what}", since(self.began), since(self.told));
            self.told = now;
            self.page.put(&Entry::Remark(times));
        }
    }

    /// What stands in the server's certificate, from `-vv` on.
    fn certificate(&mut self, info: &TlsInfo) {
        if self.detail < Detail::Times {
            return;
        }
        let Some(certificate) = info.certificate() else { return };
        let mut rows = Vec::new();
        if let Some(contents) = &certificate.contents {
            rows.push(format!(
                "certificate: {}, issued by {}",
                short(&contents.subject),
                short(&contents.issuer)
            ));
            rows.push(format!("  for {}", few(&contents.names)));
            rows.push(format!("  valid {} to {}", contents.not_before, contents.not_after));
            rows.push(format!("  key {}, sha256:{}", contents.key, contents.key.sha256));
        }
        rows.push(format!("  sha256:{}", certificate.sha256));
        rows.iter().for_each(|row| self.page.put(&Entry::Remark(escape(row.as_bytes()))));
    }

    /// The message's first lines, as remarks: what is played again is the line behind them.
    fn show_head(&mut self) {
        let Some(head) = self.head.take() else { return };
        for line in head.split_inclusive(|octet| *octet == b'\n').take(HEAD_LINES) {
            let line = line.strip_suffix(b"\n").unwrap_or(line);
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            let mut shown = escape(line.get(..HEAD_WIDTH).unwrap_or(line));
            if line.len() > HEAD_WIDTH {
                shown.push('…');
            }
            self.page.put(&Entry::Remark(format!("> {shown}")));
        }
    }

    /// What a challenge says, from `-vv` on. Where a secret was hidden in it, it cannot be read any more.
    fn challenge(&mut self, line: &[u8]) {
        let text = line.strip_prefix(b"334 ").filter(|text| !text.is_empty() && self.detail >= Detail::Times);
        let decoded = text.and_then(|text| encodify::base64::STANDARD.decode(text.trim_ascii()).ok());
        if let Some(decoded) = decoded.filter(|decoded| !decoded.is_empty()) {
            self.page.put(&Entry::Remark(format!("the challenge: {}", escape(&decoded))));
        }
    }

    /// The octets of a line, 16 to a remark, with `-vvv`.
    fn hex(&mut self, octets: &[u8]) {
        if self.detail < Detail::Octets {
            return;
        }
        for (row, chunk) in octets.chunks(16).enumerate() {
            let mut text = format!("{:04x} ", row * 16);
            // Writing to a String does not fail.
            chunk.iter().for_each(|octet| _ = write!(text, " {octet:02x}"));
            self.page.put(&Entry::Remark(text));
        }
    }
}

impl<P: Page> Observer for Transcript<P> {
    fn remark(&mut self, text: &str) {
        self.page.put(&Entry::Remark(escape(text.as_bytes())));
        self.time("");
    }

    fn connects_anew(&mut self, why: Anew) {
        self.page.put(&Entry::Remark(words::anew(why).to_owned()));
        self.page.put(&Entry::Setting { name: "connect".to_owned(), value: String::new() });
    }

    fn sent(&mut self, line: &str, has_secret: bool) {
        self.secret |= has_secret;
        self.page.put(&Entry::Client(ClientLine::Text(line.as_bytes().to_vec())));
        self.hex(line.as_bytes());
    }

    fn received(&mut self, line: &[u8]) {
        self.page.put(&Entry::Server(line.to_vec()));
        self.hex(line);
        self.challenge(line);
        // A last line has no '-' behind its code.
        if line.get(3) != Some(&b'-') {
            self.time("");
        }
    }

    fn tls(&mut self, info: &TlsInfo) {
        let unknown = || "unknown".to_owned();
        let version = info.version.clone().unwrap_or_else(unknown);
        let cipher = info.cipher.clone().unwrap_or_else(unknown);
        let finding = match (&info.fault, info.verified) {
            (_, true) => match &info.matched {
                Some(record) => format!("verified by DANE ({record})"),
                None => "verified".to_owned(),
            },
            (Some(fault), false) => format!("not verified: {fault}"),
            (None, false) => "not verified".to_owned(),
        };
        self.page.put(&Entry::Remark(escape(
            format!("TLS: {version}, {cipher}, certificate {finding}").as_bytes(),
        )));
        self.certificate(info);
        self.time("");
    }

    fn content_begins(&mut self, octets: u64) {
        self.octets = octets;
        self.head = Some(Vec::new());
    }

    fn content(&mut self, piece: &[u8]) {
        if let Some(head) = &mut self.head {
            let room = HEAD - head.len().min(HEAD);
            head.extend_from_slice(piece.get(..room).unwrap_or(piece));
        }
    }

    fn written(&mut self, octets: u64) {
        let secret = std::mem::take(&mut self.secret);
        self.time(&if secret { String::new() } else { format!(", {octets} octets written") });
    }

    fn content_ends(&mut self, whole: bool) {
        self.show_head();
        if whole {
            self.page.put(&Entry::Client(ClientLine::Content { octets: self.octets }));
        } else {
            self.page.put(&Entry::Remark(format!("the message was cut short, of {} octets", self.octets)));
        }
    }
}
