//! What is said to a person who types SMTP: what speaks against a line, and what to type in its place.

use ehlo_smtp::order::Objection;

/// What speaks against a line.
#[must_use]
pub fn objection(objection: &Objection) -> String {
    let advice = match objection {
        Objection::Open => ": go on with RCPT, or begin again with RSET",
        Objection::Bdat => "; 'data' sends a message",
        Objection::Secret => "; 'auth' logs in without showing it",
        _ => "",
    };
    format!("{objection}{advice}")
}
