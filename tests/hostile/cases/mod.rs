//! The cases, by what they are about.

pub mod certificates;
pub mod content;
pub mod greeting;
pub mod handshake;
pub mod limits;
pub mod lmtp;
pub mod log_in;
pub mod offers;
pub mod others;
pub mod printing;
pub mod starttls;
pub mod steps;

use crate::Case;

/// The beginning of most dialogues, to EHLO and its reply.
pub const HELLO: &str = "S: 220 beta\nC: EHLO alpha.arpa\nS: 250 beta\n";
/// The same with STARTTLS, and the go-ahead.
pub const STARTTLS: &str =
    "S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250 STARTTLS\nC: STARTTLS\nS: 220 go ahead\n";
/// EHLO inside TLS.
pub const AGAIN: &str = "C: EHLO alpha.arpa\nS: 250 beta\n";
/// From Smith to Jones.
pub const MAIL: &str = "C: MAIL FROM:<Smith@Alpha.ARPA>\nS: 250 OK\n";
/// The same.
pub const RCPT: &str = "C: RCPT TO:<Jones@Beta.ARPA>\nS: 250 OK\n";
/// The message, up to its reply.
pub const DATA: &str = "C: DATA\nS: 354 go on\nC: ...\n";
/// The rest of a delivery behind EHLO.
pub const DELIVERY: &str = "C: MAIL FROM:<Smith@Alpha.ARPA>\nS: 250 OK\nC: RCPT TO:<Jones@Beta.ARPA>\nS: 250 OK\n\
                            C: DATA\nS: 354 go on\nC: ...\nS: 250 OK\nC: QUIT\nS: 221 bye\n";

/// All of them.
pub fn all() -> Vec<Case> {
    [
        steps::cases(),
        greeting::cases(),
        offers::cases(),
        starttls::cases(),
        handshake::cases(),
        certificates::cases(),
        log_in::cases(),
        content::cases(),
        lmtp::cases(),
        limits::cases(),
        printing::cases(),
        others::cases(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
