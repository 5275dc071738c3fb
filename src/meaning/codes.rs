//! The reply codes, in words: RFC 5321, section 4.2.3, and those of AUTH (RFC 4954), ETRN (RFC 1985), 'takes no mail'
//! (RFC 7504), PRDR (draft-hall-prdr) and RFC 5248. A table, and long for that reason.

use super::Again::{self, Accepted, AfterChange, GoOn, Later, No};
use super::Meaning;
use super::table::{self, table};

/// A reply code and what it means.
type Row = table::Row<(u16, Again), 4>;

const fn row(
    code: u16,
    name: &'static str,
    means: &'static str,
    who: &'static str,
    advice: &'static str,
    again: Again,
) -> Row {
    ((code, again), [name, means, who, advice])
}

table!(CODES: (u16, Again), 4 = ROWS);

/// What a code means, if it is registered.
pub(super) fn find(code: u16) -> Option<Meaning> {
    let ((_, again), texts) = CODES.find(|key| key.0 == code)?;
    Some(Meaning::new(texts, again))
}

/// All the codes.
pub(super) fn all() -> impl Iterator<Item = u16> {
    CODES.rows().map(|((code, _), _)| code)
}

/// All that are registered, in order.
const ROWS: &[Row] = &[
    row(
        211,
        "status or help",
        "the server describes its state, or answers HELP",
        "any server, to HELP",
        "nothing",
        Accepted,
    ),
    row(214, "help", "a text for people, about the commands", "any server, to HELP", "nothing", Accepted),
    row(
        220,
        "ready",
        "the server is ready: to talk, or to begin TLS",
        "any server, as its greeting or to STARTTLS",
        "go on",
        GoOn,
    ),
    row(
        221,
        "goodbye",
        "the server ends the session, as it was asked to",
        "any server, to QUIT",
        "nothing",
        Accepted,
    ),
    row(
        235,
        "logged in",
        "user name and password, or token, were accepted",
        "a submission server, to AUTH",
        "go on",
        GoOn,
    ),
    row(
        250,
        "done",
        "what the command asked for is done; after the message: it is the server's now",
        "any server, to almost any command",
        "nothing",
        Accepted,
    ),
    row(
        251,
        "accepted, will be forwarded",
        "the address has moved, and the server passes the mail on",
        "a server that knows a person's new address, to RCPT or VRFY",
        "use the new address next time",
        Accepted,
    ),
    row(
        252,
        "cannot verify, but will try",
        "the server does not say whether the address exists, but takes mail for it",
        "most servers, to VRFY: telling would help spammers; also where mail is passed on to another server",
        "send the message, and see",
        Accepted,
    ),
    row(
        253,
        "waiting mail will be sent",
        "the server begins to send the mail that it keeps for a host",
        "a server with ETRN (RFC 1985)",
        "nothing",
        Accepted,
    ),
    row(
        334,
        "log-in goes on",
        "a step of the log-in: the server's challenge, in base64",
        "a submission server, within AUTH",
        "answer it, or end it by a lone *",
        GoOn,
    ),
    row(
        353,
        "replies for each recipient follow",
        "the message was read; now comes one reply for each recipient",
        "a server with PRDR, after the message",
        "read on",
        GoOn,
    ),
    row(
        354,
        "send the message",
        "the server waits for the message, to be ended by a line with a dot alone",
        "any server, to DATA",
        "send the message",
        GoOn,
    ),
    row(
        421,
        "service not available, closing",
        "the server ends the session: too busy, going down, idle for too long, or it wants no more from you now",
        "any server, at any time; big providers say it to senders that come too fast or have a poor reputation",
        "wait some minutes and try again, with fewer connections at once; the text often says more",
        Later,
    ),
    row(
        431,
        "too many recipients, or out of space",
        "not a registered code: Courier says it for too many recipients, some servers for a full disk",
        "Courier, and servers that are short of space",
        "if it is about recipients, send to the rest in a further transaction; else try again later",
        Later,
    ),
    row(
        432,
        "new password needed, or mailbox busy",
        "the account must move to another log-in mechanism first (RFC 4954); Exchange: the mailbox is busy",
        "a submission server, to AUTH; Exchange Online after the message, with 4.3.2",
        "to AUTH: log in once with PLAIN over TLS; else try again later",
        Later,
    ),
    row(
        450,
        "mailbox not available now",
        "the mailbox is busy, or the server does not want this mail yet",
        "the recipient's server, mostly to RCPT: greylisting, a mailbox in use, a DNS lookup that failed",
        "try again in 5 to 15 minutes from the same address; real mail servers do so by themselves",
        Later,
    ),
    row(
        451,
        "an error on the server's side",
        "the server could not do it now, for reasons of its own",
        "any server: greylisting, a filter or a database that does not answer",
        "try again in some minutes; if it lasts for hours, tell the server's postmaster",
        Later,
    ),
    row(
        452,
        "too little space, or too many recipients",
        "the server's disk or the mailbox is full; to RCPT it also means: enough recipients for this transaction",
        "the recipient's server, to MAIL, RCPT or the message",
        "if it is about recipients, send to the rest in a further transaction; if about space, try again later",
        Later,
    ),
    row(
        454,
        "temporary failure of TLS or log-in",
        "to STARTTLS: TLS is not available now; to AUTH: the log-in could not be checked, or was tried too often",
        "a submission server",
        "wait and try again; to AUTH: log in once for many messages, not once for each",
        Later,
    ),
    row(
        455,
        "parameters cannot be had now",
        "the server knows a parameter of MAIL or RCPT, but cannot honour it now",
        "a server that is short of something, to MAIL or RCPT",
        "try again later, or without the parameter",
        Later,
    ),
    row(
        458,
        "waiting mail cannot be sent",
        "the server cannot begin to send the mail that it keeps for a host",
        "a server with ETRN (RFC 1985)",
        "try again later",
        Later,
    ),
    row(
        459,
        "node not allowed",
        "the server does not begin to send mail for this host",
        "a server with ETRN (RFC 1985)",
        "ask the server's postmaster",
        Later,
    ),
    row(
        500,
        "command not understood",
        "the server does not know the command, or the line was too long",
        "a server that does not know it; a firewall that rewrites commands; a server out of step with its client",
        "see the dialogue (ehlo send -v) for which command it was, and what came before",
        AfterChange,
    ),
    row(
        501,
        "wrong arguments",
        "the command is known, but what follows it is not right",
        "any server: a malformed address, an EHLO name without a dot, a parameter that it cannot read",
        "correct what the command had: an address, a parameter, or in EHLO the name (--ehlo-name)",
        AfterChange,
    ),
    row(
        502,
        "command not implemented",
        "the server knows of the command, but does not do it",
        "many servers, to VRFY and EXPN; some to AUTH or STARTTLS on the wrong port",
        "do without it; if it was for sending, use the port for submission (587, 465)",
        AfterChange,
    ),
    row(
        503,
        "wrong order of commands",
        "the command cannot come here: MAIL before EHLO, RCPT before MAIL, AUTH twice, DATA without recipients",
        "any server; also one that wants a log-in or TLS first, and one that offers no AUTH without TLS",
        "see the dialogue (ehlo send -v) for what was refused before; a log-in or TLS may be wanted first",
        AfterChange,
    ),
    row(
        504,
        "argument not implemented",
        "the server does not do what the argument asks for",
        "a server, to AUTH with a mechanism that it has not; or to an EHLO name that is no full host name",
        "to AUTH: choose another mechanism (--auth); to EHLO: give a full name by --ehlo-name",
        AfterChange,
    ),
    row(
        521,
        "this host takes no mail",
        "the server never takes mail from anybody (RFC 7504); some use it to refuse one sender",
        "a host that is no mail server, as its greeting; AOL and others to senders whom they block",
        "look up the domain's MX; if you are blocked, the text says why",
        No,
    ),
    row(
        523,
        "encryption needed",
        "the mechanism of the log-in needs a stronger protection of the connection",
        "a submission server, to AUTH",
        "use TLS: --tls starttls or --tls implicit",
        AfterChange,
    ),
    row(
        525,
        "account disabled",
        "the password may be right, but the account is disabled",
        "a submission server, to AUTH",
        "ask whoever runs the account",
        AfterChange,
    ),
    row(
        530,
        "log in first, or use TLS",
        "the server wants a log-in, or STARTTLS, before this command",
        "a submission server, to a client that has not logged in, or does not use TLS",
        "log in (-u), over TLS (--tls starttls)",
        AfterChange,
    ),
    row(
        534,
        "log-in mechanism too weak, or not allowed",
        "the server wants another way to log in than this one",
        "a submission server, to AUTH; Gmail and others where a plain password does not do",
        "use a stronger mechanism (--auth), or the password for programs that the provider hands out",
        AfterChange,
    ),
    row(
        535,
        "log-in refused",
        "user name and password are not accepted",
        "a submission server, to AUTH: a wrong password, or an account that may not log in by password",
        "check user and password; many providers want a password made for programs ('app password'), or OAuth",
        AfterChange,
    ),
    row(
        538,
        "encryption needed for this mechanism",
        "the mechanism is allowed over TLS only",
        "a submission server, to AUTH in clear text",
        "use TLS: --tls starttls or --tls implicit",
        AfterChange,
    ),
    row(
        550,
        "mailbox not available",
        "no such mailbox, no access to it, or the server does not want this mail",
        "the recipient's server: an address that does not exist, or a policy (spam, blocklist, SPF, DMARC)",
        "check the address; if it is right, the text says what the server objects to",
        No,
    ),
    row(
        551,
        "not here, try another address",
        "the person is elsewhere, and the server does not pass the mail on",
        "a server that knows a person's new address; some say it for 'no relaying'",
        "use the address in the text, if there is one",
        No,
    ),
    row(
        552,
        "too large, or mailbox full",
        "the message, or what is in the mailbox already, exceeds what the server stores; old servers: too many recipients",
        "the recipient's server, to MAIL with SIZE, to RCPT, or after the message",
        "make the message smaller (send a link); if the mailbox is full, reach the person another way",
        AfterChange,
    ),
    row(
        553,
        "address not allowed",
        "the server does not take this address: its form, or you may not use it; to VRFY: several mailboxes fit",
        "to MAIL, a submission server whose user sends under another's address; to RCPT, one that does not relay",
        "check the address's form; to MAIL: send from the address of the account that logs in",
        AfterChange,
    ),
    row(
        554,
        "transaction failed",
        "refused, without a better code: often a policy; as a greeting: no mail from you",
        "any server: relaying denied, a blocklist, a spam or virus filter, no valid recipients",
        "read the text: it names the blocklist or the rule; use your own provider's server to send",
        No,
    ),
    row(
        555,
        "parameter not known",
        "MAIL or RCPT had a parameter that the server does not know",
        "an old server; or one whose EHLO was not heeded",
        "send without the parameter (SIZE, BODY, NOTIFY …)",
        AfterChange,
    ),
    row(
        556,
        "this domain takes no mail",
        "the recipient's domain says in the DNS that it takes no mail (null MX, RFC 7505)",
        "your own provider's server",
        "check the domain of the address",
        No,
    ),
];
