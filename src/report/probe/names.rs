//! Names that a probe's text and JSON have in common.

use crate::probe::{Facts, RelayOutcome, Timing, Trial};
use std::time::Duration;

/// The versions of TLS, and what is known of each.
pub(super) fn versions(facts: &Facts) -> [(&'static str, &'static str); 4] {
    let newest = match facts.tls.as_ref().map(|tls| tls.version.as_deref()) {
        Some(Some("TLSv1.3")) => Trial::Accepted,
        // A server takes the newest that it knows (RFC 8446, section 4.2.1).
        Some(Some("TLSv1.2")) => Trial::Refused,
        _ => Trial::NotTried,
    };
    [
        ("TLSv1.3", trial(newest)),
        ("TLSv1.2", trial(facts.tls12)),
        ("TLSv1.1", trial(facts.tls11)),
        ("TLSv1.0", trial(facts.tls10)),
    ]
}

/// The phases by their names, in their order.
pub(super) fn phases(timing: &Timing) -> [(&'static str, Option<Duration>); 7] {
    [
        ("resolve", timing.resolve),
        ("connect", timing.connect),
        ("greeting", timing.greeting),
        ("ehlo", timing.ehlo),
        ("starttls", timing.start_tls),
        ("tls", timing.tls),
        ("ehlo inside", timing.ehlo_inside),
    ]
}

/// What is known of a version, in a word.
fn trial(trial: Trial) -> &'static str {
    match trial {
        Trial::NotTried => "not tried",
        Trial::NotKnown => "not known",
        Trial::Accepted => "accepted",
        Trial::Refused => "refused",
    }
}

/// What came of the question whether the server relays, in a word.
pub(super) fn relay(outcome: RelayOutcome) -> &'static str {
    match outcome {
        RelayOutcome::Accepted => "accepted",
        RelayOutcome::Refused => "refused",
        RelayOutcome::NotKnown => "not known",
    }
}
