//! What an enhanced code means while it lasts (class 4) or to one command (RFC 3463, section 3), where `enhanced` says
//! what it means in general, and for good.

use super::Again::{self, AfterChange, Later, No};
use super::Meaning;
use super::after::{A, ANY, After, C, D, G, HELLO, M, MAIL, O, R, Stages, T, V, X};
use super::table::{self, table};

/// A class, a subject and a detail, the commands that it answers, and what it means then.
type Row = table::Row<(u8, u16, u16, Stages, Again), 4>;

table!(VARIANTS: (u8, u16, u16, Stages, Again), 4 = ROWS);

/// What it means in this class after this.
pub(super) fn find(class: u8, subject: u16, detail: u16, after: Option<After>) -> Option<Meaning> {
    let is_after = |stages: Stages| after.map_or(stages & UNKNOWN != 0, |after| after.is_in(stages));
    let ((.., again), texts) =
        VARIANTS.find(|key| (key.0, key.1, key.2) == (class, subject, detail) && is_after(key.3))?;
    Some(Meaning::new(texts, again))
}

/// Where what `enhanced` says of it in general is true.
pub(super) fn general(subject: u16, detail: u16) -> Stages {
    match (subject, detail) {
        (1, 1) | (7, 1) => R,
        (1, 7 | 8) | (3, 3 | 4 | 6) | (4, 0 | 1 | 4 | 6 | 7) | (5, 3) => MAIL,
        (1, 0) | (6, 7) => MAIL | V | X,
        (1, _) | (2, 0..=2 | 4..) => R | D | C | V | X,
        (2, 3) | (7, 2 | 17 | 18) => R | D | C,
        (5, 0 | 2 | 5) => ANY & !G,
        // Each command has its own.
        (5, 1 | 4) => 0,
        (5, 6) | (7, 4 | 8 | 12) => A,
        (6, 8 | 10) => V | X,
        (6, _) | (7, 3 | 5..=7 | 14..=16 | 19..=24 | 26 | 27 | 29 | 30) => MAIL,
        (7, 9 | 13) => A | M,
        (7, 10 | 11) => ANY & !G,
        _ => ANY,
    }
}

/// Beside the commands: where it is not known which it was.
const UNKNOWN: Stages = 1 << 15;

const RECIPIENTS_SERVER: &str = "the recipient's server";

const fn row(class: u8, status: (u16, u16), stages: Stages, again: Again, texts: [&'static str; 4]) -> Row {
    ((class, status.0, status.1, stages, again), texts)
}

/// The first row that fits counts.
const ROWS: &[Row] = &[
    row(
        5,
        (1, 1),
        V | X,
        No,
        [
            "no such mailbox there",
            "the server knows no mailbox or list of that name",
            RECIPIENTS_SERVER,
            "check the name, letter by letter, or ask the person",
        ],
    ),
    row(
        5,
        (1, 1),
        D | C,
        No,
        [
            "no such mailbox there",
            "the server knows no mailbox of that name (what stands before the @)",
            "a server that looks mailboxes up only after it took the address",
            "check the address, letter by letter, or ask the person; take it off mailing lists",
        ],
    ),
    row(
        4,
        (1, 1),
        R | D | C | V | X | UNKNOWN,
        Later,
        [
            "mailbox not known at the moment",
            "the server does not know the mailbox, or cannot look it up now",
            RECIPIENTS_SERVER,
            "check the address; if it is right, try again later",
        ],
    ),
    row(
        4,
        (1, 2),
        R | D | C | V | X | UNKNOWN,
        Later,
        [
            "domain not found at the moment",
            "the domain (behind the @) is not found in the DNS, or the DNS does not answer now",
            "any server that looks domains up",
            "check the domain for typing mistakes; if it is right, try again later",
        ],
    ),
    row(
        4,
        (1, 8),
        MAIL | UNKNOWN,
        Later,
        [
            "sender's domain not found at the moment",
            "the sender's domain is not found in the DNS, or the DNS does not answer now",
            "most servers, after a look into the DNS",
            "send from a domain that has an MX or an address in the DNS; if it has, try again later",
        ],
    ),
    row(
        4,
        (2, 1),
        R | D | C | V | X | UNKNOWN,
        Later,
        [
            "mailbox takes no mail at the moment",
            "the mailbox exists, and is busy, gets too much at once, or is switched off for a time",
            RECIPIENTS_SERVER,
            "try again later; if it lasts for days, reach the person another way",
        ],
    ),
    row(
        5,
        (5, 1),
        D | C,
        AfterChange,
        [
            "no recipients",
            "no message can come here: mostly since no recipient was accepted",
            "any server",
            "see why the recipients were refused",
        ],
    ),
    row(
        5,
        (5, 1),
        M,
        AfterChange,
        [
            "command out of order",
            "MAIL cannot come here: a log-in, TLS or EHLO is wanted before it, or a transaction is open already",
            "any server",
            "log in or use TLS, if that is wanted; else see the dialogue (ehlo send -v)",
        ],
    ),
    row(
        5,
        (5, 1),
        R,
        AfterChange,
        [
            "command out of order",
            "RCPT cannot come here: MAIL was refused, or a log-in or TLS is wanted first",
            "any server",
            "if MAIL was refused, see why; else log in or use TLS first",
        ],
    ),
    row(
        5,
        (5, 1),
        HELLO | T | A | V | X | O,
        AfterChange,
        [
            "command not known, or out of order",
            "the command does not exist there, or cannot come now",
            "any server",
            "see the dialogue (ehlo send -v) for what came before",
        ],
    ),
    row(
        5,
        (5, 4),
        HELLO,
        AfterChange,
        [
            "wrong argument",
            "the name that this host gave is not right, or not taken",
            "a server that checks the name of its clients",
            "give this host's full name, one that is in the DNS, by --ehlo-name",
        ],
    ),
    row(
        5,
        (5, 4),
        M | R,
        AfterChange,
        [
            "wrong argument",
            "an address or a parameter is not right, or not supported",
            "any server",
            "correct the address, or leave out the parameter",
        ],
    ),
    row(
        5,
        (7, 0),
        MAIL,
        AfterChange,
        [
            "something about security or policy",
            "a rule of the server's forbids it; which one, the text may say",
            "any server: reputation, missing TLS or log-in, too many tries",
            "read the text; if it says no more: SPF, DKIM, DMARC and reverse DNS are looked at most",
        ],
    ),
    row(
        4,
        (7, 1),
        ANY | UNKNOWN,
        Later,
        [
            "not allowed at the moment",
            "a rule of the server's puts it off: too much at once, or a check that failed",
            "any server",
            "read the text; try again in 5 to 15 minutes, from the same host and address",
        ],
    ),
    row(
        5,
        (7, 1),
        M,
        AfterChange,
        [
            "not allowed",
            "the server does not let you send from this sender, or from this host",
            "any server: a log-in that is wanted, a blocklist, a rule about the sender",
            "log in, or send by your own provider's server; if the text names a list or a rule, look it up",
        ],
    ),
    row(
        5,
        (7, 1),
        D | C,
        AfterChange,
        [
            "not allowed",
            "the server does not take this message: a rule of its own forbids it",
            "any server: a spam filter, a blocklist, another policy",
            "read the text; if it names a list or a rule, look it up",
        ],
    ),
    row(
        5,
        (7, 1),
        A,
        AfterChange,
        [
            "log-in not allowed",
            "the server does not let this account, or this host, log in",
            "a submission server",
            "read the text; ask whoever runs the account",
        ],
    ),
    row(
        5,
        (7, 1),
        G | HELLO | T | O,
        AfterChange,
        [
            "not allowed",
            "a rule of the server's forbids it",
            "any server: a blocklist, or a rule about this host",
            "read the text; if it names a list or a rule, look it up",
        ],
    ),
    row(
        5,
        (7, 1),
        X,
        AfterChange,
        [
            "not told",
            "the server does not answer this, or not to everybody",
            "a server that tells nothing of its lists to strangers",
            "log in first (-u), or ask the list's owner",
        ],
    ),
    row(
        5,
        (7, 1),
        V,
        AfterChange,
        [
            "not told",
            "the server does not answer this, or not to everybody",
            "a server that tells nothing of its mailboxes to strangers",
            "log in first (-u), or ask by RCPT (ehlo verify without --vrfy)",
        ],
    ),
    row(
        5,
        (7, 4),
        MAIL,
        AfterChange,
        [
            "security feature missing",
            "the message asks for a protection that the server does not have",
            "any server",
            "do without the protection",
        ],
    ),
    row(
        5,
        (7, 2),
        V | X,
        AfterChange,
        [
            "members not told",
            "the server does not say to everybody who is on the list",
            "a server with mailing lists",
            "log in first (-u), or ask the list's owner",
        ],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_is_of_a_registered_code_and_none_is_hidden() {
        for (place, ((class, subject, detail, stages, _), _)) in VARIANTS.rows().enumerate() {
            assert!(super::super::enhanced::find(subject, detail).is_some(), "{class}.{subject}.{detail}");
            let hidden = VARIANTS
                .rows()
                .take(place)
                .any(|((a, b, c, other, _), _)| (a, b, c) == (class, subject, detail) && other & stages != 0);
            assert!(!hidden, "{class}.{subject}.{detail}");
        }
    }
}
