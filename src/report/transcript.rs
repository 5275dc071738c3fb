//! The transcript: what went over the wire, in the dialogue form, as it happens. Secrets are hidden before they come
//! here; octets of the server are made printable here.

#![allow(clippy::disallowed_types)] // `-vv` shows times.

use crate::client::Observer;
use crate::net::tls::TlsInfo;
use crate::smtp::dialogue::{ClientLine, Entry, escape};
use std::io::Write;
use std::time::Instant;

/// Writes the dialogue form.
pub struct Transcript<W> {
    out: W,
    /// Show times and octet counts, from this moment on.
    began: Option<Instant>,
    octets: u64,
}

impl<W: Write> Transcript<W> {
    /// Writes to `out`; `detailed` adds times and octet counts, as remarks.
    pub fn new(out: W, detailed: bool) -> Transcript<W> {
        Transcript { out, began: detailed.then(Instant::now), octets: 0 }
    }

    /// Trouble with writing a transcript must not change what it is a transcript of.
    fn line(&mut self, entry: &Entry) {
        let _ = writeln!(self.out, "{entry}");
        let _ = self.out.flush();
    }

    fn time(&mut self) {
        if let Some(began) = self.began {
            self.line(&Entry::Remark(format!("{:.1} ms", began.elapsed().as_secs_f64() * 1000.0)));
        }
    }
}

impl<W: Write> Observer for Transcript<W> {
    fn remark(&mut self, text: &str) {
        self.line(&Entry::Remark(escape(text.as_bytes())));
        self.time();
    }

    fn sent(&mut self, line: &str) {
        self.line(&Entry::Client(ClientLine::Text(line.as_bytes().to_vec())));
    }

    fn received(&mut self, line: &[u8]) {
        self.line(&Entry::Server(line.to_vec()));
        // A last line has no '-' behind its code.
        if line.get(3) != Some(&b'-') {
            self.time();
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
        self.time();
    }

    fn content_begins(&mut self, octets: u64) {
        self.octets = octets;
    }

    fn content_ends(&mut self, whole: bool) {
        if whole {
            self.line(&Entry::Client(ClientLine::Content { octets: self.octets }));
        } else {
            self.line(&Entry::Remark(format!("the message was cut short, of {} octets", self.octets)));
        }
        self.time();
    }
}
