//! SASL mechanisms and their errors, in words: the names that EHLO's AUTH line offers (RFC 4954, and the registry of
//! RFC 4422), and what a server says inside the exchange of SCRAM (RFC 5802, section 7) and OAuth (RFC 7628, RFC 6749).
//! Tables.

use super::Again::{self, AfterChange, GoOn, Later};
use super::Meaning;
use super::table::{self, table};

type Row = table::Row<Again, 4>;

table!(MECHANISMS: Again, 4 = OF_MECHANISMS);
table!(ERRORS: Again, 4 = OF_ERRORS);

/// Mechanisms.
pub(super) fn mechanisms() -> impl Iterator<Item = Meaning> {
    MECHANISMS.rows().map(|(again, texts)| Meaning::new(texts, again))
}

/// What goes wrong within one.
pub(super) fn errors() -> impl Iterator<Item = Meaning> {
    ERRORS.rows().map(|(again, texts)| Meaning::new(texts, again))
}

const PROOF: &str = "proves by salted hashes that both sides know the password: does not show it";
const TLS_ONLY: &str = "use it over verified TLS only";
const BETTER: &str = "outdated: use SCRAM, or PLAIN over TLS";
const PASSWORD_SERVERS: &str = "servers that keep passwords themselves";
const BOUND: &str = "as without -PLUS, and bound to the TLS connection: nobody in between can pass it on; does not show the password";

const fn mechanism(name: &'static str, means: &'static str, who: &'static str, advice: &'static str) -> Row {
    (GoOn, [name, means, who, advice])
}

/// Mechanisms, in alphabetical order: what is done, whether the password is shown, where it is met, what to heed.
const OF_MECHANISMS: &[Row] = &[
    mechanism("ANONYMOUS", "no log-in at all (RFC 4505)", "hardly any mail server", "not for mail"),
    mechanism(
        "CRAM-MD5",
        "a keyed MD5 of a challenge (RFC 2195): does not show the password",
        "older servers",
        BETTER,
    ),
    mechanism(
        "DIGEST-MD5",
        "a challenge and MD5 (RFC 2831, historic): does not show the password",
        "old servers",
        BETTER,
    ),
    mechanism(
        "EXTERNAL",
        "the server takes who you are from elsewhere, mostly a TLS client certificate (RFC 4422): no password",
        "servers that ask for client certificates; LMTP and Unix sockets",
        "give the certificate, and no password",
    ),
    mechanism(
        "GS2-KRB5",
        "Kerberos by way of GS2 (RFC 5801): does not show the password",
        "company networks",
        "get a ticket first (kinit)",
    ),
    mechanism(
        "GSSAPI",
        "Kerberos (RFC 4752): does not show the password",
        "company networks: Exchange, Dovecot in a domain",
        "get a ticket first (kinit)",
    ),
    mechanism(
        "KERBEROS_V4",
        "Kerberos 4 (RFC 2222, obsolete): does not show the password",
        "hardly anybody any more",
        "outdated and broken: use another",
    ),
    mechanism(
        "LOGIN",
        "user name and password, one after the other (never a standard): shows the password to the server",
        "Exchange, and most others for old clients",
        TLS_ONLY,
    ),
    mechanism(
        "NTLM",
        "Windows' challenge and response: does not show the password, but it can be guessed from the exchange",
        "Exchange on premises",
        "outdated: use another where there is one",
    ),
    mechanism(
        "OAUTHBEARER",
        "an OAuth 2 token in place of a password (RFC 7628): shows the token, which ends soon",
        "Gmail, Fastmail and others",
        TLS_ONLY,
    ),
    mechanism(
        "OTP",
        "passwords that serve once (RFC 2444): does not show one that is of use later",
        "hardly anybody",
        "keep the list of passwords at hand",
    ),
    mechanism(
        "PLAIN",
        "user name and password at once (RFC 4616): shows the password to the server",
        "nearly every submission server, over TLS",
        TLS_ONLY,
    ),
    mechanism("SCRAM-SHA-1", PROOF, PASSWORD_SERVERS, "good; SCRAM-SHA-256 is better (RFC 5802)"),
    mechanism("SCRAM-SHA-1-PLUS", BOUND, PASSWORD_SERVERS, "good; SCRAM-SHA-256-PLUS is better (RFC 5802)"),
    mechanism("SCRAM-SHA-256", PROOF, PASSWORD_SERVERS, "good: use it (RFC 7677)"),
    mechanism("SCRAM-SHA-256-PLUS", BOUND, PASSWORD_SERVERS, "the best for passwords: use it (RFC 7677)"),
    mechanism("SCRAM-SHA-512", PROOF, PASSWORD_SERVERS, "good: use it"),
    mechanism("SCRAM-SHA-512-PLUS", BOUND, PASSWORD_SERVERS, "the best for passwords: use it"),
    mechanism(
        "SKEY",
        "passwords that serve once (RFC 2222, obsolete): does not show one that is of use later",
        "hardly anybody any more",
        "OTP took its place",
    ),
    mechanism(
        "SECURID",
        "the number on a token (RFC 2808): shows a code that serves once",
        "hardly anybody",
        TLS_ONLY,
    ),
    mechanism(
        "XOAUTH2",
        "an OAuth 2 token in place of a password (Google's): shows the token, which ends soon",
        "Gmail, Microsoft 365, Yahoo",
        TLS_ONLY,
    ),
];

const SCRAM: &str = "a server, within SCRAM (RFC 5802)";
const OAUTH: &str = "a server, within OAUTHBEARER or XOAUTH2 (RFC 7628)";
const PROGRAM: &str = "a fault of one of the two programs: use another mechanism (--auth)";

const fn error(name: &'static str, means: &'static str, who: &'static str, advice: &'static str) -> Row {
    (AfterChange, [name, means, who, advice])
}

/// What a server says inside an exchange, before its 535.
const OF_ERRORS: &[Row] = &[
    error("invalid-encoding", "a message of the log-in is not encoded as it must be", SCRAM, PROGRAM),
    error("extensions-not-supported", "the client asked for an extension that is not known", SCRAM, PROGRAM),
    error("invalid-proof", "the password is wrong", SCRAM, "check the password"),
    error(
        "channel-bindings-dont-match",
        "the log-in is for another TLS connection: somebody is in between",
        SCRAM,
        "do not log in over this network; a proxy that opens TLS does the same",
    ),
    error(
        "server-does-support-channel-binding",
        "the server offers a PLUS mechanism, and the client was made to believe that it does not",
        SCRAM,
        "somebody changes what the server offers: see who is in between",
    ),
    error(
        "channel-binding-not-supported",
        "the server cannot bind to TLS",
        SCRAM,
        "use the name without -PLUS",
    ),
    error(
        "unsupported-channel-binding-type",
        "the two sides bind to TLS in different ways",
        SCRAM,
        "use the name without -PLUS",
    ),
    error("unknown-user", "there is no such user", SCRAM, "check the user's name"),
    error(
        "invalid-username-encoding",
        "the user's name holds characters that are not allowed",
        SCRAM,
        "check the user's name",
    ),
    (Later, ["no-resources", "the server is too busy to check the password", SCRAM, "try again later"]),
    error("other-error", "the log-in failed for a reason that is not told", SCRAM, "see the server's log"),
    error(
        "invalid_request",
        "the log-in lacks something, or is malformed",
        OAUTH,
        "see the program that makes the token",
    ),
    error("invalid_token", "the token is wrong, has expired or was revoked", OAUTH, "get a new token"),
    error(
        "insufficient_scope",
        "the token does not allow to send mail",
        OAUTH,
        "ask for a token with the scope for SMTP (Google: https://mail.google.com/, Microsoft: SMTP.Send)",
    ),
];
