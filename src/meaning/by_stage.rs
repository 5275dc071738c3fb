//! What a reply code means to one command and not to another (RFC 5321, section 4.3.2; RFC 4954, section 6), where
//! `codes` says what it means in general. A table, and long for that reason.

use super::Again::{self, Accepted, AfterChange, GoOn, Later, No, Twice};
use super::Meaning;
use super::after::{A, ANY, After, C, D, G, H, HELLO, K, L, M, MAIL, O, R, Stages, T, V, X};
use super::table::{self, table};

/// A code, the commands that it answers, and what it means then.
type Row = table::Row<(u16, Stages, Again), 4>;

table!(BY_STAGE: (u16, Stages, Again), 4 = ROWS);

/// What a code means after this; none if there is no more to say than in general, or nothing at all.
pub(super) fn find(code: u16, after: After) -> Option<Meaning> {
    let ((.., again), texts) = BY_STAGE.find(|key| key.0 == code && after.is_in(key.1))?;
    Some(Meaning::new(texts, again))
}

/// Where what `codes` says of a code in general is true to the letter.
pub(super) fn general(code: u16) -> Stages {
    match code {
        421 => ANY,
        211 | 214 | 221 | 253 | 458 | 459 | 500 => O,
        235 | 334 | 523 | 525 | 534 | 535 | 538 => A,
        251 => R | V,
        252 => V,
        353 => C,
        354 => D,
        450 | 551 => R,
        451 => MAIL,
        431 | 452 | 550 => R,
        455 | 555 => M | R,
        521 => G,
        530 => HELLO | MAIL | V | X | O,
        556 => R | C,
        _ => 0,
    }
}

const SUBMISSION: &str = "a submission server";
const CHECKS_CLIENTS: &str = "a server that checks the name or the address of its clients";
const DIALOGUE: &str = "see the dialogue (ehlo send -v) for what came before";
const LOG_IN: &str = "log in (-u), over TLS (--tls starttls)";
const USE_TLS: &str = "use TLS: --tls starttls or --tls implicit";
const PORT: &str = "use the port for submission (587, 465), over TLS";
const BY_RCPT: &str = "ask by RCPT: ehlo verify without --vrfy";
const NAME: &str = "give this host's full name, one that is in the DNS, by --ehlo-name";

const fn row(code: u16, stages: Stages, again: Again, texts: [&'static str; 4]) -> Row {
    ((code, stages, again), texts)
}

const EHLO_UNKNOWN: [&str; 4] = [
    "EHLO not understood",
    "the server does not know EHLO",
    "an old server; a firewall that rewrites commands",
    "say HELO, which does without extensions (ehlo send does so by itself)",
];
const HELO_UNKNOWN: [&str; 4] = [
    "HELO not understood",
    "the server knows neither EHLO nor HELO: it does not speak SMTP, or not on this port",
    "a server of LMTP",
    "name it by lmtp://, if it is one",
];
const LHLO_UNKNOWN: [&str; 4] = [
    "LHLO not understood",
    "the server does not know LHLO: it does not speak LMTP, or not on this port",
    "a server of SMTP",
    "name it by smtp:// in place of lmtp://",
];
const NO_STARTTLS: [&str; 4] = [
    "STARTTLS not done there",
    "the server does not know STARTTLS, or not on this port",
    "a server without TLS; a firewall that rewrites commands",
    "use the port for TLS from the first octet: --tls implicit (465)",
];
const NO_AUTH: [&str; 4] = [
    "log-in not done there",
    "the server does not know AUTH, or not here",
    "a server for mail from other servers (port 25); one that wants TLS first",
    PORT,
];
const NO_VRFY: [&str; 4] = [
    "VRFY not done there",
    "the server does not say whether a mailbox exists",
    "most servers: telling would help spammers",
    BY_RCPT,
];
const NO_EXPN: [&str; 4] = [
    "EXPN not done there",
    "the server does not say who is on a list",
    "most servers: telling would help spammers",
    "ask the list's owner",
];
const EHLO_NAME: [&str; 4] = [
    "name in EHLO not taken",
    "what EHLO said is no full host name, or none that the server takes",
    CHECKS_CLIENTS,
    NAME,
];
const NOT_THIS_HOST: [&str; 4] = [
    "not from this host",
    "the server takes nothing from this host, or not under the name that it gave",
    CHECKS_CLIENTS,
    "read the text; give another name by --ehlo-name, or send by your own provider's server",
];
const LOG_IN_REFUSED: [&str; 4] = [
    "log-in refused",
    "the log-in is refused, without a better code",
    SUBMISSION,
    "read the text; check user and password, and whether the account may log in by password",
];
const NOT_TOLD: [&str; 4] = [
    "not told",
    "the server does not answer this, or not to everybody",
    "a server that tells nothing of its mailboxes to strangers",
    "read the text; log in first (-u), or ask by RCPT (ehlo verify without --vrfy)",
];
const AMBIGUOUS: [&str; 4] = [
    "more than one fits",
    "the name is ambiguous: several mailboxes fit it (RFC 5321, section 3.5.1); the text may name them",
    "a server that looks names up",
    "ask with the whole address of one of them",
];
const TLS_FIRST: [&str; 4] =
    ["TLS wanted first", "the server takes this command over TLS only", SUBMISSION, USE_TLS];

/// A reply that another command has: the two sides have lost count.
const OUT_OF_STEP: [&str; 4] = [
    "out of step",
    "this is no answer to that command",
    "a server, or a box in between, that is out of step with its client",
    DIALOGUE,
];
/// 2yz is 'done', whatever the rest of it says (RFC 5321, section 4.2.1).
const DONE: [&str; 4] =
    ["accepted", "its first digit says that it is done; the code says no more here", "any server", "nothing"];

/// What 2yz and 3yz mean where `find` and `general` know nothing of it: 25z is anybody's but DATA's, each other code
/// has its own command; and of those that are not registered the first digit must be one that the command can have.
pub(super) fn elsewhere(code: u16, after: After) -> Option<Meaning> {
    if !(200..400).contains(&code) || after.is_in(general(code)) {
        return None;
    }
    let is_known = super::codes::find(code).is_some();
    let answered = match code {
        250..=252 => ANY & !D,
        _ if is_known => 0,
        200..=299 => ANY & !D,
        _ => D | A | C,
    };
    if !after.is_in(answered) {
        // After the message nobody knows what became of it.
        let again = if after.is_in(C) { Twice } else { AfterChange };
        return Some(Meaning::new(OUT_OF_STEP, again));
    }
    is_known.then(|| Meaning::new(DONE, Accepted))
}

/// The first row of a code that holds for a command counts.
const ROWS: &[Row] = &[
    row(220, G, GoOn, ["ready", "the server is ready to talk", "any server, as its greeting", "go on"]),
    row(220, T, GoOn, ["ready", "the server is ready to begin TLS", "any server, to STARTTLS", "go on"]),
    row(
        220,
        O,
        GoOn,
        [
            "ready",
            "the server begins the session anew, as XCLIENT wants it; to another command it is no answer",
            "a server with XCLIENT",
            "go on",
        ],
    ),
    row(
        250,
        HELLO | M | R | V | X | O,
        Accepted,
        ["done", "what the command asked for is done", "any server", "nothing"],
    ),
    row(250, C, Accepted, ["done", "the message is the server's now", "any server", "nothing"]),
    row(
        252,
        R,
        Accepted,
        [
            "cannot verify, but will try",
            "the server takes mail for the address, and does not say whether it exists",
            "a server that passes mail on to another",
            "nothing",
        ],
    ),
    row(
        252,
        X,
        Accepted,
        [
            "not told",
            "the server does not say whether this is a list, or who is on it",
            "a server that tells nothing of its lists to strangers",
            "ask the list's owner",
        ],
    ),
    row(
        431,
        M | D | C,
        Later,
        [
            "out of space",
            "not a registered code: some servers say it for a full disk",
            "a server that is short of space",
            "try again later",
        ],
    ),
    row(
        432,
        A,
        AfterChange,
        [
            "a new password is needed",
            "the account must move to another log-in mechanism first (RFC 4954)",
            SUBMISSION,
            "log in once with PLAIN over TLS, or set the password again",
        ],
    ),
    row(
        432,
        MAIL,
        Later,
        [
            "mailbox busy",
            "the mailbox has too much to do at once",
            "Exchange Online, with 4.3.2",
            "try again later, over fewer connections",
        ],
    ),
    row(
        450,
        M,
        Later,
        [
            "sender put off",
            "the server does not take mail from this sender now",
            "a server that greylists, or cannot look up the sender's domain now",
            "see that the sender's domain exists; try again in 5 to 15 minutes from the same address",
        ],
    ),
    row(
        450,
        D | C,
        Later,
        [
            "mailbox not available now",
            "the mailbox is busy, or the server does not want this mail yet",
            "the recipient's server: greylisting, a mailbox in use, a DNS lookup that failed",
            "try again in 5 to 15 minutes from the same address; real mail servers do so by themselves",
        ],
    ),
    row(
        450,
        V | X,
        Later,
        [
            "cannot be looked up now",
            "the mailbox is busy, or cannot be looked up now: it may exist or not",
            "a server that looks names up",
            "ask again later",
        ],
    ),
    row(
        451,
        ANY & !MAIL,
        Later,
        [
            "an error on the server's side",
            "the server could not do it now, for reasons of its own",
            "any server: a database, or another part of it, that does not answer",
            "try again in some minutes; if it lasts for hours, tell the server's postmaster",
        ],
    ),
    row(
        452,
        M | D | C,
        Later,
        [
            "too little space",
            "the server's disk is full, or has too little room for the message",
            "the recipient's server",
            "try again later; a smaller message may go through",
        ],
    ),
    row(
        454,
        T,
        Later,
        [
            "TLS not available now",
            "the server offers TLS, and cannot begin it now",
            "a server that is busy, or whose certificate or key cannot be used",
            "try again later; if it lasts, tell the server's postmaster",
        ],
    ),
    row(
        454,
        A,
        Later,
        [
            "log-in not possible now",
            "the log-in could not be checked, or was tried too often",
            SUBMISSION,
            "wait and try again; log in once for many messages, not once for each",
        ],
    ),
    row(500, H, AfterChange, EHLO_UNKNOWN),
    row(500, K, AfterChange, HELO_UNKNOWN),
    row(500, L, AfterChange, LHLO_UNKNOWN),
    row(500, T, AfterChange, NO_STARTTLS),
    row(500, A, AfterChange, NO_AUTH),
    row(
        500,
        M | R | D,
        AfterChange,
        [
            "command not understood",
            "the server cannot read the command, or the line is too long",
            "a server that is out of step with its client; a firewall that rewrites commands",
            "leave out parameters, if there are any; see the dialogue (ehlo send -v) for what came before",
        ],
    ),
    row(
        500,
        C,
        AfterChange,
        [
            "message not understood",
            "a line of it is too long, or the server took a part of it for a command",
            "any server",
            "keep lines to 998 octets",
        ],
    ),
    row(500, V, No, NO_VRFY),
    row(500, X, No, NO_EXPN),
    row(501, HELLO, AfterChange, EHLO_NAME),
    row(
        501,
        A,
        AfterChange,
        [
            "log-in malformed or cancelled",
            "the server cannot read what was said to log in, or was told to forget it",
            "any server: a mechanism that it does not know, a user name or password that it cannot take",
            "use another mechanism by --auth; see the dialogue (ehlo send -v) for where it stopped",
        ],
    ),
    row(
        501,
        M,
        AfterChange,
        [
            "sender or parameter not right",
            "the server cannot take the sender's address, or a parameter behind it",
            "any server: a malformed address, the null reverse-path, a parameter that it cannot read",
            "correct the sender (--from, --envelope-from), or leave out the parameter",
        ],
    ),
    row(
        501,
        R,
        AfterChange,
        [
            "recipient or parameter not right",
            "the server cannot take the recipient's address, or a parameter behind it",
            "any server: a malformed address, a parameter that it cannot read",
            "correct the address, or leave out the parameter",
        ],
    ),
    row(
        501,
        V | X,
        AfterChange,
        [
            "name not right",
            "the server cannot read the name that it is asked about",
            "any server that looks names up",
            "write the whole address, or the name alone",
        ],
    ),
    row(
        501,
        T | D | O,
        AfterChange,
        [
            "wrong arguments",
            "the command is known, but what follows it is not right",
            "any server; a box in between that changes commands",
            "see the dialogue (ehlo send -v) for what was sent",
        ],
    ),
    row(502, H, AfterChange, EHLO_UNKNOWN),
    row(502, K, AfterChange, HELO_UNKNOWN),
    row(502, L, AfterChange, LHLO_UNKNOWN),
    row(502, T, AfterChange, NO_STARTTLS),
    row(502, A, AfterChange, NO_AUTH),
    row(
        502,
        M | R | D,
        AfterChange,
        [
            "command not implemented",
            "the server knows of the command, but does not do it here",
            "a server that takes no mail from outside, or not on this port",
            "use the port for submission (587, 465), or your own provider's server",
        ],
    ),
    row(502, V, No, NO_VRFY),
    row(502, X, No, NO_EXPN),
    row(
        502,
        O,
        AfterChange,
        [
            "command not implemented",
            "the server knows of the command, but does not do it",
            "any server",
            "do without it",
        ],
    ),
    row(
        503,
        HELLO,
        AfterChange,
        [
            "wrong order of commands",
            "a greeting of the client cannot come here",
            "any server, to a second one",
            DIALOGUE,
        ],
    ),
    row(
        503,
        T,
        AfterChange,
        [
            "TLS cannot begin here",
            "TLS has begun already, or something else is wanted before it",
            "any server",
            DIALOGUE,
        ],
    ),
    row(
        503,
        A,
        AfterChange,
        [
            "log-in not possible here",
            "there is no log-in without TLS or on this port, or it is done already",
            "a submission server before STARTTLS; a server for mail from other servers",
            PORT,
        ],
    ),
    row(
        503,
        M,
        AfterChange,
        [
            "wrong order of commands",
            "MAIL cannot come here: a log-in, TLS or EHLO is wanted before it, or a transaction is open already",
            "any server",
            "log in or use TLS, if that is wanted; else see the dialogue (ehlo send -v)",
        ],
    ),
    row(
        503,
        R,
        AfterChange,
        [
            "wrong order of commands",
            "RCPT cannot come here: MAIL was refused, or a log-in or TLS is wanted first",
            "any server",
            "if MAIL was refused, see why; else log in or use TLS first",
        ],
    ),
    row(
        503,
        D | C,
        AfterChange,
        [
            "no recipients",
            "no message can come here: no recipient was accepted",
            "any server",
            "see why the recipients were refused",
        ],
    ),
    row(
        503,
        V | X,
        AfterChange,
        [
            "something else is wanted first",
            "the server answers this only after EHLO, or after a log-in",
            "any server",
            LOG_IN,
        ],
    ),
    row(
        503,
        O,
        AfterChange,
        [
            "wrong order of commands",
            "the command cannot come here",
            "any server; one that wants EHLO, a log-in or TLS first",
            DIALOGUE,
        ],
    ),
    row(504, HELLO, AfterChange, EHLO_NAME),
    row(
        504,
        A,
        AfterChange,
        [
            "no such mechanism",
            "the server does not do this mechanism of log-in",
            SUBMISSION,
            "choose another mechanism (--auth)",
        ],
    ),
    row(
        504,
        M | R,
        AfterChange,
        [
            "parameter not implemented",
            "the server does not do what a parameter asks for",
            "any server",
            "leave out the parameter",
        ],
    ),
    row(
        504,
        V | X,
        AfterChange,
        [
            "argument not implemented",
            "the server does not do this with such an argument",
            "any server that looks names up",
            "write the whole address, or the name alone",
        ],
    ),
    row(
        521,
        HELLO,
        No,
        [
            "this host takes no mail",
            "the server takes mail from nobody (RFC 7504), or none from this host",
            "a host that is no mail server; others to senders whom they block",
            "look up the domain's MX; if you are blocked, the text says why",
        ],
    ),
    row(
        521,
        M | R,
        No,
        [
            "no mail taken",
            "the server takes mail from nobody (RFC 7504), or none from this host",
            "AOL, Comcast and others to senders whom they block; a host that is no mail server",
            "if you are blocked, the text says why; else look up the domain's MX",
        ],
    ),
    row(
        521,
        V | X,
        No,
        [
            "this host takes no mail",
            "the server takes no mail (RFC 7504), and knows no mailboxes",
            "a host that is no mail server",
            "look up the domain's MX",
        ],
    ),
    row(
        521,
        D | C,
        No,
        [
            "refused",
            "the server does not take this message, or none from this host",
            "AOL, Comcast and others, to senders whom they block",
            "the text says why",
        ],
    ),
    row(523, MAIL | V | X, AfterChange, TLS_FIRST),
    row(
        525,
        M,
        AfterChange,
        [
            "account disabled",
            "the account that logged in is disabled",
            SUBMISSION,
            "ask whoever runs the account",
        ],
    ),
    row(
        530,
        A,
        AfterChange,
        ["TLS wanted first", "the server wants STARTTLS before a log-in", SUBMISSION, USE_TLS],
    ),
    row(
        534,
        M,
        AfterChange,
        [
            "log-in mechanism too weak, or not allowed",
            "the server wants another way to log in before this",
            SUBMISSION,
            "use a stronger mechanism (--auth), or the password for programs that the provider hands out",
        ],
    ),
    row(
        535,
        MAIL | V | X,
        AfterChange,
        [
            "not logged in",
            "the server wants a log-in that it accepts before this command",
            SUBMISSION,
            "log in (-u), or check user and password",
        ],
    ),
    row(538, MAIL | V | X, AfterChange, TLS_FIRST),
    row(
        550,
        G,
        No,
        [
            "no mail from you",
            "the server does not want to talk to this host",
            CHECKS_CLIENTS,
            "read the text: it names the blocklist or the rule; use your own provider's server to send",
        ],
    ),
    row(550, HELLO, AfterChange, NOT_THIS_HOST),
    row(550, A, AfterChange, LOG_IN_REFUSED),
    row(
        550,
        M,
        AfterChange,
        [
            "sender not accepted",
            "the server takes no mail from this sender, or none from this host",
            "any server: a policy (blocklist, SPF), a sender that does not exist, or a log-in that is wanted",
            "read the text; log in (-u), or use another sender (--from, --envelope-from)",
        ],
    ),
    row(
        550,
        D,
        No,
        [
            "message not accepted",
            "the server does not want a message from this sender or host, or for these recipients",
            "the recipient's server: a policy (spam, blocklist, SPF)",
            "read the text: it says what the server objects to",
        ],
    ),
    row(
        550,
        C,
        No,
        [
            "message not accepted",
            "the server does not want this message, or cannot deliver it to the mailbox",
            "the recipient's server: a policy (spam, blocklist, SPF, DMARC), or what is in the message",
            "read the text: it says what the server objects to",
        ],
    ),
    row(
        550,
        V,
        No,
        [
            "no such mailbox, or not told",
            "the server knows no such mailbox, or does not say so to everybody",
            "a server that looks names up",
            "check the name; ask by RCPT to be sure: ehlo verify without --vrfy",
        ],
    ),
    row(
        550,
        X,
        No,
        [
            "no such list, or not told",
            "the server knows no such list, or does not say to everybody who is on it",
            "a server that looks names up",
            "check the name, or ask the list's owner",
        ],
    ),
    row(
        551,
        V | X,
        No,
        [
            "not here, try another address",
            "the person is elsewhere, and the server does not pass mail on",
            "a server that knows a person's new address",
            "use the address in the text, if there is one",
        ],
    ),
    row(
        552,
        M,
        AfterChange,
        [
            "too large",
            "the message is larger than the server takes, or has room for",
            "any server, to MAIL with SIZE",
            "make the message smaller (send a link)",
        ],
    ),
    row(
        552,
        R,
        AfterChange,
        [
            "mailbox full, or too many recipients",
            "the mailbox has no room for the message; old servers: enough recipients for this transaction",
            "the recipient's server",
            "reach the person another way; if it is about their number, send to the rest in a further transaction",
        ],
    ),
    row(
        552,
        D | C,
        AfterChange,
        [
            "too large, or mailbox full",
            "the message exceeds what the server takes, or what the mailbox has room for",
            "the recipient's server",
            "make the message smaller (send a link); if the mailbox is full, reach the person another way",
        ],
    ),
    row(553, HELLO, AfterChange, NOT_THIS_HOST),
    row(
        553,
        M | D | C,
        AfterChange,
        [
            "sender not allowed",
            "the server does not take this sender's address: its form, or you may not use it",
            "a submission server whose user sends under another's address",
            "send from the address of the account that logs in; check the address's form",
        ],
    ),
    row(
        553,
        R,
        AfterChange,
        [
            "recipient not allowed",
            "the server does not take this recipient's address: its form, or it does not pass mail on there",
            "any server; qmail for a domain that is not its own",
            "check the address; to send beyond this server log in (-u), or use your own provider's",
        ],
    ),
    row(553, V | X, AfterChange, AMBIGUOUS),
    row(
        554,
        G,
        No,
        [
            "no mail from you",
            "the server does not want to talk to this host, or takes no mail at all",
            "a server that asks a blocklist, or that is none for mail from outside",
            "read the text: it names the blocklist or the rule; use your own provider's server to send",
        ],
    ),
    row(554, HELLO, AfterChange, NOT_THIS_HOST),
    row(554, A, AfterChange, LOG_IN_REFUSED),
    row(
        554,
        M,
        No,
        [
            "transaction failed",
            "the sender or this host is refused, without a better code: often a policy",
            "any server: a blocklist, a rule about the sender, a log-in that is wanted",
            "read the text: it names the blocklist or the rule; use your own provider's server to send",
        ],
    ),
    row(
        554,
        R,
        No,
        [
            "transaction failed",
            "the recipient is refused, without a better code: often a policy",
            "any server: relaying denied, a blocklist, a rule about sender or recipient",
            "read the text: it names the blocklist or the rule; use your own provider's server to send",
        ],
    ),
    row(
        554,
        D,
        No,
        [
            "transaction failed",
            "no recipient was accepted, or the message is refused, without a better code",
            "any server: no valid recipients, a blocklist, another policy",
            "see whether the recipients were refused; else the text names the rule",
        ],
    ),
    row(
        554,
        C,
        No,
        [
            "transaction failed",
            "the message is refused, without a better code: often a policy",
            "any server: a spam or virus filter, a blocklist, DMARC",
            "read the text: it names the blocklist or the rule, or what is wrong with the message",
        ],
    ),
    row(554, V, No, NOT_TOLD),
    row(
        554,
        X,
        No,
        [
            "not told",
            "the server does not answer this, or not to everybody",
            "a server that tells nothing of its lists to strangers",
            "read the text; log in first (-u), or ask the list's owner",
        ],
    ),
    row(
        556,
        M,
        No,
        [
            "sender's domain takes no mail",
            "nobody can answer: the sender's domain says in the DNS that it takes no mail (RFC 7505)",
            "any server",
            "send from a domain that takes mail",
        ],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_row_is_hidden_by_one_before_and_each_is_of_a_code_that_is_known() {
        let keys: Vec<(u16, Stages)> = BY_STAGE.rows().map(|row| (row.0.0, row.0.1)).collect();
        for (place, (code, stages)) in keys.iter().enumerate() {
            assert!(super::super::codes::find(*code).is_some(), "{code}");
            assert_eq!(stages & general(*code), 0, "{code} means the same as in general");
            let before = keys[..place].iter().filter(|key| key.0 == *code).fold(0, |all, key| all | key.1);
            assert_eq!(stages & before, 0, "{code} has two rows for one command");
        }
        assert!(keys.is_sorted_by_key(|key| key.0));
    }
}
