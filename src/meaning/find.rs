//! Codes in a line of a log, a bounce or a dialogue.
//!
//! Three digits alone do not make a number a code. It is taken as one only where an enhanced code of the same
//! class follows it, where words in front of it say that a server speaks, or where a line begins with a code
//! that refuses; an enhanced code alone only behind words that announce one (`dsn=`, `Status:`). A TLS alert
//! is taken behind `alert`.

use super::after::After;
use super::terms::{alerts, plain};
use super::{Explanation, codes};
use ehlo_smtp::reply::characters;
use ehlo_smtp::status::EnhancedStatus;
use std::borrow::Cow;

/// What stands before a reply code, in small letters; blanks and quotation marks between count for nothing.
/// Words used for HTTP (`response:`, `status code:`) are not among them.
const SPEAKERS: [&str; 17] = [
    "said:",
    "says:",
    "smtp;",
    "smtp:",
    "server returned",
    "server responded:",
    "reply:",
    "replied:",
    "reply=",
    "s:",
    "<<<",
    "<**",
    "<~*",
    "<--",
    "<-",
    "smtp error",
    "smtp code",
];
/// What stands before an enhanced code alone.
const ANNOUNCERS: [&str; 11] = [
    "dsn=",
    "dsn:",
    "status:",
    "status=",
    "status code:",
    "enhanced status",
    "error code",
    "error code:",
    "(#",
    "enhanced\":",
    "#",
];
/// How much of a line around a code is looked at, in octets. Without a limit, the time for a long line (JSON
/// has them) would grow with the square of its length.
const REACH: usize = 1024;
/// Exim's words, somewhere in front of a code that follows a colon.
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
        // Skips the rest of this word.
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
        let text = text_from(line, at);
        let is_announced = said_by(before, &ANNOUNCERS);
        return is_announced.then(|| (Explanation::of_codes(None, Some(status), &text, None), at + length));
    }
    reply(line, lower, at)
}

/// A reply code that begins here, with the enhanced code behind it, and where they end.
fn reply(line: &[u8], lower: &[u8], at: usize) -> Option<(Explanation, usize)> {
    let (before, rest) = lower.split_at(at);
    let (code, length) = code(rest)?;
    let separator = rest.get(length).copied();
    let behind = rest.get(length + 1..).unwrap_or_default();
    let text = text_from(line, at);
    let after = || After::told(&characters(near(before)), &text_from(lower, at));
    // 550 5.1.1, 550-5.1.1, 550_5.1.1; or as Python and JSON show a reply: (550, b'5.1.1 …')
    // The longer ones first.
    let marks = [",\"enhanced\":\"", ", \"enhanced\": \"", ", b'", ", b\"", ", '", ", \""];
    let quoted = marks.iter().find_map(|mark| rest.get(length..)?.strip_prefix(mark.as_bytes()));
    let status = match (separator, quoted) {
        (Some(b' ' | b'-' | b'_'), _) => status(behind.trim_ascii_start()),
        // Our own report: code, address, text.
        (Some(b'\t'), _) if at == 0 => behind.splitn(2, |b| *b == b'\t').nth(1).and_then(status),
        (_, Some(text)) => status(text),
        _ => None,
    };
    // "code":550,"enhanced":null in our own report.
    let is_ours =
        rest.get(length..).is_some_and(|rest| rest.starts_with(b",\"enh") || rest.starts_with(b", \"enh"));
    let class = code / 100;
    if let Some((status, _)) = status.filter(|(status, _)| u16::from(status.class) == class) {
        let is_near = separator != Some(b',') || is_ours || is_tuple(before) || said_by(before, &SPEAKERS);
        let end = rest.len() - behind.len();
        return is_near.then(|| {
            // The status is part of it, and not looked at again.
            let skip = behind
                .iter()
                .position(|b| b.is_ascii_digit())
                .filter(|_| separator != Some(b'\t'))
                .unwrap_or(0);
            (
                Explanation::of_codes(Some(code), Some(status), &text, after()),
                at + end + skip + status.to_string().len(),
            )
        });
    }
    let ends =
        matches!(separator, None | Some(b' ' | b'-' | b'\t' | b'\r' | b'\'' | b'"' | b',' | b')' | b'_'));
    let is_said = is_ours
        || said_by(before, &SPEAKERS)
        || (is_tuple(before) && quoted.is_some())
        || (before.trim_ascii_end().ends_with(b":") && contains(near(before), EXIM.as_bytes()));
    // 550 15 is a sum, and no reply.
    let is_text = status.is_some() || !behind.trim_ascii_start().first().is_some_and(u8::is_ascii_digit);
    let begins = at == 0 && class > 3 && is_text && separator != Some(b',') && codes::is_registered(code);
    (ends && (is_said || begins))
        .then(|| (Explanation::of_codes(Some(code), None, &text, after()), at + length))
}

/// Three digits, 200 to 599, the second 0 to 5, and no more.
fn code(text: &[u8]) -> Option<(u16, usize)> {
    let [a @ b'2'..=b'5', b @ b'0'..=b'5', c @ b'0'..=b'9', rest @ ..] = text else { return None };
    let digit = |b: &u8| u16::from(b - b'0');
    let is_whole = !rest.first().is_some_and(|b| {
        b.is_ascii_alphanumeric() || *b == b'.' && rest.get(1).is_some_and(u8::is_ascii_digit)
    });
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

/// Whether the text in front of a code ends in one of these words.
fn said_by(before: &[u8], words: &[&str]) -> bool {
    let is_filler = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'\'' | b'"' | b'`' | b'_' | b'=' | b'[');
    let end = before.iter().rposition(|b| !is_filler(b)).map_or(0, |last| last + 1);
    // With and without trailing characters that do not count: 'dsn=' ends in one.
    [before, &before[..end]].iter().any(|before| {
        words.iter().any(|word| {
            let Some(rest) = before.strip_suffix(word.as_bytes()) else { return false };
            // 's:' counts only as a whole word, '<-' also right behind one.
            !word.starts_with(|c: char| c.is_ascii_alphabetic())
                || !rest.last().is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'-')
        })
    })
}

/// `alert number 40`, `alert handshake failure`, `fatal alert: HandshakeFailure`; and its length.
fn alert(text: &[u8]) -> Option<(Explanation, usize)> {
    let text = characters(text.get(..text.len().min(64))?);
    let behind = text.get(5..)?.trim_start_matches([' ', ':', '\'', '"', '=']);
    let (behind, digits) = match behind.strip_prefix("number ") {
        Some(behind) => {
            (behind, &behind[..behind.find(|c: char| !c.is_ascii_digit()).unwrap_or(behind.len())])
        }
        None => (behind, ""),
    };
    let name = if digits.is_empty() {
        let words = plain(behind);
        let names = alerts().map(|(_, alert)| alert.name).filter(|name| words.starts_with(&plain(name)));
        names.max_by_key(|name| name.len())?
    } else {
        digits
    };
    Some((Explanation::of_term(&format!("alert {name}"))?, text.len() - behind.len() + name.len()))
}

/// The text from here on, as far as it is looked at.
fn text_from(line: &[u8], at: usize) -> Cow<'_, str> {
    let rest = line.get(at..).unwrap_or_default();
    characters(rest.get(..REACH).unwrap_or(rest))
}

/// The text in front, as far as it is looked at.
fn near(before: &[u8]) -> &[u8] {
    before.get(before.len().saturating_sub(REACH)..).unwrap_or(before)
}

/// `(550, b'…')` as Python shows a reply, and no call of a function.
fn is_tuple(before: &[u8]) -> bool {
    before.strip_suffix(b"(").is_some_and(|before| !before.last().is_some_and(u8::is_ascii_alphanumeric))
}

fn contains(text: &[u8], word: &[u8]) -> bool {
    memchr::memmem::find(text, word).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subjects(line: &str) -> Vec<String> {
        find(line.as_bytes()).iter().map(|found| found.subject.to_string()).collect()
    }

    #[test]
    fn what_is_far_away_says_nothing_of_a_code() {
        let near = format!("said: 554 5.7.1 {} spamhaus", "x".repeat(REACH / 2));
        let far = format!("said: 554 5.7.1 {} spamhaus", "x".repeat(REACH));
        assert!(find(near.as_bytes()).iter().all(|found| found.known));
        assert!(find(far.as_bytes()).iter().all(|found| !found.known));
        assert_eq!(
            (subjects(&near), subjects(&far)),
            (vec!["554 5.7.1".to_owned()], vec!["554 5.7.1".to_owned()])
        );
        let exim =
            |gap: usize| subjects(&format!("SMTP error from remote mail server{}: 550 no", " x".repeat(gap)));
        assert_eq!((exim(9).len(), exim(REACH).len()), (1, 0));
    }

    #[test]
    fn codes_are_found_where_a_server_speaks() {
        for (line, codes) in [
            // Logs: Postfix, Exim, sendmail, Exchange, qmail.
            (
                "x postfix/smtp[9]: A: to=<a@b>, relay=b[192.0.2.1]:25, delay=550, dsn=5.1.1, \
                 status=bounced (host b[192.0.2.1] said: 550 5.1.1 <a@b>: User unknown (in reply to RCPT \
                 TO command))",
                &["5.1.1", "550 5.1.1"][..],
            ),
            (
                "x postfix/smtpd[9]: NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 554 5.7.1 <a@b>: Relay \
                 access denied; from=<c@d>",
                &["554 5.7.1"],
            ),
            (
                "x postfix/smtp[9]: A: status=deferred (host b[192.0.2.1] said: 450 try later (in reply to \
                 RCPT TO command))",
                &["450"],
            ),
            (
                "x postfix/smtp[9]: A: to=<a@b>, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as B)",
                &["2.0.0", "250 2.0.0"],
            ),
            (
                "2026-11-02 14:37:00 1abc-0001-AB ** a@b R=dnslookup T=remote_smtp: SMTP error from remote \
                 mail server after RCPT TO:<a@b>: 550 no such user",
                &["550"],
            ),
            ("x sm-mta[9]: A: to=<a@b>, dsn=5.1.1, stat=User unknown", &["5.1.1"]),
            (
                "Remote Server returned '550 5.4.1 [a@b]: Recipient address rejected: Access denied'",
                &["550 5.4.1"],
            ),
            ("Remote Server returned '< #5.7.1 smtp;550 5.7.1 no>'", &["5.7.1", "550 5.7.1"]),
            (
                "@4000 delivery 1: failure: \
                 192.0.2.1_does_not_like_recipient./Remote_host_said:_550_5.1.1_no/",
                &["550 5.1.1"],
            ),
            ("Remote host said: 550 sorry, no mailbox here by that name. (#5.1.1)", &["550", "5.1.1"]),
            // Bounces (RFC 3464).
            ("Status: 5.1.1", &["5.1.1"]),
            ("Diagnostic-Code: smtp; 550 5.1.1 User unknown", &["550 5.1.1"]),
            ("Diagnostic-Code: smtp;550-5.7.1 not you", &["550 5.7.1"]),
            ("Diagnostic-Code: smtp; 421", &["421"]),
            // Dialogues and reports.
            ("550 No such user here", &["550"]),
            ("550-5.1.1 No such", &["550 5.1.1"]),
            ("421", &["421"]),
            ("S: 354 go on", &["354"]),
            ("<<< 550 no", &["550"]),
            ("<** 535 5.7.8 no", &["535 5.7.8"]),
            ("550\tGreen@Beta.ARPA\t5.1.1 No such user", &["550 5.1.1"]),
            ("550\tGreen@Beta.ARPA\tNo such user", &["550"]),
            ("smtplib.SMTPAuthenticationError: (535, b'5.7.8 no')", &["535 5.7.8"]),
            ("(550, b'no')", &["550"]),
            ("{\"code\":550,\"enhanced\":\"5.1.1\",\"text\":[\"5.1.1 no\"]}", &["550 5.1.1"]),
            ("{\"code\": 550, \"enhanced\": \"5.1.1\"}", &["550 5.1.1"]),
            ("{\"code\":550,\"enhanced\":null}", &["550"]),
            ("ehlo: the server refused AUTH: 535 5.7.8 no", &["535 5.7.8"]),
            // TLS.
            (
                "error:0A000410:SSL routines::sslv3 alert handshake failure:SSL alert number 40",
                &["TLS alert 40", "TLS alert 40"],
            ),
            ("received fatal alert: ProtocolVersion", &["TLS alert 70"]),
        ] {
            assert_eq!(subjects(line), codes, "{line}");
        }
    }

    #[test]
    fn a_number_is_no_code_because_it_has_three_digits() {
        for line in [
            "",
            "port 587 took 550 ms",
            "x postfix/smtp[550]: A: size=450, delay=421, nrcpt=500 (queue active)",
            "2026-11-02 14:37:00.550 450 messages of 554",
            "relay=b[192.0.2.250]:550",
            "250 files were copied",
            "220 beta ready",
            "version 5.1.1 of the library, section 4.7.1",
            "5.1.1 Addresses",
            "550.5 is a number",
            "5501 5.1.1",
            "550 5.1.1.7 is an address",
            "550 15.1.1",
            "550 4.1.1x",
            "id=550-5",
            "a550 5.1.1",
            "10.550 5.1.1",
            "190 5.1.1",
            "560 5.1.1",
            "said: 5500",
            "said: 660",
            "said: 550x",
            "items: 550",
            "query returned 500 rows",
            "HTTP response: 500 Internal Server Error, status code: 404, {\"code\":500,\"x\":1}",
            "delays: 550",
            "300 5.1.1",
            "red alert: 40 people",
            "alerts: handshake_failure",
            "alert number 300",
            "alert",
            "Subject: 550",
            "https://example.org/550 5.1.1",
            "Status: 5.1",
            "Content-Length: 550",
            "reply(250, \"OK\")",
        ] {
            assert_eq!(subjects(line), Vec::<String>::new(), "{line}");
        }
    }

    #[test]
    fn nothing_that_is_read_does_harm() {
        let line = b"dsn=5.1.1 said: 550 5.1.1 \xff\xe9 (#5.1.1) alert: \xc3\xa9 550\t\t5.1.1 (550, b'5.1.1";
        for from in 0..line.len() {
            for to in from..=line.len() {
                let _ = find(&line[from..to]);
            }
        }
    }
}
