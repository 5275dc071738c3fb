//! Lines and parts of a notice (RFC 2045; RFC 5322, section 2.2.3), and the original message as one of them.

use crate::message::date;
use crate::spool::moment::Moment;
use encodify::qp;
use std::fmt::Write as _;

/// How long a line is, before a blank in it becomes its end.
const WIDTH: usize = 76;
/// How long a line may be where there is no blank: 998 less what stands in front of it.
const LONGEST: usize = 900;

/// A line that is fit already.
pub fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push_str("\r\n");
}

/// A field of ASCII, folded where it is long.
pub fn field(out: &mut String, name: &str, value: &str) {
    _ = write!(out, "{name}:");
    let mut column = name.len() + 1;
    if column + 1 + value.len() <= WIDTH {
        line(out, &format!(" {value}"));
        return;
    }
    for word in value.split_ascii_whitespace() {
        // ASCII has a boundary everywhere.
        for piece in word.as_bytes().chunks(LONGEST) {
            if column + 1 + piece.len() > WIDTH && column > name.len() + 1 {
                out.push_str("\r\n");
                column = 0;
            }
            out.push(' ');
            out.extend(piece.iter().copied().map(char::from));
            column += 1 + piece.len();
        }
    }
    out.push_str("\r\n");
}

/// A text of one line in ASCII: other characters are `\x{…}` (as in RFC 6533, section 3), and controls are blanks.
#[must_use]
pub fn ascii(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            ' '..='~' => out.push(c),
            c if c.is_control() => out.push(' '),
            c => _ = write!(out, "\\x{{{:X}}}", u32::from(c)),
        }
    }
    out
}

/// A moment as a header has it. Where a clock is out of all bounds, it is the first of all.
#[must_use]
pub fn date(moment: Moment) -> String {
    date::parse(&format!("@{}", moment.wall)).or_else(|_| date::parse("@0")).unwrap_or_default()
}

/// The part that shows the original message. Where it is whole and its header section is plain, it is returned
/// as it is; else the header section is.
#[must_use]
pub fn original(original: &[u8], is_whole: bool) -> Vec<u8> {
    let header = header(original);
    if is_whole && header.is_ascii() && is_plain(original) {
        let encoding = if original.is_ascii() { "7bit" } else { "8bit" };
        return plain("message/rfc822", encoding, original);
    }
    if header.is_ascii() && is_plain(header) {
        return plain("text/rfc822-headers", "7bit", header);
    }
    // RFC 6522, section 4, allows it for what is no plain header.
    encoded("text/rfc822-headers", header)
}

/// The header section: up to the first empty line, or all there is.
fn header(original: &[u8]) -> &[u8] {
    let mut end = 0;
    for line in original.split_inclusive(|octet| *octet == b'\n') {
        if matches!(line, b"\n" | b"\r\n") {
            break;
        }
        end += line.len();
    }
    original.get(..end).unwrap_or_default()
}

/// Whether it can stand in a message as it is: no NUL, no CR alone, no line that is too long.
fn is_plain(octets: &[u8]) -> bool {
    octets.split(|octet| *octet == b'\n').all(|line| {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        line.len() <= 998 && !line.iter().any(|octet| matches!(octet, 0 | b'\r'))
    })
}

fn head(media_type: &str, encoding: &str) -> Vec<u8> {
    format!("Content-Type: {media_type}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n").into_bytes()
}

fn plain(media_type: &str, encoding: &str, octets: &[u8]) -> Vec<u8> {
    let mut out = head(media_type, encoding);
    for line in octets.split_inclusive(|octet| *octet == b'\n') {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        out.extend_from_slice(line.strip_suffix(b"\r").unwrap_or(line));
        out.extend_from_slice(b"\r\n");
    }
    out
}

/// In quoted-printable: lines of 76 octets at most, whatever it is.
#[must_use]
pub fn encoded(media_type: &str, octets: &[u8]) -> Vec<u8> {
    let mut out = head(media_type, "quoted-printable");
    qp::BODY.encode_append(octets, &mut out);
    out.extend_from_slice(b"\r\n");
    out
}

/// A text for people, in lines that end in LF.
#[must_use]
pub fn text(text: &str) -> Vec<u8> {
    let is_short = text.lines().all(|line| line.len() <= 78);
    match text.is_ascii() && is_short {
        true => plain("text/plain; charset=utf-8", "7bit", text.as_bytes()),
        false => encoded("text/plain; charset=utf-8", text.as_bytes()),
    }
}

/// Fields for programs, which are fit already.
#[must_use]
pub fn status(fields: &str) -> Vec<u8> {
    let mut out = head("message/delivery-status", "7bit");
    out.extend_from_slice(fields.as_bytes());
    out
}
