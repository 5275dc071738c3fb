//! The mail that brings a report (RFC 8460, section 5.3): a few words for people, and the report.
//!
//! It asks to be sent whatever TLS is like (RFC 8689), for it tells of trouble with that.

use super::whole::{Author, Report};
use crate::words;
use ehlo_smtp::path::Mailbox;
use encodify::base64::MIME;

/// What the mail needs beside the report.
#[derive(Debug, Clone)]
pub struct Letter<'a> {
    /// Who sends it, in ASCII.
    pub from: &'a Mailbox,
    /// Who gets it, in ASCII; somebody.
    pub to: &'a [Mailbox],
    /// When, as RFC 5322 has it.
    pub date: &'a str,
}

/// The mail; its lines end in CRLF.
#[must_use]
pub fn compose(report: &Report, author: &Author, letter: &Letter<'_>) -> String {
    let Report { domain, id, file, .. } = report;
    let submitter = author.submitter.domain();
    // Nothing in the parts begins like it: base64 has no hyphens, and the words have no such line.
    let boundary = format!("=_tlsrpt_{}", super::name::digits(&report.json));
    let to: Vec<String> = letter.to.iter().map(|mailbox| format!("<{mailbox:#}>")).collect();
    let mut out = Lines::default();
    out.line(&format!("From: <{:#}>", letter.from));
    out.line(&format!("To: {}", to.join(",\r\n ")));
    out.line(&format!("Subject: Report Domain: {domain}\r\n Submitter: {submitter}\r\n Report-ID: <{id}>"));
    out.line(&format!("Date: {}", letter.date));
    out.line(&format!("Message-ID: <{id}>"));
    out.line("TLS-Required: No");
    out.line(&format!("TLS-Report-Domain: {domain}"));
    out.line(&format!("TLS-Report-Submitter: {submitter}"));
    out.line("Auto-Submitted: auto-generated");
    out.line("MIME-Version: 1.0");
    out.line(&format!("Content-Type: multipart/report; report-type=\"tlsrpt\";\r\n boundary=\"{boundary}\""));
    out.line("");
    out.line(&format!("--{boundary}"));
    out.line("Content-Type: text/plain; charset=utf-8");
    out.base64(&words::tlsrpt::letter(
        domain,
        &report.day.to_string(),
        &author.organization,
        report.sessions,
    ));
    out.line(&format!("--{boundary}"));
    out.line("Content-Type: application/tlsrpt+json");
    out.line(&format!("Content-Disposition: attachment;\r\n filename=\"{file}\""));
    out.base64(&report.json);
    out.line(&format!("--{boundary}--"));
    out.0
}

/// Lines that end in CRLF.
#[derive(Default)]
struct Lines(String);

impl Lines {
    fn line(&mut self, line: &str) {
        self.0.push_str(line);
        self.0.push_str("\r\n");
    }

    /// The end of a part's header, and its text.
    fn base64(&mut self, text: &str) {
        self.line("Content-Transfer-Encoding: base64");
        self.line("");
        self.0.push_str(&MIME.encode(text.as_bytes()));
    }
}

#[cfg(test)]
mod tests;
