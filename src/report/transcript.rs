//! The transcript: what went over the wire, in the dialogue form, as it happens. Secrets are hidden before they come
//! here; octets of the server are made printable here.

#![allow(clippy::disallowed_types)] // `-vv` shows times.

use crate::client::Observer;
use crate::net::tls::TlsInfo;
use crate::net::tls::certificate::{few, short};
use crate::smtp::dialogue::{ClientLine, Entry, escape};
use std::fmt::Write as _;
use std::io::Write;
use std::time::Instant;

/// How much is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// `-v`: the dialogue.
    Lines,
    /// `-vv`: with times since the start, and how much was written at once.
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

/// Writes the dialogue form.
pub struct Transcript<W> {
    out: W,
    detail: Detail,
    began: Instant,
    octets: u64,
    /// What is written next holds a secret: its length is nobody's business either.
    secret: bool,
}

impl<W: Write> Transcript<W> {
    /// Writes to `out`; times count from now.
    pub fn new(out: W, detail: Detail) -> Transcript<W> {
        Transcript { out, detail, began: Instant::now(), octets: 0, secret: false }
    }

    /// Trouble with writing a transcript must not change what it is a transcript of.
    fn line(&mut self, entry: &Entry) {
        let _ = writeln!(self.out, "{entry}");
        let _ = self.out.flush();
    }

    /// A remark with the time, from `-vv` on.
    fn time(&mut self, what: &str) {
        if self.detail >= Detail::Times {
            let elapsed = self.began.elapsed().as_secs_f64() * 1000.0;
            self.line(&Entry::Remark(format!("{elapsed:.1} ms{what}")));
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
        rows.iter().for_each(|row| self.line(&Entry::Remark(escape(row.as_bytes()))));
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
            self.line(&Entry::Remark(text));
        }
    }
}

impl<W: Write> Observer for Transcript<W> {
    fn remark(&mut self, text: &str) {
        self.line(&Entry::Remark(escape(text.as_bytes())));
        self.time("");
    }

    fn sent(&mut self, line: &str) {
        self.secret |= line.ends_with("***");
        self.line(&Entry::Client(ClientLine::Text(line.as_bytes().to_vec())));
        self.hex(line.as_bytes());
    }

    fn received(&mut self, line: &[u8]) {
        self.line(&Entry::Server(line.to_vec()));
        self.hex(line);
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
            (_, true) => "verified".to_owned(),
            (Some(fault), false) => format!("not verified: {fault}"),
            (None, false) => "not verified".to_owned(),
        };
        self.line(&Entry::Remark(escape(
            format!("TLS: {version}, {cipher}, certificate {finding}").as_bytes(),
        )));
        self.certificate(info);
        self.time("");
    }

    fn content_begins(&mut self, octets: u64) {
        self.octets = octets;
    }

    fn written(&mut self, octets: u64) {
        let secret = std::mem::take(&mut self.secret);
        self.time(&if secret { String::new() } else { format!(", {octets} octets written") });
    }

    fn content_ends(&mut self, whole: bool) {
        if whole {
            self.line(&Entry::Client(ClientLine::Content { octets: self.octets }));
        } else {
            self.line(&Entry::Remark(format!("the message was cut short, of {} octets", self.octets)));
        }
    }
}
