//! Key records out of a file, where no DNS is asked: lines of a zone, or a name and a text.
//!
//! ```text
//! mail._domainkey.example.org. 3600 IN TXT ( "v=DKIM1; k=rsa; " "p=…" )
//! mail._domainkey.example.org v=DKIM1; k=ed25519; p=…
//! mail._domainkey IN TXT ( "v=DKIM1; k=rsa; "       ; over several lines, as opendkim-genkey writes it
//!     "p=…" )
//! ```

#![allow(clippy::disallowed_types, reason = "a file that the user names")]

use super::super::early_exit::{EarlyExit, Result};
use crate::dkim::Answer;
use crate::report::text::printable;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The most that such a file may hold, in octets.
const LONGEST: u64 = 1 << 20;

/// Names and texts.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Known(Vec<(String, Vec<u8>)>);

impl Known {
    /// Adds what is in a file.
    pub(super) fn add(&mut self, file: &Path) -> Result<()> {
        let name = printable(&file.display().to_string());
        let text = text(file).map_err(|error| EarlyExit::no_input(error, format!("cannot read {name}")))?;
        self.read(&text).map_err(|line| {
            EarlyExit::data(format!(
                "{name}, line {line}: not a record: write SELECTOR._domainkey.DOMAIN and the text, or a line of a zone"
            ))
        })
    }

    /// Adds the lines of a text; or which of them is no record, from 1.
    fn read(&mut self, text: &str) -> std::result::Result<(), usize> {
        let mut lines = text.lines().enumerate();
        while let Some((at, line)) = lines.next() {
            let mut line = without_comment(line).trim().to_owned();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            // In a zone a parenthesis holds lines together (RFC 1035, section 5.1).
            while is_open(&line) {
                let Some((_, next)) = lines.next() else { return Err(at + 1) };
                line = format!("{line} {}", without_comment(next).trim());
            }
            self.0.push(record(&line).ok_or(at + 1)?);
        }
        Ok(())
    }

    /// What the DNS would answer, if it had these records and no others.
    pub(super) fn answer(&self, question: &str) -> Answer {
        // A name as in a zone's own file, mail._domainkey, is one of any domain.
        let is_it = |name: &str| {
            name == question
                || (name.ends_with("._domainkey") && question.strip_prefix(name).is_some_and(is_behind))
        };
        let texts = self.0.iter().filter(|(name, _)| is_it(name)).map(|(_, text)| text.clone());
        let texts: Vec<Vec<u8>> = texts.collect();
        if texts.is_empty() { Answer::None } else { Answer::Records(texts) }
    }
}

fn text(file: &Path) -> io::Result<String> {
    let mut octets = Vec::new();
    File::open(file)?.take(LONGEST + 1).read_to_end(&mut octets)?;
    if octets.len() as u64 > LONGEST {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(String::from_utf8_lossy(&octets).into_owned())
}

/// The name in small letters without the dot at its end, and the text.
fn record(line: &str) -> Option<(String, Vec<u8>)> {
    let (name, mut rest) = word(line)?;
    // A time to live, a class and a type may stand before the text.
    while let Some((next, behind)) = word(rest) {
        let is_time = next.bytes().all(|octet| octet.is_ascii_digit());
        if !is_time && !next.eq_ignore_ascii_case("IN") && !next.eq_ignore_ascii_case("TXT") {
            break;
        }
        rest = behind;
    }
    let rest = rest.trim();
    let inside = match rest.strip_prefix('(') {
        Some(rest) => rest.strip_suffix(')')?.trim(),
        None => rest,
    };
    let text = if inside.starts_with('"') { quoted(inside)? } else { rest.as_bytes().to_vec() };
    Some((name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase(), text))
        .filter(|(_, text)| !text.is_empty())
}

fn is_behind(domain: &str) -> bool {
    domain.starts_with('.')
}

/// A line as far as it is no comment: a semicolon outside of quotation marks begins one, but for a text without quotation
/// marks, which has semicolons of its own.
fn without_comment(line: &str) -> &str {
    let mut is_quoted = false;
    let mut was_quoted = line.trim_start().starts_with([';', ')']);
    for (at, octet) in line.bytes().enumerate() {
        match octet {
            b'"' => (is_quoted, was_quoted) = (!is_quoted, true),
            b';' if was_quoted && !is_quoted => return line.get(..at).unwrap_or_default(),
            _ => {}
        }
    }
    line
}

/// Whether a parenthesis is open at the end.
fn is_open(line: &str) -> bool {
    let mut is_quoted = false;
    let mut open = 0_i32;
    for octet in line.bytes() {
        match octet {
            b'"' => is_quoted = !is_quoted,
            b'(' if !is_quoted => open += 1,
            b')' if !is_quoted => open -= 1,
            _ => {}
        }
    }
    open > 0
}

fn word(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    text.split_once([' ', '\t']).filter(|(word, _)| !word.is_empty())
}

/// Strings in quotation marks, joined.
fn quoted(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let mut octets = rest.strip_prefix('"')?.bytes().enumerate();
        let end = loop {
            match octets.next()? {
                (at, b'"') => break at,
                (_, b'\\') => out.push(octets.next()?.1),
                (_, octet) => out.push(octet),
            }
        };
        rest = rest.get(end + 2..)?.trim_start();
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_a_line_of_a_zone_or_a_name_and_a_text() {
        for (line, text) in [
            ("S._domainkey.Example.org. 3600 IN TXT ( \"v=DKIM1; \" \"p=x\" )", "v=DKIM1; p=x"),
            ("s._domainkey.example.org IN TXT \"v=DKIM1; p=x\"", "v=DKIM1; p=x"),
            ("s._domainkey.example.org TXT v=DKIM1; p=x", "v=DKIM1; p=x"),
            ("s._domainkey.example.org\tv=DKIM1; p=x ", "v=DKIM1; p=x"),
            ("s._domainkey.example.org TXT \"a\\\"b\\\\\"\t\"c\"", "a\"b\\c"),
        ] {
            let read = ("s._domainkey.example.org".to_owned(), text.as_bytes().to_vec());
            assert_eq!(record(line), Some(read), "{line}");
        }
        for line in ["x", "x ", "x TXT \"a", "x TXT \"a\" b", "x TXT ( \"a\"", "x IN TXT "] {
            assert_eq!(record(line), None, "{line}");
        }
        let mut known = Known::default();
        assert_eq!(known.read("; a zone\n\n# of ours\nx TXT \"a\nb"), Err(4));
        assert_eq!(known.read("a.b one\na.b two\n"), Ok(()));
        assert_eq!(known.answer("a.b"), Answer::Records(vec![b"one".to_vec(), b"two".to_vec()]));
        assert_eq!(known.answer("b"), Answer::None);
        // As opendkim-genkey writes it.
        let zone = "mail._domainkey\tIN\tTXT\t( \"v=DKIM1; k=rsa; \"\n\t  \"p=a\"\n\t  \"b\" )  ; ----- key (mail)\n";
        let mut known = Known::default();
        assert_eq!(known.read(zone), Ok(()));
        assert_eq!(
            known.answer("mail._domainkey.example.org"),
            Answer::Records(vec![b"v=DKIM1; k=rsa; p=ab".to_vec()])
        );
        assert_eq!(known.answer("mail._domainkeyx.example.org"), Answer::None);
        assert_eq!(Known::default().read("ok._domainkey TXT x\nmail TXT ( \"a\"\n"), Err(2));
    }
}
