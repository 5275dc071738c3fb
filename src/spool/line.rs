//! Lines as the files of the queue have them: what goes into one, and the sum that stands behind them all.
//!
//! A line is a name, a blank and a value. Whatever could end a line, move a cursor or be taken for an escape is
//! written as `%` and two hexadecimal digits for each octet, so every text comes back as it was.

use super::crc::crc32c;
use std::fmt::Write as _;

/// A name and a value, with the line end.
pub fn put(out: &mut String, name: &str, value: &str) {
    out.push_str(name);
    out.push(' ');
    escape(out, value, &[]);
    out.push('\n');
}

/// Adds a text, with control characters, `%` and these escaped.
pub fn escape(out: &mut String, text: &str, also: &[char]) {
    let mut octets = [0; 4];
    for c in text.chars() {
        if !c.is_control() && c != '%' && !also.contains(&c) {
            out.push(c);
            continue;
        }
        for octet in c.encode_utf8(&mut octets).bytes() {
            // Writing to a String does not fail.
            _ = write!(out, "%{octet:02X}");
        }
    }
}

/// The text that [`escape`] made this of; none where an escape is not whole, or what comes out is not UTF-8.
#[must_use]
pub fn unescape(text: &str) -> Option<String> {
    let mut pieces = text.split('%');
    let mut octets = pieces.next()?.as_bytes().to_vec();
    for piece in pieces {
        let digits = piece.get(..2).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))?;
        octets.push(u8::from_str_radix(digits, 16).ok()?);
        octets.extend_from_slice(piece.get(2..)?.as_bytes());
    }
    String::from_utf8(octets).ok()
}

/// Adds the last line, `sum` and the CRC-32C of all octets before it.
pub fn seal(out: &mut String) {
    let sum = crc32c(out.as_bytes());
    _ = writeln!(out, "sum {sum:08x}");
}

/// Whether a sealed text is as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seal<'a> {
    /// It is: these are the lines before `sum`.
    Whole(&'a [u8]),
    /// It has changed.
    Broken,
    /// It has no `sum` at its end.
    None,
}

/// Looks at the last line of what [`seal`] has sealed.
#[must_use]
pub fn unseal(sealed: &[u8]) -> Seal<'_> {
    const LENGTH: usize = "sum 00000000\n".len();
    let Some((lines, last)) = sealed.len().checked_sub(LENGTH).and_then(|at| sealed.split_at_checked(at))
    else {
        return Seal::None;
    };
    let digits = last.strip_prefix(b"sum ").and_then(|rest| rest.strip_suffix(b"\n"));
    match digits.and_then(hexadecimal) {
        Some(sum) if lines.ends_with(b"\n") && sum == crc32c(lines) => Seal::Whole(lines),
        Some(_) => Seal::Broken,
        None => Seal::None,
    }
}

/// Eight hexadecimal digits, in small letters.
#[must_use]
pub fn hexadecimal(digits: &[u8]) -> Option<u32> {
    let fit = digits.len() == 8 && digits.iter().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
    let text = std::str::from_utf8(digits).ok().filter(|_| fit)?;
    u32::from_str_radix(text, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_one_line_and_comes_back() {
        for text in
            ["", " a  b ", "100 %", "%41", "a\r\nb\0", "\u{7f}\u{85}", "j\u{fc}rgen \u{1f600}", "a> b", "-"]
        {
            let mut line = String::new();
            escape(&mut line, text, &['>', ' ']);
            assert!(!line.contains(|c: char| c.is_control() || c == ' ' || c == '>'), "{line}");
            assert_eq!(unescape(&line).as_deref(), Some(text));
        }
        for broken in ["%", "%4", "%g0", "%+1", "a%C3", "%\u{fc}", "%FF"] {
            assert_eq!(unescape(broken), None, "{broken}");
        }
    }

    #[test]
    fn a_turned_bit_breaks_the_seal() {
        let mut text = "a b\nc d\n".to_owned();
        seal(&mut text);
        let sealed = text.into_bytes();
        assert_eq!(unseal(&sealed), Seal::Whole(b"a b\nc d\n"));
        for at in 0..sealed.len() * 8 {
            let mut turned = sealed.clone();
            turned[at / 8] ^= 1 << (at % 8);
            assert!(!matches!(unseal(&turned), Seal::Whole(_)), "bit {at}");
        }
        for cut in 0..sealed.len() {
            assert!(!matches!(unseal(&sealed[..cut]), Seal::Whole(_)), "cut at {cut}");
        }
    }
}
