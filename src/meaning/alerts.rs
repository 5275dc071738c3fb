//! TLS alerts, in words (RFC 8446, section 6.2; the older ones: RFC 5246, section 7.2; RFC 6066, 7301, 7507).
//! Whoever ends a handshake says why by one of them. A table.

use super::Again::{self, Accepted, AfterChange, Later, No};
use super::Meaning;
use super::table::{self, table};

/// An alert: its number, its name in the RFC, and what it means.
pub(super) struct Alert {
    pub(super) number: u8,
    pub(super) name: &'static str,
    pub(super) meaning: Meaning,
}

type Row = table::Row<(u8, Again), 4>;

const BROKEN: &str =
    "try again once; if it stays, something in between changes the data, or one side is faulty";
const BOTH: &str = "either side; a fault of a program, or of a box in between";
const OLD: &str = "an old peer; not used since TLS 1.2 or before";
const OURS: &str = "a server that asks for a client certificate, about yours";
const UPDATE: &str = "update the older side";

const fn alert(
    number: u8,
    name: &'static str,
    means: &'static str,
    who: &'static str,
    advice: &'static str,
    again: Again,
) -> Row {
    ((number, again), [name, means, who, advice])
}

table!(ALERTS: (u8, Again), 4 = ROWS);

/// All of them, in order.
pub(super) fn all() -> impl Iterator<Item = Alert> {
    ALERTS.rows().map(|((number, again), texts)| Alert {
        number,
        name: texts[0],
        meaning: Meaning::new(texts, again),
    })
}

/// All that are registered, in order.
const ROWS: &[Row] = &[
    alert(
        0,
        "close_notify",
        "the peer ends the connection in good order",
        "either side",
        "nothing",
        Accepted,
    ),
    alert(10, "unexpected_message", "a message came out of order", BOTH, BROKEN, Later),
    alert(20, "bad_record_mac", "a record did not arrive as it was sent", BOTH, BROKEN, Later),
    alert(21, "decryption_failed", "a record could not be decrypted", OLD, BROKEN, Later),
    alert(22, "record_overflow", "a record was too long", BOTH, BROKEN, Later),
    alert(30, "decompression_failure", "a record could not be decompressed", OLD, BROKEN, Later),
    alert(
        40,
        "handshake_failure",
        "the two sides have no version, cipher or key exchange in common",
        "mostly a server that is much older, or stricter, than the client",
        "try --tls-backend native for old servers; else the server's postmaster must update",
        AfterChange,
    ),
    alert(41, "no_certificate", "there is no certificate (SSL 3.0)", OLD, UPDATE, AfterChange),
    alert(
        42,
        "bad_certificate",
        "a certificate is corrupt, or its signature is wrong",
        OURS,
        "make a new certificate",
        AfterChange,
    ),
    alert(
        43,
        "unsupported_certificate",
        "a certificate is of a kind that the peer cannot use",
        OURS,
        "use an RSA or ECDSA certificate",
        AfterChange,
    ),
    alert(
        44,
        "certificate_revoked",
        "a certificate was revoked by its issuer",
        OURS,
        "get a new certificate",
        AfterChange,
    ),
    alert(
        45,
        "certificate_expired",
        "a certificate's time is over",
        OURS,
        "renew it; check the clock",
        AfterChange,
    ),
    alert(
        46,
        "certificate_unknown",
        "a certificate is not accepted, for another reason",
        "the side that checks the certificate: a client that does not like the server's, or the reverse",
        "see the log of that side",
        AfterChange,
    ),
    alert(
        47,
        "illegal_parameter",
        "a field of the handshake is out of range or contradicts another",
        BOTH,
        UPDATE,
        AfterChange,
    ),
    alert(
        48,
        "unknown_ca",
        "the issuer of a certificate is not trusted, or a certificate between is missing",
        "the side that checks the certificate: a client about a self-signed one, or the reverse",
        "send the whole chain, or have the other side trust the issuer (for ehlo: --ca-file)",
        AfterChange,
    ),
    alert(
        49,
        "access_denied",
        "the certificate is good, but its owner may not come in",
        OURS,
        "ask the server's postmaster",
        No,
    ),
    alert(50, "decode_error", "a message could not be read: its length is wrong", BOTH, BROKEN, Later),
    alert(
        51,
        "decrypt_error",
        "a signature or a check of the handshake failed",
        BOTH,
        "see that the key belongs to the certificate",
        AfterChange,
    ),
    alert(
        52,
        "too_many_cids_requested",
        "too many connection ids were asked for",
        "DTLS only",
        BROKEN,
        Later,
    ),
    alert(60, "export_restriction", "forbidden by export rules of the 1990s", OLD, UPDATE, AfterChange),
    alert(
        70,
        "protocol_version",
        "the peer does not speak any version of TLS that was offered",
        "an old server with TLS 1.0 or 1.1 only; or a strict one to an old client",
        "leave out --tls-min, or try --tls-backend native; else the older side must be updated",
        AfterChange,
    ),
    alert(
        71,
        "insufficient_security",
        "the peer wants stronger ciphers than were offered",
        "a strict server",
        UPDATE,
        AfterChange,
    ),
    alert(
        80,
        "internal_error",
        "the peer failed for a reason of its own",
        "either side; on a server often a missing certificate or key",
        "try again later; then tell the server's postmaster",
        Later,
    ),
    alert(
        86,
        "inappropriate_fallback",
        "the client came back with an older version than it needed (RFC 7507)",
        "a server, to a client that tries older versions after a failure",
        "do not fall back to older versions",
        AfterChange,
    ),
    alert(90, "user_canceled", "the peer's user stopped the handshake", "either side", "try again", Later),
    alert(100, "no_renegotiation", "the peer does not negotiate again (TLS 1.2)", BOTH, UPDATE, AfterChange),
    alert(
        109,
        "missing_extension",
        "the handshake lacks an extension that it needs",
        BOTH,
        UPDATE,
        AfterChange,
    ),
    alert(110, "unsupported_extension", "an extension came that was not offered", BOTH, UPDATE, AfterChange),
    alert(
        111,
        "certificate_unobtainable",
        "a certificate could not be fetched from where it was said to be",
        OLD,
        "give the certificate itself",
        AfterChange,
    ),
    alert(
        112,
        "unrecognized_name",
        "the server has no certificate for the name that was asked for (SNI)",
        "a server of many names, asked for one that is not its own",
        "use the server's real name (-S, --tls-name)",
        AfterChange,
    ),
    alert(
        113,
        "bad_certificate_status_response",
        "the proof that a certificate is not revoked (OCSP) is not good",
        "a client that checks it",
        "have the server's postmaster renew it",
        AfterChange,
    ),
    alert(
        114,
        "bad_certificate_hash_value",
        "a fetched certificate is not the one meant",
        OLD,
        UPDATE,
        AfterChange,
    ),
    alert(
        115,
        "unknown_psk_identity",
        "the server does not know the shared key that was named",
        "a server that uses keys agreed beforehand",
        "check the key's name",
        AfterChange,
    ),
    alert(
        116,
        "certificate_required",
        "the server wants a certificate of the client's, and none came",
        "a server that lets in only those who have one",
        "ask its postmaster for a client certificate, or for a port that wants none",
        AfterChange,
    ),
    alert(
        120,
        "no_application_protocol",
        "the two sides have no application protocol in common (ALPN)",
        "a server that is not for mail, or one set up wrongly",
        "check host and port",
        AfterChange,
    ),
    alert(
        121,
        "ech_required",
        "the client wanted an encrypted hello, and the server could not do it (ECH)",
        "a client",
        "have the server's keys in the DNS renewed",
        AfterChange,
    ),
];
