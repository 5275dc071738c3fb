//! Codes in a line of a log, a bounce or a dialogue.
//!
//! A number is no code because it has three digits. It is taken as one only where an enhanced code of the same class
//! follows it, where words in front of it say that a server speaks, or where a line begins with a code that refuses; an
//! enhanced code alone only behind words that announce one (`dsn=`, `Status:`). A TLS alert is taken behind `alert`.

use super::{Explanation, alerts, codes, plain, readable};
use crate::smtp::status::EnhancedStatus;

/// What stands before a reply code, in small letters; blanks and quotation marks between count for nothing.
const SPEAKERS: [&str; 25] = [
    "said:", "says:", "smtp;", "smtp:", "returned", "responded:", "responded with", "response:", "reply:", "replied:",
    "reply=", "s:", "<<<", "<**", "<~*", "<--", "<-", "smtp error", "smtp code:", "smtp code", "responsecode:", "code\":",
    "status code:", "server error:", "refused with",
];
/// What stands before an enhanced code alone.
const ANNOUNCERS: [&str; 11] = [
    "dsn=", "dsn:", "status:", "status=", "status code:", "enhanced status", "error code", "error code:", "(#", "enhanced\":",
    "#",
];
/// Exim's words, somewhere before a code that stands behind a colon.
const EXIM: &str = "smtp error from remote mail server";
/// The most digits of an enhanced code, with its dots.
const LONGEST_STATUS: usize = 9;

/// Everything in a line that is a code, in order.
#[must_use]
pub fn find(line: &[u8]) -> Vec<Explanation> {
    let lower = line.to_ascii_lowercase();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = begin(&lower, at) {
        at = next;
        if let Some((explanation, end)) = look(line, &lower, at) {
            found.push(explanation);
            at = end;
        }
        // On to the end of this word.
        while lower.get(at).is_some_and(|b| b.is_ascii_alphanumeric()) {
            at += 1;
        }
    }
    found
}

/// The next letter or digit that begins a word, at or behind `at`.
fn begin(line: &[u8], at: usize) -> Option<usize> {
    line.get(at..)?.iter().position(u8::is_ascii_alphanumeric).map(|ahead| at + ahead)
}

/// What begins here, and where it ends.
fn look(line: &[u8], lower: &[u8], at: usize) -> Option<(Explanation, usize)> {
    let rest = &lower[at..];
    if rest.starts_with(b"alert") && !rest.get(5).is_some_and(u8::is_ascii_alphanumeric) {
        return alert(rest).map(|(explanation, length)| (explanation, at + length));
    }
    let before = &lower[..at];
    if matches!(before.last(), Some(b'.' | b'/' | b'_')) && !before.ends_with(b"said:_") {
        return None;
    }
    if let Some((status, length)) = status(rest) {
        let text = readable(&line[at..]);
        let is_announced = said_by(before, &ANNOUNCERS);
        return is_announced.then(|| (Explanation::of_codes(None, Some(status), &text), at + length));
    }
    let (code, length) = code(rest)?;
    let separator = rest.get(length).copied();
    let behind = rest.get(length + 1..).unwrap_or_default();
    let text = readable(&line[at..]);
    // 550 5.1.1, 550-5.1.1, 550_5.1.1; or as Python and JSON show a reply: (550, b'5.1.1 …')
    let marks = [", b'", ", b\"", ", '", ", \"", ",\"enhanced\":\""];
    let quoted = marks.iter().find_map(|mark| rest.get(length..)?.strip_prefix(mark.as_bytes()));
    let status = match (separator, quoted) {
        (Some(b' ' | b'-' | b'_'), _) => status(behind.trim_ascii_start()),
        // Our own report: code, address, text.
        (Some(b'\t'), _) if at == 0 => behind.splitn(2, |b| *b == b'\t').nth(1).and_then(status),
        (_, Some(text)) => status(text),
        _ => None,
    };
    let class = code / 100;
    if let Some((status, _)) = status.filter(|(status, _)| u16::from(status.class) == class) {
        let is_near = separator != Some(b',') || before.ends_with(b"(") || said_by(before, &SPEAKERS);
        let end = rest.len() - behind.len();
        return is_near.then(|| {
            // The status is part of it, and not looked at again.
            let skip = behind.iter().position(|b| b.is_ascii_digit()).filter(|_| separator != Some(b'\t')).unwrap_or(0);
            (Explanation::of_codes(Some(code), Some(status), &text), at + end + skip + status.to_string().len())
        });
    }
    let ends = matches!(separator, None | Some(b' ' | b'-' | b'\t' | b'\r' | b'\'' | b'"' | b',' | b')' | b'_'));
    let is_said = said_by(before, &SPEAKERS)
        || (before.ends_with(b"(") && quoted.is_some())
        || (before.trim_ascii_end().ends_with(b":") && contains(before, EXIM.as_bytes()));
    let begins = at == 0 && class > 3 && codes::CODES.iter().any(|row| row.0 == code) && separator != Some(b',');
    (ends && (is_said || begins)).then(|| (Explanation::of_codes(Some(code), None, &text), at + length))
}

/// Three digits, 200 to 599, the second 0 to 5, and no more.
fn code(text: &[u8]) -> Option<(u16, usize)> {
    let [a @ b'2'..=b'5', b @ b'0'..=b'5', c @ b'0'..=b'9', rest @ ..] = text else { return None };
    let digit = |b: &u8| u16::from(b - b'0');
    let is_whole = !rest.first().is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'.' && rest.get(1).is_some_and(u8::is_ascii_digit));
    is_whole.then(|| (digit(a) * 100 + digit(b) * 10 + digit(c), 3))
}

/// An enhanced code and its length; not the beginning of a longer number, such as an address of IPv4.
fn status(text: &[u8]) -> Option<(EnhancedStatus, usize)> {
    let is_part = |b: &u8| b.is_ascii_digit() || *b == b'.';
    let length = text.iter().position(|b| !is_part(b)).unwrap_or(text.len());
    // A full stop may follow.
    let token = text.get(..length.min(LONGEST_STATUS + 1))?;
    let token = token.strip_suffix(b".").unwrap_or(token);
    if text.get(length).is_some_and(u8::is_ascii_alphanumeric) {
        return None;
    }
    EnhancedStatus::leading(token).map(|status| (status, token.len()))
}

/// Does what stands before end in one of these words?
fn said_by(before: &[u8], words: &[&str]) -> bool {
    let is_filler = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'\'' | b'"' | b'`' | b'_' | b'=' | b'[');
    let end = before.iter().rposition(|b| !is_filler(b)).map_or(0, |last| last + 1);
    // With and without what counts for nothing: 'dsn=' ends in it.
    [before, &before[..end]].iter().any(|before| {
        words.iter().any(|word| {
            let Some(rest) = before.strip_suffix(word.as_bytes()) else { return false };
            // 's:' is a whole word, or it is the end of another; '<-' may stand anywhere.
            !word.starts_with(|c: char| c.is_ascii_alphabetic())
                || !rest.last().is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'-')
        })
    })
}

/// `alert number 40`, `alert handshake failure`, `fatal alert: HandshakeFailure`; and its length.
fn alert(text: &[u8]) -> Option<(Explanation, usize)> {
    let text = readable(text.get(..text.len().min(64))?);
    let behind = text.get(5..)?.trim_start_matches([' ', ':', '\'', '"', '=']);
    let behind = behind.strip_prefix("number ").unwrap_or(behind);
    let digits = &behind[..behind.find(|c: char| !c.is_ascii_digit()).unwrap_or(behind.len())];
    let name = if digits.is_empty() {
        let words = plain(behind);
        let longest = alerts::ALERTS.iter().filter(|alert| words.starts_with(&plain(alert.name)));
        longest.max_by_key(|alert| alert.name.len())?.name
    } else {
        digits
    };
    Some((Explanation::of_term(&format!("alert {name}"))?, text.len() - behind.len() + name.len()))
}

fn contains(text: &[u8], word: &[u8]) -> bool {
    memchr::memmem::find(text, word).is_some()
}
