//! What a probe found out, in a few words. What is wrong with it is in [`finding`](super::finding).

use super::client_error;
use crate::net::Tried;
use crate::probe::{Broken, NotInside};
use ehlo_smtp::reply::{Reply, in_brief};
use ehlo_smtp::session::Protocol;
use ehlo_smtp::verb::Verb;

/// EHLO, or LHLO.
#[must_use]
pub fn hello(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Smtp => Verb::Ehlo.name(),
        Protocol::Lmtp => Verb::Lhlo.name(),
    }
}

/// A reply on one line, cut to a bearable length.
#[must_use]
pub fn answer(reply: &Reply) -> String {
    format!("{} {}", reply.code(), in_brief(&reply.joined()))
}

/// How it shows that PIPELINING is not kept.
#[must_use]
pub fn broken(how: &Broken) -> String {
    match how {
        Broken::Closed => "the server hung up".to_owned(),
        Broken::NoReply => "a reply is missing".to_owned(),
        Broken::NotAReply => "the server hung up, or sent something that is not a reply".to_owned(),
        Broken::Lost(error) => client_error(error),
    }
}

/// Why nobody looked inside TLS.
#[must_use]
pub fn not_inside(why: NotInside) -> &'static str {
    match why {
        NotInside::Refused => "STARTTLS is refused",
        NotInside::Failed => "TLS failed",
        NotInside::NoEhlo => "the server did not answer there",
        NotInside::NotTried => "STARTTLS was not tried",
    }
}

/// Why an address does not answer.
#[must_use]
pub fn in_vain(tried: &Tried) -> String {
    tried.error.as_ref().map_or_else(|| "no answer".to_owned(), ToString::to_string)
}
