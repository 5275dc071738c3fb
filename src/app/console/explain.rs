//! What a reply means, in a few words: the commonest codes here, refusals as `ehlo explain` has them.

use crate::smtp::meaning::Explanation;
use crate::smtp::reply::Reply;

/// The codes that are known, and what they mean (RFC 5321, section 4.2.3; RFC 4954, section 6; RFC 7504).
pub const CODES: [(u16, &str); 33] = [
    (211, "system status, or help"),
    (214, "help"),
    (220, "ready"),
    (221, "the server closes the connection"),
    (235, "logged in"),
    (250, "done"),
    (251, "not a local user, but the server will forward it"),
    (252, "the server does not say whether there is such a user, but would take mail for it"),
    (334, "the server waits for a response"),
    (354, "the server waits for the message"),
    (421, "the server closes the connection; try again later"),
    (432, "a password has to be changed first"),
    (450, "the mailbox is not available now; try again later"),
    (451, "the server has trouble of its own; try again later"),
    (452, "no room, or too many recipients at once; try again later"),
    (454, "TLS or the log-in is not available now; try again later"),
    (455, "the server cannot do what a parameter asks for now"),
    (500, "the server does not know this command"),
    (501, "the server does not like what stands behind the command"),
    (502, "the server does not do this"),
    (503, "not now: another command has to come first"),
    (504, "the server does not know this parameter"),
    (521, "this host takes no mail"),
    (530, "log in first, or begin TLS first"),
    (534, "this mechanism is too weak for the server"),
    (535, "user or password is wrong"),
    (538, "this mechanism needs TLS"),
    (550, "refused: no such mailbox, or not allowed"),
    (551, "not a local user; the server names another address"),
    (552, "too large, or the mailbox is full"),
    (553, "this address is not allowed"),
    (554, "refused for good"),
    (555, "the server does not know a parameter of MAIL or RCPT"),
];

/// What a reply means; of a refusal, what to do about it.
pub fn explain(reply: &Reply) -> Option<String> {
    if reply.code() < 400 {
        return meaning(reply.code()).map(str::to_owned);
    }
    let explanation = Explanation::of(reply);
    Some(format!("{}: {}", explanation.name, explanation.advice))
}

/// What a code means; by its first digit, if it is not known (RFC 5321, section 4.3.2).
pub fn meaning(code: u16) -> Option<&'static str> {
    let known = CODES.iter().find(|(known, _)| *known == code).map(|(_, text)| *text);
    known.or(match code / 100 {
        2 => Some("done"),
        3 => Some("the server waits for more"),
        4 => Some("not now; try again later"),
        5 => Some("refused for good"),
        _ => None,
    })
}
