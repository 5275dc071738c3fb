//! What a notice says to programs (RFC 3464; addresses outside ASCII: RFC 6533, section 3).

use super::about::{About, Kind};
use super::part::{ascii, date, field, status};
use crate::spool::entry::Recipient;
use crate::spool::state::{RecipientState, State};
use ehlo_smtp::parameter::{ENVID, ORCPT, Parameter};
use ehlo_smtp::status::EnhancedStatus;

/// The part: fields of the message, and after an empty line those of each recipient.
pub fn part(about: &About, host: &str) -> Vec<u8> {
    let entry = about.entry;
    let mut out = String::new();
    field(&mut out, "Reporting-MTA", &format!("dns; {host}"));
    field(&mut out, "X-Queue-ID", entry.id.as_str());
    if let Some(id) = value(&entry.submission.mail, ENVID) {
        field(&mut out, "Original-Envelope-Id", &ascii(&from_xtext(id)));
    }
    field(&mut out, "Arrival-Date", &date(entry.created));
    for (recipient, state) in about.named() {
        out.push_str("\r\n");
        of_recipient(&mut out, about.kind, recipient, state);
    }
    status(&out)
}

fn of_recipient(out: &mut String, kind: Kind, recipient: &Recipient, state: &RecipientState) {
    if let Some((kind, address)) = value(&recipient.parameters, ORCPT).and_then(|orcpt| orcpt.split_once(';'))
    {
        let is_utf8 = kind.eq_ignore_ascii_case("utf-8");
        let address = if is_utf8 { address.to_owned() } else { from_xtext(address) };
        field(out, "Original-Recipient", &format!("{kind}; {}", ascii(&address)));
    }
    let address_type = if recipient.address.is_ascii() { "rfc822" } else { "utf-8" };
    field(out, "Final-Recipient", &format!("{address_type}; {}", ascii(&recipient.address)));
    field(out, "Action", kind.name());
    let said = state.said.as_deref().unwrap_or_default();
    field(out, "Status", &code(kind, state, said));
    if let Some(host) = state.server.as_deref().and_then(host) {
        field(out, "Remote-MTA", &format!("dns; {host}"));
    }
    if is_reply(said) {
        field(out, "Diagnostic-Code", &format!("smtp; {}", ascii(said)));
    } else if !said.is_empty() {
        field(out, "Diagnostic-Code", &format!("x-ehlo; {}", ascii(said)));
    }
    if let Some(at) = state.at {
        field(out, "Last-Attempt-Date", &date(at));
    }
    if let Kind::Delayed { until } = kind {
        field(out, "Will-Retry-Until", &date(until));
    }
}

/// The code of RFC 3463: what the server gave, where it fits what came of it.
fn code(kind: Kind, state: &RecipientState, said: &str) -> String {
    if state.state == State::GivenUp {
        // Delivery time expired.
        return "4.4.7".to_owned();
    }
    let class = if kind == Kind::Failed { 5 } else { 4 };
    let text = said.get(4..).filter(|_| is_reply(said)).unwrap_or_default();
    match EnhancedStatus::leading(text.as_bytes()) {
        Some(code) if code.class == class => code.to_string(),
        _ => format!("{class}.0.0"),
    }
}

/// Whether this is what a server said: a code of three digits, and a text.
#[must_use]
pub fn is_reply(said: &str) -> bool {
    let (code, rest) = said.split_at_checked(3).unwrap_or_default();
    !code.is_empty()
        && code.bytes().all(|digit| digit.is_ascii_digit())
        && (rest.is_empty() || rest.starts_with([' ', '-']))
}

/// The host's name, or its address literal, of `name[address]:port`.
fn host(server: &str) -> Option<&str> {
    let name = server.split(['[', ':']).next().unwrap_or_default();
    let literal = server.find(']').and_then(|end| server.get(..=end));
    let host = if name.is_empty() { literal? } else { name };
    let is_fit =
        |octet: u8| octet.is_ascii_alphanumeric() || matches!(octet, b'.' | b'-' | b':' | b'[' | b']');
    host.bytes().all(is_fit).then_some(host)
}

fn value<'a>(parameters: &'a [Parameter], keyword: &str) -> Option<&'a str> {
    parameters.iter().find(|parameter| parameter.is(keyword))?.value()
}

/// What `xtext` made this of (RFC 3461, section 4). What is no escape stays.
fn from_xtext(text: &str) -> String {
    let mut pieces = text.split('+');
    let mut octets = pieces.next().unwrap_or_default().as_bytes().to_vec();
    for piece in pieces {
        let octet = piece.get(..2).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        match octet.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(octet) => {
                octets.push(octet);
                octets.extend_from_slice(piece.as_bytes().get(2..).unwrap_or_default());
            }
            None => {
                octets.push(b'+');
                octets.extend_from_slice(piece.as_bytes());
            }
        }
    }
    String::from_utf8_lossy(&octets).into_owned()
}
