//! Words that servers of all kinds add to a code that may mean many things, and what is meant then. The words of big
//! providers (`habits`) come first. A table: the first row that fits is taken, so the narrow ones come first.

use super::Again::{self, AfterChange, Later, No};
use super::after::{A, ANY, C, D, G, HELLO, M, MAIL, R, Stages, T, V, X};
use super::habits::Habit;
use super::table::{self, table};

type Row = table::Row<(Stages, Again), 4>;

table!(TEXTS: (Stages, Again), 4 = ROWS);

/// All of them, in order.
pub(super) fn all() -> impl Iterator<Item = Habit> {
    TEXTS.rows().map(|((stages, again), [who, words, name, advice])| Habit {
        who,
        words,
        name,
        advice,
        again,
        stages,
        is_common: true,
    })
}

const fn row(
    stages: Stages,
    again: Again,
    words: &'static str,
    name: &'static str,
    who: &'static str,
    advice: &'static str,
) -> Row {
    ((stages, again), [who, words, name, advice])
}

const ANY_SERVER: &str = "any server";
const RECIPIENTS_SERVER: &str = "the recipient's server";
const POSTFIX: &str = "Postfix, Exim and others";
/// Where an address of somebody else's is asked about.
const MAILBOX: Stages = R | D | C | V | X;
/// Anywhere but in a log-in.
const NO_LOG_IN: Stages = ANY & !A;

const ROWS: &[Row] = &[
    // The session
    row(
        ANY,
        Later,
        "too many errors|too many syntax|too many unrecognized|too many unknown commands|too many bad commands|too \
         many invalid|too many nonmail",
        "too many errors in one session",
        POSTFIX,
        "see what was refused before (-v); take addresses that do not exist off the list",
    ),
    row(
        ANY,
        Later,
        "too many connections|too many concurrent|too many simultaneous|too many sessions|connection rate|connection \
         limit",
        "too many connections at once",
        ANY_SERVER,
        "wait some minutes, and send over fewer connections",
    ),
    row(
        ANY,
        AfterChange,
        "must issue a starttls|issue starttls|starttls first|starttls is required|starttls required|requires \
         starttls|tls required|tls is required|requires tls|encryption required|encryption is required",
        "TLS wanted first",
        "a server that takes mail over TLS only",
        "use TLS: --tls starttls or --tls implicit",
    ),
    row(
        NO_LOG_IN,
        AfterChange,
        "authentication required|authentication is required|auth required|requires authentication|must \
         authenticate|authenticate first|not authenticated|not logged in|log in first|login required",
        "log-in wanted first",
        "a submission server",
        "log in (-u), over TLS (--tls starttls)",
    ),
    row(
        M,
        AfterChange,
        "nested mail|mail already|sender already|already in a transaction|transaction already|already in progress|already started",
        "a transaction is open already",
        ANY_SERVER,
        "end it first: send the message, or say RSET; see the dialogue (ehlo send -v)",
    ),
    row(
        D | C,
        AfterChange,
        "no valid recipients|no recipients|no valid rcpt|valid rcpt command must|need rcpt|rcpt first",
        "no recipients",
        ANY_SERVER,
        "see why the recipients were refused",
    ),
    row(
        R | D | C,
        AfterChange,
        "need mail|mail first|no sender|sender first|no mail transaction|no transaction",
        "no transaction is open",
        ANY_SERVER,
        "see why MAIL was refused",
    ),
    row(
        A,
        AfterChange,
        "already authenticated|already logged in|already been authenticated",
        "logged in already",
        ANY_SERVER,
        "nothing has to be done: one log-in is enough for a session",
    ),
    row(
        T,
        AfterChange,
        "tls already|already in tls|already using tls|already under tls|tls is already|already active",
        "TLS has begun already",
        ANY_SERVER,
        "nothing has to be done: the connection is encrypted",
    ),
    row(
        ANY & !(G | HELLO),
        AfterChange,
        "send hello|say hello|helo first|ehlo first|hello first|ehlo/helo|helo/ehlo|must send helo|must send ehlo",
        "EHLO wanted first",
        ANY_SERVER,
        "say EHLO first (ehlo send does); see the dialogue (-v) for how it was answered",
    ),
    // Who sends
    row(
        ANY,
        AfterChange,
        "listed at|listed by|blacklisted|blocklisted|blacklist|blocklist|black list|block list|dnsbl",
        "the sending address is on a blocklist",
        "servers that ask a blocklist",
        "look it up at the list that the text names; or send by your provider's server",
    ),
    row(
        ANY,
        AfterChange,
        "client host rejected|client host blocked|client host is blocked",
        "this host may not send there",
        "Postfix and others",
        "log in (-u), or send by your own provider's server; the text may say why",
    ),
    row(
        MAIL,
        AfterChange,
        "sender address rejected|sender rejected|sender refused|sender denied|sender not allowed|sender unknown",
        "the sender is not accepted",
        POSTFIX,
        "read the text; use a sender (--from, --envelope-from) that the server takes",
    ),
    row(
        MAIL,
        Later,
        "too much mail|too many messages|rate limit|ratelimit|sending rate",
        "too much mail at once",
        ANY_SERVER,
        "send more slowly",
    ),
    // To whom
    row(
        MAIL,
        Later,
        "too many recipients",
        "too many recipients",
        ANY_SERVER,
        "send to the rest in a further transaction (ehlo send does so by itself)",
    ),
    row(
        V,
        No,
        "mailing list, not a|is a mailing list|is a list|list, not a user",
        "a mailing list, not a mailbox",
        "a server that looks names up",
        "ask by EXPN who is on it: ehlo verify --expn",
    ),
    row(
        X,
        No,
        "not a mailing list|not a list|user, not|is a user|is a mailbox",
        "a mailbox, not a mailing list",
        "a server that looks names up",
        "ask for the mailbox: ehlo verify, with --vrfy or without",
    ),
    row(
        MAILBOX,
        Later,
        "mailbox busy|mailbox is busy|mailbox in use|mailbox is in use|mailbox locked|mailbox is locked",
        "mailbox in use",
        RECIPIENTS_SERVER,
        "nothing is wrong: try again in some minutes",
    ),
    row(
        MAILBOX,
        AfterChange,
        "mailbox full|mailbox is full|over quota|overquota|quota exceeded|exceeded quota|exceeded its quota|exceeds \
         quota|out of quota",
        "mailbox full",
        RECIPIENTS_SERVER,
        "tell the person another way; it works again when space was made",
    ),
    row(
        MAIL,
        AfterChange,
        "message too large|message too big|message is too large|message is too big|message size exceeds|exceeds fixed \
         maximum|exceeds maximum message size|exceeds size limit",
        "message too large for the server",
        ANY_SERVER,
        "make it smaller: send a link in place of a file",
    ),
    row(
        MAIL,
        Later,
        "insufficient system storage|insufficient disk|out of disk|disk full|no space left",
        "server's disk full",
        RECIPIENTS_SERVER,
        "wait until there is space; tell the postmaster there, by another way",
    ),
    row(
        MAILBOX,
        No,
        "mailbox|account|user|recipient & is disabled|been disabled|is inactive|is suspended|been suspended|mailbox \
         disabled|account disabled",
        "mailbox disabled",
        RECIPIENTS_SERVER,
        "reach the person another way",
    ),
    row(
        MAILBOX,
        No,
        "user unknown|unknown user|no such user|user not found|user does not exist|user doesn't exist|no such \
         mailbox|mailbox not found|mailbox does not exist|unknown mailbox|no mailbox here|no such recipient|recipient \
         unknown|unknown recipient|recipient not found|unknown address|no such address",
        "no such mailbox there",
        RECIPIENTS_SERVER,
        "check the address, letter by letter, or ask the person; take it off mailing lists",
    ),
    // Greylisting, last: it says nothing but this
    row(
        MAIL,
        Later,
        "450|451 & 4.7.1",
        "not now; mostly greylisting",
        "servers that greylist, and others",
        "nothing is wrong: try again in 5 to 15 minutes, from the same host and address",
    ),
];
