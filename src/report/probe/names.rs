//! Names that a probe's text and JSON have in common.

use crate::probe::{Facts, Timing, Trial};
use std::time::Duration;

/// The versions of TLS, and what is known of each. Those before 1.2 this program does not speak (RFC 8996).
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
        ("TLSv1.1", "not tried"),
        ("TLSv1.0", "not tried"),
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
        Trial::Accepted => "accepted",
        Trial::Refused => "refused",
    }
}
