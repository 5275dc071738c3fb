//! JSON that is fit for a terminal (RFC 8259, section 7): what a server said cannot move the cursor there
//! either.
//!
//! JSON itself asks for the controls below 0x20 to be escaped and for no others. DEL, the controls from 0x80
//! on, which terminals obey as well (0x9b begins a sequence), and what hides or turns other characters are
//! escaped here, too. A program that reads it gets the same text.

use ehlo_smtp::dialogue::is_unsafe;
use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};
use std::io::{self, Write};

struct Escaping;

impl Formatter for Escaping {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some((at, c)) = rest.char_indices().find(|(_, c)| is_unsafe(*c)) {
            let (safe, behind) = rest.split_at(at);
            out.write_all(safe.as_bytes())?;
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
            rest = behind.strip_prefix(c).unwrap_or_default();
        }
        out.write_all(rest.as_bytes())
    }
}

/// A value as one line, without its line end. It must be one that can be written: no keys that are not text.
pub(super) fn written(value: &impl Serialize) -> String {
    let mut out = Vec::new();
    match value.serialize(&mut Serializer::with_formatter(&mut out, Escaping)) {
        Ok(()) => String::from_utf8(out).unwrap_or_default(),
        Err(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_moves_or_hides_is_escaped_and_means_the_same() {
        let text = "é\u{7f}\u{9b}2J\u{202e}\u{e0041}\u{1b}[1m\"\\\tend";
        let json = written(&[text]);
        assert_eq!(json, "[\"é\\u007f\\u009b2J\\u202e\\udb40\\udc41\\u001b[1m\\\"\\\\\\tend\"]");
        assert_eq!(serde_json::from_str::<Vec<String>>(&json).unwrap(), [text]);
        assert_eq!(written(&[""]), "[\"\"]");
    }
}
