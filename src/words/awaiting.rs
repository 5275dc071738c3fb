//! What a session waits for, how far it went, and where it was dropped: the names of these.

use crate::client::drop_point::Point;
use crate::client::observer::Anew;
use ehlo_smtp::awaiting::Awaiting;
use ehlo_smtp::expect::{Expect, Stage};
use ehlo_smtp::verb::Verb;

/// What is awaited, with whom it is about: `RCPT TO:<green@beta.arpa>`.
#[must_use]
pub fn awaiting(awaiting: &Awaiting) -> String {
    match awaiting {
        Awaiting::Reply(awaited) => expect(*awaited),
        Awaiting::Lhlo => Verb::Lhlo.to_string(),
        Awaiting::Rcpt(path) => format!("{} {}<{path}>", Verb::Rcpt, Verb::Rcpt.before_path()),
        Awaiting::MessageFor(path) => format!("the end of the message, for {path}"),
        Awaiting::Inquiry(inquiry) => format!("{} {}", Verb::from(inquiry.verb), inquiry.argument.as_str()),
        Awaiting::Said(verb) => verb.to_string(),
        Awaiting::Content => "the message".to_owned(),
        Awaiting::Handshake => "the TLS handshake".to_owned(),
        Awaiting::Token => "the token command".to_owned(),
    }
}

/// The same as something that comes: "the reply to EHLO". The greeting answers nothing, and a handshake has
/// no reply.
pub(super) fn reply_to(awaited: &Awaiting) -> String {
    let name = awaiting(awaited);
    match awaited {
        Awaiting::Reply(Expect::Greeting) | Awaiting::Handshake | Awaiting::Token => name,
        _ => format!("the reply to {name}"),
    }
}

/// What a reply answers: "the server refused EHLO".
pub(super) fn expect(expect: Expect) -> String {
    match (expect.verb(), expect) {
        (Some(verb), _) => verb.to_string(),
        (None, Expect::Greeting) => stage(Stage::Connect),
        (None, Expect::Said) => "the line".to_owned(),
        (None, _) => "the end of the message".to_owned(),
    }
}

/// What lies behind a session that was told to go so far: "stopped after RCPT".
#[must_use]
pub fn stage(stage: Stage) -> String {
    match stage {
        Stage::Connect => "the greeting".to_owned(),
        Stage::Message => "the message".to_owned(),
        stage => stage.name().to_ascii_uppercase(),
    }
}

/// Where a connection is dropped: "dropped the connection after MAIL".
#[must_use]
pub fn drop_point(point: Point) -> String {
    match point {
        Point::After(Stage::Message) => "after the reply to the message".to_owned(),
        Point::Sent(Stage::Message) => "after the end of the message, before its reply".to_owned(),
        Point::After(after) => format!("after {}", stage(after)),
        Point::Sent(Stage::Tls) => "after STARTTLS, before its reply".to_owned(),
        Point::Sent(after) => format!("after {}, before its reply", stage(after)),
        Point::Within(1) => "after 1 octet of the message".to_owned(),
        Point::Within(octets) => format!("after {octets} octets of the message"),
    }
}

/// Why a conversation goes on over a new connection.
#[must_use]
pub fn anew(why: Anew) -> &'static str {
    match why {
        Anew::ServerEnded => {
            "the server ended the session: the remaining recipients are tried over a new connection"
        }
        Anew::SessionOver => "the session is over: the rest is sent over a new connection",
        Anew::NextServer => "this server is not available: trying the next one",
        Anew::InClear => "STARTTLS failed: trying the same server in clear (--cleartext-if-tls-fails)",
        Anew::WithHelo => "the server hung up on EHLO: trying again with HELO",
    }
}
